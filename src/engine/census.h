/* Who is in a list, and what the source says of whom, by person key: what two lists of one audience are held against each other by. Changes nothing. */
#ifndef ENGINE_CENSUS_H
#define ENGINE_CENSUS_H

#include "engine/engine.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct census_list {
	int64_t list_id;
	bool gone; /* answer: Marketo has no such list */
};

struct census_person {
	int64_t lead;  /* Marketo's id; 0 for what the source says */
	bool keyed;    /* false: no value in any field that people are matched by */
	unsigned char key[KEY_HASH];
	unsigned audience; /* of what the source says: index in the dataflow */
	bool member;       /* the source's last word: in the audience, or gone from it */
};

enum { CENSUS_MOST = 1024 }; /* people a call */

/* index: of the list. A status other than STATUS_OK, with err, ends it. */
typedef enum status (*census_fn)(void *self, size_t index, const struct census_person *people, size_t count, struct error *err);

/* The members of each list, a page at a time. Takes the account's lock: STATUS_FAILED while a run is going on. */
enum status engine_census(const struct engine_job *job, struct census_list *lists, size_t count, census_fn take, void *self, struct error *err);
/* The source's last word on each person key, in the order of keys; index is 0. *snapshot: the source is the whole audience, who is not in it has left. */
enum status engine_said(const struct engine_job *job, census_fn take, void *self, bool *snapshot, struct error *err);

#endif
