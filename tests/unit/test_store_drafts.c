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

static void expect_undo(struct draft *draft, bool redo, bool expected, const char *name, size_t rows)
{
	bool done;

	assert_int_equal(draft_undo(store, draft, redo, &done, &err), STATUS_OK);
	assert_int_equal(done, expected);
	assert_string_equal(draft_get(draft, DRAFT_NAME), name);
	assert_int_equal(draft->mapping.rows.count, rows);
}

static void map(struct draft *draft, int number)
{
	char text[40];
	struct mapping_row row;

	snprintf(text, sizeof text, "é%d.name=field%d", number, number);
	assert_int_equal(mapping_row_parse(text, &row, &err), STATUS_OK);
	mapping_put(&draft->mapping, &row);
}

/* Each save that changed something is an edit: all of them go back and on again, and a new one forgets what was taken back. */
static void edits_go_back_and_on(void **state)
{
	int64_t id = add("ü");
	struct draft draft;
	bool done;

	(void)state;
	assert_int_equal(draft_load(store, id, &draft, &err), STATUS_OK);
	draft_set(&draft, DRAFT_NAME, "ä");
	draft.step = 4;
	assert_int_equal(draft_save(store, &draft, &err), STATUS_OK);
	draft.step = 2;
	draft.dataflow_id = 7;
	draft_set(&draft, DRAFT_FIELD, "3");
	assert_int_equal(draft_save(store, &draft, &err), STATUS_OK); /* no edit */
	for (int i = 0; i < 100; i++)
		map(&draft, i);
	assert_int_equal(draft_save(store, &draft, &err), STATUS_OK);
	expect_undo(&draft, true, false, "ä", 100);
	expect_undo(&draft, false, true, "ä", 0);
	draft_done(&draft);
	/* What was taken back is there for whoever goes on later. */
	assert_int_equal(draft_load(store, id, &draft, &err), STATUS_OK);
	assert_int_equal(draft.mapping.rows.count, 0);
	expect_undo(&draft, true, true, "ä", 100);
	expect_undo(&draft, false, true, "ä", 0);
	expect_undo(&draft, false, true, "ü", 0);
	assert_int_equal(draft.step, 2);
	assert_int_equal(draft.dataflow_id, 7);
	assert_string_equal(draft_get(&draft, DRAFT_FIELD), "3");
	expect_undo(&draft, false, true, "", 0);
	expect_undo(&draft, false, false, "", 0);
	expect_undo(&draft, true, true, "ü", 0);
	map(&draft, 5);
	assert_int_equal(draft_save(store, &draft, &err), STATUS_OK);
	expect_undo(&draft, true, false, "ü", 1);
	expect_undo(&draft, false, true, "ü", 0);
	/* Of a draft that is another one by now nothing is taken back. */
	draft_set(&draft, DRAFT_NAME, "unsaved");
	draft_set(&draft, DRAFT_ACCOUNT, "longer than before");
	assert_int_equal(draft_undo(store, &draft, false, &done, &err), STATUS_FAILED);
	assert_string_equal(err.code, "draft");
	draft_done(&draft);
	assert_int_equal(draft_delete(store, id, &err), STATUS_OK);
}

static void hundreds_of_edits_go_back(void **state)
{
	enum { EDITS = 300 };
	int64_t id = add("0");
	struct draft draft;
	char name[16];

	(void)state;
	assert_int_equal(draft_load(store, id, &draft, &err), STATUS_OK);
	for (int i = 1; i <= EDITS; i++) {
		snprintf(name, sizeof name, "%d", i * 7919);
		draft_set(&draft, DRAFT_NAME, name);
		assert_int_equal(draft_save(store, &draft, &err), STATUS_OK);
	}
	for (int i = EDITS - 1; i >= 0; i--) {
		snprintf(name, sizeof name, "%d", i * 7919);
		expect_undo(&draft, false, true, name, 0);
	}
	draft_done(&draft);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_newest_comes_first, setup, teardown),
		cmocka_unit_test_setup_teardown(a_number_is_given_out_once, setup, teardown),
		cmocka_unit_test_setup_teardown(what_cannot_be_read_is_left_out, setup, teardown),
		cmocka_unit_test_setup_teardown(nothing_is_written_where_nothing_may, setup, teardown),
		cmocka_unit_test_setup_teardown(edits_go_back_and_on, setup, teardown),
		cmocka_unit_test_setup_teardown(hundreds_of_edits_go_back, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
