/* One run an account at a time: the gate of an instance lives in the process that runs. */
#ifndef ENGINE_LOCK_H
#define ENGINE_LOCK_H

#include "base/error.h"
#include "base/lockfile.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

struct lock;

/* STATUS_FAILED, code "busy", when another process plans or runs on this account. The lock goes with the process. */
enum status lock_take(struct store *store, int64_t account_id, struct lock **out, struct error *err);
void lock_drop(struct lock *lock);
/* Writes down which run the holder is busy with; 0 while it plans. */
void lock_about(struct lock *lock, int64_t run_id);
/* Does somebody plan or run on this account? *holder: who, and `about` which run. */
bool lock_is_held(struct store *store, int64_t account_id, struct lockfile_holder *holder);

#endif
