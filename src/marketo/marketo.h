/*
 * The Marketo client: tokens, gate, retries and reading of envelopes; the endpoints stand in leads.h, lists.h, catalogue.h (all calls end through marketo_call).
 */
#ifndef MARKETO_MARKETO_H
#define MARKETO_MARKETO_H

#include "base/error.h"
#include "base/json.h"
#include "model/account.h"
#include "model/run.h"
#include "net/gate.h"
#include "net/net.h"

#include <stdbool.h>
#include <stdint.h>

struct loop;

/* What a caller is told about a call, once, whatever happened in between. */
enum outcome {
	OUTCOME_OK,       /* a whole Marketo envelope with success:true */
	OUTCOME_REFUSED,  /* certainly not executed, and repeating it unchanged is useless: error says why (603, 610, 1006, 1013, 709 ..); also given up after limited retries of not executed calls */
	OUTCOME_UNKNOWN,  /* a write that may or may not have been executed and is not safe to repeat blindly (createOnly, list create): look up */
	OUTCOME_SPLIT,    /* certainly not executed for its size (413, response-level 1003) or poisonous (611 after retries): send it in halves; with one record: refused */
	OUTCOME_QUOTA,    /* certainly not executed: daily quota or our share of it is reached; wait for the reset */
	OUTCOME_OFFLINE,  /* cannot reach or trust the server, or cannot log in, after retries: stop the run, no record is to blame; error.status is 4 for credentials and TLS, else 1 */
	OUTCOME_CANCELLED,/* marketo_stop or marketo_cancel: a write may have been executed if it was in flight */
};

struct marketo_answer {
	enum outcome outcome;
	struct error error;          /* with everything but OUTCOME_OK */
	const struct json *envelope; /* whole body, with OK and where there was one; dies when the callback returns */
	const struct json *result;   /* its `result`: an array (an object is seen as a one-element array by marketo_result_*), NULL when absent or null */
	char request_id[64];
	bool maybe_sent;             /* with CANCELLED: it may have been executed */
	int64_t milliseconds;        /* of the last exchange */
	int64_t connect_ms, tls_ms;
};

struct marketo;
typedef void (*marketo_done)(void *self, const struct marketo_answer *answer);

struct marketo_options {
	struct loop *loop;
	struct net *net;             /* stays the caller's */
	const struct account *account; /* copied */
	/* Gives the client secret when a token is needed. STATUS_OK, or an error that ends the call (REFUSED). */
	enum status (*secret)(void *self, struct str *out, struct error *err);
	void *secret_self;
	int attempts;                /* for retryable trouble, 0: 8 (about 2 minutes); console tests use 1 */
	int64_t backoff_base_ms;     /* 0: 1000; tests: 1 */
	int64_t backoff_cap_ms;      /* 0: 30,000 */
	bool shares;                 /* its gate counts together with those of the user's other processes on the same instance */
	void (*alone)(void *self, const char *why); /* it cannot: why, once; may be NULL */
	void *alone_self;
};
struct marketo *marketo_new(const struct marketo_options *options);
void marketo_free(struct marketo *m); /* calls in flight are cancelled */
/* What tells the instance from others, for its gate: the Munchkin ID; practice servers on this machine, which all have the same one, by their address too.
 * Free with mem_free. */
char *marketo_instance(const struct account *account);
/* What the user's processes on this machine have sent to the account's instance, without a client; false, and nothing in out, when there is nothing. */
bool marketo_look(const struct account *account, struct gate_state *out);
struct gate *marketo_gate(struct marketo *m);
struct loop *marketo_loop(struct marketo *m);
/* HTTP requests sent so far, by kind: counted where they leave. */
const int64_t *marketo_calls(const struct marketo *m);
int64_t marketo_rate_pushbacks(const struct marketo *m); /* 606 and 615 seen */
/* No new request leaves; questions at the gate end as CANCELLED; those in flight may finish. */
void marketo_stop(struct marketo *m);
/* Cancels what is still in flight. */
void marketo_cancel_all(struct marketo *m);
int marketo_in_flight(const struct marketo *m); /* calls started and not yet answered */

/* One call as an endpoint describes it. */
struct marketo_request {
	enum run_call kind;
	const char *method;      /* GET POST DELETE */
	const char *path;        /* from the endpoint on: "/v1/leads.json" (joined to .../rest without doubled slashes) */
	const char *query;       /* encoded, without `?`; NULL: none. Over 8 KB with GET: sent as POST with _method=GET by itself */
	const char *content_type;
	const char *body;
	size_t body_length;
	int64_t timeout_ms;      /* marketo-api 3: sync leads 90 s, get by filter and by list 60 s, others 30 s; ours a little above */
	bool write;              /* may change something */
	size_t records;          /* how many a split could divide; 0 and 1: never OUTCOME_SPLIT but OUTCOME_REFUSED */
	bool repeatable;         /* a write that is harmless to repeat (updateOnly by id, list add and remove, a new list's name) */
	const char *permission;  /* N_() the Marketo role permission that 603 asks for, marketo-api 1 */
	const char *what;        /* N_() "fetching the fields": words for the error */
};
void marketo_call(struct marketo *m, const struct marketo_request *request, marketo_done done, void *self);

/* `result` as a sequence: an array's children, or the object itself. */
size_t marketo_result_count(const struct marketo_answer *answer);
const struct json *marketo_result_first(const struct marketo_answer *answer);
const struct json *marketo_result_next(const struct marketo_answer *answer, const struct json *item);
const char *marketo_next_page(const struct marketo_answer *answer); /* nextPageToken when moreResult is not false, else NULL */

/* What a reply means, for the client and for the table test over recorded replies (facts/cases): no I/O. */
struct verdict {
	enum code_verdict {
		VERDICT_OK, VERDICT_REFRESH, VERDICT_RETRY, VERDICT_RETRY_LIMITED, VERDICT_RATE, VERDICT_QUOTA, VERDICT_ABORT, VERDICT_SPLIT, VERDICT_EXISTING,
	} kind;
	bool unknown; /* the request may have been executed */
	bool counted;
	char code[32], message[256], request_id[64];
};
struct verdict marketo_judge(const struct net_reply *reply, const struct json *body);

/* Token replies judged likewise: VERDICT_OK with token and life, REFRESH with a token that has none left (ask again after a pause), RETRY.., ABORT (bad credentials). */
struct token_verdict {
	struct verdict verdict;
	const char *token;    /* with VERDICT_OK; inside body, as are the others */
	const char *lifeless; /* with VERDICT_REFRESH */
	int64_t expires_in;   /* whole seconds, 0: less than one; a missing one is taken as 300 */
	const char *scope;   /* the API user; may be NULL */
};
struct token_verdict marketo_judge_token(const struct net_reply *reply, const struct json *body);

#endif
