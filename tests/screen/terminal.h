/* A pseudo-terminal with a program in it, and its screen as libvterm understands what the program writes. One is enough for a driver. */
#ifndef SCREEN_TERMINAL_H
#define SCREEN_TERMINAL_H

#include "base/str.h"
#include "frames.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <termios.h>
#include <vterm.h>

struct terminal {
	VTerm *vterm; /* NULL before the first start */
	VTermScreen *screen;
	int rows, columns;
	int master, slave; /* -1 while there is none */
	int children;      /* signalfd of SIGCHLD */
	struct termios before; /* its settings when it was opened */
	pid_t program;         /* 0 before the first start; leads a process group of its own */
	bool running, stopped;
	int status; /* of waitpid, once it has ended */
	struct str raw;    /* all that it wrote */
	size_t counted;    /* how much of that was told */
	struct str unsent; /* what the terminal has not taken yet: keys and libvterm's replies */
	bool alternate, cursor_visible; /* as libvterm tells */
	int mouse;
	bool changed;       /* the screen, since the last input */
	int64_t input_at;   /* microseconds */
	int64_t changed_at; /* when the first frame after it was there; 0: not yet */
	struct frames frames;
};

void terminal_init(struct terminal *t);
void terminal_done(struct terminal *t); /* kills the program */

/* Runs arguments (NULL at the end) in a terminal of this size. `speaks`: it tells of its frames (frames.h). NULL, or what went wrong. */
const char *terminal_start(struct terminal *t, int rows, int columns, char **arguments, bool speaks);
const char *terminal_resize(struct terminal *t, int rows, int columns);
void terminal_continue(struct terminal *t); /* after it has stopped */
/* The other end goes away, as when a connection breaks. */
void terminal_hang_up(struct terminal *t);
/* Ends the program and all of its group, and takes note of its end. */
void terminal_kill(struct terminal *t);

/* Says that what is sent now is input. */
void terminal_input(struct terminal *t, enum input input);
void terminal_send(struct terminal *t, const char *bytes, size_t length);

/* Waits until something happens, at most until a time (microseconds), and deals with it. True when `also` (-1: nothing) can be read. */
bool terminal_turn(struct terminal *t, int also, int64_t until);
/* May the screen be judged? (frames.h; a program that has ended or is stopped is idle.) */
bool terminal_settled(struct terminal *t, bool busy_too);

/* How the terminal differs from what it was before the program; "" when it does not. */
const char *terminal_left(struct terminal *t, struct str *what);

#endif
