#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* memmem, pipe2 */
#endif
#include "tui_stage.h"

#include "base/clock.h"
#include "tui/paint.h"
#include "tui/terminal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DEADLINE_MS = 60000 };

/* The child. */
static struct {
	struct loop *loop;
	struct terminal *terminal;
	int report;
	bool busy;
} console;

static void tell(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void tell(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vdprintf(console.report, format, arguments);
	va_end(arguments);
}

/* Writes where nothing may be written. */
static void fall(void)
{
	volatile char *nowhere = mmap(NULL, 1, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	*nowhere = 1;
}

static void on_letter(uint32_t letter)
{
	switch (letter) {
	case 'q': loop_stop(console.loop); break;
	case 'x': fall(); break;
	case 'a': fprintf(stderr, "last words\n"); abort();
	case 'e': fprintf(stderr, "noise \033[31mof a library\n"); break;
	case 'b': console.busy = !console.busy; break;
	case 's': terminal_suspend(console.terminal); break;
	case 'w': terminal_redraw(console.terminal); break;
	default: break;
	}
}

static void on_press(void *self, const struct press *press)
{
	char name[PRESS_NAME];

	(void)self;
	tell("press %s", press_name(press, name));
	if (press->kind == PRESS_PASTE)
		tell("(%s)", press->text);
	tell("\n");
	if (press->kind == PRESS_CHARACTER)
		on_letter(press->point);
}

static void on_draw(void *self, int rows, int columns)
{
	struct area area = { 0, 0, rows, columns };

	(void)self;
	tell("draw %dx%d\n", rows, columns);
	paint_frame(area, "stage", NULL, true);
	paint_format(area_inside(area), 0, 0, 0, ROLE_GOOD, "%s painted é", glyph(GLYPH_GOOD));
	paint_cursor(area, 1, 1, false); /* so that showing it again can be seen */
}

static void on_leave(void *self, int signal_number)
{
	(void)self;
	tell("leave %d\n", signal_number);
	loop_stop(console.loop);
}

static bool is_busy(void *self)
{
	(void)self;
	return console.busy;
}

static void set_or_unset(const char *name, const char *value)
{
	if (value)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

static void play(const struct stage_options *options, int witness)
{
	const struct terminal_face face = { .press = on_press, .draw = on_draw, .leave = on_leave, .busy = is_busy };
	struct terminal_options wanted = { .ascii = options->ascii };
	const char *term = options->term ? options->term : "xterm-256color";
	char number[16];
	struct error err;

	snprintf(number, sizeof number, "%d", witness);
	set_or_unset("TERM", *term ? term : NULL);
	set_or_unset("ESCDELAY", options->escdelay);
	set_or_unset("PENSTOCK_SCREEN_FD", number);
	set_or_unset("LINES", "7"); /* not to be believed */
	set_or_unset("COLUMNS", "7");
	set_or_unset("NO_COLOR", NULL);
	set_or_unset("TMUX", NULL);
	set_or_unset("LC_ALL", options->locale ? options->locale : "C.UTF-8");
	setlocale(LC_ALL, "");
	wanted.loop = console.loop = loop_new();
	if (terminal_open(&wanted, &face, &console.terminal, &err) != STATUS_OK) {
		tell("open %d %s\n", err.status, err.message);
		exit(err.status);
	}
	loop_run(console.loop, NULL);
	terminal_close(console.terminal);
	tell("closed\n");
	loop_free(console.loop);
	exit(0);
}

/* cmocka jumps back into its list of tests at a fall, which in the child must be the end. */
static void forget_handlers(void)
{
	static const int signals[] = { SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGPIPE };

	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		signal(signals[i], SIG_DFL);
}

static void become_child(const struct stage *stage, const struct stage_options *options, int report, int witness)
{
	sigset_t hang_up;

	forget_handlers();
	setsid();
	ioctl(stage->slave, TIOCSCTTY, 0);
	for (int fd = 0; fd <= 2; fd++)
		dup2(stage->slave, fd);
	close(stage->slave);
	close(stage->screen.fd);
	sigemptyset(&hang_up);
	sigaddset(&hang_up, SIGHUP);
	if (options->deaf)
		sigprocmask(SIG_BLOCK, &hang_up, NULL);
	if (options->lost)
		dup2(open("/dev/null", O_RDONLY), 0);
	console.report = report;
	play(options, witness);
}

static int open_terminal(struct stage *stage)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);

	assert_true(master >= 0);
	assert_int_equal(grantpt(master), 0);
	assert_int_equal(unlockpt(master), 0);
	stage->slave = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(stage->slave >= 0);
	return master;
}

void stage_begin(struct stage *stage, const struct stage_options *options)
{
	int report[2], witness[2];

	memset(stage, 0, sizeof *stage);
	stage->screen.fd = open_terminal(stage);
	stage_size(stage, 24, 80);
	assert_int_equal(tcgetattr(stage->slave, &stage->found), 0);
	assert_int_equal(pipe2(report, 0), 0);
	assert_int_equal(pipe2(witness, 0), 0);
	fflush(NULL);
	stage->child = fork();
	assert_true(stage->child >= 0);
	if (stage->child == 0) {
		close(report[0]);
		close(witness[0]);
		become_child(stage, options, report[1], witness[1]);
	}
	close(report[1]);
	close(witness[1]);
	stage->report.fd = report[0];
	stage->witness.fd = witness[0];
}

static void stop_hearing(struct heard *heard)
{
	if (heard->fd >= 0)
		close(heard->fd);
	heard->fd = -1;
}

void stage_end(struct stage *stage)
{
	if (stage->child) {
		kill(stage->child, SIGKILL);
		waitpid(stage->child, NULL, 0);
	}
	stop_hearing(&stage->screen);
	stop_hearing(&stage->report);
	stop_hearing(&stage->witness);
	close(stage->slave);
}

void stage_type(struct stage *stage, const char *bytes)
{
	assert_int_equal(write(stage->screen.fd, bytes, strlen(bytes)), (ssize_t)strlen(bytes));
}

void stage_size(struct stage *stage, int rows, int columns)
{
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns };

	assert_int_equal(ioctl(stage->screen.fd, TIOCSWINSZ, &size), 0);
}

static void hear(struct heard *heard, short events)
{
	size_t room = sizeof heard->text - 1 - heard->length;
	ssize_t got;

	if (heard->fd < 0 || !events)
		return;
	if (!room) /* what is old is not looked at any more */
		heard_clear(heard), room = sizeof heard->text - 1;
	got = read(heard->fd, heard->text + heard->length, room);
	if (got <= 0) {
		stop_hearing(heard);
		return;
	}
	heard->length += (size_t)got;
	heard->text[heard->length] = '\0';
}

/* Takes in what there is, waiting at most `ms` for it. Returns false when there was nothing. */
static bool hear_all(struct stage *stage, int ms)
{
	struct heard *all[] = { &stage->screen, &stage->report, &stage->witness };
	struct pollfd polled[3];

	for (int i = 0; i < 3; i++)
		polled[i] = (struct pollfd){ .fd = all[i]->fd, .events = POLLIN };
	if (poll(polled, 3, ms) <= 0)
		return false;
	for (int i = 0; i < 3; i++)
		hear(all[i], polled[i].revents);
	return true;
}

static void print_heard(const struct stage *stage, const char *text)
{
	print_error("waited for: %s\nreport:\n%s\nwitness:\n%s\nscreen, %zu bytes\n", text, stage->report.text, stage->witness.text,
		stage->screen.length);
}

void stage_wait(struct stage *stage, struct heard *heard, const char *text)
{
	int64_t end = clock_mono_ms() + DEADLINE_MS;

	while (!memmem(heard->text, heard->length, text, strlen(text))) {
		if (clock_mono_ms() < end && heard->fd >= 0) {
			hear_all(stage, 100);
			continue;
		}
		print_heard(stage, text);
		fail();
	}
}

void heard_clear(struct heard *heard)
{
	heard->length = 0;
	heard->text[0] = '\0';
}

void stage_taken(struct stage *stage)
{
	int64_t end = clock_mono_ms() + DEADLINE_MS;
	int left = 1;

	while (left) {
		assert_int_equal(ioctl(stage->slave, FIONREAD, &left), 0);
		hear_all(stage, 1);
		assert_true(clock_mono_ms() < end);
	}
}

int stage_ended(struct stage *stage)
{
	int64_t end = clock_mono_ms() + DEADLINE_MS;
	int status;

	while (waitpid(stage->child, &status, WNOHANG) == 0) {
		hear_all(stage, 20);
		if (clock_mono_ms() > end) {
			print_heard(stage, "the end");
			fail();
		}
	}
	while (hear_all(stage, 0) && stage->report.fd >= 0)
		;
	while (stage->screen.fd >= 0 && hear_all(stage, 0))
		;
	stage->child = 0;
	return status;
}

void stage_hang_up(struct stage *stage)
{
	/* Ours must go too: as long as one is open, the other side lives. */
	stop_hearing(&stage->screen);
}
