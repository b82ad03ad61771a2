#include "base/log.h"

#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"

#include <stdarg.h>
#include <stddef.h>
#include <string.h>

static log_sink current_sink;
static void *current_self;

void log_to(log_sink sink, void *self)
{
	current_sink = sink;
	current_self = self;
}

void log_line(enum log_level level, const char *format, ...)
{
	struct str clean = { 0 };
	va_list arguments;
	char *text;

	if (!current_sink)
		return;
	va_start(arguments, format);
	text = mem_vprintf(format, arguments);
	va_end(arguments);
	text_clean(&clean, text, strlen(text));
	mem_free(text);
	current_sink(current_self, level, str_text(&clean));
	str_done(&clean);
}
