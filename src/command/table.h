/* Aligned text tables for people. */
#ifndef COMMAND_TABLE_H
#define COMMAND_TABLE_H

#include "base/str.h"
#include "base/vec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct table {
	VEC(char *) cells;
	VEC(bool) numbers; /* parallel to cells: set flush right */
	size_t columns;
	bool headless;
};

/* Heads: a list of translated texts that ends with NULL. */
void table_init(struct table *table, const char *head, ...) __attribute__((sentinel));
/* Two columns without heads, "name  value": for one thing shown whole. */
void table_init_pairs(struct table *table);
/* Cells are cleaned once more, whatever the doors let through; NULL is shown as "-". */
void table_text(struct table *table, const char *text);
void table_number(struct table *table, int64_t number);
void table_format(struct table *table, const char *format, ...) __attribute__((format(printf, 2, 3)));
void table_time(struct table *table, int64_t wall_ms); /* 0: "-" */
void table_pair(struct table *table, const char *name, const char *value);
void table_pair_number(struct table *table, const char *name, int64_t value);
/* Appends the lines to out, each after `indent` spaces, and frees the table. */
void table_end(struct table *table, struct str *out, int indent);

/* Columns that text takes on a terminal. */
size_t table_width(const char *text);

#endif
