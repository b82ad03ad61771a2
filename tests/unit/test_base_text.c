/* Text, strings, errors and the log: everything that makes outside text harmless. */
#include "base/error.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "base/vec.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define BAD "\xef\xbf\xbd"
#define ELLIPSIS "\xe2\x80\xa6"

static void assert_clean(const char *bytes, size_t length, const char *expected)
{
	struct str out = { 0 };
	char *exact = mem_alloc(length);

	memcpy(exact, bytes, length);
	text_clean(&out, exact, length);
	assert_string_equal(str_text(&out), expected);
	assert_true(text_is_utf8(str_text(&out), out.length, NULL));
	mem_free(exact);
	str_done(&out);
}

/* ux 23: bad UTF-8, C0, C1, DEL, escape sequences, bidi, zero-width. */
static void test_clean(void **state)
{
	(void)state;
	assert_clean("", 0, "");
	assert_clean("plain text", 10, "plain text");
	assert_clean("a\tb\nc\rd", 7, "a b c d");
	assert_clean("\x1b[2J\x07", 5, BAD "[2J" BAD);
	assert_clean("a\0b\x7f", 4, "a" BAD "b" BAD);
	assert_clean("\xc2\x80\xc2\x9b\xc2\xa0", 6, BAD BAD "\xc2\xa0");
	assert_clean("\xe2\x80\xae" "evil\xe2\x81\xa6", 10, BAD "evil" BAD);
	assert_clean("\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\x8b\xef\xbb\xbf\xd8\x9c", 14, BAD BAD BAD BAD BAD);
	assert_clean("\xf3\xa0\x80\x81", 4, BAD);
	assert_clean("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 9, "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
	assert_clean("\xc3", 1, BAD);
	assert_clean("\xe2\x82", 2, BAD);
	assert_clean("\xe2\x82(", 3, BAD "(");
	assert_clean("\xc0\x80", 2, BAD BAD);
	assert_clean("\xed\xa0\x80", 3, BAD BAD BAD);
	assert_clean("\xf0\x9f\x98", 3, BAD);
	assert_clean("\xff\xfe", 2, BAD BAD);
	assert_clean("\xef\xbf\xbd", 3, BAD);
}

/* Every pair of bytes, then every start of three bytes with a few ends: what comes out is always clean and stays as it is. */
static void test_clean_of_anything(void **state)
{
	static const unsigned char ends[] = { 0, 'a', 0x80, 0xbf, 0xc3, 0xff };
	struct str once = { 0 }, twice = { 0 };

	(void)state;
	for (unsigned i = 0; i < 65536; i++) {
		for (size_t e = 0; e < sizeof ends; e++) {
			char bytes[3] = { (char)(i >> 8), (char)i, (char)ends[e] };

			str_clear(&once);
			str_clear(&twice);
			text_clean(&once, bytes, sizeof bytes);
			text_clean(&twice, str_text(&once), once.length);
			assert_true(text_is_utf8(str_text(&once), once.length, NULL));
			assert_int_equal(once.length, strlen(str_text(&once)));
			assert_string_equal(str_text(&once), str_text(&twice));
		}
	}
	str_done(&once);
	str_done(&twice);
}

static void test_clean_dup(void **state)
{
	char *text = text_clean_dup("a\x01");

	(void)state;
	assert_string_equal(text, "a" BAD);
	mem_free(text);
	text = text_clean_dup("");
	assert_string_equal(text, "");
	mem_free(text);
	assert_null(text_clean_dup(NULL));
}

static void test_is_utf8(void **state)
{
	static const struct {
		const char *text;
		size_t length, bad; /* bad: SIZE_MAX for none */
	} cases[] = {
		{ "", 0, SIZE_MAX },
		{ "a\0b", 3, SIZE_MAX },
		{ "\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", 21, SIZE_MAX },
		{ "abc\x80", 4, 3 },
		{ "\xc1\xbf", 2, 0 },
		{ "\xe0\x9f\xbf", 3, 0 },
		{ "a\xed\xa0\x80", 4, 1 },
		{ "\xf0\x8f\xbf\xbf", 4, 0 },
		{ "\xf4\x90\x80\x80", 4, 0 },
		{ "ab\xe2\x82", 4, 2 },
		{ "\xf8\x88\x80\x80\x80", 5, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		size_t bad = SIZE_MAX;

		assert_int_equal(text_is_utf8(cases[i].text, cases[i].length, &bad), cases[i].bad == SIZE_MAX);
		assert_int_equal(bad, cases[i].bad);
	}
}

static void test_next(void **state)
{
	uint32_t point = 0;

	(void)state;
	assert_int_equal(text_next("", 0, &point), 0);
	assert_int_equal(text_next("a", 1, &point), 1);
	assert_int_equal(point, 'a');
	assert_int_equal(text_next("\xe2\x82\xacx", 4, &point), 3);
	assert_int_equal(point, 0x20ac);
	assert_int_equal(text_next("\xf0\x9f\x98\x80", 4, &point), 4);
	assert_int_equal(point, 0x1f600);
	assert_int_equal(text_next("\xf0\x9f\x98\x80", 3, &point), 0);
}

static void test_cut(void **state)
{
	static const char text[] = "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z"; /* 1, 2, 3, 4 and 1 bytes */
	static const size_t expected[] = { 0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 11 };

	(void)state;
	for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
		assert_int_equal(text_cut(text, sizeof text - 1, i), expected[i]);
	assert_int_equal(text_cut("\x80\x80\x80\x80\x80\x80", 6, 5), 5);
	assert_int_equal(text_cut("", 0, 0), 0);
}

static void test_lengths_and_case(void **state)
{
	char text[] = "AbZ\xc3\x89 19";

	(void)state;
	assert_int_equal(text_utf16_length(""), 0);
	assert_int_equal(text_utf16_length("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"), 5);
	assert_int_equal(text_utf16_length("\xff\xf0\x9f"), 2);
	assert_true(text_is_ascii(""));
	assert_true(text_is_ascii("a\x7f"));
	assert_false(text_is_ascii("a\xc3\xa9"));
	text_lower(text);
	assert_string_equal(text, "abz\xc3\x89 19");
	assert_true(text_case_eq("E-Mail", "e-mAIL"));
	assert_false(text_case_eq("a", "ab"));
	assert_false(text_case_eq("ab", "a"));
	assert_false(text_case_eq("@", "`"));
	assert_true(text_case_cmp("abc", "ABD") < 0);
	assert_true(text_case_cmp("b", "A") > 0);
	assert_true(text_case_cmp("", "a") < 0);
	assert_int_equal(text_case_cmp("\xc3\xa9", "\xc3\xa9"), 0);
}

static void test_has(void **state)
{
	struct str text = { 0 }, part = { 0 };

	(void)state;
	assert_true(text_case_has("", ""));
	assert_true(text_case_has("abc", ""));
	assert_false(text_case_has("", "a"));
	assert_true(text_case_has("Hello World", "o w"));
	assert_true(text_case_has("aabaabaaab", "ABAAAB"));
	assert_false(text_case_has("aabaabaaa", "abaaab"));
	for (int i = 0; i < 200000; i++)
		str_add_char(&text, 'a');
	str_add_bytes(&part, text.text, 100000);
	str_add_char(&part, 'b');
	assert_false(text_case_has(str_text(&text), str_text(&part)));
	str_done(&text);
	str_done(&part);
}

static void assert_trim(const char *text, const char *expected)
{
	char *copy = mem_strdup(text);

	assert_string_equal(text_trim(copy), expected);
	mem_free(copy);
}

static void test_trim(void **state)
{
	(void)state;
	assert_trim("", "");
	assert_trim(" \t\r\n\v\f", "");
	assert_trim(" a b ", "a b");
	assert_trim("a", "a");
	assert_trim("\xc2\xa0" "a", "\xc2\xa0" "a");
}

static void test_nearest(void **state)
{
	static const char *const names[] = { "firstName", "lastName", NULL, "email", "company", "website" };
	const size_t count = sizeof names / sizeof *names;
	char longer[300];

	(void)state;
	assert_string_equal(text_nearest("fristName", names, count), "firstName");
	assert_string_equal(text_nearest("EMAIL", names, count), "email");
	assert_string_equal(text_nearest("emial", names, count), "email");
	assert_string_equal(text_nearest("compani", names, count), "company");
	assert_null(text_nearest("xyz", names, count));
	assert_null(text_nearest("", names, count));
	assert_null(text_nearest("email", names, 0));
	assert_null(text_nearest("a", (const char *const[]){ "b" }, 1));
	memset(longer, 'e', sizeof longer - 1);
	longer[sizeof longer - 1] = '\0';
	assert_null(text_nearest(longer, names, count));
	assert_null(text_nearest("email", (const char *const[]){ longer }, 1));
}

static void test_to_i64(void **state)
{
	static const char *const bad[] = { "", "-", "+1", " 1", "1 ", "--1", "-0", "1.0", "0x1", "1e3", "a", "\xd9\xa1",
		                           "9223372036854775808", "-9223372036854775809", "99999999999999999999999" };
	long long value = 42;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(text_to_i64(bad[i], LLONG_MIN, LLONG_MAX, &value));
	assert_int_equal(value, 42);
	assert_true(text_to_i64("9223372036854775807", LLONG_MIN, LLONG_MAX, &value));
	assert_true(value == LLONG_MAX);
	assert_true(text_to_i64("-9223372036854775808", LLONG_MIN, LLONG_MAX, &value));
	assert_true(value == LLONG_MIN);
	assert_true(text_to_i64("0", 0, 10, &value));
	assert_int_equal(value, 0);
	assert_true(text_to_i64("10", 0, 10, &value));
	assert_false(text_to_i64("11", 0, 10, &value));
	assert_false(text_to_i64("-1", 0, 10, &value));
}

static void test_str(void **state)
{
	struct str s = { 0 };
	char *taken;

	(void)state;
	assert_string_equal(str_text(&s), "");
	taken = str_take(&s);
	assert_string_equal(taken, "");
	mem_free(taken);
	str_add(&s, "a");
	str_add(&s, NULL);
	str_add_char(&s, 'b');
	str_add_bytes(&s, "c\0d", 3);
	str_add_format(&s, "%d-%s", 12, "x");
	assert_int_equal(s.length, 9);
	assert_memory_equal(str_text(&s), "abc\0d12-x", 10);
	str_clear(&s);
	assert_string_equal(str_text(&s), "");
	str_add_url(&s, "a-Z_0.9~ /?&=+%\xc3\xa9");
	assert_string_equal(str_text(&s), "a-Z_0.9~%20%2F%3F%26%3D%2B%25%C3%A9");
	str_reserve(&s, 10000);
	assert_true(s.capacity - s.length > 10000);
	taken = str_take(&s);
	assert_int_equal(s.length, 0);
	assert_null(s.text);
	mem_free(taken);
	for (int i = 0; i < 1000; i++)
		str_add_char(&s, 'q');
	assert_int_equal(strlen(str_text(&s)), 1000);
	str_done(&s);
}

static void quotes_words_for_a_shell(void **state)
{
	static const struct {
		const char *word, *wanted;
	} rows[] = { { "weekly", "weekly" }, { "a b", "'a b'" }, { "it's", "'it'\\''s'" }, { "", "''" }, { "-x", "-x" }, { "a\"b", "'a\"b'" }, { "\xc3\xa9t\xc3\xa9", "'\xc3\xa9t\xc3\xa9'" } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct str s = { 0 };

		str_add_shell(&s, rows[i].word);
		assert_string_equal(str_text(&s), rows[i].wanted);
		str_done(&s);
	}
}

static char *told(const char *format, ...)
{
	struct str s = { 0 };
	va_list arguments;

	va_start(arguments, format);
	str_add_told(&s, format, arguments);
	va_end(arguments);
	return str_take(&s);
}

static void told_commands_can_be_pasted(void **state)
{
	static const struct {
		const char *format, *wanted; /* of "it's" and "a b" */
	} rows[] = {
		{ "%s, %s", "it's, a b" },
		{ "%s: `penstock run %s` does it", "it's: `penstock run 'a b'` does it" },
		{ "`penstock %s --help` and %s", "`penstock it's --help` and a b" },
		{ "`penstock lists %s`, `penstock dataflow update X --audience %s=LIST`", "`penstock lists 'it'\\''s'`, `penstock dataflow update X --audience 'a b'=LIST`" },
		{ "`penstock stop %.2s` 100 %% %s", "`penstock stop it` 100 % a b" },
		{ "\xc2\xab penstock run %s \xc2\xbb %s", "\xc2\xab penstock run 'it'\\''s' \xc2\xbb a b" },
		{ "`penstock run %2$s`, %1$s", "`penstock run 'a b'`, it's" },
		{ "`penstock stop \"%s\"`, `penstock update X --audience \"%s=LIST\"`", "`penstock stop \"it's\"`, `penstock update X --audience \"a b=LIST\"`" },
		{ "`penstock run %s", "`penstock run 'it'\\''s'" },
		{ "", "" },
	}, dashes[] = { /* of "-x" and "--a b" */
		{ "%s: `penstock run %s` does it", "-x: `penstock run -- '--a b'` does it" },
		{ "`penstock run %s --plan 7 --allow-removals` or %s", "`penstock run --plan 7 --allow-removals -- -x` or --a b" },
		{ "\xc2\xab penstock run %s --plan 7 \xc2\xbb", "\xc2\xab penstock run --plan 7 -- -x \xc2\xbb" },
		{ "`penstock stop \"%s\"`", "`penstock stop -- \"-x\"`" },
		{ "`penstock mapping set %s %s=FIELD`", "`penstock mapping set -- -x '--a b'=FIELD`" },
		{ "`penstock mapping unset X %2$s`, %1$s", "`penstock mapping unset X -- '--a b'`, -x" },
		{ "`penstock dataflow update %s --audience \"%s=LIST\"`", "`penstock dataflow update --audience \"--a b=LIST\" -- -x`" },
		{ "`penstock destination create NAME --account %s`, %s", "`penstock destination create NAME --account -x`, --a b" },
		{ "`penstock source check --limit=3 %s", "`penstock source check --limit=3 -- -x" },
		{ "`penstock %s --help`", "`penstock -x --help`" },
	};
	char *text;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		text = told(rows[i].format, "it's", "a b");
		assert_string_equal(text, rows[i].wanted);
		mem_free(text);
	}
	text = told("`penstock stop \"%s\"` \"%s\"", "$a`b\"c\\d!", "$");
	assert_string_equal(text, "`penstock stop \"\\$a\\`b\\\"c\\\\d\"'!'\"\"` \"$\"");
	mem_free(text);
	for (size_t i = 0; i < sizeof dashes / sizeof *dashes; i++) {
		text = told(dashes[i].format, "-x", "--a b");
		assert_string_equal(text, dashes[i].wanted);
		mem_free(text);
	}
	text = told("`penstock run %s --plan %lld`%s", "", 7LL, "");
	assert_string_equal(text, "`penstock run '' --plan 7`");
	mem_free(text);
}

static void test_str_limit(void **state)
{
	struct str s = { 0 };

	(void)state;
	assert_true(str_try_add(&s, "", 0, 0));
	assert_string_equal(str_text(&s), "");
	assert_false(str_try_add(&s, "a", 1, 0));
	assert_true(str_try_add(&s, "abcd", 4, 5));
	assert_false(str_try_add(&s, "ef", 2, 5));
	assert_string_equal(str_text(&s), "abcd");
	assert_true(str_try_add(&s, "e", 1, 5));
	assert_false(str_try_add(&s, "f", 1, 5));
	assert_false(str_try_add(&s, "f", 1, 3));
	assert_string_equal(str_text(&s), "abcde");
	for (int i = 0; i < 100000; i++)
		assert_true(str_try_add(&s, "0123456789", 10, 2000000));
	assert_int_equal(s.length, 1000005);
	assert_true(s.capacity <= 2000001);
	assert_false(str_try_add(&s, "a", SIZE_MAX / 2, SIZE_MAX));
	assert_int_equal(s.length, 1000005);
	str_done(&s);
}

static void test_vec(void **state)
{
	VEC(int) numbers = { 0 };

	(void)state;
	for (int i = 0; i < 1000; i++)
		vec_push(&numbers, i * 2);
	assert_int_equal(numbers.count, 1000);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(numbers.at[i], i * 2);
	vec_done(&numbers);
	assert_null(numbers.at);
	assert_int_equal(numbers.count, 0);
	vec_done(&numbers);
}

static void test_mem(void **state)
{
	char *text = mem_printf("%s %d", "number", 7);
	unsigned char *zeroed = mem_alloc(100);

	(void)state;
	assert_string_equal(text, "number 7");
	mem_replace(&text, text + 7);
	assert_string_equal(text, "7");
	mem_replace(&text, NULL);
	assert_null(text);
	for (int i = 0; i < 100; i++)
		assert_int_equal(zeroed[i], 0);
	mem_wipe_free(zeroed, 100);
	mem_wipe_free(NULL, 10);
	text = mem_strndup("abcdef", 3);
	assert_string_equal(text, "abc");
	mem_free(text);
	assert_null(mem_strdup(NULL));
	text = mem_alloc(0);
	assert_non_null(text);
	mem_free(text);
	mem_free(NULL);
}

static void test_error(void **state)
{
	struct error err;

	(void)state;
	memset(&err, 'x', sizeof err);
	assert_int_equal(error_set(&err, STATUS_REFUSED, "601", "refused: %s", "a\x1b[1m"), STATUS_REFUSED);
	assert_int_equal(err.status, STATUS_REFUSED);
	assert_string_equal(err.code, "601");
	assert_string_equal(err.message, "refused: a" BAD "[1m");
	assert_string_equal(err.hint, "");
	assert_string_equal(err.request_id, "");
	error_hint(&err, "try %d\n", 2);
	assert_string_equal(err.hint, "try 2 ");
	error_request(&err, "e42b#14272d07d78\x07");
	assert_string_equal(err.request_id, "e42b#14272d07d78" BAD);
	error_request(&err, NULL);
	assert_string_equal(err.request_id, "");
	error_prefix(&err, "cannot read the list %d", 5);
	assert_string_equal(err.message, "cannot read the list 5: refused: a" BAD "[1m");
	assert_string_equal(err.hint, "try 2 ");
	error_set(&err, STATUS_FAILED, err.code, "again: %s", err.message);
	assert_string_equal(err.code, "601");
	assert_string_equal(err.message, "again: cannot read the list 5: refused: a" BAD "[1m");
	error_clear(&err);
	assert_int_equal(err.status, STATUS_OK);
	assert_string_equal(err.message, "");
	error_prefix(&err, "alone");
	assert_string_equal(err.message, "alone");
	assert_int_equal(error_set(NULL, STATUS_USAGE, "x", "y"), STATUS_USAGE);
	error_hint(NULL, "x");
	error_request(NULL, "x");
	error_prefix(NULL, "x");
	error_clear(NULL);
}

/* Whatever the alignment of the characters: a full field ends in an ellipsis and is UTF-8; a field that just fits is whole. */
static void test_error_cut(void **state)
{
	static const char *const pieces[] = { "a", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xff", "\x01" };
	struct str text = { 0 };
	struct error err;

	(void)state;
	for (size_t p = 0; p < sizeof pieces / sizeof *pieces; p++) {
		for (size_t shift = 0; shift < 5; shift++) {
			str_clear(&text);
			for (size_t i = 0; i < shift; i++)
				str_add_char(&text, '-');
			while (text.length < 10000)
				str_add(&text, pieces[p]);
			error_set(&err, STATUS_FAILED, str_text(&text), "%s", str_text(&text));
			assert_true(strlen(err.message) < sizeof err.message && strlen(err.message) > sizeof err.message - 6);
			assert_string_equal(err.message + strlen(err.message) - 3, ELLIPSIS);
			assert_true(text_is_utf8(err.message, strlen(err.message), NULL));
			assert_true(text_is_utf8(err.code, strlen(err.code), NULL));
			assert_string_equal(err.code + strlen(err.code) - 3, ELLIPSIS);
		}
	}
	str_clear(&text);
	while (text.length < sizeof err.message - 1)
		str_add_char(&text, 'f');
	error_set(&err, STATUS_FAILED, "fits", "%s", str_text(&text));
	assert_string_equal(err.message, str_text(&text));
	error_prefix(&err, "more");
	assert_string_equal(err.message + sizeof err.message - 4, ELLIPSIS);
	str_done(&text);
}

struct heard {
	int lines;
	enum log_level level;
	char line[100];
};

static void hear(void *self, enum log_level level, const char *line)
{
	struct heard *heard = self;

	heard->lines++;
	heard->level = level;
	snprintf(heard->line, sizeof heard->line, "%s", line);
}

static void test_log(void **state)
{
	struct heard heard = { 0 };

	(void)state;
	log_line(LOG_LEVEL_ERROR, "nobody hears this");
	log_to(hear, &heard);
	log_line(LOG_LEVEL_WARNING, "two\nlines %s", "\x1b]0;");
	assert_int_equal(heard.lines, 1);
	assert_int_equal(heard.level, LOG_LEVEL_WARNING);
	assert_string_equal(heard.line, "two lines " BAD "]0;");
	log_to(NULL, NULL);
	log_line(LOG_LEVEL_ERROR, "nor this");
	assert_int_equal(heard.lines, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clean),
		cmocka_unit_test(test_clean_of_anything),
		cmocka_unit_test(test_clean_dup),
		cmocka_unit_test(test_is_utf8),
		cmocka_unit_test(test_next),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_lengths_and_case),
		cmocka_unit_test(test_has),
		cmocka_unit_test(test_trim),
		cmocka_unit_test(test_nearest),
		cmocka_unit_test(test_to_i64),
		cmocka_unit_test(test_str),
		cmocka_unit_test(quotes_words_for_a_shell),
		cmocka_unit_test(told_commands_can_be_pasted),
		cmocka_unit_test(test_str_limit),
		cmocka_unit_test(test_vec),
		cmocka_unit_test(test_mem),
		cmocka_unit_test(test_error),
		cmocka_unit_test(test_error_cut),
		cmocka_unit_test(test_log),
	};

	return cmocka_run_group_tests_name("base/text", tests, NULL, NULL);
}
