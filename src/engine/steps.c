#include "engine/sender.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "engine/pack.h"
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

bool record_sends(const struct record *r, const struct record_value *value)
{
	return !value->creating && (!value->kept || r->anew);
}

bool record_has_update(const struct record *r)
{
	unsigned i;

	for (i = 0; i < r->head.values; i++)
		if (record_sends(r, &r->values[i]))
			return true;
	return r->turn > 0;
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
		if (!created && !record_sends(r, &r->values[i]))
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
	for (i = 0; i < r->head.entries; i++) {
		count_end(s, r, &r->entries[i]);
		run_pend(s->run, r->entries[i].wanted.audience, -1);
	}
	chunk->done[r->index / 8] |= (unsigned char)(1 << r->index % 8);
	chunk->dirty = true;
	chunk->left--;
	s->finished++;
	s->leaving -= !r->head.realized;
}

/*
 * Another key of the same person is surely a member: an address changed in Marketo, or two people were merged. Whom a snapshot does not show under this key it shows under the
 * other: no call. Who left by name is looked up by that name first: the person leaves if it is still theirs. True: nothing is to be sent now.
 */
static bool is_somebody_else(struct sender *s, struct record *r, struct entry *entry)
{
	int64_t list = s->run->audiences.at[entry->wanted.audience].list_id;
	struct error err = {0};
	bool shared = false;

	if (r->head.realized || r->looked_up || !sender_write(s))
		return false;
	sender_check(s, ledger_member_shared(s->ledger, list, r->lead, r->head.key, &shared, &err), &err);
	if (shared && record_is_leaver(r)) {
		sender_check(s, ledger_member_delete(s->ledger, list, r->head.key, &err), &err);
		entry_finish(s, entry, ENTRY_ACTIVATED, NULL, NULL, false);
	}
	return shared;
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
			if (order[pass] == OP_REMOVE && is_somebody_else(s, r, entry)) {
				if (entry->end != ENTRY_OPEN)
					continue;
				s->person_pending++;
				record_look_up(s, r);
				return;
			}
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

void record_doubt(struct sender *s, struct record *r, enum stage stage)
{
	struct error err = {0};
	enum status status = STATUS_OK;

	if (!sender_write(s))
		return;
	if (stage == STAGE_ADD || stage == STAGE_REMOVE)
		status = ledger_member_put(s->ledger, s->run->audiences.at[r->entries[r->place].wanted.audience].list_id, r->head.key,
			stage == STAGE_ADD ? MEMBER_DOUBTED : MEMBER_LEAVING, &err);
	else if (stage == STAGE_UPDATE)
		status = record_unlearn(s, r, &err);
	ledger_rest(s->ledger);
	sender_check(s, status, &err);
}

/* Whoever takes this person's place may be in none of the lists: where nothing was to be done there is now, and what this run has added is added again. */
static void want_lists_again(struct sender *s, struct record *r)
{
	unsigned i;

	for (i = 0; s->recipe->lists && r->head.realized && i < r->head.entries; i++) {
		struct entry *entry = &r->entries[i];
		bool rests = entry->wanted.op == OP_NONE && entry->end == ENTRY_OPEN, added = entry->wanted.op == OP_ADD && entry->end == ENTRY_ACTIVATED;

		if (entry->leaves || (!rests && !added))
			continue;
		entry->wanted.op = OP_ADD;
		entry->end = ENTRY_OPEN;
		entry->queued = false;
		s->pending[entry->wanted.audience]++;
	}
}

bool record_forget(struct sender *s, struct record *r)
{
	struct error err = {0};

	if (r->forgotten || !sender_write(s))
		return false;
	sender_check(s, ledger_person_forget(s->ledger, r->head.key, &err), &err);
	r->forgotten = r->anew = true;
	r->lead = 0;
	want_lists_again(s, r);
	return true;
}

void record_disown(struct sender *s, struct record *r)
{
	struct error err = {0};
	unsigned i;

	for (i = 0; i < r->head.entries; i++)
		if (r->entries[i].end == ENTRY_OPEN && sender_write(s))
			sender_check(s, ledger_member_delete(s->ledger, s->run->audiences.at[r->entries[i].wanted.audience].list_id, r->head.key, &err), &err);
}

/* A leaver of unknown id, in the list of the next entry that is open. */
static void seek(struct sender *s, struct record *r)
{
	unsigned i;

	for (i = 0; i < r->head.entries && r->entries[i].end != ENTRY_OPEN; i++)
		;
	if (i == r->head.entries) {
		record_person_done(s, r);
		return;
	}
	r->place = i;
	record_go(s, r, STAGE_ROSTER, r->entries[i].wanted.audience);
}

void record_vanished(struct sender *s, struct record *r)
{
	struct entry *entry = &r->entries[r->place];
	struct error err = {0};

	if (!sender_write(s))
		return;
	sender_check(s, ledger_member_delete(s->ledger, s->run->audiences.at[entry->wanted.audience].list_id, r->head.key, &err), &err);
	note_gone(s);
	entry_finish(s, entry, ENTRY_ACTIVATED, NULL, NULL, false);
	seek(s, r);
}

void record_found(struct sender *s, struct record *r, int64_t lead)
{
	r->lead = lead;
	record_remember(s, r, false, false);
	if (s->recipe->people && r->head.realized && record_has_update(r))
		record_go(s, r, STAGE_UPDATE, 0);
	else
		record_person_done(s, r);
}

bool record_identity(const struct record *r, unsigned turn, unsigned *dedupe, const char **text, size_t *length)
{
	struct unpack in = unpack_of(r->head.others, r->head.others_length);

	if (turn == 0) {
		*dedupe = r->head.dedupe;
		*text = r->head.identity;
		*length = r->head.identity_length;
		return *length > 0;
	}
	while (unpack_identity(&in, dedupe, text, length))
		if (--turn == 0)
			return true;
	return false;
}

bool record_look_up_next(struct sender *s, struct record *r)
{
	unsigned dedupe;
	const char *text;
	size_t length;

	if (!record_identity(r, ++r->turn, &dedupe, &text, &length) || dedupe >= s->recipe->dedupe_count) {
		r->turn = 0;
		return false;
	}
	record_go(s, r, STAGE_LOOKUP, dedupe);
	return true;
}

void record_look_up(struct sender *s, struct record *r)
{
	r->turn = 0;
	if (r->head.identity_length) {
		record_go(s, r, STAGE_LOOKUP, r->head.dedupe);
		return;
	}
	if (record_is_leaver(r)) {
		seek(s, r);
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

/* Whom the ledger does not know is looked up first when most are expected to exist, else created first (engine.md). */
static bool lookup_first(const struct sender *s, const struct record *r)
{
	/* Made first, somebody known by a later field would be there twice. */
	if (!s->recipe->creates || !r->head.realized || r->chunk->started || r->head.others_length)
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
	s->leaving += !r->head.realized;
	if (r->lead == 0 && (!r->head.identity_length || lookup_first(s, r))) {
		record_look_up(s, r);
	} else if (r->lead == 0) {
		record_go(s, r, STAGE_CREATE, r->head.dedupe);
	} else if (s->recipe->people && r->head.realized && record_has_update(r)) {
		record_go(s, r, STAGE_UPDATE, 0);
	} else {
		record_person_done(s, r);
	}
}
