#include "app/migrate.h"

#include "app/masks.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "store/tables.h"

#include <string.h>

enum status migrations_status(enum status so_far, enum status next, bool first)
{
	return first || so_far == next ? next : STATUS_PARTIAL;
}

static bool has(const migration_list *list, int64_t id)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->at[i].id == id)
			return true;
	return false;
}

enum status migrations_named(struct app *app, const struct flow_names *flows, migration_list *out, struct error *err)
{
	enum status status = STATUS_OK;

	if (!flows->count)
		return migration_all(app->store, out, err);
	for (size_t i = 0; status == STATUS_OK && i < flows->count; i++) {
		struct migration migration;

		status = migration_find(app->store, flows->at[i], &migration, err);
		if (status == STATUS_OK && !has(out, migration.id))
			vec_push(out, migration);
		else
			migration_done(&migration);
	}
	return status;
}

enum status app_migrate_list(struct app *app, migration_list *out, struct error *err)
{
	enum status status = app_enter(app, USE_MIGRATE_LIST, err);

	return status == STATUS_OK ? migration_all(app->store, out, err) : status;
}

void finished_list_done(finished_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		migration_done(&list->at[i].migration);
	vec_done(list);
}

/* --- Finish --- */

/* What was compared is what V2 is now. */
static enum status is_current(struct app *app, const struct migration *migration, struct error *err)
{
	struct mapping mapping;
	enum status status = mapping_load(app->store, MAPPING_OF_DATAFLOW, migration->v2_id, &mapping, err);
	bool current = mapping.revision == migration->compared_revision;

	mapping_done(&mapping);
	if (status != STATUS_OK || current)
		return status;
	error_set(err, STATUS_CONFIRM, "stale", _("%s: the mapping of V2 has changed since the lists were compared"), migration->name);
	error_hint(err, _("`penstock migrate compare \"%s\"` compares them again"), migration->name);
	return STATUS_CONFIRM;
}

static enum status may_finish(struct app *app, const struct migration *migration, const struct finish_options *options, struct error *err)
{
	if (migration->state == MIGRATION_IMPORTED || !migration->v2_id) {
		error_set(err, STATUS_USAGE, "not_made", _("%s has no V2 dataflow yet"), migration->name);
		error_hint(err, _("`penstock migrate apply \"%s\"` makes it"), migration->name);
		return STATUS_USAGE;
	}
	/* Whatever is said: nothing goes that was not compared. */
	if (!migration->compared_at) {
		error_set(err, STATUS_CONFIRM, "not_compared", _("%s: V1's lists were not compared with V2's yet"), migration->name);
		error_hint(err, _("`penstock migrate compare \"%s\"` does that"), migration->name);
		return STATUS_CONFIRM;
	}
	if (!migration_is_clean(migration) && !options->override && !migration->override) {
		if (migration->unexplained)
			error_set(err, STATUS_CONFIRM, "not_clean", _("%s: V1's lists and V2's differ without a rule that explains it; people: %lld"), migration->name,
				(long long)migration->unexplained);
		else
			error_set(err, STATUS_CONFIRM, "not_clean", _("%s: V2 had not run to its end when the lists were compared"), migration->name);
		error_hint(err, _("`penstock migrate compare \"%s\"` tells the reasons; --override REASON accepts it, and is audited"), migration->name);
		return STATUS_CONFIRM;
	}
	return is_current(app, migration, err);
}

static enum status pause_v1(struct app *app, struct migration *migration, struct error *err)
{
	struct dataflow v1;
	enum status status = dataflow_get(app->store, migration->v1_id, &v1, err);

	v1.enabled = false;
	if (status == STATUS_OK)
		status = dataflow_save(app->store, &v1, err);
	migration->state = MIGRATION_PAUSED;
	dataflow_done(&v1);
	return status;
}

/* V1's destination goes with its last dataflow. */
static enum status delete_v1(struct app *app, struct migration *migration, struct error *err)
{
	struct error used = { 0 };
	struct dataflow v1;
	enum status status = dataflow_get(app->store, migration->v1_id, &v1, err);

	if (status == STATUS_OK)
		status = dataflow_delete(app->store, v1.id, err);
	if (status == STATUS_OK && destination_delete(app->store, v1.destination_id, &used) != STATUS_OK && strcmp(used.code, "in_use") != 0) {
		*err = used;
		status = used.status;
	}
	if (status == STATUS_OK)
		status = migration_people_forget(app->store, migration->id, SIDE_BEFORE, err);
	migration->v1_id = 0;
	migration->state = MIGRATION_FINISHED;
	dataflow_done(&v1);
	return status;
}

static enum status step_on(struct app *app, struct migration *migration, const struct finish_options *options, struct error *err)
{
	bool clean = migration_is_clean(migration);
	const char *step = options->delete ? "delete" : "pause";
	char *detail = !clean && options->override ? mem_printf("%s, override: %s", step, options->override) : mem_strdup(step);
	enum status status = app_begin(app, err);

	if (!clean && options->override)
		mem_replace(&migration->override, options->override);
	if (status == STATUS_OK) {
		status = options->delete ? delete_v1(app, migration, err) : pause_v1(app, migration, err);
		if (status == STATUS_OK)
			status = migration_save(app->store, migration, err);
		if (status == STATUS_OK)
			status = migration_step_add(app->store, migration->id, step, clean ? NULL : migration->override, err);
		status = app_end(app, status, USE_MIGRATE_FINISH, migration->name, detail, err);
	}
	mem_free(detail);
	return status;
}

static enum status finish_flow(struct app *app, struct migration *migration, const struct finish_options *options, struct error *err)
{
	enum status status;

	/* Done already: the step may be asked for again. */
	if (migration->state == MIGRATION_FINISHED || (!options->delete && migration->state == MIGRATION_PAUSED))
		return STATUS_OK;
	status = may_finish(app, migration, options, err);
	if (status == STATUS_OK && options->delete && migration->state != MIGRATION_PAUSED) {
		error_set(err, STATUS_CONFIRM, "not_paused", _("%s: V1 is disabled first, and deleted in a second step"), migration->name);
		error_hint(err, _("`penstock migrate finish \"%s\"` disables it"), migration->name);
		status = STATUS_CONFIRM;
	}
	return status == STATUS_OK ? step_on(app, migration, options, err) : status;
}

static bool is_next(const struct migration *migration, bool delete)
{
	return migration->state == (delete ? MIGRATION_PAUSED : MIGRATION_CREATED);
}

enum status app_migrate_finish(struct app *app, const struct flow_names *flows, const struct finish_options *options, finished_list *out, struct error *err)
{
	migration_list list = { 0 };
	enum status status = app_enter(app, USE_MIGRATE_FINISH, err);

	if (status == STATUS_OK && options->override && !*options->override)
		status = error_set(err, STATUS_USAGE, "invalid", _("--override needs a reason"));
	if (status == STATUS_OK)
		status = migrations_named(app, flows, &list, err);
	for (size_t i = 0; i < list.count; i++) {
		struct finished finished = { .migration = list.at[i] };

		if (!flows->count && !is_next(&list.at[i], options->delete))
			continue;
		migration_init(&list.at[i]);
		finished.status = finish_flow(app, &finished.migration, options, &finished.error);
		if (finished.status != STATUS_OK && err)
			*err = finished.error;
		status = migrations_status(status, finished.status, !out->count);
		vec_push(out, finished);
	}
	migration_list_done(&list);
	return status;
}

/* --- Report --- */

void story_list_done(story_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		struct migration_story *story = &list->at[i];

		migration_done(&story->migration);
		dataflow_done(&story->v1);
		dataflow_done(&story->v2);
		mapping_done(&story->v1_mapping);
		mapping_done(&story->v2_mapping);
		destination_done(&story->destination);
		run_done(&story->last);
		migration_step_list_done(&story->steps);
		migration_difference_list_done(&story->differences);
	}
	vec_done(list);
}

static enum status tell_v2(struct app *app, struct migration_story *story, struct error *err)
{
	run_list runs = { 0 };
	enum status status = dataflow_get(app->store, story->migration.v2_id, &story->v2, err);

	if (status == STATUS_OK)
		status = mapping_load(app->store, MAPPING_OF_DATAFLOW, story->v2.id, &story->v2_mapping, err);
	if (status == STATUS_OK)
		status = destination_get(app->store, story->v2.destination_id, &story->destination, err);
	if (status == STATUS_OK)
		status = run_all(app->store, story->v2.id, &runs, err);
	if (status == STATUS_OK && runs.count) {
		story->last = runs.at[0];
		run_init(&runs.at[0]);
	}
	run_list_done(&runs);
	return status;
}

static enum status tell_story(struct app *app, struct migration_story *story, struct error *err)
{
	const struct migration *migration = &story->migration;
	enum status status = STATUS_OK;

	dataflow_init(&story->v1);
	dataflow_init(&story->v2);
	mapping_init(&story->v1_mapping);
	mapping_init(&story->v2_mapping);
	destination_init(&story->destination);
	run_init(&story->last);
	if (migration->v1_id)
		status = dataflow_get(app->store, migration->v1_id, &story->v1, err);
	if (status == STATUS_OK && migration->v1_id)
		status = mapping_load(app->store, MAPPING_OF_DATAFLOW, migration->v1_id, &story->v1_mapping, err);
	if (status == STATUS_OK && migration->v2_id)
		status = tell_v2(app, story, err);
	if (status == STATUS_OK)
		status = migration_steps(app->store, migration->id, &story->steps, err);
	return status == STATUS_OK ? migration_differences(app->store, migration->id, 0, &story->differences, err) : status;
}

enum status app_migrate_report(struct app *app, const struct flow_names *flows, story_list *out, struct error *err)
{
	migration_list list = { 0 };
	enum status status = app_enter(app, USE_MIGRATE_REPORT, err);

	if (status == STATUS_OK)
		status = migrations_named(app, flows, &list, err);
	for (size_t i = 0; status == STATUS_OK && i < list.count; i++) {
		struct migration_story story = { .migration = list.at[i] };

		migration_init(&list.at[i]);
		status = tell_story(app, &story, err);
		mask_differences(app, &story.differences);
		vec_push(out, story);
	}
	migration_list_done(&list);
	if (status != STATUS_OK)
		story_list_done(out);
	return status;
}
