/* What a row of a mapping finds in a message, and whether it can be used: for reading, and for whoever looks at a source beforehand. */
#ifndef ENGINE_VALUE_H
#define ENGINE_VALUE_H

#include "base/json.h"
#include "base/str.h"
#include "model/destination.h"
#include "model/field.h"
#include "model/profile.h"

/* The value an attribute row sends; of an identity path the first identity. identities: room that is reused. */
struct value row_value(const struct path *path, const struct json *message, identity_list *identities);
/* The identities a dedupe row matches by, in the dataflow's way of choosing among several. name: room that is reused; the texts live until the next call. */
void row_identities(const struct path *path, const struct json *message, enum identity_choice choice, identity_list *identities, struct str *name);
/* The same for the profile key: of its namespace, or else the attribute or column it names. */
void key_identities(const struct path *path, const struct json *message, enum identity_choice choice, identity_list *identities, struct str *name);
/* Why this text cannot be used to match a person, or "". rendered: room that is reused. */
const char *row_refusal(const struct field *field, const char *text, struct str *rendered);

#endif
