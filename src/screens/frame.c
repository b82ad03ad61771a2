#include "screens/frame.h"

#include "base/i18n.h"
#include "base/mem.h"

enum { HINTS = 8 };

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
	int wide;

	str_add(&left, " penstock");
	screen->kind->head(screen, &left, &right);
	if (console_app(screen->console)->read_only)
		str_add(&right, _(" - read-only"));
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

/* At most eight, and only whole ones. */
static void draw_hints(const struct layer *keys, int row, int columns)
{
	struct area line = { row, 0, 1, columns };
	bool typing = keys->kind->typing && keys->kind->typing(keys);
	unsigned where = keys->kind->where(keys);
	int at = 1, shown = 0;

	paint_fill(line, ROLE_BAR);
	for (size_t i = 0; i < action_row_count && shown < HINTS; i++) {
		const struct action_row *one = &action_rows[i];
		const char *key = one->hint && (one->where & where) ? action_key(one, typing) : NULL;
		int wide;

		if (!key || (keys->kind->why_not && keys->kind->why_not(keys, one->action)))
			continue;
		wide = text_columns(key) + 1 + text_columns(_(one->hint));
		if (at + wide >= columns)
			continue;
		at += paint_text(line, 0, at, 0, ROLE_TITLE, key) + 1;
		at += paint_text(line, 0, at, 0, ROLE_BAR, _(one->hint)) + 2;
		shown++;
	}
}

void frame_draw(struct layer *screen, const struct layer *keys, const char *message, enum role role, int rows, int columns)
{
	struct area all = { 0, 0, rows, columns };

	if (frame_is_small(rows, columns)) {
		draw_small(rows, columns);
		return;
	}
	paint_fill(all, ROLE_TEXT);
	draw_head(screen, columns);
	screen->kind->draw(screen, (struct area){ 1, 0, rows - 3, columns });
	paint_text((struct area){ rows - 2, 0, 1, columns }, 0, 1, columns - 2, role, message);
	draw_hints(keys, rows - 1, columns);
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
