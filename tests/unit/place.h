/* A folder of its own for a test that needs files: made before, removed with everything in it after. */
#ifndef TESTS_UNIT_PLACE_H
#define TESTS_UNIT_PLACE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char place_folder[512];

static inline int place_setup(void **state)
{
	const char *base = getenv("TMPDIR");

	(void)state;
	snprintf(place_folder, sizeof place_folder, "%s/penstock-test.XXXXXX", base ? base : "/tmp");
	return mkdtemp(place_folder) ? 0 : -1;
}

static inline int place_remove_one(const char *path, const struct stat *info, int kind, struct FTW *walk)
{
	(void)info;
	(void)kind;
	(void)walk;
	return remove(path);
}

static inline int place_teardown(void **state)
{
	(void)state;
	return nftw(place_folder, place_remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* The path of a name in the folder; stays valid for the next seven calls. */
static inline const char *at(const char *name)
{
	static char paths[8][1024];
	static int next;
	char *path = paths[next++ % 8];
	snprintf(path, sizeof paths[0], "%s/%s", place_folder, name);
	return path;
}

static inline void put_file(const char *path, const void *bytes, size_t length, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, length), (ssize_t)length);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static inline size_t get_file(const char *path, char *out, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? 0 : read(fd, out, size);
	if (fd >= 0)
		close(fd);
	assert_true(length >= 0);
	return (size_t)length;
}

static inline unsigned mode_of(const char *path)
{
	struct stat info;
	assert_int_equal(stat(path, &info), 0);
	return info.st_mode & 07777;
}

static inline bool is_there(const char *path)
{
	struct stat info;
	return lstat(path, &info) == 0;
}

#endif
