/* Bodies that arrive badly: cut in the middle, or a few bytes at a time. Private to server.c. */
#ifndef SERVE_SPOIL_H
#define SERVE_SPOIL_H

#include "serve/server.h"

#include <microhttpd.h>

struct spoil; /* belongs to the response */

/* A response with the reply's body, spoilt as it says. wake(self) has the daemon run once more. NULL when there is no memory. */
struct MHD_Response *spoil_response(struct loop *loop, struct MHD_Connection *connection, const struct reply *reply, void (*wake)(void *self), void *self,
	struct spoil **out);
/* A connection that sleeps between two drops is woken: the library must not be stopped while it does. */
void spoil_hurry(struct spoil *spoil);

#endif
