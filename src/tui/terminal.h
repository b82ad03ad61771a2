/*
 * The terminal: on, off, its size, what is typed and when to draw. The only room with ncurses; knows nothing of what is shown.
 * One terminal a process. Drawing happens once a turn of the loop, in the face's `draw`, never in a handler.
 */
#ifndef TUI_TERMINAL_H
#define TUI_TERMINAL_H

#include "base/error.h"
#include "loop/loop.h"
#include "tui/press.h"

#include <stdbool.h>

struct terminal;

struct terminal_options {
	struct loop *loop; /* its before-sleep hook is the terminal's until terminal_close, and so are WINCH, HUP, TERM, INT, TSTP and CONT */
	bool ascii;    /* --ascii; else the locale's codeset decides */
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
void terminal_suspend(struct terminal *terminal); /* Ctrl-Z: stops the process, and comes back */
void terminal_size(const struct terminal *terminal, int *rows, int *columns);

#endif
