#include "app/runs.h"

#include "app/flow.h"

enum status app_plan(struct app *app, const char *dataflow, const struct plan_options *options, struct plan *out, struct error *err)
{
	struct engine_job job;
	struct flow flow;
	enum status status;

	plan_init(out);
	flow_init(&flow, app);
	status = app_enter(app, options->keep ? USE_PLAN : USE_RUN, err);
	if (status == STATUS_OK)
		status = flow_prepare(&flow, dataflow, false, err);
	if (status == STATUS_OK) {
		flow_job(&flow, &job);
		job.lookup = options->lookup;
		job.sample = options->sample;
		status = engine_plan(&job, options->keep, out, err);
	}
	if (status == STATUS_OK && options->keep)
		status = flow_audit(app, USE_PLAN, dataflow, "plan %lld", out->id, err);
	flow_done(&flow);
	return status;
}

enum status app_run(struct app *app, const char *dataflow, const struct run_options *options, struct run *earlier, struct run *out, struct error *err)
{
	struct engine_job job;
	struct flow flow;
	enum use_case use = options->resync ? USE_RESYNC : USE_RUN;
	enum status status;

	run_init(earlier);
	run_init(out);
	flow_init(&flow, app);
	status = app_enter(app, use, err);
	if (status == STATUS_OK)
		status = flow_prepare(&flow, dataflow, true, err);
	if (status == STATUS_OK) {
		flow_job(&flow, &job);
		job.again = options->resync;
		job.limit = options->limit;
		job.stop_at_failures = options->stop_at_failures;
		job.allow_removals = options->allow_removals;
		status = engine_run(&job, options->plan_id, earlier, out, err);
	}
	/* Who let a list be emptied is worth a line of its own. */
	if (out->id && options->allow_removals)
		flow_audit(app, use, dataflow, "run %lld, removals allowed", out->id, NULL);
	status = flow_ran(app, use, dataflow, out, status, err);
	flow_done(&flow);
	return status;
}

enum status app_retry(struct app *app, int64_t id, struct run *earlier, struct run *out, struct error *err)
{
	struct engine_job job;
	struct flow flow;
	struct run from;
	enum status status;

	run_init(earlier);
	run_init(out);
	run_init(&from);
	flow_init(&flow, app);
	status = app_enter(app, USE_RETRY, err);
	if (status == STATUS_OK)
		status = run_get(app->store, id, &from, err);
	if (status == STATUS_OK)
		status = flow_prepare(&flow, from.dataflow, true, err);
	if (status == STATUS_OK) {
		flow_job(&flow, &job);
		status = engine_retry(&job, id, earlier, out, err);
		status = flow_ran(app, USE_RETRY, from.dataflow, out, status, err);
	}
	run_done(&from);
	flow_done(&flow);
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
