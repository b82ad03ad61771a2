#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* syscall */
#endif
#include "base/file.h"
#include "base/mem.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

static char *folder; /* of this test alone */

static int make_folder(void **state)
{
	const char *base = getenv("TMPDIR");

	(void)state;
	folder = mem_printf("%s/penstock-test.XXXXXX", base ? base : "/tmp");
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	(void)state;
	if (rmdir(folder) != 0)
		return -1; /* something was left behind */
	mem_free(folder);
	return 0;
}

static char *in_folder(const char *name)
{
	return mem_printf("%s/%s", folder, name);
}

static size_t entries(void)
{
	DIR *dir = opendir(folder);
	size_t count = 0;

	assert_non_null(dir);
	while (readdir(dir))
		count++;
	closedir(dir);
	return count - 2; /* . and .. */
}

static void test_replace_and_read(void **state)
{
	char *path = in_folder("file");
	struct str text = { 0 };
	struct error err = { 0 };
	struct stat info;

	(void)state;
	assert_int_equal(file_replace(path, "one\0two", 7, 0600, &err), STATUS_OK);
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 07777, 0600);
	assert_int_equal(file_read(path, 7, &text, &err), STATUS_OK);
	assert_int_equal(text.length, 7);
	assert_memory_equal(text.text, "one\0two", 8);
	assert_int_equal(file_replace(path, "", 0, 0644, &err), STATUS_OK);
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 07777, 0644);
	assert_int_equal(info.st_size, 0);
	assert_int_equal(file_read(path, 7, &text, &err), STATUS_OK);
	assert_int_equal(text.length, 0);
	assert_int_equal(entries(), 1);
	unlink(path);
	str_done(&text);
	mem_free(path);
}

/* What was there stays until the new one is whole, and for good when it is not kept. */
static void test_bit_by_bit(void **state)
{
	char *path = in_folder("file");
	struct file_writer writer;
	struct str text = { 0 };
	struct error err = { 0 };
	struct stat info;

	(void)state;
	assert_int_equal(file_replace(path, "old", 3, 0644, &err), STATUS_OK);
	for (int keep = 0; keep < 2; keep++) {
		assert_int_equal(file_writer_begin(&writer, path, 0600, &err), STATUS_OK);
		assert_int_equal(file_writer_add(&writer, "one ", 4, &err), STATUS_OK);
		assert_int_equal(file_writer_add(&writer, "two", 3, &err), STATUS_OK);
		assert_int_equal(file_read(path, 7, &text, &err), STATUS_OK);
		assert_string_equal(str_text(&text), "old");
		assert_int_equal(file_writer_end(&writer, keep != 0, &err), STATUS_OK);
		assert_int_equal(file_read(path, 7, &text, &err), STATUS_OK);
		assert_string_equal(str_text(&text), keep ? "one two" : "old");
		assert_int_equal(entries(), 1);
	}
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 07777, 0600);
	unlink(path);
	assert_int_equal(file_writer_begin(&writer, "/nowhere/at/all", 0600, &err), STATUS_FAILED);
	assert_non_null(strstr(err.message, "/nowhere/at/all"));
	str_done(&text);
	mem_free(path);
}

static void test_read_bounds(void **state)
{
	char *path = in_folder("file"), *bytes = mem_alloc(100000);
	struct str text = { 0 };
	struct error err = { 0 };

	(void)state;
	memset(bytes, 'b', 100000);
	assert_int_equal(file_replace(path, bytes, 100000, 0600, &err), STATUS_OK);
	assert_int_equal(file_read(path, 100000, &text, &err), STATUS_OK);
	assert_int_equal(text.length, 100000);
	assert_int_equal(file_read(path, 99999, &text, &err), STATUS_USAGE);
	assert_string_equal(err.code, "file");
	assert_non_null(strstr(err.message, "larger"));
	assert_int_equal(file_read(path, 0, &text, &err), STATUS_USAGE);
	unlink(path);
	mem_free(bytes);
	str_done(&text);
	mem_free(path);
}

static void test_read_refusals(void **state)
{
	char *missing = in_folder("missing");
	struct str text = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(file_read(missing, 10, &text, &err), STATUS_USAGE);
	assert_string_equal(err.code, "file");
	assert_non_null(strstr(err.message, missing));
	assert_int_equal(file_read(folder, 10, &text, &err), STATUS_USAGE);
	assert_non_null(strstr(err.message, "folder"));
	assert_int_equal(file_read("/dev/zero", 100000, &text, &err), STATUS_USAGE);
	assert_int_equal(file_read(missing, 10, &text, NULL), STATUS_USAGE);
	str_done(&text);
	mem_free(missing);
}

static void test_replace_refusals(void **state)
{
	char *deep = in_folder("no/such/file"), *busy = in_folder("busy");
	struct error err = { 0 };

	(void)state;
	assert_int_equal(file_replace(deep, "x", 1, 0600, &err), STATUS_FAILED);
	assert_non_null(strstr(err.message, deep));
	/* a folder stands in the way of the rename: the temporary file must not stay */
	assert_int_equal(mkdir(busy, 0700), 0);
	assert_int_equal(file_replace(busy, "x", 1, 0600, &err), STATUS_FAILED);
	assert_int_equal(entries(), 1);
	rmdir(busy);
	mem_free(deep);
	mem_free(busy);
}

/* Whoever writes a report into a pipe, or as root into /dev/full, finds them there afterwards. */
static void test_replace_keeps_what_is_no_file(void **state)
{
	char *path = in_folder("pipe"), got[8] = "";
	struct error err = { 0 };
	struct stat info;
	int fd;

	(void)state;
	assert_int_equal(mkfifo(path, 0600), 0);
	fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(file_replace(path, "one", 3, 0600, &err), STATUS_FAILED);
	assert_int_equal(file_replace_given(path, "one", 3, 0600, &err), STATUS_OK);
	assert_int_equal(read(fd, got, sizeof got), 3);
	assert_string_equal(got, "one");
	assert_int_equal(stat(path, &info), 0);
	assert_true(S_ISFIFO(info.st_mode));
	assert_int_equal(entries(), 1);
	close(fd);
	assert_int_equal(unlink(path), 0);
	mem_free(path);
	/* Not as root, whom the mistake would let take it away. */
	if (geteuid() != 0) {
		assert_int_equal(file_replace_given("/dev/full", "one", 3, 0600, &err), STATUS_FAILED);
		assert_string_equal(err.code, "file");
	}
}

static struct {
	int count;
	char last[4096];
} synced;

/* In the place of the system's: what was made durable last. */
int fsync(int fd)
{
	char link[64];
	ssize_t length;

	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	length = readlink(link, synced.last, sizeof synced.last - 1);
	synced.last[length > 0 ? length : 0] = '\0';
	synced.count++;
	return (int)syscall(SYS_fsync, fd);
}

/* Also where the system cannot do it, which is not the folder's fault. */
static void test_sync_parent(void **state)
{
	char *path = in_folder("file"), *deep = in_folder("deep/er/file"), *missing = in_folder("nothing/file"), *made = in_folder("deep");

	(void)state;
	assert_true(file_sync_parent(path));
	assert_string_equal(strrchr(synced.last, '/'), strrchr(folder, '/'));
	assert_true(file_sync_parent("name-alone"));
	assert_true(file_sync_parent("/proc/self"));
	assert_string_equal(synced.last, "/proc");
	assert_false(file_sync_parent(missing));
	/* A new folder as well, and one that is there needs no waiting. */
	synced.count = 0;
	assert_int_equal(file_make_parents(deep, NULL), STATUS_OK);
	assert_int_equal(synced.count, 2);
	assert_string_equal(strrchr(synced.last, '/'), "/deep");
	assert_int_equal(file_make_parents(deep, NULL), STATUS_OK);
	assert_int_equal(synced.count, 2);
	*strrchr(deep, '/') = '\0';
	assert_int_equal(rmdir(deep), 0);
	assert_int_equal(rmdir(made), 0);
	mem_free(made);
	mem_free(missing);
	mem_free(deep);
	mem_free(path);
}

static void test_make_parents(void **state)
{
	char *path = in_folder("a/b/c/file"), *below = in_folder("a/b/c/file/d/e");
	struct error err = { 0 };
	struct stat info;

	(void)state;
	assert_int_equal(file_make_parents(path, &err), STATUS_OK);
	assert_int_equal(file_make_parents(path, &err), STATUS_OK);
	assert_int_equal(file_make_parents("name-alone", &err), STATUS_OK);
	assert_int_equal(file_make_parents("/name", &err), STATUS_OK);
	assert_int_equal(file_replace(path, "x", 1, 0600, &err), STATUS_OK);
	assert_int_equal(file_make_parents(below, &err), STATUS_FAILED);
	assert_non_null(strstr(err.message, path));
	unlink(path);
	for (int cut = 0; cut < 3; cut++) {
		*strrchr(path, '/') = '\0';
		assert_int_equal(stat(path, &info), 0);
		assert_int_equal(info.st_mode & 07777, 0700);
		rmdir(path);
	}
	mem_free(path);
	mem_free(below);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_replace_and_read, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_bit_by_bit, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_read_bounds, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_read_refusals, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_replace_refusals, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_replace_keeps_what_is_no_file, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_sync_parent, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_make_parents, make_folder, remove_folder),
	};

	return cmocka_run_group_tests_name("base/file", tests, NULL, NULL);
}
