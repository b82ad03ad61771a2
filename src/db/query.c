/* Statements: prepared once, found again by their text, bound, stepped. */
#include "db/inside.h"

#include "base/mem.h"

#include <errno.h>
#include <string.h>

static struct query **slot_of(struct db *db, const char *sql)
{
	uint64_t mixed = (uint64_t)(uintptr_t)sql * UINT64_C(0x9e3779b97f4a7c15);
	return &db->slot[mixed >> 56 & (DB_SLOTS - 1)];
}

static struct query *prepare(struct db *db, const char *sql, unsigned flags, struct error *err)
{
	sqlite3_stmt *stmt = NULL;

	errno = 0;
	if (sqlite3_prepare_v3(db->handle, sql, -1, flags, &stmt, NULL) != SQLITE_OK) {
		db_trouble(db, sqlite3_extended_errcode(db->handle), err);
		return NULL;
	}
	struct query *query = mem_alloc(sizeof *query);
	query->db = db;
	query->stmt = stmt;
	query->sql = mem_strdup(sql);
	return query;
}

static struct query *reused(struct query *query)
{
	sqlite3_reset(query->stmt);
	sqlite3_clear_bindings(query->stmt);
	query->bind_error = SQLITE_OK;
	return query;
}

struct query *db_query(struct db *db, const char *sql, struct error *err)
{
	struct query **slot = slot_of(db, sql);

	/* Most calls pass the same literal again; the text is compared all the same, since an address may hold another text by now. */
	if (*slot && strcmp((*slot)->sql, sql) == 0)
		return reused(*slot);
	struct query *query = db->cached;
	while (query && strcmp(query->sql, sql) != 0)
		query = query->next;
	if (!query) {
		query = prepare(db, sql, SQLITE_PREPARE_PERSISTENT, err);
		if (!query)
			return NULL;
		query->next = db->cached;
		db->cached = query;
	}
	*slot = query;
	return reused(query);
}

struct query *db_prepare(struct db *db, const char *sql, struct error *err)
{
	return prepare(db, sql, 0, err);
}

void query_free(struct query *query)
{
	if (!query)
		return;
	sqlite3_finalize(query->stmt);
	mem_free(query->sql);
	mem_free(query);
}

void query_reset(struct query *query)
{
	sqlite3_reset(query->stmt);
	query->bind_error = SQLITE_OK;
}

static void bound(struct query *query, int code)
{
	if (code != SQLITE_OK && query->bind_error == SQLITE_OK)
		query->bind_error = code;
}

void query_int(struct query *query, int index, int64_t value)
{
	bound(query, sqlite3_bind_int64(query->stmt, index, value));
}

void query_text(struct query *query, int index, const char *text)
{
	if (text)
		bound(query, sqlite3_bind_text64(query->stmt, index, text, strlen(text), SQLITE_TRANSIENT, SQLITE_UTF8));
	else
		bound(query, sqlite3_bind_null(query->stmt, index));
}

static void bind_blob(struct query *query, int index, const void *bytes, size_t length, sqlite3_destructor_type keep)
{
	/* A NULL pointer would bind NULL: an empty blob is not that. */
	bound(query, length ? sqlite3_bind_blob64(query->stmt, index, bytes, length, keep) : sqlite3_bind_zeroblob(query->stmt, index, 0));
}

void query_blob(struct query *query, int index, const void *bytes, size_t length)
{
	bind_blob(query, index, bytes, length, SQLITE_TRANSIENT);
}

void query_blob_static(struct query *query, int index, const void *bytes, size_t length)
{
	bind_blob(query, index, bytes, length, SQLITE_STATIC);
}

void query_null(struct query *query, int index)
{
	bound(query, sqlite3_bind_null(query->stmt, index));
}

bool query_row(struct query *query, enum status *status, struct error *err)
{
	struct db *db = query->db;

	if (db_is_undone(db)) {
		*status = db_tell_undone(db, err);
		query_reset(query);
		return false;
	}
	errno = 0;
	int code = query->bind_error != SQLITE_OK ? query->bind_error : sqlite3_step(query->stmt);
	*status = STATUS_OK;
	if (code == SQLITE_ROW)
		return true;
	if (code != SQLITE_DONE)
		*status = db_trouble(db, query->bind_error != SQLITE_OK ? code : sqlite3_extended_errcode(db->handle), err);
	query_reset(query);
	return false;
}

enum status query_run(struct query *query, struct error *err)
{
	enum status status;
	while (query_row(query, &status, err))
		;
	return status;
}

int64_t column_int(struct query *query, int index)
{
	return sqlite3_column_int64(query->stmt, index);
}

const char *column_text(struct query *query, int index)
{
	return (const char *)sqlite3_column_text(query->stmt, index);
}

char *column_dup(struct query *query, int index)
{
	return mem_strdup(column_text(query, index));
}

const void *column_blob(struct query *query, int index, size_t *length)
{
	const void *bytes = sqlite3_column_blob(query->stmt, index);
	*length = bytes ? (size_t)sqlite3_column_bytes(query->stmt, index) : 0;
	return bytes;
}

bool column_is_null(struct query *query, int index)
{
	return sqlite3_column_type(query->stmt, index) == SQLITE_NULL;
}

int query_columns(struct query *query)
{
	return sqlite3_column_count(query->stmt);
}

const char *query_column_name(struct query *query, int index)
{
	return sqlite3_column_name(query->stmt, index);
}
