/* The command line as tables: what is taken, what is refused, what is suggested. */
#include "command/args.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <limits.h>
#include <string.h>

static const struct option_row first[] = { { "json", NULL, "" }, { "db", "FILE", "" }, { 0 } };
static const struct option_row second[] = { { "search", "TEXT", "" }, { "searchable", NULL, "" }, { "limit", "N", "" }, { "audience", "A", "" }, { 0 } };
static const struct option_row *const tables[] = { first, second, NULL };

enum { WORDS = 12 };

/* Parses words, the last NULL, as if they stood behind the program's name. */
static enum status parse(const char *const *words, bool until_word, struct args *args, int *next, struct error *err)
{
	char *argv[WORDS + 2] = { (char *)"penstock" };
	int count = 1;

	for (; *words; words++)
		argv[count++] = (char *)*words;
	*args = (struct args){ 0 };
	error_clear(err);
	return args_parse(count, argv, tables, until_word, args, next, err);
}

#define PARSE(args, err, ...) parse((const char *const[]){ __VA_ARGS__, NULL }, false, args, &(int){ 0 }, err)

static void options_and_operands_mix(void **state)
{
	struct args args;
	struct error err;
	text_list all = { 0 };

	(void)state;
	assert_int_equal(PARSE(&args, &err, "one", "--search", "a b", "--json", "two", "--audience=x=y", "--audience", "-", "--", "--json"), STATUS_OK);
	assert_int_equal(args.operands.count, 3);
	assert_string_equal(arg_operand(&args, 0), "one");
	assert_string_equal(arg_operand(&args, 1), "two");
	assert_string_equal(arg_operand(&args, 2), "--json");
	assert_null(arg_operand(&args, 3));
	assert_true(arg_flag(&args, "json"));
	assert_false(arg_flag(&args, "searchable"));
	assert_string_equal(arg_text(&args, "search"), "a b");
	assert_null(arg_text(&args, "db"));
	arg_all(&args, "audience", &all);
	assert_int_equal(all.count, 2);
	assert_string_equal(all.at[0], "x=y");
	assert_string_equal(all.at[1], "-");
	assert_string_equal(arg_text(&args, "audience"), "-");
	vec_done(&all);
	args_done(&args);
}

static void the_first_word_stops_where_asked(void **state)
{
	struct args args;
	struct error err;
	int next;

	(void)state;
	assert_int_equal(parse((const char *const[]){ "--db", "f", "account", "--json", NULL }, true, &args, &next, &err), STATUS_OK);
	assert_int_equal(next, 3);
	assert_string_equal(arg_text(&args, "db"), "f");
	assert_false(arg_flag(&args, "json"));
	args_done(&args);
}

static void a_value_may_look_like_an_option(void **state)
{
	struct args args;
	struct error err;

	(void)state;
	assert_int_equal(PARSE(&args, &err, "--search", "--json"), STATUS_OK);
	assert_string_equal(arg_text(&args, "search"), "--json");
	assert_false(arg_flag(&args, "json"));
	args_done(&args);
}

static void wrong_options_are_told(void **state)
{
	static const struct {
		const char *words[3], *message, *hint;
	} rows[] = {
		{ { "--jsno" }, "--jsno", "--json" },
		{ { "--serch=x" }, "--serch", "--search" },
		{ { "--lim", "3" }, "--lim", "--limit" },
		{ { "--searc", "x" }, "--searc", "--search" },
		{ { "--zzzzzzzz" }, "--zzzzzzzz", "--help" },
		{ { "--json=1" }, "takes no value", "" },
		{ { "--help=1" }, "takes no value", "" },
		{ { "--limit" }, "needs a value", "--limit N" },
		{ { "-q" }, "-q", "" },
		{ { "word", "-xh" }, "-x", "" },
	};
	struct args args;
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_int_equal(parse((const char *const[]){ rows[i].words[0], rows[i].words[1], NULL }, false, &args, &(int){ 0 }, &err), STATUS_USAGE);
		assert_string_equal(err.code, "usage");
		assert_non_null(strstr(err.message, rows[i].message));
		assert_non_null(strstr(err.hint, rows[i].hint));
		args_done(&args);
	}
}

static void help_is_everywhere(void **state)
{
	struct args args;
	struct error err;

	(void)state;
	assert_int_equal(PARSE(&args, &err, "-h"), STATUS_OK);
	assert_true(args.help);
	args_done(&args);
	assert_int_equal(PARSE(&args, &err, "x", "--help"), STATUS_OK);
	assert_true(args.help);
	args_done(&args);
}

static void numbers_have_bounds(void **state)
{
	static const char *const wrong[] = { "", "x", "1x", " 1", "0", "101", "-1", "99999999999999999999", "1.5", "0x10" };
	struct args args;
	struct error err;
	long long number = 7;

	(void)state;
	assert_int_equal(PARSE(&args, &err, "--limit", "100", "12"), STATUS_OK);
	assert_int_equal(arg_number(&args, "limit", 1, 100, &number, &err), STATUS_OK);
	assert_int_equal(number, 100);
	assert_int_equal(arg_number(&args, "db", 1, 100, &number, &err), STATUS_OK);
	assert_int_equal(number, 100);
	assert_int_equal(arg_id(&args, 0, &number, &err), STATUS_OK);
	assert_int_equal(number, 12);
	assert_int_equal(arg_id(&args, 1, &number, &err), STATUS_USAGE);
	args_done(&args);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		assert_int_equal(PARSE(&args, &err, "--limit", wrong[i]), STATUS_OK);
		assert_int_equal(arg_number(&args, "limit", 1, 100, &number, &err), STATUS_USAGE);
		assert_string_equal(err.code, "invalid");
		assert_non_null(strstr(err.hint, "from 1 to 100"));
		args_done(&args);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_and_operands_mix),
		cmocka_unit_test(the_first_word_stops_where_asked),
		cmocka_unit_test(a_value_may_look_like_an_option),
		cmocka_unit_test(wrong_options_are_told),
		cmocka_unit_test(help_is_everywhere),
		cmocka_unit_test(numbers_have_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
