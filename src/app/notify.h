/* Telling the service manager how things stand: sd_notify's protocol, a datagram to $NOTIFY_SOCKET. */
#ifndef APP_NOTIFY_H
#define APP_NOTIFY_H

#include <stdint.h>

/* "READY=1" and the like, lines separated by newlines. Nobody listens: nothing. */
void notify(const char *state);
/* How often the manager wants to hear WATCHDOG=1, in ms: half of $WATCHDOG_USEC; 0: it does not ask us. */
int64_t notify_watchdog_ms(void);

#endif
