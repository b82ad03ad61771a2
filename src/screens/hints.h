/* What to do is said in words of the command line; here it can be done by keys. */
#ifndef SCREENS_HINTS_H
#define SCREENS_HINTS_H

/* The hint, and behind it which key does that here: for options that have a key where we are (enum where), and for commands that have one on the row of a table.
 * "" for NULL. Free with mem_free. */
char *hint_with_keys(const char *hint, unsigned where);

#endif
