/* One exchange over libcurl: inside of this room. A transfer keeps its easy handle and buffers, so that the next exchange finds them ready. */
#ifndef NET_TRANSFER_H
#define NET_TRANSFER_H

#include "net/headers.h"
#include "net/net.h"

#include <curl/curl.h>

struct transfer_limits {
	const char *ca_file, *user_agent;
	int64_t connect_ms;
	bool certificates; /* transfer_certificate will be asked */
};

struct net_call { /* what net.h hands out */
	CURL *easy;
	struct net_call *next, *previous; /* in the list of calls in flight, or of idle ones */
	net_done done;
	void *self;
	struct headers *headers;
	struct str body;      /* of the request */
	size_t body_sent;     /* bytes curl has taken; any at all: the request may have left */
	bool has_body, has_headers /* the reply's, to their end */, is_over_limit;
	size_t reply_limit, header_bytes;
	struct net_reply reply;
	char trouble[CURL_ERROR_SIZE];
	char *label;          /* method and URL without values, for the trace; NULL without one */
	uint64_t timer;       /* of a call that ends without being sent */
	void *owner;          /* the transport */
};

/* NULL when libcurl has no handle to give. */
struct net_call *transfer_new(const struct transfer_limits *limits);
void transfer_free(struct net_call *call);
/* Makes the call ready for libcurl. False: it must not be sent (reply.result and reply.detail say why). */
bool transfer_prepare(struct net_call *call, const struct net_request *request);
/* Fills in the reply after libcurl has finished with `code`. */
void transfer_finish(struct net_call *call, CURLcode code);
/* Until when the server's certificate is good, when this call has made a connection with TLS and libcurl tells; 0: it does not. */
int64_t transfer_certificate(const struct net_call *call);
/* May the handle be used again? Not after trouble: a handle that could not rewind a body stays broken in some versions of libcurl. */
bool transfer_is_reusable(const struct net_call *call);
/* Empties the call for the next exchange, keeping its memory within reason. */
void transfer_clear(struct net_call *call);

#endif
