/* Is the store sound? Looks at everything without changing anything, and goes on where opening it as usual would end. */
#ifndef STORE_HEALTH_H
#define STORE_HEALTH_H

#include <stdbool.h>
#include <stdint.h>

enum { HEALTH_FILE, HEALTH_PERMISSIONS, HEALTH_VERSION, HEALTH_INTEGRITY, HEALTH_REFERENCES, HEALTH_KEY, HEALTH_SEALED, HEALTH_SPACE, HEALTH_CHECKS };

struct health_check {
	const char *name; /* file permissions version integrity references key sealed space */
	bool tried, ok;   /* not tried: an earlier one failed that it needs */
	char *detail;     /* what was found */
	char *hint;       /* what to do, NULL: nothing */
	int64_t milliseconds;
};
struct health {
	bool ok;
	int troubles;
	struct health_check checks[HEALTH_CHECKS];
};
void health_done(struct health *health);

/* path: the database. Every row is filled, whatever the file is. */
void store_check(const char *path, struct health *out);

#endif
