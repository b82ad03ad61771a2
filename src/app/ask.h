/*
 * Questions that may wait (for Marketo, for a large file) are asked in a process of their own: this program with one of its commands and --json. So a face that must
 * never wait stays free, an answer that does not come is given up by ending the process, and what the console does is what the command does.
 */
#ifndef APP_ASK_H
#define APP_ASK_H

#include "app/app.h"
#include "base/error.h"
#include "base/json.h"

#include <stddef.h>

struct ask;

/* answer: the whole JSON object of standard output, NULL when there was none; it dies with the call. err: of the `error` member, or of a process that could not be
 * started or died; status STATUS_OK otherwise. The ask is freed after the call. */
typedef void (*ask_answer_fn)(void *self, enum status status, const struct json *answer, const struct error *err);
/* One line of --progress-fd: {"progress":{..}} or {"check":{..}} (command/progress). */
typedef void (*ask_progress_fn)(void *self, const struct json *line);

struct ask_options {
	const char *const *words; /* the command without the global options, NULL ends it: {"account", "test", NAME, NULL} */
	ask_answer_fn answer;     /* from the loop, exactly once, unless given up or let go */
	ask_progress_fn progress; /* may be NULL */
	void *self;
	bool outlives;            /* a process group of its own that goes on when this program ends: for runs */
};

/* NULL with err when no process can be started. --db, --read-only and --trace are those of the app. */
struct ask *app_ask(struct app *app, const struct ask_options *options, struct error *err);
/* Gives up: no call comes any more, the process is ended (SIGKILL: only for commands that change nothing). NULL is allowed. */
void ask_give_up(struct ask *ask);
/* No call comes any more, the process goes on. NULL is allowed. */
void ask_let_go(struct ask *ask);

#endif
