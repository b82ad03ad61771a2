/* What was posted: segments, each taken to its end and then deleted, once that is durable. */
#include "base/i18n.h"
#include "base/lockfile.h"
#include "base/mem.h"
#include "base/text.h"
#include "source/follow_inside.h"
#include "source/format.h"
#include "source/inbox.h"
#include "source/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct follow_inbox {
	char *folder;
	int lock;               /* -1: not ours yet */
	struct inbox_place at;  /* what was taken before a restart, by who keeps the position; without one by the folder */
	int64_t scanned, end;   /* of the segment at hand, as in lines_end */
	bool passed;            /* the place has moved since it was last noted in the folder */
	struct source *batch;   /* not ours */
};

static void *open_inbox(const char *path, int notify)
{
	struct follow_inbox *f = mem_alloc(sizeof *f);

	(void)notify;
	f->folder = mem_strdup(path);
	f->lock = -1;
	inbox_taken(path, &f->at);
	return f;
}

static void close_inbox(void *state)
{
	struct follow_inbox *f = state;

	lockfile_drop(f->lock);
	mem_free(f->folder);
	mem_free(f);
}

static bool resume(void *state, const char *position)
{
	return inbox_place_read(&((struct follow_inbox *)state)->at, position);
}

/* Two who take from one folder would each see a part of it. */
static enum status take_lock(struct follow_inbox *f, struct error *err)
{
	char *path = mem_printf("%s/taker.lock", f->folder);
	struct lockfile_holder holder = { 0 };
	enum status status = STATUS_OK;

	switch (lockfile_take(path, "", &f->lock, &holder)) {
	case LOCKFILE_OURS:
		break;
	case LOCKFILE_HELD:
		status = error_set(err, STATUS_FAILED, "busy", _("what waits in %s is taken by process %ld already"), f->folder, (long)holder.pid);
		error_hint(err, _("Each dataflow needs a port or a path, and a spool folder, of its own."));
		break;
	case LOCKFILE_FAILED:
		status = error_set(err, STATUS_FAILED, "spool", _("cannot open the lock file %s: %s"), path, strerror(errno));
		break;
	}
	mem_free(path);
	return status;
}

/* Opens a segment of the list; -1 with err. */
static int open_segment(const struct follow_inbox *f, int64_t number, struct error *err)
{
	char *path = inbox_path(f->folder, number);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY);

	if (fd < 0)
		error_set(err, STATUS_FAILED, "source", _("cannot read %s: %s"), path, strerror(errno));
	mem_free(path);
	return fd;
}

static void delete(const struct follow_inbox *f, int64_t number)
{
	char *path = inbox_path(f->folder, number);

	unlink(path);
	mem_free(path);
}

static enum status find_end(struct follow_inbox *f, const struct inbox_segment *segment, struct error *err)
{
	int fd = segment->size > f->at.offset ? open_segment(f, segment->number, err) : -1;

	f->end = f->at.offset;
	if (fd < 0)
		return segment->size > f->at.offset ? STATUS_FAILED : STATUS_OK;
	f->end = lines_end(fd, f->at.offset, &f->scanned, segment->size);
	close(fd);
	return STATUS_OK;
}

/* From the place on: the first segment with whole lines that were not taken. One that another follows grows no more, and is deleted when it holds none. */
static enum status find(struct follow_inbox *f, const inbox_segments *segments, struct error *err)
{
	for (size_t i = 0; i < segments->count; i++) {
		const struct inbox_segment *segment = &segments->at[i];
		enum status status;

		if (segment->number > f->at.segment) {
			f->at = (struct inbox_place){ .segment = segment->number };
			f->scanned = 0;
			f->passed = true;
		}
		if (segment->number == f->at.segment) {
			status = find_end(f, segment, err);
			if (status != STATUS_OK || f->end > f->at.offset)
				return status;
		}
		if (i + 1 < segments->count)
			delete(f, segment->number);
	}
	return STATUS_OK;
}

/* The batch was read: the place is behind it. */
static void pass(struct follow_inbox *f)
{
	if (!f->batch)
		return;
	f->at.line = source_position(f->batch);
	f->at.offset = f->scanned = f->end;
	f->passed = true;
	f->batch = NULL;
}

static enum status look(void *state, int64_t *waiting, struct error *err)
{
	struct follow_inbox *f = state;
	inbox_segments segments = { 0 };
	enum status status = f->lock >= 0 ? STATUS_OK : take_lock(f, err);

	f->batch = NULL;
	f->end = f->at.offset;
	if (status == STATUS_OK)
		status = inbox_list(f->folder, &segments, err);
	if (status == STATUS_OK)
		status = find(f, &segments, err);
	*waiting = f->end - f->at.offset;
	vec_done(&segments);
	return status;
}

static struct source *batch(void *state)
{
	struct follow_inbox *f = state;
	char *path = inbox_path(f->folder, f->at.segment);
	struct input input;

	input_range(&input, path, open_segment(f, f->at.segment, NULL), f->at.offset, f->end - f->at.offset, f->at.line);
	f->batch = source_make(&ndjson_format, ndjson_format.open(path, NULL, 0), &input);
	mem_free(path);
	return f->batch;
}

static void position(void *state, struct str *out)
{
	struct follow_inbox *f = state;

	pass(f);
	inbox_place_write(&f->at, out);
}

static enum status taken(void *state, struct error *err)
{
	struct follow_inbox *f = state;
	enum status status = STATUS_OK;

	pass(f);
	if (f->passed)
		status = inbox_note_taken(f->folder, &f->at, err);
	f->passed = status != STATUS_OK;
	return status;
}

const struct follow_kind follow_inbox_kind = {
	.open = open_inbox,
	.close = close_inbox,
	.resume = resume,
	.look = look,
	.batch = batch,
	.position = position,
	.taken = taken,
};
