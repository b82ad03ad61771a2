/* Everything the console can be told by a key, in one table: dispatch, the hint line and the help screen come from it. */
#ifndef SCREENS_ACTIONS_H
#define SCREENS_ACTIONS_H

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
	ACT_REMOVE,
	ACT_TEST,
	ACT_NEXT,
	ACT_BACK,
	ACT_FILTER,
	ACT_ACCEPT,
	ACT_ACCEPT_ALL,
	ACT_NEXT_PROBLEM,
	ACT_LAST_PROBLEM,
	ACT_LIST,
	ACT_DATES,
	ACT_MODE,
	ACT_PLAN,
	ACT_LAUNCH,
	ACT_SAVE,
	ACT_FETCH,
	ACT_FAILURES,
	ACT_ERRORS,
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
};

struct action_row {
	enum action action;
	const char *keys[2];  /* names as press_parse reads them; NULL: none */
	unsigned where;
	const char *hint;     /* N_() a word or two for the hint line */
	const char *help;     /* N_() a line for the help screen */
};

extern const struct action_row action_rows[];
extern const size_t action_row_count;

/* The action a press stands for there. While somebody types, keys that are characters are text: never an action. */
enum action action_of(const struct press *press, unsigned where, bool typing);
/* The row's key to show there: the first that works; NULL: none does. */
const char *action_key(const struct action_row *row, bool typing);

#endif
