/*
 * Receives what is posted and lets it wait in a spool folder: an answer of 200 means that the message is durable. One process a folder; whoever follows the source takes it from
 * there. What platform-api 10 says of the sender: one message or an array of them, 1 MB a request at most, an answer within 2 s.
 */
#ifndef SOURCE_RECEIVER_H
#define SOURCE_RECEIVER_H

#include "base/error.h"
#include "base/lockfile.h"
#include "source/http.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct loop;
struct receiver;

/* What tells who has sent a request. */
struct receiver_letter {
	const char *authorization; /* the header, NULL: none */
	const char *signature;     /* the header Penstock-Signature, NULL: none */
	const char *body;          /* NULL: not there yet. Might it be right by the rest? */
	size_t length;
};

struct receiver_options {
	struct loop *loop;
	const struct http_spec *spec;                /* with HTTP_SPOOL; outlives the receiver */
	bool (*admits)(void *self, const struct receiver_letter *letter);
	void (*trouble)(void *self, const struct error *err); /* the spool cannot be written to, once in a while */
	void *self;
};

/* STATUS_FAILED: code "busy" (another process receives for this folder), "listen", "spool", or a certificate that cannot be read. */
enum status receiver_open(const struct receiver_options *options, struct receiver **out, struct error *err);
/* What has come is kept and answered first. NULL is allowed. Certificate and key are read again while it runs when they have changed. */
void receiver_close(struct receiver *receiver);
int receiver_port(const struct receiver *receiver);
bool receiver_is_broken(const struct receiver *receiver); /* it does not listen any more: close it, and open it again */

struct receiver_counts {
	int64_t messages, refused, turned_away; /* kept; not acceptable; requests answered with 401, 429 or 503 */
};
struct receiver_counts receiver_counts(const struct receiver *receiver);

/* What can be told of a folder from outside. */
struct receiver_view {
	bool listening;
	struct lockfile_holder holder; /* while it listens; about: the port */
	bool counted;                  /* the counts are known: since it has begun to listen */
	struct receiver_counts counts;
	int64_t waiting;               /* bytes that wait to be taken */
};
void receiver_look(const char *folder, struct receiver_view *out);

/* Does somebody receive for this folder now? holder->about is the port. */
bool receiver_is_there(const char *folder, struct lockfile_holder *holder);

#endif
