#include "engine/send.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "engine/sender.h"
#include "engine/wait.h"
#include "marketo/catalogue.h"
#include "store/tables.h"

#include <string.h>

enum { TURN_MS = 250, SHOW_MS = 200, RATE_MS = 1000, PROBE_CALLS = 2, PROBE_RECORDS = 100, PAUSE_MS = 400, USAGE_MS = 5 * 60 * 1000, RECORD_OVERHEAD = 64, JUDGED_RECORDS = 100 };

bool sender_write(struct sender *s)
{
	struct error err = {0};

	if (!s->open && !s->broken) {
		enum status status = store_begin(s->job->store, &err);

		s->open = status == STATUS_OK;
		sender_check(s, status, &err);
	}
	return s->open;
}

void sender_halt(struct sender *s, enum halt halt, const struct error *err)
{
	/* An error outweighs a stop; of equals the first is told. */
	if (halt <= s->halt)
		return;
	s->halt = halt;
	if (err)
		s->error = *err;
}

void sender_check(struct sender *s, enum status status, const struct error *err)
{
	if (status == STATUS_OK)
		return;
	s->broken = true;
	sender_halt(s, HALT_ERROR, err);
}

struct queue *sender_queue(struct sender *s, enum stage stage, unsigned index)
{
	size_t dedupe = s->recipe->dedupe_count, audiences = s->run->audiences.count;
	size_t from[STAGE_COUNT] = {0, audiences, audiences + dedupe, audiences + 2 * dedupe, audiences + 2 * dedupe + 1, 2 * audiences + 2 * dedupe + 1};

	return &s->queues[from[stage] + index];
}

static void make_queues(struct sender *s)
{
	size_t dedupe = s->recipe->dedupe_count, audiences = s->run->audiences.count, counts[STAGE_COUNT] = {audiences, dedupe, dedupe, 1, audiences, audiences};
	struct queue *queue;
	int stage;
	unsigned i;

	for (stage = 0; stage < STAGE_COUNT; stage++)
		s->queue_count += counts[stage];
	s->queues = queue = mem_array(s->queue_count, sizeof *s->queues);
	for (stage = 0; stage < STAGE_COUNT; stage++)
		for (i = 0; i < counts[stage]; i++, queue++)
			*queue = (struct queue){.stage = (enum stage)stage, .index = i};
}

static struct call *new_call(struct sender *s, struct queue *queue)
{
	struct call *call = s->free_calls, **end;

	if (call)
		s->free_calls = call->next;
	else
		call = mem_alloc(sizeof *call);
	if (!call->records)
		call->records = mem_array(MARKETO_BATCH, sizeof(void *));
	call->sender = s;
	call->queue = queue;
	call->count = 0;
	call->next = NULL;
	for (end = &s->ready; *end; end = &(*end)->next)
		;
	*end = call;
	s->calls++;
	s->in_flight[queue->stage]++;
	return call;
}

void call_again(struct sender *s, struct call *call, size_t from, size_t to)
{
	struct call *half = new_call(s, call->queue);

	half->count = to - from;
	memcpy(half->records, call->records + from, half->count * sizeof(void *));
}

static size_t record_bytes(const struct sender *s, const struct record *r)
{
	size_t bytes = r->head.identity_length + RECORD_OVERHEAD;
	unsigned i;

	for (i = 0; i < r->head.values; i++) {
		const char *name = ledger_field_name(s->ledger, r->values[i].number);

		bytes += r->values[i].length + (name ? strlen(name) : 0) + 4;
	}
	return bytes;
}

/* A creating call is marked before it leaves: after a crash its records are looked up first. */
static void mark_started(struct sender *s, struct record *r)
{
	struct error err = {0};

	if (r->chunk->started || !sender_write(s))
		return;
	sender_check(s, change_started(s->job->store, s->run->id, r->chunk->number, &err), &err);
	r->chunk->started = true;
}

/* A value with a comma is looked up in a call of its own (marketo-api 5). One a batch: what a batch has not brought to its end when the quota is used up is asked
 * for again, and hundreds of calls in one would never end where a day has few. */
static bool needs_own_look_up(const struct record *r)
{
	return memchr(r->head.identity, ',', r->head.identity_length);
}

static void form_call(struct sender *s, struct queue *queue)
{
	struct call *call = new_call(s, queue);
	/* Reading a list costs the same for many as for one. */
	size_t most = queue->stage == STAGE_ROSTER && queue->count > MARKETO_BATCH ? queue->count : MARKETO_BATCH, bytes = 0;

	if (most > MARKETO_BATCH)
		call->records = mem_realloc(call->records, most * sizeof(void *));
	while (queue->first && call->count < most) {
		struct record *r = queue->first;

		if (queue->stage == STAGE_LOOKUP && call->count && needs_own_look_up(r))
			break;
		if (queue->stage == STAGE_CREATE || queue->stage == STAGE_UPDATE) {
			bytes += record_bytes(s, r);
			if (bytes > MARKETO_BODY_SAFE && call->count)
				break;
		}
		queue->first = r->next;
		if (!queue->first)
			queue->last = NULL;
		queue->count--;
		call->records[call->count++] = r;
		if (queue->stage == STAGE_CREATE)
			mark_started(s, r);
	}
}

/* Until it is known whether people mostly exist, few creating calls leave at once. Additions wait for those who leave. A list is read when nobody else could be sought in it. */
static bool may_start(const struct sender *s, const struct queue *queue)
{
	if (queue->stage == STAGE_ADD && s->leaving)
		return false;
	if (queue->stage == STAGE_ROSTER)
		return s->calls == 0 && !sender_hungry(s);
	return queue->stage != STAGE_CREATE || s->in_flight[STAGE_CREATE] < PROBE_CALLS || s->created_seen + s->existed_seen >= PROBE_RECORDS;
}

/* Can anything still come into this queue? Then it waits to be full. */
static bool nothing_comes(const struct sender *s, const struct queue *queue)
{
	if (s->calls == 0)
		return true;
	if (queue->stage >= STAGE_REMOVE)
		return s->pending[queue->index] == 0;
	return s->in_flight[STAGE_LOOKUP] + s->in_flight[STAGE_CREATE] + s->in_flight[STAGE_UPDATE] == 0;
}

/* The queue whose call should leave next: full ones, latest stage first; without more to load also those that nothing can fill any more. */
static struct queue *next_queue(struct sender *s, bool feeding)
{
	struct queue *fullest = NULL;
	size_t i;

	for (i = s->queue_count; i-- > 0;) {
		struct queue *queue = &s->queues[i];

		if (queue->count >= MARKETO_BATCH && may_start(s, queue))
			return queue;
		if (queue->count && may_start(s, queue) && (!fullest || queue->count > fullest->count))
			fullest = queue;
	}
	if (feeding)
		return NULL;
	for (i = s->queue_count; s->fed && i-- > 0;)
		if (s->queues[i].count && may_start(s, &s->queues[i]) && nothing_comes(s, &s->queues[i]))
			return &s->queues[i];
	/* Memory is full of partial batches: the fullest goes as it is. */
	return s->fed ? NULL : fullest;
}

static void pump(struct sender *s)
{
	size_t most = (size_t)(s->job->account->concurrent > 0 ? s->job->account->concurrent : 1);
	struct error err = {0};

	while (s->halt == HALT_NO && !s->paused && s->calls < most) {
		bool feeding = sender_hungry(s);
		struct queue *queue = next_queue(s, feeding);

		if (queue)
			form_call(s, queue);
		else if (feeding)
			sender_check(s, sender_feed(s, &err), &err);
		else
			break;
	}
}

static void note_calls(struct sender *s)
{
	const int64_t *now = marketo_calls(s->job->marketo);
	int kind;

	for (kind = 0; kind < CALL_KINDS; kind++)
		s->run->calls[kind] = s->calls_before[kind] + now[kind] - s->calls_base[kind];
}

/* Over the last seconds. Whoever watches from elsewhere reads it in the run's row. */
static void note_rate(struct sender *s)
{
	int64_t now = clock_mono_ms();
	double fresh;

	if (now - s->rate_ms < RATE_MS)
		return;
	fresh = (double)(s->finished - s->rate_finished) * 1000.0 / (double)(now - s->rate_ms);
	s->rate = s->rate > 0 ? 0.8 * s->rate + 0.2 * fresh : fresh;
	s->rate_ms = now;
	s->rate_finished = s->finished;
}

static enum status save_chunks(struct sender *s, struct error *err)
{
	struct chunk *chunk, *next;
	enum status status = STATUS_OK;

	for (chunk = s->chunks; status == STATUS_OK && chunk; chunk = next) {
		next = chunk->next;
		if (chunk->left == 0) {
			status = change_finished(s->job->store, s->run->id, chunk->number, err);
			sender_drop(s, chunk);
		} else if (chunk->dirty) {
			status = change_progress(s->job->store, s->run->id, chunk->number, chunk->done, err);
			chunk->dirty = false;
		}
	}
	return status;
}

/* Ledger, counters, progress and failures of this turn become durable together. */
static void commit(struct sender *s)
{
	struct error err = {0};
	enum status status;

	if (!s->open)
		return;
	note_calls(s);
	note_rate(s);
	s->run->records_per_second = s->rate;
	status = save_chunks(s, &err);
	if (status == STATUS_OK)
		status = run_save(s->job->store, s->run, &err);
	if (status == STATUS_OK && !s->broken)
		status = store_commit(s->job->store, &err);
	else
		store_rollback(s->job->store);
	s->open = false;
	sender_check(s, status, &err);
}

static void depart(struct sender *s)
{
	while (s->ready) {
		struct call *call = s->ready;

		s->ready = call->next;
		call->next = NULL;
		call_depart(call);
	}
}

static void show(struct sender *s)
{
	struct engine_progress progress = {.phase = ENGINE_SENDING, .done = s->finished, .total = s->total, .run = s->run, .seconds_left = -1};
	int64_t now = clock_mono_ms();

	if (!s->job->progress || now - s->shown_ms < SHOW_MS)
		return;
	note_rate(s);
	s->shown_ms = now;
	note_calls(s);
	progress.records_per_second = s->rate;
	if (s->rate > 0)
		progress.seconds_left = (int64_t)((double)(s->total - s->finished) / s->rate);
	gate_state(marketo_gate(s->job->marketo), &progress.gate);
	s->job->progress(s->job->self, &progress);
}

static void look_for_halt(struct sender *s)
{
	int64_t ended = s->run->activated + s->run->failed;
	struct error err = {0};

	if (s->halt == HALT_NO && s->job->stop && *s->job->stop) {
		error_set(&err, STATUS_STOPPED, "stopped", _("stopped; the next run goes on from here"));
		sender_halt(s, HALT_STOPPED, &err);
	}
	if (s->halt == HALT_NO && s->job->stop_at_failures && ended >= JUDGED_RECORDS && s->run->failed * 100 >= ended * s->job->stop_at_failures) {
		error_set(&err, STATUS_STOPPED, "too_many_failures", _("stopped: %lld of %lld records failed"), (long long)s->run->failed, (long long)ended);
		error_hint(&err, _("`penstock failures %lld` explains them; the next run goes on from here"), (long long)s->run->id);
		sender_halt(s, HALT_STOPPED, &err);
	}
}

/* A wish to pause is looked for some times a second. Calls under way end as they would; their answers are written down. */
static void look_for_pause(struct sender *s)
{
	int64_t now = clock_mono_ms();
	struct error err = {0};
	bool wanted;

	if (s->halt != HALT_NO || (s->looked_ms && now - s->looked_ms < PAUSE_MS))
		return;
	s->looked_ms = now;
	sender_check(s, run_pause_wanted(s->job->store, s->run->id, &wanted, &err), &err);
	if (s->halt != HALT_NO || wanted == s->paused)
		return;
	s->paused = wanted;
	s->run->state = wanted ? RUN_PAUSED : RUN_RUNNING;
	s->shown_ms = 0;
	sender_write(s); /* with the next commit */
}

static void heard_usage(void *self, const struct marketo_answer *answer, int64_t total)
{
	/* The client has told the gate, which is all that is wanted of it. */
	(void)self;
	(void)answer;
	(void)total;
}

/* What others use of the instance shows in a long run, too. */
static void ask_for_usage(struct sender *s)
{
	int64_t now = clock_mono_ms();

	if (s->halt != HALT_NO || s->paused || now - s->usage_ms < USAGE_MS)
		return;
	s->usage_ms = now;
	usage_fetch(s->job->marketo, heard_usage, NULL);
}

static void turn(struct sender *s)
{
	look_for_halt(s);
	look_for_pause(s);
	ask_for_usage(s);
	pump(s);
	commit(s);
	/* What could not be written down must not happen: a creating call that nobody knows of would be sent again without a look-up. */
	if (s->broken)
		marketo_stop(s->job->marketo);
	/* Calls formed before a halt still leave: their records are in no queue. A stopped client answers them at once. */
	depart(s);
	show(s);
	s->done = s->calls == 0 && !s->open && (s->halt != HALT_NO || (s->fed && !s->chunks));
}

static void work(struct sender *s)
{
	int64_t stopped_at = 0;

	for (turn(s); !s->done; turn(s)) {
		if (s->calls || s->halt != HALT_NO || s->paused)
			loop_turn(s->job->loop, TURN_MS);
		if (s->halt == HALT_NO)
			continue;
		if (!stopped_at) {
			stopped_at = clock_mono_ms();
			marketo_stop(s->job->marketo);
		} else if (s->halt == HALT_STOPPED && clock_mono_ms() - stopped_at > WAIT_GRACE_MS) {
			marketo_cancel_all(s->job->marketo);
		}
	}
}

static enum status judge_end(struct sender *s, struct error *err)
{
	struct run *run = s->run;

	switch (s->halt) {
	case HALT_STOPPED:
		run->state = RUN_STOPPED;
		*err = s->error;
		return err->status = STATUS_STOPPED;
	case HALT_QUOTA:
		run->state = RUN_WAITING;
		*err = s->error;
		return err->status = STATUS_STOPPED;
	case HALT_ERROR:
		run->state = RUN_FAILED;
		*err = s->error;
		return err->status;
	case HALT_NO:
		break;
	}
	run->state = run->failed ? RUN_PARTIAL : RUN_SUCCESS;
	return run->failed ? STATUS_PARTIAL : STATUS_OK;
}

/* Counters in memory may hold events that were rolled back: the store's are the true ones, all but the calls, which did leave. */
static void fall_back(struct sender *s)
{
	struct run stored;
	int64_t calls[CALL_KINDS];

	run_init(&stored);
	if (run_get(s->job->store, s->run->id, &stored, NULL) != STATUS_OK) {
		run_done(&stored);
		return;
	}
	memcpy(calls, s->run->calls, sizeof calls);
	run_done(s->run);
	*s->run = stored;
	memcpy(s->run->calls, calls, sizeof calls);
}

static void sender_done(struct sender *s)
{
	struct call *call, *next;

	while (s->chunks)
		sender_drop(s, s->chunks);
	for (call = s->free_calls; call; call = next) {
		next = call->next;
		mem_free(call->records);
		str_done(&call->body);
		mem_free(call);
	}
	mem_free(s->queues);
	mem_free(s->pending);
}

enum status send_changes(const struct engine_job *job, const struct recipe *recipe, struct ledger *ledger, struct run *run, bool resumed, const int64_t calls_base[CALL_KINDS],
	struct error *err)
{
	struct sender s = {.job = job, .recipe = recipe, .ledger = ledger, .run = run, .resumed = resumed, .rate_ms = clock_mono_ms(), .usage_ms = clock_mono_ms()};
	int64_t chunks;
	enum status status = change_left(job->store, run->id, &chunks, &s.total, err), saved;

	if (status != STATUS_OK)
		return status;
	s.pending = mem_array(run->audiences.count, sizeof *s.pending);
	memcpy(s.calls_before, run->calls, sizeof s.calls_before);
	memcpy(s.calls_base, calls_base, sizeof s.calls_base);
	make_queues(&s);
	work(&s);
	note_calls(&s);
	if (s.broken)
		fall_back(&s);
	status = judge_end(&s, err);
	run->records_per_second = 0;
	run->ended_at = clock_wall_ms();
	saved = run_save(job->store, run, status == STATUS_OK ? err : NULL);
	sender_done(&s);
	return status == STATUS_OK || status == STATUS_PARTIAL ? (saved == STATUS_OK ? status : saved) : status;
}
