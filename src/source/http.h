/*
 * The specification of a source that profile messages are posted to:
 *
 *     http:HOST:PORT/PATH,token-file=FILE[,spool=FOLDER][,limit=BYTES]
 *     https:HOST:PORT/PATH,token-file=FILE,certificate=FILE,key=FILE[,..]
 *
 * HOST is an address of this machine in figures (IPv6 in brackets) or localhost; http: only on loopback, where a proxy may speak TLS for it. hmac-file=FILE instead of, or
 * beside, token-file: requests carry a signature. A specification holds names of files, never a secret.
 */
#ifndef SOURCE_HTTP_H
#define SOURCE_HTTP_H

#include "base/error.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

enum http_setting { HTTP_TOKEN_FILE, HTTP_HMAC_FILE, HTTP_CERTIFICATE, HTTP_KEY, HTTP_SPOOL, HTTP_LIMIT, HTTP_SETTINGS };

struct http_spec {
	char *host; /* in figures, without brackets */
	char *path; /* begins with a slash */
	int port;   /* 0: any free one */
	bool tls;
	char *settings[HTTP_SETTINGS]; /* as they were given; NULL: not given */
	int64_t limit;                 /* bytes that may wait in the spool, from 64 KiB on; 1 GiB unless given */
};

bool http_is(const char *spec); /* does it begin like one? */
/* STATUS_USAGE: it is none, or may not be (plain HTTP where others can listen in, no secret at all). Calls nobody and opens nothing. http_done is due in any case. */
enum status http_parse(const char *spec, struct http_spec *out, struct error *err);
void http_done(struct http_spec *spec);
void http_set(struct http_spec *spec, enum http_setting setting, const char *value);
bool http_is_file(enum http_setting setting); /* its value names a file that must be there */
enum status http_refuse_homeless(struct error *err); /* STATUS_USAGE: for who needs HTTP_SPOOL and has none; the use cases fill it in */
/* Appends it as http_parse reads it, always the same way. */
void http_write(const struct http_spec *spec, struct str *out);

#endif
