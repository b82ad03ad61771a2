#include "app/turn.h"

#include "app/going.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "engine/guard.h"
#include "engine/lock.h"
#include "store/tables.h"

#include <string.h>

enum {
	LOOK_MS = 250,
	STEP_MS = 60 * 1000,
	LATE_MS = 60 * 60 * 1000,   /* so late after a reset a clock may still be .. */
	AGAIN_MS = 601 * 1000,      /* .. then it is tried again: a 607 is believed for ten minutes (net/book.c) */
	AFTER_RESET_MS = 60 * 1000, /* Marketo's clock and ours need not agree to the second */
};

struct watch {
	struct app *app;
	const struct turn *turn;
	int64_t dataflow_id, account_id;
	struct account account;
	struct run *earlier, *out; /* out->id 0: nobody was followed so far */
	int64_t told;              /* who was said to be waited for: the run's id, minus the process's where it plans */
};

static enum status open_watch(struct watch *w, struct error *err)
{
	struct store *store = w->app->store;
	struct dataflow dataflow;
	enum status status;

	dataflow_init(&dataflow);
	status = dataflow_find(store, w->turn->dataflow, &dataflow, err);
	w->dataflow_id = dataflow.id;
	if (status == STATUS_OK)
		status = going_account(w->app, dataflow.id, &w->account_id, err);
	if (status == STATUS_OK)
		status = account_get(store, w->account_id, &w->account, err);
	dataflow_done(&dataflow);
	return status;
}

static void show(struct watch *w)
{
	struct engine_progress progress = { .phase = ENGINE_SENDING, .done = run_finished(w->out), .total = w->out->received, .run = w->out, .seconds_left = -1 };

	if (!w->app->progress)
		return;
	progress.records_per_second = w->out->records_per_second;
	progress.seconds_left = run_seconds_left(w->out);
	marketo_look(&w->account, &progress.gate);
	w->app->progress(w->app->self, &progress);
}

static bool read_run(struct watch *w, int64_t id, struct run *out)
{
	run_init(out);
	if (run_get(w->app->store, id, out, NULL) == STATUS_OK && out->dataflow_id == w->dataflow_id)
		return true;
	run_done(out);
	return false;
}

static void begin_to_follow(struct watch *w, const struct run *run)
{
	app_note(w->app, _("run %lld of %s is going on already: following it"), (long long)run->id, w->turn->dataflow);
	/* Whoever runs a dataflow wants it to run. */
	if (run->state == RUN_PAUSED)
		run_pause_save(w->app->store, run->id, false, NULL);
}

/* Is what the holder is busy with ours to follow? Then *out tells how it stands. */
static bool follow(struct watch *w, const struct lockfile_holder *holder)
{
	struct run run;

	if (!w->turn->follow || !holder->about || (w->turn->plan_id && w->turn->plan_id != holder->about) || !read_run(w, holder->about, &run))
		return false;
	if (w->out->id != run.id) {
		begin_to_follow(w, &run);
		run_done(w->earlier);
		*w->earlier = *w->out;
		run_init(w->out);
	}
	run_done(w->out);
	*w->out = run;
	show(w);
	return true;
}

static void tell_whom(struct watch *w, const struct lockfile_holder *holder)
{
	int64_t whom = holder->about ? holder->about : -(int64_t)holder->pid - 1;
	struct run run;

	if (w->told == whom)
		return;
	w->told = whom;
	run_init(&run);
	if (holder->about && run_get(w->app->store, holder->about, &run, NULL) == STATUS_OK)
		app_note(w->app, _("waiting for run %lld of %s to end (process %ld of %s)"), (long long)run.id, run.dataflow, (long)holder->pid, holder->user);
	else if (holder->pid)
		app_note(w->app, _("waiting for process %ld of %s, which works on the same account"), (long)holder->pid, holder->user);
	else
		app_note(w->app, _("waiting for another penstock, which works on the same account"));
	run_done(&run);
}

static enum status stopped(const struct watch *w, struct error *err)
{
	if (w->out->id)
		error_set(err, STATUS_STOPPED, "stopped", _("run %lld of %s goes on, and is followed no longer"), (long long)w->out->id, w->turn->dataflow);
	else
		error_set(err, STATUS_STOPPED, "stopped", _("stopped while waiting for one's turn"));
	return STATUS_STOPPED;
}

/* How a run that was followed ended, as the one who ran it was told. */
static enum status judge(const struct run *run, struct error *err)
{
	char when[CLOCK_TEXT];

	switch (run->state) {
	case RUN_SUCCESS:
		return STATUS_OK;
	case RUN_PARTIAL:
		return STATUS_PARTIAL;
	case RUN_BLOCKED:
		if (guard_check(run, err) != STATUS_OK)
			return STATUS_CONFIRM;
		return error_set(err, STATUS_POLICY, "policy", _("run %lld is blocked by a data usage policy"), (long long)run->id);
	case RUN_STOPPED:
		return error_set(err, STATUS_STOPPED, "stopped", _("run %lld was stopped; the next run goes on from there"), (long long)run->id);
	case RUN_WAITING:
		return error_set(err, STATUS_STOPPED, "607", _("run %lld waits for the quota of calls, which is renewed at %s"), (long long)run->id,
			clock_format(clock_next_quota_reset(clock_wall_ms()), when));
	default:
		return error_set(err, STATUS_FAILED, "failed", _("run %lld failed; who started it was told why"), (long long)run->id);
	}
}

/* The one followed is not going on any more: has it come to an end? */
static enum status end(struct watch *w, bool *followed, struct error *err)
{
	struct run run;

	if (!w->out->id || !read_run(w, w->out->id, &run))
		return STATUS_OK;
	run_done(w->out);
	*w->out = run;
	*followed = !run_state_is_going(run.state);
	if (*followed)
		return judge(w->out, err);
	app_note(w->app, _("the process of run %lld is gone: going on with it here"), (long long)run.id);
	run_done(w->out);
	run_done(w->earlier);
	run_init(w->out);
	run_init(w->earlier);
	return STATUS_OK;
}

static enum status wait(struct watch *w, bool *followed, struct error *err)
{
	struct lockfile_holder holder;

	while (lock_is_held(w->app->store, w->account_id, w->dataflow_id, &holder)) {
		app_catch_signals(w->app);
		/* Between two runs of its own it plans: who is followed stays who was. */
		if (!follow(w, &holder) && !w->out->id)
			tell_whom(w, &holder);
		if (!app_pause(w->app, LOOK_MS))
			return stopped(w, err);
	}
	return end(w, followed, err);
}

enum status turn_wait(struct app *app, const struct turn *turn, struct run *earlier, struct run *out, bool *followed, struct error *err)
{
	struct watch w = { .app = app, .turn = turn, .earlier = earlier, .out = out };
	enum status status;

	account_init(&w.account);
	status = open_watch(&w, err);
	*followed = false;
	if (status == STATUS_OK)
		status = wait(&w, followed, err);
	account_done(&w.account);
	return status;
}

bool turn_wait_for_quota(struct app *app, const char *dataflow)
{
	int64_t now = clock_wall_ms(), until = clock_next_quota_reset(now) + AFTER_RESET_MS;
	char when[CLOCK_TEXT];

	/* Soon after midnight it is the server's clock that is late, and no whole day is lost for it. */
	if (clock_next_quota_reset(now - LATE_MS) <= now)
		until = now + AGAIN_MS;
	app_note(app, _("the quota of calls is used up: %s goes on at %s"), dataflow, clock_format(until, when));
	for (int64_t left = until - clock_wall_ms(); left > 0; left = until - clock_wall_ms())
		if (!app_pause(app, left < STEP_MS ? left : STEP_MS))
			return false;
	return true;
}
