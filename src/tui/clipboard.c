#include "tui/clipboard.h"

#include <stdlib.h>
#include <string.h>

enum { SCREEN_PIECE = 240 }; /* screen passes on no longer piece at once */

enum clipboard_through clipboard_through(void)
{
	const char *tmux = getenv("TMUX"), *screen = getenv("STY"), *term = getenv("TERM");

	if (tmux && *tmux)
		return CLIPBOARD_TMUX;
	return (screen && *screen) || (term && strncmp(term, "screen", 6) == 0) ? CLIPBOARD_SCREEN : CLIPBOARD_PLAIN;
}

static void encode(const char *text, size_t length, struct str *out)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < length; i += 3) {
		unsigned a = (unsigned char)text[i], b = i + 1 < length ? (unsigned char)text[i + 1] : 0, c = i + 2 < length ? (unsigned char)text[i + 2] : 0;

		str_add_char(out, digits[a >> 2]);
		str_add_char(out, digits[(a & 3) << 4 | b >> 4]);
		str_add_char(out, i + 1 < length ? digits[(b & 15) << 2 | c >> 6] : '=');
		str_add_char(out, i + 2 < length ? digits[c & 63] : '=');
	}
}

bool clipboard_sequence(const char *text, size_t length, enum clipboard_through through, struct str *out)
{
	struct str inner = { 0 };

	if (length > CLIPBOARD_MOST)
		return false;
	/* tmux takes an escape inside its wrapper doubled. */
	str_add(&inner, through == CLIPBOARD_TMUX ? "\033\033]52;c;" : "\033]52;c;");
	encode(text, length, &inner);
	str_add_char(&inner, '\a');
	if (through == CLIPBOARD_PLAIN)
		str_add_bytes(out, str_text(&inner), inner.length);
	else if (through == CLIPBOARD_TMUX)
		str_add_format(out, "\033Ptmux;%s\033\\", str_text(&inner));
	for (size_t at = 0; through == CLIPBOARD_SCREEN && at < inner.length; at += SCREEN_PIECE)
		str_add_format(out, "\033P%.*s\033\\", SCREEN_PIECE, str_text(&inner) + at);
	str_done(&inner);
	return true;
}
