/* How a draft's mapping fares with the real values of its source: one pass, memory for the rows only, with the engine's own rules. */
#include "app/drafts.h"
#include "app/fields.h"
#include "app/masks.h"
#include "app/operators.h"
#include "app/sources.h"
#include "base/mem.h"
#include "base/text.h"
#include "engine/value.h"
#include "source/source.h"

#include <string.h>

enum { EXAMPLE_MOST = 60 /* bytes */, CODES_MOST = 16, LINES_A_LOOK = 256 };

/* The codes are constant texts of model/: no more of them than fit here. */
struct reason {
	const char *code;
	int64_t count;
};

struct checked_row {
	struct path *path;
	const struct field *field; /* NULL: unknown, nothing is checked */
	bool clear, dedupe;
	int64_t filled, bad;
	struct reason reasons[CODES_MOST];
	char *example;
};

struct surveyor {
	struct app *app;
	struct draft draft;
	struct account account;
	struct catalogue catalogue;
	VEC(struct checked_row) rows;
	identity_list identities;
	struct str name, rendered; /* reused */
	int64_t shown_ms;
};

void survey_done(struct survey *survey)
{
	for (size_t i = 0; i < survey->rows.count; i++) {
		struct survey_row *row = &survey->rows.at[i];

		mem_free(row->source);
		mem_free(row->target);
		mem_free(row->code);
		mem_free(row->message);
		mem_free(row->example);
	}
	vec_done(&survey->rows);
	survey->profiles = 0;
}

static void surveyor_done(struct surveyor *s)
{
	for (size_t i = 0; i < s->rows.count; i++) {
		path_free(s->rows.at[i].path);
		mem_free(s->rows.at[i].example);
	}
	vec_done(&s->rows);
	vec_done(&s->identities);
	str_done(&s->name);
	str_done(&s->rendered);
	catalogue_done(&s->catalogue);
	account_done(&s->account);
	draft_done(&s->draft);
}

/* Without an account there is no catalogue yet: then rows are only counted. */
static enum status load_fields(struct surveyor *s, struct error *err)
{
	const char *name = draft_get(&s->draft, DRAFT_ACCOUNT);
	enum status status;

	if (!*name)
		return STATUS_OK;
	status = account_find(s->app->store, name, &s->account, err);
	return status == STATUS_OK ? catalogue_any(s->app, &s->account, &s->catalogue, err) : status;
}

/* Is this name among those with commas? */
static bool is_listed(const char *list, const char *name)
{
	char *copy = mem_strdup(list), *rest = copy;
	bool found = false;

	for (char *one = strsep(&rest, ","); one && !found; one = strsep(&rest, ","))
		found = strcmp(text_trim(one), name) == 0;
	mem_free(copy);
	return found;
}

static enum status make_rows(struct surveyor *s, struct error *err)
{
	for (size_t i = 0; i < s->draft.mapping.rows.count; i++) {
		const struct mapping_row *from = &s->draft.mapping.rows.at[i];
		struct checked_row row = { .path = path_parse(from->source, err), .clear = from->clear };

		if (!row.path)
			return STATUS_USAGE;
		row.field = catalogue_find(&s->catalogue, from->target);
		row.dedupe = is_listed(draft_get(&s->draft, DRAFT_DEDUPE), from->target);
		vec_push(&s->rows, row);
	}
	return STATUS_OK;
}

static char *make_example(const char *text, size_t length)
{
	struct str clean = { 0 };

	text_clean(&clean, text, text_cut(text, length, EXAMPLE_MOST));
	clean.length = text_cut(str_text(&clean), clean.length, EXAMPLE_MOST);
	if (clean.text)
		clean.text[clean.length] = '\0';
	return str_take(&clean);
}

static void refuse(struct checked_row *row, const char *code, const char *text, size_t length)
{
	int i;

	row->bad++;
	for (i = 0; i < CODES_MOST - 1 && row->reasons[i].code && strcmp(row->reasons[i].code, code) != 0; i++)
		;
	if (!row->reasons[i].code)
		row->reasons[i].code = code;
	row->reasons[i].count++;
	if (!row->example)
		row->example = make_example(text ? text : "", text ? length : 0);
}

/* The profile counts once: as bad when any of its identities would be refused. */
static void check_identities(struct surveyor *s, struct checked_row *row, const struct json *message)
{
	row_identities(row->path, message, IDENTITY_ALL, &s->identities, &s->name);
	if (!s->identities.count)
		return;
	row->filled++;
	for (size_t i = 0; row->field && i < s->identities.count; i++) {
		const char *id = s->identities.at[i].id;
		const char *why = row_refusal(row->field, id, &s->rendered);

		if (*why) {
			refuse(row, why, id, strlen(id));
			return;
		}
	}
}

static void check_value(struct surveyor *s, struct checked_row *row, const struct json *message)
{
	struct value value = row_value(row->path, message, &s->identities);
	const char *why;

	if (value.kind == VALUE_ABSENT || (value.kind == VALUE_NULL && !row->clear))
		return;
	row->filled++;
	if (!row->field)
		return;
	str_clear(&s->rendered);
	why = field_render(row->field, &value, &s->rendered);
	if (why)
		refuse(row, why, value.text, value.length);
}

static void check_profile(struct surveyor *s, const struct json *message)
{
	for (size_t i = 0; i < s->rows.count; i++) {
		if (s->rows.at[i].dedupe)
			check_identities(s, &s->rows.at[i], message);
		else
			check_value(s, &s->rows.at[i], message);
	}
}

/* Rows of a table are looked at by the names of its columns. */
static enum status fit_columns(struct surveyor *s, struct source *source, struct error *err)
{
	const char *const *names;
	size_t count;
	enum status status = source_columns(source, &names, &count, err);

	for (size_t i = 0; status == STATUS_OK && count > 0 && i < s->rows.count; i++)
		path_be_column(s->rows.at[i].path);
	return status;
}

static enum status read_source_once(struct surveyor *s, struct survey *out, struct error *err)
{
	const char *spec = draft_get(&s->draft, DRAFT_SOURCE), *why;
	const struct json *message;
	enum source_next next;
	struct source *source = NULL;
	enum status status = operator_may_read(s->app, spec, err);

	source_guard_draft(s->app, &s->draft);
	if (status == STATUS_OK)
		status = source_open(spec, &source, err);
	if (status == STATUS_OK)
		status = fit_columns(s, source, err);
	for (int64_t line = 1; status == STATUS_OK && (next = source_next(source, &message, &why, err)) != SOURCE_END; line++) {
		if (next == SOURCE_ERROR)
			status = err->status;
		if (next == SOURCE_PROFILE) {
			out->profiles++;
			check_profile(s, message);
		}
		if (line % LINES_A_LOOK == 0)
			app_reading(s->app, &s->shown_ms, source_bytes(source), source_size(source));
	}
	source_close(source);
	return status;
}

static void tell_row(struct checked_row *row, const struct mapping_row *from, struct survey *out)
{
	struct survey_row told = { .source = mem_strdup(from->source), .target = mem_strdup(from->target), .filled = row->filled, .bad = row->bad,
		.example = row->example };
	const struct reason *most = &row->reasons[0];

	row->example = NULL;
	for (int i = 1; i < CODES_MOST; i++)
		if (row->reasons[i].count > most->count)
			most = &row->reasons[i];
	if (most->code) {
		told.code = mem_strdup(most->code);
		told.message = mem_strdup(field_reason_text(most->code));
	}
	vec_push(&out->rows, told);
}

enum status app_draft_survey(struct app *app, int64_t id, struct survey *out, struct error *err)
{
	struct surveyor s = { .app = app };
	enum status status;

	*out = (struct survey){ 0 };
	account_init(&s.account);
	catalogue_init(&s.catalogue);
	status = app_enter(app, USE_DRAFT_SURVEY, err);
	if (status == STATUS_OK)
		status = draft_load(app->store, id, &s.draft, err);
	if (status == STATUS_OK)
		status = load_fields(&s, err);
	if (status == STATUS_OK)
		status = make_rows(&s, err);
	if (status == STATUS_OK)
		status = read_source_once(&s, out, err);
	for (size_t i = 0; status == STATUS_OK && i < s.rows.count; i++)
		tell_row(&s.rows.at[i], &s.draft.mapping.rows.at[i], out);
	for (size_t i = 0; i < out->rows.count; i++)
		mask_value(app, &out->rows.at[i].example);
	surveyor_done(&s);
	return status;
}
