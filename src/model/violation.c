/* Evaluation: which policies a mapping and its audiences violate, who is to blame, and what would resolve it. */
#include "model/policy.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "model/deny.h"

#include <stdarg.h>
#include <string.h>

static const size_t NOBODY = (size_t)-1;

static void violation_done(struct violation *violation)
{
	for (size_t i = 0; i < violation->carriers.count; i++) {
		mem_free(violation->carriers.at[i].name);
		mem_free(violation->carriers.at[i].label);
		mem_free(violation->carriers.at[i].from);
	}
	vec_done(&violation->carriers);
	word_list_done(&violation->labels);
	word_list_done(&violation->actions);
	mem_free(violation->policy);
}

void violation_list_done(violation_list *violations)
{
	for (size_t i = 0; i < violations->count; i++)
		violation_done(&violations->at[i]);
	vec_done(violations);
}

const struct violation *violation_list_find(const violation_list *violations, const char *policy)
{
	for (size_t i = 0; i < violations->count; i++)
		if (strcmp(violations->at[i].policy, policy) == 0)
			return &violations->at[i];
	return NULL;
}

/* Is the datum in the set of that audience: every field is, of the audiences that one alone. */
static bool in_set(const data_list *data, size_t index, size_t audience, size_t without)
{
	return index != without && (data->at[index].target == LABEL_ON_FIELD || index == audience);
}

static bool set_holds(const char *deny, const data_list *data, size_t audience, size_t without, word_list *met)
{
	word_list present = { 0 };
	bool holds;

	for (size_t i = 0; i < data->count; i++)
		for (size_t k = 0; in_set(data, i, audience, without) && k < data->at[i].labels.count; k++)
			word_list_add(&present, data->at[i].labels.at[k].label);
	holds = deny_holds(deny, &present, met);
	word_list_done(&present);
	return holds;
}

/* Does it hold in any audience's set, or over the fields alone? An audience that is left out takes its set with it. */
static bool any_holds(const char *deny, const data_list *data, size_t without)
{
	for (size_t i = 0; i < data->count; i++)
		if (data->at[i].target == LABEL_ON_AUDIENCE && i != without && set_holds(deny, data, i, without, NULL))
			return true;
	return set_holds(deny, data, NOBODY, without, NULL);
}

static bool has_carrier(const struct violation *violation, const struct datum *datum, const char *label)
{
	for (size_t i = 0; i < violation->carriers.count; i++) {
		const struct carrier *carrier = &violation->carriers.at[i];

		if (carrier->target == datum->target && strcmp(carrier->name, datum->name) == 0 && strcmp(carrier->label, label) == 0)
			return true;
	}
	return false;
}

/* Whoever of the audience's set carries one of the labels that met there. */
static void blame(struct violation *violation, const data_list *data, size_t audience, const word_list *met, const char *deny)
{
	for (size_t i = 0; i < data->count; i++) {
		const struct datum *datum = &data->at[i];

		for (size_t k = 0; in_set(data, i, audience, NOBODY) && k < datum->labels.count; k++) {
			const struct datum_label *label = &datum->labels.at[k];

			if (!word_list_has(met, label->label) || has_carrier(violation, datum, label->label))
				continue;
			vec_push(&violation->carriers,
				((struct carrier){ .target = datum->target, .name = mem_strdup(datum->name), .label = mem_strdup(label->label),
					.from = mem_strdup(label->from), .enough = !any_holds(deny, data, i) }));
		}
	}
}

static void weigh_set(struct violation *violation, const struct policy *policy, const data_list *data, size_t audience)
{
	word_list met = { 0 };

	if (set_holds(policy->deny, data, audience, NOBODY, &met))
		blame(violation, data, audience, &met, policy->deny);
	for (size_t i = 0; i < met.count; i++)
		word_list_add(&violation->labels, met.at[i]);
	word_list_done(&met);
}

static void weigh_policy(const struct policy *policy, char *const *actions, size_t action_count, const data_list *data, violation_list *out)
{
	struct violation violation = { 0 };

	for (size_t i = 0; policy->enabled && i < action_count; i++)
		if (word_list_has(&policy->actions, actions[i]))
			word_list_add(&violation.actions, actions[i]);
	if (violation.actions.count) {
		weigh_set(&violation, policy, data, NOBODY);
		for (size_t i = 0; i < data->count; i++)
			if (data->at[i].target == LABEL_ON_AUDIENCE)
				weigh_set(&violation, policy, data, i);
	}
	if (!violation.carriers.count) {
		violation_done(&violation);
		return;
	}
	violation.policy = mem_strdup(policy->name);
	vec_push(out, violation);
}

void policies_evaluate(const policy_list *policies, char *const *actions, size_t action_count, const data_list *data, violation_list *out)
{
	for (size_t i = 0; i < policies->count; i++)
		weigh_policy(&policies->at[i], actions, action_count, data, out);
}

bool violation_is_worse(const struct violation *now, const struct violation *before)
{
	for (size_t i = 0; i < now->carriers.count; i++) {
		const struct carrier *carrier = &now->carriers.at[i];
		const struct datum datum = { .target = carrier->target, .name = carrier->name };

		if (!before || !has_carrier(before, &datum, carrier->label))
			return true;
	}
	return false;
}

static void write_carrier(const struct carrier *carrier, struct str *out)
{
	str_add_format(out, carrier->target == LABEL_ON_FIELD ? _("%s carries %s") : _("the audience %s carries %s"), carrier->name, carrier->label);
	if (carrier->target == LABEL_ON_FIELD && strcmp(carrier->from, carrier->name) != 0)
		str_add_format(out, _(" (from %s)"), carrier->from);
}

void violation_write(const struct violation *violation, struct str *out)
{
	struct str actions = { 0 };

	word_list_write(&violation->actions, &actions);
	str_add_format(out, _("the policy %s keeps this from %s: "), violation->policy, str_text(&actions));
	for (size_t i = 0; i < violation->carriers.count; i++) {
		if (i)
			str_add(out, "; ");
		write_carrier(&violation->carriers.at[i], out);
	}
	str_done(&actions);
}

static void resolve(word_list *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void resolve(word_list *out, const char *format, ...)
{
	va_list arguments;
	char *sentence;

	va_start(arguments, format);
	sentence = mem_vprintf(format, arguments);
	va_end(arguments);
	word_list_add(out, sentence);
	mem_free(sentence);
}

/* The targets that the field fills, as words of a command. */
static void write_targets(const struct mapping *mapping, const char *source, struct str *out)
{
	for (size_t i = 0; i < mapping->rows.count; i++) {
		if (strcmp(mapping->rows.at[i].source, source) != 0)
			continue;
		str_add_char(out, ' ');
		str_add_shell(out, mapping->rows.at[i].target);
	}
}

/* Fields to take out: the one, or (only NULL) all that no other way is around. */
static void resolve_fields(const struct violation *violation, const struct mapping *mapping, const char *flow, const struct carrier *only, word_list *out)
{
	word_list fields = { 0 };
	struct str targets = { 0 }, names = { 0 }, shell = { 0 };

	for (size_t i = 0; i < violation->carriers.count; i++)
		if (violation->carriers.at[i].target == LABEL_ON_FIELD && (!only || only == &violation->carriers.at[i]))
			word_list_add(&fields, violation->carriers.at[i].name);
	for (size_t i = 0; i < fields.count; i++)
		write_targets(mapping, fields.at[i], &targets);
	word_list_write(&fields, &names);
	str_add_operand(&shell, flow ? flow : "NAME");
	if (fields.count)
		resolve(out, _("take %s out of the mapping: penstock mapping unset %s%s"), str_text(&names), str_text(&shell), str_text(&targets));
	word_list_done(&fields);
	str_done(&targets);
	str_done(&names);
	str_done(&shell);
}

static void resolve_label(const struct carrier *carrier, word_list *out)
{
	struct str from = { 0 }, label = { 0 };

	if (carrier->target == LABEL_ON_FIELD)
		str_add_operand(&from, carrier->from);
	else
		str_add_shell(&from, carrier->from);
	str_add_shell(&label, carrier->label);
	if (carrier->target == LABEL_ON_FIELD)
		resolve(out, _("take the label %s off %s: penstock label unset %s %s"), carrier->label, carrier->from, str_text(&from), str_text(&label));
	else
		resolve(out, _("take the label %s off the audience %s: penstock label unset --audience %s %s"), carrier->label, carrier->from, str_text(&from),
			str_text(&label));
	str_done(&from);
	str_done(&label);
}

static void resolve_audience(const struct carrier *carrier, const char *flow, word_list *out)
{
	struct str shell = { 0 };

	str_add_operand(&shell, flow ? flow : "NAME");
	resolve(out, _("take the audience %s out of the dataflow: penstock dataflow update %s with an --audience for each that stays"), carrier->name, str_text(&shell));
	str_done(&shell);
}

/* The destination's other actions stay. */
static void resolve_actions(const struct violation *violation, const struct destination *destination, word_list *out)
{
	struct str actions = { 0 }, options = { 0 }, name = { 0 };

	word_list_write(&violation->actions, &actions);
	str_add_operand(&name, destination->name);
	for (size_t i = 0; i < destination->marketing_actions.count; i++) {
		if (word_list_has(&violation->actions, destination->marketing_actions.at[i]))
			continue;
		str_add(&options, options.length ? " --marketing-action " : "--marketing-action ");
		str_add_shell(&options, destination->marketing_actions.at[i]);
	}
	if (!options.length)
		str_add(&options, "--marketing-action ''");
	resolve(out, _("drop the marketing action %s: penstock destination update %s %s"), str_text(&actions), str_text(&options), str_text(&name));
	str_done(&actions);
	str_done(&options);
	str_done(&name);
}

static bool any_enough(const struct violation *violation)
{
	for (size_t i = 0; i < violation->carriers.count; i++)
		if (violation->carriers.at[i].enough)
			return true;
	return false;
}

void violation_resolve(const struct violation *violation, const struct mapping *mapping, const char *flow, const struct destination *destination, word_list *out)
{
	struct str policy = { 0 };

	for (size_t i = 0; i < violation->carriers.count; i++) {
		const struct carrier *carrier = &violation->carriers.at[i];

		if (!carrier->enough)
			continue;
		if (carrier->target == LABEL_ON_FIELD)
			resolve_fields(violation, mapping, flow, carrier, out);
		else
			resolve_audience(carrier, flow, out);
	}
	if (!any_enough(violation))
		resolve_fields(violation, mapping, flow, NULL, out);
	for (size_t i = 0; i < violation->carriers.count; i++)
		resolve_label(&violation->carriers.at[i], out);
	str_add_operand(&policy, violation->policy);
	resolve(out, _("disable the policy: penstock policy disable %s"), str_text(&policy));
	resolve_actions(violation, destination, out);
	str_done(&policy);
}
