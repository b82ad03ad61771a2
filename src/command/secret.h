/* The client secret: from a file, a command, the environment or the terminal, never from an argument. */
#ifndef COMMAND_SECRET_H
#define COMMAND_SECRET_H

#include "base/error.h"
#include "command/args.h"
#include "command/session.h"

#include <stdbool.h>

enum { SECRET_MAX = 1024 };

struct secret {
	char text[SECRET_MAX + 1]; /* "" when there is none */
};

/* needed: also PENSTOCK_CLIENT_SECRET and the terminal are asked, and none at all is STATUS_USAGE; else only the two options count. */
enum status secret_read(struct session *session, const struct args *args, bool needed, struct secret *out, struct error *err);
const char *secret_text(const struct secret *secret); /* NULL when there is none */
void secret_wipe(struct secret *secret);

#endif
