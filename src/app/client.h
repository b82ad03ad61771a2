/* Talking to one Marketo instance from a use case: a call is started, the loop turns until it has answered. */
#ifndef APP_CLIENT_H
#define APP_CLIENT_H

#include "app/app.h"
#include "base/error.h"
#include "marketo/marketo.h"
#include "model/account.h"
#include "model/field.h"
#include "net/net.h"

#include <stdbool.h>
#include <stdint.h>

struct client {
	struct app *app;
	struct account account;
	int attempts;
	bool cancelled;
	int64_t certificate_ms; /* until when the first certificate to end is good, of those seen since client_remember; 0: none was seen */
	struct net *net;
	struct marketo *marketo;
};

/* How often a call that cannot get through is tried: a test answers at once, somebody who asks waits for seconds, a run for minutes. */
enum { ATTEMPTS_TEST = 1, ATTEMPTS_ASK = 3, ATTEMPTS_RUN = 0 /* the client's own default */ };

/* What the client has seen of Marketo's certificates goes into the store, for alerts; that it cannot now is no trouble. */
void client_remember(struct app *app);

/* For an account of the store. Nothing is sent yet. It belongs to the app, which keeps
 * one: the next use case on the same account gets it again, with its token, its connections and, above all, its gate's memory of the last 20 s. */
enum status client_open(struct app *app, const struct account *account, int attempts, struct client **out, struct error *err);
void client_free(struct client *client); /* NULL is allowed */
/* The account has changed: the next client_open makes a new client. */
void client_forget(struct app *app);
/* Ends every call under way as cancelled. */
void client_cancel(struct client *client);

/* The state of one call somebody waits for; the callback of the call sets it through client_answered. */
struct client_wait {
	bool done;
	enum status status;
	struct error error;
};
void client_answered(struct client_wait *wait, const struct marketo_answer *answer);
/* Turns the loop until the call has answered. Its status; err is filled unless STATUS_OK. */
enum status client_wait(struct client *client, struct client_wait *wait, struct error *err);

/* The exit status an answer stands for. */
enum status client_status(const struct marketo_answer *answer);

/* Describe, through this client; kept in the store unless it is read-only. */
enum status client_fields(struct client *client, struct catalogue *out, struct error *err);

#endif
