#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#define NCURSES_WIDECHAR 1
#include "tui/device.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "tui/aside.h"
#include "tui/keys.h"
#include "tui/restore.h"
#include "tui/terminfo.h"

#include <curses.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

enum { CODE_PASTE_BEGIN = 0x2000, CODE_PASTE_END, ESCAPE_MS = 25, ESCAPE_MOST_MS = 10000 };

struct device {
	SCREEN *screen;
	WINDOW *pad; /* keys are read on it: reading on stdscr would repaint that */
	struct termios found, ours;
	bool marks;
	int click_row, click_column;
};

/* What curses' codes mean. */
static const struct {
	int code, means;
} meanings[] = {
	{ KEY_UP, PRESS_UP },
	{ KEY_DOWN, PRESS_DOWN },
	{ KEY_LEFT, PRESS_LEFT },
	{ KEY_RIGHT, PRESS_RIGHT },
	{ KEY_HOME, PRESS_HOME },
	{ KEY_FIND, PRESS_HOME },
	{ KEY_END, PRESS_END },
	{ KEY_SELECT, PRESS_END },
	{ KEY_PPAGE, PRESS_PAGE_UP },
	{ KEY_NPAGE, PRESS_PAGE_DOWN },
	{ KEY_BACKSPACE, PRESS_BACKSPACE },
	{ KEY_DC, PRESS_DELETE },
	{ KEY_ENTER, PRESS_ENTER },
	{ KEY_BTAB, PRESS_BACKTAB },
	{ KEY_F(1), PRESS_F1 },
	{ CODE_PASTE_BEGIN, KEYS_PASTE_BEGIN - KEYS_FIRST },
	{ CODE_PASTE_END, KEYS_PASTE_END - KEYS_FIRST },
};

/* Forms that terminals send whatever their description says. */
static const struct {
	const char *bytes;
	int code;
} forms[] = {
	{ "\033[A", KEY_UP },      { "\033OA", KEY_UP },    { "\033[B", KEY_DOWN },  { "\033OB", KEY_DOWN },   { "\033[C", KEY_RIGHT },
	{ "\033OC", KEY_RIGHT },   { "\033[D", KEY_LEFT },  { "\033OD", KEY_LEFT },  { "\033[H", KEY_HOME },   { "\033OH", KEY_HOME },
	{ "\033[1~", KEY_HOME },   { "\033[7~", KEY_HOME }, { "\033[F", KEY_END },   { "\033OF", KEY_END },    { "\033[4~", KEY_END },
	{ "\033[8~", KEY_END },    { "\033[3~", KEY_DC },   { "\033[5~", KEY_PPAGE }, { "\033[6~", KEY_NPAGE }, { "\033[Z", KEY_BTAB },
	{ "\033[11~", KEY_F(1) },  { "\033[[A", KEY_F(1) }, { "\033OP", KEY_F(1) },  { "\033OM", KEY_ENTER },
	{ "\033[200~", CODE_PASTE_BEGIN }, { "\033[201~", CODE_PASTE_END },
};

/* Past curses, which has flushed its own buffer by then. A terminal that takes nothing any more is found out by reading. */
static void send_bytes(const char *bytes)
{
	size_t left = strlen(bytes);

	while (left) {
		ssize_t written = write(STDOUT_FILENO, bytes, left);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return;
		bytes += written;
		left -= (size_t)written;
	}
}

static void mark_pastes(bool on)
{
	send_bytes(on ? "\033[?2004h" : "\033[?2004l");
}

static enum status refuse(struct error *err, const char *term, enum terminfo_fit fit)
{
	if (fit == TERMINFO_PLAIN)
		error_set(err, STATUS_FAILED, "terminal", _("a terminal of type %s cannot place the cursor"), term);
	else if (!term || !*term)
		error_set(err, STATUS_FAILED, "terminal", _("the type of this terminal is not known: TERM is not set"));
	else
		error_set(err, STATUS_FAILED, "terminal", _("the type of this terminal, %s, is not known here"), term);
	error_hint(err, _("set TERM to what the terminal is (often xterm-256color), or use the commands: penstock help"));
	return STATUS_FAILED;
}

/* How long an Escape waits for the rest of a sequence. newterm, unlike initscr, does not look at the variable. */
static void set_escape_delay(void)
{
	const char *text = getenv("ESCDELAY");
	long long ms = ESCAPE_MS;

	if (text)
		text_to_i64(text, 0, ESCAPE_MOST_MS, &ms);
	set_escdelay((int)ms);
}

static void set_keys(struct device *device)
{
	set_escape_delay();
	device->pad = newpad(1, 1);
	nodelay(device->pad, TRUE);
	keypad(device->pad, TRUE);
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		define_key(forms[i].bytes, forms[i].code);
}

/* Ctrl-C and Ctrl-Z stay signals; the key that dumps core does not. */
static void set_modes(struct device *device)
{
	struct termios now;

	cbreak();
	noecho();
	nonl();
	if (tcgetattr(STDIN_FILENO, &now) == 0) {
		now.c_cc[VQUIT] = _POSIX_VDISABLE;
		/* Ctrl-C and Ctrl-Z flush what was typed before them, also between curses' look and its read: that must not wait then. */
		now.c_cc[VMIN] = 0;
		tcsetattr(STDIN_FILENO, TCSADRAIN, &now);
		device->ours = now;
	}
	def_prog_mode();
}

static void prepare_fall(const struct device *device)
{
	char bytes[256];

	restore_arm(&device->found, bytes, terminfo_farewell(bytes, sizeof bytes));
}

enum status device_open(struct device **out, struct error *err)
{
	const char *term = getenv("TERM"), *name = term;
	enum terminfo_fit fit;
	struct device *device;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		error_set(err, STATUS_USAGE, "terminal", _("the console needs a terminal on standard input and output"));
		error_hint(err, _("use the commands instead: penstock help"));
		return STATUS_USAGE;
	}
	fit = terminfo_find(term, &name);
	if (fit != TERMINFO_GOOD)
		return refuse(err, term, fit);
	device = mem_alloc(sizeof *device);
	tcgetattr(STDIN_FILENO, &device->found);
	use_env(FALSE); /* LINES and COLUMNS are often stale */
	use_tioctl(TRUE);
	device->screen = newterm(name, stdout, stdin);
	if (!device->screen) {
		mem_free(device);
		return refuse(err, term, TERMINFO_UNKNOWN);
	}
	prepare_fall(device);
	device->marks = terminfo_marks_pastes(name);
	set_modes(device);
	set_keys(device);
	device_resize(device);
	aside_begin();
	mark_pastes(true);
	*out = device;
	return STATUS_OK;
}

void device_close(struct device *device)
{
	mark_pastes(false);
	endwin();
	tcsetattr(STDIN_FILENO, TCSADRAIN, &device->found);
	restore_disarm();
	delwin(device->pad);
	delscreen(device->screen);
	aside_end();
	mem_free(device);
}

bool device_marks_pastes(const struct device *device)
{
	return device->marks;
}

void device_mouse(struct device *device, bool on)
{
	(void)device;
	mouseinterval(0); /* a click waits for no second one */
	mousemask(on ? BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED : 0, NULL);
}

void device_click(const struct device *device, int *row, int *column)
{
	*row = device->click_row;
	*column = device->click_column;
}

void device_send(struct device *device, const char *bytes)
{
	(void)device;
	send_bytes(bytes);
}

/* The wheel is the arrows. */
static int read_mouse(struct device *device)
{
	MEVENT event;

	if (getmouse(&event) != OK)
		return KEYS_UNKNOWN;
	if (event.bstate & BUTTON4_PRESSED)
		return KEYS_FIRST + PRESS_UP;
	if (event.bstate & BUTTON5_PRESSED)
		return KEYS_FIRST + PRESS_DOWN;
	if (!(event.bstate & BUTTON1_PRESSED))
		return KEYS_UNKNOWN;
	device->click_row = event.y;
	device->click_column = event.x;
	return KEYS_FIRST + PRESS_CLICK;
}

/* Bytes are taken one by one, not as characters: curses loses a character that arrives in pieces, tui/keys does not. */
int device_read(struct device *device)
{
	int code = wgetch(device->pad);

	if (code == ERR)
		return -1;
	if (code < KEYS_FIRST)
		return code;
	if (code == KEY_MOUSE)
		return read_mouse(device);
	for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
		if (meanings[i].code == code)
			return KEYS_FIRST + meanings[i].means;
	return KEYS_UNKNOWN;
}

void device_show(struct device *device)
{
	(void)device;
	wnoutrefresh(stdscr);
	doupdate();
}

void device_forget(struct device *device)
{
	(void)device;
	clearok(curscr, TRUE);
}

void device_resize(struct device *device)
{
	struct winsize size;

	(void)device;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row && size.ws_col && (size.ws_row != LINES || size.ws_col != COLS))
		resizeterm(size.ws_row, size.ws_col);
}

void device_pause(struct device *device)
{
	mark_pastes(false);
	endwin();
	tcsetattr(STDIN_FILENO, TCSADRAIN, &device->found);
}

void device_again(struct device *device)
{
	tcsetattr(STDIN_FILENO, TCSADRAIN, &device->ours);
	device_resize(device);
	device_forget(device);
	mark_pastes(true);
}
