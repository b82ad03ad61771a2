/* Numbers and lists of names as people read them. */
#ifndef SCREENS_WORDS_H
#define SCREENS_WORDS_H

#include <stdint.h>

/* The number with its separators: 128,430. Returns out. */
const char *number_text(int64_t number, char out[32]);
/* Calls add with each of the names that commas separate. */
void names_each(const char *names, void (*add)(void *self, const char *name), void *self);

#endif
