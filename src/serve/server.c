/*
 * libmicrohttpd in its external mode: its epoll descriptor is watched by our loop, and the time-out it asks for becomes a timer.
 * The raw URI is taken before the library touches it, because limits count raw bytes and a strict server must see broken escapes.
 */
#include "serve/server.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "loop/loop.h"
#include "serve/gzip.h"
#include "serve/spoil.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
	CONNECTIONS_MAX = 512,
	CONNECTION_MEMORY = 128 * 1024, /* room for the request line and headers: longer ones are refused by the library with 414 or 431 */
	IDLE_SECONDS = 120,
	BODY_DEFAULT = 1024 * 1024,
};

enum state { READING, ASLEEP, ANSWERED, GONE };

struct request {
	struct server *server;
	struct MHD_Connection *connection;
	struct request *previous, *next;
	char *target; /* raw */
	char *raw_path, *path;
	char *method;
	struct serve_pair *parameters;
	size_t parameter_count;
	struct str body;
	size_t body_length, body_limit;
	struct MHD_Response *response;
	struct spoil *spoil; /* of the response; NULL: it is as good as any */
	unsigned status;
	enum state state;
	bool started, bad;
};

struct server {
	struct loop *loop;
	struct MHD_Daemon *daemon;
	struct serve_handler handler;
	struct request *requests;
	uint64_t timer;
	int port, epoll;
	bool closing;
};

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Decodes length bytes of text to out (at least length + 1 bytes). Returns the bytes written, or -1. */
static long decode(const char *text, size_t length, char *out, bool plus)
{
	size_t n = 0;

	for (size_t i = 0; i < length; i++) {
		char c = text[i];

		if (c == '%') {
			int high = i + 2 < length ? hex(text[i + 1]) : -1;
			int low = i + 2 < length ? hex(text[i + 2]) : -1;

			if (high < 0 || low < 0 || (high == 0 && low == 0))
				return -1;
			c = (char)(high * 16 + low);
			i += 2;
		} else if (c == '+' && plus) {
			c = ' ';
		}
		out[n++] = c;
	}
	out[n] = '\0';
	return text_is_utf8(out, n, NULL) ? (long)n : -1;
}

struct serve_pair *serve_parameters(const char *text, size_t length, size_t *count)
{
	size_t parts = 1;
	struct serve_pair *pairs;
	char *out;

	*count = 0;
	for (size_t i = 0; i < length; i++)
		parts += text[i] == '&';
	if (parts > SERVE_PARAMETERS_MAX)
		return NULL;
	/* One block: the pairs, then their texts (each never longer than its encoded form, plus two ends). */
	pairs = mem_alloc(parts * sizeof *pairs + length + 2 * parts + 2);
	out = (char *)(pairs + parts);
	for (const char *at = text, *end = text + length; at < end;) {
		const char *stop = memchr(at, '&', (size_t)(end - at));
		const char *equals;
		long name, value = 0;

		if (!stop)
			stop = end;
		equals = memchr(at, '=', (size_t)(stop - at));
		if (stop > at) {
			name = decode(at, (size_t)((equals ? equals : stop) - at), out, true);
			if (name < 0)
				goto broken;
			pairs[*count].name = out;
			out += name + 1;
			*out = '\0';
			if (equals)
				value = decode(equals + 1, (size_t)(stop - equals - 1), out, true);
			if (value < 0)
				goto broken;
			pairs[(*count)++].value = out;
			out += value + 1;
		}
		at = stop + 1;
	}
	return pairs;
broken:
	*count = 0;
	mem_free(pairs);
	return NULL;
}

/* --- the life of a request --- */

static void *on_uri(void *self, const char *uri, struct MHD_Connection *connection)
{
	struct server *server = self;
	struct request *request = mem_alloc(sizeof *request);

	request->server = server;
	request->connection = connection;
	request->target = mem_strdup(uri);
	request->next = server->requests;
	if (request->next)
		request->next->previous = request;
	server->requests = request;
	return request;
}

static void request_free(struct request *request)
{
	if (request->previous)
		request->previous->next = request->next;
	else
		request->server->requests = request->next;
	if (request->next)
		request->next->previous = request->previous;
	if (request->response)
		MHD_destroy_response(request->response);
	mem_free(request->target);
	mem_free(request->raw_path);
	mem_free(request->path);
	mem_free(request->method);
	mem_free(request->parameters);
	str_done(&request->body);
	mem_free(request);
}

static void on_completed(void *self, struct MHD_Connection *connection, void **slot, enum MHD_RequestTerminationCode why)
{
	(void)self;
	(void)connection;
	(void)why;
	if (*slot)
		request_free(*slot);
	*slot = NULL;
}

static void request_start(struct request *request, const char *method)
{
	const struct serve_handler *handler = &request->server->handler;
	const char *question = strchr(request->target, '?');
	size_t length = question ? (size_t)(question - request->target) : strlen(request->target);

	request->started = true;
	request->method = mem_strdup(method);
	request->raw_path = mem_strndup(request->target, length);
	request->path = mem_alloc(length + 1);
	if (decode(request->raw_path, length, request->path, false) < 0)
		request->bad = true;
	request->parameters = serve_parameters(question ? question + 1 : "", question ? strlen(question + 1) : 0, &request->parameter_count);
	if (!request->parameters)
		request->bad = true;
	request->body_limit = handler->body_limit ? handler->body_limit(handler->self, method, request->path) : BODY_DEFAULT;
}

static bool request_take(struct request *request, const char *bytes, size_t length)
{
	size_t room = request->body_limit > request->body.length ? request->body_limit - request->body.length : 0;

	if (length > SERVE_BODY_MAX - request->body_length)
		return false;
	request->body_length += length;
	return str_try_add(&request->body, bytes, length < room ? length : room, request->body_limit);
}

static enum MHD_Result request_send(struct request *request)
{
	enum MHD_Result result = MHD_queue_response(request->connection, request->status, request->response);

	MHD_destroy_response(request->response);
	request->response = NULL;
	return result;
}

static enum MHD_Result request_whole(struct request *request)
{
	static const struct reply bad = { .status = 400, .content_type = "text/html", .body = "<html><body>Bad Request</body></html>", .length = 37 };
	struct server *server = request->server;

	if (request->state == READING) {
		if (request->bad)
			request_reply(request, &bad);
		else
			server->handler.request(server->handler.self, request);
	}
	if (request->state == ANSWERED)
		return request_send(request);
	if (request->state == GONE)
		return MHD_NO;
	request->state = ASLEEP;
	MHD_suspend_connection(request->connection);
	return MHD_YES;
}

static enum MHD_Result on_access(void *self, struct MHD_Connection *connection, const char *url, const char *method, const char *version,
	const char *bytes, size_t *length, void **slot)
{
	struct server *server = self;
	struct request *request = *slot;

	(void)connection;
	(void)url;
	(void)version;
	if (!request || server->closing)
		return MHD_NO;
	if (!request->started) {
		request_start(request, method);
		return MHD_YES;
	}
	if (*length > 0) {
		if (!request_take(request, bytes, *length))
			return MHD_NO;
		*length = 0;
		return MHD_YES;
	}
	return request_whole(request);
}

/* --- the daemon on the loop --- */

static void server_run(struct server *server);

static void on_timer(void *self)
{
	struct server *server = self;

	server->timer = 0;
	server_run(server);
}

static void on_ready(void *self, int fd, int events)
{
	(void)fd;
	(void)events;
	server_run(self);
}

static void server_run(struct server *server)
{
	MHD_UNSIGNED_LONG_LONG wait;

	MHD_run(server->daemon);
	loop_cancel(server->loop, server->timer);
	server->timer = 0;
	if (MHD_get_timeout(server->daemon, &wait) == MHD_YES)
		server->timer = loop_after(server->loop, wait > 3600000 ? 3600000 : (int64_t)wait, on_timer, server);
}

struct server *serve_new(struct loop *loop, int port, const struct serve_handler *handler, struct error *err)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	struct server *server = mem_alloc(sizeof *server);
	const union MHD_DaemonInfo *info;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	server->loop = loop;
	server->handler = *handler;
	server->daemon = MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, (uint16_t)port, NULL, NULL, on_access, server,
		MHD_OPTION_SOCK_ADDR, &address,
		MHD_OPTION_URI_LOG_CALLBACK, on_uri, server,
		MHD_OPTION_NOTIFY_COMPLETED, on_completed, server,
		MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS,
		MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u,
		MHD_OPTION_END);
	if (!server->daemon) {
		mem_free(server);
		error_set(err, STATUS_FAILED, "listen", _("cannot listen on 127.0.0.1 port %d"), port);
		error_hint(err, _("Choose another port, or leave it out to take a free one."));
		return NULL;
	}
	info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
	server->port = info ? info->port : port;
	info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	server->epoll = info ? info->epoll_fd : -1;
	loop_watch(loop, server->epoll, LOOP_READ, on_ready, server);
	return server;
}

void serve_free(struct server *server)
{
	if (!server)
		return;
	server->closing = true;
	loop_watch(server->loop, server->epoll, 0, NULL, NULL);
	loop_cancel(server->loop, server->timer);
	/* The library must not be stopped while connections sleep. */
	for (struct request *request = server->requests; request; request = request->next) {
		if (request->state == ASLEEP) {
			request->state = GONE;
			MHD_resume_connection(request->connection);
		}
		if (request->spoil)
			spoil_hurry(request->spoil);
	}
	MHD_run(server->daemon);
	MHD_stop_daemon(server->daemon);
	while (server->requests)
		request_free(server->requests);
	mem_free(server);
}

int serve_port(const struct server *server)
{
	return server->port;
}

/* --- what a handler sees --- */

const char *request_method(const struct request *request)
{
	return request->method;
}

const char *request_path(const struct request *request)
{
	return request->path;
}

const char *request_raw_path(const struct request *request)
{
	return request->raw_path;
}

size_t request_target_length(const struct request *request)
{
	return strlen(request->target);
}

size_t request_parameter_count(const struct request *request)
{
	return request->parameter_count;
}

const struct serve_pair *request_parameters(const struct request *request)
{
	return request->parameters;
}

const char *request_header(const struct request *request, const char *name)
{
	return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

const char *request_body(const struct request *request)
{
	return str_text(&request->body);
}

size_t request_body_kept(const struct request *request)
{
	return request->body.length;
}

size_t request_body_length(const struct request *request)
{
	return request->body_length;
}

static bool wants_gzip(const struct request *request)
{
	const char *accepted = request_header(request, "Accept-Encoding");

	return accepted && text_case_has(accepted, "gzip");
}

/* In this mode the library tells nobody that a connection woke: it must be run once more. */
static void wake(void *self)
{
	struct server *server = self;

	loop_cancel(server->loop, server->timer);
	server->timer = loop_after(server->loop, 0, on_timer, server);
}

static void settle(struct request *request, enum state state)
{
	if (request->state == ASLEEP) {
		MHD_resume_connection(request->connection);
		wake(request->server);
	}
	request->state = state;
}

void request_reply(struct request *request, const struct reply *reply)
{
	const char *type = reply->content_type ? reply->content_type : "application/json;charset=UTF-8";
	struct str packed = { 0 };
	bool spoilt = reply->cut_at || reply->drip_ms;
	bool small = spoilt || reply->length <= SERVE_GZIP_FROM || !wants_gzip(request) || !gzip_pack(reply->body, reply->length, &packed);

	if (spoilt)
		request->response = spoil_response(request->server->loop, request->connection, reply, wake, request->server, &request->spoil);
	else if (small)
		request->response = MHD_create_response_from_buffer(reply->length, (void *)(uintptr_t)(reply->body ? reply->body : ""),
			MHD_RESPMEM_MUST_COPY);
	else
		request->response = MHD_create_response_from_buffer(packed.length, packed.text, MHD_RESPMEM_MUST_COPY);
	str_done(&packed);
	request->status = (unsigned)reply->status;
	if (request->response) {
		MHD_add_response_header(request->response, "Content-Type", type);
		if (!small)
			MHD_add_response_header(request->response, "Content-Encoding", "gzip");
	}
	settle(request, request->response ? ANSWERED : GONE);
}

void request_drop(struct request *request)
{
	settle(request, GONE);
}
