/* A line of text being edited: state and keys here, painting apart, so that it is tested without a terminal. */
#ifndef TUI_EDITOR_H
#define TUI_EDITOR_H

#include "base/str.h"
#include "tui/paint.h"
#include "tui/press.h"

#include <stdbool.h>
#include <stddef.h>

struct editor {
	struct str text; /* UTF-8, without control characters */
	size_t at;       /* the cursor's place in bytes, at a character's beginning */
	size_t limit;    /* bytes; 0: EDITOR_LIMIT */
	bool secret;     /* never painted: "hidden, 36 characters" */
	int cut;         /* characters that the last paste lost: outer white space, newlines, byte order mark, zero-width and control characters, and what passed the limit */
};

enum { EDITOR_LIMIT = 4096 };
enum editor_result { EDITOR_IGNORED, EDITOR_MOVED, EDITOR_CHANGED };

void editor_init(struct editor *editor, const char *text, bool secret); /* the cursor goes to the end */
void editor_done(struct editor *editor);                                /* a secret is wiped */
void editor_set(struct editor *editor, const char *text);
/* Characters, pastes, Left Right Home End Backspace Delete, Ctrl-U (all before the cursor), Ctrl-K (all behind it), Ctrl-W (a word). A secret is overwritten where
 * memory moves. Everything else is ignored, and so is what would pass the limit. */
enum editor_result editor_press(struct editor *editor, const struct press *press);
/* [text          ] in `columns` cells with its brackets; scrolls so that the cursor is seen; places the hardware cursor when focused. */
void editor_paint(const struct editor *editor, struct area area, int row, int column, int columns, bool focused);

#endif
