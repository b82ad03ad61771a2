/* What kinds of things can be followed: one row each. Inside source/ only. */
#ifndef SOURCE_FOLLOW_INSIDE_H
#define SOURCE_FOLLOW_INSIDE_H

#include "source/follow.h"

#include <stdbool.h>
#include <stddef.h>

struct follow_kind {
	void *(*open)(const char *path, int notify); /* notify: an inotify descriptor to add watches to; it dies with the follow */
	void (*close)(void *state);
	bool (*resume)(void *state, const char *position); /* false: not one of this kind's */
	enum status (*look)(void *state, int64_t *waiting, struct error *err);
	struct source *(*batch)(void *state);
	void (*position)(void *state, struct str *out);
	enum status (*taken)(void *state, struct error *err);
};

extern const struct follow_kind follow_file_kind, follow_inbox_kind, follow_spool_kind;

#endif
