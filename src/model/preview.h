/* What profiles of a source would send by a mapping: people as they would be looked up, and each row of the mapping with its value or why there is none. */
#ifndef MODEL_PREVIEW_H
#define MODEL_PREVIEW_H

#include "base/vec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum preview_fate {
	PREVIEW_SENT,
	PREVIEW_NEW,      /* sent when the person is created, and never to one who is there */
	PREVIEW_MATCHES,  /* people are looked up by it */
	PREVIEW_LEFT_OUT, /* there is a value, and it is not sent: `code` says why */
	PREVIEW_ABSENT,   /* the profile has none */
};

struct preview_value {
	char *source, *target;
	enum preview_fate fate;
	char *value; /* the JSON that goes to Marketo; of what is left out the beginning of what stood there; cleaned; NULL: none */
	char *code;  /* a reason of field_reason_text; NULL: none */
};

struct preview_person {
	char *field;    /* the dedupe field people are looked up by; NULL: none */
	char *identity; /* cleaned; may be empty */
	char *code;     /* why nothing is sent for them; NULL: something is */
};

struct preview_profile {
	int64_t position; /* its line in the source, from 1 */
	VEC(struct preview_person) people; /* never empty */
	VEC(struct preview_value) values;  /* in the order of the mapping */
};

struct preview {
	int64_t read; /* profiles looked at */
	VEC(struct preview_profile) profiles;
};

void preview_profile_done(struct preview_profile *profile);
void preview_done(struct preview *preview);
const char *preview_fate_text(enum preview_fate fate); /* sent, new, matches, left_out, absent */
bool preview_fate_parse(const char *text, enum preview_fate *out);
const struct preview_value *preview_find(const struct preview_profile *profile, const char *source, const char *target); /* NULL: no such row */
/* Is anything sent for anybody of the profile? */
bool preview_sends(const struct preview_profile *profile);

#endif
