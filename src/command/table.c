#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* wcwidth */
#endif
#include "command/table.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>
#include <wchar.h>

static void add(struct table *table, char *taken, bool number)
{
	vec_push(&table->cells, taken);
	vec_push(&table->numbers, number);
}

static char *clean(const char *text)
{
	struct str out = { 0 };

	text_clean(&out, text ? text : "-", strlen(text ? text : "-"));
	return str_take(&out);
}

void table_init(struct table *table, const char *head, ...)
{
	va_list heads;

	*table = (struct table){ 0 };
	va_start(heads, head);
	for (; head; head = va_arg(heads, const char *)) {
		add(table, mem_strdup(head), false);
		table->columns++;
	}
	va_end(heads);
}

void table_init_pairs(struct table *table)
{
	*table = (struct table){ .columns = 2, .headless = true };
}

void table_text(struct table *table, const char *text)
{
	add(table, clean(text), false);
}

void table_number(struct table *table, int64_t number)
{
	add(table, mem_printf("%" PRId64, number), true);
}

void table_format(struct table *table, const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = mem_vprintf(format, arguments);
	va_end(arguments);
	table_text(table, text);
	mem_free(text);
}

void table_time(struct table *table, int64_t wall_ms)
{
	char text[CLOCK_TEXT];

	table_text(table, wall_ms ? clock_format(wall_ms, text) : NULL);
}

void table_pair(struct table *table, const char *name, const char *value)
{
	table_text(table, name);
	table_text(table, value);
}

void table_pair_number(struct table *table, const char *name, int64_t value)
{
	table_text(table, name);
	add(table, mem_printf("%" PRId64, value), false);
}

size_t table_width(const char *text)
{
	mbstate_t state = { 0 };
	size_t width = 0, left = strlen(text);

	while (left) {
		wchar_t c;
		size_t took = mbrtowc(&c, text, left, &state);
		int columns = 1;

		if (took == 0 || took == (size_t)-1 || took == (size_t)-2) {
			took = 1; /* not of this locale: shown as some single sign */
			memset(&state, 0, sizeof state);
		} else {
			columns = wcwidth(c);
		}
		width += columns > 0 ? (size_t)columns : 0;
		text += took;
		left -= took;
	}
	return width;
}

static void add_spaces(struct str *out, size_t count)
{
	while (count--)
		str_add_char(out, ' ');
}

/* A column of numbers has its head flush right too. */
static bool is_number_column(const struct table *table, size_t column)
{
	size_t first = table->headless ? column : table->columns + column;

	return first < table->cells.count && table->numbers.at[first];
}

static void write_row(const struct table *table, size_t row, const size_t *widths, struct str *out, int indent)
{
	add_spaces(out, (size_t)indent);
	for (size_t column = 0; column < table->columns; column++) {
		size_t cell = row * table->columns + column;
		const char *text = table->cells.at[cell];
		size_t gap = widths[column] - table_width(text);
		bool right = table->numbers.at[cell] || (row == 0 && !table->headless && is_number_column(table, column));

		if (right)
			add_spaces(out, gap);
		str_add(out, text);
		if (column + 1 < table->columns)
			add_spaces(out, (right ? 0 : gap) + 2);
	}
	while (out->length && out->text[out->length - 1] == ' ')
		out->text[--out->length] = '\0';
	str_add_char(out, '\n');
}

void table_end(struct table *table, struct str *out, int indent)
{
	size_t columns = table->columns ? table->columns : 1;
	size_t *widths = mem_array(columns, sizeof *widths);

	for (size_t i = 0; i < table->cells.count; i++) {
		size_t width = table_width(table->cells.at[i]);

		if (width > widths[i % columns])
			widths[i % columns] = width;
	}
	for (size_t row = 0; row < table->cells.count / columns; row++)
		write_row(table, row, widths, out, indent);
	for (size_t i = 0; i < table->cells.count; i++)
		mem_free(table->cells.at[i]);
	vec_done(&table->cells);
	vec_done(&table->numbers);
	mem_free(widths);
}
