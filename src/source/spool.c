#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* leases */
#endif
#include "source/spool.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "source/format.h"
#include "source/limit.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SETTLED_MS = 5000 }; /* where the system cannot tell who writes a file: unchanged for so long, it is whole */

struct spool *spool_new(const char *folder)
{
	struct spool *spool = mem_alloc(sizeof *spool);

	spool->folder = mem_strdup(folder);
	spool->reader = json_reader_new();
	return spool;
}

void spool_file_done(struct spool_file *file)
{
	mem_free(file->name);
	*file = (struct spool_file){ 0 };
}

static void forget_files(struct spool *spool)
{
	for (size_t i = 0; i < spool->files.count; i++)
		spool_file_done(&spool->files.at[i]);
	spool->files.count = 0;
}

void spool_free(struct spool *spool)
{
	forget_files(spool);
	vec_done(&spool->files);
	json_reader_free(spool->reader);
	str_done(&spool->why);
	mem_free(spool->folder);
	mem_free(spool);
}

static bool has_ending(const char *name, const char *ending)
{
	size_t length = strlen(name), tail = strlen(ending);

	return length >= tail && text_case_eq(name + length - tail, ending);
}

/* Names under which programs write what is not finished yet. */
static bool is_passed_over(const char *name)
{
	return *name == '.' || has_ending(name, ".tmp") || has_ending(name, ".part");
}

/* A read lease is given only while nobody has the file open for writing. Should somebody open it in the instant that we hold one, the signal that tells of it must not be the
 * one that ends a process. */
static bool is_being_written(int fd, const struct stat *about)
{
	if (fcntl(fd, F_SETSIG, SIGURG) == 0 && fcntl(fd, F_SETLEASE, F_RDLCK) == 0) {
		fcntl(fd, F_SETLEASE, F_UNLCK);
		return false;
	}
	if (errno == EAGAIN)
		return true;
	return clock_wall_ms() - ((int64_t)about->st_mtim.tv_sec * 1000 + about->st_mtim.tv_nsec / 1000000) < SETTLED_MS;
}

static void add_file(struct spool *spool, int folder, const char *name, bool whole)
{
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	struct stat about;
	bool regular = fd >= 0 ? fstat(fd, &about) == 0 : fstatat(folder, name, &about, AT_SYMLINK_NOFOLLOW) == 0;

	/* What may not be opened is taken too: reading it says why it cannot be. */
	if (regular && S_ISREG(about.st_mode) && (!whole || fd < 0 || !is_being_written(fd, &about)))
		vec_push(&spool->files, ((struct spool_file){ .name = mem_strdup(name), .inode = about.st_ino, .size = about.st_size }));
	if (fd >= 0)
		close(fd);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct spool_file *)a)->name, ((const struct spool_file *)b)->name);
}

enum status spool_list(struct spool *spool, bool whole, struct error *err)
{
	DIR *folder = opendir(spool->folder);
	struct dirent *entry;

	forget_files(spool);
	if (folder && !source_is_within(spool->folder, dirfd(folder))) {
		closedir(folder);
		folder = NULL;
		errno = EACCES;
	}
	if (!folder) {
		error_set(err, STATUS_FAILED, "source", _("cannot read %s: %s"), spool->folder, strerror(errno));
		error_hint(err, _("Check the path and the permissions of the file."));
		return STATUS_FAILED;
	}
	while ((entry = readdir(folder)) != NULL)
		if (!is_passed_over(entry->d_name))
			add_file(spool, dirfd(folder), entry->d_name, whole);
	closedir(folder);
	if (spool->files.count > 1)
		qsort(spool->files.at, spool->files.count, sizeof *spool->files.at, by_name);
	spool->listed = true;
	return STATUS_OK;
}

static const char *folder_of(const char *spec)
{
	return strncmp(spec, "spool:", 6) == 0 ? spec + 6 : spec;
}

static enum status check(const char *spec, struct error *err)
{
	struct stat about;
	bool there = stat(folder_of(spec), &about) == 0;
	enum status status = there ? STATUS_USAGE : STATUS_FAILED; /* what is not there may come back */
	char *name;

	if (there && S_ISDIR(about.st_mode))
		return STATUS_OK;
	name = text_clean_dup(folder_of(spec));
	error_set(err, status, "source", _("%s is no folder"), name);
	error_hint(err, _("spool:FOLDER names the folder that files of profile messages are put into."));
	mem_free(name);
	return status;
}

static void *open_reader(const char *spec, const char *bytes, size_t length)
{
	(void)bytes;
	(void)length;
	return spool_new(folder_of(spec));
}

static void close_reader(void *state)
{
	spool_free(state);
}

/* A bad line says in which file it stands. */
static const char *tell(struct spool *spool, const char *why)
{
	str_clear(&spool->why);
	text_clean(&spool->why, spool->files.at[spool->at].name, strlen(spool->files.at[spool->at].name));
	str_add(&spool->why, ": ");
	str_add(&spool->why, why);
	return spool->why.text;
}

static enum source_next give_up(struct spool *spool, const char *because, const char **why)
{
	*why = tell(spool, because);
	spool->files.at[spool->at++].unreadable = true;
	spool->open = false;
	return SOURCE_BAD;
}

/* NULL, or why the file cannot be read. */
static const char *open_file(struct spool *spool, struct input *input)
{
	const struct spool_file *file = &spool->files.at[spool->at];
	char *path = mem_printf("%s/%s", spool->folder, file->name);
	int64_t taken = input->taken;
	struct stat about = { 0 };
	int fd = -1;
	const char *why = NULL;

	input_done(input);
	if (has_ending(file->name, ".csv") || has_ending(file->name, ".tsv"))
		why = _("a folder holds files of profile messages, and this is a table");
	else if ((fd = source_within(path, open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY))) < 0 || fstat(fd, &about) != 0)
		why = strerror(errno);
	if (why && fd >= 0)
		close(fd);
	if (!why)
		input_range(input, path, fd, 0, about.st_size, 0);
	input->taken = taken;
	input->size = -1;
	spool->open = !why;
	mem_free(path);
	return why;
}

/* From the file at hand; SOURCE_END: it is over. */
static enum source_next next_of_file(struct spool *spool, struct input *input, const struct json **message, const char **why)
{
	struct spool_file *file = &spool->files.at[spool->at];
	struct error failed = { 0 };
	enum source_next next = ndjson_format.next(spool->reader, input, message, why, &failed);

	switch (next) {
	case SOURCE_PROFILE:
		file->good++;
		break;
	case SOURCE_BAD:
		file->bad++;
		*why = tell(spool, *why);
		break;
	case SOURCE_ERROR:
		return give_up(spool, failed.message, why);
	case SOURCE_END:
		spool->open = false;
		spool->at++;
		break;
	}
	return next;
}

static enum source_next next(void *state, struct input *input, const struct json **message, const char **why, struct error *err)
{
	struct spool *spool = state;
	enum source_next next = SOURCE_END;

	if (!spool->listed && spool_list(spool, false, err) != STATUS_OK)
		return SOURCE_ERROR;
	while (next == SOURCE_END && spool->at < spool->files.count) {
		const char *because = spool->open ? NULL : open_file(spool, input);

		next = because ? give_up(spool, because, why) : next_of_file(spool, input, message, why);
	}
	return next;
}

const struct source_format spool_format = {
	.name = "spool",
	.check = check,
	.open = open_reader,
	.close = close_reader,
	.next = next,
};
