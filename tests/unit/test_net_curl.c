/* The transport against small servers of this process: what a broken server does decides whether a request may have been executed. */
#include "base/error.h"
#include "base/loopback.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/vec.h"
#include "loop/loop.h"
#include "net/net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

/* Few: of a call that is never answered, and long enough for it to be sent where the machine is busy. */
enum { FEW_MS = 1500, PLENTY_MS = 60000, LIMIT = 100000 };

struct server;

struct client { /* one connection of the server */
	struct server *server;
	int fd, requests;
	struct str in;
};

struct server {
	struct loop *loop;
	int fd, port, requests, connections;
	struct str last; /* the last whole request */
	VEC(struct client *) clients;
};

static void drop(struct client *client, bool reset)
{
	struct linger linger = { .l_onoff = 1 };

	if (client->fd < 0)
		return;
	loop_watch(client->server->loop, client->fd, 0, NULL, NULL);
	if (reset)
		setsockopt(client->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
	close(client->fd);
	client->fd = -1;
}

static void say(struct client *client, const void *bytes, size_t length)
{
	const char *at = bytes;

	while (length) {
		ssize_t sent = send(client->fd, at, length, MSG_NOSIGNAL);

		if (sent <= 0)
			return;
		at += sent;
		length -= (size_t)sent;
	}
}

static void say_text(struct client *client, const char *text)
{
	say(client, text, strlen(text));
}

static void good(struct client *client)
{
	say_text(client, "HTTP/1.1 200 OK\r\nContent-Type: application/json;charset=UTF-8\r\nContent-Length: 16\r\n\r\n{\"success\":true}");
}

static void refused(struct client *client)
{
	static const char body[] = "{\"requestId\":\"14d27#e42b\",\"success\":false,\"errors\":[{\"code\":\"1003\",\"message\":\"Ada Berg\"}]}";
	char head[128];

	snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", sizeof body - 1);
	say_text(client, head);
	say_text(client, body);
}

static void strange(struct client *client)
{
	static const char body[] = "{\"requestId\":\"<Ada>\",\"success\":true}";
	char head[128];

	snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", sizeof body - 1);
	say_text(client, head);
	say_text(client, body);
}

static void chunked(struct client *client)
{
	say_text(client, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"suc\r\nb\r\ncess\":true}\r\n0\r\n\r\n");
}

static void trailers(struct client *client)
{
	say_text(client, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n10\r\n{\"success\":true}\r\n0\r\nX-Sum: 16\r\n\r\n");
}

static void hints(struct client *client)
{
	say_text(client, "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");
	good(client);
}

static void say_gzip(struct client *client, const char *text, size_t length)
{
	z_stream stream = { 0 };
	size_t room = length / 500 + 1000;
	unsigned char *packed = mem_alloc(room);
	struct str head = { 0 };

	assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	stream.next_in = (unsigned char *)text;
	stream.avail_in = (unsigned)length;
	stream.next_out = packed;
	stream.avail_out = (unsigned)room;
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	str_add_format(&head, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %lu\r\n\r\n", stream.total_out);
	say(client, head.text, head.length);
	say(client, packed, stream.total_out);
	deflateEnd(&stream);
	str_done(&head);
	mem_free(packed);
}

static void gzipped(struct client *client)
{
	say_gzip(client, "{\"success\":true}", 16);
}

/* 10 MB of zeros in 10 KB. */
static void bomb(struct client *client)
{
	char *zeros = mem_alloc(10 << 20);

	say_gzip(client, zeros, 10 << 20);
	mem_free(zeros);
}

static void large(struct client *client)
{
	char *zeros = mem_alloc(2 * LIMIT);
	struct str head = { 0 };

	str_add_format(&head, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", 2 * LIMIT);
	say(client, head.text, head.length);
	say(client, zeros, 2 * LIMIT);
	str_done(&head);
	mem_free(zeros);
}

static void large_headers(struct client *client)
{
	struct str line = { 0 };

	str_add(&line, "X-Filler: ");
	for (int i = 0; i < 1000; i++)
		str_add_char(&line, 'x');
	str_add(&line, "\r\n");
	say_text(client, "HTTP/1.1 200 OK\r\n");
	for (int i = 0; i < 300; i++)
		say(client, line.text, line.length);
	say_text(client, "Content-Length: 0\r\n\r\n");
	str_done(&line);
}

static void cut_before(struct client *client)
{
	drop(client, true);
}

static void cut_in_headers(struct client *client)
{
	say_text(client, "HTTP/1.1 200 OK\r\nContent-Le");
	drop(client, false);
}

static void cut_after_hints(struct client *client)
{
	say_text(client, "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Le");
	drop(client, false);
}

static void cut_in_body(struct client *client)
{
	say_text(client, "HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n{\"succ");
	drop(client, false);
}

static void bad_gzip(struct client *client)
{
	say_text(client, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 9\r\n\r\nnot gzip!");
}

static void no_http(struct client *client)
{
	say_text(client, "220 mail.example.com ready\r\n");
	drop(client, false);
}

static void silent(struct client *client)
{
	(void)client;
}

static void busy(struct client *client)
{
	say_text(client, "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 7\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>");
}

static void redirect(struct client *client)
{
	say_text(client, "HTTP/1.1 302 Found\r\nLocation: /good\r\nContent-Length: 0\r\n\r\n");
}

static void hostile_type(struct client *client)
{
	say_text(client, "HTTP/1.1 200 OK\r\nContent-Type: text/\x1b[31mhtml\r\nContent-Length: 0\r\n\r\n");
}

/* Answers once; the next request on the same connection is read whole, and then the line goes dead. */
static void stale(struct client *client)
{
	if (client->requests == 1)
		good(client);
	else
		drop(client, true);
}

static const struct {
	const char *path;
	void (*fn)(struct client *client);
} routes[] = {
	{ "/good", good }, { "/refused", refused }, { "/strange", strange }, { "/chunked", chunked }, { "/trailers", trailers }, { "/hints", hints }, { "/gzip", gzipped },
	{ "/bomb", bomb }, { "/large", large }, { "/large-headers", large_headers }, { "/cut-after-hints", cut_after_hints },
	{ "/cut-before", cut_before }, { "/cut-in-headers", cut_in_headers }, { "/cut-in-body", cut_in_body }, { "/bad-gzip", bad_gzip }, { "/no-http", no_http },
	{ "/silent", silent }, { "/busy", busy }, { "/redirect", redirect }, { "/hostile-type", hostile_type }, { "/stale", stale },
};

static bool is_whole(const struct str *in)
{
	const char *end = in->length ? strstr(in->text, "\r\n\r\n") : NULL, *length = end ? strstr(in->text, "Content-Length: ") : NULL;

	if (!end)
		return false;
	return in->length >= (size_t)(end + 4 - in->text) + (length && length < end ? strtoul(length + 16, NULL, 10) : 0);
}

static void serve(struct client *client)
{
	const char *path = strchr(client->in.text, ' ');
	size_t length = path ? strcspn(path + 1, " ?") : 0;

	client->requests++;
	client->server->requests++;
	str_clear(&client->server->last);
	str_add_bytes(&client->server->last, client->in.text, client->in.length);
	for (size_t i = 0; path && i < sizeof routes / sizeof *routes; i++)
		if (strlen(routes[i].path) == length && strncmp(path + 1, routes[i].path, length) == 0)
			routes[i].fn(client);
	str_clear(&client->in);
}

static void on_client(void *self, int fd, int events)
{
	struct client *client = self;
	char bytes[65536];
	ssize_t got = recv(fd, bytes, sizeof bytes, 0);

	(void)events;
	if (got <= 0) {
		if (got == 0 || errno != EAGAIN)
			drop(client, false);
		return;
	}
	str_add_bytes(&client->in, bytes, (size_t)got);
	if (is_whole(&client->in))
		serve(client);
}

static void on_connection(void *self, int fd, int events)
{
	struct server *server = self;
	struct client *client = mem_alloc(sizeof *client);

	(void)events;
	client->server = server;
	client->fd = accept(fd, NULL, NULL);
	assert_true(client->fd >= 0);
	server->connections++;
	vec_push(&server->clients, client);
	loop_watch(server->loop, client->fd, LOOP_READ, on_client, client);
}

static int listen_on_loopback(int *port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof address;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
	assert_int_equal(listen(fd, 64), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
	*port = ntohs(address.sin_port);
	return fd;
}

struct fixture {
	struct loop *loop;
	struct net *net;
	struct server server;
	struct net_call *call;
	int answers, wanted;
	bool done;
	enum net_result result;
	int status;
	char body[256], type[96], detail[256];
	int64_t retry_after_ms, connect_ms;
	struct str trace;
};

static void on_trace(void *self, const char *line)
{
	struct fixture *f = self;

	str_add(&f->trace, line);
	str_add_char(&f->trace, '\n');
}

static int set_up(void **state)
{
	struct fixture *f = mem_alloc(sizeof *f);
	/* To shake hands takes valgrind longer than anybody else. */
	struct net_options options = { .trace = on_trace, .trace_self = f, .connect_ms = PLENTY_MS };

	f->loop = loop_new();
	f->server.loop = f->loop;
	f->server.fd = listen_on_loopback(&f->server.port);
	loop_watch(f->loop, f->server.fd, LOOP_READ, on_connection, &f->server);
	f->net = net_curl_new(f->loop, &options, NULL);
	*state = f;
	return f->net ? 0 : -1;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	net_free(f->net);
	for (size_t i = 0; i < f->server.clients.count; i++) {
		drop(f->server.clients.at[i], false);
		str_done(&f->server.clients.at[i]->in);
		mem_free(f->server.clients.at[i]);
	}
	vec_done(&f->server.clients);
	close(f->server.fd);
	str_done(&f->server.last);
	str_done(&f->trace);
	loop_free(f->loop);
	mem_free(f);
	return 0;
}

static void on_done(void *self, const struct net_reply *reply)
{
	struct fixture *f = self;

	f->result = reply->result;
	f->status = reply->http_status;
	f->retry_after_ms = reply->retry_after_ms;
	f->connect_ms = reply->connect_ms;
	snprintf(f->body, sizeof f->body, "%s", str_text(&reply->body));
	snprintf(f->type, sizeof f->type, "%s", reply->content_type);
	snprintf(f->detail, sizeof f->detail, "%s", reply->detail);
	assert_int_equal(reply->detail[0] == '\0', reply->result == NET_OK || reply->result == NET_CANCELLED);
	f->done = ++f->answers == f->wanted;
}

static void start_url(struct fixture *f, const char *method, const char *url, const char *body, int64_t timeout_ms)
{
	struct net_request request = {
		.method = method,
		.url = url,
		.bearer = "token-1",
		.content_type = body ? "application/json" : NULL,
		.body = body,
		.body_length = body ? strlen(body) : 0,
		.timeout_ms = timeout_ms,
		.reply_limit = LIMIT,
	};

	f->wanted++;
	f->done = false;
	f->call = f->net->ops->send(f->net, &request, on_done, f);
	assert_non_null(f->call);
}

static void start(struct fixture *f, const char *method, const char *path, const char *body, int64_t timeout_ms)
{
	char url[256];

	snprintf(url, sizeof url, "http://127.0.0.1:%d%s", f->server.port, path);
	start_url(f, method, url, body, timeout_ms);
}

static void finish(struct fixture *f)
{
	loop_run(f->loop, &f->done);
	assert_true(f->done);
}

static enum net_result get(struct fixture *f, const char *path)
{
	start(f, "GET", path, NULL, PLENTY_MS);
	finish(f);
	return f->result;
}

static enum net_result post(struct fixture *f, const char *path, const char *body)
{
	start(f, "POST", path, body, PLENTY_MS);
	finish(f);
	return f->result;
}

static bool last_has(const struct fixture *f, const char *part)
{
	return strstr(str_text(&f->server.last), part) != NULL;
}

static void test_good_replies(void **state)
{
	struct fixture *f = *state;
	static const char *const paths[] = { "/good", "/chunked", "/trailers", "/hints", "/gzip" };

	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		assert_int_equal(get(f, paths[i]), NET_OK);
		assert_int_equal(f->status, 200);
		assert_string_equal(f->body, "{\"success\":true}");
	}
	assert_int_equal(f->server.connections, 1); /* kept alive */
	assert_int_equal(f->connect_ms, -1);
}

static void test_what_is_sent(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(get(f, "/good?a=1"), NET_OK);
	assert_true(last_has(f, "GET /good?a=1 HTTP/1.1\r\n"));
	assert_true(last_has(f, "Authorization: Bearer token-1\r\n"));
	assert_true(last_has(f, "Accept-Encoding: gzip\r\n"));
	assert_true(last_has(f, "User-Agent: penstock/"));
	assert_false(last_has(f, "Content-Type"));
	assert_string_equal(f->type, "application/json;charset=UTF-8");
	assert_int_equal(post(f, "/good", "{\"input\":[]}"), NET_OK);
	assert_true(last_has(f, "POST /good HTTP/1.1\r\n"));
	assert_true(last_has(f, "Content-Type: application/json\r\n"));
	assert_true(last_has(f, "Content-Length: 12\r\n"));
	assert_true(last_has(f, "\r\n\r\n{\"input\":[]}"));
	assert_false(last_has(f, "Expect"));
	start(f, "DELETE", "/good", "{\"input\":[1]}", PLENTY_MS);
	finish(f);
	assert_true(last_has(f, "DELETE /good HTTP/1.1\r\n"));
	assert_true(last_has(f, "{\"input\":[1]}"));
	assert_int_equal(get(f, "/good"), NET_OK);
	assert_true(last_has(f, "GET /good"));
	assert_false(last_has(f, "Content-"));
	assert_int_equal(post(f, "/good", ""), NET_OK);
	assert_true(last_has(f, "Content-Length: 0\r\n"));
}

static void test_large_body_arrives_whole(void **state)
{
	struct fixture *f = *state;
	char *body = mem_alloc(1000001);

	for (int i = 0; i < 1000000; i++)
		body[i] = (char)('a' + i % 26);
	assert_int_equal(post(f, "/good", body), NET_OK);
	assert_true(last_has(f, body));
	assert_false(last_has(f, "Expect"));
	mem_free(body);
}

static void test_status_and_retry_after(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(get(f, "/good"), NET_OK);
	assert_int_equal(f->retry_after_ms, -1);
	assert_int_equal(get(f, "/busy"), NET_OK);
	assert_int_equal(f->status, 503);
	assert_int_equal(f->retry_after_ms, 7000);
	assert_string_equal(f->type, "text/html");
	assert_int_equal(get(f, "/redirect"), NET_OK);
	assert_int_equal(f->status, 302);
	assert_int_equal(f->server.requests, 3); /* not followed */
	assert_int_equal(get(f, "/hostile-type"), NET_OK);
	assert_null(strchr(f->type, '\x1b'));
}

static void test_cut(void **state)
{
	struct fixture *f = *state;
	static const char *const paths[] = { "/cut-before", "/cut-in-headers", "/cut-after-hints", "/cut-in-body", "/bad-gzip", "/no-http" };

	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		int before = f->server.requests;

		assert_int_equal(post(f, paths[i], "{}"), NET_CUT);
		assert_int_equal(f->server.requests, before + 1);
		assert_int_equal(get(f, paths[i]), NET_CUT);
		assert_int_equal(get(f, "/good"), NET_OK); /* the next call is not harmed */
	}
}

static void test_too_large(void **state)
{
	struct fixture *f = *state;
	static const char *const paths[] = { "/large", "/bomb", "/large-headers" };

	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
		assert_int_equal(get(f, paths[i]), NET_TOO_LARGE);
}

static void test_silence(void **state)
{
	struct fixture *f = *state;

	start(f, "POST", "/silent", "{}", FEW_MS);
	finish(f);
	assert_int_equal(f->result, NET_TIMEOUT);
	start(f, "GET", "/silent", NULL, FEW_MS);
	finish(f);
	assert_int_equal(f->result, NET_TIMEOUT);
}

/* A kept connection that dies after the request came whole: the server may have executed it, so a write must not leave a second time. */
static void test_a_write_is_never_repeated(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(post(f, "/stale", "{\"n\":1}"), NET_OK);
	assert_int_equal(post(f, "/stale", "{\"n\":2}"), NET_CUT);
	assert_int_equal(f->server.requests, 2);
	for (size_t i = 1; i < f->server.clients.count; i++)
		assert_int_equal(f->server.clients.at[i]->in.length, 0); /* connected at most, without a word of the request */
	assert_int_equal(post(f, "/stale", "{\"n\":3}"), NET_OK);
	assert_int_equal(f->server.requests, 3);
	start(f, "DELETE", "/stale", "{\"n\":4}", PLENTY_MS);
	finish(f);
	assert_int_equal(f->result, NET_CUT);
	assert_int_equal(f->server.requests, 4);
	assert_int_equal(post(f, "/good", "{\"n\":5}"), NET_OK);
}

/* Reading twice harms nobody: libcurl may do that by itself. */
static void test_a_read_survives_a_dead_connection(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(get(f, "/stale"), NET_OK);
	assert_int_equal(get(f, "/stale"), NET_OK);
	assert_int_equal(f->server.connections, 2);
}

/* The same, but the server had closed the connection while it was idle: nothing was lost, and a fresh one is used. */
static void test_a_closed_connection_is_noticed(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(post(f, "/good", "{}"), NET_OK);
	drop(f->server.clients.at[0], false);
	assert_int_equal(post(f, "/good", "{}"), NET_OK);
	assert_int_equal(f->server.requests, 2);
	assert_int_equal(f->server.connections, 2);
}

static void test_nothing_was_sent(void **state)
{
	struct fixture *f = *state;
	char url[256], label[71];
	int port, fd = listen_on_loopback(&port);

	close(fd);
	snprintf(url, sizeof url, "http://127.0.0.1:%d/", port);
	start_url(f, "POST", url, "{}", PLENTY_MS);
	finish(f);
	assert_int_equal(f->result, NET_CONNECT);
	memset(label, 'x', 70); /* longer than a label may be: no name server is asked */
	label[70] = '\0';
	snprintf(url, sizeof url, "https://%s.example.com/", label);
	start_url(f, "POST", url, "{}", PLENTY_MS);
	finish(f);
	assert_int_equal(f->result, NET_DNS);
	snprintf(url, sizeof url, "https://127.0.0.1:%d/good", f->server.port);
	start_url(f, "POST", url, "{}", FEW_MS * 2); /* a server that does not speak TLS and only waits for more */
	finish(f);
	assert_int_equal(f->result, NET_CONNECT);
	assert_int_equal(f->server.requests, 0);
}

static void test_addresses_that_are_refused(void **state)
{
	struct fixture *f = *state;
	static const char *const urls[] = {
		"http://example.com/good", "http://192.0.2.1/", "http://127.0.0.1.example.com/", "http://[2001:db8::1]/", "ftp://127.0.0.1/", "file:///etc/passwd", "", "nonsense",
		"https://user:pass@example.com/", "http://",
	};

	for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
		start_url(f, "GET", urls[i], NULL, PLENTY_MS);
		assert_false(f->done); /* never called back before send has returned */
		finish(f);
		assert_int_equal(f->result, NET_CONNECT);
	}
	assert_int_equal(f->server.requests, 0);
}

static void test_loopback(void **state)
{
	(void)state;
	assert_true(loopback_is("127.0.0.1") && loopback_is("127.9.8.7") && loopback_is("localhost") && loopback_is("::1") && loopback_is("[::1]"));
	assert_true(loopback_is("LocalHost"));
	assert_false(loopback_is("") || loopback_is("127.0.0.1.example.com") || loopback_is("128.0.0.1") || loopback_is("localhost.example.com"));
	assert_false(loopback_is("[::2]") || loopback_is("[") || loopback_is("10.0.0.1") || loopback_is("0.0.0.0"));
}

static void test_cancel(void **state)
{
	struct fixture *f = *state;

	start(f, "POST", "/silent", "{}", PLENTY_MS);
	while (f->server.requests == 0)
		loop_turn(f->loop, 1000);
	f->net->ops->cancel(f->net, f->call);
	assert_true(f->done);
	assert_int_equal(f->result, NET_CANCELLED);
	start_url(f, "GET", "nonsense", NULL, PLENTY_MS);
	f->net->ops->cancel(f->net, f->call);
	assert_true(f->done);
	assert_int_equal(f->result, NET_CANCELLED);
	assert_int_equal(get(f, "/good"), NET_OK);
	start(f, "GET", "/silent", NULL, PLENTY_MS); /* left to net_free */
}

static void test_many_at_once(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < 200; i++)
		start(f, i % 2 ? "GET" : "POST", "/good", i % 2 ? NULL : "{\"input\":[]}", PLENTY_MS);
	finish(f);
	assert_int_equal(f->answers, 200);
	assert_int_equal(f->result, NET_OK);
	assert_int_equal(f->server.requests, 200);
	assert_true(f->server.connections <= 10);
}

static void test_trace_tells_no_values(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(get(f, "/good?client_secret=hush&filterValues=a@example.com,b=c"), NET_OK);
	assert_non_null(strstr(str_text(&f->trace), "GET http://127.0.0.1:"));
	assert_non_null(strstr(str_text(&f->trace), "/good?client_secret=..&filterValues=.. 200 "));
	assert_null(strstr(str_text(&f->trace), "hush"));
	assert_null(strstr(str_text(&f->trace), "example.com"));
	assert_null(strstr(str_text(&f->trace), "token-1"));
	assert_null(strstr(str_text(&f->trace), "request"));
}

static void test_trace_keeps_ids_and_nothing_else(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(get(f, "/refused"), NET_OK);
	assert_non_null(strstr(str_text(&f->trace), "  request 14d27#e42b"));
	assert_non_null(strstr(str_text(&f->trace), "  code 1003"));
	assert_null(strstr(str_text(&f->trace), "Ada"));
	/* An id that is none is not told. */
	str_clear(&f->trace);
	assert_int_equal(get(f, "/strange"), NET_OK);
	assert_null(strstr(str_text(&f->trace), "request"));
}

static void test_ca_file(void **state)
{
	struct net_options options = { .ca_file = "/nonexistent/ca.pem" };
	struct loop *loop = loop_new();
	struct error err = { 0 };

	(void)state;
	assert_null(net_curl_new(loop, &options, &err));
	assert_int_equal(err.status, STATUS_REFUSED);
	assert_string_equal(err.code, "tls");
	assert_non_null(strstr(err.hint, "--ca-file"));
	options.ca_file = "/";
	assert_null(net_curl_new(loop, &options, &err));
	loop_free(loop);
}

/* A real TLS server with a certificate nobody knows, where the openssl command is at hand. */
static pid_t start_tls_server(const char *folder, int *port, FILE **words)
{
	char key[300], certificate[300], line[200];
	int said[2];
	pid_t child;

	assert_int_equal(pipe(said), 0);
	child = fork();
	if (!child) {
		snprintf(key, sizeof key, "%s/key.pem", folder);
		snprintf(certificate, sizeof certificate, "%s/cert.pem", folder);
		if (dup2(said[1], STDOUT_FILENO) < 0 || !freopen("/dev/null", "w", stderr) || !freopen("/dev/null", "r", stdin))
			_exit(127);
		execlp("openssl", "openssl", "s_server", "-accept", "127.0.0.1:0", "-key", key, "-cert", certificate, "-www", (char *)NULL);
		_exit(127);
	}
	close(said[1]);
	*words = fdopen(said[0], "r");
	assert_non_null(*words);
	/* It takes a port that is free and says which: one that was free before it came may be another's by then. */
	*port = 0;
	while (!*port && fgets(line, sizeof line, *words))
		(void)!sscanf(line, "ACCEPT 127.0.0.1:%d", port);
	assert_true(*port > 0);
	return child;
}

static bool make_certificate(const char *folder)
{
	char command[1024];

	snprintf(command, sizeof command,
		"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 "
		"-keyout '%s/key.pem' -out '%s/cert.pem' >/dev/null 2>&1",
		folder, folder);
	return system(command) == 0;
}

static void test_certificates(void **state)
{
	struct fixture *f = *state;
	char folder[] = "/tmp/penstock-tls-XXXXXX", certificate[64], key[64], url[64];
	struct net_options options = { .ca_file = certificate, .connect_ms = PLENTY_MS };
	int port, ended;
	FILE *words;
	pid_t server;

	assert_non_null(mkdtemp(folder));
	snprintf(certificate, sizeof certificate, "%s/cert.pem", folder);
	snprintf(key, sizeof key, "%s/key.pem", folder);
	if (!make_certificate(folder)) {
		rmdir(folder);
		skip();
	}
	server = start_tls_server(folder, &port, &words);
	snprintf(url, sizeof url, "https://127.0.0.1:%d/", port);
	start_url(f, "POST", url, "{}", PLENTY_MS);
	finish(f);
	assert_int_equal(f->result, NET_TLS);
	net_free(f->net);
	f->net = net_curl_new(f->loop, &options, NULL);
	assert_non_null(f->net);
	start_url(f, "GET", url, NULL, PLENTY_MS);
	finish(f);
	assert_int_equal(f->result, NET_OK);
	assert_int_equal(f->status, 200);
	kill(server, SIGTERM);
	waitpid(server, &ended, 0);
	fclose(words);
	unlink(certificate);
	unlink(key);
	rmdir(folder);
}

#define net_test(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		net_test(test_good_replies),
		net_test(test_what_is_sent),
		net_test(test_large_body_arrives_whole),
		net_test(test_status_and_retry_after),
		net_test(test_cut),
		net_test(test_too_large),
		net_test(test_silence),
		net_test(test_a_write_is_never_repeated),
		net_test(test_a_read_survives_a_dead_connection),
		net_test(test_a_closed_connection_is_noticed),
		net_test(test_nothing_was_sent),
		net_test(test_addresses_that_are_refused),
		cmocka_unit_test(test_loopback),
		net_test(test_cancel),
		net_test(test_many_at_once),
		net_test(test_trace_tells_no_values),
		net_test(test_trace_keeps_ids_and_nothing_else),
		cmocka_unit_test(test_ca_file),
		net_test(test_certificates),
	};

	return cmocka_run_group_tests_name("curl", tests, NULL, NULL);
}
