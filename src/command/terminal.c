#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* ppoll */
#endif
#include "command/terminal.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

static const int caught[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP };
enum { CAUGHT = sizeof caught / sizeof *caught };

static volatile sig_atomic_t came;

static void on_signal(int signal_number)
{
	came = signal_number;
}

/* The signals are blocked but for the wait: one that came just before it would otherwise be noticed only at the next key. */
static bool wait_for_input(const sigset_t *waiting)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };

	while (!came)
		if (ppoll(&input, 1, NULL, waiting) > 0)
			return true;
		else if (errno != EINTR)
			return false;
	return false;
}

static ssize_t read_line(char *bytes, size_t size, const sigset_t *waiting)
{
	size_t length = 0;

	/* A terminal gives one line a read; a longer one is drained so that its rest does not go to the shell. */
	while (length < size && wait_for_input(waiting)) {
		ssize_t got = read(STDIN_FILENO, bytes + length, size - length);

		if (got <= 0)
			break;
		length += (size_t)got;
		if (bytes[length - 1] == '\n')
			break;
	}
	if (length == size)
		tcflush(STDIN_FILENO, TCIFLUSH);
	return came || !length ? -1 : (ssize_t)length;
}

ssize_t terminal_ask_hidden(const char *question, char *bytes, size_t size)
{
	struct sigaction action = { .sa_handler = on_signal }, before[CAUGHT];
	struct termios shown, hidden;
	sigset_t blocked, waiting;
	ssize_t length;

	if (tcgetattr(STDIN_FILENO, &shown) != 0)
		return -1;
	hidden = shown;
	hidden.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
	came = 0;
	sigemptyset(&action.sa_mask);
	sigemptyset(&blocked);
	for (int i = 0; i < CAUGHT; i++) {
		sigaction(caught[i], &action, &before[i]);
		sigaddset(&blocked, caught[i]);
	}
	sigprocmask(SIG_BLOCK, &blocked, &waiting);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
	fprintf(stderr, "%s", question);
	length = read_line(bytes, size, &waiting);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
	fprintf(stderr, "\n");
	for (int i = 0; i < CAUGHT; i++)
		sigaction(caught[i], &before[i], NULL);
	sigprocmask(SIG_SETMASK, &waiting, NULL);
	if (came)
		raise(came);
	return length;
}
