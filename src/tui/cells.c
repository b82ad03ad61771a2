#define NCURSES_WIDECHAR 1
#include "tui/cells.h"

#include "base/mem.h"
#include "base/text.h"

#include <curses.h>
#include <langinfo.h>
#include <string.h>

/* How a role looks with colours (over the terminal's own background) and without. */
static const struct {
	short color; /* -1: the terminal's own */
	attr_t with, without;
} looks[ROLES] = {
	[ROLE_TEXT] = { -1, A_NORMAL, A_NORMAL },
	[ROLE_TITLE] = { -1, A_BOLD, A_BOLD },
	[ROLE_DIM] = { -1, A_DIM, A_DIM },
	[ROLE_FRAME] = { -1, A_NORMAL, A_NORMAL },
	[ROLE_SELECTED] = { -1, A_REVERSE, A_REVERSE },
	[ROLE_FIELD] = { -1, A_UNDERLINE, A_UNDERLINE },
	[ROLE_GOOD] = { COLOR_GREEN, A_NORMAL, A_BOLD },
	[ROLE_WARNING] = { COLOR_YELLOW, A_BOLD, A_BOLD | A_UNDERLINE },
	[ROLE_BAD] = { COLOR_RED, A_BOLD, A_BOLD | A_REVERSE },
	[ROLE_BUSY] = { COLOR_CYAN, A_NORMAL, A_UNDERLINE },
	[ROLE_BAR] = { COLOR_CYAN, A_BOLD, A_BOLD },
};

enum half { WHOLE, LEFT_HALF, RIGHT_HALF };

static struct {
	bool ascii, utf8, colors;
	int rows, columns;
	unsigned char *halves; /* an enum half for each cell: curses itself leaves one half behind when the other is written over */
	size_t capacity;
	int cursor_row, cursor_column;
	bool cursor_visible;
	int shown; /* what curs_set was last told; -1: nothing yet */
} screen;

void cells_open(bool ascii, bool wanted_colors)
{
	short background = COLOR_BLACK;

	screen.utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	screen.ascii = ascii || !screen.utf8;
	screen.shown = -1;
	screen.colors = wanted_colors && has_colors() && start_color() == OK && COLORS >= 8;
	if (!screen.colors)
		return;
	if (use_default_colors() == OK)
		background = -1;
	for (int role = 0; role < ROLES; role++)
		if (looks[role].color >= 0 && init_pair((short)(role + 1), looks[role].color, background) == ERR)
			screen.colors = false;
}

bool cells_ascii(void)
{
	return screen.ascii;
}

void cells_begin(int rows, int columns)
{
	size_t count = (size_t)rows * (size_t)columns;

	if (count > screen.capacity) {
		screen.halves = mem_realloc(screen.halves, count);
		screen.capacity = count;
	}
	memset(screen.halves, WHOLE, count);
	screen.rows = rows;
	screen.columns = columns;
	cells_cursor(rows - 1, 0, false);
	werase(stdscr);
}

void cells_end(void)
{
	wmove(stdscr, screen.cursor_row, screen.cursor_column);
	if (screen.shown != screen.cursor_visible)
		curs_set(screen.cursor_visible);
	screen.shown = screen.cursor_visible;
}

void cells_done(void)
{
	mem_free(screen.halves);
	screen.halves = NULL;
	screen.capacity = 0;
	screen.rows = screen.columns = 0;
}

static bool is_on_screen(int row, int column)
{
	return row >= 0 && column >= 0 && row < screen.rows && column < screen.columns;
}

static unsigned char *half_at(int row, int column)
{
	return &screen.halves[(size_t)row * (size_t)screen.columns + (size_t)column];
}

/* cchar_t with the colours and attributes of a role. */
static void write_cell(int row, int column, const wchar_t *points, enum role role)
{
	bool colored = screen.colors && looks[role].color >= 0;
	cchar_t cell;

	if (setcchar(&cell, points, screen.colors ? looks[role].with : looks[role].without, colored ? (short)(role + 1) : 0, NULL) == OK)
		mvwadd_wch(stdscr, row, column, &cell); /* ERR in the last corner, where the cursor cannot go on, though it is written */
}

/* Blanks the other half of a wide character that is about to lose this one. */
static void drop_half(int row, int column)
{
	enum half half = *half_at(row, column);
	int other = half == LEFT_HALF ? column + 1 : column - 1;

	if (half == WHOLE)
		return;
	write_cell(row, other, L" ", ROLE_TEXT);
	*half_at(row, other) = *half_at(row, column) = WHOLE;
}

void cells_put(int row, int column, const struct cell *cell, enum role role)
{
	if (!is_on_screen(row, column) || !is_on_screen(row, column + cell->width - 1))
		return;
	drop_half(row, column);
	if (cell->width == 2)
		drop_half(row, column + 1);
	write_cell(row, column, cell->points, role);
	*half_at(row, column) = cell->width == 2 ? LEFT_HALF : WHOLE;
	if (cell->width == 2)
		*half_at(row, column + 1) = RIGHT_HALF;
}

void cells_put_char(int row, int column, wchar_t c, enum role role)
{
	struct cell cell = { .points = { c }, .width = 1 };

	cells_put(row, column, &cell, role);
}

wchar_t cells_at(int row, int column)
{
	wchar_t points[CCHARW_MAX + 1] = { 0 };
	attr_t attributes;
	short pair;
	cchar_t cell;

	if (!is_on_screen(row, column) || mvwin_wch(stdscr, row, column, &cell) != OK || getcchar(&cell, points, &attributes, &pair, NULL) != OK)
		return 0;
	return points[0];
}

void cells_cursor(int row, int column, bool visible)
{
	if (!is_on_screen(row, column))
		return;
	screen.cursor_row = row;
	screen.cursor_column = column;
	screen.cursor_visible = visible;
}

/* What the locale cannot write is a question mark; wcwidth alone would not tell in the 8-bit codesets. */
static bool is_printable(wchar_t c)
{
	char bytes[16];
	mbstate_t fresh = { 0 };

	return (c >= ' ' && c <= '~') || (wcwidth(c) >= 0 && wcrtomb(bytes, c, &fresh) != (size_t)-1);
}

size_t cell_next(const char *text, size_t length, struct cell *out)
{
	uint32_t point = 0;
	size_t taken = text_next(text, length, &point), step;
	int marks = 0;

	if (!length)
		return 0;
	*out = (struct cell){ .width = 1 };
	out->points[0] = taken && is_printable((wchar_t)point) ? (wchar_t)point : L'?';
	taken = taken ? taken : 1;
	if (wcwidth(out->points[0]) == 0) /* a mark without a base stands on a space */
		out->points[0] = L' ', taken = 0;
	else
		out->width = wcwidth(out->points[0]) == 2 ? 2 : 1;
	while ((step = text_next(text + taken, length - taken, &point)) && point >= 0x80 && is_printable((wchar_t)point) && wcwidth((wchar_t)point) == 0) {
		taken += step;
		if (marks < CELL_MARKS)
			out->points[++marks] = (wchar_t)point;
	}
	return taken;
}
