/* migrate import | list | plan | apply | compare | finish | undo | report */
#include "command/migrate.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "command/command.h"
#include "command/secret.h"
#include "command/table.h"

#include <inttypes.h>
#include <string.h>

static const struct option_row import_rows[] = {
	{ "account", "NAME", N_("the account that V1 goes to (without it: the only one there is)") },
	{ "v1-spec", "ID", N_("the spec that is V1's, of the target connection or the flow; may be given several times") },
	{ "mapping-id-path", "PATH", N_("where the mapping ID stands in a segment selector, dotted: value.mappingId") },
	{ 0 },
};

static const struct option_row finish_rows[] = {
	{ "delete", NULL, N_("the second step: delete V1, which the first one has disabled") },
	{ "override", "REASON", N_("go on although the comparison is not clean; the reason is audited") },
	{ 0 },
};

struct flow_names migrate_names(const struct args *args)
{
	return (struct flow_names){ .at = args->operands.at, .count = args->operands.count };
}

void put_migration(struct json_out *w, const struct migration *migration)
{
	json_pair_string(w, "flow", migration->name);
	json_pair_string(w, "flow_id", migration->flow_id);
	json_pair_string(w, "state", migration_state_text(migration->state));
	json_pair_string(w, "account", migration->account);
	json_pair_string(w, "v2", migration->v2_name);
	json_pair_bool(w, "v1_enabled_before", migration->v1_enabled);
}

void put_trouble(struct json_out *w, enum status status, const struct error *err)
{
	json_pair_i64(w, "status", status);
	if (status != STATUS_OK && *err->message)
		answer_error(w, err);
}

/* --- import --- */

static void tell_import(struct session *session, const struct import_report *report, enum status status, const struct error *err)
{
	struct json_out *w = &session->w;

	answer_begin(session);
	json_pair_string(w, "account", report->account);
	json_name(w, "flows");
	json_array(w);
	for (size_t i = 0; i < report->rows.count; i++) {
		const struct import_row *row = &report->rows.at[i];

		json_object(w);
		json_pair_string(w, "flow_id", row->flow_id);
		json_pair_string(w, "name", row->name);
		json_pair_string(w, "verdict", row->verdict);
		json_pair_string(w, "message", row->message);
		json_object_end(w);
	}
	json_array_end(w);
	json_name(w, "problems");
	json_array(w);
	for (size_t i = 0; i < report->problems.count; i++) {
		json_object(w);
		json_pair_string(w, "file", report->problems.at[i].file);
		json_pair_string(w, "message", report->problems.at[i].message);
		json_object_end(w);
	}
	json_array_end(w);
	json_pair_i64(w, "others", report->others);
	json_pair_bool(w, "complete", report->complete);
	json_pair_string(w, "next", report->next);
	if (status != STATUS_OK && *err->message)
		answer_error(w, err);
	answer_end(session);
}

static void print_import(struct session *session, const struct import_report *report)
{
	struct table table;

	table_init(&table, _("VERDICT"), _("DATAFLOW"), _("ID"), _("NOTE"), NULL);
	for (size_t i = 0; i < report->rows.count; i++) {
		const struct import_row *row = &report->rows.at[i];

		table_text(&table, row->verdict);
		table_text(&table, row->name);
		table_text(&table, row->flow_id);
		table_text(&table, row->message);
	}
	table_end(&table, &session->out, 0);
	for (size_t i = 0; i < report->problems.count; i++)
		say(session, "%s: %s", report->problems.at[i].file, report->problems.at[i].message);
	if (report->others)
		say(session, _("%" PRId64 " dataflows of other destinations were passed over"), report->others);
}

static enum status import(struct session *session, const struct args *args, struct error *err)
{
	struct import_options options = { .files = args->operands.at, .file_count = args->operands.count, .account = arg_text(args, "account") };
	struct import_report report = { 0 };
	struct secret secret = { 0 };
	text_list specs = { 0 };
	enum status status = account_options_read(args, &options.reached_by, err);
	bool wanted;

	arg_all(args, "v1-spec", &specs);
	options.v1 = (struct v1_options){ .specs = specs.at, .spec_count = specs.count, .mapping_id_path = arg_text(args, "mapping-id-path") };
	if (status == STATUS_OK)
		status = app_enter(session->app, USE_MIGRATE_IMPORT, err); /* whether a secret is needed stands in the store */
	wanted = !options.account && options.reached_by.munchkin_id && options.reached_by.client_id;
	if (status == STATUS_OK)
		status = secret_read(session, args, wanted && !account_is_known(session->app, &options.reached_by), &secret, err);
	options.secret = secret_text(&secret);
	if (status == STATUS_OK)
		status = app_migrate_import(session->app, &options, &report, err);
	if (session->json && (report.rows.count || status == STATUS_OK))
		tell_import(session, &report, status, err);
	else if (!session->json && (report.rows.count || report.others))
		print_import(session, &report);
	if (report.next) {
		char *line = mem_printf(_("the export goes on at %s: import that page, too"), report.next);

		session_note(session, line);
		mem_free(line);
	}
	secret_wipe(&secret);
	vec_done(&specs);
	import_report_done(&report);
	return status;
}

/* --- list --- */

static void put_comparison(struct session *session, const struct migration *migration)
{
	struct json_out *w = &session->w;

	answer_time(session, "compared_at", migration->compared_at);
	json_pair_i64(w, "both", migration->both);
	json_pair_i64(w, "missing", migration->missing);
	json_pair_i64(w, "extra", migration->extra);
	json_pair_i64(w, "unexplained", migration->unexplained);
	json_pair_bool(w, "clean", migration_is_clean(migration));
	json_pair_string(w, "override", migration->override);
}

static const char *next_step(const struct migration *migration)
{
	switch (migration->state) {
	case MIGRATION_IMPORTED:
		return "plan, apply";
	case MIGRATION_CREATED:
		return migration_is_clean(migration) ? "finish" : "run, compare";
	case MIGRATION_PAUSED:
		return "finish --delete";
	default:
		return NULL;
	}
}

static void print_list(struct session *session, const migration_list *list)
{
	struct table table;

	if (!list->count) {
		say(session, _("no V1 dataflows yet; `penstock migrate import FILE` takes them from an exported reply of the Flow Service"));
		return;
	}
	table_init(&table, _("V1 DATAFLOW"), _("STATE"), _("V2 DATAFLOW"), _("BOTH"), _("MISSING"), _("EXTRA"), _("UNEXPLAINED"), _("NEXT"), NULL);
	for (size_t i = 0; i < list->count; i++) {
		const struct migration *migration = &list->at[i];
		const int64_t counts[] = { migration->both, migration->missing, migration->extra, migration->unexplained };

		table_text(&table, migration->name);
		table_text(&table, migration_state_text(migration->state));
		table_text(&table, migration->v2_name);
		for (size_t k = 0; k < sizeof counts / sizeof *counts; k++)
			if (migration->compared_at)
				table_number(&table, counts[k]);
			else
				table_text(&table, NULL);
		table_text(&table, next_step(migration));
	}
	table_end(&table, &session->out, 0);
}

static enum status list(struct session *session, const struct args *args, struct error *err)
{
	migration_list all = { 0 };
	enum status status = app_migrate_list(session->app, &all, err);

	(void)args;
	if (status == STATUS_OK && session->json) {
		answer_begin(session);
		json_name(&session->w, "migrations");
		json_array(&session->w);
		for (size_t i = 0; i < all.count; i++) {
			json_object(&session->w);
			put_migration(&session->w, &all.at[i]);
			put_comparison(session, &all.at[i]);
			json_pair_string(&session->w, "next", next_step(&all.at[i]));
			json_object_end(&session->w);
		}
		json_array_end(&session->w);
		answer_end(session);
	} else if (status == STATUS_OK) {
		print_list(session, &all);
	}
	migration_list_done(&all);
	return status;
}

/* --- compare --- */

static void put_list(struct json_out *w, const char *name, int64_t id)
{
	json_name(w, name);
	if (id)
		json_put_i64(w, id);
	else
		json_put_null(w);
}

static void put_compared(struct json_out *w, const struct compared_audience *audience)
{
	json_object(w);
	json_pair_string(w, "name", audience->name);
	put_list(w, "v1_list", audience->v1_list);
	put_list(w, "v2_list", audience->v2_list);
	json_pair_bool(w, "v1_gone", audience->v1_gone);
	json_pair_bool(w, "v2_gone", audience->v2_gone);
	json_pair_i64(w, "in_v1", audience->counts.v1);
	json_pair_i64(w, "in_v2", audience->counts.v2);
	json_pair_i64(w, "both", audience->counts.both);
	json_pair_i64(w, "missing", audience->counts.missing);
	json_pair_i64(w, "extra", audience->counts.extra);
	json_pair_i64(w, "unexplained", audience->counts.unexplained);
	json_object_end(w);
}

static void put_difference(struct json_out *w, const struct migration_difference *difference)
{
	const struct difference_row *row = difference_find(difference->reason);

	json_object(w);
	json_pair_string(w, "audience", difference->audience);
	if (difference->lead_id) {
		json_pair_i64(w, "lead_id", difference->lead_id);
	} else {
		json_name(w, "lead_id");
		json_put_null(w);
	}
	json_pair_string(w, "side", difference->missing ? "missing" : "extra");
	json_pair_string(w, "reason", difference->reason);
	json_pair_string(w, "code", difference->code);
	json_pair_string(w, "message", difference->message ? difference->message : row ? _(row->message) : NULL);
	json_pair_bool(w, "explained", row && row->explained);
	json_object_end(w);
}

static void tell_comparison(struct session *session, const struct comparison *comparison)
{
	struct json_out *w = &session->w;

	json_object(w);
	put_migration(w, &comparison->migration);
	put_comparison(session, &comparison->migration);
	json_name(w, "audiences");
	json_array(w);
	for (size_t i = 0; i < comparison->audiences.count; i++)
		put_compared(w, &comparison->audiences.at[i]);
	json_array_end(w);
	json_name(w, "differences");
	json_array(w);
	for (size_t i = 0; i < comparison->differences.count; i++)
		put_difference(w, &comparison->differences.at[i]);
	json_array_end(w);
	put_trouble(w, comparison->status, &comparison->error);
	json_object_end(w);
}

static void print_reasons(struct session *session, const struct comparison *comparison)
{
	struct table table;
	size_t shown = comparison->differences.count < 20 ? comparison->differences.count : 20;

	table_init(&table, _("LEAD"), _("SIDE"), _("AUDIENCE"), _("REASON"), _("EXPLAINED"), _("WHY"), NULL);
	for (size_t i = 0; i < shown; i++) {
		const struct migration_difference *difference = &comparison->differences.at[i];
		const struct difference_row *row = difference_find(difference->reason);

		if (difference->lead_id)
			table_number(&table, difference->lead_id);
		else
			table_text(&table, "***");
		table_text(&table, difference->missing ? _("missing") : _("extra"));
		table_text(&table, difference->audience);
		table_text(&table, difference->code ? difference->code : difference->reason);
		table_text(&table, row && row->explained ? _("yes") : _("no"));
		table_text(&table, difference->message ? difference->message : row ? _(row->message) : NULL);
	}
	table_end(&table, &session->out, 2);
	if (comparison->differences.count > shown)
		say(session, _("  .. and more: `penstock migrate report --csv FILE` has them all"));
}

static void cell_list(struct table *table, int64_t id, bool gone)
{
	if (id)
		table_format(table, "%" PRId64 "%s%s", id, gone ? " " : "", gone ? _("gone") : "");
	else
		table_text(table, NULL);
}

static void print_comparisons(struct session *session, const comparison_list *list)
{
	struct table table;

	if (!list->count) {
		say(session, _("nothing to compare: no V2 dataflow was made yet"));
		return;
	}
	table_init(&table, _("DATAFLOW"), _("AUDIENCE"), _("V1 LIST"), _("V2 LIST"), _("BOTH"), _("MISSING"), _("EXTRA"), _("UNEXPLAINED"), NULL);
	for (size_t i = 0; i < list->count; i++)
		for (size_t k = 0; k < list->at[i].audiences.count; k++) {
			const struct compared_audience *audience = &list->at[i].audiences.at[k];

			table_text(&table, list->at[i].migration.name);
			table_text(&table, audience->name);
			cell_list(&table, audience->v1_list, audience->v1_gone);
			cell_list(&table, audience->v2_list, audience->v2_gone);
			table_number(&table, audience->counts.both);
			table_number(&table, audience->counts.missing);
			table_number(&table, audience->counts.extra);
			table_number(&table, audience->counts.unexplained);
		}
	table_end(&table, &session->out, 0);
	for (size_t i = 0; i < list->count; i++) {
		const struct comparison *one = &list->at[i];

		if (one->clean)
			say(session, _("%s: clean"), one->migration.name);
		else
			say(session, "%s", one->error.message);
		if (one->differences.count)
			print_reasons(session, one);
	}
}

static enum status compare(struct session *session, const struct args *args, struct error *err)
{
	const struct flow_names names = migrate_names(args);
	comparison_list list = { 0 };
	enum status status = app_migrate_compare(session->app, &names, &list, err);

	progress_clear(&session->progress);
	if (session->json && (list.count || status == STATUS_OK)) {
		answer_begin(session);
		json_pair_bool(&session->w, "ok", status == STATUS_OK);
		json_name(&session->w, "migrations");
		json_array(&session->w);
		for (size_t i = 0; i < list.count; i++)
			tell_comparison(session, &list.at[i]);
		json_array_end(&session->w);
		if (status != STATUS_OK && *err->message)
			answer_error(&session->w, err);
		answer_end(session);
	} else if (!session->json && (list.count || status == STATUS_OK)) {
		print_comparisons(session, &list);
	}
	comparison_list_done(&list);
	return status;
}

/* --- finish, undo --- */

static void tell_finished(struct session *session, const finished_list *list, enum status status, const struct error *err)
{
	answer_begin(session);
	json_name(&session->w, "migrations");
	json_array(&session->w);
	for (size_t i = 0; i < list->count; i++) {
		json_object(&session->w);
		put_migration(&session->w, &list->at[i].migration);
		put_comparison(session, &list->at[i].migration);
		json_pair_i64(&session->w, "put_in", list->at[i].put_in);
		json_pair_i64(&session->w, "taken_out", list->at[i].taken_out);
		put_trouble(&session->w, list->at[i].status, &list->at[i].error);
		json_object_end(&session->w);
	}
	json_array_end(&session->w);
	if (status != STATUS_OK && *err->message)
		answer_error(&session->w, err);
	answer_end(session);
}

static void print_finished(struct session *session, const finished_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct finished *one = &list->at[i];
		const char *name = one->migration.name;

		if (one->status != STATUS_OK)
			say(session, "%s", one->error.message);
		else if (one->migration.state == MIGRATION_PAUSED)
			say(session, _("%s: V1 is disabled here. Disable it on the Platform, too: POST /flows/%s/action?op=disable"), name, one->migration.flow_id);
		else if (one->migration.state == MIGRATION_FINISHED)
			say(session, _("%s: V1 is deleted here. Delete it on the Platform, too: DELETE /flows/%s"), name, one->migration.flow_id);
		else
			say(session, _("%s: as it was; V2 is gone, its lists in Marketo stay"), name);
		if (one->put_in || one->taken_out)
			say(session, _("%s: V1's lists keep what V2's runs did to them. People put in: %" PRId64 ", taken out: %" PRId64 "; `penstock migrate report --csv FILE` tells who"), name,
				one->put_in, one->taken_out);
	}
	if (!list->count)
		say(session, _("there is none that this step is next for"));
}

static enum status end_finish(struct session *session, finished_list *list, enum status status, struct error *err)
{
	if (session->json && (list->count || status == STATUS_OK))
		tell_finished(session, list, status, err);
	else if (!session->json && (list->count > 1 || status == STATUS_OK))
		print_finished(session, list);
	finished_list_done(list);
	return status;
}

static enum status finish(struct session *session, const struct args *args, struct error *err)
{
	const struct finish_options options = { .delete = arg_flag(args, "delete"), .override = arg_text(args, "override") };
	const struct flow_names names = migrate_names(args);
	finished_list list = { 0 };
	enum status status = app_migrate_finish(session->app, &names, &options, &list, err);

	return end_finish(session, &list, status, err);
}

static enum status undo(struct session *session, const struct args *args, struct error *err)
{
	const struct flow_names names = migrate_names(args);
	finished_list list = { 0 };
	enum status status = app_migrate_undo(session->app, &names, &list, err);

	return end_finish(session, &list, status, err);
}

const struct command migrate_commands[] = {
	{ .use = USE_MIGRATE_IMPORT, .options = { import_rows, account_option_rows }, .least = 1, .most = -1, .operands = WORD_READ, .run = import },
	{ .use = USE_MIGRATE_LIST, .run = list },
	{ .use = USE_MIGRATE_PLAN, .options = { migrate_plan_rows }, .most = -1, .run = migrate_plan },
	{ .use = USE_MIGRATE_APPLY, .options = { migrate_plan_rows, migrate_apply_rows }, .most = -1, .run = migrate_apply },
	{ .use = USE_MIGRATE_COMPARE, .most = -1, .run = compare },
	{ .use = USE_MIGRATE_FINISH, .options = { finish_rows }, .most = -1, .run = finish },
	{ .use = USE_MIGRATE_UNDO, .least = 1, .most = -1, .run = undo },
	{ .use = USE_MIGRATE_REPORT, .options = { migrate_report_rows }, .most = -1, .run = migrate_report },
	{ 0 },
};
