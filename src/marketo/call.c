/*
 * A call's way: token -> gate -> send -> judge, and from there to its answer, to a new token, or to a pause and around again. Answers that do not
 * come from a reply are given in a later turn of the loop, so that nobody is called back before marketo_call has returned.
 */
#include "marketo/client.h"
#include "marketo/codes.h"
#include "marketo/leads.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"

#include <stdio.h>
#include <string.h>

enum {
	URI_SAFE = MARKETO_URI_LIMIT - 512, /* gateways may add to an address */
	REFUSALS = 2,                       /* 601 or 602 with this many different tokens: not a matter of the token's age */
	RENEWALS = 20,                      /* tokens that grew too old before one call had its answer: there must be something else */
};

enum call_state { STATE_TOKEN, STATE_GATE, STATE_SENT, STATE_PAUSE, STATE_ANSWER };

struct call {
	struct marketo *m;
	struct call *next, *previous;
	enum call_state state;
	struct marketo_request request; /* its texts are the three below, or static */
	char *path, *query;
	struct str body;
	marketo_done done;
	void *self;
	struct token_waiter waiter;
	uint64_t generation;            /* of the token it was sent with .. */
	int64_t token_end;              /* .. and its told end, mono ms */
	uint64_t ask, timer;
	struct gate_permit *permit;
	struct net_call *sent;
	int tries, rate_tries, refusals, renewals;
	bool as_post, maybe_done;
	enum outcome outcome;           /* STATE_ANSWER */
	struct error *error;
};

static void call_free(struct call *call)
{
	struct marketo *m = call->m;

	if (call->next)
		call->next->previous = call->previous;
	if (call->previous)
		call->previous->next = call->next;
	else
		m->first = call->next;
	m->call_count--;
	mem_free(call->path);
	mem_free(call->query);
	str_done(&call->body);
	mem_free(call->error);
	mem_free(call);
}

/* The last word. The call is gone before its owner hears of it. */
static void tell(struct call *call, struct marketo_answer *answer)
{
	marketo_done done = call->done;
	void *self = call->self;

	call_free(call);
	done(self, answer);
}

static void answer_now(void *self)
{
	struct call *call = self;
	struct marketo_answer answer = { .outcome = call->outcome, .maybe_sent = call->maybe_done, .connect_ms = -1, .tls_ms = -1 };

	call->timer = 0;
	if (call->error)
		answer.error = *call->error;
	tell(call, &answer);
}

/* Leaves the gate and the token's queue, whatever the call was waiting for. */
static void let_go(struct call *call)
{
	token_forget(&call->waiter);
	gate_forget(call->m->gate, call->ask);
	loop_cancel(call->m->options.loop, call->timer);
	gate_done(call->m->gate, call->permit, false);
	call->permit = NULL;
	call->ask = call->timer = 0;
}

static void set_answer(struct call *call, enum outcome outcome, const struct error *err)
{
	call->state = STATE_ANSWER;
	call->outcome = outcome;
	if (err) {
		call->error = call->error ? call->error : mem_alloc(sizeof *call->error);
		*call->error = *err;
	}
	call->timer = loop_after(call->m->options.loop, 0, answer_now, call);
}

static void end_later(struct call *call, enum outcome outcome, const struct error *err)
{
	let_go(call);
	set_answer(call, outcome, err);
}

static const char *what_of(const struct call *call)
{
	return call->request.what ? _(call->request.what) : _("calling Marketo");
}

static void cancel(struct call *call)
{
	struct error err;

	error_set(&err, STATUS_STOPPED, "stopped", _("%s: stopped"), what_of(call));
	end_later(call, OUTCOME_CANCELLED, &err);
}

static void explain_quota(struct call *call, struct error *err)
{
	char when[CLOCK_TEXT];

	error_set(err, STATUS_STOPPED, "607", _("%s: the daily quota of calls, or our share of it, is used up"), what_of(call));
	error_hint(err, _("the quota is renewed at midnight US Central (%s): run again then, or raise the account's share of it"),
		clock_format(clock_next_quota_reset(clock_wall_ms()), when));
}

static void go_on(struct call *call);

static void on_pause_over(void *self)
{
	struct call *call = self;

	call->timer = 0;
	go_on(call);
}

static void pause_call(struct call *call, int64_t ms)
{
	if (call->m->stopped) {
		cancel(call);
		return;
	}
	call->state = STATE_PAUSE;
	call->timer = loop_after(call->m->options.loop, ms, on_pause_over, call);
}

/* An answer that comes with a reply. */
static void finish(struct call *call, enum outcome outcome, const struct verdict *verdict, const struct net_reply *reply, const struct json *body)
{
	struct marketo_answer answer = {
		.outcome = outcome,
		.envelope = body,
		.maybe_sent = call->maybe_done,
		.milliseconds = reply->milliseconds,
		.connect_ms = reply->connect_ms,
		.tls_ms = reply->tls_ms,
	};
	const struct json *result = json_get(body, "result");

	if (json_kind(result) != JSON_NULL)
		answer.result = result;
	snprintf(answer.request_id, sizeof answer.request_id, "%s", verdict->request_id);
	if (outcome == OUTCOME_QUOTA)
		explain_quota(call, &answer.error);
	else if (outcome != OUTCOME_OK)
		explain(call->m, verdict, call->request.what, call->request.permission, &answer.error);
	if (outcome == OUTCOME_QUOTA)
		error_request(&answer.error, verdict->request_id);
	tell(call, &answer);
}

/* Trouble that ends the call though it was not the request's fault. */
static bool is_out_of_reach(const struct verdict *verdict)
{
	static const char *const codes[] = { "dns", "tls", "network", "credentials" };

	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		if (strcmp(codes[i], verdict->code) == 0)
			return true;
	return false;
}

/* How a call ends that will not be tried again. */
static enum outcome last_outcome(const struct call *call, const struct verdict *verdict)
{
	bool divisible = call->request.records > 1;

	if (verdict->kind == VERDICT_SPLIT)
		return divisible ? OUTCOME_SPLIT : OUTCOME_REFUSED;
	if (verdict->kind == VERDICT_RETRY || verdict->kind == VERDICT_RATE || is_out_of_reach(verdict))
		return OUTCOME_OFFLINE;
	if (verdict->kind == VERDICT_ABORT && strcmp(verdict->code, "reply") == 0)
		return OUTCOME_OFFLINE;
	return divisible && code_find(verdict->code, false)->halves ? OUTCOME_SPLIT : OUTCOME_REFUSED;
}

static bool is_unsafe_to_repeat(const struct call *call, const struct verdict *verdict)
{
	return verdict->unknown && call->request.write && !call->request.repeatable;
}

static void after_retry(struct call *call, const struct verdict *verdict, const struct net_reply *reply, const struct json *body)
{
	if (is_unsafe_to_repeat(call, verdict))
		finish(call, OUTCOME_UNKNOWN, verdict, reply, body);
	else if (++call->tries >= attempts_for(call->m, verdict->kind))
		finish(call, last_outcome(call, verdict), verdict, reply, body);
	else
		pause_call(call, retry_wait(call->m, call->tries, reply));
}

static void after_rate(struct call *call, const struct verdict *verdict, const struct net_reply *reply, const struct json *body)
{
	/* The gate holds everybody back; this call stands in line again behind those that waited already. */
	if (++call->rate_tries >= attempts_for(call->m, verdict->kind))
		finish(call, last_outcome(call, verdict), verdict, reply, body);
	else
		pause_call(call, 0);
}

/* 602 of a token that has been taken, or has passed its told end: it is its age, and no more to be said. */
static bool has_aged(const struct call *call, const struct verdict *verdict)
{
	return strcmp(verdict->code, "602") == 0 && (clock_mono_ms() >= call->token_end || call->generation <= call->m->token.worked);
}

/* 601, 602: once with a new token. A second refusal is for the operator: a token just given is not too old. */
static void after_refusal(struct call *call, const struct verdict *verdict, const struct net_reply *reply, const struct json *body)
{
	struct verdict said = *verdict;
	bool aged = has_aged(call, verdict);

	token_refused(call->m, call->generation);
	if (aged ? ++call->renewals < RENEWALS : ++call->refusals < REFUSALS) {
		pause_call(call, 0);
		return;
	}
	snprintf(said.code, sizeof said.code, "credentials");
	snprintf(said.message, sizeof said.message, _("a fresh access token is refused too (%s %.128s)"), verdict->code, verdict->message);
	finish(call, OUTCOME_OFFLINE, &said, reply, body);
}

static void after_split(struct call *call, const struct verdict *verdict, const struct net_reply *reply, const struct json *body)
{
	if (strcmp(verdict->code, "414") == 0 && strcmp(call->request.method, "GET") == 0 && !call->as_post) {
		call->as_post = true;
		pause_call(call, 0);
		return;
	}
	finish(call, last_outcome(call, verdict), verdict, reply, body);
}

static void after_ok(struct call *call, const struct verdict *verdict, const struct net_reply *reply, const struct json *body)
{
	finish(call, OUTCOME_OK, verdict, reply, body);
}

static void after_quota(struct call *call, const struct verdict *verdict, const struct net_reply *reply, const struct json *body)
{
	finish(call, OUTCOME_QUOTA, verdict, reply, body);
}

static void after_abort(struct call *call, const struct verdict *verdict, const struct net_reply *reply, const struct json *body)
{
	finish(call, last_outcome(call, verdict), verdict, reply, body);
}

typedef void (*after_fn)(struct call *call, const struct verdict *verdict, const struct net_reply *reply, const struct json *body);
static const after_fn after[] = {
	[VERDICT_OK] = after_ok,
	[VERDICT_REFRESH] = after_refusal,
	[VERDICT_RETRY] = after_retry,
	[VERDICT_RETRY_LIMITED] = after_retry,
	[VERDICT_RATE] = after_rate,
	[VERDICT_QUOTA] = after_quota,
	[VERDICT_ABORT] = after_abort,
	[VERDICT_SPLIT] = after_split,
	[VERDICT_EXISTING] = after_abort,
};

/* The gate hears of push-backs before the permit comes back, or it would let the next call go. */
static void tell_gate(struct call *call, const struct verdict *verdict, const struct net_reply *reply)
{
	struct marketo *m = call->m;
	bool passes = verdict->kind == VERDICT_RATE || verdict->kind == VERDICT_QUOTA || verdict->kind == VERDICT_RETRY || verdict->kind == VERDICT_RETRY_LIMITED;
	bool sent = reply->result != NET_DNS && reply->result != NET_CONNECT && reply->result != NET_TLS;

	if (passes && reply->result != NET_CANCELLED)
		gate_trouble(m->gate, verdict->code);
	if (verdict->kind == VERDICT_RATE) {
		bool concurrency = strcmp(verdict->code, "615") == 0;
		int64_t wait = retry_wait(m, call->rate_tries + 1, reply);

		m->pushbacks++;
		gate_pushed_back(m->gate, concurrency, concurrency ? wait : RATE_WAIT_MS + wait);
	}
	if (verdict->kind == VERDICT_QUOTA)
		gate_quota_exhausted(m->gate);
	gate_done(m->gate, call->permit, sent && verdict->counted);
	call->permit = NULL;
}

static void on_reply(void *self, const struct net_reply *reply)
{
	struct call *call = self;
	struct json *body = reply->result == NET_OK ? json_parse(str_text(&reply->body), reply->body.length, NULL, NULL) : NULL;
	struct verdict verdict = marketo_judge(reply, body);

	call->sent = NULL;
	if (verdict.unknown && call->request.write)
		call->maybe_done = true;
	if (verdict.kind == VERDICT_OK)
		token_worked(call->m, call->generation);
	tell_gate(call, &verdict, reply);
	if (reply->result == NET_CANCELLED)
		cancel(call);
	else
		after[verdict.kind](call, &verdict, reply, body);
	json_free(body);
}

static void on_unsendable(void *self)
{
	struct call *call = self;
	struct net_reply reply = { .result = NET_CONNECT, .connect_ms = -1, .tls_ms = -1, .retry_after_ms = -1 };

	call->timer = 0;
	snprintf(reply.detail, sizeof reply.detail, "%s", _("there is not enough memory for a connection"));
	on_reply(call, &reply);
}

static void add_url(struct str *url, const struct call *call)
{
	str_add(url, call->m->rest);
	str_add(url, call->path);
	if (call->query && *call->query) {
		str_add_char(url, '?');
		str_add(url, call->query);
	}
}

/* A GET whose address would pass 8 KB goes as POST with _method=GET and the query as a form (marketo-api 2, 414). */
static void shape(struct call *call, struct str *url, struct net_request *request)
{
	add_url(url, call);
	if (strcmp(call->request.method, "GET") == 0 && (call->as_post || url->length > URI_SAFE)) {
		str_clear(url);
		str_add_format(url, "%s%s?_method=GET", call->m->rest, call->path);
		request->method = "POST";
		request->content_type = "application/x-www-form-urlencoded";
		request->body = call->query ? call->query : "";
		request->body_length = strlen(request->body);
	} else {
		request->method = call->request.method;
		request->content_type = call->request.content_type;
		request->body = str_text(&call->body);
		request->body_length = call->body.length;
	}
	request->url = str_text(url);
}

static void send_call(struct call *call)
{
	struct marketo *m = call->m;
	struct str url = { 0 };
	struct net_request request = { .bearer = m->token.value, .timeout_ms = call->request.timeout_ms, .reply_limit = REPLY_LIMIT };

	shape(call, &url, &request);
	call->state = STATE_SENT;
	call->generation = m->token.generation;
	call->token_end = m->token.told_end;
	call->sent = m->options.net->ops->send(m->options.net, &request, on_reply, call);
	if (call->sent)
		m->calls[call->request.kind]++;
	else
		call->timer = loop_after(m->options.loop, 0, on_unsendable, call);
	str_done(&url);
}

static void on_token(void *self, const struct error *trouble)
{
	struct call *call = self;

	if (!trouble) {
		go_on(call);
		return;
	}
	end_later(call, OUTCOME_OFFLINE, trouble);
	error_prefix(call->error, "%s", what_of(call));
}

static void on_gate(void *self, enum gate_answer answer, struct gate_permit *permit)
{
	struct call *call = self;
	struct error err;

	call->ask = 0;
	call->permit = permit;
	if (answer == GATE_GO) {
		go_on(call);
	} else if (answer == GATE_CLOSED) {
		cancel(call);
	} else {
		explain_quota(call, &err);
		end_later(call, OUTCOME_QUOTA, &err);
	}
}

/* The next step. A token that died while the call waited at the gate is renewed with the permit in hand: nobody else could use it better. */
static void go_on(struct call *call)
{
	struct marketo *m = call->m;
	uint64_t ask;

	if (m->stopped) {
		cancel(call);
	} else if (!token_is_good(m)) {
		call->state = STATE_TOKEN;
		token_want(m, &call->waiter);
	} else if (call->permit) {
		send_call(call);
	} else {
		call->state = STATE_GATE;
		ask = gate_ask(m->gate, on_gate, call);
		if (ask)
			call->ask = ask;
	}
}

static struct call *call_new(struct marketo *m, marketo_done done, void *self)
{
	struct call *call = mem_alloc(sizeof *call);

	call->m = m;
	call->done = done;
	call->self = self;
	call->waiter = (struct token_waiter){ .fn = on_token, .self = call };
	call->next = m->first;
	if (call->next)
		call->next->previous = call;
	m->first = call;
	m->call_count++;
	return call;
}

void answer_later(struct marketo *m, enum outcome outcome, const struct error *err, marketo_done done, void *self)
{
	set_answer(call_new(m, done, self), outcome, err);
}

static bool is_too_large(struct call *call)
{
	struct verdict verdict = { .kind = VERDICT_SPLIT, .code = "413" };
	struct error err;

	if (call->body.length <= MARKETO_BODY_LIMIT)
		return false;
	snprintf(verdict.message, sizeof verdict.message, "%s", _(code_find("413", false)->meaning));
	explain(call->m, &verdict, call->request.what, call->request.permission, &err);
	end_later(call, last_outcome(call, &verdict), &err);
	return true;
}

void marketo_call(struct marketo *m, const struct marketo_request *request, marketo_done done, void *self)
{
	struct call *call = call_new(m, done, self);

	call->request = *request;
	call->path = mem_strdup(request->path);
	call->query = mem_strdup(request->query);
	str_add_bytes(&call->body, request->body ? request->body : "", request->body_length);
	if (!is_too_large(call))
		go_on(call);
}

/* The first call that is neither sent nor about to be answered. */
static struct call *first_waiting(struct marketo *m)
{
	struct call *call = m->first;

	while (call && (call->state == STATE_SENT || call->state == STATE_ANSWER))
		call = call->next;
	return call;
}

void calls_stop(struct marketo *m)
{
	struct call *call;

	while ((call = first_waiting(m)))
		cancel(call);
}

void calls_cancel(struct marketo *m)
{
	struct call *call, *next;

	/* A cancelled call is answered in a later turn, so the list stays as it is meanwhile. */
	for (call = m->first; call; call = next) {
		next = call->next;
		if (call->state == STATE_SENT && call->sent)
			m->options.net->ops->cancel(m->options.net, call->sent);
	}
}

void calls_answer(struct marketo *m)
{
	while (m->first) {
		struct call *call = m->first;

		if (call->state != STATE_ANSWER)
			cancel(call);
		loop_cancel(m->options.loop, call->timer);
		answer_now(call);
	}
}
