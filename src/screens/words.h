/* Numbers and lists of names as people read them. */
#ifndef SCREENS_WORDS_H
#define SCREENS_WORDS_H

#include "base/str.h"

#include <stdint.h>

/* The number with its separators: 128,430. Returns out. */
const char *number_text(int64_t number, char out[32]);
/* Calls add with each of the names that commas separate. */
void names_each(const char *names, void (*add)(void *self, const char *name), void *self);

/* What there is to say of bytes being read for so many milliseconds (ux 8), to stand behind words and seconds: from 2 s on ": 1.5 of 12.0 MB", from 10 s on also
 * ", about 70 s left". Nothing while `total` is not known: nothing is invented. */
void reading_text(int64_t ms, int64_t done, int64_t total, struct str *out);

#endif
