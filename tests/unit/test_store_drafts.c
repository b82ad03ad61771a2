#include "place.h"

#include "base/clock.h"
#include "base/mem.h"
#include "db/db.h"
#include "store/store.h"
#include "store/tables.h"

static struct error err;
static struct store *store;
static int64_t now_ms;

static int64_t now(void *self)
{
	(void)self;
	return now_ms;
}

static const struct clock_source source = { .mono_ms = now, .wall_ms = now };

static int setup(void **state)
{
	now_ms = 1000;
	clock_use(&source);
	return place_setup(state) == 0 && store_open(at("penstock.db"), false, &store, &err) == STATUS_OK ? 0 : -1;
}

static int teardown(void **state)
{
	clock_use(NULL);
	store_close(store);
	store = NULL;
	return place_teardown(state);
}

static int64_t add(const char *name)
{
	struct draft draft;
	int64_t id;

	draft_init(&draft);
	draft_set(&draft, DRAFT_NAME, name);
	assert_int_equal(draft_insert(store, &draft, &err), STATUS_OK);
	assert_int_equal(draft.saved_at, now_ms);
	id = draft.id;
	draft_done(&draft);
	assert_true(id > 0);
	return id;
}

static void the_newest_comes_first(void **state)
{
	int64_t first = add("one"), second;
	draft_list all = { 0 };
	struct draft draft;

	(void)state;
	now_ms = 2000;
	second = add("two");
	now_ms = 3000;
	assert_int_equal(draft_load(store, first, &draft, &err), STATUS_OK);
	assert_string_equal(draft_get(&draft, DRAFT_NAME), "one");
	draft.step = 4;
	assert_int_equal(draft_save(store, &draft, &err), STATUS_OK);
	draft_done(&draft);
	assert_int_equal(draft_all(store, &all, NULL, &err), STATUS_OK);
	assert_int_equal(all.count, 2);
	assert_int_equal(all.at[0].id, first);
	assert_int_equal(all.at[0].step, 4);
	assert_int_equal(all.at[0].saved_at, 3000);
	assert_int_equal(all.at[1].id, second);
	draft_list_done(&all);
}

/* A console that still shows a deleted draft must not write into another one. */
static void a_number_is_given_out_once(void **state)
{
	int64_t id = add("one");
	struct draft draft;

	(void)state;
	assert_int_equal(draft_delete(store, id, &err), STATUS_OK);
	assert_int_equal(draft_delete(store, id, &err), STATUS_USAGE);
	assert_string_equal(err.code, "not_found");
	assert_true(add("two") > id);
	assert_int_equal(draft_load(store, id, &draft, &err), STATUS_USAGE);
	assert_string_equal(err.code, "not_found");
	draft.id = id;
	assert_int_equal(draft_save(store, &draft, &err), STATUS_USAGE);
	assert_string_equal(err.code, "not_found");
	draft_done(&draft);
}

static void what_cannot_be_read_is_left_out(void **state)
{
	static const char *const bodies[] = { "", "{", "{\"step\":77}", "[1,2]", "{\"step\":1,\"name\":[]}", "\xff\xfe" };
	int64_t good = add("good"), skipped = 0;
	draft_list all = { 0 };
	struct draft draft;

	(void)state;
	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
		char *sql = mem_printf("INSERT INTO draft (id, body, saved_at) VALUES (%zu, '%s', 5)", 100 + i, bodies[i]);

		assert_int_equal(db_exec(store_db(store), sql, &err), STATUS_OK);
		mem_free(sql);
		assert_int_equal(draft_load(store, (int64_t)(100 + i), &draft, &err), STATUS_FAILED);
		assert_string_equal(err.code, "draft");
		draft_done(&draft);
	}
	assert_int_equal(draft_all(store, &all, &skipped, &err), STATUS_OK);
	assert_int_equal(all.count, 1);
	assert_int_equal(all.at[0].id, good);
	assert_int_equal(skipped, sizeof bodies / sizeof *bodies);
	assert_int_equal(draft_delete(store, 100, &err), STATUS_OK);
	draft_list_done(&all);
}

static void nothing_is_written_where_nothing_may(void **state)
{
	struct draft draft;

	(void)state;
	store_close(store);
	assert_int_equal(store_open(at("penstock.db"), true, &store, &err), STATUS_OK);
	draft_init(&draft);
	assert_int_equal(draft_insert(store, &draft, &err), STATUS_REFUSED);
	assert_int_equal(draft.id, 0);
	draft_done(&draft);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_newest_comes_first, setup, teardown),
		cmocka_unit_test_setup_teardown(a_number_is_given_out_once, setup, teardown),
		cmocka_unit_test_setup_teardown(what_cannot_be_read_is_left_out, setup, teardown),
		cmocka_unit_test_setup_teardown(nothing_is_written_where_nothing_may, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
