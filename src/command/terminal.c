#include "command/terminal.h"

#include <errno.h>
#include <signal.h>
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

static ssize_t read_line(char *bytes, size_t size)
{
	size_t length = 0;

	/* A terminal gives one line a read; a longer one is drained so that its rest does not go to the shell. */
	while (length < size && !came) {
		ssize_t got = read(STDIN_FILENO, bytes + length, size - length);

		if (got < 0 && errno == EINTR)
			continue;
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
	ssize_t length;

	if (tcgetattr(STDIN_FILENO, &shown) != 0)
		return -1;
	hidden = shown;
	hidden.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
	came = 0;
	sigemptyset(&action.sa_mask);
	for (int i = 0; i < CAUGHT; i++)
		sigaction(caught[i], &action, &before[i]);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
	fprintf(stderr, "%s", question);
	length = read_line(bytes, size);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
	fprintf(stderr, "\n");
	for (int i = 0; i < CAUGHT; i++)
		sigaction(caught[i], &before[i], NULL);
	if (came)
		raise(came);
	return length;
}
