/* Snapshots: who has left, and when so many of them are too many. */
#include "place.h"

#include "engine/guard.h"
#include "engine/leavers.h"

enum { LIST = 1001, KEYS = 400 };

static struct store *store;
static struct ledger *ledger;
static struct error err;

static int setup(void **state)
{
	return place_setup(state) || store_open(at("penstock.db"), false, &store, &err) != STATUS_OK || ledger_open(store, 1, &ledger, &err) != STATUS_OK;
}

static int teardown(void **state)
{
	ledger_close(ledger);
	store_close(store);
	return place_teardown(state);
}

/* Keys in ascending order; the first has no bit set, the last has all. */
static void key_of(unsigned n, unsigned char key[KEY_HASH])
{
	memset(key, n == KEYS - 1 ? 0xff : 0, KEY_HASH);
	if (n == KEYS - 1)
		return;
	key[0] = (unsigned char)(n / 4);
	memset(key + 1, n % 4 < 2 ? 0 : 0xff, KEY_HASH - 2);
	key[KEY_HASH - 1] = n % 4 % 2 ? 0xff : 0;
}

static void fill(int64_t list, const bool *members)
{
	unsigned char key[KEY_HASH];

	assert_int_equal(store_begin(store, &err), STATUS_OK);
	for (unsigned n = 0; n < KEYS; n++) {
		key_of(n, key);
		assert_int_equal(members[n] ? ledger_member_put(ledger, list, key, MEMBER_SURE, &err) : ledger_member_delete(ledger, list, key, &err), STATUS_OK);
	}
	assert_int_equal(store_commit(store, &err), STATUS_OK);
}

/* Takes leavers below the key (NULL: all) and marks them. */
static void take(struct leavers *leavers, const unsigned char *before, bool *left)
{
	unsigned char key[KEY_HASH], same[KEY_HASH];
	bool found;

	for (;;) {
		unsigned n = 0;

		assert_int_equal(leavers_next(leavers, before, key, &found, &err), STATUS_OK);
		if (!found)
			return;
		for (; n < KEYS; n++) {
			key_of(n, same);
			if (memcmp(key, same, KEY_HASH) == 0)
				break;
		}
		assert_true(n < KEYS && !left[n]);
		left[n] = true;
	}
}

static void check(const bool *members, const bool *snapshot)
{
	bool left[KEYS] = { false };
	unsigned char key[KEY_HASH];
	struct leavers leavers;
	int64_t before = 0, gone = 0;

	fill(LIST, members);
	assert_int_equal(leavers_begin(&leavers, ledger, LIST, &err), STATUS_OK);
	for (unsigned n = 0; n < KEYS; n++) {
		enum member_state member;

		before += members[n];
		gone += members[n] && !snapshot[n];
		if (!snapshot[n])
			continue;
		key_of(n, key);
		take(&leavers, key, left);
		leavers_stays(&leavers, key);
		/* The merge asks in between. */
		assert_int_equal(ledger_member_get(ledger, LIST, key, &member, &err), STATUS_OK);
		assert_int_equal(member, members[n] ? MEMBER_SURE : MEMBER_NOT);
	}
	take(&leavers, NULL, left);
	take(&leavers, NULL, left);
	ledger_rest(ledger);
	for (unsigned n = 0; n < KEYS; n++)
		assert_int_equal(left[n], members[n] && !snapshot[n]);
	assert_int_equal(leavers.members, before);
	assert_int_equal(leavers.count, gone);
}

static void leavers_are_members_that_are_not_there(void **state)
{
	static const unsigned parts[] = { 0, 1, 50, 99, 100 };
	bool members[KEYS], snapshot[KEYS];
	uint32_t seed = 4;

	(void)state;
	for (size_t a = 0; a < sizeof parts / sizeof *parts; a++) {
		for (size_t b = 0; b < sizeof parts / sizeof *parts; b++) {
			for (unsigned n = 0; n < KEYS; n++) {
				seed = seed * 1664525U + 1013904223U;
				members[n] = (seed >> 8) % 100 < parts[a];
				seed = seed * 1664525U + 1013904223U;
				snapshot[n] = (seed >> 8) % 100 < parts[b];
			}
			check(members, snapshot);
		}
	}
}

/* Other lists and no list are nobody's business. */
static void leavers_are_of_one_list(void **state)
{
	bool members[KEYS] = { false }, left[KEYS] = { false };
	struct leavers leavers;

	(void)state;
	fill(LIST, members);
	members[7] = true;
	fill(LIST + 1, members);
	assert_int_equal(leavers_begin(&leavers, ledger, LIST, &err), STATUS_OK);
	take(&leavers, NULL, left);
	assert_false(left[7]);
	assert_int_equal(leavers_begin(&leavers, ledger, 0, &err), STATUS_OK);
	take(&leavers, NULL, left);
	assert_false(left[7]);
	assert_int_equal(leavers.count, 0);
	assert_int_equal(leavers_begin(&leavers, ledger, LIST + 1, &err), STATUS_OK);
	take(&leavers, NULL, left);
	assert_true(left[7]);
	assert_int_equal(leavers.count, 1);
}

static void more_than_a_fifth_is_too_many(void **state)
{
	static const struct {
		int64_t members, leaving;
		bool minds;
	} cases[] = {
		{ 0, 0, false }, { 99, 99, false }, { 100, 0, false }, { 100, 19, false }, { 100, 20, false }, { 100, 21, true }, { 100, 100, true },
		{ 101, 20, false }, { 101, 21, true }, { 104, 20, false }, { 104, 21, true }, { 105, 21, false }, { 105, 22, true },
		{ INT64_MAX, INT64_MAX / 5, false }, { INT64_MAX, INT64_MAX, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(guard_minds(cases[i].members, cases[i].leaving), cases[i].minds);
}

static void the_guard_says_what_it_minds(void **state)
{
	struct run run;
	struct error error = { 0 };

	(void)state;
	run_init(&run);
	run.id = 17;
	guard_note(&run, 1001, 100, 20);
	assert_int_equal(run.reasons.count, 0);
	assert_int_equal(guard_check(&run, &error), STATUS_OK);
	guard_note(&run, 1001, 1000, 345);
	assert_int_equal(run.reasons.count, 1);
	assert_string_equal(run.reasons.at[0].code, "mass_removal");
	assert_int_equal(run.reasons.at[0].count, 345);
	assert_int_equal(guard_check(&run, &error), STATUS_CONFIRM);
	assert_string_equal(error.code, "mass_removal");
	assert_non_null(strstr(error.message, "345"));
	assert_non_null(strstr(error.message, "1000"));
	assert_non_null(strstr(error.hint, "--plan 17 --allow-removals"));
	run_done(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(leavers_are_members_that_are_not_there, setup, teardown),
		cmocka_unit_test_setup_teardown(leavers_are_of_one_list, setup, teardown),
		cmocka_unit_test(more_than_a_fifth_is_too_many),
		cmocka_unit_test(the_guard_says_what_it_minds),
	};

	return cmocka_run_group_tests_name("snapshot", tests, NULL, NULL);
}
