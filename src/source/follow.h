/*
 * Following a source that grows: a file of profile messages that is appended to and rotated, or a folder that whole files are put into. What is there is taken in batches;
 * a position, which whoever follows keeps somewhere durable, tells where to go on after a restart. Nothing is passed over and nothing comes twice: a batch that is not
 * called taken comes again.
 */
#ifndef SOURCE_FOLLOW_H
#define SOURCE_FOLLOW_H

#include "base/error.h"
#include "base/str.h"
#include "source/source.h"

#include <stdint.h>

enum { FOLLOW_BYTES = 32 * 1024 * 1024 }; /* about as much as a batch holds at most; a single file of a folder may be larger */

struct follow;

/* spec as in source_open; the file need not be there yet, its folder must. position: as follow_position gave it for this spec, NULL: from the beginning; one that cannot be
 * understood: STATUS_FAILED. STATUS_USAGE: what cannot be followed (standard input, a table, a pipe). */
enum status follow_open(const char *spec, const char *position, struct follow **out, struct error *err);
void follow_close(struct follow *follow);
/* Can be read when something may have changed: then follow_look. Where files change without the system telling (on a network), looking now and then finds it. */
int follow_descriptor(const struct follow *follow);
/* *waiting: bytes of whole messages that are there and were not taken; a last line without its newline waits for it. */
enum status follow_look(struct follow *follow, int64_t *waiting, struct error *err);
/* What follow_look found, as a source that ends with it and stays the follow's: read it to its end, before the next look. */
struct source *follow_batch(struct follow *follow);
/* Where to go on after the batch that was read last. Appends to out; a text without secrets but with hashes and names of files. */
void follow_position(struct follow *follow, struct str *out);
/* That position is durable now. The files of a folder are moved to its subfolder done, or bad when nothing in them could be read. */
enum status follow_taken(struct follow *follow, struct error *err);

#endif
