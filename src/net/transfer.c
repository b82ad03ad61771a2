/*
 * Setting up one easy handle, taking in its reply, and saying what an ending means: the one question that matters is whether the request may
 * have reached the server. A body is handed to libcurl through a read callback, for two reasons: it tells whether the body began to leave, and a
 * request cannot be sent twice behind our back. libcurl repeats a request by itself when a kept connection breaks before the first byte of the reply;
 * with a read callback and no seek callback it cannot rewind a body that has begun to leave and ends with CURLE_SEND_FAIL_REWIND instead.
 */
#include "net/transfer.h"

#include "base/certificate.h"
#include "base/i18n.h"
#include "base/loopback.h"
#include "base/mem.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum {
	HEADER_LIMIT = 256 * 1024, /* bytes of reply headers */
	KEEP_BUFFER = 512 * 1024,  /* a larger buffer is given back after use */
	IDLE_SECONDS = 30,         /* connections kept longer may have been closed by a gateway without a word */
	RETRY_AFTER_CAP = 3600,    /* seconds believed of a Retry-After header */
};

static size_t give_body(char *out, size_t size, size_t count, void *self)
{
	struct net_call *call = self;
	size_t room = size * count, left = call->body.length - call->body_sent;

	if (!left)
		return 0;
	if (room > left)
		room = left;
	memcpy(out, call->body.text + call->body_sent, room);
	call->body_sent += room;
	return room;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *self)
{
	struct net_call *call = self;

	if (str_try_add(&call->reply.body, bytes, size * count, call->reply_limit))
		return size * count;
	call->is_over_limit = true;
	return 0;
}

static size_t take_header(char *bytes, size_t size, size_t count, void *self)
{
	static const char status[] = "HTTP/";
	struct net_call *call = self;
	size_t length = size * count;

	/* From the status line to the empty line; a reply that follows (100 Continue before it) begins anew. What comes behind a chunked body is no more than a postscript. */
	if (length >= sizeof status - 1 && memcmp(bytes, status, sizeof status - 1) == 0)
		call->has_headers = false;
	else if (length <= 2 && length > 0 && bytes[length - 1] == '\n')
		call->has_headers = true;
	call->header_bytes += length;
	if (call->header_bytes <= HEADER_LIMIT)
		return length;
	call->is_over_limit = true;
	return 0;
}

/* What is the same for every exchange. */
static void set_constants(struct net_call *call, const struct transfer_limits *limits)
{
	CURL *easy = call->easy;

	curl_easy_setopt(easy, CURLOPT_PRIVATE, call);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
	/* One request a connection at a time: what may have been sent stays easy to tell. */
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(easy, CURLOPT_CERTINFO, limits->certificates ? 1L : 0L);
	if (limits->ca_file)
		curl_easy_setopt(easy, CURLOPT_CAINFO, limits->ca_file);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, limits->user_agent);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)limits->connect_ms);
	curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, (long)IDLE_SECONDS);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
	curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 1L);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, call->trouble);
	curl_easy_setopt(easy, CURLOPT_READFUNCTION, give_body);
	curl_easy_setopt(easy, CURLOPT_READDATA, call);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, call);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, call);
}

struct net_call *transfer_new(const struct transfer_limits *limits)
{
	struct net_call *call;
	CURL *easy = curl_easy_init();

	if (!easy)
		return NULL;
	call = mem_alloc(sizeof *call);
	call->easy = easy;
	set_constants(call, limits);
	return call;
}

void transfer_free(struct net_call *call)
{
	if (!call)
		return;
	curl_easy_cleanup(call->easy);
	str_done(&call->body);
	str_done(&call->reply.body);
	mem_free(call->label);
	mem_free(call);
}

static bool refuse(struct net_call *call, const char *why)
{
	call->reply.result = NET_CONNECT;
	snprintf(call->reply.detail, sizeof call->reply.detail, "%s", why);
	return false;
}

/* https anywhere; http only to this machine itself, where nobody can listen in. */
static bool check_url(struct net_call *call, const char *text)
{
	CURLU *url = curl_url();
	char *scheme = NULL, *host = NULL;
	const char *why = NULL;
	bool local;

	if (!url || curl_url_set(url, CURLUPART_URL, text, CURLU_DISALLOW_USER) != CURLUE_OK || curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK ||
		curl_url_get(url, CURLUPART_HOST, &host, 0) != CURLUE_OK) {
		why = _("this is not a web address that can be used");
	} else {
		local = loopback_is(host);
		if (strcmp(scheme, "https") != 0 && !(strcmp(scheme, "http") == 0 && local))
			why = _("only https is used; http is allowed to this machine itself only");
		/* A proxy of the environment is not asked for what never leaves the machine. */
		curl_easy_setopt(call->easy, CURLOPT_PROXY, local ? "" : NULL);
	}
	curl_free(scheme);
	curl_free(host);
	curl_url_cleanup(url);
	return why ? refuse(call, why) : true;
}

static void set_method(struct net_call *call, const struct net_request *request)
{
	bool is_get = strcmp(request->method, "GET") == 0, is_post = strcmp(request->method, "POST") == 0;

	call->has_body = is_post || request->content_type != NULL;
	if (call->has_body) {
		curl_easy_setopt(call->easy, CURLOPT_POST, 1L);
		curl_easy_setopt(call->easy, CURLOPT_POSTFIELDS, NULL);
		curl_easy_setopt(call->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_length);
	} else {
		curl_easy_setopt(call->easy, CURLOPT_HTTPGET, 1L);
	}
	curl_easy_setopt(call->easy, CURLOPT_CUSTOMREQUEST, is_post || (is_get && !call->has_body) ? NULL : request->method);
}

bool transfer_prepare(struct net_call *call, const struct net_request *request)
{
	if (!check_url(call, request->url))
		return false;
	set_method(call, request);
	call->reply_limit = request->reply_limit;
	if (call->has_body && !str_try_add(&call->body, request->body, request->body_length, SIZE_MAX / 2))
		return refuse(call, _("there is not enough memory for this request"));
	if (curl_easy_setopt(call->easy, CURLOPT_URL, request->url) != CURLE_OK)
		return refuse(call, _("there is not enough memory for this request"));
	curl_easy_setopt(call->easy, CURLOPT_HTTPHEADER, call->headers->list);
	curl_easy_setopt(call->easy, CURLOPT_TIMEOUT_MS, (long)request->timeout_ms);
	return true;
}

/* Endings that say by themselves that nothing was sent. (CURLE_UNSUPPORTED_PROTOCOL does not: it also says that the reply was no HTTP.) */
static const struct {
	CURLcode code;
	enum net_result result;
} endings[] = {
	{ CURLE_COULDNT_RESOLVE_HOST, NET_DNS },
	{ CURLE_COULDNT_RESOLVE_PROXY, NET_CONNECT },
	{ CURLE_COULDNT_CONNECT, NET_CONNECT },
	{ CURLE_PROXY, NET_CONNECT },
	{ CURLE_INTERFACE_FAILED, NET_CONNECT },
	{ CURLE_SSL_CONNECT_ERROR, NET_TLS },
	{ CURLE_SSL_ENGINE_NOTFOUND, NET_TLS },
	{ CURLE_SSL_ENGINE_SETFAILED, NET_TLS },
	{ CURLE_SSL_ENGINE_INITFAILED, NET_TLS },
	{ CURLE_SSL_CERTPROBLEM, NET_TLS },
	{ CURLE_SSL_CIPHER, NET_TLS },
	{ CURLE_SSL_CACERT_BADFILE, NET_TLS },
	{ CURLE_SSL_CRL_BADFILE, NET_TLS },
	{ CURLE_SSL_ISSUER_ERROR, NET_TLS },
	{ CURLE_SSL_PINNEDPUBKEYNOTMATCH, NET_TLS },
	{ CURLE_SSL_INVALIDCERTSTATUS, NET_TLS },
	{ CURLE_SSL_CLIENTCERT, NET_TLS },
	{ CURLE_PEER_FAILED_VERIFICATION, NET_TLS },
	{ CURLE_USE_SSL_FAILED, NET_TLS },
};

/* Did anything of the request leave? Of a request with a body: not before the body was asked for, for no server acts on headers that announce more. */
static bool may_have_left(const struct net_call *call)
{
	long bytes = 0;

	if (call->has_body && call->body.length)
		return call->body_sent > 0;
	curl_easy_getinfo(call->easy, CURLINFO_REQUEST_SIZE, &bytes);
	return bytes > 0;
}

static enum net_result result_of(const struct net_call *call, CURLcode code)
{
	if (call->is_over_limit)
		return NET_TOO_LARGE;
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
		if (endings[i].code == code)
			return endings[i].result;
	if (!may_have_left(call))
		return NET_CONNECT;
	return code == CURLE_OPERATION_TIMEDOUT ? NET_TIMEOUT : NET_CUT;
}

static void describe_trouble(struct net_call *call, CURLcode code)
{
	struct str text = { 0 };
	const char *said = call->is_over_limit ? _("the reply is larger than any reply of Marketo") : call->trouble[0] ? call->trouble : curl_easy_strerror(code);

	text_clean(&text, said, strlen(said));
	snprintf(call->reply.detail, sizeof call->reply.detail, "%.*s", (int)text_cut(str_text(&text), text.length, sizeof call->reply.detail - 1), str_text(&text));
	str_done(&text);
}

static int64_t info_ms(CURL *easy, CURLINFO info)
{
	curl_off_t micros = 0;

	curl_easy_getinfo(easy, info, &micros);
	return (int64_t)micros / 1000;
}

static void take_times(struct net_call *call)
{
	long connects = 0;
	curl_off_t wait = 0;

	call->reply.milliseconds = info_ms(call->easy, CURLINFO_TOTAL_TIME_T);
	call->reply.connect_ms = call->reply.tls_ms = -1;
	curl_easy_getinfo(call->easy, CURLINFO_NUM_CONNECTS, &connects);
	if (connects > 0) {
		call->reply.connect_ms = info_ms(call->easy, CURLINFO_CONNECT_TIME_T);
		call->reply.tls_ms = info_ms(call->easy, CURLINFO_APPCONNECT_TIME_T);
	}
	curl_easy_getinfo(call->easy, CURLINFO_RETRY_AFTER, &wait);
	call->reply.retry_after_ms = wait <= 0 ? -1 : (int64_t)(wait > RETRY_AFTER_CAP ? RETRY_AFTER_CAP : wait) * 1000;
}

void transfer_finish(struct net_call *call, CURLcode code)
{
	struct str type = { 0 };
	char *content_type = NULL;
	long status = 0;

	take_times(call);
	curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
	/* Some versions call it a success when the connection ends before the reply or within its headers. */
	if (code == CURLE_OK && (status <= 0 || !call->has_headers))
		code = CURLE_GOT_NOTHING;
	if (code == CURLE_OK) {
		call->reply.result = NET_OK;
		call->reply.http_status = (int)status;
		curl_easy_getinfo(call->easy, CURLINFO_CONTENT_TYPE, &content_type);
		if (content_type) {
			text_clean(&type, content_type, strlen(content_type));
			snprintf(call->reply.content_type, sizeof call->reply.content_type, "%.*s",
				(int)text_cut(str_text(&type), type.length, sizeof call->reply.content_type - 1), str_text(&type));
			str_done(&type);
		}
		return;
	}
	call->reply.result = result_of(call, code);
	describe_trouble(call, code);
}

int64_t transfer_certificate(const struct net_call *call)
{
	static const char name[] = "Cert:";
	struct curl_certinfo *chain = NULL;
	int64_t end_ms = 0;

	if (call->reply.result != NET_OK || call->reply.tls_ms <= 0 || curl_easy_getinfo(call->easy, CURLINFO_CERTINFO, &chain) != CURLE_OK || !chain || chain->num_of_certs < 1)
		return 0;
	/* The first is the server's own. The whole of it is told the same way by every library that libcurl may have been built with, its date is not. */
	for (const struct curl_slist *line = chain->certinfo[0]; line; line = line->next)
		if (strncmp(line->data, name, sizeof name - 1) == 0 && !certificate_end(line->data, strlen(line->data), &end_ms))
			end_ms = 0;
	return end_ms;
}

bool transfer_is_reusable(const struct net_call *call)
{
	return call->reply.result == NET_OK;
}

static void empty(struct str *s)
{
	if (s->capacity > KEEP_BUFFER)
		str_done(s);
	else
		str_clear(s);
}

void transfer_clear(struct net_call *call)
{
	struct str body = call->reply.body;

	/* The URL of a token request holds the secret: libcurl forgets it with the next one. */
	curl_easy_setopt(call->easy, CURLOPT_URL, NULL);
	curl_easy_setopt(call->easy, CURLOPT_HTTPHEADER, NULL);
	empty(&body);
	empty(&call->body);
	mem_free(call->label);
	call->reply = (struct net_reply){ .body = body, .connect_ms = -1, .tls_ms = -1, .retry_after_ms = -1 };
	call->label = NULL;
	call->trouble[0] = '\0';
	call->body_sent = call->header_bytes = 0;
	call->has_body = call->has_headers = call->is_over_limit = false;
	call->timer = 0;
	call->done = NULL;
	call->self = NULL;
	call->headers = NULL;
}
