/* What was posted and not taken yet, read without taking it: for whoever looks before a dataflow follows it, and for a run that does not follow. */
#include "base/i18n.h"
#include "base/json.h"
#include "base/mem.h"
#include "source/format.h"
#include "source/http.h"
#include "source/inbox.h"
#include "source/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

struct waiting {
	char *folder;
	struct inbox_place from;
	inbox_segments segments;
	size_t at;
	bool listed, open;
	struct json_reader *reader;
};

static enum status check(const char *spec, struct error *err)
{
	struct http_spec http;
	enum status status = http_parse(spec, &http, err);

	if (status == STATUS_OK && !http.settings[HTTP_SPOOL])
		status = http_refuse_homeless(err);
	http_done(&http);
	return status;
}

static void *open_waiting(const char *spec, const char *bytes, size_t length)
{
	struct waiting *w = mem_alloc(sizeof *w);
	struct http_spec http;

	(void)bytes;
	(void)length;
	http_parse(spec, &http, NULL);
	w->folder = mem_strdup(http.settings[HTTP_SPOOL]);
	w->reader = json_reader_new();
	http_done(&http);
	return w;
}

static void close_waiting(void *state)
{
	struct waiting *w = state;

	json_reader_free(w->reader);
	vec_done(&w->segments);
	mem_free(w->folder);
	mem_free(w);
}

/* What is taken and deleted while we look is no trouble. */
static bool open_segment(struct waiting *w, const struct inbox_segment *segment, struct input *input)
{
	bool begun = segment->number == w->from.segment;
	int64_t offset = begun ? w->from.offset : 0, scanned = offset, taken = input->taken, end;
	char *path = inbox_path(w->folder, segment->number);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY);

	if (fd >= 0) {
		input_done(input);
		for (end = offset; end < segment->size;) {
			int64_t next = lines_end(fd, end, &scanned, segment->size);

			if (next == end)
				break;
			end = scanned = next;
		}
		input_range(input, path, fd, offset, end - offset, begun ? w->from.line : 0);
		input->taken = taken;
		input->size = -1;
	}
	mem_free(path);
	return fd >= 0;
}

static enum source_next next(void *state, struct input *input, const struct json **message, const char **why, struct error *err)
{
	struct waiting *w = state;
	enum source_next next = SOURCE_END;

	if (!w->listed) {
		/* In this order: what is taken meanwhile is missing, not doubled. */
		inbox_taken(w->folder, &w->from);
		if (inbox_list(w->folder, &w->segments, err) != STATUS_OK)
			return SOURCE_ERROR;
		w->listed = true;
	}
	while (next == SOURCE_END && w->at < w->segments.count) {
		const struct inbox_segment *segment = &w->segments.at[w->at];

		w->open = w->open || (inbox_is_from(&w->from, segment) && open_segment(w, segment, input));
		if (w->open)
			next = ndjson_format.next(w->reader, input, message, why, err);
		if (next == SOURCE_END) {
			w->open = false;
			w->at++;
		}
	}
	return next;
}

static const char *const prefixes[] = { "https:", NULL };

const struct source_format http_format = {
	.name = "http",
	.prefixes = prefixes,
	.may_be_empty = true,
	.check = check,
	.open = open_waiting,
	.close = close_waiting,
	.next = next,
};
