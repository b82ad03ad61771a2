/* Everything that is in the store or in Marketo as tables: one screen, and one row of browse_kinds for each kind. */
#ifndef SCREENS_BROWSE_H
#define SCREENS_BROWSE_H

#include "app/use_cases.h"
#include "base/json.h"
#include "base/vec.h"
#include "screens/console.h"
#include "tui/paint.h"

#include <stdbool.h>
#include <stddef.h>

enum browse_id { BROWSE_DATAFLOWS, BROWSE_DESTINATIONS, BROWSE_ACCOUNTS, BROWSE_RUNS, BROWSE_AUDIT, BROWSE_ALERTS, BROWSE_TABS,
	/* Reached from a row of another table. */
	BROWSE_LISTS = BROWSE_TABS, BROWSE_MEMBERS, BROWSE_FAILURES, BROWSE_REVISIONS, BROWSE_CHANGES, BROWSE_INCIDENTS, BROWSE_SINCE_LAUNCH, BROWSES };

enum cell_kind {
	CELL_TEXT,
	CELL_NUMBER,
	CELL_TIME,
	CELL_STATE,  /* of a run, or how bad something is: with its sign */
	CELL_YES,    /* yes or no */
	CELL_NAMES,  /* an array of names */
	CELL_PERSON, /* who somebody is: masked unless asked for */
};

enum { BROWSE_COLUMNS = 20 };
struct browse_column {
	const char *title; /* N_() */
	const char *key;   /* of the row's JSON object; a dot goes into an object */
	enum cell_kind kind;
	int columns;       /* in the table; 0: only in the strip below it. What does not fit is left out from the right. */
};

struct browse_kind {
	const char *title;    /* N_() */
	const char *empty;    /* N_() said where there is nothing */
	const char *words[4]; /* the command; `of` follows where there is one */
	bool remote;          /* asks Marketo */
	bool reversed;        /* the answer begins with the oldest, the table with the newest */
	const char *key;      /* of the array in its answer */
	size_t name;          /* the column that names a row to commands */
	unsigned where;       /* what can be done with a row */
	struct browse_column columns[BROWSE_COLUMNS]; /* the first without a title ends them */
};
extern const struct browse_kind browse_kinds[BROWSES];

struct browse_row {
	char *cells[BROWSE_COLUMNS]; /* as shown, but for persons; NULL: nothing */
	char *all;                   /* what the filter looks at */
};
typedef VEC(struct browse_row) browse_rows;
void browse_rows_done(browse_rows *rows);
void browse_rows_read(const struct browse_kind *kind, const struct json *answer, browse_rows *out);
/* Does the row fit what was typed behind `/`? Words of tui/filter, of the whole row or of one column (state=failed); all of several with & between them. */
bool browse_fits(const struct browse_kind *kind, const struct browse_row *row, const char *pattern);
/* A cell as it is shown: of a person no more than the first letters, unless `whole`. Returns out. */
const char *browse_cell(const struct browse_kind *kind, const struct browse_row *row, size_t column, bool whole, struct str *out);
enum role browse_look(const struct browse_kind *kind, const struct browse_row *row, size_t column, enum glyph *sign);

/* of: the dataflow, run or account it is about; NULL: all. name: the row to begin on, or NULL. */
struct layer *browse_new(struct console *console, enum browse_id which, const char *of, const char *name);

/* What became of the revision before this one in it, of the mapping of that name. */
struct layer *browse_changes(struct console *console, const char *name, const char *revision);
/* What became of the mapping since it was launched last; until the newest revision where it is NULL. */
struct layer *browse_since_launch(struct console *console, const char *name, const char *revision);

/* What can be done with a row. False: it is none of these. */
struct deeds;
struct deeds *deeds_new(struct layer *layer, void (*changed)(struct layer *layer));
void deeds_free(struct deeds *deeds);
bool deeds_do(struct deeds *deeds, enum action action, enum browse_id which, const char *name, const char *dataflow);
/* Is there a deed for it; is the action one on a row of that table? */
bool deeds_reach(enum use_case use);
bool deeds_has(enum action action, enum browse_id which);
/* The action that a command (without `penstock`) is, and its table; ACT_NONE: it has no key. */
enum action deeds_named(const char *command, enum browse_id *which);
bool deeds_busy(const struct deeds *deeds);
bool deeds_give_up(struct deeds *deeds); /* false: nothing was under way */
/* Why not (translated), for what changes something. */
const char *deeds_why_not(const struct console *console, enum action action);

#endif
