/* Asking without echo, on a pseudo-terminal of our own. */
#include "command/terminal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

/* What the child found, sent through a pipe. */
struct found {
	ssize_t length;
	char text[64];
	bool echoes; /* afterwards */
};

struct stage {
	int master;
	char seen[512]; /* what the terminal showed up to now */
	size_t length;
};

static void read_until(struct stage *stage, const char *text)
{
	while (!strstr(stage->seen, text)) {
		ssize_t got = read(stage->master, stage->seen + stage->length, sizeof stage->seen - 1 - stage->length);

		assert_true(got > 0);
		stage->length += (size_t)got;
		stage->seen[stage->length] = '\0';
	}
}

static bool does_echo(int fd)
{
	struct termios now;

	return tcgetattr(fd, &now) == 0 && (now.c_lflag & ECHO);
}

/* The child asks on the terminal's other end and reports. */
static void ask(const char *path, int report)
{
	struct found found = { 0 };
	int fd;

	/* A shell starts what runs in the background deaf to it. */
	signal(SIGINT, SIG_DFL);
	setsid();
	fd = open(path, O_RDWR);
	ioctl(fd, TIOCSCTTY, 0);
	dup2(fd, STDIN_FILENO);
	dup2(fd, STDERR_FILENO);
	setvbuf(stderr, NULL, _IONBF, 0);
	found.length = terminal_ask_hidden("Secret: ", found.text, sizeof found.text);
	found.echoes = does_echo(STDIN_FILENO);
	_exit(write(report, &found, sizeof found) == (ssize_t)sizeof found ? 0 : 1);
}

static pid_t begin(struct stage *stage, int report[2])
{
	pid_t child;

	*stage = (struct stage){ .master = posix_openpt(O_RDWR | O_NOCTTY) };
	assert_true(stage->master >= 0);
	assert_int_equal(grantpt(stage->master), 0);
	assert_int_equal(unlockpt(stage->master), 0);
	assert_int_equal(pipe(report), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		ask(ptsname(stage->master), report[1]);
	close(report[1]);
	read_until(stage, "Secret: ");
	assert_false(does_echo(stage->master));
	return child;
}

static void type(struct stage *stage, const char *text)
{
	assert_int_equal(write(stage->master, text, strlen(text)), (ssize_t)strlen(text));
}

static void what_is_typed_is_not_shown(void **state)
{
	struct found found = { 0 };
	struct stage stage;
	int report[2], status;
	pid_t child = begin(&stage, report);

	(void)state;
	type(&stage, "hunter2\n");
	assert_int_equal(read(report[0], &found, sizeof found), sizeof found);
	assert_int_equal(found.length, 8);
	assert_memory_equal(found.text, "hunter2\n", 8);
	assert_true(found.echoes);
	read_until(&stage, "\n");
	assert_null(strstr(stage.seen, "hunter2"));
	assert_int_equal(waitpid(child, &status, 0), child);
	close(report[0]);
	close(stage.master);
}

static void a_signal_puts_the_terminal_right_first(void **state)
{
	struct found found;
	struct stage stage;
	int report[2], status;
	pid_t child = begin(&stage, report);

	(void)state;
	type(&stage, "hun\003"); /* Ctrl-C */
	assert_int_equal(read(report[0], &found, sizeof found), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT);
	assert_true(does_echo(stage.master));
	close(report[0]);
	close(stage.master);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_typed_is_not_shown),
		cmocka_unit_test(a_signal_puts_the_terminal_right_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
