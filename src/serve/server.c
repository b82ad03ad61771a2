/*
 * libmicrohttpd in its external mode: its epoll descriptor is watched by our loop, and the time-out it asks for becomes a timer.
 * The raw URI is taken before the library touches it, because limits count raw bytes and a strict server must see broken escapes.
 */
#include "serve/server.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/str.h"
#include "loop/loop.h"
#include "serve/escape.h"
#include "serve/gzip.h"
#include "serve/listen.h"
#include "serve/manners.h"
#include "serve/spoil.h"

#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	CONNECTIONS_MAX = 512,
	CONNECTION_MEMORY = 128 * 1024, /* room for the request line and headers: longer ones are refused by the library with 414 or 431 */
	IDLE_SECONDS = 120,
	BODY_DEFAULT = 1024 * 1024,
	LOOK_MS = 1000, /* at connections that take too long */
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
	size_t body_length, body_limit, body_most; /* bytes that came; that are kept; with more than these it is cut */
	struct MHD_Response *response;
	struct spoil *spoil; /* of the response; NULL: it is as good as any */
	unsigned status;
	enum state state;
	bool started, bad;
	bool starved;
	bool closes; /* the connection, once the answer is sent */
};

struct server {
	struct loop *loop;
	struct MHD_Daemon *daemon;
	struct serve_handler handler;
	struct request *requests;
	struct manners *manners; /* of every connection */
	uint64_t timer, hurry;
	int port, epoll, seconds, connections;
	size_t held, held_most; /* bytes of bodies; 0: no bound */
	char *certificate, *key; /* PEM; NULL: plain HTTP */
	bool closing;
	bool woken; /* since the daemon ran: it must run again */
};

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
	request->server->held -= request->body.length;
	str_done(&request->body);
	mem_free(request);
}

static void on_completed(void *self, struct MHD_Connection *connection, void **slot, enum MHD_RequestTerminationCode why)
{
	struct request *request = *slot;

	(void)self;
	if (!request)
		return;
	manners_wait(connection, false);
	if (request->closes && why == MHD_REQUEST_TERMINATED_COMPLETED_OK)
		manners_close(connection);
	request_free(request);
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
	if (escape_decode(request->raw_path, length, request->path, false) < 0)
		request->bad = true;
	request->parameters = serve_parameters(question ? question + 1 : "", question ? strlen(question + 1) : 0, &request->parameter_count);
	if (!request->parameters)
		request->bad = true;
	request->body_limit = handler->body_limit ? handler->body_limit(handler->self, method, request->path) : BODY_DEFAULT;
	request->body_most = SERVE_BODY_MAX;
	if (!request->bad && handler->wants && !handler->wants(handler->self, request)) {
		request->body_limit = 0;
		request->body_most = SERVE_UNWANTED_MAX;
	}
}

static void starve(struct request *request)
{
	request->starved = true;
	request->server->held -= request->body.length;
	str_done(&request->body);
}

/* Whose body has been coming for longest, by the order of their beginnings, gives way: who means well is quick. False: nobody is left who could. */
static bool make_room(struct request *request, size_t bytes)
{
	struct server *server = request->server;

	while (server->held_most && bytes > server->held_most - server->held) {
		struct request *longest = NULL;

		for (struct request *other = server->requests; other; other = other->next)
			if (other != request && other->state == READING && other->body.length)
				longest = other;
		if (!longest)
			return false;
		starve(longest);
	}
	return true;
}

static bool request_take(struct request *request, const char *bytes, size_t length)
{
	struct server *server = request->server;
	size_t room = request->body_limit > request->body.length ? request->body_limit - request->body.length : 0;
	size_t kept = length < room ? length : room;

	if (length > request->body_most - request->body_length)
		return false;
	request->body_length += length;
	if (!request->starved && kept && !make_room(request, kept))
		starve(request);
	if (request->starved || kept == 0)
		return true;
	if (!str_try_add(&request->body, bytes, kept, request->body_limit))
		return false;
	server->held += kept;
	return true;
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

	manners_wait(request->connection, true);
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

	(void)url;
	(void)version;
	if (!request || (server->closing && request->state != ANSWERED) || (!request->started && manners_is_deaf(connection)))
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

/* One that has gone makes room for one that waits to come in, which the library looks for only when it is run again. */
static void on_connection(void *self, struct MHD_Connection *connection, void **slot, enum MHD_ConnectionNotificationCode what)
{
	struct server *server = self;

	manners_notify(&server->manners, connection, slot, what);
	server->woken = server->woken || what == MHD_CONNECTION_NOTIFY_CLOSED;
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

	server->woken = false;
	MHD_run(server->daemon);
	loop_cancel(server->loop, server->timer);
	server->timer = 0;
	if (server->woken)
		server->timer = loop_after(server->loop, 0, on_timer, server);
	else if (MHD_get_timeout(server->daemon, &wait) == MHD_YES)
		server->timer = loop_after(server->loop, wait > 3600000 ? 3600000 : (int64_t)wait, on_timer, server);
}

/* Strangers may take their time, but not all of it: a byte now and then keeps no connection. */
static void on_hurry(void *self)
{
	struct server *server = self;

	int64_t patience_ms = (int64_t)server->seconds * 1000;

	server->hurry = loop_after(server->loop, LOOK_MS, on_hurry, server);
	/* Nobody shall keep the others out. */
	if (patience_ms > SERVE_CROWDED_MS && manners_waited_for(server->manners) * 4 >= server->connections * 3)
		patience_ms = SERVE_CROWDED_MS;
	manners_hurry(server->manners, clock_mono_ms() - patience_ms);
}

static struct MHD_Daemon *start_daemon(struct server *server, int fd, const struct serve_options *options)
{
	const struct serve_tls *tls = options->tls;
	unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | (tls ? MHD_USE_TLS : 0);
	struct MHD_OptionItem secure[] = {
		{ MHD_OPTION_HTTPS_MEM_CERT, 0, server->certificate },
		{ MHD_OPTION_HTTPS_MEM_KEY, 0, server->key },
		{ MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)(tls && tls->old ? "NORMAL:-VERS-ALL:+VERS-TLS1.0" : "NORMAL") },
		{ MHD_OPTION_END, 0, NULL },
	};
	struct MHD_OptionItem none[] = { { MHD_OPTION_END, 0, NULL } };

	return MHD_start_daemon(flags, (uint16_t)server->port, NULL, NULL, on_access, server,
		MHD_OPTION_LISTEN_SOCKET, fd,
		MHD_OPTION_URI_LOG_CALLBACK, on_uri, server,
		MHD_OPTION_NOTIFY_COMPLETED, on_completed, server,
		MHD_OPTION_NOTIFY_CONNECTION, on_connection, server,
		MHD_OPTION_CONNECTION_LIMIT, (unsigned)server->connections,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS,
		MHD_OPTION_ARRAY, tls ? secure : none,
		MHD_OPTION_END);
}

static void free_server(struct server *server)
{
	mem_free(server->certificate);
	mem_free(server->key);
	mem_free(server);
}

static bool start(struct server *server, const struct serve_options *options, struct error *err)
{
	const char *host = options->host ? options->host : "127.0.0.1";
	int fd = listen_open(host, options->port);

	if (fd < 0) {
		error_set(err, STATUS_FAILED, "listen", _("cannot listen on %s port %d: %s"), host, options->port, strerror(errno));
		error_hint(err, _("Choose another port, or leave it out to take a free one."));
		return false;
	}
	server->port = listen_port(fd);
	server->daemon = start_daemon(server, fd, options);
	if (server->daemon)
		return true;
	/* The library closes it only when it has come that far. */
	if (fcntl(fd, F_GETFD) >= 0)
		close(fd);
	error_set(err, STATUS_FAILED, "listen", options->tls ? _("certificate and key cannot be used, or libmicrohttpd speaks no TLS") : _("libmicrohttpd cannot be used"));
	if (options->tls)
		error_hint(err, _("Both must be in PEM form and belong together, the certificate first in its file, what has signed it behind it."));
	return false;
}

struct server *serve_open(struct loop *loop, const struct serve_options *options, const struct serve_handler *handler, struct error *err)
{
	const struct serve_tls *tls = options->tls;
	struct server *server = mem_alloc(sizeof *server);
	const union MHD_DaemonInfo *info;

	server->loop = loop;
	server->handler = *handler;
	server->seconds = options->seconds;
	server->connections = options->connections ? options->connections : CONNECTIONS_MAX;
	server->held_most = options->held;
	server->certificate = mem_strdup(tls ? tls->certificate : NULL);
	server->key = mem_strdup(tls ? tls->key : NULL);
	if (!start(server, options, err)) {
		free_server(server);
		return NULL;
	}
	info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	server->epoll = info ? info->epoll_fd : -1;
	loop_watch(loop, server->epoll, LOOP_READ, on_ready, server);
	if (server->seconds)
		server->hurry = loop_after(loop, LOOK_MS, on_hurry, server);
	return server;
}

struct server *serve_new(struct loop *loop, int port, const struct serve_tls *tls, const struct serve_handler *handler, struct error *err)
{
	return serve_open(loop, &(struct serve_options){ .port = port, .tls = tls }, handler, err);
}

void serve_free(struct server *server)
{
	if (!server)
		return;
	server->closing = true;
	loop_watch(server->loop, server->epoll, 0, NULL, NULL);
	loop_cancel(server->loop, server->timer);
	loop_cancel(server->loop, server->hurry);
	/* The library must not be stopped while connections sleep. */
	for (struct request *request = server->requests; request; request = request->next) {
		if (request->state == ASLEEP) {
			request->state = GONE;
			MHD_resume_connection(request->connection);
		}
		if (request->spoil)
			spoil_hurry(request->spoil);
	}
	/* What is answered still leaves: it is handed over, then sent. */
	MHD_run(server->daemon);
	MHD_run(server->daemon);
	MHD_stop_daemon(server->daemon);
	while (server->requests)
		request_free(server->requests);
	free_server(server);
}

int serve_port(const struct server *server)
{
	return server->port;
}

/* --- what a handler sees --- */

const struct server *request_server(const struct request *request)
{
	return request->server;
}

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

bool request_is_starved(const struct request *request)
{
	return request->starved;
}

/* In this mode the library tells nobody that a connection woke: it must be run once more. */
static void wake(void *self)
{
	struct server *server = self;

	server->woken = true;
	loop_cancel(server->loop, server->timer);
	server->timer = loop_after(server->loop, 0, on_timer, server);
}

static void settle(struct request *request, enum state state)
{
	manners_wait(request->connection, false);
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
	bool small = spoilt || reply->length <= SERVE_GZIP_FROM || !gzip_accepted(request_header(request, "Accept-Encoding")) || !gzip_pack(reply->body, reply->length, &packed);

	if (spoilt)
		request->response = spoil_response(request->server->loop, request->connection, reply, wake, request->server, &request->spoil);
	else if (small)
		request->response = MHD_create_response_from_buffer(reply->length, (void *)(uintptr_t)(reply->body ? reply->body : ""),
			MHD_RESPMEM_MUST_COPY);
	else
		request->response = MHD_create_response_from_buffer(packed.length, packed.text, MHD_RESPMEM_MUST_COPY);
	str_done(&packed);
	request->status = (unsigned)reply->status;
	request->closes = reply->closes;
	if (reply->deafens)
		manners_deafen(request->connection);
	if (request->response) {
		MHD_add_response_header(request->response, "Content-Type", type);
		if (!small)
			MHD_add_response_header(request->response, "Content-Encoding", "gzip");
		for (const struct serve_pair *header = reply->headers; header && header->name; header++)
			MHD_add_response_header(request->response, header->name, header->value);
	}
	settle(request, request->response ? ANSWERED : GONE);
}

void request_drop(struct request *request)
{
	settle(request, GONE);
}

void request_noise(struct request *request)
{
	manners_noise(request->connection);
	settle(request, GONE);
}
