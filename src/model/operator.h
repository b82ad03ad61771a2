/* Who asks, and what they may: permissions with Adobe's names, granted to users and groups in a file of lines. */
#ifndef MODEL_OPERATOR_H
#define MODEL_OPERATOR_H

#include "base/error.h"
#include "base/vec.h"

#include <stdbool.h>
#include <stddef.h>

/* As in Adobe's access control. A use case needs a set of them. */
enum permission {
	PERMISSION_VIEW_DESTINATIONS = 1,
	PERMISSION_MANAGE_DESTINATIONS = 2,
	PERMISSION_ACTIVATE_DESTINATIONS = 4,
	PERMISSION_VIEW_PROFILES = 8, /* without it values and identities of people are masked */
	PERMISSION_VIEW_SEGMENTS = 16,
	PERMISSION_ALL = 31,
	PERMISSION_OWNER = 32, /* is none: stands for what only whom the store belongs to may do */
};
enum { PERMISSIONS = 5 };

const char *permission_name(unsigned set);  /* of the first in the set: "View Destinations"; NULL: the set is empty */
bool permission_read(const char *name, unsigned *permission); /* ASCII case does not count */

/* One line of the file. */
struct grant {
	bool group;
	char *who; /* a name or a number */
	unsigned permissions;
};
struct grants {
	VEC(struct grant) all;
	VEC(char *) sources; /* folders, files and databases that operators may name as sources */
};
enum { GRANTS_FILE_MOST = 256 * 1024 };
void grants_done(struct grants *grants);
/* Lines `user NAME: PERMISSION, ..`, `group NAME: PERMISSION, ..` and `source SOURCE`; empty lines and those that begin with # are the writer's own. Anything else is STATUS_USAGE,
 * code "permissions", with the number of the line. `out` is empty before, and to be done with in any case. */
enum status grants_read(const char *text, size_t length, struct grants *out, struct error *err);

/* Somebody who uses a store that is not their own. */
struct operator {
	char *name;           /* who stands in the audit */
	unsigned permissions;
	bool owner;           /* of the store: all permissions, and what no permission gives */
	char *keeper;         /* the path of the file that says so; NULL: nothing does */
	char *told;           /* what a process is told that works for them (app/operators.h) */
	VEC(char *) sources;  /* as in struct grants */
};
void operator_done(struct operator *operator);
/* NULL stands for the store's own user. */
bool operator_sees_profiles(const struct operator *operator);
/* Lies the source (without a format before it) in one of the folders that operators may name, or is it a database that they may? */
bool operator_may_name(const struct operator *operator, const char *source);

#endif
