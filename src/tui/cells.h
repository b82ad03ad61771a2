/* The cells of the screen: what paint.c writes on. Private to tui/. */
#ifndef TUI_CELLS_H
#define TUI_CELLS_H

#include "base/str.h"
#include "tui/paint.h"
#include "tui/terminal.h"

#include <stdbool.h>
#include <wchar.h>

enum { CELL_MARKS = 4, CELL_POINTS = 1 + CELL_MARKS };

/* One character as it stands in a cell, or in two: a base and at most four combining marks. */
struct cell {
	wchar_t points[CELL_POINTS + 1]; /* ended by 0 */
	int width;                       /* 1 or 2 */
};

/* Once the terminal is open: which glyphs, whether the locale can say more than ASCII, and colours. */
void cells_open(bool ascii, bool wanted_colors, enum terminal_theme theme);
bool cells_ascii(void);
/* A frame: everything is erased, painted, then the hardware cursor placed. */
void cells_begin(int rows, int columns);
void cells_end(void);
void cells_done(void); /* frees */

/* Writes at an absolute place; what does not lie wholly on the screen is left out. A character that was there in two cells goes as a whole. */
void cells_put(int row, int column, const struct cell *cell, enum role role);
/* The same for one character of width 1. */
void cells_put_char(int row, int column, wchar_t c, enum role role);
wchar_t cells_at(int row, int column); /* the base character there, 0 outside */
void cells_text(struct str *out); /* all rows, without the blanks at their ends */
void cells_cursor_at(int *row, int *column); /* of the last frame */
void cells_cursor(int row, int column, bool visible);

/* The next character of cleaned UTF-8 text; returns the bytes taken, 0 at the end. */
size_t cell_next(const char *text, size_t length, struct cell *out);

#endif
