/* The command line: options as tables, parsed once for every command. */
#ifndef COMMAND_ARGS_H
#define COMMAND_ARGS_H

#include "base/error.h"
#include "base/vec.h"

#include <stdbool.h>
#include <stddef.h>

struct option_row {
	const char *name;     /* without dashes; NULL ends a table */
	const char *argument; /* what help calls its value: "NAME"; NULL: a flag */
	const char *help;     /* N_() */
};

typedef VEC(const char *) text_list;

struct option_given {
	const char *name, *value; /* value NULL: a flag */
};

struct args {
	VEC(const char *) operands;
	VEC(struct option_given) options; /* in the order given */
	bool help;                        /* -h or --help was among them */
};
void args_done(struct args *args);

/* Reads options and operands of argv[1..count-1] (argv[0] is passed over) by the tables, which end with NULL. At the first operand it stops when
 * `until_word` is set. *next: index of the first argument not read. Options must be written out. STATUS_USAGE with the nearest option in the hint. */
enum status args_parse(int count, char **argv, const struct option_row *const *tables, bool until_word, struct args *args, int *next, struct error *err);

const char *arg_operand(const struct args *args, size_t index); /* NULL: not given */
bool arg_flag(const struct args *args, const char *name);
const char *arg_text(const struct args *args, const char *name); /* of an option given twice the last; NULL: not given */
void arg_all(const struct args *args, const char *name, text_list *out); /* vec_done it */
/* A whole number within [low, high]; *out is left alone when the option was not given. STATUS_USAGE. */
enum status arg_number(const struct args *args, const char *name, long long low, long long high, long long *out, struct error *err);
/* The operand at index as an id. */
enum status arg_id(const struct args *args, size_t index, long long *out, struct error *err);

#endif
