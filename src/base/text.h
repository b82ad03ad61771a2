/* Text from outside is made harmless here, once, at the door. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str;

/* Is it UTF-8 (RFC 3629: no overlong forms, no surrogates, at most U+10FFFF)? On false *bad (may be NULL) is the offset of what is not. */
bool text_is_utf8(const char *bytes, size_t length, size_t *bad);
/* The character that bytes begin with into *point; returns its length in bytes, 0 when there is none or it is not UTF-8. */
size_t text_next(const char *bytes, size_t length, uint32_t *point);
/* Appends bytes to out with everything that could move a cursor or lie about order replaced by U+FFFD: C0 and C1 controls, DEL,
 * bidirectional overrides and isolates, line and paragraph separators, zero-width characters, invalid UTF-8. Tab, newline and carriage
 * return become a space. */
void text_clean(struct str *out, const char *bytes, size_t length);
bool text_is_unsafe(uint32_t point); /* would text_clean replace it? Also true for tab, newline and carriage return. */
char *text_clean_dup(const char *text); /* NULL gives NULL */
/* Cuts at a character boundary so that at most `bytes` bytes stay. Returns the length. */
size_t text_cut(const char *text, size_t length, size_t bytes);
size_t text_utf16_length(const char *text); /* how Marketo counts string length */
bool text_is_ascii(const char *text);
/* Compare and fold ASCII letters only; locale-free. */
int text_case_cmp(const char *a, const char *b);
bool text_case_eq(const char *a, const char *b);
bool text_case_has(const char *text, const char *part); /* is part (ASCII case ignored) in text? "" always is */
void text_lower(char *text);
/* Trims ASCII white space in place at both ends and returns text. */
char *text_trim(char *text);
/* The candidate nearest to word (edit distance), or NULL when none is near enough to suggest. */
const char *text_nearest(const char *word, const char *const *candidates, size_t count);
/* Whole text to a number within [low, high]; false on anything else (spaces, sign tricks, overflow). */
bool text_to_i64(const char *text, long long low, long long high, long long *out);

#endif
