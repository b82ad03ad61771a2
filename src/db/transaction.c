/*
 * Transactions nest: the outermost is BEGIN IMMEDIATE (the write lock at once, so that a later statement never finds it taken),
 * inner ones are savepoints, so that undoing one leaves the outer one as it was.
 */
#include "db/inside.h"

#include "base/i18n.h"

#include <errno.h>
#include <stdio.h>

static enum status run(struct db *db, const char *sql, struct error *err)
{
	errno = 0;
	int code = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
	return code == SQLITE_OK ? STATUS_OK : db_trouble(db, sqlite3_extended_errcode(db->handle), err);
}

static enum status run_level(struct db *db, const char *verb, struct error *err)
{
	char sql[64];
	snprintf(sql, sizeof sql, "%s inner_%d", verb, db->depth);
	return run(db, sql, err);
}

enum status db_exec(struct db *db, const char *sql, struct error *err)
{
	if (db_is_undone(db))
		return db_tell_undone(db, err);
	return run(db, sql, err);
}

static enum status begin(struct db *db, const char *outermost, struct error *err)
{
	if (db_is_undone(db))
		return db_tell_undone(db, err);
	enum status status = db->depth == 0 ? run(db, outermost, err) : run_level(db, "SAVEPOINT", err);
	/* The savepoint is named after the depth outside it: commit and rollback count down first. */
	if (status == STATUS_OK)
		db->depth++;
	return status;
}

static void undo(struct db *db)
{
	if (sqlite3_get_autocommit(db->handle))
		return;
	if (db->depth == 0) {
		run(db, "ROLLBACK", NULL);
		return;
	}
	if (run_level(db, "ROLLBACK TO", NULL) == STATUS_OK)
		run_level(db, "RELEASE", NULL);
}

enum status db_begin(struct db *db, struct error *err)
{
	return begin(db, "BEGIN IMMEDIATE", err);
}

enum status db_begin_read(struct db *db, struct error *err)
{
	return begin(db, "BEGIN DEFERRED", err);
}

enum status db_commit(struct db *db, struct error *err)
{
	if (db->depth == 0)
		return error_set(err, STATUS_FAILED, "store", _("the store has no changes to keep"));
	bool undone = db_is_undone(db);
	db->depth--;
	if (undone)
		return db_tell_undone(db, err);
	enum status status = db->depth == 0 ? run(db, "COMMIT", err) : run_level(db, "RELEASE", err);
	if (status != STATUS_OK)
		undo(db);
	return status;
}

void db_rollback(struct db *db)
{
	if (db->depth == 0)
		return;
	db->depth--;
	undo(db);
}

bool db_in_transaction(struct db *db)
{
	return db->depth > 0;
}

int64_t db_last_id(struct db *db)
{
	return sqlite3_last_insert_rowid(db->handle);
}

int64_t db_changes(struct db *db)
{
	return sqlite3_changes64(db->handle);
}
