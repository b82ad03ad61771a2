/* Files: reading within bounds, replacing safely, folders of our own. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/error.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

/* Whole file into out; refuses directories and more than `limit` bytes with a clear error (STATUS_USAGE, code "file"). */
enum status file_read(const char *path, size_t limit, struct str *out, struct error *err);
/* Temporary file beside it, full write, fsync, mode, rename, fsync of the folder; the temporary is removed on failure. A device or a pipe is
 * left alone (STATUS_FAILED). */
enum status file_replace(const char *path, const void *bytes, size_t length, unsigned mode, struct error *err);
/* Files that somebody else has named and opened for us, since their rights count and not ours: exactly these paths mean these descriptors, which stay the caller's. */
enum { FILE_GIVEN_MOST = 16 };
void file_give(const char *path, int fd);
/* As file_read and file_replace; of what was given that descriptor is read, or emptied and written. A device, a pipe and /dev/stdout are written into, which may wait for who
 * reads. */
bool file_is_given(const char *path);
enum status file_read_given(const char *path, size_t limit, struct str *out, struct error *err);
enum status file_replace_given(const char *path, const void *bytes, size_t length, unsigned mode, struct error *err);
/* The same bit by bit: what was there stays until file_writer_end keeps what was written, where it is a file that can be replaced. _end is due after _begin has returned
 * STATUS_OK; keep false: as if nothing had been written. */
struct file_writer {
	char *path, *temporary; /* temporary NULL: written in place */
	int fd;
	bool ours;              /* to be closed */
};
enum status file_writer_begin(struct file_writer *writer, const char *path, unsigned mode, struct error *err);
enum status file_writer_add(struct file_writer *writer, const void *bytes, size_t length, struct error *err);
enum status file_writer_end(struct file_writer *writer, bool keep, struct error *err);
/* Does what is written there go where our answers go? */
bool file_is_stdout(const char *path);
/* As open(2). */
int file_open_given(const char *path, int flags, unsigned mode);

/* All of it, also where the system takes it in parts; false with errno. */
bool file_write_all(int fd, const void *bytes, size_t length);
/* The name of a new file is durable only when the folder that holds it is; false with errno. */
bool file_sync_parent(const char *path);

/* Makes the folder that holds path and its parents, 0700 each and durable (existing ones are left alone). */
enum status file_make_parents(const char *path, struct error *err);

#endif
