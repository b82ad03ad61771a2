/* A folder that files of profile messages are put into, taken in order of their names. Inside source/ only. */
#ifndef SOURCE_SPOOL_H
#define SOURCE_SPOOL_H

#include "base/error.h"
#include "base/str.h"
#include "base/vec.h"

#include <stdbool.h>
#include <stdint.h>

struct spool_file {
	char *name;
	uint64_t inode;
	int64_t size;      /* when it was listed */
	int64_t good, bad; /* messages and bad lines read from it so far */
	bool unreadable;   /* as a whole */
};

/* The state of a source of the format spool_format. */
struct spool {
	char *folder;
	bool listed;
	VEC(struct spool_file) files;
	size_t at;                  /* the file that is read now */
	bool open;
	struct json_reader *reader;
	struct str why;
};

struct spool *spool_new(const char *folder);
void spool_free(struct spool *spool);
void spool_file_done(struct spool_file *file);
/* Fills files with the folder's regular files in order of their names, without those whose name begins with a dot or ends in .tmp or .part. whole: also without those that
 * somebody is still writing. STATUS_FAILED: the folder cannot be read. */
enum status spool_list(struct spool *spool, bool whole, struct error *err);

#endif
