#include "engine/sender.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "store/tables.h"

#include <string.h>

void entry_finish(struct sender *s, struct entry *entry, enum entry_end end, const char *code, const char *message, bool retryable)
{
	if (entry->end != ENTRY_OPEN)
		return;
	if (entry->wanted.op != OP_NONE && !entry->queued)
		s->pending[entry->wanted.audience]--;
	entry->end = end;
	entry->code = mem_strdup(code);
	entry->message = mem_strdup(message);
	entry->retryable = retryable;
}

bool record_is_leaver(const struct record *r)
{
	return !r->head.realized && r->head.identity_length == 0;
}

bool record_has_update(const struct record *r)
{
	unsigned i;

	for (i = 0; i < r->head.values; i++)
		if (!r->values[i].creating)
			return true;
	return false;
}

/* Writes lead id and, for values that were sent, their hashes to the ledger. */
void record_remember(struct sender *s, struct record *r, bool created, bool sent)
{
	struct ledger_person person;
	unsigned char news[LEDGER_FIELD_BYTES], *packed, *spare;
	size_t length = 0, most;
	struct error err = {0};
	enum status status = STATUS_OK;
	bool known = false;
	unsigned i;

	if (!sender_write(s))
		return;
	memset(&person, 0, sizeof person);
	if (!created)
		status = ledger_person_get(s->ledger, r->head.key, &person, &known, &err);
	most = person.fields_length + (r->head.values + 1) * sizeof news;
	packed = mem_alloc(most);
	spare = mem_alloc(most);
	if (known && person.fields_length)
		memcpy(packed, person.fields, length = person.fields_length);
	ledger_rest(s->ledger);
	for (i = 0; sent && i < r->head.values; i++) {
		if (r->values[i].creating && !created)
			continue;
		memcpy(spare, packed, length);
		length = ledger_fields_merge(spare, length, r->values[i].hash, sizeof news, packed);
	}
	if (status == STATUS_OK)
		status = ledger_person_put(s->ledger, r->head.key, r->lead, packed, length, &err);
	mem_free(packed);
	mem_free(spare);
	sender_check(s, status, &err);
}

void record_go(struct sender *s, struct record *r, enum stage stage, unsigned index)
{
	struct queue *queue = sender_queue(s, stage, index);

	r->next = NULL;
	if (queue->last)
		queue->last->next = r;
	else
		queue->first = r;
	queue->last = r;
	queue->count++;
}

static void count_end(struct sender *s, struct record *r, struct entry *entry)
{
	struct run_audience *audience = &s->run->audiences.at[entry->wanted.audience];
	bool excluded = entry->end == ENTRY_EXCLUDED;
	struct failure_row row = {.audience = (int)entry->wanted.audience, .code = entry->code, .message = entry->message, .retryable = entry->retryable};
	struct error err = {0};
	char *identity;

	if (entry->end == ENTRY_ACTIVATED) {
		s->run->activated++;
		audience->activated++;
		return;
	}
	if (excluded) {
		s->run->excluded++;
		audience->excluded++;
	} else {
		s->run->failed++;
		audience->failed++;
	}
	row.severity = excluded ? SEVERITY_EXCLUDED : SEVERITY_FAILED;
	run_reason_add(s->run, entry->code, entry->message, row.severity, 1);
	identity = r->head.identity_length ? mem_strndup(r->head.identity, r->head.identity_length) : mem_printf("id %lld", (long long)r->head.lead);
	row.identity = identity;
	row.key = r->head.key;
	row.payload = r->head.key;
	row.payload_length = (size_t)((const unsigned char *)(r->index + 1 < r->chunk->count ? (const void *)r[1].head.key :
		(const void *)(r->chunk->bytes.text + r->chunk->bytes.length)) - r->head.key);
	sender_check(s, failure_insert(s->job->store, s->run->id, &row, &err), &err);
	mem_free(identity);
}

/* Every entry has its end: counted now, in the same transaction as the mark that it is done. */
static void record_finish(struct sender *s, struct record *r)
{
	struct chunk *chunk = r->chunk;
	unsigned i;

	if (!sender_write(s))
		return;
	for (i = 0; i < r->head.entries; i++)
		count_end(s, r, &r->entries[i]);
	chunk->done[r->index / 8] |= (unsigned char)(1 << r->index % 8);
	chunk->dirty = true;
	chunk->left--;
	s->finished++;
	s->leavers -= record_is_leaver(r);
}

void record_next_entry(struct sender *s, struct record *r)
{
	static const enum record_op order[] = {OP_REMOVE, OP_ADD};
	size_t pass;
	unsigned i;

	/* Removals first, then additions (the same order in every run). */
	for (pass = 0; pass < sizeof order / sizeof *order; pass++) {
		for (i = 0; i < r->head.entries; i++) {
			struct entry *entry = &r->entries[i];

			if (entry->end != ENTRY_OPEN || entry->wanted.op != order[pass])
				continue;
			r->place = i;
			s->pending[entry->wanted.audience]--;
			entry->queued = true;
			record_go(s, r, order[pass] == OP_ADD ? STAGE_ADD : STAGE_REMOVE, entry->wanted.audience);
			return;
		}
	}
	for (i = 0; i < r->head.entries; i++)
		if (r->entries[i].end == ENTRY_OPEN)
			entry_finish(s, &r->entries[i], ENTRY_ACTIVATED, NULL, NULL, false);
	record_finish(s, r);
}

void record_disown(struct sender *s, struct record *r)
{
	struct error err = {0};
	unsigned i;

	for (i = 0; i < r->head.entries; i++)
		if (r->entries[i].end == ENTRY_OPEN && sender_write(s))
			sender_check(s, ledger_member_delete(s->ledger, s->run->audiences.at[r->entries[i].wanted.audience].list_id, r->head.key, &err), &err);
}

void record_look_up(struct sender *s, struct record *r)
{
	if (r->head.identity_length) {
		record_go(s, r, STAGE_LOOKUP, r->head.dedupe);
		return;
	}
	record_disown(s, r);
	record_person_fail(s, r, ENTRY_EXCLUDED, "person_gone", field_reason_text("person_gone"), false);
}

void record_lookup_again(struct sender *s, struct record *r)
{
	struct entry *entry = &r->entries[r->place];

	entry->queued = false;
	s->pending[entry->wanted.audience]++;
	s->person_pending++;
	record_look_up(s, r);
}

void record_person_done(struct sender *s, struct record *r)
{
	s->person_pending--;
	record_next_entry(s, r);
}

/* The person cannot be brought to what the source says: what depended on it ends, removals go on when the person is known. */
void record_person_fail(struct sender *s, struct record *r, enum entry_end end, const char *code, const char *message, bool retryable)
{
	unsigned i;

	for (i = 0; i < r->head.entries; i++)
		if (r->entries[i].wanted.op != OP_REMOVE || r->lead == 0)
			entry_finish(s, &r->entries[i], end, code, message, retryable);
	record_person_done(s, r);
}

void note_gone(struct sender *s)
{
	run_reason_add(s->run, "gone", _("the person has left, but is not in Marketo any more under the id that is known: deleted, or merged into somebody who may be in the list"),
		SEVERITY_WARNING, 1);
}

/* Not even an id is known: there is nobody to remove. */
static void finish_gone(struct sender *s, struct record *r)
{
	struct error err = {0};
	unsigned i;

	for (i = 0; i < r->head.entries; i++) {
		struct entry *entry = &r->entries[i];

		if (entry->wanted.op != OP_REMOVE || !sender_write(s))
			continue;
		sender_check(s, ledger_member_delete(s->ledger, s->run->audiences.at[entry->wanted.audience].list_id, r->head.key, &err), &err);
		note_gone(s);
		entry_finish(s, entry, ENTRY_ACTIVATED, NULL, NULL, false);
	}
	record_person_done(s, r);
}

/* Whom the ledger does not know is looked up first when most are expected to exist, else created first (engine.md). */
static bool lookup_first(const struct sender *s, const struct record *r)
{
	if (!s->recipe->creates || !r->head.realized || r->chunk->started)
		return true;
	return s->created_seen + s->existed_seen >= 100 && s->existed_seen > s->created_seen;
}

void record_begin(struct sender *s, struct record *r)
{
	unsigned i;

	for (i = 0; i < r->head.entries; i++)
		if (r->entries[i].wanted.op != OP_NONE)
			s->pending[r->entries[i].wanted.audience]++;
	s->person_pending++;
	s->leavers += record_is_leaver(r);
	if (r->lead == 0 && record_is_leaver(r)) {
		finish_gone(s, r);
	} else if (r->lead == 0 && (!r->head.identity_length || lookup_first(s, r))) {
		record_look_up(s, r);
	} else if (r->lead == 0) {
		record_go(s, r, STAGE_CREATE, r->head.dedupe);
	} else if (s->recipe->people && r->head.realized && record_has_update(r)) {
		record_go(s, r, STAGE_UPDATE, 0);
	} else {
		record_person_done(s, r);
	}
}
