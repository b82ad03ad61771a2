/* The static list of each audience: found, or made in the list folder (cli.md "dataflow", LIST). */
#ifndef ENGINE_RESOLVE_H
#define ENGINE_RESOLVE_H

#include "engine/engine.h"

/* Finds every list. make: those that are not there are made, else their list_id stays 0 (a plan). What is learnt is written to the dataflow and the store.
 * STATUS_USAGE: no list folder (with the folders one can choose), folder unknown or several of that name, list id unknown, name taken in another folder, two audiences on one list. */
enum status resolve_lists(const struct engine_job *job, bool make, struct error *err);

#endif
