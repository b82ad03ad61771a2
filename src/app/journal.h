/* The daemon's log: one line an event, `key=value` or JSON. Names of what was set up and numbers only: no secret, nobody's data, no words of others. */
#ifndef APP_JOURNAL_H
#define APP_JOURNAL_H

#include "base/error.h"
#include "base/json.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct journal {
	int fd;           /* where lines go */
	const char *path; /* NULL: fd is not ours */
	bool json;
	bool torn;        /* the disk was full in the middle of a line: the next one begins with the newline that it lacks */
	struct str line;
	struct json_out w;
};

/* path NULL: standard error. STATUS_USAGE when the file (0600, appended to) cannot be opened. */
enum status journal_open(struct journal *journal, const char *path, bool json, struct error *err);
/* After the file was moved away: goes on in a new one of its name; what cannot be opened leaves it as it was. */
enum status journal_reopen(struct journal *journal, struct error *err);
void journal_close(struct journal *journal);

/* A line: begin, pairs, end. level: info, warning, error. event: one word. */
void journal_begin(struct journal *journal, const char *level, const char *event);
void journal_text(struct journal *journal, const char *key, const char *value); /* NULL or empty: left out */
void journal_number(struct journal *journal, const char *key, int64_t value);
void journal_end(struct journal *journal);

#endif
