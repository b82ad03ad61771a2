/* Compression of replies. */
#ifndef SERVE_GZIP_H
#define SERVE_GZIP_H

#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

/* Appends bytes to out in the gzip format (RFC 1952). False, with nothing added, when zlib has no memory. */
bool gzip_pack(const void *bytes, size_t length, struct str *out);
/* Does this Accept-Encoding (NULL: none) take gzip? */
bool gzip_accepted(const char *header);

#endif
