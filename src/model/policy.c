/* Marketing actions and policies; the core ones are data/policies. */
#include "model/policy.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"

#include <string.h>

enum { NAME_BYTES = 255, DESCRIPTION_BYTES = 1024 };

static const struct {
	const char *name, *title;
} core_actions[] = {
#define ACTION(name, title) { name, title },
#define POLICY(name, actions, deny)
#include "model/policies.inc"
#undef ACTION
#undef POLICY
};

static const struct {
	const char *name, *actions, *deny;
} core_policies[] = {
#define ACTION(name, title)
#define POLICY(name, actions, deny) { name, actions, deny },
#include "model/policies.inc"
#undef ACTION
#undef POLICY
};

size_t marketing_action_count(void)
{
	return sizeof core_actions / sizeof *core_actions;
}

const char *marketing_action_name(size_t index)
{
	return core_actions[index].name;
}

const char *marketing_action_title(size_t index)
{
	return core_actions[index].title;
}

bool marketing_action_is_core(const char *name)
{
	for (size_t i = 0; i < marketing_action_count(); i++)
		if (strcmp(core_actions[i].name, name) == 0)
			return true;
	return false;
}

enum status marketing_action_check(const char *name, struct error *err)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

	if (*name && strlen(name) <= LABEL_BYTES && strspn(name, allowed) == strlen(name))
		return STATUS_OK;
	error_set(err, STATUS_USAGE, "marketing_action", _("not a marketing action: %s"), name);
	error_hint(err, _("A name is one word of letters, digits, '_' and '-', such as emailTargeting."));
	return STATUS_USAGE;
}

void policy_init(struct policy *policy)
{
	*policy = (struct policy){ 0 };
}

void policy_done(struct policy *policy)
{
	mem_free(policy->name);
	mem_free(policy->description);
	mem_free(policy->deny);
	word_list_done(&policy->actions);
	policy_init(policy);
}

void policy_list_done(policy_list *policies)
{
	for (size_t i = 0; i < policies->count; i++)
		policy_done(&policies->at[i]);
	vec_done(policies);
}

const struct policy *policy_list_find(const policy_list *policies, const char *name)
{
	for (size_t i = 0; i < policies->count; i++)
		if (strcmp(policies->at[i].name, name) == 0)
			return &policies->at[i];
	return NULL;
}

size_t policy_core_count(void)
{
	return sizeof core_policies / sizeof *core_policies;
}

static void add_actions(struct policy *policy, const char *actions)
{
	char *copy = mem_strdup(actions), *rest = copy;

	if (strcmp(actions, "*") == 0)
		for (size_t i = 0; i < marketing_action_count(); i++)
			word_list_add(&policy->actions, core_actions[i].name);
	else
		for (char *name = strsep(&rest, ","); name; name = strsep(&rest, ","))
			word_list_add(&policy->actions, text_trim(name));
	mem_free(copy);
}

void policy_core(size_t index, struct policy *out)
{
	policy_init(out);
	out->is_core = true;
	out->name = mem_strdup(core_policies[index].name);
	out->deny = mem_strdup(core_policies[index].deny);
	add_actions(out, core_policies[index].actions);
}

bool policy_is_core(const char *name)
{
	for (size_t i = 0; i < policy_core_count(); i++)
		if (strcmp(core_policies[i].name, name) == 0)
			return true;
	return false;
}

static enum status check_name(const struct policy *policy, struct error *err)
{
	if (!policy->name || !*text_trim(policy->name))
		return error_set(err, STATUS_USAGE, "usage", _("the policy has no name"));
	if (strlen(policy->name) > NAME_BYTES || !text_is_utf8(policy->name, strlen(policy->name), NULL))
		return error_set(err, STATUS_USAGE, "usage", _("the policy's name is too long, or not UTF-8"));
	if (policy_is_core(policy->name))
		return error_set(err, STATUS_USAGE, "exists", _("%s is a core policy; give yours another name"), policy->name);
	if (policy->description && (strlen(policy->description) > DESCRIPTION_BYTES || !text_is_utf8(policy->description, strlen(policy->description), NULL)))
		return error_set(err, STATUS_USAGE, "usage", _("the policy's description is too long, or not UTF-8"));
	return STATUS_OK;
}

enum status policy_check(struct policy *policy, struct error *err)
{
	enum status status = check_name(policy, err);
	char *deny;

	if (status == STATUS_OK && !policy->actions.count) {
		status = error_set(err, STATUS_USAGE, "usage", _("the policy is about no marketing action"));
		error_hint(err, _("Add --marketing-action NAME, for example exportToThirdParty."));
	}
	for (size_t i = 0; status == STATUS_OK && i < policy->actions.count; i++)
		status = marketing_action_check(policy->actions.at[i], err);
	if (status == STATUS_OK && !policy->deny)
		status = error_set(err, STATUS_USAGE, "usage", _("the policy denies nothing"));
	if (status == STATUS_OK)
		status = deny_parse(policy->deny, &deny, err);
	if (status != STATUS_OK)
		return status;
	mem_free(policy->deny);
	policy->deny = deny;
	return STATUS_OK;
}
