/* A terminal of our own (a pseudo-terminal) with a small console in a child process, which tells what it sees. */
#ifndef TESTS_UNIT_TUI_STAGE_H
#define TESTS_UNIT_TUI_STAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <termios.h>

/* What has come from the child through one descriptor. */
struct heard {
	int fd; /* -1: closed */
	size_t length;
	char text[256 * 1024];
};

struct stage {
	pid_t child;
	int slave; /* the child's side, open here too: what it does to the terminal stays to be looked at */
	struct termios found;
	struct heard screen; /* the terminal's other side */
	struct heard report; /* "press a", "draw 24x80", "leave 15", "open 2" (a status), "closed" */
	struct heard witness; /* PENSTOCK_SCREEN_FD */
};

struct stage_options {
	const char *term, *escdelay, *locale; /* NULL: xterm-256color, not set, C.UTF-8 */
	bool ascii;
	bool deaf; /* SIGHUP never arrives */
	bool lost; /* no terminal at all */
};

/* The child's console: q closes; x, a fall (SEGV, ABRT); e writes to standard error; b is busy or not; s suspends; w draws "wanted". */
void stage_begin(struct stage *stage, const struct stage_options *options);
void stage_end(struct stage *stage); /* also when the child still runs */
void stage_type(struct stage *stage, const char *bytes);
/* Until the child has taken from the terminal what was typed. */
void stage_taken(struct stage *stage);
void stage_size(struct stage *stage, int rows, int columns);
/* Until text is in what was heard (once more than at the last call with the same place); fails after some seconds. Returns what follows it. */
void stage_wait(struct stage *stage, struct heard *heard, const char *text);
void heard_clear(struct heard *heard);
/* Until the child has ended; returns its wait status. Everything it wrote is heard then. */
int stage_ended(struct stage *stage);
void stage_hang_up(struct stage *stage);

#endif
