/* Where following a dataflow's source goes on: a text of the source's reader, sealed, since it speaks of what stands in files; and the run of the hour. */
#ifndef STORE_FOLLOW_PLACE_H
#define STORE_FOLLOW_PLACE_H

#include "base/error.h"
#include "store/store.h"

#include <stdint.h>

struct follow_place {
	char *source;   /* the place is one in this source; NULL: none is known */
	char *position; /* NULL with it */
	int64_t run;    /* 0: none */
};
void follow_place_done(struct follow_place *place);
/* `out` is initialised here, and valid for follow_place_done also after a failure. */
enum status follow_place_load(struct store *store, int64_t dataflow_id, struct follow_place *out, struct error *err);
/* Replaces. Belongs into the transaction that makes durable what was read before the place. */
enum status follow_place_save(struct store *store, int64_t dataflow_id, const struct follow_place *place, struct error *err);

#endif
