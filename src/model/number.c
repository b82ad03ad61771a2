#include "model/number.h"

enum { EXPONENT_MOST = 1000000, DOUBLE_DIGITS = 308 };

static size_t count_digits(const char *text, size_t length)
{
	size_t count = 0;

	while (count < length && text[count] >= '0' && text[count] <= '9')
		count++;
	return count;
}

static bool parse_exponent(const char *text, size_t length, long *out)
{
	bool negative = length > 0 && text[0] == '-';
	size_t sign = length > 0 && (text[0] == '-' || text[0] == '+');
	long value = 0;

	if (length == sign || count_digits(text + sign, length - sign) != length - sign)
		return false;
	for (size_t i = sign; i < length && value < EXPONENT_MOST; i++)
		value = value * 10 + (text[i] - '0');
	if (value > EXPONENT_MOST)
		value = EXPONENT_MOST;
	*out = negative ? -value : value;
	return true;
}

bool number_parse(const char *text, size_t length, struct number *out)
{
	size_t at = length > 0 && text[0] == '-';

	*out = (struct number){ .negative = at == 1, .whole = text + at, .fraction = text };
	out->whole_length = count_digits(text + at, length - at);
	at += out->whole_length;
	if (out->whole_length == 0)
		return false;
	if (at < length && text[at] == '.') {
		at++;
		out->fraction = text + at;
		out->fraction_length = count_digits(text + at, length - at);
		at += out->fraction_length;
		if (out->fraction_length == 0)
			return false;
	}
	if (at == length)
		return true;
	return (text[at] == 'e' || text[at] == 'E') && parse_exponent(text + at + 1, length - at - 1, &out->exponent);
}

static char digit_at(const struct number *number, size_t i)
{
	return i < number->whole_length ? number->whole[i] : number->fraction[i - number->whole_length];
}

/* Appends a digit below zero, where there is room for one more value than above. */
static bool append(int64_t *value, int digit)
{
	return !__builtin_mul_overflow(*value, 10, value) && !__builtin_sub_overflow(*value, digit, value);
}

bool number_to_i64(const struct number *number, int64_t *out)
{
	size_t digits = number->whole_length + number->fraction_length;
	long point = (long)number->whole_length + number->exponent; /* digits before the decimal point */
	int64_t value = 0;

	for (size_t i = 0; i < digits; i++) {
		int digit = digit_at(number, i) - '0';

		if ((long)i >= point ? digit != 0 : !append(&value, digit))
			return false;
	}
	for (long i = (long)digits; i < point && value != 0; i++) {
		if (!append(&value, 0))
			return false;
	}
	if (!number->negative && value == INT64_MIN)
		return false;
	*out = number->negative ? value : -value;
	return true;
}

bool number_is_finite(const struct number *number)
{
	size_t digits = number->whole_length + number->fraction_length;
	long zeros = 0;

	while ((size_t)zeros < digits && digit_at(number, (size_t)zeros) == '0')
		zeros++;
	return (size_t)zeros == digits || (long)number->whole_length - zeros + number->exponent <= DOUBLE_DIGITS;
}
