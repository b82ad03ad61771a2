#include "marketo_world.h"

#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct fake_reply *ruled(struct world *w, const char *url)
{
	for (size_t i = 0; i < w->rules.count; i++) {
		if (!strstr(url, w->rules.at[i].part) || w->rules.at[i].times == 0)
			continue;
		if (w->rules.at[i].times > 0)
			w->rules.at[i].times--;
		return &w->rules.at[i].reply;
	}
	return NULL;
}

static void script(void *self, const struct fake_request *request, struct fake_reply *reply)
{
	struct world *w = self;
	const struct fake_reply *rule = ruled(w, request->url);

	if (rule) {
		*reply = *rule;
	} else if (strstr(request->url, "/oauth/token")) {
		w->tokens += !w->same_token || !w->tokens;
		str_clear(&w->token_reply);
		str_add_format(&w->token_reply, "{\"access_token\":\"t-%d\",\"token_type\":\"bearer\",\"expires_in\":%lld,\"scope\":\"api@example.com\"}", w->tokens,
			(long long)w->life);
		reply->body = str_text(&w->token_reply);
	} else {
		reply->body = "{\"requestId\":\"r#0\",\"success\":true,\"result\":[]}";
	}
}

static enum status give_secret(void *self, struct str *out, struct error *err)
{
	struct world *w = self;

	if (w->no_secret)
		return error_set(err, STATUS_REFUSED, "key", "the key file is missing");
	str_add(out, "s&cret/1");
	return STATUS_OK;
}

void world_client(struct world *w, int attempts, int calls_per_20s, int concurrent, int64_t daily)
{
	struct marketo_options options = { .loop = w->loop, .net = &w->net.net, .account = &w->account, .secret = give_secret, .secret_self = w, .attempts = attempts };

	marketo_free(w->m);
	w->account.calls_per_20s = calls_per_20s;
	w->account.concurrent = concurrent;
	w->account.daily_calls = (int)daily;
	w->m = marketo_new(&options);
}

int world_set_up(void **state)
{
	struct world *w = mem_alloc(sizeof *w);

	fake_clock_start();
	w->loop = loop_new();
	w->life = 3599;
	fake_net_init(&w->net, w->loop, script, w);
	account_init(&w->account);
	w->account.name = mem_strdup("main");
	w->account.endpoint = mem_strdup("https://123-ABC-456.mktorest.com/rest/");
	w->account.identity = mem_strdup("https://123-ABC-456.mktorest.com/identity/");
	w->account.client_id = mem_strdup("client 1");
	world_client(w, 0, 90, 8, 50000);
	*state = w;
	return 0;
}

int world_tear_down(void **state)
{
	struct world *w = *state;

	marketo_free(w->m);
	fake_net_done(&w->net);
	loop_free(w->loop);
	account_done(&w->account);
	vec_done(&w->rules);
	str_done(&w->token_reply);
	mem_free(w);
	fake_clock_stop();
	return 0;
}

void world_reply(struct world *w, const char *part, struct fake_reply reply, int times)
{
	vec_push(&w->rules, ((struct rule){ .part = part, .reply = reply, .times = times }));
}

void world_say(struct world *w, const char *part, const char *body, int times)
{
	world_reply(w, part, (struct fake_reply){ .body = body }, times);
}

static const struct {
	const char *code, *body;
} refusals[] = {
#define REFUSAL(number) { #number, "{\"requestId\":\"r#" #number "\",\"success\":false,\"errors\":[{\"code\":\"" #number "\",\"message\":\"said " #number "\"}]}" }
	REFUSAL(601), REFUSAL(602), REFUSAL(603), REFUSAL(604), REFUSAL(605), REFUSAL(606), REFUSAL(607), REFUSAL(608), REFUSAL(609), REFUSAL(610), REFUSAL(611),
	REFUSAL(614), REFUSAL(615), REFUSAL(702), REFUSAL(709), REFUSAL(713), REFUSAL(719), REFUSAL(1003), REFUSAL(1006), REFUSAL(1013), REFUSAL(1077), REFUSAL(9999),
	REFUSAL(502), REFUSAL(500),
};

void world_refuse(struct world *w, const char *part, const char *code, int times)
{
	for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
		if (strcmp(refusals[i].code, code) == 0) {
			world_say(w, part, refusals[i].body, times);
			return;
		}
	}
	fail_msg("no refusal %s", code);
}

void world_note(struct world *w, const struct marketo_answer *answer)
{
	w->outcome = answer->outcome;
	w->error = answer->error;
	w->maybe_sent = answer->maybe_sent;
	w->has_envelope = answer->envelope != NULL;
	w->results = marketo_result_count(answer);
	w->outcomes[answer->outcome]++;
	snprintf(w->request_id, sizeof w->request_id, "%s", answer->request_id);
	if (answer->outcome != OUTCOME_OK)
		assert_true(answer->error.message[0] && answer->error.code[0]);
	w->done = ++w->answers == w->wanted;
}

void world_on_answer(void *self, const struct marketo_answer *answer)
{
	world_note(self, answer);
}

void world_run(struct world *w)
{
	loop_run(w->loop, &w->done);
	assert_true(w->done);
}

void world_start(struct world *w, const struct marketo_request *request)
{
	w->wanted++;
	w->done = false;
	marketo_call(w->m, request, world_on_answer, w);
	assert_false(w->done); /* never answered before marketo_call has returned */
}

struct marketo_request world_read_request(const char *path)
{
	return (struct marketo_request){
		.kind = CALL_LISTS, .method = "GET", .path = path, .timeout_ms = 30000, .permission = "Read-Only Lead", .what = "reading something"
	};
}

struct marketo_request world_write_request(bool repeatable, size_t records)
{
	return (struct marketo_request){
		.kind = CALL_CREATE,
		.method = "POST",
		.path = "/v1/write.json",
		.content_type = "application/json",
		.body = "{\"input\":[]}",
		.body_length = 12,
		.timeout_ms = 30000,
		.write = true,
		.repeatable = repeatable,
		.records = records,
		.permission = "Read-Write Lead",
		.what = "writing something",
	};
}

enum outcome world_get(struct world *w, const char *path)
{
	struct marketo_request request = world_read_request(path);

	world_start(w, &request);
	world_run(w);
	return w->outcome;
}

enum outcome world_write(struct world *w, bool repeatable, size_t records)
{
	struct marketo_request request = world_write_request(repeatable, records);

	world_start(w, &request);
	world_run(w);
	return w->outcome;
}

size_t world_requests(const struct world *w, const char *part)
{
	size_t count = 0;

	for (size_t i = 0; i < w->net.log.count; i++)
		count += strstr(w->net.log.at[i].url, part) != NULL;
	return count;
}

const struct fake_request *world_last(const struct world *w)
{
	assert_true(w->net.log.count > 0);
	return &w->net.log.at[w->net.log.count - 1];
}
