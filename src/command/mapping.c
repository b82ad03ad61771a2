/* mapping show | check | suggest | preview | export | set | unset | clear */
#include "app/mappings.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "command/command.h"
#include "command/mapping_export.h"
#include "command/preview.h"
#include "command/table.h"

static const struct option_row suggest_rows[] = {
	{ "source", "SOURCE", N_("what to look at (of a dataflow: its own source)") },
	{ "accept", NULL, N_("take the suggested rows into the mapping, those that are sure enough") },
	{ "least", "high|medium|low", N_("how sure is sure enough to be taken (low: everything)") },
	{ 0 },
};

static const char *kind_of(const struct mapping_view *view, const struct mapping_row *row)
{
	return mapping_row_is_identity(row, view->dedupe.at, view->dedupe.count) ? "identity" : "attribute";
}

static const char *type_of(const struct mapping_view *view, const struct mapping_row *row)
{
	const struct field *field = catalogue_find(&view->catalogue, row->target);

	return field ? field->type_name : NULL;
}

static void put_row(struct json_out *w, const struct mapping_view *view, const struct mapping_row *row)
{
	json_pair_string(w, "source", row->source);
	json_pair_string(w, "target", row->target);
	json_pair_string(w, "kind", kind_of(view, row));
	json_pair_string(w, "type", type_of(view, row));
	json_pair_bool(w, "clear", row->clear);
	json_pair_bool(w, "create_only", row->create_only);
}

static void put_rows(struct session *session, const char *name, const struct mapping_view *view, const struct mapping *mapping)
{
	struct json_out *w = &session->w;

	json_name(w, name);
	json_array(w);
	for (size_t i = 0; i < mapping->rows.count; i++) {
		json_object(w);
		put_row(w, view, &mapping->rows.at[i]);
		json_object_end(w);
	}
	json_array_end(w);
}

static void tell(struct session *session, const struct mapping_view *view)
{
	answer_begin(session);
	put_rows(session, "mapping", view, &view->mapping);
	json_pair_i64(&session->w, "revision", view->mapping.revision);
	answer_end(session);
}

static const char *notes_of(const struct mapping_row *row)
{
	if (row->clear)
		return row->create_only ? _("clears, on creation only") : _("clears");
	return row->create_only ? _("on creation only") : NULL;
}

static void print(struct session *session, const struct mapping_view *view, const struct mapping *mapping)
{
	struct table table;

	if (!mapping->rows.count) {
		say(session, _("no rows"));
		return;
	}
	table_init(&table, _("SOURCE"), _("TARGET"), _("KIND"), _("TYPE"), _("NOTE"), NULL);
	for (size_t i = 0; i < mapping->rows.count; i++) {
		const struct mapping_row *row = &mapping->rows.at[i];

		table_text(&table, row->source);
		table_text(&table, row->target);
		table_text(&table, kind_of(view, row));
		table_text(&table, type_of(view, row));
		table_text(&table, notes_of(row));
	}
	table_end(&table, &session->out, 0);
}

static void answer(struct session *session, const struct mapping_view *view)
{
	if (session->json)
		tell(session, view);
	else
		print(session, view, &view->mapping);
}

static enum status show(struct session *session, const struct args *args, struct error *err)
{
	struct mapping_view view;
	enum status status = app_mapping_show(session->app, arg_operand(args, 0), &view, err);

	if (status == STATUS_OK)
		answer(session, &view);
	mapping_view_done(&view);
	return status;
}

static void tell_problems(struct session *session, const mapping_problems *problems, bool ok)
{
	struct json_out *w = &session->w;

	answer_begin(session);
	json_pair_bool(w, "ok", ok);
	json_name(w, "problems");
	json_array(w);
	for (size_t i = 0; i < problems->count; i++) {
		const struct mapping_problem *problem = &problems->at[i];

		json_object(w);
		json_pair_string(w, "target", problem->target);
		json_pair_string(w, "source", problem->source);
		json_pair_string(w, "severity", problem->error ? "error" : "warning");
		json_pair_string(w, "message", problem->message);
		json_object_end(w);
	}
	json_array_end(w);
	answer_end(session);
}

static void print_problems(struct session *session, const mapping_problems *problems)
{
	struct table table;

	if (!problems->count) {
		say(session, _("nothing is wrong"));
		return;
	}
	table_init(&table, _("PROBLEM"), _("SOURCE"), _("TARGET"), _("WHAT"), NULL);
	for (size_t i = 0; i < problems->count; i++) {
		table_text(&table, problems->at[i].error ? _("error") : _("warning"));
		table_text(&table, problems->at[i].source);
		table_text(&table, problems->at[i].target);
		table_text(&table, problems->at[i].message);
	}
	table_end(&table, &session->out, 0);
}

static enum status check(struct session *session, const struct args *args, struct error *err)
{
	mapping_problems problems = { 0 };
	bool ok;
	enum status status = app_mapping_check(session->app, arg_operand(args, 0), &problems, &ok, err);

	if (status == STATUS_OK && session->json)
		tell_problems(session, &problems, ok);
	else if (status == STATUS_OK)
		print_problems(session, &problems);
	if (status == STATUS_OK && !ok)
		status = error_set(err, STATUS_USAGE, "mapping", _("the mapping of %s has errors"), arg_operand(args, 0));
	mapping_problems_done(&problems);
	return status;
}

typedef enum status (*change_fn)(struct app *app, const char *name, const char *const *texts, size_t count, struct mapping_view *out, struct error *err);

static enum status change(struct session *session, const struct args *args, change_fn fn, struct error *err)
{
	struct mapping_view view;
	enum status status = fn(session->app, arg_operand(args, 0), args->operands.at + 1, args->operands.count - 1, &view, err);

	if (status == STATUS_OK)
		answer(session, &view);
	mapping_view_done(&view);
	return status;
}

static enum status set(struct session *session, const struct args *args, struct error *err)
{
	return change(session, args, app_mapping_set, err);
}

static enum status unset(struct session *session, const struct args *args, struct error *err)
{
	return change(session, args, app_mapping_unset, err);
}

static enum status clear(struct session *session, const struct args *args, struct error *err)
{
	struct mapping_view view;
	enum status status = app_mapping_clear(session->app, arg_operand(args, 0), &view, err);

	if (status == STATUS_OK)
		answer(session, &view);
	mapping_view_done(&view);
	return status;
}

/* A suggestion as the row it would be. */
static struct mapping_row row_of(const struct suggestion *suggestion)
{
	return (struct mapping_row){ .source = suggestion->source, .target = suggestion->target };
}

static void tell_suggestions(struct session *session, const struct mapping_view *view, const suggestion_list *list, struct suggestion_choice choice)
{
	struct json_out *w = &session->w;

	answer_begin(session);
	json_name(w, "suggestions");
	json_array(w);
	for (size_t i = 0; i < list->count; i++) {
		const struct suggestion *one = &list->at[i];
		struct mapping_row row = row_of(one);

		json_object(w);
		put_row(w, view, &row);
		json_pair_string(w, "confidence", confidence_text(one->confidence));
		json_pair_string(w, "reason", suggestion_reason_text(one->reason));
		json_pair_bool(w, "taken", choice.accept && one->confidence >= choice.least);
		json_object_end(w);
	}
	json_array_end(w);
	json_pair_bool(w, "accepted", choice.accept);
	put_rows(session, "mapping", view, &view->mapping);
	json_pair_i64(w, "revision", view->mapping.revision);
	answer_end(session);
}

/* Which were not sure enough. */
static void print_left(struct session *session, const suggestion_list *list, enum confidence least)
{
	struct str left = { 0 };

	for (size_t i = 0; i < list->count; i++)
		if (list->at[i].confidence < least)
			str_add_format(&left, "%s%s=%s", left.length ? " " : "", list->at[i].source, list->at[i].target);
	if (left.length)
		say(session, _("left, since they are not sure enough: %s (`mapping set` takes them one by one, --accept without --least all of them)"), str_text(&left));
	str_done(&left);
}

static void print_suggestions(struct session *session, const struct mapping_view *view, const suggestion_list *list, struct suggestion_choice choice)
{
	struct table table;

	if (!list->count) {
		say(session, _("no rows"));
		return;
	}
	table_init(&table, _("SOURCE"), _("TARGET"), _("KIND"), _("TYPE"), _("HOW SURE"), _("BECAUSE OF"), NULL);
	for (size_t i = 0; i < list->count; i++) {
		struct mapping_row row = row_of(&list->at[i]);

		table_text(&table, row.source);
		table_text(&table, row.target);
		table_text(&table, kind_of(view, &row));
		table_text(&table, type_of(view, &row));
		table_text(&table, confidence_label(list->at[i].confidence));
		table_text(&table, suggestion_reason_label(list->at[i].reason));
	}
	table_end(&table, &session->out, 0);
	say(session, choice.accept ? _("taken into the mapping") : _("--accept takes them into the mapping"));
	print_left(session, list, choice.least);
}

static enum status suggest(struct session *session, const struct args *args, struct error *err)
{
	struct suggestion_choice choice = { .accept = arg_flag(args, "accept"), .least = CONFIDENCE_LOW };
	const char *least = arg_text(args, "least");
	suggestion_list suggested;
	struct mapping_view view;
	enum status status;

	if (least && !confidence_parse(least, &choice.least))
		return error_set(err, STATUS_USAGE, "invalid", _("\"%s\" is not high, medium or low"), least);
	status = app_mapping_suggest(session->app, arg_operand(args, 0), arg_text(args, "source"), choice, &suggested, &view, err);
	if (status == STATUS_OK && session->json)
		tell_suggestions(session, &view, &suggested, choice);
	else if (status == STATUS_OK)
		print_suggestions(session, &view, &suggested, choice);
	suggestion_list_done(&suggested);
	mapping_view_done(&view);
	return status;
}

const struct command mapping_commands[] = {
	{ .use = USE_MAPPING_SHOW, .least = 1, .most = 1, .run = show },
	{ .use = USE_MAPPING_CHECK, .least = 1, .most = 1, .run = check },
	{ .use = USE_MAPPING_SUGGEST, .options = { suggest_rows }, .least = 1, .most = 1, .run = suggest },
	{ .use = USE_MAPPING_PREVIEW, .options = { preview_rows, preview_source_rows }, .least = 1, .most = 1, .run = mapping_preview },
	{ .use = USE_MAPPING_EXPORT, .options = { mapping_export_rows }, .least = 1, .most = 1, .run = mapping_export },
	{ .use = USE_MAPPING_SET, .least = 2, .most = -1, .run = set },
	{ .use = USE_MAPPING_UNSET, .least = 2, .most = -1, .run = unset },
	{ .use = USE_MAPPING_CLEAR, .least = 1, .most = 1, .run = clear },
	{ 0 },
};
