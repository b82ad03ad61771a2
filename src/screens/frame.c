#include "screens/frame.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"

#include <string.h>

enum { HINTS = 8, MESSAGE_ROWS = 3, MESSAGE_ROWS_FOLDED = 2, NAME_MOST = 16 /* bytes of a user that the head has room for */ };

bool frame_is_small(int rows, int columns)
{
	return rows < FRAME_ROWS || columns < FRAME_COLUMNS;
}

static void draw_small(int rows, int columns)
{
	struct area all = { 0, 0, rows, columns };
	char *text = mem_printf(_("need %dx%d, have %dx%d, q quits"), FRAME_COLUMNS, FRAME_ROWS, columns, rows);
	int wide = text_columns(text), at = wide < columns ? (columns - wide) / 2 : 0;

	paint_fill(all, ROLE_TEXT);
	paint_text(all, rows / 2, at, 0, ROLE_TEXT, text);
	paint_cursor(all, rows / 2, at, false);
	mem_free(text);
}

static void draw_head(const struct layer *screen, int columns)
{
	struct area line = { 0, 0, 1, columns };
	struct str left = { 0 }, right = { 0 };
	const struct operator *who = console_app(screen->console)->operator;
	int wide;

	str_add(&left, " penstock");
	screen->kind->head(screen, &left, &right);
	if (who)
		str_add_format(&right, " - %.*s", (int)text_cut(who->name, strlen(who->name), NAME_MOST), who->name);
	if (console_app(screen->console)->read_only)
		str_add(&right, _(" - read-only"));
	if (console_mouse(screen->console))
		str_add(&right, _(" - mouse"));
	wide = text_columns(str_text(&right));
	paint_fill(line, ROLE_BAR);
	if (wide + 2 < columns / 2 + 16)
		paint_right(line, 0, columns - wide - 1, wide, ROLE_BAR, str_text(&right));
	else
		wide = 0;
	paint_text(line, 0, 0, columns - wide - 3, ROLE_BAR, str_text(&left));
	str_done(&left);
	str_done(&right);
}

/* The key that would be hinted at there; NULL: none. */
static const char *hinted_key(const struct layer *keys, const struct action_row *row)
{
	bool typing = keys->kind->typing && keys->kind->typing(keys);

	if (!row->hint || !(row->where & keys->kind->where(keys)) || (keys->kind->why_not && keys->kind->why_not(keys, row->action)))
		return NULL;
	return action_key(row, typing);
}

static const char *hint_text(const struct layer *keys, const struct action_row *row)
{
	const char *enter = row->action == ACT_OPEN && keys->kind->enter ? keys->kind->enter(keys) : NULL;

	return enter ? enter : _(row->hint);
}

static int hint_columns(const char *key, const char *hint)
{
	return text_columns(key) + 1 + text_columns(hint) + 2;
}

/* At most eight, only whole ones, and help in any case: it lists those that have no room. */
static void draw_hints(const struct layer *keys, int row, int columns)
{
	struct area line = { row, 0, 1, columns };
	const struct action_row *help = &action_rows[action_row_count - 1];
	const char *help_key = hinted_key(keys, help);
	int at = 1, shown = 0, room = columns - (help_key ? hint_columns(help_key, _(help->hint)) : 0);

	paint_fill(line, ROLE_BAR);
	for (size_t i = 0; i < action_row_count && shown < HINTS; i++) {
		const struct action_row *one = &action_rows[i];
		const char *key = hinted_key(keys, one);

		if (!key || (one != help && (shown == HINTS - (help_key != NULL) || at + hint_columns(key, hint_text(keys, one)) > room)))
			continue;
		at += paint_text(line, 0, at, 0, ROLE_TITLE, key) + 1;
		at += paint_text(line, 0, at, 0, ROLE_BAR, hint_text(keys, one)) + 2;
		shown++;
	}
}

/* A message that is longer than a line takes some of the screen's rows. How many it needs is found by painting it where the screen is painted next. */
static int message_rows(const char *message, int rows, int columns)
{
	int most = rows < FRAME_FULL_ROWS ? MESSAGE_ROWS_FOLDED : MESSAGE_ROWS;
	int used = paint_wrapped((struct area){ 1, 1, rows - 1, columns - 2 }, 0, most, ROLE_TEXT, message);

	return used > 1 ? used : 1;
}

struct area frame_draw(struct layer *screen, const struct layer *keys, const char *message, enum role role, int rows, int columns)
{
	struct area all = { 0, 0, rows, columns }, inside = { 1, 0, 0, columns };
	int said;

	if (frame_is_small(rows, columns)) {
		draw_small(rows, columns);
		return inside;
	}
	said = message_rows(message, rows, columns);
	inside.rows = rows - 2 - said;
	paint_fill(all, ROLE_TEXT);
	draw_head(screen, columns);
	screen->kind->draw(screen, inside);
	paint_wrapped((struct area){ rows - 1 - said, 1, said, columns - 2 }, 0, said, role, message);
	draw_hints(keys, rows - 1, columns);
	return inside;
}

struct area frame_box(struct area area, int rows, int columns, const char *title)
{
	struct area box;

	box.rows = rows + 2 < area.rows ? rows + 2 : area.rows;
	box.columns = columns + 2 < area.columns ? columns + 2 : area.columns;
	box.row = area.row + (area.rows - box.rows) / 2;
	box.column = area.column + (area.columns - box.columns) / 2;
	paint_fill(box, ROLE_TEXT);
	paint_frame(box, title, NULL, true);
	return area_inside(box);
}
