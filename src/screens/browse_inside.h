/* The table's state, shared by what it does and what it looks like. Nobody else includes it. */
#ifndef SCREENS_BROWSE_INSIDE_H
#define SCREENS_BROWSE_INSIDE_H

#include "app/ask.h"
#include "screens/browse.h"
#include "tui/cursor.h"
#include "tui/editor.h"

#include <stdint.h>

struct browse {
	struct layer layer;
	enum browse_id which;
	char *of;             /* what it is about; NULL: all */
	char *more[2];        /* operands behind it; NULL: none */
	char *begin;          /* the row to begin on; NULL: the first */
	struct ask *ask;
	int64_t since, loaded_at, good_ms; /* good_ms: mono, of the last answer */
	uint64_t timer;       /* while something runs */
	bool quiet;           /* asked by the timer: nobody waits for it */
	bool failed;        /* the last question: what there is is not known */
	browse_rows rows;
	char *until;          /* of a difference: the revision that the answer goes to; NULL: not answered */
	size_t sorted;        /* by this column, from 1; 0: as the answer came */
	VEC(size_t) shown;    /* those that fit the filter */
	int64_t total;        /* of all, where the answer holds only some; -1: not told */
	struct cursor cursor;
	struct editor filter;
	bool filtering, whole; /* whole: persons are not masked */
	struct deeds *deeds;
	struct alert_new *alert;
};

const struct browse_kind *browse_kind_of(const struct browse *browse);
struct browse_row *browse_focused(const struct browse *browse);       /* NULL: there is none */
void browse_sort(struct browse *browse);      /* `shown`, by the column in force; equals stay as they were */
void browse_sort_next(struct browse *browse);
const char *browse_focused_name(const struct browse *browse);         /* what commands call it */
bool browse_is_tab(const struct browse *browse);                      /* one of those that Tab goes through */
void browse_draw(struct layer *layer, struct area area);

#endif
