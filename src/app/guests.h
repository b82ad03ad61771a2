/*
 * The daemon's door: a Unix socket at which operators ask for commands on its store. Each is done by a process of its own, this program, on the operator's descriptors; who they are
 * the kernel says (SO_PEERCRED, SO_PEERGROUPS), what they may do app/operators.h. Nothing here waits for anybody.
 *
 * Messages (SOCK_SEQPACKET). First the asker: {"words":[..],"environment":{..},"files":[..]} with descriptors: standard input, output, errors, and one a file. Then, while it works,
 * one byte a signal. The daemon: {"exit":N} or {"signal":N} at the end, or {"error":{"code","message","hint"}} when nothing was started; then it closes.
 */
#ifndef APP_GUESTS_H
#define APP_GUESTS_H

#include "app/app.h"
#include "app/journal.h"
#include "app/operators.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

enum {
	GUEST_MESSAGE = 96 * 1024,
	GUEST_WORDS = 2000,
	GUEST_DESCRIPTORS = 3 + OPERATOR_FILES,
};

/* Where a console tells of its frames: a descriptor that is handed over with the files, or nothing. */
#define GUEST_SCREEN "PENSTOCK_SCREEN_FD"
/* A variable of the asker's that its command sees: how to speak and draw, nothing that a file is found by. */
bool guest_may_say(const char *name, const char *value);
/* The names, NULL ends them. */
extern const char *const guest_variables[];

struct guests;
/* keeper: the file of grants. Both texts stay the caller's. STATUS_FAILED, code "socket", when nobody could come in by that path. */
enum status guests_open(struct app *app, struct journal *journal, const char *path, const char *keeper, struct guests **out, struct error *err);
/* Nobody comes in any more; who is there is asked to end (SIGTERM). */
void guests_stop(struct guests *guests);
size_t guests_at_work(const struct guests *guests); /* NULL is allowed in all of these */
void guests_close(struct guests *guests);           /* kills who is left */

#endif
