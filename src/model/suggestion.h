/* Suggested rows of a mapping, each with how sure it is and why: what is sure enough can be taken unseen, the rest is for somebody to look at. */
#ifndef MODEL_SUGGESTION_H
#define MODEL_SUGGESTION_H

#include "base/vec.h"
#include "model/field.h"
#include "model/mapping.h"

#include <stdbool.h>
#include <stddef.h>

/* High: the field of that meaning or that name. Medium: its label, a synonym, or the second best source by meaning. Low: the same, but of something inside the profile that may be
 * about somebody or something else (`_acme.spouse.firstName`). */
enum confidence {
	CONFIDENCE_LOW,
	CONFIDENCE_MEDIUM,
	CONFIDENCE_HIGH,
	CONFIDENCE_ENOUGH = CONFIDENCE_MEDIUM, /* to be taken unseen, unless somebody says otherwise */
};

enum suggestion_reason { SUGGESTED_BY_XDM, SUGGESTED_BY_NAME, SUGGESTED_BY_LABEL, SUGGESTED_BY_SYNONYM };

struct suggestion {
	char *source, *target;
	enum confidence confidence;
	enum suggestion_reason reason;
};
typedef VEC(struct suggestion) suggestion_list;
void suggestion_list_done(suggestion_list *list);

const char *confidence_text(enum confidence confidence); /* high, medium, low */
bool confidence_parse(const char *text, enum confidence *out);
const char *confidence_label(enum confidence confidence); /* translated */
const char *suggestion_reason_text(enum suggestion_reason reason); /* xdm, name, label, synonym */
const char *suggestion_reason_label(enum suggestion_reason reason); /* translated */

/* Rows for source paths (identityMap.X and attribute paths) against the catalogue, the surest first: identities and what standard XDM paths mean, then equal names, labels and
 * synonyms, whatever their case and punctuation. At most one source a target and one target a source, only updateable targets; only what is not in `mapping`. */
void mapping_suggest(const struct mapping *mapping, const struct catalogue *catalogue, char *const *paths, size_t path_count, suggestion_list *out);
/* Puts those that are at least so sure into the mapping. Returns how many. */
size_t suggestions_take(const suggestion_list *list, enum confidence least, struct mapping *mapping);

#endif
