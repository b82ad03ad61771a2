/* When the daemon runs a dataflow. */
#ifndef MODEL_SCHEDULE_H
#define MODEL_SCHEDULE_H

#include "base/error.h"

#include <stdint.h>

enum { SCHEDULE_NEVER = 0, SCHEDULE_ALWAYS = -1 };

struct schedule {
	int64_t every_ms; /* SCHEDULE_NEVER: only when somebody asks; SCHEDULE_ALWAYS: `run --follow`, all the time; else from one start to the next */
	int at_minute;    /* of the day on this machine's clock (TZ), with whole days only; -1: whenever the time has passed */
};

/* every: "90s" "15m" "6h" "1d" "2w", "always" or "never"; at: "HH:MM" or "" (takes it away). NULL: as it is. STATUS_USAGE, code "invalid". */
enum status schedule_set(struct schedule *schedule, const char *every, const char *at, struct error *err);
/* "1d" and the like, "always"; NULL for never. Free with mem_free. */
char *schedule_every_text(const struct schedule *schedule);
/* "03:00" or NULL. Free with mem_free. */
char *schedule_at_text(const struct schedule *schedule);
/* When it is to start next, in wall ms: in the past when that was missed (one start makes up for all that were), now when it is always going on;
 * INT64_MAX: never. last_ms: when it was last started, 0: not yet, which is due at once unless there is an hour to wait for. */
int64_t schedule_next(const struct schedule *schedule, int64_t last_ms, int64_t now_ms);

#endif
