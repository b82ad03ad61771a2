/* Telling whether somebody knows a secret, in a time that tells nothing about it. Needs no store. */
#ifndef STORE_HMAC_H
#define STORE_HMAC_H

#include <stdbool.h>
#include <stddef.h>

enum { HMAC_HEX = 64 }; /* letters */

/* HMAC-SHA256 (RFC 2104) of one text after the other, in lower-case hexadecimal, NUL-ended. */
void hmac_sha256(const char *secret, const char *first, size_t first_length, const char *second, size_t second_length, char out[HMAC_HEX + 1]);
/* Of texts of any length. */
bool hmac_same(const char *a, const char *b);

#endif
