/* From bytes to presses, with time told by the test. */
#include "tui/keys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <locale.h>
#include <stdio.h>
#include <string.h>

static char seen[2048]; /* the presses so far, each with a space before it */

static void note(void *self, const struct press *press)
{
	char name[PRESS_NAME];
	size_t length = strlen(seen);

	(void)self;
	length += (size_t)snprintf(seen + length, sizeof seen - length, " %s", press_name(press, name));
	if (press->kind == PRESS_PASTE) {
		assert_int_equal(strlen(press->text), press->length);
		snprintf(seen + length, sizeof seen - length, "(%.900s)", press->text);
	}
}

static void feed(struct keys *keys, const char *bytes, int64_t now)
{
	for (; *bytes; bytes++)
		keys_code(keys, (unsigned char)*bytes, now);
}

/* All bytes at once on a terminal with or without paste marks, and then a long silence. */
static void expect(bool marks, const char *bytes, const char *presses)
{
	struct keys keys;

	*seen = '\0';
	keys_init(&keys, note, NULL, marks);
	feed(&keys, bytes, 1000);
	if (keys_pause(&keys, 1000))
		keys_late(&keys, 9000);
	assert_string_equal(seen, presses);
	keys_done(&keys);
}

static void characters(void **state)
{
	(void)state;
	expect(true, "a é漢 ", " a Space é 漢 Space");
	expect(true, "\r\n\t\b\x7f\x0e", " Enter Enter Tab Backspace Backspace Ctrl-N");
	expect(true, "\x1c\x1d\x1e\x1f", "");
	expect(true, "\xff" "a", " \xef\xbf\xbd a");
	expect(true, "\xc3(", " \xef\xbf\xbd (");
	expect(true, "\xe2\x82\xe2\x82\xac", " \xef\xbf\xbd €");
	expect(true, "\xed\xa0\x80", " \xef\xbf\xbd");
}

static void escape_and_sequences(void **state)
{
	(void)state;
	expect(true, "\033", " Esc");
	expect(true, "\033j", " Esc j");
	expect(true, "\033[", " Esc [");
	expect(true, "\033[1;5Cx", " x"); /* nobody asked for Ctrl-Right */
	expect(true, "\033[Ix", " x");
	expect(true, "\033OSx", " x");
	expect(true, "\033[[Ex", " x");
	expect(true, "\033[1;", " Esc [ 1 ;");
	expect(true, "\033\033[Ix", " Esc x");
	expect(true, "\033[\rx", " Esc [ Enter x");
}

static void marked_pastes(void **state)
{
	struct keys keys;

	(void)state;
	*seen = '\0';
	keys_init(&keys, note, NULL, true);
	keys_code(&keys, KEYS_PASTE_BEGIN, 1);
	feed(&keys, "a\rb\r\nc\n\033[1m\t", 1);
	assert_int_equal(keys_pause(&keys, 1), KEYS_SILENCE_MS);
	keys_code(&keys, KEYS_FIRST + PRESS_UP, 2);
	feed(&keys, "\xc3", 3);
	assert_string_equal(seen, "");
	feed(&keys, "\xa9", 4);
	keys_code(&keys, KEYS_PASTE_END, 5);
	feed(&keys, "x\r", 6);
	assert_int_equal(keys_pause(&keys, 6), 0);
	assert_string_equal(seen, " Paste(a\nb\nc\n\033[1m\té) x Enter");
	keys_done(&keys);
}

static void an_end_mark_in_pieces_is_found(void **state)
{
	struct keys keys;

	(void)state;
	*seen = '\0';
	keys_init(&keys, note, NULL, true);
	keys_code(&keys, KEYS_PASTE_BEGIN, 1);
	feed(&keys, "a\033\033[20\033[20", 1);
	keys_pause(&keys, 1);
	feed(&keys, "1~b", 900);
	keys_pause(&keys, 900);
	assert_string_equal(seen, " Paste(a\033\033[20) b");
	keys_code(&keys, KEYS_PASTE_BEGIN, 1000);
	feed(&keys, "lost", 1000);
	assert_true(keys_pause(&keys, 1000));
	keys_late(&keys, 6000);
	assert_string_equal(seen, " Paste(a\033\033[20) b Paste(lost)");
	keys_done(&keys);
}

static size_t longest;

static void note_length(void *self, const struct press *press)
{
	(void)self;
	longest = press->kind == PRESS_PASTE ? press->length : longest;
}

static void a_paste_is_bounded_and_leaves_nothing(void **state)
{
	struct keys keys;

	(void)state;
	keys_init(&keys, note_length, NULL, true);
	keys_code(&keys, KEYS_PASTE_BEGIN, 1);
	for (int i = 0; i < 100000; i++)
		keys_code(&keys, 'x', 1);
	keys_code(&keys, KEYS_PASTE_END, 1);
	assert_int_equal(longest, PRESS_PASTE_LIMIT);
	assert_null(memchr(keys.paste.text, 'x', keys.paste.capacity));
	keys_done(&keys);
}

static void unmarked_pastes(void **state)
{
	(void)state;
	expect(false, "ab", " a b");
	expect(false, "\r", " Enter");
	expect(false, "abc\rdef", " Paste(abc\ndef)");
	expect(false, "abc\r", " Paste(abc\n)");
	expect(true, "abc\r", " a b c Enter");
	expect(false, "a\tb", " a Tab b");
}

/* ux 12: Enter within 20 ms of text is a part of a paste. */
static void an_unmarked_paste_in_pieces(void **state)
{
	struct keys keys;

	(void)state;
	*seen = '\0';
	keys_init(&keys, note, NULL, false);
	feed(&keys, "abc", 1000);
	assert_int_equal(keys_pause(&keys, 1000), 0);
	feed(&keys, "\r", 1010); /* 10 ms behind text: still a paste */
	assert_int_equal(keys_pause(&keys, 1010), 0);
	assert_string_equal(seen, " a b c Paste(\n)");
	feed(&keys, "\r", 2000); /* alone: held back .. */
	assert_int_equal(keys_pause(&keys, 2000), KEYS_BURST_MS);
	feed(&keys, "def", 2005); /* .. and text follows */
	assert_int_equal(keys_pause(&keys, 2005), 0);
	assert_string_equal(seen, " a b c Paste(\n) Paste(\ndef)");
	feed(&keys, "\r", 3000);
	assert_true(keys_pause(&keys, 3000));
	keys_code(&keys, KEYS_FIRST + PRESS_UP, 3005); /* a key keeps the order */
	keys_pause(&keys, 3005);
	assert_string_equal(seen, " a b c Paste(\n) Paste(\ndef) Enter Up");
	keys_done(&keys);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(characters),
		cmocka_unit_test(escape_and_sequences),
		cmocka_unit_test(marked_pastes),
		cmocka_unit_test(an_end_mark_in_pieces_is_found),
		cmocka_unit_test(a_paste_is_bounded_and_leaves_nothing),
		cmocka_unit_test(unmarked_pastes),
		cmocka_unit_test(an_unmarked_paste_in_pieces),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
