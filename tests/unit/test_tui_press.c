/* Names of keys, both ways. */
#include "tui/press.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static void expect_same(const char *name)
{
	char back[PRESS_NAME];
	struct press press;

	assert_true(press_parse(name, &press));
	assert_string_equal(press_name(&press, back), name);
}

static void every_name_comes_back(void **state)
{
	static const char *const names[] = { "Enter", "Esc", "Tab", "Shift-Tab", "Backspace", "Delete", "Up", "Down", "Left", "Right", "Home", "End",
		"PgUp", "PgDn", "F1", "Space", "Ctrl-N", "a", "G", "?", "/", ":", "[", "é", "漢" };

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		expect_same(names[i]);
}

static void every_kind_has_a_name_of_its_own(void **state)
{
	char name[PRESS_NAME];

	(void)state;
	for (int kind = PRESS_ENTER; kind <= PRESS_F1; kind++) {
		struct press press = { .kind = (enum press_kind)kind }, back;

		assert_true(press_parse(press_name(&press, name), &back));
		assert_true(press_same(&press, &back));
	}
}

static void what_is_no_key_is_refused(void **state)
{
	static const char *const names[] = { "", "ab", "Ctrl-", "Ctrl-NN", "Ctrl-1", "Ctrl-H", "Ctrl-I", "Ctrl-J", "Ctrl-M", "enter", " ", "\n", "\033",
		"\x7f", "\xff", "F2", "\xe2\x80\xae" };
	struct press press;

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		assert_false(press_parse(names[i], &press));
}

static void presses_are_compared_by_what_matters(void **state)
{
	struct press a = { .kind = PRESS_CHARACTER, .point = 'a' }, b = { .kind = PRESS_CHARACTER, .point = 'b' };
	struct press control = { .kind = PRESS_CONTROL, .point = 'a' }, enter = { .kind = PRESS_ENTER, .point = 1 }, other = { .kind = PRESS_ENTER };

	(void)state;
	assert_true(press_same(&a, &a));
	assert_false(press_same(&a, &b));
	assert_false(press_same(&a, &control));
	assert_true(press_same(&enter, &other));
}

/* ux 2: h j k l, g and G; every other press is itself. */
static void letters_have_twins(void **state)
{
	static const struct {
		const char *letter, *key;
	} twins[] = { { "h", "Left" }, { "j", "Down" }, { "k", "Up" }, { "l", "Right" }, { "g", "Home" }, { "G", "End" } };
	static const char *const others[] = { "i", "H", "J", "K", "L", "Ctrl-G", "Left", "Enter", "é" };
	struct press press, key, twin;

	(void)state;
	for (size_t i = 0; i < sizeof twins / sizeof *twins; i++) {
		assert_true(press_parse(twins[i].letter, &press) && press_parse(twins[i].key, &key));
		twin = press_twin(&press);
		assert_true(press_same(&twin, &key));
	}
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		assert_true(press_parse(others[i], &press));
		twin = press_twin(&press);
		assert_true(press_same(&twin, &press));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_name_comes_back),
		cmocka_unit_test(every_kind_has_a_name_of_its_own),
		cmocka_unit_test(what_is_no_key_is_refused),
		cmocka_unit_test(presses_are_compared_by_what_matters),
		cmocka_unit_test(letters_have_twins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
