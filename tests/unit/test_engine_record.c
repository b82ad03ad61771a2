/* Records of a change set are read as they were written. */
#include "engine/changes.h"
#include "engine/pack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static const unsigned char key[KEY_HASH] = { 1, 2, 3 };

static void a_record_comes_back(void **state)
{
	struct str bytes = { 0 }, others = { 0 };
	struct record_entry entry = { .audience = 300, .op = OP_REMOVE };
	struct record_head head = { .key = key, .realized = true, .again = true, .dedupe = 1, .lead = INT64_C(1) << 40, .identity = "a@example.com", .identity_length = 13,
		.entries = 1, .values = 4 }, back;
	struct unpack in, within;
	const char *text = NULL;
	size_t length = 0;
	unsigned dedupe = 0;

	(void)state;
	pack_identity(&others, 2, "K1", 2);
	pack_identity(&others, 3, "", 0);
	head.others = others.text;
	head.others_length = others.length;
	record_pack_head(&bytes, &head);
	record_pack_entry(&bytes, &entry);
	for (unsigned flags = 0; flags < 4; flags++) {
		struct record_value value = { .creating = flags & 1, .kept = flags & 2, .json = "\"x\"", .length = 3 };

		ledger_pack(value.hash, 7 + flags, 99);
		record_pack_value(&bytes, &value);
	}
	in = unpack_of(bytes.text, bytes.length);
	back = record_unpack(&in);
	assert_memory_equal(back.key, key, KEY_HASH);
	assert_true(back.realized && back.again && back.dedupe == 1 && back.lead == INT64_C(1) << 40 && back.entries == 1 && back.values == 4);
	assert_int_equal(back.identity_length, 13);
	within = unpack_of(back.others, back.others_length);
	assert_true(unpack_identity(&within, &dedupe, &text, &length));
	assert_true(dedupe == 2 && length == 2 && memcmp(text, "K1", 2) == 0);
	assert_true(unpack_identity(&within, &dedupe, &text, &length));
	assert_true(dedupe == 3 && length == 0);
	assert_false(unpack_identity(&within, &dedupe, &text, &length));
	entry = record_unpack_entry(&in);
	assert_true(entry.audience == 300 && entry.op == OP_REMOVE);
	for (unsigned flags = 0; flags < 4; flags++) {
		struct record_value value = record_unpack_value(&in);

		assert_true(value.creating == (flags & 1) && value.kept == (flags >> 1) && value.number == 7 + flags && value.length == 3);
	}
	assert_true(!in.bad && in.at == in.end);
	str_done(&bytes);
	str_done(&others);
}

/* One without other identities takes no room for them, and whatever is cut short is told. */
static void what_is_cut_is_bad(void **state)
{
	struct record_head head = { .key = key, .identity = "a", .identity_length = 1, .others = "" }, back;
	struct str bytes = { 0 };

	(void)state;
	record_pack_head(&bytes, &head);
	for (size_t length = 0; length <= bytes.length; length++) {
		struct unpack in = unpack_of(bytes.text, length);

		back = record_unpack(&in);
		assert_int_equal(in.bad, length < bytes.length);
		assert_int_equal(back.others_length, 0);
	}
	str_done(&bytes);
}

/* A list of identities from outside of its bounds ends, and is not read past. */
static void damaged_identities_end(void **state)
{
	static const char bytes[] = "\2\377\377\377\377K";
	struct unpack in = unpack_of(bytes, sizeof bytes - 1);
	const char *text = NULL;
	size_t length = 0;
	unsigned dedupe = 0;

	(void)state;
	assert_false(unpack_identity(&in, &dedupe, &text, &length));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_comes_back),
		cmocka_unit_test(what_is_cut_is_bad),
		cmocka_unit_test(damaged_identities_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
