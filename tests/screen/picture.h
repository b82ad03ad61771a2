/* The screen as text. Rows and columns are counted from 1; a column is a cell, so a wide character has two. */
#ifndef SCREEN_PICTURE_H
#define SCREEN_PICTURE_H

#include "base/str.h"

#include <stdbool.h>
#include <stdio.h>
#include <vterm.h>

struct terminal;

/* One row, without the spaces at its end. */
void picture_row(const struct terminal *t, int row, struct str *out);
/* The first place of a text, which stands within one row. */
bool picture_find(const struct terminal *t, const char *text, int *row, int *column);
void picture_write(const struct terminal *t, FILE *file);
/* "bold underline reverse fg=4 bg=#ffffff", or "plain". */
void picture_attributes(const struct terminal *t, int row, int column, struct str *out);
/* A line for each stretch that is not plain: "ROW FIRST-LAST ATTRIBUTES". */
void picture_write_attributes(const struct terminal *t, FILE *file);

#endif
