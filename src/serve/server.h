/*
 * A small HTTP/1.1 server face. It listens on 127.0.0.1 unless told otherwise, runs on the process's loop without threads, and hands over
 * requests whole. A request may be answered at once or later: until then its connection sleeps and costs nothing.
 */
#ifndef SERVE_SERVER_H
#define SERVE_SERVER_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

struct loop;
struct server;
struct request; /* one request; belongs to the handler until it is answered, all its texts live as long */

struct serve_handler {
	/* The request is whole. Must end, now or later, in request_reply. */
	void (*request)(void *self, struct request *request);
	/* How many bytes of this request's body to keep. More are read and dropped (request_body_length tells how many came), up to
	 * SERVE_BODY_MAX, where the connection is cut. May be NULL: 1 MB. */
	size_t (*body_limit)(void *self, const char *method, const char *path);
	/* The headers are there: is the body worth anything? If not it is read, as far as SERVE_UNWANTED_MAX, and dropped, so that who sent it is told why. May be NULL: it is. */
	bool (*wants)(void *self, const struct request *request);
	void *self;
};

enum {
	SERVE_BODY_MAX = 64 * 1024 * 1024,
	SERVE_UNWANTED_MAX = 2 * 1024 * 1024,
	SERVE_CROWDED_MS = 3000,
	SERVE_GZIP_FROM = 1024, /* bodies over this size are compressed for who accepts it (marketo-api.md 3) */
	SERVE_PARAMETERS_MAX = 2048,
};

struct serve_pair {
	const char *name, *value;
};

struct serve_tls {
	const char *certificate, *key; /* PEM texts, copied */
	bool old;                      /* speaks nothing newer than TLS 1.0, so that a client of today refuses the handshake */
};

/* For a server that strangers can reach. */
struct serve_options {
	const char *host;            /* an address in figures, IPv6 without brackets; NULL: 127.0.0.1 */
	int port;                    /* 0: any free one */
	const struct serve_tls *tls; /* NULL: plain HTTP */
	int connections;             /* at once, more wait to be taken; 0: 512 */
	int seconds;                 /* a connection on which no request becomes whole for so long is cut, however busy it is; 0: 120 s without a byte are needed. Where most of
	                                the connections there may be are waited for, SERVE_CROWDED_MS are enough */
	size_t held;                 /* bytes of bodies that are kept at once, of all requests together: whose body has been coming for longest makes room for others, see
	                                request_is_starved. 0: no bound */
};
/* NULL with err: STATUS_FAILED, code "listen": the address cannot be had, or certificate and key are none. */
struct server *serve_open(struct loop *loop, const struct serve_options *options, const struct serve_handler *handler, struct error *err);

/* On loopback. Port 0: any free one. tls NULL: plain HTTP. NULL with err: STATUS_FAILED, code "listen" */
struct server *serve_new(struct loop *loop, int port, const struct serve_tls *tls, const struct serve_handler *handler, struct error *err);
/* Cuts every connection. Requests not answered yet die: their handles must not be used any more. */
void serve_free(struct server *server);
int serve_port(const struct server *server);

const struct server *request_server(const struct request *request);
const char *request_method(const struct request *request);      /* as it came: "GET" */
const char *request_path(const struct request *request);        /* percent-decoded, without the query */
const char *request_raw_path(const struct request *request);    /* as it came */
size_t request_target_length(const struct request *request);    /* bytes of the raw URI, with its query */
size_t request_parameter_count(const struct request *request);  /* of the query, in the order they came, decoded */
const struct serve_pair *request_parameters(const struct request *request);
const char *request_header(const struct request *request, const char *name); /* NULL when absent; case of name is ignored */
const char *request_body(const struct request *request);        /* never NULL, ended by a NUL that is not counted */
size_t request_body_kept(const struct request *request);        /* bytes at request_body */
size_t request_body_length(const struct request *request);      /* bytes that came; more than kept: it was over the limit */
bool request_is_starved(const struct request *request);         /* the body was not kept whole because others hold too much (serve_options.held) */

struct reply {
	int status;
	const char *content_type; /* NULL: application/json;charset=UTF-8 */
	const char *body;         /* copied; NULL: empty */
	size_t length;
	const struct serve_pair *headers; /* more of them, ended by a NULL name; NULL: none */
	/* For servers that misbehave on purpose. */
	size_t cut_at;            /* the connection ends after so many bytes of the body, although all are promised; 0: it does not */
	bool closes;              /* the connection, without announcing it, once the answer is sent */
	bool deafens;             /* the connection: the next request on it is cut unread */
	int drip_ms;              /* a few bytes, and so many ms until the next; 0: as fast as the line takes them */
};
/* Answers and gives the request back: the handle is dead afterwards. Compresses with gzip where the rule above allows. */
void request_reply(struct request *request, const struct reply *reply);

/* Cuts the connection without an answer; the handle is dead afterwards. */
void request_drop(struct request *request);
/* The same after a few bytes that are neither HTTP nor TLS. */
void request_noise(struct request *request);

/* Splits `name=value&..` (a query, or a form body) into decoded pairs on the heap: one block, free with mem_free. NULL when an escape is
 * broken, holds a NUL, is not UTF-8, or there are more than SERVE_PARAMETERS_MAX. `+` is a space. *count may be 0 (block is not NULL then). */
struct serve_pair *serve_parameters(const char *text, size_t length, size_t *count);

#endif
