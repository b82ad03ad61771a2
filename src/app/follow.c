/* run --follow: keeps following whatever becomes of Marketo, the network and the store meanwhile. */
#include "app/flow.h"
#include "app/masks.h"
#include "app/receive.h"
#include "app/runs.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "net/gate.h"

#include <string.h>

enum { AGAIN_FIRST_MS = 1000, AGAIN_MOST_MS = 60 * 1000, QUOTA_MS = 10 * 60 * 1000, DISMISS_MS = 2000, TURN_MS = 100 };

/* One hour, or less when something is in the way. */
static enum status follow_once(struct app *app, const char *dataflow, const struct run_options *options, struct run *out, bool *sent, struct error *err)
{
	struct engine_job job;
	struct flow flow;
	enum status status;

	run_done(out);
	run_init(out);
	flow_init(&flow, app);
	status = flow_prepare(&flow, dataflow, true, err);
	if (status == STATUS_OK) {
		flow_job(&flow, &job);
		job.stop_at_failures = options->stop_at_failures;
		status = engine_follow(&job, options->max_delay_ms, out, sent, err);
	}
	flow_block(&flow, status, out);
	flow_keep_end(app, out, out, status, err);
	status = flow_ran(app, USE_RUN, dataflow, out, status, err);
	/* A client that was told to stop calls no more. */
	if (status != STATUS_OK)
		client_forget(app);
	flow_done(&flow);
	return status;
}

static bool is_quota(const struct error *err)
{
	return err->status == STATUS_STOPPED && strcmp(err->code, "607") == 0;
}

/* What time alone may put right: the network, Marketo, a full disk, another process at work, the quota. */
static bool may_pass(const struct app *app, enum status status, const struct error *err)
{
	return !app->stop && (status == STATUS_FAILED || is_quota(err));
}

/* False: the operator does not want to wait. */
static bool wait_for_better(struct app *app, int attempt, struct error *err, uint64_t *seed)
{
	int64_t now = clock_wall_ms(), ms = backoff_ms(attempt, AGAIN_FIRST_MS, AGAIN_MOST_MS, seed);

	if (is_quota(err)) {
		ms = clock_next_quota_reset(now) - now;
		ms = ms < QUOTA_MS ? ms : QUOTA_MS;
	}
	mask_error(app, err);
	app_note(app, _("%s; trying again in %lld s"), err->message, (long long)((ms + 999) / 1000));
	return app_pause(app, ms);
}

static void on_trouble(void *self, const char *code, const char *message)
{
	(void)code;
	app_note(self, _("%s; trying again"), message);
}

/* What is posted must be answered whatever the run is at, so a process of its own does that. */
static struct attendant *attend(struct app *app, const char *name)
{
	struct attendant *attendant = NULL;
	struct dataflow dataflow;

	dataflow_init(&dataflow);
	if (dataflow_find(app->store, name, &dataflow, NULL) == STATUS_OK)
		attendant = attendant_new(app, dataflow.name, dataflow.source, on_trouble, app);
	dataflow_done(&dataflow);
	return attendant;
}

static void dismiss(struct app *app, struct attendant *attendant)
{
	int64_t until = clock_mono_ms() + DISMISS_MS;

	attendant_stop(attendant);
	while (attendant_is_there(attendant) && clock_mono_ms() < until)
		loop_turn(app->loop, TURN_MS);
	attendant_free(attendant);
}

enum status app_follow(struct app *app, const char *dataflow, const struct run_options *options, struct run *out, struct error *err)
{
	uint64_t seed = (uint64_t)clock_wall_ms();
	int attempt = 0;
	struct attendant *attendant;
	const struct run none = { 0 };
	enum status status = app_enter(app, USE_RUN, err);

	run_init(out);
	if (status != STATUS_OK)
		return status;
	app_catch_signals(app);
	attendant = options->no_receive ? NULL : attend(app, dataflow);
	do {
		bool sent = false;

		error_clear(err);
		status = follow_once(app, dataflow, options, out, &sent, err);
		attempt = sent || status == STATUS_OK ? 0 : attempt;
	} while (status == STATUS_OK || (may_pass(app, status, err) && wait_for_better(app, ++attempt, err, &seed)));
	dismiss(app, attendant);
	if (app->stop && status != STATUS_STOPPED)
		status = error_set(err, STATUS_STOPPED, "stopped", _("stopped; the next run goes on from here"));
	flow_show_unfinished(app, dataflow, status, &none, out);
	mask_error(app, err);
	mask_run(app, out);
	return status;
}
