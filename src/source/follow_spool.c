/* A folder: every file that is whole is taken once, in order of names, and moved away when what it says is durable. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* renameat2 */
#endif
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "source/follow_inside.h"
#include "source/format.h"
#include "source/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct done_file {
	char *name;
	uint64_t inode;
	bool bad;
};

struct follow_spool {
	char *folder;
	struct spool *next;         /* what the look found; the batch's source takes it over .. */
	struct spool *batch;        /* .. and this is it */
	VEC(struct done_file) done; /* taken, still to be moved */
};

static void *open_spool(const char *path, int notify)
{
	struct follow_spool *f = mem_alloc(sizeof *f);

	(void)notify;
	f->folder = mem_strdup(path);
	return f;
}

static void forget_done(struct follow_spool *f)
{
	for (size_t i = 0; i < f->done.count; i++)
		mem_free(f->done.at[i].name);
	f->done.count = 0;
}

static void close_spool(void *state)
{
	struct follow_spool *f = state;

	if (f->next)
		spool_free(f->next);
	forget_done(f);
	vec_done(&f->done);
	mem_free(f->folder);
	mem_free(f);
}

/* No name holds a slash: "spool/" and for each file taken "d" or "b", its number, a slash, its name, a slash. */
static bool resume(void *state, const char *position)
{
	struct follow_spool *f = state;
	const char *at = position + 6;

	if (strncmp(position, "spool/", 6) != 0)
		return false;
	while (*at) {
		struct done_file file = { .bad = *at == 'b' };
		char *after;
		const char *end;

		file.inode = strtoull(at + 1, &after, 10);
		end = *after == '/' ? strchr(after + 1, '/') : NULL;
		if (!end)
			return false;
		file.name = mem_strndup(after + 1, (size_t)(end - after - 1));
		vec_push(&f->done, file);
		at = end + 1;
	}
	return true;
}

/* Of the batch that was read, or, after a restart, of what the process before us has taken. */
static void note_done(struct follow_spool *f)
{
	if (!f->batch)
		return;
	forget_done(f);
	for (size_t i = 0; i < f->batch->files.count; i++) {
		const struct spool_file *file = &f->batch->files.at[i];

		vec_push(&f->done, ((struct done_file){ .name = mem_strdup(file->name), .inode = file->inode,
			.bad = file->unreadable || (file->bad && !file->good) }));
	}
	f->batch = NULL;
}

static void position(void *state, struct str *out)
{
	struct follow_spool *f = state;

	note_done(f);
	str_add(out, "spool/");
	for (size_t i = 0; i < f->done.count; i++)
		str_add_format(out, "%c%" PRIu64 "/%s/", f->done.at[i].bad ? 'b' : 'd', f->done.at[i].inode, f->done.at[i].name);
}

static enum status cannot_move(const struct follow_spool *f, const char *name, const char *why, struct error *err)
{
	char *clean = text_clean_dup(name);

	error_set(err, STATUS_USAGE, "source", _("cannot move %s/%s away: %s"), f->folder, clean, why);
	error_hint(err, _("penstock must be able to write in the folder: it moves what it has taken to done/ or bad/ in it."));
	mem_free(clean);
	return STATUS_USAGE;
}

/* Never over another file: a name that is taken there gets a number. */
static int move(const char *from, const char *folder, const char *name)
{
	int failed = EEXIST;

	for (int number = 0; failed == EEXIST && number < 10000; number++) {
		char *to = number ? mem_printf("%s/%s.%d", folder, name, number) : mem_printf("%s/%s", folder, name);

		failed = renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0 ? 0 : errno;
		mem_free(to);
	}
	return failed;
}

static enum status move_one(const struct follow_spool *f, const struct done_file *file, struct error *err)
{
	char *from = mem_printf("%s/%s", f->folder, file->name), *folder = mem_printf("%s/%s", f->folder, file->bad ? "bad" : "done");
	struct stat about;
	enum status status = STATUS_OK;
	int failed = 0;

	/* Gone, or another file of that name by now: what was taken was moved already. */
	if (lstat(from, &about) == 0 && about.st_ino == file->inode) {
		failed = mkdir(folder, 0700) == 0 || errno == EEXIST ? 0 : errno;
		if (!failed)
			failed = move(from, folder, file->name);
	}
	if (failed)
		status = cannot_move(f, file->name, strerror(failed), err);
	mem_free(from);
	mem_free(folder);
	return status;
}

static enum status taken(void *state, struct error *err)
{
	struct follow_spool *f = state;
	enum status status = STATUS_OK;

	note_done(f);
	for (size_t i = 0; status == STATUS_OK && i < f->done.count; i++)
		status = move_one(f, &f->done.at[i], err);
	if (status == STATUS_OK)
		forget_done(f);
	return status;
}

/* As many files as make a batch, at least one; the others wait for the next. */
static int64_t cut(struct spool *spool)
{
	int64_t bytes = 0;
	size_t count = 0;

	while (count < spool->files.count && (count == 0 || bytes + spool->files.at[count].size <= FOLLOW_BYTES))
		bytes += spool->files.at[count++].size;
	while (spool->files.count > count)
		spool_file_done(&spool->files.at[--spool->files.count]);
	return count ? bytes + 1 : 0; /* an empty file waits, too */
}

static enum status look(void *state, int64_t *waiting, struct error *err)
{
	struct follow_spool *f = state;
	enum status status;

	f->batch = NULL; /* its source is gone */
	status = taken(f, err);
	if (f->next)
		spool_free(f->next);
	f->next = spool_new(f->folder);
	if (status == STATUS_OK)
		status = spool_list(f->next, true, err);
	if (status == STATUS_OK)
		*waiting = cut(f->next);
	return status;
}

static struct source *batch(void *state)
{
	struct follow_spool *f = state;

	f->batch = f->next;
	f->next = NULL;
	return source_make(&spool_format, f->batch, NULL);
}

const struct follow_kind follow_spool_kind = {
	.open = open_spool,
	.close = close_spool,
	.resume = resume,
	.look = look,
	.batch = batch,
	.position = position,
	.taken = taken,
};
