/* Inside of this room: building `name=value&..`, and looking at pages. */
#ifndef MARKETO_QUERY_H
#define MARKETO_QUERY_H

#include "marketo/marketo.h"

/* Appends name=value, percent-encoded, after a `&` where something stands already. NULL value: nothing. */
void param_text(struct str *query, const char *name, const char *value);
void param_number(struct str *query, const char *name, int64_t value);
/* A page that names itself as the next one would be fetched for ever: fills *bad with an answer that says so. */
bool page_is_endless(const struct marketo_answer *answer, const char *asked, struct marketo_answer *bad);

#endif
