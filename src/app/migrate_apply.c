/* Makes V2 of what a plan says. Each part can be killed and done again: who is in V1's lists (kept ones), the dataflow (all or nothing), the adoption of those members. */
#include "app/dataflows.h"
#include "app/flow.h"
#include "app/governance.h"
#include "app/migrate_plan.h"
#include "app/sources.h"
#include "app/truth.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "engine/census.h"
#include "source/http.h"
#include "store/tables.h"

#include <string.h>

enum status plan_refusal(const struct migrate_plan *plan, struct error *err)
{
	for (size_t i = 0; i < plan->verdicts.count; i++) {
		const struct plan_verdict *verdict = &plan->verdicts.at[i];
		enum status status = strcmp(verdict->row->code, "policy") == 0 ? STATUS_POLICY : STATUS_USAGE;

		if (verdict->row->weight != VERDICT_BLOCKED)
			continue;
		error_set(err, status, verdict->row->code, "%s: %s%s%s%s", plan->migration.name, _(verdict->row->message), verdict->about ? " (" : "",
			verdict->about ? verdict->about : "", verdict->about ? ")" : "");
		if (verdict->row->to_do)
			error_hint(err, "%s", _(verdict->row->to_do));
		return status;
	}
	return STATUS_OK;
}

/* The engine's view of a V2 dataflow that is not in the store yet; it owns nothing. */
static enum status lend_job(struct planner *planner, struct migrate_plan *plan, struct flow *flow, struct engine_job *job, struct error *err)
{
	const struct catalogue *catalogue = planner_catalogue(planner, plan);
	enum status status;

	*flow = (struct flow){ .app = planner->app, .account = plan->view.account, .destination = plan->view.destination, .dataflow = plan->v2, .mapping = plan->mapping };
	if (catalogue)
		flow->catalogue = *catalogue;
	status = client_open(planner->app, &plan->view.account, ATTEMPTS_RUN, &flow->client, err);
	if (status == STATUS_OK)
		flow_job(flow, job);
	return status;
}

/* Learnt names and lists may have replaced texts of the dataflow. */
static void return_job(struct planner *planner, struct migrate_plan *plan, struct flow *flow)
{
	plan->v2 = flow->dataflow;
	mapping_done(&flow->judged);
	violation_list_done(&flow->violations);
	planner->app->patient = false;
}

static enum status dry_run(struct planner *planner, struct migrate_plan *plan, struct error *err)
{
	struct engine_job job;
	struct flow flow;
	enum status status;

	if (!plan->source || strcmp(plan->source, "-") == 0)
		return STATUS_OK;
	status = lend_job(planner, plan, &flow, &job, err);
	if (status == STATUS_OK) {
		status = engine_plan(&job, false, &plan->dry, err);
		return_job(planner, plan, &flow);
	}
	plan->dried = status == STATUS_OK;
	return status;
}

/* --- Who is in the lists that are kept --- */

struct keeping {
	struct app *app;
	int64_t migration_id;
	VEC(int) places;
};

static enum status take_people(void *self, size_t index, const struct census_person *people, size_t count, struct error *err)
{
	struct keeping *keeping = self;
	VEC(struct migration_person) rows = { 0 };
	enum status status;

	for (size_t i = 0; i < count; i++)
		vec_push(&rows, ((struct migration_person){ .lead = people[i].lead, .key = people[i].keyed ? people[i].key : NULL }));
	status = migration_people_add(keeping->app->store, keeping->migration_id, keeping->places.at[index], SIDE_BEFORE, rows.at, rows.count, err);
	vec_done(&rows);
	return status;
}

/* Kept, so that what V2 changes in a list it takes over can be told afterwards. */
static enum status keep_people(struct planner *planner, struct migrate_plan *plan, struct error *err)
{
	struct keeping keeping = { .app = planner->app, .migration_id = plan->migration.id };
	VEC(struct census_list) lists = { 0 };
	struct engine_job job;
	struct flow flow;
	enum status status = migration_people_forget(planner->app->store, plan->migration.id, SIDE_BEFORE, err);

	if (status == STATUS_OK) /* .. what an undo has left */
		status = migration_differences_forget(planner->app->store, plan->migration.id, err);
	for (size_t i = 0; i < plan->audiences.count; i++)
		if (plan->audiences.at[i].keeps) {
			vec_push(&lists, ((struct census_list){ .list_id = plan->audiences.at[i].v1_list }));
			vec_push(&keeping.places, (int)i);
		}
	if (status == STATUS_OK && lists.count)
		status = lend_job(planner, plan, &flow, &job, err);
	if (status == STATUS_OK && lists.count) {
		status = engine_census(&job, lists.at, lists.count, take_people, &keeping, err);
		return_job(planner, plan, &flow);
	}
	plan->migration.keeps_lists = lists.count > 0;
	vec_done(&lists);
	vec_done(&keeping.places);
	return status;
}

/* --- V2 --- */

/* The one place where a migrated dataflow may begin to run: the use case that everybody enables dataflows by, with whatever it refuses. */
static enum status enable(struct app *app, const struct migrate_plan *plan, struct error *err)
{
	struct dataflow enabled;
	enum status status = app_dataflow_enable(app, plan->v2.name, true, &enabled, err);

	dataflow_done(&enabled);
	return status;
}

static enum status make(struct app *app, struct migrate_plan *plan, struct error *err)
{
	struct destination_options options = { .account = plan->view.account.name };
	struct migration *migration = &plan->migration;
	struct mapping mapping;
	enum status status = destination_put(app, &options, &plan->view, err);

	mapping_copy(&mapping, &plan->mapping);
	if (status == STATUS_OK)
		status = mapping_save(app->store, MAPPING_OF_DESTINATION, plan->view.destination.id, &mapping, err);
	plan->v2.destination_id = plan->view.destination.id;
	mem_replace(&plan->v2.destination_name, plan->view.destination.name);
	plan->v2.enabled = false;
	if (status == STATUS_OK)
		status = dataflow_insert(app->store, &plan->v2, err); /* with the destination's mapping */
	migration->v2_id = plan->v2.id;
	mem_replace(&migration->v2_name, plan->v2.name);
	migration->made_destination = plan->view.destination.id;
	migration->adopted = false;
	if (migration->state == MIGRATION_IMPORTED)
		migration->state = MIGRATION_CREATED;
	if (status == STATUS_OK)
		status = migration_save(app->store, migration, err);
	if (status == STATUS_OK)
		status = migration_step_add(app->store, migration->id, "apply", plan->v2.name, err);
	if (status == STATUS_OK && plan->enabled)
		status = enable(app, plan, err);
	mapping_done(&mapping);
	return status;
}

/* A plan only looks; now the folder that messages wait in is made, and called what it is called everywhere. */
static enum status settle_source(struct planner *planner, struct migrate_plan *plan, struct error *err)
{
	char *settled = NULL;
	enum status status = STATUS_OK;

	if (plan->source && http_is(plan->source))
		status = source_settle(planner->app, plan->source, &settled, err);
	if (status == STATUS_OK && settled) {
		mem_replace(&plan->source, settled);
		source_give(planner->app, &plan->v2, settled);
	}
	mem_free(settled);
	return status;
}

static enum status create(struct planner *planner, struct migrate_plan *plan, struct error *err)
{
	enum migration_state before = plan->migration.state;
	enum status status = settle_source(planner, plan, err);

	if (status == STATUS_OK)
		status = keep_people(planner, plan, err);
	if (status == STATUS_OK)
		status = app_begin(planner->app, err);
	if (status != STATUS_OK)
		return status;
	status = app_end(planner->app, make(planner->app, plan, err), USE_MIGRATE_APPLY, plan->migration.name, plan->v2_name, err);
	if (status != STATUS_OK) { /* what was undone must not look made */
		plan->migration.v2_id = 0;
		plan->migration.state = before;
	}
	plan->v2.enabled = plan->enabled;
	return status;
}

/* Who is in a kept list is a member by the ledger: an exit takes them out. */
static enum status adopt(struct app *app, struct migrate_plan *plan, struct error *err)
{
	struct adoption adoption = { 0 };
	enum status status;

	if (!plan->migration.keeps_lists || plan->migration.adopted)
		return STATUS_OK;
	status = app_adopt(app, plan->migration.v2_name, NULL, &adoption, err);
	adoption_done(&adoption);
	if (status != STATUS_OK)
		return status;
	plan->migration.adopted = true;
	return migration_save(app->store, &plan->migration, err);
}

static enum status apply_flow(struct planner *planner, struct migrate_plan *plan, struct error *err)
{
	bool made = plan->migration.state != MIGRATION_IMPORTED && plan->migration.v2_id;
	enum status status = STATUS_OK;

	if (plan->migration.state == MIGRATION_FINISHED)
		return STATUS_OK;
	if (!made && !plan->ready)
		return plan_refusal(plan, err);
	/* The one place where data usage policies are asked: STATUS_POLICY, and nothing is made. */
	if (!made)
		status = governance_check(planner->app, &plan->view.destination, &plan->mapping, &plan->v2, NULL, err);
	if (status != STATUS_OK)
		return status;
	if (planner->options->dry_run)
		return made ? STATUS_OK : dry_run(planner, plan, err);
	if (!made)
		status = create(planner, plan, err);
	return status == STATUS_OK ? adopt(planner->app, plan, err) : status;
}

static enum status apply_all(struct planner *planner, migration_list *list, migrate_plan_list *out, struct error *err)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < list->count && !planner->app->stop; i++) {
		struct migrate_plan plan;
		enum status planned = plan_flow(planner, &list->at[i], &plan, err);

		plan.status = planned == STATUS_OK ? apply_flow(planner, &plan, &plan.error) : planned;
		if (plan.status == STATUS_POLICY && plan.ready)
			plan_verdict(&plan, "policy", plan.error.message);
		vec_push(out, plan);
		if (planned != STATUS_OK)
			return planned;
		status = migrations_status(status, plan.status, i == 0);
		if (plan.status != STATUS_OK && err)
			*err = plan.error;
	}
	return planner->app->stop ? STATUS_STOPPED : status;
}

enum status app_migrate_apply(struct app *app, const struct flow_names *flows, const struct migrate_options *options, migrate_plan_list *out, struct error *err)
{
	struct planner planner = { 0 };
	migration_list list = { 0 };
	enum status status = app_enter(app, USE_MIGRATE_APPLY, err);

	if (status == STATUS_OK)
		status = planner_init(&planner, app, options, err);
	if (status == STATUS_OK)
		status = migrations_named(app, flows, &list, err);
	if (status == STATUS_OK)
		status = apply_all(&planner, &list, out, err);
	if (status == STATUS_PARTIAL)
		error_set(err, STATUS_PARTIAL, "some", _("some dataflows could not be brought over; the others were"));
	migration_list_done(&list);
	planner_done(&planner);
	return status;
}
