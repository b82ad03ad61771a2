/*
 * Who may post to a source: whoever has a token, can sign, or both where both are asked for.
 * - `Authorization: Bearer TOKEN`, one of the lines of the token file: two of them while senders change from one to the other.
 * - `Penstock-Signature: t=SECONDS,v1=HEX`: HMAC-SHA256 under one of the lines of the secret file, of SECONDS, a full stop and the body. SECONDS (since 1970) is within five
 *   minutes of now, so that an old message cannot be sent again by who overheard it.
 * The files are read again when they change.
 */
#ifndef APP_ADMISSION_H
#define APP_ADMISSION_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ADMISSION_SECRET = 1024 /* bytes of one */, ADMISSION_SECONDS = 300 };

struct admission;

/* Either file may be NULL. STATUS_USAGE, code "secret": it cannot be read, or is none. */
enum status admission_open(const char *token_file, const char *hmac_file, struct admission **out, struct error *err);
void admission_close(struct admission *admission); /* NULL is allowed; overwrites what it held */
/* Headers may be NULL: not sent. body NULL: it is not there yet, and what can be told without it is; a signature that is none, or is not of these minutes, does not fit. */
bool admission_fits(struct admission *admission, const char *authorization, const char *signature, const char *body, size_t length, int64_t wall_ms);
/* The first of the files that others than its owner can read; NULL: none. */
const char *admission_open_file(const struct admission *admission);

#endif
