/* Use cases: plan, run, and what is told about runs afterwards. */
#ifndef APP_RUNS_H
#define APP_RUNS_H

#include "app/app.h"
#include "base/error.h"
#include "model/run.h"
#include "store/tables.h"

#include <stdbool.h>
#include <stdint.h>

struct run_options {
	int64_t plan_id;      /* 0: plan now */
	int64_t limit;        /* 0: no limit */
	bool allow_removals;  /* more than a fifth of a list may be removed */
	int stop_at_failures; /* percent, 0: never */
	int64_t max_delay_ms; /* app_follow: how long a message may wait for others */
	bool no_receive;      /* app_follow: somebody else takes what is posted */
	bool wait;            /* when the quota of the day is used up: stay, and go on after its reset */
	bool fail_if_busy;    /* another process works on the account: STATUS_FAILED, code "busy", instead of waiting for one's turn */
	bool resync;          /* send everything again, whatever the ledger says: the use case `resync` */
};

struct plan_options {
	bool lookup; /* ask Marketo who exists */
	bool keep;   /* false: a dry run */
	bool fail_if_busy;
	int sample;  /* look at most so many people of the plan up in Marketo, at most ENGINE_SAMPLE; 0: none. Not for a dry run. */
};

/* Another process that works on the same account is waited for. A run of the same dataflow that is going on there is followed to its end instead, and is what is told, unless
 * another plan, or everything again, was asked for.
 * Both check the mapping first: an error in it is STATUS_USAGE. A disabled dataflow is planned, but does not run. */
enum status app_plan(struct app *app, const char *dataflow, const struct plan_options *options, struct plan *out, struct error *err);
/* earlier and out: their id is 0 where there was no such run. */
enum status app_run(struct app *app, const char *dataflow, const struct run_options *options, struct run *earlier, struct run *out, struct error *err);

/* Follows the dataflow's source until a signal comes, a run an hour, of which out is the last. What time may put right (no network, no Marketo, a full disk, the quota) is
 * told as a note and waited for. STATUS_STOPPED is how it ends when all is well. */
enum status app_follow(struct app *app, const char *dataflow, const struct run_options *options, struct run *out, struct error *err);

/* Sends what run `id` has left open and can be sent again once more, as a new run of its dataflow: out's id is 0 when there was nothing. */
enum status app_retry(struct app *app, int64_t id, struct run *earlier, struct run *out, struct error *err);

/* Tells the process that runs this dataflow to stop, which it does within seconds; *run_id: what it was running. STATUS_USAGE, code "not_running"; STATUS_REFUSED or
 * STATUS_FAILED, code "unreachable", when it is not ours to stop. */
enum status app_stop(struct app *app, const char *dataflow, int64_t *run_id, struct error *err);
/* Tells it to send nothing for the time being, or to go on. Both also answer when it already is as it is told. */
enum status app_run_pause(struct app *app, const char *dataflow, int64_t *run_id, struct error *err);
enum status app_run_resume(struct app *app, const char *dataflow, int64_t *run_id, struct error *err);
/* Is a run of the dataflow going on: its row says so and its process lives? The row alone also says so of a run whose process was killed. */
enum status app_run_is_alive(struct app *app, int64_t dataflow_id, bool *alive, struct error *err);

enum status app_runs(struct app *app, const char *dataflow, run_list *out, struct error *err); /* dataflow NULL: all */
enum status app_run_show(struct app *app, int64_t id, struct run *out, struct error *err);
/* What ended it, where something did: else `end` is without a message. */
enum status app_run_end(struct app *app, int64_t id, struct error *end, struct error *err);
enum status app_run_bad_lines(struct app *app, int64_t id, bad_line_list *out, struct error *err);
enum status app_failures(struct app *app, int64_t id, const char *code, int64_t limit, failure_list *out, int64_t *total, struct error *err);

#endif
