#include "tui/cursor.h"

/* The last row that may be seen first, so that no room is left empty below. */
static size_t last_top(const struct cursor *cursor)
{
	return cursor->count > cursor->seen ? cursor->count - cursor->seen : 0;
}

/* The fewest rows the view must move so that the focus is in it. */
static void follow(struct cursor *cursor)
{
	if (cursor->at >= cursor->count)
		cursor->at = cursor->count ? cursor->count - 1 : 0;
	if (!cursor->seen)
		return;
	if (cursor->top > last_top(cursor))
		cursor->top = last_top(cursor);
	if (cursor->at < cursor->top)
		cursor->top = cursor->at;
	if (cursor->at - cursor->top >= cursor->seen)
		cursor->top = cursor->at - cursor->seen + 1;
}

void cursor_fit(struct cursor *cursor, size_t count, size_t seen)
{
	cursor->count = count;
	cursor->seen = seen;
	follow(cursor);
}

void cursor_to(struct cursor *cursor, size_t at)
{
	cursor->at = at;
	follow(cursor);
}

static void move(struct cursor *cursor, bool down, size_t rows)
{
	size_t last = cursor->count ? cursor->count - 1 : 0;

	if (down)
		cursor_to(cursor, rows < last - cursor->at ? cursor->at + rows : last);
	else
		cursor_to(cursor, rows < cursor->at ? cursor->at - rows : 0);
}

bool cursor_press(struct cursor *cursor, const struct press *press)
{
	size_t page = cursor->seen > 1 ? cursor->seen - 1 : 1; /* one row stays, to find the place again */

	follow(cursor);
	switch (press->kind) {
	case PRESS_UP:
	case PRESS_DOWN:
		move(cursor, press->kind == PRESS_DOWN, 1);
		return true;
	case PRESS_PAGE_UP:
	case PRESS_PAGE_DOWN:
		move(cursor, press->kind == PRESS_PAGE_DOWN, page);
		return true;
	case PRESS_HOME:
	case PRESS_END:
		move(cursor, press->kind == PRESS_END, cursor->count);
		return true;
	default:
		return false;
	}
}
