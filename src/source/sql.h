/* A query to a database: what every kind of database answers. Inside source/ only. */
#ifndef SOURCE_SQL_H
#define SOURCE_SQL_H

#include "base/error.h"
#include "source/input.h"

#include <stdbool.h>
#include <stddef.h>

enum sql_row { SQL_ROW, SQL_END, SQL_ERROR };

struct sql_driver {
	/* Whether the database may be named like this; calls nobody. STATUS_USAGE. */
	enum status (*check)(const char *database, struct error *err);
	/* Connects and begins the query. NULL with err. waiting: asked whether to stop, while it has to wait. */
	void *(*begin)(const char *database, const char *query, const struct input *waiting, struct error *err);
	void (*end)(void *state); /* also in the midst of the rows */
	int (*columns)(void *state);
	const char *(*name)(void *state, int column);
	/* The next row; its cells live until the next. A query that breaks off is SQL_ERROR, never the end. */
	enum sql_row (*row)(void *state, const struct input *waiting, struct error *err);
	const char *(*cell)(void *state, int column, size_t *length); /* NULL: null */
};

extern const struct sql_driver postgresql_driver, sqlite_driver;

#endif
