/* migrate plan, migrate apply: what V1 dataflows would be on V2, and what became of them. */
#include "command/migrate.h"

#include "base/i18n.h"
#include "command/table.h"
#include "command/tell_run.h"

#include <inttypes.h>
#include <string.h>

const struct option_row migrate_plan_rows[] = {
	{ "account", "NAME", N_("the account V2 goes to (without it: V1's)") },
	{ "source", "SOURCE", N_("where V2 reads its profiles; without it V2 is made disabled, until it is given one") },
	{ "person-creation", "WHAT", N_("people who are not found: match-only (as V1, the default) or match-and-create") },
	{ "sync-type", "WHAT", N_("audience-only, profile-only or audience-and-profile") },
	{ "dedupe-field", "F[,F..]", N_("fields that people are found by, in order (default: email)") },
	{ "partition", "P", N_("partition of new people") },
	{ "workspace", "W", N_("workspace of the lists") },
	{ "list", "WHAT", N_("keep: V1's lists are taken over (the default); new: lists named after the audiences") },
	{ "list-folder", "FOLDER", N_("where lists are made: an id, a name or program:ID") },
	{ "sign-off", "required|none", N_("required: V2 runs only with a revision of its mapping that was signed (none)") },
	{ "marketing-action", "NAME", N_("what the data is used for, as data usage policies ask; may be given several times") },
	{ "email-from", "SOURCE", N_("the e-mail address, where V1 maps none: identityMap.Email") },
	{ "accept-suggestions", NULL, N_("map the further fields that are suggested, too") },
	{ "enable", NULL, N_("enable V2 also where V1 is disabled") },
	{ 0 },
};

const struct option_row migrate_apply_rows[] = {
	{ "dry-run", NULL, N_("make nothing; with --source, tell what a run would do") },
	{ 0 },
};

static void read_options(const struct args *args, text_list *dedupe, text_list *marketing, struct migrate_options *out)
{
	arg_all(args, "dedupe-field", dedupe);
	arg_all(args, "marketing-action", marketing);
	*out = (struct migrate_options){
		.destination = {
			.account = arg_text(args, "account"),
			.person_creation = arg_text(args, "person-creation"),
			.sync_type = arg_text(args, "sync-type"),
			.dedupe_fields = dedupe->at,
			.dedupe_count = dedupe->count,
			.marketing_actions = marketing->at,
			.marketing_count = marketing->count,
			.partition = arg_text(args, "partition"),
			.workspace = arg_text(args, "workspace"),
			.list_folder = arg_text(args, "list-folder"),
			.sign_off = arg_text(args, "sign-off"),
		},
		.list = arg_text(args, "list"),
		.source = arg_text(args, "source"),
		.email_from = arg_text(args, "email-from"),
		.accept = arg_flag(args, "accept-suggestions"),
		.enable = arg_flag(args, "enable"),
		.dry_run = arg_flag(args, "dry-run"),
	};
}

static void put_rows(struct json_out *w, const char *name, const struct mapping *mapping)
{
	json_name(w, name);
	json_array(w);
	for (size_t i = 0; i < mapping->rows.count; i++) {
		json_object(w);
		json_pair_string(w, "source", mapping->rows.at[i].source);
		json_pair_string(w, "target", mapping->rows.at[i].target);
		json_pair_bool(w, "create_only", mapping->rows.at[i].create_only);
		json_object_end(w);
	}
	json_array_end(w);
}

static void put_audience(struct session *session, const struct plan_audience *audience)
{
	struct json_out *w = &session->w;

	json_object(w);
	json_pair_string(w, "audience", audience->audience);
	json_pair_string(w, "name", audience->name);
	json_pair_string(w, "mapping_id", audience->mapping_id);
	answer_known(session, "v1_list", audience->v1_list ? audience->v1_list : -1);
	json_pair_string(w, "list", audience->keeps ? "keep" : "new");
	answer_time(session, "start", audience->start_ms);
	answer_time(session, "end", audience->end_ms);
	json_object_end(w);
}

static void put_audiences(struct session *session, const struct migrate_plan *plan)
{
	json_name(&session->w, "audiences");
	json_array(&session->w);
	for (size_t i = 0; i < plan->audiences.count; i++)
		put_audience(session, &plan->audiences.at[i]);
	json_array_end(&session->w);
}

static void put_lines(struct json_out *w, const struct migrate_plan *plan)
{
	json_name(w, "lines");
	json_array(w);
	for (size_t i = 0; i < plan->lines.count; i++) {
		json_object(w);
		json_pair_string(w, "mark", plan_mark_text(plan->lines.at[i].mark));
		json_pair_string(w, "what", plan->lines.at[i].what);
		json_pair_string(w, "v1", plan->lines.at[i].v1);
		json_pair_string(w, "v2", plan->lines.at[i].v2);
		json_object_end(w);
	}
	json_array_end(w);
}

static void put_verdicts(struct json_out *w, const struct migrate_plan *plan)
{
	json_name(w, "verdicts");
	json_array(w);
	for (size_t i = 0; i < plan->verdicts.count; i++) {
		const struct plan_verdict *verdict = &plan->verdicts.at[i];

		json_object(w);
		json_pair_string(w, "code", verdict->row->code);
		json_pair_string(w, "weight", verdict_weight_text(verdict->row->weight));
		json_pair_string(w, "message", _(verdict->row->message));
		json_pair_string(w, "about", verdict->about);
		json_pair_i64(w, "count", (int64_t)verdict->count);
		json_pair_string(w, "to_do", verdict->row->to_do ? _(verdict->row->to_do) : NULL);
		json_object_end(w);
	}
	json_array_end(w);
}

static void put_dry(struct json_out *w, const struct plan *dry)
{
	json_name(w, "dry_run");
	json_object(w);
	json_pair_i64(w, "received", dry->received);
	json_pair_i64(w, "new", dry->fresh);
	json_pair_i64(w, "changed", dry->changed);
	json_pair_i64(w, "unchanged", dry->unchanged);
	json_pair_i64(w, "exited", dry->exited);
	json_pair_i64(w, "excluded", dry->excluded);
	json_pair_i64(w, "bad_lines", dry->bad_lines);
	json_pair_i64(w, "calls_estimate", dry->calls_estimate);
	json_pair_i64(w, "seconds_estimate", dry->seconds_estimate);
	json_object_end(w);
}

static void tell_plan(struct session *session, const struct migrate_plan *plan)
{
	const struct destination *destination = &plan->view.destination;
	struct json_out *w = &session->w;

	json_object(w);
	put_migration(w, &plan->migration);
	json_pair_string(w, "v2_name", plan->v2_name);
	json_pair_string(w, "v2_account", plan->view.account.name);
	json_pair_string(w, "v2_account_is", plan->account_made ? "made" : "reused");
	json_pair_bool(w, "ready", plan->ready);
	json_pair_bool(w, "enabled", plan->enabled);
	json_pair_string(w, "source", plan->source);
	json_pair_string(w, "person_creation", person_creation_text(destination->person_creation));
	json_pair_string(w, "sync_type", sync_type_text(destination_sync_type(destination)));
	json_pair_string(w, "partition", destination->partition);
	json_pair_string(w, "workspace", destination->workspace);
	json_pair_string(w, "list_folder", destination->list_folder);
	put_rows(w, "mapping", &plan->mapping);
	put_rows(w, "suggested", &plan->suggested);
	put_audiences(session, plan);
	put_lines(w, plan);
	put_verdicts(w, plan);
	if (plan->dried)
		put_dry(w, &plan->dry);
	put_trouble(w, plan->status, &plan->error);
	json_object_end(w);
}

static void tell(struct session *session, const migrate_plan_list *list, enum status status, const struct error *err)
{
	answer_begin(session);
	json_name(&session->w, "migrations");
	json_array(&session->w);
	for (size_t i = 0; i < list->count; i++)
		tell_plan(session, &list->at[i]);
	json_array_end(&session->w);
	if (status != STATUS_OK && *err->message)
		answer_error(&session->w, err);
	answer_end(session);
}

static char mark(enum plan_mark which)
{
	static const char marks[] = { [MARK_SAME] = '=', [MARK_NEW] = '+', [MARK_CHANGED] = '~', [MARK_DROPPED] = '-' };

	return marks[which];
}

static void print_lines(struct session *session, const struct migrate_plan *plan)
{
	struct table table;

	table_init(&table, "", _("WHAT"), "V1", "V2", NULL);
	for (size_t i = 0; i < plan->lines.count; i++) {
		table_format(&table, "%c", mark(plan->lines.at[i].mark));
		table_text(&table, plan->lines.at[i].what);
		table_text(&table, plan->lines.at[i].v1);
		table_text(&table, plan->lines.at[i].v2);
	}
	for (size_t i = 0; i < plan->suggested.rows.count; i++) {
		table_text(&table, "+");
		table_text(&table, _("Field, suggested"));
		table_text(&table, plan->suggested.rows.at[i].source);
		table_text(&table, plan->suggested.rows.at[i].target);
	}
	table_end(&table, &session->out, 2);
}

static void print_verdicts(struct session *session, const struct migrate_plan *plan)
{
	for (size_t i = 0; i < plan->verdicts.count; i++) {
		const struct plan_verdict *verdict = &plan->verdicts.at[i];

		str_add_format(&session->out, "  %s %s: %s", verdict_weight_text(verdict->row->weight), verdict->row->code, _(verdict->row->message));
		if (verdict->about)
			str_add_format(&session->out, " (%s)", verdict->about);
		str_add_char(&session->out, '\n');
		if (verdict->row->to_do)
			str_add_format(&session->out, "    -> %s\n", _(verdict->row->to_do));
	}
}

static const char *outcome(const struct migrate_plan *plan)
{
	if (plan->migration.state != MIGRATION_IMPORTED && plan->migration.v2_id)
		return _("made");
	return plan->ready ? _("ready") : _("blocked");
}

static void print(struct session *session, const migrate_plan_list *list)
{
	if (!list->count)
		say(session, _("no V1 dataflows yet; `penstock migrate import FILE` takes them from an exported reply of the Flow Service"));
	for (size_t i = 0; i < list->count; i++) {
		const struct migrate_plan *plan = &list->at[i];

		say(session, "%s -> %s: %s", plan->migration.name, plan->v2_name ? plan->v2_name : "-", outcome(plan));
		if (list->count == 1)
			print_lines(session, plan);
		print_verdicts(session, plan);
		if (plan->dried)
			say(session, _("  dry run: %" PRId64 " received, %" PRId64 " new, %" PRId64 " changed, %" PRId64 " unchanged, %" PRId64 " excluded, about %" PRId64 " calls"),
				plan->dry.received, plan->dry.fresh, plan->dry.changed, plan->dry.unchanged, plan->dry.excluded, plan->dry.calls_estimate);
		if (plan->status != STATUS_OK && list->count > 1 && plan->ready)
			say(session, "  %s", plan->error.message);
	}
}

typedef enum status (*plan_fn)(struct app *app, const struct flow_names *flows, const struct migrate_options *options, migrate_plan_list *out, struct error *err);

static enum status do_plan(struct session *session, const struct args *args, plan_fn fn, struct error *err)
{
	const struct flow_names names = migrate_names(args);
	migrate_plan_list list = { 0 };
	struct migrate_options options;
	text_list dedupe = { 0 }, marketing = { 0 };
	enum status status;

	read_options(args, &dedupe, &marketing, &options);
	status = fn(session->app, &names, &options, &list, err);
	progress_clear(&session->progress);
	if (session->json && (list.count || status == STATUS_OK))
		tell(session, &list, status, err);
	else if (!session->json && (list.count || status == STATUS_OK))
		print(session, &list);
	migrate_plan_list_done(&list);
	vec_done(&dedupe);
	vec_done(&marketing);
	return status;
}

enum status migrate_plan(struct session *session, const struct args *args, struct error *err)
{
	return do_plan(session, args, app_migrate_plan, err);
}

enum status migrate_apply(struct session *session, const struct args *args, struct error *err)
{
	return do_plan(session, args, app_migrate_apply, err);
}
