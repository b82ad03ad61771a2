/* The mapping: which source field goes to which Marketo field, identities first. */
#ifndef MODEL_MAPPING_H
#define MODEL_MAPPING_H

#include "base/error.h"
#include "base/vec.h"
#include "model/field.h"

#include <stdbool.h>
#include <stdint.h>

struct mapping_row {
	char *source;     /* as the operator wrote it, normalised: identityMap.Email, person.name.firstName */
	char *target;     /* REST field name */
	bool clear;       /* a null in the source clears the field in Marketo; else nulls are not sent */
	bool create_only; /* goes with creating calls only, existing people keep their value */
};

struct mapping {
	VEC(struct mapping_row) rows; /* in the order of the operator */
	int64_t revision;             /* 0: never stored */
};

void mapping_init(struct mapping *mapping);
void mapping_done(struct mapping *mapping);
void mapping_copy(struct mapping *to, const struct mapping *from);

/* Reads `SOURCE=TARGET`, TARGET optionally followed by `:clear` and/or `:create-only` (the last '=' separates). STATUS_USAGE. */
enum status mapping_row_parse(const char *text, struct mapping_row *row, struct error *err);
void mapping_row_done(struct mapping_row *row);
/* Adds the row or replaces the one with the same source and target. Takes the row over. */
void mapping_put(struct mapping *mapping, struct mapping_row *row);
bool mapping_remove(struct mapping *mapping, const char *target); /* false: no such target */
const struct mapping_row *mapping_target(const struct mapping *mapping, const char *target);
/* An identity row: its source is an identityMap path, or its target one of the dedupe fields. */
bool mapping_row_is_identity(const struct mapping_row *row, char *const *dedupe, size_t dedupe_count);

struct mapping_problem {
	char *target, *source; /* either may be NULL */
	bool error;            /* else a warning */
	char *message;
};
typedef VEC(struct mapping_problem) mapping_problems;
void mapping_problems_done(mapping_problems *problems);

/* Everything that is wrong: unknown or read-only target (with the nearest name), two sources on one target, no identity mapped, dedupe field
 * without a row, dedupe field that is not searchable, ECID as the only identity without a searchable field that holds it, company fields (go with
 * creating calls only), create mode without first and last name (warning), a target twice. catalogue may be NULL: field checks are skipped. */
void mapping_check(const struct mapping *mapping, const struct catalogue *catalogue, char *const *dedupe, size_t dedupe_count, bool creates_people,
	mapping_problems *problems);

/* One target that differs between two revisions. was, now: its source with :clear and :create-only; NULL: there was, or is, none. */
struct mapping_change {
	char *target, *was, *now;
	int64_t revision, at; /* which last touched it, saved when (wall ms); 0: nobody has looked that up */
	char *who;            /* and by whom; NULL: not known */
};
typedef VEC(struct mapping_change) mapping_changes;
void mapping_changes_done(mapping_changes *changes);
/* In the order of `from`, then what is new in the order of `to`. Where a row stands is no difference. */
void mapping_compare(const struct mapping *from, const struct mapping *to, mapping_changes *out);
const char *mapping_change_text(const struct mapping_change *change); /* added, removed or changed */

#endif
