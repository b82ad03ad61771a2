/*
 * The gate. Two windows are kept as rings of times: when permits were given (our own limit), and when calls ended (Marketo's limit).
 * A call may have arrived at the server at any moment between its permit and its end, so only a call that ended more than 20 s ago has surely left
 * the server's window: calls in flight plus calls ended within 20 s may never pass Marketo's limit.
 */
#include "net/gate.h"

#include "base/clock.h"
#include "base/mem.h"

#include <stddef.h>

enum {
	CALLS_MAX = 100000,         /* beyond any instance's limit */
	WINDOW_MS = 20000,          /* Marketo's rate limit is 100 calls in 20 s (marketo-api 3) */
	RECOVERY_MS = 60 * 1000,    /* after a push-back our share grows one step in this time */
	RECOVERY_STEPS = 10,        /* a step is this part of what is configured */
};

/* Times in the order they came; never more than `capacity`. */
struct ring {
	int64_t *at;
	int capacity, first, count;
};

struct ask {
	uint64_t id;
	gate_fn fn;
	void *self;
	struct ask *next;
};

/* A permit says nothing but that there is one. As many as may be in flight stand in the gate, free ones in a chain. */
struct gate_permit {
	bool given;
	struct gate_permit *next;
};

struct gate {
	struct loop *loop;
	struct gate_options options;
	struct ring permits, ended;
	struct gate_permit *pool, *free;
	int in_flight;
	int calls_share, concurrent_share; /* what is ours at present: options, or less after push-backs */
	int64_t recover_at;                /* mono ms of the next step up; 0: nothing to recover */
	int64_t held_until;                /* mono ms */
	int64_t used_today, told_today;    /* own calls since the reset or the last word; the last word of usage.json, -1: none */
	int64_t reset_at;                  /* wall ms */
	bool exhausted, closed, pumping;
	struct ask *first, **last;
	int waiting;
	uint64_t serial, timer;
};

static void ring_init(struct ring *ring, int capacity)
{
	*ring = (struct ring){ .at = mem_array((size_t)capacity, sizeof *ring->at), .capacity = capacity };
}

static void ring_push(struct ring *ring, int64_t time)
{
	if (ring->count == ring->capacity) { /* cannot be while the limits are kept; the oldest is the least worth */
		ring->first = (ring->first + 1) % ring->capacity;
		ring->count--;
	}
	ring->at[(ring->first + ring->count++) % ring->capacity] = time;
}

/* Forgets times that have left the window. Times are whole milliseconds cut off, so a time counts until more than 20,000 ms have gone by. */
static void ring_expire(struct ring *ring, int64_t now)
{
	while (ring->count && now - ring->at[ring->first] > WINDOW_MS) {
		ring->first = (ring->first + 1) % ring->capacity;
		ring->count--;
	}
}

/* How long until at most `most` times are left in the window. */
static int64_t ring_wait(const struct ring *ring, int most, int64_t now)
{
	if (ring->count <= most)
		return 0;
	return ring->at[(ring->first + ring->count - most - 1) % ring->capacity] + WINDOW_MS + 1 - now;
}

static int at_least_1(int value)
{
	return value > 0 ? value : 1;
}

static int within(int value, int most)
{
	return at_least_1(value < most ? value : most);
}

static void make_pool(struct gate *gate, int count)
{
	gate->pool = mem_array((size_t)count, sizeof *gate->pool);
	for (int i = 0; i < count; i++) {
		gate->pool[i].next = gate->free;
		gate->free = &gate->pool[i];
	}
}

struct gate *gate_new(struct loop *loop, const struct gate_options *options)
{
	struct gate *gate = mem_alloc(sizeof *gate);

	gate->loop = loop;
	gate->options = *options;
	gate->options.calls_per_20s = within(options->calls_per_20s, CALLS_MAX);
	gate->options.hard_calls = within(options->hard_calls, CALLS_MAX);
	if (gate->options.hard_calls < gate->options.calls_per_20s)
		gate->options.hard_calls = gate->options.calls_per_20s;
	gate->options.concurrent = within(options->concurrent, gate->options.hard_calls);
	make_pool(gate, gate->options.concurrent);
	gate->calls_share = gate->options.calls_per_20s;
	gate->concurrent_share = gate->options.concurrent;
	ring_init(&gate->permits, gate->options.calls_per_20s);
	ring_init(&gate->ended, gate->options.hard_calls);
	gate->told_today = -1;
	gate->reset_at = clock_next_quota_reset(clock_wall_ms());
	gate->last = &gate->first;
	return gate;
}

void gate_free(struct gate *gate)
{
	if (!gate)
		return;
	loop_cancel(gate->loop, gate->timer);
	while (gate->first) {
		struct ask *ask = gate->first;

		gate->first = ask->next;
		mem_free(ask);
	}
	mem_free(gate->pool);
	mem_free(gate->permits.at);
	mem_free(gate->ended.at);
	mem_free(gate);
}

static int64_t used(const struct gate *gate)
{
	return gate->used_today + (gate->told_today > 0 ? gate->told_today : 0);
}

/* At midnight US Central the quota is whole again. */
static void renew_quota(struct gate *gate)
{
	int64_t now = clock_wall_ms();

	if (now < gate->reset_at)
		return;
	gate->reset_at = clock_next_quota_reset(now);
	gate->used_today = 0;
	gate->told_today = gate->told_today < 0 ? -1 : 0;
	gate->exhausted = false;
}

/* Steps our share up again, one step a minute since the last push-back. */
static void recover(struct gate *gate, int64_t now)
{
	while (gate->recover_at && now >= gate->recover_at) {
		gate->calls_share += at_least_1(gate->options.calls_per_20s / RECOVERY_STEPS);
		gate->concurrent_share++;
		if (gate->calls_share > gate->options.calls_per_20s)
			gate->calls_share = gate->options.calls_per_20s;
		if (gate->concurrent_share > gate->options.concurrent)
			gate->concurrent_share = gate->options.concurrent;
		gate->recover_at += RECOVERY_MS;
		if (gate->calls_share == gate->options.calls_per_20s && gate->concurrent_share == gate->options.concurrent)
			gate->recover_at = 0;
	}
}

static int64_t quota_limit(const struct gate *gate)
{
	return gate->options.daily_calls / 100 * gate->options.quota_stop + gate->options.daily_calls % 100 * gate->options.quota_stop / 100;
}

static bool quota_reached(const struct gate *gate)
{
	return gate->exhausted || used(gate) >= quota_limit(gate);
}

/* 0: a call may leave now; > 0: look again after so many ms; -1: only the end of a call can change it. */
static int64_t closed_for(const struct gate *gate, int64_t now)
{
	int64_t wait = gate->held_until > now ? gate->held_until - now : 0, other;

	if (gate->in_flight >= gate->concurrent_share)
		return -1;
	other = ring_wait(&gate->permits, gate->calls_share - 1, now);
	wait = other > wait ? other : wait;
	other = ring_wait(&gate->ended, gate->options.hard_calls - gate->in_flight - 1, now);
	return other > wait ? other : wait;
}

static int64_t look(struct gate *gate)
{
	int64_t now = clock_mono_ms();

	renew_quota(gate);
	recover(gate, now);
	ring_expire(&gate->permits, now);
	ring_expire(&gate->ended, now);
	return closed_for(gate, now);
}

static struct gate_permit *grant(struct gate *gate)
{
	struct gate_permit *permit = gate->free;

	gate->free = permit->next;
	permit->given = true;
	ring_push(&gate->permits, clock_mono_ms());
	gate->in_flight++;
	gate->used_today++;
	return permit;
}

static struct ask take_first(struct gate *gate)
{
	struct ask *ask = gate->first, taken = *ask;

	gate->first = ask->next;
	if (!gate->first)
		gate->last = &gate->first;
	gate->waiting--;
	mem_free(ask);
	return taken;
}

/* Answers the first question. False: it has to wait; *wait says how long. */
static bool answer_first(struct gate *gate, int64_t *wait)
{
	struct ask ask;

	*wait = look(gate);
	if (!gate->closed && !quota_reached(gate) && *wait != 0)
		return false;
	ask = take_first(gate);
	if (gate->closed)
		ask.fn(ask.self, GATE_CLOSED, NULL);
	else if (quota_reached(gate))
		ask.fn(ask.self, GATE_QUOTA, NULL);
	else
		ask.fn(ask.self, GATE_GO, grant(gate));
	return true;
}

static void pump(struct gate *gate);

static void on_timer(void *self)
{
	struct gate *gate = self;

	gate->timer = 0;
	pump(gate);
}

/* Answers in the order of asking as far as the limits allow, then sleeps until they allow more. An answer may ask again: it is served by the loop here. */
static void pump(struct gate *gate)
{
	int64_t wait = 0;

	if (gate->pumping)
		return;
	gate->pumping = true;
	while (gate->first && answer_first(gate, &wait))
		;
	gate->pumping = false;
	loop_cancel(gate->loop, gate->timer);
	gate->timer = 0;
	if (gate->first && wait > 0)
		gate->timer = loop_after(gate->loop, wait, on_timer, gate);
}

uint64_t gate_ask(struct gate *gate, gate_fn fn, void *self)
{
	struct ask *ask = mem_alloc(sizeof *ask);
	uint64_t id = ++gate->serial;

	*ask = (struct ask){ .id = id, .fn = fn, .self = self };
	*gate->last = ask;
	gate->last = &ask->next;
	gate->waiting++;
	pump(gate);
	/* Questions are answered in the order of their ids: this one still waits if the first one is not younger. */
	return gate->first && gate->first->id <= id ? id : 0;
}

void gate_forget(struct gate *gate, uint64_t id)
{
	for (struct ask **at = &gate->first; *at; at = &(*at)->next) {
		struct ask *ask = *at;

		if (ask->id != id)
			continue;
		*at = ask->next;
		if (!ask->next)
			gate->last = at;
		gate->waiting--;
		mem_free(ask);
		return;
	}
}

void gate_done(struct gate *gate, struct gate_permit *permit, bool counted)
{
	if (!permit || !permit->given)
		return;
	permit->given = false;
	permit->next = gate->free;
	gate->free = permit;
	gate->in_flight--;
	/* What the server does not count it may still have counted when it came: only the quota is given back. */
	if (!counted && gate->used_today > 0)
		gate->used_today--;
	ring_push(&gate->ended, clock_mono_ms());
	pump(gate);
}

void gate_pushed_back(struct gate *gate, bool concurrency, int64_t ms)
{
	int64_t now = clock_mono_ms();
	bool holding = gate->held_until > now;

	if (ms > 0 && now + ms > gate->held_until)
		gate->held_until = now + ms;
	/* The calls that were in flight together are all refused together: that is one piece of news. */
	if (holding)
		return;
	if (concurrency)
		gate->concurrent_share = at_least_1(gate->concurrent_share - 1);
	else
		gate->calls_share = at_least_1(gate->calls_share - gate->calls_share / 4);
	gate->recover_at = now + RECOVERY_MS;
	pump(gate);
}

void gate_quota_exhausted(struct gate *gate)
{
	renew_quota(gate);
	gate->exhausted = true;
	pump(gate);
}

void gate_usage(struct gate *gate, int64_t used_today)
{
	int64_t known;

	renew_quota(gate);
	known = used(gate);
	if (used_today < 0)
		return;
	/* The server's figure lags behind a little: what we have counted ourselves is never less. */
	gate->told_today = used_today > known ? used_today : known;
	gate->used_today = 0;
	pump(gate);
}

void gate_close(struct gate *gate)
{
	gate->closed = true;
	pump(gate);
}

void gate_state(const struct gate *gate, struct gate_state *out)
{
	/* Looking lets times run out, which changes nothing anybody could tell. */
	int64_t wait = look((struct gate *)gate);

	*out = (struct gate_state){
		.used_today = gate->told_today < 0 ? -1 : used(gate),
		.quota = gate->options.daily_calls,
		.in_window = gate->permits.count,
		.in_flight = gate->in_flight,
		.waiting = gate->waiting,
		.opens_in_ms = wait < 0 ? 0 : wait,
	};
}
