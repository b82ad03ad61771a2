/* What `/` understands in a table: words as anywhere, of the whole row or, behind COLUMN=, of one column; several with & between them. */
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "screens/browse.h"
#include "tui/filter.h"

#include <string.h>
#include <strings.h>

/* The column that `name` begins the title or the key of. People are left out: what is masked is not to be found out by asking. BROWSE_COLUMNS: there is none. */
static size_t find_column(const struct browse_kind *kind, const char *name)
{
	for (size_t c = 0; *name && c < BROWSE_COLUMNS && kind->columns[c].title; c++) {
		const struct browse_column *column = &kind->columns[c];
		const char *dot = strrchr(column->key, '.'), *key = dot ? dot + 1 : column->key;

		if (column->kind != CELL_PERSON && (strncasecmp(key, name, strlen(name)) == 0 || strncasecmp(_(column->title), name, strlen(name)) == 0))
			return c;
	}
	return BROWSE_COLUMNS;
}

static bool part_fits(const struct browse_kind *kind, const struct browse_row *row, char *part)
{
	char *equals = strchr(text_trim(part), '='), *name = equals ? mem_strndup(part, (size_t)(equals - part)) : NULL;
	size_t column = name ? find_column(kind, text_trim(name)) : BROWSE_COLUMNS;

	mem_free(name);
	if (column == BROWSE_COLUMNS)
		return filter_fits(part, row->all);
	return filter_fits(text_trim(equals + 1), row->cells[column] ? row->cells[column] : "-");
}

bool browse_fits(const struct browse_kind *kind, const struct browse_row *row, const char *pattern)
{
	char *copy = mem_strdup(pattern), *rest = copy;
	bool fits = true;

	for (char *part = strsep(&rest, "&"); fits && part; part = strsep(&rest, "&"))
		fits = part_fits(kind, row, part);
	mem_free(copy);
	return fits;
}
