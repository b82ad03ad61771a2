/* Which format a source has, and the common half of all readers. */
#include "source/source.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "source/format.h"
#include "source/input.h"

#include <string.h>
#include <sys/stat.h>

struct source {
	const struct source_format *format;
	struct input input;
	void *state;
};

static const struct source_format kafka_format = {
	.name = "kafka",
	.refusal = N_("Kafka is no source of this version of penstock"),
};

/* In this order for sniffing. */
static const struct source_format *const formats[] = { &ndjson_format, &csv_format, &spool_format, &postgresql_format, &sqlite_format, &http_format, &kafka_format, NULL };

static bool has_prefix(const char *spec, const struct source_format *format)
{
	size_t length = strlen(format->name);

	if (strncmp(spec, format->name, length) == 0 && spec[length] == ':')
		return true;
	for (const char *const *prefix = format->prefixes; prefix && *prefix; prefix++) {
		if (strncmp(spec, *prefix, strlen(*prefix)) == 0)
			return true;
	}
	return false;
}

static bool has_extension(const char *path, const struct source_format *format)
{
	size_t length = strlen(path);

	for (const char *const *extension = format->extensions; extension && *extension; extension++) {
		size_t tail = strlen(*extension);

		if (length > tail && text_case_eq(path + length - tail, *extension))
			return true;
	}
	return false;
}

static const struct source_format *by_prefix(const char *spec)
{
	for (const struct source_format *const *format = formats; *format; format++) {
		if (has_prefix(spec, *format))
			return *format;
	}
	return NULL;
}

static const struct source_format *by_extension(const char *path)
{
	for (const struct source_format *const *format = formats; *format; format++) {
		if (has_extension(path, *format))
			return *format;
	}
	return NULL;
}

static void hint(struct error *err)
{
	error_hint(err, _("It reads files and folders of profile messages, one JSON object a line (NDJSON), tables (CSV) and queries to databases; ndjson:FILE or csv:FILE says what a file is."));
}

static enum status refuse(const struct source_format *format, struct error *err)
{
	error_set(err, STATUS_USAGE, "source", "%s", _(format->refusal));
	hint(err);
	return STATUS_USAGE;
}

/* Profile messages come through pipes every day; a table that does is a whole audience, which must be meant. */
static enum status refuse_table(struct error *err)
{
	error_set(err, STATUS_USAGE, "source", _("standard input looks like a table (CSV)"));
	error_hint(err, _("csv:- says that it is one: all of its rows are one audience, and who is not among them has left it."));
	return STATUS_USAGE;
}

/* Looks at the content; standard input is believed to be NDJSON unless it is clearly something else. */
static enum status by_content(struct source *source, bool standard, const char *bytes, size_t length, struct error *err)
{
	for (const struct source_format *const *format = formats; *format; format++) {
		if ((*format)->sniff && (*format)->sniff(bytes, length)) {
			source->format = *format;
			return standard && source->format->snapshot ? refuse_table(err) : STATUS_OK;
		}
	}
	if (standard) {
		source->format = &ndjson_format;
		return STATUS_OK;
	}
	error_set(err, STATUS_USAGE, "source", _("%s: neither its name nor its content tells the format"), source->input.name);
	hint(err);
	return STATUS_USAGE;
}

static bool is_folder(const char *path)
{
	struct stat about;

	return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

static enum status open_input(struct source *source, const char *spec, struct error *err)
{
	const char *path = spec, *bytes = NULL;
	size_t length = 0;
	enum status status;

	source->format = by_prefix(spec);
	if (source->format && source->format->check)
		path = spec;
	else if (source->format && !source->format->refusal)
		path = spec + strlen(source->format->name) + 1;
	else if (!source->format)
		source->format = is_folder(spec) ? &spool_format : by_extension(spec);
	if (source->format && source->format->refusal)
		return refuse(source->format, err);
	if (!*path)
		return error_set(err, STATUS_USAGE, "source", _("no source is named"));
	status = source->format && source->format->check ? source->format->check(path, err) : input_open(&source->input, path, err);
	if (status == STATUS_OK && !source->format) {
		status = input_peek(&source->input, &bytes, &length, err);
		if (status == STATUS_OK)
			status = by_content(source, strcmp(path, "-") == 0, bytes, length, err);
	}
	if (status == STATUS_OK)
		source->state = source->format->open(path, bytes, length);
	return status;
}

enum status source_open(const char *spec, struct source **out, struct error *err)
{
	struct source *source = mem_alloc(sizeof *source);
	enum status status;

	source->input.fd = -1;
	source->input.size = -1;
	status = open_input(source, spec, err);
	if (status != STATUS_OK) {
		source_close(source);
		source = NULL;
	}
	*out = source;
	return status;
}

struct source *source_make(const struct source_format *format, void *state, struct input *input)
{
	struct source *source = mem_alloc(sizeof *source);

	source->format = format;
	source->state = state;
	source->input = input ? *input : (struct input){ .fd = -1, .size = -1 };
	return source;
}

void source_close(struct source *source)
{
	if (!source)
		return;
	if (source->state)
		source->format->close(source->state);
	input_done(&source->input);
	mem_free(source);
}

const char *source_format(const struct source *source)
{
	return source->format->name;
}

bool source_is_snapshot(const struct source *source)
{
	return source->format->snapshot;
}

bool source_may_be_empty(const struct source *source)
{
	return source->format->may_be_empty;
}

enum status source_columns(struct source *source, const char *const **names, size_t *count, struct error *err)
{
	*names = NULL;
	*count = 0;
	return source->format->columns ? source->format->columns(source->state, &source->input, names, count, err) : STATUS_OK;
}

void source_stop_at(struct source *source, const volatile bool *stop)
{
	source->input.stop = stop;
}

void source_ask(struct source *source, bool (*stopped)(void *self), void *self)
{
	source->input.ask = stopped;
	source->input.ask_self = self;
}

enum source_next source_next(struct source *source, const struct json **message, const char **why, struct error *err)
{
	*message = NULL;
	*why = NULL;
	return source->format->next(source->state, &source->input, message, why, err);
}

int64_t source_position(const struct source *source)
{
	return source->input.line;
}

int64_t source_bytes(const struct source *source)
{
	return source->input.taken;
}

int64_t source_size(const struct source *source)
{
	return source->input.size;
}
