/* Inside of this room: the client's parts and what they share. */
#ifndef MARKETO_CLIENT_H
#define MARKETO_CLIENT_H

#include "marketo/judge.h"
#include "marketo/marketo.h"

enum {
	REPLY_LIMIT = 4 * 1024 * 1024, /* bytes of a reply; the largest real ones (describe of a few thousand fields) stay near 1 MB */
	LIMITED_ATTEMPTS = 3,          /* for trouble that seldom passes: unknown codes, 611, 614, a host that is not found */
	RATE_WAIT_MS = 20 * 1000,      /* 606: the window is 20 s, so waiting shorter is useless (marketo-api 2) */
};

/* Somebody who waits for a token. Embedded in what waits; fn is called once, with NULL or with why there is none. */
struct token_waiter {
	void (*fn)(void *self, const struct error *trouble);
	void *self;
	struct token_waiter *next, **link; /* link NULL: does not wait */
};

struct token {
	char *value, *scope;           /* NULL: none */
	int64_t ends_at;               /* until when it is used, mono ms */
	int64_t told_end;              /* from when on nobody need wonder that it is refused, mono ms */
	uint64_t worked;               /* the newest generation that a call was taken with */
	uint64_t generation;           /* rises with every reply of the identity service that gave a token */
	char *lifeless;                /* the value that was told last to have no life left */
	char *refused;                 /* the value that a call was refused with, to tell whether the service gives the same one again */
	struct token_waiter *waiting, *answering;
	struct net_call *fetch;
	uint64_t timer;
	int attempts;
	int64_t asked_at, replied_at;  /* mono ms */
	int64_t connect_ms, tls_ms;    /* of the last fetch */
	struct error trouble;          /* to be told by the timer, when `failed` */
	bool failed;
};

struct call;

struct marketo {
	struct marketo_options options;
	struct account account;
	char *rest, *identity;         /* without a slash at the end */
	struct gate *gate;
	struct token token;
	struct call *first;            /* calls not answered yet */
	int call_count;
	int64_t calls[CALL_KINDS], pushbacks;
	uint64_t seed;
	bool stopped;
};

/* Token (token.c). */
bool token_is_good(const struct marketo *m);
/* Waits for a token, and fetches one when there is none and nobody does yet: one fetch for all. fn is never called before this returns. */
void token_want(struct marketo *m, struct token_waiter *waiter);
void token_forget(struct token_waiter *waiter);
/* A call was refused with the token of this generation (601, 602): unless a newer one came meanwhile, it is thrown away. */
void token_refused(struct marketo *m, uint64_t generation);
/* A call was taken with it: from now on a 602 says that it has become too old. */
void token_worked(struct marketo *m, uint64_t generation);
int64_t token_seconds_left(const struct marketo *m);
/* Ends a fetch and the waiters' waiting, with an error; wipes what is secret. */
void token_cancel(struct marketo *m);
void token_done(struct marketo *m);

/* Words for the operator (explain.c). what and permission: as in marketo_request, may be NULL. */
void explain(const struct marketo *m, const struct verdict *verdict, const char *what, const char *permission, struct error *err);

/* The wait before try number `attempt` + 1, not shorter than the server asked for. */
int64_t retry_wait(struct marketo *m, int attempt, const struct net_reply *reply);
/* How often trouble of this kind is tried in all. */
int attempts_for(const struct marketo *m, enum code_verdict kind);

/* The calls (call.c): ends those that are not sent yet; cancels those in flight; answers all that are left, at once. */
void calls_stop(struct marketo *m);
void calls_cancel(struct marketo *m);
void calls_answer(struct marketo *m);

/* Answers a question that needs no call, or cannot be asked: in a later turn, as any other. */
void answer_later(struct marketo *m, enum outcome outcome, const struct error *err, marketo_done done, void *self);

#endif
