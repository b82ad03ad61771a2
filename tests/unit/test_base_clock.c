#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static int64_t at(const char *text)
{
	int64_t ms = -1;

	if (!clock_parse(text, &ms, NULL))
		fail_msg("%s is not read", text);
	return ms;
}

static void test_format(void **state)
{
	static const struct {
		int64_t ms;
		const char *text;
	} cases[] = {
		{ 0, "1970-01-01T00:00:00Z" },
		{ 999, "1970-01-01T00:00:00Z" },
		{ -1, "1969-12-31T23:59:59Z" },
		{ 951782400000, "2000-02-29T00:00:00Z" },
		{ 1795420800000, "2026-11-23T08:00:00Z" },
		{ 4107542399000, "2100-02-28T23:59:59Z" },
		{ 4107542400000, "2100-03-01T00:00:00Z" },
		{ 253402300799000, "9999-12-31T23:59:59Z" },
		{ -62167219200000, "0000-01-01T00:00:00Z" },
		{ INT64_MAX, "292278994-08-17T07:12:55Z" },
		{ INT64_MIN, "-292275055-05-16T16:47:04Z" },
	};
	char text[CLOCK_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(clock_format(cases[i].ms, text), cases[i].text);
}

static void test_parse(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
		bool has_time;
	} cases[] = {
		{ "1970-01-01", 0, false },
		{ "2000-02-29", 951782400000, false },
		{ "2026-11-23T08:00:00Z", 1795420800000, true },
		{ "2026-11-23T08:00:00+0000", 1795420800000, true },
		{ "2026-11-23T08:00:00+00:00", 1795420800000, true },
		{ "2026-11-23T08:00:00Z+0000", 1795420800000, true },
		{ "2026-11-23T08:00Z", 1795420800000, true },
		{ "2026-11-23T02:00:00-0600", 1795420800000, true },
		{ "2026-11-23T13:30:00+05:30", 1795420800000, true },
		{ "2026-11-22T23:00:00-09:00", 1795420800000, true },
		{ "2026-11-23T08:00:00.5Z", 1795420800500, true },
		{ "2026-11-23T08:00:00.123Z", 1795420800123, true },
		{ "2026-11-23T08:00:00.123999999+00:00", 1795420800123, true },
		{ "0000-01-01", -62167219200000, false },
		{ "9999-12-31T23:59:59.999Z", 253402300799999, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		bool has_time = !cases[i].has_time;
		int64_t ms = -1;

		if (!clock_parse(cases[i].text, &ms, &has_time) || ms != cases[i].ms || has_time != cases[i].has_time)
			fail_msg("%s: %lld", cases[i].text, (long long)ms);
	}
}

static void test_parse_refuses(void **state)
{
	static const char *const bad[] = {
		"", "2026", "2026-11", "2026-11-", "2026-1-1", "26-11-23", "2026/11/23", "2026-00-10", "2026-13-01", "2026-11-00",
		"2026-11-31", "2026-02-29", "1900-02-29", "2026-11-23 ", " 2026-11-23", "2026-11-23T", "2026-11-23T08",
		"2026-11-23T08:00", "2026-11-23T08:00:00", "2026-11-23 08:00:00Z", "2026-11-23T24:00:00Z", "2026-11-23T08:60:00Z",
		"2026-11-23T08:00:60Z", "2026-11-23T08:00:00.Z", "2026-11-23T08:00:00.", "2026-11-23T08:00:00ZZ",
		"2026-11-23T08:00:00Z+0100", "2026-11-23T08:00:00Z+00", "2026-11-23T08:00:00+", "2026-11-23T08:00:00+1",
		"2026-11-23T08:00:00+01", "2026-11-23T08:00:00+2400", "2026-11-23T08:00:00+0060", "2026-11-23T08:00:00+00000",
		"2026-11-23T-8:00:00Z", "+026-11-23", "2026-11-2x", "20261123", "now", "2026-11-23T08:00:00,5Z", "99999-01-01",
	};
	int64_t ms = 7;
	bool has_time = true;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (clock_parse(bad[i], &ms, &has_time))
			fail_msg("%s is read", bad[i]);
	assert_int_equal(ms, 7);
}

/* Every day of four centuries there and back. */
static void test_round_trip(void **state)
{
	char text[CLOCK_TEXT];

	(void)state;
	for (int64_t day = -73000; day < 73100; day++) {
		int64_t ms = day * 86400000 + 12345000;

		assert_int_equal(at(clock_format(ms, text)), ms);
	}
}

static void test_quota_reset(void **state)
{
	static const struct {
		const char *now, *reset;
	} cases[] = {
		/* winter: midnight is 06:00 UTC */
		{ "2026-01-15T12:00:00Z", "2026-01-16T06:00:00Z" },
		{ "2026-01-15T05:59:59.999Z", "2026-01-15T06:00:00Z" },
		{ "2026-01-15T06:00:00Z", "2026-01-16T06:00:00Z" },
		/* summer: 05:00 UTC */
		{ "2026-07-04T12:00:00Z", "2026-07-05T05:00:00Z" },
		{ "2026-07-04T05:00:00Z", "2026-07-05T05:00:00Z" },
		{ "2026-07-04T04:59:59Z", "2026-07-04T05:00:00Z" },
		/* Sunday 8 March 2026 begins in winter time and ends, 23 hours later, in summer time */
		{ "2026-03-08T05:59:59Z", "2026-03-08T06:00:00Z" },
		{ "2026-03-08T06:00:00Z", "2026-03-09T05:00:00Z" },
		{ "2026-03-08T07:59:59Z", "2026-03-09T05:00:00Z" },
		{ "2026-03-08T08:00:00Z", "2026-03-09T05:00:00Z" },
		{ "2026-03-09T04:59:59Z", "2026-03-09T05:00:00Z" },
		{ "2026-03-09T05:00:00Z", "2026-03-10T05:00:00Z" },
		/* Sunday 1 November 2026 has 25 hours */
		{ "2026-11-01T04:59:59Z", "2026-11-01T05:00:00Z" },
		{ "2026-11-01T05:00:00Z", "2026-11-02T06:00:00Z" },
		{ "2026-11-01T06:59:59Z", "2026-11-02T06:00:00Z" },
		{ "2026-11-01T07:00:00Z", "2026-11-02T06:00:00Z" },
		{ "2026-11-02T05:30:00Z", "2026-11-02T06:00:00Z" },
		{ "2026-11-02T06:00:00Z", "2026-11-03T06:00:00Z" },
		/* the earliest and the latest days of change */
		{ "2015-03-08T06:00:00Z", "2015-03-09T05:00:00Z" },
		{ "2027-03-14T06:00:00Z", "2027-03-15T05:00:00Z" },
		{ "2027-11-07T05:00:00Z", "2027-11-08T06:00:00Z" },
		/* New Year's Eve is still the old year there */
		{ "2027-01-01T03:00:00Z", "2027-01-01T06:00:00Z" },
	};
	char text[CLOCK_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(clock_format(clock_next_quota_reset(at(cases[i].now)), text), cases[i].reset);
}

/* Hour by hour through forty years: always ahead, at most 25 hours, and the day has 23, 24 or 25. */
static void test_quota_resets_follow(void **state)
{
	const int64_t hour = 3600000;
	int64_t last = 0;

	(void)state;
	for (int64_t now = at("2010-01-01"); now < at("2050-01-01"); now += hour) {
		int64_t reset = clock_next_quota_reset(now);

		assert_true(reset > now && reset <= now + 25 * hour);
		if (last && reset != last)
			assert_true(reset - last >= 23 * hour && reset - last <= 25 * hour);
		last = reset;
	}
}

struct fake {
	int64_t mono, wall;
};

static int64_t fake_mono(void *self)
{
	return ((struct fake *)self)->mono;
}

static int64_t fake_wall(void *self)
{
	return ((struct fake *)self)->wall;
}

static int64_t fake_wait(void *self, int64_t ms)
{
	((struct fake *)self)->mono += ms;
	return 0;
}

static void test_sources(void **state)
{
	struct fake fake = { .mono = 5, .wall = 6 };
	struct clock_source source = { .mono_ms = fake_mono, .wall_ms = fake_wall, .wait_ms = fake_wait, .self = &fake };
	int64_t before = clock_mono_ms();

	(void)state;
	assert_true(before > 5);
	assert_true(clock_wall_ms() > at("2020-01-01"));
	assert_int_equal(clock_wait_ms(40), 40);
	clock_use(&source);
	assert_int_equal(clock_mono_ms(), 5);
	assert_int_equal(clock_wall_ms(), 6);
	assert_int_equal(clock_wait_ms(40), 0);
	assert_int_equal(clock_mono_ms(), 45);
	clock_use(NULL);
	assert_true(clock_mono_ms() >= before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_format),
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_parse_refuses),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_quota_reset),
		cmocka_unit_test(test_quota_resets_follow),
		cmocka_unit_test(test_sources),
	};

	return cmocka_run_group_tests_name("base/clock", tests, NULL, NULL);
}
