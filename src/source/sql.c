/*
 * A table that a database makes: DATABASE#FILE, where FILE holds one query. Its rows come one by one, as those of a CSV file: an object of cells by the names of the
 * columns, without those that are empty; null stays null. They are the whole audience, so a query that breaks off is an error, and no shorter audience.
 */
#include "source/sql.h"

#include "base/file.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "base/vec.h"
#include "source/format.h"
#include "source/limit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { QUERY_MOST = 1024 * 1024, COLUMNS_MOST = 10000 };

struct sql {
	const struct sql_driver *driver;
	char *database, *file; /* the two halves of the specification */
	void *rows;            /* NULL: not begun */
	bool begun;
	VEC(const char *) names;
	VEC(char *) keys;      /* quoted, with the colon */
	struct json_reader *reader;
	struct str message;
};

static char *database_of(const char *spec)
{
	const char *mark = strrchr(spec, '#');

	return mark ? mem_strndup(spec, (size_t)(mark - spec)) : mem_strdup(spec);
}

/* What is not there may come back, as with any other source: STATUS_FAILED. */
static enum status read_query(const char *file, struct str *out, struct error *err)
{
	int fd = source_within(file, open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY));
	char link[64];
	enum status status;

	if (fd < 0)
		return error_set(err, STATUS_FAILED, "source", _("cannot read %s: %s"), file, strerror(errno));
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	status = file_read(link, QUERY_MOST, out, err);
	close(fd);
	if (status != STATUS_OK)
		return status;
	if (strspn(str_text(out), " \t\r\n;") == out->length || strlen(str_text(out)) != out->length || !text_is_utf8(str_text(out), out->length, NULL)) {
		error_set(err, STATUS_USAGE, "source", _("%s holds no query"), file);
		error_hint(err, _("One SELECT, as UTF-8 text: its rows are the members of the audience, its columns are what is mapped."));
		return STATUS_USAGE;
	}
	return STATUS_OK;
}

static enum status check(const struct sql_driver *driver, const char *spec, struct error *err)
{
	const char *mark = strrchr(spec, '#');
	char *database = database_of(spec);
	struct str query = { 0 };
	enum status status = driver->check(database, err);

	mem_free(database);
	if (status != STATUS_OK)
		return status;
	if (!mark || !mark[1]) {
		error_set(err, STATUS_USAGE, "source", _("a database without a query is no source"));
		error_hint(err, _("Put the query into a file and name it behind a #: postgresql://USER@HOST/DATABASE#FILE.sql or sqlite:DATABASE#FILE.sql"));
		return STATUS_USAGE;
	}
	status = read_query(mark + 1, &query, err);
	str_done(&query);
	return status;
}

static enum status check_postgresql(const char *spec, struct error *err)
{
	return check(&postgresql_driver, spec, err);
}

static enum status check_sqlite(const char *spec, struct error *err)
{
	return check(&sqlite_driver, spec, err);
}

static void *open_reader(const struct sql_driver *driver, const char *spec)
{
	struct sql *sql = mem_alloc(sizeof *sql);

	sql->driver = driver;
	sql->database = database_of(spec);
	sql->file = mem_strdup(strrchr(spec, '#') + 1);
	sql->reader = json_reader_new();
	return sql;
}

static void *open_postgresql(const char *spec, const char *bytes, size_t length)
{
	(void)bytes;
	(void)length;
	return open_reader(&postgresql_driver, spec);
}

static void *open_sqlite(const char *spec, const char *bytes, size_t length)
{
	(void)bytes;
	(void)length;
	return open_reader(&sqlite_driver, spec);
}

static void close_reader(void *state)
{
	struct sql *sql = state;

	if (sql->rows)
		sql->driver->end(sql->rows);
	for (size_t i = 0; i < sql->keys.count; i++)
		mem_free(sql->keys.at[i]);
	vec_done(&sql->keys);
	vec_done(&sql->names);
	str_done(&sql->message);
	json_reader_free(sql->reader);
	mem_free(sql->database);
	mem_free(sql->file);
	mem_free(sql);
}

static enum status refuse_columns(const struct sql *sql, const char *why, const char *name, struct error *err)
{
	error_set(err, STATUS_USAGE, "header", _("%s: the columns of the query cannot be used: %s: %s"), sql->file, why, name);
	error_hint(err, _("Give each column a name of its own: SELECT .. AS name"));
	return STATUS_USAGE;
}

static enum status take_names(struct sql *sql, struct error *err)
{
	int count = sql->driver->columns(sql->rows);

	if (count > COLUMNS_MOST)
		return refuse_columns(sql, _("more than 10,000 columns"), "..", err);
	for (int i = 0; i < count; i++) {
		const char *name = sql->driver->name(sql->rows, i);
		struct str key = { 0 };

		if (!name || !*name || !text_is_utf8(name, strlen(name), NULL))
			return refuse_columns(sql, _("columns without a name"), "..", err);
		for (size_t n = 0; n < sql->names.count; n++)
			if (strcmp(sql->names.at[n], name) == 0)
				return refuse_columns(sql, _("columns that stand there more than once"), name, err);
		json_quote(&key, name, strlen(name));
		str_add_char(&key, ':');
		vec_push(&sql->names, name);
		vec_push(&sql->keys, str_take(&key));
	}
	return STATUS_OK;
}

/* Once: connects, and learns the names of the columns. */
static enum status begin(struct sql *sql, const struct input *waiting, struct error *err)
{
	struct str query = { 0 };
	enum status status = STATUS_OK;

	if (sql->begun)
		return sql->rows ? STATUS_OK : error_set(err, STATUS_FAILED, "source", _("%s could not be asked"), sql->database);
	sql->begun = true;
	status = read_query(sql->file, &query, err);
	if (status == STATUS_OK) {
		struct error failed = { 0 };

		sql->rows = sql->driver->begin(sql->database, query.text, waiting, &failed);
		status = sql->rows ? take_names(sql, err) : failed.status;
		if (!sql->rows && err)
			*err = failed;
	}
	str_done(&query);
	return status;
}

static enum status columns(void *state, struct input *input, const char *const **names, size_t *count, struct error *err)
{
	struct sql *sql = state;
	enum status status = begin(sql, input, err);

	*names = sql->names.at;
	*count = sql->names.count;
	return status;
}

/* Why nothing can be made of a cell, or NULL. */
static const char *add_cell(struct sql *sql, int column)
{
	size_t length;
	const char *text = sql->driver->cell(sql->rows, column, &length);

	if (text && length == 0)
		return NULL;
	if (text && memchr(text, '\0', length))
		return _("a NUL character");
	if (text && !text_is_utf8(text, length, NULL))
		return _("not UTF-8");
	if (length > SOURCE_LINE_LIMIT || sql->message.length > SOURCE_LINE_LIMIT)
		return _("the row is longer than 1 MiB");
	if (sql->message.length > 1)
		str_add_char(&sql->message, ',');
	str_add(&sql->message, sql->keys.at[column]);
	if (text)
		json_quote(&sql->message, text, length);
	else
		str_add(&sql->message, "null");
	return NULL;
}

static enum source_next next(void *state, struct input *input, const struct json **message, const char **why, struct error *err)
{
	struct sql *sql = state;

	if (begin(sql, input, err) != STATUS_OK)
		return SOURCE_ERROR;
	switch (sql->driver->row(sql->rows, input, err)) {
	case SQL_END:
		return SOURCE_END;
	case SQL_ERROR:
		return SOURCE_ERROR;
	case SQL_ROW:
		break;
	}
	input->line++;
	str_clear(&sql->message);
	str_add_char(&sql->message, '{');
	*why = NULL;
	for (size_t i = 0; !*why && i < sql->keys.count; i++)
		*why = add_cell(sql, (int)i);
	if (*why)
		return SOURCE_BAD;
	str_add_char(&sql->message, '}');
	input->taken += (int64_t)sql->message.length;
	*message = json_reader_parse(sql->reader, sql->message.text, sql->message.length, why, NULL);
	if (*message)
		return SOURCE_PROFILE;
	*why = _(*why);
	return SOURCE_BAD;
}

static const char *const postgresql_prefixes[] = { "postgres:", NULL };

const struct source_format postgresql_format = {
	.name = "postgresql",
	.prefixes = postgresql_prefixes,
	.snapshot = true,
	.check = check_postgresql,
	.open = open_postgresql,
	.close = close_reader,
	.columns = columns,
	.next = next,
};

const struct source_format sqlite_format = {
	.name = "sqlite",
	.snapshot = true,
	.check = check_sqlite,
	.open = open_sqlite,
	.close = close_reader,
	.columns = columns,
	.next = next,
};
