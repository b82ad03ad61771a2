#include "base/error.h"

#include "base/str.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

/* More than any field holds even after text_clean has shortened it, so that what vsnprintf cut here always shows as cut. */
enum { ERROR_FORMATTED = 4096 };

/* Puts `text`, made harmless, into a field; a cut ends in an ellipsis and at a character boundary. */
static void put(char *field, size_t size, const char *text)
{
	static const char ellipsis[] = "\xe2\x80\xa6";
	struct str clean = { 0 };
	size_t length;

	text_clean(&clean, text, strlen(text));
	length = clean.length;
	if (length >= size)
		length = text_cut(str_text(&clean), length, size - sizeof ellipsis);
	memcpy(field, str_text(&clean), length);
	field[length] = '\0';
	if (length < clean.length)
		memcpy(field + length, ellipsis, sizeof ellipsis);
	str_done(&clean);
}

static void format_into(char out[ERROR_FORMATTED], const char *format, va_list arguments)
{
	if (vsnprintf(out, ERROR_FORMATTED, format, arguments) < 0)
		out[0] = '\0';
}

enum status error_vset(struct error *err, enum status status, const char *code, const char *format, va_list arguments)
{
	char text[ERROR_FORMATTED];
	struct error fresh = { .status = status }; /* apart: an argument may be part of the old one */

	if (!err)
		return status;
	format_into(text, format, arguments);
	put(fresh.code, sizeof fresh.code, code ? code : "");
	put(fresh.message, sizeof fresh.message, text);
	*err = fresh;
	return status;
}

enum status error_set(struct error *err, enum status status, const char *code, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	error_vset(err, status, code, format, arguments);
	va_end(arguments);
	return status;
}

void error_hint(struct error *err, const char *format, ...)
{
	struct str text = { 0 };
	va_list arguments;

	if (!err)
		return;
	va_start(arguments, format);
	str_add_told(&text, format, arguments);
	va_end(arguments);
	put(err->hint, sizeof err->hint, str_text(&text));
	str_done(&text);
}

void error_request(struct error *err, const char *request_id)
{
	if (err)
		put(err->request_id, sizeof err->request_id, request_id ? request_id : "");
}

void error_prefix(struct error *err, const char *format, ...)
{
	char text[ERROR_FORMATTED];
	struct str whole = { 0 };
	va_list arguments;

	if (!err)
		return;
	va_start(arguments, format);
	format_into(text, format, arguments);
	va_end(arguments);
	str_add(&whole, text);
	if (whole.length && err->message[0])
		str_add(&whole, ": ");
	str_add(&whole, err->message);
	put(err->message, sizeof err->message, str_text(&whole));
	str_done(&whole);
}

void error_clear(struct error *err)
{
	if (err)
		*err = (struct error){ .status = STATUS_OK };
}
