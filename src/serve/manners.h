/*
 * What is known of each connection: that it is deaf to what comes next, and how long nothing whole has come on it. Connections that are closed without a word, or get noise
 * instead of an answer. Private to server.c.
 */
#ifndef SERVE_MANNERS_H
#define SERVE_MANNERS_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>

struct manners;

/* From MHD_OPTION_NOTIFY_CONNECTION: remembers each connection's manners as long as it lives. *first is NULL at the beginning. */
void manners_notify(struct manners **first, struct MHD_Connection *connection, void **slot, enum MHD_ConnectionNotificationCode what);
void manners_deafen(struct MHD_Connection *connection);        /* its next request is to be cut, see manners_is_deaf */
void manners_wait(struct MHD_Connection *connection, bool waits); /* it waits for us (not counted against it), or we for it, from now on */
void manners_hurry(const struct manners *first, int64_t before_ms); /* cuts those that we have waited for since before then (clock_mono_ms) */
int manners_waited_for(const struct manners *first);            /* how many those are by now */
bool manners_is_deaf(const struct MHD_Connection *connection);
void manners_close(struct MHD_Connection *connection);         /* what was sent arrives, and nothing after it */
void manners_noise(struct MHD_Connection *connection);         /* bytes past all layers: no HTTP, no TLS; then its end */

#endif
