#include "source/inbox.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	DIGITS = 16,
	SEGMENT_BYTES = 8 * 1024 * 1024,
	SEGMENT_MS = 10 * 60 * 1000,
	PLACE_MOST = 128, /* bytes of a place's text */
};
static const char ending[] = ".ndjson", taken_name[] = "taken";

struct inbox_writer {
	char *folder;
	struct str added;
	int fd;              /* of the last segment; -1: the next message begins one */
	int64_t number;      /* of the last segment */
	int64_t size, since; /* clock_mono_ms */
};

static enum status fail(const char *format, const char *path, struct error *err)
{
	int failed = errno;
	char *clean = text_clean_dup(path);

	error_set(err, STATUS_FAILED, "spool", format, clean, strerror(failed));
	error_hint(err, _("Check the path, the permissions and the room on the disk."));
	mem_free(clean);
	return STATUS_FAILED;
}

enum status inbox_make(const char *folder, struct error *err)
{
	char *inside = mem_printf("%s/.", folder);
	enum status status = file_make_parents(inside, err);

	mem_free(inside);
	return status;
}

char *inbox_path(const char *folder, int64_t segment)
{
	return mem_printf("%s/%0*" PRId64 "%s", folder, DIGITS, segment, ending);
}

/* 0: the name is none of a segment's. */
static int64_t number_of(const char *name)
{
	long long number;
	char digits[DIGITS + 1] = "";

	if (strlen(name) != DIGITS + sizeof ending - 1 || strcmp(name + DIGITS, ending) != 0)
		return 0;
	memcpy(digits, name, DIGITS);
	return strspn(digits, "0123456789") == DIGITS && text_to_i64(digits + strspn(digits, "0"), 1, INT64_MAX, &number) ? number : 0;
}

static int by_number(const void *a, const void *b)
{
	int64_t first = ((const struct inbox_segment *)a)->number, second = ((const struct inbox_segment *)b)->number;

	return (first > second) - (first < second);
}

/* After the names: a segment that is not the last has its last size by now. What is no file, or gone, is left out. */
static void measure(const char *folder, inbox_segments *segments)
{
	size_t kept = 0;

	for (size_t i = 0; i < segments->count; i++) {
		char *path = inbox_path(folder, segments->at[i].number);
		struct stat about;

		if (lstat(path, &about) == 0 && S_ISREG(about.st_mode))
			segments->at[kept++] = (struct inbox_segment){ .number = segments->at[i].number, .size = about.st_size };
		mem_free(path);
	}
	segments->count = kept;
}

enum status inbox_list(const char *folder, inbox_segments *out, struct error *err)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	out->count = 0;
	if (!dir)
		return errno == ENOENT ? STATUS_OK : fail(_("cannot read %s: %s"), folder, err);
	while ((entry = readdir(dir)) != NULL) {
		int64_t number = number_of(entry->d_name);

		if (number)
			vec_push(out, ((struct inbox_segment){ .number = number }));
	}
	closedir(dir);
	if (out->count > 1)
		qsort(out->at, out->count, sizeof *out->at, by_number);
	measure(folder, out);
	return STATUS_OK;
}

bool inbox_is_from(const struct inbox_place *place, const struct inbox_segment *segment)
{
	return segment->number > place->segment || (segment->number == place->segment && segment->size > place->offset);
}

int64_t inbox_waiting(const inbox_segments *segments, const struct inbox_place *place)
{
	int64_t bytes = 0;

	for (size_t i = 0; i < segments->count; i++)
		if (inbox_is_from(place, &segments->at[i]))
			bytes += segments->at[i].size - (segments->at[i].number == place->segment ? place->offset : 0);
	return bytes;
}

/* --- places --- */

void inbox_place_write(const struct inbox_place *place, struct str *out)
{
	str_add_format(out, "inbox/%" PRId64 "/%" PRId64 "/%" PRId64, place->segment, place->offset, place->line);
}

bool inbox_place_read(struct inbox_place *place, const char *text)
{
	int64_t *const numbers[] = { &place->segment, &place->offset, &place->line };
	char *copy, *rest;
	bool good = strncmp(text, "inbox/", 6) == 0 && strlen(text) < PLACE_MOST;

	if (!good)
		return false;
	copy = rest = mem_strdup(text + 6);
	for (size_t i = 0; good && i < sizeof numbers / sizeof *numbers; i++) {
		const char *word = strsep(&rest, "/");
		long long number = 0;

		good = word && text_to_i64(word, 0, INT64_MAX, &number);
		*numbers[i] = number;
	}
	good = good && !rest;
	mem_free(copy);
	return good;
}

void inbox_taken(const char *folder, struct inbox_place *out)
{
	char *path = mem_printf("%s/%s", folder, taken_name);
	struct str text = { 0 };
	struct inbox_place place;

	*out = (struct inbox_place){ 0 };
	if (file_read(path, PLACE_MOST, &text, NULL) == STATUS_OK && inbox_place_read(&place, str_text(&text)))
		*out = place;
	str_done(&text);
	mem_free(path);
}

enum status inbox_note_taken(const char *folder, const struct inbox_place *place, struct error *err)
{
	char *path = mem_printf("%s/%s", folder, taken_name);
	struct str text = { 0 };
	enum status status;

	inbox_place_write(place, &text);
	status = file_replace(path, text.text, text.length, 0600, err);
	str_done(&text);
	mem_free(path);
	return status;
}

/* --- writing --- */

static void leave(struct inbox_writer *w)
{
	if (w->fd >= 0)
		close(w->fd);
	w->fd = -1;
}

static void take_empty_away(const struct inbox_writer *w)
{
	struct stat about;
	char *path = inbox_path(w->folder, w->number);

	if (w->fd >= 0 && fstat(w->fd, &about) == 0 && about.st_size == 0)
		unlink(path);
	mem_free(path);
}

/* A number that is new even when the folder was emptied by hand: places that were kept elsewhere must not point into it. */
static enum status begin_segment(struct inbox_writer *w, struct error *err)
{
	int64_t number = clock_wall_ms() > w->number ? clock_wall_ms() : w->number + 1;
	char *path = inbox_path(w->folder, number);
	enum status status = STATUS_OK;

	leave(w);
	w->fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (w->fd < 0 || !file_sync_parent(path)) {
		status = fail(_("cannot write %s: %s"), path, err);
		leave(w);
	} else {
		w->number = number;
		w->size = 0;
		w->since = clock_mono_ms();
	}
	mem_free(path);
	return status;
}

static enum status go_on(struct inbox_writer *w, struct error *err)
{
	inbox_segments segments = { 0 };
	struct inbox_place taken;
	const struct inbox_segment *last;
	enum status status = inbox_list(w->folder, &segments, err);

	inbox_taken(w->folder, &taken);
	last = segments.count ? &segments.at[segments.count - 1] : NULL;
	w->number = last && last->number > taken.segment ? last->number : taken.segment;
	/* Never behind what may be half a line. */
	if (status == STATUS_OK && (!last || last->size > 0))
		status = begin_segment(w, err);
	vec_done(&segments);
	return status;
}

enum status inbox_writer_open(const char *folder, struct inbox_writer **out, struct error *err)
{
	struct inbox_writer *w = mem_alloc(sizeof *w);
	enum status status;

	w->folder = mem_strdup(folder);
	w->fd = -1;
	status = inbox_make(folder, err);
	if (status == STATUS_OK)
		status = go_on(w, err);
	if (status != STATUS_OK) {
		inbox_writer_close(w);
		w = NULL;
	}
	*out = w;
	return status;
}

void inbox_writer_close(struct inbox_writer *w)
{
	if (!w)
		return;
	leave(w);
	str_done(&w->added);
	mem_free(w->folder);
	mem_free(w);
}

void inbox_add(struct inbox_writer *w, const char *line, size_t length)
{
	str_add_bytes(&w->added, line, length);
	str_add_char(&w->added, '\n');
}

size_t inbox_added(const struct inbox_writer *w)
{
	return w->added.length;
}

enum status inbox_keep(struct inbox_writer *w, struct error *err)
{
	enum status status = STATUS_OK;

	if (!w->added.length)
		return STATUS_OK;
	if (w->fd < 0)
		status = begin_segment(w, err);
	if (status == STATUS_OK && (!file_write_all(w->fd, w->added.text, w->added.length) || fdatasync(w->fd) != 0)) {
		status = fail(_("cannot write to %s: %s"), w->folder, err);
		/* Its end may be half a line: what comes next stands in another one. Where nothing could be written, a full disk would fill with empty ones. */
		take_empty_away(w);
		leave(w);
	}
	w->size += (int64_t)w->added.length;
	str_clear(&w->added);
	inbox_turn(w);
	return status;
}

void inbox_turn(struct inbox_writer *w)
{
	if (w->fd >= 0 && w->size > 0 && (w->size >= SEGMENT_BYTES || clock_mono_ms() - w->since >= SEGMENT_MS))
		begin_segment(w, NULL);
}
