/* The table of use cases and its guard. */
#include "app/app.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static void every_row_is_whole(void **state)
{
	(void)state;
	for (int i = 0; i < USE_CASES; i++) {
		const struct use_case_row *row = &use_cases[i];

		assert_non_null(row->name);
		assert_non_null(row->arguments);
		assert_true(strlen(row->help) > 5);
		/* Who may only look changes nothing, and whoever may do more does so to change something. */
		assert_int_equal(row->changes, row->permission != PERMISSION_VIEW);
		for (int k = 0; k < i; k++)
			assert_string_not_equal(row->name, use_cases[k].name);
	}
}

static void read_only_refuses_every_change(void **state)
{
	struct app app = { .read_only = true };
	struct error err;

	(void)state;
	for (int i = 0; i < USE_CASES; i++) {
		enum status status = app_allow(&app, (enum use_case)i, &err);

		assert_int_equal(status, use_cases[i].changes ? STATUS_REFUSED : STATUS_OK);
		if (status != STATUS_OK)
			assert_string_equal(err.code, "read_only");
	}
	app.read_only = false;
	for (int i = 0; i < USE_CASES; i++)
		assert_int_equal(app_allow(&app, (enum use_case)i, &err), STATUS_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_is_whole),
		cmocka_unit_test(read_only_refuses_every_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
