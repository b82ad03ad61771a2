#include "place.h"

#include "base/error.h"
#include "base/str.h"
#include "db/db.h"
#include "store/schema.h"
#include "store/store.h"
#include "store/tables.h"

#include <signal.h>
#include <sys/resource.h>

static struct error err;
static struct store *store;

static int setup(void **state)
{
	return place_setup(state) == 0 && store_open(at("penstock.db"), false, &store, &err) == STATUS_OK ? 0 : -1;
}

static int teardown(void **state)
{
	store_close(store);
	store = NULL;
	return place_teardown(state);
}

static void reopen(bool read_only)
{
	store_close(store);
	store = NULL;
	if (store_open(at("penstock.db"), read_only, &store, &err) != STATUS_OK)
		fail_msg("%s", err.message);
}

static size_t audit_rows(void)
{
	audit_list rows = { 0 };
	assert_int_equal(audit_load(store, 0, &rows, &err), STATUS_OK);
	size_t count = rows.count;
	audit_list_done(&rows);
	return count;
}

static void transactions_hold_together(void **state)
{
	(void)state;
	assert_int_equal(store_begin(store, &err), STATUS_OK);
	assert_int_equal(audit_insert(store, "account.create", "one", NULL, &err), STATUS_OK);
	store_rollback(store);
	assert_int_equal(audit_rows(), 0);
	assert_int_equal(store_begin(store, &err), STATUS_OK);
	assert_int_equal(audit_insert(store, "account.create", "one", NULL, &err), STATUS_OK);
	assert_int_equal(store_commit(store, &err), STATUS_OK);
	reopen(false);
	assert_int_equal(audit_rows(), 1);
}

static void read_only_changes_nothing(void **state)
{
	struct account account;
	struct destination destination;
	struct dataflow dataflow;
	struct mapping mapping;
	struct catalogue catalogue;
	struct run run;
	bad_line_list lines = { 0 };
	struct failure_row row = { .code = "x" };
	(void)state;
	account_init(&account);
	destination_init(&destination);
	dataflow_init(&dataflow);
	mapping_init(&mapping);
	catalogue_init(&catalogue);
	run_init(&run);
	reopen(true);
	const enum status got[] = {
		store_begin(store, &err),
		account_insert(store, &account, NULL, &err),
		account_save(store, &account, &err),
		account_secret_save(store, 1, "x", &err),
		account_delete(store, 1, &err),
		destination_insert(store, &destination, &err),
		destination_save(store, &destination, &err),
		destination_delete(store, 1, &err),
		catalogue_save(store, 1, &catalogue, &err),
		mapping_save(store, MAPPING_OF_DATAFLOW, 1, &mapping, &err),
		dataflow_insert(store, &dataflow, &err),
		dataflow_save(store, &dataflow, &err),
		dataflow_delete(store, 1, &err),
		run_insert(store, &run, &err),
		run_save(store, &run, &err),
		run_bad_lines_save(store, 1, &lines, &err),
		failure_insert(store, 1, &row, &err),
		audit_insert(store, "x", "x", "x", &err),
	};
	for (size_t i = 0; i < sizeof got / sizeof *got; i++)
		assert_int_equal(got[i], STATUS_REFUSED);
	assert_string_equal(err.code, "read_only");
	assert_int_equal(audit_rows(), 0);
	account_done(&account);
	destination_done(&destination);
	dataflow_done(&dataflow);
	mapping_done(&mapping);
	catalogue_done(&catalogue);
	run_done(&run);
}

static void read_only_makes_nothing(void **state)
{
	struct store *none = store;
	(void)state;
	assert_int_equal(store_open(at("none/penstock.db"), true, &none, &err), STATUS_FAILED);
	assert_null(none);
	assert_string_equal(err.code, "store");
	assert_non_null(strstr(err.message, at("none/penstock.db")));
	assert_false(is_there(at("none")));
}

static void a_lock_is_told(void **state)
{
	struct store *second;
	(void)state;
	assert_int_equal(store_open(at("penstock.db"), false, &second, &err), STATUS_OK);
	assert_int_equal(db_exec(store_db(second), "PRAGMA busy_timeout = 1", &err), STATUS_OK);
	assert_int_equal(store_begin(store, &err), STATUS_OK);
	assert_int_equal(audit_insert(second, "x", "x", "x", &err), STATUS_FAILED);
	assert_string_equal(err.code, "store");
	assert_non_null(strstr(err.message, "another penstock is writing"));
	store_rollback(store);
	assert_int_equal(audit_insert(second, "x", "x", "x", &err), STATUS_OK);
	store_close(second);
}

static void a_full_disk_leaves_nothing_half_written(void **state)
{
	struct account account;
	char *large = malloc(2000001);
	(void)state;
	memset(large, 'x', 2000000);
	large[2000000] = '\0';
	account_init(&account);
	account.name = strdup("one");
	account.munchkin_id = strdup("123-ABC-456");
	account.endpoint = strdup("https://123-abc-456.example.com/rest");
	account.identity = strdup("https://123-abc-456.example.com/identity");
	account.client_id = strdup("client");
	assert_int_equal(db_exec(store_db(store), "PRAGMA max_page_count = 200", &err), STATUS_OK);
	assert_int_equal(account_insert(store, &account, large, &err), STATUS_FAILED);
	assert_non_null(strstr(err.message, "disk is full"));
	assert_true(account.id == 0);
	account_list all = { 0 };
	assert_int_equal(account_all(store, &all, &err), STATUS_OK);
	assert_int_equal(all.count, 0);
	assert_int_equal(account_insert(store, &account, "small", &err), STATUS_OK);
	account_done(&account);
	free(large);
}

/* A store of an earlier version, with a daemon and operators: whose each source is stands in its audit. */
static void older_stores_learn_who_named_a_source(void **state)
{
	static const char rows[] =
		"INSERT INTO account (id, name, munchkin_id, endpoint, identity, client_id, daily_calls, calls_per_20s, concurrent, quota_stop)"
		" VALUES (1, 'a', '123-ABC-456', 'e', 'i', 'c', 1, 1, 1, 1);"
		"INSERT INTO destination (id, account, name, version, person_creation) VALUES (1, 1, 'd', 2, 'match-only');"
		"INSERT INTO dataflow (id, destination, name, source, identity, enabled) VALUES (1, 1, 'theirs', '/s', 'all', 1), (2, 1, 'ours', '/s', 'all', 1),"
		" (3, 1, 'given', '/s', 'all', 1), (4, 1, 'taken', '/s', 'all', 1), (5, 1, 'drafted', '/s', 'all', 1), (6, 1, 'moved', '/s', 'all', 1),"
		" (7, 1, 'untold', '/s', 'all', 1), (8, 1, 'root''s', '/s', 'all', 1), (9, 1, 'v1', NULL, 'all', 1);"
		"INSERT INTO audit (at, who, action, object, detail) VALUES (1, 'daemon', 'daemon', NULL, 'started as process 1'),"
		" (2, 'eve', 'dataflow create', 'theirs', 'd'), (3, 'daemon', 'dataflow update', 'theirs', 'every 1d'), (4, 'daemon', 'dataflow create', 'ours', 'd'),"
		" (5, 'eve', 'dataflow update', 'ours', 'consent source x'), (6, 'daemon', 'dataflow create', 'given', 'd'),"
		" (7, 'eve', 'dataflow update', 'given', 'destination d, source /s'), (8, 'eve', 'dataflow create', 'taken', 'd'),"
		" (9, 'daemon', 'dataflow update', 'taken', 'source /s'), (10, 'eve', 'draft apply', 'drafted', 'a'), (11, 'eve', 'migrate apply', 'old', 'moved'),"
		" (12, 'root', 'dataflow create', 'root''s', 'd'), (13, 'eve', 'dataflow create', 'v1', 'd');";
	struct db *db;
	enum status status;
	struct query *query;
	struct str got = { 0 };
	(void)state;
	assert_int_equal(db_open(at("older.db"), 0, store_migrations, 16, &db, &err), STATUS_OK);
	assert_int_equal(db_exec(db, rows, &err), STATUS_OK);
	db_close(db);
	assert_int_equal(db_open(at("older.db"), 0, store_migrations, store_migration_count, &db, &err), STATUS_OK);
	query = db_prepare(db, "SELECT name, ifnull(source_by, '-') FROM dataflow ORDER BY id", &err);
	assert_non_null(query);
	while (query_row(query, &status, &err))
		str_add_format(&got, "%s:%s ", column_text(query, 0), column_text(query, 1));
	query_free(query);
	db_close(db);
	assert_string_equal(str_text(&got), "theirs:eve ours:- given:eve taken:- drafted:eve moved:eve untold:- root's:- v1:- ");
	str_done(&got);
	/* Without a daemon nobody else could come in. */
	assert_int_equal(db_open(at("alone.db"), 0, store_migrations, 16, &db, &err), STATUS_OK);
	assert_int_equal(db_exec(db, rows, &err), STATUS_OK);
	assert_int_equal(db_exec(db, "DELETE FROM audit WHERE action = 'daemon'", &err), STATUS_OK);
	db_close(db);
	assert_int_equal(db_open(at("alone.db"), 0, store_migrations, store_migration_count, &db, &err), STATUS_OK);
	query = db_prepare(db, "SELECT count(*) FROM dataflow WHERE source_by IS NOT NULL", &err);
	assert_true(query_row(query, &status, &err));
	assert_int_equal(column_int(query, 0), 0);
	query_free(query);
	db_close(db);
}

/* What an earlier version has left unsent is pending from now on, also of each audience; runs that ended have nothing left. */
static void older_stores_learn_what_is_pending(void **state)
{
	static const char rows[] =
		"INSERT INTO account (id, name, munchkin_id, endpoint, identity, client_id, daily_calls, calls_per_20s, concurrent, quota_stop)"
		" VALUES (1, 'a', '123-ABC-456', 'e', 'i', 'c', 1, 1, 1, 1);"
		"INSERT INTO destination (id, account, name, version, person_creation) VALUES (1, 1, 'd', 2, 'match-only');"
		"INSERT INTO dataflow (id, destination, name, identity, enabled) VALUES (1, 1, 'f', 'all', 1);"
		"INSERT INTO run (id, dataflow, state, received, activated, excluded, failed, unchanged, bad_lines, created, updated, added, removed, started_at, ended_at)"
		" VALUES (1, 1, 'success', 9, 4, 3, 0, 2, 0, 0, 0, 0, 0, 1, 1), (2, 1, 'blocked', 9, 0, 3, 0, 2, 0, 0, 0, 0, 0, 1, 1), (3, 1, 'running', 9, 1, 3, 1, 2, 0, 0, 0, 0, 0, 1, 0);"
		"INSERT INTO run_audience (run, place, list_id, received, activated, excluded, failed, unchanged)"
		" VALUES (1, 0, 7, 9, 4, 3, 0, 2), (2, 0, 7, 5, 0, 1, 0, 1), (2, 1, 8, 4, 0, 2, 0, 1), (3, 0, 7, 9, 1, 3, 1, 2);";
	struct db *db;
	enum status status;
	struct query *query;
	struct str got = { 0 };
	(void)state;
	assert_int_equal(db_open(at("older.db"), 0, store_migrations, 17, &db, &err), STATUS_OK);
	assert_int_equal(db_exec(db, rows, &err), STATUS_OK);
	db_close(db);
	assert_int_equal(db_open(at("older.db"), 0, store_migrations, store_migration_count, &db, &err), STATUS_OK);
	query = db_prepare(db, "SELECT r.id, r.pending, a.pending FROM run r JOIN run_audience a ON a.run = r.id ORDER BY r.id, a.place", &err);
	assert_non_null(query);
	while (query_row(query, &status, &err))
		str_add_format(&got, "%d:%d:%d ", (int)column_int(query, 0), (int)column_int(query, 1), (int)column_int(query, 2));
	query_free(query);
	db_close(db);
	assert_string_equal(str_text(&got), "1:0:0 2:4:3 2:4:1 3:2:2 ");
	str_done(&got);
}

static void newer_and_damaged_stores_are_refused(void **state)
{
	struct store *none;
	static char noise[64 * 1024];
	(void)state;
	assert_int_equal(db_exec(store_db(store), "PRAGMA user_version = 99", &err), STATUS_OK);
	store_close(store);
	store = NULL;
	assert_int_equal(store_open(at("penstock.db"), false, &none, &err), STATUS_FAILED);
	assert_non_null(strstr(err.message, "newer penstock (version 99"));
	memset(noise, 0xa5, sizeof noise);
	int fd = open(at("penstock.db"), O_WRONLY | O_CLOEXEC);
	assert_int_equal(pwrite(fd, noise, sizeof noise, 100), sizeof noise);
	close(fd);
	assert_int_equal(store_open(at("penstock.db"), false, &none, &err), STATUS_FAILED);
	assert_string_equal(err.code, "store");
	assert_non_null(strstr(err.message, at("penstock.db")));
	put_file(at("penstock.db"), noise, sizeof noise, 0600);
	assert_int_equal(store_open(at("penstock.db"), false, &none, &err), STATUS_FAILED);
	assert_non_null(strstr(err.message, "not a database"));
}

/* A small generator of our own: the same numbers every time. */
static uint32_t next_number(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

static void scratch_gives_any_range_back(void **state)
{
	enum { BLOCKS = 60, LARGEST = 200000 };
	struct scratch *scratch;
	int64_t offset[BLOCKS];
	size_t length[BLOCKS];
	unsigned char *block[BLOCKS], *back = malloc(LARGEST);
	uint32_t seed = 7;
	(void)state;
	assert_int_equal(scratch_open(store, &scratch, &err), STATUS_OK);
	for (int i = 0; i < BLOCKS; i++) {
		length[i] = i == 0 ? 0 : i < 30 ? next_number(&seed) % 200 : next_number(&seed) % LARGEST;
		block[i] = malloc(length[i] + 1);
		for (size_t k = 0; k < length[i]; k++)
			block[i][k] = (unsigned char)next_number(&seed);
		assert_int_equal(scratch_append(scratch, block[i], length[i], &offset[i], &err), STATUS_OK);
	}
	for (int round = 0; round < 3000; round++) {
		int i = (int)(next_number(&seed) % BLOCKS);
		size_t from = length[i] ? next_number(&seed) % length[i] : 0;
		size_t count = length[i] ? next_number(&seed) % (length[i] - from + 1) : 0;
		if (round > 500 && count > 300)
			count = 300;
		assert_int_equal(scratch_read(scratch, offset[i] + (int64_t)from, back, count, &err), STATUS_OK);
		assert_memory_equal(back, block[i] + from, count);
	}
	assert_int_equal(scratch_read(scratch, offset[BLOCKS - 1] + (int64_t)length[BLOCKS - 1], back, 1, &err), STATUS_FAILED);
	scratch_free(scratch);
	for (int i = 0; i < BLOCKS; i++)
		free(block[i]);
	free(back);
}

/* The one open file that has no name any more. */
static int nameless(void)
{
	char link[64], target[1024];
	for (int fd = 3; fd < 64; fd++) {
		snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
		ssize_t length = readlink(link, target, sizeof target - 1);
		if (length < 0)
			continue;
		target[length] = '\0';
		if (strstr(target, place_folder) && strstr(target, "(deleted)"))
			return fd;
	}
	return -1;
}

static void scratch_is_nameless_and_unreadable(void **state)
{
	static char text[3 * 4096], raw[sizeof text];
	struct scratch *scratch;
	int64_t offset;
	(void)state;
	assert_int_equal(scratch_open(store, &scratch, &err), STATUS_OK);
	assert_int_equal(scratch_append(scratch, text, sizeof text, &offset, &err), STATUS_OK);
	int fd = nameless();
	assert_true(fd >= 0);
	assert_int_equal(pread(fd, raw, sizeof raw, 0), sizeof raw);
	/* What went in were zeros, so this is the bare key stream: no block of it may show twice. */
	for (size_t i = 0; i < sizeof raw; i += 64) {
		assert_memory_not_equal(raw + i, text, 64);
		for (size_t k = 0; k < i; k += 64)
			assert_memory_not_equal(raw + i, raw + k, 64);
	}
	scratch_free(scratch);
	scratch_free(NULL);
}

static void scratch_tells_a_full_disk(void **state)
{
	static char text[256 * 1024];
	struct rlimit old, small;
	struct scratch *scratch;
	int64_t offset;
	(void)state;
	assert_int_equal(scratch_open(store, &scratch, &err), STATUS_OK);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	small = (struct rlimit){ .rlim_cur = 100000, .rlim_max = old.rlim_max };
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	enum status status = scratch_append(scratch, text, sizeof text, &offset, &err);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	signal(SIGXFSZ, SIG_DFL);
	assert_int_equal(status, STATUS_FAILED);
	assert_string_equal(err.code, "store");
	assert_non_null(strstr(err.message, "disk is full"));
	assert_non_null(strstr(err.message, place_folder));
	/* The place of what failed is not used again. */
	assert_int_equal(scratch_append(scratch, text, 10, &offset, &err), STATUS_OK);
	assert_true(offset == sizeof text);
	scratch_free(scratch);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(transactions_hold_together),
		TEST(read_only_changes_nothing),
		TEST(read_only_makes_nothing),
		TEST(a_lock_is_told),
		TEST(a_full_disk_leaves_nothing_half_written),
		TEST(older_stores_learn_who_named_a_source),
		TEST(older_stores_learn_what_is_pending),
		TEST(newer_and_damaged_stores_are_refused),
		TEST(scratch_gives_any_range_back),
		TEST(scratch_is_nameless_and_unreadable),
		TEST(scratch_tells_a_full_disk),
	};
	unsetenv("CREDENTIALS_DIRECTORY");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
