#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* mkostemp */
#endif
#include "base/file.h"

#include "base/i18n.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum status cannot_read(const char *path, const char *why, struct error *err)
{
	return error_set(err, STATUS_USAGE, "file", _("cannot read %s: %s"), path, why);
}

static enum status read_all(int fd, const char *path, size_t limit, struct str *out, struct error *err)
{
	char block[16384];
	ssize_t got;

	for (;;) {
		got = read(fd, block, sizeof block);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return cannot_read(path, strerror(errno), err);
		if (!got)
			return STATUS_OK;
		if ((size_t)got > limit || out->length > limit - (size_t)got)
			return error_set(err, STATUS_USAGE, "file", _("%s is larger than the %zu bytes allowed here"), path, limit);
		if (!str_try_add(out, block, (size_t)got, limit))
			return error_set(err, STATUS_FAILED, "memory", _("not enough memory to read %s"), path);
	}
}

enum status file_read(const char *path, size_t limit, struct str *out, struct error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	enum status status;
	struct stat info;

	if (fd < 0)
		return cannot_read(path, strerror(errno), err);
	str_clear(out);
	if (fstat(fd, &info) == 0 && S_ISDIR(info.st_mode))
		status = error_set(err, STATUS_USAGE, "file", _("%s is a folder, not a file"), path);
	else
		status = read_all(fd, path, limit, out, err);
	close(fd);
	return status;
}

/* The folder that holds path, "." or "/" included. Free with mem_free. */
static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return mem_strdup(".");
	return slash == path ? mem_strdup("/") : mem_strndup(path, (size_t)(slash - path));
}

bool file_write_all(int fd, const void *from, size_t length)
{
	const char *bytes = from;

	while (length) {
		ssize_t done = write(fd, bytes, length);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		bytes += done;
		length -= (size_t)done;
	}
	return true;
}

/* Some file systems cannot sync a folder and say EINVAL: there is nothing more to do on them. */
static bool sync_folder(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), failed;
	bool good;

	if (fd < 0)
		return errno == EACCES; /* a folder one may write to but not read */
	good = fsync(fd) == 0 || errno == EINVAL;
	failed = errno;
	close(fd);
	errno = failed;
	return good;
}

bool file_sync_parent(const char *path)
{
	char *folder = folder_of(path);
	bool good = sync_folder(folder);
	int failed = errno;

	mem_free(folder);
	errno = failed;
	return good;
}

/* Leaves errno of the first step that failed. */
static bool replace(const char *path, const char *folder, char *temporary, const void *bytes, size_t length, unsigned mode)
{
	int fd = mkostemp(temporary, O_CLOEXEC), saved;
	bool good;

	if (fd < 0)
		return false;
	good = fchmod(fd, (mode_t)mode) == 0 && file_write_all(fd, bytes, length) && fsync(fd) == 0;
	saved = errno;
	if (close(fd) != 0 && good) {
		good = false;
		saved = errno;
	}
	if (good && rename(temporary, path) == 0)
		return sync_folder(folder);
	saved = good ? errno : saved;
	unlink(temporary);
	errno = saved;
	return false;
}

/* A device, a pipe, a socket: nothing that another file could take the place of. */
static bool is_special(const char *path)
{
	struct stat info;

	return stat(path, &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode);
}

enum status file_replace(const char *path, const void *bytes, size_t length, unsigned mode, struct error *err)
{
	char *folder = folder_of(path);
	char *temporary = mem_printf("%s.XXXXXX", path);
	enum status status = STATUS_OK;
	bool special = is_special(path);

	errno = ENOTSUP;
	if (special || !replace(path, folder, temporary, bytes, length, mode))
		status = error_set(err, STATUS_FAILED, "file", _("cannot write %s: %s"), path, strerror(errno));
	mem_free(temporary);
	mem_free(folder);
	return status;
}

static struct {
	const char *path;
	int fd;
} given[FILE_GIVEN_MOST];
static size_t given_count;

void file_give(const char *path, int fd)
{
	if (given_count == FILE_GIVEN_MOST)
		return;
	given[given_count].path = path;
	given[given_count++].fd = fd;
}

/* -1: it was not given. */
static int given_fd(const char *path)
{
	for (size_t i = 0; i < given_count; i++)
		if (strcmp(given[i].path, path) == 0)
			return given[i].fd;
	return -1;
}

bool file_is_given(const char *path)
{
	return given_fd(path) >= 0;
}

enum status file_read_given(const char *path, size_t limit, struct str *out, struct error *err)
{
	int fd = given_fd(path);
	struct stat info;

	if (fd < 0)
		return file_read(path, limit, out, err);
	str_clear(out);
	if (fstat(fd, &info) == 0 && S_ISDIR(info.st_mode))
		return error_set(err, STATUS_USAGE, "file", _("%s is a folder, not a file"), path);
	lseek(fd, 0, SEEK_SET); /* it may be named twice; a pipe has no beginning to go back to */
	return read_all(fd, path, limit, out, err);
}

/* Of what we say our own answers on the descriptor, by name; -1. */
static int own_stream(const char *path)
{
	static const struct {
		const char *name;
		int fd;
	} names[] = { { "/dev/stdout", STDOUT_FILENO }, { "/dev/fd/1", STDOUT_FILENO }, { "/dev/stderr", STDERR_FILENO }, { "/dev/fd/2", STDERR_FILENO } };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(path, names[i].name) == 0)
			return names[i].fd;
	return -1;
}

bool file_is_stdout(const char *path)
{
	return own_stream(path) == STDOUT_FILENO;
}

static bool write_special(const char *path, const void *bytes, size_t length)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY), saved;
	bool good = fd >= 0 && file_write_all(fd, bytes, length);

	saved = errno;
	if (fd >= 0 && close(fd) != 0 && good) {
		good = false;
		saved = errno;
	}
	errno = saved;
	return good;
}

enum status file_replace_given(const char *path, const void *bytes, size_t length, unsigned mode, struct error *err)
{
	int fd = given_fd(path), own = fd < 0 ? own_stream(path) : -1;
	bool good, special = fd < 0 && own < 0 && is_special(path);

	if (fd < 0 && own < 0 && !special)
		return file_replace(path, bytes, length, mode, err);
	if (special)
		good = write_special(path, bytes, length);
	else /* a pipe or a terminal cannot be emptied, and ours may hold something already */
		good = (fd < 0 || ftruncate(fd, 0) == 0 || errno == EINVAL) && file_write_all(fd < 0 ? own : fd, bytes, length);
	if (!good)
		return error_set(err, STATUS_FAILED, "file", _("cannot write %s: %s"), path, strerror(errno));
	return STATUS_OK;
}

int file_open_given(const char *path, int flags, unsigned mode)
{
	int fd = given_fd(path);

	return fd < 0 ? open(path, flags, (mode_t)mode) : fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
}

/* A new one is there for good once the folder that it is in is. */
static bool make_folder(const char *folder)
{
	struct stat info;

	if (mkdir(folder, 0700) == 0)
		return file_sync_parent(folder);
	if (errno != EEXIST)
		return false;
	if (stat(folder, &info) == 0 && S_ISDIR(info.st_mode))
		return true;
	errno = ENOTDIR;
	return false;
}

enum status file_make_parents(const char *path, struct error *err)
{
	char *folder = folder_of(path);
	enum status status = STATUS_OK;
	bool good = true;

	/* Each folder on the way, first the outermost; a name that exists costs one call. */
	for (char *slash = strchr(folder + 1, '/'); good && slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		good = make_folder(folder);
		*slash = good ? '/' : '\0';
	}
	if (good)
		good = make_folder(folder);
	if (!good)
		status = error_set(err, STATUS_FAILED, "file", _("cannot make the folder %s: %s"), folder, strerror(errno));
	mem_free(folder);
	return status;
}
