/*
 * The event loop over poll(2): unlike epoll it also takes plain files (a feed on standard input), and for a few hundred descriptors it is
 * as fast. A turn: hook, wait, descriptors, signals, timers.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* pipe2 */
#endif
#include "loop/loop.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/vec.h"
#include "loop/signals.h"
#include "loop/timers.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stddef.h>
#include <unistd.h>

struct watch {
	int events;      /* 0: the descriptor is not watched */
	uint64_t serial; /* changes with every loop_watch, so that an event for an earlier watch is not given to a later one */
	loop_fd_fn fn;
	void *self;
};

struct signal_watch {
	loop_signal_fn fn;
	void *self;
};

struct loop {
	VEC(struct watch) watches; /* by descriptor */
	VEC(struct pollfd) polled; /* the first is the signal pipe */
	VEC(uint64_t) asked;       /* parallel to polled: the serial of the watch */
	size_t watched;
	bool changed; /* polled must be built anew */
	uint64_t serial;
	struct timers timers;
	loop_timer_fn before_sleep;
	void *before_sleep_self;
	struct signal_watch signals[SIGNALS_MAX + 1];
	int pipe[2]; /* signal numbers: read end, write end */
	bool stopped;
};

struct loop *loop_new(void)
{
	struct loop *loop = mem_alloc(sizeof *loop);

	if (pipe2(loop->pipe, O_CLOEXEC | O_NONBLOCK) != 0) {
		mem_free(loop);
		return NULL;
	}
	loop->changed = true;
	return loop;
}

void loop_free(struct loop *loop)
{
	if (!loop)
		return;
	for (int i = 1; i <= SIGNALS_MAX; i++)
		if (loop->signals[i].fn)
			signals_restore(i, loop->pipe[1]);
	close(loop->pipe[0]);
	close(loop->pipe[1]);
	timers_done(&loop->timers);
	vec_done(&loop->watches);
	vec_done(&loop->polled);
	vec_done(&loop->asked);
	mem_free(loop);
}

void loop_watch(struct loop *loop, int fd, int events, loop_fd_fn fn, void *self)
{
	struct watch *watch;

	if (fd < 0)
		return;
	events &= LOOP_READ | LOOP_WRITE;
	if (!events && (size_t)fd >= loop->watches.count)
		return;
	while ((size_t)fd >= loop->watches.count)
		vec_push(&loop->watches, (struct watch){ 0 });
	watch = &loop->watches.at[fd];
	loop->watched += (size_t)(events != 0) - (size_t)(watch->events != 0);
	*watch = (struct watch){ .events = events, .serial = ++loop->serial, .fn = fn, .self = self };
	loop->changed = true;
}

uint64_t loop_after(struct loop *loop, int64_t ms, loop_timer_fn fn, void *self)
{
	int64_t due;

	if (__builtin_add_overflow(clock_mono_ms(), ms > 0 ? ms : 0, &due))
		due = INT64_MAX;
	return timers_add(&loop->timers, due, fn, self);
}

void loop_cancel(struct loop *loop, uint64_t id)
{
	timers_cancel(&loop->timers, id);
}

void loop_before_sleep(struct loop *loop, loop_timer_fn fn, void *self)
{
	loop->before_sleep = fn;
	loop->before_sleep_self = self;
}

void loop_signal(struct loop *loop, int signal_number, loop_signal_fn fn, void *self)
{
	if (signal_number < 1 || signal_number > SIGNALS_MAX)
		return;
	loop->signals[signal_number] = (struct signal_watch){ .fn = fn, .self = self };
	if (fn)
		signals_send_to(signal_number, loop->pipe[1]);
	else
		signals_restore(signal_number, loop->pipe[1]);
}

void loop_stop(struct loop *loop)
{
	loop->stopped = true;
}

static void ask(struct loop *loop, int fd, short events, uint64_t serial)
{
	vec_push(&loop->polled, ((struct pollfd){ .fd = fd, .events = events }));
	vec_push(&loop->asked, serial);
}

static void build_polled(struct loop *loop)
{
	if (!loop->changed)
		return;
	loop->changed = false;
	loop->polled.count = loop->asked.count = 0;
	ask(loop, loop->pipe[0], POLLIN, 0);
	for (size_t fd = 0; fd < loop->watches.count; fd++) {
		const struct watch *watch = &loop->watches.at[fd];
		int events = (watch->events & LOOP_READ ? POLLIN : 0) | (watch->events & LOOP_WRITE ? POLLOUT : 0);

		if (watch->events)
			ask(loop, (int)fd, (short)events, watch->serial);
	}
}

/* A hang-up or an error also counts as what is waited for: the read or write that follows meets it. */
static int events_of(short revents, int wanted)
{
	int events = 0;

	if (revents & POLLIN)
		events |= LOOP_READ;
	if (revents & POLLOUT)
		events |= LOOP_WRITE;
	if (revents & (POLLERR | POLLHUP | POLLNVAL))
		events |= LOOP_GONE | wanted;
	return events;
}

static void serve_descriptors(struct loop *loop, int ready)
{
	/* Handlers may change watches (and so grow that array), but `polled` is only built anew in the next turn. */
	for (size_t i = 1; i < loop->polled.count && ready > 0; i++) {
		struct pollfd polled = loop->polled.at[i];
		struct watch watch;

		if (!polled.revents)
			continue;
		ready--;
		watch = loop->watches.at[polled.fd];
		if (!watch.events || watch.serial != loop->asked.at[i])
			continue;
		/* Closed by its owner without a word: say it once, then never again. */
		if (polled.revents & POLLNVAL)
			loop_watch(loop, polled.fd, 0, NULL, NULL);
		watch.fn(watch.self, polled.fd, events_of(polled.revents, watch.events));
	}
}

static void serve_signals(struct loop *loop)
{
	unsigned char numbers[64];
	ssize_t got = read(loop->pipe[0], numbers, sizeof numbers); /* more than this: next turn */

	for (ssize_t i = 0; i < got; i++) {
		struct signal_watch watch = { 0 };

		if (numbers[i] <= SIGNALS_MAX)
			watch = loop->signals[numbers[i]];
		if (watch.fn)
			watch.fn(watch.self, numbers[i]);
	}
}

/* Timers set by the handlers wait for the next turn, so that one that always sets itself again cannot hold the loop. */
static void serve_timers(struct loop *loop)
{
	uint64_t limit = loop->timers.sequence;
	int64_t now = clock_mono_ms();
	struct timer timer;

	while (timers_take_due(&loop->timers, now, limit, &timer))
		timer.fn(timer.self);
}

/* How long poll may wait: up to the next timer and `most` (negative: without limit). */
static int wait_for(const struct loop *loop, int64_t most)
{
	const struct timer *first = timers_first(&loop->timers);
	int64_t ms = most;

	if (first) {
		int64_t left = first->due - clock_mono_ms();

		left = left > 0 ? left : 0;
		ms = ms < 0 || left < ms ? left : ms;
	}
	if (ms > 0)
		ms = clock_wait_ms(ms);
	return ms > INT_MAX ? INT_MAX : (int)ms;
}

static void run_hook(struct loop *loop)
{
	if (loop->before_sleep)
		loop->before_sleep(loop->before_sleep_self);
}

static void wait_and_serve(struct loop *loop, int64_t most)
{
	int ready;

	build_polled(loop);
	ready = poll(loop->polled.at, (nfds_t)loop->polled.count, wait_for(loop, most));
	if (ready > 0) {
		bool signalled = loop->polled.at[0].revents != 0;

		serve_descriptors(loop, ready - signalled);
		if (signalled)
			serve_signals(loop);
	}
	serve_timers(loop);
}

static bool is_over(const struct loop *loop, const bool *done)
{
	return loop->stopped || (done && *done);
}

void loop_run(struct loop *loop, const bool *done)
{
	while (!is_over(loop, done)) {
		run_hook(loop);
		if (is_over(loop, done) || (!loop->watched && !timers_first(&loop->timers)))
			break;
		wait_and_serve(loop, -1);
	}
	loop->stopped = false;
}

void loop_turn(struct loop *loop, int64_t ms)
{
	run_hook(loop);
	wait_and_serve(loop, ms > 0 ? ms : 0);
}
