/* Everything the console can be told by a key, in one table: dispatch, the hint line and the help screen come from it. */
#ifndef SCREENS_ACTIONS_H
#define SCREENS_ACTIONS_H

#include "base/str.h"
#include "tui/press.h"

#include <stdbool.h>
#include <stddef.h>

enum action {
	ACT_NONE,
	ACT_OPEN,
	ACT_TOGGLE,
	ACT_NEW,
	ACT_RUN,
	ACT_STOP,
	ACT_PAUSE,
	ACT_REMOVE,
	ACT_TEST,
	ACT_NEXT,
	ACT_BACK,
	ACT_FILTER,
	ACT_EDIT,
	ACT_ACCEPT,
	ACT_ACCEPT_ALL,
	ACT_NEXT_PROBLEM,
	ACT_LAST_PROBLEM,
	ACT_LIST,
	ACT_DATES,
	ACT_MODE,
	ACT_PREVIEW,
	ACT_MIGRATE,
	ACT_IMPORT,
	ACT_SOURCE,
	ACT_PEOPLE,
	ACT_FOLDER,
	ACT_EMAIL,
	ACT_PLAN,
	ACT_LAUNCH,
	ACT_SAVE,
	ACT_FETCH,
	ACT_FAILURES,
	ACT_ERRORS,
	ACT_COPY,
	ACT_DUMP,
	ACT_MOUSE,
	ACT_UNDO,
	ACT_REDO,
	ACT_PALETTE,
	ACT_BROWSE,
	ACT_WATCH,
	ACT_UNMASK,
	ACT_VERIFY,
	ACT_REPAIR,
	ACT_RESYNC,
	ACT_ADOPT,
	ACT_RETRY,
	ACT_SWITCH,
	ACT_CHANGE,
	ACT_HISTORY,
	ACT_SIGN,
	ACT_DIFF,
	ACT_SORT,
	ACT_ESCAPE,
	ACT_LEAVE,
	ACT_HELP,
	ACTIONS,
};

/* Where a key means something; a layer says which of these hold now. */
enum where {
	AT_HOME = 1 << 0,
	AT_FLOW = 1 << 1,      /* home, on a dataflow */
	AT_DRAFT = 1 << 2,     /* home, on a draft */
	AT_STEP = 1 << 3,      /* a step of the wizard */
	AT_CONNECT = 1 << 4,
	AT_AUDIENCES = 1 << 5, /* its table */
	AT_MAPPING = 1 << 6,
	AT_REVIEW = 1 << 7,
	AT_MONITOR = 1 << 8,
	AT_LIST = 1 << 9,      /* a list that can be filtered */
	AT_POPUP = 1 << 10,    /* help, dialog, picker */
	AT_CHECKS = 1 << 11,   /* boxes to tick */
	AT_ROW = 1 << 12,      /* something that Enter opens */
	AT_FIELD = 1 << 13,    /* something that Enter leaves for the next one */
	AT_CHOICE = 1 << 14,   /* something that Enter chooses, in a popup */
	AT_BROWSE = 1 << 15,   /* a table of what there is .. */
	AT_DEEDS = 1 << 16,    /* .. on a dataflow */
	AT_OBJECT = 1 << 17,   /* .. on an account or a destination */
	AT_RAN = 1 << 18,      /* .. on a run */
	AT_PEOPLE = 1 << 19,   /* .. of people, who are masked */
	AT_REVISION = 1 << 21, /* .. on a revision of a mapping */
	AT_CHANGE = 1 << 20,   /* .. on something whose settings can be changed */
	AT_MIGRATE = 1 << 25,  /* the steps from V1 to V2 .. */
	AT_CHOOSING = 1 << 22, /* .. before V2 is made */
	AT_DECIDING = 1 << 23, /* .. and after */
	AT_V1 = 1 << 24,       /* home, with dataflows of V1 */
	AT_ALERTS = 1 << 26,   /* the table of alerts .. */
	AT_ALERT = 1 << 27,    /* .. on one of them */
	AT_OPTION = 1 << 29,   /* a field with a few choices */
	AT_EDITING = 1 << 30,  /* the mapping of a launched dataflow */
	AT_LAUNCHED = 1 << 28, /* browse, on something that can be held against what was launched last */
};

#define SCREEN_ONLY ""

struct action_row {
	enum action action;
	const char *keys[2];  /* names as press_parse reads them; NULL: none */
	unsigned where;
	const char *twin;     /* the commands that do the same, by their names in use_cases with commas between; SCREEN_ONLY: it moves, shows or finds, and changes nothing */
	const char *hint;     /* N_() a word or two for the hint line */
	const char *help;     /* N_() a line for the help screen */
};

extern struct action_row action_rows[];
extern const size_t action_row_count;

/* Keys of the operator's own: one or two with a space between, for the action of that name. NULL: taken. Else why not (translated, mem_free): no such action, its key is
 * fixed, no such key, one that terminals keep or that moves in lists, one that means something else already, with both names. */
char *action_remap(const char *name, const char *keys);
const char *action_name(enum action action); /* its word in the configuration file */

/* The action a press stands for there. While somebody types, keys that are characters are text: never an action. */
enum action action_of(const struct press *press, unsigned where, bool typing);
/* The row's key to show there: the first that works; NULL: none does. */
const char *action_key(const struct action_row *row, bool typing);

#endif
