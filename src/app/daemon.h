/* Use case: `daemon`: keeps every enabled dataflow going by its schedule. Runs are processes of their own: this program, `penstock run`. */
#ifndef APP_DAEMON_H
#define APP_DAEMON_H

#include "app/app.h"
#include "base/error.h"
#include "base/lockfile.h"

#include <stdbool.h>

struct journal;

struct daemon_options {
	const char *log;  /* file that log lines are appended to, opened anew on SIGHUP; NULL: standard error */
	bool log_json;
	const char *metrics; /* file (0644) that is replaced every quarter of a minute, and whenever a run has ended; NULL: none */
	const char *socket; /* where operators ask (app/guests.h); NULL: nowhere */
	const char *keeper; /* the file of what they may do; NULL: OPERATORS_FILE */
	void (*ready)(void *self, struct journal *journal); /* the lock is held and the store read; may be NULL */
	void *self;
};

/* Returns after SIGTERM or SIGINT with STATUS_OK, its children stopped (within five seconds; who does not stop is killed, which loses nothing). SIGHUP: reads
 * the store again at once, forgets back-offs. STATUS_FAILED, code "busy": a daemon of this store is there already. */
enum status app_daemon(struct app *app, const struct daemon_options *options, struct error *err);
/* Is there one now? *holder tells who. */
bool daemon_is_there(const char *db, struct lockfile_holder *holder);

#endif
