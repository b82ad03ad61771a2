/*
 * A small HTTP/1.1 server face for loopback. It listens on 127.0.0.1 only, runs on the process's loop without threads, and hands over
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
	void *self;
};

enum {
	SERVE_BODY_MAX = 64 * 1024 * 1024,
	SERVE_GZIP_FROM = 1024, /* bodies over this size are compressed for who accepts it (marketo-api.md 3) */
	SERVE_PARAMETERS_MAX = 2048,
};

struct serve_pair {
	const char *name, *value;
};

/* Port 0: any free one. NULL with err: STATUS_FAILED, code "listen". */
struct server *serve_new(struct loop *loop, int port, const struct serve_handler *handler, struct error *err);
/* Cuts every connection. Requests not answered yet die: their handles must not be used any more. */
void serve_free(struct server *server);
int serve_port(const struct server *server);

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

struct reply {
	int status;
	const char *content_type; /* NULL: application/json;charset=UTF-8 */
	const char *body;         /* copied; NULL: empty */
	size_t length;
	/* For servers that misbehave on purpose. */
	size_t cut_at;            /* the connection ends after so many bytes of the body, although all are promised; 0: it does not */
	int drip_ms;              /* a few bytes, and so many ms until the next; 0: as fast as the line takes them */
};
/* Answers and gives the request back: the handle is dead afterwards. Compresses with gzip where the rule above allows. */
void request_reply(struct request *request, const struct reply *reply);

/* Cuts the connection without an answer; the handle is dead afterwards. */
void request_drop(struct request *request);

/* Splits `name=value&..` (a query, or a form body) into decoded pairs on the heap: one block, free with mem_free. NULL when an escape is
 * broken, holds a NUL, is not UTF-8, or there are more than SERVE_PARAMETERS_MAX. `+` is a space. *count may be 0 (block is not NULL then). */
struct serve_pair *serve_parameters(const char *text, size_t length, size_t *count);

#endif
