/* What no key stands for can be done, too: every other command is in the palette, with its operands typed as in a shell. */
#ifndef SCREENS_COMMANDS_H
#define SCREENS_COMMANDS_H

#include "app/use_cases.h"
#include "model/policy.h"
#include "screens/console.h"

#include <stdbool.h>
#include <stddef.h>

/* Is it in the palette: it has no key on a row of a table, and it comes to an end by itself? */
bool command_is_offered(enum use_case use);
/* Asks for its operands, then, where it changes something, whether that is meant; then shows its answer. */
void command_open(struct console *console, enum use_case use);

/* The words of a line as a shell tells them apart: blanks between, quotes and a backslash hold together. False: a quote is not closed, or there are too many. */
bool words_split(const char *line, word_list *out);

#endif
