/* Programs on the loop: real ones, of the shell. Nothing waits for time to pass, only for what they do. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* pipe2 */
#endif
#include "base/mem.h"
#include "loop/process.h"

#include "place.h"

#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static struct loop *loop;

/* What one program did. */
struct heard {
	struct process *process;
	struct str lines, output, errors;
	size_t longest;
	int exit_status, signal_number, ends;
	bool output_cut, done;
	bool kill_at_line, let_go_at_line;
};

static void on_line(void *self, const char *line, size_t length)
{
	struct heard *heard = self;

	assert_int_equal(strlen(line), length);
	heard->longest = length > heard->longest ? length : heard->longest;
	str_add_format(&heard->lines, "%.100s|", line);
	if (heard->kill_at_line)
		process_kill(heard->process);
	if (heard->let_go_at_line)
		process_let_go(heard->process);
	heard->done = heard->kill_at_line || heard->let_go_at_line;
}

static void on_end(void *self, const struct process_end *end)
{
	struct heard *heard = self;

	heard->exit_status = end->exit_status;
	heard->signal_number = end->signal_number;
	heard->output_cut = end->output_cut;
	str_add_bytes(&heard->output, str_text(end->output), end->output->length);
	str_add_bytes(&heard->errors, str_text(end->errors), end->errors->length);
	heard->ends++;
	heard->done = true;
}

static struct process_options shell(const char *const *argv, struct heard *heard)
{
	return (struct process_options){ .file = "/bin/sh", .argv = argv, .line = on_line, .end = on_end, .self = heard };
}

static void start(const char *script, struct heard *heard)
{
	const char *const argv[] = { "sh", "-c", script, NULL };
	struct process_options options = shell(argv, heard);
	struct error err;

	heard->process = process_start(loop, &options, &err);
	assert_non_null(heard->process);
}

static void run(const char *script, struct heard *heard)
{
	start(script, heard);
	loop_run(loop, &heard->done);
}

static void heard_done(struct heard *heard)
{
	str_done(&heard->lines);
	str_done(&heard->output);
	str_done(&heard->errors);
}

static void everything_is_heard(void **state)
{
	struct heard heard = { 0 };

	(void)state;
	run("echo out; echo err >&2; echo one >&3; printf 'two\\n\\nlast' >&3; exit 7", &heard);
	assert_string_equal(str_text(&heard.output), "out\n");
	assert_string_equal(str_text(&heard.errors), "err\n");
	assert_string_equal(str_text(&heard.lines), "one|two||last|");
	assert_int_equal(heard.exit_status, 7);
	assert_int_equal(heard.signal_number, 0);
	assert_int_equal(heard.ends, 1);
	heard_done(&heard);
}

static void a_signal_ends_it(void **state)
{
	struct heard heard = { 0 };

	(void)state;
	run("kill -TERM $$", &heard);
	assert_int_equal(heard.exit_status, -1);
	assert_int_equal(heard.signal_number, SIGTERM);
	heard_done(&heard);
}

static void what_cannot_be_started_says_so(void **state)
{
	const char *const argv[] = { "nothing", NULL };
	struct heard heard = { 0 };
	struct process_options options = shell(argv, &heard);

	(void)state;
	options.file = at("nothing");
	heard.process = process_start(loop, &options, NULL);
	assert_non_null(heard.process);
	loop_run(loop, &heard.done);
	assert_int_equal(heard.exit_status, PROCESS_NOT_STARTED);
	heard_done(&heard);
}

static void a_long_answer_is_whole_and_a_long_line_is_left_out(void **state)
{
	struct heard heard = { 0 };

	(void)state;
	run("head -c 3000000 /dev/zero | tr '\\0' a; head -c 100000 /dev/zero | tr '\\0' e >&2;"
	    "{ echo before; head -c 1048577 /dev/zero | tr '\\0' x; echo; head -c 1048576 /dev/zero | tr '\\0' y; echo; echo after; } >&3", &heard);
	assert_int_equal(heard.output.length, 3000000);
	assert_false(heard.output_cut);
	assert_int_equal(heard.errors.length, PROCESS_ERRORS);
	assert_int_equal(heard.longest, PROCESS_LINE);
	assert_true(strncmp(str_text(&heard.lines), "before|yyyy", 11) == 0);
	assert_non_null(strstr(str_text(&heard.lines), "y|after|"));
	assert_null(strchr(str_text(&heard.lines), 'x'));
	heard_done(&heard);
}

static void too_much_is_cut(void **state)
{
	struct heard heard = { 0 };

	(void)state;
	run("head -c 67108865 /dev/zero", &heard);
	assert_int_equal(heard.output.length, PROCESS_OUTPUT);
	assert_true(heard.output_cut);
	assert_int_equal(heard.exit_status, 0);
	heard_done(&heard);
}

/* A descriptor that somebody forgot to mark, a signal that is ignored, one that is blocked: none of it is the program's business. */
static void it_starts_clean(void **state)
{
	struct heard heard = { 0 };
	sigset_t blocked;
	int stray = open("/dev/null", O_RDONLY);

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGUSR1);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	/* Those from 4 on are counted by the shell alone: for a pipeline it would open some itself. */
	run("cat; for fd in /proc/$$/fd/*; do echo ${fd##*/}; done | sort -n | head -4 | tr '\\n' ' '; n=0; for fd in /proc/$$/fd/[4-9]; do [ ! -e $fd ] || n=$((n + 1)); done; echo $n;"
	    "for set in Blk Ign; do echo $set $((0x$(sed -n \"s/^Sig$set:.//p\" /proc/$$/status) & 0x7fffffff)); done", &heard);
	/* From 32 on they are the C library's own, which it lets nobody touch. */
	assert_string_equal(str_text(&heard.output), "0 1 2 3 0\nBlk 0\nIgn 0\n");
	sigprocmask(SIG_UNBLOCK, &blocked, NULL);
	signal(SIGPIPE, SIG_DFL);
	close(stray);
	heard_done(&heard);
}

static void without_lines_there_is_no_descriptor_3(void **state)
{
	const char *const argv[] = { "sh", "-c", "if [ -e /proc/$$/fd/3 ]; then echo yes; else echo no; fi", NULL };
	struct heard heard = { 0 };
	struct process_options options = shell(argv, &heard);

	(void)state;
	options.line = NULL;
	heard.process = process_start(loop, &options, NULL);
	loop_run(loop, &heard.done);
	assert_string_equal(str_text(&heard.output), "no\n");
	heard_done(&heard);
}

/* Its own children may keep the pipes open: the end is the program's. */
static void a_child_that_stays_does_not_hold_the_end_up(void **state)
{
	struct heard heard = { 0 };
	char script[2048];

	(void)state;
	assert_int_equal(mkfifo(at("hold"), 0600), 0);
	snprintf(script, sizeof script, "echo out; cat '%s' & exit 3", at("hold"));
	run(script, &heard);
	assert_int_equal(heard.exit_status, 3);
	assert_string_equal(str_text(&heard.output), "out\n");
	close(open(at("hold"), O_WRONLY | O_CLOEXEC));
	heard_done(&heard);
}

static void killed_inside_a_call_it_is_not_heard_again(void **state)
{
	struct heard heard = { .kill_at_line = true };

	(void)state;
	run("echo one >&3; echo two >&3; exec sleep 1000", &heard);
	assert_string_equal(str_text(&heard.lines), "one|");
	/* Turns until the rest of it is gone too: nothing is left to wait for. */
	loop_run(loop, NULL);
	assert_int_equal(heard.ends, 0);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	heard_done(&heard);
	process_kill(NULL);
	process_let_go(NULL);
}

static void let_go_it_goes_on(void **state)
{
	struct heard heard = { .let_go_at_line = true };
	char script[2048], text[16] = "";
	int fd;

	(void)state;
	assert_int_equal(mkfifo(at("news"), 0600), 0);
	snprintf(script, sizeof script, "trap '' PIPE; echo one >&3; echo lost 2>/dev/null; echo here > '%s'", at("news"));
	run(script, &heard);
	fd = open(at("news"), O_RDONLY | O_CLOEXEC);
	assert_int_equal(read(fd, text, sizeof text), 5);
	assert_string_equal(text, "here\n");
	close(fd);
	loop_run(loop, NULL);
	assert_int_equal(heard.ends, 0);
	heard_done(&heard);
}

static void on_pid(void *self, const char *line, size_t length)
{
	*(pid_t *)self = (pid_t)strtol(line, NULL, 10);
	assert_true(length > 0);
}

static void on_no_end(void *self, const struct process_end *end)
{
	(void)self;
	(void)end;
}

/* A process that starts one, tells its number through fd and is killed. */
__attribute__((noreturn)) static void be_parent(bool outlives, int fd)
{
	const char *const argv[] = { "sh", "-c", "echo $$ >&3; exec sleep 1000", NULL };
	pid_t pid = 0;
	struct process_options options = { .file = "/bin/sh", .argv = argv, .line = on_pid, .end = on_no_end, .self = &pid, .outlives = outlives };

	loop = loop_new();
	if (loop && process_start(loop, &options, NULL))
		while (!pid)
			loop_turn(loop, 1000);
	if (write(fd, &pid, sizeof pid) == sizeof pid)
		raise(SIGKILL);
	_exit(1);
}

/* A pidfd of what the parent started, who is dead now. */
static int orphan_of(bool outlives, pid_t *pid)
{
	int fds[2], pidfd;
	pid_t parent;

	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	parent = fork();
	if (parent == 0)
		be_parent(outlives, fds[1]);
	assert_int_equal(read(fds[0], pid, sizeof *pid), sizeof *pid);
	pidfd = (int)syscall(SYS_pidfd_open, *pid, 0);
	assert_int_equal(waitpid(parent, NULL, 0), parent);
	close(fds[0]);
	close(fds[1]);
	return pidfd;
}

static void it_dies_with_us_unless_it_outlives(void **state)
{
	pid_t pid;
	int pidfd = orphan_of(false, &pid);
	struct pollfd ended = { .fd = pidfd, .events = POLLIN };

	(void)state;
	/* Killed so fast that it may be gone already. */
	if (pidfd >= 0) {
		assert_int_equal(poll(&ended, 1, 60000), 1);
		close(pidfd);
	}
	ended.fd = orphan_of(true, &pid);
	assert_true(ended.fd >= 0);
	assert_int_equal(poll(&ended, 1, 0), 0);
	assert_int_equal(getsid(pid), pid);
	kill(pid, SIGKILL);
	assert_int_equal(poll(&ended, 1, 60000), 1);
	close(ended.fd);
}

static int setup(void **state)
{
	loop = loop_new();
	return loop ? place_setup(state) : -1;
}

static int teardown(void **state)
{
	loop_free(loop);
	return place_teardown(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(everything_is_heard, setup, teardown),
		cmocka_unit_test_setup_teardown(a_signal_ends_it, setup, teardown),
		cmocka_unit_test_setup_teardown(what_cannot_be_started_says_so, setup, teardown),
		cmocka_unit_test_setup_teardown(a_long_answer_is_whole_and_a_long_line_is_left_out, setup, teardown),
		cmocka_unit_test_setup_teardown(too_much_is_cut, setup, teardown),
		cmocka_unit_test_setup_teardown(it_starts_clean, setup, teardown),
		cmocka_unit_test_setup_teardown(without_lines_there_is_no_descriptor_3, setup, teardown),
		cmocka_unit_test_setup_teardown(a_child_that_stays_does_not_hold_the_end_up, setup, teardown),
		cmocka_unit_test_setup_teardown(killed_inside_a_call_it_is_not_heard_again, setup, teardown),
		cmocka_unit_test_setup_teardown(let_go_it_goes_on, setup, teardown),
		cmocka_unit_test_setup_teardown(it_dies_with_us_unless_it_outlives, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
