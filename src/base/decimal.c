#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* strtod_l */
#endif
#include "base/decimal.h"

#include "base/str.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static locale_t c_locale;

/* Before main, because threads may convert. */
__attribute__((constructor)) static void numbers_start(void)
{
	c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

__attribute__((destructor)) static void numbers_stop(void)
{
	if (c_locale)
		freelocale(c_locale);
	c_locale = (locale_t)0;
}

bool decimal_read(const char *text, double *out)
{
	double number;
	char *end;

	if (!c_locale || !*text || strspn(text, "0123456789+-.eE") != strlen(text))
		return false;
	number = strtod_l(text, &end, c_locale);
	if (*end || !isfinite(number))
		return false;
	*out = number;
	return true;
}

void decimal_write(double number, struct str *out)
{
	locale_t before = uselocale(c_locale);

	str_add_format(out, "%.15g", number);
	uselocale(before);
}
