#include "base/file.h"
#include "base/mem.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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
		cmocka_unit_test_setup_teardown(test_read_bounds, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_read_refusals, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_replace_refusals, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_make_parents, make_folder, remove_folder),
	};

	return cmocka_run_group_tests_name("base/file", tests, NULL, NULL);
}
