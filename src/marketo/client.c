/* The client as a whole: its parts, its limits, its end. The way of a single call stands in call.c. */
#include "marketo/client.h"

#include "base/clock.h"
#include "base/loopback.h"
#include "base/mem.h"

#include <stddef.h>
#include <string.h>

enum {
	ATTEMPTS = 8,
	RATE_FACTOR = 4,       /* a call refused by 606 or 615 tries this many times longer: nobody is to blame and waiting helps */
	BACKOFF_BASE_MS = 1000,
	BACKOFF_CAP_MS = 30 * 1000,
};

static const size_t account_texts[] = {
	offsetof(struct account, name),
	offsetof(struct account, munchkin_id),
	offsetof(struct account, endpoint),
	offsetof(struct account, identity),
	offsetof(struct account, client_id),
	offsetof(struct account, ca_file),
	offsetof(struct account, environment),
};

static void copy_account(struct account *to, const struct account *from)
{
	*to = *from;
	for (size_t i = 0; i < sizeof account_texts / sizeof *account_texts; i++) {
		char **text = (char **)((char *)to + account_texts[i]);

		*text = mem_strdup(*text);
	}
}

static char *without_slash(const char *url)
{
	size_t length = url ? strlen(url) : 0;

	while (length && url[length - 1] == '/')
		length--;
	return mem_strndup(url ? url : "", length);
}

char *marketo_instance(const struct account *account)
{
	const char *scheme = account->endpoint ? strstr(account->endpoint, "://") : NULL, *host = scheme ? scheme + 3 : "";
	size_t authority = strcspn(host, "/"), length = *host == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":/");
	char *name = mem_strndup(host, length < authority ? length : authority), *instance;

	if (loopback_is(name))
		instance = mem_printf("%s-%.*s", account->munchkin_id, (int)authority, host);
	else
		instance = mem_strdup(account->munchkin_id);
	mem_free(name);
	return instance;
}

static struct gate_options limits_of(const struct account *account)
{
	return (struct gate_options){
		.calls_per_20s = account->calls_per_20s,
		.concurrent = account->concurrent,
		.hard_calls = account->calls_per_20s > MARKETO_CALLS_PER_20S ? account->calls_per_20s : MARKETO_CALLS_PER_20S,
		.daily_calls = account->daily_calls,
		.quota_stop = account->quota_stop,
		.daily_cap = account->daily_cap,
	};
}

bool marketo_look(const struct account *account, struct gate_state *out)
{
	struct gate_options limits = limits_of(account);
	char *instance = marketo_instance(account);
	bool found;

	limits.instance = instance;
	found = gate_look(&limits, out);
	mem_free(instance);
	return found;
}

struct marketo *marketo_new(const struct marketo_options *options)
{
	struct marketo *m = mem_alloc(sizeof *m);
	const struct account *account = options->account;
	struct gate_options limits = limits_of(account);
	char *instance = options->shares ? marketo_instance(account) : NULL;

	m->options = *options;
	m->options.attempts = options->attempts > 0 ? options->attempts : ATTEMPTS;
	m->options.backoff_base_ms = options->backoff_base_ms > 0 ? options->backoff_base_ms : BACKOFF_BASE_MS;
	m->options.backoff_cap_ms = options->backoff_cap_ms > 0 ? options->backoff_cap_ms : BACKOFF_CAP_MS;
	copy_account(&m->account, account);
	m->options.account = &m->account;
	m->rest = without_slash(account->endpoint);
	m->identity = without_slash(account->identity);
	limits.instance = instance;
	limits.alone = options->alone;
	limits.self = options->alone_self;
	m->gate = gate_new(options->loop, &limits);
	mem_free(instance);
	m->seed = (uint64_t)clock_wall_ms() ^ (uint64_t)(uintptr_t)m;
	return m;
}

struct gate *marketo_gate(struct marketo *m)
{
	return m->gate;
}

struct loop *marketo_loop(struct marketo *m)
{
	return m->options.loop;
}

const int64_t *marketo_calls(const struct marketo *m)
{
	return m->calls;
}

int64_t marketo_rate_pushbacks(const struct marketo *m)
{
	return m->pushbacks;
}

int marketo_in_flight(const struct marketo *m)
{
	return m->call_count;
}

int64_t retry_wait(struct marketo *m, int attempt, const struct net_reply *reply)
{
	int64_t wait = backoff_ms(attempt, m->options.backoff_base_ms, m->options.backoff_cap_ms, &m->seed);

	return reply && reply->retry_after_ms > wait ? reply->retry_after_ms : wait;
}

int attempts_for(const struct marketo *m, enum code_verdict kind)
{
	int attempts = m->options.attempts;

	if (kind == VERDICT_REFRESH)
		return LIMITED_ATTEMPTS;
	if (kind == VERDICT_RATE)
		return attempts > 1 ? attempts * RATE_FACTOR : 1;
	if (kind == VERDICT_RETRY_LIMITED)
		return attempts < LIMITED_ATTEMPTS ? attempts : LIMITED_ATTEMPTS;
	return kind == VERDICT_RETRY ? attempts : 1;
}

void marketo_stop(struct marketo *m)
{
	if (m->stopped)
		return;
	m->stopped = true;
	gate_close(m->gate);
	calls_stop(m);
	if (!m->token.waiting)
		token_cancel(m);
}

void marketo_cancel_all(struct marketo *m)
{
	marketo_stop(m);
	token_cancel(m);
	calls_cancel(m);
}

void marketo_free(struct marketo *m)
{
	if (!m)
		return;
	marketo_cancel_all(m);
	calls_answer(m);
	token_done(m);
	gate_free(m->gate);
	account_done(&m->account);
	mem_free(m->rest);
	mem_free(m->identity);
	mem_free(m);
}

size_t marketo_result_count(const struct marketo_answer *answer)
{
	return json_kind(answer->result) == JSON_ARRAY ? json_count(answer->result) : json_kind(answer->result) == JSON_OBJECT ? 1 : 0;
}

const struct json *marketo_result_first(const struct marketo_answer *answer)
{
	return json_kind(answer->result) == JSON_ARRAY ? json_first(answer->result) : json_kind(answer->result) == JSON_OBJECT ? answer->result : NULL;
}

const struct json *marketo_result_next(const struct marketo_answer *answer, const struct json *item)
{
	return item == answer->result ? NULL : json_next(item);
}

const char *marketo_next_page(const struct marketo_answer *answer)
{
	const char *token = json_get_string(answer->envelope, "nextPageToken");

	return token && *token && json_kind(json_get(answer->envelope, "moreResult")) != JSON_FALSE ? token : NULL;
}
