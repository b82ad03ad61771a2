#include "picture.h"

#include "terminal.h"

#include <string.h>

static bool cell_at(const struct terminal *t, int row, int column, VTermScreenCell *cell)
{
	VTermPos at = { .row = row - 1, .col = column - 1 };

	return row >= 1 && row <= t->rows && column >= 1 && column <= t->columns && vterm_screen_get_cell(t->screen, at, cell);
}

static void add_point(struct str *out, uint32_t c)
{
	if (c < 0x80) {
		str_add_char(out, (char)c);
		return;
	}
	if (c < 0x800) {
		str_add_char(out, (char)(0xc0 | c >> 6));
	} else {
		if (c < 0x10000) {
			str_add_char(out, (char)(0xe0 | c >> 12));
		} else {
			str_add_char(out, (char)(0xf0 | c >> 18));
			str_add_char(out, (char)(0x80 | (c >> 12 & 0x3f)));
		}
		str_add_char(out, (char)(0x80 | (c >> 6 & 0x3f)));
	}
	str_add_char(out, (char)(0x80 | (c & 0x3f)));
}

static void add_cell(struct str *out, const VTermScreenCell *cell)
{
	if (!cell->chars[0])
		str_add_char(out, ' ');
	else if (cell->chars[0] == (uint32_t)-1)
		str_add(out, "\xef\xbf\xbd"); /* the right half of a wide character that has lost its left one */
	else
		for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell->chars[i]; i++)
			add_point(out, cell->chars[i]);
}

/* columns (may be NULL): for each byte of the text its column. */
static void row_text(const struct terminal *t, int row, struct str *out, struct str *columns)
{
	VTermScreenCell cell;

	str_clear(out);
	for (int column = 1; cell_at(t, row, column, &cell); column += cell.width > 1 ? 2 : 1) {
		add_cell(out, &cell);
		while (columns && columns->length < out->length * sizeof column)
			str_add_bytes(columns, &column, sizeof column);
	}
	while (out->length && out->text[out->length - 1] == ' ')
		out->text[--out->length] = '\0';
}

void picture_row(const struct terminal *t, int row, struct str *out)
{
	row_text(t, row, out, NULL);
}

bool picture_find(const struct terminal *t, const char *text, int *row, int *column)
{
	struct str line = { 0 }, columns = { 0 };
	const char *at = NULL;

	for (int r = 1; r <= t->rows && !at; r++) {
		str_clear(&columns);
		row_text(t, r, &line, &columns);
		at = strstr(str_text(&line), text);
		if (at && line.length) {
			*row = r;
			memcpy(column, columns.text + (size_t)(at - line.text) * sizeof *column, sizeof *column);
		}
	}
	str_done(&line);
	str_done(&columns);
	return at != NULL;
}

void picture_write(const struct terminal *t, FILE *file)
{
	struct str line = { 0 };

	for (int row = 1; row <= t->rows; row++) {
		row_text(t, row, &line, NULL);
		fprintf(file, "%s\n", str_text(&line));
	}
	str_done(&line);
}

static void add_colour(struct str *out, const char *name, const VTermColor *colour, bool is_default)
{
	if (is_default)
		return;
	if (VTERM_COLOR_IS_INDEXED(colour))
		str_add_format(out, " %s=%d", name, colour->indexed.idx);
	else
		str_add_format(out, " %s=#%02x%02x%02x", name, colour->rgb.red, colour->rgb.green, colour->rgb.blue);
}

void picture_attributes(const struct terminal *t, int row, int column, struct str *out)
{
	VTermScreenCell cell;

	str_clear(out);
	if (!cell_at(t, row, column, &cell))
		return;
	if (cell.attrs.bold)
		str_add(out, " bold");
	if (cell.attrs.underline)
		str_add(out, " underline");
	if (cell.attrs.italic)
		str_add(out, " italic");
	if (cell.attrs.blink)
		str_add(out, " blink");
	if (cell.attrs.reverse)
		str_add(out, " reverse");
	add_colour(out, "fg", &cell.fg, VTERM_COLOR_IS_DEFAULT_FG(&cell.fg));
	add_colour(out, "bg", &cell.bg, VTERM_COLOR_IS_DEFAULT_BG(&cell.bg));
	if (out->length)
		memmove(out->text, out->text + 1, out->length--);
	else
		str_add(out, "plain");
}

static void write_stretch(FILE *file, int row, int first, int last, const char *attributes)
{
	if (strcmp(attributes, "plain") != 0)
		fprintf(file, "%d %d-%d %s\n", row, first, last, attributes);
}

void picture_write_attributes(const struct terminal *t, FILE *file)
{
	struct str stretch = { 0 }, here = { 0 };

	for (int row = 1; row <= t->rows; row++) {
		int first = 1;

		picture_attributes(t, row, 1, &stretch);
		for (int column = 2; column <= t->columns; column++) {
			picture_attributes(t, row, column, &here);
			if (strcmp(str_text(&here), str_text(&stretch)) == 0)
				continue;
			write_stretch(file, row, first, column - 1, str_text(&stretch));
			first = column;
			str_clear(&stretch);
			str_add(&stretch, str_text(&here));
		}
		write_stretch(file, row, first, t->columns, str_text(&stretch));
	}
	str_done(&stretch);
	str_done(&here);
}
