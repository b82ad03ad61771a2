#include "base/json.h"
#include "base/mem.h"
#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* Parses with both ways in, checks that they agree, and gives the heap document. The text is copied to an exact size so that a
 * sanitizer sees a read past its end. */
static struct json *parse_bytes(const char *bytes, size_t length, size_t *offset)
{
	struct json_reader *reader = json_reader_new();
	char *exact = mem_alloc(length);
	const char *why[2];
	size_t at[2];
	const struct json *read;
	struct json *document;

	memcpy(exact, bytes, length);
	read = json_reader_parse(reader, exact, length, &why[0], &at[0]);
	document = json_parse(exact, length, &why[1], &at[1]);
	assert_int_equal(read == NULL, document == NULL);
	assert_int_equal(document == NULL, why[1] != NULL);
	assert_int_equal(at[0], at[1]);
	assert_ptr_equal(why[0], why[1]);
	assert_true(at[0] <= length);
	if (document) {
		struct str a = { 0 }, b = { 0 };

		json_write(&a, read);
		json_write(&b, document);
		assert_string_equal(str_text(&a), str_text(&b));
		str_done(&a);
		str_done(&b);
	}
	if (offset)
		*offset = at[1];
	json_reader_free(reader);
	mem_free(exact);
	return document;
}

static struct json *parse(const char *text)
{
	return parse_bytes(text, strlen(text), NULL);
}

static void assert_written(const char *text, const char *expected)
{
	struct json *document = parse(text);
	struct str out = { 0 };

	assert_non_null(document);
	json_write(&out, document);
	assert_string_equal(str_text(&out), expected);
	str_done(&out);
	json_free(document);
}

static void test_good_texts(void **state)
{
	static const struct {
		const char *text, *written;
	} good[] = {
		{ "null", "null" },
		{ " true ", "true" },
		{ "\t\r\n false\n", "false" },
		{ "0", "0" },
		{ "-0", "-0" },
		{ "1.10", "1.10" },
		{ "9007199254740993", "9007199254740993" },
		{ "123456789012345678901234567890", "123456789012345678901234567890" },
		{ "-1.5E+300", "-1.5E+300" },
		{ "1e99999", "1e99999" },
		{ "\"\"", "\"\"" },
		{ "[]", "[]" },
		{ "{ }", "{}" },
		{ "[ ]", "[]" },
		{ "[[],{},[[]]]", "[[],{},[[]]]" },
		{ "[1 , 2,3 ,[4]]", "[1,2,3,[4]]" },
		{ "{\"a\" : 1 , \"b\":[ true,false , null ]}", "{\"a\":1,\"b\":[true,false,null]}" },
		{ "{\"\":1}", "{\"\":1}" },
		{ "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\\"\\\\/\\b\\f\\n\\r\\t\"" },
		{ "\"\\u0041\\u00e9\\u20AC\\ud83d\\uDE00\"", "\"A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"" },
		{ "\"\\u0001\\u001f\\u007f\"", "\"\\u0001\\u001f\\u007f\"" },
		{ "\"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80\"", "\"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80\"" },
		{ "{\"a\":1,\"A\":2}", "{\"a\":1,\"A\":2}" },
		{ "\"a string longer than eight bytes, \\\\ and on\"", "\"a string longer than eight bytes, \\\\ and on\"" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		assert_written(good[i].text, good[i].written);
}

static void test_bad_texts(void **state)
{
	static const struct {
		const char *text;
		size_t offset;
	} bad[] = {
		{ "", 0 },
		{ "  ", 2 },
		{ "nul", 0 },
		{ "nullx", 4 },
		{ "True", 0 },
		{ "NaN", 0 },
		{ "Infinity", 0 },
		{ "'a'", 0 },
		{ "1 2", 2 },
		{ "{} {}", 3 },
		{ "[] x", 3 },
		{ "]", 0 },
		{ "}", 0 },
		{ "[1}", 2 },
		{ "{\"a\":1]", 6 },
		{ "[1,]", 3 },
		{ "[,1]", 1 },
		{ "[1 2]", 3 },
		{ "{\"a\"}", 4 },
		{ "{\"a\":}", 5 },
		{ "{\"a\" 1}", 5 },
		{ "{\"a\":1,}", 7 },
		{ "{a:1}", 1 },
		{ "{1:1}", 1 },
		{ "01", 1 },
		{ "-01", 2 },
		{ "-", 1 },
		{ "+1", 0 },
		{ ".5", 0 },
		{ "1.", 2 },
		{ "1.e5", 2 },
		{ "1e", 2 },
		{ "1e+", 3 },
		{ "0x10", 1 },
		{ "1_000", 1 },
		{ "-a", 1 },
		{ "\"abc", 4 },
		{ "\"\\x41\"", 2 },
		{ "\"\\u12\"", 3 },
		{ "\"\\u12g4\"", 3 },
		{ "\"\\u0000\"", 3 },
		{ "\"a\\u0000b\"", 4 },
		{ "{\"\\u0000\":1}", 4 },
		{ "\"\\ud800\"", 7 },
		{ "\"\\ud800x\"", 7 },
		{ "\"\\ud800\\n\"", 8 },
		{ "\"\\ud800\\u0041\"", 9 },
		{ "\"\\ud800\\ud800\"", 9 },
		{ "\"\\udc00\"", 3 },
		{ "\"a\nb\"", 2 },
		{ "\"a\tb\"", 2 },
		{ "\"\x01\"", 1 },
		{ "\"abcdefgh\x1f\"", 9 },
		{ "\x01 1", 0 },
		{ "[1,\x0b 2]", 3 },
		{ "1\xc2\xa0", 1 },
		{ "\xef\xbb\xbf{}", 0 },
		{ "// x\n1", 0 },
		{ "[1 /* x */]", 3 },
		{ "\"\xff\"", 1 },
		{ "\"\xff" "123\"", 1 },
		{ "\xff", 0 },
	};
	size_t offset;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct json *document = parse_bytes(bad[i].text, strlen(bad[i].text), &offset);

		if (document || offset != bad[i].offset)
			fail_msg("%s: %s at %zu, expected %zu", bad[i].text, document ? "accepted" : "refused", offset, bad[i].offset);
	}
}

static void test_nul_bytes(void **state)
{
	static const struct {
		const char *text;
		size_t length, offset;
	} bad[] = {
		{ "\0", 1, 0 }, { "1\0", 2, 1 }, { "\"a\0b\"", 5, 2 }, { "[1\0]", 4, 2 },
		{ "{\"a\0\":1}", 8, 3 }, { "\"\\\0\"", 4, 2 }, { "[\0]", 3, 1 },
	};
	size_t offset;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_null(parse_bytes(bad[i].text, bad[i].length, &offset));
		assert_int_equal(offset, bad[i].offset);
	}
}

static const char whole[] = "{\"a\":[1,-2.5e3,true,false,null,\"x\\u00e9\\ud83d\\ude00\\n\xe2\x82\xac\"],\"b\":{\"c\":{}},\"d\":[[]]}";

static void test_every_truncation_is_refused(void **state)
{
	(void)state;
	for (size_t length = 0; length < sizeof whole - 1; length++)
		assert_null(parse_bytes(whole, length, NULL));
	json_free(parse_bytes(whole, sizeof whole - 1, NULL));
}

/* Whatever byte stands anywhere: never a crash, and what is accepted is written as JSON that is accepted again. */
static void test_every_byte_everywhere(void **state)
{
	char text[sizeof whole];

	(void)state;
	for (size_t at = 0; at < sizeof whole - 1; at++) {
		for (int byte = 0; byte < 256; byte++) {
			struct json *document;
			struct str out = { 0 };

			memcpy(text, whole, sizeof whole);
			text[at] = (char)byte;
			document = parse_bytes(text, sizeof whole - 1, NULL);
			if (byte == 0 || byte == 0xff || byte == 0xc0)
				assert_null(document);
			if (!document)
				continue;
			json_write(&out, document);
			json_free(document);
			document = parse_bytes(str_text(&out), out.length, NULL);
			assert_non_null(document);
			json_free(document);
			str_done(&out);
		}
	}
}

static void test_invalid_utf8_everywhere(void **state)
{
	static const char *const bad[] = { "\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc3", "\xe0\x80\x80", "\xe2\x82",
		                           "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x80\x80\x80", "\xf0\x9f\x98",
		                           "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xfe", "\xff" };
	static const char around[] = "0123456789abcdefghij";
	struct str text = { 0 };
	size_t offset;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		for (size_t at = 0; at < sizeof around; at++) {
			str_clear(&text);
			str_add_char(&text, '"');
			str_add_bytes(&text, around, at);
			str_add(&text, bad[i]);
			str_add(&text, around + at);
			str_add_char(&text, '"');
			assert_null(parse_bytes(str_text(&text), text.length, &offset));
			assert_int_equal(offset, at + 1);
		}
	}
	str_done(&text);
}

static struct json *parse_nested(int depth, char open, char close)
{
	struct str text = { 0 };
	struct json *document;

	for (int i = 0; i < depth; i++)
		str_add(&text, open == '{' && i ? "\"a\":{" : (char[]){ open, '\0' });
	for (int i = 0; i < depth; i++)
		str_add_char(&text, close);
	document = parse_bytes(str_text(&text), text.length, NULL);
	str_done(&text);
	return document;
}

static void test_depth(void **state)
{
	static const int deeper[] = { 65, 66, 1000, 1001, 100000 };
	struct json *document;

	(void)state;
	document = parse_nested(64, '[', ']');
	assert_non_null(document);
	json_free(document);
	document = parse_nested(64, '{', '}');
	assert_non_null(document);
	json_free(document);
	for (size_t i = 0; i < sizeof deeper / sizeof *deeper; i++) {
		assert_null(parse_nested(deeper[i], '[', ']'));
		assert_null(parse_nested(deeper[i], '{', '}'));
	}
}

static void test_kinds_and_members(void **state)
{
	struct json *document = parse("{\"n\":null,\"t\":true,\"f\":false,\"i\":12,\"s\":\"text\",\"a\":[1,2],\"o\":{\"k\":\"v\"}}");
	const struct json *child;

	(void)state;
	assert_int_equal(json_kind(document), JSON_OBJECT);
	assert_int_equal(json_count(document), 7);
	assert_int_equal(json_kind(json_get(document, "n")), JSON_NULL);
	assert_non_null(json_get(document, "n"));
	assert_int_equal(json_kind(json_get(document, "t")), JSON_TRUE);
	assert_true(json_is_true(json_get(document, "t")));
	assert_int_equal(json_kind(json_get(document, "f")), JSON_FALSE);
	assert_false(json_is_true(json_get(document, "f")));
	assert_int_equal(json_kind(json_get(document, "i")), JSON_NUMBER);
	assert_null(json_get_string(document, "i"));
	assert_string_equal(json_number_text(json_get(document, "i")), "12");
	assert_string_equal(json_get_string(document, "s"), "text");
	assert_null(json_number_text(json_get(document, "s")));
	assert_int_equal(json_kind(json_get(document, "a")), JSON_ARRAY);
	assert_string_equal(json_get_string(json_get(document, "o"), "k"), "v");
	assert_null(json_get(document, "S"));
	assert_null(json_get(document, ""));
	assert_null(json_get(json_get(document, "a"), "s"));
	child = json_first(document);
	assert_string_equal(json_key(child), "n");
	assert_string_equal(json_key(json_next(child)), "t");
	child = json_first(json_get(document, "a"));
	assert_null(json_key(child));
	assert_string_equal(json_number_text(json_next(child)), "2");
	assert_null(json_next(json_next(child)));
	json_free(document);
}

static void test_null_is_harmless(void **state)
{
	struct str out = { 0 };
	int64_t i;
	double d;

	(void)state;
	assert_int_equal(json_kind(NULL), JSON_NULL);
	assert_false(json_is_true(NULL));
	assert_null(json_get(NULL, "a"));
	assert_null(json_first(NULL));
	assert_null(json_next(NULL));
	assert_null(json_key(NULL));
	assert_int_equal(json_count(NULL), 0);
	assert_null(json_string(NULL));
	assert_null(json_get_string(NULL, "a"));
	assert_null(json_number_text(NULL));
	assert_false(json_i64(NULL, &i));
	assert_false(json_double(NULL, &d));
	json_write(&out, NULL);
	assert_string_equal(str_text(&out), "null");
	str_done(&out);
	json_free(NULL);
	json_reader_free(NULL);
}

static void test_doubled_names(void **state)
{
	(void)state;
	assert_written("{\"a\":1,\"b\":2,\"a\":3}", "{\"b\":2,\"a\":3}");
	assert_written("{\"a\":1,\"a\":{\"x\":1,\"x\":2},\"a\":[]}", "{\"a\":[]}");
	assert_written("{\"a\":{\"x\":1,\"x\":{\"y\":0,\"y\":[{\"z\":1,\"z\":2}]}}}", "{\"a\":{\"x\":{\"y\":[{\"z\":2}]}}}");
	assert_written("{\"a\":1,\"\\u0061\":2}", "{\"a\":2}");
	assert_written("{\"a\":1,\"A\":2,\"a \":3}", "{\"a\":1,\"A\":2,\"a \":3}");
	assert_written("[{\"a\":1},{\"a\":2}]", "[{\"a\":1},{\"a\":2}]");
}

/* 50,000 members with 100 names: the last of each stays, in order, and it does not take quadratic time. */
static void test_many_doubled_names(void **state)
{
	struct str text = { 0 };
	struct json *document;
	const struct json *child;
	int64_t number;

	(void)state;
	str_add_char(&text, '{');
	for (int i = 0; i < 50000; i++)
		str_add_format(&text, "%s\"name%d\":%d", i ? "," : "", i % 100, i);
	str_add_char(&text, '}');
	document = parse_bytes(str_text(&text), text.length, NULL);
	assert_non_null(document);
	assert_int_equal(json_count(document), 100);
	child = json_first(document);
	for (int i = 0; i < 100; i++, child = json_next(child)) {
		assert_true(json_i64(child, &number));
		assert_int_equal(number, 49900 + i);
	}
	assert_true(json_i64(json_get(document, "name7"), &number));
	assert_int_equal(number, 49907);
	json_free(document);
	str_done(&text);
}

static void test_integers(void **state)
{
	static const struct {
		const char *text;
		bool good;
		int64_t value;
	} cases[] = {
		{ "0", true, 0 },
		{ "-0", true, 0 },
		{ "0.000", true, 0 },
		{ "0e999999999999999999999", true, 0 },
		{ "1", true, 1 },
		{ "-1", true, -1 },
		{ "100", true, 100 },
		{ "1.0", true, 1 },
		{ "1.5", false, 0 },
		{ "15e-1", false, 0 },
		{ "150e-1", true, 15 },
		{ "1e3", true, 1000 },
		{ "1E+3", true, 1000 },
		{ "1.234e3", true, 1234 },
		{ "1.2345e3", false, 0 },
		{ "12.5e1", true, 125 },
		{ "0.001e3", true, 1 },
		{ "0.0015e3", false, 0 },
		{ "0.1", false, 0 },
		{ "10203.00", true, 10203 },
		{ "10203.04", false, 0 },
		{ "9007199254740993", true, 9007199254740993 },
		{ "9223372036854775807", true, INT64_MAX },
		{ "9223372036854775808", false, 0 },
		{ "-9223372036854775808", true, INT64_MIN },
		{ "-9223372036854775809", false, 0 },
		{ "9.223372036854775807e18", true, INT64_MAX },
		{ "9.2233720368547758075e18", false, 0 },
		{ "92233720368547758070e-1", true, INT64_MAX },
		{ "1e18", true, 1000000000000000000 },
		{ "1e19", false, 0 },
		{ "1e99999999999999999999999", false, 0 },
		{ "1e-99999999999999999999999", false, 0 },
		{ "\"123\"", true, 123 },
		{ "\"007\"", true, 7 },
		{ "\"9223372036854775807\"", true, INT64_MAX },
		{ "\"9223372036854775808\"", false, 0 },
		{ "\"-1\"", false, 0 },
		{ "\"+1\"", false, 0 },
		{ "\" 1\"", false, 0 },
		{ "\"1.0\"", false, 0 },
		{ "\"\"", false, 0 },
		{ "true", false, 0 },
		{ "null", false, 0 },
		{ "[1]", false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct json *document = parse(cases[i].text);
		int64_t value = 0;
		bool good = json_i64(document, &value);

		if (good != cases[i].good || value != cases[i].value)
			fail_msg("%s: %d, %lld", cases[i].text, good, (long long)value);
		json_free(document);
	}
}

static void test_doubles(void **state)
{
	static const struct {
		const char *text;
		bool good;
		double value;
	} cases[] = {
		{ "1.5", true, 1.5 },     { "-2e3", true, -2000 }, { "0", true, 0 },        { "1e999", false, 0 },
		{ "1e-999", true, 0 },    { "\"1.5\"", false, 0 }, { "null", false, 0 },
		{ "9007199254740992", true, 9007199254740992.0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct json *document = parse(cases[i].text);
		double value = 0;

		assert_int_equal(json_double(document, &value), cases[i].good);
		assert_true(value == cases[i].value);
		json_free(document);
	}
}

/* One value of a MiB, a MiB of small values, a number of a MiB; small documents before and after with the same reader. */
static void test_large_documents(void **state)
{
	enum { MIB = 1024 * 1024 };
	struct json_reader *reader = json_reader_new();
	struct str text = { 0 };
	const struct json *document;

	(void)state;
	for (int round = 0; round < 2; round++) {
		assert_non_null(json_reader_parse(reader, "{\"a\":1}", 7, NULL, NULL));
		str_clear(&text);
		str_add(&text, "[\"");
		for (int i = 0; i < MIB / 4; i++)
			str_add(&text, "\xf0\x9f\x98\x80");
		str_add(&text, "\"]");
		document = json_reader_parse(reader, str_text(&text), text.length, NULL, NULL);
		assert_non_null(document);
		assert_int_equal(strlen(json_string(json_first(document))), MIB);
		str_clear(&text);
		str_add_char(&text, '[');
		for (int i = 0; i < MIB / 2; i++)
			str_add(&text, i ? ",1" : "1");
		str_add_char(&text, ']');
		document = json_reader_parse(reader, str_text(&text), text.length, NULL, NULL);
		assert_non_null(document);
		assert_int_equal(json_count(document), MIB / 2);
		str_clear(&text);
		for (int i = 0; i < MIB; i++)
			str_add_char(&text, '7');
		document = json_reader_parse(reader, str_text(&text), text.length, NULL, NULL);
		assert_int_equal(strlen(json_number_text(document)), MIB);
		assert_false(json_i64(document, &(int64_t){ 0 }));
		assert_false(json_double(document, &(double){ 0 }));
	}
	str_done(&text);
	json_reader_free(reader);
}

/* What one document may take is bounded, with a reason, and the reader goes on afterwards. */
static void test_memory_bound(void **state)
{
	enum { VALUES = 3 * 1024 * 1024 };
	struct json_reader *reader = json_reader_new();
	char *text = mem_alloc(VALUES * 2 + 1);
	const char *why;

	(void)state;
	text[0] = '[';
	for (size_t i = 0; i < VALUES; i++) {
		text[i * 2 + 1] = '1';
		text[i * 2 + 2] = i + 1 < VALUES ? ',' : ']';
	}
	assert_null(json_reader_parse(reader, text, VALUES * 2 + 1, &why, NULL));
	assert_non_null(why);
	assert_non_null(json_reader_parse(reader, "[1]", 3, &why, NULL));
	assert_null(why);
	mem_free(text);
	json_reader_free(reader);
}

static void test_reader_beside_heap_documents(void **state)
{
	struct json_reader *reader = json_reader_new();
	struct json *first = parse("{\"a\":\"kept\"}"), *second;
	const struct json *read = json_reader_parse(reader, "{\"b\":\"line\"}", 12, NULL, NULL);

	(void)state;
	second = parse("{\"c\":\"more\"}");
	assert_string_equal(json_get_string(read, "b"), "line");
	json_free(first);
	assert_string_equal(json_get_string(read, "b"), "line");
	assert_string_equal(json_get_string(second, "c"), "more");
	json_reader_free(reader);
	assert_string_equal(json_get_string(second, "c"), "more");
	json_free(second);
}

static void test_writer(void **state)
{
	struct str out = { 0 };
	struct json_out w;

	(void)state;
	json_out_init(&w, &out);
	json_object(&w);
	json_pair_string(&w, "s", "a\"b\\c\n\x01\x7f/");
	json_pair_string(&w, "none", NULL);
	json_pair_i64(&w, "min", INT64_MIN);
	json_pair_bool(&w, "yes", true);
	json_name(&w, "list");
	json_array(&w);
	json_array(&w);
	json_array_end(&w);
	json_object(&w);
	json_object_end(&w);
	json_put_raw(&w, "1.10", 4);
	json_put_null(&w);
	json_put_i64(&w, 7);
	json_array_end(&w);
	json_name(&w, "quo\"te");
	json_put_bool(&w, false);
	json_object_end(&w);
	assert_string_equal(str_text(&out), "{\"s\":\"a\\\"b\\\\c\\n\\u0001\\u007f/\",\"none\":null,"
	                                    "\"min\":-9223372036854775808,\"yes\":true,"
	                                    "\"list\":[[],{},1.10,null,7],\"quo\\\"te\":false}");
	json_free(parse(str_text(&out)));
	str_done(&out);
}

static void test_quote_repairs(void **state)
{
	struct str out = { 0 };

	(void)state;
	json_quote(&out, "a\xff" "b\xc3\xa9\xc3", 6);
	assert_string_equal(str_text(&out), "\"a\xef\xbf\xbd" "b\xc3\xa9\xef\xbf\xbd\"");
	str_clear(&out);
	json_quote(&out, "a\0b", 3);
	assert_string_equal(str_text(&out), "\"a\\u0000b\"");
	str_clear(&out);
	json_quote(&out, "", 0);
	assert_string_equal(str_text(&out), "\"\"");
	str_done(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good_texts),
		cmocka_unit_test(test_bad_texts),
		cmocka_unit_test(test_nul_bytes),
		cmocka_unit_test(test_every_truncation_is_refused),
		cmocka_unit_test(test_every_byte_everywhere),
		cmocka_unit_test(test_invalid_utf8_everywhere),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_kinds_and_members),
		cmocka_unit_test(test_null_is_harmless),
		cmocka_unit_test(test_doubled_names),
		cmocka_unit_test(test_many_doubled_names),
		cmocka_unit_test(test_integers),
		cmocka_unit_test(test_doubles),
		cmocka_unit_test(test_large_documents),
		cmocka_unit_test(test_memory_bound),
		cmocka_unit_test(test_reader_beside_heap_documents),
		cmocka_unit_test(test_writer),
		cmocka_unit_test(test_quote_repairs),
	};

	return cmocka_run_group_tests_name("base/json", tests, NULL, NULL);
}
