/* How a line being edited looks. */
#include "tui/editor.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "tui/cells.h"

#include <limits.h>
#include <string.h>

/* The text in its cells: columns before the cursor, and in all. */
struct extent {
	int before, all;
};

static struct extent measure(const char *text, size_t length, size_t at)
{
	struct extent extent = { 0 };
	struct cell cell;
	size_t done = 0, taken;

	while ((taken = cell_next(text + done, length - done, &cell))) {
		extent.before += done < at ? cell.width : 0;
		extent.all += cell.width;
		done += taken;
	}
	return extent;
}

/* The field's cells, and from which column of the text on they show it. */
struct window {
	struct area area; /* of one row */
	int from;
};

static void put(const struct window *window, int column, const struct cell *cell)
{
	int place = column - window->from;

	if (place >= 0 && place + cell->width <= window->area.columns)
		cells_put(window->area.row, window->area.column + place, cell, ROLE_FIELD);
}

static void put_text(const struct window *window, const char *text, size_t length)
{
	struct cell cell;
	size_t taken;
	int column = 0;

	while ((taken = cell_next(text, length, &cell)) && column - window->from < window->area.columns) {
		put(window, column, &cell);
		column += cell.width;
		text += taken;
		length -= taken;
	}
}

/* Signs at the ends behind which there is more. */
static void put_ends(const struct window *window, int all)
{
	int last = window->area.columns - 1;

	if (window->from)
		paint_text(window->area, 0, 0, 1, ROLE_FIELD, glyph(GLYPH_ELLIPSIS));
	if (all - window->from > window->area.columns)
		paint_text(window->area, 0, last, 1, ROLE_FIELD, glyph(GLYPH_ELLIPSIS));
}

/* The cursor never stands on a sign at an end, but behind the text's last character it needs a cell of its own. */
static int scroll(struct extent extent, int columns)
{
	int from;

	if (extent.all < columns || extent.before < columns - 1)
		return 0;
	from = extent.before - columns + 2;
	return from < extent.all + 1 - columns ? from : extent.all + 1 - columns;
}

/* Painted in place of a secret. */
static char *hidden(const struct editor *editor)
{
	const char *text = str_text(&editor->text);
	size_t left = editor->text.length, taken;
	unsigned long count = 0;
	uint32_t point;

	for (; left && (taken = text_next(text, left, &point)); left -= taken, text += taken)
		count++;
	return count ? mem_printf(ngettext("hidden, %lu character", "hidden, %lu characters", count), count) : mem_strdup("");
}

/* The part of an area's row that begins at column, clipped to the area. */
static struct area strip(struct area area, int row, int column, int columns)
{
	struct area strip = { area.row + row, area.column + column, 0, columns };

	if (row >= 0 && row < area.rows && column >= 0 && column < area.columns)
		strip.rows = 1;
	if (strip.columns > area.columns - column)
		strip.columns = area.columns - column;
	return strip;
}

void editor_paint(const struct editor *editor, struct area area, int row, int column, int columns, bool focused)
{
	char *shown = editor->secret ? hidden(editor) : NULL;
	const char *text = shown ? shown : str_text(&editor->text);
	size_t length = strlen(text);
	struct window window = { .area = strip(area, row, column + 1, columns - 2) };
	struct extent extent = measure(text, length, shown ? length : editor->at);

	if (columns >= 3 && window.area.rows > 0 && window.area.columns > 0) {
		window.from = focused ? scroll(extent, window.area.columns) : 0;
		window.from = window.from > 0 ? window.from : 0;
		paint_text(area, row, column, 1, focused ? ROLE_TITLE : ROLE_TEXT, "[");
		paint_text(area, row, column + columns - 1, 1, focused ? ROLE_TITLE : ROLE_TEXT, "]");
		paint_fill(window.area, ROLE_FIELD);
		put_text(&window, text, length);
		put_ends(&window, extent.all);
		if (focused)
			paint_cursor(window.area, 0, extent.before - window.from, true);
	}
	mem_free(shown);
}
