/* The members of the lists, from Marketo's side, held against the ledger. Bounded memory: both sides are sorted by lead id on disk. */
#ifndef ENGINE_VERIFY_H
#define ENGINE_VERIFY_H

#include "engine/engine.h"
#include "store/ledger.h"

/* Somebody whom the ledger calls a member and Marketo does not; lead 0: the ledger has forgotten the id. audience: place in the dataflow. */
typedef enum status (*missing_fn)(void *self, size_t audience, const unsigned char key[KEY_HASH], int64_t lead, struct error *err);

/* STATUS_USAGE, code "no_lists": the destination touches people only. */
enum status verify_possible(const struct engine_job *job, struct error *err);
/* Fills out, whose audiences are the dataflow's, in order. missing may be NULL. The status says whether the lists could be read, not what was found; of a list that is
 * gone everybody is missing, but `missing` is not called. */
enum status verify_lists(const struct engine_job *job, struct ledger *ledger, struct verification *out, missing_fn missing, void *self, struct error *err);

#endif
