/* The way of one V1 dataflow to V2: how far it has come, what can be in its way, and why two lists differ. */
#ifndef MODEL_MIGRATION_H
#define MODEL_MIGRATION_H

#include "base/vec.h"
#include "model/v1.h"

#include <stdbool.h>
#include <stdint.h>

enum migration_state {
	MIGRATION_IMPORTED, /* V1 is known, nothing was made */
	MIGRATION_CREATED,  /* the V2 dataflow is there; V1 is as it was */
	MIGRATION_PAUSED,   /* V1 is disabled */
	MIGRATION_FINISHED, /* V1 is deleted: the end */
	MIGRATION_STATES,
};
const char *migration_state_text(enum migration_state state);
bool migration_state_parse(const char *text, enum migration_state *out);

struct migration {
	int64_t id;
	int64_t v1_id, v2_id;      /* dataflows; 0: none, or deleted */
	char *flow_id;             /* the Platform's */
	char *name, *v2_name;      /* of the dataflows, also once they are gone; v2_name NULL: not made yet */
	char *account;             /* name of the V1 destination's account */
	char *exported;            /* the flow's JSON as it was imported */
	char *mapping_id_path;     /* where its mapping ID stands, as was said at the import; NULL: recognised */
	enum migration_state state;
	bool v1_enabled;           /* as imported */
	bool keeps_lists;          /* V2 takes V1's lists over */
	bool adopted;              /* .. and their members have been taken into the ledger */
	int64_t made_destination;  /* what apply made: undo takes it away again; 0: nothing */
	int64_t made_account;
	int64_t compared_at;       /* wall ms; 0: never */
	int64_t compared_revision; /* of V2's mapping then */
	int64_t compared_run;      /* V2's newest run then; 0: it had not run */
	int64_t both, missing, extra, unexplained;
	char *override;            /* why an unclean comparison was accepted; NULL: it was not */
};
void migration_init(struct migration *migration);
void migration_done(struct migration *migration);
/* What V1 was, from what was exported: V1 itself may be gone by now. As v1_flow_read; `out` is valid for its _done in any case. */
enum status migration_exported(const struct migration *migration, struct v1_flow *out, struct error *err);
/* The last comparison stands for itself: everything is explained by a rule, and V2 had run. */
bool migration_is_clean(const struct migration *migration);

/* One step, for the report. */
struct migration_step {
	int64_t at;
	char *who, *step, *detail;
};

/* Who is on one side only. */
struct migration_difference {
	char *audience;
	int64_t lead_id;
	bool missing;       /* V1's list has them and V2's has not; else the other way round */
	const char *reason; /* a code of difference_rows */
	char *code;         /* of the run that left them out, with its message; may be NULL */
	char *message;
};

struct difference_row {
	const char *reason;
	bool explained;      /* by a rule: V2 is right */
	const char *message; /* N_() */
};
const struct difference_row *difference_find(const char *reason); /* NULL: there is none of that name */

/* --- Verdicts: what a plan finds about a V1 dataflow --- */
enum verdict_weight { VERDICT_NOTE, VERDICT_WARNING, VERDICT_BLOCKED };
struct verdict_row {
	const char *code;
	enum verdict_weight weight;
	const char *message; /* N_() */
	const char *to_do;   /* N_() what to do; NULL: nothing */
};
extern const struct verdict_row verdict_rows[];
const struct verdict_row *verdict_find(const char *code); /* NULL: there is none of that name */
const char *verdict_weight_text(enum verdict_weight weight); /* "note", "warning", "blocked" */

#endif
