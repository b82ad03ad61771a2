/* Numbers over many runs: for metrics and alerts. All come from the runs' own rows. */
#ifndef STORE_TOTALS_H
#define STORE_TOTALS_H

#include "base/error.h"
#include "store/store.h"

#include <stdint.h>

/* Every sum that is not zero, by dataflow and name: received activated excluded failed unchanged bad_lines, runs.STATE of ended runs that are not gone on with,
 * calls.KIND. Runs that retention has deleted count; none of these ever gets smaller. */
typedef void (*total_fn)(void *self, const char *dataflow, const char *name, int64_t value);
enum status run_totals(struct store *store, total_fn take, void *self, struct error *err);

/* Wall ms, 0: never. */
struct run_times {
	int64_t started, ended;  /* of the newest run; ended 0: it goes on, or was interrupted */
	int64_t success;         /* when the newest one ended that was brought to its end */
	int64_t data;            /* when the newest one began that was given any record */
};
enum status run_times_load(struct store *store, int64_t dataflow_id, struct run_times *out, struct error *err);
/* Calls of runs of this account that began at or after since_ms. */
enum status account_calls_since(struct store *store, int64_t account_id, int64_t since_ms, int64_t *calls, struct error *err);

#endif
