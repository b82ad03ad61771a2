/* A dataflow made ready for work: paths compiled, targets looked up, rules of the destination as plain flags. */
#ifndef ENGINE_RECIPE_H
#define ENGINE_RECIPE_H

#include "engine/engine.h"
#include "model/consent.h"
#include "model/profile.h"
#include "store/ledger.h"

#include <stdbool.h>
#include <stddef.h>

struct recipe_row {
	struct path *path;
	const struct field *field;
	unsigned number;   /* of the field in the ledger */
	int dedupe;        /* index of the dedupe field it fills, -1: an attribute */
	bool clear;        /* a null is sent */
	bool creating;     /* goes with creating calls only: create-only rows and company fields (1021) */
};

struct recipe {
	struct ledger *ledger;
	VEC(struct recipe_row) rows;
	size_t dedupe_count;
	struct path *profile_key; /* NULL: the dedupe field's value is the person key */
	struct consent *consent;  /* NULL: nobody is asked for any */
	bool people, lists, creates; /* what this dataflow may touch */
	int64_t unread;              /* learnt in reading: rows of a snapshot that may be anybody's */
	bool snapshot;               /* learnt in reading: the source is the whole audience, who is not in it has left */
};

/* STATUS_USAGE when the mapping does not fit the destination (the caller's mapping_check has told more). */
enum status recipe_make(const struct engine_job *job, struct ledger *ledger, struct recipe *out, struct error *err);
/* As far as it goes, to look at messages with and for no ledger (engine_preview): rows whose target the catalogue has not are left out, and nobody needs to be matched. */
enum status recipe_sketch(const struct engine_job *job, struct recipe *out, struct error *err);
void recipe_sketch_columns(struct recipe *recipe); /* the source is a table; columns that are not there are absent values */
/* For a table with these columns: sources are names of columns. A column that is not there: STATUS_USAGE when people are told apart or matched by it; any other is
 * reported to the job as a note. */
enum status recipe_fit_columns(const struct engine_job *job, struct recipe *recipe, const char *const *names, size_t count, struct error *err);
/* Does the mapping still fill the field of this number in the ledger? */
bool recipe_has(const struct recipe *recipe, unsigned number);
void recipe_done(struct recipe *recipe);

#endif
