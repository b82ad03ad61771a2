/* Gates of one instance in several processes: what they count together, and that neither kills nor stops nor a spoilt file change that. */
#include "base/alive.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/runtime.h"
#include "loop/loop.h"
#include "net/gate.h"
#include "net/shelf.h"

#include "fake_net.h"
#include "place.h"

#include <dirent.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

enum { WINDOW_MS = 20000, PERMITS = 512 };
static const char instance[] = "123-ABC-456";

struct side {
	struct loop *loop;
	struct gate *gate;
	struct gate_permit *permits[PERMITS];
	int given, back, quota, alone;
};

static void on_alone(void *self, const char *why)
{
	assert_true(*why);
	((struct side *)self)->alone++;
}

static struct gate_options options_of(struct side *side, int calls, int concurrent)
{
	return (struct gate_options){ .calls_per_20s = calls, .concurrent = concurrent, .hard_calls = 100, .daily_calls = 50000, .quota_stop = 90, .instance = instance,
		.alone = on_alone, .self = side };
}

/* Sides of one loop stand for processes: each has a gate of its own, as a process has. */
static void join(struct side *side, struct loop *loop, int calls, int concurrent)
{
	struct gate_options options;

	*side = (struct side){ .loop = loop };
	options = options_of(side, calls, concurrent);
	side->gate = gate_new(loop, &options);
}

static void on_answer(void *self, enum gate_answer answer, struct gate_permit *permit)
{
	struct side *side = self;

	if (answer == GATE_GO)
		side->permits[side->given++ % PERMITS] = permit;
	side->quota += answer == GATE_QUOTA;
}

static void ask(struct side *side, int times)
{
	for (int i = 0; i < times; i++)
		gate_ask(side->gate, on_answer, side);
}

static void give_back(struct side *side, int count)
{
	for (int i = 0; i < count; i++, side->back++)
		gate_done(side->gate, side->permits[side->back % PERMITS], true);
}

static void pass(struct loop *loop, int64_t ms)
{
	int64_t until = fake_clock_now() + ms;

	while (fake_clock_now() < until)
		loop_turn(loop, until - fake_clock_now());
	loop_turn(loop, 0);
}

static int setup(void **state)
{
	if (place_setup(state) != 0)
		return -1;
	setenv("XDG_RUNTIME_DIR", place_folder, 1);
	fake_clock_start();
	*state = loop_new();
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	loop_free(*state);
	fake_clock_stop();
	return place_teardown(state);
}

static void test_one_window_for_all(void **state)
{
	struct side a, b;
	struct gate_state now;

	join(&a, *state, 10, 50);
	join(&b, *state, 10, 50);
	ask(&a, 7);
	ask(&b, 7);
	assert_int_equal(a.given, 7);
	assert_int_equal(b.given, 3);
	gate_state(b.gate, &now);
	assert_int_equal(now.in_window, 10);
	assert_int_equal(now.in_flight, 10);
	assert_int_equal(now.ours_today, 10);
	give_back(&a, 7);
	give_back(&b, 3);
	pass(*state, WINDOW_MS);
	assert_int_equal(b.given, 3);
	pass(*state, 1);
	assert_int_equal(b.given, 7);
	gate_free(a.gate);
	gate_free(b.gate);
	/* Who comes later knows. */
	join(&a, *state, 10, 50);
	ask(&a, 10);
	assert_int_equal(a.given, 6);
	assert_int_equal(a.alone, 0);
	gate_free(a.gate);
}

static void test_concurrency_of_all(void **state)
{
	struct side a, b;

	join(&a, *state, 90, 3);
	join(&b, *state, 90, 5);
	ask(&a, 3);
	ask(&b, 4);
	assert_int_equal(b.given, 2); /* five at once by its own limit */
	give_back(&a, 1);
	pass(*state, 100);
	assert_int_equal(b.given, 3);
	gate_free(a.gate);
	gate_free(b.gate);
}

/* A single question does not wait behind another's queue. */
static void test_turns(void **state)
{
	struct side run, single;

	join(&run, *state, 90, 1);
	join(&single, *state, 90, 1);
	ask(&run, 20);
	pass(*state, 30);
	ask(&single, 1);
	for (int i = 0; i < 2 && !single.given; i++) {
		give_back(&run, 1);
		pass(*state, 30);
	}
	assert_int_equal(single.given, 1);
	give_back(&single, 1);
	pass(*state, 30);
	assert_true(run.given >= 2);
	gate_free(run.gate);
	gate_free(single.gate);
}

/* What somebody who is gone has sent counts until it must have ended, and no longer. */
static void test_calls_of_the_gone(void **state)
{
	struct side a, b;

	join(&a, *state, 90, 2);
	ask(&a, 1);
	pass(*state, 4000);
	give_back(&a, 1); /* calls take four seconds here */
	ask(&a, 2);
	gate_free(a.gate);
	join(&b, *state, 90, 2);
	ask(&b, 1);
	pass(*state, 7900);
	assert_int_equal(b.given, 0);
	pass(*state, 200);
	assert_int_equal(b.given, 1);
	gate_free(b.gate);
}

static void test_push_backs_and_quota_are_everybodys(void **state)
{
	struct side a, b;
	struct gate_state now;

	join(&a, *state, 40, 100);
	join(&b, *state, 40, 100);
	gate_pushed_back(a.gate, false, 1000);
	ask(&b, 40);
	assert_int_equal(b.given, 0);
	pass(*state, 1000);
	assert_int_equal(b.given, 30);
	gate_quota_exhausted(a.gate);
	pass(*state, 1001);
	assert_int_equal(b.quota, 10);
	gate_state(b.gate, &now);
	assert_true(now.quota_reached);
	gate_free(a.gate);
	gate_free(b.gate);
}

static void test_cap(void **state)
{
	struct side a, b;
	struct gate_options options;

	join(&a, *state, 90, 100);
	ask(&a, 6);
	b = (struct side){ .loop = *state };
	options = options_of(&b, 90, 100);
	options.daily_cap = 8;
	b.gate = gate_new(*state, &options);
	ask(&b, 3);
	assert_int_equal(b.given, 2);
	assert_int_equal(b.quota, 1);
	gate_usage(a.gate, 3000, clock_mono_ms() + 1); /* what others use is no matter of the cap */
	ask(&a, 1);
	assert_int_equal(a.given, 7);
	pass(*state, clock_next_quota_reset(clock_wall_ms()) - clock_wall_ms());
	ask(&b, 1);
	assert_int_equal(b.given, 3);
	gate_free(a.gate);
	gate_free(b.gate);
}

/* The total grows by more than is ours: others take a part of the window. */
static void test_others_by_usage(void **state)
{
	struct side a;

	join(&a, *state, 90, 500);
	gate_usage(a.gate, 1000, clock_mono_ms() + 1);
	pass(*state, 40000);
	gate_usage(a.gate, 1000 + 140, clock_mono_ms() + 1); /* 60 in 20 s beside what the figure is late by */
	ask(&a, 90);
	assert_int_equal(a.given, 40);
	give_back(&a, 40);
	pass(*state, WINDOW_MS + 1);
	assert_int_equal(a.given, 80);
	give_back(&a, 40);
	gate_usage(a.gate, 1000 + 140 + 80, clock_mono_ms() + 1); /* all ours */
	assert_int_equal(a.given, 90);
	pass(*state, WINDOW_MS + 1);
	ask(&a, 91);
	assert_int_equal(a.given, 180);
	gate_free(a.gate);
}

static const char *file_path(void)
{
	return at("penstock/gate-123-ABC-456-fake");
}

static void test_spoilt_file(void **state)
{
	struct side a;
	char bytes[256 * 1024];
	size_t length;

	join(&a, *state, 5, 50);
	ask(&a, 5);
	give_back(&a, 5);
	gate_free(a.gate);
	length = get_file(file_path(), bytes, sizeof bytes);
	assert_true(length > 64 && length < sizeof bytes);
	/* One page is torn: the other one counts, so at most the last word is lost. */
	bytes[40] ^= 1;
	put_file(file_path(), bytes, length, 0600);
	join(&a, *state, 5, 50);
	ask(&a, 5);
	assert_true(a.given <= 1);
	gate_free(a.gate);
	for (size_t size = 0; size < sizeof bytes; size += 4096 + size) {
		memset(bytes, size % 3 ? 0xff : 'x', sizeof bytes);
		put_file(file_path(), bytes, size, 0600);
		join(&a, *state, 5, 50);
		ask(&a, 5);
		assert_int_equal(a.given, 5);
		assert_int_equal(a.alone, 0);
		gate_free(a.gate);
	}
}

static void test_places_that_are_not_ours_alone(void **state)
{
	struct side a;
	struct error err = { 0 };

	assert_int_equal(mkdir(at("elsewhere"), 0700), 0);
	assert_int_equal(symlink(at("elsewhere"), at("penstock")), 0);
	assert_null(runtime_folder(&err));
	join(&a, *state, 5, 50);
	ask(&a, 6);
	assert_int_equal(a.alone, 1);
	assert_int_equal(a.given, 5);
	gate_free(a.gate);
	unlink(at("penstock"));
	assert_int_equal(mkdir(at("penstock"), 0700), 0);
	chmod(at("penstock"), 0777);
	assert_null(runtime_folder(&err));
	chmod(at("penstock"), 0700);
	assert_int_equal(symlink(at("elsewhere/file"), file_path()), 0);
	join(&a, *state, 5, 50);
	ask(&a, 5);
	assert_int_equal(a.alone, 1);
	assert_int_equal(a.given, 5);
	gate_free(a.gate);
	assert_false(is_there(at("elsewhere/file")));
	unlink(file_path());
	/* It goes while we count: said once, and we go on. */
	join(&a, *state, 5, 50);
	ask(&a, 2);
	give_back(&a, 2);
	assert_int_equal(a.alone, 0);
	unlink(file_path());
	rmdir(at("penstock"));
	ask(&a, 9);
	assert_int_equal(a.alone, 1);
	assert_int_equal(a.given, 5);
	gate_free(a.gate);
}

/*
 * Processes, on a clock that runs 20 times as fast as the wall's and that all of them share by its name.
 */
enum { SPEED = 20, CHILDREN = 6, CALLS = 40, AT_ONCE = 4 };

static int64_t real_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t fast_mono(void *self)
{
	(void)self;
	return real_ms() * SPEED;
}

static int64_t fast_wall(void *self)
{
	(void)self;
	return INT64_C(1773144000000) + real_ms() * SPEED % 1000000;
}

static int64_t fast_wait(void *self, int64_t ms)
{
	(void)self;
	return (ms + SPEED - 1) / SPEED;
}

static const struct clock_source fast = { .mono_ms = fast_mono, .wall_ms = fast_wall, .wait_ms = fast_wait, .name = "fast" };

struct tallies {
	_Atomic int given, too_many;
	struct {
		_Atomic int in_flight, given;
		_Atomic bool was_stopped; /* its calls may have been given up while it slept, however long that was */
	} child[CHILDREN];
};

static struct tallies *tallies;

struct worker {
	struct loop *loop;
	struct gate *gate;
	int number;
};

struct flight {
	struct worker *worker;
	struct gate_permit *permit;
};

static void on_go(void *self, enum gate_answer answer, struct gate_permit *permit);

static void on_end(void *self)
{
	struct flight *flight = self;
	struct worker *worker = flight->worker;

	atomic_fetch_sub(&tallies->child[worker->number].in_flight, 1);
	gate_done(worker->gate, flight->permit, true);
	mem_free(flight);
	gate_ask(worker->gate, on_go, worker);
}

static void on_go(void *self, enum gate_answer answer, struct gate_permit *permit)
{
	struct worker *worker = self;
	struct flight *flight = mem_alloc(sizeof *flight);
	int at_once = 0;

	if (answer != GATE_GO)
		_exit(3);
	*flight = (struct flight){ worker, permit };
	atomic_fetch_add(&tallies->child[worker->number].in_flight, 1);
	atomic_fetch_add(&tallies->child[worker->number].given, 1);
	atomic_fetch_add(&tallies->given, 1);
	/* Each counts itself late and takes itself off early, so this is never more than there is. */
	for (int i = 0; i < CHILDREN; i++)
		at_once += atomic_load(&tallies->child[i].was_stopped) ? 0 : atomic_load(&tallies->child[i].in_flight);
	if (at_once > AT_ONCE)
		atomic_fetch_add(&tallies->too_many, 1);
	loop_after(worker->loop, 600, on_end, flight);
}

static void never_alone(void *self, const char *why)
{
	(void)self;
	(void)why;
	_exit(4);
}

static pid_t start_child(int number)
{
	pid_t pid = fork();
	struct worker worker = { .number = number };
	const struct gate_options options = { .calls_per_20s = CALLS, .concurrent = AT_ONCE, .hard_calls = 100, .daily_calls = 10000000, .quota_stop = 100, .instance = instance,
		.alone = never_alone };

	if (pid)
		return pid;
	worker.loop = loop_new();
	worker.gate = gate_new(worker.loop, &options);
	for (int i = 0; i < AT_ONCE; i++)
		gate_ask(worker.gate, on_go, &worker);
	loop_run(worker.loop, NULL);
	_exit(5);
}

static void end_child(pid_t pid)
{
	int status;

	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	/* By us, not by itself. */
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static int others_given(int but)
{
	int given = 0;

	for (int i = 0; i < CHILDREN; i++)
		given += i == but ? 0 : atomic_load(&tallies->child[i].given);
	return given;
}

/* The time limit of every test stands behind this. */
static void wait_for_others(int but, int more)
{
	int until = others_given(but) + more;

	while (others_given(but) < until)
		nanosleep(&(struct timespec){ .tv_nsec = 2000000 }, NULL);
}

static void test_kills_and_stops(void **state)
{
	pid_t pids[CHILDREN];
	uint32_t dice = 20261126;
	int64_t begin, windows;

	(void)state;
	clock_use(&fast);
	tallies = mmap(NULL, sizeof *tallies, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(tallies != MAP_FAILED);
	begin = fast_mono(NULL);
	for (int i = 0; i < CHILDREN; i++)
		pids[i] = start_child(i);
	for (int round = 0; round < 40; round++) {
		int one;

		dice = dice * 1664525 + 1013904223;
		one = (int)(dice >> 16) % CHILDREN;
		wait_for_others(-1, 1 + (int)(dice >> 8) % 5);
		if (round % 4 == 3) {
			atomic_store(&tallies->child[one].was_stopped, true);
			kill(pids[one], SIGSTOP);
			wait_for_others(one, 2);
			kill(pids[one], SIGCONT);
		} else {
			end_child(pids[one]);
			atomic_store(&tallies->child[one].in_flight, 0);
			atomic_store(&tallies->child[one].was_stopped, false);
			pids[one] = start_child(one);
		}
	}
	for (int i = 0; i < CHILDREN; i++)
		end_child(pids[i]);
	windows = (fast_mono(NULL) - begin) / WINDOW_MS + 1;
	print_message("# %d calls in %d windows of %d\n", atomic_load(&tallies->given), (int)windows, CALLS);
	assert_true(atomic_load(&tallies->given) <= windows * CALLS);
	assert_int_equal(atomic_load(&tallies->too_many), 0);
	munmap(tallies, sizeof *tallies);
	fake_clock_start();
}

/* Somebody is stopped in the one moment in which he keeps the others out. */
static void test_stopped_with_the_book_in_hand(void **state)
{
	struct side a;
	struct book *book = mem_alloc(sizeof *book);
	struct error err = { 0 };
	int status;
	pid_t pid;

	join(&a, *state, 5, 50);
	ask(&a, 1);
	pid = fork();
	if (!pid) {
		struct shelf *shelf = shelf_open(instance, NULL);

		if (!shelf || !shelf_take(shelf, book, &err))
			_exit(1);
		raise(SIGSTOP);
		book->own_today = 1000;
		/* It was taken away meanwhile, nothing is broken, and the next time all is well. */
		if (shelf_put(shelf, book, true, &err) || *err.message)
			_exit(2);
		_exit(shelf_take(shelf, book, &err) && book->own_today == 3 && shelf_put(shelf, book, true, &err) ? 0 : 3);
	}
	assert_int_equal(waitpid(pid, &status, WUNTRACED), pid);
	assert_true(WIFSTOPPED(status));
	ask(&a, 2);
	assert_int_equal(a.given, 3);
	assert_int_equal(a.alone, 0);
	kill(pid, SIGCONT);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	gate_free(a.gate);
	mem_free(book);
}

static void test_alive(void **state)
{
	uint64_t mine = alive_since(getpid());
	int status;
	pid_t pid = fork();

	(void)state;
	if (!pid) {
		raise(SIGSTOP);
		_exit(0);
	}
	assert_true(mine > 0);
	assert_int_equal(alive_look(getpid(), mine), ALIVE_RUNS);
	assert_int_equal(alive_look(getpid(), mine + 1), ALIVE_GONE);
	assert_int_equal(alive_look(0, 0), ALIVE_GONE);
	mine = alive_since(pid);
	assert_int_equal(waitpid(pid, &status, WUNTRACED), pid);
	assert_int_equal(alive_look(pid, mine), ALIVE_STOPPED);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(alive_look(pid, mine), ALIVE_GONE);
}

#define ONE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ONE(test_one_window_for_all),
		ONE(test_concurrency_of_all),
		ONE(test_turns),
		ONE(test_calls_of_the_gone),
		ONE(test_push_backs_and_quota_are_everybodys),
		ONE(test_cap),
		ONE(test_others_by_usage),
		ONE(test_spoilt_file),
		ONE(test_places_that_are_not_ours_alone),
		ONE(test_kills_and_stops),
		ONE(test_stopped_with_the_book_in_hand),
		ONE(test_alive),
	};

	return cmocka_run_group_tests_name("shared gate", tests, NULL, NULL);
}
