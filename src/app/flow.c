#include "app/flow.h"

#include "app/alerts.h"
#include "app/fields.h"
#include "app/revisions.h"
#include "app/sources.h"
#include "app/v1.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "store/retention.h"

#include <string.h>

void flow_init(struct flow *flow, struct app *app)
{
	*flow = (struct flow){ .app = app };
	account_init(&flow->account);
	destination_init(&flow->destination);
	dataflow_init(&flow->dataflow);
	mapping_init(&flow->mapping);
	catalogue_init(&flow->catalogue);
	mapping_init(&flow->judged);
}

void flow_done(struct flow *flow)
{
	flow->app->patient = false;
	account_done(&flow->account);
	destination_done(&flow->destination);
	dataflow_done(&flow->dataflow);
	mapping_done(&flow->mapping);
	catalogue_done(&flow->catalogue);
	mapping_done(&flow->judged);
	violation_list_done(&flow->violations);
}

static enum status load(struct flow *flow, const char *name, struct error *err)
{
	struct store *store = flow->app->store;
	enum status status = dataflow_find(store, name, &flow->dataflow, err);

	source_guard(&flow->dataflow);
	if (status == STATUS_OK)
		status = v1_refuse_dataflow(&flow->dataflow, err);
	if (status == STATUS_OK)
		status = destination_get(store, flow->dataflow.destination_id, &flow->destination, err);
	if (status == STATUS_OK)
		status = account_get(store, flow->destination.account_id, &flow->account, err);
	if (status == STATUS_OK)
		status = mapping_load(store, MAPPING_OF_DATAFLOW, flow->dataflow.id, &flow->mapping, err);
	if (status == STATUS_OK)
		status = catalogue_load(store, flow->account.id, &flow->catalogue, err);
	return status;
}

/* A mapping without an identity needs no call to be refused, so the rules that need no catalogue come first. */
static enum status check_mapping(const struct flow *flow, const struct catalogue *catalogue, struct error *err)
{
	const struct destination *destination = &flow->destination;
	mapping_problems problems = { 0 };
	struct str text = { 0 };
	enum status status = STATUS_OK;
	int errors = 0;

	mapping_check(&flow->mapping, catalogue, destination->dedupe_fields.at, destination->dedupe_fields.count,
		destination->person_creation == CREATION_MATCH_AND_CREATE, &problems);
	for (size_t i = 0; i < problems.count; i++) {
		if (!problems.at[i].error)
			continue;
		str_add_format(&text, "%s%s", errors ? "; " : "", problems.at[i].message);
		errors++;
	}
	if (errors) {
		status = error_set(err, STATUS_USAGE, "mapping", _("the mapping of %s is not complete: %s"), flow->dataflow.name, str_text(&text));
		error_hint(err, _("`penstock mapping check %s` lists everything"), flow->dataflow.name);
	}
	str_done(&text);
	mapping_problems_done(&problems);
	return status;
}

static enum status check_enabled(const struct flow *flow, struct error *err)
{
	if (flow->dataflow.enabled)
		return STATUS_OK;
	error_set(err, STATUS_USAGE, "disabled", _("the dataflow %s is disabled"), flow->dataflow.name);
	error_hint(err, _("`penstock dataflow enable %s` lets it run"), flow->dataflow.name);
	return STATUS_USAGE;
}

static enum status refresh_catalogue(struct flow *flow, struct error *err)
{
	if (catalogue_is_fresh(&flow->catalogue))
		return STATUS_OK;
	catalogue_done(&flow->catalogue);
	catalogue_init(&flow->catalogue);
	return client_fields(flow->client, &flow->catalogue, err);
}

enum status flow_open(struct flow *flow, const char *name, struct error *err)
{
	enum status status = load(flow, name, err);

	return status == STATUS_OK ? client_open(flow->app, &flow->account, ATTEMPTS_RUN, &flow->client, err) : status;
}

static bool has_row(const struct mapping *mapping, const struct mapping_row *row)
{
	for (size_t i = 0; i < mapping->rows.count; i++)
		if (strcmp(mapping->rows.at[i].source, row->source) == 0 && strcmp(mapping->rows.at[i].target, row->target) == 0)
			return true;
	return false;
}

/* Adds the rows whose targets the mapping of now has from another source: what is kept of the run was read from that one. */
static void add_kept(struct mapping *to, const struct mapping *now, const struct mapping *then)
{
	for (size_t i = 0; i < then->rows.count; i++) {
		struct mapping_row row = then->rows.at[i];

		if (!mapping_target(now, row.target) || has_row(to, &row))
			continue;
		row.source = mem_strdup(row.source);
		row.target = mem_strdup(row.target);
		vec_push(&to->rows, row);
	}
}

/* The revision that the records kept of a run were made by; 0: there is no such run, which is for others to say, or nobody wrote it down. */
static int64_t revision_of(const struct flow *flow, int64_t run_id)
{
	struct run run;
	int64_t revision = 0;

	if (!run_id)
		return 0;
	run_init(&run);
	if (run_get(flow->app->store, run_id, &run, NULL) == STATUS_OK && run.dataflow_id == flow->dataflow.id)
		revision = run.mapping_revision;
	run_done(&run);
	return revision;
}

/* Records that are kept (of a plan, of a run that was not finished, of one that is retried) were made by the mapping of their time. */
static enum status add_run(const struct flow *flow, int64_t id, struct mapping *to, struct error *err)
{
	int64_t revision = revision_of(flow, id);
	enum status status = STATUS_OK;
	struct mapping then;

	mapping_init(&then);
	if (revision)
		status = mapping_load_revision(flow->app->store, MAPPING_OF_DATAFLOW, flow->dataflow.id, revision, &then, err);
	if (status == STATUS_OK)
		add_kept(to, &flow->mapping, &then);
	mapping_done(&then);
	return status;
}

/* What is sent with it: the mapping of now, and those of records that are kept. */
static enum status check_signed(const struct flow *flow, struct error *err)
{
	int64_t unfinished = 0, revisions[3] = { flow->mapping.revision, revision_of(flow, flow->also_run), 0 };
	enum status status = run_unfinished(flow->app->store, flow->dataflow.id, &unfinished, err);

	revisions[2] = revision_of(flow, unfinished);
	for (size_t i = 0; status == STATUS_OK && i < sizeof revisions / sizeof *revisions; i++)
		status = sign_off_check(flow->app, &flow->destination, &flow->dataflow, revisions[i], err);
	return status;
}

/* A plan sends nothing, and is there to be reviewed: it is only said. */
static void note_unsigned(const struct flow *flow)
{
	struct error err = { 0 };

	if (check_signed(flow, &err) == STATUS_REFUSED)
		app_note(flow->app, _("%s: %s, so no run is let begin"), flow->dataflow.name, err.message);
}

static enum status check_policies(struct flow *flow, const struct dataflow *dataflow, struct error *err)
{
	int64_t unfinished = 0;
	enum status status = run_unfinished(flow->app->store, flow->dataflow.id, &unfinished, err);

	mapping_done(&flow->judged);
	mapping_copy(&flow->judged, &flow->mapping);
	if (status == STATUS_OK)
		status = add_run(flow, unfinished, &flow->judged, err);
	if (status == STATUS_OK)
		status = add_run(flow, flow->also_run, &flow->judged, err);
	violation_list_done(&flow->violations);
	if (status == STATUS_OK)
		status = governance_check(flow->app, &flow->destination, &flow->judged, dataflow, &flow->violations, err);
	return status;
}

static enum status approve(void *self, const struct dataflow *dataflow, struct error *err)
{
	return check_policies(self, dataflow, err);
}

void flow_block(struct flow *flow, enum status status, struct run *out)
{
	struct error failed = { 0 };

	if (status != STATUS_POLICY || out->id || !flow->violations.count)
		return;
	if (governance_block(flow->app, &flow->violations, &flow->destination, &flow->judged, &flow->dataflow, out, &failed) != STATUS_OK)
		app_note(flow->app, _("the blocked run could not be written down: %s"), failed.message);
}

static enum status prepare(struct flow *flow, const char *name, bool governed, bool to_run, struct error *err)
{
	enum status status = load(flow, name, err);

	if (status == STATUS_OK && to_run)
		status = check_enabled(flow, err);
	if (status == STATUS_OK && governed)
		status = check_policies(flow, &flow->dataflow, err);
	if (status == STATUS_OK)
		status = check_mapping(flow, NULL, err);
	if (status == STATUS_OK && to_run)
		status = check_signed(flow, err);
	else if (status == STATUS_OK && governed)
		note_unsigned(flow);
	if (status == STATUS_OK)
		status = client_open(flow->app, &flow->account, ATTEMPTS_RUN, &flow->client, err);
	if (status == STATUS_OK)
		status = refresh_catalogue(flow, err);
	if (status == STATUS_OK)
		status = check_mapping(flow, &flow->catalogue, err);
	return status;
}

enum status flow_look(struct flow *flow, const char *name, struct error *err)
{
	return prepare(flow, name, false, false, err);
}

enum status flow_prepare(struct flow *flow, const char *name, bool to_run, struct error *err)
{
	return prepare(flow, name, true, to_run, err);
}

void flow_job(struct flow *flow, struct engine_job *job)
{
	struct app *app = flow->app;

	*job = (struct engine_job){
		.loop = app->loop,
		.store = app->store,
		.marketo = flow->client->marketo,
		.account = &flow->account,
		.destination = &flow->destination,
		.dataflow = &flow->dataflow,
		.mapping = &flow->mapping,
		.catalogue = &flow->catalogue,
		.stop = &app->stop,
		.approve = approve,
		.approver = flow,
		.progress = app->progress,
		.note = app->note,
		.self = app->self,
	};
	app->patient = true;
}

enum status flow_audit(struct app *app, enum use_case use, const char *object, const char *format, int64_t id, struct error *err)
{
	char *detail = mem_printf(format, (long long)id);
	enum status status = app_begin(app, err);

	if (status == STATUS_OK)
		status = app_end(app, STATUS_OK, use, object, detail, err);
	mem_free(detail);
	return status;
}

void flow_ended(struct app *app, enum use_case use, const char *object, const struct run *earlier)
{
	if (earlier->id)
		flow_audit(app, use, object, "run %lld, begun earlier", earlier->id, NULL);
}

void flow_keep_end(struct app *app, const struct run *earlier, const struct run *run, enum status status, const struct error *end)
{
	int64_t id = run->id ? run->id : earlier->id;
	struct error ignored; /* that it could not be kept is said of everything that follows */

	if (run->id && earlier->id && earlier->id != run->id)
		run_end_save(app->store, earlier->id, NULL, &ignored);
	if (id)
		run_end_save(app->store, id, status != STATUS_OK && *end->message ? end : NULL, &ignored);
}

void flow_show_unfinished(struct app *app, const char *dataflow, enum status status, const struct run *earlier, struct run *out)
{
	struct error ignored; /* what stopped it is what is said */
	struct dataflow found;
	int64_t id = 0;

	if (status != STATUS_STOPPED || earlier->id || out->id)
		return;
	dataflow_init(&found);
	if (dataflow_find(app->store, dataflow, &found, &ignored) == STATUS_OK && run_unfinished(app->store, found.id, &id, &ignored) == STATUS_OK && id) {
		run_done(out);
		run_get(app->store, id, out, &ignored);
	}
	dataflow_done(&found);
}

enum status flow_ran(struct app *app, enum use_case use, const char *object, const struct run *run, enum status status, struct error *err)
{
	struct error ignored;

	/* What was kept long enough goes once a day; that it could not go now is no trouble of this run. */
	if (run->id)
		retention_apply_daily(app->store, clock_wall_ms(), &ignored);
	client_remember(app);
	if (object) /* NULL: a run that is not there was asked for */
		alerts_ran(app, object, status, status == STATUS_OK ? NULL : err);
	/* Its own end must not be hidden by the writing. */
	if (run->id && flow_audit(app, use, object, "run %lld", run->id, status == STATUS_OK ? err : NULL) != STATUS_OK && status == STATUS_OK)
		return STATUS_FAILED;
	return status;
}
