#include "app/runs.h"

#include "app/flow.h"
#include "app/masks.h"
#include "app/sources.h"
#include "app/turn.h"

#include <string.h>

static bool is_busy(enum status status, const struct error *err)
{
	return status == STATUS_FAILED && strcmp(err->code, "busy") == 0;
}

/* Nobody is followed, only waited for. */
static enum status wait_turn(struct app *app, const char *dataflow, struct error *err)
{
	struct run none;
	bool followed;

	run_init(&none);
	return turn_wait(app, &(struct turn){ .dataflow = dataflow }, &none, &none, &followed, err);
}

static enum status plan_once(struct app *app, const char *dataflow, const struct plan_options *options, struct plan *out, struct error *err)
{
	struct engine_job job;
	struct flow flow;
	enum status status;

	flow_init(&flow, app);
	status = flow_prepare(&flow, dataflow, false, err);
	if (status == STATUS_OK)
		status = source_require(&flow.dataflow, err);
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

enum status app_plan(struct app *app, const char *dataflow, const struct plan_options *options, struct plan *out, struct error *err)
{
	enum status status;

	plan_init(out);
	status = app_enter(app, options->keep ? USE_PLAN : USE_RUN, err);
	if (status != STATUS_OK)
		return status;
	do {
		status = options->fail_if_busy ? STATUS_OK : wait_turn(app, dataflow, err);
		if (status == STATUS_OK)
			status = plan_once(app, dataflow, options, out, err);
	} while (!options->fail_if_busy && is_busy(status, err)); /* somebody was quicker */
	return status;
}

static enum status run_once(struct app *app, const char *dataflow, const struct run_options *options, struct run *earlier, struct run *out, struct error *err)
{
	struct engine_job job;
	struct flow flow;
	enum use_case use = options->resync ? USE_RESYNC : USE_RUN;
	enum status status;

	flow_init(&flow, app);
	flow.also_run = options->plan_id;
	status = flow_prepare(&flow, dataflow, true, err);
	if (status == STATUS_OK)
		status = source_require(&flow.dataflow, err);
	if (status == STATUS_OK) {
		flow_job(&flow, &job);
		job.again = options->resync;
		job.limit = options->limit;
		job.stop_at_failures = options->stop_at_failures;
		job.allow_removals = options->allow_removals;
		status = engine_run(&job, options->plan_id, earlier, out, err);
	}
	flow_block(&flow, status, out);
	flow_ended(app, use, dataflow, earlier);
	/* Who let a list be emptied is worth a line of its own. */
	if (out->id && options->allow_removals)
		flow_audit(app, use, dataflow, "run %lld, removals allowed", out->id, NULL);
	flow_keep_end(app, earlier, out, status, err);
	status = flow_ran(app, use, dataflow, out, status, err);
	flow_done(&flow);
	return status;
}

static void forget_runs(struct run *earlier, struct run *out)
{
	run_done(earlier);
	run_done(out);
	run_init(earlier);
	run_init(out);
}

static bool is_out_of_quota(enum status status, const struct error *err)
{
	return status == STATUS_STOPPED && strcmp(err->code, "607") == 0;
}

/* Once, after whoever is busy on the account. */
static enum status run_in_turn(struct app *app, const char *dataflow, const struct run_options *options, struct run *earlier, struct run *out, struct error *err)
{
	const struct turn turn = { .dataflow = dataflow, .follow = !options->resync, .plan_id = options->plan_id };
	bool followed = false;
	enum status status;

	do {
		forget_runs(earlier, out);
		status = options->fail_if_busy ? STATUS_OK : turn_wait(app, &turn, earlier, out, &followed, err);
		if (status == STATUS_OK && !followed)
			status = run_once(app, dataflow, options, earlier, out, err);
	} while (!options->fail_if_busy && is_busy(status, err)); /* somebody was quicker */
	return status;
}

enum status app_run(struct app *app, const char *dataflow, const struct run_options *options, struct run *earlier, struct run *out, struct error *err)
{
	struct run_options now = *options;
	enum status status;

	run_init(earlier);
	run_init(out);
	status = app_enter(app, options->resync ? USE_RESYNC : USE_RUN, err);
	while (status == STATUS_OK) {
		status = run_in_turn(app, dataflow, &now, earlier, out, err);
		if (!options->wait || !is_out_of_quota(status, err) || !turn_wait_for_quota(app, dataflow))
			break;
		/* A plan that has begun is the unfinished run that the next one begins with. */
		now.plan_id = out->id == now.plan_id ? 0 : now.plan_id;
		now.resync = now.resync && !out->id;
		client_forget(app);
		status = STATUS_OK;
	}
	flow_show_unfinished(app, dataflow, status, earlier, out);
	mask_error(app, err);
	mask_run(app, earlier);
	mask_run(app, out);
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
	flow.also_run = id;
	if (status == STATUS_OK)
		status = wait_turn(app, from.dataflow, err);
	if (status == STATUS_OK)
		status = flow_prepare(&flow, from.dataflow, true, err);
	if (status == STATUS_OK) {
		flow_job(&flow, &job);
		status = engine_retry(&job, id, earlier, out, err);
		flow_ended(app, USE_RETRY, from.dataflow, earlier);
	}
	flow_block(&flow, status, out);
	flow_keep_end(app, earlier, out, status, err);
	status = flow_ran(app, USE_RETRY, from.dataflow, out, status, err);
	if (from.id)
		flow_show_unfinished(app, from.dataflow, status, earlier, out);
	mask_error(app, err);
	mask_run(app, earlier);
	mask_run(app, out);
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
	if (status == STATUS_OK)
		status = run_all(app->store, id, out, err);
	for (size_t i = 0; i < out->count; i++)
		mask_run(app, &out->at[i]);
	return status;
}

enum status app_run_show(struct app *app, int64_t id, struct run *out, struct error *err)
{
	enum status status;

	run_init(out);
	status = app_enter(app, USE_RUN_SHOW, err);
	if (status == STATUS_OK)
		status = run_get(app->store, id, out, err);
	mask_run(app, out);
	return status;
}

enum status app_run_end(struct app *app, int64_t id, struct error *end, struct error *err)
{
	enum status status = app_enter(app, USE_RUN_SHOW, err);

	error_clear(end);
	if (status == STATUS_OK)
		status = run_end_load(app->store, id, end, err);
	mask_error(app, end);
	return status;
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
	for (size_t i = 0; i < out->count; i++) {
		mask_value(app, &out->at[i].identity);
		mask_words(app, out->at[i].code, &out->at[i].message);
	}
	run_done(&run);
	return status;
}
