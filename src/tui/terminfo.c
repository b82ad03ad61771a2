/* The only file with term.h, whose macros (lines, columns, ...) break other code. */
#include "tui/terminfo.h"

#include <curses.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <unistd.h>

/* Descriptions that older systems lack. The first part found in the name counts. */
static const struct {
	const char *part, *stand_in;
} stand_ins[] = {
	{ "tmux", "screen-256color" },
	{ "screen", "screen" },
	{ "xterm", "xterm-256color" },
	{ "kitty", "xterm-256color" },
	{ "foot", "xterm-256color" },
	{ "ghostty", "xterm-256color" },
	{ "alacritty", "xterm-256color" },
	{ "wezterm", "xterm-256color" },
	{ "contour", "xterm-256color" },
	{ "konsole", "xterm-256color" },
	{ "gnome", "xterm-256color" },
	{ "vte", "xterm-256color" },
	{ "rxvt", "xterm-256color" },
	{ "putty", "xterm-256color" },
	{ "mintty", "xterm-256color" },
	{ "iterm", "xterm-256color" },
	{ "st-", "xterm-256color" },
};
enum { STAND_INS = sizeof stand_ins / sizeof *stand_ins };

static enum terminfo_fit judge(const char *name)
{
	enum terminfo_fit fit = TERMINFO_GOOD;
	const char *place;
	int result;

	if (setupterm(name, STDOUT_FILENO, &result) != OK)
		return result == 1 ? TERMINFO_PLAIN : TERMINFO_UNKNOWN;
	place = tigetstr("cup");
	if (!place || place == (const char *)-1)
		fit = TERMINFO_PLAIN;
	del_curterm(cur_term);
	return fit;
}

enum terminfo_fit terminfo_find(const char *term, const char **name)
{
	enum terminfo_fit fit = TERMINFO_UNKNOWN;

	if (!term || !*term)
		return TERMINFO_UNKNOWN;
	*name = term;
	fit = judge(term);
	for (size_t i = 0; fit == TERMINFO_UNKNOWN && i < STAND_INS; i++) {
		if (!strstr(term, stand_ins[i].part))
			continue;
		*name = stand_ins[i].stand_in;
		fit = judge(*name);
	}
	return fit;
}

bool terminfo_marks_pastes(const char *name)
{
	/* GNU screen keeps the marks to itself; under the same name tmux gives them. */
	if (strncmp(name, "screen", 6) == 0)
		return getenv("TMUX") != NULL;
	if (strcmp(name, "st") == 0)
		return true;
	for (size_t i = 0; i < STAND_INS; i++)
		if (strstr(name, stand_ins[i].part))
			return true;
	return false;
}

/* A capability without its padding, `$<5>`, which only paper terminals need. */
static size_t add(char *out, size_t length, size_t size, const char *text)
{
	const char *end;

	if (!text || text == (const char *)-1)
		return length;
	while (*text) {
		if (text[0] == '$' && text[1] == '<' && (end = strchr(text, '>'))) {
			text = end + 1;
			continue;
		}
		if (length == size)
			break;
		out[length++] = *text++;
	}
	return length;
}

size_t terminfo_farewell(char *out, size_t size)
{
	static const char *const names[] = { "rmkx", "sgr0", "op", "cnorm" };
	size_t length = add(out, 0, size, "\033[?2004l\033[?1000l\033[?1006l"), before;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		length = add(out, length, size, tigetstr(names[i]));
	before = length;
	length = add(out, length, size, tigetstr("rmcup"));
	return length > before ? length : add(out, length, size, "\r\n"); /* no second screen: at least not in the middle of a line */
}
