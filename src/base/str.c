#include "base/str.h"

#include "base/mem.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { STR_FIRST = 32 }; /* bytes of the first allocation */

void str_init(struct str *s)
{
	*s = (struct str){ 0 };
}

void str_done(struct str *s)
{
	mem_free(s->text);
	str_init(s);
}

void str_clear(struct str *s)
{
	s->length = 0;
	if (s->text)
		s->text[0] = '\0';
}

const char *str_text(const struct str *s)
{
	return s->text ? s->text : "";
}

char *str_take(struct str *s)
{
	char *text = s->text ? s->text : mem_strdup("");

	str_init(s);
	return text;
}

/* The capacity to ask for so that `more` bytes and the NUL fit; 0 when no size can hold them. */
static size_t wanted(const struct str *s, size_t more)
{
	size_t need, twice;

	if (more >= SIZE_MAX / 2 - s->length)
		return 0;
	need = s->length + more + 1;
	twice = s->capacity ? s->capacity * 2 : STR_FIRST;
	return need > twice ? need : twice;
}

static bool fits(const struct str *s, size_t more)
{
	return s->text && more < s->capacity - s->length;
}

void str_reserve(struct str *s, size_t more)
{
	size_t capacity;

	if (fits(s, more))
		return;
	capacity = wanted(s, more);
	s->text = mem_realloc(s->text, capacity ? capacity : SIZE_MAX);
	s->capacity = capacity;
	s->text[s->length] = '\0';
}

static void append(struct str *s, const void *bytes, size_t length)
{
	if (length)
		memcpy(s->text + s->length, bytes, length);
	s->length += length;
	s->text[s->length] = '\0';
}

void str_add_bytes(struct str *s, const void *bytes, size_t length)
{
	str_reserve(s, length);
	append(s, bytes, length);
}

void str_add(struct str *s, const char *text)
{
	if (text)
		str_add_bytes(s, text, strlen(text));
}

void str_add_char(struct str *s, char c)
{
	str_add_bytes(s, &c, 1);
}

void str_add_vformat(struct str *s, const char *format, va_list arguments)
{
	char *text = mem_vprintf(format, arguments);

	str_add(s, text);
	mem_free(text);
}

void str_add_format(struct str *s, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	str_add_vformat(s, format, arguments);
	va_end(arguments);
}

static bool is_unreserved(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
}

void str_add_url(struct str *s, const char *text)
{
	static const char hex[] = "0123456789ABCDEF";

	for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
		char escape[3] = { '%', hex[*p >> 4], hex[*p & 15] };

		if (is_unreserved(*p))
			str_add_bytes(s, p, 1);
		else
			str_add_bytes(s, escape, sizeof escape);
	}
}

void str_add_shell(struct str *s, const char *text)
{
	static const char safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./:@%+=,-";

	if (*text && *text != '-' && !text[strspn(text, safe)]) {
		str_add(s, text);
		return;
	}
	str_add_char(s, '\'');
	for (; *text; text++) {
		if (*text == '\'')
			str_add(s, "'\\''");
		else
			str_add_char(s, *text);
	}
	str_add_char(s, '\'');
}

bool str_try_add(struct str *s, const void *bytes, size_t length, size_t limit)
{
	if (s->length > limit || length > limit - s->length)
		return false;
	if (!fits(s, length)) {
		size_t capacity = wanted(s, length);
		char *text;

		if (!capacity)
			return false;
		if (capacity > limit && limit < SIZE_MAX)
			capacity = limit + 1; /* holds what the check above let through; no need to double beyond it */
		text = mem_try_realloc(s->text, capacity);
		if (!text)
			return false;
		s->text = text;
		s->capacity = capacity;
	}
	append(s, bytes, length);
	return true;
}
