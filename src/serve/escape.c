#include "serve/escape.h"

#include "base/mem.h"
#include "base/text.h"
#include "serve/server.h"

#include <string.h>

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

long escape_decode(const char *text, size_t length, char *out, bool plus)
{
	size_t n = 0;

	for (size_t i = 0; i < length; i++) {
		char c = text[i];

		if (c == '%') {
			int high = i + 2 < length ? hex(text[i + 1]) : -1;
			int low = i + 2 < length ? hex(text[i + 2]) : -1;

			if (high < 0 || low < 0 || (high == 0 && low == 0))
				return -1;
			c = (char)(high * 16 + low);
			i += 2;
		} else if (c == '+' && plus) {
			c = ' ';
		}
		out[n++] = c;
	}
	out[n] = '\0';
	return text_is_utf8(out, n, NULL) ? (long)n : -1;
}

struct serve_pair *serve_parameters(const char *text, size_t length, size_t *count)
{
	size_t parts = 1;
	struct serve_pair *pairs;
	char *out;

	*count = 0;
	for (size_t i = 0; i < length; i++)
		parts += text[i] == '&';
	if (parts > SERVE_PARAMETERS_MAX)
		return NULL;
	/* One block: the pairs, then their texts (each never longer than its encoded form, plus two ends). */
	pairs = mem_alloc(parts * sizeof *pairs + length + 2 * parts + 2);
	out = (char *)(pairs + parts);
	for (const char *at = text, *end = text + length; at < end;) {
		const char *stop = memchr(at, '&', (size_t)(end - at));
		const char *equals;
		long name, value = 0;

		if (!stop)
			stop = end;
		equals = memchr(at, '=', (size_t)(stop - at));
		if (stop > at) {
			name = escape_decode(at, (size_t)((equals ? equals : stop) - at), out, true);
			if (name < 0)
				goto broken;
			pairs[*count].name = out;
			out += name + 1;
			*out = '\0';
			if (equals)
				value = escape_decode(equals + 1, (size_t)(stop - equals - 1), out, true);
			if (value < 0)
				goto broken;
			pairs[(*count)++].value = out;
			out += value + 1;
		}
		at = stop + 1;
	}
	return pairs;
broken:
	*count = 0;
	mem_free(pairs);
	return NULL;
}
