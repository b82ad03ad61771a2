/* Decimal numbers as text, without ever going through a double: 9007199254740993 stays what it is. Inside model/ only. */
#ifndef MODEL_NUMBER_H
#define MODEL_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A number taken apart: [-]whole[.fraction][e[+-]exponent]. */
struct number {
	bool negative;
	const char *whole, *fraction;
	size_t whole_length, fraction_length;
	long exponent; /* cut at +-1,000,000: far beyond every range */
};

/* False when text is not of that form. Zeros may lead (a number in a string). */
bool number_parse(const char *text, size_t length, struct number *out);
/* The exact integer; false when there is a fraction or it does not fit 64 bits. */
bool number_to_i64(const struct number *number, int64_t *out);
/* Is it within the range of a double (about 1e308)? */
bool number_is_finite(const struct number *number);

#endif
