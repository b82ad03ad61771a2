/* Commands are lines of words between blanks. In a word or text a backslash stands before what a line cannot hold:
 * \\ backslash, "\ " blank, \n newline, \r return, \t tab, \e escape, \xHH a byte, \z nothing (so that a word can be empty). */
#ifndef SCREEN_WORDS_H
#define SCREEN_WORDS_H

#include "base/str.h"

#include <stdbool.h>

enum { WORDS_MAX = 64 };

/* Appends what the text stands for; false when a backslash is followed by something else. */
bool words_decode(const char *text, struct str *out);
/* Cuts the line into decoded words, with NULL behind the last; -1 when there are too many or one is wrong. words_free in each case. */
int words_split(const char *line, char *words[WORDS_MAX + 1]);
void words_free(char *words[WORDS_MAX + 1]);
bool words_hex(const char *digits, struct str *out);
bool words_number(const char *word, int low, int high, int *out);

#endif
