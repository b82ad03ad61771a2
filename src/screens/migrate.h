/* Seven steps from V1 to V2 on top of the commands `penstock migrate ..`: Pick, Compare, Dry run, Create V2, Verify, Pause V1, Delete V1. */
#ifndef SCREENS_MIGRATE_H
#define SCREENS_MIGRATE_H

#include "app/ask.h"
#include "app/migrate.h"
#include "screens/console.h"
#include "tui/cursor.h"

#include <stdbool.h>
#include <stdint.h>

/* flow: the V1 dataflow that has the focus; NULL: the first. */
struct layer *migrate_new(struct console *console, const char *flow);

/* --- For migrate_draw.c --- */
enum migrate_step { GO_PICK, GO_COMPARE, GO_DRY_RUN, GO_CREATE, GO_VERIFY, GO_PAUSE, GO_DELETE, GO_STEPS };
extern const char *const migrate_step_names[GO_STEPS]; /* N_() */

struct migrate_screen {
	struct layer layer;
	migration_list flows;
	VEC(int64_t) picked;      /* migrations, by id */
	enum migrate_step at;
	struct cursor cursor;     /* flows */
	size_t scroll;            /* rows of the detail hidden above */
	struct ask *ask;
	const char *asked;        /* translated: what is awaited */
	bool forgets;             /* what was told before says nothing once it has ended */
	bool careful;             /* it changes something: it is not given up */
	int64_t since;            /* mono ms */
	struct json *answers[GO_STEPS]; /* the last of each step, or NULL */
	/* How V2 shall be. */
	char *source, *folder, *email_from;
	bool creates, new_lists;
	char *confirmed;          /* what an open question is about */
};
bool migrate_is_picked(const struct migrate_screen *screen, int64_t id);
/* What an answer says of the flow, or NULL. */
const struct json *migrate_answer(const struct migrate_screen *screen, enum migrate_step step, const char *flow);
void migrate_draw(struct layer *layer, struct area area);

#endif
