/* When a rule holds, and what a rule may be. */
#include "model/alert.h"

#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

enum { HOUR = 3600000 };

static bool holds(enum alert_kind kind, int64_t over, struct alert_facts facts, int64_t wanted)
{
	struct alert alert = { .kind = kind, .over = over };
	int64_t value = -1;
	bool answer = alert_holds(&alert, &facts, 1000 * (int64_t)HOUR, &value);

	assert_int_equal(value, wanted);
	return answer;
}

static void a_rule_holds_above_its_bound(void **state)
{
	static const struct { enum status status; bool failed, refused; } ends[] = { { STATUS_OK, false, false }, { STATUS_FAILED, true, false },
		{ STATUS_USAGE, true, false }, { STATUS_PARTIAL, false, false }, { STATUS_REFUSED, true, true }, { STATUS_POLICY, true, false },
		{ STATUS_STOPPED, false, false }, { STATUS_CONFIRM, true, false } };
	struct alert_facts facts = { .due_ms = INT64_MAX };

	(void)state;
	assert_false(holds(ALERT_RUN_FAILED, 0, facts, 0));
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		facts = (struct alert_facts){ .ended = true, .status = ends[i].status };
		assert_int_equal(holds(ALERT_RUN_FAILED, 0, facts, 0), ends[i].failed);
		assert_int_equal(holds(ALERT_REFUSED, 0, facts, 0), ends[i].refused);
	}
	/* 50.1 % is over 50 %, 50 % is not; nobody received, nobody skipped. */
	assert_false(holds(ALERT_SKIPPED, 50, (struct alert_facts){ .received = 1000, .skipped = 500 }, 50));
	assert_true(holds(ALERT_SKIPPED, 50, (struct alert_facts){ .received = 1000, .skipped = 501 }, 50));
	assert_false(holds(ALERT_SKIPPED, 1, (struct alert_facts){ 0 }, 0));
	assert_false(holds(ALERT_DELAY, 60, (struct alert_facts){ .due_ms = INT64_MAX }, 0));
	assert_false(holds(ALERT_DELAY, 60, (struct alert_facts){ .due_ms = 999 * (int64_t)HOUR }, 60));
	assert_true(holds(ALERT_DELAY, 60, (struct alert_facts){ .due_ms = 999 * (int64_t)HOUR - 60000 }, 61));
	assert_false(holds(ALERT_NO_DATA, 5, (struct alert_facts){ .data_ms = 0 }, 0));
	assert_false(holds(ALERT_NO_DATA, 5, (struct alert_facts){ .data_ms = 995 * (int64_t)HOUR }, 5));
	assert_true(holds(ALERT_NO_DATA, 5, (struct alert_facts){ .data_ms = 994 * (int64_t)HOUR }, 6));
	assert_false(holds(ALERT_QUOTA, 5, (struct alert_facts){ 0 }, 0));
}

static void days_that_are_left(void **state)
{
	static const struct { int64_t left_hours, value; bool holds; } ends[] = { { 24 * 10, 10, false }, { 24 * 10 - 1, 9, true }, { 23, 0, true }, { 0, 0, true }, { -1, -1, true },
		{ -24, -1, true }, { -25, -2, true } };
	struct alert alert = { .kind = ALERT_CERTIFICATE, .over = 10 };
	const int64_t now_ms = 500000 * (int64_t)HOUR;
	int64_t value = -5;

	(void)state;
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		assert_int_equal(alert_certificate_holds(&alert, now_ms + ends[i].left_hours * HOUR, now_ms, &value), ends[i].holds);
		assert_int_equal(value, ends[i].value);
	}
	/* Nobody has seen one. */
	assert_false(alert_certificate_holds(&alert, 0, now_ms, &value));
	assert_int_equal(value, 0);
}

static enum status judge(struct alert alert)
{
	struct error err;

	return alert_check(&alert, &err);
}

static void a_webhook_is_safe(void **state)
{
	static const char *const good[] = { "https://example.com/x", "http://127.0.0.1:80/x", "http://127.0.0.1", "http://[::1]:8/x", "http://LocalHost/x" };
	static const char *const bad[] = { "http://example.com/", "http://127.0.0.1.example.com/", "https://", "ftp://127.0.0.1/", "127.0.0.1", "http://", " https://example.com",
		"http://[127.0.0.1]/", "http://127.1/" };
	char name[] = "a";

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		char *target = mem_strdup(good[i]);
		assert_int_equal(judge((struct alert){ .name = name, .way = ALERT_WEBHOOK, .target = target }), STATUS_OK);
		mem_free(target);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		char *target = mem_strdup(bad[i]);
		assert_int_equal(judge((struct alert){ .name = name, .way = ALERT_WEBHOOK, .target = target }), STATUS_USAGE);
		mem_free(target);
	}
	assert_int_equal(judge((struct alert){ .name = name, .way = ALERT_SYSLOG, .kind = ALERT_QUOTA, .over = 50, .dataflow_id = 1 }), STATUS_USAGE);
	assert_int_equal(judge((struct alert){ .way = ALERT_SYSLOG }), STATUS_USAGE);
}

static void words_stand_for_values(void **state)
{
	enum alert_kind kind;
	enum alert_way way;

	(void)state;
	for (int i = 0; i < ALERT_KINDS; i++) {
		assert_true(alert_kind_parse(alert_kind_text((enum alert_kind)i), &kind));
		assert_int_equal(kind, i);
	}
	for (int i = 0; i < ALERT_WAYS; i++) {
		assert_true(alert_way_parse(alert_way_text((enum alert_way)i), &way));
		assert_int_equal(way, i);
	}
	assert_false(alert_kind_parse("", &kind));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rule_holds_above_its_bound),
		cmocka_unit_test(days_that_are_left),
		cmocka_unit_test(a_webhook_is_safe),
		cmocka_unit_test(words_stand_for_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
