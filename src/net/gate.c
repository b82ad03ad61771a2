/*
 * The gate: questions in the order they came, and timers that ask the book (net/book.h) again. A gate that shares takes the book from the shelf for every look, and puts it back
 * before anybody is called: a call leaves only after its permit has been written down. What is still to be told of calls that have ended, and whatever the book has lost of ours,
 * is told at the next look.
 */
#include "net/gate.h"

#include "base/alive.h"
#include "base/clock.h"
#include "base/mem.h"
#include "net/book.h"
#include "net/shelf.h"

#include <stddef.h>
#include <string.h>
#include <unistd.h>

enum {
	TURN_MS = 5,     /* the gate is open and it is another process's turn: it takes it now, or not at all */
	END_MS = 20,     /* only the end of a call opens it, maybe of another process's */
	NEWS_MS = 1000,  /* however long the wait is, somebody may have been told of the quota's end */
	ALIVE_MS = 200,  /* how often those who wait look whether the others live */
};

struct ask {
	uint64_t id;
	gate_fn fn;
	void *self;
	struct ask *next;
};

/* A permit says nothing but that there is one. They stand in the gate, free ones in a chain. */
struct gate_permit {
	enum { PERMIT_FREE, PERMIT_GIVEN, PERMIT_BACK /* the book does not know yet */ } state;
	bool counted;
	uint64_t number;
	int64_t since;
	struct gate_permit *next;
};

struct gate {
	struct loop *loop;
	struct book_limits limits;
	void (*alone)(void *self, const char *why);
	void *self;
	struct shelf *shelf; /* NULL: it counts alone */
	struct book *book;   /* as it was at the last look */
	bool changed;        /* since it was taken from the shelf */
	uint64_t name, start;/* in the book: whose we are, and since when our process is */
	struct gate_permit *pool, *free;
	int pool_count;
	bool closed, pumping;
	struct ask *first, **last;
	int waiting;
	uint64_t serial, timer;
};

static int within(int value, int most)
{
	value = value < most ? value : most;
	return value > 0 ? value : 1;
}

static void make_pool(struct gate *gate)
{
	/* Those that have come back are told to the book, at the latest, with the next permit that is given. */
	gate->pool_count = 2 * gate->limits.concurrent;
	gate->pool = mem_array((size_t)gate->pool_count, sizeof *gate->pool);
	for (int i = 0; i < gate->pool_count; i++) {
		gate->pool[i].next = gate->free;
		gate->free = &gate->pool[i];
	}
}

/* Unlike any other of this user on this machine, as long as its process lives. */
static uint64_t new_name(void)
{
	static uint32_t serial;

	return (uint64_t)getpid() << 32 | ++serial;
}

static void count_alone(struct gate *gate, const struct error *why)
{
	shelf_close(gate->shelf);
	gate->shelf = NULL;
	if (gate->alone)
		gate->alone(gate->self, why->message);
	gate->alone = NULL;
}

/* What is asked for, brought into what makes sense. */
static struct book_limits limits_of(const struct gate_options *options)
{
	struct book_limits limits = {
		.calls = within(options->calls_per_20s, BOOK_CALLS_MAX),
		.hard_calls = within(options->hard_calls, BOOK_CALLS_MAX),
		.daily_calls = options->daily_calls,
		.quota_stop = options->quota_stop,
		.daily_cap = options->daily_cap,
	};

	if (limits.hard_calls < limits.calls)
		limits.hard_calls = limits.calls;
	limits.concurrent = within(within(options->concurrent, BOOK_FLIGHTS), limits.hard_calls);
	return limits;
}

struct gate *gate_new(struct loop *loop, const struct gate_options *options)
{
	struct gate *gate = mem_alloc(sizeof *gate);
	struct error err = { 0 };

	gate->loop = loop;
	gate->limits = limits_of(options);
	make_pool(gate);
	gate->alone = options->alone;
	gate->self = options->self;
	gate->name = new_name();
	gate->start = alive_since(getpid());
	gate->book = mem_alloc(sizeof *gate->book);
	book_begin(gate->book, clock_wall_ms());
	gate->last = &gate->first;
	if (options->instance && !(gate->shelf = shelf_open(options->instance, &err)))
		count_alone(gate, &err);
	return gate;
}

/* Whom nothing can be expected of any more: it is gone, or stopped. */
static void look_who_lives(struct gate *gate, int64_t now)
{
	struct book *book = gate->book;

	if (!gate->shelf || now - book->looked_at < ALIVE_MS)
		return;
	book->looked_at = now;
	gate->changed = true;
	for (int64_t i = book->slot_count; i-- > 0;) {
		struct book_slot *slot = &book->slot[i];
		enum alive alive = slot->id == gate->name ? ALIVE_RUNS : alive_look((pid_t)slot->pid, slot->start);

		slot->stopped = alive == ALIVE_STOPPED;
		if (alive == ALIVE_GONE)
			book_leave(book, slot->id);
	}
}

/* Tells the book what it does not know of our calls. */
static void settle(struct gate *gate, int64_t now)
{
	for (int i = 0; i < gate->pool_count; i++) {
		struct gate_permit *permit = &gate->pool[i];

		if (permit->state == PERMIT_FREE)
			continue;
		if (permit->state == PERMIT_GIVEN) {
			if (!book_has(gate->book, gate->name, permit->number) && book_find_again(gate->book, gate->name, permit->number, permit->since))
				gate->changed = true;
			continue;
		}
		book_end(gate->book, gate->name, permit->number, permit->counted, now);
		gate->changed = true;
	}
}

static void free_permit(struct gate *gate, struct gate_permit *permit)
{
	permit->state = PERMIT_FREE;
	permit->next = gate->free;
	gate->free = permit;
}

/* What the book has been told is not told again: after it is safely back. */
static void forget_ended(struct gate *gate)
{
	for (int i = 0; i < gate->pool_count; i++) {
		if (gate->pool[i].state == PERMIT_BACK)
			free_permit(gate, &gate->pool[i]);
	}
}

/* Takes the book and brings it up to now. Our slot in it, NULL: it is full of others. */
static struct book_slot *take(struct gate *gate)
{
	struct error err = { 0 };
	struct book_slot *slot;
	int64_t now;

	if (gate->shelf && !shelf_take(gate->shelf, gate->book, &err))
		count_alone(gate, &err);
	now = clock_mono_ms();
	gate->changed = false;
	book_pass(gate->book, now, clock_wall_ms());
	settle(gate, now);
	if (gate->waiting)
		look_who_lives(gate, now);
	slot = book_enter(gate->book, getpid(), gate->start, gate->name);
	if (slot)
		slot->stopped = 0;
	return slot;
}

/* False: what was decided over the book is void. */
static bool put(struct gate *gate)
{
	struct error err = { 0 };

	if (gate->shelf && !shelf_put(gate->shelf, gate->book, gate->changed, &err)) {
		if (!*err.message)
			return false;
		count_alone(gate, &err);
	}
	forget_ended(gate);
	return true;
}

void gate_free(struct gate *gate)
{
	if (!gate)
		return;
	loop_cancel(gate->loop, gate->timer);
	if (gate->shelf)
		do {
			take(gate);
			book_leave(gate->book, gate->name);
			gate->changed = true;
		} while (!put(gate));
	shelf_close(gate->shelf);
	while (gate->first) {
		struct ask *ask = gate->first;

		gate->first = ask->next;
		mem_free(ask);
	}
	mem_free(gate->pool);
	mem_free(gate->book);
	mem_free(gate);
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

/* How long to sleep when the book says `wait`: the others may have changed it by then. */
static int64_t sleep_for(const struct gate *gate, int64_t wait)
{
	if (!gate->shelf)
		return wait;
	if (wait < 0)
		return END_MS;
	return wait == 0 ? TURN_MS : wait < NEWS_MS ? wait : NEWS_MS;
}

static void wait_turn(struct gate *gate, struct book_slot *slot)
{
	if (slot && !slot->turn) {
		slot->turn = ++gate->book->serial;
		gate->changed = true;
	}
}

static void end_turn(struct gate *gate, struct book_slot *slot)
{
	if (!slot || !slot->turn)
		return;
	slot->turn = 0;
	gate->changed = true;
}

static struct gate_permit *grant(struct gate *gate, struct book_slot *slot)
{
	struct gate_permit *permit = gate->free;
	int64_t now = clock_mono_ms();

	gate->free = permit->next;
	permit->state = PERMIT_GIVEN;
	permit->number = ++gate->serial;
	permit->since = now;
	book_grant(gate->book, gate->name, permit->number, now);
	gate->changed = true;
	/* Whoever goes stands in line again behind those who wait. */
	end_turn(gate, slot);
	if (gate->waiting > 1)
		wait_turn(gate, slot);
	return permit;
}

/* Looks once. *wait: how long until the next look is worth while; the permit if the first question has one now. */
static enum gate_answer look(struct gate *gate, struct gate_permit **permit, int64_t *wait)
{
	struct book_slot *slot, *first;

	*permit = NULL;
	do {
		if (*permit)
			free_permit(gate, *permit);
		slot = take(gate);
		*permit = NULL;
		*wait = book_closed_for(gate->book, &gate->limits, clock_mono_ms());
		first = book_first(gate->book);
		if (!gate->waiting || gate->closed || book_quota_reached(gate->book, &gate->limits)) {
			end_turn(gate, slot);
		} else if (*wait == 0 && slot && gate->free && (!first || first == slot)) {
			*permit = grant(gate, slot);
		} else {
			if (*wait == 0 && first && first != slot)
				gate->changed |= book_pass_over(gate->book, first, clock_mono_ms());
			wait_turn(gate, slot);
			*wait = sleep_for(gate, *wait);
		}
	} while (!put(gate));
	return *permit ? GATE_GO : gate->closed ? GATE_CLOSED : GATE_QUOTA;
}

/* Answers the first question. False: it has to wait; *wait says how long, -1: for the end of a call of ours. */
static bool answer_first(struct gate *gate, int64_t *wait)
{
	struct gate_permit *permit;
	enum gate_answer answer = look(gate, &permit, wait);
	struct ask ask;

	if (!permit && !gate->closed && !book_quota_reached(gate->book, &gate->limits))
		return false;
	ask = take_first(gate);
	ask.fn(ask.self, answer, permit);
	return true;
}

static void tell(struct gate *gate);

static void on_timer(void *self)
{
	struct gate *gate = self;

	gate->timer = 0;
	tell(gate);
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

static void look_later(struct gate *gate)
{
	loop_cancel(gate->loop, gate->timer);
	gate->timer = loop_after(gate->loop, 0, on_timer, gate);
}

/* A look without a question: for what the book should know at once. */
static void tell(struct gate *gate)
{
	struct gate_permit *permit;
	int64_t wait;

	if (gate->first)
		pump(gate);
	else
		look(gate, &permit, &wait);
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
		/* The others need not wait for us. */
		if (!gate->first && gate->shelf)
			look_later(gate);
		return;
	}
}

void gate_done(struct gate *gate, struct gate_permit *permit, bool counted)
{
	if (!permit || permit->state != PERMIT_GIVEN)
		return;
	permit->state = PERMIT_BACK;
	permit->counted = counted;
	tell(gate);
}

void gate_pushed_back(struct gate *gate, bool concurrency, int64_t ms)
{
	do {
		take(gate);
		book_pushed_back(gate->book, &gate->limits, concurrency, ms, clock_mono_ms());
		gate->changed = true;
	} while (!put(gate));
	pump(gate);
}

void gate_quota_exhausted(struct gate *gate)
{
	do {
		take(gate);
		book_exhausted(gate->book, clock_wall_ms());
		gate->changed = true;
	} while (!put(gate));
	pump(gate);
}

void gate_usage(struct gate *gate, int64_t used_today, int64_t asked_at)
{
	do {
		take(gate);
		book_usage(gate->book, &gate->limits, used_today, asked_at, clock_mono_ms());
		gate->changed = true;
	} while (!put(gate));
	pump(gate);
}

void gate_trouble(struct gate *gate, const char *code)
{
	do {
		take(gate);
		pulse_note(&gate->book->pulse, code, clock_wall_ms());
		gate->changed = true;
	} while (!put(gate));
}

void gate_close(struct gate *gate)
{
	gate->closed = true;
	pump(gate);
}

static void describe(const struct book *book, const struct book_limits *limits, struct gate_state *out)
{
	int64_t now = clock_mono_ms(), wait = book_closed_for(book, limits, now);

	*out = (struct gate_state){
		.used_today = book->told_today < 0 ? -1 : book_used(book),
		.quota = limits->daily_calls,
		.ours_today = book->own_today,
		.in_window = (int)book->permits.calls,
		.in_flight = (int)book->flight_count,
		.opens_in_ms = wait < 0 ? 0 : wait,
		.quota_reached = book_quota_reached(book, limits),
		.reset_at = book->reset_at,
		.troubles = (int)book->pulse.trouble_count,
	};
	memcpy(out->trouble, book->pulse.trouble, (size_t)out->troubles * sizeof *out->trouble);
	pulse_latency(&book->pulse, now, &out->latency);
}

void gate_state(const struct gate *gate, struct gate_state *out)
{
	/* Looking lets times run out, which changes nothing anybody could tell. */
	struct gate *same = (struct gate *)gate;

	do {
		take(same);
	} while (!put(same));
	describe(gate->book, &gate->limits, out);
	out->waiting = gate->waiting;
}

bool gate_look(const struct gate_options *options, struct gate_state *out)
{
	struct book *book = mem_alloc(sizeof *book);
	struct book_limits limits = limits_of(options);
	bool found = shelf_read(options->instance, book);

	if (found) {
		book_pass(book, clock_mono_ms(), clock_wall_ms());
		describe(book, &limits, out);
	}
	mem_free(book);
	return found;
}
