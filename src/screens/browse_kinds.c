/* What can be browsed, one row a kind: the command that tells it, its columns, what can be done with a row. */
#include "base/i18n.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "screens/browse.h"
#include "screens/words.h"

#include <string.h>

#define CHANGE_COLUMNS { \
	{ N_("CHANGE"), "change", CELL_TEXT, 8 }, \
	{ N_("MARKETO FIELD"), "target", CELL_TEXT, 16 }, \
	{ N_("WAS"), "was", CELL_TEXT, 17 }, \
	{ N_("NOW"), "now", CELL_TEXT, 17 }, \
	{ N_("BY"), "who", CELL_TEXT, 10 }, \
	{ N_("SAVED"), "at", CELL_TIME, 20 }, \
	{ N_("REVISION"), "revision", CELL_NUMBER, 9 }, \
}

const struct browse_kind browse_kinds[BROWSES] = {
	[BROWSE_DATAFLOWS] = { .title = N_("Dataflows"), .empty = N_("there is no dataflow yet: n on the first screen sets one up"), .words = { "status" }, .key = "dataflows",
		.where = AT_FLOW | AT_DEEDS | AT_CHANGE | AT_LAUNCHED | AT_ROW,
		.columns = {
			{ N_("NAME"), "name", CELL_TEXT, 24 },
			{ N_("LAST RUN"), "last_run.state", CELL_STATE, 12 },
			{ N_("DESTINATION"), "destination", CELL_TEXT, 18 },
			{ N_("ON"), "enabled", CELL_YES, 4 },
			{ N_("ACTIVATED"), "last_run.activated", CELL_NUMBER, 11 },
			{ N_("FAILED"), "last_run.failed", CELL_NUMBER, 9 },
			{ N_("STARTED"), "last_run.started_at", CELL_TIME, 20 },
			{ N_("EXCLUDED"), "last_run.excluded", CELL_NUMBER, 9 },
			{ N_("AUDIENCES"), "audiences", CELL_NUMBER, 9 },
			{ N_("RUN"), "last_run.id", CELL_NUMBER, 0 },
			{ N_("ACCOUNT"), "account", CELL_TEXT, 0 },
			{ N_("DONE"), "progress.done", CELL_NUMBER, 0 },
			{ N_("OF"), "progress.total", CELL_NUMBER, 0 },
			{ N_("A SECOND"), "progress.records_per_second", CELL_NUMBER, 0 },
			{ N_("HEARD OF"), "progress.told_at", CELL_TIME, 0 },
		} },
	[BROWSE_DESTINATIONS] = { .title = N_("Destinations"), .empty = N_("there is no destination yet: n on the first screen sets one up"),
		.words = { "destination", "list" }, .key = "destinations", .where = AT_OBJECT | AT_CHANGE | AT_ROW,
		.columns = {
			{ N_("NAME"), "name", CELL_TEXT, 24 },
			{ N_("VERSION"), "version", CELL_NUMBER, 8 },
			{ N_("ACCOUNT"), "account", CELL_TEXT, 18 },
			{ N_("PEOPLE"), "person_creation", CELL_TEXT, 17 },
			{ N_("LIST FOLDER"), "list_folder", CELL_TEXT, 14 },
			{ N_("DEDUPE"), "dedupe_fields", CELL_NAMES, 16 },
			{ N_("SYNC TYPE"), "sync_type", CELL_TEXT, 20 },
			{ N_("PARTITION"), "partition", CELL_TEXT, 0 },
			{ N_("WORKSPACE"), "workspace", CELL_TEXT, 0 },
			{ N_("SIGN-OFF"), "sign_off", CELL_TEXT, 0 },
			{ N_("MARKETING ACTIONS"), "marketing_actions", CELL_NAMES, 0 },
			{ N_("DESCRIPTION"), "description", CELL_TEXT, 0 },
		} },
	[BROWSE_ACCOUNTS] = { .title = N_("Accounts"), .empty = N_("there is no account yet: n on the first screen sets one up"), .words = { "account", "list" },
		.key = "accounts", .where = AT_OBJECT | AT_CHANGE | AT_ROW,
		.columns = {
			{ N_("NAME"), "name", CELL_TEXT, 24 },
			{ N_("MUNCHKIN ID"), "munchkin_id", CELL_TEXT, 12 },
			{ N_("ENVIRONMENT"), "environment", CELL_TEXT, 14 },
			{ N_("CALLS A DAY"), "daily_calls", CELL_NUMBER, 12 },
			{ N_("IN 20 S"), "calls_per_20s", CELL_NUMBER, 8 },
			{ N_("AT ONCE"), "concurrent", CELL_NUMBER, 8 },
			{ N_("STOP AT %"), "quota_stop", CELL_NUMBER, 10 },
			{ N_("ENDPOINT"), "endpoint", CELL_TEXT, 0 },
			{ N_("IDENTITY"), "identity", CELL_TEXT, 0 },
			{ N_("CLIENT ID"), "client_id", CELL_TEXT, 0 },
		} },
	[BROWSE_RUNS] = { .title = N_("Runs"), .empty = N_("nothing has run yet"), .words = { "runs" }, .key = "runs", .where = AT_RAN | AT_ROW,
		.columns = {
			{ N_("RUN"), "id", CELL_NUMBER, 7 },
			{ N_("DATAFLOW"), "dataflow", CELL_TEXT, 18 },
			{ N_("STATE"), "state", CELL_STATE, 11 },
			{ N_("RECEIVED"), "received", CELL_NUMBER, 10 },
			{ N_("ACTIVATED"), "activated", CELL_NUMBER, 10 },
			{ N_("EXCLUDED"), "excluded", CELL_NUMBER, 9 },
			{ N_("FAILED"), "failed", CELL_NUMBER, 8 },
			{ N_("UNCHANGED"), "unchanged", CELL_NUMBER, 10 },
			{ N_("STARTED"), "started_at", CELL_TIME, 20 },
			{ N_("CALLS"), "calls", CELL_NUMBER, 8 },
			{ N_("BAD LINES"), "bad_lines", CELL_NUMBER, 0 },
			{ N_("CREATED"), "created", CELL_NUMBER, 0 },
			{ N_("UPDATED"), "updated", CELL_NUMBER, 0 },
			{ N_("ADDED"), "added", CELL_NUMBER, 0 },
			{ N_("REMOVED"), "removed", CELL_NUMBER, 0 },
			{ N_("ENDED"), "ended_at", CELL_TIME, 0 },
		} },
	[BROWSE_AUDIT] = { .title = N_("Audit"), .empty = N_("nothing was changed yet"), .words = { "audit" }, .reversed = true, .key = "audit", .where = AT_ROW,
		.columns = {
			{ N_("WHEN"), "at", CELL_TIME, 20 },
			{ N_("WHO"), "who", CELL_TEXT, 12 },
			{ N_("WHAT"), "action", CELL_TEXT, 20 },
			{ N_("OBJECT"), "object", CELL_TEXT, 18 },
			{ N_("DETAIL"), "detail", CELL_TEXT, 30 },
		} },
	[BROWSE_ALERTS] = { .title = N_("Alerts"), .empty = N_("nobody is told of anything yet: n adds an alert"), .words = { "alert", "list" }, .key = "alerts",
		.where = AT_ALERT | AT_CHANGE | AT_ROW,
		.columns = {
			{ N_("NAME"), "name", CELL_TEXT, 18 },
			{ N_("WHEN"), "when", CELL_TEXT, 12 },
			{ N_("OVER"), "over", CELL_NUMBER, 7 },
			{ N_("UNIT"), "unit", CELL_TEXT, 4 },
			{ N_("GOING ON"), "going_on", CELL_NUMBER, 8 },
			{ N_("SINCE"), "since", CELL_TIME, 20 },
			{ N_("TELLS"), "way", CELL_TEXT, 8 },
			{ N_("ON"), "enabled", CELL_YES, 4 },
			{ N_("DATAFLOW"), "dataflow", CELL_TEXT, 16 },
			{ N_("WHOM"), "target", CELL_TEXT, 0 },
		} },
	[BROWSE_INCIDENTS] = { .title = N_("Incidents"), .empty = N_("nothing goes on that this alert would tell of"), .words = { "alert", "show", "--" }, .key = "incidents",
		.where = AT_ROW,
		.columns = {
			{ N_("OF"), "subject", CELL_TEXT, 28 },
			{ N_("VALUE"), "value", CELL_NUMBER, 9 },
			{ N_("SINCE"), "since", CELL_TIME, 20 },
			{ N_("TOLD"), "told", CELL_YES, 5 },
		} },
	[BROWSE_LISTS] = { .title = N_("Static lists"), .empty = N_("this Marketo has no static list"), .words = { "lists", "--" }, .remote = true, .key = "lists",
		.name = 1, .where = AT_ROW,
		.columns = {
			{ N_("ID"), "id", CELL_NUMBER, 10 },
			{ N_("NAME"), "name", CELL_TEXT, 36 },
			{ N_("PROGRAM"), "program", CELL_TEXT, 16 },
			{ N_("WORKSPACE"), "workspace", CELL_TEXT, 14 },
			{ N_("DESCRIPTION"), "description", CELL_TEXT, 0 },
		} },
	[BROWSE_MEMBERS] = { .title = N_("Lists and their members"), .empty = N_("this dataflow has no list"), .words = { "verify", "--" }, .remote = true, .key = "audiences",
		.where = AT_ROW,
		.columns = {
			{ N_("AUDIENCE"), "name", CELL_TEXT, 28 },
			{ N_("LIST"), "list_id", CELL_NUMBER, 8 },
			{ N_("MEMBERS"), "in_list", CELL_NUMBER, 11 },
			{ N_("OURS"), "in_ledger", CELL_NUMBER, 11 },
			{ N_("MISSING"), "missing", CELL_NUMBER, 8 },
			{ N_("NOT OURS"), "extra", CELL_NUMBER, 9 },
		} },
	[BROWSE_FAILURES] = { .title = N_("Excluded and failed"), .empty = N_("nobody was excluded and nothing failed"), .words = { "failures", "--limit", "10000", "--" },
		.key = "failures", .where = AT_PEOPLE | AT_ROW,
		.columns = {
			{ N_("WHO"), "identity", CELL_PERSON, 26 },
			{ N_("AUDIENCE"), "audience", CELL_TEXT, 16 },
			{ N_("HOW"), "severity", CELL_STATE, 11 },
			{ N_("CODE"), "code", CELL_TEXT, 14 },
			{ N_("WHY"), "message", CELL_TEXT, 40 },
			{ N_("CAN BE RETRIED"), "retryable", CELL_YES, 0 },
			{ N_("STILL OPEN"), "open", CELL_YES, 0 },
		} },
	[BROWSE_REVISIONS] = { .title = N_("Revisions of the mapping"), .empty = N_("this mapping was never saved"), .words = { "mapping", "revisions", "--" },
		.key = "revisions", .where = AT_REVISION | AT_LAUNCHED | AT_ROW,
		.columns = {
			{ N_("REVISION"), "revision", CELL_NUMBER, 9 },
			{ N_("SAVED"), "saved_at", CELL_TIME, 20 },
			{ N_("BY"), "who", CELL_TEXT, 12 },
			{ N_("ROWS"), "rows", CELL_NUMBER, 6 },
			{ N_("SIGNED BY"), "signed_by", CELL_TEXT, 12 },
			{ N_("SIGNED"), "signed_at", CELL_TIME, 20 },
			{ N_("NOTE"), "note", CELL_TEXT, 20 },
		} },
	[BROWSE_CHANGES] = { .title = N_("What the revision changed"), .empty = N_("it changed nothing"), .words = { "mapping", "diff", "--" }, .key = "changes", .name = 1,
		.where = AT_REVISION | AT_ROW, .columns = CHANGE_COLUMNS },
	[BROWSE_SINCE_LAUNCH] = { .title = N_("What changed since it was launched last"), .empty = N_("it is as it was launched last"), .words = { "mapping", "diff", "--" },
		.key = "changes", .name = 1, .where = AT_REVISION | AT_ROW, .columns = CHANGE_COLUMNS },
};

void browse_rows_done(browse_rows *rows)
{
	for (size_t i = 0; i < rows->count; i++) {
		for (size_t c = 0; c < BROWSE_COLUMNS; c++)
			mem_free(rows->at[i].cells[c]);
		mem_free(rows->at[i].all);
	}
	vec_done(rows);
}

static const struct json *dig(const struct json *object, const char *key)
{
	const char *dot = strchr(key, '.');
	char *first;
	const struct json *inner;

	if (!dot)
		return json_get(object, key);
	first = mem_strndup(key, (size_t)(dot - key));
	inner = json_get(object, first);
	mem_free(first);
	return dig(inner, dot + 1);
}

static char *names_text(const struct json *array)
{
	struct str names = { 0 };

	for (const struct json *one = json_first(array); one; one = json_next(one))
		str_add_format(&names, "%s%s", names.length ? ", " : "", json_string(one) ? json_string(one) : "");
	return names.length ? str_take(&names) : NULL;
}

static char *cell_text(enum cell_kind kind, const struct json *value)
{
	char number[32];
	int64_t known;

	if (json_kind(value) == JSON_NULL)
		return NULL;
	if (kind == CELL_YES)
		return mem_strdup(json_is_true(value) ? _("yes") : _("no"));
	if (kind == CELL_NAMES)
		return names_text(value);
	if (kind == CELL_NUMBER && json_i64(value, &known))
		return mem_strdup(number_text(known, number));
	/* An id is no quantity: it has no separators. A name or a code may be all digits. */
	return mem_strdup(json_number_text(value) ? json_number_text(value) : json_string(value));
}

static void read_row(const struct browse_kind *kind, const struct json *object, struct browse_row *row)
{
	struct str all = { 0 };

	for (size_t c = 0; c < BROWSE_COLUMNS && kind->columns[c].title; c++) {
		const struct browse_column *column = &kind->columns[c];
		bool is_id = strcmp(column->key, "id") == 0 || strcmp(column->key, "list_id") == 0 || strcmp(column->key, "revision") == 0 || strcmp(column->key, "last_run.id") == 0;

		row->cells[c] = cell_text(is_id ? CELL_TEXT : column->kind, dig(object, column->key));
		if (row->cells[c] && column->kind != CELL_PERSON)
			str_add_format(&all, "%s  ", row->cells[c]);
	}
	row->all = all.length ? str_take(&all) : mem_strdup("");
	str_done(&all);
}

void browse_rows_read(const struct browse_kind *kind, const struct json *answer, browse_rows *out)
{
	for (const struct json *one = json_first(json_get(answer, kind->key)); one; one = json_next(one)) {
		struct browse_row row = { 0 };

		read_row(kind, one, &row);
		vec_push(out, row);
	}
	for (size_t i = 0; kind->reversed && i < out->count / 2; i++) {
		struct browse_row row = out->at[i];

		out->at[i] = out->at[out->count - 1 - i];
		out->at[out->count - 1 - i] = row;
	}
}

/* The first two characters of a name, and what stands behind the at sign: enough to tell people apart, not to write to them. */
static void mask(const char *text, struct str *out)
{
	const char *at = strrchr(text, '@');
	size_t length = strlen(text), shown = 0;

	for (int i = 0; i < 2 && shown < length && text + shown != at; i++) {
		uint32_t point;
		size_t taken = text_next(text + shown, length - shown, &point);

		shown += taken ? taken : 1;
	}
	str_add_format(out, "%.*s***%s", (int)shown, text, at ? at : "");
}

const char *browse_cell(const struct browse_kind *kind, const struct browse_row *row, size_t column, bool whole, struct str *out)
{
	const char *text = row->cells[column];

	str_clear(out);
	if (text && kind->columns[column].kind == CELL_PERSON && !whole)
		mask(text, out);
	else
		str_add(out, text ? text : "-");
	return str_text(out);
}

enum role browse_look(const struct browse_kind *kind, const struct browse_row *row, size_t column, enum glyph *sign)
{
	static const struct {
		const char *word;
		enum role role;
		enum glyph sign;
	} states[] = {
		{ "success", ROLE_GOOD, GLYPH_GOOD },
		{ "running", ROLE_BUSY, GLYPH_BUSY },
		{ "failed", ROLE_BAD, GLYPH_BAD },
	};

	*sign = GLYPH_WAITING;
	if (kind->columns[column].kind != CELL_STATE || !row->cells[column])
		return ROLE_TEXT;
	for (size_t i = 0; i < sizeof states / sizeof *states; i++)
		if (strcmp(row->cells[column], states[i].word) == 0) {
			*sign = states[i].sign;
			return states[i].role;
		}
	*sign = GLYPH_WARNING;
	return ROLE_WARNING;
}
