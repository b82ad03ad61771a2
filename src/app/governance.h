/*
 * Data usage governance at work: what a dataflow violates, at a launch and at every change. A launch of a violating dataflow is blocked (STATUS_POLICY, and the run's
 * state is `blocked`). A change that would make an enabled dataflow violate a policy, or violate it more, is refused with STATUS_POLICY, as the Platform refuses it;
 * of one that is disabled it is only said. What is violated already can be made less, and what others violate stands in nobody's way.
 */
#ifndef APP_GOVERNANCE_H
#define APP_GOVERNANCE_H

#include "app/app.h"
#include "base/error.h"
#include "model/policy.h"
#include "store/tables.h"

#include <stdbool.h>
#include <stdint.h>

/* The rules as they are in the store. */
struct governance {
	policy_list policies;
	label_list labels;
};
void governance_done(struct governance *governance);
/* The store is open. Fills an empty one; without an enabled policy nothing is read, and nothing will be violated. */
enum status governance_load(struct app *app, struct governance *governance, struct error *err);

/* What would go to the destination, and is it allowed? dataflow NULL: without audiences. Adds to out, which is empty before. Pure. */
void governance_evaluate(const struct governance *governance, const struct destination *destination, const struct mapping *mapping, const struct dataflow *dataflow,
	violation_list *out);
/* The same with what the store knows, as STATUS_POLICY, code "policy", when anything is violated: the policies, labels and fields in the message, what would
 * resolve it in the hint. For whoever makes or moves a dataflow. violations (may be NULL) is empty before. */
enum status governance_check(struct app *app, const struct destination *destination, const struct mapping *mapping, const struct dataflow *dataflow,
	violation_list *violations, struct error *err);
/* Only the last: fills err for violations that are there; STATUS_OK without any. */
enum status governance_refuse(const violation_list *violations, const struct destination *destination, const struct mapping *mapping, const struct dataflow *dataflow,
	struct error *err);
/* Blocks a run: inserts one of state `blocked` into the store, with a reason for each violation. */
enum status governance_block(struct app *app, const violation_list *violations, const struct destination *destination, const struct mapping *mapping,
	const struct dataflow *dataflow, struct run *out, struct error *err);

/* What a draft has to do with policies, as it is now and for a face that shows it: nothing of the draft needs to be in the store. */
struct draft_rules {
	policy_list policies; /* all of them */
	label_list labels;    /* all of them */
	word_list actions;    /* that can be chosen: the core ones, those of custom policies */
	violation_list violations;
};
struct draft;
enum status app_draft_rules(struct app *app, const struct draft *draft, struct draft_rules *out, struct error *err); /* fills an empty one */
void draft_rules_done(struct draft_rules *rules);

/* Which dataflow violates what, taken when a change begins. */
struct standing;
enum status standing_take(struct app *app, struct standing **out, struct error *err);
void standing_free(struct standing *standing); /* NULL is allowed */
/* The change is made but not kept yet: STATUS_POLICY when an enabled dataflow is worse off than `before`; a note for each disabled one. */
enum status standing_compare(struct app *app, const struct standing *before, struct error *err);

#endif
