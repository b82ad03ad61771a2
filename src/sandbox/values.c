/* Values by type: marketo-api.md 4 and the recorded refusals ("Invalid value for field 'x' and value 'y'"). */
#include "base/clock.h"
#include "base/text.h"
#include "sandbox/fields.h"

#include <stdint.h>
#include <string.h>

enum { TEXT_BYTES = 30000, STRING_UNITS = 255, SHOWN = 60 };

static bool is_letter_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Names of letters, digits and hyphens, two or more, none of them empty. */
static bool is_host(const char *text)
{
	size_t names = 0;

	for (;; text++) {
		size_t length = 0;

		while (is_letter_or_digit(text[length]) || text[length] == '-')
			length++;
		if (length == 0)
			return false;
		names++;
		text += length;
		if (*text != '.')
			return *text == '\0' && names > 1;
	}
}

/* An address and nothing around it: of the local part the characters that need no quoting (RFC 5322, 3.2.3). */
static bool is_email(const char *text)
{
	const char *c = text;

	while (is_letter_or_digit(*c) || (*c && strchr("!#$%&'*+-/=?^_`{|}~.", *c)))
		c++;
	return c > text && *c == '@' && is_host(c + 1);
}

static bool is_url(const char *text)
{
	const char *colon = strstr(text, "://");

	return colon && colon > text && colon[3] && !strpbrk(text, " \t\r\n") &&
		strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-") == (size_t)(colon - text);
}

static bool take_string(const struct field *field, const char *text, struct str *out)
{
	size_t units = (size_t)(field->length ? field->length : STRING_UNITS);

	if (field->type == TYPE_TEXT ? strlen(text) > TEXT_BYTES : text_utf16_length(text) > units)
		return false;
	if ((field->type == TYPE_EMAIL && !is_email(text)) || (field->type == TYPE_URL && !is_url(text)))
		return false;
	json_quote(out, text, strlen(text));
	return true;
}

static bool take_date(const char *text, struct str *out)
{
	int64_t ms;
	bool has_time;

	if (strlen(text) != 10 || !clock_parse(text, &ms, &has_time) || has_time)
		return false;
	json_quote(out, text, strlen(text));
	return true;
}

/* YYYY-MM-DDThh:mm:ss, a fraction if any, then Z, +hh:mm or -hh:mm. */
static bool is_datetime(const char *text)
{
	size_t length = strlen(text), zone = 19;

	if (length < 20 || text[16] != ':')
		return false;
	if (text[zone] == '.')
		zone += 1 + strspn(text + zone + 1, "0123456789");
	return strcmp(text + zone, "Z") == 0 || (length == zone + 6 && text[zone + 3] == ':');
}

/* Read back in UTC without milliseconds (recorded). */
static bool take_datetime(const char *text, struct str *out)
{
	int64_t ms;
	bool has_time;
	char utc[CLOCK_TEXT];

	if (!is_datetime(text) || !clock_parse(text, &ms, &has_time) || !has_time)
		return false;
	clock_format(ms, utc);
	json_quote(out, utc, strlen(utc));
	return true;
}

static bool take_integer(const struct json *value, struct str *out)
{
	int64_t number;

	if (json_kind(value) != JSON_NUMBER || !json_i64(value, &number) || number < INT32_MIN || number > INT32_MAX)
		return false;
	str_add_format(out, "%lld", (long long)number);
	return true;
}

/* As it stands. */
static bool take_float(const struct json *value, struct str *out)
{
	double number;

	if (json_kind(value) != JSON_NUMBER || !json_double(value, &number))
		return false;
	str_add(out, json_number_text(value));
	return true;
}

static bool take_boolean(const struct json *value, struct str *out)
{
	bool truth = json_kind(value) == JSON_TRUE;

	if (!truth && json_kind(value) != JSON_FALSE)
		return false;
	str_add(out, truth ? "true" : "false");
	return true;
}

/* Only in the JSON type that was recorded for each: nobody promises that a text is read as a number, or a number as a text. */
static bool take(const struct field *field, const struct json *value, struct str *out)
{
	const char *text = json_string(value);

	switch (field->type) {
	case TYPE_DATE:
		return text && take_date(text, out);
	case TYPE_DATETIME:
		return text && take_datetime(text, out);
	case TYPE_INTEGER:
	case TYPE_SCORE:
	case TYPE_PERCENT:
	case TYPE_REFERENCE:
		return take_integer(value, out);
	case TYPE_FLOAT:
	case TYPE_CURRENCY:
		return take_float(value, out);
	case TYPE_BOOLEAN:
		return take_boolean(value, out);
	case TYPE_FORMULA:
		return false;
	default:
		break;
	}
	return text && take_string(field, text, out);
}

static bool is_textual(enum field_type type)
{
	return type == TYPE_STRING || type == TYPE_TEXT || type == TYPE_EMAIL || type == TYPE_PHONE || type == TYPE_URL;
}

const char *value_check(const struct field *field, const struct json *value, struct str *out)
{
	enum json_kind kind = json_kind(value);
	const char *text = json_string(value);
	struct str shown = { 0 };

	str_clear(out);
	if (kind == JSON_NULL || (text && *text == '\0' && is_textual(field->type))) {
		str_add(out, "null");
		return NULL;
	}
	if (kind == JSON_ARRAY || kind == JSON_OBJECT) {
		str_add_format(out, "Invalid value for field '%s'. Required of type '%s'", field->name, type_name(field->type));
		return "1001";
	}
	if (take(field, value, out))
		return NULL;
	if (text)
		str_add(&shown, text);
	else
		json_write(&shown, value);
	str_clear(out);
	str_add_format(out, "Invalid value for field '%s' and value '%.*s'", field->name, (int)text_cut(str_text(&shown), shown.length, SHOWN),
		str_text(&shown));
	str_done(&shown);
	return "1003";
}
