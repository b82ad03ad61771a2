/* The members of the lists, from Marketo's side, held against the ledger. Bounded memory: both sides are sorted by lead id on disk. */
#ifndef ENGINE_VERIFY_H
#define ENGINE_VERIFY_H

#include "engine/engine.h"
#include "store/ledger.h"

/* Somebody whom the ledger calls a member and Marketo does not, or the other way round. */
struct verify_difference {
	size_t audience;          /* place in the dataflow */
	bool gone;                /* the whole list is */
	const unsigned char *key; /* NULL: extra in the list */
	int64_t lead;             /* 0: the ledger has forgotten the id */
};
typedef enum status (*difference_fn)(void *self, const struct verify_difference *difference, struct error *err);

/* STATUS_USAGE, code "no_lists": the destination touches people only. */
enum status verify_possible(const struct engine_job *job, struct error *err);
/* Fills out, whose audiences are the dataflow's, in order. differs may be NULL. The status says whether the lists could be read, not what was found; of a list that is
 * gone everybody is missing. */
enum status verify_lists(const struct engine_job *job, struct ledger *ledger, struct verification *out, difference_fn differs, void *self, struct error *err);

#endif
