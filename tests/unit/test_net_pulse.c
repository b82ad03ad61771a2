/* How an instance feels: lengths of the last minute, troubles, and what is no pulse at all. */
#include "net/pulse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { NOW = 1000000 };

static void test_latency(void **state)
{
	struct pulse pulse = { 0 };
	struct pulse_latency is;

	(void)state;
	pulse_latency(&pulse, NOW, &is);
	assert_int_equal(is.calls, 0);
	/* 1..20: the tenth is the middle, the nineteenth the 95th of a hundred. */
	for (int i = 20; i > 0; i--)
		pulse_add(&pulse, i * 10, NOW - i * 1000);
	pulse_latency(&pulse, NOW, &is);
	assert_int_equal(is.calls, 20);
	assert_int_equal(is.p50_ms, 100);
	assert_int_equal(is.p95_ms, 190);
	/* Two a stretch: the slower one of each, the newest last. */
	assert_int_equal(is.slots[PULSE_SLOTS - 1], 10);
	assert_int_equal(is.slots[PULSE_SLOTS - 2], 30);
	assert_int_equal(is.slots[PULSE_SLOTS - 11], 200);
	assert_int_equal(is.slots[PULSE_SLOTS - 12], 0);
}

static void test_minute(void **state)
{
	struct pulse pulse = { 0 };
	struct pulse_latency is;

	(void)state;
	pulse_add(&pulse, 5, NOW);
	pulse_add(&pulse, 7, NOW + PULSE_MS - 1);
	pulse_latency(&pulse, NOW + PULSE_MS - 1, &is);
	assert_int_equal(is.calls, 2);
	assert_int_equal(is.slots[0], 5);
	pulse_latency(&pulse, NOW + PULSE_MS, &is);
	assert_int_equal(is.calls, 1);
	pulse_pass(&pulse, NOW + PULSE_MS);
	assert_int_equal(pulse.call_count, 1);
	/* More than fit: the newest stay. */
	for (int i = 0; i < PULSE_CALLS + 5; i++)
		pulse_add(&pulse, i, NOW + PULSE_MS + i);
	assert_int_equal(pulse.call_count, PULSE_CALLS);
	assert_int_equal(pulse.call[0].ms, 5);
	assert_true(pulse_is_sound(&pulse, NOW + 2 * PULSE_MS));
}

static void test_troubles(void **state)
{
	struct pulse pulse = { 0 };
	char code[PULSE_CODE];

	(void)state;
	pulse_note(&pulse, "606", NOW);
	pulse_note(&pulse, "network", NOW + 1);
	pulse_note(&pulse, "606", NOW + 4000);
	assert_int_equal(pulse.trouble_count, 2);
	assert_string_equal(pulse.trouble[0].code, "network");
	assert_string_equal(pulse.trouble[1].code, "606");
	assert_int_equal(pulse.trouble[1].count, 2);
	assert_int_equal(pulse.trouble[1].at, NOW + 4000);
	/* Later it is news again. */
	pulse_note(&pulse, "606", NOW + 9000);
	assert_int_equal(pulse.trouble_count, 3);
	/* No code is shown that is none. */
	pulse_note(&pulse, "a\033[2J", NOW + 9001);
	assert_string_equal(pulse.trouble[3].code, "unknown");
	for (int i = 0; i < PULSE_TROUBLES + 3; i++) {
		snprintf(code, sizeof code, "%d", 100 + i);
		pulse_note(&pulse, code, NOW + 10000 + i);
	}
	assert_int_equal(pulse.trouble_count, PULSE_TROUBLES);
	assert_string_equal(pulse.trouble[PULSE_TROUBLES - 1].code, code);
	assert_true(pulse_is_sound(&pulse, NOW));
}

static void test_unsound(void **state)
{
	struct pulse pulse = { 0 };

	(void)state;
	pulse.call_count = PULSE_CALLS + 1;
	assert_false(pulse_is_sound(&pulse, NOW));
	pulse.call_count = 0;
	pulse_add(&pulse, 3, NOW + 1);
	assert_false(pulse_is_sound(&pulse, NOW)); /* of a call that has not ended yet */
	assert_true(pulse_is_sound(&pulse, NOW + 1));
	pulse_note(&pulse, "607", NOW);
	memset(pulse.trouble[0].code, 'x', PULSE_CODE);
	assert_false(pulse_is_sound(&pulse, NOW + 1)); /* without an end */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_latency),
		cmocka_unit_test(test_minute),
		cmocka_unit_test(test_troubles),
		cmocka_unit_test(test_unsound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
