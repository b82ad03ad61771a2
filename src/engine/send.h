/* Sends what is left of a run's change set. */
#ifndef ENGINE_SEND_H
#define ENGINE_SEND_H

#include "engine/engine.h"
#include "engine/recipe.h"

/* run: counters go on from what they are; state and ended_at are set and all is saved. calls_base: the client's counts before the first call that
 * belongs to this run. The status is the exit status; err is filled when a cause ended the run. */
enum status send_changes(const struct engine_job *job, const struct recipe *recipe, struct ledger *ledger, struct run *run, bool resumed, const int64_t calls_base[CALL_KINDS],
	struct error *err);

#endif
