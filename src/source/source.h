/*
 * Readers of profiles behind one interface: open, next, position, close. A bad line is never fatal and never silent: it comes back as
 * SOURCE_BAD with its reason, and reading goes on (engine.md "What goes in"). A row of a table comes as a message too: an object of its
 * cells by the names of their columns.
 */
#ifndef SOURCE_SOURCE_H
#define SOURCE_SOURCE_H

#include "base/error.h"
#include "base/json.h"
#include "base/vec.h"

#include <stdbool.h>
#include <stdint.h>

enum { SOURCE_LINE_LIMIT = 1024 * 1024 }; /* bytes; a longer line is bad, and is skipped without being held in memory */

enum source_next { SOURCE_PROFILE, SOURCE_BAD, SOURCE_END, SOURCE_ERROR };

struct source;

/* spec: a path, `-` (standard input), `ndjson:PATH`, `csv:PATH`. Format by extension (.ndjson .jsonl .json, .csv .tsv) or else by content; standard input is a table only
 * when csv:- says so. A folder (`spool:PATH`, or what is one) is all of its files in order of their names, one after the other, which stay where they are. A missing or
 * unreadable file, an unknown format: STATUS_USAGE or STATUS_FAILED with what to do.
 * Nothing but a descriptor, one bounded buffer and the row at hand is held. */
enum status source_open(const char *spec, struct source **out, struct error *err);
void source_close(struct source *source);
const char *source_format(const struct source *source); /* "ndjson", "csv", "spool" */
/* All of it is one audience as it is now: who is a member and not there has left it. Else it brings news, one by one. */
bool source_is_snapshot(const struct source *source);
bool source_may_be_empty(const struct source *source); /* what is posted may just not have come yet */
/* A table's column names, which live as long as the source; it reads the header. NULL and 0 of what is no table, or has no header. STATUS_USAGE: a header that cannot be used. */
enum status source_columns(struct source *source, const char *const **names, size_t *count, struct error *err);

/* SOURCE_PROFILE: *message lives until the next call. SOURCE_BAD: *why is a translated text, and *message what can be read all the same of a table's row that stands on a line of
 * its own: an array of its cells, in which it may be told whose it is; NULL: nothing, or nobody knows how many rows it hides. SOURCE_ERROR: err is filled (a read error). */
enum source_next source_next(struct source *source, const struct json **message, const char **why, struct error *err);
/* While a pipe or a terminal keeps source_next waiting, *stop is looked at a few times a second; once true the answer is SOURCE_ERROR with STATUS_STOPPED. */
void source_stop_at(struct source *source, const volatile bool *stop);
/* The same by asking; between rows of a database, too. */
void source_ask(struct source *source, bool (*stopped)(void *self), void *self);
int64_t source_position(const struct source *source); /* the line number (from 1) of what source_next gave last */
int64_t source_bytes(const struct source *source);    /* bytes read so far */
int64_t source_size(const struct source *source);     /* bytes in all, -1 unknown (a pipe): for progress */

/* What is in a source, for `source check`, mapping suggestions and the wizard. Bounded memory: at most 2,000 attribute paths and 10,000 audiences are told apart
 * (`truncated` says so), 1,000 bad lines kept. */
struct source_audience {
	char *id, *name, *group;
	int64_t realized, existing, exited, unknown; /* messages' memberships, as they stand in the lines */
};
struct source_attribute {
	char *path;     /* as a mapping source: identityMap.Email, person.name.firstName */
	int64_t filled; /* profiles with a value that is not null */
	char *example;  /* the first value, cleaned, at most 60 bytes */
};
struct source_bad {
	int64_t position;
	char *reason;
};
struct source_report {
	const char *format;
	int64_t profiles, bad_count;
	bool truncated;
	VEC(struct source_bad) bad;
	VEC(struct source_audience) audiences;
	VEC(struct source_attribute) attributes; /* identities first, then by path */
};
void source_report_done(struct source_report *report);
struct source_watch {
	const volatile bool *stop; /* once true it ends (STATUS_STOPPED); may be NULL */
	void (*progress)(void *self, int64_t bytes, int64_t size); /* every few hundred lines; size -1: unknown; may be NULL */
	void *self;
};
/* limit: stop after so many profiles (0: all). watch may be NULL. A source without a single profile:
 * STATUS_FAILED, "empty_source". In any case `out` holds what was found so far and source_report_done is due. Audiences are told apart by id, in whatever group. */
enum status source_check(const char *spec, int64_t limit, const struct source_watch *watch, struct source_report *out, struct error *err);

#endif
