/* A call's way through token, gate, network and judgement, on a fake network and a clock that only waiting moves. */
#include "marketo/catalogue.h"
#include "marketo/codes.h"
#include "marketo/leads.h"
#include "marketo/marketo.h"

#include "base/mem.h"
#include "base/text.h"
#include "marketo_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char read_path[] = "/v1/thing.json";

static void start_reads(struct world *w, int count)
{
	struct marketo_request request = world_read_request(read_path);

	for (int i = 0; i < count; i++)
		world_start(w, &request);
}

static void test_one_token_for_all(void **state)
{
	struct world *w = *state;
	const struct fake_request *first;

	start_reads(w, 8);
	assert_int_equal(marketo_in_flight(w->m), 8);
	world_run(w);
	assert_int_equal(w->outcomes[OUTCOME_OK], 8);
	assert_int_equal(world_requests(w, "/oauth/token"), 1);
	first = &w->net.log.at[0];
	assert_string_equal(first->url, "https://123-ABC-456.mktorest.com/identity/oauth/token?grant_type=client_credentials&client_id=client%201&client_secret=s%26cret%2F1");
	assert_null(first->bearer);
	assert_string_equal(world_last(w)->url, "https://123-ABC-456.mktorest.com/rest/v1/thing.json");
	assert_string_equal(world_last(w)->bearer, "t-1");
	assert_int_equal(marketo_calls(w->m)[CALL_LISTS], 8);
	assert_int_equal(marketo_calls(w->m)[CALL_IDENTITY], 1);
	assert_int_equal(marketo_in_flight(w->m), 0);
}

static void test_token_is_used_until_its_end(void **state)
{
	struct world *w = *state;

	assert_int_equal(world_get(w, read_path), OUTCOME_OK);
	fake_clock_move(3590 * 1000);
	assert_int_equal(world_get(w, read_path), OUTCOME_OK);
	assert_int_equal(world_requests(w, "/oauth/token"), 1);
	fake_clock_move(9 * 1000);
	assert_int_equal(world_get(w, read_path), OUTCOME_OK);
	assert_int_equal(world_requests(w, "/oauth/token"), 2);
	assert_string_equal(world_last(w)->bearer, "t-2");
}

static void test_expired_tokens_are_renewed_once(void **state)
{
	struct world *w = *state;

	world_refuse(w, read_path, "602", 8);
	start_reads(w, 8);
	world_run(w);
	assert_int_equal(w->outcomes[OUTCOME_OK], 8);
	assert_int_equal(world_requests(w, "/oauth/token"), 2);
	assert_int_equal(world_requests(w, read_path), 16);
	assert_string_equal(world_last(w)->bearer, "t-2");
}

/* The slow ones of a storm come back after the token was renewed already: they must not throw the new one away. */
static void test_a_late_refusal_spares_the_new_token(void **state)
{
	struct world *w = *state;
	static const char body[] = "{\"success\":false,\"errors\":[{\"code\":602,\"message\":\"expired\"}]}";

	world_reply(w, read_path, (struct fake_reply){ .body = body, .latency_ms = 10 }, 1);
	world_reply(w, read_path, (struct fake_reply){ .body = body, .latency_ms = 5000 }, 1);
	start_reads(w, 2);
	world_run(w);
	assert_int_equal(w->outcomes[OUTCOME_OK], 2);
	assert_int_equal(world_requests(w, "/oauth/token"), 2);
}

static void test_a_new_token_that_is_refused_ends_it(void **state)
{
	struct world *w = *state;

	world_refuse(w, read_path, "602", -1);
	assert_int_equal(world_get(w, read_path), OUTCOME_OFFLINE);
	assert_int_equal(w->error.status, STATUS_REFUSED);
	assert_string_equal(w->error.code, "credentials");
	assert_non_null(strstr(w->error.hint, "LaunchPoint"));
	assert_int_equal(world_requests(w, read_path), 2);
	assert_int_equal(world_requests(w, "/oauth/token"), 2);
}

static void test_601_and_the_same_token_again(void **state)
{
	struct world *w = *state;

	w->same_token = true;
	world_refuse(w, read_path, "601", -1);
	assert_int_equal(world_get(w, read_path), OUTCOME_OFFLINE);
	assert_int_equal(w->error.status, STATUS_REFUSED);
	assert_int_equal(world_requests(w, read_path), 2);
	assert_int_equal(world_requests(w, "/oauth/token"), 2);
}

static void test_a_spent_token_is_waited_out(void **state)
{
	struct world *w = *state;
	int64_t before = fake_clock_now();

	/* 602, and the service gives the same token with its last 3 s, and only then a new one. */
	world_say(w, "/oauth/token", "{\"access_token\":\"old\",\"expires_in\":3599}", 1);
	world_say(w, "/oauth/token", "{\"access_token\":\"old\",\"expires_in\":3}", 1);
	world_refuse(w, read_path, "602", 1);
	assert_int_equal(world_get(w, read_path), OUTCOME_OK);
	assert_true(fake_clock_now() - before >= 3000);
	assert_string_equal(world_last(w)->bearer, "t-1");
	assert_int_equal(world_requests(w, "/oauth/token"), 3);
}

static void test_tokens_without_life(void **state)
{
	struct world *w = *state;

	world_say(w, "/oauth/token", "{\"access_token\":\"dead\",\"expires_in\":0}", 2);
	assert_int_equal(world_get(w, read_path), OUTCOME_OK);
	assert_string_equal(world_last(w)->bearer, "t-1");
	world_client(w, 0, 90, 8, 50000);
	world_say(w, "/oauth/token", "{\"access_token\":\"dead\",\"expires_in\":0}", -1);
	assert_int_equal(world_get(w, read_path), OUTCOME_OFFLINE);
	assert_true(world_requests(w, "/oauth/token") < 20);
	assert_int_equal(w->error.status, STATUS_FAILED); /* no matter of the credentials (oauth.json: expires_in 0) */
	assert_string_equal(w->error.code, "reply");
}

/* Used at once and renewed when they end, one fetch a second at most, down to those whose life is rounded down to nothing: the first may be anybody's last second. */
static void test_tokens_that_live_a_second(void **state)
{
	struct world *w = *state;

	for (int64_t life = 2; life >= 0; life--) {
		int64_t before;
		size_t fetched = world_requests(w, "/oauth/token");

		world_client(w, 0, 90, 8, 50000);
		w->life = life;
		before = fake_clock_now();
		for (int i = 0; i < 40; i++) {
			assert_int_equal(world_get(w, read_path), OUTCOME_OK);
			fake_clock_move(500);
		}
		fetched = world_requests(w, "/oauth/token") - fetched;
		assert_in_range(fetched, 2, (uintmax_t)((fake_clock_now() - before) / 1000 + 1));
		assert_true(fake_clock_now() - before < 25000);
	}
}

/* The end may come while a call is on its way, again and again: that is no matter of the credentials. But not for ever. */
static void test_a_token_that_ends_on_the_way(void **state)
{
	struct world *w = *state;
	struct fake_reply late = { .body = "{\"success\":false,\"errors\":[{\"code\":602,\"message\":\"expired\"}]}", .latency_ms = 1100 };

	w->life = 1;
	world_reply(w, read_path, late, 10);
	assert_int_equal(world_get(w, read_path), OUTCOME_OK);
	assert_int_equal(world_requests(w, read_path), 11);
	world_reply(w, read_path, late, -1);
	assert_int_equal(world_get(w, read_path), OUTCOME_OFFLINE);
	assert_int_equal(w->error.status, STATUS_REFUSED);
	assert_string_equal(w->error.code, "credentials");
	assert_int_equal(world_requests(w, read_path), 11 + 20);
}

/* Taken away before their time, after they were good for a call. */
static void test_tokens_that_end_early(void **state)
{
	struct world *w = *state;

	for (int i = 0; i < 5; i++) {
		assert_int_equal(world_get(w, read_path), OUTCOME_OK);
		world_refuse(w, read_path, "602", 1);
	}
	assert_int_equal(world_get(w, read_path), OUTCOME_OK);
	assert_int_equal(world_requests(w, "/oauth/token"), 6);
	/* One that worked, then a new one that does not. */
	world_refuse(w, read_path, "602", 2);
	assert_int_equal(world_get(w, read_path), OUTCOME_OK);
	world_refuse(w, read_path, "602", 3);
	assert_int_equal(world_get(w, read_path), OUTCOME_OFFLINE);
	assert_string_equal(w->error.code, "credentials");
}

static void test_bad_credentials(void **state)
{
	struct world *w = *state;

	world_reply(w, "/oauth/token", (struct fake_reply){ .status = 401, .body = "{\"error\":\"unauthorized\",\"error_description\":\"No client \\u001b[31mhere\"}" }, -1);
	start_reads(w, 20);
	world_run(w);
	assert_int_equal(w->outcomes[OUTCOME_OFFLINE], 20);
	assert_int_equal(w->error.status, STATUS_REFUSED);
	assert_string_equal(w->error.code, "credentials");
	assert_non_null(strstr(w->error.message, "No client"));
	assert_null(strchr(w->error.message, '\x1b'));
	assert_null(strstr(w->error.message, "s&cret"));
	assert_int_equal(world_requests(w, "/oauth/token"), 1); /* never in a loop */
	assert_int_equal(world_requests(w, "/rest/"), 0);
}

static void test_identity_in_trouble(void **state)
{
	struct world *w = *state;
	int64_t before;

	world_reply(w, "/oauth/token", (struct fake_reply){ .status = 503, .body = "<html>" }, 2);
	world_reply(w, "/oauth/token", (struct fake_reply){ .result = NET_TIMEOUT }, 1);
	world_say(w, "/oauth/token", "{\"errors\":[{\"code\":\"606\"}]}", 1);
	before = fake_clock_now();
	assert_int_equal(world_get(w, read_path), OUTCOME_OK);
	assert_int_equal(world_requests(w, "/oauth/token"), 5);
	assert_true(fake_clock_now() - before >= 20000);
}

static void test_identity_gives_nonsense(void **state)
{
	struct world *w = *state;
	static const char *const bodies[] = {
		"<html>", "", "null", "[]", "{}", "{\"access_token\":\"\"}", "{\"access_token\":\"a\\r\\nX: y\",\"expires_in\":3599}", "{\"access_token\":\"caf\\u00e9\",\"expires_in\":9}",
		"{\"access_token\":17}", "{\"success\":true}", "{\"success\":false}", "{\"errors\":[]}", "{\"access_token\":",
	};

	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
		world_client(w, 2, 90, 8, 50000);
		w->rules.count = 0;
		world_say(w, "/oauth/token", bodies[i], -1);
		assert_int_equal(world_get(w, read_path), OUTCOME_OFFLINE);
	}
	assert_int_equal(world_requests(w, "/rest/"), 0);
}

static void test_no_secret(void **state)
{
	struct world *w = *state;

	w->no_secret = true;
	start_reads(w, 2);
	world_run(w);
	assert_int_equal(w->outcomes[OUTCOME_OFFLINE], 2);
	assert_int_equal(w->error.status, STATUS_REFUSED);
	assert_string_equal(w->error.code, "key");
	assert_int_equal(w->net.log.count, 0);
}

static void test_rate_push_back_waits_out_the_window(void **state)
{
	struct world *w = *state;
	int64_t before = fake_clock_now();

	world_refuse(w, read_path, "606", 1);
	assert_int_equal(world_get(w, read_path), OUTCOME_OK);
	assert_true(fake_clock_now() - before >= 20000);
	assert_int_equal(marketo_rate_pushbacks(w->m), 1);
	before = fake_clock_now();
	world_refuse(w, read_path, "615", 1);
	assert_int_equal(world_get(w, read_path), OUTCOME_OK);
	assert_in_range(fake_clock_now() - before, 1000, 5000);
	assert_int_equal(marketo_rate_pushbacks(w->m), 2);
}

static void test_rate_push_back_for_ever_ends(void **state)
{
	struct world *w = *state;

	world_refuse(w, read_path, "606", -1);
	assert_int_equal(world_get(w, read_path), OUTCOME_OFFLINE);
	assert_string_equal(w->error.code, "606");
	assert_int_equal(w->error.status, STATUS_FAILED);
	assert_int_equal(world_requests(w, read_path), 32);
}

static void test_quota(void **state)
{
	struct world *w = *state;

	world_refuse(w, read_path, "607", 1);
	assert_int_equal(world_get(w, read_path), OUTCOME_QUOTA);
	assert_int_equal(w->error.status, STATUS_STOPPED);
	assert_string_equal(w->error.code, "607");
	assert_string_equal(w->error.request_id, "r#607");
	assert_non_null(strstr(w->error.hint, "2026-03-11T05:00:00Z")); /* midnight in Chicago, in summer time by then */
	start_reads(w, 3);
	world_run(w);
	assert_int_equal(w->outcomes[OUTCOME_QUOTA], 4);
	assert_int_equal(world_requests(w, read_path), 1); /* no further call leaves */
	fake_clock_move(24 * 3600 * 1000);
	assert_int_equal(world_get(w, read_path), OUTCOME_OK);
}

static void test_our_share_of_the_quota(void **state)
{
	struct world *w = *state;

	world_client(w, 0, 90, 8, 10);
	start_reads(w, 12);
	world_run(w);
	assert_int_equal(w->outcomes[OUTCOME_OK], 9);
	assert_int_equal(w->outcomes[OUTCOME_QUOTA], 3);
}

static void test_reads_are_repeated(void **state)
{
	struct world *w = *state;
	int64_t before = fake_clock_now();

	world_reply(w, read_path, (struct fake_reply){ .status = 502, .body = "<html>" }, 1);
	world_reply(w, read_path, (struct fake_reply){ .result = NET_CUT }, 1);
	world_reply(w, read_path, (struct fake_reply){ .result = NET_TIMEOUT }, 1);
	world_reply(w, read_path, (struct fake_reply){ .result = NET_CONNECT }, 1);
	world_say(w, read_path, "{\"requestId\":\"half", 1);
	world_refuse(w, read_path, "604", 1);
	world_refuse(w, read_path, "719", 1);
	assert_int_equal(world_get(w, read_path), OUTCOME_OK);
	assert_int_equal(world_requests(w, read_path), 8);
	assert_in_range(fake_clock_now() - before, 7 * 1000, 7 * 31 * 1000);
}

static void test_trouble_without_end_ends(void **state)
{
	struct world *w = *state;

	world_reply(w, read_path, (struct fake_reply){ .result = NET_CUT }, -1);
	assert_int_equal(world_get(w, read_path), OUTCOME_OFFLINE);
	assert_int_equal(w->error.status, STATUS_FAILED);
	assert_string_equal(w->error.code, "network");
	assert_int_equal(world_requests(w, read_path), 8);
	world_client(w, 1, 90, 8, 50000);
	assert_int_equal(world_get(w, read_path), OUTCOME_OFFLINE);
	assert_int_equal(world_requests(w, read_path), 9);
}

static void test_retry_after_is_heeded(void **state)
{
	struct world *w = *state;
	int64_t before = fake_clock_now();

	world_reply(w, read_path, (struct fake_reply){ .status = 503, .body = "", .retry_after_ms = 90000 }, 1);
	assert_int_equal(world_get(w, read_path), OUTCOME_OK);
	assert_true(fake_clock_now() - before >= 90000);
}

/* What becomes of a write that ends in each of these ways. */
static void test_writes(void **state)
{
	struct world *w = *state;
	static const struct {
		struct fake_reply reply;
		enum outcome once; /* not repeatable: createOnly, list create */
	} ends[] = {
		{ { .result = NET_DNS }, OUTCOME_OK },
		{ { .result = NET_CONNECT }, OUTCOME_OK },
		{ { .result = NET_CUT }, OUTCOME_UNKNOWN },
		{ { .result = NET_TIMEOUT }, OUTCOME_UNKNOWN },
		{ { .result = NET_TOO_LARGE }, OUTCOME_UNKNOWN },
		{ { .status = 500, .body = "" }, OUTCOME_UNKNOWN },
		{ { .status = 502, .body = "<html>" }, OUTCOME_UNKNOWN },
		{ { .status = 503, .body = "<html>" }, OUTCOME_OK },
		{ { .status = 504, .body = "<html>" }, OUTCOME_UNKNOWN },
		{ { .status = 507, .body = "<html>" }, OUTCOME_UNKNOWN },
		{ { .status = 200, .body = "" }, OUTCOME_UNKNOWN },
		{ { .status = 200, .body = "<html>" }, OUTCOME_UNKNOWN },
		{ { .status = 200, .body = "null" }, OUTCOME_UNKNOWN },
		{ { .status = 200, .body = "{\"requestId\":\"r\",\"success\":tr" }, OUTCOME_UNKNOWN },
		{ { .status = 200, .body = "{\"result\":[{\"id\":1,\"status\":\"created\"}]}" }, OUTCOME_UNKNOWN },
		{ { .body = "{\"success\":false,\"errors\":[{\"code\":\"604\"}]}" }, OUTCOME_UNKNOWN },
		{ { .body = "{\"success\":false,\"errors\":[{\"code\":502}]}" }, OUTCOME_UNKNOWN },
		{ { .body = "{\"success\":false,\"errors\":[{\"code\":\"601\"}]}" }, OUTCOME_OK },
		{ { .body = "{\"success\":false,\"errors\":[{\"code\":\"602\"}]}" }, OUTCOME_OK },
		{ { .body = "{\"success\":false,\"errors\":[{\"code\":\"606\"}]}" }, OUTCOME_OK },
		{ { .body = "{\"success\":false,\"errors\":[{\"code\":\"608\"}]}" }, OUTCOME_OK },
		{ { .body = "{\"success\":false,\"errors\":[{\"code\":\"611\"}]}" }, OUTCOME_OK },
		{ { .body = "{\"success\":false,\"errors\":[{\"code\":\"614\"}]}" }, OUTCOME_OK },
		{ { .body = "{\"success\":false,\"errors\":[{\"code\":\"615\"}]}" }, OUTCOME_OK },
		{ { .body = "{\"success\":false,\"errors\":[{\"code\":\"713\"}]}" }, OUTCOME_OK },
		{ { .body = "{\"success\":false,\"errors\":[{\"code\":\"719\"}]}" }, OUTCOME_OK },
		{ { .body = "{\"success\":false,\"errors\":[]}" }, OUTCOME_OK },
		{ { .no_memory = true }, OUTCOME_OK },
	};

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		size_t before;

		w->rules.count = 0;
		world_reply(w, "/v1/write.json", ends[i].reply, 1);
		before = world_requests(w, "/v1/write.json");
		if (world_write(w, false, 2) != ends[i].once)
			fail_msg("row %zu: outcome %d", i, (int)w->outcome);
		assert_int_equal(world_requests(w, "/v1/write.json") - before, ends[i].once == OUTCOME_UNKNOWN ? 1 : 2);
		w->rules.count = 0;
		world_reply(w, "/v1/write.json", ends[i].reply, 1);
		assert_int_equal(world_write(w, true, 2), OUTCOME_OK);
	}
}

static void test_refusals(void **state)
{
	struct world *w = *state;
	static const struct {
		const char *code;
		size_t records, tries;
		enum outcome outcome;
	} rows[] = {
		{ "603", 300, 1, OUTCOME_REFUSED }, { "605", 300, 1, OUTCOME_REFUSED }, { "609", 300, 1, OUTCOME_REFUSED }, { "610", 300, 1, OUTCOME_REFUSED },
		{ "709", 1, 1, OUTCOME_REFUSED }, { "1006", 300, 1, OUTCOME_REFUSED }, { "1013", 300, 1, OUTCOME_REFUSED }, { "9999", 300, 3, OUTCOME_REFUSED },
		{ "611", 300, 3, OUTCOME_SPLIT }, { "611", 1, 3, OUTCOME_REFUSED }, { "1077", 300, 1, OUTCOME_SPLIT }, { "1077", 1, 1, OUTCOME_REFUSED },
		{ "1003", 300, 1, OUTCOME_SPLIT }, { "1003", 0, 1, OUTCOME_REFUSED }, { "614", 300, 3, OUTCOME_REFUSED }, { "713", 300, 8, OUTCOME_OFFLINE },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		size_t before = world_requests(w, "/v1/write.json");
		char id[16];

		w->rules.count = 0;
		world_refuse(w, "/v1/write.json", rows[i].code, -1);
		assert_int_equal(world_write(w, false, rows[i].records), rows[i].outcome);
		assert_int_equal(world_requests(w, "/v1/write.json") - before, rows[i].tries);
		assert_string_equal(w->error.code, rows[i].code);
		snprintf(id, sizeof id, "r#%s", rows[i].code);
		assert_string_equal(w->error.request_id, id);
		assert_string_equal(w->request_id, id);
	}
}

static void test_access_denied_names_the_permission(void **state)
{
	struct world *w = *state;

	world_refuse(w, "/v1/", "603", -1);
	assert_int_equal(world_write(w, false, 1), OUTCOME_REFUSED);
	assert_int_equal(w->error.status, STATUS_REFUSED);
	assert_string_equal(w->error.code, "603");
	assert_non_null(strstr(w->error.message, "writing something"));
	assert_non_null(strstr(w->error.message, "\"Read-Write Lead\""));
	assert_non_null(strstr(w->error.message, "IP allow-list"));
	assert_true(w->error.hint[0] != '\0');
	assert_int_equal(world_get(w, read_path), OUTCOME_REFUSED);
	assert_non_null(strstr(w->error.message, "\"Read-Only Lead\""));
}

static void test_out_of_reach(void **state)
{
	struct world *w = *state;

	world_reply(w, read_path, (struct fake_reply){ .result = NET_TLS }, 1);
	assert_int_equal(world_get(w, read_path), OUTCOME_OFFLINE);
	assert_int_equal(w->error.status, STATUS_REFUSED);
	assert_string_equal(w->error.code, "tls");
	assert_non_null(strstr(w->error.hint, "--ca-file"));
	assert_int_equal(world_requests(w, read_path), 1);
	world_reply(w, read_path, (struct fake_reply){ .result = NET_DNS }, -1);
	assert_int_equal(world_get(w, read_path), OUTCOME_OFFLINE);
	assert_int_equal(w->error.status, STATUS_FAILED);
	assert_string_equal(w->error.code, "dns");
	assert_non_null(strstr(w->error.hint, "Munchkin ID"));
	assert_int_equal(world_requests(w, read_path), 1 + 3);
	world_client(w, 0, 90, 8, 50000);
	world_reply(w, "/oauth/token", (struct fake_reply){ .result = NET_TLS }, -1);
	assert_int_equal(world_get(w, read_path), OUTCOME_OFFLINE);
	assert_string_equal(w->error.code, "tls");
}

static void test_wrong_address(void **state)
{
	struct world *w = *state;

	world_reply(w, read_path, (struct fake_reply){ .status = 301, .body = "" }, 1);
	assert_int_equal(world_get(w, read_path), OUTCOME_OFFLINE);
	assert_string_equal(w->error.code, "reply");
	world_reply(w, read_path, (struct fake_reply){ .status = 404, .body = "<html>" }, 1);
	assert_int_equal(world_get(w, read_path), OUTCOME_REFUSED);
	assert_string_equal(w->error.code, "610");
	assert_non_null(strstr(w->error.message, "404"));
}

static void test_too_large_to_send(void **state)
{
	struct world *w = *state;
	struct marketo_request request = world_write_request(false, 2);
	size_t size = MARKETO_BODY_LIMIT + 1;
	char *body = mem_alloc(size);

	memset(body, ' ', size);
	request.body = body;
	request.body_length = size;
	world_start(w, &request);
	world_run(w);
	assert_int_equal(w->outcome, OUTCOME_SPLIT);
	assert_string_equal(w->error.code, "413");
	request.records = 1;
	world_start(w, &request);
	world_run(w);
	assert_int_equal(w->outcome, OUTCOME_REFUSED);
	assert_int_equal(world_requests(w, "/rest/"), 0);
	world_reply(w, "/v1/write.json", (struct fake_reply){ .status = 413, .body = "<html>" }, 1);
	assert_int_equal(world_write(w, false, 2), OUTCOME_SPLIT);
	mem_free(body);
}

static void test_long_addresses_go_as_a_form(void **state)
{
	struct world *w = *state;
	struct marketo_request request = world_read_request("/v1/leads.json");
	char *query = mem_alloc(8001);

	memset(query, 'a', 8000);
	memcpy(query, "filterType=email&filterValues=", 30);
	request.query = query;
	world_start(w, &request);
	world_run(w);
	assert_string_equal(world_last(w)->method, "POST");
	assert_string_equal(world_last(w)->url, "https://123-ABC-456.mktorest.com/rest/v1/leads.json?_method=GET");
	assert_string_equal(world_last(w)->content_type, "application/x-www-form-urlencoded");
	assert_string_equal(world_last(w)->body, query);
	query[4000] = '\0';
	world_start(w, &request);
	world_run(w);
	assert_string_equal(world_last(w)->method, "GET");
	assert_null(world_last(w)->content_type);
	assert_int_equal(strlen(world_last(w)->body), 0);
	/* A gateway with less patience than documented. */
	world_reply(w, "/v1/leads.json", (struct fake_reply){ .status = 414, .body = "<html>" }, 1);
	world_start(w, &request);
	world_run(w);
	assert_int_equal(w->outcome, OUTCOME_OK);
	assert_string_equal(world_last(w)->method, "POST");
	world_reply(w, "/v1/leads.json", (struct fake_reply){ .status = 414, .body = "<html>" }, -1);
	request.records = 2;
	world_start(w, &request);
	world_run(w);
	assert_int_equal(w->outcome, OUTCOME_SPLIT);
	mem_free(query);
}

static void check_hostile(struct world *w, struct fake_reply reply)
{
	world_client(w, 2, 90, 8, 50000);
	w->rules.count = 0;
	world_reply(w, read_path, reply, -1);
	assert_int_not_equal(world_get(w, read_path), OUTCOME_OK);
	assert_true(text_is_utf8(w->error.message, strlen(w->error.message), NULL));
	for (const char *at = w->error.message; *at; at++)
		assert_true((unsigned char)*at >= ' ' && *at != '\x7f');
	assert_true(strlen(w->error.message) < 900);
}

static void test_hostile_replies(void **state)
{
	struct world *w = *state;
	struct str deep = { 0 }, huge = { 0 }, error = { 0 };

	for (int i = 0; i < 100000; i++)
		str_add_char(&deep, '[');
	str_add(&huge, "{\"success\":true,\"result\":[\"");
	for (int i = 0; i < 9 * 1024; i++)
		str_add_format(&huge, "%01024d", 0);
	str_add(&huge, "\"]}");
	str_add(&error, "{\"success\":false,\"errors\":[{\"code\":\"77\\u001b]0;x\\u0007\\n777777777777777777777777777777777777777777777\",\"message\":\"");
	for (int i = 0; i < 5000; i++)
		str_add(&error, "\\u202e\\u001b[2J");
	str_add(&error, "\"}]}");
	check_hostile(w, (struct fake_reply){ .body = str_text(&deep) });
	check_hostile(w, (struct fake_reply){ .body = str_text(&huge), .length = huge.length });
	check_hostile(w, (struct fake_reply){ .body = str_text(&error) });
	check_hostile(w, (struct fake_reply){ .body = "<html>\x1b[31m", .content_type = "text/html \xff\xfe" });
	check_hostile(w, (struct fake_reply){ .body = "{\"success\":true,\"result\":[\"a\0b\"]}", .length = 33 });
	check_hostile(w, (struct fake_reply){ .body = "{\"success\":true,\"result\":[\"a\\u0000b\"]}" });
	check_hostile(w, (struct fake_reply){ .body = "{\"success\":true,\"result\":[\"\xff\xfe\"]}" });
	check_hostile(w, (struct fake_reply){ .body = "{\"success\":true} trailing" });
	check_hostile(w, (struct fake_reply){ .body = "{\"success\":\"true\"}" });
	check_hostile(w, (struct fake_reply){ .body = "{\"Success\":true}" });
	check_hostile(w, (struct fake_reply){ .body = "{\"success\":false,\"errors\":{\"code\":{\"a\":1},\"message\":[2]}}" });
	check_hostile(w, (struct fake_reply){ .body = "{\"success\":false,\"errors\":\"all of them\"}" });
	check_hostile(w, (struct fake_reply){ .body = "{\"success\":false,\"errors\":[null]}" });
	check_hostile(w, (struct fake_reply){ .body = "{\"errors\":[[]]}" });
	check_hostile(w, (struct fake_reply){ .body = "[{\"success\":true}]" });
	check_hostile(w, (struct fake_reply){ .body = "17" });
	str_done(&deep);
	str_done(&huge);
	str_done(&error);
}

static void test_odd_but_good_replies(void **state)
{
	struct world *w = *state;
	static const struct {
		const char *body;
		size_t results;
	} rows[] = {
		{ "{\"success\":true}", 0 },
		{ "{\"success\":true,\"result\":null}", 0 },
		{ "{\"success\":true,\"result\":[]}", 0 },
		{ "{\"success\":true,\"result\":{\"id\":1}}", 1 },
		{ "{\"success\":true,\"result\":[{},null,3]}", 3 },
		{ "{\"success\":true,\"result\":\"text\"}", 0 },
		{ "{\"success\":true,\"result\":[],\"errors\":[],\"warnings\":[\"No assets found\"],\"requestId\":17}", 0 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		w->rules.count = 0;
		world_say(w, read_path, rows[i].body, 1);
		assert_int_equal(world_get(w, read_path), OUTCOME_OK);
		assert_true(w->has_envelope);
		assert_int_equal(w->results, rows[i].results);
	}
}

static void test_stop(void **state)
{
	struct world *w = *state;

	world_client(w, 0, 90, 2, 50000);
	assert_int_equal(world_get(w, read_path), OUTCOME_OK);
	world_reply(w, read_path, (struct fake_reply){ .body = "{\"success\":true}", .latency_ms = 500 }, -1);
	start_reads(w, 5);
	assert_int_equal(w->net.in_flight, 2);
	marketo_stop(w->m);
	start_reads(w, 1);
	world_run(w);
	assert_int_equal(w->outcomes[OUTCOME_OK], 3);
	assert_int_equal(w->outcomes[OUTCOME_CANCELLED], 4);
	assert_int_equal(world_requests(w, read_path), 3);
}

static void test_stop_during_a_pause_and_a_login(void **state)
{
	struct world *w = *state;
	struct marketo_request write = world_write_request(true, 1);

	world_reply(w, "/v1/write.json", (struct fake_reply){ .result = NET_CUT }, -1);
	world_start(w, &write);
	for (int i = 0; i < 20 && !world_requests(w, "/v1/write.json"); i++)
		loop_turn(w->loop, 1);
	loop_turn(w->loop, 2);
	marketo_stop(w->m);
	world_run(w);
	assert_int_equal(w->outcome, OUTCOME_CANCELLED);
	assert_true(w->maybe_sent); /* the cut try may have been executed */
	world_client(w, 0, 90, 2, 50000);
	start_reads(w, 2);
	loop_turn(w->loop, 0);
	marketo_stop(w->m);
	world_run(w);
	assert_int_equal(w->outcome, OUTCOME_CANCELLED);
	assert_false(w->maybe_sent);
	assert_int_equal(world_requests(w, read_path), 0);
}

static void test_cancel(void **state)
{
	struct world *w = *state;
	struct marketo_request write = world_write_request(false, 1);

	assert_int_equal(world_get(w, read_path), OUTCOME_OK);
	world_reply(w, "/v1/", (struct fake_reply){ .body = "{\"success\":true}", .latency_ms = 50000 }, -1);
	world_start(w, &write);
	marketo_cancel_all(w->m);
	world_run(w);
	assert_int_equal(w->outcome, OUTCOME_CANCELLED);
	assert_true(w->maybe_sent);
}

static void test_free_answers_everybody(void **state)
{
	struct world *w = *state;

	world_client(w, 0, 90, 2, 50000);
	start_reads(w, 3); /* waiting for a token */
	marketo_free(w->m);
	w->m = NULL;
	assert_int_equal(w->outcomes[OUTCOME_CANCELLED], 3);
	world_client(w, 0, 90, 2, 50000);
	assert_int_equal(world_get(w, read_path), OUTCOME_OK);
	world_reply(w, read_path, (struct fake_reply){ .body = "{\"success\":true}", .latency_ms = 500 }, -1);
	start_reads(w, 5); /* two in flight, three at the gate */
	marketo_free(w->m);
	w->m = NULL;
	assert_int_equal(w->outcomes[OUTCOME_CANCELLED], 8);
}

/* A token that runs out while the call waits at the gate is renewed there. */
static void test_token_dies_at_the_gate(void **state)
{
	struct world *w = *state;

	world_client(w, 0, 2, 8, 50000);
	w->life = 15;
	start_reads(w, 3);
	world_run(w);
	assert_int_equal(w->outcomes[OUTCOME_OK], 3);
	assert_int_equal(world_requests(w, "/oauth/token"), 2);
	assert_string_equal(world_last(w)->bearer, "t-2");
}

static void test_concurrency(void **state)
{
	struct world *w = *state;

	world_client(w, 0, 90, 3, 50000);
	world_reply(w, read_path, (struct fake_reply){ .body = "{\"success\":true}", .latency_ms = 100 }, -1);
	start_reads(w, 40);
	world_run(w);
	assert_int_equal(w->outcomes[OUTCOME_OK], 40);
	assert_int_equal(w->net.most_in_flight, 3);
}

static void on_login(void *self, const struct marketo_answer *answer, const char *scope, int64_t expires_in)
{
	struct world *w = self;

	world_note(w, answer);
	if (answer->outcome != OUTCOME_OK)
		return;
	assert_string_equal(scope, "api@example.com");
	assert_in_range(expires_in, 3000, 3599);
	assert_null(json_get(answer->envelope, "access_token"));
	assert_string_equal(json_get_string(answer->envelope, "scope"), "api@example.com");
}

static void test_login(void **state)
{
	struct world *w = *state;

	w->wanted = 2;
	login(w->m, on_login, w);
	login(w->m, on_login, w);
	world_run(w);
	assert_int_equal(world_requests(w, "/oauth/token"), 1);
	w->wanted = 3;
	w->done = false;
	login(w->m, on_login, w);
	world_run(w);
	assert_int_equal(world_requests(w, "/oauth/token"), 1);
	assert_int_equal(w->outcomes[OUTCOME_OK], 3);
	world_client(w, 1, 90, 8, 50000);
	world_reply(w, "/oauth/token", (struct fake_reply){ .status = 401, .body = "{}" }, 1);
	w->wanted = 4;
	w->done = false;
	login(w->m, on_login, w);
	world_run(w);
	assert_int_equal(w->outcome, OUTCOME_OFFLINE);
	assert_int_equal(w->error.status, STATUS_REFUSED);
	w->wanted = 5;
	w->done = false;
	login(w->m, on_login, w); /* left to marketo_free */
	marketo_free(w->m);
	w->m = NULL;
	assert_int_equal(w->outcomes[OUTCOME_CANCELLED], 1);
}

static void test_codes(void **state)
{
	static const char *const retried[] = { "500", "502", "503", "504", "604", "606", "608", "611", "614", "615", "713", "719" };
	static const char *const final[] = { "603", "605", "609", "610", "612", "613", "701", "702", "703", "704", "710", "711", "712", "1006", "1099" };
	static const char *const uncounted[] = { "601", "602", "604", "605", "608", "611" };
	static const char *const of_records[] = { "1001", "1002", "1003", "1004", "1005", "1006", "1007", "1008", "1009", "1010", "1011", "1013", "1014", "1015",
		"1017", "1018", "1021", "1022", "1036", "1077" };

	(void)state;
	for (size_t i = 0; i < sizeof retried / sizeof *retried; i++) {
		enum code_action action = code_find(retried[i], false)->action;

		assert_true(action == CODE_RETRY || action == CODE_RETRY_LIMITED || action == CODE_WAIT_RATE);
	}
	for (size_t i = 0; i < sizeof final / sizeof *final; i++)
		assert_int_equal(code_find(final[i], false)->action, CODE_ABORT);
	for (size_t i = 0; i < sizeof uncounted / sizeof *uncounted; i++)
		assert_false(code_find(uncounted[i], false)->counted);
	for (size_t i = 0; i < sizeof of_records / sizeof *of_records; i++) {
		assert_int_equal(code_find(of_records[i], true)->action, CODE_RECORD);
		assert_string_equal(code_find(of_records[i], true)->code, of_records[i]);
	}
	assert_int_equal(code_find(NULL, false)->action, CODE_RETRY_LIMITED);
	assert_int_equal(code_find("7", false)->action, CODE_RETRY_LIMITED);
	assert_int_equal(code_find("random_marketo_code", false)->action, CODE_RETRY_LIMITED);
	assert_int_equal(code_find("4711", true)->action, CODE_RECORD);
	assert_true(code_find("604", false)->unknown && code_find("502", false)->unknown && code_find("504", false)->unknown);
}

#define world_test(fn) cmocka_unit_test_setup_teardown(fn, world_set_up, world_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		world_test(test_one_token_for_all),
		world_test(test_token_is_used_until_its_end),
		world_test(test_expired_tokens_are_renewed_once),
		world_test(test_a_late_refusal_spares_the_new_token),
		world_test(test_a_new_token_that_is_refused_ends_it),
		world_test(test_601_and_the_same_token_again),
		world_test(test_a_spent_token_is_waited_out),
		world_test(test_tokens_without_life),
		world_test(test_tokens_that_live_a_second),
		world_test(test_a_token_that_ends_on_the_way),
		world_test(test_tokens_that_end_early),
		world_test(test_bad_credentials),
		world_test(test_identity_in_trouble),
		world_test(test_identity_gives_nonsense),
		world_test(test_no_secret),
		world_test(test_rate_push_back_waits_out_the_window),
		world_test(test_rate_push_back_for_ever_ends),
		world_test(test_quota),
		world_test(test_our_share_of_the_quota),
		world_test(test_reads_are_repeated),
		world_test(test_trouble_without_end_ends),
		world_test(test_retry_after_is_heeded),
		world_test(test_writes),
		world_test(test_refusals),
		world_test(test_access_denied_names_the_permission),
		world_test(test_out_of_reach),
		world_test(test_wrong_address),
		world_test(test_too_large_to_send),
		world_test(test_long_addresses_go_as_a_form),
		world_test(test_hostile_replies),
		world_test(test_odd_but_good_replies),
		world_test(test_stop),
		world_test(test_stop_during_a_pause_and_a_login),
		world_test(test_cancel),
		world_test(test_free_answers_everybody),
		world_test(test_token_dies_at_the_gate),
		world_test(test_concurrency),
		world_test(test_login),
		cmocka_unit_test(test_codes),
	};

	return cmocka_run_group_tests_name("marketo client", tests, NULL, NULL);
}
