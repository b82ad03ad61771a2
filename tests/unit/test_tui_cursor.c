/* The place in a list: what holds after whatever was done. */
#include "tui/cursor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

static void expect_sound(const struct cursor *cursor)
{
	assert_true(cursor->count ? cursor->at < cursor->count : cursor->at == 0);
	if (!cursor->seen)
		return;
	assert_true(cursor->top <= cursor->at);
	assert_true(cursor->at < cursor->top + cursor->seen);
	/* no empty room below while there are rows above */
	assert_true(cursor->top == 0 || cursor->top + cursor->seen <= cursor->count);
}

static void it_is_sound_after_anything(void **state)
{
	static const enum press_kind kinds[] = { PRESS_UP, PRESS_DOWN, PRESS_PAGE_UP, PRESS_PAGE_DOWN, PRESS_HOME, PRESS_END };
	struct cursor cursor = { 0 };
	unsigned seed = 20231;

	(void)state;
	for (int i = 0; i < 200000; i++) {
		int what = rand_r(&seed) % 10;

		if (what == 0)
			cursor_fit(&cursor, (size_t)(rand_r(&seed) % 40), (size_t)(rand_r(&seed) % 12));
		else if (what == 1)
			cursor_to(&cursor, (size_t)(rand_r(&seed) % 60));
		else
			assert_true(cursor_press(&cursor, &(struct press){ .kind = kinds[rand_r(&seed) % 6] }));
		expect_sound(&cursor);
	}
}

static void press(struct cursor *cursor, enum press_kind kind)
{
	assert_true(cursor_press(cursor, &(struct press){ .kind = kind }));
}

static void the_view_moves_no_more_than_needed(void **state)
{
	struct cursor cursor = { 0 };

	(void)state;
	cursor_fit(&cursor, 100, 10);
	cursor_to(&cursor, 9);
	assert_int_equal(cursor.top, 0);
	press(&cursor, PRESS_DOWN);
	assert_int_equal(cursor.top, 1);
	press(&cursor, PRESS_UP);
	assert_int_equal(cursor.top, 1);
	press(&cursor, PRESS_PAGE_DOWN);
	assert_int_equal(cursor.at, 18);
	press(&cursor, PRESS_END);
	assert_int_equal(cursor.at, 99);
	assert_int_equal(cursor.top, 90);
	press(&cursor, PRESS_DOWN);
	assert_int_equal(cursor.at, 99);
	cursor_fit(&cursor, 5, 10);
	assert_int_equal(cursor.at, 4);
	assert_int_equal(cursor.top, 0);
}

static void other_keys_are_not_of_a_list(void **state)
{
	struct press letter = { .kind = PRESS_CHARACTER, .point = 'j' }, left = { .kind = PRESS_LEFT };
	struct cursor cursor = { 0 };

	(void)state;
	cursor_fit(&cursor, 30, 10);
	assert_false(cursor_press(&cursor, &letter));
	assert_false(cursor_press(&cursor, &left));
	assert_int_equal(cursor.at, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_sound_after_anything),
		cmocka_unit_test(the_view_moves_no_more_than_needed),
		cmocka_unit_test(other_keys_are_not_of_a_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
