/* The first screen's state, shared by what it does and what it looks like. Nobody else includes it. */
#ifndef SCREENS_HOME_INSIDE_H
#define SCREENS_HOME_INSIDE_H

#include "app/drafts.h"
#include "app/migrate.h"
#include "app/status.h"
#include "screens/console.h"
#include "tui/cursor.h"

#include <stdint.h>

enum row_kind { ROW_SETUP, ROW_PRACTICE, ROW_DRAFT, ROW_FLOW };

struct home_row {
	enum row_kind kind;
	size_t place; /* in drafts or dataflows */
};

struct home {
	struct layer layer;
	struct overview overview;
	draft_list drafts;
	migration_list migrations;
	VEC(struct home_row) rows;
	VEC(size_t) flows; /* dataflows that are not a draft's */
	struct cursor cursor;
	int64_t asked_draft; /* what an open question is about, since rows move when the store is read again .. */
	char *asked_name;    /* .. or the dataflow */
	struct deeds *deeds;
	int64_t loaded_at; /* wall ms */
};

void home_draw(struct layer *layer, struct area area);

#endif
