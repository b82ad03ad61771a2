/*
 * A folder that received messages wait in: segments, files with one message a line, named by numbers that only grow. One process appends to the last segment; one takes from
 * the first, and deletes what it has passed. A line without its newline at the end of a segment was never acknowledged, and does not count.
 */
#ifndef SOURCE_INBOX_H
#define SOURCE_INBOX_H

#include "base/error.h"
#include "base/str.h"
#include "base/vec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct inbox_segment {
	int64_t number, size;
};
typedef VEC(struct inbox_segment) inbox_segments;

/* How far messages were taken. */
struct inbox_place {
	int64_t segment, offset, line; /* segment 0: nothing yet */
};

enum status inbox_make(const char *folder, struct error *err); /* the folder with its parents, 0700; nothing when it is there */
/* Fills out, in order. A folder that is not there is empty. */
enum status inbox_list(const char *folder, inbox_segments *out, struct error *err);
char *inbox_path(const char *folder, int64_t segment); /* free with mem_free */
bool inbox_is_from(const struct inbox_place *place, const struct inbox_segment *segment); /* is some of it still to be taken, if it holds anything? */
/* Bytes from the place on. */
int64_t inbox_waiting(const inbox_segments *segments, const struct inbox_place *place);

void inbox_place_write(const struct inbox_place *place, struct str *out);
bool inbox_place_read(struct inbox_place *place, const char *text);
/* What was taken last, for those who only look: kept in the folder itself. It may lag behind. */
void inbox_taken(const char *folder, struct inbox_place *out);
enum status inbox_note_taken(const char *folder, const struct inbox_place *place, struct error *err);

struct inbox_writer;
/* Goes on behind everything that is there. STATUS_FAILED: the folder cannot be written to. */
enum status inbox_writer_open(const char *folder, struct inbox_writer **out, struct error *err);
void inbox_writer_close(struct inbox_writer *writer); /* what was not kept is lost */
void inbox_add(struct inbox_writer *writer, const char *line, size_t length); /* in memory, until the next inbox_keep */
size_t inbox_added(const struct inbox_writer *writer); /* bytes of it */
/* Everything added is durable, or (STATUS_FAILED) nobody may count on any of it; what of it arrived all the same comes again with what is sent again. */
enum status inbox_keep(struct inbox_writer *writer, struct error *err);
/* Begins a new segment when the last is large or old enough, so that what was taken can be deleted soon. */
void inbox_turn(struct inbox_writer *writer);

#endif
