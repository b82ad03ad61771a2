/* What an update was told to change, for its audit row. */
#ifndef APP_CHANGED_H
#define APP_CHANGED_H

#include <stdbool.h>
#include <stddef.h>

/* An option by the name it has on the command line. */
struct changed {
	const char *name;
	const char *text; /* its value; NULL: not given, unless `given` says so */
	long long number; /* its value where it has no text; 0: not given */
	bool given;       /* it was, and its value is not for the audit, or too long for it */
};
/* "end 2099-01-01, audience"; NULL: nothing was given. The caller frees it. */
char *changed_text(const struct changed *options, size_t count);

#endif
