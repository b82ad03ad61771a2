/* Libraries loaded when needed: a function of one that is there is found; one that is not there, or lacks a function, is an answer and no crash. */
#include "base/library.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void finds_functions(void **state)
{
	unsigned (*global_init)(long flags) = NULL;
	const char *(*version)(void) = NULL;
	const struct library_function functions[] = {
		{ "curl_global_init", &global_init },
		{ "curl_version", &version },
	};

	(void)state;
	assert_true(library_load(PENSTOCK_LIBCURL, functions, 2));
	assert_non_null(global_init);
	assert_non_null(version);
	assert_memory_equal(version(), "libcurl/", 8);
}

static void says_what_is_missing(void **state)
{
	void (*function)(void) = NULL;
	const struct library_function functions[] = { { "curl_of_another_century", &function } };

	(void)state;
	assert_false(library_load("libthatisnowhere.so.1", functions, 1));
	assert_false(library_load(PENSTOCK_LIBCURL, functions, 1));
	assert_null(function);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_functions),
		cmocka_unit_test(says_what_is_missing),
	};

	return cmocka_run_group_tests_name("library", tests, NULL, NULL);
}
