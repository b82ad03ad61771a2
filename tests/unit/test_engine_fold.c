/* The fold: every item comes back, sorted by key and, within a key, in the order it came, whether or not it went to disk. */
#include "place.h"

#include "engine/fold.h"
#include "store/store.h"

static struct store *store;

static int setup(void **state)
{
	struct error err;

	return place_setup(state) || store_open(at("penstock.db"), false, &store, &err) != STATUS_OK;
}

static int teardown(void **state)
{
	store_close(store);
	return place_teardown(state);
}

static uint32_t seed;

static uint32_t number(void)
{
	seed = seed * 1664525u + 1013904223u;
	return seed >> 8;
}

enum { KEYS = 997 };

static void key_of(uint32_t n, unsigned char key[KEY_HASH])
{
	memset(key, 0, KEY_HASH);
	/* Half of the keys differ only behind the first eight bytes. */
	memcpy(key + (n % 2 ? 0 : 10), &n, sizeof n);
}

/* Adds `items` items of random keys and lengths, then checks what comes back. */
static void round_trip(size_t memory, uint32_t items)
{
	struct fold *fold = fold_new(store, memory);
	struct error err = {0};
	struct fold_item item;
	unsigned char key[KEY_HASH], last[KEY_HASH];
	uint32_t n, count = 0, last_number = 0;
	bool any = false;
	char bytes[3000];

	seed = 7;
	for (n = 0; n < items; n++) {
		size_t length = sizeof n + number() % (n % 50 == 0 ? 2900 : 90);

		memset(bytes, (int)(n % 251), sizeof bytes);
		memcpy(bytes, &n, sizeof n);
		key_of(number() % KEYS, key);
		assert_int_equal(fold_add(fold, key, bytes, length, &err), STATUS_OK);
	}
	assert_int_equal(fold_sort(fold, &err), STATUS_OK);
	for (;;) {
		assert_int_equal(fold_next(fold, &item, &err), STATUS_OK);
		if (!item.key)
			break;
		memcpy(&n, item.bytes, sizeof n);
		for (size_t i = sizeof n; i < item.length; i++)
			assert_int_equal(((const unsigned char *)item.bytes)[i], n % 251);
		if (any) {
			int order = memcmp(last, item.key, KEY_HASH);

			assert_true(order < 0 || (order == 0 && last_number < n));
		}
		memcpy(last, item.key, KEY_HASH);
		last_number = n;
		any = true;
		count++;
	}
	assert_int_equal(count, items);
	assert_int_equal(fold_next(fold, &item, &err), STATUS_OK);
	assert_null(item.key);
	fold_free(fold);
}

static void stays_in_memory(void **state)
{
	(void)state;
	round_trip(0, 5000);
}

static void goes_to_disk(void **state)
{
	(void)state;
	round_trip(64 * 1024, 20000);
}

static void one_run_and_none(void **state)
{
	(void)state;
	round_trip(8 * 1024, 1);
	round_trip(8 * 1024, 0);
}

static void refuses_what_cannot_fit(void **state)
{
	static char large[9000];
	unsigned char key[KEY_HASH] = {0};
	struct fold *fold = fold_new(store, 16 * 1024);
	struct error err = {0};

	(void)state;
	assert_int_equal(fold_add(fold, key, large, sizeof large, &err), STATUS_FAILED);
	assert_string_not_equal(err.message, "");
	fold_free(fold);
}

static void leaves_nothing_in_the_folder(void **state)
{
	(void)state;
	round_trip(16 * 1024, 4000);
	assert_int_equal(setenv("FOLD_PLACE", place_folder, 1), 0);
	assert_int_equal(system("test \"$(ls -A \"$FOLD_PLACE\" | grep -vc '^penstock')\" = 0"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stays_in_memory),
		cmocka_unit_test(goes_to_disk),
		cmocka_unit_test(one_run_and_none),
		cmocka_unit_test(refuses_what_cannot_fit),
		cmocka_unit_test(leaves_nothing_in_the_folder),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
