/*
 * The online backup. The source is read within one transaction of its own: with WAL nobody is kept from writing meanwhile, and the copy need not begin
 * anew whenever somebody did. It is made under another name beside the file, so that a file of the wanted name is always whole.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* mkostemp */
#endif
#include "db/inside.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PAGES = 1024 /* 4 MiB between two looks at whether to go on */ };

static enum status cannot_write(const char *path, int number, struct error *err)
{
	if (number == EEXIST) {
		error_set(err, STATUS_USAGE, "exists", _("there is already a file %s"), path);
		error_hint(err, "%s", _("Choose another name: a backup never replaces a file."));
		return STATUS_USAGE;
	}
	return error_set(err, STATUS_FAILED, "file", _("cannot write %s: %s"), path, strerror(number));
}

/* The copy as a database of its own, so that its troubles are told with its name. It has no journal: until it has its own name it is worth nothing. */
static enum status open_copy(const char *path, struct db *copy, struct error *err)
{
	struct str name = { 0 };

	*copy = (struct db){ .path = mem_strdup(path) };
	str_add(&name, *path == '/' ? "file:" : "file:./");
	str_add_url(&name, path);
	errno = 0;
	int code = sqlite3_open_v2(str_text(&name), &copy->handle, SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_READWRITE | SQLITE_OPEN_URI, NULL);
	str_done(&name);
	if (code != SQLITE_OK)
		return db_trouble(copy, code, err);
	return db_exec(copy, "PRAGMA journal_mode = OFF; PRAGMA synchronous = FULL;", err);
}

static enum status copy_pages(struct db *db, struct db *copy, db_going_on_fn going_on, void *self, struct error *err)
{
	sqlite3_backup *backup = sqlite3_backup_init(copy->handle, "main", db->handle, "main");
	int code = backup ? SQLITE_OK : sqlite3_extended_errcode(copy->handle);
	bool stopped = false;

	while (code == SQLITE_OK && !stopped) {
		errno = 0;
		code = sqlite3_backup_step(backup, PAGES);
		if (code == SQLITE_OK && going_on)
			stopped = !going_on(self, sqlite3_backup_pagecount(backup) - sqlite3_backup_remaining(backup), sqlite3_backup_pagecount(backup));
	}
	if (backup)
		sqlite3_backup_finish(backup);
	if (stopped)
		return error_set(err, STATUS_STOPPED, "stopped", _("the backup was stopped, nothing is left of it"));
	/* What cannot be read is the source's trouble, all else the copy's. */
	if (code != SQLITE_DONE)
		return db_trouble((code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB ? db : copy, code, err);
	return STATUS_OK;
}

/* The read transaction begins with the first row. */
static enum status hold_still(struct db *db, struct error *err)
{
	enum status status = db_exec(db, "BEGIN", err);

	return status == STATUS_OK ? db_exec(db, "SELECT count(*) FROM sqlite_schema", err) : status;
}

static enum status make_copy(struct db *db, const char *path, db_going_on_fn going_on, void *self, struct error *err)
{
	struct str found = { 0 };
	struct db copy;
	enum status status = open_copy(path, &copy, err);

	if (status == STATUS_OK)
		status = hold_still(db, err);
	if (status == STATUS_OK)
		status = copy_pages(db, &copy, going_on, self, err);
	if (!sqlite3_get_autocommit(db->handle))
		db_exec(db, "ROLLBACK", NULL);
	/* Read back once: a backup that nobody can read is found now. */
	if (status == STATUS_OK)
		status = db_check_pages(&copy, &found, err);
	if (status == STATUS_OK && found.length)
		status = error_set(err, STATUS_FAILED, "store", _("the copy is damaged: %s"), str_text(&found));
	sqlite3_close_v2(copy.handle);
	mem_free(copy.path);
	str_done(&found);
	return status;
}

static enum status give_name(const char *temporary, int fd, const char *path, struct error *err)
{
	const char *slash = strrchr(path, '/');
	char *folder;
	int folder_fd;

	if (fsync(fd) != 0 || link(temporary, path) != 0)
		return cannot_write(path, errno, err);
	folder = slash ? mem_strndup(path, (size_t)(slash - path + 1)) : mem_strdup(".");
	folder_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	mem_free(folder);
	/* A folder that cannot be synced (its file system knows none of it) is no reason to take the copy away. */
	if (folder_fd >= 0) {
		(void)!fsync(folder_fd);
		close(folder_fd);
	}
	return STATUS_OK;
}

static void remove_rest(const char *temporary)
{
	static const char *const beside[] = { "", "-journal", "-wal", "-shm" };

	for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
		char *name = mem_printf("%s%s", temporary, beside[i]);
		unlink(name);
		mem_free(name);
	}
}

enum status db_backup(struct db *db, const char *path, db_going_on_fn going_on, void *self, struct error *err)
{
	char *temporary;
	int fd;
	enum status status;

	if (access(path, F_OK) == 0)
		return cannot_write(path, EEXIST, err);
	temporary = mem_printf("%s.XXXXXX", path);
	fd = mkostemp(temporary, O_CLOEXEC); /* O_EXCL, 0600 */
	status = fd >= 0 && fchmod(fd, 0600) == 0 ? STATUS_OK : cannot_write(path, errno, err);
	if (status == STATUS_OK)
		status = make_copy(db, temporary, going_on, self, err);
	if (status == STATUS_OK)
		status = give_name(temporary, fd, path, err);
	if (fd >= 0) {
		close(fd);
		remove_rest(temporary);
	}
	mem_free(temporary);
	return status;
}
