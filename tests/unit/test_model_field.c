/* Values against fields: what Marketo accepts, and what must not cost a call. */
#include "base/mem.h"
#include "model/field.h"
#include "model/number.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct value text_value(const char *text)
{
	return (struct value){ .kind = VALUE_STRING, .text = text, .length = strlen(text) };
}

static struct value number_value(const char *text)
{
	return (struct value){ .kind = VALUE_NUMBER, .text = text, .length = strlen(text) };
}

static const char *const type_names[] = { "string", "text", "email", "phone", "url", "date", "datetime", "integer", "score", "percent",
	"float", "currency", "boolean", "reference", "formula", "lead_function" };

static void test_types(void **state)
{
	(void)state;
	for (int type = FIELD_STRING; type <= FIELD_OTHER; type++)
		assert_int_equal(field_type_of(type_names[type]), type);
	assert_int_equal(field_type_of("Email"), FIELD_EMAIL);
	assert_int_equal(field_type_of(""), FIELD_OTHER);
	assert_int_equal(field_type_of(NULL), FIELD_OTHER);
}

/* `expected`: the JSON, or with a '!' before it the reason. */
static void check(enum field_type type, int length, struct value value, const char *expected)
{
	const struct field field = { .name = (char *)"f", .type = type, .length = length, .updateable = true };
	struct str out = { 0 };
	const char *why;

	str_add(&out, "before:");
	why = field_render(&field, &value, &out);
	if (expected[0] == '!') {
		if (!why || strcmp(why, expected + 1) != 0)
			fail_msg("type %d, %s: %s instead of %s", type, value.text, why ? why : str_text(&out), expected);
		assert_string_equal(str_text(&out), "before:");
		assert_string_not_equal(field_reason_text(why), why);
	} else {
		if (why || strcmp(str_text(&out) + 7, expected) != 0)
			fail_msg("type %d, %s: %s instead of %s", type, value.text, why ? why : str_text(&out), expected);
	}
	str_done(&out);
}

static void test_values(void **state)
{
	static const struct {
		enum field_type type;
		enum value_kind kind;
		const char *text, *expected;
	} cases[] = {
		{ FIELD_STRING, VALUE_STRING, "Ann", "\"Ann\"" },
		{ FIELD_STRING, VALUE_STRING, "", "\"\"" },
		{ FIELD_STRING, VALUE_STRING, " kept as it is ", "\" kept as it is \"" },
		{ FIELD_STRING, VALUE_STRING, "say \"hi\"\\", "\"say \\\"hi\\\"\\\\\"" },
		{ FIELD_STRING, VALUE_STRING, "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d \xe2\x80\xae\xf0\x9f\x8e\x89", "\"\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d \xe2\x80\xae\xf0\x9f\x8e\x89\"" },
		{ FIELD_STRING, VALUE_NUMBER, "12345", "\"12345\"" },
		{ FIELD_STRING, VALUE_NUMBER, "1.10", "\"1.10\"" },
		{ FIELD_STRING, VALUE_NUMBER, "9007199254740993", "\"9007199254740993\"" },
		{ FIELD_STRING, VALUE_TRUE, NULL, "\"true\"" },
		{ FIELD_STRING, VALUE_FALSE, NULL, "\"false\"" },
		{ FIELD_STRING, VALUE_NULL, NULL, "null" },
		{ FIELD_STRING, VALUE_OTHER, NULL, "!wrong_type" },
		{ FIELD_STRING, VALUE_ABSENT, NULL, "!absent" },
		{ FIELD_TEXT, VALUE_STRING, "text is here", "\"text is here\"" },
		{ FIELD_TEXT, VALUE_NUMBER, "5", "\"5\"" },
		{ FIELD_TEXT, VALUE_OTHER, NULL, "!wrong_type" },
		{ FIELD_PHONE, VALUE_STRING, "+1 202-555-0123", "\"+1 202-555-0123\"" },
		{ FIELD_PHONE, VALUE_NUMBER, "2025550123", "\"2025550123\"" },
		{ FIELD_PHONE, VALUE_TRUE, NULL, "!wrong_type" },
		{ FIELD_EMAIL, VALUE_STRING, "field@example.com", "\"field@example.com\"" },
		{ FIELD_EMAIL, VALUE_STRING, "  field@example.com\r\n", "\"field@example.com\"" },
		{ FIELD_EMAIL, VALUE_STRING, "First.O'Neil+tag@mail.example.org", "\"First.O'Neil+tag@mail.example.org\"" },
		{ FIELD_EMAIL, VALUE_STRING, "bademail", "!not_email" },
		{ FIELD_EMAIL, VALUE_STRING, "", "!not_email" },
		{ FIELD_EMAIL, VALUE_STRING, "@example.com", "!not_email" },
		{ FIELD_EMAIL, VALUE_STRING, "a@", "!not_email" },
		{ FIELD_EMAIL, VALUE_STRING, "a@localhost", "!not_email" },
		{ FIELD_EMAIL, VALUE_STRING, "a@example..com", "!not_email" },
		{ FIELD_EMAIL, VALUE_STRING, "a@.example.com", "!not_email" },
		{ FIELD_EMAIL, VALUE_STRING, "a@example.com.", "!not_email" },
		{ FIELD_EMAIL, VALUE_STRING, "a@b@example.com", "!not_email" },
		{ FIELD_EMAIL, VALUE_STRING, "a b@example.com", "!not_email" },
		{ FIELD_EMAIL, VALUE_STRING, "a,b@example.com", "!not_email" },
		{ FIELD_EMAIL, VALUE_STRING, "<a@example.com>", "!not_email" },
		{ FIELD_EMAIL, VALUE_STRING, "a\x1b@example.com", "!not_email" },
		{ FIELD_EMAIL, VALUE_STRING, "a@exa_mple.com", "!not_email" },
		{ FIELD_EMAIL, VALUE_STRING, "zo\xc3\xab@example.com", "!not_ascii" },
		{ FIELD_EMAIL, VALUE_STRING, "a@ex\xc3\xa4mple.com", "!not_ascii" },
		{ FIELD_EMAIL, VALUE_NUMBER, "5", "!wrong_type" },
		{ FIELD_EMAIL, VALUE_TRUE, NULL, "!wrong_type" },
		{ FIELD_URL, VALUE_STRING, "https://www.example.com/a?b=c", "\"https://www.example.com/a?b=c\"" },
		{ FIELD_URL, VALUE_STRING, " http://example.com ", "\"http://example.com\"" },
		{ FIELD_URL, VALUE_STRING, "www.example.com", "!bad_url" },
		{ FIELD_URL, VALUE_STRING, "https://", "!bad_url" },
		{ FIELD_URL, VALUE_STRING, "://example.com", "!bad_url" },
		{ FIELD_URL, VALUE_STRING, "1://example.com", "!bad_url" },
		{ FIELD_URL, VALUE_STRING, "https://example.com/a b", "!bad_url" },
		{ FIELD_URL, VALUE_STRING, "https://example.com/\x07", "!bad_url" },
		{ FIELD_URL, VALUE_STRING, "javascript:alert(1)", "!bad_url" },
		{ FIELD_URL, VALUE_STRING, "", "!bad_url" },
		{ FIELD_URL, VALUE_NUMBER, "1", "!wrong_type" },
		{ FIELD_DATE, VALUE_STRING, "2020-08-30", "\"2020-08-30\"" },
		{ FIELD_DATE, VALUE_STRING, " 2020-02-29 ", "\"2020-02-29\"" },
		{ FIELD_DATE, VALUE_STRING, "1980-01-01T00:00:00+02:00", "\"1980-01-01\"" },
		{ FIELD_DATE, VALUE_STRING, "2020-08-30T23:59:59.999Z", "\"2020-08-30\"" },
		{ FIELD_DATE, VALUE_STRING, "2021-02-29", "!bad_date" },
		{ FIELD_DATE, VALUE_STRING, "30.08.2020", "!bad_date" },
		{ FIELD_DATE, VALUE_STRING, "2020-8-3", "!bad_date" },
		{ FIELD_DATE, VALUE_STRING, "", "!bad_date" },
		{ FIELD_DATE, VALUE_STRING, "2020-08-30 and much more text than any date ever has", "!bad_date" },
		{ FIELD_DATE, VALUE_NUMBER, "1598759388", "!bad_date" },
		{ FIELD_DATETIME, VALUE_STRING, "2020-08-30T05:49:48.000Z", "\"2020-08-30T05:49:48Z\"" },
		{ FIELD_DATETIME, VALUE_STRING, "2020-08-30T05:49:48+0000", "\"2020-08-30T05:49:48Z\"" },
		{ FIELD_DATETIME, VALUE_STRING, "2020-08-30T05:49:48+02:00", "\"2020-08-30T03:49:48Z\"" },
		{ FIELD_DATETIME, VALUE_STRING, "2020-08-30", "\"2020-08-30T00:00:00Z\"" },
		{ FIELD_DATETIME, VALUE_STRING, "2020-08-30T05:49:48", "!bad_date" },
		{ FIELD_DATETIME, VALUE_STRING, "9999-12-31T23:59:59-23:00", "!bad_date" },
		{ FIELD_DATETIME, VALUE_STRING, "0000-01-01T00:00:00+23:00", "!bad_date" },
		{ FIELD_DATETIME, VALUE_STRING, "yesterday", "!bad_date" },
		{ FIELD_DATETIME, VALUE_TRUE, NULL, "!bad_date" },
		{ FIELD_INTEGER, VALUE_NUMBER, "5", "5" },
		{ FIELD_INTEGER, VALUE_NUMBER, "-0", "0" },
		{ FIELD_INTEGER, VALUE_NUMBER, "5.0", "5" },
		{ FIELD_INTEGER, VALUE_NUMBER, "1e3", "1000" },
		{ FIELD_INTEGER, VALUE_NUMBER, "1200e-2", "12" },
		{ FIELD_INTEGER, VALUE_NUMBER, "9007199254740993", "9007199254740993" },
		{ FIELD_INTEGER, VALUE_NUMBER, "9223372036854775807", "9223372036854775807" },
		{ FIELD_INTEGER, VALUE_NUMBER, "-9223372036854775808", "-9223372036854775808" },
		{ FIELD_INTEGER, VALUE_NUMBER, "9223372036854775808", "!not_integer" },
		{ FIELD_INTEGER, VALUE_NUMBER, "-9223372036854775809", "!not_integer" },
		{ FIELD_INTEGER, VALUE_NUMBER, "1e19", "!not_integer" },
		{ FIELD_INTEGER, VALUE_NUMBER, "1e999999999999999999999", "!not_integer" },
		{ FIELD_INTEGER, VALUE_NUMBER, "0e999999999999999999999", "0" },
		{ FIELD_INTEGER, VALUE_NUMBER, "1e-999999999999999999999", "!not_integer" },
		{ FIELD_INTEGER, VALUE_NUMBER, "3.7", "!not_integer" },
		{ FIELD_INTEGER, VALUE_NUMBER, "14.1", "!not_integer" },
		{ FIELD_INTEGER, VALUE_STRING, "42", "42" },
		{ FIELD_INTEGER, VALUE_STRING, " 007 ", "7" },
		{ FIELD_INTEGER, VALUE_STRING, "3.7", "!not_integer" },
		{ FIELD_INTEGER, VALUE_STRING, "4x", "!wrong_type" },
		{ FIELD_INTEGER, VALUE_STRING, "+4", "!wrong_type" },
		{ FIELD_INTEGER, VALUE_STRING, "1,000", "!wrong_type" },
		{ FIELD_INTEGER, VALUE_STRING, "", "!wrong_type" },
		{ FIELD_INTEGER, VALUE_TRUE, NULL, "!wrong_type" },
		{ FIELD_SCORE, VALUE_NUMBER, "10", "10" },
		{ FIELD_SCORE, VALUE_NUMBER, "10.7", "!not_integer" },
		{ FIELD_PERCENT, VALUE_NUMBER, "99", "99" },
		{ FIELD_PERCENT, VALUE_STRING, "100%", "!wrong_type" },
		{ FIELD_FLOAT, VALUE_NUMBER, "5.4", "5.4" },
		{ FIELD_FLOAT, VALUE_NUMBER, "1.10", "1.10" },
		{ FIELD_FLOAT, VALUE_NUMBER, "0.30000000000000004", "0.30000000000000004" },
		{ FIELD_FLOAT, VALUE_NUMBER, "-1E+5", "-1E+5" },
		{ FIELD_FLOAT, VALUE_NUMBER, "1e308", "!wrong_type" },
		{ FIELD_FLOAT, VALUE_NUMBER, "1e400", "!wrong_type" },
		{ FIELD_FLOAT, VALUE_NUMBER, "0e400", "0e400" },
		{ FIELD_FLOAT, VALUE_STRING, "007.50", "7.50" },
		{ FIELD_FLOAT, VALUE_STRING, "-00.5", "-0.5" },
		{ FIELD_FLOAT, VALUE_STRING, "14c", "!wrong_type" },
		{ FIELD_FLOAT, VALUE_STRING, ".5", "!wrong_type" },
		{ FIELD_FLOAT, VALUE_STRING, "5.", "!wrong_type" },
		{ FIELD_FLOAT, VALUE_STRING, "-", "!wrong_type" },
		{ FIELD_FLOAT, VALUE_STRING, "nan", "!wrong_type" },
		{ FIELD_FLOAT, VALUE_STRING, "1e", "!wrong_type" },
		{ FIELD_CURRENCY, VALUE_NUMBER, "34.66", "34.66" },
		{ FIELD_CURRENCY, VALUE_STRING, "$5", "!wrong_type" },
		{ FIELD_BOOLEAN, VALUE_TRUE, NULL, "true" },
		{ FIELD_BOOLEAN, VALUE_FALSE, NULL, "false" },
		{ FIELD_BOOLEAN, VALUE_STRING, "true", "true" },
		{ FIELD_BOOLEAN, VALUE_STRING, " FALSE ", "false" },
		{ FIELD_BOOLEAN, VALUE_STRING, "1", "true" },
		{ FIELD_BOOLEAN, VALUE_NUMBER, "0", "false" },
		{ FIELD_BOOLEAN, VALUE_NUMBER, "1", "true" },
		{ FIELD_BOOLEAN, VALUE_NUMBER, "2", "!wrong_type" },
		{ FIELD_BOOLEAN, VALUE_STRING, "other", "!wrong_type" },
		{ FIELD_BOOLEAN, VALUE_STRING, "yes", "!wrong_type" },
		{ FIELD_BOOLEAN, VALUE_STRING, "", "!wrong_type" },
		{ FIELD_BOOLEAN, VALUE_NULL, NULL, "null" },
		{ FIELD_BOOLEAN, VALUE_OTHER, NULL, "!wrong_type" },
		{ FIELD_REFERENCE, VALUE_STRING, "1", "!read_only" },
		{ FIELD_FORMULA, VALUE_NULL, NULL, "!read_only" },
		{ FIELD_OTHER, VALUE_STRING, "x", "\"x\"" },
		{ FIELD_OTHER, VALUE_NUMBER, "1.5", "1.5" },
		{ FIELD_OTHER, VALUE_TRUE, NULL, "true" },
		{ FIELD_OTHER, VALUE_OTHER, NULL, "!wrong_type" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct value value = { .kind = cases[i].kind, .text = cases[i].text, .length = cases[i].text ? strlen(cases[i].text) : 0 };

		check(cases[i].type, 0, value, cases[i].expected);
	}
}

/* A text of `count` copies of `unit` in field of `length` (0: Describe gave none): fits or not. */
static void check_length(enum field_type type, int length, const char *unit, size_t count, bool fits)
{
	const struct field field = { .name = (char *)"f", .type = type, .length = length, .updateable = true };
	struct str text = { 0 }, out = { 0 };
	struct value value;
	const char *why;

	for (size_t i = 0; i < count; i++)
		str_add(&text, unit);
	value = text_value(str_text(&text));
	why = field_render(&field, &value, &out);
	if (fits) {
		assert_null(why);
		assert_int_equal(out.length, text.length + 2);
	} else {
		assert_string_equal(why, "too_long");
		assert_int_equal(out.length, 0);
	}
	str_done(&text);
	str_done(&out);
}

static void test_lengths(void **state)
{
	(void)state;
	check_length(FIELD_STRING, 0, "x", 255, true);
	check_length(FIELD_STRING, 0, "x", 256, false);
	check_length(FIELD_STRING, 40, "x", 40, true);
	check_length(FIELD_STRING, 40, "x", 41, false);
	check_length(FIELD_STRING, 2000, "x", 2000, true);
	/* UTF-16 units count, not bytes: a three-byte character is one, a four-byte one is two. */
	check_length(FIELD_STRING, 0, "\xe6\x9d\xb1", 255, true);
	check_length(FIELD_STRING, 0, "\xe6\x9d\xb1", 256, false);
	check_length(FIELD_STRING, 0, "\xc3\xa9", 255, true);
	check_length(FIELD_STRING, 0, "\xf0\x9f\x8e\x89", 127, true);
	check_length(FIELD_STRING, 0, "\xf0\x9f\x8e\x89", 128, false);
	check_length(FIELD_STRING, 256, "\xf0\x9f\x8e\x89", 128, true);
	check_length(FIELD_PHONE, 0, "5", 256, false);
	/* Text counts bytes. */
	check_length(FIELD_TEXT, 0, "x", 30000, true);
	check_length(FIELD_TEXT, 0, "x", 30001, false);
	check_length(FIELD_TEXT, 0, "\xe6\x9d\xb1", 10000, true);
	check_length(FIELD_TEXT, 0, "\xe6\x9d\xb1", 10001, false);
	check_length(FIELD_TEXT, 10, "x", 11, false);
}

static void test_long_address_and_url(void **state)
{
	char text[400];

	(void)state;
	memset(text, 'a', sizeof text);
	memcpy(text + 300, "@example.com", 13);
	check(FIELD_EMAIL, 0, text_value(text), "!too_long");
	check(FIELD_EMAIL, 40, text_value(text + 260), "!too_long");
	memcpy(text, "https://", 8);
	check(FIELD_URL, 0, text_value(text), "!too_long");
}

static void test_read_only(void **state)
{
	const struct field field = { .name = (char *)"ecids", .type = FIELD_STRING, .updateable = false };
	struct value value = text_value("123");
	struct str out = { 0 };

	(void)state;
	assert_string_equal(field_render(&field, &value, &out), "read_only");
	assert_int_equal(out.length, 0);
	assert_null(field_render_key(&field, &value, &out));
	assert_string_equal(str_text(&out), "\"123\"");
	value = text_value(" \t");
	assert_string_equal(field_render_key(&field, &value, &out), "no_identity");
	value = (struct value){ .kind = VALUE_NULL };
	assert_string_equal(field_render_key(&field, &value, &out), "no_identity");
	value = (struct value){ .kind = VALUE_ABSENT };
	assert_string_equal(field_render_key(&field, &value, &out), "no_identity");
	str_done(&out);
}

/* Text that is not ended where the value ends. */
static void test_part_of_a_text(void **state)
{
	static const enum field_type types[] = { FIELD_INTEGER, FIELD_FLOAT, FIELD_DATE, FIELD_DATETIME, FIELD_BOOLEAN, FIELD_STRING, FIELD_URL, FIELD_EMAIL };
	static const char *const texts[] = { "12", "1.5", "2020-08-30", "2020-08-30", "true", "Ann", "https://example.com", "a@example.com" };

	(void)state;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		size_t length = strlen(texts[i]);
		const struct field field = { .name = (char *)"f", .type = types[i], .updateable = true };
		char *exact = mem_alloc(length);
		struct value value = { .kind = VALUE_STRING, .text = exact, .length = length };
		struct str out = { 0 };

		memcpy(exact, texts[i], length);
		assert_null(field_render(&field, &value, &out));
		mem_free(exact);
		str_done(&out);
	}
}

static void test_control_characters(void **state)
{
	const struct field field = { .name = (char *)"f", .type = FIELD_STRING, .updateable = true };
	struct value value = text_value("\x1b[31mred\x07\n\t");
	struct str out = { 0 };

	(void)state;
	assert_null(field_render(&field, &value, &out));
	for (size_t i = 0; i < out.length; i++)
		assert_true((unsigned char)out.text[i] >= 0x20);
	assert_non_null(strstr(out.text, "\\u001b[31mred\\u0007\\n\\t"));
	str_done(&out);
}

static void test_huge_number(void **state)
{
	struct str text = { 0 };

	(void)state;
	str_add(&text, "1.");
	for (int i = 0; i < 100000; i++)
		str_add_char(&text, '0');
	check(FIELD_INTEGER, 0, number_value(str_text(&text)), "1");
	check(FIELD_FLOAT, 0, number_value(str_text(&text)), "!wrong_type");
	check(FIELD_STRING, 0, number_value(str_text(&text)), "!too_long");
	str_add_char(&text, '1');
	check(FIELD_INTEGER, 0, number_value(str_text(&text)), "!not_integer");
	str_done(&text);
}

static void add(struct catalogue *catalogue, const char *name, const char *label)
{
	catalogue_add(catalogue, (struct field){ .name = mem_strdup(name), .label = mem_strdup(label), .type_name = mem_strdup("string"), .updateable = true });
}

static void test_catalogue(void **state)
{
	struct catalogue catalogue;

	(void)state;
	catalogue_init(&catalogue);
	assert_null(catalogue_find(&catalogue, "email"));
	assert_null(catalogue_nearest(&catalogue, "email"));
	catalogue_sort(&catalogue);
	add(&catalogue, "lastName", "Last Name");
	add(&catalogue, "email", "Email Address");
	add(&catalogue, "firstName", "First Name");
	add(&catalogue, "x", NULL);
	catalogue_sort(&catalogue);
	assert_string_equal(catalogue_find(&catalogue, "email")->label, "Email Address");
	assert_string_equal(catalogue_find(&catalogue, "lastName")->label, "Last Name");
	assert_null(catalogue_find(&catalogue, "Email"));
	assert_null(catalogue_find(&catalogue, ""));
	assert_string_equal(catalogue_nearest(&catalogue, "EMAIL"), "email");
	assert_string_equal(catalogue_nearest(&catalogue, "first name"), "firstName");
	assert_string_equal(catalogue_nearest(&catalogue, "fristName"), "firstName");
	assert_null(catalogue_nearest(&catalogue, "somethingElse"));
	assert_null(catalogue_nearest(&catalogue, ""));
	catalogue_done(&catalogue);
	assert_int_equal(catalogue.fields.count, 0);
}

static void test_company(void **state)
{
	(void)state;
	assert_true(field_is_company("company"));
	assert_true(field_is_company("companyName"));
	assert_true(field_is_company("website"));
	assert_true(field_is_company("annualRevenue"));
	assert_false(field_is_company("Company"));
	assert_false(field_is_company("email"));
	assert_false(field_is_company("externalCompanyId"));
	assert_false(field_is_company(""));
}

static void test_reasons(void **state)
{
	(void)state;
	assert_string_equal(field_reason_text("1003"), "1003");
	assert_string_not_equal(field_reason_text("1004"), "1004");
	assert_string_not_equal(field_reason_text("not_started"), "not_started");
	assert_string_not_equal(field_reason_text("ended"), "ended");
	assert_string_not_equal(field_reason_text("no_identity"), "no_identity");
	assert_string_not_equal(field_reason_text("bad_status"), "bad_status");
	assert_string_not_equal(field_reason_text("ecid_only"), "ecid_only");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_types),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_long_address_and_url),
		cmocka_unit_test(test_read_only),
		cmocka_unit_test(test_part_of_a_text),
		cmocka_unit_test(test_control_characters),
		cmocka_unit_test(test_huge_number),
		cmocka_unit_test(test_catalogue),
		cmocka_unit_test(test_company),
		cmocka_unit_test(test_reasons),
	};

	return cmocka_run_group_tests_name("model/field", tests, NULL, NULL);
}
