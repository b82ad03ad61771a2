/* The static list of each audience: found, or made in the list folder (cli.md "dataflow", LIST). */
#ifndef ENGINE_RESOLVE_H
#define ENGINE_RESOLVE_H

#include "engine/engine.h"

struct resolve;

/* Asks for what is known before the source is read, all at once. */
struct resolve *resolve_begin(const struct engine_job *job);
/* Waits for the answers to what was asked up to now: nobody listens while the source is read. */
void resolve_wait(struct resolve *resolve);
/* Finds every list. make: those that are not there are made, else their list_id stays 0 (a plan). What is learnt is written to the dataflow and the store.
 * STATUS_USAGE: no list folder (with the folders one can choose), folder unknown or several of that name, list id unknown, name taken in another folder, two audiences on one list. */
enum status resolve_end(struct resolve *resolve, bool make, struct error *err);
void resolve_free(struct resolve *resolve);

#endif
