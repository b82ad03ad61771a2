/* SQLite's result codes in words: what happened to which file, and what to do. */
#include "db/inside.h"

#include "base/i18n.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

struct trouble {
	int code;            /* SQLite's primary result code */
	const char *message; /* %s: the file */
	const char *hint;
};

static const struct trouble troubles[] = {
	{ SQLITE_BUSY, N_("another penstock is writing to %s"), N_("Try again when it is done.") },
	{ SQLITE_LOCKED, N_("another penstock is writing to %s"), N_("Try again when it is done.") },
	{ SQLITE_FULL, N_("the disk is full: %s cannot grow"),
		N_("Make room on its file system and start again. Nothing half-written is left behind.") },
	{ SQLITE_CORRUPT, N_("%s is damaged"), N_("Restore a backup of it, or move it away and start with an empty one.") },
	{ SQLITE_NOTADB, N_("%s is not a database"), N_("Choose another file with --db; or restore a backup of it, or move it away.") },
	{ SQLITE_READONLY, N_("%s cannot be written"),
		N_("Check the owner and the mode of the file and of its folder, or use --read-only.") },
	{ SQLITE_PERM, N_("%s may not be opened"), N_("Check the owner and the mode of the file and of its folder.") },
	{ SQLITE_AUTH, N_("%s may not be opened"), N_("Check the owner and the mode of the file and of its folder.") },
	{ SQLITE_NOMEM, N_("there is no memory left to work with %s"), N_("End other programs and start again.") },
	{ SQLITE_TOOBIG, N_("a value is too large for %s"), "" },
};

static const struct trouble *trouble_of(int primary)
{
	for (size_t i = 0; i < sizeof troubles / sizeof *troubles; i++)
		if (troubles[i].code == primary)
			return &troubles[i];
	return NULL;
}

static bool no_room(int system_error)
{
	return system_error == ENOSPC || system_error == EDQUOT || system_error == EFBIG;
}

static const char *name_of(const struct db *db)
{
	return db->path ? db->path : _("the database in memory");
}

/* Even a reader needs the files of the log and its index, and may have to make them. */
static enum status cannot_read_only(const struct db *db, struct error *err)
{
	error_set(err, STATUS_FAILED, "store", _("%s cannot be read while no file can be made beside it"), name_of(db));
	error_hint(err, "%s", _("Check the owner and the mode of its folder, or read a copy of it."));
	return STATUS_FAILED;
}

enum status db_trouble(struct db *db, int code, struct error *err)
{
	int primary = code & 0xff;
	int seen = errno;
	/* Not every path through SQLite keeps the errno of what failed; those who call SQLite clear ours before. */
	int system_error = db->handle ? sqlite3_system_errno(db->handle) : 0;
	if (system_error == 0)
		system_error = seen;

	/* The errno is the last one SQLite saw, so it only counts for the codes that come from the system. */
	bool from_system = primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN;
	if (from_system && no_room(system_error))
		primary = SQLITE_FULL;
	if (primary == SQLITE_READONLY && code != SQLITE_READONLY && db->read_only)
		return cannot_read_only(db, err);
	const struct trouble *trouble = trouble_of(primary);
	if (trouble) {
		error_set(err, STATUS_FAILED, "store", _(trouble->message), name_of(db));
		if (*trouble->hint)
			error_hint(err, "%s", _(trouble->hint));
		return STATUS_FAILED;
	}
	if (from_system) {
		const char *why = system_error ? strerror(system_error) : sqlite3_errstr(code);
		error_set(err, STATUS_FAILED, "store",
			primary == SQLITE_IOERR ? _("reading or writing %s failed: %s") : _("cannot open %s or a file beside it: %s"), name_of(db), why);
		error_hint(err, "%s", _("Check the disk, and the owner and the mode of the file and of its folder."));
		return STATUS_FAILED;
	}
	return error_set(err, STATUS_FAILED, primary == SQLITE_CONSTRAINT ? "constraint" : "store", "%s: %s", name_of(db),
		db->handle ? sqlite3_errmsg(db->handle) : sqlite3_errstr(code));
}

bool db_is_undone(const struct db *db)
{
	return db->depth > 0 && sqlite3_get_autocommit(db->handle);
}

enum status db_tell_undone(struct db *db, struct error *err)
{
	return error_set(err, STATUS_FAILED, "store", _("the changes to %s were undone after an error"), name_of(db));
}
