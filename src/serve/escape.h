/* Percent escapes. Private to this room. */
#ifndef SERVE_ESCAPE_H
#define SERVE_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>

/* Decodes length bytes of text to out (at least length + 1 bytes); plus: `+` is a space. Returns the bytes written, or -1: an escape is broken, holds a NUL, or the
 * text is not UTF-8. */
long escape_decode(const char *text, size_t length, char *out, bool plus);

#endif
