/* Standard error while the screen is ours: what libraries write there is kept and shown afterwards. Private to tui/. */
#ifndef TUI_ASIDE_H
#define TUI_ASIDE_H

/* Only where standard error is a terminal; a file or a pipe is no danger to the screen. */
void aside_begin(void);
/* Standard error is itself again, and says, cleaned, what was kept. */
void aside_end(void);
/* The same for a process that falls: async-signal-safe, so the cleaning is coarser. */
void aside_abandon(void);

#endif
