/* Inside of this room: judging replies (marketo.h has the functions for everybody). */
#ifndef MARKETO_JUDGE_H
#define MARKETO_JUDGE_H

#include "marketo/marketo.h"

/* Text from outside made harmless and cut into out; NULL gives "". */
void clean_into(char *out, size_t size, const char *text);
/* An error code as text, whether it stands as a string or as a number. */
void code_text(const struct json *value, char out[32]);
/* Is this body a Marketo envelope (a boolean `success`, or errors)? */
bool is_envelope(const struct json *body);

#endif
