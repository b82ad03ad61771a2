/* The state of a run's monitor, shared by what it does and what it looks like. Nobody else includes it. */
#ifndef SCREENS_MONITOR_INSIDE_H
#define SCREENS_MONITOR_INSIDE_H

#include "app/ask.h"
#include "model/run.h"
#include "screens/console.h"
#include "screens/live.h"
#include "tui/cursor.h"

#include <stdbool.h>
#include <stdint.h>

enum { MONITOR_SAMPLES = 60, MONITOR_SAMPLE_MS = 1000 };

struct monitor {
	struct layer layer;
	char *dataflow, *account;
	int64_t dataflow_id, run_id; /* run_id 0: not known yet */
	int64_t older;               /* the newest run before this one; 0: none */
	struct ask *ask;        /* the run this console started; NULL: somebody else's, or it has ended */
	struct error error;     /* how it ended */
	bool ended, nothing;    /* its process has; without a run, since nothing was to be done */
	bool stopping;          /* somebody here has asked for it */
	char phase[16];         /* of its progress */
	int64_t done, total, waiting_ms;
	struct run run;
	struct error why;       /* what ended the run, as it is kept; without a message: nothing did */
	bool alive;             /* a process works on it */
	struct live live;
	int64_t opened_ms, sampled_ms, finished_before;
	double rates[MONITOR_SAMPLES]; /* records a second, the newest last */
	struct cursor cursor;   /* reasons */
};

bool monitor_is_over(const struct monitor *monitor);
/* For how long calls, or tries of calls, have been without an answer that changed anything, ms; 0: for no time worth a word. */
int64_t monitor_silence(const struct monitor *monitor);
/* Place of its account in the overview; the count of accounts: it is not there. */
size_t monitor_account(const struct monitor *monitor);
void monitor_draw(struct layer *layer, struct area area);

#endif
