/* One streamed profile message a line (platform-api 10). */
#include "source/format.h"

#include "base/i18n.h"
#include "base/json.h"
#include "model/profile.h"

#include <string.h>

static bool is_blank(const char *text, size_t length)
{
	while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t' || text[length - 1] == '\r'))
		length--;
	return length == 0;
}

/* Some line of what is there begins like an object. The first need not: a bad line is no reason to refuse the whole source. */
static bool sniff(const char *bytes, size_t length)
{
	const char *end = bytes + length;

	while (bytes < end) {
		const char *newline = memchr(bytes, '\n', (size_t)(end - bytes));

		while (bytes < end && (*bytes == ' ' || *bytes == '\t'))
			bytes++;
		if (bytes < end && *bytes == '{')
			return true;
		bytes = newline ? newline + 1 : end;
	}
	return length == 0;
}

static void *open_reader(const char *path, const char *bytes, size_t length)
{
	(void)path;
	(void)bytes;
	(void)length;
	return json_reader_new();
}

static void close_reader(void *state)
{
	json_reader_free(state);
}

static enum source_next read_message(struct json_reader *reader, const char *text, size_t length, const struct json **message, const char **why)
{
	*message = json_reader_parse(reader, text, length, why, NULL);
	if (*message)
		*why = profile_refusal(*message);
	if (!*why)
		return SOURCE_PROFILE;
	*why = _(*why);
	*message = NULL;
	return SOURCE_BAD;
}

static enum source_next next(void *state, struct input *input, const struct json **message, const char **why, struct error *err)
{
	for (;;) {
		const char *text;
		size_t length;

		switch (input_line(input, &text, &length, err)) {
		case INPUT_LINE:
			if (!is_blank(text, length))
				return read_message(state, text, length, message, why);
			break;
		case INPUT_TOO_LONG:
			*why = _("the line is longer than 1 MiB");
			return SOURCE_BAD;
		case INPUT_END:
			return SOURCE_END;
		case INPUT_ERROR:
			return SOURCE_ERROR;
		}
	}
}

static const char *const extensions[] = { ".ndjson", ".jsonl", ".json", NULL };

const struct source_format ndjson_format = {
	.name = "ndjson",
	.extensions = extensions,
	.sniff = sniff,
	.open = open_reader,
	.close = close_reader,
	.next = next,
};
