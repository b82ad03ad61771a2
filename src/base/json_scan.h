/* The strict look at JSON text before cJSON sees it. Private to json.c. */
#ifndef BASE_JSON_SCAN_H
#define BASE_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

enum { JSON_DEPTH_MAX = 64 };

/* Begins every string that stands for a number in the copy; no valid UTF-8 holds this byte. */
#define JSON_NUMBER_MARK '\xff'

/* Bytes that the copy of a text of `length` bytes may need; 0 when no size can hold it. */
size_t json_scan_room(size_t length);
/* Checks the whole text and copies it without white space between values and with every number n as the string "\xffn", ended by a NUL.
 * False with *why (translated) and *offset when it is not acceptable. */
bool json_scan(const char *bytes, size_t length, char *copy, size_t *copied, const char **why, size_t *offset);

#endif
