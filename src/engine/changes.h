/* Writing a change set record by record, for jobs that do not come from the source: repairs and retries. Packed as merge.h reads it. */
#ifndef ENGINE_CHANGES_H
#define ENGINE_CHANGES_H

#include "engine/merge.h"

struct changes {
	const struct engine_job *job;
	struct run *run; /* whose change set it is: what is added is pending */
	int64_t number;
	struct str bytes; /* of the chunk */
	int records;
	bool open;        /* a transaction is */
};

/* One record: its head, then head->entries times an entry, then head->values times a value. */
void record_pack_head(struct str *out, const struct record_head *head);
void record_pack_entry(struct str *out, const struct record_entry *entry);
void record_pack_value(struct str *out, const struct record_value *value);

enum status changes_open(struct changes *c, const struct engine_job *job, struct run *run, struct error *err);
/* head says how many entries and values there are. */
enum status changes_add(struct changes *c, const struct record_head *head, const struct record_entry *entries, const struct record_value *values, struct error *err);
/* Commits when status is STATUS_OK, else undoes what was not committed yet; returns what came of it. */
enum status changes_close(struct changes *c, enum status status, struct error *err);

#endif
