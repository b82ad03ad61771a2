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

/* Temporary file beside path; the recipe of file_replace ends with end_replace. Both leave errno of the first step that failed. */
static bool begin_replace(struct file_writer *writer, unsigned mode)
{
	int saved;

	writer->temporary = mem_printf("%s.XXXXXX", writer->path);
	writer->fd = mkostemp(writer->temporary, O_CLOEXEC);
	writer->ours = true;
	if (writer->fd < 0)
		return false;
	if (fchmod(writer->fd, (mode_t)mode) == 0)
		return true;
	saved = errno;
	close(writer->fd);
	unlink(writer->temporary);
	errno = saved;
	return false;
}

static bool end_replace(struct file_writer *writer, bool keep)
{
	bool good = !keep || fsync(writer->fd) == 0;
	int saved = errno;

	if (close(writer->fd) != 0 && good) {
		good = false;
		saved = errno;
	}
	if (good && keep && rename(writer->temporary, writer->path) == 0)
		return file_sync_parent(writer->path);
	saved = good ? errno : saved;
	unlink(writer->temporary);
	errno = saved;
	return good && !keep;
}

/* A device, a pipe, a socket: nothing that another file could take the place of. */
static bool is_special(const char *path)
{
	struct stat info;

	return stat(path, &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode);
}

static enum status cannot_write(const char *path, struct error *err)
{
	return error_set(err, STATUS_FAILED, "file", _("cannot write %s: %s"), path, strerror(errno));
}

static enum status write_whole(struct file_writer *writer, const void *bytes, size_t length, struct error *err)
{
	enum status status = file_writer_add(writer, bytes, length, err);
	enum status ended = file_writer_end(writer, status == STATUS_OK, status == STATUS_OK ? err : NULL);

	return status == STATUS_OK ? ended : status;
}

static void writer_done(struct file_writer *writer)
{
	mem_free(writer->path);
	mem_free(writer->temporary);
	*writer = (struct file_writer){ .fd = -1 };
}

enum status file_replace(const char *path, const void *bytes, size_t length, unsigned mode, struct error *err)
{
	struct file_writer writer = { .path = mem_strdup(path), .fd = -1 };

	errno = ENOTSUP;
	if (!is_special(path) && begin_replace(&writer, mode))
		return write_whole(&writer, bytes, length, err);
	cannot_write(path, err);
	writer_done(&writer);
	return STATUS_FAILED;
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

/* A pipe or a terminal cannot be emptied, and ours may hold something already. */
static bool begin_in_place(struct file_writer *writer)
{
	int fd = given_fd(writer->path), own = fd < 0 ? own_stream(writer->path) : -1;

	if (fd >= 0 && ftruncate(fd, 0) != 0 && errno != EINVAL)
		return false;
	writer->ours = fd < 0 && own < 0;
	writer->fd = fd >= 0 ? fd : own >= 0 ? own : open(writer->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	return writer->fd >= 0;
}

enum status file_writer_begin(struct file_writer *writer, const char *path, unsigned mode, struct error *err)
{
	bool in_place = given_fd(path) >= 0 || own_stream(path) >= 0 || is_special(path);

	*writer = (struct file_writer){ .path = mem_strdup(path), .fd = -1 };
	if (in_place ? begin_in_place(writer) : begin_replace(writer, mode))
		return STATUS_OK;
	cannot_write(path, err);
	writer_done(writer);
	return STATUS_FAILED;
}

enum status file_writer_add(struct file_writer *writer, const void *bytes, size_t length, struct error *err)
{
	return file_write_all(writer->fd, bytes, length) ? STATUS_OK : cannot_write(writer->path, err);
}

enum status file_writer_end(struct file_writer *writer, bool keep, struct error *err)
{
	bool good = writer->temporary ? end_replace(writer, keep) : !writer->ours || close(writer->fd) == 0;
	enum status status = good ? STATUS_OK : cannot_write(writer->path, err);

	writer_done(writer);
	return status;
}

enum status file_replace_given(const char *path, const void *bytes, size_t length, unsigned mode, struct error *err)
{
	struct file_writer writer;
	enum status status = file_writer_begin(&writer, path, mode, err);

	return status == STATUS_OK ? write_whole(&writer, bytes, length, err) : status;
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
