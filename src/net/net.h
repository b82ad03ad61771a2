/*
 * HTTP as the Marketo client needs it: requests and replies behind a table of functions, so that a fake can stand in for libcurl.
 * Everything runs on the loop's thread; a callback may start new requests.
 */
#ifndef NET_NET_H
#define NET_NET_H

#include "base/error.h"
#include "base/str.h"
#include "loop/loop.h"

#include <stdbool.h>
#include <stdint.h>

struct net_request {
	const char *method;       /* GET POST DELETE */
	const char *url;
	const char *bearer;       /* token for the Authorization header, or NULL; never logged */
	const char *content_type; /* NULL: no body */
	const void *body;         /* copied by send */
	size_t body_length;
	int64_t timeout_ms;       /* for the whole exchange */
	size_t reply_limit;       /* bytes accepted after decompression; more: NET_TOO_LARGE */
};

enum net_result {
	NET_OK,        /* an HTTP reply came whole, whatever its status */
	NET_DNS,       /* host not found: nothing was sent */
	NET_CONNECT,   /* refused, unreachable or connect time-out: nothing was sent */
	NET_TLS,       /* certificate or handshake: nothing was sent */
	NET_CUT,       /* the connection broke after the request may have left: outcome unknown */
	NET_TIMEOUT,   /* no whole reply in time after the request may have left: outcome unknown */
	NET_TOO_LARGE, /* the reply passes reply_limit: outcome unknown */
	NET_CANCELLED,
};

struct net_reply {
	enum net_result result;
	int http_status;          /* with NET_OK */
	struct str body;          /* decompressed */
	char content_type[96];
	char detail[256];         /* what went wrong, clean text for the operator, without secrets; "" with NET_OK */
	int64_t milliseconds;
	int64_t connect_ms, tls_ms; /* from the start; -1: an open connection was used */
	int64_t retry_after_ms;   /* from a Retry-After header, -1: none */
};

struct net_call;
typedef void (*net_done)(void *self, const struct net_reply *reply); /* once per call; the reply dies when it returns */

struct net; /* a transport */
struct net_ops {
	/* done is never called before send returns. NULL: there is no memory for one more, nothing was sent, done is not called. */
	struct net_call *(*send)(struct net *net, const struct net_request *request, net_done done, void *self);
	void (*cancel)(struct net *net, struct net_call *call); /* done is called with NET_CANCELLED, at once */
	void (*free)(struct net *net);
};
struct net {
	const struct net_ops *ops;
};

struct net_options {
	const char *ca_file;    /* NULL: the system's */
	int64_t connect_ms;     /* 0: 10,000 */
	int connections;        /* at most this many at once to a host; 0: 10 */
	const char *user_agent; /* NULL: "penstock/VERSION" */
	void (*certificate)(void *self, int64_t end_ms); /* NULL, or told of each new connection with TLS: until when the server's certificate is good (wall ms) */
	void *certificate_self;
	void (*trace)(void *self, const char *line); /* NULL, or for --trace a line an exchange: when, method, URL without query values, status,
	                                              * time, sizes, request id and first code of the reply; no body, no header, no secret */
	void *trace_self;
};
/* libcurl: one multi handle on the loop, TLS 1.2 or newer, verification never off, http: only to loopback, no redirects, no proxy credentials in messages, keep-alive, gzip,
 * QUICK_EXIT on every handle, no signals. NULL with err when libcurl cannot start or the CA file cannot be read (STATUS_REFUSED). */
struct net *net_curl_new(struct loop *loop, const struct net_options *options, struct error *err);
void net_free(struct net *net);

#endif
