/* The static list of each audience: found, or made in the list folder (cli.md "dataflow", LIST). */
#ifndef ENGINE_RESOLVE_H
#define ENGINE_RESOLVE_H

#include "engine/engine.h"
#include "store/ledger.h"

struct resolve;

/* Asks for what is known before the source is read, all at once. */
struct resolve *resolve_begin(const struct engine_job *job);
/* Waits for the answers to what was asked up to now: nobody listens while the source is read. */
void resolve_wait(struct resolve *resolve);
/* Finds every list; the list_id of one that is not there stays 0 (a plan). What is learnt is written to the dataflow, not to the store.
 * STATUS_USAGE: no list folder (with the folders one can choose), folder unknown or several of that name, list id unknown, name taken in another folder, two audiences on one list.
 * STATUS_FAILED, "list_gone": one was there before and is not any more. */
enum status resolve_find(struct resolve *resolve, struct error *err);
/* Finds what has not been looked for, and makes what was not found. What is learnt is written to the dataflow and the store. Errors as above, and those of making. */
enum status resolve_make(struct resolve *resolve, struct error *err);
/* In the place of lists that were deleted in Marketo, the ones of their names, found or made: whoever should be in the old one is a doubted member of the new one by the ledger.
 * Lists tied by their ids cannot be made again and are left alone, as are audiences that have had no list yet. */
enum status resolve_replace(struct resolve *resolve, struct ledger *ledger, struct error *err);
/* What is said of a list that was there before and is not any more, and what to do about it. */
enum status resolve_list_gone(const struct dataflow *dataflow, const struct flow_audience *audience, struct error *err);
void resolve_free(struct resolve *resolve);

#endif
