/* The writing half of json.h. */
#include "base/json.h"

#include "base/str.h"
#include "base/text.h"

#include <inttypes.h>
#include <string.h>

void json_out_init(struct json_out *w, struct str *out)
{
	*w = (struct json_out){ .out = out };
}

static void before_value(struct json_out *w)
{
	if (w->comma)
		str_add_char(w->out, ',');
	w->comma = true;
}

static void open_with(struct json_out *w, char bracket)
{
	before_value(w);
	str_add_char(w->out, bracket);
	w->comma = false;
}

static void close_with(struct json_out *w, char bracket)
{
	str_add_char(w->out, bracket);
	w->comma = true;
}

void json_object(struct json_out *w)
{
	open_with(w, '{');
}

void json_object_end(struct json_out *w)
{
	close_with(w, '}');
}

void json_array(struct json_out *w)
{
	open_with(w, '[');
}

void json_array_end(struct json_out *w)
{
	close_with(w, ']');
}

void json_name(struct json_out *w, const char *name)
{
	before_value(w);
	json_quote(w->out, name, strlen(name));
	str_add_char(w->out, ':');
	w->comma = false;
}

void json_put_raw(struct json_out *w, const char *json, size_t length)
{
	before_value(w);
	str_add_bytes(w->out, json, length);
}

void json_put_null(struct json_out *w)
{
	json_put_raw(w, "null", 4);
}

void json_put_string(struct json_out *w, const char *text)
{
	if (!text) {
		json_put_null(w);
		return;
	}
	before_value(w);
	json_quote(w->out, text, strlen(text));
}

void json_put_i64(struct json_out *w, int64_t value)
{
	before_value(w);
	str_add_format(w->out, "%" PRId64, value);
}

void json_put_bool(struct json_out *w, bool value)
{
	before_value(w);
	str_add(w->out, value ? "true" : "false");
}

void json_pair_string(struct json_out *w, const char *name, const char *text)
{
	json_name(w, name);
	json_put_string(w, text);
}

void json_pair_i64(struct json_out *w, const char *name, int64_t value)
{
	json_name(w, name);
	json_put_i64(w, value);
}

void json_pair_bool(struct json_out *w, const char *name, bool value)
{
	json_name(w, name);
	json_put_bool(w, value);
}

static void add_escape(struct str *out, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";
	static const char letters[] = "btn?fr"; /* 8 to 13 */
	char escape[6] = { '\\', 'u', '0', '0', hex[c >> 4], hex[c & 15] };

	if (c == '"' || c == '\\')
		escape[1] = (char)c;
	else if (c >= 8 && c <= 13 && c != 11)
		escape[1] = letters[c - 8];
	str_add_bytes(out, escape, escape[1] == 'u' ? 6 : 2);
}

/* How many bytes from p on need no escape and no repair. */
static size_t plain_run(const char *p, size_t length)
{
	size_t i = 0, step;
	uint32_t point;

	while (i < length) {
		unsigned char c = (unsigned char)p[i];

		if (c < 0x20 || c == '"' || c == '\\' || c == 0x7f)
			break;
		step = c < 0x80 ? 1 : text_next(p + i, length - i, &point);
		if (!step)
			break;
		i += step;
	}
	return i;
}

void json_quote(struct str *out, const char *text, size_t length)
{
	size_t i = 0, run;

	str_reserve(out, length + 2);
	str_add_char(out, '"');
	while (i < length) {
		run = plain_run(text + i, length - i);
		str_add_bytes(out, text + i, run);
		i += run;
		if (i == length)
			break;
		if ((unsigned char)text[i] < 0x80)
			add_escape(out, (unsigned char)text[i]);
		else
			str_add(out, "\xef\xbf\xbd");
		i++;
	}
	str_add_char(out, '"');
}
