/* Two popups of lines that can be moved through: all keys that work on a screen, and the last errors. */
#include "base/i18n.h"
#include "base/mem.h"
#include "base/str.h"
#include "screens/frame.h"
#include "screens/hints.h"
#include "screens/popups.h"
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
	int key_columns;
	size_t top; /* the first that is seen; heights differ, so it is not the cursor's */
};

enum { LINES_COLUMNS = 74, LINES_ROWS = 18, KEY_COLUMNS = 12, KEY_COLUMNS_MOST = 22 };

static unsigned lines_where(const struct layer *layer)
{
	(void)layer;
	return AT_POPUP;
}

static bool lines_press(struct layer *layer, const struct press *press)
{
	struct lines *lines = (struct lines *)layer;

	cursor_fit(&lines->cursor, lines->at.count, lines->cursor.seen); /* it may not have been drawn yet: keys come faster */
	return cursor_press(&lines->cursor, press);
}

static bool lines_act(struct layer *layer, enum action action)
{
	if (action != ACT_HELP)
		return false;
	console_pop(layer->console, layer);
	return true;
}

/* One entry, its text in as many rows as it takes. Returns them. */
static int draw_line(const struct line *line, int keys, struct area inside, int row, bool here)
{
	struct area text = { inside.row, inside.column + 3 + keys, inside.rows, inside.columns - 4 - keys };
	int used;

	if (here) {
		paint_text(inside, row, 0, 0, ROLE_TITLE, glyph(GLYPH_HERE));
		paint_cursor(inside, row, 0, true);
	}
	paint_text(inside, row, 2, keys, ROLE_TITLE, line->key);
	used = paint_wrapped(text, row, inside.rows - row, line->role, line->text);
	return used > 1 ? used : 1;
}

/* From `top` on. Returns the row behind the one with the focus: beyond the room when it has none. */
static int draw_from(const struct lines *lines, struct area inside)
{
	int row = 0, end = inside.rows + 1;

	paint_fill(inside, ROLE_TEXT);
	for (size_t i = lines->top; i < lines->at.count && row < inside.rows; i++) {
		row += draw_line(&lines->at.at[i], lines->key_columns, inside, row, i == lines->cursor.at);
		if (i == lines->cursor.at)
			end = row;
	}
	return end;
}

static char *lines_copy(const struct layer *layer)
{
	const struct lines *lines = (const struct lines *)layer;

	return lines->cursor.at < lines->at.count ? mem_strdup(lines->at.at[lines->cursor.at].text) : NULL;
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
	.copy = lines_copy,
	.free = lines_free,
};

static struct lines *lines_new(struct console *console, const char *title)
{
	struct lines *lines = mem_alloc(sizeof *lines);

	lines->layer = (struct layer){ &lines_kind, console };
	lines->title = mem_strdup(title);
	lines->key_columns = KEY_COLUMNS;
	return lines;
}

void lines_add(struct lines *lines, const char *key, enum role role, const char *text)
{
	struct line line = { .key = mem_strdup(key), .text = mem_strdup(text), .role = role };
	int wide = text_columns(key);

	vec_push(&lines->at, line);
	if (wide > lines->key_columns)
		lines->key_columns = wide < KEY_COLUMNS_MOST ? wide : KEY_COLUMNS_MOST;
}

struct lines *lines_open(struct console *console, const char *title)
{
	struct lines *lines = lines_new(console, title);

	console_push(console, &lines->layer);
	return lines;
}

#define GUIDE_LISTS "https://experienceleague.adobe.com/docs/marketo/using/product-docs/core-marketo-concepts/smart-lists-and-static-lists/static-lists/" \
	"push-an-adobe-experience-cloud-segment-to-a-marketo-static-list.html"
#define GUIDE_GOVERNANCE "https://experienceleague.adobe.com/docs/experience-platform/data-governance/home.html"

/* What a screen is for, and where Adobe tells more; the first that fits. */
static const struct {
	unsigned where;
	const char *text, *link;
} lessons[] = {
	{ AT_MAPPING, N_("Here each source field finds its Marketo field. People are found by the dedupe field, so that one needs a row."), GUIDE_LISTS },
	{ AT_REVIEW, N_("Here you see what launching does, before it does it. What the plan says is what runs."), GUIDE_GOVERNANCE },
	{ AT_STEP, N_("Six steps from nothing to a launched dataflow. Each is saved as you leave a field; nothing is sent before you launch."), GUIDE_LISTS },
	{ AT_MONITOR, N_("The run as it goes. Leaving this screen, or penstock, stops nothing."), NULL },
	{ AT_BROWSE, N_("Everything there is, as tables. What changes something asks first, and tells the command that does the same."), NULL },
	{ AT_HOME, N_("What there is and how it goes. New dataflows go to V2."), GUIDE_LISTS },
};

/* What changed from V1 to V2, as the vendor's page has it. */
static const struct {
	unsigned where;
	const char *card, *text;
} changes[] = {
	{ AT_HOME, "V2", N_("Since July 2022. Lists are made by themselves, where V1 wanted a Mapping ID typed by hand for each audience. Any field that Marketo describes can be "
						"mapped, where V1 had firstName, lastName and companyName. People who are missing in Marketo can be created.") },
	{ AT_HOME, "V1", N_("Deprecated. Only dataflows that exist already; m brings them to V2, and deletes them once their lists agree.") },
};

static size_t lesson_of(unsigned where)
{
	size_t i = 0;

	while (i + 1 < sizeof lessons / sizeof *lessons && !(lessons[i].where & where))
		i++;
	return i;
}

/* What it does, the commands that do the same, and why it does nothing now. Free with mem_free. */
static char *action_text(const struct layer *about, const struct action_row *row, const char *why)
{
	const char *enter = row->action == ACT_OPEN && about->kind->enter ? about->kind->enter(about) : NULL;
	struct str text = { 0 };

	str_add(&text, enter ? enter : _(row->help));
	if (*row->twin)
		str_add_format(&text, " (penstock %s)", row->twin);
	if (why)
		str_add_format(&text, _(" (not now: %s)"), why);
	return str_take(&text);
}

struct layer *help_new(struct console *console, const struct layer *about)
{
	struct lines *lines = lines_new(console, _("Keys that work here"));
	bool typing = about->kind->typing && about->kind->typing(about);
	unsigned where = about->kind->where(about);
	size_t lesson = lesson_of(where);

	lines_add(lines, "", ROLE_TEXT, _(lessons[lesson].text));
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
		if (changes[i].where & where)
			lines_add(lines, changes[i].card, ROLE_TEXT, _(changes[i].text));
	for (size_t i = 0; i < action_row_count; i++) {
		const struct action_row *row = &action_rows[i];
		const char *key = (row->where & where) ? action_key(row, typing) : NULL;
		const char *why = key && about->kind->why_not ? about->kind->why_not(about, row->action) : NULL;
		char *text;

		if (!key)
			continue;
		text = action_text(about, row, why);
		lines_add(lines, key, why ? ROLE_DIM : ROLE_TEXT, text);
		mem_free(text);
	}
	lines_add(lines, _("arrows"), ROLE_TEXT, _("move; PgUp, PgDn, Home, End too; outside of fields also h j k l, g and G"));
	lines_add(lines, "Tab", ROLE_TEXT, _("to the next field; Shift-Tab to the one before"));
	lines_add(lines, "Ctrl-L", ROLE_TEXT, _("paint the screen again"));
	lines_add(lines, "Ctrl-C", ROLE_TEXT, _("leave at once; drafts are saved, runs go on"));
	if (lessons[lesson].link)
		lines_add(lines, _("guide"), ROLE_DIM, lessons[lesson].link);
	return &lines->layer;
}

struct layer *errors_new(struct console *console, const struct error *errors, size_t count)
{
	struct lines *lines = lines_new(console, _("The last errors, newest first"));

	for (size_t i = count; i-- > 0;) {
		const struct error *one = &errors[i];

		lines_add(lines, one->code, ROLE_BAD, one->message);
		if (*one->hint) {
			char *hint = hint_with_keys(one->hint, 0);

			lines_add(lines, _("do"), ROLE_TEXT, hint);
			mem_free(hint);
		}
		if (*one->request_id)
			lines_add(lines, _("request"), ROLE_DIM, one->request_id);
	}
	if (!count)
		lines_add(lines, "", ROLE_DIM, _("no errors so far"));
	return &lines->layer;
}
