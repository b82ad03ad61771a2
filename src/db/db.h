/*
 * SQLite made pleasant. The only room that knows it. Errors are values; a statement is prepared once and kept by its text.
 * Texts and blobs returned by columns live until the next step or reset of that statement.
 */
#ifndef DB_DB_H
#define DB_DB_H

#include "base/error.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct db;
struct query; /* a prepared statement, owned by its db */

struct db_migration {
	int version;     /* 1, 2, .. without gaps */
	const char *sql; /* all statements of the step */
};

enum {
	DB_READ_ONLY = 1,
	DB_MEMORY = 2,
	DB_AS_IT_IS = 4, /* to look at a file that may be wrong: its mode, its version and what is in it are not judged, nothing is migrated */
};

/* Opens (makes, mode 0600) the file; WAL, foreign keys on, secure_delete on, synchronous FULL, busy time-out 5 s; temp_store memory stays
 * off (bounded memory). Runs the missing migrations, each in a transaction, version kept in user_version. Clear errors (STATUS_FAILED, code
 * "store") for: a directory, not a database, corrupt, read-only, locked, disk full, from a newer version (higher user_version);
 * STATUS_REFUSED when other users can write the file. path NULL with DB_MEMORY. */
enum status db_open(const char *path, int flags, const struct db_migration *migrations, size_t count, struct db **out, struct error *err);
/* A database of another program, to be read and never changed: no setting is made in it, no migration run. */
enum status db_open_other(const char *path, struct db **out, struct error *err);
/* While a statement works, stopped is asked now and then; once true the statement fails. */
void db_ask(struct db *db, bool (*stopped)(const void *self), const void *self);
void db_close(struct db *db);

/* The statement for this SQL text, prepared on first use and cached by the text; reset and unbound. NULL with err on failure. */
struct query *db_query(struct db *db, const char *sql, struct error *err);
/* A statement of the caller's own, not cached (several of the same SQL alive at once). Free with query_free. */
struct query *db_prepare(struct db *db, const char *sql, struct error *err);
void query_free(struct query *query);
void query_reset(struct query *query); /* ready to be stepped from the start; what is bound stays bound */

void query_int(struct query *query, int index, int64_t value); /* index from 1 */
void query_text(struct query *query, int index, const char *text); /* NULL binds NULL; the text is copied */
void query_blob(struct query *query, int index, const void *bytes, size_t length); /* copied */
void query_blob_static(struct query *query, int index, const void *bytes, size_t length); /* must live until the step */
void query_null(struct query *query, int index);

/* One row: true. Done or failed: false; *status tells them apart (STATUS_OK when done) and the statement is reset. */
bool query_row(struct query *query, enum status *status, struct error *err);
/* Steps to the end and resets. */
enum status query_run(struct query *query, struct error *err);

int query_columns(struct query *query); /* how many; 0: it gives no rows */
const char *query_column_name(struct query *query, int index); /* from 0; lives as long as the statement */
int64_t column_int(struct query *query, int index); /* index from 0 */
const char *column_text(struct query *query, int index); /* NULL for NULL */
char *column_dup(struct query *query, int index);
const void *column_blob(struct query *query, int index, size_t *length);
bool column_is_null(struct query *query, int index);

enum status db_exec(struct db *db, const char *sql, struct error *err);
/* Transactions nest: the outermost is IMMEDIATE, inner ones are savepoints, and undoing one leaves the outer ones open. A commit that fails
 * has undone its changes and closed. When SQLite itself undoes everything (disk full, I/O error), each step and commit fails until
 * db_rollback has closed all. */
enum status db_begin(struct db *db, struct error *err);
/* The same for reading only: what is read until db_commit is of one moment, and its lock is taken once, not for every statement. */
enum status db_begin_read(struct db *db, struct error *err);
enum status db_commit(struct db *db, struct error *err);
void db_rollback(struct db *db); /* nothing open: does nothing */
bool db_in_transaction(struct db *db);
int64_t db_last_id(struct db *db);
int64_t db_changes(struct db *db);


/* A whole copy of the file as it is at one moment, whoever goes on writing meanwhile, into a new file `path` (0600; synced before it gets its name, and
 * nothing is left of it after a failure). An existing file is never replaced: STATUS_USAGE, code "exists". going_on (may be NULL) is asked every few
 * megabytes, pages from 0; false ends it: STATUS_STOPPED. */
typedef bool (*db_going_on_fn)(void *self, int64_t done, int64_t total);
enum status db_backup(struct db *db, const char *path, db_going_on_fn going_on, void *self, struct error *err);
/* What SQLite finds damaged (pages, indexes, values of the wrong kind), and rows that point nowhere: a line each into found, at most 20; empty: nothing. */
enum status db_check_pages(struct db *db, struct str *found, struct error *err);
enum status db_check_references(struct db *db, struct str *found, struct error *err);
enum status db_version(struct db *db, int64_t *version, struct error *err);

#endif
