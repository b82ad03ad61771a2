/*
 * postgresql://.., and every server that speaks its protocol. One query, its rows one at a time, so that memory does not grow with the audience. Nothing here waits
 * without looking, some times a second, whether somebody wants to stop.
 */
#include "source/sql.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"

#include <libpq-fe.h>

#include <poll.h>
#include <string.h>

enum { CONNECT_MS = 15000, WAIT_MS = 200 };
/* Of the types whose text differs from what Marketo reads: pg_type.dat. */
enum { TYPE_BOOL = 16, TYPE_TIMESTAMPTZ = 1184 };

struct postgresql {
	PGconn *connection;
	PGresult *result; /* the row at hand, or the first one, not taken yet */
	bool peeked;
	bool works;       /* the server is at the query */
	struct str cell;
};

static enum status refuse_address(const char *why, struct error *err)
{
	/* Not a word of the address: it may hold what must not be seen. */
	error_set(err, STATUS_USAGE, "source", "%s", why);
	error_hint(err, _("Write postgresql://USER@HOST/DATABASE#FILE.sql; the password belongs into ~/.pgpass, the file that PGPASSFILE names, or a service file, none of it open to others."));
	return STATUS_USAGE;
}

static bool holds_secret(const PQconninfoOption *option)
{
	return option->val && *option->val && (strcmp(option->keyword, "password") == 0 || strcmp(option->keyword, "sslpassword") == 0);
}

static enum status check(const char *database, struct error *err)
{
	PQconninfoOption *options;
	char *why = NULL;
	bool secret = false;

	options = strncmp(database, "postgresql://", 13) == 0 || strncmp(database, "postgres://", 11) == 0 ? PQconninfoParse(database, &why) : NULL;
	PQfreemem(why);
	if (!options)
		return refuse_address(_("this is no address of a PostgreSQL database"), err);
	for (const PQconninfoOption *option = options; option->keyword; option++)
		secret = secret || holds_secret(option);
	PQconninfoFree(options);
	return secret ? refuse_address(_("a password does not belong into the address of a database, where it would be shown and stored"), err) : STATUS_OK;
}

static void end(void *state)
{
	struct postgresql *p = state;
	PGcancel *cancel = p->works ? PQgetCancel(p->connection) : NULL;
	char ignored[256];

	/* The server need not work for nobody. */
	if (cancel) {
		PQcancel(cancel, ignored, sizeof ignored);
		PQfreeCancel(cancel);
	}
	PQclear(p->result);
	PQfinish(p->connection);
	str_done(&p->cell);
	mem_free(p);
}

/* What libpq says, on one line. */
static enum status fail(const struct postgresql *p, const char *format, const char *said, struct error *err)
{
	char *text = text_trim(mem_strdup(said && *said ? said : PQerrorMessage(p->connection)));

	error_set(err, STATUS_FAILED, "source", format, text);
	mem_free(text);
	return STATUS_FAILED;
}

static enum status stopped(struct error *err)
{
	return error_set(err, STATUS_STOPPED, "stopped", _("stopped while reading %s"), "PostgreSQL");
}

/* Until the connection can be read or written as wanted. until: clock_mono_ms, 0: for ever. */
static enum status wait_for(struct postgresql *p, short events, int64_t until, const struct input *waiting, struct error *err)
{
	struct pollfd ready = { .fd = PQsocket(p->connection), .events = events };

	while (poll(&ready, 1, WAIT_MS) <= 0) {
		if (input_is_stopped(waiting))
			return stopped(err);
		if (until && clock_mono_ms() > until)
			return error_set(err, STATUS_FAILED, "source", _("the database does not answer"));
	}
	return STATUS_OK;
}

static enum status join(struct postgresql *p, const struct input *waiting, struct error *err)
{
	int64_t until = clock_mono_ms() + CONNECT_MS;
	PostgresPollingStatusType step = PGRES_POLLING_WRITING;
	enum status status = STATUS_OK;

	if (!p->connection || PQstatus(p->connection) == CONNECTION_BAD)
		step = PGRES_POLLING_FAILED;
	while (status == STATUS_OK && step != PGRES_POLLING_OK && step != PGRES_POLLING_FAILED) {
		status = wait_for(p, step == PGRES_POLLING_READING ? POLLIN : POLLOUT, until, waiting, err);
		if (status == STATUS_OK)
			step = PQconnectPoll(p->connection);
	}
	if (status != STATUS_OK || step == PGRES_POLLING_OK)
		return status;
	fail(p, _("no connection to the database: %s"), NULL, err);
	error_hint(err, _("Check host, port and user of the address, and that the password stands in ~/.pgpass, the file that PGPASSFILE names, or a service file."));
	return STATUS_FAILED;
}

/* The next result of the query; NULL in p->result: there is none. */
static enum status fetch(struct postgresql *p, const struct input *waiting, struct error *err)
{
	enum status status = STATUS_OK;

	PQclear(p->result);
	p->result = NULL;
	while (status == STATUS_OK && PQisBusy(p->connection)) {
		status = wait_for(p, POLLIN, 0, waiting, err);
		if (status == STATUS_OK && !PQconsumeInput(p->connection))
			status = fail(p, _("the connection to the database broke off: %s"), NULL, err);
	}
	if (status == STATUS_OK)
		p->result = PQgetResult(p->connection);
	if (status == STATUS_OK && (!p->result || PQresultStatus(p->result) != PGRES_SINGLE_TUPLE))
		p->works = false;
	return status;
}

/* What the result at hand is. */
static enum sql_row judge(const struct postgresql *p, struct error *err)
{
	switch (p->result ? PQresultStatus(p->result) : PGRES_TUPLES_OK) {
	case PGRES_SINGLE_TUPLE:
		return SQL_ROW;
	case PGRES_TUPLES_OK:
		return SQL_END;
	case PGRES_COMMAND_OK:
	case PGRES_EMPTY_QUERY:
		error_set(err, STATUS_FAILED, "source", _("the query failed: %s"), _("it gives no rows: it must be one SELECT"));
		return SQL_ERROR;
	default:
		fail(p, _("the query failed: %s"), PQresultErrorMessage(p->result), err);
		error_hint(err, _("Try the query with the database's own program first."));
		return SQL_ERROR;
	}
}

/* The extended protocol takes one statement and no second one behind it. */
static enum status ask(struct postgresql *p, const char *query, const struct input *waiting, struct error *err)
{
	enum status status = STATUS_OK;

	if (!PQsendQueryParams(p->connection, query, 0, NULL, NULL, NULL, NULL, 0) || !PQsetSingleRowMode(p->connection))
		status = fail(p, _("the query failed: %s"), NULL, err);
	p->works = status == STATUS_OK;
	if (status == STATUS_OK)
		status = fetch(p, waiting, err);
	if (status == STATUS_OK && judge(p, err) == SQL_ERROR)
		status = err->status;
	p->peeked = true;
	return status;
}

static void *begin(const char *database, const char *query, const struct input *waiting, struct error *err)
{
	const char *const words[] = { "dbname", "client_encoding", "fallback_application_name", NULL };
	const char *const values[] = { database, "UTF8", "penstock", NULL };
	struct postgresql *p = mem_alloc(sizeof *p);
	enum status status;

	p->connection = PQconnectStartParams(words, values, 1);
	status = join(p, waiting, err);
	if (status == STATUS_OK)
		status = ask(p, query, waiting, err);
	if (status == STATUS_OK)
		return p;
	end(p);
	return NULL;
}

static int columns(void *state)
{
	return PQnfields(((struct postgresql *)state)->result);
}

static const char *name(void *state, int column)
{
	return PQfname(((struct postgresql *)state)->result, column);
}

static enum sql_row row(void *state, const struct input *waiting, struct error *err)
{
	struct postgresql *p = state;
	enum sql_row what = SQL_ERROR;

	if (p->peeked || fetch(p, waiting, err) == STATUS_OK)
		what = judge(p, err);
	p->peeked = false;
	return what;
}

/* 2026-11-26 08:00:00+00 is 2026-11-26T08:00:00+00:00. */
static const char *as_time(struct str *out, const char *text, size_t *length)
{
	char *zone;

	str_clear(out);
	str_add_bytes(out, text, *length);
	if (out->length > 10 && out->text[10] == ' ')
		out->text[10] = 'T';
	zone = strpbrk(out->length > 10 ? out->text + 10 : out->text, "+-");
	if (zone && strlen(zone) == 3)
		str_add(out, ":00");
	*length = out->length;
	return out->text;
}

static const char *cell(void *state, int column, size_t *length)
{
	struct postgresql *p = state;
	const char *text = PQgetvalue(p->result, 0, column);

	*length = 0;
	if (PQgetisnull(p->result, 0, column))
		return NULL;
	*length = (size_t)PQgetlength(p->result, 0, column);
	if (PQftype(p->result, column) == TYPE_TIMESTAMPTZ)
		return as_time(&p->cell, text, length);
	if (PQftype(p->result, column) != TYPE_BOOL)
		return text;
	text = *text == 't' ? "true" : "false";
	*length = strlen(text);
	return text;
}

const struct sql_driver postgresql_driver = {
	.check = check,
	.begin = begin,
	.end = end,
	.columns = columns,
	.name = name,
	.row = row,
	.cell = cell,
};
