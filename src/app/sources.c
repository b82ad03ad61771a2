#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* realpath */
#endif
#include "app/sources.h"

#include "app/admission.h"
#include "app/masks.h"
#include "app/operators.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/str.h"
#include "source/http.h"
#include "source/inbox.h"
#include "source/limit.h"
#include "store/tables.h"

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

	char *settled = NULL;

	*out = (struct source_report){ 0 };
	if (status == STATUS_OK)
		status = operator_may_read(app, spec, err);
	if (status == STATUS_OK && http_is(spec))
		status = source_look(app, spec, &settled, err);
	if (status == STATUS_OK)
		status = source_check(settled ? settled : spec, 0, &watch, out, err);
	for (size_t i = 0; i < out->attributes.count; i++)
		mask_value(app, &out->attributes.at[i].example);
	mem_free(settled);
	return status;
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

/* Two who take from one folder would each see a part of what is posted. */
static enum status check_alone(struct app *app, const struct dataflow *dataflow, const char *spool, struct error *err)
{
	dataflow_list all = { 0 };
	enum status status = dataflow_all(app->store, &all, err);

	for (size_t i = 0; status == STATUS_OK && i < all.count; i++) {
		const struct dataflow *other = &all.at[i];
		struct http_spec http = { 0 };

		if (other->id != dataflow->id && other->source && http_is(other->source) && http_parse(other->source, &http, NULL) == STATUS_OK &&
			http.settings[HTTP_SPOOL] && strcmp(http.settings[HTTP_SPOOL], spool) == 0) {
			status = error_set(err, STATUS_USAGE, "source", _("the dataflow %s takes what is posted there already"), other->name);
			error_hint(err, _("Each dataflow needs a port or a path, and a spool folder, of its own."));
		}
		http_done(&http);
	}
	dataflow_list_done(&all);
	return status;
}

static enum status suits_http(struct app *app, const struct dataflow *dataflow, struct error *err)
{
	struct http_spec http;
	enum status status = http_parse(dataflow->source, &http, err);

	if (status == STATUS_OK && dataflow->schedule.every_ms != SCHEDULE_NEVER && dataflow->schedule.every_ms != SCHEDULE_ALWAYS) {
		status = error_set(err, STATUS_USAGE, "source", _("what is posted is followed all the time, not every now and then"));
		error_hint(err, _("--every always lets the daemon do so"));
	}
	if (status == STATUS_OK && http.settings[HTTP_SPOOL])
		status = check_alone(app, dataflow, http.settings[HTTP_SPOOL], err);
	http_done(&http);
	return status;
}

enum status source_suits(struct app *app, const struct dataflow *dataflow, struct error *err)
{
	struct source *source;
	bool snapshot;

	if (http_is(dataflow->source))
		return suits_http(app, dataflow, err);
	source_guard(dataflow);
	/* Standard input is not ours to open yet. */
	if (dataflow->audiences.count == 1 || strcmp(dataflow->source, "-") == 0 || strcmp(dataflow->source, "ndjson:-") == 0 ||
		source_open(dataflow->source, &source, NULL) != STATUS_OK)
		return STATUS_OK;
	snapshot = source_is_snapshot(source);
	source_close(source);
	return snapshot ? dataflow_refuse_snapshot(dataflow->source, err) : STATUS_OK;
}

/* Appends the path of a file that a specification names, from the root on: a later run may stand elsewhere. */
static enum status add_path(struct str *out, const char *path, struct error *err)
{
	char *real = realpath(path, NULL);

	if (!real)
		return error_set(err, STATUS_USAGE, "file", _("cannot read %s: %s"), path, strerror(errno));
	str_add(out, real);
	free(real);
	return STATUS_OK;
}

static bool is_database(const char *spec)
{
	return strncmp(spec, "sqlite:", 7) == 0 || strncmp(spec, "postgres:", 9) == 0 || strncmp(spec, "postgresql:", 11) == 0;
}

/* DATABASE#FILE: the query's file, and the database's where it is one. */
static enum status settle_database(const char *spec, char **out, struct error *err)
{
	const char *mark;
	struct str settled = { 0 };
	enum status status = STATUS_OK;

	if (try_open(spec, err) != STATUS_OK)
		return STATUS_USAGE;
	mark = strrchr(spec, '#');
	if (strncmp(spec, "sqlite:", 7) == 0) {
		char *file = mem_strndup(spec + 7, (size_t)(mark - spec) - 7);

		str_add(&settled, "sqlite:");
		status = add_path(&settled, file, err);
		mem_free(file);
	} else {
		str_add_bytes(&settled, spec, (size_t)(mark - spec));
	}
	str_add_char(&settled, '#');
	if (status == STATUS_OK)
		status = add_path(&settled, mark + 1, err);
	if (status == STATUS_OK)
		*out = str_take(&settled);
	str_done(&settled);
	return status;
}

/* Beside the store, named after what tells one listener from another. */
static enum status choose_spool(const char *db, struct http_spec *http, struct error *err)
{
	const char *slash = db ? strrchr(db, '/') : NULL;
	char *folder;

	if (!db)
		return app_no_place(err);
	folder = mem_printf("%.*s/inbox/%d%s", slash ? (int)(slash - db) : 1, slash ? db : ".", http->port, http->path);
	for (char *at = folder + strlen(folder) - strlen(http->path); *at; at++)
		*at = *at == '/' ? '-' : *at;
	http_set(http, HTTP_SPOOL, folder);
	mem_free(folder);
	return STATUS_OK;
}

/* As add_path, of a folder that need not be there yet: from its nearest ancestor on it is as it was said. */
static enum status add_future_path(struct str *out, const char *said, struct error *err)
{
	size_t length = strlen(said);
	char *path, *real, *parent;
	const char *slash;
	enum status status = STATUS_OK;

	while (length > 1 && said[length - 1] == '/')
		length--;
	path = mem_strndup(said, length);
	slash = strrchr(path, '/');
	real = realpath(path, NULL);
	if (real || errno != ENOENT || !*path || strcmp(path, ".") == 0) {
		free(real);
		status = add_path(out, path, err);
		mem_free(path);
		return status;
	}
	parent = !slash ? mem_strdup(".") : slash == path ? mem_strdup("/") : mem_strndup(path, (size_t)(slash - path));
	status = add_future_path(out, parent, err);
	if (status == STATUS_OK && out->text[out->length - 1] != '/')
		str_add_char(out, '/');
	if (status == STATUS_OK)
		str_add(out, slash ? slash + 1 : path);
	mem_free(parent);
	mem_free(path);
	return status;
}

static enum status settle_setting(struct http_spec *http, enum http_setting setting, struct error *err)
{
	struct str path = { 0 };
	enum status status = (setting == HTTP_SPOOL ? add_future_path : add_path)(&path, http->settings[setting], err);

	if (status == STATUS_OK && strchr(str_text(&path), ','))
		status = error_set(err, STATUS_USAGE, "source", _("%s: a comma in a path ends the setting"), str_text(&path));
	if (status == STATUS_OK)
		http_set(http, setting, str_text(&path));
	str_done(&path);
	return status;
}

/* Everything that can be told before the first message comes. */
static enum status settle_http(const char *db, const char *spec, bool make, char **out, struct error *err)
{
	struct http_spec http;
	struct admission *admission = NULL;
	struct str settled = { 0 };
	enum status status = http_parse(spec, &http, err);

	if (status == STATUS_OK && !http.settings[HTTP_SPOOL])
		status = choose_spool(db, &http, err);
	if (status == STATUS_OK && make && inbox_make(http.settings[HTTP_SPOOL], err) != STATUS_OK)
		status = STATUS_USAGE;
	for (enum http_setting i = 0; status == STATUS_OK && i < HTTP_SETTINGS; i++)
		if (http.settings[i] && (i == HTTP_SPOOL || http_is_file(i)))
			status = settle_setting(&http, i, err);
	if (status == STATUS_OK)
		status = admission_open(http.settings[HTTP_TOKEN_FILE], http.settings[HTTP_HMAC_FILE], &admission, err);
	admission_close(admission);
	if (status == STATUS_OK) {
		http_write(&http, &settled);
		*out = str_take(&settled);
	} else if (err) {
		err->status = STATUS_USAGE;
	}
	http_done(&http);
	return status == STATUS_OK ? status : STATUS_USAGE;
}

static enum status settle(const char *db, const char *spec, bool make, char **out, struct error *err)
{
	const char *path = source_place(spec);
	struct str settled = { 0 };
	enum status status;

	*out = NULL;
	if (http_is(spec))
		return settle_http(db, spec, make, out, err);
	if (is_database(spec))
		return settle_database(spec, out, err);
	if (strcmp(path, "-") == 0) {
		*out = mem_strdup(spec);
		return STATUS_OK;
	}
	if (try_open(spec, err) != STATUS_OK)
		return STATUS_USAGE;
	str_add_bytes(&settled, spec, (size_t)(path - spec));
	status = add_path(&settled, path, err);
	if (status == STATUS_OK)
		*out = str_take(&settled);
	str_done(&settled);
	return status;
}

char *source_from_root(struct app *app, const char *spec)
{
	const char *path = source_place(spec);
	struct str out = { 0 };
	char *whole = NULL;

	if (http_is(spec) || strcmp(path, "-") == 0 || operator_may_read(app, spec, NULL) != STATUS_OK)
		return NULL;
	if (is_database(spec)) {
		settle_database(spec, &whole, NULL);
	} else {
		str_add_bytes(&out, spec, (size_t)(path - spec));
		if (add_path(&out, path, NULL) == STATUS_OK)
			whole = str_take(&out);
		str_done(&out);
	}
	if (whole && operator_may_read(app, whole, NULL) != STATUS_OK)
		mem_replace(&whole, NULL);
	return whole;
}

static enum status settle_allowed(struct app *app, const char *spec, bool make, char **out, struct error *err)
{
	enum status status = operator_may_read(app, spec, err);

	*out = NULL;
	if (status == STATUS_OK)
		status = settle(app->db, spec, make, out, err);
	/* Where it is in truth counts as well. */
	if (status == STATUS_OK)
		status = operator_may_read(app, *out, err);
	if (status != STATUS_OK) {
		mem_free(*out);
		*out = NULL;
	}
	return status;
}

enum status source_settle(struct app *app, const char *spec, char **out, struct error *err)
{
	return settle_allowed(app, spec, true, out, err);
}

enum status source_look(struct app *app, const char *spec, char **out, struct error *err)
{
	return settle_allowed(app, spec, false, out, err);
}

enum status source_require(const struct dataflow *dataflow, struct error *err)
{
	if (dataflow->source || dataflow->version == 1)
		return STATUS_OK;
	error_set(err, STATUS_USAGE, "no_source", _("the dataflow %s has no source yet"), dataflow->name);
	error_hint(err, _("give it one: `penstock dataflow update \"%s\" --source FILE`"), dataflow->name);
	return STATUS_USAGE;
}

void source_guard(const struct dataflow *dataflow)
{
	const char *place = dataflow->source && dataflow->source_by ? source_place(dataflow->source) : NULL;
	const char *mark = place && is_database(place) ? strrchr(place, '#') : NULL;
	bool file = mark && strncmp(place, "sqlite:", 7) == 0;
	char *database = file ? mem_strndup(place + 7, (size_t)(mark - place) - 7) : NULL;
	const char *const paths[] = { mark ? mark + 1 : place, database };

	source_keep_to(paths, sizeof paths / sizeof *paths);
	mem_free(database);
}

void source_give(const struct app *app, struct dataflow *dataflow, const char *settled)
{
	const struct operator *who = app->operator;

	if (dataflow->id && dataflow->source && strcmp(dataflow->source, settled) == 0)
		return;
	mem_replace(&dataflow->source, settled);
	mem_replace(&dataflow->source_by, who && !who->owner ? who->name : NULL);
}

void source_guard_draft(struct app *app, const struct draft *draft)
{
	const char *edited = draft_get(draft, DRAFT_MAPPING_OF);
	struct dataflow dataflow;

	dataflow_init(&dataflow);
	if (*edited)
		dataflow_find(app->store, edited, &dataflow, NULL);
	source_guard(&dataflow);
	dataflow_done(&dataflow);
}
