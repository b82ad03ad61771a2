#include "engine/changes.h"

#include "engine/pack.h"
#include "store/change.h"

enum { COMMIT_CHUNKS = 32 };

enum status changes_open(struct changes *c, const struct engine_job *job, struct run *run, struct error *err)
{
	enum status status = store_begin(job->store, err);

	*c = (struct changes){.job = job, .run = run, .open = status == STATUS_OK};
	return status;
}

/* Short transactions: others may want to write too. */
static enum status breathe(struct changes *c, struct error *err)
{
	enum status status = store_commit(c->job->store, err);

	c->open = false;
	if (status == STATUS_OK)
		status = store_begin(c->job->store, err);
	c->open = status == STATUS_OK;
	return status;
}

static enum status flush(struct changes *c, struct error *err)
{
	enum status status;

	if (c->records == 0)
		return STATUS_OK;
	status = change_add(c->job->store, c->run->id, ++c->number, c->records, c->bytes.text, c->bytes.length, err);
	str_clear(&c->bytes);
	c->records = 0;
	return status == STATUS_OK && c->number % COMMIT_CHUNKS == 0 ? breathe(c, err) : status;
}

void record_pack_head(struct str *out, const struct record_head *head)
{
	str_add_bytes(out, head->key, KEY_HASH);
	pack_number(out, (head->realized ? RECORD_REALIZED : 0) | (head->again ? RECORD_AGAIN : 0) | (head->others_length ? RECORD_OTHERS : 0), 1);
	pack_number(out, head->dedupe, 1);
	pack_number(out, (uint64_t)head->lead, 8);
	pack_text(out, head->identity, head->identity_length);
	if (head->others_length)
		pack_text(out, head->others, head->others_length);
	pack_number(out, head->entries, 2);
	pack_number(out, head->values, 2);
}

void record_pack_entry(struct str *out, const struct record_entry *entry)
{
	pack_number(out, entry->audience, 2);
	pack_number(out, entry->op, 1);
}

void record_pack_value(struct str *out, const struct record_value *value)
{
	pack_number(out, (value->creating ? VALUE_CREATING : 0) | (value->kept ? VALUE_KEPT : 0), 1);
	str_add_bytes(out, value->hash, LEDGER_FIELD_BYTES);
	pack_text(out, value->json, value->length);
}

enum status changes_add(struct changes *c, const struct record_head *head, const struct record_entry *entries, const struct record_value *values, struct error *err)
{
	unsigned i;

	record_pack_head(&c->bytes, head);
	for (i = 0; i < head->entries; i++) {
		record_pack_entry(&c->bytes, &entries[i]);
		run_pend(c->run, entries[i].audience, 1);
	}
	for (i = 0; i < head->values; i++)
		record_pack_value(&c->bytes, &values[i]);
	c->records++;
	return c->records >= CHUNK_RECORDS || c->bytes.length >= CHUNK_BYTES ? flush(c, err) : STATUS_OK;
}

enum status changes_close(struct changes *c, enum status status, struct error *err)
{
	if (status == STATUS_OK)
		status = flush(c, err);
	if (c->open && status == STATUS_OK)
		status = store_commit(c->job->store, err);
	else if (c->open)
		store_rollback(c->job->store);
	str_done(&c->bytes);
	c->open = false;
	return status;
}
