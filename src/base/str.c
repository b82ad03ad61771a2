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
		memcpy(s->text + s->length, bytes, length); /* NOLINT(clang-analyzer-core.NonNullParamChecker): room was made */
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

	if (*text && !text[strspn(text, safe)]) {
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

/* As a word for a shell, quoted or not. */
static bool is_like_option(const char *word)
{
	word += strspn(word, "\"'");
	return word[0] == '-' && word[1] && !strchr("\"'", word[1]);
}

void str_add_operand(struct str *s, const char *text)
{
	if (is_like_option(text))
		str_add(s, "-- ");
	str_add_shell(s, text);
}

/* Bytes that no text holds. */
static const char word_begins = '\xfe', inner_begins = '\xfd', value_ends = '\xff', command_starts = '\xfc', command_stops = '\xfb';
static const char values_begin[] = "\xfe\xfd", values_end[] = "\xff", command_marks[] = "\xfc\xfb";

static size_t directive_length(const char *format)
{
	size_t length = 1 + strspn(format + 1, "0123456789$.*+-#hlqjzt");

	return length + (format[length] != '\0');
}

/* How a command is quoted, here and in translations. */
static const struct quotes {
	const char *before, *behind;
} quotes[] = { { "`penstock ", "`" }, { "\xc2\xab penstock ", "\xc2\xbb" } };

static const struct quotes *command_begins(const char *format)
{
	for (size_t i = 0; i < sizeof quotes / sizeof *quotes; i++)
		if (strncmp(format, quotes[i].before, strlen(quotes[i].before)) == 0)
			return &quotes[i];
	return NULL;
}

/* The format with a mark before and behind each command, and each directive that stands within one: one mark before those in double quotes there and another before the
 * rest. Free with mem_free. */
static char *mark_values(const char *format)
{
	const struct quotes *inside = NULL;
	bool inner = false; /* in double quotes */
	struct str marked = { 0 };

	while (*format) {
		const struct quotes *begins = inside ? NULL : command_begins(format);
		size_t length = begins ? strlen(begins->before) : *format == '%' ? directive_length(format) : 1;
		bool value = inside && *format == '%' && format[length - 1] != '%', ends = inside && strncmp(format, inside->behind, strlen(inside->behind)) == 0;

		if (begins && format[length] == '%')
			length += directive_length(format + length);
		if (value)
			str_add_char(&marked, inner ? inner_begins : word_begins);
		if (ends)
			str_add_char(&marked, command_stops);
		str_add_bytes(&marked, format, length);
		if (value)
			str_add_char(&marked, value_ends);
		if (begins)
			str_add_char(&marked, command_starts);
		inside = begins ? begins : ends ? NULL : inside;
		inner = inside && inner != (*format == '"');
		format += length;
	}
	return str_take(&marked);
}

/* A part of what stands in double quotes. An interactive shell reads `!` there, and takes the backslash before it along. */
static void add_inner(struct str *s, const char *text)
{
	for (; *text; text++) {
		if (strchr("$`\"\\", *text))
			str_add_char(s, '\\');
		if (*text == '!')
			str_add(s, "\"'!'\"");
		else
			str_add_char(s, *text);
	}
}

/* Behind the mark that ends the value beginning at `at`. */
static const char *behind_value(const char *at, const char *end)
{
	size_t length = strcspn(at, values_end);

	return length < (size_t)(end - at) ? at + length + 1 : end;
}

/* One word of a command, as it is marked. */
static void add_word(struct str *s, const char *at, const char *end)
{
	while (at < end) {
		bool value = strchr(values_begin, *at) != NULL;
		const char *next = value ? behind_value(at, end) : at + 1;
		char *text = value ? mem_strndup(at + 1, (size_t)(next - at - 1) - (next[-1] == value_ends)) : NULL;

		if (!value)
			str_add_char(s, *at);
		else if (*at == inner_begins)
			add_inner(s, text);
		else
			str_add_shell(s, text);
		mem_free(text);
		at = next;
	}
}

static const char *word_ends(const char *at, const char *end)
{
	bool quoted = false;

	while (at < end && (quoted || *at != ' ')) {
		quoted = quoted != (*at == '"');
		at = strchr(values_begin, *at) ? behind_value(at, end) : at + 1;
	}
	return at;
}

/* An operand that begins with a dash stands behind `--`, and with it those that follow: options and their values come before. */
static void add_command(struct str *s, const char *at, const char *end)
{
	struct str operands = { 0 };
	const char *last = end; /* what a closing quote keeps its distance by stays behind all */
	bool value = false;     /* of the option before */

	while (last > at && last[-1] == ' ')
		last--;
	while (at < last) {
		const char *begins = at + strspn(at, " "), *ends = word_ends(begins, last);
		bool option = *begins == '-', moves;
		struct str word = { 0 };

		add_word(&word, begins, ends);
		moves = !option && !value && (operands.length || is_like_option(str_text(&word)));
		str_add_bytes(moves ? &operands : s, at, (size_t)(begins - at));
		str_add(moves ? &operands : s, str_text(&word));
		value = option && !memchr(begins, '=', (size_t)(ends - begins));
		at = ends;
		str_done(&word);
	}
	if (operands.length)
		str_add_format(s, " --%s", str_text(&operands));
	str_add_bytes(s, last, (size_t)(end - last));
	str_done(&operands);
}

void str_add_told(struct str *s, const char *format, va_list arguments)
{
	char *marked = mark_values(format), *text = mem_vprintf(marked, arguments);
	const char *at = text, *end;

	while (*at) {
		end = at + strcspn(at, command_marks);
		if (at > text && at[-1] == command_starts)
			add_command(s, at, end);
		else
			str_add_bytes(s, at, (size_t)(end - at));
		at = end + (*end != '\0');
	}
	mem_free(text);
	mem_free(marked);
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
