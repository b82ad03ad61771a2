#include "base/json_scan.h"

#include "base/i18n.h"
#include "base/text.h"

#include <stdint.h>
#include <string.h>

struct scan {
	const unsigned char *at, *end;
	const unsigned char *run;  /* from here to `at` is still to be copied as it stands */
	char *out;
	const char *why;
	uint64_t objects;          /* one bit a level, the innermost lowest: is it an object? */
	unsigned depth;
};

static bool refuse(struct scan *s, const char *why)
{
	s->why = why;
	return false;
}

static bool refuse_here(struct scan *s, const char *why)
{
	return refuse(s, s->at == s->end ? N_("it ends too early") : why);
}

static void flush(struct scan *s)
{
	size_t length = (size_t)(s->at - s->run);

	memcpy(s->out, s->run, length);
	s->out += length;
	s->run = s->at;
}

static inline bool is_space(unsigned char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static inline void skip_space(struct scan *s)
{
	if (s->at == s->end || !is_space(*s->at))
		return;
	flush(s);
	while (s->at < s->end && is_space(*s->at))
		s->at++;
	s->run = s->at;
}

static inline bool take(struct scan *s, unsigned char c)
{
	if (s->at == s->end || *s->at != c)
		return false;
	s->at++;
	return true;
}

static bool is_digit(const struct scan *s)
{
	return s->at < s->end && *s->at >= '0' && *s->at <= '9';
}

static bool scan_digits(struct scan *s)
{
	if (!is_digit(s))
		return refuse_here(s, N_("a number is malformed"));
	while (is_digit(s))
		s->at++;
	return true;
}

static bool scan_number(struct scan *s)
{
	flush(s);
	*s->out++ = '"';
	*s->out++ = JSON_NUMBER_MARK;
	take(s, '-');
	if (take(s, '0')) {
		if (is_digit(s))
			return refuse(s, N_("a number begins with a needless 0"));
	} else if (!scan_digits(s)) {
		return false;
	}
	if (take(s, '.') && !scan_digits(s))
		return false;
	if (take(s, 'e') || take(s, 'E')) {
		if (!take(s, '+'))
			take(s, '-');
		if (!scan_digits(s))
			return false;
	}
	flush(s);
	*s->out++ = '"';
	return true;
}

/* Four hexadecimal digits; -1 when they are not. */
static int hex4(const struct scan *s)
{
	int value = 0;

	if (s->end - s->at < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		int c = s->at[i];

		if (c >= '0' && c <= '9')
			value = value * 16 + (c - '0');
		else if ((c | 32) >= 'a' && (c | 32) <= 'f')
			value = value * 16 + ((c | 32) - 'a' + 10);
		else
			return -1;
	}
	return value;
}

/* `at` is behind \u. */
static bool scan_unicode(struct scan *s)
{
	int unit = hex4(s);

	if (unit < 0)
		return refuse(s, N_("\\u must be followed by four hexadecimal digits"));
	if (unit == 0)
		return refuse(s, N_("a string holds the character NUL (\\u0000)"));
	if (unit >= 0xdc00 && unit <= 0xdfff)
		return refuse(s, N_("a string holds half a surrogate pair"));
	s->at += 4;
	if (unit < 0xd800 || unit > 0xdfff)
		return true;
	if (!take(s, '\\') || !take(s, 'u'))
		return refuse(s, N_("a string holds half a surrogate pair"));
	unit = hex4(s);
	if (unit < 0xdc00 || unit > 0xdfff)
		return refuse(s, N_("a string holds half a surrogate pair"));
	s->at += 4;
	return true;
}

static bool scan_escape(struct scan *s)
{
	if (s->at == s->end || !*s->at || !strchr("\"\\/bfnrtu", *s->at))
		return refuse_here(s, N_("a string holds an unknown escape"));
	return *s->at++ != 'u' || scan_unicode(s);
}

#define EVERY_BYTE(c) (UINT64_C(0x0101010101010101) * (c))

/* Does one of eight bytes end a plain run: quote, backslash, control, beyond ASCII? May say yes too often, never too seldom. */
static inline bool eight_special(uint64_t w)
{
	uint64_t quote = w ^ EVERY_BYTE('"'), slash = w ^ EVERY_BYTE('\\');

	return ((quote - EVERY_BYTE(1)) | (slash - EVERY_BYTE(1)) | (w - EVERY_BYTE(0x20)) | w) & EVERY_BYTE(0x80);
}

static inline void skip_plain(struct scan *s)
{
	uint64_t w;

	while (s->end - s->at >= 8) {
		memcpy(&w, s->at, sizeof w);
		if (eight_special(w))
			break;
		s->at += 8;
	}
	while (s->at < s->end && *s->at >= 0x20 && *s->at < 0x80 && *s->at != '"' && *s->at != '\\')
		s->at++;
}

/* `at` is behind the opening quote. */
static bool scan_string(struct scan *s)
{
	uint32_t point;
	size_t step;

	for (;;) {
		skip_plain(s);
		if (s->at == s->end)
			return refuse(s, N_("a string does not end"));
		if (*s->at == '"') {
			s->at++;
			return true;
		}
		if (*s->at == '\\') {
			s->at++;
			if (!scan_escape(s))
				return false;
			continue;
		}
		if (*s->at < 0x20)
			return refuse(s, *s->at ? N_("a string holds a raw control character") : N_("it holds a NUL byte"));
		step = text_next((const char *)s->at, (size_t)(s->end - s->at), &point);
		if (!step)
			return refuse(s, N_("it is not valid UTF-8"));
		s->at += step;
	}
}

static bool scan_name(struct scan *s)
{
	skip_space(s);
	if (!take(s, '"'))
		return refuse_here(s, N_("a name in double quotes is missing"));
	if (!scan_string(s))
		return false;
	skip_space(s);
	return take(s, ':') || refuse_here(s, N_("a colon is missing after a name"));
}

static bool scan_word(struct scan *s)
{
	static const char *const words[] = { "true", "false", "null" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		size_t length = strlen(words[i]);

		if ((size_t)(s->end - s->at) >= length && memcmp(s->at, words[i], length) == 0) {
			s->at += length;
			return true;
		}
	}
	if (s->at < s->end && !*s->at)
		return refuse(s, N_("it holds a NUL byte"));
	return refuse_here(s, N_("a value is missing or misspelt"));
}

static bool scan_scalar(struct scan *s)
{
	if (take(s, '"'))
		return scan_string(s);
	if (is_digit(s) || (s->at < s->end && *s->at == '-'))
		return scan_number(s);
	return scan_word(s);
}

/* A bracket was opened. *inside: a value must follow. */
static bool scan_open(struct scan *s, bool object, bool *inside)
{
	if (s->depth == JSON_DEPTH_MAX) {
		s->at--;
		return refuse(s, N_("it is nested deeper than 64 levels"));
	}
	skip_space(s);
	*inside = !take(s, object ? '}' : ']');
	if (!*inside)
		return true;
	s->depth++;
	s->objects = s->objects << 1 | object;
	return !object || scan_name(s);
}

/* After a value: closes what ends here. *more: a comma came, a value must follow. */
static bool scan_after(struct scan *s, bool *more)
{
	*more = false;
	while (s->depth) {
		bool object = s->objects & 1;

		skip_space(s);
		if (take(s, ',')) {
			*more = true;
			return !object || scan_name(s);
		}
		if (!take(s, object ? '}' : ']'))
			return refuse_here(s, N_("a comma or a closing bracket is missing"));
		s->depth--;
		s->objects >>= 1;
	}
	return true;
}

static bool scan_document(struct scan *s)
{
	bool more = true;

	while (more) {
		bool object;

		skip_space(s);
		object = take(s, '{');
		if (object || take(s, '[')) {
			if (!scan_open(s, object, &more))
				return false;
			if (more)
				continue;
		} else if (!scan_scalar(s)) {
			return false;
		}
		if (!scan_after(s, &more))
			return false;
	}
	skip_space(s);
	return s->at == s->end || refuse(s, *s->at ? N_("something follows the value") : N_("it holds a NUL byte"));
}

size_t json_scan_room(size_t length)
{
	/* A number of one digit grows by three bytes, and every second byte of a text can be one: [1,1,1]. */
	return length < SIZE_MAX / 4 ? length + length / 2 * 3 + 8 : 0;
}

bool json_scan(const char *bytes, size_t length, char *copy, size_t *copied, const char **why, size_t *offset)
{
	const unsigned char *text = (const unsigned char *)(length ? bytes : "");
	struct scan s = { .at = text, .end = text + length, .run = text, .out = copy };
	bool good;

	if (!length)
		good = refuse(&s, N_("it is empty"));
	else if (s.end - s.at >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		good = refuse(&s, N_("it begins with a byte order mark"));
	else
		good = scan_document(&s);
	if (!good) {
		*why = s.why;
		*offset = (size_t)(s.at - text);
		return false;
	}
	flush(&s);
	*s.out = '\0';
	*copied = (size_t)(s.out - copy);
	return true;
}
