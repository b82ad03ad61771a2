/* Turning the loop until calls have answered, and stopping in time when the operator asks. */
#ifndef ENGINE_WAIT_H
#define ENGINE_WAIT_H

#include "engine/engine.h"

#include <stdbool.h>

enum { WAIT_GRACE_MS = 4000 /* calls in flight may finish after a stop; exit within 5 s is promised */ };

/* Returns when *done is true. After a stop no new call leaves; what is in flight is cancelled when the grace has passed. */
void wait_until(const struct engine_job *job, const bool *done);

/* What an answer that is not OUTCOME_OK means for the run: the status to end with; err is filled. */
enum status wait_refusal(const struct marketo_answer *answer, struct error *err);

#endif
