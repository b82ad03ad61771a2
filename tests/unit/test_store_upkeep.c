/* Backup, check and retention of a store. */
#include "place.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "db/db.h"
#include "store/health.h"
#include "store/retention.h"
#include "store/store.h"
#include "store/tables.h"

static struct error err;
static struct store *store;

static const int64_t DAY = INT64_C(86400000), NOW = INT64_C(1000) * INT64_C(86400000);

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

static void sql(struct store *in, const char *text)
{
	if (db_exec(store_db(in), text, &err) != STATUS_OK)
		fail_msg("%s: %s", text, err.message);
}

static int64_t number(struct store *in, const char *text)
{
	enum status status;
	struct query *query = db_prepare(store_db(in), text, &err);
	int64_t value = -1;

	assert_non_null(query);
	while (query_row(query, &status, &err))
		value = column_int(query, 0);
	query_free(query);
	return value;
}

static void make_flow(void)
{
	sql(store, "INSERT INTO account (id, name, munchkin_id, endpoint, identity, client_id, daily_calls, calls_per_20s, concurrent, quota_stop)"
		   " VALUES (1, 'a', '123-ABC-456', 'e', 'i', 'c', 1, 1, 1, 1);"
		   "INSERT INTO destination (id, account, name, version, person_creation) VALUES (1, 1, 'd', 2, 'match-only');"
		   "INSERT INTO dataflow (id, destination, name, identity, enabled) VALUES (1, 1, 'f', 'all', 1);");
}

static void add_run(int64_t id, const char *state, int64_t ended_days_ago)
{
	int64_t at_ms = NOW - ended_days_ago * DAY;
	char *text = mem_printf("INSERT INTO run (id, dataflow, state, received, activated, excluded, failed, unchanged, bad_lines, created, updated, added, removed, started_at,"
		" ended_at) VALUES (%lld, 1, '%s', 10, 6, 2, 1, 1, 3, -1, -1, 0, 0, %lld, %lld);"
				"INSERT INTO run_call VALUES (%lld, 'lookup', 4);"
				"INSERT INTO failure (run, audience, code, severity, retryable) VALUES (%lld, 0, 'x', 2, 1), (%lld, 0, 'y', 2, 1)",
		(long long)id, state, (long long)at_ms, (long long)at_ms, (long long)id, (long long)id, (long long)id);

	sql(store, text);
	mem_free(text);
}

static void what_is_old_goes_and_what_is_unfinished_stays(void **state)
{
	struct retention keep = { .failures = 30, .runs = 100, .audit = 50 };
	struct pruned gone;

	(void)state;
	make_flow();
	add_run(1, "success", 200);
	add_run(2, "stopped", 200);
	add_run(-1, "paused", 200);
	add_run(3, "planned", 200);
	add_run(4, "failed", 200);
	sql(store, "INSERT INTO change VALUES (4, 0, 1, x'00')");
	add_run(5, "partial", 31);
	add_run(6, "success", 29);
	sql(store, "INSERT INTO audit (at, who, action) VALUES (1, 'w', 'a'), (86400000000, 'w', 'b')");
	assert_int_equal(retention_save(store, &keep, &err), STATUS_OK);
	assert_int_equal(retention_apply(store, NOW, &gone, &err), STATUS_OK);
	/* Of runs 1 and 5; run 3's went with it. */
	assert_int_equal(gone.failures, 4);
	assert_int_equal(gone.plans, 1);
	assert_int_equal(gone.runs, 1);
	assert_int_equal(gone.audit, 1);
	assert_int_equal(number(store, "SELECT sum(id) FROM run"), 2 + 4 + 5 + 6 - 1);
	assert_int_equal(number(store, "SELECT count(*) FROM failure"), 8);
	assert_int_equal(number(store, "SELECT count(*) FROM change"), 1);
	/* Nobody's counters go back. */
	assert_int_equal(number(store, "SELECT value FROM run_total WHERE name = 'activated'"), 6);
	assert_int_equal(number(store, "SELECT value FROM run_total WHERE name = 'calls.lookup'"), 4);
	assert_int_equal(number(store, "SELECT value FROM run_total WHERE name = 'runs.success'"), 1);
	/* A second time there is nothing to do; the newest run stays however old it gets. */
	assert_int_equal(retention_apply(store, NOW + 1000 * DAY, &gone, &err), STATUS_OK);
	assert_int_equal(gone.runs, 1);
	assert_int_equal(number(store, "SELECT count(*) FROM run WHERE id = 6"), 1);
	assert_int_equal(number(store, "SELECT value FROM run_total WHERE name = 'activated'"), 12);
}

static void nothing_goes_where_everything_is_kept(void **state)
{
	struct retention keep, all = { 0, 0, 0 };
	struct pruned gone;

	(void)state;
	assert_int_equal(retention_load(store, &keep, &err), STATUS_OK);
	assert_int_equal(keep.failures, 30);
	assert_int_equal(keep.runs, 400);
	assert_int_equal(keep.audit, 400);
	make_flow();
	add_run(1, "success", 900);
	add_run(2, "success", 900);
	assert_int_equal(retention_save(store, &all, &err), STATUS_OK);
	assert_int_equal(retention_load(store, &keep, &err), STATUS_OK);
	assert_int_equal(keep.failures + keep.runs + keep.audit, 0);
	assert_int_equal(retention_apply(store, NOW, &gone, &err), STATUS_OK);
	assert_int_equal(gone.failures + gone.plans + gone.runs + gone.audit, 0);
}

static void once_a_day_is_enough(void **state)
{
	(void)state;
	make_flow();
	add_run(1, "success", 500);
	add_run(2, "success", 0);
	assert_int_equal(retention_apply_daily(store, NOW, &err), STATUS_OK);
	assert_int_equal(number(store, "SELECT count(*) FROM run"), 1);
	add_run(3, "success", 500);
	add_run(4, "success", 0);
	assert_int_equal(retention_apply_daily(store, NOW + DAY - 1, &err), STATUS_OK);
	assert_int_equal(number(store, "SELECT count(*) FROM run"), 3);
	assert_int_equal(retention_apply_daily(store, NOW + DAY, &err), STATUS_OK);
	assert_int_equal(number(store, "SELECT count(*) FROM run"), 2);
	/* More than one transaction takes. */
	sql(store, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4321) INSERT INTO audit (at, who, action) SELECT 1, 'w', 'a' FROM n");
	assert_int_equal(retention_apply_daily(store, NOW + 2 * DAY, &err), STATUS_OK);
	assert_int_equal(number(store, "SELECT count(*) FROM audit"), 0);
}

/* Somebody else writes between any two looks, and the copy is of one moment all the same. */
struct writer {
	struct store *other;
	int looks, stop_at;
};

static bool write_more(void *self, int64_t done, int64_t total)
{
	struct writer *writer = self;

	assert_true(done >= 0 && done <= total);
	sql(writer->other, "INSERT INTO draft (body, saved_at) VALUES ('late', 1); UPDATE draft SET body = 'late' WHERE id % 7 = 0");
	return ++writer->looks != writer->stop_at;
}

static void a_backup_is_of_one_moment(void **state)
{
	struct writer writer = { 0 };
	struct store *copy;
	char bytes[65 + 1];
	size_t length;

	(void)state;
	sql(store, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000) INSERT INTO draft (body, saved_at)"
		   " SELECT hex(randomblob(700)), i FROM n");
	assert_int_equal(store_open(at("penstock.db"), false, &writer.other, &err), STATUS_OK);
	if (store_backup(store, at("copy.db"), write_more, &writer, &err) != STATUS_OK)
		fail_msg("%s", err.message);
	assert_true(writer.looks >= 2);
	assert_int_equal(mode_of(at("copy.db")), 0600);
	/* Never over a file. */
	assert_int_equal(store_backup(store, at("copy.db"), NULL, NULL, &err), STATUS_USAGE);
	assert_string_equal(err.code, "exists");
	/* Stopped, nothing is left. */
	writer.stop_at = writer.looks + 1;
	assert_int_equal(store_backup(store, at("stopped.db"), write_more, &writer, &err), STATUS_STOPPED);
	assert_false(is_there(at("stopped.db")));
	assert_int_equal(store_backup(store, at("no/folder/copy.db"), NULL, NULL, &err), STATUS_FAILED);
	store_close(writer.other);
	/* With its key it is a store like any other. */
	length = get_file(at("penstock.key"), bytes, sizeof bytes);
	assert_int_equal(mkdir(at("elsewhere"), 0700), 0);
	put_file(at("elsewhere/penstock.key"), bytes, length, 0600);
	assert_int_equal(rename(at("copy.db"), at("elsewhere/penstock.db")), 0);
	assert_int_equal(store_open(at("elsewhere/penstock.db"), false, &copy, &err), STATUS_OK);
	assert_int_equal(number(copy, "SELECT count(*) FROM draft"), 9000);
	assert_int_equal(number(copy, "SELECT count(*) FROM draft WHERE body = 'late'"), 0);
	store_close(copy);
}

/* Which of the checks failed, by name; the first. */
static const char *first_trouble(struct health *health)
{
	store_check(at("penstock.db"), health);
	for (int i = 0; i < HEALTH_CHECKS; i++)
		if (health->checks[i].tried && !health->checks[i].ok)
			return health->checks[i].name;
	return "none";
}

static void every_trouble_has_its_check(void **state)
{
	struct health health;

	(void)state;
	assert_string_equal(first_trouble(&health), "none");
	assert_true(health.ok);
	health_done(&health);

	assert_int_equal(chmod(at("penstock.db"), 0640), 0);
	assert_string_equal(first_trouble(&health), "permissions");
	assert_non_null(strstr(health.checks[HEALTH_PERMISSIONS].hint, "chmod 600"));
	assert_true(health.checks[HEALTH_SEALED].ok);
	health_done(&health);
	assert_int_equal(chmod(at("penstock.db"), 0600), 0);

	sql(store, "PRAGMA foreign_keys = OFF; INSERT INTO dataflow (id, destination, name, identity, enabled) VALUES (9, 77, 'f', 'all', 1)");
	assert_string_equal(first_trouble(&health), "references");
	assert_non_null(strstr(health.checks[HEALTH_REFERENCES].detail, "dataflow 9 -> destination"));
	health_done(&health);
	sql(store, "DELETE FROM dataflow; PRAGMA foreign_keys = ON");

	make_flow();
	sql(store, "UPDATE account SET secret = x'0102030405060708091011121314151617181920212223242526272829303132333435363738394041424344'");
	assert_string_equal(first_trouble(&health), "sealed");
	assert_non_null(strstr(health.checks[HEALTH_SEALED].hint, "--client-secret-file"));
	health_done(&health);
	sql(store, "UPDATE account SET secret = NULL; INSERT INTO run (id, dataflow, state, received, activated, excluded, failed, unchanged, bad_lines, created,"
		   " updated, added, removed, started_at, ended_at) VALUES (1, 1, 'failed', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1)");
	assert_int_equal(failure_insert(store, 1, &(struct failure_row){ .identity = "a", .code = "c", .payload = "p", .payload_length = 1 }, &err), STATUS_OK);
	assert_string_equal(first_trouble(&health), "none");
	health_done(&health);

	assert_int_equal(rename(at("penstock.key"), at("away")), 0);
	assert_string_equal(first_trouble(&health), "key");
	assert_false(health.checks[HEALTH_SEALED].tried);
	health_done(&health);
	assert_int_equal(rename(at("away"), at("penstock.key")), 0);

	sql(store, "PRAGMA user_version = 99");
	assert_string_equal(first_trouble(&health), "version");
	health_done(&health);
}

static void damage_is_found(void **state)
{
	char noise[4096];
	struct health health;
	int fd;

	(void)state;
	make_flow();
	store_close(store);
	store = NULL;
	memset(noise, 0x5a, sizeof noise);
	fd = open(at("penstock.db"), O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, noise, sizeof noise, 5 * 4096), sizeof noise);
	close(fd);
	assert_string_equal(first_trouble(&health), "integrity");
	assert_false(health.checks[HEALTH_KEY].tried);
	assert_non_null(strstr(health.checks[HEALTH_INTEGRITY].hint, "backup"));
	health_done(&health);
	put_file(at("penstock.db"), noise, sizeof noise, 0600);
	assert_string_equal(first_trouble(&health), "version");
	health_done(&health);
	assert_int_equal(unlink(at("penstock.db")), 0);
	assert_string_equal(first_trouble(&health), "file");
	health_done(&health);
	assert_false(is_there(at("penstock.db")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_is_old_goes_and_what_is_unfinished_stays, setup, teardown),
		cmocka_unit_test_setup_teardown(nothing_goes_where_everything_is_kept, setup, teardown),
		cmocka_unit_test_setup_teardown(once_a_day_is_enough, setup, teardown),
		cmocka_unit_test_setup_teardown(a_backup_is_of_one_moment, setup, teardown),
		cmocka_unit_test_setup_teardown(every_trouble_has_its_check, setup, teardown),
		cmocka_unit_test_setup_teardown(damage_is_found, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
