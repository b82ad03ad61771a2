/* Commands that do something to the program. */
#include "driver.h"

#include "keys.h"
#include "words.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

/* The size that the first two words tell. */
static bool size_of(struct driver *d, const struct args *args, int *rows, int *columns)
{
	if (args->count >= 2 && words_number(args->words[0], 1, 1000, rows) && words_number(args->words[1], 1, 1000, columns))
		return true;
	return failed(d, "ROWS COLUMNS");
}

static bool start(struct driver *d, const struct args *args, bool speaks)
{
	const char *wrong;
	int rows = 0, columns = 0;

	if (!size_of(d, args, &rows, &columns))
		return false;
	wrong = args->count > 2 ? terminal_start(&d->terminal, rows, columns, args->words + 2, speaks) : "which program?";
	if (wrong)
		return failed(d, wrong);
	str_add_format(&d->answer, "%d", (int)d->terminal.program);
	return true;
}

static bool do_start(struct driver *d, const struct args *args) { return start(d, args, true); }
static bool do_start_plain(struct driver *d, const struct args *args) { return start(d, args, false); }

static bool do_environment(struct driver *d, const struct args *args)
{
	char *equals;

	if (args->count != 1 || !*args->words[0])
		return failed(d, "NAME or NAME=VALUE");
	equals = strchr(args->words[0], '=');
	if (!equals)
		return unsetenv(args->words[0]) == 0 || failed(d, strerror(errno));
	*equals = '\0';
	return setenv(args->words[0], equals + 1, 1) == 0 || failed(d, strerror(errno));
}

static bool do_deadline(struct driver *d, const struct args *args)
{
	int ms;

	if (!words_number(args->words[0], 1, 1000000, &ms))
		return failed(d, "MILLISECONDS");
	d->deadline = ms * 1000LL;
	return true;
}

/* Input. */

static bool ready(struct driver *d)
{
	if (!d->terminal.running)
		return failed(d, "no program is running");
	return d->terminal.master >= 0 ? true : failed(d, "the terminal is gone");
}

static bool do_press(struct driver *d, const struct args *args)
{
	if (args->count <= 0)
		return failed(d, "KEY...");
	for (int i = 0; i < args->count; i++)
		if (!keys_known(args->words[i]))
			return failed(d, "no such key");
	if (!ready(d))
		return false;
	terminal_input(&d->terminal, keys_partly(args->words[args->count - 1]) ? INPUT_PARTLY : INPUT_WHOLE);
	for (int i = 0; i < args->count; i++)
		keys_press(&d->terminal, args->words[i]);
	return true;
}

static bool send_text(struct driver *d, const struct args *args, bool paste)
{
	struct str text = { 0 };
	bool good = ready(d) && text_of(d, args, &text);

	if (good) {
		terminal_input(&d->terminal, INPUT_WHOLE);
		if (paste)
			keys_paste(&d->terminal, text.text, text.length);
		else
			terminal_send(&d->terminal, text.text, text.length);
	}
	str_done(&text);
	return good;
}

static bool do_type(struct driver *d, const struct args *args) { return send_text(d, args, false); }
static bool do_paste(struct driver *d, const struct args *args) { return send_text(d, args, true); }

static bool sent_and_read(struct driver *d)
{
	int64_t until = now_us() + d->deadline;

	driver_turn(d, 0);
	while (d->terminal.frames.unread && d->terminal.running && now_us() < until)
		driver_turn(d, until);
	return !d->terminal.frames.unread;
}

/* Each part when the one before was read, and so much later. */
static bool send_parts(struct driver *d, char **parts, int count, int64_t apart)
{
	struct str bytes = { 0 };
	bool good = ready(d);

	for (int i = 0; good && i < count; i++) {
		str_clear(&bytes);
		good = (words_hex(parts[i], &bytes) && bytes.length) || failed(d, "HEX...");
		if (good && i > 0) {
			good = sent_and_read(d) || failed(d, "the program does not read");
			for (int64_t until = now_us() + apart; now_us() < until;)
				driver_turn(d, until);
		}
		if (good) {
			terminal_input(&d->terminal, INPUT_PARTLY);
			terminal_send(&d->terminal, bytes.text, bytes.length);
		}
	}
	str_done(&bytes);
	return good;
}

static bool do_bytes(struct driver *d, const struct args *args)
{
	return args->count > 0 ? send_parts(d, args->words, args->count, 0) : failed(d, "HEX...");
}

static bool do_slow(struct driver *d, const struct args *args)
{
	int ms;

	if (args->count < 2 || !words_number(args->words[0], 1, 10000, &ms))
		return failed(d, "MS HEX...");
	return send_parts(d, args->words + 1, args->count - 1, ms * 1000LL);
}

static bool do_resize(struct driver *d, const struct args *args)
{
	const char *wrong;
	int rows = 0, columns = 0;

	if (!size_of(d, args, &rows, &columns))
		return false;
	wrong = terminal_resize(&d->terminal, rows, columns);
	return wrong ? failed(d, wrong) : true;
}

/* The program's life. */

static bool do_signal(struct driver *d, const struct args *args)
{
	static const struct {
		const char *name;
		int number;
	} known[] = { { "HUP", SIGHUP }, { "INT", SIGINT }, { "QUIT", SIGQUIT }, { "ABRT", SIGABRT }, { "SEGV", SIGSEGV }, { "BUS", SIGBUS },
		{ "FPE", SIGFPE }, { "ILL", SIGILL }, { "PIPE", SIGPIPE }, { "TERM", SIGTERM }, { "KILL", SIGKILL }, { "TSTP", SIGTSTP },
		{ "STOP", SIGSTOP }, { "CONT", SIGCONT }, { "WINCH", SIGWINCH }, { "USR1", SIGUSR1 }, { "USR2", SIGUSR2 } };

	if (!d->terminal.running)
		return failed(d, "no program is running");
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (!strcmp(args->rest, known[i].name))
			return kill(d->terminal.program, known[i].number) == 0 || failed(d, strerror(errno));
	return failed(d, "no such signal");
}

static bool do_wait(struct driver *d, const struct args *args)
{
	struct terminal *t = &d->terminal;
	int64_t until = now_us() + d->deadline;

	(void)args;
	if (!t->program)
		return failed(d, "nothing was started");
	driver_turn(d, 0);
	while (t->running && now_us() < until)
		driver_turn(d, until);
	if (t->running)
		return failed_screen(d, "the program has not ended");
	driver_turn(d, 0); /* what it wrote last */
	if (WIFSIGNALED(t->status))
		str_add_format(&d->answer, "signal %d", WTERMSIG(t->status));
	else
		str_add_format(&d->answer, "%d", WEXITSTATUS(t->status));
	return true;
}

static bool do_stopped(struct driver *d, const struct args *args)
{
	struct terminal *t = &d->terminal;
	int64_t until = now_us() + d->deadline;

	(void)args;
	driver_turn(d, 0);
	while (t->running && !t->stopped && now_us() < until)
		driver_turn(d, until);
	return t->running && t->stopped ? true : failed_screen(d, "the program has not stopped");
}

static bool do_continue(struct driver *d, const struct args *args)
{
	(void)args;
	if (!d->terminal.running || !d->terminal.stopped)
		return failed(d, "no program is stopped");
	terminal_continue(&d->terminal);
	return true;
}

static bool do_kill(struct driver *d, const struct args *args)
{
	(void)args;
	terminal_kill(&d->terminal);
	return true;
}

static bool do_hang_up(struct driver *d, const struct args *args)
{
	(void)args;
	terminal_hang_up(&d->terminal);
	return true;
}

const struct command acting[] = {
	{ "start", do_start },             /* ROWS COLUMNS PROGRAM ARG...: one that tells of its frames. Answers its process number. */
	{ "start-plain", do_start_plain }, /* the same for one that does not */
	{ "environment", do_environment }, /* NAME=VALUE, or NAME to take it away: for the next start */
	{ "deadline", do_deadline },       /* MS that a command waits at most (60,000) */
	{ "press", do_press },             /* KEY...: see keys.c */
	{ "type", do_type },               /* TEXT */
	{ "paste", do_paste },             /* TEXT, in brackets when the program asked for them */
	{ "bytes", do_bytes },             /* HEX...: each as soon as the program has read the one before */
	{ "slow", do_slow },               /* MS HEX...: and so much later */
	{ "resize", do_resize },           /* ROWS COLUMNS */
	{ "signal", do_signal },           /* NAME, without SIG */
	{ "wait", do_wait },               /* until the program has ended: STATUS, or "signal N" */
	{ "stopped", do_stopped },         /* waits until it has stopped itself */
	{ "continue", do_continue },       /* lets it go on in the foreground */
	{ "kill", do_kill },
	{ "hang-up", do_hang_up },         /* the terminal goes away */
	{ NULL, NULL },
};
