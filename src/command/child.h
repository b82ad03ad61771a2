/* The practice Marketo in a process of its own. */
#ifndef COMMAND_CHILD_H
#define COMMAND_CHILD_H

#include "base/error.h"

#include <sys/types.h>

struct child {
	pid_t pid; /* 0: none */
	char *url, *munchkin_id, *client_id, *client_secret;
};

/* Starts it and waits until it listens. It ends with this process, however that ends. */
enum status child_start(struct child *child, struct error *err);
void child_stop(struct child *child);

#endif
