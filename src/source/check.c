/* What is in a source: one pass, bounded memory. */
#include "source/source.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "model/namespace.h"
#include "model/profile.h"
#include "source/tally.h"

#include <stdlib.h>
#include <string.h>

enum {
	ATTRIBUTES_MOST = 2000,
	AUDIENCES_MOST = 10000,
	BAD_MOST = 1000,
	PATH_MOST = 512,    /* bytes; a longer path is passed over */
	EXAMPLE_MOST = 60,  /* bytes */
	NAME_MOST = 255,    /* bytes of an audience's id or name that are kept */
	LINES_A_LOOK = 256, /* lines between two words on progress */
};

struct check {
	struct source_report *report;
	struct tally paths, audiences;
	bool table;
	int64_t *last;         /* by number of the path: the profile that raised it last, so that none counts twice */
	struct str path, fold; /* reused */
	membership_list memberships;
};

static void cut(struct str *s, size_t length)
{
	if (!s->text)
		return;
	s->length = length;
	s->text[length] = '\0';
}

/* Cleaned and cut for people's eyes. */
static char *clean_cut(const char *text, size_t most)
{
	struct str clean = { 0 };

	text_clean(&clean, text, text_cut(text, strlen(text), most));
	cut(&clean, text_cut(str_text(&clean), clean.length, most));
	return str_take(&clean);
}

/* The number of the path in check->path; `key` is what it is told apart by. */
static long path_number(struct check *check, const char *key)
{
	bool fresh;
	long number = check->path.length > PATH_MOST ? TALLY_FULL : tally_number(&check->paths, key, &fresh);

	if (number == TALLY_FULL)
		check->report->truncated = true;
	else if (fresh)
		vec_push(&check->report->attributes, ((struct source_attribute){ .path = text_clean_dup(str_text(&check->path)) }));
	return number;
}

/* Raises the path in check->path. */
static void raise(struct check *check, const char *key, const char *example)
{
	long number = path_number(check, key);
	struct source_attribute *attribute;

	if (number == TALLY_FULL || check->last[number] == check->report->profiles)
		return;
	attribute = &check->report->attributes.at[number];
	if (!attribute->example)
		attribute->example = clean_cut(example, EXAMPLE_MOST);
	check->last[number] = check->report->profiles;
	attribute->filled++;
}

static const char *leaf_text(const struct json *value)
{
	switch (json_kind(value)) {
	case JSON_STRING:
		return json_string(value);
	case JSON_NUMBER:
		return json_number_text(value);
	case JSON_TRUE:
		return "true";
	case JSON_FALSE:
		return "false";
	default:
		return NULL;
	}
}

/* Adds the leaves below an object; JSON is no deeper than its reader allows. check->path is the object's own. */
static void add_leaves(struct check *check, const struct json *object)
{
	size_t length = check->path.length;

	for (const struct json *child = json_first(object); child; child = json_next(child)) {
		const char *key = json_key(child);
		const char *text = leaf_text(child);

		if (length == 0 && !check->table && (strcmp(key, "segmentMembership") == 0 || strcmp(key, "identityMap") == 0))
			continue;
		path_add_part(&check->path, key);
		if (text)
			raise(check, str_text(&check->path), text);
		else if (json_kind(child) == JSON_OBJECT)
			add_leaves(check, child);
		cut(&check->path, length);
	}
}

static const char *first_id(const struct json *entries)
{
	const struct json *entry = json_kind(entries) == JSON_ARRAY ? json_first(entries) : entries;

	for (; entry; entry = json_kind(entries) == JSON_ARRAY ? json_next(entry) : NULL) {
		const char *id = leaf_text(json_kind(entry) == JSON_OBJECT ? json_get(entry, "id") : entry);

		if (id && id[strspn(id, " \t\r\n\v\f")])
			return id;
	}
	return NULL;
}

/* One row a namespace, whatever the case and the alias it comes under. */
static void add_identities(struct check *check, const struct json *map)
{
	for (const struct json *entries = json_kind(map) == JSON_OBJECT ? json_first(map) : NULL; entries; entries = json_next(entries)) {
		const char *id = first_id(entries);

		if (!id || !*json_key(entries))
			continue;
		str_clear(&check->path);
		str_add(&check->path, "identityMap");
		path_add_part(&check->path, namespace_canonical(json_key(entries)));
		str_clear(&check->fold);
		str_add_char(&check->fold, '\n'); /* told apart from an attribute of the same letters */
		str_add(&check->fold, str_text(&check->path));
		text_lower(check->fold.text);
		raise(check, str_text(&check->fold), id);
	}
	str_clear(&check->path);
}

static void add_membership(struct check *check, const struct membership *membership)
{
	struct source_audience *audience;
	bool fresh;
	long number = strlen(membership->audience) > NAME_MOST ? TALLY_FULL : tally_number(&check->audiences, membership->audience, &fresh);

	if (number == TALLY_FULL) {
		check->report->truncated = true;
		return;
	}
	if (fresh)
		vec_push(&check->report->audiences, ((struct source_audience){ .id = clean_cut(membership->audience, NAME_MOST),
			.group = clean_cut(membership->group, NAME_MOST) }));
	audience = &check->report->audiences.at[number];
	if (!audience->name && membership->name && *membership->name)
		audience->name = clean_cut(membership->name, NAME_MOST);
	if (membership->existing)
		audience->existing++;
	else if (membership->status == MEMBERSHIP_REALIZED)
		audience->realized++;
	else if (membership->status == MEMBERSHIP_EXITED)
		audience->exited++;
	else
		audience->unknown++;
}

static void add_profile(struct check *check, const struct json *message)
{
	check->report->profiles++;
	add_identities(check, json_get(message, "identityMap"));
	add_leaves(check, message);
	profile_memberships(message, &check->memberships);
	for (size_t i = 0; i < check->memberships.count; i++)
		add_membership(check, &check->memberships.at[i]);
}

/* All columns, in their order: an empty one is worth seeing. */
static enum status add_columns(struct check *check, struct source *source, struct error *err)
{
	const char *const *names;
	size_t count;
	enum status status = source_columns(source, &names, &count, err);

	for (size_t i = 0; status == STATUS_OK && i < count; i++) {
		str_clear(&check->path);
		path_add_part(&check->path, names[i]);
		path_number(check, str_text(&check->path));
	}
	str_clear(&check->path);
	check->table = count > 0;
	return status;
}

/* A table is one audience, whose name is whatever one calls it: its file's name, or that of its query, is a fair beginning. */
static void add_whole(struct check *check, const char *spec, bool database)
{
	const char *name, *end;
	char *stem;

	if (database)
		spec = strrchr(spec, '#') + 1;
	name = strrchr(spec, '/');
	name = name ? name + 1 : strncmp(spec, "csv:", 4) == 0 ? spec + 4 : spec;
	end = strrchr(name, '.');
	stem = mem_strndup(name, end && end > name ? (size_t)(end - name) : strlen(name));
	vec_push(&check->report->audiences, ((struct source_audience){ .id = clean_cut(stem, NAME_MOST), .name = clean_cut(stem, NAME_MOST),
		.realized = check->report->profiles }));
	mem_free(stem);
}

static void add_bad(struct source_report *report, int64_t position, const char *why)
{
	report->bad_count++;
	if (report->bad.count < BAD_MOST)
		vec_push(&report->bad, ((struct source_bad){ .position = position, .reason = mem_strdup(why) }));
}

static enum status read_all(struct check *check, struct source *source, int64_t limit, const struct source_watch *watch, struct error *err)
{
	int64_t lines = 0;

	while (limit == 0 || check->report->profiles < limit) {
		const struct json *message;
		const char *why;

		if (watch->stop && *watch->stop)
			return error_set(err, STATUS_STOPPED, "stopped", _("stopped"));
		if (++lines % LINES_A_LOOK == 0 && watch->progress)
			watch->progress(watch->self, source_bytes(source), source_size(source));
		switch (source_next(source, &message, &why, err)) {
		case SOURCE_PROFILE:
			add_profile(check, message);
			break;
		case SOURCE_BAD:
			add_bad(check->report, source_position(source), why);
			break;
		case SOURCE_END:
			return STATUS_OK;
		case SOURCE_ERROR:
			return err ? err->status : STATUS_FAILED;
		}
	}
	return STATUS_OK;
}

static bool is_identity(const struct source_attribute *attribute)
{
	return strncmp(attribute->path, "identityMap.", 12) == 0;
}

static int compare_attributes(const void *a, const void *b)
{
	int order = is_identity(b) - is_identity(a);

	return order ? order : strcmp(((const struct source_attribute *)a)->path, ((const struct source_attribute *)b)->path);
}

/* A source without a single profile is a mistake somewhere before it, not an audience without members. */
static enum status refuse_empty(const struct check *check, const char *spec, struct error *err)
{
	const struct source_report *report = check->report;

	if (report->bad_count > 0)
		error_set(err, STATUS_FAILED, "empty_source", _("%s holds no profile; line %lld: %s"), spec, (long long)report->bad.at[0].position, report->bad.at[0].reason);
	else if (check->table)
		error_set(err, STATUS_FAILED, "empty_source", _("%s holds a header and no row"), spec);
	else
		error_set(err, STATUS_FAILED, "empty_source", _("%s is empty"), spec);
	if (check->table)
		error_hint(err, _("Look at what writes it: the rows below the header are the members of the audience."));
	else if (report->bad_count > 0)
		error_hint(err, _("Each line must be one JSON object with identityMap and segmentMembership."));
	else
		error_hint(err, _("Look at what writes it: a feed holds one profile message a line."));
	return STATUS_FAILED;
}

enum status source_check(const char *spec, int64_t limit, const struct source_watch *watch, struct source_report *out, struct error *err)
{
	static const struct source_watch nobody = { 0 };
	struct error ignored;
	struct check check = { .report = out };
	struct source *source;
	enum status status;

	*out = (struct source_report){ 0 };
	err = err ? err : &ignored;
	watch = watch ? watch : &nobody;
	status = source_open(spec, &source, err);
	if (status != STATUS_OK)
		return status;
	source_stop_at(source, watch->stop);
	out->format = source_format(source);
	tally_init(&check.paths, ATTRIBUTES_MOST);
	tally_init(&check.audiences, AUDIENCES_MOST);
	check.last = mem_array(ATTRIBUTES_MOST, sizeof *check.last);
	status = add_columns(&check, source, err);
	if (status == STATUS_OK)
		status = read_all(&check, source, limit, watch, err);
	/* That nothing was posted yet is how it begins. */
	if (status == STATUS_OK && out->profiles == 0 && (out->bad_count || !source_may_be_empty(source)))
		status = refuse_empty(&check, spec, err);
	if (source_is_snapshot(source))
		add_whole(&check, spec, strcmp(out->format, "csv") != 0);
	else if (out->attributes.count > 1)
		qsort(out->attributes.at, out->attributes.count, sizeof *out->attributes.at, compare_attributes);
	source_close(source);
	tally_done(&check.paths);
	tally_done(&check.audiences);
	vec_done(&check.memberships);
	str_done(&check.path);
	str_done(&check.fold);
	mem_free(check.last);
	return status;
}

void source_report_done(struct source_report *report)
{
	for (size_t i = 0; i < report->bad.count; i++)
		mem_free(report->bad.at[i].reason);
	for (size_t i = 0; i < report->audiences.count; i++) {
		mem_free(report->audiences.at[i].id);
		mem_free(report->audiences.at[i].name);
		mem_free(report->audiences.at[i].group);
	}
	for (size_t i = 0; i < report->attributes.count; i++) {
		mem_free(report->attributes.at[i].path);
		mem_free(report->attributes.at[i].example);
	}
	vec_done(&report->bad);
	vec_done(&report->audiences);
	vec_done(&report->attributes);
	*report = (struct source_report){ 0 };
}
