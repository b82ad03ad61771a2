/* mapping revisions | diff | sign */
#include "app/revisions.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "command/command.h"
#include "command/markdown.h"
#include "command/table.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

static const struct option_row sign_rows[] = {
	{ "note", "TEXT", N_("what whoever comes later should know") },
	{ 0 },
};

static const struct option_row diff_rows[] = {
	{ "markdown", NULL, N_("as a Markdown table, for reviews elsewhere") },
	{ 0 },
};

/* A revision's number; 0 is the empty mapping before the first one. `launched` is one where two are held against each other. */
static enum status arg_revision(const struct args *args, int which, bool launched, int64_t *out, struct error *err)
{
	const char *text = arg_operand(args, which);
	long long number = 0;

	if (text && launched && strcmp(text, "launched") == 0) {
		*out = REVISION_LAUNCHED;
		return STATUS_OK;
	}
	if (text && !text_to_i64(text, 0, LLONG_MAX, &number))
		return error_set(err, STATUS_USAGE, "invalid", _("\"%s\" is no revision: a whole number, 0 for none at all"), text);
	*out = number;
	return STATUS_OK;
}

static void tell_revisions(struct session *session, const revision_list *list)
{
	struct json_out *w = &session->w;

	answer_begin(session);
	json_name(w, "revisions");
	json_array(w);
	for (size_t i = 0; i < list->count; i++) {
		const struct revision *one = &list->at[i];

		json_object(w);
		json_pair_i64(w, "revision", one->revision);
		answer_time(session, "saved_at", one->saved_at);
		json_pair_string(w, "who", one->who);
		json_pair_i64(w, "rows", one->rows);
		json_pair_string(w, "signed_by", one->signed_by);
		answer_time(session, "signed_at", one->signed_at);
		json_pair_string(w, "note", one->note);
		json_object_end(w);
	}
	json_array_end(w);
	answer_end(session);
}

static void print_revisions(struct session *session, const revision_list *list)
{
	struct table table;

	if (!list->count) {
		say(session, _("no revisions"));
		return;
	}
	table_init(&table, _("REVISION"), _("SAVED"), _("BY"), _("ROWS"), _("SIGNED BY"), _("SIGNED"), _("NOTE"), NULL);
	for (size_t i = 0; i < list->count; i++) {
		const struct revision *one = &list->at[i];

		table_number(&table, one->revision);
		table_time(&table, one->saved_at);
		table_text(&table, one->who);
		table_number(&table, one->rows);
		table_text(&table, one->signed_by);
		table_time(&table, one->signed_at);
		table_text(&table, one->note);
	}
	table_end(&table, &session->out, 0);
}

static enum status revisions(struct session *session, const struct args *args, struct error *err)
{
	revision_list list = { 0 };
	enum status status = app_mapping_revisions(session->app, arg_operand(args, 0), &list, err);

	if (status == STATUS_OK && session->json)
		tell_revisions(session, &list);
	else if (status == STATUS_OK)
		print_revisions(session, &list);
	revision_list_done(&list);
	return status;
}

static void tell_diff(struct session *session, const mapping_changes *changes, int64_t from, int64_t to)
{
	struct json_out *w = &session->w;

	answer_begin(session);
	json_pair_i64(w, "from", from);
	json_pair_i64(w, "to", to);
	json_name(w, "changes");
	json_array(w);
	for (size_t i = 0; i < changes->count; i++) {
		json_object(w);
		json_pair_string(w, "change", mapping_change_text(&changes->at[i]));
		json_pair_string(w, "target", changes->at[i].target);
		json_pair_string(w, "was", changes->at[i].was);
		json_pair_string(w, "now", changes->at[i].now);
		json_pair_i64(w, "revision", changes->at[i].revision);
		json_pair_string(w, "who", changes->at[i].who);
		answer_time(session, "at", changes->at[i].at);
		json_object_end(w);
	}
	json_array_end(w);
	answer_end(session);
}

static void print_markdown(struct session *session, const mapping_changes *changes)
{
	markdown_head(&session->out, (const char *const[]){ "", _("TARGET"), _("WAS"), _("NOW"), _("REVISION"), _("BY"), _("SAVED") }, 7);
	for (size_t i = 0; i < changes->count; i++) {
		const struct mapping_change *change = &changes->at[i];
		char revision[24], at[CLOCK_TEXT];

		snprintf(revision, sizeof revision, "%" PRId64, change->revision);
		markdown_row(&session->out, (const char *const[]){ mapping_change_text(change), change->target, change->was, change->now, revision, change->who,
			clock_format(change->at, at) }, 7);
	}
}

static void print_diff(struct session *session, const mapping_changes *changes)
{
	struct table table;

	if (!changes->count) {
		say(session, _("no difference"));
		return;
	}
	table_init(&table, _("CHANGE"), _("TARGET"), _("WAS"), _("NOW"), _("REVISION"), _("BY"), _("SAVED"), NULL);
	for (size_t i = 0; i < changes->count; i++) {
		table_text(&table, mapping_change_text(&changes->at[i]));
		table_text(&table, changes->at[i].target);
		table_text(&table, changes->at[i].was);
		table_text(&table, changes->at[i].now);
		table_number(&table, changes->at[i].revision);
		table_text(&table, changes->at[i].who);
		table_time(&table, changes->at[i].at);
	}
	table_end(&table, &session->out, 0);
}

static enum status diff(struct session *session, const struct args *args, struct error *err)
{
	mapping_changes changes = { 0 };
	int64_t from = 0, to = 0;
	enum status status = arg_revision(args, 1, true, &from, err);

	if (status == STATUS_OK)
		status = arg_revision(args, 2, true, &to, err);
	if (status == STATUS_OK)
		status = app_mapping_diff(session->app, arg_operand(args, 0), &from, &to, &changes, err);
	if (status == STATUS_OK && session->json)
		tell_diff(session, &changes, from, to);
	else if (status == STATUS_OK && arg_flag(args, "markdown"))
		print_markdown(session, &changes);
	else if (status == STATUS_OK)
		print_diff(session, &changes);
	mapping_changes_done(&changes);
	return status;
}

static enum status sign(struct session *session, const struct args *args, struct error *err)
{
	int64_t revision = 0;
	enum status status = arg_revision(args, 1, false, &revision, err);

	if (status == STATUS_OK)
		status = app_mapping_sign(session->app, arg_operand(args, 0), revision, arg_text(args, "note"), err);
	if (status != STATUS_OK)
		return status;
	if (session->json) {
		answer_begin(session);
		json_pair_i64(&session->w, "signed", revision);
		answer_end(session);
	} else {
		say(session, _("revision %lld of %s is signed"), (long long)revision, arg_operand(args, 0));
	}
	return STATUS_OK;
}

const struct command revision_commands[] = {
	{ .use = USE_MAPPING_REVISIONS, .least = 1, .most = 1, .run = revisions },
	{ .use = USE_MAPPING_DIFF, .options = { diff_rows }, .least = 2, .most = 3, .run = diff },
	{ .use = USE_MAPPING_SIGN, .options = { sign_rows }, .least = 2, .most = 2, .run = sign },
	{ 0 },
};
