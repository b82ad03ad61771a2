#include "screens/frame.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"

#include <string.h>

enum { HINTS = 8, MESSAGE_ROWS = 3, NAME_MOST = 16 /* bytes of a user that the head has room for */ };

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

/* How the last errors are opened from where the keys are. Free with mem_free. */
static char *more_text(const struct layer *keys)
{
	bool elsewhere = (keys->kind->typing && keys->kind->typing(keys)) || keys->kind->popup;
	const char *key = NULL;

	for (size_t i = 0; !key && i < action_row_count; i++)
		if (action_rows[i].action == ACT_ERRORS)
			key = action_key(&action_rows[i], false);
	return mem_printf(_("%s%s shows all"), elsewhere ? "Esc " : "", key ? key : "");
}

/* The text, cut, then what to do, and how to see the rest. */
static void draw_cut(const struct frame_said *said, const struct layer *keys, struct area lines)
{
	char *more = said->kept ? more_text(keys) : mem_strdup("");
	int wide = text_columns(more), hint_rows;
	struct area narrow = lines, above = lines, end;

	if (wide)
		narrow.columns -= wide + 2;
	hint_rows = *said->hint ? text_rows(said->hint, narrow.columns) : 0;
	if (hint_rows > lines.rows - 1)
		hint_rows = lines.rows - 1;
	above.rows -= hint_rows;
	paint_wrapped(above, 0, above.rows, said->role, said->text);
	paint_wrapped(narrow, above.rows, hint_rows, said->role, said->hint);
	if (wide) {
		end = (struct area){ lines.row + lines.rows - 1, lines.column + narrow.columns, 1, wide + 2 };
		paint_fill(end, ROLE_TEXT);
		if (!hint_rows)
			paint_text(end, 0, 0, 1, said->role, glyph(GLYPH_ELLIPSIS));
		paint_text(end, 0, 2, 0, ROLE_TITLE, more);
	}
	mem_free(more);
}

struct area frame_draw(struct layer *screen, const struct layer *keys, const struct frame_said *said, int rows, int columns)
{
	struct area all = { 0, 0, rows, columns }, inside = { 1, 0, 0, columns }, lines = { 0, 1, 1, columns - 2 };
	char *whole;
	int wanted;

	if (frame_is_small(rows, columns)) {
		draw_small(rows, columns);
		return inside;
	}
	whole = mem_printf("%s%s%s", said->text, *said->hint ? " " : "", said->hint);
	wanted = text_rows(whole, lines.columns);
	/* A message that is longer than a line takes some of the screen's rows. */
	lines.rows = wanted < 1 ? 1 : wanted < MESSAGE_ROWS ? wanted : MESSAGE_ROWS;
	lines.row = rows - 1 - lines.rows;
	inside.rows = lines.row - 1;
	paint_fill(all, ROLE_TEXT);
	draw_head(screen, columns);
	screen->kind->draw(screen, inside);
	if (wanted <= lines.rows)
		paint_wrapped(lines, 0, lines.rows, said->role, whole);
	else
		draw_cut(said, keys, lines);
	draw_hints(keys, rows - 1, columns);
	mem_free(whole);
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
