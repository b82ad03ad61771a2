/* What is sent so that a terminal takes a text into its clipboard. */
#include "base/str.h"
#include "tui/clipboard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

static void expect(const char *text, enum clipboard_through through, const char *sequence)
{
	struct str out = { 0 };

	assert_true(clipboard_sequence(text, strlen(text), through, &out));
	assert_string_equal(str_text(&out), sequence);
	str_done(&out);
}

static void every_length_is_encoded(void **state)
{
	(void)state;
	expect("", CLIPBOARD_PLAIN, "\033]52;c;\a");
	expect("f", CLIPBOARD_PLAIN, "\033]52;c;Zg==\a");
	expect("fo", CLIPBOARD_PLAIN, "\033]52;c;Zm8=\a");
	expect("foo", CLIPBOARD_PLAIN, "\033]52;c;Zm9v\a");
	expect("\xc3\xbf\xff>", CLIPBOARD_PLAIN, "\033]52;c;w7//Pg==\a");
}

/* ux 28: through tmux and screen. */
static void multiplexers_pass_it_on(void **state)
{
	(void)state;
	expect("foo", CLIPBOARD_TMUX, "\033Ptmux;\033\033]52;c;Zm9v\a\033\\");
	expect("foo", CLIPBOARD_SCREEN, "\033P\033]52;c;Zm9v\a\033\\");
	assert_int_equal(setenv("TMUX", "/tmp/x,1,0", 1), 0);
	assert_int_equal(clipboard_through(), CLIPBOARD_TMUX);
	assert_int_equal(unsetenv("TMUX"), 0);
	assert_int_equal(setenv("TERM", "screen-256color", 1), 0);
	assert_int_equal(clipboard_through(), CLIPBOARD_SCREEN);
	assert_int_equal(setenv("TERM", "xterm", 1), 0);
	assert_int_equal(unsetenv("STY"), 0);
	assert_int_equal(clipboard_through(), CLIPBOARD_PLAIN);
}

/* ux 28: at most 74 KB. */
static void no_more_is_sent_than_terminals_take(void **state)
{
	char *text = calloc(1, CLIPBOARD_MOST + 2);
	struct str out = { 0 };

	(void)state;
	assert_non_null(text);
	memset(text, 'a', CLIPBOARD_MOST + 1);
	assert_false(clipboard_sequence(text, CLIPBOARD_MOST + 1, CLIPBOARD_PLAIN, &out));
	assert_int_equal(out.length, 0);
	assert_true(clipboard_sequence(text, CLIPBOARD_MOST, CLIPBOARD_PLAIN, &out));
	assert_true(out.length <= 100000);
	str_clear(&out);
	assert_true(clipboard_sequence(text, 1000, CLIPBOARD_SCREEN, &out));
	for (char *piece = strtok(out.text, "\\"); piece; piece = strtok(NULL, "\\"))
		assert_true(strlen(piece) <= 256);
	str_done(&out);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_length_is_encoded),
		cmocka_unit_test(multiplexers_pass_it_on),
		cmocka_unit_test(no_more_is_sent_than_terminals_take),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
