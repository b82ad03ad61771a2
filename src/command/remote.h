/*
 * Commands for the store of this machine's daemon. In the operator's own process the words, a few variables and the descriptors are handed to the daemon, which does the command in a
 * process of its own (app/guests.h); there, what the words name is held against what an operator may name.
 */
#ifndef COMMAND_REMOTE_H
#define COMMAND_REMOTE_H

#include "app/operators.h"
#include "command/args.h"
#include "command/command.h"

/* A command line that was understood; command NULL: the console. */
struct remote_line {
	int argc; /* words from argv[1] on, as they were typed */
	char **argv;
	const struct command *command;
	const struct args *before, *args; /* options before the command, and behind it */
};

/* How the value of this option of this use case (USE_CASES: the console) is taken. */
enum word_use remote_use(enum use_case use, const char *option);

/* For the process that works for an operator: refuses words whose files or commands would be used with the rights of whom the store belongs to (STATUS_REFUSED, code "owner"), and lets
 * the files that were handed over be used. */
enum status remote_accept(const struct telling *telling, const struct remote_line *line, struct error *err);
/* For the operator's own process: has it done. What it printed is printed; err is left empty when it ended by itself. */
enum status remote_ask(const char *socket, const struct remote_line *line, struct error *err);

#endif
