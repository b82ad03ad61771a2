/* Painting, read back from the cells; the terminal behind them is nowhere. */
#define NCURSES_WIDECHAR 1
#include "tui/paint.h"

#include "base/str.h"
#include "tui/cells.h"
#include "tui/editor.h"
#include "tui/press.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <curses.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct area whole = { 0, 0, 24, 80 };
static SCREEN *screen;
static FILE *nowhere;

static int open_screen(void **state)
{
	(void)state;
	nowhere = fopen("/dev/null", "r+");
	use_env(FALSE);
	screen = newterm("xterm-256color", nowhere, nowhere);
	return screen && resizeterm(24, 80) == OK ? 0 : -1;
}

static int close_screen(void **state)
{
	(void)state;
	endwin();
	delscreen(screen);
	fclose(nowhere);
	cells_done();
	return 0;
}

static void begin(bool ascii)
{
	cells_open(ascii, true, THEME_TERMINAL);
	cells_begin(24, 80);
}

/* What stands in a part of a row, without the spaces at its end. */
static const char *row_text(int row, int column, int columns)
{
	static char out[1024];
	size_t length = 0;

	for (int i = 0; i < columns; i++) {
		wchar_t c = cells_at(row, column + i);
		int width = wcwidth(c);

		length += press_encode((uint32_t)c, out + length);
		i += width == 2;
	}
	while (length && out[length - 1] == ' ')
		length--;
	out[length] = '\0';
	return out;
}

static void expect_row(int row, int column, int columns, const char *text)
{
	assert_string_equal(row_text(row, column, columns), text);
}

static void text_is_cut_by_columns(void **state)
{
	(void)state;
	begin(false);
	assert_int_equal(paint_text(whole, 0, 0, 5, ROLE_TEXT, "abcde"), 5);
	assert_int_equal(paint_text(whole, 1, 0, 5, ROLE_TEXT, "abcdef"), 5);
	assert_int_equal(paint_text(whole, 2, 0, 6, ROLE_TEXT, "漢字漢字"), 5);
	assert_int_equal(paint_text(whole, 3, 0, 1, ROLE_TEXT, "ab"), 1);
	assert_int_equal(paint_text(whole, 4, 70, 0, ROLE_TEXT, "to the edge and over"), 10);
	expect_row(0, 0, 20, "abcde");
	expect_row(1, 0, 20, "abcd…");
	expect_row(2, 0, 20, "漢字…");
	expect_row(3, 0, 20, "…");
	expect_row(4, 70, 10, "to the ed…");
	begin(true);
	paint_text(whole, 0, 0, 5, ROLE_TEXT, "abcdef");
	expect_row(0, 0, 20, "abcd~");
}

static void nothing_leaves_its_area(void **state)
{
	const struct area part = { 5, 10, 3, 8 };

	(void)state;
	begin(false);
	assert_int_equal(paint_text(part, 3, 0, 0, ROLE_TEXT, "below"), 0);
	assert_int_equal(paint_text(part, -1, 0, 0, ROLE_TEXT, "above"), 0);
	assert_int_equal(paint_text(part, 0, -1, 0, ROLE_TEXT, "left"), 0);
	assert_int_equal(paint_text(part, 0, 8, 0, ROLE_TEXT, "right"), 0);
	paint_text(part, 1, 2, 100, ROLE_TEXT, "much too long");
	paint_rule(part, 9, "x", NULL);
	paint_gauge(part, 2, 4, 30, 1);
	paint_spark(part, 0, 6, 30, (const double[]){ 1, 2, 3, 4 }, 4);
	for (int row = 0; row < 24; row++)
		for (int column = 0; column < 80; column++)
			if (row < 5 || row > 7 || column < 10 || column > 17)
				assert_int_equal(cells_at(row, column), L' ');
	expect_row(6, 10, 8, "  much …");
}

static void hostile_text_is_harmless(void **state)
{
	(void)state;
	begin(false);
	paint_text(whole, 0, 0, 0, ROLE_TEXT, "a\033[2Jb\xe2\x80\xae" "c\nd\xff" "e");
	expect_row(0, 0, 20, "a\xef\xbf\xbd[2Jb\xef\xbf\xbd" "c d\xef\xbf\xbd" "e");
	assert_int_equal(text_columns("a\033b"), 3);
	assert_int_equal(text_columns("e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81" "x"), 2);
	assert_int_equal(text_columns("\xcc\x81" "x"), 2);
	assert_int_equal(text_columns("漢字"), 4);
	assert_int_equal(text_columns(NULL), 0);
}

static void half_of_a_wide_character_goes_whole(void **state)
{
	(void)state;
	begin(false);
	paint_text(whole, 0, 0, 0, ROLE_TEXT, "漢字");
	paint_text(whole, 0, 1, 0, ROLE_TEXT, "x");
	paint_text(whole, 0, 2, 0, ROLE_TEXT, "y");
	assert_int_equal(cells_at(0, 0), L' ');
	assert_int_equal(cells_at(0, 1), L'x');
	assert_int_equal(cells_at(0, 2), L'y');
	assert_int_equal(cells_at(0, 3), L' ');
	paint_text(whole, 1, 0, 0, ROLE_TEXT, "a漢字b");
	paint_text(whole, 1, 2, 0, ROLE_TEXT, "漢");
	assert_int_equal(cells_at(1, 1), L' ');
	assert_int_equal(cells_at(1, 4), L' ');
	assert_int_equal(cells_at(1, 5), L'b');
}

static void frames_and_rules(void **state)
{
	const struct area area = { 1, 1, 4, 24 };

	(void)state;
	begin(false);
	paint_frame(area, "Left", "Right", true);
	paint_rule(area, 2, "rule", NULL);
	expect_row(1, 1, 24, "┏━ Left ━━━━━━━ Right ━┓");
	expect_row(2, 1, 24, "┃                      ┃");
	expect_row(3, 1, 24, "┠─ rule ───────────────┨");
	expect_row(4, 1, 24, "┗━━━━━━━━━━━━━━━━━━━━━━┛");
	begin(true);
	paint_frame(area, "A title that is far too long", "Right", false);
	paint_rule(area, 2, NULL, NULL);
	expect_row(1, 1, 24, "+- A title that is f~ -+");
	expect_row(3, 1, 24, "+----------------------+");
	paint_frame((struct area){ 6, 0, 2, 3 }, NULL, NULL, true);
	expect_row(6, 0, 4, "#=#");
}

static void no_size_is_too_small(void **state)
{
	(void)state;
	begin(false);
	for (int rows = -1; rows < 4; rows++)
		for (int columns = -1; columns < 12; columns++) {
			struct area area = { 3, 3, rows, columns };

			paint_fill(area, ROLE_BAR);
			paint_frame(area, "left", "right", true);
			paint_rule(area, 1, "left", "right");
			paint_text(area, 0, 0, 0, ROLE_TEXT, "漢字");
			paint_right(area, 0, 0, columns, ROLE_TEXT, "漢字");
			paint_wrapped(area, 0, rows, ROLE_TEXT, "漢字 and more words");
			paint_gauge(area, 0, 0, columns, 0.5);
			paint_spark(area, 0, 0, columns, (const double[]){ 1 }, 1);
			paint_cursor(area, 0, 0, true);
			assert_true(area_inside(area).rows >= 0 && area_inside(area).columns >= 0);
		}
	for (int column = 0; column < 3; column++)
		assert_int_equal(cells_at(3, column), L' ');
}

static void text_is_wrapped_at_spaces(void **state)
{
	const struct area area = { 0, 0, 10, 10 };

	(void)state;
	begin(false);
	assert_int_equal(paint_wrapped(area, 0, 9, ROLE_TEXT, "one two three abcdefghijklmno x"), 4);
	expect_row(0, 0, 10, "one two");
	expect_row(1, 0, 10, "three");
	expect_row(2, 0, 10, "abcdefghij");
	expect_row(3, 0, 10, "klmno x");
	begin(false);
	assert_int_equal(paint_wrapped(area, 0, 2, ROLE_TEXT, "one two three four five"), 2);
	expect_row(1, 0, 10, "three fou…");
	begin(false); /* also where a long word follows, which would begin the next line */
	assert_int_equal(paint_wrapped(area, 0, 1, ROLE_TEXT, "one abcdefghij two"), 1);
	expect_row(0, 0, 10, "one abcde…");
	begin(false);
	assert_int_equal(paint_wrapped(area, 0, 1, ROLE_TEXT, "one\ntwo"), 1);
	expect_row(0, 0, 10, "one…");
	assert_int_equal(paint_wrapped(area, 2, 5, ROLE_TEXT, "one\ntwo\n"), 2);
	assert_int_equal(paint_wrapped(area, 9, 5, ROLE_TEXT, "one two three"), 1);
	assert_int_equal(paint_wrapped(area, 0, 5, ROLE_TEXT, ""), 0);
	begin(false); /* scrolled: what is above counts, but is not seen */
	assert_int_equal(paint_wrapped(area, -1, 11, ROLE_TEXT, "one two three four"), 2);
	expect_row(0, 0, 10, "three four");
	expect_row(1, 0, 10, "");
	assert_int_equal(paint_wrapped(area, -5, 15, ROLE_TEXT, "one two three"), 2);
	expect_row(0, 0, 10, "three four");
	assert_int_equal(text_rows("one two three abcdefghijklmno x", 10), 4);
	assert_int_equal(text_rows("one\ntwo\n", 10), 2);
	assert_int_equal(text_rows("", 10), 0);
	assert_int_equal(text_rows("one", 0), 0);
	expect_row(1, 0, 10, "");
}

static void right_aligned_text(void **state)
{
	(void)state;
	begin(false);
	paint_right(whole, 0, 2, 8, ROLE_TEXT, "1,234");
	expect_row(0, 0, 12, "     1,234");
	paint_right(whole, 1, 2, 4, ROLE_TEXT, "1,234");
	expect_row(1, 0, 12, "  1,2…");
}

static void gauges_and_sparks(void **state)
{
	const double values[] = { 100, 0, 1, 4, 8 }, odd[] = { -1, 0.0 / 0.0, 1.0 / 0.0 };

	(void)state;
	begin(false);
	paint_gauge(whole, 0, 0, 10, 0.5);
	paint_gauge(whole, 1, 0, 10, 2);
	paint_gauge(whole, 2, 0, 10, 0.0 / 0.0);
	paint_gauge(whole, 3, 0, 10, 0.55);
	paint_spark(whole, 4, 0, 4, values, 5);
	paint_spark(whole, 5, 0, 4, odd, 3);
	expect_row(0, 0, 12, "[████    ]");
	expect_row(1, 0, 12, "[████████]");
	expect_row(2, 0, 12, "[        ]");
	expect_row(3, 0, 12, "[████▍   ]");
	expect_row(4, 0, 12, "▁▁▄█");
	begin(true);
	paint_gauge(whole, 0, 0, 10, 0.5);
	paint_spark(whole, 1, 0, 4, values, 5);
	expect_row(0, 0, 12, "[####    ]");
	expect_row(1, 0, 12, "..=@");
}

static void both_sets_have_the_same_columns(void **state)
{
	int columns[GLYPHS];

	(void)state;
	begin(false);
	for (int i = 0; i < GLYPHS; i++)
		columns[i] = text_columns(glyph((enum glyph)i));
	begin(true);
	for (int i = 0; i < GLYPHS; i++)
		assert_int_equal(text_columns(glyph((enum glyph)i)), columns[i]);
}

static void a_field_scrolls_with_its_cursor(void **state)
{
	struct editor editor;
	int row, column;

	(void)state;
	editor_init(&editor, "abcdefghijklmnop", false);
	begin(false);
	editor_paint(&editor, whole, 0, 0, 10, false);
	editor_paint(&editor, whole, 1, 0, 10, true);
	expect_row(0, 0, 12, "[abcdefg…]");
	expect_row(1, 0, 12, "[…klmnop ]");
	cells_end();
	getyx(stdscr, row, column);
	assert_int_equal(row, 1);
	assert_int_equal(column, 8);
	editor.at = 8;
	editor_paint(&editor, whole, 2, 0, 10, true);
	expect_row(2, 0, 12, "[…defghi…]");
	editor.at = 0;
	editor_paint(&editor, whole, 3, 0, 10, true);
	expect_row(3, 0, 12, "[abcdefg…]");
	editor_set(&editor, "short");
	editor_paint(&editor, whole, 4, 0, 10, true);
	expect_row(4, 0, 12, "[short   ]");
	for (int columns = -2; columns < 8; columns++)
		editor_paint(&editor, whole, 5, 76, columns, true);
	editor_done(&editor);
}

static void a_secret_is_not_painted(void **state)
{
	struct editor editor;

	(void)state;
	editor_init(&editor, "hunter2", true);
	begin(false);
	editor_paint(&editor, whole, 0, 0, 26, true);
	expect_row(0, 0, 30, "[hidden, 7 characters    ]");
	editor_set(&editor, "");
	editor_paint(&editor, whole, 1, 0, 10, false);
	expect_row(1, 0, 30, "[        ]");
	editor_done(&editor);
}

static attr_t attributes_at(int row, int column, short *pair)
{
	wchar_t points[CCHARW_MAX + 1] = { 0 };
	attr_t attributes = 0;
	cchar_t cell;

	assert_int_equal(mvwin_wch(stdscr, row, column, &cell), OK);
	assert_int_equal(getcchar(&cell, points, &attributes, pair, NULL), OK);
	return attributes;
}

/* ux 24: without colours the states of things still look different, and so do the focus and what is typed; none has a colour. */
static void without_colour_every_state_differs(void **state)
{
	static const enum role roles[] = { ROLE_TEXT, ROLE_DIM, ROLE_SELECTED, ROLE_GOOD, ROLE_WARNING, ROLE_BAD, ROLE_BUSY };
	enum { COUNT = sizeof roles / sizeof *roles };
	attr_t looks[COUNT];

	(void)state;
	cells_open(false, false, THEME_TERMINAL);
	cells_begin(24, 80);
	for (int i = 0; i < COUNT; i++) {
		short pair = -1;

		paint_text(whole, i, 0, 0, roles[i], "x");
		looks[i] = attributes_at(i, 0, &pair);
		assert_int_equal(pair, 0);
		for (int k = 0; k < i; k++)
			assert_int_not_equal(looks[i], looks[k]);
	}
}

/* ux 24: nor do their signs leave anything to the looks. ux 26: in both sets. */
static void every_state_has_a_sign_of_its_own(void **state)
{
	static const enum glyph signs[] = { GLYPH_HERE, GLYPH_GOOD, GLYPH_WARNING, GLYPH_BAD, GLYPH_BUSY, GLYPH_WAITING, GLYPH_RADIO_ON, GLYPH_RADIO_OFF, GLYPH_CHECK_ON,
		GLYPH_CHECK_OFF };

	(void)state;
	for (int ascii = 0; ascii < 2; ascii++) {
		begin(ascii);
		for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
			for (size_t k = 0; k < i; k++)
				assert_string_not_equal(glyph(signs[i]), glyph(signs[k]));
		for (int i = 0; ascii && i < GLYPHS; i++)
			for (const char *at = glyph((enum glyph)i); *at; at++)
				assert_true(*at >= ' ' && *at <= '~');
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_cut_by_columns),
		cmocka_unit_test(nothing_leaves_its_area),
		cmocka_unit_test(hostile_text_is_harmless),
		cmocka_unit_test(half_of_a_wide_character_goes_whole),
		cmocka_unit_test(frames_and_rules),
		cmocka_unit_test(no_size_is_too_small),
		cmocka_unit_test(text_is_wrapped_at_spaces),
		cmocka_unit_test(right_aligned_text),
		cmocka_unit_test(gauges_and_sparks),
		cmocka_unit_test(both_sets_have_the_same_columns),
		cmocka_unit_test(without_colour_every_state_differs),
		cmocka_unit_test(every_state_has_a_sign_of_its_own),
		cmocka_unit_test(a_field_scrolls_with_its_cursor),
		cmocka_unit_test(a_secret_is_not_painted),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, open_screen, close_screen);
}
