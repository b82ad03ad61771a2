/*
 * The transport over libcurl's multi interface: libcurl says which sockets to watch and when to wake it, the loop does both. Calls that have ended
 * are taken out of libcurl's queue after it has returned, so that a caller's function may send, cancel and start anew as it likes.
 */
#include "net/net.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "net/headers.h"
#include "net/transfer.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#ifdef HAVE_CONFIG_H
#include <config.h>
#endif
#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "0"
#endif

enum { CONNECT_MS = 10000, CONNECTIONS = 10, IDLE_CALLS = 16, TRACE_ID_MAX = 64 };

struct curl_net {
	struct net net;
	struct loop *loop;
	CURLM *multi;
	uint64_t timer;
	struct transfer_limits limits;
	char *ca_file, *user_agent;
	struct header_cache headers;
	struct net_call *active; /* in flight */
	struct net_call *idle;   /* ready for the next exchange */
	int idle_count;
	bool draining;
	void (*certificate)(void *self, int64_t end_ms);
	void *certificate_self;
	void (*trace)(void *self, const char *line);
	void *trace_self;
};

static struct curl_net *of(struct net *net)
{
	return (struct curl_net *)((char *)net - offsetof(struct curl_net, net));
}

static void link_call(struct net_call **list, struct net_call *call)
{
	call->previous = NULL;
	call->next = *list;
	if (call->next)
		call->next->previous = call;
	*list = call;
}

static void unlink_call(struct net_call **list, struct net_call *call)
{
	if (call->next)
		call->next->previous = call->previous;
	if (call->previous)
		call->previous->next = call->next;
	else
		*list = call->next;
	call->next = call->previous = NULL;
}

/* Method and address; of the query only the names: values may be people's data or secrets. */
static char *label_of(const struct net_request *request)
{
	struct str label = { 0 };
	bool in_query = false, in_value = false;

	str_add_format(&label, "%s ", request->method);
	for (const char *at = request->url; *at; at++) {
		bool starts_value = in_query && !in_value && *at == '=';

		in_query = in_query || *at == '?';
		in_value = starts_value || (in_value && *at != '&');
		if (starts_value)
			str_add(&label, "=..");
		else if (!in_value)
			str_add_char(&label, *at);
	}
	return str_take(&label);
}

/* Adds the value of a member that the reply's text holds: only letters, digits, '#' and '-', so that nothing but an id or a code can come along. The body is not parsed
 * for a trace: half a reply has an id, too. */
static void add_member(const struct str *body, const char *member, const char *name, struct str *line)
{
	static const char allowed[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ#-";
	const char *found = body->length ? memmem(body->text, body->length, member, strlen(member)) : NULL;
	size_t length;

	if (!found)
		return;
	found += strlen(member);
	length = strspn(found, allowed);
	if (length && length <= TRACE_ID_MAX)
		str_add_format(line, "  %s %.*s", name, (int)length, found);
}

static void tell_trace(struct curl_net *net, const struct net_call *call)
{
	struct str line = { 0 }, clean = { 0 };
	char now[CLOCK_TEXT];

	if (!net->trace || !call->label)
		return;
	str_add_format(&line, "%s %s %d  %lld ms  %zu bytes sent, %zu received", clock_format(clock_wall_ms(), now), call->label, call->reply.http_status,
		(long long)call->reply.milliseconds, call->body.length, call->reply.body.length);
	add_member(&call->reply.body, "\"requestId\":\"", "request", &line);
	add_member(&call->reply.body, "\"code\":\"", "code", &line);
	if (*call->reply.detail)
		str_add_format(&line, "  %s", call->reply.detail);
	text_clean(&clean, line.text, line.length);
	net->trace(net->trace_self, str_text(&clean));
	str_done(&line);
	str_done(&clean);
}

/* The call is out of libcurl's hands: tells its owner, then keeps or frees it. */
static void end_call(struct curl_net *net, struct net_call *call)
{
	tell_trace(net, call);
	unlink_call(&net->active, call);
	loop_cancel(net->loop, call->timer);
	call->timer = 0;
	call->done(call->self, &call->reply);
	headers_drop(&net->headers, call->headers);
	if (!transfer_is_reusable(call) || net->idle_count == IDLE_CALLS) {
		transfer_free(call);
		return;
	}
	transfer_clear(call);
	link_call(&net->idle, call);
	net->idle_count++;
}

static void tell_certificate(const struct curl_net *net, const struct net_call *call)
{
	int64_t end_ms = net->certificate ? transfer_certificate(call) : 0;

	if (end_ms)
		net->certificate(net->certificate_self, end_ms);
}

static void drain(struct curl_net *net)
{
	CURLMsg *message;
	int left;

	if (net->draining)
		return;
	net->draining = true;
	while ((message = curl_multi_info_read(net->multi, &left))) {
		struct net_call *call = NULL;
		CURLcode code = message->data.result;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&call);
		transfer_finish(call, code);
		tell_certificate(net, call);
		curl_multi_remove_handle(net->multi, call->easy);
		end_call(net, call);
	}
	net->draining = false;
}

static void on_socket(void *self, int fd, int events)
{
	struct curl_net *net = self;
	int running, flags = 0;

	if (events & LOOP_READ)
		flags |= CURL_CSELECT_IN;
	if (events & LOOP_WRITE)
		flags |= CURL_CSELECT_OUT;
	if (events & LOOP_GONE)
		flags |= CURL_CSELECT_ERR;
	curl_multi_socket_action(net->multi, fd, flags, &running);
	drain(net);
}

static void on_timer(void *self)
{
	struct curl_net *net = self;
	int running;

	net->timer = 0;
	curl_multi_socket_action(net->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	drain(net);
}

static int watch_socket(CURL *easy, curl_socket_t fd, int what, void *self, void *socket_self)
{
	struct curl_net *net = self;
	int events = 0;

	(void)easy;
	(void)socket_self;
	if (what == CURL_POLL_IN || what == CURL_POLL_INOUT)
		events |= LOOP_READ;
	if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT)
		events |= LOOP_WRITE;
	loop_watch(net->loop, fd, events, on_socket, net);
	return 0;
}

static int set_timer(CURLM *multi, long ms, void *self)
{
	struct curl_net *net = self;

	(void)multi;
	loop_cancel(net->loop, net->timer);
	net->timer = ms < 0 ? 0 : loop_after(net->loop, ms, on_timer, net);
	return 0;
}

static struct net_call *take_call(struct curl_net *net)
{
	struct net_call *call = net->idle;

	if (!call)
		return transfer_new(&net->limits);
	unlink_call(&net->idle, call);
	net->idle_count--;
	return call;
}

/* Ends a call that was never given to libcurl; its owner hears of it in a later turn, as of any other. */
static void end_unsent(void *self)
{
	struct net_call *call = self;

	call->timer = 0;
	end_call(call->owner, call);
}

static struct net_call *send_call(struct net *base, const struct net_request *request, net_done done, void *self)
{
	struct curl_net *net = of(base);
	struct net_call *call = take_call(net);
	bool is_ready;

	if (!call)
		return NULL;
	call->reply.connect_ms = call->reply.tls_ms = call->reply.retry_after_ms = -1;
	call->owner = net;
	call->done = done;
	call->self = self;
	call->headers = headers_get(&net->headers, request->bearer, request->content_type);
	call->label = net->trace ? label_of(request) : NULL;
	link_call(&net->active, call);
	is_ready = transfer_prepare(call, request);
	if (is_ready && curl_multi_add_handle(net->multi, call->easy) != CURLM_OK) {
		transfer_finish(call, CURLE_FAILED_INIT);
		is_ready = false;
	}
	if (!is_ready)
		call->timer = loop_after(net->loop, 0, end_unsent, call);
	return call;
}

static void cancel_call(struct net *base, struct net_call *call)
{
	struct curl_net *net = of(base);

	if (!call->timer)
		curl_multi_remove_handle(net->multi, call->easy);
	str_clear(&call->reply.body);
	call->reply.result = NET_CANCELLED;
	call->reply.http_status = 0;
	call->reply.detail[0] = '\0';
	end_call(net, call);
}

static void free_net(struct net *base)
{
	struct curl_net *net = of(base);

	while (net->active)
		cancel_call(base, net->active);
	while (net->idle) {
		struct net_call *call = net->idle;

		unlink_call(&net->idle, call);
		transfer_free(call);
	}
	curl_multi_cleanup(net->multi);
	loop_cancel(net->loop, net->timer);
	headers_done(&net->headers);
	mem_free(net->ca_file);
	mem_free(net->user_agent);
	mem_free(net);
	curl_global_cleanup();
}

static const struct net_ops ops = {
	.send = send_call,
	.cancel = cancel_call,
	.free = free_net,
};

static enum status check_ca_file(const char *path, struct error *err)
{
	int fd, trouble;
	char byte;

	if (!path)
		return STATUS_OK;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	trouble = fd < 0 ? errno : read(fd, &byte, 1) < 0 ? errno : 0;
	if (fd >= 0)
		close(fd);
	if (!trouble)
		return STATUS_OK;
	error_set(err, STATUS_REFUSED, "tls", _("cannot read the certificate file %s: %s"), path, strerror(trouble));
	error_hint(err, _("give a readable PEM file with --ca-file, or leave it out to use the system's certificates"));
	return STATUS_REFUSED;
}

/* A connection that breaks while TLS writes to it must be an error, not the end of the process. */
static void ignore_sigpipe(void)
{
	struct sigaction action;

	if (sigaction(SIGPIPE, NULL, &action) != 0 || action.sa_handler != SIG_DFL)
		return;
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, NULL);
}

static void set_up_multi(struct curl_net *net, int connections)
{
	curl_multi_setopt(net->multi, CURLMOPT_SOCKETFUNCTION, watch_socket);
	curl_multi_setopt(net->multi, CURLMOPT_SOCKETDATA, net);
	curl_multi_setopt(net->multi, CURLMOPT_TIMERFUNCTION, set_timer);
	curl_multi_setopt(net->multi, CURLMOPT_TIMERDATA, net);
	curl_multi_setopt(net->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)connections);
	curl_multi_setopt(net->multi, CURLMOPT_MAXCONNECTS, (long)connections);
}

struct net *net_curl_new(struct loop *loop, const struct net_options *options, struct error *err)
{
	struct curl_net *net;
	CURLM *multi;

	if (check_ca_file(options->ca_file, err) != STATUS_OK)
		return NULL;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK || !(multi = curl_multi_init())) {
		error_set(err, STATUS_FAILED, "network", _("the network library cannot start"));
		return NULL;
	}
	ignore_sigpipe();
	net = mem_alloc(sizeof *net);
	net->net.ops = &ops;
	net->loop = loop;
	net->multi = multi;
	net->ca_file = mem_strdup(options->ca_file);
	net->user_agent = mem_strdup(options->user_agent ? options->user_agent : "penstock/" PACKAGE_VERSION);
	net->limits = (struct transfer_limits){
		.ca_file = net->ca_file,
		.user_agent = net->user_agent,
		.connect_ms = options->connect_ms > 0 ? options->connect_ms : CONNECT_MS,
		.certificates = options->certificate != NULL,
	};
	net->certificate = options->certificate;
	net->certificate_self = options->certificate_self;
	net->trace = options->trace;
	net->trace_self = options->trace_self;
	set_up_multi(net, options->connections > 0 ? options->connections : CONNECTIONS);
	return &net->net;
}

void net_free(struct net *net)
{
	if (net)
		net->ops->free(net);
}
