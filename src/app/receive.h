/* Use case: `receive`: takes what is posted to a source (source/receiver.h). And who sees to it that somebody does while a dataflow is followed. */
#ifndef APP_RECEIVE_H
#define APP_RECEIVE_H

#include "app/app.h"
#include "base/error.h"

#include <stdbool.h>

struct receiving {
	const char *url;   /* to post to */
	const char *spool; /* folder */
	int port;
};

struct receive_options {
	void (*ready)(void *self, const struct receiving *receiving); /* it listens; may be NULL */
	void *self;
};

/* what: a dataflow, or a source (http:..) that need not be a dataflow's yet. Returns after a signal with STATUS_OK. STATUS_FAILED, code "busy": another process receives there. */
enum status app_receive(struct app *app, const char *what, const struct receive_options *options, struct error *err);

/* Until when the certificate of a source that speaks TLS itself is good (wall ms); 0: it has none, or none that can be read. */
int64_t receive_certificate_end(const char *source);

/* Keeps a process going that receives for a dataflow, `penstock receive`, wherever nobody else does. NULL when its source is not one that is posted to. */
struct attendant;
struct attendant *attendant_new(struct app *app, const char *dataflow, const char *source, void (*trouble)(void *self, const char *code, const char *message), void *self);
bool attendant_suits(const struct attendant *attendant, const char *source); /* is it the one for this source? NULL suits every other source */
void attendant_stop(struct attendant *attendant); /* asks it to end; it is not started again */
bool attendant_is_there(const struct attendant *attendant); /* the process has not ended yet */
/* Kills what is left: that loses nothing that was acknowledged. NULL is allowed, as it is in all of these. */
void attendant_free(struct attendant *attendant);

#endif
