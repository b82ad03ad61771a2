#include "place.h"

#include "base/error.h"
#include "db/db.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

enum { OTHER_USER = 65534 };

static const struct db_migration steps[] = {
	{ 1, "CREATE TABLE t (a INTEGER, b TEXT, c BLOB) STRICT; INSERT INTO t VALUES (1, 'one', NULL);" },
	{ 2, "CREATE TABLE u (a INTEGER) STRICT; INSERT INTO u SELECT a FROM t;" },
	{ 3, "CREATE TABLE v (a INTEGER) STRICT" },
};

static struct error err;

static struct db *opened(const char *path, int flags, size_t count)
{
	struct db *db = NULL;
	enum status status = db_open(path, flags, steps, count, &db, &err);
	if (status != STATUS_OK)
		fail_msg("%s: %s", path ? path : "memory", err.message);
	return db;
}

static void refused(const char *path, int flags, size_t count, enum status status, const char *words)
{
	struct db *db = (struct db *)&err;
	error_clear(&err);
	assert_int_equal(db_open(path, flags, steps, count, &db, &err), status);
	assert_null(db);
	assert_string_equal(err.code, "store");
	if (!strstr(err.message, words))
		fail_msg("\"%s\" is not in: %s", words, err.message);
	if (path)
		assert_non_null(strstr(err.message, path));
}

static int64_t number(struct db *db, const char *sql)
{
	enum status status;
	int64_t value = -1;
	struct query *query = db_query(db, sql, &err);
	assert_non_null(query);
	while (query_row(query, &status, &err))
		value = column_int(query, 0);
	assert_int_equal(status, STATUS_OK);
	return value;
}

static void run(struct db *db, const char *sql)
{
	if (db_exec(db, sql, &err) != STATUS_OK)
		fail_msg("%s: %s", sql, err.message);
}

static void migrates_step_by_step(void **state)
{
	(void)state;
	struct db *db = opened(at("a.db"), 0, 1);
	assert_int_equal(number(db, "PRAGMA user_version"), 1);
	run(db, "INSERT INTO t VALUES (2, 'two', NULL)");
	db_close(db);
	db = opened(at("a.db"), 0, 3);
	assert_int_equal(number(db, "PRAGMA user_version"), 3);
	assert_int_equal(number(db, "SELECT sum(a) FROM u"), 3);
	db_close(db);
	db = opened(at("a.db"), 0, 3);
	assert_int_equal(number(db, "SELECT count(*) FROM t"), 2);
	db_close(db);
}

static void failed_migration_changes_nothing(void **state)
{
	static const struct db_migration wrong[] = {
		{ 1, "CREATE TABLE t (a INTEGER) STRICT" },
		{ 2, "INSERT INTO t VALUES (7); CREATE TABLE t (a INTEGER) STRICT" },
	};
	struct db *db;
	(void)state;
	assert_int_equal(db_open(at("a.db"), 0, wrong, 2, &db, &err), STATUS_FAILED);
	assert_null(db);
	db = NULL;
	assert_int_equal(db_open(at("a.db"), 0, wrong, 1, &db, &err), STATUS_OK);
	assert_int_equal(number(db, "PRAGMA user_version"), 1);
	assert_int_equal(number(db, "SELECT count(*) FROM t"), 0);
	db_close(db);
}

static void refuses_newer_and_foreign(void **state)
{
	(void)state;
	db_close(opened(at("a.db"), 0, 3));
	refused(at("a.db"), 0, 2, STATUS_FAILED, "newer penstock (version 3, this one knows 2)");
	assert_non_null(strstr(err.hint, "Update"));
	refused(at("a.db"), DB_READ_ONLY, 2, STATUS_FAILED, "newer");
	struct db *db;
	assert_int_equal(db_open(at("other.db"), 0, NULL, 0, &db, &err), STATUS_OK);
	run(db, "CREATE TABLE theirs (x)");
	db_close(db);
	refused(at("other.db"), 0, 3, STATUS_FAILED, "another program");
}

static void refuses_what_is_no_database(void **state)
{
	char garbage[9000];
	(void)state;
	memset(garbage, 'x', sizeof garbage);
	put_file(at("garbage"), garbage, sizeof garbage, 0600);
	refused(at("garbage"), 0, 3, STATUS_FAILED, "not a database");
	refused(at("garbage"), DB_READ_ONLY, 3, STATUS_FAILED, "not a database");
	char kept[sizeof garbage];
	assert_int_equal(get_file(at("garbage"), kept, sizeof kept), sizeof garbage);
	assert_memory_equal(kept, garbage, sizeof garbage);
	refused(place_folder, 0, 3, STATUS_FAILED, "directory");
	assert_int_equal(mkfifo(at("pipe"), 0600), 0);
	refused(at("pipe"), 0, 3, STATUS_FAILED, "regular file");
	put_file(at("file"), "", 0, 0600);
	assert_int_equal(db_open(at("file/below.db"), 0, steps, 1, &(struct db *){ NULL }, &err), STATUS_FAILED);
	/* An empty file is a database that was never written to. */
	db_close(opened(at("file"), 0, 3));
}

static void notices_damage(void **state)
{
	static char noise[2 * 4096];
	(void)state;
	struct db *db = opened(at("a.db"), 0, 3);
	run(db, "WITH n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO t SELECT i, hex(i), NULL FROM n");
	db_close(db);
	memset(noise, 0x5a, sizeof noise);
	int fd = open(at("a.db"), O_WRONLY | O_CLOEXEC);
	assert_int_equal(pwrite(fd, noise, sizeof noise, 4096), sizeof noise);
	close(fd);
	enum status status = db_open(at("a.db"), 0, steps, 3, &db, &err);
	if (status == STATUS_OK) {
		struct query *query = db_query(db, "SELECT sum(length(b)) FROM t", &err);
		status = query ? query_run(query, &err) : STATUS_FAILED;
		db_close(db);
	}
	assert_int_equal(status, STATUS_FAILED);
	assert_non_null(strstr(err.message, "is damaged"));
	assert_non_null(strstr(err.message, at("a.db")));
	assert_non_null(strstr(err.hint, "backup"));
}

static void keeps_others_out(void **state)
{
	(void)state;
	mode_t before = umask(0);
	struct db *db = opened(at("one/two/a.db"), 0, 3);
	run(db, "INSERT INTO t VALUES (2, 'two', NULL)");
	umask(before);
	assert_int_equal(mode_of(at("one")), 0700);
	assert_int_equal(mode_of(at("one/two")), 0700);
	assert_int_equal(mode_of(at("one/two/a.db")), 0600);
	assert_int_equal(mode_of(at("one/two/a.db-wal")), 0600);
	assert_int_equal(mode_of(at("one/two/a.db-shm")), 0600);
	db_close(db);
	assert_false(is_there(at("one/two/a.db-wal")));
	assert_int_equal(chmod(at("one/two/a.db"), 0644), 0);
	db_close(opened(at("one/two/a.db"), 0, 3));
	assert_int_equal(mode_of(at("one/two/a.db")), 0600);
	assert_int_equal(chmod(at("one/two/a.db"), 0660), 0);
	refused(at("one/two/a.db"), 0, 3, STATUS_REFUSED, "written by other users");
	assert_non_null(strstr(err.hint, "chmod 600"));
}

static void reads_only(void **state)
{
	(void)state;
	refused(at("a.db"), DB_READ_ONLY, 3, STATUS_FAILED, "there is no database");
	assert_false(is_there(at("a.db")));
	db_close(opened(at("a.db"), 0, 2));
	refused(at("a.db"), DB_READ_ONLY, 3, STATUS_FAILED, "older penstock");
	struct db *db = opened(at("a.db"), DB_READ_ONLY, 2);
	assert_int_equal(number(db, "SELECT count(*) FROM t"), 1);
	assert_int_equal(db_exec(db, "DELETE FROM t", &err), STATUS_FAILED);
	assert_non_null(strstr(err.message, "cannot be written"));
	db_close(db);
}

/* For root every file can be written: the file is tried as somebody else. */
static void tells_a_file_that_cannot_be_written(void **state)
{
	(void)state;
	db_close(opened(at("a.db"), 0, 3));
	if (geteuid() == 0) {
		assert_int_equal(chmod(place_folder, 0755), 0);
		assert_int_equal(chmod(at("a.db"), 0444), 0);
		assert_int_equal(seteuid(OTHER_USER), 0);
	} else {
		assert_int_equal(chmod(at("a.db"), 0400), 0);
	}
	struct db *db = NULL;
	enum status status = db_open(at("a.db"), 0, steps, 3, &db, &err);
	if (getuid() == 0)
		assert_int_equal(seteuid(0), 0);
	assert_int_equal(status, STATUS_FAILED);
	assert_non_null(strstr(err.message, "cannot be written"));
	assert_non_null(strstr(err.hint, "owner"));
}

static void tells_a_lock(void **state)
{
	(void)state;
	struct db *first = opened(at("a.db"), 0, 3), *second = opened(at("a.db"), 0, 3);
	run(second, "PRAGMA busy_timeout = 1");
	assert_int_equal(db_begin(first, &err), STATUS_OK);
	run(first, "INSERT INTO t VALUES (5, 'five', NULL)");
	assert_int_equal(db_begin(second, &err), STATUS_FAILED);
	assert_non_null(strstr(err.message, "another penstock is writing"));
	assert_non_null(strstr(err.hint, "Try again"));
	assert_int_equal(db_exec(second, "DELETE FROM t", &err), STATUS_FAILED);
	/* Reading goes on meanwhile, and sees nothing half-written. */
	assert_int_equal(number(second, "SELECT count(*) FROM t"), 1);
	assert_int_equal(db_commit(first, &err), STATUS_OK);
	assert_int_equal(number(second, "SELECT count(*) FROM t"), 2);
	assert_int_equal(db_begin(second, &err), STATUS_OK);
	db_rollback(second);
	db_close(first);
	db_close(second);
}

static void reads_of_one_moment(void **state)
{
	(void)state;
	struct db *first = opened(at("a.db"), 0, 3), *second = opened(at("a.db"), 0, 3);
	int64_t before = number(second, "SELECT count(*) FROM t");
	assert_int_equal(db_begin_read(second, &err), STATUS_OK);
	assert_int_equal(number(second, "SELECT count(*) FROM t"), before);
	run(first, "INSERT INTO t VALUES (77, 'later', NULL)"); /* nobody is kept from writing */
	assert_int_equal(number(second, "SELECT count(*) FROM t"), before);
	assert_int_equal(db_begin_read(second, &err), STATUS_OK);
	assert_int_equal(db_commit(second, &err), STATUS_OK);
	assert_int_equal(number(second, "SELECT count(*) FROM t"), before);
	assert_int_equal(db_commit(second, &err), STATUS_OK);
	assert_int_equal(number(second, "SELECT count(*) FROM t"), before + 1);
	db_close(first);
	db_close(second);
}

static void tells_a_full_disk(void **state)
{
	(void)state;
	struct db *db = opened(at("a.db"), 0, 3);
	run(db, "PRAGMA max_page_count = 20");
	assert_int_equal(db_begin(db, &err), STATUS_OK);
	run(db, "INSERT INTO t VALUES (9, 'nine', NULL)");
	assert_int_equal(db_begin(db, &err), STATUS_OK);
	assert_int_equal(db_exec(db, "INSERT INTO t VALUES (3, 'three', zeroblob(1000000))", &err), STATUS_FAILED);
	assert_non_null(strstr(err.message, "disk is full"));
	assert_non_null(strstr(err.message, at("a.db")));
	/* SQLite has undone everything: nothing slips in between until that is acknowledged. */
	assert_int_equal(db_exec(db, "INSERT INTO t VALUES (4, 'four', NULL)", &err), STATUS_FAILED);
	assert_non_null(strstr(err.message, "undone"));
	struct query *query = db_query(db, "INSERT INTO t VALUES (4, 'four', NULL)", &err);
	assert_int_equal(query_run(query, &err), STATUS_FAILED);
	db_rollback(db);
	assert_int_equal(db_commit(db, &err), STATUS_FAILED);
	assert_false(db_in_transaction(db));
	assert_int_equal(number(db, "SELECT count(*) FROM t"), 1);
	run(db, "INSERT INTO t VALUES (4, 'four', NULL)");
	assert_int_equal(number(db, "SELECT count(*) FROM t"), 2);
	db_close(db);
}

static void survives_a_write_that_fails(void **state)
{
	struct rlimit old, small = { .rlim_cur = 64 * 1024, .rlim_max = RLIM_INFINITY };
	(void)state;
	struct db *db = opened(at("a.db"), 0, 3);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	small.rlim_max = old.rlim_max;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	enum status status = db_exec(db, "INSERT INTO t VALUES (3, 'three', randomblob(1000000))", &err);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	signal(SIGXFSZ, SIG_DFL);
	assert_int_equal(status, STATUS_FAILED);
	if (!strstr(err.message, "disk is full"))
		fail_msg("%s", err.message);
	assert_int_equal(number(db, "SELECT count(*) FROM t"), 1);
	run(db, "INSERT INTO t VALUES (4, 'four', NULL)");
	db_close(db);
	db = opened(at("a.db"), 0, 3);
	assert_int_equal(number(db, "SELECT count(*) FROM t"), 2);
	db_close(db);
}

static void nests_transactions(void **state)
{
	(void)state;
	struct db *db = opened(NULL, DB_MEMORY, 3);
	assert_int_equal(db_begin(db, &err), STATUS_OK);
	run(db, "INSERT INTO u VALUES (10)");
	assert_int_equal(db_begin(db, &err), STATUS_OK);
	run(db, "INSERT INTO u VALUES (20)");
	db_rollback(db);
	assert_int_equal(db_begin(db, &err), STATUS_OK);
	run(db, "INSERT INTO u VALUES (30)");
	assert_int_equal(db_begin(db, &err), STATUS_OK);
	run(db, "INSERT INTO u VALUES (40)");
	assert_int_equal(db_commit(db, &err), STATUS_OK);
	assert_int_equal(db_commit(db, &err), STATUS_OK);
	assert_true(db_in_transaction(db));
	assert_int_equal(db_commit(db, &err), STATUS_OK);
	assert_false(db_in_transaction(db));
	assert_int_equal(number(db, "SELECT sum(a) FROM u"), 1 + 10 + 30 + 40);
	assert_int_equal(db_begin(db, &err), STATUS_OK);
	assert_int_equal(db_begin(db, &err), STATUS_OK);
	run(db, "DELETE FROM u");
	assert_int_equal(db_commit(db, &err), STATUS_OK);
	db_rollback(db);
	db_rollback(db);
	assert_int_equal(number(db, "SELECT sum(a) FROM u"), 81);
	assert_int_equal(db_commit(db, &err), STATUS_FAILED);
	db_close(db);
}

static void binds_and_reads(void **state)
{
	enum status status;
	size_t length;
	char sql[64] = "SELECT ?1";
	(void)state;
	struct db *db = opened(NULL, DB_MEMORY, 3);
	struct query *insert = db_query(db, "INSERT INTO t VALUES (?1, ?2, ?3)", &err);
	query_int(insert, 1, INT64_MIN);
	query_text(insert, 2, "l\xc3\xa9");
	query_blob(insert, 3, "a\0b", 3);
	assert_int_equal(query_run(insert, &err), STATUS_OK);
	assert_int_equal(db_last_id(db), 2);
	assert_int_equal(db_changes(db), 1);
	assert_ptr_equal(db_query(db, "INSERT INTO t VALUES (?1, ?2, ?3)", &err), insert);
	query_text(insert, 2, NULL);
	query_blob_static(insert, 3, NULL, 0);
	assert_int_equal(query_run(insert, &err), STATUS_OK);

	struct query *query = db_query(db, "SELECT a, b, c FROM t ORDER BY rowid", &err);
	assert_true(query_row(query, &status, &err));
	assert_true(query_row(query, &status, &err));
	assert_true(column_int(query, 0) == INT64_MIN);
	char *text = column_dup(query, 1);
	assert_string_equal(text, "l\xc3\xa9");
	free(text);
	assert_memory_equal(column_blob(query, 2, &length), "a\0b", 3);
	assert_int_equal(length, 3);
	assert_true(query_row(query, &status, &err));
	assert_true(column_is_null(query, 0));
	assert_null(column_text(query, 1));
	assert_null(column_dup(query, 1));
	assert_false(column_is_null(query, 2));
	column_blob(query, 2, &length);
	assert_int_equal(length, 0);
	assert_false(query_row(query, &status, &err));
	assert_int_equal(status, STATUS_OK);

	/* The same address with another text is another statement. */
	query = db_query(db, sql, &err);
	strcpy(sql, "SELECT 42");
	assert_int_equal(number(db, sql), 42);
	assert_ptr_not_equal(db_query(db, sql, &err), query);

	/* Two of the same text at once, and a reset that keeps what is bound. */
	struct query *own = db_prepare(db, "SELECT ?1", &err);
	query_int(own, 1, 5);
	assert_true(query_row(own, &status, &err));
	query_reset(own);
	assert_true(query_row(own, &status, &err));
	assert_int_equal(column_int(own, 0), 5);
	query_free(own);
	assert_null(db_query(db, "SELECT nonsense", &err));
	assert_non_null(strstr(err.message, "nonsense"));
	query = db_query(db, "SELECT ?1", &err);
	query_int(query, 2, 1);
	assert_int_equal(query_run(query, &err), STATUS_FAILED);
	assert_int_equal(query_run(query, &err), STATUS_OK);
	db_close(db);
}

static void any_file_name(void **state)
{
	static const char *const names[] = { "a b?mode=memory&x#y%41.db", "file::memory:", "\xc3\xa9t\xc3\xa9.db" };
	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		db_close(opened(at(names[i]), 0, 3));
		assert_true(is_there(at(names[i])));
	}
	char before[4096];
	assert_non_null(getcwd(before, sizeof before));
	assert_int_equal(chdir(place_folder), 0);
	db_close(opened(":memory:", 0, 3));
	assert_int_equal(chdir(before), 0);
	assert_true(is_there(at(":memory:")));
}

static void many_may_open_a_new_one_at_once(void **state)
{
	enum { MANY = 6 };
	pid_t child[MANY];
	(void)state;
	for (int i = 0; i < MANY; i++) {
		child[i] = fork();
		if (child[i] == 0) {
			struct db *db;
			bool good = db_open(at("new/a.db"), 0, steps, 3, &db, &err) == STATUS_OK &&
				    db_exec(db, "INSERT INTO v VALUES (1)", &err) == STATUS_OK;
			if (!good)
				dprintf(2, "%s\n", err.message);
			db_close(db);
			_exit(good ? 0 : 1);
		}
	}
	for (int i = 0; i < MANY; i++) {
		int result;
		assert_int_equal(waitpid(child[i], &result, 0), child[i]);
		assert_int_equal(result, 0);
	}
	struct db *db = opened(at("new/a.db"), 0, 3);
	assert_int_equal(number(db, "SELECT count(*) FROM v"), MANY);
	assert_int_equal(number(db, "SELECT count(*) FROM u"), 1);
	db_close(db);
}

static void settings_are_in_force(void **state)
{
	(void)state;
	struct db *db = opened(at("a.db"), 0, 3);
	assert_int_equal(number(db, "PRAGMA foreign_keys"), 1);
	assert_int_equal(number(db, "PRAGMA secure_delete"), 1);
	assert_int_equal(number(db, "PRAGMA synchronous"), 2);
	assert_int_equal(number(db, "PRAGMA busy_timeout"), 5000);
	assert_int_equal(number(db, "PRAGMA cache_size"), -8192);
	assert_int_equal(number(db, "PRAGMA mmap_size"), 0);
	db_close(db);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, place_setup, place_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(migrates_step_by_step),
		TEST(failed_migration_changes_nothing),
		TEST(refuses_newer_and_foreign),
		TEST(refuses_what_is_no_database),
		TEST(notices_damage),
		TEST(keeps_others_out),
		TEST(reads_only),
		TEST(tells_a_file_that_cannot_be_written),
		TEST(tells_a_lock),
		TEST(reads_of_one_moment),
		TEST(tells_a_full_disk),
		TEST(survives_a_write_that_fails),
		TEST(nests_transactions),
		TEST(binds_and_reads),
		TEST(any_file_name),
		TEST(many_may_open_a_new_one_at_once),
		TEST(settings_are_in_force),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
