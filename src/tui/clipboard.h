/* Text on its way to the clipboard of the terminal's user, through the terminal (OSC 52). Private to tui/. */
#ifndef TUI_CLIPBOARD_H
#define TUI_CLIPBOARD_H

#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

/* So much fits into the 100,000 bytes that terminals take. */
enum { CLIPBOARD_MOST = 74994 };
enum clipboard_through { CLIPBOARD_PLAIN, CLIPBOARD_TMUX, CLIPBOARD_SCREEN };

enum clipboard_through clipboard_through(void); /* by TMUX, STY and TERM */
/* The bytes to send. False: the text is too long. */
bool clipboard_sequence(const char *text, size_t length, enum clipboard_through through, struct str *out);

#endif
