/* Bytes of a file, a pipe or standard input, line by line, in one bounded buffer. Inside source/ only. */
#ifndef SOURCE_INPUT_H
#define SOURCE_INPUT_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct input {
	int fd;
	bool own_fd;               /* to be closed */
	bool waits;                /* a pipe or terminal, which may keep us waiting */
	bool at_end;               /* read() has said so */
	bool begun;                /* the byte order mark was looked for */
	char *name;                /* for messages, cleaned */
	char *buffer;
	size_t capacity;
	size_t start, end;         /* what was read and not yet taken */
	int64_t line;              /* number of the line taken last, from 1 */
	int64_t taken;             /* bytes */
	int64_t size;              /* of a regular file, else -1 */
	int64_t left;              /* bytes that may still be read from it, -1: up to its end */
	const volatile bool *stop; /* NULL or: ends the waiting for a pipe */
	bool (*ask)(void *self);   /* NULL or: the same, asked some times a second */
	void *ask_self;
};

enum input_line { INPUT_LINE, INPUT_TOO_LONG, INPUT_END, INPUT_ERROR };

/* path `-` is standard input. STATUS_USAGE for a directory, STATUS_FAILED with the system's words otherwise. */
enum status input_open(struct input *input, const char *path, struct error *err);
/* A range of a regular file that is open: `length` bytes from `offset`, of which `line` lines come before. The descriptor becomes the input's own. */
void input_range(struct input *input, const char *name, int fd, int64_t offset, int64_t length, int64_t line);
void input_done(struct input *input);
bool input_is_stopped(const struct input *input);
/* The next line without its newline and carriage return; it lives until the next call. INPUT_TOO_LONG: it was longer than SOURCE_LINE_LIMIT
 * and has been passed over. A byte order mark at the beginning is passed over. */
enum input_line input_line(struct input *input, const char **text, size_t *length, struct error *err);
/* For readers whose rows are no lines: shows what was read and not taken, reading when that is nothing. *length 0: the end. A byte order mark at the beginning is
 * passed over. Such a reader counts `line` itself. */
enum status input_bytes(struct input *input, const char **bytes, size_t *length, struct error *err);
void input_take(struct input *input, size_t count);
/* Waits for the first bytes that are not white space, takes nothing, and shows what has been read (perhaps nothing). */
enum status input_peek(struct input *input, const char **bytes, size_t *length, struct error *err);

#endif
