/* Files: reading within bounds, replacing safely, folders of our own. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/error.h"
#include "base/str.h"

#include <stddef.h>

/* Whole file into out; refuses directories and more than `limit` bytes with a clear error (STATUS_USAGE, code "file"). */
enum status file_read(const char *path, size_t limit, struct str *out, struct error *err);
/* Temporary file beside it, full write, fsync, mode, rename, fsync of the folder; the temporary is removed on failure. */
enum status file_replace(const char *path, const void *bytes, size_t length, unsigned mode, struct error *err);
/* Makes the folder that holds path and its parents, 0700 each (existing ones are left alone). */
enum status file_make_parents(const char *path, struct error *err);

#endif
