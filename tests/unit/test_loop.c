/* The loop, on a clock that only the tests move: waiting moves it, so nothing here depends on real time. */
#include "base/clock.h"
#include "base/mem.h"
#include "loop/loop.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static int64_t now_ms;

static int64_t now(void *self)
{
	(void)self;
	return now_ms;
}

static int64_t pass(void *self, int64_t ms)
{
	(void)self;
	now_ms += ms;
	return 0;
}

static const struct clock_source source = { .mono_ms = now, .wall_ms = now, .wait_ms = pass };

/* What happened, as text: "a@10 b@20 ". */
struct diary {
	struct loop *loop;
	char text[4096];
	size_t length;
};

static void note(struct diary *diary, const char *what)
{
	int added = snprintf(diary->text + diary->length, sizeof diary->text - diary->length, "%s@%lld ", what, (long long)now_ms);

	assert_true(added > 0 && (size_t)added < sizeof diary->text - diary->length);
	diary->length += (size_t)added;
}

struct entry {
	struct diary *diary;
	const char *name;
	uint64_t cancel; /* a timer to cancel */
	bool stop, again;
};

static void on_timer(void *self)
{
	struct entry *entry = self;

	note(entry->diary, entry->name);
	loop_cancel(entry->diary->loop, entry->cancel);
	if (entry->stop)
		loop_stop(entry->diary->loop);
	if (entry->again)
		loop_after(entry->diary->loop, 0, on_timer, entry);
}

static int start(void **state)
{
	struct diary *diary = mem_alloc(sizeof *diary);

	now_ms = 0;
	clock_use(&source);
	diary->loop = loop_new();
	*state = diary;
	return diary->loop ? 0 : -1;
}

static int finish(void **state)
{
	struct diary *diary = *state;

	loop_free(diary->loop);
	mem_free(diary);
	clock_use(NULL);
	return 0;
}

static void test_timers_in_order(void **state)
{
	struct diary *diary = *state;
	struct entry a = { .diary = diary, .name = "a" }, b = { .diary = diary, .name = "b" }, c = { .diary = diary, .name = "c" };
	struct entry d = { .diary = diary, .name = "d" }, never = { .diary = diary, .name = "never" };

	loop_after(diary->loop, 30, on_timer, &c);
	loop_after(diary->loop, 10, on_timer, &a);
	loop_after(diary->loop, 20, on_timer, &b);
	loop_after(diary->loop, 10, on_timer, &d);
	loop_cancel(diary->loop, loop_after(diary->loop, 15, on_timer, &never));
	loop_cancel(diary->loop, 0);
	loop_cancel(diary->loop, 12345678901234);
	loop_run(diary->loop, NULL);
	assert_string_equal(diary->text, "a@10 d@10 b@20 c@30 ");
}

static void test_cancel_inside_a_handler(void **state)
{
	struct diary *diary = *state;
	struct entry a = { .diary = diary, .name = "a" }, b = { .diary = diary, .name = "b" }, c = { .diary = diary, .name = "c" };
	uint64_t first = loop_after(diary->loop, 10, on_timer, &a);

	a.cancel = loop_after(diary->loop, 10, on_timer, &b);
	c.cancel = first; /* fired by then, and its slot may be another timer's: an old id is unknown */
	loop_after(diary->loop, 10, on_timer, &c);
	loop_run(diary->loop, NULL);
	assert_string_equal(diary->text, "a@10 c@10 ");
}

static void test_old_ids_stay_unknown(void **state)
{
	struct diary *diary = *state;
	struct entry a = { .diary = diary, .name = "a" };
	uint64_t old = loop_after(diary->loop, 10, on_timer, &a), fresh;

	loop_cancel(diary->loop, old);
	fresh = loop_after(diary->loop, 10, on_timer, &a);
	assert_true(fresh != old && fresh > 0);
	loop_cancel(diary->loop, old);
	loop_run(diary->loop, NULL);
	assert_string_equal(diary->text, "a@10 ");
}

/* A timer that always sets itself again at once must not keep the loop from the rest of its turn. */
static void test_a_timer_set_by_a_timer_waits_a_turn(void **state)
{
	struct diary *diary = *state;
	struct entry a = { .diary = diary, .name = "a", .again = true };

	loop_after(diary->loop, 0, on_timer, &a);
	loop_turn(diary->loop, 0);
	assert_string_equal(diary->text, "a@0 ");
	loop_turn(diary->loop, 0);
	assert_string_equal(diary->text, "a@0 a@0 ");
}

static void test_stop_and_done(void **state)
{
	struct diary *diary = *state;
	struct entry a = { .diary = diary, .name = "a", .stop = true }, b = { .diary = diary, .name = "b" };
	bool done = true;

	loop_after(diary->loop, 1, on_timer, &a);
	loop_after(diary->loop, 2, on_timer, &b);
	loop_run(diary->loop, &done);
	assert_string_equal(diary->text, "");
	loop_run(diary->loop, NULL);
	assert_string_equal(diary->text, "a@1 ");
	done = false;
	loop_run(diary->loop, &done);
	assert_string_equal(diary->text, "a@1 b@2 ");
	loop_stop(diary->loop);
	loop_after(diary->loop, 1, on_timer, &b);
	loop_run(diary->loop, NULL);
	assert_string_equal(diary->text, "a@1 b@2 ");
}

static void test_extreme_times(void **state)
{
	struct diary *diary = *state;
	struct entry a = { .diary = diary, .name = "a" };

	now_ms = 1000;
	loop_after(diary->loop, INT64_MIN, on_timer, &a);
	loop_cancel(diary->loop, loop_after(diary->loop, INT64_MAX, on_timer, &a));
	loop_run(diary->loop, NULL);
	assert_string_equal(diary->text, "a@1000 ");
}

static void test_turn_waits_at_most(void **state)
{
	struct diary *diary = *state;
	struct entry a = { .diary = diary, .name = "a" };

	loop_after(diary->loop, 100, on_timer, &a);
	loop_turn(diary->loop, 40);
	assert_int_equal(now_ms, 40);
	loop_turn(diary->loop, -5);
	assert_int_equal(now_ms, 40);
	loop_turn(diary->loop, 1000);
	assert_string_equal(diary->text, "a@100 ");
}

struct checked {
	int64_t due, *last;
	size_t *fired;
};

static void on_checked(void *self)
{
	struct checked *checked = self;

	assert_int_equal(now_ms, checked->due);
	assert_true(checked->due >= *checked->last);
	*checked->last = checked->due;
	++*checked->fired;
}

/* 20,000 timers at mixed times, every third cancelled: all others fire when due and in order. */
static void test_many_timers(void **state)
{
	enum { MANY = 20000 };
	struct diary *diary = *state;
	struct checked *all = mem_array(MANY, sizeof *all);
	uint64_t *ids = mem_array(MANY, sizeof *ids);
	uint32_t mix = 12345;
	int64_t last = 0;
	size_t fired = 0, left = 0;

	for (size_t i = 0; i < MANY; i++) {
		mix = mix * 1664525 + 1013904223;
		all[i] = (struct checked){ .due = (mix >> 16) % 5000, .last = &last, .fired = &fired };
		ids[i] = loop_after(diary->loop, all[i].due, on_checked, &all[i]);
	}
	for (size_t i = 0; i < MANY; i++) {
		if (i % 3 == 0)
			loop_cancel(diary->loop, ids[i]);
		else
			left++;
	}
	loop_run(diary->loop, NULL);
	assert_int_equal(fired, left);
	mem_free(all);
	mem_free(ids);
}

struct reader {
	struct loop *loop;
	int fd, other; /* other: forget this one, -1 for none */
	int calls, events;
	size_t bytes;
};

static void on_readable(void *self, int fd, int events)
{
	struct reader *reader = self;
	char block[16];
	ssize_t got = read(fd, block, sizeof block);

	assert_int_equal(fd, reader->fd);
	reader->calls++;
	reader->events |= events;
	if (reader->other >= 0)
		loop_watch(reader->loop, reader->other, 0, NULL, NULL);
	if (got > 0)
		reader->bytes += (size_t)got;
	else
		loop_watch(reader->loop, fd, 0, NULL, NULL);
}

static void test_descriptors(void **state)
{
	struct diary *diary = *state;
	struct reader reader = { .loop = diary->loop, .other = -1 };
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	reader.fd = ends[0];
	loop_watch(diary->loop, ends[0], LOOP_READ, on_readable, &reader);
	loop_turn(diary->loop, 0);
	assert_int_equal(reader.calls, 0);
	assert_int_equal(write(ends[1], "0123456789abcdefXYZ", 19), 19);
	loop_turn(diary->loop, 0);
	assert_int_equal(reader.bytes, 16);
	assert_int_equal(reader.events, LOOP_READ);
	loop_turn(diary->loop, 0);
	assert_int_equal(reader.bytes, 19);
	close(ends[1]);
	loop_run(diary->loop, NULL); /* reads the end, forgets the pipe, and nothing is left */
	assert_int_equal(reader.calls, 3);
	assert_true(reader.events & LOOP_GONE);
	close(ends[0]);
}

/* Two are readable; whichever comes first forgets the other, which must not be called any more. */
static void test_forgotten_in_the_same_turn(void **state)
{
	struct diary *diary = *state;
	int a[2], b[2];
	struct reader readers[2];

	assert_int_equal(pipe(a), 0);
	assert_int_equal(pipe(b), 0);
	readers[0] = (struct reader){ .loop = diary->loop, .fd = a[0], .other = b[0] };
	readers[1] = (struct reader){ .loop = diary->loop, .fd = b[0], .other = a[0] };
	loop_watch(diary->loop, a[0], LOOP_READ, on_readable, &readers[0]);
	loop_watch(diary->loop, b[0], LOOP_READ, on_readable, &readers[1]);
	assert_int_equal(write(a[1], "a", 1), 1);
	assert_int_equal(write(b[1], "b", 1), 1);
	loop_turn(diary->loop, 0);
	assert_int_equal(readers[0].calls + readers[1].calls, 1);
	for (int i = 0; i < 2; i++) {
		close(a[i]);
		close(b[i]);
	}
}

struct swap {
	struct loop *loop;
	int mine[2], theirs[2];
	int calls, wrong;
};

static void on_wrong(void *self, int fd, int events)
{
	(void)fd;
	(void)events;
	((struct swap *)self)->wrong++;
}

/* Closes the other descriptor and opens a new one that gets its number: the old one's event is not the new one's. */
static void on_swap(void *self, int fd, int events)
{
	struct swap *swap = self;
	int fresh[2], *other = fd == swap->mine[0] ? swap->theirs : swap->mine;

	(void)events;
	swap->calls++;
	loop_watch(swap->loop, fd, 0, NULL, NULL);
	assert_int_equal(pipe(fresh), 0);
	assert_int_equal(dup2(fresh[0], other[0]), other[0]);
	close(fresh[0]);
	close(other[1]);
	other[1] = fresh[1];
	loop_watch(swap->loop, other[0], LOOP_READ, on_wrong, swap);
}

static void test_reused_number(void **state)
{
	struct diary *diary = *state;
	struct swap swap = { .loop = diary->loop };

	assert_int_equal(pipe(swap.mine), 0);
	assert_int_equal(pipe(swap.theirs), 0);
	loop_watch(diary->loop, swap.mine[0], LOOP_READ, on_swap, &swap);
	loop_watch(diary->loop, swap.theirs[0], LOOP_READ, on_swap, &swap);
	assert_int_equal(write(swap.mine[1], "x", 1), 1);
	assert_int_equal(write(swap.theirs[1], "x", 1), 1);
	loop_turn(diary->loop, 0);
	loop_turn(diary->loop, 0);
	assert_int_equal(swap.calls, 1);
	assert_int_equal(swap.wrong, 0);
	for (int i = 0; i < 2; i++) {
		close(swap.mine[i]);
		close(swap.theirs[i]);
	}
}

static void on_events(void *self, int fd, int events)
{
	(void)fd;
	*(int *)self = events;
}

static void test_write_and_replace(void **state)
{
	struct diary *diary = *state;
	int ends[2], first = 0, second = 0;

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	loop_watch(diary->loop, ends[0], LOOP_READ | LOOP_WRITE, on_events, &first);
	loop_turn(diary->loop, 0);
	assert_int_equal(first, LOOP_WRITE);
	first = 0;
	loop_watch(diary->loop, ends[0], LOOP_READ, on_events, &second);
	loop_turn(diary->loop, 0);
	assert_int_equal(first, 0);
	assert_int_equal(second, 0);
	close(ends[1]);
	loop_turn(diary->loop, 0);
	assert_int_equal(first, 0);
	assert_int_equal(second & (LOOP_READ | LOOP_GONE), LOOP_READ | LOOP_GONE);
	loop_watch(diary->loop, ends[0], 0, NULL, NULL);
	close(ends[0]);
	loop_run(diary->loop, NULL);
}

static void test_closed_descriptor_is_dropped(void **state)
{
	struct diary *diary = *state;
	int ends[2], events = 0;

	assert_int_equal(pipe(ends), 0);
	loop_watch(diary->loop, ends[0], LOOP_READ, on_events, &events);
	close(ends[0]);
	close(ends[1]);
	loop_run(diary->loop, NULL);
	assert_true(events & LOOP_GONE);
	loop_watch(diary->loop, -1, LOOP_READ, on_events, &events);
	loop_watch(diary->loop, 100000, 0, NULL, NULL);
	loop_run(diary->loop, NULL);
}

/* epoll would refuse it; a feed may stand on standard input as a plain file. */
static void test_plain_file(void **state)
{
	struct diary *diary = *state;
	FILE *file = tmpfile();
	int events = 0;

	assert_non_null(file);
	loop_watch(diary->loop, fileno(file), LOOP_READ, on_events, &events);
	loop_turn(diary->loop, 0);
	assert_int_equal(events, LOOP_READ);
	fclose(file);
}

static void test_many_descriptors(void **state)
{
	enum { MANY = 300 };
	struct diary *diary = *state;
	struct rlimit limit;
	int ends[MANY][2];
	struct reader readers[MANY];

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	if (limit.rlim_cur < MANY * 2 + 50)
		skip();
	for (int i = 0; i < MANY; i++) {
		assert_int_equal(pipe(ends[i]), 0);
		readers[i] = (struct reader){ .loop = diary->loop, .fd = ends[i][0], .other = -1 };
		loop_watch(diary->loop, ends[i][0], LOOP_READ, on_readable, &readers[i]);
		assert_int_equal(write(ends[i][1], "x", 1), 1);
		close(ends[i][1]);
	}
	loop_run(diary->loop, NULL);
	for (int i = 0; i < MANY; i++) {
		assert_int_equal(readers[i].bytes, 1);
		close(ends[i][0]);
	}
}

static void on_hook(void *self)
{
	struct diary *diary = self;
	static struct entry last;

	note(diary, "hook");
	if (diary->length > 20) {
		loop_before_sleep(diary->loop, NULL, NULL);
		last = (struct entry){ .diary = diary, .name = "last" };
		loop_after(diary->loop, 5, on_timer, &last);
	}
}

static void test_before_sleep(void **state)
{
	struct diary *diary = *state;
	struct entry a = { .diary = diary, .name = "a" };

	loop_before_sleep(diary->loop, on_hook, diary);
	loop_after(diary->loop, 1, on_timer, &a);
	loop_after(diary->loop, 2, on_timer, &a);
	loop_run(diary->loop, NULL); /* what the hook sets in the last turn still counts */
	assert_string_equal(diary->text, "hook@0 a@1 hook@1 a@2 hook@2 last@7 ");
}

static void on_stop_hook(void *self)
{
	struct diary *diary = self;

	note(diary, "hook");
	loop_stop(diary->loop);
}

static void test_stop_in_the_hook_does_not_sleep(void **state)
{
	struct diary *diary = *state;
	struct entry a = { .diary = diary, .name = "a" };

	loop_before_sleep(diary->loop, on_stop_hook, diary);
	loop_after(diary->loop, 1000, on_timer, &a);
	loop_run(diary->loop, NULL);
	assert_string_equal(diary->text, "hook@0 ");
	assert_int_equal(now_ms, 0);
}

struct heard {
	struct loop *loop;
	int first, second;
};

static void on_signal(void *self, int number)
{
	struct heard *heard = self;

	if (number == SIGUSR1)
		heard->first++;
	if (number == SIGUSR2)
		heard->second++;
}

static void test_signals(void **state)
{
	struct diary *diary = *state;
	struct heard heard = { .loop = diary->loop };
	struct sigaction action;

	loop_signal(diary->loop, SIGUSR1, on_signal, &heard);
	loop_signal(diary->loop, SIGUSR2, on_signal, &heard);
	raise(SIGUSR1);
	raise(SIGUSR2);
	raise(SIGUSR1);
	assert_int_equal(heard.first, 0);
	loop_turn(diary->loop, 0);
	assert_int_equal(heard.first, 2);
	assert_int_equal(heard.second, 1);
	loop_run(diary->loop, NULL); /* signals alone do not keep it */
	loop_signal(diary->loop, SIGUSR1, NULL, NULL);
	sigaction(SIGUSR1, NULL, &action);
	assert_ptr_equal(action.sa_handler, SIG_DFL);
	loop_signal(diary->loop, 0, on_signal, &heard);
	loop_signal(diary->loop, 1000, on_signal, &heard);
	loop_signal(diary->loop, -1, on_signal, &heard);
}

/* Far more signals than the pipe holds, and nobody reads: nothing blocks, and the loop goes on afterwards. */
static void test_signal_flood(void **state)
{
	struct diary *diary = *state;
	struct heard heard = { .loop = diary->loop };

	loop_signal(diary->loop, SIGUSR1, on_signal, &heard);
	for (int i = 0; i < 100000; i++)
		raise(SIGUSR1);
	loop_turn(diary->loop, 0);
	assert_true(heard.first > 0);
}

static void test_free_gives_signals_back(void **state)
{
	struct loop *loop = loop_new();
	struct sigaction action;

	(void)state;
	loop_signal(loop, SIGUSR2, on_signal, NULL);
	loop_free(loop);
	sigaction(SIGUSR2, NULL, &action);
	assert_ptr_equal(action.sa_handler, SIG_DFL);
	loop_free(NULL);
}

/* With the system's clock: a short wait ends, and not before its time. */
static void test_real_clock(void **state)
{
	struct diary *diary = *state;
	struct entry a = { .diary = diary, .name = "a" };
	int64_t before;

	clock_use(NULL);
	before = clock_mono_ms();
	loop_after(diary->loop, 20, on_timer, &a);
	loop_run(diary->loop, NULL);
	assert_true(clock_mono_ms() - before >= 20);
	assert_string_equal(diary->text, "a@0 ");
}

#define LOOP_TEST(test) cmocka_unit_test_setup_teardown(test, start, finish)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOOP_TEST(test_timers_in_order),
		LOOP_TEST(test_cancel_inside_a_handler),
		LOOP_TEST(test_old_ids_stay_unknown),
		LOOP_TEST(test_a_timer_set_by_a_timer_waits_a_turn),
		LOOP_TEST(test_stop_and_done),
		LOOP_TEST(test_extreme_times),
		LOOP_TEST(test_turn_waits_at_most),
		LOOP_TEST(test_many_timers),
		LOOP_TEST(test_descriptors),
		LOOP_TEST(test_forgotten_in_the_same_turn),
		LOOP_TEST(test_reused_number),
		LOOP_TEST(test_write_and_replace),
		LOOP_TEST(test_closed_descriptor_is_dropped),
		LOOP_TEST(test_plain_file),
		LOOP_TEST(test_many_descriptors),
		LOOP_TEST(test_before_sleep),
		LOOP_TEST(test_stop_in_the_hook_does_not_sleep),
		LOOP_TEST(test_signals),
		LOOP_TEST(test_signal_flood),
		LOOP_TEST(test_free_gives_signals_back),
		LOOP_TEST(test_real_clock),
	};

	return cmocka_run_group_tests_name("loop", tests, NULL, NULL);
}
