#include "base/text.h"

#include "base/mem.h"
#include "base/str.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>

static const char replacement[] = "\xef\xbf\xbd"; /* U+FFFD */

/* The forms of RFC 3629, chapter 4: by first byte, the length and what the second byte may be. The rest are 80..BF. */
static const struct utf8_form {
	unsigned char first, last, length, low, high;
} forms[] = {
	{ 0xc2, 0xdf, 2, 0x80, 0xbf }, { 0xe0, 0xe0, 3, 0xa0, 0xbf }, { 0xe1, 0xec, 3, 0x80, 0xbf },
	{ 0xed, 0xed, 3, 0x80, 0x9f }, { 0xee, 0xef, 3, 0x80, 0xbf }, { 0xf0, 0xf0, 4, 0x90, 0xbf },
	{ 0xf1, 0xf3, 4, 0x80, 0xbf }, { 0xf4, 0xf4, 4, 0x80, 0x8f },
};

static const struct utf8_form *form_of(unsigned char first)
{
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (first >= forms[i].first && first <= forms[i].last)
			return &forms[i];
	return NULL;
}

/* Like text_next; on 0 *taken is how many bytes the broken beginning has (at least 1), to be replaced as one. */
static size_t decode(const unsigned char *p, size_t length, uint32_t *point, size_t *taken)
{
	const struct utf8_form *form;
	uint32_t value;
	size_t i;

	*taken = 1;
	if (!length)
		return 0;
	if (p[0] < 0x80) {
		*point = p[0];
		return 1;
	}
	form = form_of(p[0]);
	if (!form)
		return 0;
	value = p[0] & (0x7fU >> form->length);
	for (i = 1; i < form->length; i++) {
		unsigned char low = i == 1 ? form->low : 0x80, high = i == 1 ? form->high : 0xbf;

		if (i >= length || p[i] < low || p[i] > high)
			break;
		value = value << 6 | (p[i] & 0x3fU);
	}
	*taken = i;
	if (i < form->length)
		return 0;
	*point = value;
	return i;
}

size_t text_next(const char *bytes, size_t length, uint32_t *point)
{
	size_t taken;

	return decode((const unsigned char *)bytes, length, point, &taken);
}

bool text_is_utf8(const char *bytes, size_t length, size_t *bad)
{
	uint32_t point;
	size_t i = 0, step;

	while (i < length) {
		step = text_next(bytes + i, length - i, &point);
		if (!step) {
			if (bad)
				*bad = i;
			return false;
		}
		i += step;
	}
	return true;
}

/* What must not reach a screen or a log; sorted. */
static const struct {
	uint32_t first, last;
} unsafe[] = {
	{ 0x00, 0x1f },     { 0x7f, 0x9f },     { 0x061c, 0x061c }, { 0x180e, 0x180e },   { 0x200b, 0x200f },
	{ 0x2028, 0x202e }, { 0x2060, 0x206f }, { 0xfeff, 0xfeff }, { 0xfff9, 0xfffb },   { 0xe0000, 0xe007f },
};

bool text_is_unsafe(uint32_t point)
{
	if (point >= 0x20 && point < 0x7f)
		return false;
	for (size_t i = 0; i < sizeof unsafe / sizeof *unsafe && point >= unsafe[i].first; i++)
		if (point <= unsafe[i].last)
			return true;
	return false;
}

void text_clean(struct str *out, const char *bytes, size_t length)
{
	uint32_t point = 0;
	size_t i = 0, step, taken;

	str_reserve(out, length);
	while (i < length) {
		step = decode((const unsigned char *)bytes + i, length - i, &point, &taken);
		if (step && (point == '\t' || point == '\n' || point == '\r'))
			str_add_char(out, ' ');
		else if (!step || text_is_unsafe(point))
			str_add(out, replacement);
		else
			str_add_bytes(out, bytes + i, step);
		i += step ? step : taken;
	}
}

char *text_clean_dup(const char *text)
{
	struct str out = { 0 };

	if (!text)
		return NULL;
	text_clean(&out, text, strlen(text));
	return str_take(&out);
}

size_t text_cut(const char *text, size_t length, size_t bytes)
{
	size_t cut = bytes;

	if (length <= bytes)
		return length;
	/* At most three steps back: in broken text a run of continuation bytes is no character. */
	for (int back = 0; back < 3 && cut && ((unsigned char)text[cut] & 0xc0) == 0x80; back++)
		cut--;
	return ((unsigned char)text[cut] & 0xc0) == 0x80 ? bytes : cut;
}

size_t text_utf16_length(const char *text)
{
	size_t left = strlen(text), units = 0, step, taken;
	uint32_t point = 0;

	while (left) {
		step = decode((const unsigned char *)text, left, &point, &taken);
		units += step && point > 0xffff ? 2 : 1;
		step = step ? step : taken;
		text += step;
		left -= step;
	}
	return units;
}

bool text_is_ascii(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text >= 0x80)
			return false;
	return true;
}

static unsigned char lower(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

int text_case_cmp(const char *a, const char *b)
{
	while (*a && lower(*a) == lower(*b)) {
		a++;
		b++;
	}
	return lower(*a) - lower(*b);
}

bool text_case_eq(const char *a, const char *b)
{
	return text_case_cmp(a, b) == 0;
}

/* Naive search is quadratic on hostile text; this one (a failure table, as Knuth, Morris and Pratt have it) is not. */
bool text_case_has(const char *text, const char *part)
{
	size_t length = strlen(part), matched = 0;
	size_t *back;

	if (!length)
		return true;
	back = mem_array(length, sizeof *back);
	for (size_t i = 1, k = 0; i < length; i++) {
		while (k && lower(part[i]) != lower(part[k]))
			k = back[k - 1];
		if (lower(part[i]) == lower(part[k]))
			k++;
		back[i] = k;
	}
	for (; *text && matched < length; text++) {
		while (matched && lower(*text) != lower(part[matched]))
			matched = back[matched - 1];
		if (lower(*text) == lower(part[matched]))
			matched++;
	}
	mem_free(back);
	return matched == length;
}

void text_lower(char *text)
{
	for (; *text; text++)
		*text = (char)lower(*text);
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

char *text_trim(char *text)
{
	size_t length, start = 0;

	while (is_space(text[start]))
		start++;
	length = strlen(text + start);
	while (length && is_space(text[start + length - 1]))
		length--;
	memmove(text, text + start, length);
	text[length] = '\0';
	return text;
}

enum { NEAREST_MAX = 64 }; /* bytes: names an operator types are shorter, and the work stays small */

/* Edit distance with insertion, deletion, change and swap of neighbours, each 1; ASCII case ignored. Both shorter than NEAREST_MAX. */
static size_t distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
	size_t rows[3][NEAREST_MAX + 1];

	for (size_t j = 0; j <= b_length; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a_length; i++) {
		size_t *now = rows[i % 3], *before = rows[(i + 2) % 3], *earlier = rows[(i + 1) % 3];

		now[0] = i;
		for (size_t j = 1; j <= b_length; j++) {
			bool same = lower(a[i - 1]) == lower(b[j - 1]);
			bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
			size_t best = before[j - 1] + !same;

			if (before[j] + 1 < best)
				best = before[j] + 1;
			if (now[j - 1] + 1 < best)
				best = now[j - 1] + 1;
			if (swapped && earlier[j - 2] + 1 < best)
				best = earlier[j - 2] + 1;
			now[j] = best;
		}
	}
	return rows[a_length % 3][b_length];
}

const char *text_nearest(const char *word, const char *const *candidates, size_t count)
{
	size_t length = strlen(word), limit = length / 3 ? length / 3 : 1;
	size_t best = SIZE_MAX;
	const char *found = NULL;

	if (!length || length > NEAREST_MAX)
		return NULL;
	if (limit > 3)
		limit = 3;
	for (size_t i = 0; i < count; i++) {
		size_t other = candidates[i] ? strlen(candidates[i]) : SIZE_MAX, d;

		if (other > NEAREST_MAX)
			continue;
		d = distance(word, length, candidates[i], other);
		if (d <= limit && d < best && d < (length > other ? length : other)) {
			best = d;
			found = candidates[i];
		}
	}
	return found;
}

bool text_to_i64(const char *text, long long low, long long high, long long *out)
{
	bool negative = *text == '-';
	long long value = 0;

	text += negative;
	if (!*text)
		return false;
	for (const char *p = text; *p; p++) {
		if (*p < '0' || *p > '9')
			return false;
		/* counted downwards: the negative half holds one more */
		if (__builtin_mul_overflow(value, 10, &value) || __builtin_sub_overflow(value, *p - '0', &value))
			return false;
	}
	if (!negative) {
		if (value == LLONG_MIN)
			return false;
		value = -value;
	} else if (!value) {
		return false;
	}
	if (value < low || value > high)
		return false;
	*out = value;
	return true;
}
