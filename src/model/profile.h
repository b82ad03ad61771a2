/* One streamed profile message (platform-api 10), read through source paths. Nothing here copies: texts live as long as the message. */
#ifndef MODEL_PROFILE_H
#define MODEL_PROFILE_H

#include "base/error.h"
#include "base/json.h"
#include "base/str.h"
#include "base/vec.h"
#include "model/field.h"

#include <stdbool.h>
#include <stddef.h>

/* A compiled mapping source: `identityMap.NAMESPACE`, or a dotted path whose parts may stand in double quotes. */
struct path;
struct path *path_parse(const char *text, struct error *err); /* NULL with STATUS_USAGE */
void path_free(struct path *path);
const char *path_text(const struct path *path); /* as it is written normalised: identityMap.Email, person.name."first.name" */
bool path_is_identity(const struct path *path);
const char *path_namespace(const struct path *path); /* canonical; NULL unless an identity path */
/* The source is a table: the whole path names one column, with whatever dots it has, unless double quotes have said so already. */
void path_be_column(struct path *path);
const char *path_column(const struct path *path); /* after that: the column's name */
/* Appends one part of a path, with a dot before it unless out is empty, in double quotes where it needs them. */
void path_add_part(struct str *out, const char *part);
/* The merged single value under an attribute path. */
struct value path_value(const struct path *path, const struct json *message);

struct identity {
	const char *id;
	bool primary;
};
typedef VEC(struct identity) identity_list;
/* All ids of the path's namespace (every alias, any case of the key), in the message's order, doubled ids (ASCII case ignored) once. Clears out first.
 * White space around an id is cut off in the message itself; empty ids are left out. */
void path_identities(const struct path *path, const struct json *message, identity_list *out);
/* The same for a profile key, which may name its namespace alone: CRMID for identityMap.CRMID. */
void path_key_identities(const struct path *path, const struct json *message, identity_list *out);
/* Does a mapping's source say what the profile key says? */
bool path_is_key(const struct path *path, const struct path *key);

enum membership_status { MEMBERSHIP_REALIZED, MEMBERSHIP_EXITED, MEMBERSHIP_UNKNOWN };
struct membership {
	const char *group;    /* "ups", "CustomerAudienceUpload", .. */
	const char *audience; /* id */
	const char *name;     /* optional member `name`, or NULL */
	enum membership_status status; /* existing counts as realized */
	bool existing;
};
typedef VEC(struct membership) membership_list;
/* Every membership in every group. Clears out first. */
void profile_memberships(const struct json *message, membership_list *out);

/* Is this JSON value a profile message at all? NULL when it is, else why not (translated). */
const char *profile_refusal(const struct json *message);

#endif
