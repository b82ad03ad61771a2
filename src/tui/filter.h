/* What `/` understands: a substring (capitals only matter when there are some), a|b, !not, ~fuzzy. An empty pattern fits everything. */
#ifndef TUI_FILTER_H
#define TUI_FILTER_H

#include <stdbool.h>

bool filter_fits(const char *pattern, const char *text);

#endif
