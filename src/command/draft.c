/* draft list | show | save | delete | apply | survey | preview | undo | redo */
#include "app/drafts.h"

#include "base/file.h"
#include "base/i18n.h"
#include "base/json.h"
#include "command/command.h"
#include "command/preview.h"
#include "command/table.h"

#include <inttypes.h>
#include <limits.h>

enum { FILE_MOST = 8 * 1024 * 1024 };

static const struct option_row save_rows[] = {
	{ "id", "ID", N_("change this draft instead of making one") },
	{ 0 },
};

/* The body, which holds no secret, and what the store knows of it. */
static void tell_draft(struct session *session, const struct draft *draft)
{
	struct str body = { 0 };

	answer_begin(session);
	json_name(&session->w, "draft");
	draft_write(draft, &body);
	json_put_raw(&session->w, str_text(&body), body.length);
	json_pair_i64(&session->w, "id", draft->id);
	answer_time(session, "saved_at", draft->saved_at);
	answer_end(session);
	str_done(&body);
}

static void print_draft(struct session *session, const struct draft *draft)
{
	struct table table;

	table_init_pairs(&table);
	table_pair_number(&table, _("id"), draft->id);
	table_text(&table, _("saved"));
	table_time(&table, draft->saved_at);
	table_pair_number(&table, _("step"), draft->step + 1);
	for (int i = 0; i < DRAFT_TEXTS; i++)
		if (*draft_get(draft, (enum draft_text)i))
			table_pair(&table, draft_text_name((enum draft_text)i), draft_get(draft, (enum draft_text)i));
	for (size_t i = 0; i < draft->marketing_actions.count; i++)
		table_pair(&table, _("marketing action"), draft->marketing_actions.at[i]);
	for (size_t i = 0; i < draft->audiences.count; i++) {
		const struct draft_audience *audience = &draft->audiences.at[i];

		table_text(&table, _("audience"));
		table_format(&table, "%s%s%s", audience->id, audience->list ? " = " : "", audience->list ? audience->list : "");
	}
	for (size_t i = 0; i < draft->mapping.rows.count; i++) {
		table_text(&table, _("mapping"));
		table_format(&table, "%s = %s", draft->mapping.rows.at[i].source, draft->mapping.rows.at[i].target);
	}
	table_end(&table, &session->out, 0);
}

static void tell_list(struct session *session, const draft_list *all)
{
	struct json_out *w = &session->w;

	answer_begin(session);
	json_name(w, "drafts");
	json_array(w);
	for (size_t i = 0; i < all->count; i++) {
		json_object(w);
		json_pair_i64(w, "id", all->at[i].id);
		json_pair_string(w, "name", draft_get(&all->at[i], DRAFT_NAME));
		json_pair_i64(w, "step", all->at[i].step);
		answer_time(session, "saved_at", all->at[i].saved_at);
		json_object_end(w);
	}
	json_array_end(w);
	answer_end(session);
}

static void print_list(struct session *session, const draft_list *all)
{
	struct table table;

	if (!all->count) {
		say(session, _("no drafts"));
		return;
	}
	table_init(&table, _("ID"), _("NAME"), _("STEP"), _("SAVED"), NULL);
	for (size_t i = 0; i < all->count; i++) {
		const char *name = draft_get(&all->at[i], DRAFT_NAME);

		table_number(&table, all->at[i].id);
		table_text(&table, *name ? name : NULL);
		table_number(&table, all->at[i].step + 1);
		table_time(&table, all->at[i].saved_at);
	}
	table_end(&table, &session->out, 0);
}

static enum status list(struct session *session, const struct args *args, struct error *err)
{
	draft_list all = { 0 };
	enum status status = app_draft_list(session->app, &all, err);

	(void)args;
	if (status == STATUS_OK && session->json)
		tell_list(session, &all);
	else if (status == STATUS_OK)
		print_list(session, &all);
	draft_list_done(&all);
	return status;
}

static enum status show(struct session *session, const struct args *args, struct error *err)
{
	struct draft draft;
	long long id = 0;
	enum status status = arg_id(args, 0, &id, err);

	if (status != STATUS_OK)
		return status;
	status = app_draft_load(session->app, id, &draft, err);
	if (status == STATUS_OK && session->json)
		tell_draft(session, &draft);
	else if (status == STATUS_OK)
		print_draft(session, &draft);
	draft_done(&draft);
	return status;
}

static enum status read_file(const char *path, struct draft *draft, struct error *err)
{
	struct str text = { 0 };
	struct json *json = NULL;
	const char *why = NULL;
	enum status status = file_read_given(path, FILE_MOST, &text, err);

	if (status == STATUS_OK) {
		json = json_parse(str_text(&text), text.length, &why, NULL);
		if (!json || !draft_read(json, draft)) {
			status = error_set(err, STATUS_USAGE, "draft", "%s: %s", path, why ? _(why) : _("this is no draft"));
			error_hint(err, _("`penstock draft show ID --json` shows what one looks like"));
		}
	}
	json_free(json);
	str_done(&text);
	return status;
}

/* What a draft has made, and which mapping it edits, is known to the store alone: a file could claim, and so delete or change, the work of others. */
static enum status take_made(struct session *session, struct draft *draft, struct error *err)
{
	struct draft stored;
	enum status status;

	draft->destination_id = draft->dataflow_id = 0;
	draft_set(draft, DRAFT_MAPPING_OF, "");
	draft_set(draft, DRAFT_REVISION, "");
	if (!draft->id)
		return STATUS_OK;
	status = app_draft_load(session->app, draft->id, &stored, err);
	draft->destination_id = stored.destination_id;
	draft->dataflow_id = stored.dataflow_id;
	draft_set(draft, DRAFT_MAPPING_OF, draft_get(&stored, DRAFT_MAPPING_OF));
	draft_set(draft, DRAFT_REVISION, draft_get(&stored, DRAFT_REVISION));
	draft_done(&stored);
	return status;
}

/* Not while a console works on it: that would write its own over it at the next field. */
static enum status save_locked(struct session *session, struct draft *draft, struct error *err)
{
	int lock = -1;
	enum status status = draft->id ? draft_lock(session->app, draft->id, &lock, err) : STATUS_OK;

	if (status == STATUS_OK)
		status = take_made(session, draft, err);
	if (status == STATUS_OK)
		status = app_draft_save(session->app, draft, err);
	draft_unlock(lock);
	return status;
}

static enum status save(struct session *session, const struct args *args, struct error *err)
{
	struct draft draft;
	long long id = 0;
	enum status status = arg_number(args, "id", 1, LLONG_MAX, &id, err);

	if (status != STATUS_OK)
		return status;
	draft_init(&draft);
	status = read_file(arg_operand(args, 0), &draft, err);
	draft.id = id;
	if (status == STATUS_OK)
		status = save_locked(session, &draft, err);
	if (status == STATUS_OK && session->json)
		tell_draft(session, &draft);
	else if (status == STATUS_OK)
		say(session, _("draft %" PRId64 " saved; `penstock draft apply %" PRId64 "` makes what it says"), draft.id, draft.id);
	draft_done(&draft);
	return status;
}

static enum status delete(struct session *session, const struct args *args, struct error *err)
{
	int lock = -1;
	long long id = 0;
	enum status status = arg_id(args, 0, &id, err);

	if (status == STATUS_OK)
		status = draft_lock(session->app, id, &lock, err);
	if (status == STATUS_OK)
		status = app_draft_delete(session->app, id, err);
	draft_unlock(lock);
	if (status == STATUS_OK)
		answer_deleted(session, arg_operand(args, 0));
	return status;
}

static enum status apply(struct session *session, const struct args *args, struct error *err)
{
	struct draft draft;
	long long id = 0;
	int lock = -1;
	enum status status = arg_id(args, 0, &id, err);

	if (status != STATUS_OK)
		return status;
	status = app_draft_load(session->app, id, &draft, err);
	/* An edited mapping's draft goes with it: not from under a console that works on it. */
	if (status == STATUS_OK && *draft_get(&draft, DRAFT_MAPPING_OF))
		status = draft_lock(session->app, id, &lock, err);
	if (status == STATUS_OK)
		status = app_draft_apply(session->app, &draft, err);
	draft_unlock(lock);
	if (status == STATUS_OK && session->json)
		tell_draft(session, &draft);
	else if (status == STATUS_OK && *draft_get(&draft, DRAFT_MAPPING_OF))
		say(session, _("the mapping of %s is revision %s; `penstock mapping diff %s launched` tells what became of it"), draft_get(&draft, DRAFT_MAPPING_OF),
			draft_get(&draft, DRAFT_REVISION), draft_get(&draft, DRAFT_MAPPING_OF));
	else if (status == STATUS_OK)
		say(session, _("destination and dataflow %s made; `penstock plan` tells what it would do, `penstock dataflow enable` lets it run"),
			draft_get(&draft, DRAFT_NAME));
	draft_done(&draft);
	return status;
}

static enum status change_back(struct session *session, const struct args *args, bool redo, struct error *err)
{
	struct draft draft;
	long long id = 0;
	bool done = false;
	int lock = -1;
	enum status status = arg_id(args, 0, &id, err);

	if (status != STATUS_OK)
		return status;
	status = draft_lock(session->app, id, &lock, err);
	if (status != STATUS_OK)
		return status;
	status = app_draft_load(session->app, id, &draft, err);
	if (status == STATUS_OK)
		status = app_draft_undo(session->app, &draft, redo, &done, err);
	draft_unlock(lock);
	if (status == STATUS_OK && !done)
		status = error_set(err, STATUS_USAGE, "nothing", redo ? _("nothing of draft number %lld was taken back") : _("draft number %lld has no edit to take back"), id);
	else if (status == STATUS_OK && session->json)
		tell_draft(session, &draft);
	draft_done(&draft);
	return status;
}

static enum status undo(struct session *session, const struct args *args, struct error *err)
{
	return change_back(session, args, false, err);
}

static enum status redo(struct session *session, const struct args *args, struct error *err)
{
	return change_back(session, args, true, err);
}

static void tell_survey(struct session *session, const struct survey *survey)
{
	struct json_out *w = &session->w;

	answer_begin(session);
	json_name(w, "survey");
	json_object(w);
	json_pair_i64(w, "profiles", survey->profiles);
	json_name(w, "rows");
	json_array(w);
	for (size_t i = 0; i < survey->rows.count; i++) {
		const struct survey_row *row = &survey->rows.at[i];

		json_object(w);
		json_pair_string(w, "source", row->source);
		json_pair_string(w, "target", row->target);
		json_pair_i64(w, "filled", row->filled);
		json_pair_i64(w, "bad", row->bad);
		json_pair_string(w, "code", row->code);
		json_pair_string(w, "message", row->message);
		json_pair_string(w, "example", row->example);
		json_object_end(w);
	}
	json_array_end(w);
	json_object_end(w);
	answer_end(session);
}

static void print_survey(struct session *session, const struct survey *survey)
{
	struct table table;

	say(session, _("%" PRId64 " profiles"), survey->profiles);
	if (!survey->rows.count)
		return;
	table_init(&table, _("SOURCE"), _("TARGET"), _("FILLED"), _("LEFT OUT"), _("WHY"), _("EXAMPLE"), NULL);
	for (size_t i = 0; i < survey->rows.count; i++) {
		const struct survey_row *row = &survey->rows.at[i];

		table_text(&table, row->source);
		table_text(&table, row->target);
		table_number(&table, row->filled);
		table_number(&table, row->bad);
		table_text(&table, row->message);
		table_text(&table, row->example);
	}
	table_end(&table, &session->out, 0);
}

static enum status survey(struct session *session, const struct args *args, struct error *err)
{
	struct survey found;
	long long id = 0;
	enum status status = arg_id(args, 0, &id, err);

	if (status != STATUS_OK)
		return status;
	status = app_draft_survey(session->app, id, &found, err);
	progress_clear(&session->progress);
	if (status == STATUS_OK && session->json)
		tell_survey(session, &found);
	else if (status == STATUS_OK)
		print_survey(session, &found);
	survey_done(&found);
	return status;
}

const struct command draft_commands[] = {
	{ .use = USE_DRAFT_LIST, .run = list },
	{ .use = USE_DRAFT_SHOW, .least = 1, .most = 1, .run = show },
	{ .use = USE_DRAFT_SAVE, .options = { save_rows }, .least = 1, .most = 1, .operands = WORD_READ, .run = save },
	{ .use = USE_DRAFT_DELETE, .least = 1, .most = 1, .run = delete },
	{ .use = USE_DRAFT_APPLY, .least = 1, .most = 1, .run = apply },
	{ .use = USE_DRAFT_UNDO, .least = 1, .most = 1, .run = undo },
	{ .use = USE_DRAFT_REDO, .least = 1, .most = 1, .run = redo },
	{ .use = USE_DRAFT_SURVEY, .least = 1, .most = 1, .run = survey },
	{ .use = USE_DRAFT_PREVIEW, .options = { preview_rows }, .least = 1, .most = 1, .run = draft_preview },
	{ 0 },
};
