/* Labels, marketing actions, policies, and what an evaluation finds. */
#include "base/mem.h"
#include "model/policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void put_label(label_list *labels, enum label_target target, const char *name, const char *label)
{
	vec_push(labels, ((struct label_row){ .target = target, .name = mem_strdup(name), .label = mem_strdup(label) }));
}

static void put_row(struct mapping *mapping, const char *text)
{
	struct mapping_row row;

	assert_int_equal(mapping_row_parse(text, &row, NULL), STATUS_OK);
	mapping_put(mapping, &row);
}

static void put_policy(policy_list *policies, const char *name, const char *action, const char *deny, bool enabled)
{
	struct policy policy;
	struct error err = { 0 };

	policy_init(&policy);
	policy.name = mem_strdup(name);
	policy.deny = mem_strdup(deny);
	policy.enabled = enabled;
	word_list_add(&policy.actions, action);
	assert_int_equal(policy_check(&policy, &err), STATUS_OK);
	vec_push(policies, policy);
}

static void test_labels(void **state)
{
	static const struct {
		const char *text, *label; /* label NULL: refused */
	} cases[] = {
		{ "C1", "C1" },
		{ " core/C12 ", "C12" },
		{ "custom/Partner-X", "Partner-X" },
		{ "S1", "S1" },
		{ "Umsätze", "Umsätze" },
		{ "机密", "机密" },
		{ "c2", NULL },
		{ "i1", NULL },
		{ "", NULL },
		{ "core/", NULL },
		{ "core/core/C1", NULL },
		{ "two words", NULL },
		{ "AND", NULL },
		{ "Or", NULL },
		{ "not", NULL },
		{ "a(b", NULL },
		{ "a'b", NULL },
		{ "a;b", NULL },
		{ "-\x1b[31m", NULL },
		{ "evil\xe2\x80\xae", NULL },
		{ "bad\xff", NULL },
		{ "1234567890123456789012345678901234567890123456789012345678901234", "1234567890123456789012345678901234567890123456789012345678901234" },
		{ "12345678901234567890123456789012345678901234567890123456789012345", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct error err = { 0 };
		char *label;

		if (cases[i].label) {
			assert_int_equal(label_parse(cases[i].text, &label, &err), STATUS_OK);
			assert_string_equal(label, cases[i].label);
			mem_free(label);
		} else {
			assert_int_equal(label_parse(cases[i].text, &label, &err), STATUS_USAGE);
			assert_null(label);
			assert_string_equal(err.code, "label");
		}
	}
	assert_int_equal(label_core_count(), 18);
	for (size_t i = 0; i < label_core_count(); i++)
		assert_true(label_is_core(label_core(i)) && label_meaning(label_core(i))[0]);
	assert_false(label_is_core("Partner-X"));
}

static void test_expressions(void **state)
{
	static const struct {
		const char *text, *deny;
	} cases[] = {
		{ "C1", "C1" },
		{ "  C1   AND  C3 ", "C1 and C3" },
		{ "C1 Or C2 aNd C3", "C1 or C2 and C3" },
		{ "(C1 or C2) and core/C3", "(C1 or C2) and C3" },
		{ "((((C1))))", "((((C1))))" },
		{ "order and Oreo", "order and Oreo" },
		{ "", NULL },
		{ "and", NULL },
		{ "C1 and", NULL },
		{ "C1 C2", NULL },
		{ "C1 or or C2", NULL },
		{ "(C1", NULL },
		{ "C1)", NULL },
		{ "()", NULL },
		{ "not C1", NULL },
		{ "C1,C2", NULL },
		{ "c1", NULL },
		{ "(((((((((((((((((C1)))))))))))))))))", NULL },
	};
	struct error err = { 0 };
	char *deny, longer[DENY_BYTES + 8];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		if (cases[i].deny) {
			assert_int_equal(deny_parse(cases[i].text, &deny, &err), STATUS_OK);
			assert_string_equal(deny, cases[i].deny);
			mem_free(deny);
		} else {
			assert_int_equal(deny_parse(cases[i].text, &deny, &err), STATUS_USAGE);
			assert_null(deny);
		}
	}
	memset(longer, 'A', sizeof longer - 1);
	longer[sizeof longer - 1] = '\0';
	assert_int_equal(deny_parse(longer, &deny, &err), STATUS_USAGE);
}

/* What evaluating this one field with these labels finds. */
static size_t violations_of(const policy_list *policies, const char *action, const char *first, const char *second)
{
	char *actions[] = { (char *)action };
	struct mapping mapping;
	violation_list found = { 0 };
	label_list labels = { 0 };
	data_list data = { 0 };
	size_t count;

	mapping_init(&mapping);
	put_row(&mapping, "person.name.firstName=firstName");
	put_row(&mapping, "person.name.lastName=lastName");
	if (first)
		put_label(&labels, LABEL_ON_FIELD, "person.name.firstName", first);
	if (second)
		put_label(&labels, LABEL_ON_FIELD, "person.name.lastName", second);
	data_add_mapping(&data, &labels, &mapping);
	policies_evaluate(policies, actions, action ? 1 : 0, &data, &found);
	count = found.count;
	violation_list_done(&found);
	data_list_done(&data);
	label_list_done(&labels);
	mapping_done(&mapping);
	return count;
}

/* Every core policy: which labels it denies to which actions. All are enabled but nothing else is denied to anybody. */
static void test_core_policies(void **state)
{
	static const struct {
		const char *policy, *action, *label;
	} denied[] = {
		{ "restrict-aggregate-only", "exportToThirdParty", "C1" },
		{ "restrict-third-party-export", "exportToThirdParty", "C2" },
		{ "restrict-combining", "combineWithDirectlyIdentifiableData", "C3" },
		{ "restrict-email-targeting", "emailTargeting", "C4" },
		{ "restrict-cross-site-targeting", "crossSiteTargeting", "C4" },
		{ "restrict-cross-site-targeting", "crossSiteTargeting", "C5" },
		{ "restrict-onsite-advertising", "onsiteAdvertising", "C4" },
		{ "restrict-onsite-advertising", "onsiteAdvertising", "C6" },
		{ "restrict-onsite-personalization", "onsitePersonalization", "C4" },
		{ "restrict-onsite-personalization", "onsitePersonalization", "C7" },
		{ "restrict-analytics", "analytics", "C8" },
		{ "restrict-data-science", "dataScience", "C9" },
		{ "restrict-stitched-identities", "singleIdentityPersonalization", "C10" },
		{ "restrict-data-sharing", "segmentMatch", "C11" },
	};
	policy_list off = { 0 };

	(void)state;
	for (size_t p = 0; p < policy_core_count(); p++) {
		struct policy policy;
		policy_list one = { 0 };

		policy_core(p, &policy);
		assert_true(policy.is_core && !policy.enabled && policy_is_core(policy.name) && policy.actions.count > 0);
		vec_push(&off, policy);
		policy_core(p, &policy);
		policy.enabled = true;
		vec_push(&one, policy);
		for (size_t a = 0; a < marketing_action_count(); a++) {
			for (size_t l = 0; l < label_core_count(); l++) {
				bool expected = strcmp(policy.name, "restrict-all-export") == 0 && strcmp(label_core(l), "C12") == 0;

				for (size_t i = 0; i < sizeof denied / sizeof *denied; i++)
					expected = expected || (strcmp(denied[i].policy, policy.name) == 0 && strcmp(denied[i].label, label_core(l)) == 0 &&
						strcmp(denied[i].action, marketing_action_name(a)) == 0);
				assert_int_equal(violations_of(&one, marketing_action_name(a), label_core(l), NULL), expected);
			}
		}
		policy_list_done(&one);
	}
	assert_int_equal(off.count, 12);
	for (size_t a = 0; a < marketing_action_count(); a++)
		for (size_t l = 0; l < label_core_count(); l++)
			assert_int_equal(violations_of(&off, marketing_action_name(a), label_core(l), NULL), 0);
	policy_list_done(&off);
}

static void test_combinations(void **state)
{
	policy_list policies = { 0 };

	(void)state;
	put_policy(&policies, "both", "exportToThirdParty", "C1 and C3", true);
	assert_int_equal(violations_of(&policies, "exportToThirdParty", "C1", NULL), 0);
	assert_int_equal(violations_of(&policies, "exportToThirdParty", "C3", NULL), 0);
	assert_int_equal(violations_of(&policies, "exportToThirdParty", "C1", "C3"), 1);
	assert_int_equal(violations_of(&policies, "emailTargeting", "C1", "C3"), 0);
	assert_int_equal(violations_of(&policies, NULL, "C1", "C3"), 0);
	put_policy(&policies, "own", "sendToPartner", "Partner-X or (C5 and (C6 or C7))", true);
	put_policy(&policies, "asleep", "sendToPartner", "Partner-X", false);
	assert_int_equal(violations_of(&policies, "sendToPartner", "Partner-X", NULL), 1);
	assert_int_equal(violations_of(&policies, "sendToPartner", "partner-x", NULL), 0);
	assert_int_equal(violations_of(&policies, "sendToPartner", "C5", NULL), 0);
	assert_int_equal(violations_of(&policies, "sendToPartner", "C5", "C7"), 1);
	assert_int_equal(violations_of(&policies, "sendToPartner", "C6", "C7"), 0);
	policy_list_done(&policies);
}

/* A label on a path holds for what is below it, and nothing beside it. */
static void test_inheritance(void **state)
{
	static const struct {
		const char *row, *labelled;
		bool carries;
	} cases[] = {
		{ "person.name.firstName=firstName", "person.name.firstName", true },
		{ "person.name.firstName=firstName", "person.name", true },
		{ "person.name.firstName=firstName", "person", true },
		{ "person.name.firstName=firstName", "person.name.first", false },
		{ "person.name.firstName=firstName", "person.name.firstName.x", false },
		{ "personX.name=firstName", "person", false },
		{ "\"a.b\".c=firstName", "\"a.b\"", true },
		{ "\"a.b\".c=firstName", "a", false },
		{ "a.b.c=firstName", "\"a.b\"", false },
		{ "\"person\".name.firstName=firstName", "person.name", true },
		{ "Person.name=firstName", "person", false },
		{ "identityMap.Email=email", "identityMap", true },
		{ "identityMap.email=email", "identitymap.EMAIL", true },
		{ "identityMap.crmId=email", "identityMap.CRMID", true },
		{ "identityMap.Email=email", "identityMap.ECID", false },
		{ "identityMap.Emails=email", "identityMap.Email", false },
		{ "identityMapper.Email=email", "identityMap", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct mapping mapping;
		label_list labels = { 0 };
		data_list data = { 0 };
		char *path;

		mapping_init(&mapping);
		put_row(&mapping, cases[i].row);
		assert_int_equal(label_path_parse(cases[i].labelled, &path, NULL), STATUS_OK);
		put_label(&labels, LABEL_ON_FIELD, path, "C2");
		mem_free(path);
		data_add_mapping(&data, &labels, &mapping);
		assert_int_equal(data.count, 1);
		if (data.at[0].labels.count != cases[i].carries)
			fail_msg("%s with a label on %s", cases[i].row, cases[i].labelled);
		data_list_done(&data);
		label_list_done(&labels);
		mapping_done(&mapping);
	}
}

static void put_audience(struct dataflow *dataflow, const char *word, const char *id, const char *name)
{
	vec_push(&dataflow->audiences, ((struct flow_audience){ .audience = mem_strdup(word), .audience_id = mem_strdup(id), .audience_name = mem_strdup(name) }));
}

/* Labels of two audiences do not meet; a field's meets each of them. */
static void test_audiences(void **state)
{
	static char export[] = "exportToThirdParty";
	char *actions[] = { export };
	struct dataflow dataflow;
	struct mapping mapping;
	policy_list policies = { 0 };
	violation_list found = { 0 };
	label_list labels = { 0 };
	data_list data = { 0 };

	(void)state;
	dataflow_init(&dataflow);
	mapping_init(&mapping);
	put_row(&mapping, "identityMap.Email=email");
	put_audience(&dataflow, "Spring", "aud-1", NULL);
	put_audience(&dataflow, "aud-2", NULL, "Winter");
	put_policy(&policies, "both", "exportToThirdParty", "C1 and C3", true);
	put_label(&labels, LABEL_ON_AUDIENCE, "aud-1", "C1");
	put_label(&labels, LABEL_ON_AUDIENCE, "Winter", "C3");
	put_label(&labels, LABEL_ON_AUDIENCE, "identityMap.Email", "C3");
	data_add_mapping(&data, &labels, &mapping);
	data_add_audiences(&data, &labels, &dataflow);
	policies_evaluate(&policies, actions, 1, &data, &found);
	assert_int_equal(found.count, 0);
	data_list_done(&data);

	put_label(&labels, LABEL_ON_FIELD, "identityMap", "C3");
	data_add_mapping(&data, &labels, &mapping);
	data_add_audiences(&data, &labels, &dataflow);
	policies_evaluate(&policies, actions, 1, &data, &found);
	assert_int_equal(found.count, 1);
	assert_int_equal(found.at[0].carriers.count, 2);
	assert_string_equal(found.at[0].carriers.at[0].name, "identityMap.Email");
	assert_string_equal(found.at[0].carriers.at[0].from, "identityMap");
	assert_string_equal(found.at[0].carriers.at[1].name, "Spring");
	assert_true(found.at[0].carriers.at[0].enough && found.at[0].carriers.at[1].enough);
	violation_list_done(&found);
	data_list_done(&data);
	label_list_done(&labels);
	policy_list_done(&policies);
	mapping_done(&mapping);
	dataflow_done(&dataflow);
}

static bool says(const word_list *words, const char *part)
{
	for (size_t i = 0; i < words->count; i++)
		if (strstr(words->at[i], part))
			return true;
	return false;
}

/* Two fields with the same label: only both together are enough. */
static void test_resolving(void **state)
{
	static char export[] = "exportToThirdParty", analytics[] = "analytics";
	char *actions[] = { export, analytics };
	struct mapping mapping;
	policy_list policies = { 0 };
	violation_list found = { 0 }, fewer = { 0 };
	label_list labels = { 0 };
	data_list data = { 0 };
	word_list ways = { 0 };
	struct destination destination;
	struct str text = { 0 };

	(void)state;
	mapping_init(&mapping);
	put_row(&mapping, "person.name.firstName=firstName");
	put_row(&mapping, "a b=lastName");
	put_policy(&policies, "my own", "exportToThirdParty", "C2", true);
	put_label(&labels, LABEL_ON_FIELD, "person", "C2");
	data_add_mapping(&data, &labels, &mapping);
	policies_evaluate(&policies, actions, 2, &data, &fewer);
	assert_int_equal(fewer.count, 1);
	data_list_done(&data);
	put_label(&labels, LABEL_ON_FIELD, "a b", "C2");
	data_add_mapping(&data, &labels, &mapping);
	policies_evaluate(&policies, actions, 2, &data, &found);
	assert_int_equal(found.count, 1);
	assert_int_equal(found.at[0].carriers.count, 2);
	assert_false(found.at[0].carriers.at[0].enough || found.at[0].carriers.at[1].enough);
	assert_true(violation_is_worse(&found.at[0], &fewer.at[0]));
	assert_false(violation_is_worse(&fewer.at[0], &found.at[0]));
	assert_true(violation_is_worse(&fewer.at[0], violation_list_find(&found, "other")));
	violation_write(&found.at[0], &text);
	assert_string_equal(str_text(&text),
		"the policy my own keeps this from exportToThirdParty: person.name.firstName carries C2 (from person); a b carries C2");
	destination_init(&destination);
	destination.name = mem_strdup("dest");
	vec_push(&destination.marketing_actions, mem_strdup("exportToThirdParty"));
	vec_push(&destination.marketing_actions, mem_strdup("analytics"));
	violation_resolve(&found.at[0], &mapping, "my flow", &destination, &ways);
	assert_true(says(&ways, "penstock mapping unset 'my flow' firstName lastName"));
	assert_true(says(&ways, "penstock label unset person C2"));
	assert_true(says(&ways, "penstock label unset 'a b' C2"));
	assert_true(says(&ways, "penstock policy disable 'my own'"));
	assert_true(says(&ways, "penstock destination update --marketing-action analytics dest"));
	violation_resolve(&found.at[0], &mapping, "-x", &destination, &ways);
	assert_true(says(&ways, "penstock mapping unset -- -x firstName lastName"));
	destination_done(&destination);
	str_done(&text);
	word_list_done(&ways);
	violation_list_done(&found);
	violation_list_done(&fewer);
	data_list_done(&data);
	label_list_done(&labels);
	policy_list_done(&policies);
	mapping_done(&mapping);
}

static void test_policy_check(void **state)
{
	static const struct {
		const char *name, *action, *deny, *code;
	} cases[] = {
		{ "", "emailTargeting", "C1", "usage" },
		{ "restrict-analytics", "emailTargeting", "C1", "exists" },
		{ "mine", NULL, "C1", "usage" },
		{ "mine", "", "C1", "marketing_action" },
		{ "mine", "two words", "C1", "marketing_action" },
		{ "mine", "a;b", "C1", "marketing_action" },
		{ "mine", "emailTargeting", NULL, "usage" },
		{ "mine", "emailTargeting", "C1 and", "deny" },
		{ "mine\xff", "emailTargeting", "C1", "usage" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct policy policy;
		struct error err = { 0 };

		policy_init(&policy);
		policy.name = mem_strdup(cases[i].name);
		policy.deny = mem_strdup(cases[i].deny);
		if (cases[i].action)
			word_list_add(&policy.actions, cases[i].action);
		assert_int_equal(policy_check(&policy, &err), STATUS_USAGE);
		assert_string_equal(err.code, cases[i].code);
		policy_done(&policy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_labels),
		cmocka_unit_test(test_expressions),
		cmocka_unit_test(test_core_policies),
		cmocka_unit_test(test_combinations),
		cmocka_unit_test(test_inheritance),
		cmocka_unit_test(test_audiences),
		cmocka_unit_test(test_resolving),
		cmocka_unit_test(test_policy_check),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
