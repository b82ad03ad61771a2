/* Person keys: what the ledger knows people by. */
#ifndef ENGINE_KEY_H
#define ENGINE_KEY_H

#include "base/str.h"
#include "store/store.h"

/* The keyed hash of a value, without regard to case, and of what kind it is: a dedupe field's name or the dataflow's profile key. work is used up. */
void person_key(struct store *store, const char *kind, const char *value, struct str *work, unsigned char key[KEY_HASH]);

#endif
