/* The door of the practice Marketo: tokens, limits, permissions, what every call is refused for, the log, usage. */
#include "boxed.h"

#include "place.h"

static int setup(void **state)
{
	static const struct sandbox_options options = { .seed_people = 3 };
	struct boxed *boxed = mem_alloc(sizeof *boxed);

	boxed_init(boxed, &options);
	*state = boxed;
	return 0;
}

static int teardown(void **state)
{
	boxed_done(*state);
	mem_free(*state);
	return 0;
}

/* --- tokens --- */

static int64_t token_of(struct boxed *boxed, const char *method, char token[64])
{
	struct json *reply;
	int64_t left;

	boxed->talk.authorization[0] = '\0';
	reply = boxed_ask(boxed, method, TOKEN_PATH, NULL, NULL);
	left = number_of(reply, "expires_in");
	snprintf(token, 64, "%s", json_get_string(reply, "access_token"));
	assert_string_equal(json_get_string(reply, "token_type"), "bearer");
	assert_string_equal(json_get_string(reply, "scope"), "api.user@example.com");
	json_free(reply);
	return left;
}

static void test_token_is_the_same_until_it_ends(void **state)
{
	struct boxed *boxed = *state;
	char first[64], second[64], third[64];
	static const struct row ok = { "GET", "/rest/v1/leads/partitions.json", NULL, NULL, "", NULL, NULL };
	static const struct row expired = { "GET", "/rest/v1/leads/partitions.json", NULL, NULL, "602", "Access token expired", "expired" };
	static const struct row invalid = { "GET", "/rest/v1/leads/partitions.json", NULL, NULL, "601", "Access token invalid", "Authorization" };

	assert_int_equal(token_of(boxed, "GET", first), 3599);
	talk_move(&boxed->talk, 75000);
	assert_int_equal(token_of(boxed, "POST", second), 3524);
	assert_string_equal(first, second);
	snprintf(boxed->talk.authorization, sizeof boxed->talk.authorization, "Bearer %s", first);
	expect_row(boxed, &ok);
	talk_move(&boxed->talk, 3525000);
	expect_row(boxed, &expired);
	assert_int_equal(token_of(boxed, "GET", third), 3599);
	assert_string_not_equal(first, third);
	snprintf(boxed->talk.authorization, sizeof boxed->talk.authorization, "Bearer %s", first);
	expect_row(boxed, &expired);
	snprintf(boxed->talk.authorization, sizeof boxed->talk.authorization, "Bearer nobody-gave-this");
	expect_row(boxed, &invalid);
	boxed->talk.authorization[0] = '\0';
	expect_row(boxed, &invalid);
	snprintf(boxed->talk.authorization, sizeof boxed->talk.authorization, "Bearer %s", third);
	expect_row(boxed, &ok);
	settings(boxed, "{\"expire_token\":true}");
	expect_row(boxed, &expired);
}

static void test_token_refusals(void **state)
{
	static const struct {
		const char *method, *path, *body;
		long status;
		const char *has;
	} rows[] = {
		{ "GET", "/identity/oauth/token?grant_type=client_credentials&client_id=other&client_secret=test-secret", NULL, 401, "No client with requested id: other" },
		{ "GET", "/identity/oauth/token?grant_type=client_credentials&client_id=test-id&client_secret=wrong", NULL, 401, "Bad client credentials" },
		{ "GET", "/identity/oauth/token?grant_type=client_credentials", NULL, 401, "No client" },
		{ "GET", "/identity/oauth/token?grant_type=password&client_id=test-id&client_secret=test-secret", NULL, 400, "grant_type" },
		{ "GET", "/identity/oauth/token?client_id=test-id&client_secret=test-secret", NULL, 400, "grant_type" },
		{ "GET", TOKEN_PATH "&scope=all", NULL, 400, "unknown parameter" },
		{ "GET", TOKEN_PATH "&client_secret=test-secret", NULL, 400, "came twice" },
		{ "POST", "/identity/oauth/token", "grant_type=client_credentials&client_id=test-id&client_secret=test-secret", 400, "query" },
		{ "DELETE", TOKEN_PATH, NULL, 405, "GET or a POST" },
	};
	struct boxed *boxed = *state;
	struct answer answer;
	int64_t calls = state_number(boxed, "calls");

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct json *log;

		talk_ask(&boxed->talk, &answer, rows[i].method, rows[i].path, FORM_TYPE, rows[i].body);
		assert_int_equal(answer.status, rows[i].status);
		if (!strstr(str_text(&answer.body), rows[i].has))
			fail_msg("%s: %s", rows[i].path, str_text(&answer.body));
		json_free(answer_json(&answer));
		log = last_logged(boxed);
		assert_non_null(json_get_string(json_first(log), "rule"));
		json_free(log);
		answer_done(&answer);
	}
	assert_int_equal(state_number(boxed, "calls"), calls);
}

/* --- what any call is refused for --- */

static void test_refusals(void **state)
{
	static const struct row rows[] = {
		{ "GET", "/rest/v1/leads/partitions.json?access_token=x", NULL, NULL, "601", NULL, "access_token" },
		{ "GET", "/rest/v1/nothing.json", NULL, NULL, "610", "Requested resource not found", "no such path" },
		{ "GET", "/rest/v1/leads", NULL, NULL, "610", NULL, NULL },
		{ "GET", "/rest/v1/lists/abc.json", NULL, NULL, "610", NULL, NULL },
		{ "GET", "/rest/v1/lists/99999999999999999999.json", NULL, NULL, "610", NULL, NULL },
		{ "GET", "/REST/v1/lists.json", NULL, NULL, "610", NULL, NULL },
		{ "GET", "/rest/asset/v1/nothing.json", NULL, NULL, "610", "\"warnings\"", NULL },
		{ "PUT", "/rest/v1/leads.json", JSON_TYPE, "{}", "605", "HTTP Method not supported", "PUT" },
		{ "DELETE", "/rest/v1/leads.json", NULL, NULL, "605", NULL, NULL },
		{ "POST", "/rest/v1/leads.json?_method=PATCH", JSON_TYPE, "{}", "605", NULL, "PATCH" },
		{ "POST", "/rest/v1/leads/describe.json", JSON_TYPE, "{}", "605", NULL, NULL },
		{ "GET", "/rest/v1/leads/describe.json?x=1", NULL, NULL, "1003", "unknown parameter 'x'", "unknown parameter" },
		{ "GET", "/rest/v1/lists.json?batchsize=3", NULL, NULL, "1003", NULL, "batchsize" },
		{ "GET", "/rest/v1/lists.json?_method=GET", NULL, NULL, "1003", NULL, "_method" },
		{ "GET", "/rest/v1/leads/describe.json", JSON_TYPE, "{}", "1003", NULL, "body" },
		{ "POST", "/rest/v1/leads.json", NULL, "{\"input\":[]}", "612", "Invalid Content Type", "application/json" },
		{ "POST", "/rest/v1/leads.json", "text/plain", "{\"input\":[]}", "612", NULL, NULL },
		{ "POST", "/rest/v1/leads.json", FORM_TYPE, "a=b", "612", NULL, NULL },
		{ "POST", "/rest/v1/leads.json", JSON_TYPE "; charset=iso-8859-1", "{\"input\":[]}", "612", NULL, NULL },
		{ "POST", "/rest/v1/leads.json", JSON_TYPE ";x=y; Charset=\"utf-16\"", "{\"input\":[]}", "612", NULL, NULL },
		{ "POST", "/rest/v1/leads.json", JSON_TYPE ";x=y; Charset=\"UTF-8\"", "{\"input\":[]}", "1002", NULL, NULL },
		{ "POST", "/rest/asset/v1/staticLists.json", FORM_TYPE "; charset=iso-8859-1", "name=a&folder=12", "612", NULL, NULL },
		{ "POST", "/rest/v1/leads.json", JSON_TYPE, "{\"input\":[}", "609", "Invalid JSON", "at byte" },
		{ "POST", "/rest/v1/leads.json", JSON_TYPE, "[]", "609", NULL, "object" },
		{ "POST", "/rest/v1/leads.json", JSON_TYPE, "{\"input\":[{\"email\":\"a\\u0000@example.com\"}]}", "609", NULL, NULL },
		{ "POST", "/rest/v1/leads.json", JSON_TYPE, "", "609", NULL, NULL },
		{ "POST", "/rest/asset/v1/staticLists.json", JSON_TYPE, "{\"name\":\"x\"}", "612", NULL, "form" },
		{ "POST", "/rest/asset/v1/staticLists.json?name=x&folder=12", NULL, "", "612", NULL, NULL },
		{ "POST", "/rest/asset/v1/staticLists.json?name=x", FORM_TYPE, "folder=12", "1003", NULL, "form body" },
		{ "POST", "/rest/asset/v1/staticLists.json", FORM_TYPE, "name=%zz", "609", NULL, NULL },
		{ "POST", "/rest/asset/v1/staticLists.json", FORM_TYPE, "name=a&name=b&folder=12", "1003", NULL, "'name' came twice" },
		{ "GET", "/rest/asset/v1/staticList/byName.json?name=a&name=b", NULL, NULL, "1003", NULL, "'name' came twice" },
		{ "GET", "/rest/v1/leads.json?filterType=id&filterType=email&filterValues=1", NULL, NULL, "1003", NULL, "'filterType' came twice" },
		{ "GET", "/rest/v1/lists.json?name=a&name=b&id=1&id=2&batchSize=5", NULL, NULL, "", NULL, NULL },
		{ "GET", "/rest/v1/leads.json?filterType=id&filterValues=1&filterValues=2&fields=id&fields=email", NULL, NULL, "", NULL, NULL },
	};
	struct boxed *boxed = *state;

	EXPECT_ROWS(boxed, rows);
}

static void test_gateway(void **state)
{
	struct boxed *boxed = *state;
	struct str path = { 0 }, body = { 0 };
	struct answer answer;

	talk_ask(&boxed->talk, &answer, "GET", "/rest//v1/leads/partitions.json", NULL, NULL);
	assert_int_equal(answer.status, 404);
	answer_done(&answer);

	str_add(&path, "/rest/v1/leads.json?filterType=email&filterValues=");
	while (path.length < 8000)
		str_add_char(&path, 'a');
	talk_ask(&boxed->talk, &answer, "GET", str_text(&path), NULL, NULL);
	assert_int_equal(answer.status, 200);
	answer_done(&answer);
	str_add_char(&path, 'a');
	talk_ask(&boxed->talk, &answer, "GET", str_text(&path), NULL, NULL);
	assert_int_equal(answer.status, 414);
	assert_non_null(strstr(str_text(&answer.body), "<html>"));
	answer_done(&answer);

	while (body.length < 1000000)
		str_add_char(&body, ' ');
	str_add_char(&body, '{');
	talk_ask(&boxed->talk, &answer, "POST", "/rest/v1/leads.json", JSON_TYPE, str_text(&body));
	assert_int_equal(answer.status, 413);
	answer_done(&answer);
	str_clear(&body);
	str_add(&body, "{}");
	while (body.length < 1000000)
		str_add_char(&body, ' ');
	talk_ask(&boxed->talk, &answer, "POST", "/rest/v1/leads.json", JSON_TYPE, str_text(&body));
	assert_int_equal(answer.status, 200);
	answer_done(&answer);
	str_done(&body);
	str_done(&path);
}

static void test_permissions(void **state)
{
	static const struct {
		const char *deny;
		struct row row;
	} rows[] = {
		{ "read-only-lead,read-write-lead", { "GET", "/rest/v1/leads/describe.json", NULL, NULL, "603", "Access denied", "permission" } },
		{ "read-only-lead,read-write-lead", { "GET", "/rest/v1/leads/describe2.json", NULL, NULL, "603", NULL, NULL } },
		{ "read-only-lead,read-write-lead", { "GET", "/rest/v1/lists.json", NULL, NULL, "603", NULL, NULL } },
		{ "read-only-lead,read-write-lead", { "GET", "/rest/v1/lists/1001/leads.json", NULL, NULL, "603", NULL, NULL } },
		{ "read-only-lead,read-write-lead", { "GET", "/rest/v1/leads.json?filterType=id&filterValues=1", NULL, NULL, "603", NULL, NULL } },
		{ "read-only-lead", { "GET", "/rest/v1/leads/describe.json", NULL, NULL, "", NULL, NULL } },
		{ "read-write-lead", { "GET", "/rest/v1/leads/describe.json", NULL, NULL, "", NULL, NULL } },
		{ "read-write-lead", { "POST", "/rest/v1/leads.json", JSON_TYPE, "{\"input\":[{\"email\":\"a@example.com\"}]}", "603", NULL, NULL } },
		{ "read-write-lead", { "POST", "/rest/v1/lists/1001/leads.json?id=1001", NULL, NULL, "603", NULL, NULL } },
		{ "read-write-lead", { "DELETE", "/rest/v1/lists/1001/leads.json?id=1001", NULL, NULL, "603", NULL, NULL } },
		{ "read-write-lead", { "GET", "/rest/v1/lists/1001/leads/ismember.json?id=1001", NULL, NULL, "603", NULL, NULL } },
		{ "read-write-assets", { "POST", "/rest/asset/v1/staticLists.json", FORM_TYPE, "name=x&folder=12", "603", "\"warnings\"", NULL } },
		{ "read-write-assets", { "GET", "/rest/asset/v1/folders.json", NULL, NULL, "", NULL, NULL } },
		{ "read-only-assets,read-write-assets", { "GET", "/rest/asset/v1/folders.json", NULL, NULL, "603", NULL, NULL } },
		{ "read-only-lead,read-write-lead,read-only-assets,read-write-assets", { "GET", "/rest/v1/stats/usage.json", NULL, NULL, "", NULL, NULL } },
		{ "", { "POST", "/rest/v1/lists/1001/leads.json?id=1001", NULL, NULL, "", "added", NULL } },
	};
	struct boxed *boxed = *state;
	char json[200];

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		snprintf(json, sizeof json, "{\"deny\":\"%s\"}", rows[i].deny);
		settings(boxed, json);
		expect_row(boxed, &rows[i].row);
	}
}

/* --- limits --- */

static const struct row call_ok = { "GET", "/rest/v1/leads/partitions.json", NULL, NULL, "", NULL, NULL };

static void test_rate(void **state)
{
	static const struct row over = { "GET", "/rest/v1/leads/partitions.json", NULL, NULL, "606", "Max rate limit '100' exceeded with in '20' secs", "100 calls" };
	struct boxed *boxed = *state;

	for (int i = 0; i < 50; i++)
		expect_row(boxed, &call_ok);
	talk_move(&boxed->talk, 10000);
	for (int i = 0; i < 50; i++)
		expect_row(boxed, &call_ok);
	expect_row(boxed, &over);
	talk_move(&boxed->talk, 9999);
	expect_row(boxed, &over);
	/* Any 20 s: the first half leaves the window, the second stays, and so do the two that were refused. */
	talk_move(&boxed->talk, 1);
	for (int i = 0; i < 48; i++)
		expect_row(boxed, &call_ok);
	expect_row(boxed, &over);
	assert_int_equal(state_number(boxed, "seen_606"), 3);
	assert_int_equal(state_number(boxed, "most_in_window"), 102);
	assert_int_equal(state_number(boxed, "calls"), 151);
	settings(boxed, "{\"no_limits\":true}");
	expect_row(boxed, &call_ok);
	assert_int_equal(state_number(boxed, "calls"), 152);
	json_free(boxed_post(boxed, "/_sandbox/reset", "{}"));
	assert_int_equal(state_number(boxed, "seen_606"), 0);
	assert_int_equal(state_number(boxed, "calls"), 0);
}

/* These take nothing from the quota: 601, 602, 605. */
static void test_what_is_counted(void **state)
{
	static const struct {
		struct row row;
		int counts;
	} rows[] = {
		{ { "GET", "/rest/v1/leads.json?access_token=1", NULL, NULL, "601", NULL, NULL }, 0 },
		{ { "PUT", "/rest/v1/leads.json", NULL, NULL, "605", NULL, NULL }, 0 },
		{ { "GET", "/rest/v1/nothing.json", NULL, NULL, "610", NULL, NULL }, 1 },
		{ { "POST", "/rest/v1/leads.json", JSON_TYPE, "{", "609", NULL, NULL }, 1 },
		{ { "GET", "/rest/v1/stats/usage.json", NULL, NULL, "", NULL, NULL }, 1 },
	};
	struct boxed *boxed = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		int64_t before = state_number(boxed, "calls");

		expect_row(boxed, &rows[i].row);
		assert_int_equal(state_number(boxed, "calls") - before, rows[i].counts);
	}
}

static void test_quota(void **state)
{
	static const struct row over = { "GET", "/rest/v1/leads/partitions.json", NULL, NULL, "607", "Daily quota reached", "quota" };
	static const struct row usage = { "GET", "/rest/v1/stats/usage.json", NULL, NULL, "", "\"date\":\"2026-11-24\",\"total\":2", NULL };
	static const struct row week = { "GET", "/rest/v1/stats/usage/last7days.json", NULL, NULL, "", "\"date\":\"2026-11-23\",\"total\":50002", NULL };
	static const struct row later = { "GET", "/rest/v1/stats/usage/last7days.json", NULL, NULL, "", "\"result\":[{\"date\":\"2026-11-30\",\"total\":1,\"users\":"
		"[{\"userId\":\"api.user@example.com\",\"count\":1}]},{\"date\":\"2026-11-24\",\"total\":4,\"users\":[{\"userId\":\"api.user@example.com\",\"count\":4}]}],", NULL };
	static const struct row after_all = { "GET", "/rest/v1/stats/usage/last7days.json", NULL, NULL, "", "\"result\":[{\"date\":\"2026-12-01\",\"total\":1,\"users\":"
		"[{\"userId\":\"api.user@example.com\",\"count\":1}]},{\"date\":\"2026-11-30\",", NULL };
	static const struct row errors = { "GET", "/rest/v1/stats/errors/last7days.json", NULL, NULL, "", "\"errorCode\":\"607\",\"count\":2", NULL };
	struct boxed *boxed = *state;

	settings(boxed, "{\"calls_today\":49999}");
	expect_row(boxed, &call_ok);
	expect_row(boxed, &over);
	/* 12:00 UTC is 06:00 in US Central: midnight there is 18 hours away. */
	talk_move(&boxed->talk, 18 * 3600000 - 1);
	boxed_token(boxed);
	expect_row(boxed, &over);
	talk_move(&boxed->talk, 1);
	expect_row(boxed, &call_ok);
	expect_row(boxed, &usage);
	expect_row(boxed, &week);
	expect_row(boxed, &errors);
	assert_int_equal(state_number(boxed, "seen_607"), 2);
	/* A week later the first of these days is none of the last seven, the second just so. */
	talk_move(&boxed->talk, 6 * 24 * 3600000LL);
	boxed_token(boxed);
	expect_row(boxed, &later);
	talk_move(&boxed->talk, 24 * 3600000LL);
	boxed_token(boxed);
	expect_row(boxed, &after_all);
}

static void test_concurrency_and_latency(void **state)
{
	struct boxed *boxed = *state;
	struct answer answers[10], extra;

	settings(boxed, "{\"latency_ms\":1000}");
	for (size_t i = 0; i < 10; i++)
		talk_send(&boxed->talk, &answers[i], "GET", "/rest/v1/leads/partitions.json", NULL, NULL);
	while (state_number(boxed, "in_flight") < 10)
		talk_turn(&boxed->talk);
	talk_ask(&boxed->talk, &extra, "GET", "/rest/v1/leads/partitions.json", NULL, NULL);
	assert_non_null(strstr(str_text(&extra.body), "\"615\""));
	assert_non_null(strstr(str_text(&extra.body), "Concurrent access limit reached"));
	answer_done(&extra);
	talk_move(&boxed->talk, 999);
	for (int i = 0; i < 5; i++)
		talk_turn(&boxed->talk);
	for (size_t i = 0; i < 10; i++)
		assert_false(answers[i].done);
	talk_move(&boxed->talk, 1);
	for (size_t i = 0; i < 10; i++) {
		talk_wait(&answers[i]);
		assert_non_null(strstr(str_text(&answers[i].body), "\"success\":true"));
		answer_done(&answers[i]);
	}
	assert_int_equal(state_number(boxed, "in_flight"), 0);
	assert_int_equal(state_number(boxed, "most_at_once"), 10);
	assert_int_equal(state_number(boxed, "seen_615"), 1);
}

/* The sandbox may go while calls are under way. */
static void test_free_with_calls_in_flight(void **state)
{
	struct boxed *boxed = *state;
	struct answer answer;

	settings(boxed, "{\"latency_ms\":1000}");
	talk_send(&boxed->talk, &answer, "POST", "/rest/v1/leads.json", JSON_TYPE, "{\"input\":[{\"email\":\"a@example.com\"}]}");
	while (state_number(boxed, "in_flight") < 1)
		talk_turn(&boxed->talk);
	sandbox_free(boxed->box);
	boxed->box = NULL;
	talk_wait(&answer);
	assert_int_not_equal(answer.result, CURLE_OK);
	answer_done(&answer);
}

/* --- the log, and being made --- */

static void test_log_file(void **state)
{
	const char *path = at("log");
	char line[4096];
	struct sandbox_options options = { .log_path = path };
	struct boxed boxed;
	FILE *file;
	bool seen = false;

	(void)state;
	boxed_init(&boxed, &options);
	json_free(boxed_post(&boxed, "/rest/v1/leads.json", "{\"action\":\"createOnly\",\"input\":[{\"email\":\"Ann@example.com\",\"loyaltyPoints\":\"x\"}]}"));
	file = fopen(path, "r");
	assert_non_null(file);
	while (fgets(line, sizeof line, file)) {
		struct json *entry = json_parse(line, strlen(line), NULL, NULL);

		assert_non_null(entry);
		assert_null(strstr(line, "test-secret"));
		assert_null(strstr(line, boxed.talk.authorization + strlen("Bearer ")));
		if (json_get_string(entry, "action")) {
			seen = true;
			assert_string_equal(json_get_string(entry, "time"), "2026-11-23T12:00:00.000Z");
			assert_string_equal(json_get_string(entry, "method"), "POST");
			assert_string_equal(json_get_string(entry, "path"), "/rest/v1/leads.json");
			assert_string_equal(json_get_string(entry, "action"), "createOnly");
			assert_string_equal(json_get_string(entry, "lookupField"), "email");
			assert_string_equal(json_string(json_first(json_get(entry, "keys"))), "ann@example.com");
			assert_string_equal(json_get_string(entry, "rule"),
				"1 of 1 records skipped, first: 1003 Invalid value for field 'loyaltyPoints' and value 'x'");
			assert_int_equal(number_of(entry, "status"), 200);
			assert_int_equal(number_of(entry, "in_window"), 1);
			assert_int_equal(number_of(entry, "in_flight"), 1);
		}
		json_free(entry);
	}
	assert_true(seen);
	fclose(file);
	assert_int_equal(mode_of(path), 0600);
	boxed_done(&boxed);
}

static void test_options(void **state)
{
	static const struct sandbox_options bad_log = { .log_path = "/nonexistent/folder/log" };
	static const struct sandbox_options bad_permission = { .deny = "read-only-lead,fly" };
	static const struct sandbox_options plain = { .munchkin_id = "321-XYZ-987" };
	struct boxed *boxed = *state;
	struct sandbox *one, *two;
	struct error err;

	assert_null(sandbox_new(boxed->talk.loop, &bad_log, &err));
	assert_int_equal(err.status, STATUS_FAILED);
	assert_null(sandbox_new(boxed->talk.loop, &bad_permission, &err));
	assert_int_equal(err.status, STATUS_USAGE);
	assert_non_null(strstr(err.message, "fly"));
	one = sandbox_new(boxed->talk.loop, &plain, &err);
	two = sandbox_new(boxed->talk.loop, &plain, &err);
	assert_non_null(one);
	assert_non_null(two);
	assert_string_equal(sandbox_munchkin_id(one), "321-XYZ-987");
	assert_string_equal(sandbox_munchkin_id(boxed->box), "123-ABC-456");
	assert_int_not_equal(sandbox_port(one), sandbox_port(two));
	assert_string_not_equal(sandbox_client_id(one), sandbox_client_id(two));
	assert_string_not_equal(sandbox_client_secret(one), sandbox_client_secret(two));
	assert_int_equal(strlen(sandbox_client_id(one)), 36);
	sandbox_free(one);
	sandbox_free(two);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_token_is_the_same_until_it_ends, setup, teardown),
		cmocka_unit_test_setup_teardown(test_token_refusals, setup, teardown),
		cmocka_unit_test_setup_teardown(test_refusals, setup, teardown),
		cmocka_unit_test_setup_teardown(test_gateway, setup, teardown),
		cmocka_unit_test_setup_teardown(test_permissions, setup, teardown),
		cmocka_unit_test_setup_teardown(test_rate, setup, teardown),
		cmocka_unit_test_setup_teardown(test_what_is_counted, setup, teardown),
		cmocka_unit_test_setup_teardown(test_quota, setup, teardown),
		cmocka_unit_test_setup_teardown(test_concurrency_and_latency, setup, teardown),
		cmocka_unit_test_setup_teardown(test_free_with_calls_in_flight, setup, teardown),
		cmocka_unit_test_setup_teardown(test_log_file, place_setup, place_teardown),
		cmocka_unit_test_setup_teardown(test_options, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
