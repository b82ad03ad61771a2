/* What the sample feed says, read in the plainest way: who must be in which list. Nothing of the engine is used, so that the demo has
 * something to hold its lists against. */
#ifndef COMMAND_EXPECTED_H
#define COMMAND_EXPECTED_H

#include "base/error.h"
#include "base/vec.h"

#include <stddef.h>
#include <stdint.h>

struct expected_audience {
	char *id, *name;
	VEC(char *) members; /* e-mail addresses in lower case, sorted, each once */
};
struct expected {
	int64_t messages;
	VEC(struct expected_audience) audiences; /* by id */
};

enum status expected_read(const char *path, struct expected *out, struct error *err);
void expected_done(struct expected *expected);

/* Holds what is in a list (in any order and spelling; sorted and lowered here) against what should be. */
void expected_compare(const struct expected_audience *audience, char **found, size_t count, int64_t *missing, int64_t *extra);

#endif
