/* What the daemon knows of the dataflows it supervises. daemon.c owns it. */
#ifndef APP_SUPERVISE_H
#define APP_SUPERVISE_H

#include "app/app.h"
#include "app/journal.h"
#include "base/vec.h"
#include "loop/process.h"
#include "model/schedule.h"

#include <stdbool.h>
#include <stdint.h>

/* One dataflow. */
struct member {
	struct crew *crew;
	int64_t dataflow_id, account_id;
	char *name;
	struct schedule schedule;
	bool wanted;             /* enabled, scheduled, within its dates, by the store */
	bool unfinished;         /* a run of it was left in the middle, by the store */
	bool again;              /* it ended badly, for what may pass: it is due as soon as it may be */
	int64_t last_ms;         /* when it was last started, by anybody; 0: never, then .. */
	int64_t seen_ms;         /* .. its hour of the day is the next one after this: when the daemon first saw it with its schedule */
	int64_t not_before_ms;   /* back-off (clock_mono_ms: whoever sets the clock does not lengthen it) */
	int failures;            /* in a row */
	struct process *process; /* NULL: not running */
	char *source;
	struct attendant *attendant; /* sees to it that somebody receives what is posted, also while no run goes on; NULL: nothing is */
	int64_t started_ms;      /* clock_mono_ms */
	bool told;               /* to stop .. */
	int64_t told_ms;         /* .. then (clock_mono_ms) */
};

struct crew {
	struct app *app;
	struct journal *journal;
	const char *telling; /* what runs are told (app/operators.h); NULL: nothing */
	VEC(struct member *) members;
	size_t running;
	uint64_t ended; /* runs, since the daemon began */
};

/* Reads the store: new dataflows come in, others change or go; who is not wanted any more is told to stop. */
enum status crew_refresh(struct crew *crew, struct error *err);
/* Starts who is due: one of an account at a time beside those that are always going on, for a run holds its account until it ends. */
void crew_start_due(struct crew *crew, int64_t now_ms);
/* SIGTERM to all. */
void crew_stop(struct crew *crew);
void crew_forgive(struct crew *crew); /* forgets back-offs */
void crew_done(struct crew *crew);    /* kills who is left */

#endif
