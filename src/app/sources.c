#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* realpath */
#endif
#include "app/sources.h"

#include "base/i18n.h"
#include "base/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct reading_face {
	struct app *app;
	int64_t shown_ms;
};

static void on_reading(void *self, int64_t bytes, int64_t size)
{
	struct reading_face *reading = self;

	app_reading(reading->app, &reading->shown_ms, bytes, size);
}

enum status app_source_check(struct app *app, const char *spec, struct source_report *out, struct error *err)
{
	struct reading_face reading = { .app = app };
	const struct source_watch watch = { .progress = on_reading, .self = &reading };
	enum status status = app_allow(app, USE_SOURCE_CHECK, err);

	return status == STATUS_OK ? source_check(spec, 0, &watch, out, err) : status;
}

/* Opening tells everything about a file that can be told: not there, a folder, an unknown format. */
static enum status try_open(const char *spec, struct error *err)
{
	struct source *source;
	enum status status = source_open(spec, &source, err);

	if (status != STATUS_OK) {
		if (err)
			err->status = STATUS_USAGE;
		return STATUS_USAGE;
	}
	source_close(source);
	return STATUS_OK;
}

enum status source_suits(const struct dataflow *dataflow, struct error *err)
{
	struct source *source;
	bool snapshot;

	/* Standard input is not ours to open yet. */
	if (dataflow->audiences.count == 1 || strcmp(dataflow->source, "-") == 0 || strcmp(dataflow->source, "ndjson:-") == 0 ||
		source_open(dataflow->source, &source, NULL) != STATUS_OK)
		return STATUS_OK;
	snapshot = source_is_snapshot(source);
	source_close(source);
	return snapshot ? dataflow_refuse_snapshot(dataflow->source, err) : STATUS_OK;
}

enum status source_settle(const char *spec, char **out, struct error *err)
{
	static const char *const forced[] = { "ndjson:", "csv:" };
	const char *path = spec;
	char *real;

	*out = NULL;
	for (size_t i = 0; i < sizeof forced / sizeof *forced; i++)
		if (strncmp(spec, forced[i], strlen(forced[i])) == 0)
			path = spec + strlen(forced[i]);
	if (strcmp(path, "-") == 0) {
		*out = mem_strdup(spec);
		return STATUS_OK;
	}
	if (try_open(spec, err) != STATUS_OK)
		return STATUS_USAGE;
	real = realpath(path, NULL);
	if (!real)
		return error_set(err, STATUS_USAGE, "file", _("cannot read %s: %s"), path, strerror(errno));
	*out = mem_printf("%.*s%s", (int)(path - spec), spec, real);
	free(real);
	return STATUS_OK;
}
