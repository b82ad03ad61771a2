/* The progress line on standard error: only where that is a terminal, redrawn in place, gone at the end. */
#ifndef COMMAND_PROGRESS_H
#define COMMAND_PROGRESS_H

#include "app/app.h"
#include "base/str.h"

#include <stdbool.h>

struct progress {
	bool wanted; /* a terminal, and not --quiet */
	bool shown;  /* something stands on the line now */
};

void progress_init(struct progress *progress, bool quiet);
void progress_show(struct progress *progress, const struct engine_progress *now);
void progress_clear(struct progress *progress);
/* The line for a terminal of so many columns, without control characters. */
void progress_line(const struct engine_progress *now, int columns, bool utf8, struct str *out);

#endif
