/* Following: a run of an hour that is a series of small change sets. */
#include "engine/engine.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "engine/audiences.h"
#include "engine/fold.h"
#include "engine/send.h"
#include "engine/work.h"
#include "source/follow.h"
#include "store/follow_place.h"
#include "store/tables.h"

#include <string.h>

enum {
	HOUR_MS = 60 * 60 * 1000,
	LOOK_MS = 1000,         /* the source is looked at as often, also where the system does not tell of changes */
	EAGER_BYTES = 256 * 1024, /* some hundred messages: full calls can be made of them, so they do not wait */
	HOLD_MS = 30 * 1000,    /* where batch comes after batch, others on the account get their turn this often .. */
	PAUSE_MS = 600,         /* .. if they ask within this (app/turn.c looks every 250 ms) */
	OTHERS_MS = 250,        /* somebody else has the account: it is asked for again as often */
};

struct following {
	struct work w;
	struct engine_job job;      /* its feed is the batch */
	int64_t max_delay_ms;
	struct follow *follow;
	struct follow_place place;
	int64_t since;              /* what waits may have been waiting since (clock_mono_ms) */
	int64_t held_since;         /* since when no other dataflow of the account had a chance (clock_mono_ms) */
	bool waits, resolved;
	bool broken;                /* what is in memory is ahead of the store */
};

static bool is_stopped(const struct following *f)
{
	return f->job.stop && *f->job.stop;
}

static bool is_this_hour(const struct run *run)
{
	return run->started_at / HOUR_MS == clock_wall_ms() / HOUR_MS;
}

static enum status end_transaction(struct following *f, enum status status, struct error *err)
{
	if (status == STATUS_OK)
		return store_commit(f->job.store, err);
	store_rollback(f->job.store);
	return status;
}

/* After a restart the hour's run goes on, unless it is an hour of the past. */
static enum status reopen_run(struct following *f, bool *reopened, struct error *err)
{
	struct run *run = &f->w.run;
	enum status status = STATUS_OK;

	*reopened = f->place.run && run_get(f->job.store, f->place.run, run, NULL) == STATUS_OK && run->dataflow_id == f->job.dataflow->id && is_this_hour(run) &&
		work_has_its_lists(f->job.dataflow, run);
	if (*reopened)
		status = run_bad_lines(f->job.store, run->id, &f->w.reading.bad, err);
	if (*reopened)
		f->w.reading.bad_lines = run->bad_lines;
	else
		run_done(run);
	if (!*reopened)
		run_init(run);
	return status;
}

static enum status open_run(struct following *f, struct error *err)
{
	struct run *run = &f->w.run;
	bool reopened;
	enum status status = store_begin(f->job.store, err);

	if (status != STATUS_OK)
		return status;
	status = reopen_run(f, &reopened, err);
	if (status == STATUS_OK && !reopened) {
		run->started_at = clock_wall_ms();
		status = work_begin_run(&f->w, true, err);
	}
	work_name_audiences(&f->w);
	run->state = RUN_RUNNING;
	run->ended_at = 0;
	if (status == STATUS_OK)
		status = run_save(f->job.store, run, err);
	f->place.run = run->id;
	if (status == STATUS_OK)
		status = follow_place_save(f->job.store, f->job.dataflow->id, &f->place, err);
	status = end_transaction(f, status, err);
	f->broken = status != STATUS_OK;
	lock_about(f->w.lock, run->id);
	return status;
}

static enum status begin(struct following *f, struct error *err)
{
	const char *source = f->job.dataflow->source;
	enum status status = follow_place_load(f->job.store, f->job.dataflow->id, &f->place, err);

	/* A place in another source is none in this one. */
	if (status == STATUS_OK && (!f->place.source || strcmp(f->place.source, source) != 0)) {
		mem_replace(&f->place.source, source);
		mem_replace(&f->place.position, "");
	}
	if (status == STATUS_OK)
		status = follow_open(source, *f->place.position ? f->place.position : NULL, &f->follow, err);
	if (status == STATUS_OK)
		status = open_run(f, err);
	/* What came while nobody looked has waited long enough. */
	f->waits = true;
	f->held_since = clock_mono_ms();
	f->since = f->held_since - f->max_delay_ms;
	return status;
}

/* The lists are found, or made, once there is something for them. */
static enum status find_lists(struct following *f, struct audiences *audiences, struct error *err)
{
	enum status status = STATUS_OK;

	if (audiences_learn(audiences))
		status = dataflow_save(f->job.store, f->job.dataflow, err);
	/* Each batch anew: policies and labels may have changed since the hour began. */
	if (status == STATUS_OK && f->job.approve)
		status = f->job.approve(f->job.approver, f->job.dataflow, err);
	if (status != STATUS_OK || f->resolved)
		return status;
	status = work_lists(&f->w, true, err);
	f->resolved = status == STATUS_OK;
	work_name_audiences(&f->w);
	return status;
}

/* The change set, the account of it and the place behind what it was made of become durable together. */
static enum status keep(struct following *f, struct fold *fold, struct error *err)
{
	struct work *w = &f->w;
	struct str position = { 0 };
	enum status status = store_begin(f->job.store, err);

	if (status != STATUS_OK)
		return status;
	merge_sums_done(&w->sums);
	status = merge_changes(&f->job, &w->recipe, w->ledger, fold, true, &w->run, &w->sums, err);
	w->run.bad_lines = w->reading.bad_lines;
	if (status == STATUS_OK)
		status = run_save(f->job.store, &w->run, err);
	if (status == STATUS_OK)
		status = run_bad_lines_save(f->job.store, w->run.id, &w->reading.bad, err);
	follow_position(f->follow, &position);
	mem_replace(&f->place.position, str_text(&position));
	str_done(&position);
	if (status == STATUS_OK)
		status = follow_place_save(f->job.store, f->job.dataflow->id, &f->place, err);
	status = end_transaction(f, status, err);
	f->broken = status != STATUS_OK;
	return status;
}

static enum status send(struct following *f, bool *sent, struct error *err)
{
	struct work *w = &f->w;
	enum status status = STATUS_OK;

	if (w->sums.records == 0)
		return STATUS_OK;
	status = send_changes(&f->job, &w->recipe, w->ledger, &w->run, false, w->calls_base, err);
	memcpy(w->calls_base, marketo_calls(f->job.marketo), sizeof w->calls_base);
	if (status != STATUS_OK && status != STATUS_PARTIAL)
		return status;
	*sent = true;
	error_clear(err);
	/* The hour is not over. */
	w->run.state = RUN_RUNNING;
	w->run.ended_at = 0;
	return run_save(f->job.store, &w->run, err);
}

/* What waits, from the source to Marketo. */
static enum status take_batch(struct following *f, bool *sent, struct error *err)
{
	struct work *w = &f->w;
	struct audiences *audiences = audiences_new(f->job.dataflow);
	struct fold *fold = fold_new(f->job.store, 0);
	int64_t before = w->reading.messages;
	enum status status;

	f->job.feed = follow_batch(f->follow);
	status = read_source(&f->job, &w->recipe, audiences, fold, &w->reading, err);
	f->job.feed = NULL;
	f->broken = true; /* the bad lines are counted, and no row says so yet */
	if (status == STATUS_OK && w->reading.messages > before)
		status = find_lists(f, audiences, err);
	audiences_free(audiences);
	if (status == STATUS_OK)
		status = fold_sort(fold, err);
	if (status == STATUS_OK)
		status = keep(f, fold, err);
	fold_free(fold);
	if (status == STATUS_OK)
		status = follow_taken(f->follow, err);
	return status == STATUS_OK ? send(f, sent, err) : status;
}

static void on_change(void *self, int fd, int events)
{
	(void)self;
	(void)fd;
	(void)events;
}

static void show_waiting(const struct following *f)
{
	struct engine_progress progress = { .phase = ENGINE_FOLLOWING, .total = -1, .seconds_left = -1, .run = &f->w.run };

	gate_state(marketo_gate(f->job.marketo), &progress.gate);
	if (f->job.progress)
		f->job.progress(f->job.self, &progress);
}

/* No longer than ms or the next look. Meanwhile the account is free for others. */
static void rest(struct following *f, int64_t ms)
{
	int64_t began = clock_mono_ms();

	lock_let_others(f->w.lock);
	show_waiting(f);
	loop_turn(f->job.loop, ms < LOOK_MS ? ms : LOOK_MS);
	if (clock_mono_ms() - began >= PAUSE_MS)
		f->held_since = clock_mono_ms();
}

/* The same, or until something changes: whoever waits looks at the source next, which takes the word of the change away. */
static void wait(struct following *f, int64_t ms)
{
	int notify = follow_descriptor(f->follow);

	loop_watch(f->job.loop, notify, LOOP_READ, on_change, f);
	rest(f, ms);
	loop_watch(f->job.loop, notify, 0, NULL, NULL);
}

/* The account for the next batch. *ours false: not now. What changes in the source meanwhile is of no interest: a busy one would leave no rest. */
static enum status take_turn(struct following *f, bool *ours, struct error *err)
{
	int64_t until;
	enum status status;

	if (clock_mono_ms() - f->held_since >= HOLD_MS) {
		until = clock_mono_ms() + PAUSE_MS;
		while (!is_stopped(f) && clock_mono_ms() < until)
			rest(f, until - clock_mono_ms());
		f->held_since = clock_mono_ms();
	}
	status = lock_take_again(f->w.lock, f->job.store, ours, err);
	/* Others may have given numbers to fields. */
	if (status == STATUS_OK && *ours)
		status = ledger_learn(f->w.ledger, err);
	return status;
}

/* One look at the source, and what is to be done about it. */
static enum status attend_once(struct following *f, bool *sent, struct error *err)
{
	int64_t waiting, now;
	bool ours = false;
	enum status status = follow_look(f->follow, &waiting, err);

	if (status != STATUS_OK)
		return status;
	now = clock_mono_ms();
	if (waiting && !f->waits)
		f->since = now;
	f->waits = waiting > 0;
	if (waiting < EAGER_BYTES && (!waiting || now - f->since < f->max_delay_ms)) {
		wait(f, waiting ? f->since + f->max_delay_ms - now : LOOK_MS);
		return STATUS_OK;
	}
	status = take_turn(f, &ours, err);
	if (status == STATUS_OK && !ours)
		rest(f, OTHERS_MS);
	if (status != STATUS_OK || !ours)
		return status;
	status = take_batch(f, sent, err);
	/* What is found next may have come right after this look. */
	f->since = now;
	return status;
}

/* What the run is when nobody follows any more. What sending has left behind says so itself. */
static void close_run(struct following *f, enum status status, const struct error *err)
{
	struct run *run = &f->w.run;

	if (f->broken) {
		int64_t id = run->id;

		run_done(run);
		run_init(run);
		if (!id || run_get(f->job.store, id, run, NULL) != STATUS_OK)
			return;
	}
	if (run->state != RUN_RUNNING)
		return;
	if (status == STATUS_POLICY)
		run_reason_add(run, err->code, err->message, SEVERITY_FAILED, 1);
	run->state = status == STATUS_STOPPED ? RUN_STOPPED : status == STATUS_POLICY ? RUN_BLOCKED : status != STATUS_OK ? RUN_FAILED : run->failed ? RUN_PARTIAL : RUN_SUCCESS;
	run->ended_at = clock_wall_ms();
	run_save(f->job.store, run, NULL);
}

static enum status attend(struct following *f, bool *sent, struct error *err)
{
	enum status status = STATUS_OK;

	while (status == STATUS_OK && is_this_hour(&f->w.run)) {
		if (is_stopped(f))
			return error_set(err, STATUS_STOPPED, "stopped", _("stopped; the next run goes on from here"));
		status = attend_once(f, sent, err);
	}
	return status;
}

enum status engine_follow(const struct engine_job *job, int64_t max_delay_ms, struct run *out, bool *sent, struct error *err)
{
	struct following f = { .job = *job, .max_delay_ms = max_delay_ms };
	struct run earlier;
	bool go_on = false;
	enum status status = work_init(&f.w, &f.job, err);

	run_init(&earlier);
	if (status == STATUS_OK)
		status = work_finish_earlier(&f.w, &earlier, &go_on, err);
	*sent = *sent || earlier.id;
	run_done(&earlier);
	if (go_on)
		status = begin(&f, err);
	if (go_on && status == STATUS_OK)
		status = attend(&f, sent, err);
	if (go_on && f.w.run.id)
		close_run(&f, status, err);
	work_give_run(&f.w, out);
	follow_close(f.follow);
	follow_place_done(&f.place);
	work_done(&f.w);
	return status;
}
