#include "command/markdown.h"

#include "base/mem.h"
#include "base/text.h"

#include <string.h>

void markdown_text(struct str *out, const char *text)
{
	char *clean = text_clean_dup(text ? text : "");

	for (const char *at = clean; *at; at++) {
		if (strchr("|\\`*_<>[]#", *at))
			str_add_char(out, '\\');
		str_add_char(out, *at);
	}
	mem_free(clean);
}

void markdown_cell(struct str *out, const char *text)
{
	str_add_char(out, ' ');
	markdown_text(out, text);
	str_add(out, " |");
}

void markdown_row(struct str *out, const char *const *cells, size_t count)
{
	str_add_char(out, '|');
	for (size_t i = 0; i < count; i++)
		markdown_cell(out, cells[i]);
	str_add_char(out, '\n');
}

void markdown_head(struct str *out, const char *const *cells, size_t count)
{
	markdown_row(out, cells, count);
	str_add_char(out, '|');
	for (size_t i = 0; i < count; i++)
		str_add(out, " --- |");
	str_add_char(out, '\n');
}
