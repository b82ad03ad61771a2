/*
 * One run an account at a time: two would change one ledger and the same lists. And one process a dataflow, from the beginning to the end of its job: who follows lets the
 * account go while nothing is to be done, so that other dataflows of the account get their turn, and stays the only one that works on its own.
 */
#ifndef ENGINE_LOCK_H
#define ENGINE_LOCK_H

#include "base/error.h"
#include "base/lockfile.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

struct lock;

/* STATUS_FAILED, code "busy", when another process plans or runs on this account, or works on this dataflow (0: none is meant). Both go with the process. */
enum status lock_take(struct store *store, int64_t account_id, int64_t dataflow_id, struct lock **out, struct error *err);
void lock_drop(struct lock *lock);
/* Lets the account go and keeps the dataflow. */
void lock_let_others(struct lock *lock);
/* Takes the account again, if it was let go. *ours: whether it could be had. STATUS_FAILED only when the file cannot be opened. */
enum status lock_take_again(struct lock *lock, struct store *store, bool *ours, struct error *err);
/* Writes down which run the holder is busy with; 0 while it plans. */
void lock_about(struct lock *lock, int64_t run_id);
/* Does somebody work on this dataflow, or else (account_id not 0) plan or run on this account? *holder: who, and `about` which run. */
bool lock_is_held(struct store *store, int64_t account_id, int64_t dataflow_id, struct lockfile_holder *holder);

#endif
