/*
 * A file that is appended to. Where we are is a file (by its number, and by a hash of what stands before the place, since numbers are given out again) and an offset in it.
 * - Rotated by renaming: the file at hand is read to its end, under whatever name, and is left once a newer one has something in it.
 * - Rotated by copying and truncating: what was not read yet is found in the copy; then the file begins anew.
 * - Several rotations while nobody looked: rotated files lie beside it, NAME.1 or NAME-20260101, and are taken in order of their last change.
 */
#include "base/i18n.h"
#include "base/mem.h"
#include "source/follow_inside.h"
#include "source/format.h"
#include "source/limit.h"
#include "source/lines.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MARK_BYTES = 64, HOPS_MOST = 1000 };

struct place {
	uint64_t device, inode; /* inode 0: nowhere yet */
	int64_t offset, line;   /* bytes and lines before it */
	uint64_t mark;          /* hash of the bytes before it, MARK_BYTES at most */
};

struct follow_file {
	char *path, *folder;
	const char *name;       /* in path, behind the folder */
	int notify, watch;      /* -1: none */
	int fd;                 /* of the file at hand; -1: none */
	struct place at;
	int64_t scanned;        /* there is no newline from at.offset up to here */
	int64_t end;            /* of the whole lines that are there */
	struct source *batch;   /* not ours */
};

static void *open_file(const char *path, int notify)
{
	struct follow_file *f = mem_alloc(sizeof *f);
	char *slash;

	f->path = strchr(path, '/') ? mem_strdup(path) : mem_printf("./%s", path);
	slash = strrchr(f->path, '/');
	f->name = slash + 1;
	f->folder = slash == f->path ? mem_strdup("/") : mem_strndup(f->path, (size_t)(slash - f->path));
	f->notify = notify;
	f->watch = f->fd = -1;
	return f;
}

static void leave(struct follow_file *f)
{
	if (f->fd >= 0)
		close(f->fd);
	if (f->watch >= 0)
		inotify_rm_watch(f->notify, f->watch);
	f->fd = f->watch = -1;
}

static void close_file(void *state)
{
	struct follow_file *f = state;

	leave(f);
	mem_free(f->path);
	mem_free(f->folder);
	mem_free(f);
}

/* Reads "/" and a number, and goes on behind it. */
static bool take_number(const char **at, int base, uint64_t *out)
{
	char *end;

	if ((*at)[0] != '/' || !isxdigit((unsigned char)(*at)[1]))
		return false;
	errno = 0;
	*out = strtoull(*at + 1, &end, base);
	*at = end;
	return errno == 0;
}

static bool resume(void *state, const char *position)
{
	struct follow_file *f = state;
	uint64_t offset, line;

	if (strncmp(position, "file/", 5) != 0)
		return false;
	position += 4;
	if (!take_number(&position, 10, &f->at.device) || !take_number(&position, 10, &f->at.inode) || !take_number(&position, 10, &offset) ||
		!take_number(&position, 10, &line) || !take_number(&position, 16, &f->at.mark) || offset > INT64_MAX || line > INT64_MAX)
		return false;
	f->at.offset = (int64_t)offset;
	f->at.line = (int64_t)line;
	return true;
}

static enum status refuse(const struct follow_file *f, const char *why, struct error *err)
{
	error_set(err, STATUS_FAILED, "source", _("cannot read %s: %s"), f->path, why);
	error_hint(err, _("Check the path and the permissions of the file."));
	return STATUS_FAILED;
}

/* Of what stands before the offset (FNV-1a). */
static uint64_t mark_of(int fd, int64_t offset)
{
	unsigned char bytes[MARK_BYTES];
	int64_t from = offset > MARK_BYTES ? offset - MARK_BYTES : 0;
	ssize_t got = pread(fd, bytes, (size_t)(offset - from), from);
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (ssize_t i = 0; i < got; i++)
		hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
	return hash;
}

/* Does this file hold what was read up to the place? */
static bool goes_on_here(int fd, const struct place *at)
{
	struct stat about;

	if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode) || about.st_size < at->offset)
		return false;
	/* Of nothing that was read there is no hash worth anything. */
	return at->offset > 0 ? mark_of(fd, at->offset) == at->mark : about.st_ino == at->inode && about.st_dev == at->device;
}

/* Takes fd as the file at hand, from `offset` on. */
static void enter(struct follow_file *f, int fd, int64_t offset, int64_t line)
{
	struct stat about = { 0 };
	char link[64];

	leave(f);
	f->fd = fd;
	fstat(fd, &about);
	f->at = (struct place){ .device = about.st_dev, .inode = about.st_ino, .offset = offset, .line = line, .mark = mark_of(fd, offset) };
	f->scanned = offset;
	/* Its folder is watched; this finds changes of a file that has been moved, or is only linked there. */
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	f->watch = inotify_add_watch(f->notify, link, IN_MODIFY);
}

static int open_regular(const char *path)
{
	int fd = source_within(path, open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
	struct stat about;

	if (fd >= 0 && (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode))) {
		close(fd);
		errno = EINVAL;
		return -1;
	}
	return fd;
}

/* What a rotated file adds to the name: nothing but digits and what stands between them. */
static bool is_rotation(const char *tail, size_t length)
{
	size_t digits = 0;

	for (size_t i = 0; i < length; i++) {
		if (!strchr(".-_:TZ0123456789", tail[i]))
			return false;
		digits += tail[i] >= '0' && tail[i] <= '9';
	}
	return digits > 0;
}

/* NAME.1, NAME-20260101, and NAME-20260101.ndjson where the name ends in .ndjson. */
static bool is_sibling(const struct follow_file *f, const char *name)
{
	const char *ending = strrchr(f->name, '.');
	size_t whole = strlen(f->name), stem = ending ? (size_t)(ending - f->name) : whole, length = strlen(name), tail = whole - stem;

	if (length > whole && strncmp(name, f->name, whole) == 0 && is_rotation(name + whole, length - whole))
		return true;
	return ending && length > whole && strncmp(name, f->name, stem) == 0 && strcmp(name + length - tail, ending) == 0 && is_rotation(name + stem, length - tail - stem);
}

static bool is_later(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec != b->tv_sec ? a->tv_sec > b->tv_sec : a->tv_nsec > b->tv_nsec;
}

/* Looks at every rotated file: returns a descriptor of the one that `better` prefers to all others, -1: none. */
typedef bool (*better_fn)(const struct follow_file *f, int fd, const struct stat *about, const struct stat *best);

static int find_sibling(const struct follow_file *f, better_fn better, struct stat *best)
{
	DIR *folder = opendir(f->folder);
	struct dirent *entry;
	int found = -1;

	while (folder && (entry = readdir(folder)) != NULL) {
		struct stat about;
		char *path = is_sibling(f, entry->d_name) ? mem_printf("%s/%s", f->folder, entry->d_name) : NULL;
		int fd = path ? open_regular(path) : -1;

		mem_free(path);
		if (fd < 0)
			continue;
		if (fstat(fd, &about) == 0 && better(f, fd, &about, found >= 0 ? best : NULL)) {
			int worse = found;

			found = fd;
			*best = about;
			fd = worse;
		}
		if (fd >= 0)
			close(fd);
	}
	if (folder)
		closedir(folder);
	return found;
}

/* The file that was being read, under its new name, or a copy of it with more in it than was read. */
static bool holds_rest(const struct follow_file *f, int fd, const struct stat *about, const struct stat *best)
{
	bool same = about->st_ino == f->at.inode && about->st_dev == f->at.device;

	if (!goes_on_here(fd, &f->at) || (!same && about->st_size == f->at.offset))
		return false;
	return !best || same;
}

/* The earliest of those changed after the file at hand. */
static bool follows(const struct follow_file *f, int fd, const struct stat *about, const struct stat *best)
{
	struct stat here;

	(void)fd;
	return about->st_size > 0 && fstat(f->fd, &here) == 0 && (about->st_ino != here.st_ino || about->st_dev != here.st_dev) &&
		is_later(&about->st_mtim, &here.st_mtim) && (!best || is_later(&best->st_mtim, &about->st_mtim));
}

/* The first look, or there was no file before: where the position says, or at the beginning. */
static enum status find_start(struct follow_file *f, struct error *err)
{
	int fd = open_regular(f->path), rest;
	struct stat about;

	if (fd < 0 && errno != ENOENT)
		return refuse(f, strerror(errno), err);
	if (!f->at.inode || (fd >= 0 && goes_on_here(fd, &f->at))) {
		if (fd >= 0)
			enter(f, fd, f->at.inode ? f->at.offset : 0, f->at.inode ? f->at.line : 0);
		return STATUS_OK;
	}
	rest = find_sibling(f, holds_rest, &about);
	if (rest >= 0 && fd >= 0)
		close(fd);
	if (rest >= 0)
		enter(f, rest, f->at.offset, f->at.line);
	else if (fd >= 0)
		enter(f, fd, 0, 0);
	return STATUS_OK;
}

/* Shorter than what was read, or other bytes before the place: it was truncated. What had not been read is in a copy, if there is one. */
static void notice_truncation(struct follow_file *f)
{
	struct stat about;
	int rest;

	if (goes_on_here(f->fd, &f->at))
		return;
	rest = find_sibling(f, holds_rest, &about);
	if (rest >= 0)
		enter(f, rest, f->at.offset, f->at.line);
	else
		enter(f, dup(f->fd), 0, 0);
}

/* What comes after the file at hand: the next rotated one, or the one of the name. -1: nothing yet, more may still be written to this one. */
static int find_next(const struct follow_file *f)
{
	int fd = open_regular(f->path), next;
	struct stat about, best, here;

	if (fd < 0)
		return -1;
	if (fstat(fd, &about) != 0 || fstat(f->fd, &here) != 0 || (about.st_ino == here.st_ino && about.st_dev == here.st_dev) || about.st_size == 0) {
		close(fd);
		return -1;
	}
	next = find_sibling(f, follows, &best);
	/* The one of the name is the last of all. */
	if (next < 0)
		return fd;
	close(fd);
	return next;
}

/* The file at hand has no whole line left. When another one follows, its last line may do without a newline; else it is left. *again: look at the next one. */
static enum status notice_rotation(struct follow_file *f, bool *again, struct error *err)
{
	int next = find_next(f);
	struct stat about;

	*again = false;
	if (next < 0)
		return STATUS_OK;
	/* Once more, now that the writer has gone on to the next: nothing is added to this one any more. */
	if (fstat(f->fd, &about) != 0) {
		close(next);
		return refuse(f, strerror(errno), err);
	}
	if (about.st_size > f->at.offset) {
		f->end = about.st_size;
		close(next);
		return STATUS_OK;
	}
	enter(f, next, 0, 0);
	*again = true;
	return STATUS_OK;
}

static enum status look(void *state, int64_t *waiting, struct error *err)
{
	struct follow_file *f = state;
	enum status status = STATUS_OK;
	bool again = true;

	f->batch = NULL;
	for (int hops = 0; again && status == STATUS_OK && hops < HOPS_MOST; hops++) {
		struct stat about;

		again = false;
		if (f->fd < 0)
			status = find_start(f, err);
		if (f->fd < 0 || status != STATUS_OK)
			return status;
		notice_truncation(f);
		if (fstat(f->fd, &about) != 0)
			return refuse(f, strerror(errno), err);
		f->end = lines_end(f->fd, f->at.offset, &f->scanned, about.st_size);
		if (f->end == f->at.offset)
			status = notice_rotation(f, &again, err);
	}
	*waiting = f->end - f->at.offset;
	return status;
}

static struct source *batch(void *state)
{
	struct follow_file *f = state;
	struct input input;

	input_range(&input, f->path, dup(f->fd), f->at.offset, f->end - f->at.offset, f->at.line);
	f->batch = source_make(&ndjson_format, ndjson_format.open(f->path, NULL, 0), &input);
	return f->batch;
}

/* The batch was read: the place is behind it. */
static void pass(struct follow_file *f)
{
	if (!f->batch)
		return;
	f->at.line = source_position(f->batch);
	f->at.offset = f->scanned = f->end;
	f->at.mark = mark_of(f->fd, f->at.offset);
	f->batch = NULL;
}

static void position(void *state, struct str *out)
{
	struct follow_file *f = state;

	pass(f);
	str_add_format(out, "file/%" PRIu64 "/%" PRIu64 "/%" PRId64 "/%" PRId64 "/%" PRIx64, f->at.device, f->at.inode, f->at.offset, f->at.line, f->at.mark);
}

static enum status taken(void *state, struct error *err)
{
	(void)err;
	pass(state);
	return STATUS_OK;
}

const struct follow_kind follow_file_kind = {
	.open = open_file,
	.close = close_file,
	.resume = resume,
	.look = look,
	.batch = batch,
	.position = position,
	.taken = taken,
};
