#include "place.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/vec.h"
#include "db/db.h"
#include "store/store.h"
#include "store/tables.h"

#include <pwd.h>

static struct error err;
static struct store *store;
static int64_t flow;

static void good(enum status status)
{
	if (status != STATUS_OK)
		fail_msg("%s: %s", err.code, err.message);
}

static int64_t add_dataflow(const char *name, int64_t destination)
{
	struct dataflow dataflow;
	dataflow_init(&dataflow);
	dataflow.destination_id = destination;
	dataflow.name = mem_strdup(name);
	dataflow.source = mem_strdup("feed.ndjson");
	good(dataflow_insert(store, &dataflow, &err));
	int64_t id = dataflow.id;
	dataflow_done(&dataflow);
	return id;
}

static int setup(void **state)
{
	struct account account;
	struct destination destination;
	if (place_setup(state) != 0 || store_open(at("penstock.db"), false, &store, &err) != STATUS_OK)
		return -1;
	account_init(&account);
	account.name = mem_strdup("main");
	account.munchkin_id = mem_strdup("123-ABC-456");
	account.endpoint = mem_strdup("https://123-abc-456.example.com/rest");
	account.identity = mem_strdup("https://123-abc-456.example.com/identity");
	account.client_id = mem_strdup("client");
	good(account_insert(store, &account, NULL, &err));
	destination_init(&destination);
	destination.account_id = account.id;
	destination.name = mem_strdup("crm");
	good(destination_insert(store, &destination, &err));
	flow = add_dataflow("weekly", destination.id);
	account_done(&account);
	destination_done(&destination);
	return 0;
}

static int teardown(void **state)
{
	store_close(store);
	store = NULL;
	return place_teardown(state);
}

static struct run run_of(int64_t dataflow, enum run_state state)
{
	struct run run;
	run_init(&run);
	run.dataflow_id = dataflow;
	run.state = state;
	run.started_at = 1700000000000;
	return run;
}

static int64_t add_run(int64_t dataflow, enum run_state state)
{
	struct run run = run_of(dataflow, state);
	struct run_audience audience = { .name = mem_strdup("buyers"), .list_id = 1001 };
	vec_push(&run.audiences, audience);
	good(run_insert(store, &run, &err));
	int64_t id = run.id;
	run_done(&run);
	return id;
}

static int64_t number(const char *sql)
{
	enum status status;
	int64_t value = -1;
	struct query *query = db_query(store_db(store), sql, &err);
	assert_non_null(query);
	while (query_row(query, &status, &err))
		value = column_int(query, 0);
	good(status);
	return value;
}

static void set_numbers(struct run *run)
{
	run->received = 100;
	run->activated = 60;
	run->excluded = 25;
	run->failed = 5;
	run->unchanged = 10;
	run->pending = 2;
	run->bad_lines = 3;
	run->created = 40;
	run->updated = 20;
	run->added = 55;
	run->removed = 5;
	run->ended_at = 1700000009000;
	for (int kind = 0; kind < CALL_KINDS; kind++)
		run->calls[kind] = 10 + kind;
}

static void runs_come_back(void **state)
{
	struct run out;
	(void)state;
	struct run run = run_of(flow, RUN_RUNNING);
	for (int i = 0; i < 3; i++) {
		struct run_audience audience = { .name = mem_printf("audience %d", i), .list_id = 1000 + i, .received = i, .activated = 1, .excluded = 2,
			.failed = 3, .unchanged = 4, .pending = 5 };
		vec_push(&run.audiences, audience);
	}
	run_reason_add(&run, "no_identity", "no identity", SEVERITY_EXCLUDED, 20);
	run_reason_add(&run, "too_long", "too long", SEVERITY_WARNING, 7);
	good(run_insert(store, &run, &err));
	assert_true(run.id > 0);
	good(run_get(store, run.id, &out, &err));
	assert_string_equal(out.dataflow, "weekly");
	assert_int_equal(out.state, RUN_RUNNING);
	assert_int_equal(out.audiences.count, 3);
	assert_true(out.started_at == 1700000000000 && out.ended_at == 0);
	run_done(&out);

	set_numbers(&run);
	run.state = RUN_PARTIAL;
	mem_free(run.audiences.at[2].name);
	run.audiences.count = 2;
	run.audiences.at[1].failed = 33;
	run_reason_add(&run, "1003", "a message", SEVERITY_FAILED, 5);
	run_reason_add(&run, "too_long", "too long", SEVERITY_WARNING, 1);
	good(run_save(store, &run, &err));
	good(run_save(store, &run, &err));
	good(run_get(store, run.id, &out, &err));
	assert_int_equal(out.state, RUN_PARTIAL);
	assert_true(out.received == 100 && out.activated == 60 && out.excluded == 25 && out.failed == 5 && out.unchanged == 10 && out.pending == 2);
	assert_true(out.bad_lines == 3 && out.created == 40 && out.updated == 20 && out.added == 55 && out.removed == 5);
	assert_true(out.ended_at == 1700000009000);
	for (int kind = 0; kind < CALL_KINDS; kind++)
		assert_int_equal(out.calls[kind], 10 + kind);
	assert_int_equal(out.audiences.count, 2);
	assert_string_equal(out.audiences.at[1].name, "audience 1");
	assert_true(out.audiences.at[1].list_id == 1001 && out.audiences.at[1].failed == 33 && out.audiences.at[1].unchanged == 4 && out.audiences.at[1].pending == 5);
	assert_int_equal(out.reasons.count, 3);
	assert_string_equal(out.reasons.at[1].code, "too_long");
	assert_true(out.reasons.at[1].count == 8);
	assert_int_equal(out.reasons.at[1].severity, SEVERITY_WARNING);
	assert_int_equal(out.reasons.at[2].severity, SEVERITY_FAILED);
	run_done(&out);
	assert_int_equal(run_get(store, 99, &out, &err), STATUS_USAGE);
	assert_string_equal(err.code, "not_found");
	run_done(&out);
	run.id = 99;
	assert_int_equal(run_save(store, &run, &err), STATUS_USAGE);
	run.dataflow_id = 99;
	assert_int_equal(run_insert(store, &run, &err), STATUS_USAGE);
	assert_true(run.id == 0);
	run_done(&run);
}

static void runs_are_listed_newest_first(void **state)
{
	run_list all = { 0 };
	(void)state;
	int64_t other = add_dataflow("daily", 1);
	int64_t first = add_run(flow, RUN_SUCCESS);
	add_run(flow, RUN_PLANNED);
	int64_t second = add_run(other, RUN_FAILED), third = add_run(flow, RUN_BLOCKED);
	good(run_all(store, 0, &all, &err));
	assert_int_equal(all.count, 3);
	assert_true(all.at[0].id == third && all.at[1].id == second && all.at[2].id == first);
	assert_int_equal(all.at[0].audiences.count, 1);
	assert_string_equal(all.at[1].dataflow, "daily");
	run_list_done(&all);
	good(run_all(store, flow, &all, &err));
	assert_int_equal(all.count, 2);
	run_list_done(&all);
	good(run_all(store, 99, &all, &err));
	assert_int_equal(all.count, 0);
	run_list_done(&all);
}

static void launch(enum run_state state, int64_t revision)
{
	struct run run = run_of(flow, state);

	run.mapping_revision = revision;
	good(run_insert(store, &run, &err));
	run_done(&run);
}

static int64_t launched(void)
{
	int64_t revision = -1;

	good(run_last_revision(store, flow, &revision, &err));
	return revision;
}

/* Neither a plan nor a run that did not come to its end is what was launched last. */
static void the_last_launch_is_one_that_ended(void **state)
{
	static const enum run_state others[] = { RUN_PLANNED, RUN_RUNNING, RUN_FAILED, RUN_STOPPED, RUN_WAITING, RUN_BLOCKED, RUN_PAUSED };

	(void)state;
	assert_int_equal(launched(), 0);
	launch(RUN_SUCCESS, 2);
	assert_int_equal(launched(), 2);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		launch(others[i], 3);
	assert_int_equal(launched(), 2);
	launch(RUN_PARTIAL, 4);
	assert_int_equal(launched(), 4);
}

static int64_t unfinished(void)
{
	int64_t id = -1;
	good(run_unfinished(store, flow, &id, &err));
	return id;
}

static void unfinished_runs_are_found(void **state)
{
	static const enum run_state finished[] = { RUN_PLANNED, RUN_SUCCESS, RUN_PARTIAL, RUN_BLOCKED, RUN_FAILED };
	static const enum run_state going_on[] = { RUN_RUNNING, RUN_STOPPED, RUN_WAITING };
	char sql[160];
	(void)state;
	assert_true(unfinished() == 0);
	for (size_t i = 0; i < sizeof finished / sizeof *finished; i++)
		add_run(flow, finished[i]);
	assert_true(unfinished() == 0);
	int64_t failed = add_run(flow, RUN_FAILED);
	snprintf(sql, sizeof sql, "INSERT INTO change (run, chunk, records, sealed) VALUES (%lld, 1, 300, x'00')", (long long)failed);
	good(db_exec(store_db(store), sql, &err));
	assert_true(unfinished() == failed);
	for (size_t i = 0; i < sizeof going_on / sizeof *going_on; i++) {
		int64_t id = add_run(flow, going_on[i]);
		assert_true(unfinished() == id);
	}
	add_run(add_dataflow("daily", 1), RUN_RUNNING);
	add_run(flow, RUN_SUCCESS);
	assert_true(unfinished() > failed);
}

static void bad_lines_come_back(void **state)
{
	bad_line_list lines = { 0 }, out = { 0 };
	(void)state;
	int64_t id = add_run(flow, RUN_RUNNING);
	for (int i = 0; i < 1000; i++) {
		struct bad_line line = { .position = 3 * i + 1, .reason = mem_printf("reason %d", i) };
		vec_push(&lines, line);
	}
	good(run_bad_lines_save(store, id, &lines, &err));
	good(run_bad_lines_save(store, id, &lines, &err));
	good(run_bad_lines(store, id, &out, &err));
	assert_int_equal(out.count, 1000);
	assert_true(out.at[999].position == 2998);
	assert_string_equal(out.at[999].reason, "reason 999");
	bad_line_list_done(&out);
	assert_int_equal(run_bad_lines_save(store, 99, &lines, &err), STATUS_FAILED);
	assert_string_equal(err.code, "constraint");
	bad_line_list_done(&lines);
}

static void put_failure(int64_t run, int audience, const char *identity, const char *code, enum severity severity, bool retryable)
{
	const struct failure_row row = {
		.audience = audience,
		.identity = identity,
		.code = code,
		.message = "words about it",
		.severity = severity,
		.retryable = retryable,
		.payload = identity,
		.payload_length = identity ? strlen(identity) : 0,
	};
	good(failure_insert(store, run, &row, &err));
}

static bool database_holds(const char *text)
{
	static const char *const names[] = { "penstock.db", "penstock.db-wal" };
	static char bytes[8 * 1024 * 1024];
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (memmem(bytes, get_file(at(names[i]), bytes, sizeof bytes), text, strlen(text)))
			return true;
	return false;
}

static void failures_come_back_and_are_sealed(void **state)
{
	failure_list out = { 0 };
	int64_t total;
	(void)state;
	int64_t id = add_run(flow, RUN_RUNNING), other = add_run(flow, RUN_RUNNING);
	good(store_begin(store, &err));
	put_failure(id, 0, "ann@example.com", "no_match", SEVERITY_EXCLUDED, false);
	put_failure(id, 0, "bob\x1b[2J@example.com", "1003", SEVERITY_FAILED, true);
	put_failure(id, -1, NULL, "no_match", SEVERITY_WARNING, false);
	put_failure(other, 0, "eve@example.com", "no_match", SEVERITY_EXCLUDED, false);
	good(store_commit(store, &err));
	assert_true(database_holds("words about it"));
	assert_false(database_holds("@example.com"));
	good(failures_load(store, id, NULL, 0, &out, &total, &err));
	assert_true(total == 3);
	assert_int_equal(out.count, 3);
	assert_string_equal(out.at[0].audience, "buyers");
	assert_string_equal(out.at[0].identity, "ann@example.com");
	assert_string_equal(out.at[0].code, "no_match");
	assert_string_equal(out.at[0].message, "words about it");
	assert_int_equal(out.at[0].severity, SEVERITY_EXCLUDED);
	assert_false(out.at[0].retryable);
	assert_true(out.at[1].retryable);
	/* Harmless to show. */
	assert_null(strchr(out.at[1].identity, '\x1b'));
	assert_null(out.at[2].audience);
	assert_null(out.at[2].identity);
	failure_list_done(&out);
	good(failures_load(store, id, "no_match", 1, &out, &total, &err));
	assert_true(total == 2);
	assert_int_equal(out.count, 1);
	failure_list_done(&out);
	good(failures_load(store, id, "nothing", 10, &out, &total, &err));
	assert_true(total == 0 && out.count == 0);
	/* Moved to another run, or changed, an identity is not shown. */
	good(db_exec(store_db(store), "UPDATE failure SET run = 2 WHERE code = '1003'", &err));
	assert_int_equal(failures_load(store, other, NULL, 0, &out, &total, &err), STATUS_REFUSED);
	assert_int_equal(out.count, 0);
	const struct failure_row row = { .code = "x" };
	assert_int_equal(failure_insert(store, 99, &row, &err), STATUS_FAILED);
}

/* By the person's key, whatever run it was: the newest that says whom it was about. */
static void a_failure_tells_who_somebody_is(void **state)
{
	static const unsigned char ann[KEY_HASH] = { 1 }, bob[KEY_HASH] = { 2 };
	struct failure_row row = { .code = "1003", .identity = "ann@example.com", .key = ann };
	char *identity;
	(void)state;
	good(failure_insert(store, add_run(flow, RUN_PARTIAL), &row, &err));
	row.identity = "Ann\x1b@example.com";
	good(failure_insert(store, add_run(flow, RUN_PARTIAL), &row, &err));
	row.identity = NULL;
	good(failure_insert(store, add_run(flow, RUN_PARTIAL), &row, &err));
	good(failure_identity(store, ann, &identity, &err));
	assert_non_null(strstr(identity, "Ann"));
	assert_null(strchr(identity, '\x1b'));
	mem_free(identity);
	good(failure_identity(store, bob, &identity, &err));
	assert_null(identity);
	good(db_exec(store_db(store), "UPDATE failure SET run = 1 WHERE run = 2", &err));
	assert_int_equal(failure_identity(store, ann, &identity, &err), STATUS_REFUSED);
	assert_null(identity);
}

static enum status note_place(void *self, int64_t id, int place, const void *payload, size_t length, struct error *trouble)
{
	struct str *said = self;
	(void)id;
	(void)trouble;
	str_add_format(said, "%d:%.*s ", place, (int)length, (const char *)payload);
	return STATUS_OK;
}

static void expect_open(int64_t run, const char *wanted)
{
	struct str said = { 0 };
	good(failures_retryable(store, run, note_place, &said, &err));
	assert_string_equal(str_text(&said), wanted);
	str_done(&said);
}

static void a_failure_is_open_until_a_run_takes_it_over(void **state)
{
	static const unsigned char ann[KEY_HASH] = { 1 }, bob[KEY_HASH] = { 2 };
	struct failure_row row = { .code = "614", .payload = "ann", .payload_length = 3, .retryable = true, .key = ann };
	failure_list out = { 0 };
	int64_t total;
	bool any;
	(void)state;
	int64_t first = add_run(flow, RUN_PARTIAL), other = add_run(add_dataflow("daily", 1), RUN_RUNNING);
	good(failures_open(store, flow, &any, &err));
	assert_false(any);
	good(failure_insert(store, first, &row, &err));
	row = (struct failure_row){ .code = "1004", .payload = "bob", .payload_length = 3, .key = bob };
	good(failure_insert(store, first, &row, &err));
	row.code = "bad_status";
	good(failure_insert(store, first, &row, &err));
	good(failures_open(store, flow, &any, &err));
	assert_true(any);
	expect_open(first, "0:bob 0:ann ");
	int64_t list = number("SELECT list_id FROM run_audience WHERE run = 1 AND place = 0");
	/* Another dataflow's, another list's, another person's word says nothing about it; a plan has taken over nothing yet. */
	good(failures_take_over(store, flow + 1, ann, list, other, &err));
	int64_t later = add_run(flow, RUN_PLANNED);
	good(failures_take_over(store, flow, ann, list + 1, later, &err));
	good(failures_take_over(store, flow, ann, list, later, &err));
	expect_open(first, "0:bob 0:ann ");
	good(db_exec(store_db(store), "UPDATE run SET state = 'running' WHERE state = 'planned'", &err));
	expect_open(first, "0:bob ");
	good(failures_load(store, first, NULL, 0, &out, &total, &err));
	assert_true(out.at[0].retried == later && out.at[1].retried == 0);
	failure_list_done(&out);
	/* A run that is gone has taken over nothing, either. */
	good(failure_take_over(store, 2, 99, &err));
	expect_open(first, "0:bob ");
	good(failure_take_over(store, 2, later, &err));
	expect_open(first, "");
}

static void a_dataflow_takes_its_runs_along(void **state)
{
	static const struct failure_row row = { .code = "x", .identity = "ann@example.com" };
	bad_line_list lines = { 0 };
	(void)state;
	int64_t id = add_run(flow, RUN_RUNNING), kept = add_run(add_dataflow("daily", 1), RUN_RUNNING);
	struct bad_line line = { .position = 1, .reason = mem_strdup("why") };
	vec_push(&lines, line);
	good(run_bad_lines_save(store, id, &lines, &err));
	good(failure_insert(store, id, &row, &err));
	good(failure_insert(store, kept, &row, &err));
	good(db_exec(store_db(store),
		"INSERT INTO change VALUES (1, 1, 300, x'00'), (2, 1, 300, x'00'); INSERT INTO change_progress VALUES (1, 1, 1, x'');"
		"INSERT INTO person VALUES (1, x'00', 5, x''); INSERT INTO member (account, list, key) VALUES (1, 9, x'00')",
		&err));
	good(dataflow_delete(store, flow, &err));
	assert_int_equal(number("SELECT count(*) FROM run"), 1);
	assert_int_equal(number("SELECT count(*) FROM run_audience"), 1);
	assert_int_equal(number("SELECT count(*) FROM run_call WHERE run = 1"), 0);
	assert_int_equal(number("SELECT count(*) FROM run_bad_line"), 0);
	assert_int_equal(number("SELECT count(*) FROM failure"), 1);
	assert_int_equal(number("SELECT count(*) FROM change"), 1);
	assert_int_equal(number("SELECT count(*) FROM change_progress"), 0);
	/* The ledger belongs to the account. */
	assert_int_equal(number("SELECT count(*) FROM person"), 1);
	assert_int_equal(number("SELECT count(*) FROM member"), 1);
	assert_int_equal(number("SELECT count(*) FROM pragma_foreign_key_check"), 0);
	bad_line_list_done(&lines);
}

static int64_t test_now;

static int64_t test_clock(void *self)
{
	(void)self;
	return test_now;
}

static void the_audit_tells_who_and_when(void **state)
{
	static const struct clock_source clock = { .mono_ms = test_clock, .wall_ms = test_clock };
	audit_list rows = { 0 };
	(void)state;
	clock_use(&clock);
	for (test_now = 1000; test_now <= 3000; test_now += 1000)
		good(audit_insert(store, "account.create", test_now == 2000 ? NULL : "main", "munchkin \x1b[31m 123-ABC-456", &err));
	clock_use(NULL);
	good(audit_load(store, 2000, &rows, &err));
	assert_int_equal(rows.count, 2);
	assert_true(rows.at[0].at == 2000 && rows.at[1].at == 3000);
	const struct passwd *user = getpwuid(getuid());
	if (user)
		assert_string_equal(rows.at[0].who, user->pw_name);
	assert_string_equal(rows.at[0].action, "account.create");
	assert_null(rows.at[0].object);
	assert_string_equal(rows.at[1].object, "main");
	assert_non_null(strstr(rows.at[0].detail, "123-ABC-456"));
	assert_null(strchr(rows.at[0].detail, '\x1b'));
	audit_list_done(&rows);
	good(audit_load(store, 3001, &rows, &err));
	assert_int_equal(rows.count, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(runs_come_back),
		TEST(runs_are_listed_newest_first),
		TEST(the_last_launch_is_one_that_ended),
		TEST(unfinished_runs_are_found),
		TEST(bad_lines_come_back),
		TEST(failures_come_back_and_are_sealed),
		TEST(a_failure_tells_who_somebody_is),
		TEST(a_failure_is_open_until_a_run_takes_it_over),
		TEST(a_dataflow_takes_its_runs_along),
		TEST(the_audit_tells_who_and_when),
	};
	unsetenv("CREDENTIALS_DIRECTORY");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
