#include "app/runs.h"

#include "app/client.h"
#include "app/fields.h"
#include "base/i18n.h"
#include "base/mem.h"

#include <string.h>

/* Everything the engine is told about one dataflow. */
struct work {
	struct app *app;
	struct account account;
	struct destination destination;
	struct dataflow dataflow;
	struct mapping mapping;
	struct catalogue catalogue;
	struct client *client;
};

static void work_init(struct work *work, struct app *app)
{
	*work = (struct work){ .app = app };
	account_init(&work->account);
	destination_init(&work->destination);
	dataflow_init(&work->dataflow);
	mapping_init(&work->mapping);
	catalogue_init(&work->catalogue);
}

static void work_done(struct work *work)
{
	work->app->patient = false;
	account_done(&work->account);
	destination_done(&work->destination);
	dataflow_done(&work->dataflow);
	mapping_done(&work->mapping);
	catalogue_done(&work->catalogue);
}

static enum status load(struct work *work, const char *name, struct error *err)
{
	struct store *store = work->app->store;
	enum status status = dataflow_find(store, name, &work->dataflow, err);

	if (status == STATUS_OK)
		status = destination_get(store, work->dataflow.destination_id, &work->destination, err);
	if (status == STATUS_OK)
		status = account_get(store, work->destination.account_id, &work->account, err);
	if (status == STATUS_OK)
		status = mapping_load(store, MAPPING_OF_DATAFLOW, work->dataflow.id, &work->mapping, err);
	if (status == STATUS_OK)
		status = catalogue_load(store, work->account.id, &work->catalogue, err);
	return status;
}

/* A mapping without an identity needs no call to be refused, so the rules that need no catalogue come first. */
static enum status check_mapping(const struct work *work, const struct catalogue *catalogue, struct error *err)
{
	const struct destination *destination = &work->destination;
	mapping_problems problems = { 0 };
	struct str text = { 0 };
	enum status status = STATUS_OK;
	int errors = 0;

	mapping_check(&work->mapping, catalogue, destination->dedupe_fields.at, destination->dedupe_fields.count,
		destination->person_creation == CREATION_MATCH_AND_CREATE, &problems);
	for (size_t i = 0; i < problems.count; i++) {
		if (!problems.at[i].error)
			continue;
		str_add_format(&text, "%s%s", errors ? "; " : "", problems.at[i].message);
		errors++;
	}
	if (errors) {
		status = error_set(err, STATUS_USAGE, "mapping", _("the mapping of %s is not complete: %s"), work->dataflow.name, str_text(&text));
		error_hint(err, _("`penstock mapping check %s` lists everything"), work->dataflow.name);
	}
	str_done(&text);
	mapping_problems_done(&problems);
	return status;
}

static enum status check_enabled(const struct work *work, struct error *err)
{
	if (work->dataflow.enabled)
		return STATUS_OK;
	error_set(err, STATUS_USAGE, "disabled", _("the dataflow %s is disabled"), work->dataflow.name);
	error_hint(err, _("`penstock dataflow enable %s` lets it run"), work->dataflow.name);
	return STATUS_USAGE;
}

static enum status refresh_catalogue(struct work *work, struct error *err)
{
	if (catalogue_is_fresh(&work->catalogue))
		return STATUS_OK;
	catalogue_done(&work->catalogue);
	catalogue_init(&work->catalogue);
	return client_fields(work->client, &work->catalogue, err);
}

static enum status prepare(struct work *work, const char *name, bool to_run, struct error *err)
{
	enum status status = load(work, name, err);

	if (status == STATUS_OK && to_run)
		status = check_enabled(work, err);
	if (status == STATUS_OK)
		status = check_mapping(work, NULL, err);
	if (status == STATUS_OK)
		status = client_open(work->app, &work->account, ATTEMPTS_RUN, &work->client, err);
	if (status == STATUS_OK)
		status = refresh_catalogue(work, err);
	if (status == STATUS_OK)
		status = check_mapping(work, &work->catalogue, err);
	return status;
}

static void fill_job(struct engine_job *job, struct work *work)
{
	struct app *app = work->app;

	*job = (struct engine_job){
		.loop = app->loop,
		.store = app->store,
		.marketo = work->client->marketo,
		.account = &work->account,
		.destination = &work->destination,
		.dataflow = &work->dataflow,
		.mapping = &work->mapping,
		.catalogue = &work->catalogue,
		.stop = &app->stop,
		.progress = app->progress,
		.note = app->note,
		.self = app->self,
	};
	app->patient = true;
}

static enum status audit(struct app *app, enum use_case use, const char *object, const char *format, int64_t id, struct error *err)
{
	char *detail = mem_printf(format, (long long)id);
	enum status status = app_begin(app, err);

	if (status == STATUS_OK)
		status = app_end(app, STATUS_OK, use, object, detail, err);
	mem_free(detail);
	return status;
}

enum status app_plan(struct app *app, const char *dataflow, const struct plan_options *options, struct plan *out, struct error *err)
{
	struct engine_job job;
	struct work work;
	enum status status;

	plan_init(out);
	work_init(&work, app);
	status = app_enter(app, options->keep ? USE_PLAN : USE_RUN, err);
	if (status == STATUS_OK)
		status = prepare(&work, dataflow, false, err);
	if (status == STATUS_OK) {
		fill_job(&job, &work);
		job.lookup = options->lookup;
		job.sample = options->sample;
		status = engine_plan(&job, options->keep, out, err);
	}
	if (status == STATUS_OK && options->keep)
		status = audit(app, USE_PLAN, dataflow, "plan %lld", out->id, err);
	work_done(&work);
	return status;
}

enum status app_run(struct app *app, const char *dataflow, const struct run_options *options, struct run *earlier, struct run *out, struct error *err)
{
	struct engine_job job;
	struct work work;
	enum status status;

	run_init(earlier);
	run_init(out);
	work_init(&work, app);
	status = app_enter(app, USE_RUN, err);
	if (status == STATUS_OK)
		status = prepare(&work, dataflow, true, err);
	if (status == STATUS_OK) {
		fill_job(&job, &work);
		job.limit = options->limit;
		job.stop_at_failures = options->stop_at_failures;
		status = engine_run(&job, options->plan_id, earlier, out, err);
	}
	/* A run is written down whatever became of it; its own end must not be hidden by the writing. */
	if (out->id && audit(app, USE_RUN, dataflow, "run %lld", out->id, status == STATUS_OK ? err : NULL) != STATUS_OK && status == STATUS_OK)
		status = STATUS_FAILED;
	work_done(&work);
	return status;
}

enum status app_runs(struct app *app, const char *dataflow, run_list *out, struct error *err)
{
	enum status status = app_enter(app, USE_RUNS, err);
	int64_t id = 0;

	if (status == STATUS_OK && dataflow) {
		struct dataflow found;

		dataflow_init(&found);
		status = dataflow_find(app->store, dataflow, &found, err);
		id = found.id;
		dataflow_done(&found);
	}
	return status == STATUS_OK ? run_all(app->store, id, out, err) : status;
}

enum status app_run_show(struct app *app, int64_t id, struct run *out, struct error *err)
{
	enum status status;

	run_init(out);
	status = app_enter(app, USE_RUN_SHOW, err);
	return status == STATUS_OK ? run_get(app->store, id, out, err) : status;
}

enum status app_run_bad_lines(struct app *app, int64_t id, bad_line_list *out, struct error *err)
{
	enum status status = app_enter(app, USE_RUN_SHOW, err);

	return status == STATUS_OK ? run_bad_lines(app->store, id, out, err) : status;
}

enum status app_failures(struct app *app, int64_t id, const char *code, int64_t limit, failure_list *out, int64_t *total, struct error *err)
{
	struct run run;
	enum status status;

	run_init(&run);
	status = app_enter(app, USE_FAILURES, err);
	if (status == STATUS_OK)
		status = run_get(app->store, id, &run, err); /* says so when there is no such run */
	if (status == STATUS_OK)
		status = failures_load(app->store, id, code, limit, out, total, err);
	run_done(&run);
	return status;
}
