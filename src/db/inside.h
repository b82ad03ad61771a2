/* What the files of db/ share. Nobody else includes it. */
#ifndef DB_INSIDE_H
#define DB_INSIDE_H

#include "base/error.h"
#include "db/db.h"

#include <sqlite3.h>

#include <stdbool.h>

enum { DB_SLOTS = 256 }; /* a power of two; some 100 statements are alive at most */

struct query {
	struct db *db;
	sqlite3_stmt *stmt;
	char *sql;
	int bind_error; /* first failed bind since the last reset, told at the step */
	struct query *next;
};

struct db {
	sqlite3 *handle;
	char *path; /* NULL: memory */
	bool read_only;
	int depth;                      /* open transactions, the inner ones are savepoints */
	bool (*stopped)(const void *self); /* db_ask */
	const void *stopped_self;
	struct query *cached;           /* all statements of db_query */
	struct query *slot[DB_SLOTS];   /* the last one used, by the address of its text */
};

/* Fills err with what the result code means for the operator, and returns its status. */
enum status db_trouble(struct db *db, int code, struct error *err);
/* Did SQLite itself undo the open transaction (disk full, I/O error)? Nothing may run until the caller has rolled back. */
bool db_is_undone(const struct db *db);
enum status db_tell_undone(struct db *db, struct error *err);

#endif
