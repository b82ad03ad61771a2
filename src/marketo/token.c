/*
 * The access token: one fetch for all who wait, used until its life has passed or Marketo refuses it. Asking early returns the same token with less
 * life (marketo-api 1), so it is not renewed ahead of time; one that is dying is waited out, a new one is used however short it lives.
 * Never written anywhere, wiped after use.
 */
#include "marketo/client.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"

#include <stdio.h>
#include <string.h>

enum {
	LEAST_MS = 1000,          /* a token is used at least so long, or one that lives a second would be dead before it is here */
	SPENT_MS = 5000,          /* a refused token that is given again with less life than this is waited out */
	PAUSE_MS = 1000,          /* between two fetches, whatever becomes of the tokens */
	TIMEOUT_MS = 30 * 1000,
	TOKEN_REPLY_LIMIT = 64 * 1024,
};

static const char what_login[] = N_("logging in");

static void wipe_free(char **text)
{
	if (*text)
		mem_wipe_free(*text, strlen(*text));
	*text = NULL;
}

bool token_is_good(const struct marketo *m)
{
	return m->token.value && clock_mono_ms() < m->token.ends_at;
}

int64_t token_seconds_left(const struct marketo *m)
{
	int64_t left = m->token.value ? (m->token.ends_at - clock_mono_ms()) / 1000 : 0;

	return left > 0 ? left : 0;
}

static void link_waiter(struct token_waiter **list, struct token_waiter *waiter)
{
	while (*list)
		list = &(*list)->next;
	waiter->next = NULL;
	waiter->link = list;
	*list = waiter;
}

void token_forget(struct token_waiter *waiter)
{
	if (!waiter->link)
		return;
	*waiter->link = waiter->next;
	if (waiter->next)
		waiter->next->link = waiter->link;
	waiter->link = NULL;
}

/* Whoever asks again inside its answer waits for the next round. */
static void answer_waiters(struct marketo *m, const struct error *trouble)
{
	struct token *token = &m->token;
	struct token_waiter *waiter;

	token->attempts = 0;
	while ((waiter = token->waiting)) {
		token_forget(waiter);
		link_waiter(&token->answering, waiter);
	}
	while ((waiter = token->answering)) {
		token_forget(waiter);
		waiter->fn(waiter->self, trouble);
	}
}

static void fetch(struct marketo *m);

static void on_timer(void *self)
{
	struct marketo *m = self;
	struct error trouble = m->token.trouble;

	m->token.timer = 0;
	if (m->token.failed) {
		m->token.failed = false;
		answer_waiters(m, &trouble);
	} else if (token_is_good(m)) {
		answer_waiters(m, NULL);
	} else {
		fetch(m);
	}
}

static void wake_in(struct marketo *m, int64_t ms)
{
	loop_cancel(m->options.loop, m->token.timer);
	m->token.timer = loop_after(m->options.loop, ms, on_timer, m);
}

static void fail(struct marketo *m, const struct error *trouble)
{
	m->token.trouble = *trouble;
	m->token.failed = true;
	wake_in(m, 0);
}

static void fail_with(struct marketo *m, const struct verdict *verdict)
{
	struct verdict said = *verdict;
	struct error err;

	/* Whatever number it has, a login that is refused for good is a matter of credentials for the operator. */
	if (verdict->kind == VERDICT_OK) {
		strcpy(said.code, "credentials");
		snprintf(said.message, sizeof said.message, "%s", _("the identity service gives tokens without life only"));
	} else if (verdict->kind == VERDICT_ABORT && strcmp(verdict->code, "tls") != 0 && strcmp(verdict->code, "reply") != 0) {
		strcpy(said.code, "credentials");
	}
	explain(m, &said, what_login, NULL, &err);
	fail(m, &err);
}

static bool is_same(const char *known, const char *given)
{
	return known && strcmp(known, given) == 0;
}

/* How long to wait until a token that was given can be replaced by one that lives; 0: it is used. The one that was refused is given again until it ends. */
static int64_t wait_out(const struct token *token, const struct token_verdict *verdict)
{
	int64_t left = token->told_end - clock_mono_ms();

	if (is_same(token->refused, verdict->token) && left <= SPENT_MS)
		return left > 0 ? left + PAUSE_MS : PAUSE_MS;
	return 0;
}

/* One without life that was not there a moment ago was made since: it lives for less than the second that its life is rounded down to, and so do those that follow it. */
static bool is_newborn(const struct token *token, const char *lifeless)
{
	if (!token->value && !token->refused && !token->lifeless)
		return false;
	return !is_same(token->value, lifeless) && !is_same(token->refused, lifeless) && !is_same(token->lifeless, lifeless);
}

static void take_lifeless(struct token *token, struct token_verdict *verdict)
{
	if (is_newborn(token, verdict->lifeless)) {
		verdict->verdict.kind = VERDICT_OK;
		verdict->token = verdict->lifeless;
	}
	wipe_free(&token->lifeless);
	token->lifeless = mem_strdup(verdict->lifeless);
}

/* Keeps the token. Returns the ms to wait before asking again; 0: it can be used. */
static int64_t keep(struct marketo *m, const struct token_verdict *verdict)
{
	struct token *token = &m->token;
	int64_t now = clock_mono_ms(), wait;

	token->told_end = token->asked_at + verdict->expires_in * 1000;
	wait = wait_out(token, verdict);
	wipe_free(&token->value);
	token->value = mem_strdup(verdict->token);
	mem_free(token->scope);
	token->scope = NULL;
	if (verdict->scope) {
		char scope[256];

		clean_into(scope, sizeof scope, verdict->scope);
		token->scope = mem_strdup(scope);
	}
	token->ends_at = wait ? now : token->told_end > now + LEAST_MS ? token->told_end : now + LEAST_MS;
	token->generation++;
	return wait;
}

static int64_t wait_after(struct marketo *m, const struct verdict *verdict, const struct net_reply *reply)
{
	if (verdict->kind == VERDICT_REFRESH)
		return PAUSE_MS;
	if (verdict->kind == VERDICT_RATE)
		return RATE_WAIT_MS + retry_wait(m, 1, NULL);
	return retry_wait(m, m->token.attempts, reply);
}

static void on_reply(void *self, const struct net_reply *reply)
{
	struct marketo *m = self;
	struct json *body = reply->result == NET_OK ? json_parse(str_text(&reply->body), reply->body.length, NULL, NULL) : NULL;
	struct token_verdict verdict = marketo_judge_token(reply, body);
	int64_t wait = 0;

	m->token.fetch = NULL;
	m->token.attempts++;
	m->token.replied_at = clock_mono_ms();
	m->token.connect_ms = reply->connect_ms;
	m->token.tls_ms = reply->tls_ms;
	if (reply->body.text)
		explicit_bzero(reply->body.text, reply->body.length);
	if (reply->result == NET_CANCELLED) {
		json_free(body);
		return;
	}
	if (verdict.lifeless)
		take_lifeless(&m->token, &verdict);
	if (verdict.verdict.kind == VERDICT_OK)
		wait = keep(m, &verdict);
	else if (m->token.attempts < attempts_for(m, verdict.verdict.kind))
		wait = wait_after(m, &verdict.verdict, reply);
	else
		wait = -1;
	if (wait == 0)
		answer_waiters(m, NULL);
	else if (wait > 0 && m->token.attempts < attempts_for(m, VERDICT_REFRESH) + attempts_for(m, VERDICT_RETRY))
		wake_in(m, wait);
	else
		fail_with(m, &verdict.verdict);
	json_free(body);
}

static void add_wiping(struct str *url, const char *text)
{
	/* Room first: growing would leave a copy of the secret behind. */
	str_reserve(url, strlen(text) * 3 + 1);
	str_add_url(url, text);
}

static void send_fetch(struct marketo *m, const char *secret)
{
	struct str url = { 0 };
	struct net_request request = { .method = "GET", .timeout_ms = TIMEOUT_MS, .reply_limit = TOKEN_REPLY_LIMIT };

	str_reserve(&url, 4096);
	str_add_format(&url, "%s/oauth/token?grant_type=client_credentials&client_id=", m->identity);
	add_wiping(&url, m->account.client_id ? m->account.client_id : "");
	str_reserve(&url, strlen(secret) * 3 + 32);
	str_add(&url, "&client_secret=");
	add_wiping(&url, secret);
	request.url = str_text(&url);
	m->token.asked_at = clock_mono_ms();
	m->token.fetch = m->options.net->ops->send(m->options.net, &request, on_reply, m);
	if (m->token.fetch)
		m->calls[CALL_IDENTITY]++;
	explicit_bzero(url.text, url.length);
	str_done(&url);
}

static void fetch(struct marketo *m)
{
	struct str secret = { 0 };
	struct error err;

	if (m->options.secret(m->options.secret_self, &secret, &err) != STATUS_OK) {
		error_prefix(&err, "%s", _(what_login));
		fail(m, &err);
	} else {
		send_fetch(m, str_text(&secret));
		if (!m->token.fetch) {
			error_set(&err, STATUS_FAILED, "network", _("%s: there is not enough memory for a connection"), _(what_login));
			fail(m, &err);
		}
	}
	if (secret.text)
		explicit_bzero(secret.text, secret.capacity);
	str_done(&secret);
}

void token_want(struct marketo *m, struct token_waiter *waiter)
{
	int64_t pause = m->token.generation ? m->token.replied_at + PAUSE_MS - clock_mono_ms() : 0;

	link_waiter(&m->token.waiting, waiter);
	if (!m->token.fetch && !m->token.timer)
		wake_in(m, pause > 0 ? pause : 0);
}

void token_worked(struct marketo *m, uint64_t generation)
{
	if (generation > m->token.worked)
		m->token.worked = generation;
}

void token_refused(struct marketo *m, uint64_t generation)
{
	struct token *token = &m->token;

	if (generation != token->generation || !token->value)
		return;
	wipe_free(&token->refused);
	token->refused = token->value;
	token->value = NULL;
}

void token_cancel(struct marketo *m)
{
	struct net_call *call = m->token.fetch;
	struct error err;

	if (call)
		m->options.net->ops->cancel(m->options.net, call);
	loop_cancel(m->options.loop, m->token.timer);
	m->token.timer = 0;
	m->token.failed = false;
	m->token.attempts = 0;
	if (m->token.waiting) {
		error_set(&err, STATUS_STOPPED, "stopped", _("%s: stopped"), _(what_login));
		fail(m, &err);
	}
}

void token_done(struct marketo *m)
{
	struct error trouble;

	token_cancel(m);
	loop_cancel(m->options.loop, m->token.timer);
	trouble = m->token.trouble;
	if (m->token.failed)
		answer_waiters(m, &trouble);
	wipe_free(&m->token.value);
	wipe_free(&m->token.refused);
	wipe_free(&m->token.lifeless);
	mem_free(m->token.scope);
	m->token.scope = NULL;
}
