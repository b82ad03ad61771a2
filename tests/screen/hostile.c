#include "hostile.h"

#include "base/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wctype.h>

enum { ESC = 0x1b, BEL = 0x07 };

/* Sequences of CSI by their last character: how many parameters there may be, each of at most 4 digits. */
static const struct {
	char last;
	int most;
} plain[] = {
	{ 'H', 2 }, { 'A', 1 }, { 'B', 1 }, { 'C', 1 }, { 'D', 1 }, { 'G', 1 }, { 'd', 1 }, { 'J', 1 }, { 'K', 1 }, { 'P', 1 }, { '@', 1 },
	{ 'L', 1 }, { 'M', 1 }, { 'S', 1 }, { 'T', 1 }, { 'X', 1 }, { 'Z', 1 }, { 'b', 1 }, { 'g', 1 }, { 'r', 2 }, { 'm', 16 },
};

/* Whole sequences, after CSI: modes that are switched, the titles that are put by and taken back. */
static const char *const whole[] = {
	"4h", "4l", "?1h", "?1l", "?7h", "?7l", "?12h", "?12l", "?12;25h", "?25h", "?25l", "?1034h", "?1034l", "?1049h", "?1049l", "?2004h", "?2004l",
	"?1000h", "?1000l", "?1002h", "?1002l", "?1003h", "?1003l", "?1006h", "?1006l", "?1006;1000h", "?1006;1000l", "22;0;0t", "23;0;0t",
};

/* After ESC: cursor put by and back, keypad modes, scroll back, the two character sets. */
static const char *const short_ones[] = { "7", "8", "=", ">", "M", "(B", "(0" };

struct scan {
	const char *at, *end;
	unsigned allowed;
	struct str *why;
};

static bool starts(const struct scan *s, const char *text)
{
	size_t length = strlen(text);

	return (size_t)(s->end - s->at) >= length && memcmp(s->at, text, length) == 0;
}

static bool numbers_only(const char *from, const char *to, int most)
{
	int count = 1, digits = 0;

	for (; from < to; from++) {
		if (*from == ';') {
			count++;
			digits = 0;
		} else if (*from < '0' || *from > '9' || ++digits > 4) {
			return false;
		}
	}
	return count <= most;
}

static bool csi(struct scan *s)
{
	const char *last = s->at;
	size_t length;

	while (last < s->end && *last >= 0x20 && *last <= 0x3f)
		last++;
	if (last == s->end)
		return false;
	length = (size_t)(last + 1 - s->at);
	for (size_t i = 0; i < sizeof whole / sizeof *whole; i++) {
		if (strlen(whole[i]) == length && memcmp(whole[i], s->at, length) == 0) {
			s->at = last + 1;
			return true;
		}
	}
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
		if (plain[i].last == *last && numbers_only(s->at, last, plain[i].most)) {
			s->at = last + 1;
			return true;
		}
	}
	return false;
}

/* A title, or the clipboard in base64, where the test says that the program may. */
static bool osc(struct scan *s)
{
	bool clipboard = (s->allowed & HOSTILE_CLIPBOARD) && starts(s, "52;c;");

	if (clipboard)
		s->at += 5;
	else if ((s->allowed & HOSTILE_TITLE) && (starts(s, "0;") || starts(s, "2;")))
		s->at += 2;
	else
		return false;
	while (s->at < s->end && *s->at != BEL && *s->at != ESC) {
		uint32_t point = 0;
		size_t length = text_next(s->at, (size_t)(s->end - s->at), &point);

		if (clipboard ? !(point && point < 0x80 && (iswalnum(point) || strchr("+/=", (int)point))) : !iswprint(point))
			return false;
		s->at += length;
	}
	if (!starts(s, "\a") && !starts(s, "\033\\"))
		return false;
	s->at += *s->at == BEL ? 1 : 2;
	return true;
}

static bool escape(struct scan *s)
{
	s->at++;
	if (starts(s, "[")) {
		s->at++;
		return csi(s);
	}
	if (starts(s, "]")) {
		s->at++;
		return osc(s);
	}
	for (size_t i = 0; i < sizeof short_ones / sizeof *short_ones; i++) {
		if (starts(s, short_ones[i])) {
			s->at += strlen(short_ones[i]);
			return true;
		}
	}
	return false;
}

/* Order marks, embeddings, overrides, isolates; spaces and joiners without width. */
static bool unseen(uint32_t c)
{
	return c == 0x61c || (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff;
}

static bool character(struct scan *s)
{
	uint32_t point = 0;
	size_t length = text_next(s->at, (size_t)(s->end - s->at), &point);

	if (!length || unseen(point) || !iswprint(point))
		return false;
	s->at += length;
	return true;
}

static bool control(struct scan *s)
{
	if (!memchr("\b\t\n\r", *s->at, 4) && !(*s->at == BEL && (s->allowed & HOSTILE_BELL)))
		return false;
	s->at++;
	return true;
}

/* The offset, and some bytes from there in a form that is harmless in a log. */
static void tell(struct scan *s, const char *start, const char *bytes)
{
	str_clear(s->why);
	str_add_format(s->why, "at byte %zu:", (size_t)(start - bytes));
	for (int i = 0; i < 24 && start + i < s->end; i++) {
		unsigned char c = (unsigned char)start[i];

		if (c > 0x20 && c < 0x7f && c != '\\')
			str_add_format(s->why, "%s%c", i ? "" : " ", c);
		else
			str_add_format(s->why, "%s\\x%02x", i ? "" : " ", c);
	}
}

bool hostile_none(const char *bytes, size_t length, unsigned allowed, struct str *why)
{
	struct scan s = { .at = bytes, .end = bytes + length, .allowed = allowed, .why = why };

	while (s.at < s.end) {
		const char *start = s.at;
		unsigned char first = (unsigned char)*start;

		if (!(first == ESC ? escape(&s) : first < 0x20 ? control(&s) : character(&s))) {
			tell(&s, start, bytes);
			return false;
		}
	}
	return true;
}
