/* What people and spreadsheets see: tables, CSV, the progress line. */
#include "command/csv.h"
#include "command/markdown.h"
#include "command/progress.h"
#include "command/report.h"
#include "command/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <locale.h>
#include <string.h>

static bool utf8; /* is there a locale to measure in? */

static int find_locale(void **state)
{
	(void)state;
	utf8 = setlocale(LC_CTYPE, "C.UTF-8") != NULL;
	return 0;
}

static void columns_are_aligned(void **state)
{
	struct str out = { 0 };
	struct table table;

	(void)state;
	table_init(&table, "NAME", "COUNT", "NOTE", NULL);
	table_text(&table, "a");
	table_number(&table, 5);
	table_text(&table, NULL);
	table_text(&table, "longer");
	table_number(&table, 1234567);
	table_format(&table, "%d %%", 9);
	table_end(&table, &out, 1);
	assert_string_equal(str_text(&out), " NAME      COUNT  NOTE\n a             5  -\n longer  1234567  9 %\n");
	str_done(&out);
}

static void pairs_have_no_head(void **state)
{
	struct str out = { 0 };
	struct table table;

	(void)state;
	table_init_pairs(&table);
	table_pair(&table, "one", "1");
	table_pair_number(&table, "three", 3);
	table_text(&table, "when");
	table_time(&table, 0);
	table_end(&table, &out, 0);
	assert_string_equal(str_text(&out), "one    1\nthree  3\nwhen   -\n");
	str_done(&out);
}

static void progress_for_programs(void **state)
{
	struct engine_progress now = { .phase = ENGINE_READING, .done = 5, .total = -1, .seconds_left = -1 };
	struct str out = { 0 };
	struct run run;

	(void)state;
	report_line(&now, &out);
	assert_string_equal(str_text(&out),
		"{\"progress\":{\"phase\":\"reading\",\"done\":5,\"total\":null,\"per_second\":0,\"seconds_left\":null,\"calls\":0,\"waiting_ms\":0}}");
	str_clear(&out);
	run_init(&run);
	run.id = 7;
	run.received = 9;
	run.activated = 2;
	run.pending = 5;
	run.calls[CALL_CREATE] = 3;
	now = (struct engine_progress){ .phase = ENGINE_SENDING, .done = 2, .total = 9, .records_per_second = 1.6, .seconds_left = 4, .run = &run,
		.gate = { .used_today = -1, .in_window = 3, .in_flight = 1, .opens_in_ms = 250 } };
	report_line(&now, &out);
	assert_string_equal(str_text(&out),
		"{\"progress\":{\"phase\":\"sending\",\"done\":2,\"total\":9,\"per_second\":2,\"seconds_left\":4,\"calls\":3,\"waiting_ms\":250,"
		"\"calls_in_20s\":3,\"calls_in_flight\":1,\"quota_used\":null,"
		"\"run\":{\"id\":7,\"received\":9,\"activated\":2,\"excluded\":0,\"failed\":0,\"unchanged\":0,\"pending\":5}}}");
	run_done(&run);
	str_done(&out);
}

static void an_empty_table_is_its_head(void **state)
{
	struct str out = { 0 };
	struct table table;

	(void)state;
	table_init(&table, "A", "B", NULL);
	table_end(&table, &out, 0);
	assert_string_equal(str_text(&out), "A  B\n");
	str_done(&out);
}

static void cells_cannot_steer_the_terminal(void **state)
{
	struct str out = { 0 };
	struct table table;

	(void)state;
	table_init(&table, "A", NULL);
	table_text(&table, "\033[2Jx\ny\xe2\x80\xaez\xff");
	table_end(&table, &out, 0);
	assert_null(strchr(str_text(&out), '\033'));
	assert_null(strstr(str_text(&out), "\xe2\x80\xae"));
	assert_null(strstr(str_text(&out), "\xff"));
	assert_non_null(strstr(str_text(&out), "x y"));
	str_done(&out);
}

static void width_is_what_a_terminal_shows(void **state)
{
	(void)state;
	if (!utf8)
		skip();
	assert_int_equal(table_width(""), 0);
	assert_int_equal(table_width("abc"), 3);
	assert_int_equal(table_width("\xc3\xa9t\xc3\xa9"), 3);
	assert_int_equal(table_width("\xe6\x9d\xb1\xe4\xba\xac"), 4); /* two wide signs */
	assert_int_equal(table_width("e\xcc\x81"), 1);               /* a combining accent */
}

static void csv_is_safe_to_open(void **state)
{
	struct str out = { 0 };
	const char *cells[] = { "plain", "with, comma", "say \"hi\"", "two\nlines", "=1+1", "+49", "-5", "@SUM(A1)", "\tx", "", NULL, "a=b" };

	(void)state;
	csv_row(&out, cells, sizeof cells / sizeof *cells);
	assert_string_equal(str_text(&out),
		"plain,\"with, comma\",\"say \"\"hi\"\"\",\"two\nlines\",\"'=1+1\",\"'+49\",\"'-5\",\"'@SUM(A1)\",\"'\tx\",,,a=b\r\n");
	str_done(&out);
}

static void a_markdown_cell_ends_where_it_should(void **state)
{
	static const char *const cells[] = { "a|b", NULL, "[x](y) `z` *w* <b>", "one\ntwo\x1b[2J" };
	struct str out = { 0 };

	(void)state;
	markdown_head(&out, cells, 2);
	assert_string_equal(str_text(&out), "| a\\|b |  |\n| --- | --- |\n");
	str_clear(&out);
	markdown_row(&out, cells + 2, 2);
	assert_string_equal(str_text(&out), "| \\[x\\](y) \\`z\\` \\*w\\* \\<b\\> | one two\xef\xbf\xbd\\[2J |\n");
	str_done(&out);
}

static void the_progress_line_fits(void **state)
{
	struct run run;
	struct str out = { 0 };
	struct engine_progress now = { .phase = ENGINE_SENDING, .done = 5000, .total = 10000, .records_per_second = 512.4, .seconds_left = 75, .run = &run };

	(void)state;
	run_init(&run);
	run.calls[CALL_CREATE] = 42;
	progress_line(&now, 200, false, &out);
	assert_string_equal(str_text(&out), "sending   [##########..........]  50 %  5000/10000  512 people/s  1:15 left  42 calls");
	for (int columns = 1; columns < 90; columns++) {
		str_clear(&out);
		progress_line(&now, columns, utf8, &out);
		assert_true(table_width(str_text(&out)) < (size_t)columns || !out.length);
	}
	run_done(&run);
	str_done(&out);
}

static void the_progress_line_says_only_what_is_known(void **state)
{
	struct str out = { 0 };
	struct engine_progress now = { .phase = ENGINE_READING, .done = 2500000, .total = -1, .seconds_left = -1 };

	(void)state;
	progress_line(&now, 80, false, &out);
	assert_string_equal(str_text(&out), "reading     2.5 MB");
	str_clear(&out);
	now = (struct engine_progress){ .phase = ENGINE_SENDING, .done = 12, .total = 10, .seconds_left = 3725 };
	progress_line(&now, 80, false, &out);
	assert_string_equal(str_text(&out), "sending   [####################] 100 %  12/10  1:02:05 left");
	str_done(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_are_aligned),
		cmocka_unit_test(pairs_have_no_head),
		cmocka_unit_test(progress_for_programs),
		cmocka_unit_test(an_empty_table_is_its_head),
		cmocka_unit_test(cells_cannot_steer_the_terminal),
		cmocka_unit_test(width_is_what_a_terminal_shows),
		cmocka_unit_test(csv_is_safe_to_open),
		cmocka_unit_test(a_markdown_cell_ends_where_it_should),
		cmocka_unit_test(the_progress_line_fits),
		cmocka_unit_test(the_progress_line_says_only_what_is_known),
	};

	return cmocka_run_group_tests(tests, find_locale, NULL);
}
