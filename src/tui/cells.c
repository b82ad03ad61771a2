#define NCURSES_WIDECHAR 1
#include "tui/cells.h"

#include "base/mem.h"
#include "base/text.h"

#include <curses.h>
#include <langinfo.h>
#include <string.h>

/* How a role looks without colours. */
static const attr_t plain[ROLES] = {
	[ROLE_TITLE] = A_BOLD,
	[ROLE_DIM] = A_DIM,
	[ROLE_SELECTED] = A_REVERSE,
	[ROLE_FIELD] = A_UNDERLINE,
	[ROLE_GOOD] = A_BOLD,
	[ROLE_WARNING] = A_BOLD | A_UNDERLINE,
	[ROLE_BAD] = A_BOLD | A_REVERSE,
	[ROLE_BUSY] = A_UNDERLINE,
	[ROLE_BAR] = A_BOLD,
};

/* And with them. rich: where there are 256; -1: the terminal's own. */
struct look {
	short color, rich;
	attr_t with;
};

#define OWN(attributes) { -1, -1, attributes }
#define ONE(color, attributes) { color, color, attributes }
static const struct look looks[THEMES][ROLES] = {
	[THEME_TERMINAL] = {
		[ROLE_TEXT] = OWN(A_NORMAL),
		[ROLE_TITLE] = OWN(A_BOLD),
		[ROLE_DIM] = OWN(A_DIM),
		[ROLE_FRAME] = OWN(A_NORMAL),
		[ROLE_SELECTED] = OWN(A_REVERSE),
		[ROLE_FIELD] = OWN(A_UNDERLINE),
		[ROLE_GOOD] = ONE(COLOR_GREEN, A_NORMAL),
		[ROLE_WARNING] = ONE(COLOR_YELLOW, A_BOLD),
		[ROLE_BAD] = ONE(COLOR_RED, A_BOLD),
		[ROLE_BUSY] = ONE(COLOR_CYAN, A_NORMAL),
		[ROLE_BAR] = ONE(COLOR_CYAN, A_BOLD),
	},
	/* Yellow and cyan cannot be read on white. */
	[THEME_LIGHT] = {
		[ROLE_TEXT] = OWN(A_NORMAL),
		[ROLE_TITLE] = OWN(A_BOLD),
		[ROLE_DIM] = OWN(A_NORMAL),
		[ROLE_FRAME] = OWN(A_NORMAL),
		[ROLE_SELECTED] = OWN(A_REVERSE),
		[ROLE_FIELD] = OWN(A_UNDERLINE),
		[ROLE_GOOD] = { COLOR_GREEN, 22, A_NORMAL },
		[ROLE_WARNING] = { COLOR_MAGENTA, 94, A_BOLD },
		[ROLE_BAD] = { COLOR_RED, 124, A_BOLD },
		[ROLE_BUSY] = ONE(COLOR_BLUE, A_NORMAL),
		[ROLE_BAR] = ONE(COLOR_BLUE, A_BOLD),
	},
	/* Nothing is dim, and no colour weakens the contrast that the terminal has. */
	[THEME_HIGH_CONTRAST] = {
		[ROLE_TEXT] = OWN(A_NORMAL),
		[ROLE_TITLE] = OWN(A_BOLD),
		[ROLE_DIM] = OWN(A_NORMAL),
		[ROLE_FRAME] = OWN(A_BOLD),
		[ROLE_SELECTED] = OWN(A_REVERSE | A_BOLD),
		[ROLE_FIELD] = OWN(A_UNDERLINE | A_BOLD),
		[ROLE_GOOD] = OWN(A_BOLD),
		[ROLE_WARNING] = OWN(A_BOLD | A_UNDERLINE),
		[ROLE_BAD] = OWN(A_BOLD | A_REVERSE),
		[ROLE_BUSY] = OWN(A_UNDERLINE),
		[ROLE_BAR] = OWN(A_BOLD | A_REVERSE),
	},
	/* Blue against orange; bad is also reversed. */
	[THEME_COLOUR_BLIND] = {
		[ROLE_TEXT] = OWN(A_NORMAL),
		[ROLE_TITLE] = OWN(A_BOLD),
		[ROLE_DIM] = OWN(A_DIM),
		[ROLE_FRAME] = OWN(A_NORMAL),
		[ROLE_SELECTED] = OWN(A_REVERSE),
		[ROLE_FIELD] = OWN(A_UNDERLINE),
		[ROLE_GOOD] = { COLOR_BLUE, 75, A_BOLD },
		[ROLE_WARNING] = { COLOR_YELLOW, 214, A_BOLD },
		[ROLE_BAD] = { COLOR_YELLOW, 208, A_BOLD | A_REVERSE },
		[ROLE_BUSY] = ONE(COLOR_CYAN, A_NORMAL),
		[ROLE_BAR] = { COLOR_BLUE, 75, A_BOLD },
	},
};

bool terminal_theme_parse(const char *word, enum terminal_theme *out)
{
	static const char *const words[THEMES] = { "terminal", "light", "high-contrast", "colour-blind" };

	for (int i = 0; i < THEMES; i++)
		if (strcmp(words[i], word) == 0) {
			*out = (enum terminal_theme)i;
			return true;
		}
	return false;
}

enum half { WHOLE, LEFT_HALF, RIGHT_HALF };

static struct {
	bool ascii, utf8, colors;
	enum terminal_theme theme;
	int rows, columns;
	unsigned char *halves; /* an enum half for each cell: curses itself leaves one half behind when the other is written over */
	size_t capacity;
	int cursor_row, cursor_column;
	bool cursor_visible;
	int shown; /* what curs_set was last told; -1: nothing yet */
} screen;

static short color_of(enum role role)
{
	const struct look *look = &looks[screen.theme][role];

	return COLORS >= 256 ? look->rich : look->color;
}

void cells_open(bool ascii, bool wanted_colors, enum terminal_theme theme)
{
	short background = COLOR_BLACK;

	screen.utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	screen.ascii = ascii || !screen.utf8;
	screen.shown = -1;
	screen.theme = theme;
	screen.colors = wanted_colors && has_colors() && start_color() == OK && COLORS >= 8;
	if (!screen.colors)
		return;
	if (use_default_colors() == OK)
		background = -1;
	for (int role = 0; role < ROLES; role++)
		if (color_of((enum role)role) >= 0 && init_pair((short)(role + 1), color_of((enum role)role), background) == ERR)
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
	const struct look *look = &looks[screen.theme][role];
	bool colored = screen.colors && look->color >= 0;
	cchar_t cell;

	if (setcchar(&cell, points, screen.colors || screen.theme == THEME_HIGH_CONTRAST ? look->with : plain[role], colored ? (short)(role + 1) : 0, NULL) == OK)
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

void cells_text(struct str *out)
{
	for (int row = 0; row < screen.rows; row++) {
		size_t end = out->length;

		for (int column = 0; column < screen.columns; column++) {
			wchar_t points[CCHARW_MAX + 1] = { 0 };
			char bytes[PRESS_BYTES];
			attr_t attributes;
			short pair;
			cchar_t cell;

			if (*half_at(row, column) == RIGHT_HALF || mvwin_wch(stdscr, row, column, &cell) != OK || getcchar(&cell, points, &attributes, &pair, NULL) != OK)
				continue;
			for (int i = 0; points[i]; i++)
				str_add_bytes(out, bytes, press_encode((uint32_t)points[i], bytes));
			if (points[0] != L' ')
				end = out->length;
		}
		if (out->text)
			out->text[end] = '\0';
		out->length = end;
		str_add_char(out, '\n');
	}
}

void cells_cursor_at(int *row, int *column)
{
	*row = screen.cursor_row;
	*column = screen.cursor_column;
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
