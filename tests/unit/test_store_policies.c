/* Labels, policies, consent, and the mapping a run was planned with, as the store keeps them. */
#include "place.h"

#include "base/mem.h"
#include "db/db.h"
#include "store/store.h"
#include "store/tables.h"

static struct error err;
static struct store *store;

static int setup(void **state)
{
	return place_setup(state) == 0 && store_open(at("penstock.db"), false, &store, &err) == STATUS_OK ? 0 : -1;
}

static int teardown(void **state)
{
	store_close(store);
	store = NULL;
	return place_teardown(state);
}

static struct label_row row(enum label_target target, const char *name, const char *label)
{
	return (struct label_row){ .target = target, .name = (char *)name, .label = (char *)label };
}

static void labels_come_back(void **state)
{
	const struct label_row field = row(LABEL_ON_FIELD, "person'; DROP TABLE label;--", "C2"), audience = row(LABEL_ON_AUDIENCE, "a1", "C2");
	label_list all = { 0 };
	bool was;

	(void)state;
	assert_int_equal(label_insert(store, &audience, &err), STATUS_OK);
	assert_int_equal(label_insert(store, &field, &err), STATUS_OK);
	assert_int_equal(label_insert(store, &field, &err), STATUS_OK);
	assert_int_equal(label_all(store, &all, &err), STATUS_OK);
	assert_int_equal(all.count, 2);
	assert_int_equal(all.at[0].target, LABEL_ON_FIELD);
	assert_string_equal(all.at[0].name, field.name);
	assert_string_equal(all.at[1].name, "a1");
	label_list_done(&all);
	assert_int_equal(label_delete(store, &field, &was, &err), STATUS_OK);
	assert_true(was);
	assert_int_equal(label_delete(store, &field, &was, &err), STATUS_OK);
	assert_false(was);
	assert_int_equal(db_exec(store_db(store), "INSERT INTO label VALUES ('elsewhere', 'x', 'C1')", &err), STATUS_OK);
	assert_int_equal(label_all(store, &all, &err), STATUS_FAILED);
	assert_int_equal(all.count, 0);
}

static void add_policy(const char *name)
{
	struct policy policy;

	policy_init(&policy);
	policy.name = mem_strdup(name);
	policy.deny = mem_strdup("C1 and C3");
	word_list_add(&policy.actions, "sendToPartner");
	word_list_add(&policy.actions, "analytics");
	assert_int_equal(policy_insert(store, &policy, &err), STATUS_OK);
	assert_int_equal(policy_insert(store, &policy, &err), STATUS_USAGE);
	assert_string_equal(err.code, "exists");
	policy_done(&policy);
}

static void policies_come_back(void **state)
{
	policy_list all = { 0 };
	const struct policy *own;
	bool any;

	(void)state;
	add_policy("own");
	assert_int_equal(policy_any_enabled(store, &any, &err), STATUS_OK);
	assert_false(any);
	assert_int_equal(policy_enable(store, "restrict-analytics", true, &err), STATUS_OK);
	assert_int_equal(policy_enable(store, "restrict-analytics", true, &err), STATUS_OK);
	assert_int_equal(policy_enable(store, "own", true, &err), STATUS_OK);
	assert_int_equal(policy_enable(store, "nobody's", true, &err), STATUS_USAGE);
	assert_int_equal(policy_all(store, &all, &err), STATUS_OK);
	assert_int_equal(all.count, policy_core_count() + 1);
	assert_true(policy_list_find(&all, "restrict-analytics")->enabled);
	assert_false(policy_list_find(&all, "restrict-all-export")->enabled);
	own = policy_list_find(&all, "own");
	assert_true(own->enabled && !own->is_core);
	assert_string_equal(own->deny, "C1 and C3");
	assert_int_equal(own->actions.count, 2);
	assert_string_equal(own->actions.at[0], "sendToPartner");
	policy_list_done(&all);
	assert_int_equal(policy_any_enabled(store, &any, &err), STATUS_OK);
	assert_true(any);
	assert_int_equal(policy_enable(store, "restrict-analytics", false, &err), STATUS_OK);
	assert_int_equal(policy_delete(store, "own", &err), STATUS_OK);
	assert_int_equal(policy_delete(store, "own", &err), STATUS_USAGE);
	assert_int_equal(policy_any_enabled(store, &any, &err), STATUS_OK);
	assert_false(any);
}

/* A policy that this version does not have any more is enabled in vain, and stands in nobody's way. */
static void unknown_core_policies_are_passed_over(void **state)
{
	policy_list all = { 0 };

	(void)state;
	assert_int_equal(db_exec(store_db(store), "INSERT INTO core_policy VALUES ('of another version')", &err), STATUS_OK);
	assert_int_equal(policy_all(store, &all, &err), STATUS_OK);
	assert_int_equal(all.count, policy_core_count());
	for (size_t i = 0; i < all.count; i++)
		assert_false(all.at[i].enabled);
	policy_list_done(&all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(labels_come_back, setup, teardown),
		cmocka_unit_test_setup_teardown(policies_come_back, setup, teardown),
		cmocka_unit_test_setup_teardown(unknown_core_policies_are_passed_over, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
