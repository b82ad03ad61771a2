/* sqlite:FILE, a database of somebody else's: it is only read. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* O_PATH */
#endif
#include "source/sql.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "db/db.h"
#include "source/limit.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { PREFIX = 7 }; /* of "sqlite:" */

struct sqlite {
	struct db *db;
	struct query *query;
};

/* By a descriptor that reads nothing: closing another one would let go of the locks that this process may have on the file, should it be its own store. */
static bool is_within(const char *path)
{
	int fd = source_within(path, open(path, O_PATH | O_CLOEXEC));

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static enum status check(const char *database, struct error *err)
{
	if (access(database + PREFIX, R_OK) == 0 && is_within(database + PREFIX))
		return STATUS_OK;
	error_set(err, STATUS_FAILED, "source", _("cannot read the database %s"), database + PREFIX);
	error_hint(err, _("Check the path and the permissions of the file."));
	return STATUS_FAILED;
}

static void end(void *state)
{
	struct sqlite *sqlite = state;

	if (sqlite->query)
		query_free(sqlite->query);
	db_close(sqlite->db);
	mem_free(sqlite);
}

/* What the database says, without advice about a store of our own. */
static void refuse(const char *database, struct error *err)
{
	error_set(err, STATUS_FAILED, "source", _("the query to %s failed: %s"), database, err->message);
	error_hint(err, _("Try the query with the database's own program first."));
}

static bool is_stopped(const void *waiting)
{
	return input_is_stopped(waiting);
}

static void *begin(const char *database, const char *query, const struct input *waiting, struct error *err)
{
	struct sqlite *sqlite = mem_alloc(sizeof *sqlite);
	enum status status = STATUS_OK;

	if (!is_within(database + PREFIX))
		status = error_set(err, STATUS_FAILED, "source", "%s", strerror(errno));
	if (status == STATUS_OK)
		status = db_open_other(database + PREFIX, &sqlite->db, err);
	if (status == STATUS_OK)
		db_ask(sqlite->db, is_stopped, waiting);
	if (status == STATUS_OK)
		sqlite->query = db_prepare(sqlite->db, query, err);
	if (sqlite->query && query_columns(sqlite->query) > 0)
		return sqlite;
	if (sqlite->query)
		error_set(err, STATUS_FAILED, "source", _("it gives no rows: it must be one SELECT"));
	refuse(database, err);
	end(sqlite);
	return NULL;
}

static int columns(void *state)
{
	return query_columns(((struct sqlite *)state)->query);
}

static const char *name(void *state, int column)
{
	return query_column_name(((struct sqlite *)state)->query, column);
}

static enum sql_row row(void *state, const struct input *waiting, struct error *err)
{
	struct sqlite *sqlite = state;
	enum status status;
	struct error failed = { 0 };

	if (input_is_stopped(waiting)) {
		error_set(err, STATUS_STOPPED, "stopped", _("stopped while reading %s"), "SQLite");
		return SQL_ERROR;
	}
	if (query_row(sqlite->query, &status, &failed))
		return SQL_ROW;
	if (status == STATUS_OK)
		return SQL_END;
	if (input_is_stopped(waiting))
		error_set(&failed, STATUS_STOPPED, "stopped", _("stopped while reading %s"), "SQLite");
	else
		refuse("SQLite", &failed);
	if (err)
		*err = failed;
	return SQL_ERROR;
}

static const char *cell(void *state, int column, size_t *length)
{
	struct sqlite *sqlite = state;
	const char *bytes;

	*length = 0;
	if (column_is_null(sqlite->query, column))
		return NULL;
	bytes = column_blob(sqlite->query, column, length);
	return bytes ? bytes : "";
}

const struct sql_driver sqlite_driver = {
	.check = check,
	.begin = begin,
	.end = end,
	.columns = columns,
	.name = name,
	.row = row,
	.cell = cell,
};
