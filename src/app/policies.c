#include "app/policies.h"

#include "app/governance.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/tables.h"

#include <string.h>

enum status app_policy_list(struct app *app, policy_list *out, struct error *err)
{
	enum status status = app_enter(app, USE_POLICY_LIST, err);

	return status == STATUS_OK ? policy_all(app->store, out, err) : status;
}

static enum status missing(const policy_list *all, const char *name, struct error *err)
{
	VEC(const char *) names = { 0 };
	const char *nearest;

	for (size_t i = 0; i < all->count; i++)
		vec_push(&names, all->at[i].name);
	nearest = text_nearest(name, names.at, names.count);
	error_set(err, STATUS_USAGE, "not_found", _("there is no policy \"%s\""), name);
	if (nearest)
		error_hint(err, _("did you mean %s?"), nearest);
	else
		error_hint(err, _("`penstock policy list` lists them"));
	vec_done(&names);
	return STATUS_USAGE;
}

/* `out` is initialised here. */
static enum status find(struct app *app, const char *name, struct policy *out, struct error *err)
{
	policy_list all = { 0 };
	enum status status = policy_all(app->store, &all, err);

	policy_init(out);
	if (status == STATUS_OK && !policy_list_find(&all, name))
		status = missing(&all, name, err);
	for (size_t i = 0; status == STATUS_OK && i < all.count; i++) {
		if (strcmp(all.at[i].name, name) != 0)
			continue;
		*out = all.at[i];
		policy_init(&all.at[i]);
		break;
	}
	policy_list_done(&all);
	return status;
}

enum status app_policy_show(struct app *app, const char *name, struct policy *out, struct error *err)
{
	enum status status = app_enter(app, USE_POLICY_SHOW, err);

	policy_init(out);
	return status == STATUS_OK ? find(app, name, out, err) : status;
}

static void fill(struct policy *policy, const char *name, const struct policy_options *options)
{
	policy_init(policy);
	policy->name = mem_strdup(name);
	policy->deny = mem_strdup(options->deny);
	policy->enabled = options->enabled;
	if (options->description && *options->description)
		policy->description = mem_strdup(options->description);
	for (size_t i = 0; i < options->action_count; i++)
		word_list_add(&policy->actions, options->actions[i]);
}

enum status app_policy_create(struct app *app, const char *name, const struct policy_options *options, struct policy *out, struct error *err)
{
	enum status status = app_enter(app, USE_POLICY_CREATE, err);

	fill(out, name, options);
	if (status == STATUS_OK)
		status = policy_check(out, err);
	if (status == STATUS_OK)
		status = app_begin(app, err);
	if (status != STATUS_OK)
		return status;
	status = policy_insert(app->store, out, err);
	return app_end(app, status, USE_POLICY_CREATE, out->name, out->deny, err);
}

enum status app_policy_enable(struct app *app, const char *name, bool enabled, struct policy *out, struct error *err)
{
	enum use_case use = enabled ? USE_POLICY_ENABLE : USE_POLICY_DISABLE;
	enum status status = app_enter(app, use, err);

	policy_init(out);
	if (status == STATUS_OK)
		status = find(app, name, out, err);
	if (status == STATUS_OK)
		status = app_begin(app, err);
	if (status != STATUS_OK)
		return status;
	out->enabled = enabled;
	status = policy_enable(app->store, name, enabled, err);
	return app_end(app, status, use, name, out->deny, err);
}

enum status app_policy_delete(struct app *app, const char *name, struct error *err)
{
	struct policy policy;
	enum status status = app_enter(app, USE_POLICY_DELETE, err);

	policy_init(&policy);
	if (status == STATUS_OK)
		status = find(app, name, &policy, err);
	if (status == STATUS_OK && policy.is_core) {
		status = error_set(err, STATUS_USAGE, "in_use", _("%s is a core policy and cannot be deleted"), name);
		error_hint(err, _("`penstock policy disable %s` lets it deny nothing"), name);
	}
	if (status == STATUS_OK)
		status = app_begin(app, err);
	if (status == STATUS_OK) {
		status = policy_delete(app->store, name, err);
		status = app_end(app, status, USE_POLICY_DELETE, name, policy.deny, err);
	}
	policy_done(&policy);
	return status;
}

void flow_violations_list_done(flow_violations_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		struct flow_violations *one = &list->at[i];

		for (size_t k = 0; k < one->ways.count; k++)
			word_list_done(&one->ways.at[k]);
		vec_done(&one->ways);
		violation_list_done(&one->violations);
		mem_free(one->dataflow);
	}
	vec_done(list);
}

static enum status check_one(struct app *app, const struct governance *governance, const struct dataflow *dataflow, flow_violations_list *out, struct error *err)
{
	struct flow_violations one = { .dataflow = mem_strdup(dataflow->name), .enabled = dataflow->enabled };
	struct destination destination;
	struct mapping mapping;
	enum status status;

	mapping_init(&mapping);
	status = destination_get(app->store, dataflow->destination_id, &destination, err);
	if (status == STATUS_OK)
		status = mapping_load(app->store, MAPPING_OF_DATAFLOW, dataflow->id, &mapping, err);
	if (status == STATUS_OK)
		governance_evaluate(governance, &destination, &mapping, dataflow, &one.violations);
	for (size_t i = 0; i < one.violations.count; i++) {
		word_list ways = { 0 };

		violation_resolve(&one.violations.at[i], &mapping, dataflow->name, &destination, &ways);
		vec_push(&one.ways, ways);
	}
	if (one.violations.count)
		vec_push(out, one);
	else
		mem_free(one.dataflow);
	mapping_done(&mapping);
	destination_done(&destination);
	return status;
}

enum status app_policy_check(struct app *app, const char *dataflow, flow_violations_list *out, struct error *err)
{
	struct governance governance = { 0 };
	dataflow_list all = { 0 };
	enum status status = app_enter(app, USE_POLICY_CHECK, err);

	if (status == STATUS_OK && dataflow) {
		struct dataflow one;

		status = dataflow_find(app->store, dataflow, &one, err);
		vec_push(&all, one);
	} else if (status == STATUS_OK) {
		status = dataflow_all(app->store, &all, err);
	}
	if (status == STATUS_OK)
		status = governance_load(app, &governance, err);
	for (size_t i = 0; status == STATUS_OK && i < all.count; i++)
		status = check_one(app, &governance, &all.at[i], out, err);
	dataflow_list_done(&all);
	governance_done(&governance);
	return status;
}

enum status actions_known(struct app *app, word_list *out, struct error *err)
{
	policy_list all = { 0 };
	enum status status = policy_all(app->store, &all, err);

	for (size_t i = 0; i < marketing_action_count(); i++)
		word_list_add(out, marketing_action_name(i));
	for (size_t i = 0; i < all.count; i++)
		for (size_t k = 0; k < all.at[i].actions.count; k++)
			word_list_add(out, all.at[i].actions.at[k]);
	policy_list_done(&all);
	return status;
}

enum status actions_check(struct app *app, const char *const *actions, size_t count, struct error *err)
{
	word_list known = { 0 };
	enum status status = actions_known(app, &known, err);

	for (size_t i = 0; status == STATUS_OK && i < count; i++) {
		const char *nearest;

		if (!*actions[i] || word_list_has(&known, actions[i]))
			continue;
		nearest = text_nearest(actions[i], (const char *const *)known.at, known.count);
		status = error_set(err, STATUS_USAGE, "marketing_action", _("there is no marketing action %s"), actions[i]);
		if (nearest)
			error_hint(err, _("did you mean %s?"), nearest);
		else
			error_hint(err, _("A core one such as emailTargeting, or one that a policy of your own is about: `penstock policy list` shows them."));
	}
	word_list_done(&known);
	return status;
}
