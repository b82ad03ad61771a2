/* Text on the screen: cleaned, cut by columns, wrapped. */
#include "tui/paint.h"

#include "base/str.h"
#include "base/text.h"
#include "tui/cells.h"

#include <limits.h>
#include <stdarg.h>
#include <string.h>

static size_t printed(const char *text, size_t length, struct cell *cell, int *width)
{
	size_t taken = cell_next(text, length, cell);

	*width = taken ? cell->width : 0;
	return taken;
}

/* Columns of cleaned text, counted up to just above `most`: a long text costs no more than what can be seen of it. */
static int measure(const char *text, size_t length, int most)
{
	int columns = 0, width;
	struct cell cell;
	size_t taken;

	while (columns <= most && (taken = printed(text, length, &cell, &width))) {
		columns += width;
		text += taken;
		length -= taken;
	}
	return columns;
}

/* Cleans as much as is worth it for so many columns: a base and its marks are seldom over 20 bytes. False: not all of it. */
static bool clean(struct str *out, const char *text, int columns)
{
	size_t limit = ((size_t)columns + 2) * 20, length = strnlen(text, limit + 4), taken = text_cut(text, length, limit);

	text_clean(out, text, taken);
	return taken == length;
}

/* From (row, column) at most `columns` of cleaned text; cut: an ellipsis must end it. */
static int draw(struct area area, int row, int column, int columns, enum role role, const char *text, size_t length, bool cut)
{
	int used = 0, width, room = cut ? columns - 1 : columns;
	struct cell cell;
	size_t taken;

	while ((taken = printed(text, length, &cell, &width)) && used + width <= room) {
		cells_put(area.row + row, area.column + column + used, &cell, role);
		used += width;
		text += taken;
		length -= taken;
	}
	if (!cut)
		return used;
	cell_next(glyph(GLYPH_ELLIPSIS), strlen(glyph(GLYPH_ELLIPSIS)), &cell);
	cells_put(area.row + row, area.column + column + used, &cell, role);
	return used + 1;
}

/* The columns left for text there, 0 where nothing may be painted. */
static int room_at(struct area area, int row, int column, int columns)
{
	int room = area.columns - column;

	if (row < 0 || row >= area.rows || column < 0 || room <= 0 || columns < 0)
		return 0;
	return columns && columns < room ? columns : room;
}

int paint_text(struct area area, int row, int column, int columns, enum role role, const char *text)
{
	int room = room_at(area, row, column, columns), used;
	struct str clean_text = { 0 };
	bool whole;

	if (!room || !text || !*text)
		return 0;
	whole = clean(&clean_text, text, room) && measure(clean_text.text, clean_text.length, room) <= room;
	used = draw(area, row, column, room, role, clean_text.text, clean_text.length, !whole);
	str_done(&clean_text);
	return used;
}

int paint_format(struct area area, int row, int column, int columns, enum role role, const char *format, ...)
{
	struct str text = { 0 };
	va_list arguments;
	int used;

	va_start(arguments, format);
	str_add_vformat(&text, format, arguments);
	va_end(arguments);
	used = paint_text(area, row, column, columns, role, str_text(&text));
	str_done(&text);
	return used;
}

void paint_right(struct area area, int row, int column, int columns, enum role role, const char *text)
{
	int wide = text_columns(text);

	if (columns <= 0)
		return;
	if (wide < columns)
		paint_text(area, row, column + columns - wide, wide, role, text);
	else
		paint_text(area, row, column, columns, role, text);
}

/* How many bytes of cleaned text make the next line of so many columns; *next is where the line after it begins. */
static size_t line_length(const char *text, size_t length, int columns, size_t *next)
{
	size_t at = 0, space = 0, taken;
	int used = 0, width;
	struct cell cell;

	while ((taken = printed(text + at, length - at, &cell, &width))) {
		if (text[at] == ' ')
			space = at;
		if (used + width > columns)
			break;
		used += width;
		at += taken;
	}
	if (at == length) {
		*next = length;
		return length;
	}
	if (!space) { /* one word wider than the line is broken where it must be; a character wider than the line is left out */
		*next = at ? at : taken;
		return at;
	}
	for (*next = space; *next < length && text[*next] == ' ';)
		++*next;
	return space;
}

/* One paragraph from `row` on; returns the row behind it. `limit` is the row that nothing may be painted on any more. */
static int paragraph(struct area area, int row, int limit, enum role role, const char *text, size_t length, bool more)
{
	size_t next;

	do {
		size_t line = line_length(text, length, area.columns, &next);
		bool cut = row == limit - 1 && (next < length || more);
		int columns = area.columns, used = measure(text, line, area.columns);

		/* An end in the middle of a word says more than a line that is half empty. */
		if (cut && used < area.columns / 2)
			line = length;
		else if (cut && used < area.columns)
			columns = used + 1;
		if (row >= 0)
			draw(area, row, 0, columns, role, text, line, cut);
		row++;
		text += next;
		length -= next;
	} while (length && row < limit);
	return row;
}

int paint_wrapped(struct area area, int row, int rows, enum role role, const char *text)
{
	int first = row, limit = row + (rows < area.rows - row ? rows : area.rows - row);
	struct str clean_text = { 0 };

	if (area.columns <= 0 || !text)
		return 0;
	while (*text && row < limit) {
		size_t length = strcspn(text, "\n");
		bool more = text[length] && text[length + 1];

		str_clear(&clean_text);
		text_clean(&clean_text, text, length);
		row = paragraph(area, row, limit, role, str_text(&clean_text), clean_text.length, more);
		text += length + (text[length] != '\0');
	}
	str_done(&clean_text);
	return row - first;
}

int text_rows(const char *text, int columns)
{
	enum { ROWS_MOST = 1000 };
	struct area above = { 0, 0, 0, columns };

	return paint_wrapped(above, -ROWS_MOST, ROWS_MOST, ROLE_TEXT, text);
}

int text_columns(const char *text)
{
	struct str clean_text = { 0 };
	int columns;

	if (!text)
		return 0;
	text_clean(&clean_text, text, strlen(text));
	columns = measure(str_text(&clean_text), clean_text.length, INT_MAX - 2);
	str_done(&clean_text);
	return columns;
}
