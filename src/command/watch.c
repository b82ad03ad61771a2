/* status | audit | metrics */
#include "app/audit.h"
#include "app/metrics.h"
#include "app/operators.h"
#include "app/status.h"
#include "base/clock.h"
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

enum { WATCH_MS = 2000, EVENTS_SHOWN = 5 };

/* What all processes of this user share. */
static void put_gate(struct session *session, const struct account *account, const struct gate_state *gate)
{
	struct json_out *w = &session->w;

	answer_known(session, "daily_cap", account->daily_cap ? account->daily_cap : -1);
	answer_known(session, "used_today", gate->used_today);
	json_pair_bool(w, "quota_reached", gate->quota_reached);
	json_pair_i64(w, "calls_in_20s", gate->in_window);
	json_pair_i64(w, "calls_per_20s", account->calls_per_20s);
	json_pair_i64(w, "in_flight", gate->in_flight);
	json_pair_i64(w, "concurrent", account->concurrent);
	json_name(w, "latency");
	json_object(w);
	json_pair_i64(w, "calls", gate->latency.calls);
	answer_known(session, "p50_ms", gate->latency.calls ? gate->latency.p50_ms : -1);
	answer_known(session, "p95_ms", gate->latency.calls ? gate->latency.p95_ms : -1);
	json_object_end(w);
	answer_time(session, "quota_reset_at", clock_next_quota_reset(clock_wall_ms()));
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
		put_gate(session, &overview->accounts.at[i], &overview->gates.at[i]);
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

/* How far a run has come, and when it was heard of last. */
static void put_progress(struct session *session, const struct run *run)
{
	struct json_out *w = &session->w;

	json_name(w, "progress");
	if (!run->id) {
		json_put_null(w);
		return;
	}
	json_object(w);
	json_pair_i64(w, "done", run_finished(run));
	json_pair_i64(w, "total", run->received);
	json_pair_i64(w, "records_per_second", (int64_t)run->records_per_second);
	answer_known(session, "seconds_left", run_state_is_going(run->state) ? run_seconds_left(run) : -1);
	answer_time(session, "told_at", run->told_at);
	json_object_end(w);
}

static void put_events(struct session *session, const event_list *events)
{
	struct json_out *w = &session->w;

	json_name(w, "events");
	json_array(w);
	for (size_t i = 0; i < events->count; i++) {
		const struct event *event = &events->at[i];
		struct str words = { 0 };

		event_words(event, &words);
		json_object(w);
		answer_time(session, "at", event->at);
		json_pair_string(w, "kind", event_kind_text(event->kind));
		json_pair_string(w, "subject", event->subject);
		answer_known(session, "run", event->run_id ? event->run_id : -1);
		json_pair_string(w, "state", event->kind == EVENT_RUN_ENDED ? run_state_text(event->state) : NULL);
		json_pair_string(w, "code", event->code);
		answer_known(session, "count", event->count ? event->count : -1);
		json_pair_string(w, "message", str_text(&words));
		json_object_end(w);
		str_done(&words);
	}
	json_array_end(w);
}

/* Of a source that is posted to; what only the one who listens knows is null while nobody does. */
static void put_receiver(struct session *session, const struct overview_receiver *receiver)
{
	const struct receiver_view *view = &receiver->view;
	struct json_out *w = &session->w;

	json_name(w, "receiver");
	if (!receiver->posted) {
		json_put_null(w);
		return;
	}
	json_object(w);
	json_pair_bool(w, "listening", view->listening);
	answer_known(session, "pid", view->listening && view->holder.pid ? view->holder.pid : -1);
	answer_known(session, "port", view->listening ? view->holder.about : -1);
	answer_time(session, "since", view->listening ? view->holder.since_ms : 0);
	answer_known(session, "kept", view->counted ? view->counts.messages : -1);
	answer_known(session, "refused", view->counted ? view->counts.refused : -1);
	answer_known(session, "turned_away", view->counted ? view->counts.turned_away : -1);
	json_pair_i64(w, "waiting_bytes", view->waiting);
	json_object_end(w);
}

static void put_dataflows(struct session *session, const struct overview *overview)
{
	struct json_out *w = &session->w;

	json_name(w, "dataflows");
	json_array(w);
	for (size_t i = 0; i < overview->dataflows.count; i++) {
		const struct dataflow *dataflow = &overview->dataflows.at[i];
		size_t account = overview_account(overview, i);

		json_object(w);
		json_pair_string(w, "name", dataflow->name);
		json_pair_string(w, "destination", dataflow->destination_name);
		json_pair_string(w, "account", account < overview->accounts.count ? overview->accounts.at[account].name : NULL);
		json_pair_bool(w, "enabled", dataflow->enabled);
		json_pair_i64(w, "audiences", (int64_t)dataflow->audiences.count);
		json_name(w, "last_run");
		if (overview->last.at[i].id)
			put_run_state(session, &overview->last.at[i], overview_is_interrupted(overview, overview->last.at[i].id));
		else
			json_put_null(w);
		put_progress(session, &overview->last.at[i]);
		put_receiver(session, &overview->receivers.at[i]);
		json_object_end(w);
	}
	json_array_end(w);
}

static void put_daemon(struct session *session, const struct overview *overview)
{
	struct json_out *w = &session->w;

	json_name(w, "daemon");
	json_object(w);
	json_pair_bool(w, "running", overview->daemon);
	answer_known(session, "pid", overview->daemon && overview->daemon_is.pid ? overview->daemon_is.pid : -1);
	answer_time(session, "since", overview->daemon ? overview->daemon_is.since_ms : 0);
	json_object_end(w);
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
	put_events(session, &overview->events);
	put_daemon(session, overview);
	answer_end(session);
}

static void print_accounts(struct session *session, const struct overview *overview)
{
	struct table table;

	table_init(&table, _("ACCOUNT"), _("MUNCHKIN ID"), _("ENVIRONMENT"), _("OUR CALLS TODAY"), _("DAILY QUOTA"), _("IN 20 S"), _("AT ONCE"), _("P50 / P95"), NULL);
	for (size_t i = 0; i < overview->accounts.count; i++) {
		const struct account *account = &overview->accounts.at[i];
		const struct gate_state *gate = &overview->gates.at[i];

		table_text(&table, account->name);
		table_text(&table, account->munchkin_id);
		table_text(&table, account->environment);
		table_number(&table, overview->calls_today.at[i]);
		table_number(&table, account->daily_calls);
		table_format(&table, _("%d of %d"), gate->in_window, account->calls_per_20s);
		table_format(&table, _("%d of %d"), gate->in_flight, account->concurrent);
		if (gate->latency.calls)
			table_format(&table, _("%" PRId64 " / %" PRId64 " ms"), gate->latency.p50_ms, gate->latency.p95_ms);
		else
			table_text(&table, NULL);
	}
	table_end(&table, &session->out, 0);
}

static void print_dataflows(struct session *session, const struct overview *overview)
{
	struct table table;

	str_add_char(&session->out, '\n');
	table_init(&table, _("DATAFLOW"), _("DESTINATION"), _("ENABLED"), _("LAST RUN"), _("STATE"), _("DONE"), _("A SECOND"), _("ACTIVATED"), _("EXCLUDED"), _("FAILED"), NULL);
	for (size_t i = 0; i < overview->dataflows.count; i++) {
		const struct dataflow *dataflow = &overview->dataflows.at[i];
		const struct run *last = &overview->last.at[i];

		table_text(&table, dataflow->name);
		table_text(&table, dataflow->destination_name);
		table_text(&table, dataflow->enabled ? _("yes") : _("no"));
		table_time(&table, last->started_at);
		table_text(&table, overview_is_interrupted(overview, last->id) ? _("interrupted") : last->id ? run_state_text(last->state) : NULL);
		if (last->received > 0)
			table_format(&table, "%" PRId64 " %%", run_finished(last) * 100 / last->received);
		else
			table_text(&table, NULL);
		table_number(&table, (int64_t)last->records_per_second);
		table_number(&table, last->activated);
		table_number(&table, last->excluded);
		table_number(&table, last->failed);
	}
	table_end(&table, &session->out, 0);
}

static void print_events(struct session *session, const event_list *events)
{
	struct table table;

	if (!events->count)
		return;
	str_add_char(&session->out, '\n');
	table_init(&table, _("WHEN"), _("ON"), _("WHAT"), NULL);
	for (size_t i = 0; i < events->count && i < EVENTS_SHOWN; i++) {
		struct str words = { 0 };

		event_words(&events->at[i], &words);
		table_time(&table, events->at[i].at);
		table_text(&table, events->at[i].subject);
		table_text(&table, str_text(&words));
		str_done(&words);
	}
	table_end(&table, &session->out, 0);
}

static void print_receivers(struct session *session, const struct overview *overview)
{
	for (size_t i = 0; i < overview->dataflows.count; i++) {
		const struct dataflow *dataflow = &overview->dataflows.at[i];
		const struct receiver_view *view = &overview->receivers.at[i].view;
		char since[CLOCK_TEXT];

		if (!overview->receivers.at[i].posted)
			continue;
		if (!view->listening)
			say(session, _("nobody receives for %s, %" PRId64 " bytes wait; `penstock receive %s`, `run --follow` and the daemon do"), dataflow->name, view->waiting, dataflow->name);
		else if (!view->counted)
			say(session, _("port %" PRId64 " receives for %s since %s, %" PRId64 " bytes wait"), view->holder.about, dataflow->name, clock_format(view->holder.since_ms, since),
				view->waiting);
		else
			say(session, _("port %" PRId64 " receives for %s since %s: %" PRId64 " messages kept, %" PRId64 " refused, %" PRId64 " requests turned away, %" PRId64 " bytes wait"),
				view->holder.about, dataflow->name, clock_format(view->holder.since_ms, since), view->counts.messages, view->counts.refused, view->counts.turned_away,
				view->waiting);
	}
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
	print_events(session, &overview->events);
	print_receivers(session, overview);
	if (overview->daemon && overview->daemon_is.pid)
		say(session, _("the daemon is there: process %ld"), (long)overview->daemon_is.pid);
	for (size_t i = 0; i < overview->going_on.count; i++) {
		const struct run *run = &overview->going_on.at[i];

		if (overview->interrupted.at[i])
			say(session, _("run %" PRId64 " of %s was interrupted; `penstock run %s` goes on with it"), run->id, run->dataflow, run->dataflow);
		else if (run->state == RUN_PAUSED)
			say(session, _("run %" PRId64 " of %s pauses; `penstock resume %s` lets it go on"), run->id, run->dataflow, run->dataflow);
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

/* A format of its own: with --json it is that format in one string. */
static enum status metrics(struct session *session, const struct args *args, struct error *err)
{
	struct str text = { 0 };
	enum status status = app_metrics(session->app, &text, err);

	(void)args;
	if (status == STATUS_OK && session->json) {
		answer_begin(session);
		json_pair_string(&session->w, "metrics", str_text(&text));
		answer_end(session);
	} else if (status == STATUS_OK) {
		str_add_bytes(&session->out, text.text, text.length);
	}
	str_done(&text);
	return status;
}

static void tell_operator(struct session *session, const struct operator *who)
{
	struct json_out *w = &session->w;

	answer_begin(session);
	json_name(w, "operator");
	json_object(w);
	json_pair_string(w, "name", who->name);
	json_pair_bool(w, "owner", who->owner);
	json_name(w, "permissions");
	json_array(w);
	for (unsigned one = 1; one < PERMISSION_ALL; one <<= 1)
		if (who->permissions & one)
			json_put_string(w, permission_name(one));
	json_array_end(w);
	json_name(w, "sources");
	json_array(w);
	for (size_t i = 0; i < who->sources.count; i++)
		json_put_string(w, who->sources.at[i]);
	json_array_end(w);
	json_pair_string(w, "granted_in", who->keeper);
	json_object_end(w);
	answer_end(session);
}

static void print_operator(struct session *session, const struct operator *who)
{
	struct table table;

	if (who->owner)
		say(session, _("%s: the store is yours, nothing is withheld"), who->name);
	else
		say(session, _("%s, by %s:"), who->name, who->keeper);
	table_init_pairs(&table);
	for (unsigned one = 1; !who->owner && one < PERMISSION_ALL; one <<= 1)
		table_pair(&table, permission_name(one), who->permissions & one ? _("yes") : _("no"));
	for (size_t i = 0; i < who->sources.count; i++)
		table_pair(&table, _("sources in"), who->sources.at[i]);
	table_end(&table, &session->out, 0);
}

static enum status whoami(struct session *session, const struct args *args, struct error *err)
{
	struct operator who;
	enum status status = app_whoami(session->app, &who, err);

	(void)args;
	if (status == STATUS_OK && session->json)
		tell_operator(session, &who);
	else if (status == STATUS_OK)
		print_operator(session, &who);
	operator_done(&who);
	return status;
}

const struct command watch_commands[] = {
	{ .use = USE_WHOAMI, .run = whoami },
	{ .use = USE_STATUS, .options = { status_rows }, .run = status_of_all },
	{ .use = USE_AUDIT, .options = { audit_rows }, .run = audit },
	{ .use = USE_METRICS, .run = metrics },
	{ 0 },
};
