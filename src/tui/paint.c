/* Frames, bars and fills; text is in paint_text.c. */
#include "tui/paint.h"

#include "tui/cells.h"

#include <math.h>
#include <string.h>

/* The pieces of a frame. `thick` ones belong to the frame with the focus. */
struct pieces {
	wchar_t across, down, top_left, top_right, bottom_left, bottom_right, tee_left, tee_right;
};

static const struct pieces *pieces_of(bool heavy)
{
	static const struct pieces sets[2][2] = {
		{ { L'─', L'│', L'┌', L'┐', L'└', L'┘', L'├', L'┤' }, { L'━', L'┃', L'┏', L'┓', L'┗', L'┛', L'┠', L'┨' } },
		{ { L'-', L'|', L'+', L'+', L'+', L'+', L'+', L'+' }, { L'=', L'#', L'#', L'#', L'#', L'#', L'#', L'#' } },
	};

	return &sets[cells_ascii()][heavy];
}

const char *glyph(enum glyph which)
{
	static const char *const sets[2][GLYPHS] = {
		{ "▶", "✓", "!", "✗", "…", "·", "(•)", "( )", "[x]", "[ ]", "…", "→" },
		{ ">", "+", "!", "x", ".", "-", "(*)", "( )", "[x]", "[ ]", "~", ">" },
	};

	return (unsigned)which < GLYPHS ? sets[cells_ascii()][which] : "";
}

static bool has_room(struct area area)
{
	return area.rows > 0 && area.columns > 0;
}

/* One character of width 1, if the place lies in the area. */
static void put(struct area area, int row, int column, wchar_t c, enum role role)
{
	if (row >= 0 && column >= 0 && row < area.rows && column < area.columns)
		cells_put_char(area.row + row, area.column + column, c, role);
}

void paint_fill(struct area area, enum role role)
{
	for (int row = 0; row < area.rows; row++)
		for (int column = 0; column < area.columns; column++)
			put(area, row, column, L' ', role);
}

struct area area_inside(struct area area)
{
	struct area inside = { area.row + 1, area.column + 1, area.rows - 2, area.columns - 2 };

	inside.rows = inside.rows > 0 ? inside.rows : 0;
	inside.columns = inside.columns > 0 ? inside.columns : 0;
	return inside;
}

/* Titles in a line of the frame, each with a space at both sides and a piece of the line before it. The left one goes first. */
static void titles(struct area area, int row, const char *left, const char *right)
{
	int room = area.columns - 6, wide = right && *right ? text_columns(right) : 0, used = 0;

	if (left && *left && room > 0) {
		used = paint_text(area, row, 3, room, ROLE_TITLE, left);
		put(area, row, 2, L' ', ROLE_FRAME);
		put(area, row, 3 + used, L' ', ROLE_FRAME);
		used += 3;
	}
	if (wide && wide + used <= room) {
		int column = area.columns - 3 - wide;

		paint_text(area, row, column, wide, ROLE_TITLE, right);
		put(area, row, column - 1, L' ', ROLE_FRAME);
		put(area, row, column + wide, L' ', ROLE_FRAME);
	}
}

void paint_frame(struct area area, const char *left, const char *right, bool heavy)
{
	const struct pieces *pieces = pieces_of(heavy);
	int bottom = area.rows - 1, edge = area.columns - 1;

	if (!has_room(area))
		return;
	for (int column = 1; column < edge; column++) {
		put(area, bottom, column, pieces->across, ROLE_FRAME);
		put(area, 0, column, pieces->across, ROLE_FRAME);
	}
	for (int row = 1; row < bottom; row++) {
		put(area, row, 0, pieces->down, ROLE_FRAME);
		put(area, row, edge, pieces->down, ROLE_FRAME);
	}
	put(area, bottom, edge, pieces->bottom_right, ROLE_FRAME);
	put(area, bottom, 0, pieces->bottom_left, ROLE_FRAME);
	put(area, 0, edge, pieces->top_right, ROLE_FRAME);
	put(area, 0, 0, pieces->top_left, ROLE_FRAME);
	titles(area, 0, left, right);
}

void paint_rule(struct area area, int row, const char *left, const char *right)
{
	const struct pieces *line = pieces_of(false), *sides = line;

	if (!has_room(area) || row < 0 || row >= area.rows)
		return;
	if (cells_at(area.row + row, area.column) == pieces_of(true)->down)
		sides = pieces_of(true);
	for (int column = 1; column < area.columns - 1; column++)
		put(area, row, column, line->across, ROLE_FRAME);
	put(area, row, area.columns - 1, sides->tee_right, ROLE_FRAME);
	put(area, row, 0, sides->tee_left, ROLE_FRAME);
	titles(area, row, left, right);
}

/* How many eighths of `cells` cells a fraction of 0..1 fills; anything that is no such number counts as the nearest end. */
static int eighths(double fraction, int cells)
{
	if (!(fraction > 0))
		return 0;
	return fraction >= 1 ? cells * 8 : (int)(fraction * cells * 8);
}

void paint_gauge(struct area area, int row, int column, int columns, double fraction)
{
	static const wchar_t parts[] = L" ▏▎▍▌▋▊▉█";
	int cells = columns - 2, full = eighths(fraction, cells);

	if (cells < 0)
		return;
	put(area, row, column, L'[', ROLE_TEXT);
	for (int i = 0; i < cells; i++, full -= 8) {
		int part = full > 8 ? 8 : full < 0 ? 0 : full;
		wchar_t c = cells_ascii() ? (part == 8 ? L'#' : L' ') : parts[part];

		put(area, row, column + 1 + i, c, ROLE_GOOD);
	}
	put(area, row, column + columns - 1, L']', ROLE_TEXT);
}

static double largest(const double *values, size_t count)
{
	double most = 0;

	for (size_t i = 0; i < count; i++)
		if (isfinite(values[i]) && values[i] > most)
			most = values[i];
	return most;
}

void paint_spark(struct area area, int row, int column, int columns, const double *values, size_t count)
{
	const wchar_t *bars = cells_ascii() ? L".:-=+*#@" : L"▁▂▃▄▅▆▇█";
	double most;

	if (columns <= 0)
		return;
	if (count > (size_t)columns) {
		values += count - (size_t)columns;
		count = (size_t)columns;
	}
	most = largest(values, count);
	for (size_t i = 0; i < count; i++) {
		int level = most > 0 ? eighths(values[i] / most, 1) : 0;

		put(area, row, column + (int)i, bars[level ? level - 1 : 0], ROLE_BUSY);
	}
}

void paint_cursor(struct area area, int row, int column, bool visible)
{
	if (has_room(area) && row >= 0 && row < area.rows && column >= 0 && column < area.columns)
		cells_cursor(area.row + row, area.column + column, visible);
}
