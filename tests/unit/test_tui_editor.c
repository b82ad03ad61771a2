/* A line being edited, without a terminal. */
#include "tui/editor.h"

#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <locale.h>
#include <stdlib.h>
#include <string.h>

static enum editor_result key(struct editor *editor, enum press_kind kind)
{
	return editor_press(editor, &(struct press){ .kind = kind });
}

static enum editor_result control(struct editor *editor, char letter)
{
	return editor_press(editor, &(struct press){ .kind = PRESS_CONTROL, .point = (uint32_t)letter });
}

static enum editor_result type(struct editor *editor, uint32_t point)
{
	return editor_press(editor, &(struct press){ .kind = PRESS_CHARACTER, .point = point });
}

static enum editor_result paste(struct editor *editor, const char *text)
{
	return editor_press(editor, &(struct press){ .kind = PRESS_PASTE, .text = text, .length = strlen(text) });
}

static void typing_and_moving(void **state)
{
	struct editor editor;

	(void)state;
	editor_init(&editor, "hé", false);
	assert_int_equal(editor.at, 3);
	assert_int_equal(type(&editor, 0x6f22), EDITOR_CHANGED); /* 漢 */
	assert_string_equal(str_text(&editor.text), "hé漢");
	assert_int_equal(key(&editor, PRESS_LEFT), EDITOR_MOVED);
	assert_int_equal(key(&editor, PRESS_LEFT), EDITOR_MOVED);
	assert_int_equal(editor.at, 1);
	type(&editor, 'x');
	assert_string_equal(str_text(&editor.text), "hxé漢");
	assert_int_equal(key(&editor, PRESS_DELETE), EDITOR_CHANGED);
	assert_string_equal(str_text(&editor.text), "hx漢");
	assert_int_equal(key(&editor, PRESS_BACKSPACE), EDITOR_CHANGED);
	assert_string_equal(str_text(&editor.text), "h漢");
	key(&editor, PRESS_HOME);
	assert_int_equal(key(&editor, PRESS_BACKSPACE), EDITOR_MOVED);
	key(&editor, PRESS_END);
	assert_int_equal(key(&editor, PRESS_DELETE), EDITOR_MOVED);
	assert_int_equal(key(&editor, PRESS_RIGHT), EDITOR_MOVED);
	assert_int_equal(editor.at, editor.text.length);
	assert_int_equal(key(&editor, PRESS_ENTER), EDITOR_IGNORED);
	assert_int_equal(key(&editor, PRESS_TAB), EDITOR_IGNORED);
	assert_int_equal(type(&editor, 0x202e), EDITOR_IGNORED);
	assert_int_equal(control(&editor, 'n'), EDITOR_IGNORED);
	editor_done(&editor);
}

static void a_mark_goes_with_its_character(void **state)
{
	struct editor editor;

	(void)state;
	editor_init(&editor, "ae\xcc\x81z", false); /* e with a combining acute */
	key(&editor, PRESS_LEFT);
	key(&editor, PRESS_LEFT);
	assert_int_equal(editor.at, 1);
	key(&editor, PRESS_RIGHT);
	assert_int_equal(editor.at, 4);
	key(&editor, PRESS_BACKSPACE);
	assert_string_equal(str_text(&editor.text), "az");
	editor_done(&editor);
}

static void words_and_ends_are_deleted(void **state)
{
	struct editor editor;

	(void)state;
	editor_init(&editor, "one two  three  ", false);
	assert_int_equal(control(&editor, 'w'), EDITOR_CHANGED);
	assert_string_equal(str_text(&editor.text), "one two  ");
	control(&editor, 'w');
	assert_string_equal(str_text(&editor.text), "one ");
	editor_set(&editor, "before|behind");
	editor.at = 6;
	control(&editor, 'k');
	assert_string_equal(str_text(&editor.text), "before");
	assert_int_equal(control(&editor, 'k'), EDITOR_MOVED);
	editor.at = 3;
	control(&editor, 'u');
	assert_string_equal(str_text(&editor.text), "ore");
	assert_int_equal(editor.at, 0);
	editor_done(&editor);
}

/* ux 12 */
static void a_paste_is_trimmed_and_counted(void **state)
{
	static const struct {
		const char *pasted, *kept;
		int cut;
	} cases[] = {
		{ "abc", "abc", 0 },
		{ "  abc\n", "abc", 3 },
		{ "\xef\xbb\xbf" "abc", "abc", 1 },                      /* byte order mark */
		{ " \xef\xbb\xbf abc", "abc", 3 },
		{ "a\xe2\x80\x8b" "b\xe2\x80\x8d" "c", "abc", 2 },        /* zero-width space and joiner */
		{ "a\nb\nc\n", "abc", 3 },
		{ "a b", "a b", 0 },
		{ "a\tb\033[1m", "ab[1m", 2 },
		{ "\xc2\xa0" "abc\xe3\x80\x80", "abc", 2 },               /* no-break and ideographic space */
		{ "a\xe2\x80\xae" "b", "ab", 1 },                         /* right-to-left override */
		{ "a\xff" "b", "ab", 1 },
		{ " \n ", "", 3 },
		{ "", "", 0 },
	};
	struct editor editor;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		editor_init(&editor, "", false);
		paste(&editor, cases[i].pasted);
		assert_string_equal(str_text(&editor.text), cases[i].kept);
		assert_int_equal(editor.cut, cases[i].cut);
		editor_done(&editor);
	}
}

static void a_paste_goes_where_the_cursor_is(void **state)
{
	struct editor editor;

	(void)state;
	editor_init(&editor, "ad", false);
	key(&editor, PRESS_LEFT);
	assert_int_equal(paste(&editor, " bc "), EDITOR_CHANGED);
	assert_string_equal(str_text(&editor.text), "abcd");
	assert_int_equal(editor.at, 3);
	assert_int_equal(paste(&editor, "\n"), EDITOR_MOVED);
	assert_int_equal(editor.cut, 1);
	editor_set(&editor, "\033new");
	assert_string_equal(str_text(&editor.text), "new");
	assert_int_equal(editor.cut, 0);
	editor_done(&editor);
}

static void nothing_passes_the_limit(void **state)
{
	struct editor editor;

	(void)state;
	editor_init(&editor, "abc", false);
	editor.limit = 5;
	assert_int_equal(type(&editor, 0x6f22), EDITOR_IGNORED);
	assert_int_equal(type(&editor, 0xe9), EDITOR_CHANGED);
	assert_int_equal(type(&editor, 'x'), EDITOR_IGNORED);
	editor_set(&editor, "a");
	paste(&editor, "bcdefg");
	assert_string_equal(str_text(&editor.text), "abcde");
	assert_int_equal(editor.cut, 2);
	editor_done(&editor);
}

static bool holds(const struct editor *editor, const char *word)
{
	return editor->text.text && memmem(editor->text.text, editor->text.capacity, word, strlen(word));
}

/* ux 13: wiped after use. */
static void a_secret_leaves_nothing(void **state)
{
	struct editor editor;

	(void)state;
	editor_init(&editor, "", true);
	paste(&editor, "hunter2secret");
	assert_true(holds(&editor, "hunter2"));
	control(&editor, 'u');
	assert_false(holds(&editor, "hunter2"));
	assert_false(holds(&editor, "secret"));
	paste(&editor, "hunter2secret");
	key(&editor, PRESS_HOME);
	for (int i = 0; i < 7; i++)
		key(&editor, PRESS_DELETE);
	assert_string_equal(str_text(&editor.text), "secret");
	assert_false(holds(&editor, "hunter2"));
	assert_false(holds(&editor, "2secret"));
	editor_set(&editor, "x");
	assert_false(holds(&editor, "ecret"));
	editor_done(&editor);
	assert_null(editor.text.text);
}

static void it_is_sound_after_anything(void **state)
{
	static const enum press_kind kinds[] = { PRESS_LEFT, PRESS_RIGHT, PRESS_HOME, PRESS_END, PRESS_BACKSPACE, PRESS_DELETE };
	static const uint32_t points[] = { 'a', ' ', 0xe9, 0x301, 0x6f22, 0x1f600, 0x200b, 7 };
	struct editor editor;
	unsigned seed = 7;

	(void)state;
	editor_init(&editor, "", true);
	editor.limit = 200;
	for (int i = 0; i < 100000; i++) {
		int what = rand_r(&seed) % 20;

		if (what == 0)
			control(&editor, "ukw"[rand_r(&seed) % 3]);
		else if (what == 1)
			paste(&editor, " \xef\xbb\xbf" "é\xff漢 x ");
		else if (what < 8)
			key(&editor, kinds[rand_r(&seed) % 6]);
		else
			type(&editor, points[rand_r(&seed) % 8]);
		assert_true(editor.at <= editor.text.length && editor.text.length <= 200);
		assert_true(text_is_utf8(str_text(&editor.text), editor.text.length, NULL));
		assert_true(((unsigned char)str_text(&editor.text)[editor.at] & 0xc0) != 0x80);
		assert_int_equal(strlen(str_text(&editor.text)), editor.text.length);
	}
	editor_done(&editor);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(typing_and_moving),
		cmocka_unit_test(a_mark_goes_with_its_character),
		cmocka_unit_test(words_and_ends_are_deleted),
		cmocka_unit_test(a_paste_is_trimmed_and_counted),
		cmocka_unit_test(a_paste_goes_where_the_cursor_is),
		cmocka_unit_test(nothing_passes_the_limit),
		cmocka_unit_test(a_secret_leaves_nothing),
		cmocka_unit_test(it_is_sound_after_anything),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
