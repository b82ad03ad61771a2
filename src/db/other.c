/* Databases of other programs, which are only read. */
#include "base/i18n.h"
#include "base/mem.h"
#include "base/str.h"
#include "db/inside.h"

#include <errno.h>
#include <stddef.h>

enum { BUSY_MS = 5000, STEPS_A_LOOK = 100000 };

enum status db_open_other(const char *path, struct db **out, struct error *err)
{
	struct db *db = mem_alloc(sizeof *db);
	struct str name = { 0 };
	enum status status = STATUS_OK;
	int code;

	db->path = mem_strdup(path);
	db->read_only = true;
	str_add(&name, *path == '/' ? "file:" : "file:./");
	str_add_url(&name, path);
	errno = 0;
	code = sqlite3_open_v2(str_text(&name), &db->handle, SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_URI | SQLITE_OPEN_READONLY, NULL);
	str_done(&name);
	if (code == SQLITE_OK)
		code = sqlite3_busy_timeout(db->handle, BUSY_MS);
	if (code != SQLITE_OK)
		status = db_trouble(db, code, err);
	/* What stands in its tables' definitions is not ours, and must not call anything. */
	if (status == STATUS_OK)
		status = db_exec(db, "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON", err);
	if (status != STATUS_OK) {
		db_close(db);
		db = NULL;
	}
	*out = db;
	return status;
}

static int look(void *self)
{
	const struct db *db = self;

	return db->stopped(db->stopped_self);
}

void db_ask(struct db *db, bool (*stopped)(const void *self), const void *self)
{
	db->stopped = stopped;
	db->stopped_self = self;
	sqlite3_progress_handler(db->handle, STEPS_A_LOOK, look, db);
}
