/* What a table looks like: tabs, a header, the rows that are seen, and the one with the focus whole. */
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "screens/browse_inside.h"

#include <inttypes.h>
#include <stdio.h>

enum { STRIP_ROWS = 4, STRIP_ROWS_FOLDED = 2, FOLDED = 16, RULE_ENDS = 9 };

static void draw_tabs(const struct browse *browse, struct area area)
{
	int at = 1, gap;

	if (browse->filtering || browse->filter.text.length) {
		paint_text(area, 0, 1, 0, ROLE_TEXT, _("filter:"));
		editor_paint(&browse->filter, area, 0, 9, 34, browse->filtering);
		paint_format(area, 0, 45, 0, ROLE_DIM, _("%zu of %zu"), browse->shown.count, browse->rows.count);
		return;
	}
	if ((browse->ask && !browse->quiet) || deeds_busy(browse->deeds)) {
		int64_t seconds = (clock_mono_ms() - browse->since) / 1000;

		paint_format(area, 0, 1, 0, ROLE_BUSY, _("%s asking, %" PRId64 " s. Esc gives up."), glyph(GLYPH_BUSY), seconds);
		return;
	}
	if (browse->sorted) {
		char *by = mem_printf(_("sorted by %s "), _(browse_kind_of(browse)->columns[browse->sorted - 1].title));

		paint_right(area, 0, area.columns / 2, area.columns - area.columns / 2, ROLE_DIM, by);
		mem_free(by);
	}
	/* In a narrow terminal they stand closer. */
	gap = area.columns < 70 ? 0 : 1;
	for (int i = 0; browse_is_tab(browse) && i < BROWSE_TABS; i++) {
		bool here = i == (int)browse->which;

		at += paint_format(area, 0, at, 0, here ? ROLE_TITLE : ROLE_DIM, here ? "[%s]" : " %s ", _(browse_kinds[i].title)) + gap;
	}
	if (browse_is_tab(browse) && !browse->sorted && at + text_columns(_("Tab: next")) < area.columns)
		paint_right(area, 0, at, area.columns - at - 1, ROLE_DIM, _("Tab: next"));
}

/* Columns from the left as far as they fit; the last one that is a text takes what is left. */
static size_t fitting(const struct browse_kind *kind, int room)
{
	size_t count = 0;
	int used = 2;

	while (count < BROWSE_COLUMNS && kind->columns[count].title && kind->columns[count].columns) {
		used += kind->columns[count].columns + 1;
		if (used > room && count)
			break;
		count++;
	}
	return count;
}

static void draw_header(const struct browse_kind *kind, struct area area, size_t columns)
{
	int at = 2;

	for (size_t c = 0; c < columns; c++) {
		const struct browse_column *column = &kind->columns[c];

		if (column->kind == CELL_NUMBER)
			paint_right(area, 1, at, column->columns, ROLE_DIM, _(column->title));
		else
			paint_text(area, 1, at, column->columns, ROLE_DIM, _(column->title));
		at += column->columns + 1;
	}
}

static void draw_row(const struct browse *browse, struct area list, int row, size_t place, size_t columns)
{
	const struct browse_kind *kind = browse_kind_of(browse);
	const struct browse_row *what = &browse->rows.at[browse->shown.at[place]];
	bool here = place == browse->cursor.at;
	struct str text = { 0 };
	int at = 2;

	if (here) {
		paint_text(list, row, 0, 0, ROLE_TITLE, glyph(GLYPH_HERE));
		if (!browse->filtering)
			paint_cursor(list, row, 0, true);
	}
	for (size_t c = 0; c < columns; c++) {
		const struct browse_column *column = &kind->columns[c];
		enum glyph sign;
		enum role role = browse_look(kind, what, c, &sign);
		const char *shown = browse_cell(kind, what, c, browse->whole, &text);
		int wide = c + 1 == columns && column->kind != CELL_NUMBER ? 0 : column->columns;

		if (role == ROLE_TEXT && here)
			role = ROLE_SELECTED;
		if (column->kind == CELL_NUMBER)
			paint_right(list, row, at, column->columns, role, shown);
		else if (column->kind == CELL_STATE)
			paint_format(list, row, at, wide, role, "%s %s", glyph(sign), shown);
		else
			paint_text(list, row, at, wide, role, shown);
		at += column->columns + 1;
	}
	str_done(&text);
}

/* The row with the focus, whole. */
static void draw_strip(const struct browse *browse, struct area area, int row)
{
	const struct browse_kind *kind = browse_kind_of(browse);
	struct area inside = { area.row, area.column + 1, area.rows, area.columns - 2 };
	struct str all = { 0 }, text = { 0 };

	for (size_t c = 0; browse_focused(browse) && c < BROWSE_COLUMNS && kind->columns[c].title; c++)
		if (browse_focused(browse)->cells[c])
			str_add_format(&all, "%s%s %s", all.length ? ", " : "", _(kind->columns[c].title), browse_cell(kind, browse_focused(browse), c, browse->whole, &text));
	paint_wrapped(inside, row, area.rows - row, ROLE_TEXT, str_text(&all));
	str_done(&all);
	str_done(&text);
}

static void draw_empty(const struct browse *browse, struct area area)
{
	const char *text = browse->failed ? _("not known: the question failed, the last line and ! say why; Ctrl-R asks again") : _(browse_kind_of(browse)->empty);

	if (browse->ask)
		return;
	paint_wrapped((struct area){ area.row, area.column + 2, area.rows, area.columns - 4 }, 2, area.rows - 2, ROLE_DIM,
		browse->rows.count ? _("nothing fits the filter") : text);
}

void browse_draw(struct layer *layer, struct area area)
{
	struct browse *browse = (struct browse *)layer;
	const struct browse_kind *kind = browse_kind_of(browse);
	struct area inside = area_inside(area);
	int strip = inside.rows < FOLDED ? STRIP_ROWS_FOLDED : STRIP_ROWS;
	struct area list = { inside.row + 2, inside.column, inside.rows - strip - 3, inside.columns };
	size_t columns = fitting(kind, inside.columns), last;
	const char *title;
	struct str name = { 0 };
	char place[80];

	paint_frame(area, _(kind->title), browse->of, false);
	draw_tabs(browse, inside);
	draw_header(kind, inside, columns);
	cursor_fit(&browse->cursor, browse->shown.count, list.rows > 0 ? (size_t)list.rows : 0);
	for (int row = 0; row < list.rows && browse->cursor.top + (size_t)row < browse->shown.count; row++)
		draw_row(browse, list, row, browse->cursor.top + (size_t)row, columns);
	if (!browse->shown.count)
		draw_empty(browse, inside);
	last = browse->cursor.top + (size_t)(list.rows > 0 ? list.rows : 0);
	last = last < browse->shown.count ? last : browse->shown.count;
	snprintf(place, sizeof place, _("%zu-%zu of %zu"), last ? browse->cursor.top + 1 : 0, last, browse->shown.count);
	title = browse_focused(browse) ? browse_cell(kind, browse_focused(browse), kind->name, browse->whole, &name) : NULL;
	/* Where one is has its place; the strip below has a long name whole. */
	if (title && text_columns(title) + text_columns(place) + RULE_ENDS > area.columns)
		title = NULL;
	paint_rule(area, inside.rows - strip, title, place);
	str_done(&name);
	draw_strip(browse, inside, inside.rows - strip);
}
