/* Who differs between a list and the ledger, with a name where one can be had: in batches, so that a call asks for as many as it can, and memory stays what it is. */
#ifndef ENGINE_PERSONS_H
#define ENGINE_PERSONS_H

#include "engine/engine.h"
#include "engine/verify.h"

struct persons;

/* Both outlive it. */
struct persons *persons_new(const struct engine_job *job, const struct verify_wish *wish);
void persons_free(struct persons *persons);
/* A difference_fn. self: struct persons */
enum status persons_take(void *self, const struct verify_difference *difference, struct error *err);
/* Those of a last batch. */
enum status persons_flush(struct persons *persons, struct error *err);

#endif
