/* Tables in Markdown. What comes from outside cannot end a cell, begin a link or be taken for markup. */
#ifndef COMMAND_MARKDOWN_H
#define COMMAND_MARKDOWN_H

#include "base/str.h"

#include <stddef.h>

/* A text in which every character that Markdown minds has a backslash, and line ends are spaces. NULL is nothing. */
void markdown_text(struct str *out, const char *text);
/* The text with what ends its cell; the row begins with a bar. */
void markdown_cell(struct str *out, const char *text);
/* One row with a newline at its end. NULL is an empty cell. */
void markdown_row(struct str *out, const char *const *cells, size_t count);
/* The row of heads and the line below it. */
void markdown_head(struct str *out, const char *const *cells, size_t count);

#endif
