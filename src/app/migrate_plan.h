/* How a plan is made: what migrate_plan.c and migrate_apply.c share. Nobody else includes it. */
#ifndef APP_MIGRATE_PLAN_H
#define APP_MIGRATE_PLAN_H

#include "app/migrate.h"
#include "model/field.h"
#include "source/source.h"

/* What Marketo has, asked for once an account. */
struct instance {
	int64_t account_id;
	struct catalogue catalogue;
	VEC(int64_t) lists; /* ascending */
	bool reached;
	char *why;          /* it was not */
};

struct list_use {
	int64_t list_id, dataflow_id;
};

struct planner {
	struct app *app;
	const struct migrate_options *options;
	VEC(struct instance) instances;
	VEC(struct list_use) uses;    /* of V1's dataflows, and of those of V2 */
	struct source_report report;  /* of the source, for suggestions */
	bool keeps;                   /* --list keep */
	bool reported;
};

/* STATUS_USAGE: an option is wrong. planner_done is due in any case. */
enum status planner_init(struct planner *planner, struct app *app, const struct migrate_options *options, struct error *err);
void planner_done(struct planner *planner);
/* migration is copied out of by taking it over. Trouble of this one flow becomes a verdict; a status other than STATUS_OK is the store's. */
enum status plan_flow(struct planner *planner, struct migration *migration, struct migrate_plan *out, struct error *err);
/* What the account's instance has; asked for with the first call. It moves with the next one. */
struct instance *planner_instance(struct planner *planner, const struct account *account);
bool instance_has_list(const struct instance *instance, int64_t id);
/* Another audience goes to the list: of this dataflow, of another one of V1, or one of V2 that is not this one's own. */
bool planner_list_is_shared(const struct planner *planner, const struct migrate_plan *plan, int64_t list_id);
/* The catalogue of the plan's account, or NULL. */
const struct catalogue *planner_catalogue(const struct planner *planner, const struct migrate_plan *plan);
void plan_verdict(struct migrate_plan *plan, const char *code, const char *about); /* blocks the plan when the verdict does */
void migrate_plan_done(struct migrate_plan *plan);
/* The first verdict that blocks the plan, as an error: its code, STATUS_USAGE; STATUS_POLICY where a policy does. */
enum status plan_refusal(const struct migrate_plan *plan, struct error *err);

#endif
