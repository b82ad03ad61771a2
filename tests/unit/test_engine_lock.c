/* One run an account at a time, one process a dataflow; who follows lets the account go in between. */
#include "place.h"

#include "engine/lock.h"

static struct store *store;
static struct error err;

static int setup(void **state)
{
	return place_setup(state) || store_open(at("penstock.db"), false, &store, &err) != STATUS_OK;
}

static int teardown(void **state)
{
	store_close(store);
	return place_teardown(state);
}

static void is_busy(int64_t account_id, int64_t dataflow_id, const char *with)
{
	struct lock *lock;

	assert_int_equal(lock_take(store, account_id, dataflow_id, &lock, &err), STATUS_FAILED);
	assert_null(lock);
	assert_string_equal(err.code, "busy");
	assert_non_null(strstr(err.message, with));
}

static void one_at_a_time(void **state)
{
	struct lockfile_holder holder;
	struct lock *lock, *other;

	(void)state;
	assert_false(lock_is_held(store, 1, 5, &holder));
	assert_int_equal(lock_take(store, 1, 5, &lock, &err), STATUS_OK);
	is_busy(1, 6, "account");
	is_busy(1, 0, "account");
	is_busy(2, 5, "dataflow");
	/* Who was refused has left nothing held. */
	assert_int_equal(lock_take(store, 2, 6, &other, &err), STATUS_OK);
	lock_drop(other);
	lock_about(lock, 77);
	assert_true(lock_is_held(store, 0, 5, &holder));
	assert_int_equal(holder.about, 77);
	assert_int_equal(holder.pid, getpid());
	assert_true(lock_is_held(store, 1, 6, &holder));
	assert_int_equal(holder.about, 77);
	assert_false(lock_is_held(store, 0, 6, &holder));
	lock_drop(lock);
	assert_false(lock_is_held(store, 1, 5, &holder));
	lock_drop(NULL);
}

static void the_account_is_let_go(void **state)
{
	struct lockfile_holder holder;
	struct lock *lock, *other;
	bool ours = false;

	(void)state;
	assert_int_equal(lock_take(store, 1, 5, &lock, &err), STATUS_OK);
	lock_about(lock, 77);
	lock_let_others(lock);
	lock_let_others(lock);
	/* Another dataflow has its turn; this one is still worked on. */
	is_busy(1, 5, "dataflow");
	assert_true(lock_is_held(store, 0, 5, &holder));
	assert_int_equal(holder.about, 77);
	assert_int_equal(lock_take(store, 1, 6, &other, &err), STATUS_OK);
	assert_int_equal(lock_take_again(lock, store, &ours, &err), STATUS_OK);
	assert_false(ours);
	lock_drop(other);
	assert_int_equal(lock_take_again(lock, store, &ours, &err), STATUS_OK);
	assert_true(ours);
	assert_true(lock_is_held(store, 1, 6, &holder));
	assert_int_equal(holder.about, 77);
	assert_int_equal(lock_take_again(lock, store, &ours, &err), STATUS_OK);
	assert_true(ours);
	is_busy(1, 6, "account");
	/* Trouble that is no other process. */
	lock_let_others(lock);
	assert_int_equal(unlink(at("penstock.db.1.lock")), 0);
	assert_int_equal(mkdir(at("penstock.db.1.lock"), 0700), 0);
	assert_int_equal(lock_take_again(lock, store, &ours, &err), STATUS_FAILED);
	assert_false(ours);
	assert_string_equal(err.code, "store");
	assert_int_equal(rmdir(at("penstock.db.1.lock")), 0);
	lock_drop(lock);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(one_at_a_time, setup, teardown),
		cmocka_unit_test_setup_teardown(the_account_is_let_go, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
