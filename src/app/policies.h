/* Use cases: data usage policies. */
#ifndef APP_POLICIES_H
#define APP_POLICIES_H

#include "app/app.h"
#include "base/error.h"
#include "model/policy.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct policy_options {
	const char *deny, *description;
	const char *const *actions;
	size_t action_count;
	bool enabled; /* at once; else as on the Platform, not yet */
};

/* What one dataflow violates. */
struct flow_violations {
	char *dataflow;
	bool enabled;
	violation_list violations;
	VEC(word_list) ways; /* parallel: what resolves it */
};
typedef VEC(struct flow_violations) flow_violations_list;
void flow_violations_list_done(flow_violations_list *list);

/* The core ones first. */
enum status app_policy_list(struct app *app, policy_list *out, struct error *err);
enum status app_policy_show(struct app *app, const char *name, struct policy *out, struct error *err);
enum status app_policy_create(struct app *app, const char *name, const struct policy_options *options, struct policy *out, struct error *err);
/* Enabling one that an enabled dataflow would violate: STATUS_POLICY. */
enum status app_policy_enable(struct app *app, const char *name, bool enabled, struct policy *out, struct error *err);
/* A core policy cannot be deleted: STATUS_USAGE. */
enum status app_policy_delete(struct app *app, const char *name, struct error *err);
/* What is violated now, of one dataflow or (NULL) of all; those that violate nothing are not in out. */
enum status app_policy_check(struct app *app, const char *dataflow, flow_violations_list *out, struct error *err);

/* Every marketing action there is: the core ones, then those that custom policies name. For faces that let one be chosen. The store is open. */
enum status actions_known(struct app *app, word_list *out, struct error *err);
/* For other use cases: is each of them known? STATUS_USAGE, code "marketing_action", with the nearest one. */
enum status actions_check(struct app *app, const char *const *actions, size_t count, struct error *err);

#endif
