/*
 * The terminal: on, off, its size, what is typed and when to draw. The only room with ncurses; knows nothing of what is shown.
 * One terminal a process. Drawing happens once a turn of the loop, in the face's `draw`, never in a handler.
 */
#ifndef TUI_TERMINAL_H
#define TUI_TERMINAL_H

#include "base/error.h"
#include "base/str.h"
#include "loop/loop.h"
#include "tui/press.h"

#include <stdbool.h>

struct terminal;

/* Colours by what the operator's terminal and eyes are like; always on the terminal's own background, and its palette is never redefined. */
enum terminal_theme { THEME_TERMINAL, THEME_LIGHT, THEME_HIGH_CONTRAST, THEME_COLOUR_BLIND, THEMES };
bool terminal_theme_parse(const char *word, enum terminal_theme *out); /* terminal, light, high-contrast, colour-blind */

struct terminal_options {
	struct loop *loop; /* its before-sleep hook is the terminal's until terminal_close, and so are WINCH, HUP, TERM, INT, TSTP and CONT */
	bool ascii;    /* --ascii; else the locale's codeset decides */
	enum terminal_theme theme;
	bool no_color; /* --no-color; NO_COLOR (not empty) and a TERM without colours say the same */
};

struct terminal_face {
	void (*press)(void *self, const struct press *press);
	/* Paints the whole screen with tui/paint.h; rows and columns are at least 1. Only what changed is sent. */
	void (*draw)(void *self, int rows, int columns);
	/* The terminal is gone (hang-up, end of file) or a signal (HUP, TERM, INT) asks to leave: save and stop the loop. signal_number 0: end of file. */
	void (*leave)(void *self, int signal_number);
	/* Is something under way whose answer is awaited? Told to a test that watches (PENSTOCK_SCREEN_FD); may be NULL. */
	bool (*busy)(void *self);
	void *self;
};

/* STATUS_USAGE without a terminal on standard input and output, STATUS_FAILED when TERM cannot move the cursor (both with a hint).
 * From here to terminal_close the terminal is put right on every way out: return, SEGV, ABRT, BUS, FPE, ILL, and the memory hook through terminal_restore. */
enum status terminal_open(const struct terminal_options *options, const struct terminal_face *face, struct terminal **out, struct error *err);
void terminal_close(struct terminal *terminal); /* NULL is allowed */
/* Async-signal-safe; does nothing when no terminal is open. For the fatal hook of base/mem. */
void terminal_restore(void);

void terminal_redraw(struct terminal *terminal); /* wanted: draws once, before the loop sleeps */
void terminal_repaint(struct terminal *terminal); /* Ctrl-L: everything is sent again */
/* The text that is on the screen now, line after line, without the blanks at their ends. */
void terminal_text(const struct terminal *terminal, struct str *out);
/* Sends the text to the clipboard of the terminal's user (OSC 52); whether the terminal takes it nobody is told. False: it is too long. */
bool terminal_copy(struct terminal *terminal, const char *text);
/* Clicks and the wheel come as PRESS_CLICK, PRESS_UP and PRESS_DOWN; meanwhile the terminal itself selects text only with Shift. */
void terminal_mouse(struct terminal *terminal, bool on);
/* Draws now, but sends nothing yet: for whoever has to know where things come to stand. */
void terminal_paint(struct terminal *terminal);
/* Where the hardware cursor rested in the last frame. */
void terminal_cursor(const struct terminal *terminal, int *row, int *column);
void terminal_suspend(struct terminal *terminal); /* Ctrl-Z: stops the process, and comes back */
void terminal_size(const struct terminal *terminal, int *rows, int *columns);

#endif
