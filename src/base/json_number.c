/* Numbers of json.h: converted only when somebody asks, from the text they had. */
#include "base/json.h"

#include "base/decimal.h"
#include "base/text.h"

#include <stdlib.h>

/* The exponent behind e or E, kept within what no text's length can balance. */
static long long exponent_of(const char *text)
{
	const long long most = 1LL << 60;
	bool negative = *text == '-';
	long long value = 0;

	text += *text == '-' || *text == '+';
	for (; *text; text++)
		if (value < most / 16)
			value = value * 10 + (*text - '0');
	return negative ? -value : value;
}

/* The value is 0.d1d2..dn * 10^point, where the digits are those of the text without leading and trailing zeros. */
struct decimal {
	const char *first, *last; /* first and last digit that is not 0; first is NULL for 0 */
	long long point;
};

static struct decimal decimal_of(const char *text)
{
	struct decimal d = { 0 };
	long long whole = 0, zeros = 0; /* digits before the point; digits before the first that is not 0 */
	bool fraction = false;

	for (; *text && *text != 'e' && *text != 'E'; text++) {
		if (*text == '.') {
			fraction = true;
			continue;
		}
		whole += !fraction;
		if (*text != '0') {
			d.first = d.first ? d.first : text;
			d.last = text;
		}
		zeros += !d.first;
	}
	d.point = whole - zeros + (*text ? exponent_of(text + 1) : 0);
	return d;
}

static bool number_to_i64(const char *text, int64_t *out)
{
	bool negative = *text == '-';
	struct decimal d = decimal_of(text + negative);
	int64_t value = 0;

	if (!d.first) {
		*out = 0;
		return true;
	}
	if (d.point < 1 || d.point > 19)
		return false;
	for (const char *p = d.first; d.point > 0; d.point--) {
		int digit = p <= d.last ? *p++ - '0' : 0;

		if (p <= d.last && *p == '.')
			p++;
		/* counted downwards: the negative half holds one more */
		if (__builtin_mul_overflow(value, 10, &value) || __builtin_sub_overflow(value, digit, &value))
			return false;
		if (d.point == 1 && p <= d.last)
			return false; /* digits are left: a fraction */
	}
	if (!negative && value == INT64_MIN)
		return false;
	*out = negative ? value : -value;
	return true;
}

bool json_i64(const struct json *value, int64_t *out)
{
	const char *text = json_number_text(value);
	long long number;

	if (text)
		return number_to_i64(text, out);
	text = json_string(value);
	if (!text || text[0] == '-' || !text_to_i64(text, 0, INT64_MAX, &number))
		return false;
	*out = number;
	return true;
}

bool json_double(const struct json *value, double *out)
{
	const char *text = json_number_text(value);

	return text && decimal_read(text, out);
}
