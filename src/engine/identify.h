/* Who somebody in Marketo is by the source's way of telling people apart: the key that a message about them would have. */
#ifndef ENGINE_IDENTIFY_H
#define ENGINE_IDENTIFY_H

#include "base/json.h"
#include "base/str.h"
#include "base/vec.h"
#include "engine/engine.h"
#include "engine/recipe.h"

#include <stdbool.h>

/* A field whose value tells people apart, and what kind of key that makes. */
struct key_field {
	const char *field, *kind;
};

struct identify {
	struct store *store;
	VEC(struct key_field) fields;
	struct str names; /* of the fields to ask Marketo for: id, updatedAt and these */
	struct str work;
};

/* False: no field of the mapping holds what people are told apart by (a profile key that is not sent). identify_done is due all the same. Job and recipe outlive it. */
bool identify_init(struct identify *identify, const struct engine_job *job, const struct recipe *recipe);
/* The key of a person as Marketo tells them, by the first field that has a value; false: none has. */
bool identify_key(struct identify *identify, const struct json *lead, unsigned char key[KEY_HASH]);
/* When the person was changed last (wall ms, 0: not told): of several with one key the latest is meant, of equals the youngest, as a look-up picks (answers.c). */
int64_t identify_updated_at(const struct json *lead);
void identify_done(struct identify *identify);

#endif
