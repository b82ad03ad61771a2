/* What fits loosely, and what fits best. */
#include "tui/fuzzy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <locale.h>
#include <stdio.h>
#include <string.h>

static void characters_in_their_order_fit(void **state)
{
	(void)state;
	assert_true(fuzzy_score("rn", "run") >= 0);
	assert_true(fuzzy_score("nr", "run") < 0);
	assert_true(fuzzy_score("runn", "run") < 0);
	assert_true(fuzzy_score("RUN", "run the dataflow") >= 0);
	assert_true(fuzzy_score("x", "") < 0);
	assert_int_equal(fuzzy_score("", "run"), 0);
	assert_int_equal(fuzzy_score("  ", "run"), 0);
}

static void words_fit_in_any_order(void **state)
{
	(void)state;
	assert_true(fuzzy_score("leads run", "run spring-leads") >= 0);
	assert_true(fuzzy_score("leads walk", "run spring-leads") < 0);
}

static void what_is_meant_comes_first(void **state)
{
	(void)state;
	assert_true(fuzzy_score("run", "run the dataflow") > fuzzy_score("run", "bring under one roof"));
	assert_true(fuzzy_score("sl", "spring-leads") > fuzzy_score("sl", "basil"));
	assert_true(fuzzy_score("help", "help") > fuzzy_score("help", "help: all keys that work here"));
	assert_true(fuzzy_score("lea", "spring-leads") > fuzzy_score("lea", "large enough"));
}

static void other_alphabets_fold_and_wrong_bytes_do_no_harm(void **state)
{
	char text[4 * FUZZY_POINTS];

	(void)state;
	assert_true(fuzzy_score("éT", "été") >= 0);
	assert_true(fuzzy_score("Ü", "\xff\xfeü") >= 0);
	assert_true(fuzzy_score("\xff", "abc") < 0);
	memset(text, 'a', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	assert_true(fuzzy_score("aaaa", text) >= 0);
	assert_true(fuzzy_score(text, text) >= 0);
	text[sizeof text - 2] = 'b'; /* beyond what is looked at */
	assert_true(fuzzy_score("b", text) < 0);
}

static void one_of_two_thousand_is_found(void **state)
{
	char text[64], best_text[64] = "";
	int best = -1;

	(void)state;
	for (int i = 0; i < 2000; i++) {
		int score;

		snprintf(text, sizeof text, "dataflow audience-%04d to a list", i);
		score = fuzzy_score("1234 dtfl", text);
		if (score > best) {
			best = score;
			snprintf(best_text, sizeof best_text, "%s", text);
		}
	}
	assert_string_equal(best_text, "dataflow audience-1234 to a list");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(characters_in_their_order_fit),
		cmocka_unit_test(words_fit_in_any_order),
		cmocka_unit_test(what_is_meant_comes_first),
		cmocka_unit_test(other_alphabets_fold_and_wrong_bytes_do_no_harm),
		cmocka_unit_test(one_of_two_thousand_is_found),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
