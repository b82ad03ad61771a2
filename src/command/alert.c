/* alert create | list | show | update | delete | test | check */
#include "app/alerts.h"

#include "base/i18n.h"
#include "command/command.h"
#include "command/table.h"

#include <inttypes.h>

static const struct option_row option_rows[] = {
	{ "when", "KIND", N_("run-failed, refused, skipped (--over per cent), delay (minutes), no-data (hours), quota (per cent) or certificate (fewer days left)") },
	{ "over", "N", N_("tell when it is more than this, or, of days that are left, less") },
	{ "dataflow", "NAME", N_("only of this dataflow (default: of every one)") },
	{ "command", "CMD", N_("run CMD with the shell; its standard input is one JSON object") },
	{ "webhook", "URL", N_("post that object to URL") },
	{ "syslog", NULL, N_("write a line to the system's log") },
	{ "enable", NULL, N_("let it tell") },
	{ "disable", NULL, N_("keep it from telling") },
	{ 0 },
};

static void put_alert(struct session *session, const struct alert *alert, const alarm_list *alarms)
{
	struct json_out *w = &session->w;

	json_object(w);
	json_pair_string(w, "name", alert->name);
	json_pair_string(w, "when", alert_kind_text(alert->kind));
	json_pair_i64(w, "over", alert->over);
	json_pair_string(w, "unit", alert_kind_unit(alert->kind));
	json_pair_string(w, "dataflow", alert->dataflow);
	json_pair_string(w, "way", alert_way_text(alert->way));
	json_pair_string(w, "target", alert->target);
	json_pair_bool(w, "enabled", alert->enabled);
	json_pair_i64(w, "going_on", (int64_t)alarms->count);
	answer_time(session, "since", alarms->count ? alarms->at[0].since : 0);
	json_object_end(w);
}

static void put_alarms(struct session *session, const alarm_list *all)
{
	struct json_out *w = &session->w;

	json_name(w, "incidents");
	json_array(w);
	for (size_t i = 0; i < all->count; i++) {
		json_object(w);
		json_pair_string(w, "alert", all->at[i].alert);
		json_pair_string(w, "kind", alert_kind_text(all->at[i].kind));
		json_pair_string(w, "subject", all->at[i].subject);
		json_pair_i64(w, "value", all->at[i].value);
		answer_time(session, "since", all->at[i].since);
		json_pair_bool(w, "told", all->at[i].told);
		json_object_end(w);
	}
	json_array_end(w);
}

static void tell(struct session *session, const struct alert *alert, const alarm_list *alarms)
{
	answer_begin(session);
	json_name(&session->w, "alert");
	put_alert(session, alert, alarms);
	put_alarms(session, alarms);
	answer_end(session);
}

static void over_cell(struct table *table, const struct alert *alert)
{
	const char *unit = alert_kind_unit(alert->kind);

	if (unit)
		table_format(table, "%" PRId64 " %s", alert->over, unit);
	else
		table_text(table, NULL);
}

static void print_alarms(struct session *session, const alarm_list *all)
{
	struct table table;

	if (!all->count) {
		say(session, _("nothing to alert anybody about"));
		return;
	}
	table_init(&table, _("ALERT"), _("WHEN"), _("ON"), _("SINCE"), _("TOLD"), NULL);
	for (size_t i = 0; i < all->count; i++) {
		table_text(&table, all->at[i].alert);
		table_text(&table, alert_kind_text(all->at[i].kind));
		table_text(&table, all->at[i].subject);
		table_time(&table, all->at[i].since);
		table_text(&table, all->at[i].told ? _("yes") : _("no"));
	}
	table_end(&table, &session->out, 0);
}

static void print(struct session *session, const struct alert *alert, const alarm_list *alarms)
{
	struct table table;

	table_init_pairs(&table);
	table_pair(&table, _("name"), alert->name);
	table_pair(&table, _("when"), alert_kind_text(alert->kind));
	table_text(&table, _("over"));
	over_cell(&table, alert);
	table_pair(&table, _("dataflow"), alert->dataflow ? alert->dataflow : _("(every one)"));
	table_pair(&table, alert_way_text(alert->way), alert->target);
	table_pair(&table, _("enabled"), alert->enabled ? _("yes") : _("no"));
	table_end(&table, &session->out, 0);
	if (alarms->count) {
		str_add_char(&session->out, '\n');
		print_alarms(session, alarms);
	}
}

typedef enum status (*change_fn)(struct app *app, const char *name, const struct alert_options *options, struct alert *out, struct error *err);

static enum status change(struct session *session, const struct args *args, change_fn fn, const char *words, struct error *err)
{
	struct alert_options options = { .when = arg_text(args, "when"), .dataflow = arg_text(args, "dataflow"), .command = arg_text(args, "command"),
		.webhook = arg_text(args, "webhook"), .syslog = arg_flag(args, "syslog") };
	struct alert alert;
	long long over = -1;
	enum status status = arg_number(args, "over", 1, 1000000, &over, err);

	if (status != STATUS_OK)
		return status;
	options.over = over;
	options.enabled = arg_flag(args, "disable") ? 0 : arg_flag(args, "enable") ? 1 : -1;
	status = fn(session->app, arg_operand(args, 0), &options, &alert, err);
	/* A new rule, or a changed one, begins anew. */
	if (status == STATUS_OK && session->json)
		tell(session, &alert, &(const alarm_list){ 0 });
	else if (status == STATUS_OK)
		say(session, words, alert.name);
	alert_done(&alert);
	return status;
}

static enum status create(struct session *session, const struct args *args, struct error *err)
{
	return change(session, args, app_alert_create, _("alert %s created; `penstock alert test` tells whether it reaches anybody"), err);
}

static enum status update(struct session *session, const struct args *args, struct error *err)
{
	return change(session, args, app_alert_update, _("alert %s changed"), err);
}

static enum status show(struct session *session, const struct args *args, struct error *err)
{
	struct alert alert;
	alarm_list alarms = { 0 };
	enum status status = app_alert_show(session->app, arg_operand(args, 0), &alert, err);

	if (status == STATUS_OK)
		status = app_alert_incidents(session->app, &alert, &alarms, err);
	if (status == STATUS_OK && session->json)
		tell(session, &alert, &alarms);
	else if (status == STATUS_OK)
		print(session, &alert, &alarms);
	alarm_list_done(&alarms);
	alert_done(&alert);
	return status;
}

static void print_list(struct session *session, const alert_list *all)
{
	struct table table;

	if (!all->count) {
		say(session, _("no alerts yet"));
		return;
	}
	table_init(&table, _("NAME"), _("WHEN"), _("OVER"), _("DATAFLOW"), _("TELLS"), _("ENABLED"), NULL);
	for (size_t i = 0; i < all->count; i++) {
		table_text(&table, all->at[i].name);
		table_text(&table, alert_kind_text(all->at[i].kind));
		over_cell(&table, &all->at[i]);
		table_text(&table, all->at[i].dataflow);
		table_text(&table, alert_way_text(all->at[i].way));
		table_text(&table, all->at[i].enabled ? _("yes") : _("no"));
	}
	table_end(&table, &session->out, 0);
}

static enum status tell_list(struct session *session, const alert_list *all, struct error *err)
{
	enum status status = STATUS_OK;

	answer_begin(session);
	json_name(&session->w, "alerts");
	json_array(&session->w);
	for (size_t i = 0; status == STATUS_OK && i < all->count; i++) {
		alarm_list alarms = { 0 };

		status = app_alert_incidents(session->app, &all->at[i], &alarms, err);
		put_alert(session, &all->at[i], &alarms);
		alarm_list_done(&alarms);
	}
	json_array_end(&session->w);
	answer_end(session);
	return status;
}

static enum status list(struct session *session, const struct args *args, struct error *err)
{
	alert_list all = { 0 };
	enum status status = app_alert_list(session->app, &all, err);

	(void)args;
	if (status == STATUS_OK && session->json)
		status = tell_list(session, &all, err);
	else if (status == STATUS_OK)
		print_list(session, &all);
	alert_list_done(&all);
	return status;
}

static enum status delete(struct session *session, const struct args *args, struct error *err)
{
	enum status status = app_alert_delete(session->app, arg_operand(args, 0), err);

	if (status == STATUS_OK)
		answer_deleted(session, arg_operand(args, 0));
	return status;
}

static enum status test(struct session *session, const struct args *args, struct error *err)
{
	enum status status = app_alert_test(session->app, arg_operand(args, 0), err);

	if (status == STATUS_OK && session->json) {
		answer_begin(session);
		json_pair_bool(&session->w, "ok", true);
		answer_end(session);
	} else if (status == STATUS_OK) {
		say(session, _("the alert was told; see whether it arrived"));
	}
	return status;
}

static void tell_alarms(struct session *session, const alarm_list *all)
{
	answer_begin(session);
	put_alarms(session, all);
	answer_end(session);
}

static enum status check(struct session *session, const struct args *args, struct error *err)
{
	alarm_list all = { 0 };
	enum status status = app_alert_check(session->app, &all, err);

	(void)args;
	if (status == STATUS_OK && session->json)
		tell_alarms(session, &all);
	else if (status == STATUS_OK)
		print_alarms(session, &all);
	alarm_list_done(&all);
	return status;
}

const struct command alert_commands[] = {
	{ .use = USE_ALERT_CREATE, .options = { option_rows }, .least = 1, .most = 1, .run = create },
	{ .use = USE_ALERT_LIST, .run = list },
	{ .use = USE_ALERT_SHOW, .least = 1, .most = 1, .run = show },
	{ .use = USE_ALERT_UPDATE, .options = { option_rows }, .least = 1, .most = 1, .run = update },
	{ .use = USE_ALERT_DELETE, .least = 1, .most = 1, .run = delete },
	{ .use = USE_ALERT_TEST, .least = 1, .most = 1, .run = test },
	{ .use = USE_ALERT_CHECK, .run = check },
	{ 0 },
};
