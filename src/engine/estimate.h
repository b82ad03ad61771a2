/* What a plan says it will cost and do. */
#ifndef ENGINE_ESTIMATE_H
#define ENGINE_ESTIMATE_H

#include "engine/engine.h"
#include "engine/merge.h"
#include "engine/recipe.h"

/* Fills the plan from the run's counters and the sums of its change set; takes the run's reasons as copies. */
void estimate(const struct engine_job *job, const struct recipe *recipe, const struct run *run, const struct merge_sums *sums, struct plan *out);
/* Asks Marketo which of the people the ledger does not know exist (reads only): they move from new to changed, or, where nobody is created, the others to excluded. */
enum status estimate_lookup(const struct engine_job *job, const struct recipe *recipe, int64_t run_id, struct plan *out, struct error *err);
/* Looks up to job->sample people of the change set up by the first dedupe field, whether or not the ledger knows them: how many are in Marketo. One call. */
enum status estimate_sample(const struct engine_job *job, int64_t run_id, struct plan *out, struct error *err);

#endif
