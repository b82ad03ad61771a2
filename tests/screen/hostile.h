/* Splits what a program wrote into what curses sends for xterm-256color and printable UTF-8; anything else came from outside. */
#ifndef SCREEN_HOSTILE_H
#define SCREEN_HOSTILE_H

#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

/* What a test may allow besides. */
enum { HOSTILE_BELL = 1, HOSTILE_TITLE = 2, HOSTILE_CLIPBOARD = 4 };

/* False, with the first finding in why, when there is something else. */
bool hostile_none(const char *bytes, size_t length, unsigned allowed, struct str *why);

#endif
