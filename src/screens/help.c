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

static void lines_draw(struct layer *layer, struct area area)
{
	struct lines *lines = (struct lines *)layer;
	struct area inside = frame_box(area, LINES_ROWS, LINES_COLUMNS, lines->title);

	cursor_fit(&lines->cursor, lines->at.count, inside.rows > 0 ? (size_t)inside.rows : 0);
	for (int row = 0; row < inside.rows && lines->cursor.top + (size_t)row < lines->at.count; row++) {
		size_t place = lines->cursor.top + (size_t)row;
		const struct line *line = &lines->at.at[place];

		if (place == lines->cursor.at) {
			paint_text(inside, row, 0, 0, ROLE_TITLE, glyph(GLYPH_HERE));
			paint_cursor(inside, row, 0, true);
		}
		paint_text(inside, row, 2, KEY_COLUMNS, ROLE_TITLE, line->key);
		paint_text(inside, row, 3 + KEY_COLUMNS, 0, line->role, line->text);
	}
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

/* Long lines are cut into several of the popup's width. */
static void add_long(struct lines *lines, const char *key, enum role role, const char *text)
{
	enum { PIECE = LINES_COLUMNS - KEY_COLUMNS - 6 };

	while (*text) {
		size_t length = strlen(text), piece = length;

		if (length > PIECE) {
			piece = PIECE;
			while (piece > PIECE / 2 && text[piece] != ' ')
				piece--;
			if (text[piece] != ' ')
				for (piece = PIECE; (text[piece] & 0xc0) == 0x80; piece--)
					;
		}
		char *part = mem_strndup(text, piece);

		add(lines, key, role, part);
		mem_free(part);
		key = "";
		text += piece;
		text += strspn(text, " ");
	}
}

struct layer *errors_new(struct console *console, const struct error *errors, size_t count)
{
	struct lines *lines = lines_new(console, _("The last errors, newest first"));

	for (size_t i = count; i-- > 0;) {
		const struct error *one = &errors[i];

		add_long(lines, one->code, ROLE_BAD, one->message);
		add_long(lines, _("do"), ROLE_TEXT, one->hint);
		add_long(lines, _("request"), ROLE_DIM, one->request_id);
	}
	if (!count)
		add(lines, "", ROLE_DIM, _("no errors so far"));
	return &lines->layer;
}
