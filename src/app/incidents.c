#include "app/incidents.h"

#include "app/receive.h"
#include "app/status.h"
#include "app/tell.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/lockfile.h"
#include "base/mem.h"
#include "base/text.h"
#include "model/schedule.h"
#include "store/tables.h"
#include "store/totals.h"

#include <string.h>

/* One look at all rules. */
struct look {
	struct app *app;
	alarm_list *out;
	dataflow_list flows;
	account_list accounts;
	int64_t now_ms;
	int untold;
	struct error why; /* the last one could not be told */
};

void alarm_list_done(alarm_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		mem_free(list->at[i].alert);
		mem_free(list->at[i].subject);
	}
	vec_done(list);
}

static void add_time(struct json_out *w, const char *name, int64_t ms)
{
	char text[CLOCK_TEXT];

	json_pair_string(w, name, ms ? clock_format(ms, text) : NULL);
}

static bool is_of_account(const struct alert *alert, int64_t subject)
{
	return alert->kind == ALERT_QUOTA || (alert->kind == ALERT_CERTIFICATE && subject > 0);
}

/* Names, kinds and numbers; nobody's data and no words of Marketo's. */
static void describe(const struct alert *alert, const struct incident *incident, const char *subject, const char *state, struct str *json, struct str *line)
{
	const char *unit = alert_kind_unit(alert->kind);
	struct json_out w;

	json_out_init(&w, json);
	json_object(&w);
	json_pair_string(&w, "alert", alert->name);
	json_pair_string(&w, "state", state);
	json_pair_string(&w, "kind", alert_kind_text(alert->kind));
	json_pair_string(&w, is_of_account(alert, incident->subject) ? "account" : "dataflow", subject);
	json_pair_i64(&w, "value", incident->value);
	json_pair_i64(&w, "over", alert->over);
	json_pair_string(&w, "unit", unit);
	add_time(&w, "since", incident->since);
	add_time(&w, "at", clock_wall_ms());
	json_object_end(&w);
	str_add_char(json, '\n');
	str_add_format(line, "%s: %s: %s of ", alert->name, state, alert_kind_text(alert->kind));
	text_clean(line, subject, strlen(subject));
	if (unit)
		str_add_format(line, " (%lld %s, %s %lld)", (long long)incident->value, unit, alert->kind == ALERT_CERTIFICATE ? "under" : "over", (long long)alert->over);
}

enum status incident_tell(struct app *app, const struct alert *alert, const struct incident *incident, const char *subject, const char *state, struct error *err)
{
	struct str json = { 0 }, line = { 0 };
	enum status status;

	describe(alert, incident, subject, state, &json, &line);
	status = tell_alert(app, alert, str_text(&json), str_text(&line), err);
	str_done(&json);
	str_done(&line);
	return status;
}

static bool told(struct look *look, const struct alert *alert, const struct incident *incident, const char *subject, const char *state)
{
	if (incident_tell(look->app, alert, incident, subject, state, &look->why) == STATUS_OK)
		return true;
	look->untold++;
	return false;
}

static enum status begin_or_go_on(struct look *look, const struct alert *alert, struct incident *incident, bool found, int64_t value, const char *subject, struct error *err)
{
	enum status status;

	if (!found)
		incident->since = look->now_ms;
	incident->value = value;
	incident->over_at = 0;
	/* Written before it is told: whoever is killed in between tells it once more, never not at all. */
	status = incident_put(look->app->store, incident, err);
	if (status == STATUS_OK && !incident->told && told(look, alert, incident, subject, "firing")) {
		incident->told = true;
		status = incident_put(look->app->store, incident, err);
	}
	vec_push(look->out, ((struct alarm){ mem_strdup(alert->name), mem_strdup(subject), alert->kind, incident->since, value, incident->told }));
	return status;
}

static enum status end(struct look *look, const struct alert *alert, struct incident *incident, const char *subject, struct error *err)
{
	enum status status = STATUS_OK;

	if (incident->told && !incident->over_at) {
		incident->over_at = look->now_ms;
		status = incident_put(look->app->store, incident, err);
	}
	if (status == STATUS_OK && (!incident->told || told(look, alert, incident, subject, "recovered")))
		status = incident_delete(look->app->store, alert->id, incident->subject, err);
	return status;
}

static enum status weigh(struct look *look, const struct alert *alert, int64_t subject_id, const char *subject, bool holds, int64_t value, struct error *err)
{
	struct incident incident;
	bool found;
	enum status status = incident_get(look->app->store, alert->id, subject_id, &incident, &found, err);

	if (status != STATUS_OK || (!found && !holds))
		return status;
	return holds ? begin_or_go_on(look, alert, &incident, found, value, subject, err) : end(look, alert, &incident, subject, err);
}

static enum status look_at_flow(struct look *look, const struct alert *alert, const struct dataflow *flow, struct error *err)
{
	struct alert_facts facts;
	struct run_times times = { 0 };
	int64_t value;
	enum status status = alert_facts_load(look->app->store, flow->id, &facts, err);

	if (status == STATUS_OK)
		status = run_times_load(look->app->store, flow->id, &times, err);
	if (status != STATUS_OK)
		return status;
	facts.data_ms = times.data;
	/* From one end to the next: a run that takes long, or is tried again and again, is late, too. */
	facts.due_ms = flow->schedule.every_ms > 0 && times.started ? schedule_next(&flow->schedule, times.success ? times.success : times.started, look->now_ms) : INT64_MAX;
	bool holds = flow->enabled && alert_holds(alert, &facts, look->now_ms, &value);
	return weigh(look, alert, flow->id, flow->name, holds, holds ? value : 0, err);
}

static enum status look_at_account(struct look *look, const struct alert *alert, const struct account *account, struct error *err)
{
	int64_t calls = 0, percent;
	enum status status = account_calls_since(look->app->store, account->id, quota_day_began(look->now_ms), &calls, err);

	percent = account->daily_calls > 0 ? calls * 100 / account->daily_calls : 0;
	return status == STATUS_OK ? weigh(look, alert, account->id, account->name, percent > alert->over, percent, err) : status;
}

static enum status weigh_certificate(struct look *look, const struct alert *alert, int64_t subject_id, const char *subject, int64_t end_ms, struct error *err)
{
	int64_t value;
	bool holds = alert_certificate_holds(alert, end_ms, look->now_ms, &value);

	return weigh(look, alert, subject_id, subject, holds, value, err);
}

/* Marketo's, as it was when somebody last connected. */
static enum status look_at_server(struct look *look, const struct alert *alert, const struct account *account, struct error *err)
{
	int64_t end_ms = 0;
	enum status status = certificate_seen(look->app->store, account->id, &end_ms, err);

	return status == STATUS_OK ? weigh_certificate(look, alert, account->id, account->name, end_ms, err) : status;
}

/* Our own, where messages are posted to the dataflow's source. */
static enum status look_at_own(struct look *look, const struct alert *alert, const struct dataflow *flow, struct error *err)
{
	return weigh_certificate(look, alert, -flow->id, flow->name, flow->enabled && flow->source ? receive_certificate_end(flow->source) : 0, err);
}

static enum status look_at_certificates(struct look *look, const struct alert *alert, struct error *err)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; status == STATUS_OK && !alert->dataflow_id && i < look->accounts.count; i++)
		status = look_at_server(look, alert, &look->accounts.at[i], err);
	for (size_t i = 0; status == STATUS_OK && i < look->flows.count; i++)
		if (!alert->dataflow_id || alert->dataflow_id == look->flows.at[i].id)
			status = look_at_own(look, alert, &look->flows.at[i], err);
	return status;
}

static enum status look_at(struct look *look, const struct alert *alert, struct error *err)
{
	enum status status = STATUS_OK;

	if (!alert->enabled)
		return status;
	if (alert->kind == ALERT_CERTIFICATE)
		return look_at_certificates(look, alert, err);
	if (alert->kind == ALERT_QUOTA)
		for (size_t i = 0; status == STATUS_OK && i < look->accounts.count; i++)
			status = look_at_account(look, alert, &look->accounts.at[i], err);
	else
		for (size_t i = 0; status == STATUS_OK && i < look->flows.count; i++)
			if (!alert->dataflow_id || alert->dataflow_id == look->flows.at[i].id)
				status = look_at_flow(look, alert, &look->flows.at[i], err);
	return status;
}

static enum status look_at_all(struct look *look, struct error *err)
{
	alert_list alerts = { 0 };
	enum status status = alert_all(look->app->store, &alerts, err);

	if (status == STATUS_OK && alerts.count)
		status = dataflow_all(look->app->store, &look->flows, err);
	if (status == STATUS_OK && alerts.count)
		status = account_all(look->app->store, &look->accounts, err);
	for (size_t i = 0; status == STATUS_OK && i < alerts.count; i++)
		status = look_at(look, &alerts.at[i], err);
	alert_list_done(&alerts);
	dataflow_list_done(&look->flows);
	account_list_done(&look->accounts);
	return status;
}

/* Who looks holds a lock, so that nothing is told twice. */
static enum status look_once(struct app *app, alarm_list *out, struct error *err)
{
	char *path = mem_printf("%s.alerts.lock", app->db), *user = store_user_name();
	struct look look = { .app = app, .out = out, .now_ms = clock_wall_ms() };
	enum status status = STATUS_OK;
	int lock = -1;

	if (lockfile_take(path, user, &lock, NULL) == LOCKFILE_OURS)
		status = look_at_all(&look, err);
	lockfile_drop(lock);
	mem_free(path);
	mem_free(user);
	if (status != STATUS_OK || !look.untold)
		return status;
	if (err)
		*err = look.why;
	error_hint(err, _("it is tried again the next time; `penstock alert test` tells whether it works"));
	return STATUS_FAILED;
}

enum status app_alert_check(struct app *app, alarm_list *out, struct error *err)
{
	enum status status = app_enter(app, USE_ALERT_CHECK, err);

	if (status != STATUS_OK)
		return status;
	app_catch_signals(app);
	return look_once(app, out, err);
}

/* Free with mem_free. */
static char *subject_name(struct app *app, const struct alert *alert, int64_t subject)
{
	struct dataflow dataflow;
	struct account account;
	char *name = NULL;

	dataflow_init(&dataflow);
	account_init(&account);
	if (is_of_account(alert, subject) && account_get(app->store, subject, &account, NULL) == STATUS_OK)
		name = mem_strdup(account.name);
	else if (!is_of_account(alert, subject) && dataflow_get(app->store, subject < 0 ? -subject : subject, &dataflow, NULL) == STATUS_OK)
		name = mem_strdup(dataflow.name);
	dataflow_done(&dataflow);
	account_done(&account);
	return name ? name : mem_strdup("");
}

enum status app_alert_incidents(struct app *app, const struct alert *alert, alarm_list *out, struct error *err)
{
	incident_list all = { 0 };
	enum status status = app_enter(app, USE_ALERT_SHOW, err);

	if (status == STATUS_OK)
		status = incident_all(app->store, alert->id, &all, err);
	for (size_t i = 0; status == STATUS_OK && i < all.count; i++)
		if (!all.at[i].over_at)
			vec_push(out, ((struct alarm){ mem_strdup(alert->name), subject_name(app, alert, all.at[i].subject), alert->kind, all.at[i].since, all.at[i].value, all.at[i].told }));
	vec_done(&all);
	return status;
}

enum status app_alert_test(struct app *app, const char *name, struct error *err)
{
	struct alert alert;
	struct incident incident = { .since = clock_wall_ms() };
	enum status status = app_enter(app, USE_ALERT_TEST, err);

	alert_init(&alert);
	if (status == STATUS_OK)
		status = alert_find(app->store, name, &alert, err);
	if (status == STATUS_OK) {
		app_catch_signals(app);
		incident.value = alert.over;
		incident.subject = alert.kind == ALERT_CERTIFICATE && alert.dataflow ? -1 : 1;
		status = incident_tell(app, &alert, &incident, alert.dataflow ? alert.dataflow : "test", "test", err);
	}
	alert_done(&alert);
	return status;
}

/* Who was told to stop has no time left for it: the daemon, or the next run, looks. */
static void look_after_run(struct app *app, alarm_list *out, struct error *err)
{
	app->patient = false;
	if (!app->stop)
		look_once(app, out, err);
}

void alerts_ran(struct app *app, const char *name, enum status status, const struct error *err)
{
	struct dataflow dataflow;
	struct error trouble = { 0 };
	alarm_list ignored = { 0 };

	/* Another run on the account, or a wish that was no run at all: nothing that ended badly. */
	if (!app->store || app->read_only || (err && (strcmp(err->code, "busy") == 0 || strcmp(err->code, "disabled") == 0)))
		return;
	if (dataflow_find(app->store, name, &dataflow, NULL) == STATUS_OK) {
		if (outcome_save(app->store, dataflow.id, clock_wall_ms(), status, &trouble) == STATUS_OK)
			look_after_run(app, &ignored, &trouble);
		if (*trouble.message)
			app_note(app, "%s", trouble.message);
	}
	dataflow_done(&dataflow);
	alarm_list_done(&ignored);
}
