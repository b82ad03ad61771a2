#ifndef BASE_LOOPBACK_H
#define BASE_LOOPBACK_H

#include <stdbool.h>

/* Is this host name or address (IPv6 with or without brackets) this machine itself? */
bool loopback_is(const char *host);

#endif
