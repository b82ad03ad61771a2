/* People: look-up by a searchable field, and sync leads (swagger-mapi: at most 300 records or values a call). */
#ifndef MARKETO_LEADS_H
#define MARKETO_LEADS_H

#include "marketo/marketo.h"

enum { MARKETO_BATCH = 300, MARKETO_BODY_LIMIT = 1024 * 1024, MARKETO_BODY_SAFE = 900 * 1024, MARKETO_URI_LIMIT = 8192 };

enum record_outcome { RECORD_CREATED, RECORD_UPDATED, RECORD_ADDED, RECORD_REMOVED, RECORD_ALREADY /* 1015, 1004 on a removal */, RECORD_MATCHED, RECORD_UNMATCHED,
	RECORD_FAILED /* code and message */, RECORD_UNKNOWN /* no verdict in the reply */ };

struct record_result {
	enum record_outcome outcome;
	int64_t id;          /* lead id, 0: none told */
	const char *code;    /* "" unless failed or already; lives as long as the answer */
	const char *message;
};

typedef void (*records_done)(void *self, const struct marketo_answer *answer, const struct record_result *results, size_t count);

enum sync_action { SYNC_CREATE_ONLY, SYNC_UPDATE_ONLY };
/* records: JSON objects, already rendered, in order. lookup_field: with SYNC_UPDATE_ONLY "id" unless told otherwise. partition: with SYNC_CREATE_ONLY only, may be NULL.
 * With OUTCOME_OK there are `count` results in input order. Fewer in the reply: nobody can say which ones are missing, so all are RECORD_UNKNOWN (and for createOnly the
 * caller looks them up). */
void leads_sync(struct marketo *m, enum sync_action action, const char *lookup_field, const char *partition, const char *const *records, size_t count, records_done done,
	void *self);

struct lead_match {
	size_t value;          /* index of the asked value it fits */
	int64_t id;
	int64_t updated_at;    /* wall ms, 0: not told */
	int64_t created_at;
	const char *partition; /* NULL: not told */
	bool exactly;          /* letter by letter; no e-mail is, where case tells nobody apart */
};
typedef void (*matches_done)(void *self, const struct marketo_answer *answer, const struct lead_match *matches, size_t count);
/* Who has one of these values (at most 300) in filter_type: GET, or POST with _method=GET when the URI would pass 8 KB. Fetches every page. Values with a comma must be asked
 * alone and are matched against what comes back, as every value is: joined by the field's value, never by position; who fits to the letter comes before who differs in
 * case, except in e-mail. Several people may fit one value.
 * With OUTCOME_OK all are told; 1003 (too many matches) is halved inside down to one value, which then ends as a match-less value. */
void leads_find(struct marketo *m, const char *filter_type, const char *const *values, size_t count, matches_done done, void *self);

/* One page of people by their lead ids (at most 300, each once), whoever of them there is; fields: names with commas between them, `id` among them, for the caller to read
 * from the answer. */
void leads_read(struct marketo *m, const int64_t *ids, size_t count, const char *fields, marketo_done done, void *self);

/* An update by an id that cannot exist: changes nothing, answers 1004 where writing is allowed and 603 where it is not (cli.md `write`). */
void leads_write_probe(struct marketo *m, marketo_done done, void *self);

#endif
