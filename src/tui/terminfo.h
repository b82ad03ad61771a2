/* What the terminal's description says. Private to tui/. */
#ifndef TUI_TERMINFO_H
#define TUI_TERMINFO_H

#include <stdbool.h>
#include <stddef.h>

enum terminfo_fit {
	TERMINFO_GOOD,
	TERMINFO_UNKNOWN, /* no description, and nothing that stands in for it */
	TERMINFO_PLAIN,   /* cannot place the cursor */
};

/* Finds the name to open the terminal under: `term` itself, or one that stands in for a newer terminal the system does not know. */
enum terminfo_fit terminfo_find(const char *term, const char **name);
/* Does a terminal of that name mark pastes (mode 2004)? Unknown ones count as those that do not: nothing is lost but 20 ms of Enter. */
bool terminfo_marks_pastes(const char *name);
/* What puts the open terminal right again, as bytes for write(2): paste mode, keypad, attributes, colours, cursor, screen. Returns their number. */
size_t terminfo_farewell(char *out, size_t size);

#endif
