/* status | audit */
#include "app/audit.h"
#include "app/status.h"
#include "base/i18n.h"
#include "command/command.h"
#include "command/table.h"
#include "command/tell_run.h"

#include <inttypes.h>

static const struct option_row status_rows[] = {
	{ "watch", NULL, N_("again every two seconds, until Ctrl-C") },
	{ 0 },
};

static const struct option_row audit_rows[] = {
	{ "since", "DATE", N_("only from this day on") },
	{ 0 },
};

enum { WATCH_MS = 2000 };

/* Does the row of this run say running although its process is gone? */
static bool is_interrupted(const struct overview *overview, int64_t run_id)
{
	for (size_t i = 0; i < overview->going_on.count; i++)
		if (overview->going_on.at[i].id == run_id)
			return overview->interrupted.at[i];
	return false;
}

static void put_accounts(struct session *session, const struct overview *overview)
{
	struct json_out *w = &session->w;

	json_name(w, "accounts");
	json_array(w);
	for (size_t i = 0; i < overview->accounts.count; i++) {
		const struct account *account = &overview->accounts.at[i];

		json_object(w);
		json_pair_string(w, "name", account->name);
		json_pair_string(w, "munchkin_id", account->munchkin_id);
		json_pair_string(w, "environment", account->environment);
		json_object_end(w);
	}
	json_array_end(w);
	json_name(w, "quota");
	json_array(w);
	for (size_t i = 0; i < overview->accounts.count; i++) {
		json_object(w);
		json_pair_string(w, "account", overview->accounts.at[i].name);
		json_pair_i64(w, "calls_today", overview->calls_today.at[i]);
		json_pair_i64(w, "daily_calls", overview->accounts.at[i].daily_calls);
		json_pair_i64(w, "quota_stop", overview->accounts.at[i].quota_stop);
		json_object_end(w);
	}
	json_array_end(w);
}

static void put_destinations(struct session *session, const struct overview *overview)
{
	struct json_out *w = &session->w;

	json_name(w, "destinations");
	json_array(w);
	for (size_t i = 0; i < overview->destinations.count; i++) {
		json_object(w);
		json_pair_string(w, "name", overview->destinations.at[i].name);
		json_pair_string(w, "account", overview->destinations.at[i].account_name);
		json_object_end(w);
	}
	json_array_end(w);
}

static void put_dataflows(struct session *session, const struct overview *overview)
{
	struct json_out *w = &session->w;

	json_name(w, "dataflows");
	json_array(w);
	for (size_t i = 0; i < overview->dataflows.count; i++) {
		const struct dataflow *dataflow = &overview->dataflows.at[i];

		json_object(w);
		json_pair_string(w, "name", dataflow->name);
		json_pair_string(w, "destination", dataflow->destination_name);
		json_pair_bool(w, "enabled", dataflow->enabled);
		json_pair_i64(w, "audiences", (int64_t)dataflow->audiences.count);
		json_name(w, "last_run");
		if (overview->last.at[i].id)
			put_run_state(session, &overview->last.at[i], is_interrupted(overview, overview->last.at[i].id));
		else
			json_put_null(w);
		json_object_end(w);
	}
	json_array_end(w);
}

static void tell(struct session *session, const struct overview *overview)
{
	answer_begin(session);
	put_accounts(session, overview);
	put_destinations(session, overview);
	put_dataflows(session, overview);
	json_name(&session->w, "runs");
	json_array(&session->w);
	for (size_t i = 0; i < overview->going_on.count; i++)
		put_run_state(session, &overview->going_on.at[i], overview->interrupted.at[i]);
	json_array_end(&session->w);
	answer_end(session);
}

static void print_accounts(struct session *session, const struct overview *overview)
{
	struct table table;

	table_init(&table, _("ACCOUNT"), _("MUNCHKIN ID"), _("ENVIRONMENT"), _("OUR CALLS TODAY"), _("DAILY QUOTA"), NULL);
	for (size_t i = 0; i < overview->accounts.count; i++) {
		const struct account *account = &overview->accounts.at[i];

		table_text(&table, account->name);
		table_text(&table, account->munchkin_id);
		table_text(&table, account->environment);
		table_number(&table, overview->calls_today.at[i]);
		table_number(&table, account->daily_calls);
	}
	table_end(&table, &session->out, 0);
}

static void print_dataflows(struct session *session, const struct overview *overview)
{
	struct table table;

	str_add_char(&session->out, '\n');
	table_init(&table, _("DATAFLOW"), _("DESTINATION"), _("ENABLED"), _("LAST RUN"), _("STATE"), _("ACTIVATED"), _("EXCLUDED"), _("FAILED"), NULL);
	for (size_t i = 0; i < overview->dataflows.count; i++) {
		const struct dataflow *dataflow = &overview->dataflows.at[i];
		const struct run *last = &overview->last.at[i];

		table_text(&table, dataflow->name);
		table_text(&table, dataflow->destination_name);
		table_text(&table, dataflow->enabled ? _("yes") : _("no"));
		table_time(&table, last->started_at);
		table_text(&table, is_interrupted(overview, last->id) ? _("interrupted") : last->id ? run_state_text(last->state) : NULL);
		table_number(&table, last->activated);
		table_number(&table, last->excluded);
		table_number(&table, last->failed);
	}
	table_end(&table, &session->out, 0);
}

static void print(struct session *session, const struct overview *overview)
{
	if (!overview->accounts.count) {
		say(session, _("nothing is set up yet; begin with `penstock account create`, or look at `penstock demo`"));
		return;
	}
	print_accounts(session, overview);
	if (overview->dataflows.count)
		print_dataflows(session, overview);
	for (size_t i = 0; i < overview->going_on.count; i++) {
		const struct run *run = &overview->going_on.at[i];

		if (overview->interrupted.at[i])
			say(session, _("run %" PRId64 " of %s was interrupted; `penstock run %s` goes on with it"), run->id, run->dataflow, run->dataflow);
		else
			say(session, _("run %" PRId64 " of %s is going on"), run->id, run->dataflow);
	}
}

static enum status show_once(struct session *session, struct error *err)
{
	struct overview overview = { 0 };
	enum status status = app_status(session->app, &overview, err);

	if (status == STATUS_OK && session->json)
		tell(session, &overview);
	else if (status == STATUS_OK)
		print(session, &overview);
	overview_done(&overview);
	return status;
}

static enum status status_of_all(struct session *session, const struct args *args, struct error *err)
{
	enum status status;

	if (!arg_flag(args, "watch"))
		return show_once(session, err);
	if (session->json) {
		error_set(err, STATUS_USAGE, "usage", _("--watch and --json do not go together"));
		error_hint(err, _("an answer in JSON is one object: ask again instead"));
		return STATUS_USAGE;
	}
	app_catch_signals(session->app);
	do {
		status = show_once(session, err);
		str_add_char(&session->out, '\n');
		if (status == STATUS_OK)
			status = session_flush(session, err);
	} while (status == STATUS_OK && app_pause(session->app, WATCH_MS));
	return status;
}

static enum status audit(struct session *session, const struct args *args, struct error *err)
{
	audit_list list = { 0 };
	struct json_out *w = &session->w;
	struct table table;
	enum status status = app_audit(session->app, arg_text(args, "since"), &list, err);

	if (status == STATUS_OK && session->json) {
		answer_begin(session);
		json_name(w, "audit");
		json_array(w);
		for (size_t i = 0; i < list.count; i++) {
			json_object(w);
			answer_time(session, "at", list.at[i].at);
			json_pair_string(w, "who", list.at[i].who);
			json_pair_string(w, "action", list.at[i].action);
			json_pair_string(w, "object", list.at[i].object);
			json_pair_string(w, "detail", list.at[i].detail);
			json_object_end(w);
		}
		json_array_end(w);
		answer_end(session);
	} else if (status == STATUS_OK) {
		table_init(&table, _("WHEN"), _("WHO"), _("WHAT"), _("ON"), _("DETAIL"), NULL);
		for (size_t i = 0; i < list.count; i++) {
			table_time(&table, list.at[i].at);
			table_text(&table, list.at[i].who);
			table_text(&table, list.at[i].action);
			table_text(&table, list.at[i].object);
			table_text(&table, list.at[i].detail);
		}
		table_end(&table, &session->out, 0);
	}
	audit_list_done(&list);
	return status;
}

const struct command watch_commands[] = {
	{ .use = USE_STATUS, .options = { status_rows }, .run = status_of_all },
	{ .use = USE_AUDIT, .options = { audit_rows }, .run = audit },
	{ 0 },
};
