/* How long what was is kept: failed and excluded records (with whom they are about), plans, runs, the audit. */
#ifndef STORE_RETENTION_H
#define STORE_RETENTION_H

#include "base/error.h"
#include "store/store.h"

#include <stdint.h>

enum { RETENTION_MOST = 36500 };

/* Days since the run ended, or the audit row was written; 0: for ever. */
struct retention {
	int failures; /* 30 unless set: the records hold, sealed, who failed and what would have been sent; so do plans that nobody ran */
	int runs;     /* 400 */
	int audit;    /* 400 */
};
struct pruned {
	int64_t failures, plans, runs, audit; /* rows */
};

enum status retention_load(struct store *store, struct retention *out, struct error *err);
enum status retention_save(struct store *store, const struct retention *retention, struct error *err);
/* Deletes (overwrites) what is older, some thousand rows a transaction. What a run still has to send stays, as does the newest run of each dataflow; the
 * numbers of runs that go are added to the dataflow's totals. *out may be NULL. */
enum status retention_apply(struct store *store, int64_t now_ms, struct pruned *out, struct error *err);
/* The same when a day has passed since the last time. */
enum status retention_apply_daily(struct store *store, int64_t now_ms, struct error *err);

#endif
