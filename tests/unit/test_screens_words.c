/* Numbers as people read them. */
#include "screens/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void numbers_have_separators(void **state)
{
	char out[32];

	(void)state;
	assert_string_equal(number_text(0, out), "0");
	assert_string_equal(number_text(999, out), "999");
	assert_string_equal(number_text(128430, out), "128,430");
	assert_string_equal(number_text(-1234567, out), "-1,234,567");
	assert_string_equal(number_text(INT64_MAX, out), "9,223,372,036,854,775,807");
}

/* ux 8: over 2 s n of m, over 10 s the time left; nothing that is not known. */
static void what_is_read_is_told_when_it_takes_long(void **state)
{
	static const struct {
		int64_t ms, done, total;
		const char *text;
	} cases[] = {
		{ 1999, 3000000, 12000000, "" },
		{ 2000, 3000000, 12000000, ": 3.0 of 12.0 MB" },
		{ 9999, 3000000, 12000000, ": 3.0 of 12.0 MB" },
		{ 10000, 3000000, 12000000, ": 3.0 of 12.0 MB, about 30 s left" },
		{ 60000, 3000000, 12000000, ": 3.0 of 12.0 MB, about 3 min left" },
		{ 60000, 12000000, 12000000, ": 12.0 of 12.0 MB, about 0 s left" },
		{ 60000, 0, 12000000, "" },
		{ 60000, 3000000, 0, "" }, /* a pipe: nobody knows */
		{ 60000, 3000000, -1, "" },
		{ 60000, 4000000, 3000000, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct str out = { 0 };

		reading_text(cases[i].ms, cases[i].done, cases[i].total, &out);
		assert_string_equal(str_text(&out), cases[i].text);
		str_done(&out);
	}
}

static void add(void *self, const char *name)
{
	str_add_format(self, "<%s>", name);
}

static void each_name_is_taken(void **state)
{
	struct str out = { 0 };

	(void)state;
	names_each("one,,two, three,", add, &out);
	assert_string_equal(str_text(&out), "<one><two>< three>");
	str_done(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_have_separators),
		cmocka_unit_test(what_is_read_is_told_when_it_takes_long),
		cmocka_unit_test(each_name_is_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
