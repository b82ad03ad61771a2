/* Two popups of lines that can be moved through: all keys that work on a screen, and the last errors. */
#include "base/i18n.h"
#include "base/mem.h"
#include "screens/frame.h"
#include "tui/cursor.h"

#include <string.h>

struct line {
	char *key, *text;
	enum role role;
};

struct lines {
	struct layer layer;
	char *title;
	VEC(struct line) at;
	struct cursor cursor;
	size_t top; /* the first that is seen; heights differ, so it is not the cursor's */
};

enum { LINES_COLUMNS = 74, LINES_ROWS = 18, KEY_COLUMNS = 12 };

static unsigned lines_where(const struct layer *layer)
{
	(void)layer;
	return AT_POPUP;
}

static bool lines_press(struct layer *layer, const struct press *press)
{
	return cursor_press(&((struct lines *)layer)->cursor, press, true);
}

static bool lines_act(struct layer *layer, enum action action)
{
	if (action != ACT_HELP)
		return false;
	console_pop(layer->console, layer);
	return true;
}

/* One entry, its text in as many rows as it takes. Returns them. */
static int draw_line(const struct line *line, struct area inside, int row, bool here)
{
	struct area text = { inside.row, inside.column + 3 + KEY_COLUMNS, inside.rows, inside.columns - 4 - KEY_COLUMNS };
	int used;

	if (here) {
		paint_text(inside, row, 0, 0, ROLE_TITLE, glyph(GLYPH_HERE));
		paint_cursor(inside, row, 0, true);
	}
	paint_text(inside, row, 2, KEY_COLUMNS, ROLE_TITLE, line->key);
	used = paint_wrapped(text, row, inside.rows - row, line->role, line->text);
	return used > 1 ? used : 1;
}

/* From `top` on. Returns the row behind the one with the focus: beyond the room when it has none. */
static int draw_from(const struct lines *lines, struct area inside)
{
	int row = 0, end = inside.rows + 1;

	paint_fill(inside, ROLE_TEXT);
	for (size_t i = lines->top; i < lines->at.count && row < inside.rows; i++) {
		row += draw_line(&lines->at.at[i], inside, row, i == lines->cursor.at);
		if (i == lines->cursor.at)
			end = row;
	}
	return end;
}

static void lines_draw(struct layer *layer, struct area area)
{
	struct lines *lines = (struct lines *)layer;
	struct area inside = frame_box(area, LINES_ROWS, LINES_COLUMNS, lines->title);

	cursor_fit(&lines->cursor, lines->at.count, inside.rows > 2 ? (size_t)inside.rows / 2 : 1);
	if (lines->cursor.at < lines->top)
		lines->top = lines->cursor.at;
	/* What ends in the last row may have been cut there. */
	while (draw_from(lines, inside) >= inside.rows && lines->top < lines->cursor.at)
		lines->top++;
}

static void lines_free(struct layer *layer)
{
	struct lines *lines = (struct lines *)layer;

	for (size_t i = 0; i < lines->at.count; i++) {
		mem_free(lines->at.at[i].key);
		mem_free(lines->at.at[i].text);
	}
	vec_done(&lines->at);
	mem_free(lines->title);
	mem_free(lines);
}

static const struct layer_kind lines_kind = {
	.popup = true,
	.where = lines_where,
	.press = lines_press,
	.act = lines_act,
	.draw = lines_draw,
	.free = lines_free,
};

static struct lines *lines_new(struct console *console, const char *title)
{
	struct lines *lines = mem_alloc(sizeof *lines);

	lines->layer = (struct layer){ &lines_kind, console };
	lines->title = mem_strdup(title);
	return lines;
}

static void add(struct lines *lines, const char *key, enum role role, const char *text)
{
	struct line line = { .key = mem_strdup(key), .text = mem_strdup(text), .role = role };

	vec_push(&lines->at, line);
}

struct layer *help_new(struct console *console, const struct layer *about)
{
	struct lines *lines = lines_new(console, _("Keys that work here"));
	bool typing = about->kind->typing && about->kind->typing(about);
	unsigned where = about->kind->where(about);

	for (size_t i = 0; i < action_row_count; i++) {
		const struct action_row *row = &action_rows[i];
		const char *key = (row->where & where) ? action_key(row, typing) : NULL;
		const char *why = key && about->kind->why_not ? about->kind->why_not(about, row->action) : NULL;
		char *text;

		if (!key)
			continue;
		text = why ? mem_printf(_("%s (not now: %s)"), _(row->help), why) : mem_strdup(_(row->help));
		add(lines, key, why ? ROLE_DIM : ROLE_TEXT, text);
		mem_free(text);
	}
	add(lines, _("arrows"), ROLE_TEXT, _("move; PgUp, PgDn, Home, End too; j k g G in lists"));
	add(lines, "Tab", ROLE_TEXT, _("to the next field; Shift-Tab to the one before"));
	add(lines, "Ctrl-L", ROLE_TEXT, _("paint the screen again"));
	add(lines, "Ctrl-C", ROLE_TEXT, _("leave at once; drafts are saved, runs go on"));
	return &lines->layer;
}

struct layer *errors_new(struct console *console, const struct error *errors, size_t count)
{
	struct lines *lines = lines_new(console, _("The last errors, newest first"));

	for (size_t i = count; i-- > 0;) {
		const struct error *one = &errors[i];

		add(lines, one->code, ROLE_BAD, one->message);
		if (*one->hint)
			add(lines, _("do"), ROLE_TEXT, one->hint);
		if (*one->request_id)
			add(lines, _("request"), ROLE_DIM, one->request_id);
	}
	if (!count)
		add(lines, "", ROLE_DIM, _("no errors so far"));
	return &lines->layer;
}
