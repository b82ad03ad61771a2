/* dataflow create | list | show | update | enable | disable | delete */
#include "app/dataflows.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "command/command.h"
#include "command/table.h"
#include "command/tell_run.h"

#include <inttypes.h>
#include <string.h>

static const struct option_row option_rows[] = {
	{ "destination", "NAME", N_("where the audiences go") },
	{ "source", "SOURCE", N_("a file or folder of profile messages (NDJSON), a table (CSV), or DATABASE#FILE with a query; - or csv:- is standard input") },
	{ "audience", "A[=LIST]", N_("an audience by id or name, and its list: an id, ST1001A1, a URL or a name (default: the audience's name)") },
	{ "start", "DATE", N_("nothing is sent before this day") },
	{ "end", "DATE", N_("nothing is sent after this day") },
	{ "identity", "WHICH", N_("of several e-mails in a profile: all, primary or first") },
	{ "profile-key", "K", N_("namespace or column that keeps a person the same when the e-mail changes") },
	{ "consent", "PATH[=VALUE,..]", N_("where the source says who agrees: all but those who say no, or with VALUE only those who say it") },
	{ "every", "DURATION", N_("how often the daemon runs it: 15m, 6h, 1d; always: goes on all the time; never: only you do") },
	{ "at", "HH:MM", N_("at what time of the day on this machine; with whole days") },
	{ 0 },
};

static const struct option_row delete_rows[] = {
	{ "list", "WHAT", N_("what becomes of the lists in Marketo: keep (they stay as they are), empty (whom penstock has brought is taken out) or delete") },
	{ 0 },
};

static void put_audience(struct session *session, const struct flow_audience *audience)
{
	struct json_out *w = &session->w;

	json_object(w);
	json_pair_string(w, "audience", audience->audience);
	json_pair_string(w, "id", audience->audience_id);
	json_pair_string(w, "name", audience->audience_name);
	json_pair_string(w, "list", audience->list);
	answer_known(session, "list_id", audience->list_id ? audience->list_id : -1);
	json_pair_string(w, "list_name", audience->list_name);
	answer_time(session, "start", audience->start_ms);
	answer_time(session, "end", audience->end_ms);
	json_object_end(w);
}

static void put_schedule(struct json_out *w, const struct schedule *schedule)
{
	char *every = schedule_every_text(schedule), *at = schedule_at_text(schedule);

	json_pair_string(w, "every", every);
	json_pair_string(w, "at", at);
	mem_free(every);
	mem_free(at);
}

static void schedule_pair(struct table *table, const struct schedule *schedule)
{
	char *every = schedule_every_text(schedule), *at = schedule_at_text(schedule);

	if (every) {
		table_text(table, _("runs every"));
		table_format(table, "%s%s%s", every, at ? ", " : "", at ? at : "");
	}
	mem_free(every);
	mem_free(at);
}

static void put_dataflow(struct session *session, const struct dataflow *dataflow)
{
	struct json_out *w = &session->w;

	json_object(w);
	json_pair_string(w, "name", dataflow->name);
	json_pair_string(w, "card", dataflow->version == 1 ? "V1" : "V2");
	json_pair_string(w, "destination", dataflow->destination_name);
	json_pair_string(w, "source", dataflow->source);
	json_pair_string(w, "identity", identity_choice_text(dataflow->identity));
	json_pair_string(w, "profile_key", dataflow->profile_key);
	json_pair_string(w, "consent", dataflow->consent);
	json_pair_bool(w, "enabled", dataflow->enabled);
	put_schedule(w, &dataflow->schedule);
	json_name(w, "audiences");
	json_array(w);
	for (size_t i = 0; i < dataflow->audiences.count; i++)
		put_audience(session, &dataflow->audiences.at[i]);
	json_array_end(w);
	json_object_end(w);
}

static void tell(struct session *session, const struct dataflow *dataflow)
{
	answer_begin(session);
	json_name(&session->w, "dataflow");
	put_dataflow(session, dataflow);
	answer_end(session);
}

/* The list of an audience as far as it is known. */
static void list_cell(struct table *table, const struct flow_audience *audience)
{
	if (audience->list_id)
		table_format(table, "%" PRId64 " %s", audience->list_id, audience->list_name ? audience->list_name : "");
	else
		table_text(table, audience->list ? audience->list : _("(the audience's name)"));
}

static void day_cell(struct table *table, int64_t wall_ms)
{
	enum { DAY = 10 }; /* of 2026-11-23T00:00:00Z */
	char text[CLOCK_TEXT];

	if (wall_ms && strcmp(clock_format(wall_ms, text) + DAY, "T00:00:00Z") == 0)
		text[DAY] = '\0';
	table_text(table, wall_ms ? text : NULL);
}

static void print(struct session *session, const struct dataflow *dataflow)
{
	struct table table;

	table_init_pairs(&table);
	table_pair(&table, _("name"), dataflow->name);
	table_pair(&table, _("card"), dataflow->version == 1 ? _("Marketo V1 (retired)") : _("Marketo V2"));
	table_pair(&table, _("destination"), dataflow->destination_name);
	table_pair(&table, _("source"), dataflow->source);
	table_pair(&table, _("identity"), identity_choice_text(dataflow->identity));
	if (dataflow->profile_key)
		table_pair(&table, _("profile key"), dataflow->profile_key);
	if (dataflow->consent)
		table_pair(&table, _("consent"), dataflow->consent);
	table_pair(&table, _("enabled"), dataflow->enabled ? _("yes") : _("no"));
	schedule_pair(&table, &dataflow->schedule);
	table_end(&table, &session->out, 0);
	str_add_char(&session->out, '\n');
	table_init(&table, _("AUDIENCE"), _("LIST"), _("START"), _("END"), NULL);
	for (size_t i = 0; i < dataflow->audiences.count; i++) {
		const struct flow_audience *audience = &dataflow->audiences.at[i];

		table_text(&table, audience->audience);
		list_cell(&table, audience);
		day_cell(&table, audience->start_ms);
		day_cell(&table, audience->end_ms);
	}
	table_end(&table, &session->out, 0);
}

typedef enum status (*change_fn)(struct app *app, const char *name, const struct dataflow_options *options, struct dataflow *out, struct error *err);

static enum status change(struct session *session, const struct args *args, change_fn fn, const char *words, struct error *err)
{
	text_list audiences = { 0 };
	struct dataflow_options options = {
		.destination = arg_text(args, "destination"),
		.source = arg_text(args, "source"),
		.identity = arg_text(args, "identity"),
		.profile_key = arg_text(args, "profile-key"),
		.consent = arg_text(args, "consent"),
		.every = arg_text(args, "every"),
		.at = arg_text(args, "at"),
		.start = arg_text(args, "start"),
		.end = arg_text(args, "end"),
	};
	struct dataflow dataflow;
	enum status status;

	arg_all(args, "audience", &audiences);
	options.audiences = audiences.at;
	options.audience_count = audiences.count;
	status = fn(session->app, arg_operand(args, 0), &options, &dataflow, err);
	if (status == STATUS_OK && session->json)
		tell(session, &dataflow);
	else if (status == STATUS_OK)
		say(session, words, dataflow.name);
	dataflow_done(&dataflow);
	vec_done(&audiences);
	return status;
}

static enum status create(struct session *session, const struct args *args, struct error *err)
{
	return change(session, args, app_dataflow_create, _("dataflow %s created; `penstock plan` tells what a run would do"), err);
}

static enum status update(struct session *session, const struct args *args, struct error *err)
{
	return change(session, args, app_dataflow_update, _("dataflow %s changed"), err);
}

static enum status show(struct session *session, const struct args *args, struct error *err)
{
	struct dataflow dataflow;
	enum status status = app_dataflow_show(session->app, arg_operand(args, 0), &dataflow, err);

	if (status == STATUS_OK && session->json)
		tell(session, &dataflow);
	else if (status == STATUS_OK)
		print(session, &dataflow);
	dataflow_done(&dataflow);
	return status;
}

static void print_list(struct session *session, const dataflow_list *list)
{
	struct table table;

	if (!list->count) {
		say(session, _("no dataflows yet"));
		return;
	}
	table_init(&table, _("NAME"), _("CARD"), _("DESTINATION"), _("AUDIENCES"), _("ENABLED"), _("SOURCE"), NULL);
	for (size_t i = 0; i < list->count; i++) {
		table_text(&table, list->at[i].name);
		table_text(&table, list->at[i].version == 1 ? "V1" : "V2");
		table_text(&table, list->at[i].destination_name);
		table_number(&table, (int64_t)list->at[i].audiences.count);
		table_text(&table, list->at[i].enabled ? _("yes") : _("no"));
		table_text(&table, list->at[i].source);
	}
	table_end(&table, &session->out, 0);
}

static enum status list(struct session *session, const struct args *args, struct error *err)
{
	dataflow_list all = { 0 };
	enum status status = app_dataflow_list(session->app, &all, err);

	(void)args;
	if (status == STATUS_OK && session->json) {
		answer_begin(session);
		json_name(&session->w, "dataflows");
		json_array(&session->w);
		for (size_t i = 0; i < all.count; i++)
			put_dataflow(session, &all.at[i]);
		json_array_end(&session->w);
		answer_end(session);
	} else if (status == STATUS_OK) {
		print_list(session, &all);
	}
	dataflow_list_done(&all);
	return status;
}

static enum status set_enabled(struct session *session, const struct args *args, bool enabled, struct error *err)
{
	struct dataflow dataflow;
	enum status status = app_dataflow_enable(session->app, arg_operand(args, 0), enabled, &dataflow, err);

	if (status == STATUS_OK && session->json)
		tell(session, &dataflow);
	else if (status == STATUS_OK)
		say(session, enabled ? _("dataflow %s is enabled") : _("dataflow %s is disabled"), dataflow.name);
	dataflow_done(&dataflow);
	return status;
}

static enum status enable(struct session *session, const struct args *args, struct error *err)
{
	return set_enabled(session, args, true, err);
}

static enum status disable(struct session *session, const struct args *args, struct error *err)
{
	return set_enabled(session, args, false, err);
}

static void tell_deleted(struct session *session, const char *name, const struct run *run)
{
	if (session->json && run->id) {
		answer_begin(session);
		json_pair_string(&session->w, "deleted", name);
		json_name(&session->w, "run");
		put_run(session, run);
		answer_end(session);
		return;
	}
	if (run->id)
		say(session, _("%" PRId64 " people were taken out of its lists"), run->activated);
	answer_deleted(session, name);
}

static enum status delete(struct session *session, const struct args *args, struct error *err)
{
	const char *what = arg_text(args, "list"), *name = arg_operand(args, 0);
	enum list_fate fate = LIST_KEEP;
	struct run run, none;
	enum status status;

	if (what && !list_fate_parse(what, &fate)) {
		error_set(err, STATUS_USAGE, "invalid", _("--list %s is not available"), what);
		error_hint(err, _("choose keep, empty or delete"));
		return STATUS_USAGE;
	}
	run_init(&none);
	status = app_dataflow_discard(session->app, name, fate, &run, err);
	progress_clear(&session->progress);
	if (status == STATUS_OK)
		tell_deleted(session, name, &run);
	else
		answer_runs(session, &none, &run, status, err);
	run_done(&run);
	return status;
}

const struct command dataflow_commands[] = {
	{ .use = USE_DATAFLOW_CREATE, .options = { option_rows }, .least = 1, .most = 1, .run = create },
	{ .use = USE_DATAFLOW_LIST, .run = list },
	{ .use = USE_DATAFLOW_SHOW, .least = 1, .most = 1, .run = show },
	{ .use = USE_DATAFLOW_UPDATE, .options = { option_rows }, .least = 1, .most = 1, .run = update },
	{ .use = USE_DATAFLOW_ENABLE, .least = 1, .most = 1, .run = enable },
	{ .use = USE_DATAFLOW_DISABLE, .least = 1, .most = 1, .run = disable },
	{ .use = USE_DATAFLOW_DELETE, .options = { delete_rows }, .least = 1, .most = 1, .run = delete },
	{ 0 },
};
