/* Telling a test what state the screen is in (PENSTOCK_SCREEN_FD). Private to tui/. */
#ifndef TUI_WITNESS_H
#define TUI_WITNESS_H

#include <stdbool.h>

struct witness {
	int fd; /* -1: nobody watches */
	bool told, busy;
	unsigned long number;
};

/* Looks for the descriptor in the environment; it is not handed on to children. */
void witness_init(struct witness *witness);
/* Once a turn. `news`: something was drawn or typed. Says "N idle" or "N busy" then, and when busy has changed. Never waits. */
void witness_tell(struct witness *witness, bool news, bool busy);

#endif
