/* What each endpoint sends, and what it makes of the replies. */
#include "marketo/catalogue.h"
#include "marketo/leads.h"
#include "marketo/lists.h"

#include "base/mem.h"
#include "marketo_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char rest[] = "https://123-ABC-456.mktorest.com/rest";

/* What came back, as text, so that a test compares one line. */
static struct str said;

static int set_up(void **state)
{
	return world_set_up(state);
}

static int tear_down(void **state)
{
	str_done(&said);
	return world_tear_down(state);
}

static void expect_answer(struct world *w)
{
	str_clear(&said);
	w->wanted++;
	w->done = false;
}

static void check_sent(const struct world *w, const char *method, const char *path, const char *body)
{
	const struct fake_request *last = world_last(w);

	assert_string_equal(last->method, method);
	assert_int_equal(strncmp(last->url, rest, strlen(rest)), 0);
	assert_string_equal(last->url + strlen(rest), path);
	assert_string_equal(last->body, body);
	assert_null(strstr(last->url + 8, "//"));
}

static void on_matches(void *self, const struct marketo_answer *answer, const struct lead_match *matches, size_t count)
{
	for (size_t i = 0; i < count; i++)
		str_add_format(&said, "%zu:%lld ", matches[i].value, (long long)matches[i].id);
	world_note(self, answer);
}

static const char *find(struct world *w, const char *filter, const char *const *values, size_t count)
{
	expect_answer(w);
	leads_find(w->m, filter, values, count, on_matches, w);
	assert_false(w->done);
	world_run(w);
	return str_text(&said);
}

static void test_find(void **state)
{
	struct world *w = *state;
	static const char *const values[] = { "a@example.com", "B@Example.com", "none@example.com", "a@example.com" };

	world_say(w, "/leads.json",
		"{\"success\":true,\"result\":[{\"id\":7,\"email\":\"b@example.com\",\"updatedAt\":\"2021-11-23T22:57:08Z\"},{\"id\":\"9\",\"email\":\"A@EXAMPLE.com\"},"
		"{\"id\":8,\"email\":\"b@example.com\"},{\"id\":10,\"email\":\"other@example.com\"},{\"id\":11,\"email\":null}]}",
		1);
	assert_string_equal(find(w, "email", values, 4), "1:7 0:9 3:9 1:8 ");
	check_sent(w, "GET",
		"/v1/leads.json?filterType=email&filterValues=a%40example.com,B%40Example.com,none%40example.com,a%40example.com&fields=id,updatedAt,createdAt,email&batchSize=300",
		"");
	assert_string_equal(find(w, "email", values, 4), ""); /* an empty result means that nobody is there */
	assert_int_equal(w->outcome, OUTCOME_OK);
}

static void test_find_compares_exactly(void **state)
{
	struct world *w = *state;
	static const char *const values[] = { "abc", "17", "ABC" };

	world_say(w, "/leads.json", "{\"success\":true,\"result\":[{\"id\":1,\"key\":\"ABC\"},{\"id\":2,\"key\":17},{\"id\":3,\"key\":\"17.0\"},{\"id\":4,\"key\":true}]}", 1);
	assert_string_equal(find(w, "key", values, 3), "2:1 1:2 ");
	/* Who is written as it was asked; else whoever is written otherwise. */
	world_say(w, "/leads.json", "{\"success\":true,\"result\":[{\"id\":5,\"key\":\"Abc\"},{\"id\":6,\"key\":\"abc\"}]}", 1);
	assert_string_equal(find(w, "key", values, 2), "0:6 ");
	world_say(w, "/leads.json", "{\"success\":true,\"result\":[{\"id\":5,\"key\":\"Abc\"},{\"id\":6,\"key\":\"ABC\"}]}", 1);
	assert_string_equal(find(w, "key", values, 2), "0:5 0:6 ");
	world_say(w, "/leads.json", "{\"success\":true,\"result\":[{\"id\":17}]}", 1);
	assert_string_equal(find(w, "id", values, 3), "1:17 ");
	check_sent(w, "GET", "/v1/leads.json?filterType=id&filterValues=abc,17,ABC&fields=id,updatedAt,createdAt&batchSize=300", "");
}

static void on_people(void *self, const struct marketo_answer *answer)
{
	for (const struct json *lead = marketo_result_first(answer); lead; lead = marketo_result_next(answer, lead))
		str_add_format(&said, "%s ", json_get_string(lead, "email"));
	world_note(self, answer);
}

static void test_read_people(void **state)
{
	struct world *w = *state;
	static const int64_t ids[] = { 7, 9007199254740992 };

	world_say(w, "/leads.json", "{\"success\":true,\"result\":[{\"id\":7,\"email\":\"a@example.com\"}]}", 1);
	expect_answer(w);
	leads_read(w->m, ids, 2, "id,email", on_people, w);
	world_run(w);
	assert_string_equal(str_text(&said), "a@example.com ");
	check_sent(w, "GET", "/v1/leads.json?filterType=id&filterValues=7,9007199254740992&fields=id%2Cemail&batchSize=300", "");
}

static void on_times(void *self, const struct marketo_answer *answer, const struct lead_match *matches, size_t count)
{
	assert_int_equal(count, 1);
	assert_int_equal(matches[0].updated_at, 1637708228000);
	assert_int_equal(matches[0].created_at, 0);
	assert_null(matches[0].partition);
	world_note(self, answer);
}

static void test_find_tells_times(void **state)
{
	struct world *w = *state;
	static const char *const values[] = { "a@example.com" };

	world_say(w, "/leads.json", "{\"success\":true,\"result\":[{\"id\":7,\"email\":\"a@example.com\",\"updatedAt\":\"2021-11-23T22:57:08Z\",\"createdAt\":\"soon\"}]}", 1);
	expect_answer(w);
	leads_find(w->m, "email", values, 1, on_times, w);
	world_run(w);
}

static void test_find_pages(void **state)
{
	struct world *w = *state;
	static const char *const values[] = { "a@example.com", "b@example.com" };

	world_say(w, "nextPageToken=p%2F3", "{\"success\":true,\"moreResult\":false,\"nextPageToken\":\"ignored\",\"result\":[{\"id\":3,\"email\":\"b@example.com\"}]}", 1);
	world_say(w, "nextPageToken=p2", "{\"success\":true,\"nextPageToken\":\"p/3\",\"result\":[]}", 1);
	world_say(w, "/leads.json", "{\"success\":true,\"moreResult\":true,\"nextPageToken\":\"p2\",\"result\":[{\"id\":1,\"email\":\"a@example.com\"}]}", 1);
	assert_string_equal(find(w, "email", values, 2), "0:1 1:3 ");
	assert_int_equal(world_requests(w, "/leads.json"), 3);
}

/* A server may put as few on a page as it likes. */
static void test_find_many_small_pages(void **state)
{
	struct world *w = *state;
	static const char *const values[] = { "a@example.com" };
	struct str bodies[60] = { 0 };

	for (int i = 0; i < 60; i++) {
		str_add_format(&bodies[i], "{\"success\":true,\"moreResult\":%s,\"nextPageToken\":\"p%d\",\"result\":[{\"id\":%d,\"email\":\"a@example.com\"}]}", i < 59 ? "true" : "false", i, i + 1);
		world_say(w, "/leads.json", str_text(&bodies[i]), 1);
	}
	assert_non_null(strstr(find(w, "email", values, 1), "0:60 "));
	assert_int_equal(w->outcome, OUTCOME_OK);
	assert_int_equal(world_requests(w, "/leads.json"), 60);
	for (int i = 0; i < 60; i++)
		str_done(&bodies[i]);
}

static void test_find_pages_without_end(void **state)
{
	struct world *w = *state;
	static const char *const values[] = { "a@example.com" };

	world_say(w, "/leads.json", "{\"success\":true,\"nextPageToken\":\"again\",\"result\":[]}", -1);
	assert_string_equal(find(w, "email", values, 1), "");
	assert_int_equal(w->outcome, OUTCOME_REFUSED);
	assert_string_equal(w->error.code, "reply");
	assert_int_equal(world_requests(w, "/leads.json"), 2);
	w->rules.count = 0; /* two that name each other */
	for (int i = 0; i < 100; i++)
		world_say(w, "/leads.json", i % 2 ? "{\"success\":true,\"nextPageToken\":\"odd\"}" : "{\"success\":true,\"nextPageToken\":\"even\"}", 1);
	find(w, "email", values, 1);
	assert_int_equal(w->outcome, OUTCOME_REFUSED);
	assert_true(world_requests(w, "/leads.json") < 50);
}

static void test_find_values_with_a_comma_go_alone(void **state)
{
	struct world *w = *state;
	static const char *const values[] = { "a", "b,c", "d", ",", "e f&g" };

	world_say(w, "filterValues=b%2Cc&", "{\"success\":true,\"result\":[{\"id\":1,\"key\":\"b,c\"},{\"id\":2,\"key\":\"b\"}]}", 1);
	world_say(w, "filterValues=a,d,e%20f%26g&", "{\"success\":true,\"result\":[{\"id\":3,\"key\":\"d\"},{\"id\":4,\"key\":\"e f&g\"}]}", 1);
	assert_string_equal(find(w, "key", values, 5), "2:3 4:4 1:1 ");
	assert_int_equal(world_requests(w, "/leads.json"), 3);
	assert_int_equal(world_requests(w, "filterValues=%2C&"), 1);
}

static void test_find_halves_what_matches_too_many(void **state)
{
	struct world *w = *state;
	static const char *const values[] = { "a", "b", "c", "d" };

	world_refuse(w, "filterValues=a,b,c,d&", "1003", 1);
	world_refuse(w, "filterValues=a,b&", "1003", 1);
	world_refuse(w, "filterValues=a&", "1003", 1);
	world_say(w, "filterValues=b&", "{\"success\":true,\"result\":[{\"id\":2,\"key\":\"b\"}]}", 1);
	world_say(w, "filterValues=c,d&", "{\"success\":true,\"result\":[{\"id\":4,\"key\":\"d\"},{\"id\":3,\"key\":\"c\"}]}", 1);
	assert_string_equal(find(w, "key", values, 4), "1:2 3:4 2:3 ");
	assert_int_equal(w->outcome, OUTCOME_OK);
	assert_int_equal(world_requests(w, "/leads.json"), 5);
	world_refuse(w, "filterValues=c&", "1003", 1); /* a last one that matches too many is nobody's match */
	assert_string_equal(find(w, "key", &values[2], 1), "");
	assert_int_equal(w->outcome, OUTCOME_OK);
}

static void test_find_distrusts(void **state)
{
	struct world *w = *state;
	static const char *const values[] = { "a@example.com", "b@example.com" };
	static const char *const bodies[] = {
		"{\"success\":true,\"result\":[{\"id\":1},{\"id\":2}]}",
		"{\"success\":true,\"result\":[{\"email\":\"a@example.com\"}]}",
		"{\"success\":true,\"result\":[{\"id\":-4,\"email\":\"a@example.com\"}]}",
		"{\"success\":true,\"result\":[null]}",
	};

	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
		w->rules.count = 0;
		world_say(w, "/leads.json", bodies[i], 1);
		assert_string_equal(find(w, "email", values, 2), "");
		assert_int_equal(w->outcome, OUTCOME_REFUSED);
		assert_string_equal(w->error.code, "reply");
	}
}

static void test_find_in_trouble(void **state)
{
	struct world *w = *state;
	static const char *const values[] = { "a@example.com" };

	world_refuse(w, "/leads.json", "603", 1);
	find(w, "email", values, 1);
	assert_int_equal(w->outcome, OUTCOME_REFUSED);
	assert_non_null(strstr(w->error.message, "Read-Only Lead"));
	expect_answer(w);
	leads_find(w->m, "email", values, 0, on_matches, w);
	world_run(w);
	assert_int_equal(w->outcome, OUTCOME_REFUSED);
	expect_answer(w);
	leads_find(w->m, "email", values, 301, on_matches, w);
	world_run(w);
	assert_int_equal(w->outcome, OUTCOME_REFUSED);
	assert_int_equal(world_requests(w, "/leads.json"), 1);
}

static void test_find_three_hundred(void **state)
{
	struct world *w = *state;
	const char *values[300];
	char texts[300][64];
	struct str reply = { 0 };

	str_add(&reply, "{\"success\":true,\"result\":[");
	for (int i = 0; i < 300; i++) {
		snprintf(texts[i], sizeof texts[i], "somebody.%d@some-longer-name.example.com", i);
		values[i] = texts[i];
		str_add_format(&reply, "%s{\"id\":%d,\"email\":\"%s\"}", i ? "," : "", 1000 + i, texts[i]);
	}
	str_add(&reply, "]}");
	world_say(w, "/leads.json", str_text(&reply), 1);
	find(w, "email", values, 300);
	assert_int_equal(w->outcome, OUTCOME_OK);
	assert_non_null(strstr(str_text(&said), "0:1000 1:1001 "));
	assert_non_null(strstr(str_text(&said), "299:1299 "));
	assert_string_equal(world_last(w)->method, "POST"); /* past 8 KB */
	assert_non_null(strstr(world_last(w)->url, "/rest/v1/leads.json?_method=GET"));
	str_done(&reply);
}

static void on_records(void *self, const struct marketo_answer *answer, const struct record_result *results, size_t count)
{
	static const char letters[] = "cuar=mnfx"; /* in the order of enum record_outcome */

	for (size_t i = 0; i < count; i++)
		str_add_format(&said, "%c%lld%s%s ", letters[results[i].outcome], (long long)results[i].id, results[i].code[0] ? "/" : "", results[i].code);
	world_note(self, answer);
}

static const char *const records[] = { "{\"email\":\"a@example.com\"}", "{\"email\":\"b@example.com\",\"firstName\":\"\\u00c9va\"}", "{\"email\":\"c@example.com\"}" };

static const char *sync_three(struct world *w, enum sync_action action)
{
	expect_answer(w);
	leads_sync(w->m, action, NULL, action == SYNC_CREATE_ONLY ? "Default" : "never sent", records, 3, on_records, w);
	world_run(w);
	return str_text(&said);
}

static void test_sync_request(void **state)
{
	struct world *w = *state;

	sync_three(w, SYNC_CREATE_ONLY);
	check_sent(w, "POST", "/v1/leads.json",
		"{\"action\":\"createOnly\",\"lookupField\":\"email\",\"partitionName\":\"Default\",\"input\":[{\"email\":\"a@example.com\"},"
		"{\"email\":\"b@example.com\",\"firstName\":\"\\u00c9va\"},{\"email\":\"c@example.com\"}]}");
	assert_string_equal(world_last(w)->content_type, "application/json");
	assert_int_equal(marketo_calls(w->m)[CALL_CREATE], 1);
	sync_three(w, SYNC_UPDATE_ONLY);
	assert_int_equal(strncmp(world_last(w)->body, "{\"action\":\"updateOnly\",\"lookupField\":\"id\",\"input\":[", 48), 0);
	assert_int_equal(marketo_calls(w->m)[CALL_UPDATE], 1);
	expect_answer(w);
	leads_sync(w->m, SYNC_CREATE_ONLY, "userId", NULL, records, 1, on_records, w);
	world_run(w);
	assert_string_equal(world_last(w)->body, "{\"action\":\"createOnly\",\"lookupField\":\"userId\",\"input\":[{\"email\":\"a@example.com\"}]}");
}

static void test_sync_results(void **state)
{
	struct world *w = *state;
	static const struct {
		const char *result, *said;
	} rows[] = {
		{ "[{\"id\":1,\"status\":\"created\"},{\"status\":\"skipped\",\"reasons\":[{\"code\":\"1005\",\"message\":\"exists\"}]},{\"id\":3,\"status\":\"updated\"}]", "c1 f0/1005 u3 " },
		{ "[{\"id\":1,\"status\":\"created\"},{\"id\":\"2\",\"status\":\"created\"},{\"status\":\"skipped\",\"reasons\":[{\"code\":1007}]}]", "c1 c2 f0/1007 " },
		{ "[{\"status\":\"skipped\"},{\"status\":\"skipped\",\"reasons\":[]},{\"status\":\"skipped\",\"reason\":{\"code\":\"1003\"}}]", "f0/skipped f0/skipped f0/1003 " },
		/* With one missing nobody can say whose the others are. */
		{ "[{\"id\":1,\"status\":\"created\"},{\"id\":3,\"status\":\"created\"}]", "x0 x0 x0 " },
		{ "[{\"id\":1,\"status\":\"created\"},{\"id\":2,\"status\":\"created\"},{\"id\":3,\"status\":\"created\"},{\"id\":4,\"status\":\"created\"}]", "x0 x0 x0 " },
		{ "[]", "x0 x0 x0 " },
		{ "null", "x0 x0 x0 " },
		{ "{\"id\":1,\"status\":\"created\"}", "x0 x0 x0 " },
		{ "[{\"id\":1},null,{\"id\":-3,\"status\":\"sprained\"}]", "x1 x0 x0 " },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct str body = { 0 };

		str_add_format(&body, "{\"success\":true,\"result\":%s}", rows[i].result);
		w->rules.count = 0;
		world_say(w, "/leads.json", str_text(&body), 1);
		assert_string_equal(sync_three(w, SYNC_CREATE_ONLY), rows[i].said);
		assert_int_equal(w->outcome, OUTCOME_OK);
		str_done(&body);
	}
}

static void test_sync_in_trouble(void **state)
{
	struct world *w = *state;

	world_reply(w, "/leads.json", (struct fake_reply){ .result = NET_CUT }, 1);
	assert_string_equal(sync_three(w, SYNC_CREATE_ONLY), "");
	assert_int_equal(w->outcome, OUTCOME_UNKNOWN);
	world_reply(w, "/leads.json", (struct fake_reply){ .result = NET_CUT }, 1);
	sync_three(w, SYNC_UPDATE_ONLY);
	assert_int_equal(w->outcome, OUTCOME_OK);
	world_refuse(w, "/leads.json", "1077", 1);
	sync_three(w, SYNC_CREATE_ONLY);
	assert_int_equal(w->outcome, OUTCOME_SPLIT);
	expect_answer(w);
	leads_sync(w->m, SYNC_CREATE_ONLY, NULL, NULL, records, 0, on_records, w);
	world_run(w);
	assert_int_equal(w->outcome, OUTCOME_REFUSED);
	expect_answer(w);
	leads_sync(w->m, SYNC_CREATE_ONLY, NULL, NULL, records, 301, on_records, w);
	world_run(w);
	assert_int_equal(w->outcome, OUTCOME_REFUSED);
}

static void test_write_probe(void **state)
{
	struct world *w = *state;

	expect_answer(w);
	leads_write_probe(w->m, world_on_answer, w);
	world_run(w);
	check_sent(w, "POST", "/v1/leads.json", "{\"action\":\"updateOnly\",\"lookupField\":\"id\",\"input\":[{\"id\":2147483647}]}");
}

static const char *change(struct world *w, bool add)
{
	static const int64_t ids[] = { 11, 12, 13 };

	expect_answer(w);
	if (add)
		list_add(w->m, 1001, ids, 3, on_records, w);
	else
		list_remove(w->m, 1001, ids, 3, on_records, w);
	world_run(w);
	return str_text(&said);
}

static void test_membership(void **state)
{
	struct world *w = *state;
	static const struct {
		const char *result, *added, *removed;
	} rows[] = {
		{ "[{\"id\":11,\"status\":\"added\"},{\"id\":12,\"status\":\"added\"},{\"id\":13,\"status\":\"removed\"}]", "a11 a12 r13 ", "a11 a12 r13 " },
		{ "[{\"id\":13,\"status\":\"added\"},{\"id\":11,\"status\":\"skipped\",\"reasons\":[{\"code\":\"1004\"}]}]", "f11/1004 x12 a13 ", "=11/1004 x12 a13 " },
		{ "[{\"id\":11,\"status\":\"skipped\",\"reasons\":[{\"code\":1015}]},{\"id\":12,\"status\":\"skipped\"},{\"id\":99,\"status\":\"added\"}]", "f11/1015 =12/skipped x13 ",
			"=11/1015 f12/skipped x13 " },
		{ "[{\"status\":\"added\"},{\"status\":\"added\"},{\"status\":\"removed\"}]", "a11 a12 r13 ", "a11 a12 r13 " },
		{ "[{\"status\":\"added\"},{\"id\":13,\"status\":\"added\"}]", "x11 x12 x13 ", "x11 x12 x13 " },
		{ "[{\"id\":11,\"status\":\"skipped\",\"reasons\":[{\"code\":1003}]},{\"id\":11,\"status\":\"added\"},{\"id\":12,\"status\":\"added\"}]", "a11 a12 x13 ", "a11 a12 x13 " },
		{ "null", "x11 x12 x13 ", "x11 x12 x13 " },
		{ "{\"id\":12,\"status\":\"added\"}", "x11 a12 x13 ", "x11 a12 x13 " },
		{ "[{\"id\":11,\"status\":\"memberof\"},{\"id\":12,\"status\":\"notmemberof\"},{\"id\":13}]", "=11 x12 x13 ", "x11 =12 x13 " },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct str body = { 0 };

		str_add_format(&body, "{\"success\":true,\"result\":%s}", rows[i].result);
		w->rules.count = 0;
		world_refuse(w, "/ismember", "610", -1);
		world_say(w, "/lists/1001/", str_text(&body), -1);
		assert_string_equal(change(w, true), rows[i].added);
		if (!strchr(rows[i].added, 'x'))
			check_sent(w, "POST", "/v1/lists/1001/leads.json", "{\"input\":[{\"id\":11},{\"id\":12},{\"id\":13}]}");
		assert_string_equal(change(w, false), rows[i].removed);
		if (!strchr(rows[i].removed, 'x')) {
			check_sent(w, "DELETE", "/v1/lists/1001/leads.json?id=11&id=12&id=13", "");
			assert_null(world_last(w)->content_type);
		}
		str_done(&body);
	}
	assert_int_equal(marketo_calls(w->m)[CALL_LIST_ADD], sizeof rows / sizeof *rows);
	assert_int_equal(marketo_calls(w->m)[CALL_LIST_REMOVE], sizeof rows / sizeof *rows);
}

/* Whom a reply leaves out is looked at in the list. */
static void test_membership_without_a_word(void **state)
{
	struct world *w = *state;

	world_say(w, "/ismember", "{\"success\":true,\"result\":[{\"id\":13,\"status\":\"memberof\"},{\"id\":\"11\",\"status\":\"notmemberof\"},{\"id\":12,\"status\":\"memberof\"}]}", 2);
	assert_string_equal(change(w, true), "x11 =12 =13 ");
	check_sent(w, "GET", "/v1/lists/1001/leads/ismember.json?id=11&id=12&id=13", "");
	assert_int_equal(w->outcome, OUTCOME_OK);
	assert_string_equal(change(w, false), "=11 x12 x13 ");
	world_say(w, "/ismember", "{\"success\":true,\"result\":[{\"id\":12,\"status\":\"skipped\"},{\"status\":\"memberof\"}]}", 1);
	world_say(w, "/lists/1001/leads.json", "{\"success\":true,\"result\":[{\"id\":13,\"status\":\"added\"}]}", 1);
	assert_string_equal(change(w, true), "x11 x12 a13 ");
	check_sent(w, "GET", "/v1/lists/1001/leads/ismember.json?id=11&id=12", "");
	assert_int_equal(world_requests(w, "/lists/"), 6);
	assert_int_equal(marketo_calls(w->m)[CALL_LISTS], 3);
}

/* 300 ids of 19 digits stay below the 8 KB of an address. */
static void test_the_longest_removal(void **state)
{
	struct world *w = *state;
	int64_t ids[MARKETO_BATCH];
	struct str body = { 0 };

	str_add(&body, "{\"success\":true,\"result\":[");
	for (int i = 0; i < MARKETO_BATCH; i++) {
		ids[i] = INT64_MAX - i;
		str_add(&body, i ? ",{\"status\":\"removed\"}" : "{\"status\":\"removed\"}");
	}
	str_add(&body, "]}");
	world_say(w, "/lists/", str_text(&body), 1);
	expect_answer(w);
	list_remove(w->m, 1001, ids, MARKETO_BATCH, on_records, w);
	world_run(w);
	assert_string_equal(world_last(w)->method, "DELETE");
	assert_true(strlen(world_last(w)->url) < MARKETO_URI_LIMIT);
	/* The look at all of them is no longer. */
	expect_answer(w);
	list_remove(w->m, 1001, ids, MARKETO_BATCH, on_records, w);
	world_run(w);
	assert_string_equal(world_last(w)->method, "GET");
	assert_true(strlen(world_last(w)->url) < MARKETO_URI_LIMIT);
	str_done(&body);
}

static void test_membership_in_trouble(void **state)
{
	struct world *w = *state;

	world_reply(w, "/lists/", (struct fake_reply){ .result = NET_TIMEOUT }, 2);
	world_say(w, "/lists/", "{\"success\":true,\"result\":[{\"status\":\"added\"},{\"status\":\"added\"},{\"status\":\"added\"}]}", 1);
	change(w, true);
	assert_int_equal(w->outcome, OUTCOME_OK); /* harmless to repeat */
	assert_int_equal(world_requests(w, "/lists/"), 3);
	world_refuse(w, "/lists/", "1013", 1);
	change(w, true);
	assert_int_equal(w->outcome, OUTCOME_REFUSED);
	assert_string_equal(w->error.code, "1013");
	expect_answer(w);
	list_add(w->m, 1, NULL, 0, on_records, w);
	world_run(w);
	assert_int_equal(w->outcome, OUTCOME_REFUSED);
	expect_answer(w);
	list_remove(w->m, 1, (const int64_t[]){ 1 }, 301, on_records, w);
	world_run(w);
	assert_int_equal(w->outcome, OUTCOME_REFUSED);
	assert_int_equal(world_requests(w, "/lists/"), 4);
}

static void on_members(void *self, const struct marketo_answer *answer, const int64_t *ids, size_t count, const char *next_page)
{
	for (size_t i = 0; i < count; i++)
		str_add_format(&said, "%lld ", (long long)ids[i]);
	str_add(&said, next_page ? next_page : "end");
	world_note(self, answer);
}

static void test_members(void **state)
{
	struct world *w = *state;

	world_say(w, "/lists/1001/", "{\"success\":true,\"nextPageToken\":\"p&2\",\"result\":[{\"id\":1},{\"id\":\"2\"},{\"id\":null},3]}", 2);
	expect_answer(w);
	list_members(w->m, 1001, NULL, NULL, on_members, w);
	world_run(w);
	assert_string_equal(str_text(&said), "1 2 p&2");
	check_sent(w, "GET", "/v1/lists/1001/leads.json?fields=id&batchSize=300", "");
	expect_answer(w);
	list_members(w->m, 1001, "id,email", "p&2", on_members, w); /* a page that names itself */
	world_run(w);
	assert_string_equal(str_text(&said), "end");
	assert_int_equal(w->outcome, OUTCOME_REFUSED);
	check_sent(w, "GET", "/v1/lists/1001/leads.json?fields=id%2Cemail&batchSize=300&nextPageToken=p%262", "");
}

static void on_lists(void *self, const struct marketo_answer *answer, const struct list_info *lists, size_t count, const char *next_page)
{
	for (size_t i = 0; i < count; i++)
		str_add_format(&said, "%lld '%s' %s %s %lld%s;", (long long)lists[i].id, lists[i].name, lists[i].program ? lists[i].program : "-",
			lists[i].workspace ? lists[i].workspace : "-", (long long)lists[i].folder_id, lists[i].folder_is_program ? "P" : "");
	if (next_page)
		str_add(&said, next_page);
	world_note(self, answer);
}

static void test_lists(void **state)
{
	struct world *w = *state;

	world_say(w, "/v1/lists.json",
		"{\"success\":true,\"nextPageToken\":\"more\",\"result\":[{\"id\":5,\"name\":\"A\\u001b[1m\",\"programName\":\"P\",\"workspaceName\":\"Default\"},"
		"{\"name\":\"no id\"},{\"id\":6}]}", 1);
	expect_answer(w);
	lists_page(w->m, "A & B", 5, "x", on_lists, w);
	world_run(w);
	assert_string_equal(str_text(&said), "5 'A\xef\xbf\xbd[1m' P Default 0;6 '' - - 0;more");
	check_sent(w, "GET", "/v1/lists.json?id=5&name=A%20%26%20B&batchSize=300&nextPageToken=x", "");
	expect_answer(w);
	lists_page(w->m, NULL, 0, NULL, on_lists, w);
	world_run(w);
	check_sent(w, "GET", "/v1/lists.json?batchSize=300", "");
	world_say(w, "/staticList/", "{\"success\":true,\"result\":[{\"id\":5,\"name\":\"A\",\"workspace\":\"W\",\"folder\":{\"id\":12,\"type\":\"Program\"}}]}", 2);
	expect_answer(w);
	list_by_name(w->m, "A", on_lists, w);
	world_run(w);
	assert_string_equal(str_text(&said), "5 'A' - W 12P;");
	check_sent(w, "GET", "/asset/v1/staticList/byName.json?name=A", "");
	expect_answer(w);
	list_by_id(w->m, 5, on_lists, w);
	world_run(w);
	check_sent(w, "GET", "/asset/v1/staticList/5.json", "");
	world_refuse(w, "/staticList/", "702", 1);
	expect_answer(w);
	list_by_id(w->m, 5, on_lists, w);
	world_run(w);
	assert_int_equal(w->outcome, OUTCOME_OK);
	assert_string_equal(str_text(&said), "");
}

static void test_create_list(void **state)
{
	struct world *w = *state;

	world_say(w, "/staticLists.json", "{\"success\":true,\"result\":[{\"id\":5,\"name\":\"A\"}]}", 1);
	expect_answer(w);
	list_create(w->m, "A & B", 12, true, "by us", on_lists, w);
	world_run(w);
	check_sent(w, "POST", "/asset/v1/staticLists.json", "folder=%7B%22id%22%3A12%2C%22type%22%3A%22Program%22%7D&name=A%20%26%20B&description=by%20us");
	assert_string_equal(world_last(w)->content_type, "application/x-www-form-urlencoded");
	assert_string_equal(str_text(&said), "5 'A' - - 0;");
	/* A name can be given once, so that an unknown outcome is no reason to stop. */
	world_reply(w, "/staticLists.json", (struct fake_reply){ .result = NET_TIMEOUT }, 1);
	world_refuse(w, "/staticLists.json", "709", 1);
	expect_answer(w);
	list_create(w->m, "A", 12, false, NULL, on_lists, w);
	world_run(w);
	assert_int_equal(w->outcome, OUTCOME_REFUSED);
	assert_string_equal(w->error.code, "709");
	world_refuse(w, "/staticLists.json", "611", -1);
	expect_answer(w);
	list_create(w->m, "A", 12, false, NULL, on_lists, w);
	world_run(w);
	assert_int_equal(w->outcome, OUTCOME_REFUSED); /* nothing to split */
}

static void on_folders(void *self, const struct marketo_answer *answer, const struct folder_info *folders, size_t count)
{
	for (size_t i = 0; i < count; i++)
		str_add_format(&said, "%s%lld%s '%s' %s;", folders[i].is_program ? "P" : "F", (long long)folders[i].id, folders[i].is_system ? "!" : "", folders[i].name,
			folders[i].path ? folders[i].path : "-");
	world_note(self, answer);
}

static void test_folders(void **state)
{
	struct world *w = *state;

	world_say(w, "/asset/v1/folder",
		"{\"success\":true,\"result\":[{\"id\":12,\"name\":\"Group Lists\",\"folderId\":{\"id\":13,\"type\":\"Folder\"},\"isSystem\":true,\"path\":\"/L\"},"
		"{\"name\":\"Show\",\"folderId\":{\"id\":\"14\",\"type\":\"Program\"}},{\"id\":15,\"name\":\"Bare\"},{\"name\":\"nothing\"}]}", -1);
	expect_answer(w);
	folders_page(w->m, "Default", 200, on_folders, w);
	world_run(w);
	assert_string_equal(str_text(&said), "F13! 'Group Lists' /L;P14 'Show' -;F15 'Bare' -;");
	check_sent(w, "GET", "/asset/v1/folders.json?maxDepth=20&maxReturn=200&offset=200&workSpace=Default", "");
	expect_answer(w);
	folder_by_name(w->m, "Show", true, NULL, on_folders, w);
	world_run(w);
	check_sent(w, "GET", "/asset/v1/folder/byName.json?name=Show&type=Program", "");
	expect_answer(w);
	folder_by_id(w->m, 14, true, on_folders, w);
	world_run(w);
	check_sent(w, "GET", "/asset/v1/folder/14.json?type=Program", "");
}

static const char describe[] =
	"{\"success\":true,\"result\":[{\"id\":1,\"displayName\":\"Email\",\"dataType\":\"email\",\"length\":255,\"rest\":{\"name\":\"email\",\"readOnly\":false}},"
	"{\"id\":2,\"displayName\":\"Id\",\"dataType\":\"integer\",\"rest\":{\"name\":\"id\",\"readOnly\":false}},"
	"{\"id\":3,\"displayName\":\"Soap only\",\"dataType\":\"string\",\"soap\":{\"name\":\"x\"}},"
	"{\"id\":4,\"displayName\":\"Score\",\"dataType\":\"formula\",\"rest\":{\"name\":\"score\",\"readOnly\":false}},"
	"{\"id\":5,\"displayName\":\"Key\",\"dataType\":\"string\",\"length\":-4,\"rest\":{\"name\":\"key\",\"readOnly\":false}},"
	"{\"id\":6,\"displayName\":\"Industry\",\"dataType\":\"string\",\"length\":99999999999,\"rest\":{\"name\":\"industry\",\"readOnly\":false}},"
	"{\"id\":7,\"rest\":{\"name\":\"bare\",\"readOnly\":true}},{\"id\":8,\"rest\":{\"name\":\"\"}},{\"id\":9,\"rest\":{\"name\":\"\\u001b\\u00e9\"}},null]}";

static void test_fields(void **state)
{
	struct world *w = *state;
	struct catalogue catalogue;

	catalogue_init(&catalogue);
	world_say(w, "/describe.json", describe, -1);
	world_say(w, "/describe2.json",
		"{\"success\":true,\"result\":[{\"name\":\"API Lead\",\"searchableFields\":[[\"email\"],[\"key\"],[\"industry\",\"id\"],[\"unknown\"],[],null,17],"
		"\"fields\":[{\"name\":\"key\",\"updateable\":false},{\"name\":\"email\",\"updateable\":true},{\"name\":\"nobody\"},null]}]}", 1);
	expect_answer(w);
	fields_fetch(w->m, &catalogue, world_on_answer, w);
	world_run(w);
	assert_int_equal(w->outcome, OUTCOME_OK);
	assert_int_equal(catalogue.fields.count, 6);
	assert_true(catalogue.fetched_at > 0);
	assert_true(catalogue_find(&catalogue, "email")->searchable && catalogue_find(&catalogue, "email")->updateable);
	assert_true(catalogue_find(&catalogue, "key")->searchable && !catalogue_find(&catalogue, "key")->updateable);
	assert_int_equal(catalogue_find(&catalogue, "key")->length, 0);
	assert_false(catalogue_find(&catalogue, "industry")->searchable); /* only together with another */
	assert_true(catalogue_find(&catalogue, "industry")->company);
	assert_false(catalogue_find(&catalogue, "score")->updateable);
	assert_string_equal(catalogue_find(&catalogue, "bare")->label, "bare");
	assert_null(catalogue_find(&catalogue, "x"));
	/* describe2 refused: what every instance can look up. */
	world_refuse(w, "/describe2.json", "603", 1);
	expect_answer(w);
	fields_fetch(w->m, &catalogue, world_on_answer, w);
	world_run(w);
	assert_int_equal(w->outcome, OUTCOME_OK);
	assert_int_equal(catalogue.fields.count, 6);
	assert_true(catalogue_find(&catalogue, "email")->searchable && catalogue_find(&catalogue, "id")->searchable);
	assert_false(catalogue_find(&catalogue, "key")->searchable);
	/* describe2 out of reach: nothing is known. */
	world_reply(w, "/describe2.json", (struct fake_reply){ .result = NET_CUT }, -1);
	expect_answer(w);
	fields_fetch(w->m, &catalogue, world_on_answer, w);
	world_run(w);
	assert_int_equal(w->outcome, OUTCOME_OFFLINE);
	catalogue_done(&catalogue);
}

static void test_fields_refused(void **state)
{
	struct world *w = *state;
	struct catalogue catalogue;

	catalogue_init(&catalogue);
	world_refuse(w, "/describe.json", "603", 1);
	expect_answer(w);
	fields_fetch(w->m, &catalogue, world_on_answer, w);
	world_run(w);
	assert_int_equal(w->outcome, OUTCOME_REFUSED);
	assert_non_null(strstr(w->error.message, "Read-Only Lead"));
	expect_answer(w);
	fields_fetch(w->m, &catalogue, world_on_answer, w); /* an empty success */
	world_run(w);
	assert_int_equal(w->outcome, OUTCOME_REFUSED);
	assert_string_equal(w->error.code, "reply");
	assert_int_equal(catalogue.fetched_at, 0);
	catalogue_done(&catalogue);
}

static void on_partitions(void *self, const struct marketo_answer *answer, const struct partition_info *partitions, size_t count)
{
	for (size_t i = 0; i < count; i++)
		str_add_format(&said, "%lld %s %s;", (long long)partitions[i].id, partitions[i].name, partitions[i].description ? partitions[i].description : "-");
	world_note(self, answer);
}

static void test_partitions(void **state)
{
	struct world *w = *state;

	world_say(w, "/partitions.json", "{\"success\":true,\"result\":[{\"id\":1,\"name\":\"Default\",\"description\":\"Initial\"},{\"id\":2,\"name\":\"EU\"},{\"id\":3},{\"name\":\"x\"}]}", 1);
	expect_answer(w);
	partitions_fetch(w->m, on_partitions, w);
	world_run(w);
	assert_string_equal(str_text(&said), "1 Default Initial;2 EU -;");
	check_sent(w, "GET", "/v1/leads/partitions.json", "");
}

static void on_usage(void *self, const struct marketo_answer *answer, int64_t total)
{
	str_add_format(&said, "%lld", (long long)total);
	world_note(self, answer);
}

static const char *usage(struct world *w, const char *body)
{
	world_say(w, "/usage.json", body, 1);
	expect_answer(w);
	usage_fetch(w->m, on_usage, w);
	world_run(w);
	return str_text(&said);
}

static void test_usage(void **state)
{
	struct world *w = *state;
	struct gate_state now;

	assert_string_equal(usage(w, "{\"success\":true,\"result\":[{\"date\":\"2026-03-10\",\"total\":4711,\"users\":[{\"userId\":\"api@example.com\",\"count\":3}]}]}"), "4711");
	gate_state(marketo_gate(w->m), &now);
	assert_int_equal(now.used_today, 4711);
	assert_int_equal(now.quota, 50000);
	assert_string_equal(usage(w, "{\"success\":true,\"result\":[]}"), "0");
	assert_string_equal(usage(w, "{\"success\":true,\"result\":[{\"total\":\"many\"}]}"), "0");
	assert_string_equal(usage(w, "{\"success\":true,\"result\":[{\"total\":45000}]}"), "45000");
	assert_int_equal(world_get(w, "/v1/thing.json"), OUTCOME_QUOTA);
}

#define world_test(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		world_test(test_read_people),
		world_test(test_find),
		world_test(test_find_compares_exactly),
		world_test(test_find_tells_times),
		world_test(test_find_pages),
		world_test(test_find_many_small_pages),
		world_test(test_find_pages_without_end),
		world_test(test_find_values_with_a_comma_go_alone),
		world_test(test_find_halves_what_matches_too_many),
		world_test(test_find_distrusts),
		world_test(test_find_in_trouble),
		world_test(test_find_three_hundred),
		world_test(test_sync_request),
		world_test(test_sync_results),
		world_test(test_sync_in_trouble),
		world_test(test_write_probe),
		world_test(test_membership),
		world_test(test_membership_without_a_word),
		world_test(test_the_longest_removal),
		world_test(test_membership_in_trouble),
		world_test(test_members),
		world_test(test_lists),
		world_test(test_create_list),
		world_test(test_folders),
		world_test(test_fields),
		world_test(test_fields_refused),
		world_test(test_partitions),
		world_test(test_usage),
	};

	return cmocka_run_group_tests_name("marketo endpoints", tests, NULL, NULL);
}
