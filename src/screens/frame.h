/* What stands around every screen: head line, message line, hint line; and popups' boxes. */
#ifndef SCREENS_FRAME_H
#define SCREENS_FRAME_H

#include "screens/console.h"

enum { FRAME_ROWS = 16, FRAME_COLUMNS = 60, FRAME_FULL_ROWS = 24, FRAME_FULL_COLUMNS = 80 };

/* The line above the hints, or the lines. */
struct frame_said {
	const char *text;
	const char *hint; /* what to do, seen also where the text has no room; "": nothing */
	enum role role;
	bool kept;        /* the last errors have it, whole */
};

bool frame_is_small(int rows, int columns); /* below 60x16: nothing can be shown but that */
/* The screen, with the hints of the layer that has the keys. Returns where it was drawn, between the head line and the message; without rows where all is too small. */
struct area frame_draw(struct layer *screen, const struct layer *keys, const struct frame_said *said, int rows, int columns);
/* A box of at most that size in the middle of area, emptied and framed. Returns its inside. */
struct area frame_box(struct area area, int rows, int columns, const char *title);

#endif
