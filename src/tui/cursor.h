/* The place in a list: which row has the focus, and which rows are seen. Knows nothing of what the rows are. */
#ifndef TUI_CURSOR_H
#define TUI_CURSOR_H

#include "tui/press.h"

#include <stdbool.h>
#include <stddef.h>

struct cursor {
	size_t count; /* rows in all */
	size_t at;    /* the row with the focus; 0 when there are none */
	size_t top;   /* the first row seen */
	size_t seen;  /* how many rows fit; 0 before the first paint */
};

/* The list has `count` rows and `seen` of them fit: moves `at` and `top` no more than needed. */
void cursor_fit(struct cursor *cursor, size_t count, size_t seen);
/* Up Down PgUp PgDn Home End. False: not a key of a list. */
bool cursor_press(struct cursor *cursor, const struct press *press);
void cursor_to(struct cursor *cursor, size_t at);

#endif
