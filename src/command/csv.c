#include "command/csv.h"

#include <string.h>

static void add_cell(struct str *out, const char *cell)
{
	bool formula = *cell && strchr("=+-@\t\r", *cell);

	if (!formula && !strpbrk(cell, "\",\r\n")) {
		str_add(out, cell);
		return;
	}
	str_add_char(out, '"');
	if (formula)
		str_add_char(out, '\'');
	for (; *cell; cell++) {
		if (*cell == '"')
			str_add_char(out, '"');
		str_add_char(out, *cell);
	}
	str_add_char(out, '"');
}

void csv_row(struct str *out, const char *const *cells, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (i)
			str_add_char(out, ',');
		add_cell(out, cells[i] ? cells[i] : "");
	}
	str_add(out, "\r\n");
}
