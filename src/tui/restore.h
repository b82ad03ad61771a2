/* Putting the terminal right when the process falls. Private to tui/; its terminal_restore is in tui/terminal.h. */
#ifndef TUI_RESTORE_H
#define TUI_RESTORE_H

#include <stddef.h>
#include <termios.h>

/* From now on terminal_restore, exit and every fatal signal write these bytes and set these modes. */
void restore_arm(const struct termios *found, const char *bytes, size_t length);
/* The terminal was closed in the ordinary way: nothing is left to put right. */
void restore_disarm(void);

#endif
