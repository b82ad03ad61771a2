#include "source/input.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "source/limit.h"
#include "source/source.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	BUFFER_FIRST = 256 * 1024,
	BUFFER_MOST = SOURCE_LINE_LIMIT + 16, /* the longest line with its CR and LF, and the byte order mark */
	WAIT_MS = 200,                        /* between two looks at *stop */
};

static const char byte_order_mark[] = "\xef\xbb\xbf";

static enum status refuse(struct input *input, enum status status, const char *why, struct error *err)
{
	error_set(err, status, "source", _("cannot read %s: %s"), input->name, why);
	return status;
}

static enum status look_at(struct input *input, struct error *err)
{
	struct stat about;
	off_t at;

	if (fstat(input->fd, &about) != 0)
		return refuse(input, STATUS_FAILED, strerror(errno), err);
	if (S_ISDIR(about.st_mode)) {
		refuse(input, STATUS_USAGE, _("it is a directory"), err);
		error_hint(err, _("Name one file, or the folder alone (spool:FOLDER) to read every file in it."));
		return STATUS_USAGE;
	}
	input->waits = !S_ISREG(about.st_mode);
	input->size = -1;
	if (S_ISREG(about.st_mode)) {
		at = lseek(input->fd, 0, SEEK_CUR);
		input->size = about.st_size - (at > 0 && at <= about.st_size ? at : 0);
		posix_fadvise(input->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	}
	return STATUS_OK;
}

enum status input_open(struct input *input, const char *path, struct error *err)
{
	bool standard = strcmp(path, "-") == 0;
	enum status status;

	*input = (struct input){ .own_fd = !standard, .fd = STDIN_FILENO, .left = -1 };
	input->name = standard ? mem_strdup(_("standard input")) : text_clean_dup(path);
	if (!standard) {
		input->fd = source_handed(path);
		while (input->fd < 0 && (input->fd = source_within(path, open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY))) < 0 && errno == EINTR)
			;
	}
	if (input->fd < 0) {
		status = refuse(input, STATUS_FAILED, strerror(errno), err);
		error_hint(err, _("Check the path and the permissions of the file."));
	} else {
		status = look_at(input, err);
	}
	if (status != STATUS_OK) {
		input_done(input);
		return status;
	}
	input->capacity = BUFFER_FIRST;
	input->buffer = mem_alloc(input->capacity);
	return STATUS_OK;
}

void input_range(struct input *input, const char *name, int fd, int64_t offset, int64_t length, int64_t line)
{
	*input = (struct input){ .own_fd = true, .fd = fd, .begun = offset > 0, .line = line, .size = length, .left = length };
	input->name = text_clean_dup(name);
	input->capacity = BUFFER_FIRST;
	input->buffer = mem_alloc(input->capacity);
	lseek(fd, offset, SEEK_SET);
}

void input_done(struct input *input)
{
	if (input->own_fd && input->fd >= 0)
		close(input->fd);
	mem_free(input->name);
	mem_free(input->buffer);
	*input = (struct input){ .fd = -1 };
}

bool input_is_stopped(const struct input *input)
{
	return (input->stop && *input->stop) || (input->ask && input->ask(input->ask_self));
}

/* Waits until there is something to read (also on a descriptor that somebody set not to block); false when the caller was told to stop.
 * A file never keeps us waiting. */
static bool wait_for_bytes(struct input *input)
{
	struct pollfd ready = { .fd = input->fd, .events = POLLIN };

	if (!input->waits)
		return true;
	while (!input_is_stopped(input)) {
		if (poll(&ready, 1, WAIT_MS) > 0)
			return true;
	}
	return false;
}

/* Makes room behind the bytes that are there: moves them down, or grows. False when the longest line would not fit any more. */
static bool make_room(struct input *input)
{
	if (input->end < input->capacity)
		return true;
	if (input->start > 0) {
		memmove(input->buffer, input->buffer + input->start, input->end - input->start);
		input->end -= input->start;
		input->start = 0;
		return true;
	}
	if (input->capacity >= BUFFER_MOST)
		return false;
	input->capacity = input->capacity * 2 < BUFFER_MOST ? input->capacity * 2 : BUFFER_MOST;
	input->buffer = mem_realloc(input->buffer, input->capacity);
	return true;
}

/* One read() behind what is there. */
static enum status fill(struct input *input, struct error *err)
{
	size_t room = input->capacity - input->end;
	ssize_t got;

	if (input->left >= 0 && (int64_t)room > input->left)
		room = (size_t)input->left;
	do {
		if (!wait_for_bytes(input))
			return error_set(err, STATUS_STOPPED, "stopped", _("stopped while reading %s"), input->name);
		got = room ? read(input->fd, input->buffer + input->end, room) : 0;
	} while (got < 0 && (errno == EINTR || errno == EAGAIN));
	if (got < 0)
		return refuse(input, STATUS_FAILED, strerror(errno), err);
	if (input->left >= 0)
		input->left -= got;
	input->at_end = got == 0;
	input->end += (size_t)got;
	return STATUS_OK;
}

void input_take(struct input *input, size_t count)
{
	input->start += count;
	input->taken += (int64_t)count;
	if (input->start == input->end)
		input->start = input->end = 0;
}

/* Passes over the rest of a line that is too long, holding nothing of it. */
static enum status pass_over(struct input *input, struct error *err)
{
	enum status status = STATUS_OK;

	while (status == STATUS_OK) {
		const char *newline = memchr(input->buffer + input->start, '\n', input->end - input->start);

		if (newline) {
			input_take(input, (size_t)(newline + 1 - (input->buffer + input->start)));
			return STATUS_OK;
		}
		input_take(input, input->end - input->start);
		if (input->at_end)
			return STATUS_OK;
		status = fill(input, err);
	}
	return status;
}

static enum status skip_mark(struct input *input, struct error *err)
{
	enum status status = STATUS_OK;

	while (status == STATUS_OK && !input->at_end && input->end < 3)
		status = fill(input, err);
	if (status != STATUS_OK)
		return status;
	input->begun = true;
	if (input->end >= 3 && memcmp(input->buffer, byte_order_mark, 3) == 0)
		input_take(input, 3);
	return STATUS_OK;
}

/* Reads until a newline, the end or a full buffer. *length is what stands before the newline, *whole what is to be taken. */
static enum input_line find_line(struct input *input, size_t *length, size_t *whole, struct error *err)
{
	size_t looked = 0;

	for (;;) {
		const char *begin = input->buffer + input->start;
		size_t held = input->end - input->start;
		const char *newline = memchr(begin + looked, '\n', held - looked);

		if (newline || (input->at_end && held > 0)) {
			*length = newline ? (size_t)(newline - begin) : held;
			*whole = *length + (newline != NULL);
			return INPUT_LINE;
		}
		looked = held;
		if (input->at_end)
			return INPUT_END;
		if (!make_room(input))
			return INPUT_TOO_LONG;
		if (fill(input, err) != STATUS_OK)
			return INPUT_ERROR;
	}
}

enum input_line input_line(struct input *input, const char **text, size_t *length, struct error *err)
{
	enum input_line found;
	size_t whole;

	if (!input->begun && skip_mark(input, err) != STATUS_OK)
		return INPUT_ERROR;
	found = find_line(input, length, &whole, err);
	if (found == INPUT_END || found == INPUT_ERROR)
		return found;
	input->line++;
	if (found == INPUT_TOO_LONG)
		return pass_over(input, err) == STATUS_OK ? INPUT_TOO_LONG : INPUT_ERROR;
	*text = input->buffer + input->start;
	input_take(input, whole);
	if (*length > 0 && (*text)[*length - 1] == '\r')
		--*length;
	return *length > SOURCE_LINE_LIMIT ? INPUT_TOO_LONG : INPUT_LINE;
}

enum status input_bytes(struct input *input, const char **bytes, size_t *length, struct error *err)
{
	enum status status = input->begun ? STATUS_OK : skip_mark(input, err);

	if (status == STATUS_OK && input->start == input->end && !input->at_end)
		status = fill(input, err);
	*bytes = input->buffer + input->start;
	*length = input->end - input->start;
	return status;
}

static bool is_white(const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (bytes[i] != ' ' && (bytes[i] < '\t' || bytes[i] > '\r'))
			return false;
	}
	return true;
}

enum status input_peek(struct input *input, const char **bytes, size_t *length, struct error *err)
{
	enum status status = input->begun ? STATUS_OK : skip_mark(input, err);

	while (status == STATUS_OK && !input->at_end && is_white(input->buffer + input->start, input->end - input->start) && input->end < input->capacity)
		status = fill(input, err);
	*bytes = input->buffer + input->start;
	*length = input->end - input->start;
	return status;
}
