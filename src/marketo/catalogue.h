/* What an instance is made of: fields, partitions, today's usage, who we are. */
#ifndef MARKETO_CATALOGUE_H
#define MARKETO_CATALOGUE_H

#include "marketo/marketo.h"
#include "model/field.h"

/* Describe and Describe2 together (two calls): types, lengths, read-only from the first, searchable from the second. `catalogue` is filled when OUTCOME_OK. A field
 * without a `rest` object cannot be used and is left out. When describe2 is refused (old instances) the catalogue still comes, with email and id searchable. */
void fields_fetch(struct marketo *m, struct catalogue *catalogue, marketo_done done, void *self);

struct partition_info {
	int64_t id;
	const char *name, *description;
};
typedef void (*partitions_done)(void *self, const struct marketo_answer *answer, const struct partition_info *partitions, size_t count);
void partitions_fetch(struct marketo *m, partitions_done done, void *self);

/* usage.json: today's total of the instance; also told to the gate. */
typedef void (*usage_done)(void *self, const struct marketo_answer *answer, int64_t total);
void usage_fetch(struct marketo *m, usage_done done, void *self);

/* Fetches a token if none is cached; answer.envelope holds the identity reply without the token; `scope` tells the API user. */
typedef void (*login_done)(void *self, const struct marketo_answer *answer, const char *scope, int64_t expires_in);
void login(struct marketo *m, login_done done, void *self);

#endif
