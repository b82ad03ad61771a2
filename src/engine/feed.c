#include "engine/sender.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "engine/pack.h"

#include <string.h>

enum { RECORDS_LOADED = 7200, BYTES_LOADED = 10 * 1024 * 1024 };

bool sender_hungry(const struct sender *s)
{
	return !s->fed && s->loaded < RECORDS_LOADED && s->loaded_bytes < BYTES_LOADED;
}

void sender_drop(struct sender *s, struct chunk *chunk)
{
	struct chunk **at;
	size_t i;

	for (at = &s->chunks; *at; at = &(*at)->next) {
		if (*at == chunk) {
			*at = chunk->next;
			break;
		}
	}
	s->loaded -= (size_t)chunk->count;
	s->loaded_bytes -= chunk->bytes.length;
	for (i = 0; i < chunk->entry_count; i++) {
		mem_free(chunk->entries[i].code);
		mem_free(chunk->entries[i].message);
	}
	str_done(&chunk->bytes);
	mem_free(chunk->records);
	mem_free(chunk->entries);
	mem_free(chunk->values);
	mem_free(chunk);
}

static void count_parts(struct unpack in, int records, size_t *entries, size_t *values)
{
	*entries = *values = 0;
	while (records-- > 0 && !in.bad) {
		struct record_head head = record_unpack(&in);
		unsigned i;

		*entries += head.entries;
		*values += head.values;
		for (i = 0; i < head.entries && !in.bad; i++)
			record_unpack_entry(&in);
		for (i = 0; i < head.values && !in.bad; i++)
			record_unpack_value(&in);
	}
}

/* Returns where the next record's values go. A field that was taken out of the mapping since is not sent: that may be what somebody took it out for. */
static struct record_value *unpack_values(const struct sender *s, struct record *r, struct record_value *value, struct unpack *in)
{
	unsigned n, count = r->head.values;

	for (r->head.values = n = 0; n < count && !in->bad; n++) {
		*value = record_unpack_value(in);
		if (!recipe_has(s->recipe, value->number))
			continue;
		value++;
		r->head.values++;
	}
	return value;
}

/* Fills the chunk's arrays from its bytes; false when they are damaged. */
static bool unpack_records(struct sender *s, struct chunk *chunk)
{
	struct unpack in = unpack_of(chunk->bytes.text, chunk->bytes.length);
	struct record_value *value;
	struct entry *entry;
	size_t values;
	int i;

	count_parts(in, chunk->count, &chunk->entry_count, &values);
	chunk->records = mem_array((size_t)chunk->count, sizeof *chunk->records);
	chunk->entries = entry = mem_array(chunk->entry_count, sizeof *chunk->entries);
	chunk->values = value = mem_array(values, sizeof *chunk->values);
	for (i = 0; i < chunk->count; i++) {
		struct record *r = &chunk->records[i];
		unsigned n;

		r->head = record_unpack(&in);
		r->chunk = chunk;
		r->index = i;
		r->lead = r->head.lead;
		r->entries = entry;
		r->values = value;
		for (n = 0; n < r->head.entries && !in.bad; n++, entry++) {
			entry->wanted = record_unpack_entry(&in);
			entry->leaves = entry->wanted.op == OP_REMOVE;
			in.bad = in.bad || entry->wanted.audience >= s->run->audiences.count;
		}
		value = unpack_values(s, r, value, &in);
		if (in.bad || r->head.dedupe >= s->recipe->dedupe_count)
			return false;
	}
	return true;
}

/* An earlier process may have got further than the change set says: the ledger knows how far. */
static enum status catch_up(struct sender *s, struct record *r, struct error *err)
{
	struct ledger_person person;
	enum status status;
	bool known;
	unsigned i;

	status = ledger_person_get(s->ledger, r->head.key, &person, &known, err);
	if (status != STATUS_OK)
		return status;
	r->lead = known ? person.lead : 0;
	r->anew = !known;
	for (i = 0; known && i < r->head.values; i++)
		r->values[i].kept = ledger_fields_have(person.fields, person.fields_length, r->values[i].hash);
	for (i = 0; status == STATUS_OK && s->recipe->lists && i < r->head.entries; i++) {
		struct entry *entry = &r->entries[i];
		enum member_state member;

		status = ledger_member_get(s->ledger, s->run->audiences.at[entry->wanted.audience].list_id, r->head.key, &member, err);
		if (entry->leaves ? member == MEMBER_NOT : member == MEMBER_SURE)
			entry->wanted.op = OP_NONE;
		else if (!entry->leaves && member == MEMBER_DOUBTED)
			entry->wanted.op = OP_ADD;
	}
	return status;
}

enum status record_unlearn(struct sender *s, const struct record *r, struct error *err)
{
	struct ledger_person person;
	unsigned char *kept;
	size_t at, length = 0;
	bool known;
	unsigned i;
	enum status status = ledger_person_get(s->ledger, r->head.key, &person, &known, err);

	if (status != STATUS_OK || !known || !person.fields_length || !record_has_update(r))
		return status;
	kept = mem_alloc(person.fields_length);
	for (at = 0; at < person.fields_length; at += LEDGER_FIELD_BYTES) {
		for (i = 0; i < r->head.values; i++)
			if (record_sends(r, &r->values[i]) && memcmp(person.fields + at, r->values[i].hash, 2) == 0)
				break;
		if (i < r->head.values)
			continue;
		memcpy(kept + length, person.fields + at, LEDGER_FIELD_BYTES);
		length += LEDGER_FIELD_BYTES;
	}
	ledger_rest(s->ledger);
	status = ledger_person_put(s->ledger, r->head.key, person.lead, kept, length, err);
	mem_free(kept);
	return status;
}

static enum status forget_record(struct sender *s, const struct record *r, struct error *err)
{
	enum status status = record_unlearn(s, r, err);
	unsigned i;

	for (i = 0; status == STATUS_OK && i < r->head.entries; i++) {
		int64_t list = s->run->audiences.at[r->entries[i].wanted.audience].list_id;
		enum member_state member;

		if (r->entries[i].wanted.op != OP_ADD)
			continue;
		/* Doubted, not forgotten: whoever is refused this time, or never comes to their turn, is still to be taken out when they leave. */
		status = ledger_member_get(s->ledger, list, r->head.key, &member, err);
		ledger_rest(s->ledger);
		if (status == STATUS_OK && member == MEMBER_SURE)
			status = ledger_member_put(s->ledger, list, r->head.key, MEMBER_DOUBTED, err);
	}
	ledger_rest(s->ledger);
	return status;
}

/* Records that are sent again: the ledger unlearns what they are about to bring, once, in the transaction that says so. From then on it tells, as for all others, how far
 * sending them has come; a process that is killed leaves nothing half-believed. */
static enum status begin_again(struct sender *s, struct chunk *chunk, bool begun, struct error *err)
{
	enum status status = STATUS_OK;
	bool any = false;
	int i;

	for (i = 0; !begun && status == STATUS_OK && i < chunk->count; i++) {
		if (!chunk->records[i].head.again)
			continue;
		if (!sender_write(s))
			return *err = s->error, STATUS_FAILED;
		any = true;
		status = forget_record(s, &chunk->records[i], err);
	}
	return status == STATUS_OK && any ? change_begun(s->job->store, s->run->id, chunk->number, err) : status;
}

static enum status begin_records(struct sender *s, struct chunk *chunk, struct error *err)
{
	enum status status = STATUS_OK;
	int i;

	for (i = 0; status == STATUS_OK && i < chunk->count; i++)
		if (s->resumed && !(chunk->done[i / 8] >> i % 8 & 1))
			status = catch_up(s, &chunk->records[i], err);
	ledger_rest(s->ledger);
	for (i = 0; status == STATUS_OK && i < chunk->count; i++) {
		if (chunk->done[i / 8] >> i % 8 & 1) {
			chunk->left--;
			s->finished++;
		} else {
			record_begin(s, &chunk->records[i]);
		}
	}
	return status;
}

enum status sender_feed(struct sender *s, struct error *err)
{
	struct change_chunk from;
	struct chunk *chunk;
	enum status status = change_next(s->job->store, s->run->id, s->last_chunk, &from, err);

	if (status != STATUS_OK || from.number == 0) {
		s->fed = true;
		str_done(&from.bytes);
		return status;
	}
	chunk = mem_alloc(sizeof *chunk);
	chunk->number = s->last_chunk = from.number;
	chunk->count = chunk->left = from.records;
	chunk->started = from.started;
	chunk->bytes = from.bytes;
	memcpy(chunk->done, from.done, sizeof chunk->done);
	chunk->next = s->chunks;
	s->chunks = chunk;
	s->loaded += (size_t)chunk->count;
	s->loaded_bytes += chunk->bytes.length;
	if (!unpack_records(s, chunk))
		return error_set(err, STATUS_FAILED, "store", _("the change set of run %lld is damaged"), (long long)s->run->id);
	status = begin_again(s, chunk, from.begun, err);
	return status == STATUS_OK ? begin_records(s, chunk, err) : status;
}
