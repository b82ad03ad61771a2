/* Tables of words <-> values, as the command line, the store and JSON write them. Inside model/ only. */
#ifndef MODEL_WORD_H
#define MODEL_WORD_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* The index of text in words (exact case), false when it is none. A NULL entry is no word. */
static inline bool word_parse(const char *const *words, size_t count, const char *text, size_t *index)
{
	for (size_t i = 0; text && i < count; i++) {
		if (words[i] && strcmp(words[i], text) == 0) {
			*index = i;
			return true;
		}
	}
	return false;
}

static inline const char *word_text(const char *const *words, size_t count, size_t index)
{
	return index < count ? words[index] : NULL;
}

#define WORDS(table) (table), sizeof(table) / sizeof *(table)

#endif
