/*
 * Consent: where a source says whether its people agree. PATH alone: whoever says no there is left out, everybody else is taken (opt-out). PATH=VALUE[,VALUE..]:
 * only those who say one of the values are taken (opt-in), as a consent policy of the Platform would have it. A path that leads to a consent of XDM, an object
 * with `val`, means that `val`.
 */
#ifndef MODEL_CONSENT_H
#define MODEL_CONSENT_H

#include "base/error.h"
#include "base/json.h"
#include "model/profile.h"

#include <stdbool.h>
#include <stddef.h>

struct consent;
/* STATUS_USAGE, NULL: not a path, an identity, or an empty value. */
struct consent *consent_parse(const char *text, struct error *err);
void consent_free(struct consent *consent); /* NULL is allowed */
/* The source is a table: what the path says is the name of a column. */
void consent_be_column(struct consent *consent);
const struct path *consent_path(const struct consent *consent);
/* Without values: n, no, dn, false, out and 0 say no, whatever their case, and so does what cannot be read as an answer; an absent value, null, y, p, u and the
 * like do not. With values: everything else says no, an absent value too. */
bool consent_refuses(const struct consent *consent, const struct json *message);

#endif
