#include "app/flow.h"
#include "app/masks.h"
#include "app/migrate.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "engine/census.h"
#include "store/tables.h"

#include <string.h>

/* One V1 dataflow and what it became. */
struct sides {
	struct app *app;
	struct comparison *out;
	struct flow flow;            /* V2's */
	struct dataflow v1;
	VEC(struct census_list) lists;
	VEC(int) list_places;        /* parallel: among V1's audiences .. */
	VEC(int) list_sides;
	VEC(int) places;             /* of V2's audiences among V1's, -1: none */
	VEC(struct flow_audience *) v2; /* of V1's audiences among V2's; NULL: none. Not owned. */
	bool snapshot, heard;
};

void comparison_list_done(comparison_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		struct comparison *comparison = &list->at[i];

		for (size_t k = 0; k < comparison->audiences.count; k++)
			mem_free(comparison->audiences.at[k].name);
		vec_done(&comparison->audiences);
		migration_done(&comparison->migration);
		migration_difference_list_done(&comparison->differences);
	}
	vec_done(list);
}

static enum status write_people(struct sides *sides, int place, enum migration_side side, const struct census_person *people, size_t count, struct error *err)
{
	VEC(struct migration_person) rows = { 0 };
	enum status status;

	for (size_t i = 0; i < count; i++)
		vec_push(&rows, ((struct migration_person){ .lead = people[i].lead, .key = people[i].keyed ? people[i].key : NULL, .member = people[i].member }));
	status = migration_people_add(sides->app->store, sides->out->migration.id, place, side, rows.at, rows.count, err);
	vec_done(&rows);
	return status;
}

static enum status take_members(void *self, size_t index, const struct census_person *people, size_t count, struct error *err)
{
	struct sides *sides = self;

	return write_people(sides, sides->list_places.at[index], (enum migration_side)sides->list_sides.at[index], people, count, err);
}

static enum status take_said(void *self, size_t index, const struct census_person *people, size_t count, struct error *err)
{
	struct sides *sides = self;
	enum status status = store_begin(sides->app->store, err);

	(void)index;
	if (status != STATUS_OK)
		return status;
	for (size_t i = 0; status == STATUS_OK && i < count; i++) {
		int place = people[i].audience < sides->places.count ? sides->places.at[people[i].audience] : -1;

		if (place >= 0)
			status = write_people(sides, place, SIDE_SAID, &people[i], 1, err);
	}
	if (status == STATUS_OK)
		return store_commit(sides->app->store, err);
	store_rollback(sides->app->store);
	return status;
}

/* Of one audience, V1's and V2's belong together by what they are called. */
static void pair_audiences(struct sides *sides)
{
	struct dataflow *v2 = &sides->flow.dataflow;

	for (size_t i = 0; i < v2->audiences.count; i++)
		vec_push(&sides->places, -1);
	for (size_t i = 0; i < sides->v1.audiences.count; i++) {
		struct flow_audience *found = NULL;

		for (size_t k = 0; k < v2->audiences.count; k++)
			if (sides->places.at[k] < 0 && strcmp(v2->audiences.at[k].audience, sides->v1.audiences.at[i].audience) == 0) {
				sides->places.at[k] = (int)i;
				found = &v2->audiences.at[k];
				break;
			}
		vec_push(&sides->v2, found);
	}
}

/* V2's list is V1's: what V1 had stands written down since V2 took it over. */
static bool is_kept(const struct sides *sides, size_t place)
{
	const struct flow_audience *v2 = sides->v2.at[place];
	int64_t id;

	return sides->out->migration.keeps_lists && v2 && v2->list && list_id_parse(v2->list, &id) && id == sides->v1.audiences.at[place].list_id;
}

static void want_list(struct sides *sides, size_t place, enum migration_side side, int64_t list_id)
{
	if (!list_id)
		return;
	vec_push(&sides->lists, ((struct census_list){ .list_id = list_id }));
	vec_push(&sides->list_places, (int)place);
	vec_push(&sides->list_sides, (int)side);
}

static void want_lists(struct sides *sides)
{
	for (size_t i = 0; i < sides->v1.audiences.count; i++) {
		const struct flow_audience *v2 = sides->v2.at[i];

		if (!is_kept(sides, i))
			want_list(sides, i, SIDE_V1, sides->v1.audiences.at[i].list_id);
		want_list(sides, i, SIDE_V2, v2 ? v2->list_id : 0);
	}
}

static enum status forget(struct sides *sides, struct error *err)
{
	struct store *store = sides->app->store;
	int64_t id = sides->out->migration.id;
	enum status status = migration_people_forget(store, id, SIDE_V1, err);

	if (status == STATUS_OK)
		status = migration_people_forget(store, id, SIDE_V2, err);
	return status == STATUS_OK ? migration_people_forget(store, id, SIDE_SAID, err) : status;
}

static bool is_gone(const struct sides *sides, size_t place, enum migration_side side)
{
	for (size_t i = 0; i < sides->lists.count; i++)
		if (sides->list_places.at[i] == (int)place && sides->list_sides.at[i] == (int)side)
			return sides->lists.at[i].gone;
	return false;
}

/* Another dataflow of V1 goes to that list, too. */
static enum status is_shared(struct sides *sides, int64_t list_id, bool *shared, struct error *err)
{
	dataflow_list all = { 0 };
	enum status status = dataflow_all(sides->app->store, &all, err);
	int uses = 0;

	for (size_t i = 0; i < all.count; i++)
		for (size_t k = 0; k < all.at[i].audiences.count; k++)
			uses += all.at[i].version == 1 && list_id && all.at[i].audiences.at[k].list_id == list_id;
	*shared = uses > 1;
	dataflow_list_done(&all);
	return status;
}

static enum status compare_audience(struct sides *sides, size_t place, struct error *err)
{
	const struct flow_audience *v1 = &sides->v1.audiences.at[place], *v2 = sides->v2.at[place];
	struct compared_audience audience = { .name = mem_strdup(v1->audience_name ? v1->audience_name : v1->audience), .v1_list = v1->list_id, .v2_list = v2 ? v2->list_id : 0 };
	struct migration_lists lists = { .migration_id = sides->out->migration.id, .account_id = sides->flow.account.id, .v2_dataflow_id = sides->flow.dataflow.id,
		.v2_list_id = audience.v2_list, .place = (int)place, .audience = audience.name, .v1 = is_kept(sides, place) ? SIDE_BEFORE : SIDE_V1, .heard = sides->heard,
		.snapshot = sides->snapshot };
	enum status status = is_shared(sides, v1->list_id, &lists.shared, err);

	audience.v1_gone = is_gone(sides, place, SIDE_V1);
	audience.v2_gone = is_gone(sides, place, SIDE_V2);
	if (status == STATUS_OK)
		status = migration_compare(sides->app->store, &lists, &audience.counts, err);
	vec_push(&sides->out->audiences, audience);
	return status;
}

static enum status hear(struct sides *sides, const struct engine_job *job, struct error *err)
{
	struct error unheard = { 0 };
	enum status status;

	if (!sides->flow.dataflow.source || strcmp(sides->flow.dataflow.source, "-") == 0)
		return STATUS_OK;
	status = engine_said(job, take_said, sides, &sides->snapshot, &unheard);
	sides->heard = status == STATUS_OK;
	/* A source that has gone since the run, or is away, leaves the ledger to tell; anything else is trouble. */
	if (status == STATUS_OK || status == STATUS_USAGE || strcmp(unheard.code, "source") == 0)
		return STATUS_OK;
	*err = unheard;
	return status;
}

static void sum_up(struct sides *sides)
{
	struct migration *migration = &sides->out->migration;

	migration->both = migration->missing = migration->extra = migration->unexplained = 0;
	for (size_t i = 0; i < sides->out->audiences.count; i++) {
		const struct migration_counts *counts = &sides->out->audiences.at[i].counts;

		migration->both += counts->both;
		migration->missing += counts->missing;
		migration->extra += counts->extra;
		migration->unexplained += counts->unexplained;
	}
}

/* The newest run that came to its end: 0 when there was none. */
static enum status last_run(struct app *app, int64_t dataflow_id, int64_t *out, struct error *err)
{
	run_list runs = { 0 };
	enum status status = run_all(app->store, dataflow_id, &runs, err);

	*out = 0;
	for (size_t i = 0; !*out && i < runs.count; i++)
		if (runs.at[i].state == RUN_SUCCESS || runs.at[i].state == RUN_PARTIAL)
			*out = runs.at[i].id;
	run_list_done(&runs);
	return status;
}

static enum status write_down(struct sides *sides, struct error *err)
{
	struct migration *migration = &sides->out->migration;
	char *detail;
	enum status status = last_run(sides->app, sides->flow.dataflow.id, &migration->compared_run, err);

	sum_up(sides);
	migration->compared_at = clock_wall_ms();
	migration->compared_revision = sides->flow.mapping.revision;
	detail = mem_printf("both %lld, missing %lld, extra %lld, unexplained %lld", (long long)migration->both, (long long)migration->missing, (long long)migration->extra,
		(long long)migration->unexplained);
	if (status == STATUS_OK)
		status = app_begin(sides->app, err);
	if (status == STATUS_OK) {
		status = migration_save(sides->app->store, migration, err);
		if (status == STATUS_OK)
			status = migration_step_add(sides->app->store, migration->id, "compare", detail, err);
		status = app_end(sides->app, status, USE_MIGRATE_COMPARE, migration->name, detail, err);
	}
	mem_free(detail);
	return status;
}

static enum status compare_lists(struct sides *sides, struct error *err)
{
	struct engine_job job;
	enum status status = forget(sides, err);

	flow_job(&sides->flow, &job);
	if (status == STATUS_OK && sides->lists.count)
		status = engine_census(&job, sides->lists.at, sides->lists.count, take_members, sides, err);
	if (status == STATUS_OK)
		status = hear(sides, &job, err);
	if (status == STATUS_OK)
		status = migration_differences_forget(sides->app->store, sides->out->migration.id, err);
	for (size_t i = 0; status == STATUS_OK && i < sides->v1.audiences.count; i++)
		status = compare_audience(sides, i, err);
	if (status == STATUS_OK)
		status = write_down(sides, err);
	if (status == STATUS_OK)
		status = migration_differences(sides->app->store, sides->out->migration.id, COMPARED_SHOWN, &sides->out->differences, err);
	return status == STATUS_OK ? forget(sides, err) : status;
}

static enum status judge(struct comparison *out, struct error *err)
{
	const struct migration *migration = &out->migration;

	out->clean = migration_is_clean(migration);
	if (out->clean)
		return STATUS_OK;
	if (migration->unexplained) {
		error_set(err, STATUS_CONFIRM, "differences", _("%s: %lld differences between V1's lists and V2's are explained by no rule"), migration->name,
			(long long)migration->unexplained);
		error_hint(err, _("put right what the reasons say, `penstock run %s` and compare again; or finish with --override REASON"), migration->v2_name);
	} else {
		error_set(err, STATUS_CONFIRM, "not_run", _("%s: V2 has not run to its end yet, so nothing is proved"), migration->name);
		error_hint(err, _("`penstock run \"%s\"`, then compare again"), migration->v2_name);
	}
	return STATUS_CONFIRM;
}

static enum status compare_flow(struct app *app, struct comparison *out, struct error *err)
{
	struct sides sides = { .app = app, .out = out };
	enum status status;

	if (!out->migration.v2_id || !out->migration.v1_id) {
		error_set(err, STATUS_USAGE, "not_made", _("%s has no V2 dataflow to be compared with"), out->migration.name);
		error_hint(err, _("`penstock migrate apply \"%s\"` makes it"), out->migration.name);
		return STATUS_USAGE;
	}
	flow_init(&sides.flow, app);
	dataflow_init(&sides.v1);
	status = dataflow_get(app->store, out->migration.v1_id, &sides.v1, err);
	if (status == STATUS_OK)
		status = flow_open(&sides.flow, out->migration.v2_name, err);
	if (status == STATUS_OK) {
		pair_audiences(&sides);
		want_lists(&sides);
		status = compare_lists(&sides, err);
	}
	flow_done(&sides.flow);
	dataflow_done(&sides.v1);
	vec_done(&sides.lists);
	vec_done(&sides.list_places);
	vec_done(&sides.list_sides);
	vec_done(&sides.places);
	vec_done(&sides.v2);
	return status == STATUS_OK ? judge(out, err) : status;
}

enum status app_migrate_compare(struct app *app, const struct flow_names *flows, comparison_list *out, struct error *err)
{
	migration_list list = { 0 };
	enum status status = app_enter(app, USE_MIGRATE_COMPARE, err);

	if (status == STATUS_OK)
		status = migrations_named(app, flows, &list, err);
	for (size_t i = 0; i < list.count && !app->stop; i++) {
		struct comparison comparison = { .migration = list.at[i] };

		/* Of all, those are meant that have two sides. */
		if (!flows->count && (!list.at[i].v2_id || !list.at[i].v1_id))
			continue;
		migration_init(&list.at[i]);
		comparison.status = compare_flow(app, &comparison, &comparison.error);
		mask_error(app, &comparison.error);
		mask_differences(app, &comparison.differences);
		if (comparison.status != STATUS_OK && err)
			*err = comparison.error;
		status = migrations_status(status, comparison.status, !out->count);
		vec_push(out, comparison);
	}
	migration_list_done(&list);
	return app->stop ? STATUS_STOPPED : status;
}
