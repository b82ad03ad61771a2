/*
 * A value becomes the JSON that Marketo accepts for its field, or the reason why it cannot. It runs once a value of a run, so it makes no copy
 * and asks for no memory but `out`'s.
 */
#include "model/field.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/json.h"
#include "model/number.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum {
	STRING_LIMIT = 255,  /* UTF-16 units, when Describe gives no length (marketo-api 4) */
	TEXT_LIMIT = 30000,  /* bytes */
	DATE_LIMIT = 48,     /* bytes of the longest form that clock_parse reads, and some */
	NUMBER_LIMIT = 64,   /* bytes of a number that is passed on as it stands */
};

typedef const char *render(const struct field *field, const struct value *value, struct str *out);

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* White space around anything but free text is an accident of the system the value comes from. */
static struct value trimmed(const struct value *value)
{
	struct value inner = *value;

	while (inner.length > 0 && is_space(inner.text[0])) {
		inner.text++;
		inner.length--;
	}
	while (inner.length > 0 && is_space(inner.text[inner.length - 1]))
		inner.length--;
	return inner;
}

/* Is the text longer than `limit` UTF-16 units? There are never more units than bytes, so most texts need no counting. */
static bool longer_than(const char *text, size_t length, size_t limit)
{
	size_t units = 0;

	if (length <= limit)
		return false;
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)text[i];

		units += (byte & 0xc0) == 0x80 ? 0 : byte >= 0xf0 ? 2 : 1;
	}
	return units > limit;
}

static size_t string_limit(const struct field *field)
{
	return field->length > 0 ? (size_t)field->length : STRING_LIMIT;
}

static const char *render_words(const char *text, size_t length, bool fits, struct str *out)
{
	if (!fits)
		return "too_long";
	json_quote(out, text, length);
	return NULL;
}

static bool as_words(const struct value *value, const char **text, size_t *length)
{
	bool truth = value->kind == VALUE_TRUE;

	if (value->kind == VALUE_STRING || value->kind == VALUE_NUMBER) {
		*text = value->text;
		*length = value->length;
		return true;
	}
	*text = truth ? "true" : "false";
	*length = truth ? 4 : 5;
	return truth || value->kind == VALUE_FALSE;
}

static const char *render_string(const struct field *field, const struct value *value, struct str *out)
{
	const char *text;
	size_t length;

	if (!as_words(value, &text, &length))
		return "wrong_type";
	return render_words(text, length, !longer_than(text, length, string_limit(field)), out);
}

static const char *render_text(const struct field *field, const struct value *value, struct str *out)
{
	size_t limit = field->length > 0 ? (size_t)field->length : TEXT_LIMIT;
	const char *text;
	size_t length;

	if (!as_words(value, &text, &length))
		return "wrong_type";
	return render_words(text, length, length <= limit, out);
}

static const char *render_phone(const struct field *field, const struct value *value, struct str *out)
{
	if (value->kind == VALUE_TRUE || value->kind == VALUE_FALSE)
		return "wrong_type";
	return render_string(field, value, out);
}

/* The characters of an unquoted local part (RFC 5322, 3.2.3) and the dot. */
static bool is_local(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c && strchr("!#$%&'*+-/=?^_`{|}~.", c));
}

static bool is_host(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

/* Plausible, not deliverable: local@domain.domain, no quoting, no comments. */
static bool is_email(const char *text, size_t length)
{
	const char *at = memchr(text, '@', length);
	const char *end = text + length;
	bool dot = false;

	if (!at || at == text || at + 1 == end)
		return false;
	for (const char *p = text; p < at; p++) {
		if (!is_local(*p))
			return false;
	}
	for (const char *p = at + 1; p < end; p++) {
		if (!is_host(*p) || (*p == '.' && (p == at + 1 || p + 1 == end || p[-1] == '.')))
			return false;
		dot = dot || *p == '.';
	}
	return dot;
}

static const char *render_email(const struct field *field, const struct value *value, struct str *out)
{
	struct value inner;

	if (value->kind != VALUE_STRING)
		return "wrong_type";
	inner = trimmed(value);
	for (size_t i = 0; i < inner.length; i++) {
		if ((unsigned char)inner.text[i] >= 0x80)
			return "not_ascii";
	}
	if (inner.length > string_limit(field))
		return "too_long";
	if (!is_email(inner.text, inner.length))
		return "not_email";
	json_quote(out, inner.text, inner.length);
	return NULL;
}

/* scheme://something, without white space or control characters. */
static bool is_url(const char *text, size_t length)
{
	size_t scheme = 0;

	while (scheme < length && (is_host(text[scheme]) || text[scheme] == '+'))
		scheme++;
	if (scheme == 0 || scheme + 3 >= length || memcmp(text + scheme, "://", 3) != 0)
		return false;
	for (size_t i = 0; i < length; i++) {
		if ((unsigned char)text[i] <= ' ' || text[i] == 0x7f)
			return false;
	}
	return (text[0] >= 'a' && text[0] <= 'z') || (text[0] >= 'A' && text[0] <= 'Z');
}

static const char *render_url(const struct field *field, const struct value *value, struct str *out)
{
	struct value inner;

	if (value->kind != VALUE_STRING)
		return "wrong_type";
	inner = trimmed(value);
	if (!is_url(inner.text, inner.length))
		return "bad_url";
	return render_words(inner.text, inner.length, !longer_than(inner.text, inner.length, string_limit(field)), out);
}

/* Copies the trimmed text into `copy` (ended by a NUL) and reads it. */
static bool read_date(const struct value *value, char copy[DATE_LIMIT], int64_t *wall_ms)
{
	struct value inner;

	if (value->kind != VALUE_STRING)
		return false;
	inner = trimmed(value);
	if (inner.length >= DATE_LIMIT)
		return false;
	memcpy(copy, inner.text, inner.length);
	copy[inner.length] = '\0';
	return clock_parse(copy, wall_ms, NULL);
}

/* Of a date-time the date is taken as it was written: a birthday at midnight in Paris is not the day before. */
static const char *render_date(const struct field *field, const struct value *value, struct str *out)
{
	char copy[DATE_LIMIT];
	int64_t wall_ms;

	(void)field;
	if (!read_date(value, copy, &wall_ms))
		return "bad_date";
	json_quote(out, copy, strlen("YYYY-MM-DD"));
	return NULL;
}

static const char *render_datetime(const struct field *field, const struct value *value, struct str *out)
{
	char copy[DATE_LIMIT], text[CLOCK_TEXT];
	int64_t wall_ms;

	(void)field;
	if (!read_date(value, copy, &wall_ms))
		return "bad_date";
	clock_format(wall_ms, text);
	/* An offset may carry the first and the last day of the calendar out of the four digits of a year. */
	if (strlen(text) != strlen("YYYY-MM-DDThh:mm:ssZ") || text[0] == '-')
		return "bad_date";
	json_quote(out, text, strlen(text));
	return NULL;
}

static bool read_number(const struct value *value, struct value *inner, struct number *number)
{
	if (value->kind != VALUE_STRING && value->kind != VALUE_NUMBER)
		return false;
	*inner = trimmed(value);
	return number_parse(inner->text, inner->length, number);
}

static const char *render_integer(const struct field *field, const struct value *value, struct str *out)
{
	struct value inner;
	struct number number;
	char text[24];
	int64_t integer;
	int length;

	(void)field;
	if (!read_number(value, &inner, &number))
		return "wrong_type";
	if (!number_to_i64(&number, &integer))
		return "not_integer";
	length = snprintf(text, sizeof text, "%" PRId64, integer);
	str_add_bytes(out, text, (size_t)length);
	return NULL;
}

/* The digits as they stood, so that 1.10 stays 1.10; leading zeros, which JSON does not know, are left out. */
static const char *render_float(const struct field *field, const struct value *value, struct str *out)
{
	struct value inner;
	struct number number;
	size_t zeros = 0;

	(void)field;
	if (!read_number(value, &inner, &number) || inner.length > NUMBER_LIMIT || !number_is_finite(&number))
		return "wrong_type";
	while (zeros + 1 < number.whole_length && number.whole[zeros] == '0')
		zeros++;
	if (number.negative)
		str_add_char(out, '-');
	str_add_bytes(out, number.whole + zeros, (size_t)(inner.text + inner.length - number.whole) - zeros);
	return NULL;
}

static bool word_is(const struct value *value, const char *word)
{
	return value->length == strlen(word) && strncasecmp(value->text, word, value->length) == 0;
}

/* true, false, 1 and 0, as words or numbers; other words are refused by Marketo (1003). */
static const char *render_boolean(const struct field *field, const struct value *value, struct str *out)
{
	struct value inner = { .kind = value->kind };
	bool truth = value->kind == VALUE_TRUE;

	(void)field;
	if (value->kind == VALUE_STRING || value->kind == VALUE_NUMBER) {
		inner = trimmed(value);
		truth = word_is(&inner, "1") || (value->kind == VALUE_STRING && word_is(&inner, "true"));
		if (!truth && !word_is(&inner, "0") && !(value->kind == VALUE_STRING && word_is(&inner, "false")))
			return "wrong_type";
	} else if (!truth && value->kind != VALUE_FALSE) {
		return "wrong_type";
	}
	str_add(out, truth ? "true" : "false");
	return NULL;
}

static const char *render_read_only(const struct field *field, const struct value *value, struct str *out)
{
	(void)field;
	(void)value;
	(void)out;
	return "read_only";
}

/* A type this version does not know: what Marketo says of it is the last word, as long as it is a single value. */
static const char *render_other(const struct field *field, const struct value *value, struct str *out)
{
	if (value->kind == VALUE_STRING)
		return render_text(field, value, out);
	if (value->kind == VALUE_NUMBER)
		return render_float(field, value, out);
	return render_boolean(field, value, out);
}

static render *const renders[] = {
	[FIELD_STRING] = render_string,
	[FIELD_TEXT] = render_text,
	[FIELD_EMAIL] = render_email,
	[FIELD_PHONE] = render_phone,
	[FIELD_URL] = render_url,
	[FIELD_DATE] = render_date,
	[FIELD_DATETIME] = render_datetime,
	[FIELD_INTEGER] = render_integer,
	[FIELD_SCORE] = render_integer,
	[FIELD_PERCENT] = render_integer,
	[FIELD_FLOAT] = render_float,
	[FIELD_CURRENCY] = render_float,
	[FIELD_BOOLEAN] = render_boolean,
	[FIELD_REFERENCE] = render_read_only,
	[FIELD_FORMULA] = render_read_only,
	[FIELD_OTHER] = render_other,
};

const char *field_render_key(const struct field *field, const struct value *value, struct str *out)
{
	if (value->kind == VALUE_ABSENT || value->kind == VALUE_NULL || (value->kind == VALUE_STRING && trimmed(value).length == 0))
		return "no_identity";
	return renders[field->type](field, value, out);
}

const char *field_render(const struct field *field, const struct value *value, struct str *out)
{
	if (!field->updateable || renders[field->type] == render_read_only)
		return "read_only";
	if (value->kind == VALUE_ABSENT)
		return "absent";
	if (value->kind == VALUE_NULL) {
		str_add_bytes(out, "null", 4);
		return NULL;
	}
	return renders[field->type](field, value, out);
}

static const struct {
	const char *code, *text;
} reasons[] = {
	{ "absent", N_("there is no value") },
	{ "too_long", N_("the value is longer than the field") },
	{ "wrong_type", N_("the value does not suit the field's type") },
	{ "not_ascii", N_("the e-mail address holds characters other than ASCII, which Marketo refuses") },
	{ "not_email", N_("the value is not an e-mail address") },
	{ "not_integer", N_("the value is not a whole number of at most 64 bits") },
	{ "bad_date", N_("the value is no date of the form 2026-11-23, or date and time with time zone of the form 2026-11-23T08:00:00Z") },
	{ "bad_url", N_("the value is not a web address with its scheme (https://..)") },
	{ "read_only", N_("Marketo does not let this field be changed") },
	{ "no_identity", N_("the profile has no identity that is mapped to a dedupe field") },
	{ "ecid_only", N_("the profile has nothing but an ECID, which cannot be looked up in this Marketo instance") },
	{ "bad_status", N_("the membership's status is neither realized, existing nor exited") },
	{ "no_consent", N_("the source does not say that this person agrees") },
	{ "consent_withdrawn", N_("taken out of the list: the source no longer says that this person agrees") },
	{ "not_started", N_("the audience's start date has not come yet") },
	{ "ended", N_("the audience's end date has passed") },
	{ "unread_rows", N_("rows of the snapshot could not be read, and may be of those who seem to have left: they are kept (--allow-removals removes them)") },
	{ "person_gone", N_("Marketo does not have this person any more, and the source does not name them") },
	{ "not_member", N_("the profile is in none of the dataflow's audiences") },
	{ "leaves", N_("the profile only leaves an audience, and an exit brings no values") },
	{ "lists_only", N_("this destination changes lists only: no field is sent") },
	{ "creates_nobody", N_("goes with new people only, and this destination creates nobody") },
	{ "unknown_field", N_("the account has no such field") },
	{ "null", N_("the value is null, and the row does not say :clear") },
	{ "1004", N_("the person is not in Marketo, and this destination creates nobody") },
};

const char *field_reason_text(const char *code)
{
	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
		if (strcmp(code, reasons[i].code) == 0)
			return _(reasons[i].text);
	}
	return code;
}
