#include "place.h"

#include "base/lockfile.h"

#include <errno.h>
#include <sys/wait.h>

/* A process of its own that holds the lock until the returned descriptor is closed. */
static pid_t hold_elsewhere(const char *path, int *until)
{
	int ready[2], end[2], fd;
	pid_t child;
	char byte;

	assert_int_equal(pipe(ready), 0);
	assert_int_equal(pipe(end), 0);
	child = fork();
	if (child == 0) {
		close(end[1]);
		if (lockfile_take(path, "somebody", &fd, NULL) != LOCKFILE_OURS)
			_exit(1);
		lockfile_about(fd, 77);
		if (write(ready[1], "", 1) != 1)
			_exit(1);
		_exit(read(end[0], &byte, 1) == 0 ? 0 : 1);
	}
	close(end[0]);
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	*until = end[1];
	return child;
}

static void who_holds_it_is_told(void **state)
{
	struct lockfile_holder holder;
	int until, fd = 99;
	pid_t child = hold_elsewhere(at("a.lock"), &until);

	(void)state;
	assert_int_equal(lockfile_take(at("a.lock"), "me", &fd, &holder), LOCKFILE_HELD);
	assert_int_equal(fd, -1);
	assert_int_equal(holder.pid, child);
	assert_string_equal(holder.user, "somebody");
	assert_int_equal(holder.about, 77);
	assert_true(holder.since_ms > 0);
	memset(&holder, 0, sizeof holder);
	assert_true(lockfile_is_held(at("a.lock"), &holder));
	assert_int_equal(holder.pid, child);
	assert_int_equal(holder.about, 77);
	close(until);
	assert_int_equal(waitpid(child, NULL, 0), child);
	/* What it wrote still stands there, but it is dead. */
	assert_false(lockfile_is_held(at("a.lock"), &holder));
	assert_int_equal(holder.pid, 0);
	assert_int_equal(lockfile_take(at("a.lock"), "me", &fd, &holder), LOCKFILE_OURS);
	assert_true(lockfile_is_held(at("a.lock"), &holder));
	assert_int_equal(holder.pid, getpid());
	assert_int_equal(holder.about, 0);
	lockfile_drop(fd);
	assert_false(lockfile_is_held(at("a.lock"), NULL));
	lockfile_drop(-1);
}

static void what_is_written_there_is_not_believed(void **state)
{
	static const char *const texts[] = { "", "\n", "1", "1 1 1 1 root", "-5 1 1 1 x", "99999999999999999999 1 1 1 x", "a b c d e", "1 0 0 0 x" };
	struct lockfile_holder holder;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		put_file(at("b.lock"), texts[i], strlen(texts[i]), 0600);
		assert_false(lockfile_is_held(at("b.lock"), &holder));
	}
	assert_false(lockfile_is_held(at("nothing.lock"), &holder));
}

static void what_cannot_be_opened_says_why(void **state)
{
	int fd;

	(void)state;
	assert_int_equal(lockfile_take(at("no/folder.lock"), "me", &fd, NULL), LOCKFILE_FAILED);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(symlink(at("c.lock"), at("link.lock")), 0);
	assert_int_equal(lockfile_take(at("link.lock"), "me", &fd, NULL), LOCKFILE_FAILED);
	assert_int_equal(errno, ELOOP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(who_holds_it_is_told, place_setup, place_teardown),
		cmocka_unit_test_setup_teardown(what_is_written_there_is_not_believed, place_setup, place_teardown),
		cmocka_unit_test_setup_teardown(what_cannot_be_opened_says_why, place_setup, place_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
