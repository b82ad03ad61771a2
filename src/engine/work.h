/* What every job of the engine stands on, from its first call to its run: engine.c has it. */
#ifndef ENGINE_WORK_H
#define ENGINE_WORK_H

#include "engine/engine.h"
#include "engine/lock.h"
#include "engine/merge.h"
#include "engine/read.h"
#include "engine/recipe.h"
#include "engine/resolve.h"
#include "store/ledger.h"

#include <stdbool.h>

struct work {
	const struct engine_job *job;
	struct ledger *ledger;
	struct recipe recipe;
	struct lock *lock;
	struct resolve *resolve; /* asked with the first call */
	struct run run;
	struct merge_sums sums;
	struct reading reading;
	int64_t calls_base[CALL_KINDS]; /* what the client had sent before the run at hand */
};

/* Takes the account's lock, opens the ledger and makes the first calls. work_done is due whatever comes of it. */
enum status work_init(struct work *w, const struct engine_job *job, struct error *err);
void work_done(struct work *w);

/* Looks for every audience's list, and makes nothing; work_lists goes on from there. */
enum status work_find_lists(struct work *w, struct error *err);
/* Every audience's list, as far as there is one. make: those that are not there are made. */
enum status work_lists(struct work *w, bool make, struct error *err);
/* Lists that were deleted in Marketo: made again, with their members by the ledger doubted (resolve.h). */
enum status work_replace_lists(struct work *w, struct error *err);
/* What an earlier run left unfinished. *go_on: nothing is left, work_run is free for another. */
enum status work_finish_earlier(struct work *w, struct run *earlier, bool *go_on, struct error *err);
/* Makes w->run, as a plan (keep false: not in the store); its change set may be added. */
enum status work_begin_run(struct work *w, bool keep, struct error *err);
/* The run's audiences with their lists, as far as those are known. */
void work_name_audiences(struct work *w);
/* The dataflow's audience that the run's at this place is; NULL: it is not there any more, or several might be meant. Is each one the dataflow's at the same place? */
const struct flow_audience *work_flow_audience(const struct dataflow *flow, const struct run *run, size_t place);
bool work_has_its_audiences(const struct dataflow *flow, const struct run *run);
/* The same, and has each the list it had when the run was made, if it had one? A list that is tied by its name counts once it was found. */
bool work_has_its_lists(const struct dataflow *flow, const struct run *run);
/* Half a plan is none: takes back what work_begin_run made. */
void work_forget_run(struct work *w);
/* From now on w->run is one that goes on until it ends. resumed: the ledger may be ahead of its change set. */
enum status work_send(struct work *w, bool resumed, struct error *err);
/* The account of the run, for the caller; w->run is empty again. */
void work_give_run(struct work *w, struct run *out);

#endif
