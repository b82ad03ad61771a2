/* Help, made from the tables of commands and options. */
#ifndef COMMAND_HELP_H
#define COMMAND_HELP_H

#include "base/str.h"
#include "command/command.h"

extern const struct option_row global_option_rows[];
extern const struct command *const command_tables[]; /* ends with NULL */

void help_all(struct str *out);
/* Of all commands that begin with these words: one command in full, or a noun's list. False: there is no such command. */
bool help_words(const char *words, struct str *out);
/* Makes the text in session->out the answer: with --json it is one string, {"help":".."}. */
void help_answer(struct session *session);
void help_command(const struct command *command, struct str *out);

#endif
