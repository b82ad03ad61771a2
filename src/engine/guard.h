/* The guard against mass removals: a cut file or a broken query must not empty a list (engine.md). */
#ifndef ENGINE_GUARD_H
#define ENGINE_GUARD_H

#include "base/error.h"
#include "model/run.h"

#include <stdbool.h>
#include <stdint.h>

/* More than a fifth of a list of a hundred or more. */
bool guard_minds(int64_t members, int64_t leaving);
/* Writes it down as a reason of the run when it does. */
void guard_note(struct run *run, int64_t list, int64_t members, int64_t leaving);
/* STATUS_CONFIRM when the run's change set has that reason. */
enum status guard_check(const struct run *run, struct error *err);

#endif
