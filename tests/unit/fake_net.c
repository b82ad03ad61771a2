#include "fake_net.h"

#include "base/clock.h"
#include "base/mem.h"

#include <stdio.h>
#include <string.h>

enum { MONO_START = 1000 * 1000 };
static const int64_t wall_start = 1773144000000; /* 2026-03-10T12:00:00Z */

struct net_call {
	struct fake_net *fake;
	struct net_call *next;
	struct net_reply reply;
	net_done done;
	void *self;
	uint64_t timer;
};

static struct fake_net *of(struct net *net)
{
	return (struct fake_net *)((char *)net - offsetof(struct fake_net, net));
}

static void unlink_call(struct net_call *call)
{
	struct net_call **at = &call->fake->first;

	while (*at != call)
		at = &(*at)->next;
	*at = call->next;
	call->fake->in_flight--;
}

static void deliver(void *self)
{
	struct net_call *call = self;

	unlink_call(call);
	call->done(call->self, &call->reply);
	str_done(&call->reply.body);
	mem_free(call);
}

static const struct fake_request *note(struct fake_net *fake, const struct net_request *request)
{
	struct fake_request one = {
		.method = mem_strdup(request->method),
		.url = mem_strdup(request->url),
		.body = mem_strndup(request->body ? request->body : "", request->body_length),
		.bearer = mem_strdup(request->bearer),
		.content_type = mem_strdup(request->content_type),
		.at_ms = clock_mono_ms(),
	};

	vec_push(&fake->log, one);
	return &fake->log.at[fake->log.count - 1];
}

static void fill(struct net_call *call, const struct fake_reply *said, size_t limit)
{
	const char *body = said->body ? said->body : "";
	size_t length = said->length ? said->length : strlen(body);

	call->reply.result = said->result;
	call->reply.connect_ms = call->reply.tls_ms = -1;
	call->reply.retry_after_ms = said->retry_after_ms ? said->retry_after_ms : -1;
	call->reply.milliseconds = said->latency_ms;
	if (said->result != NET_OK) {
		snprintf(call->reply.detail, sizeof call->reply.detail, "the fake says %d", (int)said->result);
		return;
	}
	call->reply.http_status = said->status ? said->status : 200;
	snprintf(call->reply.content_type, sizeof call->reply.content_type, "%s", said->content_type ? said->content_type : "application/json");
	if (length > limit)
		call->reply.result = NET_TOO_LARGE;
	else
		str_add_bytes(&call->reply.body, body, length);
}

static struct net_call *send_call(struct net *net, const struct net_request *request, net_done done, void *self)
{
	struct fake_net *fake = of(net);
	struct fake_reply said = { 0 };
	struct net_call *call;

	fake->script(fake->self, note(fake, request), &said);
	if (said.no_memory)
		return NULL;
	call = mem_alloc(sizeof *call);
	*call = (struct net_call){ .fake = fake, .done = done, .self = self, .next = fake->first };
	fill(call, &said, request->reply_limit);
	fake->first = call;
	if (++fake->in_flight > fake->most_in_flight)
		fake->most_in_flight = fake->in_flight;
	call->timer = loop_after(fake->loop, said.latency_ms ? said.latency_ms : 1, deliver, call);
	return call;
}

static void cancel_call(struct net *net, struct net_call *call)
{
	loop_cancel(of(net)->loop, call->timer);
	call->reply.result = NET_CANCELLED;
	call->reply.http_status = 0;
	str_clear(&call->reply.body);
	deliver(call);
}

static void free_net(struct net *net)
{
	fake_net_done(of(net));
}

static const struct net_ops ops = { .send = send_call, .cancel = cancel_call, .free = free_net };

void fake_net_init(struct fake_net *fake, struct loop *loop, fake_script script, void *self)
{
	*fake = (struct fake_net){ .net.ops = &ops, .loop = loop, .script = script, .self = self };
}

void fake_net_done(struct fake_net *fake)
{
	while (fake->first)
		cancel_call(&fake->net, fake->first);
	for (size_t i = 0; i < fake->log.count; i++) {
		mem_free(fake->log.at[i].method);
		mem_free(fake->log.at[i].url);
		mem_free(fake->log.at[i].body);
		mem_free(fake->log.at[i].bearer);
		mem_free(fake->log.at[i].content_type);
	}
	vec_done(&fake->log);
}

static int64_t passed;

static int64_t mono(void *self)
{
	(void)self;
	return MONO_START + passed;
}

static int64_t wall(void *self)
{
	(void)self;
	return wall_start + passed;
}

static int64_t wait_for(void *self, int64_t ms)
{
	(void)self;
	passed += ms;
	return 0;
}

static const struct clock_source source = { .mono_ms = mono, .wall_ms = wall, .wait_ms = wait_for, .name = "fake" };

void fake_clock_start(void)
{
	passed = 0;
	clock_use(&source);
}

void fake_clock_stop(void)
{
	clock_use(NULL);
}

int64_t fake_clock_now(void)
{
	return MONO_START + passed;
}

void fake_clock_move(int64_t ms)
{
	passed += ms;
}
