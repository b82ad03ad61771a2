/*
 * Change sets: the durable plan of a run, in sealed chunks of at most a few hundred records, with what is done of each. Rows are wiped (secure_delete) as they are done.
 */
#ifndef STORE_CHANGE_H
#define STORE_CHANGE_H

#include "base/error.h"
#include "base/str.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CHANGE_RECORDS = 512, CHANGE_DONE_BYTES = CHANGE_RECORDS / 8 };

struct change_chunk {
	int64_t number;
	int records;
	bool started;                          /* a creating call of it may have left before */
	bool begun;                            /* change_begun was called for it */
	unsigned char done[CHANGE_DONE_BYTES]; /* a bit a record */
	struct str bytes;                      /* unsealed */
};

/* Chunks are numbered from 1. records: 1 .. CHANGE_RECORDS. */
enum status change_add(struct store *store, int64_t run, int64_t number, int records, const void *bytes, size_t length, struct error *err);
/* The first chunk after `after`; chunk->number 0: there is none. Free chunk->bytes. */
enum status change_next(struct store *store, int64_t run, int64_t after, struct change_chunk *chunk, struct error *err);
enum status change_started(struct store *store, int64_t run, int64_t number, struct error *err);
/* Work on it has begun: told again by change_next, whatever becomes of the process. */
enum status change_begun(struct store *store, int64_t run, int64_t number, struct error *err);
enum status change_progress(struct store *store, int64_t run, int64_t number, const unsigned char done[CHANGE_DONE_BYTES], struct error *err);
enum status change_finished(struct store *store, int64_t run, int64_t number, struct error *err); /* the whole chunk: wiped */
enum status change_wipe(struct store *store, int64_t run, struct error *err);                    /* all of the run's */
/* Removes the dataflow's plans that never ran, with all that is theirs, and the change sets of its runs that were blocked: a new plan takes the place of the one before. */
enum status change_forget_plans(struct store *store, int64_t dataflow_id, struct error *err);
/* Chunks and records that are left (records of partly done chunks count whole). */
enum status change_left(struct store *store, int64_t run, int64_t *chunks, int64_t *records, struct error *err);

#endif
