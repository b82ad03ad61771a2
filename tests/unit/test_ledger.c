/* The ledger: what Marketo already has, by key; and the packed hashes of fields. */
#include "place.h"

#include "store/change.h"
#include "store/ledger.h"
#include "store/tables.h"

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

static void key_of(unsigned n, unsigned char key[KEY_HASH])
{
	memset(key, 0, KEY_HASH);
	key[0] = (unsigned char)(n >> 8);
	key[1] = (unsigned char)n;
}

static void check_person(unsigned n, int64_t lead)
{
	struct ledger_person person;
	unsigned char key[KEY_HASH];
	bool known;

	key_of(n, key);
	assert_int_equal(ledger_person_get(ledger, key, &person, &known, &err), STATUS_OK);
	assert_int_equal(known, lead != 0);
	assert_int_equal(person.lead, lead);
}

static void persons_in_any_order(void **state)
{
	unsigned char key[KEY_HASH];
	unsigned n;

	(void)state;
	assert_int_equal(store_begin(store, &err), STATUS_OK);
	for (n = 0; n < 1000; n += 3) {
		key_of(n, key);
		assert_int_equal(ledger_person_put(ledger, key, 5000 + n, NULL, 0, &err), STATUS_OK);
	}
	assert_int_equal(store_commit(store, &err), STATUS_OK);
	for (n = 0; n < 1000; n++)
		check_person(n, n % 3 ? 0 : 5000 + n);
	for (n = 0; n < 1000; n += 100)
		check_person(n, n % 3 ? 0 : 5000 + n);
	for (n = 999; n > 0; n--)
		check_person(n, n % 3 ? 0 : 5000 + n);
	ledger_rest(ledger);
	key_of(3, key);
	assert_int_equal(ledger_person_forget(ledger, key, &err), STATUS_OK);
	check_person(3, 0);
	check_person(6, 5006);
}

static void check_member(int64_t list, unsigned n, enum member_state wanted)
{
	unsigned char key[KEY_HASH];
	enum member_state state;

	key_of(n, key);
	assert_int_equal(ledger_member_get(ledger, list, key, &state, &err), STATUS_OK);
	assert_int_equal(state, wanted);
	ledger_rest(ledger);
}

static void put_member(int64_t list, unsigned n, enum member_state state)
{
	unsigned char key[KEY_HASH];

	key_of(n, key);
	assert_int_equal(ledger_member_put(ledger, list, key, state, &err), STATUS_OK);
}

static void members_of_lists(void **state)
{
	unsigned char key[KEY_HASH];
	int64_t count;

	(void)state;
	key_of(42, key);
	put_member(1001, 42, MEMBER_SURE);
	put_member(1001, 42, MEMBER_SURE);
	check_member(1001, 42, MEMBER_SURE);
	check_member(1002, 42, MEMBER_NOT);
	/* A list that was not made yet has no members. */
	check_member(0, 42, MEMBER_NOT);
	assert_int_equal(ledger_member_count(ledger, 1001, &count, &err), STATUS_OK);
	assert_int_equal(count, 1);
	put_member(1001, 42, MEMBER_LEAVING);
	check_member(1001, 42, MEMBER_LEAVING);
	assert_int_equal(ledger_member_delete(ledger, 1001, key, &err), STATUS_OK);
	check_member(1001, 42, MEMBER_NOT);
}

static void who_is_forgotten_is_doubted(void **state)
{
	unsigned char key[KEY_HASH];

	(void)state;
	key_of(7, key);
	assert_int_equal(ledger_person_put(ledger, key, 70, NULL, 0, &err), STATUS_OK);
	put_member(1001, 7, MEMBER_SURE);
	put_member(1002, 7, MEMBER_LEAVING);
	put_member(1003, 7, MEMBER_SURE);
	put_member(1003, 8, MEMBER_SURE);
	assert_int_equal(ledger_person_forget(ledger, key, &err), STATUS_OK);
	check_member(1001, 7, MEMBER_DOUBTED);
	check_member(1002, 7, MEMBER_LEAVING);
	check_member(1003, 7, MEMBER_DOUBTED);
	check_member(1003, 8, MEMBER_SURE);
}

static enum status count_member(void *self, const unsigned char key[KEY_HASH], int64_t lead, struct error *error)
{
	(void)key;
	(void)lead;
	(void)error;
	++*(int *)self;
	return STATUS_OK;
}

static void keys_of_one_lead(void **state)
{
	unsigned char key[KEY_HASH];
	bool shared;
	unsigned n;

	(void)state;
	for (n = 11; n < 14; n++) {
		key_of(n, key);
		assert_int_equal(ledger_person_put(ledger, key, n == 13 ? 99 : 98, NULL, 0, &err), STATUS_OK);
		put_member(2001, n, MEMBER_SURE);
	}
	key_of(11, key);
	assert_int_equal(ledger_member_shared(ledger, 2001, 98, key, &shared, &err), STATUS_OK);
	assert_true(shared);
	assert_int_equal(ledger_member_shared(ledger, 2002, 98, key, &shared, &err), STATUS_OK);
	assert_false(shared);
	put_member(2001, 12, MEMBER_DOUBTED);
	assert_int_equal(ledger_member_shared(ledger, 2001, 98, key, &shared, &err), STATUS_OK);
	assert_false(shared);
	assert_int_equal(ledger_lead_left(ledger, 2001, 98, &err), STATUS_OK);
	check_member(2001, 11, MEMBER_NOT);
	check_member(2001, 12, MEMBER_NOT);
	check_member(2001, 13, MEMBER_SURE);
}

static void a_list_takes_another_s_place(void **state)
{
	int64_t count;
	int told = 0;

	(void)state;
	put_member(3001, 1, MEMBER_SURE);
	put_member(3001, 2, MEMBER_DOUBTED);
	put_member(3001, 3, MEMBER_LEAVING);
	assert_int_equal(ledger_members_each(ledger, 3001, count_member, &told, &err), STATUS_OK);
	assert_int_equal(told, 2);
	assert_int_equal(ledger_leaving_each(ledger, 3001, count_member, &told, &err), STATUS_OK);
	assert_int_equal(told, 3);
	assert_int_equal(ledger_members_move(ledger, 3001, 3002, &err), STATUS_OK);
	check_member(3002, 1, MEMBER_DOUBTED);
	check_member(3002, 2, MEMBER_DOUBTED);
	check_member(3002, 3, MEMBER_NOT);
	assert_int_equal(ledger_member_count(ledger, 3001, &count, &err), STATUS_OK);
	assert_int_equal(count, 0);
}

static void field_numbers_stay(void **state)
{
	unsigned first = ledger_field_number(ledger, "firstName", &err), last = ledger_field_number(ledger, "lastName", &err);
	struct ledger *again;

	(void)state;
	assert_int_not_equal(first, 0);
	assert_int_not_equal(first, last);
	assert_int_equal(ledger_field_number(ledger, "firstName", &err), first);
	assert_int_equal(ledger_open(store, 1, &again, &err), STATUS_OK);
	assert_string_equal(ledger_field_name(again, last), "lastName");
	assert_null(ledger_field_name(again, last + 1));
	assert_null(ledger_field_name(again, 0));
	/* What another process adds is learnt, and its number is not given out again. */
	assert_int_equal(ledger_field_number(ledger, "company", &err), last + 1);
	assert_int_equal(ledger_learn(again, &err), STATUS_OK);
	assert_string_equal(ledger_field_name(again, last + 1), "company");
	assert_int_equal(ledger_learn(again, &err), STATUS_OK);
	assert_null(ledger_field_name(again, last + 2));
	assert_int_equal(ledger_field_number(again, "title", &err), last + 2);
	ledger_close(again);
	assert_int_equal(ledger_learn(ledger, &err), STATUS_OK);
}

static void packed_fields_merge(void **state)
{
	unsigned char entries[3][LEDGER_FIELD_BYTES], fields[64], other[LEDGER_FIELD_BYTES], out[64];
	size_t length;

	(void)state;
	ledger_pack(entries[0], 2, 0x1111);
	ledger_pack(entries[1], 300, 0x2222);
	ledger_pack(entries[2], 1, 0x3333);
	length = ledger_fields_merge(NULL, 0, entries[0], sizeof entries, fields);
	assert_int_equal(length, 3 * LEDGER_FIELD_BYTES);
	assert_memory_equal(fields, entries[2], LEDGER_FIELD_BYTES);
	assert_memory_equal(fields + 16, entries[1], LEDGER_FIELD_BYTES);
	ledger_pack(other, 2, 0x4444);
	assert_true(ledger_fields_have(fields, length, entries[0]));
	assert_false(ledger_fields_have(fields, length, other));
	length = ledger_fields_merge(fields, length, other, sizeof other, out);
	assert_int_equal(length, 3 * LEDGER_FIELD_BYTES);
	assert_true(ledger_fields_have(out, length, other));
	assert_false(ledger_fields_have(out, length, entries[0]));
}

/* A run to hang change sets on. */
static int64_t make_run(void)
{
	struct account account;
	struct destination destination;
	struct dataflow dataflow;
	struct run run;
	int64_t id;

	account_init(&account);
	account.name = strdup("main");
	account.munchkin_id = strdup("123-ABC-456");
	account.client_id = strdup("client");
	assert_int_equal(account_check(&account, &err), STATUS_OK);
	assert_int_equal(account_insert(store, &account, "secret", &err), STATUS_OK);
	destination_init(&destination);
	destination.name = strdup("news");
	destination.account_id = account.id;
	assert_int_equal(destination_check(&destination, &err), STATUS_OK);
	assert_int_equal(destination_insert(store, &destination, &err), STATUS_OK);
	dataflow_init(&dataflow);
	dataflow.name = strdup("weekly");
	dataflow.source = strdup("feed.ndjson");
	dataflow.destination_id = destination.id;
	assert_int_equal(dataflow_insert(store, &dataflow, &err), STATUS_OK);
	run_init(&run);
	run.dataflow_id = dataflow.id;
	run.state = RUN_PLANNED;
	assert_int_equal(run_insert(store, &run, &err), STATUS_OK);
	id = run.id;
	run_done(&run);
	dataflow_done(&dataflow);
	destination_done(&destination);
	account_done(&account);
	return id;
}

static void change_sets(void **state)
{
	int64_t run = make_run(), chunks, records;
	unsigned char done[CHANGE_DONE_BYTES] = {0x05};
	struct change_chunk chunk;

	(void)state;
	assert_int_equal(change_add(store, run, 1, 3, "first", 5, &err), STATUS_OK);
	assert_int_equal(change_add(store, run, 2, 300, "second", 6, &err), STATUS_OK);
	assert_int_equal(change_left(store, run, &chunks, &records, &err), STATUS_OK);
	assert_int_equal(chunks, 2);
	assert_int_equal(records, 303);
	assert_int_equal(change_progress(store, run, 1, done, &err), STATUS_OK);
	assert_int_equal(change_started(store, run, 1, &err), STATUS_OK);
	assert_int_equal(change_next(store, run, 0, &chunk, &err), STATUS_OK);
	assert_int_equal(chunk.number, 1);
	assert_int_equal(chunk.records, 3);
	assert_true(chunk.started);
	assert_memory_equal(chunk.done, done, sizeof done);
	assert_string_equal(chunk.bytes.text, "first");
	str_done(&chunk.bytes);
	assert_int_equal(change_finished(store, run, 1, &err), STATUS_OK);
	assert_int_equal(change_next(store, run, 0, &chunk, &err), STATUS_OK);
	assert_int_equal(chunk.number, 2);
	assert_false(chunk.started);
	str_done(&chunk.bytes);
	assert_int_equal(change_next(store, run, 2, &chunk, &err), STATUS_OK);
	assert_int_equal(chunk.number, 0);
	assert_int_equal(change_wipe(store, run, &err), STATUS_OK);
	assert_int_equal(change_left(store, run, &chunks, &records, &err), STATUS_OK);
	assert_int_equal(chunks, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(persons_in_any_order),
		cmocka_unit_test(members_of_lists),
		cmocka_unit_test(who_is_forgotten_is_doubted),
		cmocka_unit_test(keys_of_one_lead),
		cmocka_unit_test(a_list_takes_another_s_place),
		cmocka_unit_test(field_numbers_stay),
		cmocka_unit_test(packed_fields_merge),
		cmocka_unit_test(change_sets),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
