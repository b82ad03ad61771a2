/* Keys by their names, as a terminal sends them in the mode it is in. */
#ifndef SCREEN_KEYS_H
#define SCREEN_KEYS_H

#include <stdbool.h>
#include <stddef.h>

struct terminal;

/* A name (Enter, BackTab, F1, Ctrl-N, Alt-x, ...) or one character. False when it is no key. */
bool keys_press(struct terminal *t, const char *name);
bool keys_known(const char *name);
bool keys_partly(const char *name); /* the program waits whether more of a key follows */
/* Newlines become carriage returns, as terminals do. Brackets only when the program asked for them. */
void keys_paste(struct terminal *t, const char *text, size_t length);

#endif
