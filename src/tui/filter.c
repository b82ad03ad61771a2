#include "tui/filter.h"

#include "base/text.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <wctype.h>

/* One alternative between bars. */
struct part {
	const char *text;
	size_t length;
	bool fold; /* it has no capitals, so those of the text do not count */
};

/* Bytes that are no UTF-8 are compared as they are, above all characters. */
static uint32_t next(const char **text, size_t *length, bool fold)
{
	uint32_t point = (unsigned char)**text;
	size_t taken;

	if (point < 0x80) { /* nearly all there is, thousands of rows for each key */
		point += fold && point >= 'A' && point <= 'Z' ? 'a' - 'A' : 0;
		++*text;
		--*length;
		return point;
	}
	taken = text_next(*text, *length, &point);
	if (!taken) {
		point = 0x110000U + (unsigned char)**text;
		taken = 1;
	}
	*text += taken;
	*length -= taken;
	return fold && point < 0x110000U ? (uint32_t)towlower((wint_t)point) : point;
}

static bool has_capitals(const char *text, size_t length)
{
	while (length) {
		uint32_t point = next(&text, &length, false);

		if (point < 0x110000U && iswupper((wint_t)point))
			return true;
	}
	return false;
}

static bool begins_with(const char *text, size_t length, struct part part)
{
	while (part.length && length)
		if (next(&part.text, &part.length, false) != next(&text, &length, part.fold))
			return false;
	return !part.length;
}

static bool has(const char *text, size_t length, struct part part)
{
	for (;;) {
		if (begins_with(text, length, part))
			return true;
		if (!length)
			return false;
		next(&text, &length, false);
	}
}

/* All characters of the part, in their order, with anything between. */
static bool has_loosely(const char *text, size_t length, struct part part)
{
	while (part.length && length) {
		struct part rest = part;

		if (next(&rest.text, &rest.length, false) == next(&text, &length, part.fold))
			part = rest;
	}
	return !part.length;
}

/* *empty: nothing was asked for yet (as after a bar just typed), so it says neither yes nor no. */
static bool part_fits(const char *pattern, size_t length, const char *text, bool *empty)
{
	char sign = length && (*pattern == '!' || *pattern == '~') ? *pattern : '\0';
	struct part part = { .text = pattern + (sign != '\0'), .length = length - (sign != '\0') };

	*empty = !part.length;
	if (*empty)
		return false;
	part.fold = !has_capitals(part.text, part.length);
	if (sign == '~')
		return has_loosely(text, strlen(text), part);
	return has(text, strlen(text), part) == (sign != '!');
}

bool filter_fits(const char *pattern, const char *text)
{
	bool all_empty = true, empty;

	for (;;) {
		size_t length = strcspn(pattern, "|");

		if (part_fits(pattern, length, text, &empty))
			return true;
		all_empty &= empty;
		if (!pattern[length])
			return all_empty;
		pattern += length + 1;
	}
}
