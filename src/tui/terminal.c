/* The terminal: what is typed goes to the face, what the face wants is drawn once a turn of the loop. */
#define NCURSES_WIDECHAR 1
#include "tui/terminal.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "tui/cells.h"
#include "tui/clipboard.h"
#include "tui/device.h"
#include "tui/keys.h"
#include "tui/witness.h"

#include <curses.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const int caught[] = { SIGWINCH, SIGHUP, SIGTERM, SIGINT, SIGTSTP, SIGCONT };
enum {
	CAUGHT = sizeof caught / sizeof *caught,
	AT_ONCE = 16 * 1024, /* codes read in one turn: other work has its turn too */
	NOTHING_MOST = 100,  /* a terminal that has gone is always ready and gives nothing; a flush leaves that behind once or twice */
};

struct terminal {
	struct terminal_options options;
	struct terminal_face face;
	struct device *device;
	struct keys keys;
	struct witness witness;
	struct sigaction before[CAUGHT];
	uint64_t late; /* timer for keys_late, or for what is still to read */
	bool dirty;    /* wants to be drawn */
	bool news;     /* something was drawn or typed in this turn */
	bool left;     /* the terminal is gone and the face knows */
	int nothing_read; /* how often in a row there should have been something */
};

static void leave(struct terminal *terminal, int signal_number)
{
	terminal->face.leave(terminal->face.self, signal_number);
}

/* Nothing comes from there any more: waiting for it would turn the loop without end. */
static void gone(struct terminal *terminal)
{
	loop_watch(terminal->options.loop, STDIN_FILENO, 0, NULL, NULL);
	loop_cancel(terminal->options.loop, terminal->late);
	terminal->late = 0;
	if (!terminal->left)
		leave(terminal, 0);
	terminal->left = true;
}

static void click(struct terminal *terminal)
{
	struct press press = { .kind = PRESS_CLICK };

	device_click(terminal->device, &press.row, &press.column);
	terminal->face.press(terminal->face.self, &press);
}

static void on_press(void *self, const struct press *press)
{
	struct terminal *terminal = self;

	terminal->news = true;
	if (press->kind == PRESS_CONTROL && press->point == 'l')
		terminal_repaint(terminal);
	else if (press->kind == PRESS_CLICK)
		click(terminal);
	else
		terminal->face.press(terminal->face.self, press);
}

static void on_late(void *self)
{
	struct terminal *terminal = self;

	terminal->late = 0;
	keys_late(&terminal->keys, clock_mono_ms());
}

/* Reads all there is: what curses has taken from the descriptor is hidden from poll. Returns how many codes that was. */
static int drain(struct terminal *terminal)
{
	int code, count = 0;

	while (count < AT_ONCE && (code = device_read(terminal->device)) >= 0) {
		keys_code(&terminal->keys, code, clock_mono_ms());
		count++;
	}
	return count;
}

static void read_on(void *self)
{
	struct terminal *terminal = self;
	struct loop *loop = terminal->options.loop;
	int count, wait;

	loop_cancel(loop, terminal->late);
	terminal->late = 0;
	count = drain(terminal);
	terminal->nothing_read = count ? 0 : terminal->nothing_read + 1;
	if (count == AT_ONCE) {
		terminal->late = loop_after(loop, 0, read_on, terminal);
		return;
	}
	wait = keys_pause(&terminal->keys, clock_mono_ms());
	if (wait)
		terminal->late = loop_after(loop, wait, on_late, terminal);
}

static void on_typed(void *self, int fd, int events)
{
	struct terminal *terminal = self;

	(void)fd;
	read_on(terminal);
	if ((events & LOOP_GONE) || terminal->nothing_read >= NOTHING_MOST)
		gone(terminal);
}

static void on_signal(void *self, int signal_number)
{
	struct terminal *terminal = self;

	switch (signal_number) {
	case SIGWINCH:
		/* Also where it is as large as it was: it may have been smaller before we came to look, and has then lost what it showed. */
		device_resize(terminal->device);
		terminal_repaint(terminal);
		break;
	case SIGTSTP:
		terminal_suspend(terminal);
		break;
	case SIGCONT: /* stopped without being asked (SIGSTOP): others have had the terminal */
		device_again(terminal->device);
		terminal->dirty = true;
		break;
	default:
		leave(terminal, signal_number);
	}
}

void terminal_paint(struct terminal *terminal)
{
	int rows, columns;

	terminal_size(terminal, &rows, &columns);
	cells_begin(rows, columns);
	terminal->face.draw(terminal->face.self, rows, columns);
	cells_end();
}

static void draw(struct terminal *terminal)
{
	terminal->dirty = false;
	terminal->news = true;
	terminal_paint(terminal);
	device_show(terminal->device);
}

static void before_sleep(void *self)
{
	struct terminal *terminal = self;
	bool busy;

	if (terminal->dirty && !terminal->left)
		draw(terminal);
	busy = terminal->face.busy && terminal->face.busy(terminal->face.self);
	witness_tell(&terminal->witness, terminal->news, busy);
	terminal->news = false;
}

/* What was done with the signals before is kept, which the loop does not do. They are ours before curses looks: it leaves alone what is taken. */
static void catch_signals(struct terminal *terminal)
{
	for (int i = 0; i < CAUGHT; i++) {
		sigaction(caught[i], NULL, &terminal->before[i]);
		loop_signal(terminal->options.loop, caught[i], on_signal, terminal);
	}
}

static void release_signals(struct terminal *terminal)
{
	for (int i = 0; i < CAUGHT; i++) {
		loop_signal(terminal->options.loop, caught[i], NULL, NULL);
		sigaction(caught[i], &terminal->before[i], NULL);
	}
}

static bool wants_colors(const struct terminal_options *options)
{
	const char *no_color = getenv("NO_COLOR");

	return !options->no_color && !(no_color && *no_color);
}

enum status terminal_open(const struct terminal_options *options, const struct terminal_face *face, struct terminal **out, struct error *err)
{
	struct terminal *terminal = mem_alloc(sizeof *terminal);
	enum status status;

	*out = NULL;
	terminal->options = *options;
	terminal->face = *face;
	catch_signals(terminal);
	status = device_open(&terminal->device, err);
	if (status != STATUS_OK) {
		release_signals(terminal);
		mem_free(terminal);
		return status;
	}
	cells_open(options->ascii, wants_colors(options), options->theme);
	keys_init(&terminal->keys, on_press, terminal, device_marks_pastes(terminal->device));
	witness_init(&terminal->witness);
	terminal->dirty = true;
	loop_watch(options->loop, STDIN_FILENO, LOOP_READ, on_typed, terminal);
	loop_before_sleep(options->loop, before_sleep, terminal);
	*out = terminal;
	return STATUS_OK;
}

void terminal_close(struct terminal *terminal)
{
	struct loop *loop;

	if (!terminal)
		return;
	loop = terminal->options.loop;
	loop_before_sleep(loop, NULL, NULL);
	loop_watch(loop, STDIN_FILENO, 0, NULL, NULL);
	loop_cancel(loop, terminal->late);
	device_close(terminal->device);
	release_signals(terminal);
	keys_done(&terminal->keys);
	cells_done();
	mem_free(terminal);
}

void terminal_redraw(struct terminal *terminal)
{
	terminal->dirty = true;
}

void terminal_text(const struct terminal *terminal, struct str *out)
{
	(void)terminal;
	cells_text(out);
}

bool terminal_copy(struct terminal *terminal, const char *text)
{
	struct str sequence = { 0 };
	bool good = clipboard_sequence(text, strlen(text), clipboard_through(), &sequence);

	if (good)
		device_send(terminal->device, str_text(&sequence));
	str_done(&sequence);
	return good;
}

void terminal_mouse(struct terminal *terminal, bool on)
{
	device_mouse(terminal->device, on);
}

void terminal_cursor(const struct terminal *terminal, int *row, int *column)
{
	(void)terminal;
	cells_cursor_at(row, column);
}

void terminal_repaint(struct terminal *terminal)
{
	device_forget(terminal->device);
	terminal->dirty = true;
}

/* The loop's handlers of both signals are away meanwhile: TSTP must stop us, and CONT needs no second repaint. */
void terminal_suspend(struct terminal *terminal)
{
	struct loop *loop = terminal->options.loop;

	device_pause(terminal->device);
	loop_signal(loop, SIGCONT, NULL, NULL);
	loop_signal(loop, SIGTSTP, NULL, NULL);
	raise(SIGTSTP);
	loop_signal(loop, SIGTSTP, on_signal, terminal);
	loop_signal(loop, SIGCONT, on_signal, terminal);
	device_again(terminal->device);
	terminal->dirty = true;
}

void terminal_size(const struct terminal *terminal, int *rows, int *columns)
{
	(void)terminal;
	*rows = LINES > 1 ? LINES : 1;
	*columns = COLS > 1 ? COLS : 1;
}
