/* The way back, as long as V1 is there: V2 goes, V1 is as it was, and what its lists in Marketo keep of V2's runs is told. */
#include "app/migrate.h"

#include "app/runs.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "store/tables.h"

#include <string.h>

/* --- What V2's runs did to V1's lists --- */

static const struct flow_audience *v2_of(const struct dataflow *v2, const struct flow_audience *v1)
{
	for (size_t i = 0; i < v2->audiences.count; i++)
		if (strcmp(v2->audiences.at[i].audience, v1->audience) == 0)
			return &v2->audiences.at[i];
	return NULL;
}

static enum status tell_lists(struct app *app, const struct migration *migration, const struct dataflow *v1, const struct dataflow *v2, struct finished *out, struct error *err)
{
	struct migration_lists lists = { .migration_id = migration->id, .v1 = SIDE_BEFORE };
	struct destination destination;
	enum status status = destination_get(app->store, v2->destination_id, &destination, err);

	lists.account_id = destination.account_id;
	destination_done(&destination);
	for (size_t i = 0; status == STATUS_OK && i < v1->audiences.count; i++) {
		const struct flow_audience *mine = &v1->audiences.at[i], *its = v2_of(v2, mine);

		if (!its || !mine->list_id || its->list_id != mine->list_id)
			continue;
		lists.place = (int)i;
		lists.v2_list_id = mine->list_id;
		lists.audience = mine->audience_name ? mine->audience_name : mine->audience;
		status = migration_left_behind(app->store, &lists, &out->put_in, &out->taken_out, err);
	}
	return status;
}

/* Undo makes no calls: what stays different in the lists that V2 took over is written down by id. A list that V2 has not learnt or adopted, it has not changed. */
static enum status tell_what_stays(struct app *app, const struct migration *migration, struct finished *out, struct error *err)
{
	struct dataflow v1, v2;
	enum status status = migration_differences_forget(app->store, migration->id, err);

	if (status != STATUS_OK || !migration->adopted || !migration->v2_id)
		return status;
	status = dataflow_get(app->store, migration->v1_id, &v1, err);
	if (status == STATUS_OK) {
		status = dataflow_get(app->store, migration->v2_id, &v2, err);
		if (status == STATUS_OK)
			status = tell_lists(app, migration, &v1, &v2, out, err);
		dataflow_done(&v2);
	}
	dataflow_done(&v1);
	return status;
}

/* --- The way back --- */

static enum status take_v2_away(struct app *app, struct migration *migration, struct error *err)
{
	struct error used = { 0 };
	bool alive = false;
	enum status status = STATUS_OK;

	if (migration->v2_id) {
		status = app_run_is_alive(app, migration->v2_id, &alive, err);
		if (status == STATUS_OK && alive) {
			error_set(err, STATUS_USAGE, "running", _("a run of %s is going on"), migration->v2_name);
			error_hint(err, _("`penstock stop \"%s\"` ends it"), migration->v2_name);
			return STATUS_USAGE;
		}
		if (status == STATUS_OK)
			status = dataflow_delete(app->store, migration->v2_id, err);
	}
	/* Somebody may use the destination for more by now, or have deleted it. */
	if (status == STATUS_OK && migration->made_destination && destination_delete(app->store, migration->made_destination, &used) != STATUS_OK && used.status != STATUS_USAGE) {
		*err = used;
		status = used.status;
	}
	return status;
}

static enum status give_v1_back(struct app *app, struct migration *migration, struct error *err)
{
	struct dataflow v1;
	enum status status = dataflow_get(app->store, migration->v1_id, &v1, err);

	v1.enabled = migration->v1_enabled;
	if (status == STATUS_OK)
		status = dataflow_save(app->store, &v1, err);
	dataflow_done(&v1);
	if (status == STATUS_OK)
		status = migration_people_forget(app->store, migration->id, SIDE_BEFORE, err);
	migration->state = MIGRATION_IMPORTED;
	migration->v2_id = migration->made_destination = 0;
	migration->keeps_lists = migration->adopted = false;
	migration->compared_at = migration->compared_revision = migration->compared_run = 0;
	migration->both = migration->missing = migration->extra = migration->unexplained = 0;
	mem_replace(&migration->override, NULL);
	mem_replace(&migration->v2_name, NULL);
	return status == STATUS_OK ? migration_save(app->store, migration, err) : status;
}

static enum status undo_flow(struct app *app, struct finished *out, struct error *err)
{
	struct migration *migration = &out->migration;
	char *detail = NULL;
	enum status status;

	if (migration->state == MIGRATION_IMPORTED)
		return STATUS_OK;
	if (migration->state == MIGRATION_FINISHED) {
		error_set(err, STATUS_USAGE, "finished", _("%s is deleted: that cannot be undone"), migration->name);
		error_hint(err, _("`penstock migrate report` still has its settings"));
		return STATUS_USAGE;
	}
	status = app_begin(app, err);
	if (status != STATUS_OK)
		return status;
	status = tell_what_stays(app, migration, out, err);
	if (status == STATUS_OK)
		status = take_v2_away(app, migration, err);
	if (status == STATUS_OK)
		status = give_v1_back(app, migration, err);
	if (out->put_in || out->taken_out)
		detail = mem_printf("put in by V2 %lld, taken out by V2 %lld", (long long)out->put_in, (long long)out->taken_out);
	if (status == STATUS_OK)
		status = migration_step_add(app->store, migration->id, "undo", detail, err);
	status = app_end(app, status, USE_MIGRATE_UNDO, migration->name, detail, err);
	mem_free(detail);
	return status;
}

enum status app_migrate_undo(struct app *app, const struct flow_names *flows, finished_list *out, struct error *err)
{
	migration_list list = { 0 };
	enum status status = app_enter(app, USE_MIGRATE_UNDO, err);

	if (status == STATUS_OK)
		status = migrations_named(app, flows, &list, err);
	for (size_t i = 0; i < list.count; i++) {
		struct finished finished = { .migration = list.at[i] };

		migration_init(&list.at[i]);
		finished.status = undo_flow(app, &finished, &finished.error);
		if (finished.status != STATUS_OK && err)
			*err = finished.error;
		status = migrations_status(status, finished.status, i == 0);
		vec_push(out, finished);
	}
	migration_list_done(&list);
	return status;
}
