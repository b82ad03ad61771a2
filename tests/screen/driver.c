/*
 * Runs a program in a pseudo-terminal, keeps its screen with libvterm, and obeys commands, one a line, from standard input. Each is answered
 * with one line on standard output: "ok ..." or "failed REASON". A shell test drives it through two FIFOs (lib.sh). The commands are the tables
 * at the end of acting.c and looking.c; when a screen may be judged is told in frames.h; backslashes in words.h.
 *
 *     driver [SECONDS]      all must be over after so many (570)
 *
 * Nothing sleeps: every wait is a poll of the terminal, the program's frames, its end and the commands, for a condition, with a deadline. The
 * terminal is always drained and libvterm's replies are always written back. When standard input closes, the program is killed.
 */
#include "driver.h"

#include "picture.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The time that a command has is for the busiest machine: what never comes is waited for no longer than need be to know it. */
enum { SECONDS = 570, DEADLINE_MS = 60000 };

static void finish(struct driver *d, int status)
{
	terminal_done(&d->terminal);
	str_done(&d->commands);
	str_done(&d->answer);
	exit(status);
}

static void time_is_up(struct driver *d)
{
	printf("failed the time is up\n");
	fflush(stdout);
	fprintf(stderr, "driver: the time is up; the screen:\n");
	if (d->terminal.vterm)
		picture_write(&d->terminal, stderr);
	finish(d, 1);
}

static void read_commands(struct driver *d)
{
	char bytes[4096];
	ssize_t got = read(STDIN_FILENO, bytes, sizeof bytes);

	if (got > 0)
		str_add_bytes(&d->commands, bytes, (size_t)got);
	else if (got == 0 || (errno != EAGAIN && errno != EINTR))
		finish(d, 0);
}

void driver_turn(struct driver *d, int64_t until)
{
	if (now_us() >= d->end)
		time_is_up(d);
	if (terminal_turn(&d->terminal, STDIN_FILENO, until < d->end ? until : d->end))
		read_commands(d);
}

/* The next line into `line`, as soon as it is there. */
static void next_command(struct driver *d, struct str *line)
{
	const char *end;

	while (!d->commands.length || !(end = memchr(d->commands.text, '\n', d->commands.length)))
		driver_turn(d, d->end);
	str_clear(line);
	str_add(line, ""); /* an empty line is a text, too */
	str_add_bytes(line, d->commands.text, (size_t)(end - d->commands.text));
	d->commands.length -= line->length + 1;
	memmove(d->commands.text, end + 1, d->commands.length + 1);
}

/* Names of the environment that would change what is drawn. The rest, with HOME and XDG, comes from the test. */
static void set_environment(void)
{
	static const char *const away[] = { "LINES", "COLUMNS", "NO_COLOR", "ESCDELAY", "TERMINFO", "TERMCAP", "COLORTERM", "LANG", "LANGUAGE", "TMUX", "STY" };

	for (size_t i = 0; i < sizeof away / sizeof *away; i++)
		unsetenv(away[i]);
	setenv("TERM", "xterm-256color", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("TZ", "UTC", 1);
}

/* Leads a session of its own, whose terminal will be the program's. Who leads a group already cannot: then a child does it. */
static void lead_session(void)
{
	int status;
	pid_t child;

	if (setsid() >= 0)
		return;
	child = fork();
	if (child > 0) {
		while (waitpid(child, &status, 0) < 0 && errno == EINTR)
			;
		exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
	}
	if (child < 0 || setsid() < 0)
		exit(1);
}

int main(int count, char **arguments)
{
	struct driver d = { .deadline = DEADLINE_MS * 1000LL };
	struct str line = { 0 };
	bool good;
	long seconds = count > 1 ? strtol(arguments[1], NULL, 10) : SECONDS;

	lead_session();
	/* The leader of a session gets these when the terminal goes away, and when it is not in the foreground. */
	signal(SIGHUP, SIG_IGN);
	signal(SIGTTOU, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	set_environment();
	setlocale(LC_ALL, "C.UTF-8");
	d.end = now_us() + seconds * 1000000LL;
	terminal_init(&d.terminal);
	for (;;) {
		next_command(&d, &line);
		str_clear(&d.answer);
		good = command_obey(&d, line.text);
		printf("%s %s\n", good ? "ok" : "failed", str_text(&d.answer));
		fflush(stdout);
	}
}
