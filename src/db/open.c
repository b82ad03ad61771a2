/* Opening: the file and its mode, the settings of a connection, the migrations. */
#include "db/inside.h"

#include "base/file.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
	BUSY_MS = 5000,
	WAL_TRIES = 50, /* SQLite does not wait by itself when two processes switch a new file to WAL at once */
	WAL_PAUSE_MS = BUSY_MS / WAL_TRIES,
};

/* Memory stays bounded (8 MiB of pages, nothing mapped), what is deleted is overwritten, and a log that grew once shrinks again. */
static const char settings[] = "PRAGMA foreign_keys = ON;"
			       "PRAGMA secure_delete = ON;"
			       "PRAGMA synchronous = FULL;"
			       "PRAGMA cell_size_check = ON;"
			       "PRAGMA cache_size = -8192;"
			       "PRAGMA mmap_size = 0;"
			       "PRAGMA journal_size_limit = 16777216;";

static enum status cannot_open(const char *path, int number, struct error *err)
{
	return error_set(err, STATUS_FAILED, "store", _("cannot open %s: %s"), path, strerror(number));
}

static enum status make_file(const char *path, struct error *err)
{
	enum status status = file_make_parents(path, err);
	if (status != STATUS_OK)
		return status;
	/* SQLite gives the files it makes beside the database the same mode. */
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return errno == EEXIST ? STATUS_OK : cannot_open(path, errno, err);
	int failed = fchmod(fd, 0600) < 0 ? errno : 0;
	close(fd);
	return failed ? cannot_open(path, failed, err) : STATUS_OK;
}

static void tighten(const char *path)
{
	static const char *const beside[] = { "", "-wal", "-shm" };

	for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
		char *name = mem_printf("%s%s", path, beside[i]);
		struct stat info;
		/* By name, never by descriptor: closing a descriptor would drop the locks SQLite has on the file. What is not ours stays as it is. */
		if (lstat(name, &info) == 0 && S_ISREG(info.st_mode) && info.st_mode & 077)
			(void)!chmod(name, 0600);
		mem_free(name);
	}
}

static enum status check_file(const char *path, bool read_only, bool judge, struct error *err)
{
	struct stat info;

	if (stat(path, &info) < 0) {
		if (errno != ENOENT)
			return cannot_open(path, errno, err);
		if (!read_only)
			return make_file(path, err);
		error_set(err, STATUS_FAILED, "store", _("there is no database %s"), path);
		error_hint(err, "%s", _("Choose another file with --db, or start once without --read-only to make it."));
		return STATUS_FAILED;
	}
	if (S_ISDIR(info.st_mode))
		return error_set(err, STATUS_FAILED, "store", _("%s is a directory, not a database"), path);
	if (!S_ISREG(info.st_mode))
		return error_set(err, STATUS_FAILED, "store", _("%s is not a regular file"), path);
	if (judge && info.st_mode & 022) {
		error_set(err, STATUS_REFUSED, "store", _("%s can be written by other users"), path);
		error_hint(err, _("Make sure that nobody changed it, then run: chmod 600 '%s'"), path);
		return STATUS_REFUSED;
	}
	if (!read_only)
		tighten(path);
	return STATUS_OK;
}

/* A read-only file system cannot hold the files that WAL needs. Nobody can be writing there, so the file may be read as it is. */
static bool is_frozen(const char *path)
{
	char *log = mem_printf("%s-wal", path);
	bool frozen = access(path, W_OK) < 0 && errno == EROFS && access(log, F_OK) < 0;
	mem_free(log);
	return frozen;
}

static enum status open_handle(struct db *db, int flags, struct error *err)
{
	struct str name = { 0 };
	int mode = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;

	if (flags & DB_MEMORY) {
		str_add(&name, ":memory:");
		mode |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY;
	} else {
		/* As a URI and never as a bare name, so that no file name (":memory:") means something else to SQLite. */
		str_add(&name, *db->path == '/' ? "file:" : "file:./");
		str_add_url(&name, db->path);
		if (db->read_only && is_frozen(db->path))
			str_add(&name, "?immutable=1");
		mode |= SQLITE_OPEN_URI | (db->read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);
	}
	errno = 0;
	int code = sqlite3_open_v2(str_text(&name), &db->handle, mode, NULL);
	str_done(&name);
	if (code != SQLITE_OK)
		return db_trouble(db, code, err);
	/* SQLite falls back to reading when it may not write. */
	if (!db->read_only && sqlite3_db_readonly(db->handle, "main") == 1)
		return db_trouble(db, SQLITE_READONLY, err);
	return STATUS_OK;
}

static enum status pragma_text(struct db *db, const char *sql, char out[16], struct error *err)
{
	enum status status;
	struct query *query = db_prepare(db, sql, err);
	if (!query)
		return STATUS_FAILED;
	*out = '\0';
	while (query_row(query, &status, err)) {
		const char *text = column_text(query, 0);
		strncpy(out, text ? text : "", 15);
		out[15] = '\0';
	}
	query_free(query);
	return status;
}

static enum status pragma_int(struct db *db, const char *sql, int64_t *out, struct error *err)
{
	enum status status;
	struct query *query = db_prepare(db, sql, err);
	if (!query)
		return STATUS_FAILED;
	while (query_row(query, &status, err))
		*out = column_int(query, 0);
	query_free(query);
	return status;
}

static enum status use_wal(struct db *db, struct error *err)
{
	char mode[16];
	enum status status = STATUS_OK;

	for (int i = 0; i < WAL_TRIES; i++) {
		status = pragma_text(db, "PRAGMA journal_mode = WAL", mode, err);
		if (status == STATUS_OK || (sqlite3_errcode(db->handle) & 0xff) != SQLITE_BUSY)
			break;
		nanosleep(&(struct timespec){ .tv_nsec = WAL_PAUSE_MS * 1000000L }, NULL);
	}
	if (status == STATUS_OK && strcmp(mode, "wal") != 0)
		return error_set(err, STATUS_FAILED, "store", _("the file system of %s cannot hold a shared database"), db->path);
	return status;
}

static enum status configure(struct db *db, struct error *err)
{
	sqlite3_busy_timeout(db->handle, BUSY_MS);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	return db_exec(db, settings, err);
}

/* Both from one moment: another process may be making the tables just now. */
static enum status read_version(struct db *db, int64_t *version, int64_t *objects, struct error *err)
{
	enum status status = db_exec(db, "BEGIN", err);
	if (status != STATUS_OK)
		return status;
	status = pragma_int(db, "PRAGMA user_version", version, err);
	if (status == STATUS_OK)
		status = pragma_int(db, "SELECT count(*) FROM sqlite_schema", objects, err);
	db_exec(db, "ROLLBACK", NULL);
	return status;
}

/* Refuses a database of a newer version, and one that some other program made. */
static enum status check_version(struct db *db, int64_t newest, int64_t *version, struct error *err)
{
	int64_t objects = 0;
	enum status status = read_version(db, version, &objects, err);
	if (status != STATUS_OK)
		return status;
	const char *name = db->path ? db->path : ":memory:";
	if (*version > newest) {
		error_set(err, STATUS_FAILED, "store", _("%s was made by a newer penstock (version %lld, this one knows %lld)"), name,
			(long long)*version, (long long)newest);
		error_hint(err, "%s", _("Update penstock, or choose another file with --db."));
		return STATUS_FAILED;
	}
	if (*version < 0 || (*version == 0 && objects > 0 && newest > 0)) {
		error_set(err, STATUS_FAILED, "store", _("%s is a database of another program"), name);
		error_hint(err, "%s", _("Choose another file with --db."));
		return STATUS_FAILED;
	}
	return STATUS_OK;
}

static enum status apply(struct db *db, const struct db_migration *migration, struct error *err)
{
	char set[64];
	int64_t version = 0;

	enum status status = db_begin(db, err);
	if (status != STATUS_OK)
		return status;
	/* Read again under the lock: another process may have been faster. */
	status = pragma_int(db, "PRAGMA user_version", &version, err);
	if (status == STATUS_OK && version < migration->version) {
		status = db_exec(db, migration->sql, err);
		sqlite3_snprintf(sizeof set, set, "PRAGMA user_version = %d", migration->version);
		if (status == STATUS_OK)
			status = db_exec(db, set, err);
	}
	if (status == STATUS_OK)
		return db_commit(db, err);
	db_rollback(db);
	return status;
}

static enum status migrate(struct db *db, const struct db_migration *migrations, size_t count, struct error *err)
{
	int64_t version = 0;
	int64_t newest = count ? migrations[count - 1].version : 0;
	enum status status = check_version(db, newest, &version, err);

	if (status != STATUS_OK || version == newest)
		return status;
	if (db->read_only) {
		error_set(err, STATUS_FAILED, "store", _("%s was made by an older penstock"), db->path);
		error_hint(err, "%s", _("Start once without --read-only to bring it up to date."));
		return STATUS_FAILED;
	}
	for (size_t i = 0; i < count && status == STATUS_OK; i++)
		if (migrations[i].version > version)
			status = apply(db, &migrations[i], err);
	return status;
}

enum status db_open(const char *path, int flags, const struct db_migration *migrations, size_t count, struct db **out, struct error *err)
{
	enum status status = STATUS_OK;
	struct db *db = mem_alloc(sizeof *db);

	*out = NULL;
	db->read_only = flags & DB_READ_ONLY;
	if (!(flags & DB_MEMORY)) {
		db->path = mem_strdup(path);
		status = check_file(path, db->read_only, !(flags & DB_AS_IT_IS), err);
	}
	if (status == STATUS_OK)
		status = open_handle(db, flags, err);
	if (status == STATUS_OK)
		status = configure(db, err);
	/* The version first: whatever is wrong with the file shows here, before anything is written to it. */
	int64_t version = 0;
	if (status == STATUS_OK && !(flags & DB_AS_IT_IS))
		status = check_version(db, count ? migrations[count - 1].version : 0, &version, err);
	if (status == STATUS_OK && db->path && !db->read_only)
		status = use_wal(db, err);
	if (status == STATUS_OK && !(flags & DB_AS_IT_IS))
		status = migrate(db, migrations, count, err);
	if (status != STATUS_OK) {
		db_close(db);
		return status;
	}
	*out = db;
	return STATUS_OK;
}

void db_close(struct db *db)
{
	if (!db)
		return;
	while (db->cached) {
		struct query *next = db->cached->next;
		query_free(db->cached);
		db->cached = next;
	}
	while (db->depth > 0)
		db_rollback(db);
	sqlite3_close_v2(db->handle);
	mem_free(db->path);
	mem_free(db);
}
