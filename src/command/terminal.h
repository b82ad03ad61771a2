/* Asking on the terminal without echo. */
#ifndef COMMAND_TERMINAL_H
#define COMMAND_TERMINAL_H

#include <stddef.h>
#include <sys/types.h>

/* Writes the question to standard error and reads one line from standard input, unseen. The terminal is put right again whatever happens: a signal that
 * would end the process does so after that. Returns the length with its newline, -1 at the end of input or an error. */
ssize_t terminal_ask_hidden(const char *question, char *bytes, size_t size);

#endif
