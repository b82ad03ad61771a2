/*
 * What every use case stands on: the store, the loop and the face that is told how things go. Nothing is opened before it is needed.
 */
#ifndef APP_APP_H
#define APP_APP_H

#include "app/use_cases.h"
#include "base/error.h"
#include "engine/engine.h"
#include "loop/loop.h"
#include "store/store.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct check;
struct client;
struct standing;

struct app {
	struct loop *loop;
	struct store *store;   /* NULL before app_enter opened it */
	struct standing *standing; /* what dataflows violated when the change at hand began */
	int changes;               /* begun and not ended: one use case may be a part of another */
	struct client *client; /* the one that last talked to Marketo, or NULL */
	char *db;              /* path of the store */
	const struct operator *operator; /* who asks, through the daemon that owns the store; NULL: whom the store belongs to */
	bool read_only;
	bool dry_run;          /* a command that can change something was asked to change nothing: that is allowed with read_only, and the store cannot be written all the same */
	FILE *trace;           /* NULL: no --trace */
	char *trace_file;      /* its path */
	volatile sig_atomic_t stop; /* how many times SIGINT, SIGTERM or SIGHUP came */
	bool counts_alone;     /* its gate could not share, which has been said */
	bool patient;          /* a run is going on: the first signal lets calls in flight finish */
	/* The face. All may be NULL. */
	void (*note)(void *self, const char *line);
	void (*progress)(void *self, const struct engine_progress *progress);
	void (*checking)(void *self, const char *name);         /* a check of `account test` begins .. */
	void (*checked)(void *self, const struct check *check); /* .. and has ended */
	void *self;
};

struct app_options {
	const char *db;    /* NULL: PENSTOCK_DB, else $XDG_DATA_HOME/penstock/penstock.db */
	const char *trace; /* file that every HTTP exchange is appended to (0600), without secrets; NULL: none */
	bool read_only, dry_run;
	const struct operator *operator; /* NULL, or who asks: stays the caller's */
};

/* NULL with err: the trace file cannot be written, no place for the store is known. */
struct app *app_new(const struct app_options *options, struct error *err);
void app_free(struct app *app);
/* Where the store is when nobody says; NULL when there is no home. Free with mem_free. */
char *app_default_db(void);
/* STATUS_USAGE: nobody says where the store is. */
enum status app_no_place(struct error *err);

/* The first line of every use case: asks app_allow and opens the store. */
enum status app_enter(struct app *app, enum use_case use, struct error *err);

/* A change: begin, do it, end. app_end asks what it would let dataflows violate (governance.h), writes the audit row and commits when status is STATUS_OK, else rolls
 * back; it returns the status in force. A use case that another one calls within its change is a part of that, which is judged as a whole when it ends.
 * detail: words without secrets, may be NULL. */
enum status app_begin(struct app *app, struct error *err);
enum status app_end(struct app *app, enum status status, enum use_case use, const char *object, const char *detail, struct error *err);

/* From now on SIGINT, SIGTERM and SIGHUP are counted in app->stop instead of ending the process: calls to Marketo are cancelled, except during a run (patient),
 * where the engine stops by itself and only the second signal cancels. Without a call under way the loop stops. */
void app_catch_signals(struct app *app);
/* Turns the loop until *done or a signal. */
void app_wait(struct app *app, const bool *done);
/* Turns the loop for ms milliseconds; false when a signal came. */
bool app_pause(struct app *app, int64_t ms);

/* Says how far a source is read, at most some times a second. *shown_ms: 0 at first, kept by the caller. */
void app_reading(struct app *app, int64_t *shown_ms, int64_t done, int64_t total);

void app_note(struct app *app, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
