/*
 * The practice Marketo: a strict server on loopback for demo and tests, written from Marketo's published API description only.
 * It refuses what the documentation does not promise, with the documented error, and logs every request with the rule it broke.
 *
 * URLs: <url>/identity/oauth/token and <url>/rest/v1/.., <url>/rest/asset/v1/.. as in the swagger files. Beside them, for tests, hooks that are
 * no part of Marketo, take no token and are not counted:
 *   GET    /_sandbox/state                     people, lists with their folder and member counts, calls, 606/607/615 seen, most calls in 20 s, most at once,
 *                                              its time and when its day ends, and whether a call is held
 *   GET    /_sandbox/log?last=N                the last N requests (at most 1,000), an array of the log's lines
 *   GET    /_sandbox/members?list=ID           {"list","count","members":[{"id","email"},..]} all of them, ordered by id
 *   GET    /_sandbox/people?field=F&value=V    people as they are stored; F one of the searchable fields
 *   POST   /_sandbox/people                    {"partition":"Default","fields":{"email":..}} adds a person as it stands, also a second one of the same key
 *   PUT    /_sandbox/people                    {"id":N,"fields":{..}} changes fields by hand, a null empties one
 *   DELETE /_sandbox/people?id=N               as a deletion by hand would
 *   POST   /_sandbox/merge                     {"winner":N,"loser":N} the winner keeps id and fields and inherits the loser's lists; the loser is gone
 *   POST   /_sandbox/members                   {"list":N,"id":N} adds; DELETE /_sandbox/members?list=N&id=N removes
 *   POST   /_sandbox/lists                     {"name","folder"} adds one of any name; DELETE /_sandbox/lists?id=N
 *   POST   /_sandbox/folders                   {"name"} adds one below Campaigns 2026
 *   POST   /_sandbox/fields                    {"name","label","type"} adds one that is not searchable; until the process ends or another sandbox begins
 *   POST   /_sandbox/settings                  any of {"latency_ms","no_limits","daily_quota","calls_today","token_seconds","deny","expire_token","faults":[SPEC..],
 *                                              "records_max" (of a writing call),
 *                                              "tls":"CERTIFICATE,KEY" or "old" or "off","hold":{"call":N,"applied":bool,"all":bool}}: hold keeps the N-th call
 *                                              from now on where it is, and with "all" those that come after it, until the next hold (N 0: none) lets them go
 *   POST   /_sandbox/reset                     forgets the figures and the window of counted calls, keeps the data
 */
#ifndef SANDBOX_SANDBOX_H
#define SANDBOX_SANDBOX_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

struct loop;
struct sandbox;

struct sandbox_options {
	int port;              /* 0: any free one */
	int latency_ms;        /* from a call's arrival to its answer */
	bool no_limits;        /* no 606, 607, 615 */
	const char *log_path;  /* a JSON line a request is appended, flushed each; NULL: none */
	int64_t token_seconds; /* life of a token; 0: 3600 */
	int64_t daily_quota;   /* 0: 50,000 */
	const char *const *faults; /* KIND[:PERCENT][+N][@PART], NULL ends them (faults.c); NULL: none */
	const char *tls;       /* CERTIFICATE,KEY: PEM files; a second door with TLS, on a port of its own; NULL: none */
	int64_t seed_people;   /* people there from the start: person0001@example.com, person0002@.., customerNumber C0001, .. */
	const char *munchkin_id;   /* NULL: 123-ABC-456 */
	const char *client_id;     /* NULL: random */
	const char *client_secret; /* NULL: random */
	/* Permissions that the API user's role lacks, by comma: read-only-lead, read-write-lead, read-only-assets, read-write-assets. Read-write includes
	 * reading (swagger: "Read-Only Lead, Read-Write Lead"), so a call that reads people is refused when both lead permissions are denied. */
	const char *deny;
};

/* Listens and answers as long as the loop runs. NULL with err: a port that is taken, a log that cannot be written, an unknown permission. */
struct sandbox *sandbox_new(struct loop *loop, const struct sandbox_options *options, struct error *err);
void sandbox_free(struct sandbox *sandbox);

int sandbox_port(const struct sandbox *sandbox);
const char *sandbox_url(const struct sandbox *sandbox); /* http://127.0.0.1:PORT; the endpoint is this + "/rest", the identity this + "/identity" */
const char *sandbox_secure_url(const struct sandbox *sandbox); /* https://127.0.0.1:PORT, NULL without a certificate */
const char *sandbox_munchkin_id(const struct sandbox *sandbox);
const char *sandbox_client_id(const struct sandbox *sandbox);
const char *sandbox_client_secret(const struct sandbox *sandbox);

#endif
