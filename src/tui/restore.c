/* Only what is allowed in a signal handler happens in terminal_restore: write, tcsetattr, dup2. Everything it needs is prepared. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "tui/restore.h"

#include "tui/aside.h"
#include "tui/terminal.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* QUIT is here because its key is off but anybody may send it. */
static const int fatal[] = { SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGQUIT };
enum { FATAL = sizeof fatal / sizeof *fatal, STACK = 32 * 1024 };

static struct {
	atomic_bool armed;
	pid_t owner; /* a child between fork and exec has no business with the terminal */
	struct termios found;
	char bytes[512];
	size_t length;
	struct sigaction before[FATAL];
	bool stack_is_ours;
	char stack[STACK]; /* the ordinary one may be what overflowed */
} state;

static void write_all(const char *bytes, size_t length)
{
	while (length) {
		ssize_t written = write(STDOUT_FILENO, bytes, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return;
		bytes += written;
		length -= (size_t)written;
	}
}

/* While somebody else has the terminal (we were stopped and sent on in the background) it is not ours to change. */
static bool in_background(void)
{
	pid_t group = tcgetpgrp(STDIN_FILENO);

	return group > 0 && group != getpgrp();
}

void terminal_restore(void)
{
	int saved = errno;

	if (atomic_load(&state.armed) && getpid() == state.owner && atomic_exchange(&state.armed, false)) {
		if (!in_background()) {
			write_all(state.bytes, state.length);
			tcsetattr(STDIN_FILENO, TCSANOW, &state.found);
		}
		aside_abandon();
	}
	errno = saved;
}

/* Whoever handled the signal before us (a sanitizer, or nobody: a core) has it again, and gets it once this returns. */
static void on_fatal(int signal_number)
{
	terminal_restore();
	for (int i = 0; i < FATAL; i++)
		if (fatal[i] == signal_number)
			sigaction(signal_number, &state.before[i], NULL);
	raise(signal_number);
}

static void use_stack(void)
{
	stack_t now, ours = { .ss_sp = state.stack, .ss_size = STACK };

	state.stack_is_ours = sigaltstack(NULL, &now) == 0 && (now.ss_flags & SS_DISABLE) && sigaltstack(&ours, NULL) == 0;
}

void restore_arm(const struct termios *found, const char *bytes, size_t length)
{
	static bool at_exit;
	struct sigaction action = { .sa_handler = on_fatal, .sa_flags = SA_ONSTACK };

	state.found = *found;
	state.owner = getpid();
	state.length = length < sizeof state.bytes ? length : sizeof state.bytes;
	memcpy(state.bytes, bytes, state.length);
	atomic_store(&state.armed, true);
	use_stack();
	sigemptyset(&action.sa_mask);
	for (int i = 0; i < FATAL; i++)
		sigaction(fatal[i], &action, &state.before[i]);
	if (!at_exit)
		at_exit = atexit(terminal_restore) == 0;
}

void restore_disarm(void)
{
	stack_t none = { .ss_flags = SS_DISABLE };

	if (!state.owner)
		return;
	atomic_store(&state.armed, false);
	for (int i = 0; i < FATAL; i++)
		sigaction(fatal[i], &state.before[i], NULL);
	if (state.stack_is_ours)
		sigaltstack(&none, NULL);
	state.stack_is_ours = false;
	state.owner = 0;
}
