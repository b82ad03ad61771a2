#include "app/status.h"

#include "app/accounts.h"
#include "app/daemon.h"
#include "app/dataflows.h"
#include "app/destinations.h"
#include "app/runs.h"
#include "base/clock.h"
#include "marketo/marketo.h"
#include "source/http.h"

#include <string.h>

/* What a run said of its pace so long ago is no pace any more. */
enum { PACE_MS = 10 * 1000 };

void overview_done(struct overview *overview)
{
	account_list_done(&overview->accounts);
	vec_done(&overview->calls_today);
	vec_done(&overview->gates);
	destination_list_done(&overview->destinations);
	dataflow_list_done(&overview->dataflows);
	run_list_done(&overview->last);
	vec_done(&overview->receivers);
	run_list_done(&overview->going_on);
	vec_done(&overview->interrupted);
	event_list_done(&overview->events);
}

static int64_t destination_account(const struct overview *overview, int64_t destination)
{
	for (size_t i = 0; i < overview->destinations.count; i++)
		if (overview->destinations.at[i].id == destination)
			return overview->destinations.at[i].account_id;
	return 0;
}

/* The quota's day has no fixed length (daylight saving), so the last reset is the latest one that is not in the future. */
int64_t quota_day_began(int64_t now)
{
	enum { DAY_MS = 24 * 60 * 60 * 1000, HOUR_MS = 60 * 60 * 1000 };
	int64_t reset = clock_next_quota_reset(now - DAY_MS - 2 * HOUR_MS), next = clock_next_quota_reset(reset);

	return next <= now ? next : reset;
}

static void count_calls(struct overview *overview, const struct dataflow *dataflow, const struct run *run, int64_t since)
{
	int64_t account = destination_account(overview, dataflow->destination_id);

	if (run->started_at < since)
		return;
	for (size_t i = 0; i < overview->accounts.count; i++)
		if (overview->accounts.at[i].id == account)
			overview->calls_today.at[i] += run_calls(run);
}

static void add_going_on(struct app *app, struct overview *overview, int64_t run_id, int64_t dataflow_id)
{
	struct run run;
	bool alive = false;

	/* Looked at again after the process was: one that ended in between is not going on. */
	if (app_run_is_alive(app, dataflow_id, &alive, NULL) != STATUS_OK)
		alive = true;
	if (run_get(app->store, run_id, &run, NULL) == STATUS_OK && run_state_is_going(run.state)) {
		vec_push(&overview->going_on, run);
		vec_push(&overview->interrupted, !alive);
	} else {
		run_done(&run);
	}
}

/* The runs of one dataflow that matter, newest first: the newest is kept, the running ones are, the others only count. */
static enum status add_runs(struct app *app, struct overview *overview, const struct dataflow *dataflow, int64_t since, struct error *err)
{
	run_list runs = { 0 };
	struct run none;
	enum status status = run_recent(app->store, dataflow->id, since, &runs, err);

	run_init(&none);
	for (size_t i = 0; i < runs.count; i++) {
		struct run *run = &runs.at[i];

		if (clock_wall_ms() - run->told_at > PACE_MS)
			run->records_per_second = 0;
		count_calls(overview, dataflow, run, since);
		if (run_state_is_going(run->state)) {
			add_going_on(app, overview, run->id, dataflow->id);
		}
	}
	if (runs.count) {
		vec_push(&overview->last, runs.at[0]);
		run_init(&runs.at[0]);
	} else {
		vec_push(&overview->last, none);
	}
	run_list_done(&runs);
	return status;
}

static struct gate_state look_at_gate(struct overview *overview, size_t account)
{
	struct gate_state gate;

	memset(&gate, 0, sizeof gate);
	gate.used_today = -1;
	if (marketo_look(&overview->accounts.at[account], &gate))
		overview->calls_today.at[account] = gate.ours_today;
	return gate;
}

static void look_at_gates(struct overview *overview)
{
	for (size_t i = 0; i < overview->accounts.count; i++)
		vec_push(&overview->gates, look_at_gate(overview, i));
}

bool app_status_gates(struct overview *overview)
{
	bool differs = false;

	for (size_t i = 0; i < overview->gates.count; i++) {
		struct gate_state now = look_at_gate(overview, i), *before = &overview->gates.at[i];

		differs = differs || now.ours_today != before->ours_today || now.in_window != before->in_window || now.in_flight != before->in_flight ||
			now.used_today != before->used_today || now.quota_reached != before->quota_reached || now.latency.calls != before->latency.calls ||
			now.latency.p50_ms != before->latency.p50_ms || now.latency.p95_ms != before->latency.p95_ms || now.troubles != before->troubles;
		*before = now;
	}
	return differs;
}

bool app_has_news(struct app *app, int64_t *seen)
{
	int64_t now = app->store ? store_news(app->store) : 0;
	bool news = !now || now != *seen;

	*seen = now;
	return news;
}

size_t overview_account(const struct overview *overview, size_t dataflow)
{
	int64_t id = destination_account(overview, overview->dataflows.at[dataflow].destination_id);
	size_t i = 0;

	while (i < overview->accounts.count && overview->accounts.at[i].id != id)
		i++;
	return i;
}

bool overview_is_interrupted(const struct overview *overview, int64_t run_id)
{
	for (size_t i = 0; i < overview->going_on.count; i++)
		if (overview->going_on.at[i].id == run_id)
			return overview->interrupted.at[i];
	return false;
}

static void look_at_receivers(struct overview *overview)
{
	for (size_t i = 0; i < overview->dataflows.count; i++) {
		const char *source = overview->dataflows.at[i].source;
		struct overview_receiver receiver = { .posted = source && http_is(source) };
		struct http_spec http = { 0 };

		if (receiver.posted && http_parse(source, &http, NULL) == STATUS_OK && http.settings[HTTP_SPOOL])
			receiver_look(http.settings[HTTP_SPOOL], &receiver.view);
		http_done(&http);
		vec_push(&overview->receivers, receiver);
	}
}

enum status app_status(struct app *app, struct overview *out, struct error *err)
{
	int64_t since = quota_day_began(clock_wall_ms());
	enum status status = app_enter(app, USE_STATUS, err);

	if (status == STATUS_OK)
		out->daemon = daemon_is_there(app->db, &out->daemon_is);
	if (status == STATUS_OK)
		status = account_all(app->store, &out->accounts, err);
	if (status == STATUS_OK)
		status = destination_all(app->store, &out->destinations, err);
	if (status == STATUS_OK)
		status = dataflow_all(app->store, &out->dataflows, err);
	for (size_t i = 0; i < out->accounts.count; i++)
		vec_push(&out->calls_today, 0);
	for (size_t i = 0; status == STATUS_OK && i < out->dataflows.count; i++)
		status = add_runs(app, out, &out->dataflows.at[i], since, err);
	look_at_gates(out);
	look_at_receivers(out);
	if (status == STATUS_OK)
		status = events_collect(app->store, out->accounts.at, out->gates.at, out->accounts.count, &out->events, err);
	return status;
}
