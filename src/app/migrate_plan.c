#include "app/migrate_plan.h"

#include "app/sources.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "model/namespace.h"
#include "model/suggestion.h"
#include "source/http.h"
#include "store/tables.h"

#include <inttypes.h>
#include <string.h>

enum { AUDIENCES_ADVISED = 250 /* platform-api 1.13 */, ABOUT_MOST = 5 };

const char *plan_mark_text(enum plan_mark mark)
{
	static const char *const marks[] = { [MARK_SAME] = "same", [MARK_NEW] = "new", [MARK_CHANGED] = "changed", [MARK_DROPPED] = "dropped" };

	return marks[mark];
}

void migrate_plan_done(struct migrate_plan *plan)
{
	for (size_t i = 0; i < plan->audiences.count; i++) {
		mem_free(plan->audiences.at[i].audience);
		mem_free(plan->audiences.at[i].name);
		mem_free(plan->audiences.at[i].mapping_id);
	}
	for (size_t i = 0; i < plan->lines.count; i++) {
		mem_free(plan->lines.at[i].what);
		mem_free(plan->lines.at[i].v1);
		mem_free(plan->lines.at[i].v2);
	}
	for (size_t i = 0; i < plan->verdicts.count; i++)
		mem_free(plan->verdicts.at[i].about);
	vec_done(&plan->audiences);
	vec_done(&plan->lines);
	vec_done(&plan->verdicts);
	migration_done(&plan->migration);
	destination_view_done(&plan->view);
	dataflow_done(&plan->v2);
	mapping_done(&plan->v1_mapping);
	mapping_done(&plan->mapping);
	mapping_done(&plan->suggested);
	plan_done(&plan->dry);
	mem_free(plan->v2_name);
	mem_free(plan->source);
	mem_free(plan->account_of_v1);
}

void migrate_plan_list_done(migrate_plan_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		migrate_plan_done(&list->at[i]);
	vec_done(list);
}

static void plan_begin(struct migrate_plan *plan, struct migration *migration)
{
	*plan = (struct migrate_plan){ .migration = *migration, .ready = true };
	migration_init(migration);
	destination_view_init(&plan->view);
	dataflow_init(&plan->v2);
	mapping_init(&plan->v1_mapping);
	mapping_init(&plan->mapping);
	mapping_init(&plan->suggested);
	plan_init(&plan->dry);
}

/* Told once, with the first of those it is about. */
static void count_verdict(struct plan_verdict *verdict, const char *about)
{
	char *longer;

	if (++verdict->count > ABOUT_MOST || !verdict->about || !about)
		return;
	longer = mem_printf("%s, %s%s", verdict->about, about, verdict->count == ABOUT_MOST ? ", .." : "");
	mem_free(verdict->about);
	verdict->about = longer;
}

void plan_verdict(struct migrate_plan *plan, const char *code, const char *about)
{
	struct plan_verdict verdict = { .row = verdict_find(code), .count = 1 };

	for (size_t i = 0; i < plan->verdicts.count; i++)
		if (plan->verdicts.at[i].row == verdict.row) {
			count_verdict(&plan->verdicts.at[i], about);
			return;
		}
	verdict.about = mem_strdup(about);
	vec_push(&plan->verdicts, verdict);
	if (verdict.row->weight == VERDICT_BLOCKED)
		plan->ready = false;
}

static void add_line(struct migrate_plan *plan, enum plan_mark mark, const char *what, const char *v1, const char *v2)
{
	vec_push(&plan->lines, ((struct plan_line){ .mark = mark, .what = mem_strdup(what), .v1 = mem_strdup(v1), .v2 = mem_strdup(v2) }));
}

/* --- Lists --- */

static void place_list_of(const struct planner *planner, const struct instance *instance, struct migrate_plan *plan, const struct flow_audience *from, struct plan_audience *out)
{
	const char *name = from->audience_name ? from->audience_name : from->audience;

	if (!from->list)
		plan_verdict(plan, "empty_mapping_id", name);
	else if (!from->list_id)
		plan_verdict(plan, "bad_mapping_id", from->list);
	else if (instance->reached && !instance_has_list(instance, from->list_id))
		plan_verdict(plan, "list_gone", from->list);
	else
		out->v1_list = from->list_id;
	out->keeps = planner->keeps && out->v1_list;
	if (out->keeps && planner_list_is_shared(planner, plan, out->v1_list))
		plan_verdict(plan, "shared_list", from->list);
}

static bool is_doubled(const struct migrate_plan *plan, const char *audience)
{
	for (size_t i = 0; i < plan->audiences.count; i++)
		if (strcmp(plan->audiences.at[i].audience, audience) == 0)
			return true;
	return false;
}

static void plan_audiences(struct planner *planner, const struct instance *instance, const struct dataflow *v1, struct migrate_plan *plan)
{
	bool makes = false;

	for (size_t i = 0; i < v1->audiences.count; i++) {
		const struct flow_audience *from = &v1->audiences.at[i];
		struct plan_audience audience = { .start_ms = from->start_ms, .end_ms = from->end_ms };

		if (is_doubled(plan, from->audience))
			continue;
		audience.audience = mem_strdup(from->audience);
		audience.name = mem_strdup(from->audience_name);
		audience.mapping_id = mem_strdup(from->list);
		place_list_of(planner, instance, plan, from, &audience);
		makes = makes || !audience.keeps;
		vec_push(&plan->audiences, audience);
	}
	if (!v1->audiences.count)
		plan_verdict(plan, "no_audience", NULL);
	if (v1->audiences.count > AUDIENCES_ADVISED)
		plan_verdict(plan, "many_audiences", NULL);
	if (makes && destination_touches_lists(&plan->view.destination) && !plan->view.destination.list_folder)
		plan_verdict(plan, "no_list_folder", NULL);
}

/* --- Mapping --- */

static void map(struct migrate_plan *plan, const char *source, const char *target, bool create_only)
{
	struct mapping_row row = { .source = mem_strdup(source), .target = mem_strdup(target), .create_only = create_only };

	mapping_put(&plan->mapping, &row);
}

/* The dedupe field that the ECID can be matched by: the first that is not the e-mail. NULL: there is none. */
static const char *ecid_field(const struct destination *destination)
{
	for (size_t i = 0; i < destination->dedupe_fields.count; i++)
		if (strcmp(destination->dedupe_fields.at[i], "email") != 0)
			return destination->dedupe_fields.at[i];
	return NULL;
}

/* False: nobody could be matched. */
static bool plan_identities(const struct migrate_options *options, struct migrate_plan *plan)
{
	const struct mapping_row *email = mapping_target(&plan->v1_mapping, "email"), *ecid = mapping_target(&plan->v1_mapping, "ECID");
	const char *field = ecid ? ecid_field(&plan->view.destination) : NULL;
	struct mapping_row given = { 0 };

	if (email) {
		map(plan, email->source, "email", false);
		add_line(plan, MARK_SAME, _("Identity"), email->source, "email");
	} else if (options->email_from) {
		char *text = mem_printf("%s=email", options->email_from);

		if (mapping_row_parse(text, &given, NULL) == STATUS_OK)
			mapping_put(&plan->mapping, &given);
		else
			plan_verdict(plan, "settings", options->email_from);
		add_line(plan, MARK_NEW, _("Identity"), NULL, text);
		mem_free(text);
	}
	if (field) {
		map(plan, ecid->source, field, false);
		add_line(plan, MARK_CHANGED, _("Identity"), ecid->source, field);
	} else if (ecid) {
		add_line(plan, MARK_DROPPED, _("Identity"), ecid->source, _("no field holds it"));
	}
	if (!plan->mapping.rows.count)
		plan_verdict(plan, ecid ? "ecid_only" : "no_identity", NULL);
	return plan->mapping.rows.count > 0;
}

/* The company belongs to its own record: Marketo takes it with new people only (engine.md, 1). */
static void plan_fields(struct migrate_plan *plan)
{
	bool creates = plan->view.destination.person_creation == CREATION_MATCH_AND_CREATE;

	for (int i = 0; i < V1_FIELDS; i++) {
		const struct mapping_row *row = mapping_target(&plan->v1_mapping, v1_fields[i]);
		bool company = strcmp(v1_fields[i], "companyName") == 0;

		if (row)
			map(plan, row->source, company ? "company" : row->target, company);
		if (row && company)
			add_line(plan, MARK_CHANGED, _("Field, renamed"), "companyName", creates ? _("company, on creation only") : _("company, never sent: nobody is created"));
		else if (row)
			add_line(plan, MARK_SAME, _("Field"), row->target, row->target);
	}
}

static void check_mapping(const struct catalogue *catalogue, struct migrate_plan *plan)
{
	const struct destination *destination = &plan->view.destination;
	mapping_problems problems = { 0 };

	mapping_check(&plan->mapping, catalogue, destination->dedupe_fields.at, destination->dedupe_fields.count,
		destination->person_creation == CREATION_MATCH_AND_CREATE, &problems);
	for (size_t i = 0; i < problems.count; i++)
		if (problems.at[i].error)
			plan_verdict(plan, "mapping", problems.at[i].message);
	mapping_problems_done(&problems);
}

/* --- Source --- */

static void add_rows(struct mapping *mapping, const struct mapping *more)
{
	struct mapping copy;

	mapping_copy(&copy, more);
	for (size_t i = 0; i < copy.rows.count; i++)
		mapping_put(mapping, &copy.rows.at[i]);
	copy.rows.count = 0;
	mapping_done(&copy);
}

static void suggest(struct planner *planner, const struct catalogue *catalogue, struct migrate_plan *plan)
{
	VEC(char *) paths = { 0 };
	suggestion_list suggestions;

	if (!planner->reported) {
		planner->reported = true;
		source_check(plan->source, 0, NULL, &planner->report, NULL); /* what it cannot tell is not suggested */
	}
	for (size_t i = 0; i < planner->report.attributes.count; i++)
		vec_push(&paths, planner->report.attributes.at[i].path);
	mapping_suggest(&plan->mapping, catalogue, paths.at, paths.count, &suggestions);
	suggestions_take(&suggestions, CONFIDENCE_ENOUGH, &plan->suggested);
	suggestion_list_done(&suggestions);
	vec_done(&paths);
	if (planner->options->accept)
		add_rows(&plan->mapping, &plan->suggested);
}

static void plan_source(struct planner *planner, struct migrate_plan *plan)
{
	const char *spec = planner->options->source;
	struct error err = { 0 };

	if (!spec)
		plan_verdict(plan, "no_source", NULL);
	else if (source_look(planner->app, spec, &plan->source, &err) != STATUS_OK)
		plan_verdict(plan, "source", err.message);
	if (plan->source && strcmp(plan->source, "-") != 0 && planner_catalogue(planner, plan) && plan->mapping.rows.count)
		suggest(planner, planner_catalogue(planner, plan), plan);
	add_line(plan, MARK_CHANGED, _("Source"), _("the Platform"), plan->source ? plan->source : _("not given yet"));
}

/* --- What the export says beside that --- */

static void tell_texts(struct migrate_plan *plan, const char *code, char *const *texts, size_t count)
{
	struct str list = { 0 };

	for (size_t i = 0; i < count; i++)
		str_add_format(&list, "%s%s", i ? ", " : "", texts[i]);
	if (count)
		plan_verdict(plan, code, str_text(&list));
	str_done(&list);
}

static void judge_export(struct migrate_plan *plan)
{
	struct v1_flow flow;

	if (migration_exported(&plan->migration, &flow, NULL) == STATUS_OK) {
		if (strcmp(flow.state, "enabled") != 0 && strcmp(flow.state, "disabled") != 0)
			plan_verdict(plan, "in_transition", flow.state);
		if (flow.bad_date)
			plan_verdict(plan, "bad_date", NULL);
		tell_texts(plan, "extra_field", flow.ignored.at, flow.ignored.count);
		tell_texts(plan, "unknown_keys", flow.unknown.at, flow.unknown.count);
		for (size_t i = 0; i < flow.ignored.count; i++)
			add_line(plan, MARK_DROPPED, _("Field"), flow.ignored.at[i], _("V1 never sent it"));
	}
	v1_flow_done(&flow);
}

/* --- The V2 dataflow --- */

static enum status free_name(struct app *app, const char *name, char **out, struct error *err)
{
	enum status status = STATUS_OK;

	for (int n = 1; status == STATUS_OK; n++) {
		struct dataflow there;
		struct destination target;
		struct error sought = { 0 };

		mem_free(*out);
		*out = n == 1 ? mem_printf("%s-v2", name) : mem_printf("%s-v2 (%d)", name, n);
		status = dataflow_find(app->store, *out, &there, &sought);
		dataflow_done(&there);
		if (strcmp(sought.code, "not_found") == 0) {
			status = destination_find(app->store, *out, &target, &sought);
			destination_done(&target);
			if (strcmp(sought.code, "not_found") == 0)
				return STATUS_OK;
		}
		if (status != STATUS_OK && err)
			*err = sought;
	}
	return status;
}

static void fill_dataflow(struct planner *planner, struct migrate_plan *plan)
{
	struct dataflow *v2 = &plan->v2;
	struct error err = { 0 };

	mem_replace(&v2->name, plan->v2_name);
	mem_replace(&v2->source, plan->source ? plan->source : "-"); /* the rules ask for one */
	v2->enabled = plan->enabled;
	for (size_t i = 0; i < plan->audiences.count; i++) {
		const struct plan_audience *from = &plan->audiences.at[i];
		struct flow_audience audience = { .audience = mem_strdup(from->audience), .audience_name = mem_strdup(from->name), .start_ms = from->start_ms,
			.end_ms = from->end_ms, .list = from->keeps ? mem_printf("%" PRId64, from->v1_list) : NULL };

		vec_push(&v2->audiences, audience);
	}
	if (plan->ready && dataflow_check(v2, &err) != STATUS_OK)
		plan_verdict(plan, "settings", err.message);
	if (plan->source && source_suits(planner->app, v2, &err) != STATUS_OK)
		plan_verdict(plan, http_is(plan->source) ? "source" : "one_audience", http_is(plan->source) ? err.message : plan->source);
	mem_replace(&v2->source, NULL);
	if (plan->source)
		source_give(planner->app, v2, plan->source);
}

static void tell_rest(struct migrate_plan *plan)
{
	const struct destination *destination = &plan->view.destination;
	size_t kept = 0;
	char *text;

	for (size_t i = 0; i < plan->audiences.count; i++)
		kept += plan->audiences.at[i].keeps;
	add_line(plan, MARK_DROPPED, _("Mapping ID"), _("typed by hand"), _("not needed"));
	add_line(plan, MARK_NEW, _("Person creation"), _("not offered"), person_creation_text(destination->person_creation));
	add_line(plan, MARK_NEW, _("Sync type"), _("not offered"), sync_type_text(destination_sync_type(destination)));
	text = mem_printf(_("%zu lists kept, %zu of their own"), kept, plan->audiences.count - kept);
	add_line(plan, kept == plan->audiences.count ? MARK_SAME : MARK_CHANGED, _("Audiences"), NULL, text);
	mem_free(text);
	add_line(plan, MARK_SAME, _("Schedule"), NULL, _("start and end dates as they are"));
	add_line(plan, plan->migration.v1_enabled == plan->enabled ? MARK_SAME : MARK_CHANGED, _("State"), plan->migration.v1_enabled ? _("enabled") : _("disabled"),
		plan->enabled ? _("enabled") : _("disabled"));
}

static enum status choose_account(struct planner *planner, const struct dataflow *v1, struct migrate_plan *plan, struct error *err)
{
	struct destination old;
	struct account account;
	enum status status = destination_get(planner->app->store, v1->destination_id, &old, err);

	account_init(&account);
	if (status == STATUS_OK)
		status = account_get(planner->app->store, old.account_id, &account, err);
	plan->account_of_v1 = mem_strdup(account.name);
	plan->account_made = plan->migration.made_account != 0 && !planner->options->destination.account;
	if (status == STATUS_OK && planner->options->destination.account)
		status = account_find(planner->app->store, planner->options->destination.account, &plan->view.account, err);
	else if (status == STATUS_OK)
		status = account_get(planner->app->store, account.id, &plan->view.account, err);
	plan->view.destination.account_id = plan->view.account.id;
	mem_replace(&plan->view.destination.account_name, plan->view.account.name);
	destination_done(&old);
	account_done(&account);
	return status;
}

static void plan_v2(struct planner *planner, const struct dataflow *v1, struct migrate_plan *plan)
{
	struct instance *instance;
	bool identified;
	struct error wrong = { 0 };

	if (destination_set(&plan->view.destination, &planner->options->destination, &wrong) != STATUS_OK)
		plan_verdict(plan, "settings", wrong.message);
	instance = planner_instance(planner, &plan->view.account);
	if (!instance->reached)
		plan_verdict(plan, "unreachable", instance->why);
	identified = plan_identities(planner->options, plan);
	plan_fields(plan);
	judge_export(plan);
	plan_source(planner, plan);
	if (identified)
		check_mapping(instance->reached ? &instance->catalogue : NULL, plan);
	plan_audiences(planner, instance, v1, plan);
	if (!plan->migration.v1_enabled)
		plan_verdict(plan, "disabled", NULL);
	plan->enabled = plan->source && (plan->migration.v1_enabled || planner->options->enable);
	fill_dataflow(planner, plan);
	tell_rest(plan);
}

/* What is there already is told as it is. */
static enum status plan_made(struct app *app, struct migrate_plan *plan, struct error *err)
{
	enum status status;

	plan_verdict(plan, plan->migration.state == MIGRATION_FINISHED ? "finished" : "done", NULL);
	plan->ready = false;
	mem_replace(&plan->v2_name, plan->migration.v2_name);
	if (!plan->migration.v2_id)
		return STATUS_OK;
	status = dataflow_get(app->store, plan->migration.v2_id, &plan->v2, err);
	if (status == STATUS_OK)
		status = destination_get(app->store, plan->v2.destination_id, &plan->view.destination, err);
	if (status == STATUS_OK)
		status = account_get(app->store, plan->view.destination.account_id, &plan->view.account, err);
	if (status == STATUS_OK)
		status = mapping_load(app->store, MAPPING_OF_DATAFLOW, plan->v2.id, &plan->mapping, err);
	plan->enabled = plan->v2.enabled;
	mem_replace(&plan->source, plan->v2.source);
	return status;
}

static enum status plan_new(struct planner *planner, struct migrate_plan *plan, struct error *err)
{
	struct dataflow v1;
	enum status status = dataflow_get(planner->app->store, plan->migration.v1_id, &v1, err);

	if (status == STATUS_OK)
		status = mapping_load(planner->app->store, MAPPING_OF_DATAFLOW, v1.id, &plan->v1_mapping, err);
	if (status == STATUS_OK)
		status = choose_account(planner, &v1, plan, err);
	if (status == STATUS_OK)
		status = free_name(planner->app, plan->migration.name, &plan->v2_name, err);
	mem_replace(&plan->view.destination.name, plan->v2_name);
	if (status == STATUS_OK)
		plan_v2(planner, &v1, plan);
	dataflow_done(&v1);
	return status;
}

enum status plan_flow(struct planner *planner, struct migration *migration, struct migrate_plan *out, struct error *err)
{
	plan_begin(out, migration);
	if (out->migration.state == MIGRATION_FINISHED || (out->migration.state != MIGRATION_IMPORTED && out->migration.v2_id))
		return plan_made(planner->app, out, err);
	if (out->migration.state != MIGRATION_IMPORTED)
		plan_verdict(out, "v2_gone", NULL);
	return plan_new(planner, out, err);
}

enum status app_migrate_plan(struct app *app, const struct flow_names *flows, const struct migrate_options *options, migrate_plan_list *out, struct error *err)
{
	struct planner planner = { 0 };
	migration_list list = { 0 };
	enum status status = app_enter(app, USE_MIGRATE_PLAN, err);

	if (status == STATUS_OK)
		status = planner_init(&planner, app, options, err);
	if (status == STATUS_OK)
		status = migrations_named(app, flows, &list, err);
	for (size_t i = 0; status == STATUS_OK && i < list.count; i++) {
		struct migrate_plan plan;

		status = plan_flow(&planner, &list.at[i], &plan, err);
		vec_push(out, plan);
	}
	migration_list_done(&list);
	planner_done(&planner);
	if (status != STATUS_OK)
		migrate_plan_list_done(out);
	return status;
}
