/* When a dataflow is due. */
#include "model/schedule.h"

#include "base/clock.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct error err;

static int64_t ms(const char *text)
{
	int64_t out;

	assert_true(clock_parse(text, &out, NULL));
	return out;
}

static struct schedule make(const char *every, const char *at)
{
	struct schedule schedule = { .at_minute = -1 };

	if (schedule_set(&schedule, every, at, &err) != STATUS_OK)
		fail_msg("%s %s: %s", every, at ? at : "", err.message);
	return schedule;
}

static void a_schedule_is_read_and_written(void **state)
{
	static const struct { const char *in, *out; int64_t ms; } rows[] = { { "1s", "1s", 1000 }, { "90s", "90s", 90000 }, { "120s", "2m", 120000 },
		{ "15m", "15m", 900000 }, { "36h", "36h", 129600000 }, { "24h", "1d", 86400000 }, { "7d", "7d", 604800000 }, { "2w", "2w", 1209600000 },
		{ "366d", "366d", INT64_C(31622400000) }, { "always", "always", SCHEDULE_ALWAYS } };
	static const char *const wrong[] = { "0s", "-1d", "1", "d", "1 d", "1.5h", "1y", "367d", "99999999999999999999s", "1d1h", " 1d", "Always" };
	struct schedule schedule;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		schedule = make(rows[i].in, NULL);
		char *text = schedule_every_text(&schedule);

		assert_true(schedule.every_ms == rows[i].ms);
		assert_string_equal(text, rows[i].out);
		mem_free(text);
	}
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		schedule = (struct schedule){ .at_minute = -1 };
		assert_int_equal(schedule_set(&schedule, wrong[i], NULL, &err), STATUS_USAGE);
		assert_true(schedule.every_ms == 0);
	}
	schedule = make("never", NULL);
	assert_null(schedule_every_text(&schedule));
	assert_null(schedule_at_text(&schedule));
}

static void an_hour_goes_with_whole_days(void **state)
{
	static const char *const wrong[] = { "3:00", "24:00", "03:60", "0300", "03:0x", "03:00:00", "-1:00" };
	struct schedule schedule = make("2d", "03:05");
	char *text = schedule_at_text(&schedule);

	(void)state;
	assert_string_equal(text, "03:05");
	mem_free(text);
	/* Another number of days keeps the hour, another rhythm does not; an empty text takes it away. */
	assert_int_equal(schedule_set(&schedule, "1d", NULL, &err), STATUS_OK);
	assert_int_equal(schedule.at_minute, 185);
	assert_int_equal(schedule_set(&schedule, NULL, "", &err), STATUS_OK);
	assert_int_equal(schedule.at_minute, -1);
	assert_int_equal(schedule_set(&schedule, NULL, "23:59", &err), STATUS_OK);
	assert_int_equal(schedule_set(&schedule, "6h", NULL, &err), STATUS_OK);
	assert_int_equal(schedule.at_minute, -1);
	assert_int_equal(schedule_set(&schedule, NULL, "03:00", &err), STATUS_USAGE);
	schedule = make("always", NULL);
	assert_int_equal(schedule_set(&schedule, "always", "03:00", &err), STATUS_USAGE);
	schedule = make("1d", NULL);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_int_equal(schedule_set(&schedule, NULL, wrong[i], &err), STATUS_USAGE);
}

static void it_is_due_when_its_time_has_passed(void **state)
{
	struct schedule schedule = make("6h", NULL);
	int64_t now = ms("2026-11-26T12:00:00Z"), hour = 3600000;

	(void)state;
	assert_true(schedule_next(&schedule, 0, now) == now);
	assert_true(schedule_next(&schedule, now - hour, now) == now + 5 * hour);
	/* Missed: one start makes up for it. */
	assert_true(schedule_next(&schedule, now - 100 * hour, now) < now);
	/* The clock was set back by a year: it does not wait for a year. */
	assert_true(schedule_next(&schedule, now + 9000 * hour, now) == now + 6 * hour);
	schedule = make("never", NULL);
	assert_true(schedule_next(&schedule, 0, now) == INT64_MAX);
	schedule = make("always", NULL);
	assert_true(schedule_next(&schedule, now - 1, now) == now);
}

static void an_hour_is_kept(void **state)
{
	struct schedule daily = make("1d", "03:00"), third = make("3d", "03:00");
	int64_t now = ms("2026-11-26T12:00:00Z");

	(void)state;
	setenv("TZ", "UTC", 1);
	tzset();
	/* Never run: not before the hour comes. */
	assert_true(schedule_next(&daily, 0, now) == ms("2026-11-27T03:00:00Z"));
	assert_true(schedule_next(&third, 0, now) == ms("2026-11-27T03:00:00Z"));
	assert_true(schedule_next(&daily, ms("2026-11-26T03:00:01Z"), now) == ms("2026-11-27T03:00:00Z"));
	/* Before the hour by hand: the hour of that day is still to come. */
	assert_true(schedule_next(&daily, ms("2026-11-26T01:00:00Z"), now) == ms("2026-11-26T03:00:00Z"));
	/* The machine was off for days. */
	assert_true(schedule_next(&daily, ms("2026-11-20T03:00:00Z"), now) == ms("2026-11-21T03:00:00Z"));
	assert_true(schedule_next(&third, ms("2026-11-24T03:00:02Z"), now) == ms("2026-11-27T03:00:00Z"));
}

static void days_have_no_fixed_length(void **state)
{
	struct schedule daily = make("1d", "03:00"), lost = make("1d", "02:30");

	(void)state;
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
	/* 29 March 2026 has 23 hours, 25 October has 25: three o'clock stays three o'clock. */
	assert_true(schedule_next(&daily, ms("2026-03-28T02:00:00Z"), ms("2026-03-28T12:00:00Z")) == ms("2026-03-29T01:00:00Z"));
	assert_true(schedule_next(&daily, ms("2026-10-24T01:00:00Z"), ms("2026-10-24T12:00:00Z")) == ms("2026-10-25T02:00:00Z"));
	/* Half past two does not exist that night, and still there is one start, and one only. */
	int64_t night = schedule_next(&lost, ms("2026-03-28T01:30:00Z"), ms("2026-03-28T12:00:00Z"));
	assert_true(night >= ms("2026-03-29T00:30:00Z") && night <= ms("2026-03-29T01:30:00Z"));
	assert_true(schedule_next(&lost, night + 1000, night + 2000) == ms("2026-03-30T00:30:00Z"));
	setenv("TZ", "UTC", 1);
	tzset();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_schedule_is_read_and_written),
		cmocka_unit_test(an_hour_goes_with_whole_days),
		cmocka_unit_test(it_is_due_when_its_time_has_passed),
		cmocka_unit_test(an_hour_is_kept),
		cmocka_unit_test(days_have_no_fixed_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
