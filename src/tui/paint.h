/*
 * Painting inside `draw`. Everything is clipped to the area it is given; text is made harmless here once more and cut by columns, never in the middle of a wide
 * character; a cut ends in an ellipsis. Sizes of 0 or less paint nothing.
 */
#ifndef TUI_PAINT_H
#define TUI_PAINT_H

#include <stdbool.h>
#include <stddef.h>

struct area {
	int row, column, rows, columns; /* in cells, from the top left of the screen */
};

/* Roles, not colours. Each also differs without colour (bold, reverse, underline), and never carries a meaning alone: a sign or a word stands beside it. */
enum role {
	ROLE_TEXT,
	ROLE_TITLE,    /* bold */
	ROLE_DIM,      /* less important */
	ROLE_FRAME,
	ROLE_SELECTED, /* the row or button with the focus: reverse */
	ROLE_FIELD,    /* a field to type in: underlined */
	ROLE_GOOD,
	ROLE_WARNING,
	ROLE_BAD,
	ROLE_BUSY,
	ROLE_BAR,      /* head and hint lines */
	ROLES,
};

/* Two sets with the same columns: utf8 and ascii. */
enum glyph {
	GLYPH_HERE,      /* > where the focus is */
	GLYPH_GOOD,
	GLYPH_WARNING,
	GLYPH_BAD,
	GLYPH_BUSY,
	GLYPH_WAITING,   /* not begun */
	GLYPH_RADIO_ON,
	GLYPH_RADIO_OFF, /* three columns each: (•) ( ) */
	GLYPH_CHECK_ON,
	GLYPH_CHECK_OFF, /* three columns each: [x] [ ] */
	GLYPH_ELLIPSIS,
	GLYPH_ARROW,     /* from -> to */
	GLYPHS,
};
const char *glyph(enum glyph which);

void paint_fill(struct area area, enum role role); /* spaces */
/* One line of text at (row, column) of the area, from there at most `columns` wide (0: to the area's edge). Returns the columns used. */
int paint_text(struct area area, int row, int column, int columns, enum role role, const char *text);
int paint_format(struct area area, int row, int column, int columns, enum role role, const char *format, ...) __attribute__((format(printf, 6, 7)));
/* Right-aligned in `columns` cells that begin at column. */
void paint_right(struct area area, int row, int column, int columns, enum role role, const char *text);
/* Breaks text at newlines, and at spaces, into lines of the area's width from `row` on, at most `rows` lines (the last one is cut with an ellipsis). Lines above row 0 are
 * not seen, but count. Returns the lines used. */
int paint_wrapped(struct area area, int row, int rows, enum role role, const char *text);
/* A frame around the whole area, titles (may be NULL) in its top line; `heavy` marks the one with the focus (thick lines, or = and # in ascii). */
void paint_frame(struct area area, const char *left, const char *right, bool heavy);
/* A line across a framed area at `row`, joined to its sides, with titles as above. */
void paint_rule(struct area area, int row, const char *left, const char *right);
/* [#####    ] `fraction` (0..1) of `columns` cells, brackets included. */
void paint_gauge(struct area area, int row, int column, int columns, double fraction);
/* The newest `columns` of count values as bars of eighths (ascii: . : - = + * # @), scaled to their largest. */
void paint_spark(struct area area, int row, int column, int columns, const double *values, size_t count);
/* Where the hardware cursor rests after this frame. visible false: parked there, hidden. The last call of a draw counts. */
void paint_cursor(struct area area, int row, int column, bool visible);

/* Columns that text takes once it is cleaned; the rows that paint_wrapped breaks it into at that width, 1,000 at most. */
int text_columns(const char *text);
int text_rows(const char *text, int columns);
struct area area_inside(struct area area); /* without its frame; sizes never below 0 */

#endif
