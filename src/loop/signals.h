/* Signals as bytes in a pipe. Private to loop.c. */
#ifndef LOOP_SIGNALS_H
#define LOOP_SIGNALS_H

/* From now on every such signal writes its number as a byte to fd (non-blocking). The process has one place per signal: the last call
 * counts. */
void signals_send_to(int signal_number, int fd);
/* Back to the system's default action, if fd is where the signal goes now. */
void signals_restore(int signal_number, int fd);

enum { SIGNALS_MAX = 64 }; /* signal numbers are 1 to this */

#endif
