/* What a format of sources is made of: one row of the table in source.c. Inside source/ only. */
#ifndef SOURCE_FORMAT_H
#define SOURCE_FORMAT_H

#include "source/input.h"
#include "source/source.h"

struct source_format {
	const char *name;              /* "ndjson"; also the prefix that forces it */
	const char *const *extensions; /* with the dot, ended by NULL; NULL: none */
	const char *const *prefixes;   /* other beginnings of a specification that mean it: "postgres:"; ended by NULL; NULL: none */
	const char *refusal;           /* not NULL: known, but not readable by this version; untranslated */
	bool (*sniff)(const char *bytes, size_t length); /* may the content be this? NULL: never */
	/* A format that reads from elsewhere than one input: may the specification, with its prefix, stand for it? Its open gets all of it, too. NULL: path is the input. */
	enum status (*check)(const char *spec, struct error *err);
	bool may_be_empty;                               /* nothing in it is nothing wrong */
	bool snapshot;                                   /* all that it holds is one audience; who is not there has left it */
	/* The reader's own state. bytes: how the content begins, NULL unless that was looked at to tell the format. */
	void *(*open)(const char *path, const char *bytes, size_t length);
	void (*close)(void *state);
	/* As source_columns; NULL: no table. */
	enum status (*columns)(void *state, struct input *input, const char *const **names, size_t *count, struct error *err);
	/* As source_next. */
	enum source_next (*next)(void *state, struct input *input, const struct json **message, const char **why, struct error *err);
};

extern const struct source_format ndjson_format, csv_format, spool_format, postgresql_format, sqlite_format, http_format;

/* A source made by hand: takes state and, unless that is NULL, what *input holds. */
struct source *source_make(const struct source_format *format, void *state, struct input *input);

#endif
