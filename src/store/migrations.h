/* Migrations of V1 dataflows, their steps, and what a comparison of two lists found. Structs are model's. */
#ifndef STORE_MIGRATIONS_H
#define STORE_MIGRATIONS_H

#include "base/error.h"
#include "base/vec.h"
#include "model/migration.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef VEC(struct migration) migration_list;
typedef VEC(struct migration_step) migration_step_list;
typedef VEC(struct migration_difference) migration_difference_list;
void migration_list_done(migration_list *list);
void migration_step_list_done(migration_step_list *list);
void migration_difference_list_done(migration_difference_list *list);

/* Sets id. */
enum status migration_insert(struct store *store, struct migration *migration, struct error *err);
enum status migration_save(struct store *store, const struct migration *migration, struct error *err);
/* By the name or the Platform's id of the V1 dataflow. STATUS_USAGE, code "not_found". `out` is valid for its _done in any case. */
enum status migration_find(struct store *store, const char *name, struct migration *out, struct error *err);
/* The one of this Platform id; id 0: there is none. */
enum status migration_of_flow(struct store *store, const char *flow_id, struct migration *out, struct error *err);
/* The one of this V1 dataflow; id 0: there is none. */
enum status migration_of_dataflow(struct store *store, int64_t dataflow_id, struct migration *out, struct error *err);
enum status migration_all(struct store *store, migration_list *out, struct error *err); /* by name */

/* What was done, when and by whom. */
enum status migration_step_add(struct store *store, int64_t migration_id, const char *step, const char *detail, struct error *err);
enum status migration_steps(struct store *store, int64_t migration_id, migration_step_list *out, struct error *err);

/* People of one audience (place: among V1's) on one side. */
enum migration_side { SIDE_BEFORE /* V1's list as it was when V2 took it over */, SIDE_V1, SIDE_V2, SIDE_SAID /* by the source */ };
struct migration_person {
	int64_t lead;
	const unsigned char *key; /* KEY_HASH bytes; NULL: none */
	bool member;              /* SIDE_SAID: in the audience, or gone from it */
};
enum status migration_people_forget(struct store *store, int64_t migration_id, enum migration_side side, struct error *err);
enum status migration_people_add(struct store *store, int64_t migration_id, int place, enum migration_side side, const struct migration_person *people, size_t count, struct error *err);

/* One audience's two lists, by what migration_people_add was told. */
struct migration_lists {
	int64_t migration_id, account_id, v2_dataflow_id, v2_list_id;
	int place;
	const char *audience;     /* as it is told */
	enum migration_side v1;   /* SIDE_BEFORE or SIDE_V1 */
	bool shared;              /* V1's list is that of another V1 dataflow, too */
	bool heard;               /* the source was read .. */
	bool snapshot;            /* .. and is the whole audience */
};
struct migration_counts {
	int64_t v1, v2, both, missing, extra, unexplained;
};
/* Writes the differences down, each with its reason, and counts. */
enum status migration_compare(struct store *store, const struct migration_lists *lists, struct migration_counts *out, struct error *err);
/* What V2's runs have changed in the list of one audience, by the ledger and by SIDE_BEFORE: written down as differences, and added to the counts. */
enum status migration_left_behind(struct store *store, const struct migration_lists *lists, int64_t *put_in, int64_t *taken_out, struct error *err);
enum status migration_differences_forget(struct store *store, int64_t migration_id, struct error *err);
/* limit 0: all. */
enum status migration_differences(struct store *store, int64_t migration_id, int64_t limit, migration_difference_list *out, struct error *err);

#endif
