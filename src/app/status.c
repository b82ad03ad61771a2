#include "app/status.h"

#include "app/accounts.h"
#include "app/dataflows.h"
#include "app/destinations.h"
#include "app/runs.h"
#include "base/clock.h"

#include <string.h>

void overview_done(struct overview *overview)
{
	account_list_done(&overview->accounts);
	vec_done(&overview->calls_today);
	destination_list_done(&overview->destinations);
	dataflow_list_done(&overview->dataflows);
	run_list_done(&overview->last);
	run_list_done(&overview->going_on);
	vec_done(&overview->interrupted);
}

static int64_t destination_account(const struct overview *overview, int64_t destination)
{
	for (size_t i = 0; i < overview->destinations.count; i++)
		if (overview->destinations.at[i].id == destination)
			return overview->destinations.at[i].account_id;
	return 0;
}

/* The quota's day has no fixed length (daylight saving), so the last reset is the latest one that is not in the future. */
static int64_t last_reset(int64_t now)
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
	if (run_get(app->store, run_id, &run, NULL) == STATUS_OK && run.state == RUN_RUNNING) {
		vec_push(&overview->going_on, run);
		vec_push(&overview->interrupted, !alive);
	} else {
		run_done(&run);
	}
}

/* The runs of one dataflow, newest first: the newest is kept, the running ones are, the others only count. */
static enum status add_runs(struct app *app, struct overview *overview, const struct dataflow *dataflow, int64_t since, struct error *err)
{
	run_list runs = { 0 };
	struct run none;
	enum status status = run_all(app->store, dataflow->id, &runs, err);

	run_init(&none);
	for (size_t i = 0; i < runs.count; i++) {
		struct run *run = &runs.at[i];

		count_calls(overview, dataflow, run, since);
		if (run->state == RUN_RUNNING) {
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

enum status app_status(struct app *app, struct overview *out, struct error *err)
{
	int64_t since = last_reset(clock_wall_ms());
	enum status status = app_enter(app, USE_STATUS, err);

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
	return status;
}
