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

static bool write_all(int fd, const char *bytes, size_t length)
{
	while (length) {
		ssize_t done = write(fd, bytes, length);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return false;
		bytes += done;
		length -= (size_t)done;
	}
	return true;
}

/* Some file systems cannot sync a folder and say EINVAL: there is nothing more to do on them. */
static bool sync_folder(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool good;

	if (fd < 0)
		return errno == EACCES; /* a folder one may write to but not read */
	good = fsync(fd) == 0 || errno == EINVAL;
	close(fd);
	return good;
}

/* Leaves errno of the first step that failed. */
static bool replace(const char *path, const char *folder, char *temporary, const void *bytes, size_t length, unsigned mode)
{
	int fd = mkostemp(temporary, O_CLOEXEC), saved;
	bool good;

	if (fd < 0)
		return false;
	good = fchmod(fd, (mode_t)mode) == 0 && write_all(fd, bytes, length) && fsync(fd) == 0;
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

enum status file_replace(const char *path, const void *bytes, size_t length, unsigned mode, struct error *err)
{
	char *folder = folder_of(path);
	char *temporary = mem_printf("%s.XXXXXX", path);
	enum status status = STATUS_OK;

	if (!replace(path, folder, temporary, bytes, length, mode))
		status = error_set(err, STATUS_FAILED, "file", _("cannot write %s: %s"), path, strerror(errno));
	mem_free(temporary);
	mem_free(folder);
	return status;
}

static bool make_folder(const char *folder)
{
	struct stat info;

	if (mkdir(folder, 0700) == 0)
		return true;
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
