/* policy list | show | create | enable | disable | delete | check */
#include "app/policies.h"

#include "base/i18n.h"
#include "command/command.h"
#include "command/table.h"

static const struct option_row create_rows[] = {
	{ "deny", "EXPRESSION", N_("what may not be used: labels with and, or and brackets") },
	{ "marketing-action", "NAME", N_("for what; may be given several times, and may be a name of your own") },
	{ "description", "TEXT", N_("what it is for") },
	{ "enabled", NULL, N_("at once; else `policy enable` does it later") },
	{ 0 },
};

static void put_words(struct json_out *w, const char *name, const word_list *words)
{
	json_name(w, name);
	json_array(w);
	for (size_t i = 0; i < words->count; i++)
		json_put_string(w, words->at[i]);
	json_array_end(w);
}

static void put_policy(struct json_out *w, const struct policy *policy)
{
	json_object(w);
	json_pair_string(w, "name", policy->name);
	json_pair_bool(w, "core", policy->is_core);
	json_pair_bool(w, "enabled", policy->enabled);
	put_words(w, "marketing_actions", &policy->actions);
	json_pair_string(w, "deny", policy->deny);
	json_pair_string(w, "description", policy->description);
	json_object_end(w);
}

static void tell(struct session *session, const struct policy *policy)
{
	answer_begin(session);
	json_name(&session->w, "policy");
	put_policy(&session->w, policy);
	answer_end(session);
}

static void print(struct session *session, const struct policy *policy)
{
	struct str actions = { 0 };
	struct table table;

	word_list_write(&policy->actions, &actions);
	table_init_pairs(&table);
	table_pair(&table, _("name"), policy->name);
	table_pair(&table, _("kind"), policy->is_core ? _("core") : _("of your own"));
	if (policy->description)
		table_pair(&table, _("description"), policy->description);
	table_pair(&table, _("enabled"), policy->enabled ? _("yes") : _("no"));
	table_pair(&table, _("denies data with"), policy->deny);
	table_pair(&table, _("to the marketing actions"), str_text(&actions));
	table_end(&table, &session->out, 0);
	str_done(&actions);
}

static enum status show(struct session *session, const struct args *args, struct error *err)
{
	struct policy policy;
	enum status status = app_policy_show(session->app, arg_operand(args, 0), &policy, err);

	if (status == STATUS_OK && session->json)
		tell(session, &policy);
	else if (status == STATUS_OK)
		print(session, &policy);
	policy_done(&policy);
	return status;
}

static void print_list(struct session *session, const policy_list *all)
{
	struct table table;

	table_init(&table, _("NAME"), _("KIND"), _("ENABLED"), _("DENIES DATA WITH"), _("TO"), NULL);
	for (size_t i = 0; i < all->count; i++) {
		struct str actions = { 0 };

		if (all->at[i].actions.count == marketing_action_count() && all->at[i].is_core)
			str_add(&actions, _("all core marketing actions"));
		else
			word_list_write(&all->at[i].actions, &actions);
		table_text(&table, all->at[i].name);
		table_text(&table, all->at[i].is_core ? _("core") : _("own"));
		table_text(&table, all->at[i].enabled ? _("yes") : _("no"));
		table_text(&table, all->at[i].deny);
		table_text(&table, str_text(&actions));
		str_done(&actions);
	}
	table_end(&table, &session->out, 0);
}

static enum status list(struct session *session, const struct args *args, struct error *err)
{
	policy_list all = { 0 };
	enum status status = app_policy_list(session->app, &all, err);

	(void)args;
	if (status == STATUS_OK && session->json) {
		answer_begin(session);
		json_name(&session->w, "policies");
		json_array(&session->w);
		for (size_t i = 0; i < all.count; i++)
			put_policy(&session->w, &all.at[i]);
		json_array_end(&session->w);
		answer_end(session);
	} else if (status == STATUS_OK) {
		print_list(session, &all);
	}
	policy_list_done(&all);
	return status;
}

static enum status create(struct session *session, const struct args *args, struct error *err)
{
	struct policy_options options = { .deny = arg_text(args, "deny"), .description = arg_text(args, "description"), .enabled = arg_flag(args, "enabled") };
	text_list actions = { 0 };
	struct policy policy;
	enum status status;

	arg_all(args, "marketing-action", &actions);
	options.actions = actions.at;
	options.action_count = actions.count;
	status = app_policy_create(session->app, arg_operand(args, 0), &options, &policy, err);
	if (status == STATUS_OK && session->json)
		tell(session, &policy);
	else if (status == STATUS_OK && policy.enabled)
		say(session, _("policy %s created and enabled"), policy.name);
	else if (status == STATUS_OK)
		say(session, _("policy %s created; `penstock policy enable` lets it block"), policy.name);
	policy_done(&policy);
	vec_done(&actions);
	return status;
}

static enum status set_enabled(struct session *session, const struct args *args, bool enabled, struct error *err)
{
	struct policy policy;
	enum status status = app_policy_enable(session->app, arg_operand(args, 0), enabled, &policy, err);

	if (status == STATUS_OK && session->json)
		tell(session, &policy);
	else if (status == STATUS_OK)
		say(session, enabled ? _("policy %s is enabled") : _("policy %s is disabled"), policy.name);
	policy_done(&policy);
	return status;
}

static enum status enable(struct session *session, const struct args *args, struct error *err)
{
	return set_enabled(session, args, true, err);
}

static enum status disable(struct session *session, const struct args *args, struct error *err)
{
	return set_enabled(session, args, false, err);
}

static enum status delete(struct session *session, const struct args *args, struct error *err)
{
	enum status status = app_policy_delete(session->app, arg_operand(args, 0), err);

	if (status == STATUS_OK)
		answer_deleted(session, arg_operand(args, 0));
	return status;
}

static void put_violation(struct json_out *w, const struct flow_violations *flow, size_t index)
{
	const struct violation *violation = &flow->violations.at[index];

	json_object(w);
	json_pair_string(w, "dataflow", flow->dataflow);
	json_pair_bool(w, "enabled", flow->enabled);
	json_pair_string(w, "policy", violation->policy);
	put_words(w, "marketing_actions", &violation->actions);
	put_words(w, "labels", &violation->labels);
	json_name(w, "carriers");
	json_array(w);
	for (size_t i = 0; i < violation->carriers.count; i++) {
		const struct carrier *carrier = &violation->carriers.at[i];

		json_object(w);
		json_pair_string(w, "target", label_target_text(carrier->target));
		json_pair_string(w, "name", carrier->name);
		json_pair_string(w, "label", carrier->label);
		json_pair_string(w, "from", carrier->from);
		json_object_end(w);
	}
	json_array_end(w);
	put_words(w, "resolve", &flow->ways.at[index]);
	json_object_end(w);
}

static void tell_check(struct session *session, const flow_violations_list *all)
{
	answer_begin(session);
	json_pair_bool(&session->w, "ok", all->count == 0);
	json_name(&session->w, "violations");
	json_array(&session->w);
	for (size_t i = 0; i < all->count; i++)
		for (size_t k = 0; k < all->at[i].violations.count; k++)
			put_violation(&session->w, &all->at[i], k);
	json_array_end(&session->w);
	answer_end(session);
}

static void print_check(struct session *session, const flow_violations_list *all)
{
	if (!all->count)
		say(session, _("nothing is violated"));
	for (size_t i = 0; i < all->count; i++) {
		const struct flow_violations *flow = &all->at[i];

		for (size_t k = 0; k < flow->violations.count; k++) {
			struct str text = { 0 };

			violation_write(&flow->violations.at[k], &text);
			say(session, _("%s%s: %s. To resolve it:"), flow->dataflow, flow->enabled ? "" : _(" (disabled)"), str_text(&text));
			for (size_t n = 0; n < flow->ways.at[k].count; n++)
				say(session, "  - %s", flow->ways.at[k].at[n]);
			str_done(&text);
		}
	}
}

static enum status check(struct session *session, const struct args *args, struct error *err)
{
	flow_violations_list all = { 0 };
	enum status status = app_policy_check(session->app, arg_operand(args, 0), &all, err);

	if (status == STATUS_OK && session->json)
		tell_check(session, &all);
	else if (status == STATUS_OK)
		print_check(session, &all);
	if (status == STATUS_OK && all.count)
		status = error_set(err, STATUS_POLICY, "policy", _("policies are violated"));
	flow_violations_list_done(&all);
	return status;
}

const struct command policy_commands[] = {
	{ .use = USE_POLICY_LIST, .run = list },
	{ .use = USE_POLICY_SHOW, .least = 1, .most = 1, .run = show },
	{ .use = USE_POLICY_CREATE, .options = { create_rows }, .least = 1, .most = 1, .run = create },
	{ .use = USE_POLICY_ENABLE, .least = 1, .most = 1, .run = enable },
	{ .use = USE_POLICY_DISABLE, .least = 1, .most = 1, .run = disable },
	{ .use = USE_POLICY_DELETE, .least = 1, .most = 1, .run = delete },
	{ .use = USE_POLICY_CHECK, .least = 0, .most = 1, .run = check },
	{ 0 },
};
