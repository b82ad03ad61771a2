/*
 * A program of its own, started and heard from the loop, which never waits for it: standard output and standard error are collected, descriptor 3 is read line by
 * line, the end is noticed by a descriptor. It gets no input but what it is given beforehand, no descriptor of ours beside these, and the system's own signal handling.
 */
#ifndef LOOP_PROCESS_H
#define LOOP_PROCESS_H

#include "base/error.h"
#include "base/str.h"
#include "loop/loop.h"

#include <stdbool.h>
#include <stddef.h>

enum {
	PROCESS_OUTPUT = 64 * 1024 * 1024, /* bytes of standard output that are kept */
	PROCESS_ERRORS = 64 * 1024,        /* of standard error */
	PROCESS_INPUT = 32 * 1024,
	PROCESS_LINE = 1024 * 1024,        /* of one line of descriptor 3 */
	PROCESS_DESCRIPTORS = 32,
	PROCESS_NOT_STARTED = 127,         /* exit status when the file cannot be executed */
};

struct process;

struct process_end {
	int exit_status;          /* -1: ended by the signal */
	int signal_number;        /* 0: none */
	const struct str *output; /* these die with the call */
	const struct str *errors;
	bool output_cut;          /* there was more than PROCESS_OUTPUT: the rest was thrown away */
};
/* Everything it wrote has been heard before. The process is freed after the call. */
typedef void (*process_end_fn)(void *self, const struct process_end *end);
/* One line without its end, NUL behind it; what ends without one is given too. A line over PROCESS_LINE is left out. */
typedef void (*process_line_fn)(void *self, const char *line, size_t length);

struct process_options {
	const char *file;        /* what is executed: a path */
	const char *const *argv; /* NULL ends it */
	const char *input;       /* what it reads from standard input, then nothing; NULL: /dev/null. At most PROCESS_INPUT bytes, a pipe holds them */
	process_line_fn line;    /* NULL: the program has no descriptor 3 */
	process_end_fn end;
	void *self;
	bool outlives;           /* a session of its own, goes on when this process ends; else it is killed with us */
	/* Somebody else's descriptors in the place of all that: they become 0, 1, 2 and so on, nothing is heard but the end, and the program has a session of its own, which hangs up
	 * (SIGHUP) when this process ends. They stay the caller's. NULL: as above. */
	const int *descriptors;
	size_t descriptor_count; /* at most PROCESS_DESCRIPTORS */
	char *const *environment; /* NULL ends it; NULL: ours */
};

/* NULL with err when there is no process or no descriptor left. A file that cannot be executed shows at the end (PROCESS_NOT_STARTED). */
struct process *process_start(struct loop *loop, const struct process_options *options, struct error *err);
/* SIGTERM for example. Its end is told as ever. */
void process_tell(struct process *process, int signal_number);
/* Both: no call comes any more, also when called from inside one; the process is freed. NULL is allowed. The loop keeps a descriptor until the program has
 * ended, so that nothing of it is left in the system. */
void process_kill(struct process *process);   /* SIGKILL */
void process_let_go(struct process *process); /* goes on, unheard */

#endif
