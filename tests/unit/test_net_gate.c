/* The gate and the waits between tries, on a clock that only the tests move. */
#include "base/clock.h"
#include "base/mem.h"
#include "loop/loop.h"
#include "net/gate.h"

#include "fake_net.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { WINDOW_MS = 20000 };

struct fixture {
	struct loop *loop;
	struct gate *gate;
	struct gate_permit *permits[512];
	int given, quota, closed;
	char order[256];
};

static void build(struct fixture *f, int calls, int concurrent, int64_t daily, int stop)
{
	struct gate_options options = { .calls_per_20s = calls, .concurrent = concurrent, .hard_calls = 100, .daily_calls = daily, .quota_stop = stop };

	*f = (struct fixture){ 0 };
	fake_clock_start();
	f->loop = loop_new();
	f->gate = gate_new(f->loop, &options);
}

static void tear_down(struct fixture *f)
{
	gate_free(f->gate);
	loop_free(f->loop);
	fake_clock_stop();
}

static void on_answer(void *self, enum gate_answer answer, struct gate_permit *permit)
{
	struct fixture *f = self;

	assert_int_equal(permit != NULL, answer == GATE_GO);
	if (answer == GATE_GO)
		f->permits[f->given++] = permit;
	f->quota += answer == GATE_QUOTA;
	f->closed += answer == GATE_CLOSED;
}

static void ask(struct fixture *f, int times)
{
	for (int i = 0; i < times; i++)
		gate_ask(f->gate, on_answer, f);
}

static void give_back(struct fixture *f, int from, int to, bool counted)
{
	for (int i = from; i < to; i++)
		gate_done(f->gate, f->permits[i], counted);
}

/* Lets `ms` pass, serving every timer on the way. */
static void pass(struct fixture *f, int64_t ms)
{
	int64_t until = fake_clock_now() + ms;

	while (fake_clock_now() < until)
		loop_turn(f->loop, until - fake_clock_now());
	loop_turn(f->loop, 0);
}

static void test_concurrency(void **state)
{
	struct fixture f;
	struct gate_state now;

	(void)state;
	build(&f, 90, 8, 50000, 90);
	ask(&f, 10);
	assert_int_equal(f.given, 8);
	gate_state(f.gate, &now);
	assert_int_equal(now.in_flight, 8);
	assert_int_equal(now.waiting, 2);
	give_back(&f, 0, 1, true);
	assert_int_equal(f.given, 9);
	pass(&f, 60000);
	assert_int_equal(f.given, 9); /* only the end of a call opens it */
	tear_down(&f);
}

static void test_rate(void **state)
{
	struct fixture f;
	struct gate_state now;

	(void)state;
	build(&f, 5, 100, 50000, 90);
	ask(&f, 7);
	assert_int_equal(f.given, 5);
	give_back(&f, 0, 5, true);
	assert_int_equal(f.given, 5);
	gate_state(f.gate, &now);
	assert_int_equal(now.in_window, 5);
	assert_int_equal(now.opens_in_ms, WINDOW_MS + 1);
	pass(&f, WINDOW_MS);
	assert_int_equal(f.given, 5);
	pass(&f, 1);
	assert_int_equal(f.given, 7);
	tear_down(&f);
}

/* Marketo may have counted a slow call as late as it ended: 100 such calls close the door until 20 s after their end. */
static void test_slow_calls_count_until_their_end(void **state)
{
	struct fixture f;

	(void)state;
	build(&f, 100, 200, 50000, 90);
	ask(&f, 100);
	assert_int_equal(f.given, 100);
	pass(&f, 50000);
	give_back(&f, 0, 100, true);
	ask(&f, 1);
	pass(&f, WINDOW_MS);
	assert_int_equal(f.given, 100);
	pass(&f, 1);
	assert_int_equal(f.given, 101);
	tear_down(&f);
}

struct named {
	struct fixture *f;
	const char *name;
};

static void on_named(void *self, enum gate_answer answer, struct gate_permit *permit)
{
	struct named *named = self;

	on_answer(named->f, answer, permit);
	strcat(named->f->order, named->name);
}

static void test_order_and_forgetting(void **state)
{
	struct fixture f;
	struct named names[] = { { &f, "a" }, { &f, "b" }, { &f, "c" }, { &f, "d" }, { &f, "e" } };
	uint64_t ids[5];

	(void)state;
	build(&f, 90, 1, 50000, 90);
	for (size_t i = 0; i < 5; i++)
		ids[i] = gate_ask(f.gate, on_named, &names[i]);
	assert_int_equal(ids[0], 0); /* answered already */
	assert_true(ids[1] && ids[2] && ids[3] && ids[4]);
	gate_forget(f.gate, ids[2]);
	gate_forget(f.gate, ids[4]);
	gate_forget(f.gate, 12345);
	give_back(&f, 0, 1, true);
	give_back(&f, 1, 2, true);
	give_back(&f, 2, 3, true);
	assert_string_equal(f.order, "abd");
	assert_int_not_equal(gate_ask(f.gate, on_named, &names[0]), 1);
	assert_string_equal(f.order, "abda");
	tear_down(&f);
}

struct again {
	struct fixture *f;
	int left;
};

static void on_again(void *self, enum gate_answer answer, struct gate_permit *permit)
{
	struct again *again = self;

	on_answer(again->f, answer, permit);
	if (again->left-- > 0)
		gate_ask(again->f->gate, on_again, again);
}

static void test_asking_inside_an_answer(void **state)
{
	struct fixture f;
	struct again again = { &f, 5 };

	(void)state;
	build(&f, 90, 4, 50000, 90);
	gate_ask(f.gate, on_again, &again);
	assert_int_equal(f.given, 4);
	give_back(&f, 0, 4, true);
	assert_int_equal(f.given, 6);
	tear_down(&f);
}

static void test_quota(void **state)
{
	struct fixture f;
	struct gate_state now;

	(void)state;
	build(&f, 100, 100, 20, 90); /* 18 are ours */
	gate_state(f.gate, &now);
	assert_int_equal(now.used_today, -1);
	assert_int_equal(now.quota, 20);
	ask(&f, 10);
	give_back(&f, 0, 10, true);
	gate_usage(f.gate, 12, clock_mono_ms() + 1); /* others have called too */
	gate_state(f.gate, &now);
	assert_int_equal(now.used_today, 12);
	ask(&f, 6);
	assert_int_equal(f.given, 16);
	ask(&f, 2);
	assert_int_equal(f.quota, 2);
	give_back(&f, 10, 12, false); /* not counted by the server: given back */
	ask(&f, 3);
	assert_int_equal(f.given, 18);
	assert_int_equal(f.quota, 3);
	gate_usage(f.gate, 3, clock_mono_ms() + 1); /* the figure lags behind what we know */
	gate_state(f.gate, &now);
	assert_int_equal(now.used_today, 18);
	tear_down(&f);
}

static void test_quota_comes_back_at_midnight_central(void **state)
{
	struct fixture f;
	int64_t reset;

	(void)state;
	build(&f, 100, 10, 50000, 90);
	reset = clock_next_quota_reset(clock_wall_ms());
	gate_usage(f.gate, 45000, clock_mono_ms() + 1);
	ask(&f, 1);
	assert_int_equal(f.quota, 1);
	pass(&f, reset - clock_wall_ms() - 1);
	ask(&f, 1);
	assert_int_equal(f.quota, 2);
	pass(&f, 1);
	ask(&f, 1);
	assert_int_equal(f.given, 1);
	tear_down(&f);
}

/* What was under way while usage.json was is in its figure or not: it counts on top of it. */
static void test_usage_and_calls_under_way(void **state)
{
	struct fixture f;
	struct gate_state now;
	int64_t asked_at;

	(void)state;
	build(&f, 100, 10, 50000, 90);
	ask(&f, 5);
	give_back(&f, 0, 1, true); /* before */
	pass(&f, 10);
	asked_at = clock_mono_ms();
	give_back(&f, 1, 2, true); /* meanwhile */
	pass(&f, 10);
	gate_usage(f.gate, 100, asked_at);
	gate_state(f.gate, &now);
	assert_int_equal(now.used_today, 100); /* what is shown is what was told */
	give_back(&f, 2, 5, true);
	pass(&f, 10);
	gate_usage(f.gate, 200, clock_mono_ms());
	gate_state(f.gate, &now);
	assert_int_equal(now.used_today, 200);
	/* The last permit of our share goes to nobody while one is under way that may have used it. */
	ask(&f, 1);
	gate_usage(f.gate, 44999, clock_mono_ms());
	ask(&f, 1);
	assert_int_equal(f.given, 6);
	assert_int_equal(f.quota, 1);
	tear_down(&f);
}

/* A 607 is asked about again: another clock decides when the day ends, so the first calls after midnight may still be told that it is used up. */
static void test_a_607_is_not_believed_all_day(void **state)
{
	struct fixture f;
	int64_t reset;

	(void)state;
	build(&f, 100, 10, 50000, 90);
	reset = clock_next_quota_reset(clock_wall_ms());
	pass(&f, reset - clock_wall_ms() + 1000);
	gate_quota_exhausted(f.gate);
	pass(&f, 10 * 60 * 1000 - 1);
	ask(&f, 1);
	assert_int_equal(f.quota, 1);
	pass(&f, 1);
	ask(&f, 1);
	assert_int_equal(f.given, 1);
	/* And told again. */
	gate_quota_exhausted(f.gate);
	ask(&f, 1);
	assert_int_equal(f.quota, 2);
	tear_down(&f);
}

static void test_quota_answers_those_who_wait(void **state)
{
	struct fixture f;

	(void)state;
	build(&f, 90, 1, 50000, 90);
	ask(&f, 3);
	gate_quota_exhausted(f.gate);
	assert_int_equal(f.given, 1);
	assert_int_equal(f.quota, 2);
	tear_down(&f);
}

static void test_closing(void **state)
{
	struct fixture f;

	(void)state;
	build(&f, 90, 1, 50000, 90);
	ask(&f, 3);
	gate_close(f.gate);
	assert_int_equal(f.closed, 2);
	ask(&f, 1);
	assert_int_equal(f.closed, 3);
	give_back(&f, 0, 1, true);
	tear_down(&f);
}

static int rate_now(struct fixture *f)
{
	int before = f->given;

	ask(f, 200);
	pass(f, 0);
	return f->given - before;
}

static void test_rate_push_back(void **state)
{
	struct fixture f;

	(void)state;
	build(&f, 40, 400, 50000, 90);
	gate_pushed_back(f.gate, false, WINDOW_MS);
	gate_pushed_back(f.gate, false, WINDOW_MS); /* the same piece of news */
	assert_int_equal(rate_now(&f), 0);
	pass(&f, WINDOW_MS - 1);
	assert_int_equal(f.given, 0);
	pass(&f, 1);
	assert_int_equal(f.given, 30); /* a quarter less */
	pass(&f, WINDOW_MS + 1);
	assert_int_equal(f.given, 60);
	pass(&f, WINDOW_MS + 1);
	assert_int_equal(f.given, 60 + 34); /* one step up a minute after the push-back */
	tear_down(&f);
}

static void test_rate_recovers(void **state)
{
	struct fixture f;

	(void)state;
	build(&f, 40, 400, 50000, 90);
	gate_pushed_back(f.gate, false, WINDOW_MS);
	pass(&f, 10 * 60 * 1000);
	assert_int_equal(rate_now(&f), 40);
	tear_down(&f);
}

static void test_concurrency_push_back(void **state)
{
	struct fixture f;

	(void)state;
	build(&f, 90, 3, 50000, 90);
	for (int i = 0; i < 5; i++) {
		gate_pushed_back(f.gate, true, 100);
		pass(&f, 101);
	}
	ask(&f, 4);
	assert_int_equal(f.given, 1); /* never none */
	pass(&f, 60000);
	give_back(&f, 0, 1, true);
	assert_int_equal(f.given, 3); /* two at once after a minute */
	pass(&f, 60000);
	ask(&f, 1);
	give_back(&f, 1, 2, true);
	assert_int_equal(f.given, 5); /* three at once after two */
	tear_down(&f);
}

static void test_limits_that_make_no_sense(void **state)
{
	struct fixture f;

	(void)state;
	build(&f, 0, -3, 50000, 90);
	ask(&f, 2);
	assert_int_equal(f.given, 1);
	tear_down(&f);
}

/*
 * The property that matters: wherever between its permit and its end a call arrives, Marketo never sees more than 100 in any 20 s nor more than the
 * allowed number at once. A world of calls with random latency, arriving at a random moment of it, is run for an hour.
 */
enum { WORLD_CALLS = 40000 };

struct world {
	struct fixture f;
	uint64_t seed;
	int64_t (*latency)(struct world *world);
	int64_t *arrivals;
	int count, in_flight, most_in_flight;
	int64_t until;
};

struct world_call {
	struct world *world;
	struct gate_permit *permit;
};

static uint32_t dice(struct world *world)
{
	world->seed = world->seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(world->seed >> 33);
}

static void world_ask(struct world *world);

static void world_end(void *self)
{
	struct world_call *call = self;
	struct world *world = call->world;

	world->in_flight--;
	gate_done(world->f.gate, call->permit, true);
	mem_free(call);
	if (fake_clock_now() < world->until)
		world_ask(world);
}

static void world_go(void *self, enum gate_answer answer, struct gate_permit *permit)
{
	struct world *world = self;
	struct world_call *call = mem_alloc(sizeof *call);
	int64_t latency = world->latency(world);

	assert_int_equal(answer, GATE_GO);
	assert_true(world->count < WORLD_CALLS);
	*call = (struct world_call){ .world = world, .permit = permit };
	world->arrivals[world->count++] = fake_clock_now() + (int64_t)(dice(world) % (uint32_t)(latency + 1));
	if (++world->in_flight > world->most_in_flight)
		world->most_in_flight = world->in_flight;
	loop_after(world->f.loop, latency, world_end, call);
}

static void world_ask(struct world *world)
{
	gate_ask(world->f.gate, world_go, world);
}

static int compare_times(const void *a, const void *b)
{
	const int64_t *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

static int most_in_window(struct world *world)
{
	int most = 0, first = 0;

	qsort(world->arrivals, (size_t)world->count, sizeof *world->arrivals, compare_times);
	for (int i = 0; i < world->count; i++) {
		while (world->arrivals[i] - world->arrivals[first] > WINDOW_MS)
			first++;
		if (i - first + 1 > most)
			most = i - first + 1;
	}
	return most;
}

static int64_t second(struct world *world)
{
	(void)world;
	return 1000;
}

static int64_t anything(struct world *world)
{
	return dice(world) % 90000 < 300 ? dice(world) % 90000 : dice(world) % 4000;
}

static int64_t in_waves(struct world *world)
{
	return fake_clock_now() / 30000 % 2 ? 30 : 9000 + dice(world) % 3000;
}

/* Returns the calls sent in an hour of the clock. */
static int run_world(int calls, int concurrent, int64_t (*latency)(struct world *world), uint64_t seed)
{
	struct world world = { .seed = seed, .latency = latency };
	int count;

	build(&world.f, calls, concurrent, 1000000, 100);
	world.arrivals = mem_array(WORLD_CALLS, sizeof *world.arrivals);
	world.until = fake_clock_now() + 3600 * 1000;
	for (int i = 0; i < 30; i++)
		world_ask(&world);
	loop_run(world.f.loop, NULL);
	count = world.count;
	assert_true(world.most_in_flight <= concurrent);
	assert_true(most_in_window(&world) <= 100);
	mem_free(world.arrivals);
	tear_down(&world.f);
	return count;
}

static void test_never_more_than_marketo_allows(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 6; seed++) {
		assert_true(run_world(90, 8, anything, seed) > 0);
		assert_true(run_world(100, 10, anything, seed) > 0);
		assert_true(run_world(100, 10, in_waves, seed) > 0);
		assert_true(run_world(100, 40, in_waves, seed) > 0);
	}
}

/* An hour is 180 windows. */
static void test_uses_what_is_allowed(void **state)
{
	int ours = run_world(90, 8, second, 1), all = run_world(100, 10, second, 1);

	(void)state;
	print_message("# calls an hour: %d of %d at 90/8, %d of %d at 100/10\n", ours, 90 * 180, all, 100 * 180);
	assert_true(ours >= 90 * 180 * 90 / 100);
	assert_true(all >= 100 * 180 * 90 / 100);
}

static void test_backoff(void **state)
{
	uint64_t seed = 1, same = 1;
	int64_t least = INT64_MAX, most = 0;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		int64_t wait = backoff_ms(3, 1000, 30000, &seed);

		assert_in_range(wait, 1000, 8000);
		least = wait < least ? wait : least;
		most = wait > most ? wait : most;
	}
	assert_true(least < 1500 && most > 7500); /* the jitter is full */
	assert_in_range(backoff_ms(1, 1000, 30000, &seed), 1000, 2000);
	for (int attempt = 6; attempt < 1000; attempt += 90)
		assert_in_range(backoff_ms(attempt, 1000, 30000, &seed), 1000, 30000);
	assert_int_equal(backoff_ms(4, 0, 0, &seed), 1);
	assert_in_range(backoff_ms(4, 1000, 10, &seed), 1000, 1000);
	seed = 1;
	assert_int_equal(backoff_ms(5, 1000, 30000, &seed), backoff_ms(5, 1000, 30000, &same));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_concurrency),
		cmocka_unit_test(test_rate),
		cmocka_unit_test(test_slow_calls_count_until_their_end),
		cmocka_unit_test(test_order_and_forgetting),
		cmocka_unit_test(test_asking_inside_an_answer),
		cmocka_unit_test(test_quota),
		cmocka_unit_test(test_quota_comes_back_at_midnight_central),
		cmocka_unit_test(test_usage_and_calls_under_way),
		cmocka_unit_test(test_a_607_is_not_believed_all_day),
		cmocka_unit_test(test_quota_answers_those_who_wait),
		cmocka_unit_test(test_closing),
		cmocka_unit_test(test_rate_push_back),
		cmocka_unit_test(test_rate_recovers),
		cmocka_unit_test(test_concurrency_push_back),
		cmocka_unit_test(test_limits_that_make_no_sense),
		cmocka_unit_test(test_never_more_than_marketo_allows),
		cmocka_unit_test(test_uses_what_is_allowed),
		cmocka_unit_test(test_backoff),
	};

	return cmocka_run_group_tests_name("gate", tests, NULL, NULL);
}
