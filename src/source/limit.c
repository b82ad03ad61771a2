#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* F_DUPFD_CLOEXEC */
#endif
#include "source/limit.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { KEPT = 2 };

static const char *const *within;
static size_t within_count;
static char *kept[KEPT]; /* NULL: none */
static const char *handed_path;
static int handed_fd = -1;

void source_keep_within(const char *const *folders, size_t count)
{
	within = folders;
	within_count = count;
}

void source_keep_to(const char *const *paths, size_t count)
{
	for (size_t i = 0; i < KEPT; i++)
		mem_replace(&kept[i], i < count ? paths[i] : NULL);
}

static bool is_below(const char *path, const char *folder)
{
	size_t length = folder && *folder == '/' ? strlen(folder) : 0;

	return length && strncmp(path, folder, length) == 0 && (length == 1 || path[length] == '\0' || path[length] == '/');
}

static bool is_listed(const char *path)
{
	bool listed = false;

	for (size_t i = 0; i < within_count && !listed; i++)
		listed = is_below(path, within[i]);
	for (size_t i = 0; i < KEPT && !listed; i++)
		listed = is_below(path, kept[i]);
	return listed;
}

bool source_is_within(const char *path, int fd)
{
	char link[64], real[PATH_MAX];
	ssize_t length;

	if (!is_listed(path))
		return true;
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	length = readlink(link, real, sizeof real - 1);
	real[length > 0 ? length : 0] = '\0';
	return is_listed(real);
}

int source_within(const char *path, int fd)
{
	if (fd < 0 || source_is_within(path, fd))
		return fd;
	close(fd);
	errno = EACCES;
	return -1;
}

void source_hand_over(const char *path, int fd)
{
	handed_path = path;
	handed_fd = fd;
}

bool source_is_handed(const char *path)
{
	return handed_path && strcmp(path, handed_path) == 0;
}

int source_handed(const char *path)
{
	int fd = source_is_handed(path) ? fcntl(handed_fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1) : -1;

	if (fd >= 0)
		lseek(fd, 0, SEEK_SET);
	return fd;
}
