/* Running the practice Marketo in this process. */
#ifndef COMMAND_PRACTICE_H
#define COMMAND_PRACTICE_H

#include "base/error.h"
#include "command/session.h"
#include "sandbox/sandbox.h"

/* Writes the JSON line with url, munchkin_id, client_id and client_secret to standard output, then serves until a signal comes. */
enum status practice_serve(struct session *session, const struct sandbox_options *options, struct error *err);

#endif
