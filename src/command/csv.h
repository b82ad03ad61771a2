/* CSV as RFC 4180 has it, safe to open in a spreadsheet. */
#ifndef COMMAND_CSV_H
#define COMMAND_CSV_H

#include "base/str.h"

#include <stddef.h>

/* One row with CR LF at its end. A cell that a spreadsheet would take for a formula (it begins with = + - @, a tab or a carriage return) gets an
 * apostrophe before it. NULL is an empty cell. */
void csv_row(struct str *out, const char *const *cells, size_t count);

#endif
