/* One job an account of this store at a time: waiting for one's turn, and following a run of the same dataflow that is going on in another process. */
#ifndef APP_TURN_H
#define APP_TURN_H

#include "app/app.h"
#include "base/error.h"
#include "model/run.h"

#include <stdbool.h>
#include <stdint.h>

struct turn {
	const char *dataflow; /* its name */
	bool follow;          /* a run of it that is going on is what was asked for .. */
	int64_t plan_id;      /* .. but only this one, unless 0 */
};

/* Returns when nobody else plans or runs on the account. *followed: a run of the dataflow was, and has come to its end: it is in *out (and one that it finished first in
 * *earlier; both initialised by the caller), and the status and err are what they would be had it been ours. A paused one is let go on. One whose process dies is not followed
 * to an end: it is for the caller to go on with. A signal: STATUS_STOPPED, code "stopped". */
enum status turn_wait(struct app *app, const struct turn *turn, struct run *earlier, struct run *out, bool *followed, struct error *err);
/* The job has ended because the quota of the day is used up (state waiting, or code 607): stays until that is renewed. False: a signal came. */
bool turn_wait_for_quota(struct app *app, const char *dataflow);

#endif
