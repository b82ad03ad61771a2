#include "engine/merge.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "engine/changes.h"
#include "engine/guard.h"
#include "engine/leavers.h"
#include "engine/left_out.h"
#include "engine/pack.h"
#include "engine/read.h"
#include "store/change.h"
#include "store/tables.h"

#include <string.h>

enum { NO_STATUS = -1, COMMIT_CHUNKS = 32, PROGRESS_RECORDS = 4096 };
static const int64_t OTHERS_FROM = (int64_t)1 << 32; /* chunk numbers below belong to those who leave */

/* Records on their way into chunks. */
struct stream {
	struct str bytes;
	int records;
	int64_t number; /* of the last chunk */
};

struct merge {
	const struct engine_job *job;
	const struct recipe *recipe;
	struct ledger *ledger;
	struct run *run;
	struct merge_sums *sums;
	bool keep;
	int64_t now;
	signed char *statuses; /* per audience: the last word, or NO_STATUS */
	struct str last;       /* the key's last item: head and values count */
	struct str name;       /* of a leaver who is held back */
	unsigned char key[KEY_HASH];
	struct item item;
	VEC(struct record_entry) entries;
	VEC(unsigned) standing; /* audiences where nothing needs to be done unless the person changes */
	struct left_outs left_out;
	struct str values; /* of the record being made */
	unsigned value_count;
	/* Who only leaves is sent before all others, whatever the keys (sender.h). */
	struct stream leaving, others;
	struct leavers leavers;
	int64_t chunks;
	bool open; /* a transaction is */
	bool failures; /* earlier runs have left some open: whom this one brings is taken over */
	int64_t people;
};

void merge_sums_done(struct merge_sums *sums)
{
	vec_done(&sums->adds);
	vec_done(&sums->removes);
}

static enum status flush_chunk(struct merge *m, struct stream *stream, struct error *err)
{
	enum status status = STATUS_OK;

	if (stream->records == 0)
		return STATUS_OK;
	stream->number++;
	if (m->keep) {
		status = change_add(m->job->store, m->run->id, stream->number, stream->records, stream->bytes.text, stream->bytes.length, err);
		/* Short transactions: others may want to write too. */
		if (status == STATUS_OK && ++m->chunks % COMMIT_CHUNKS == 0) {
			status = store_commit(m->job->store, err);
			m->open = false;
			if (status == STATUS_OK) {
				status = store_begin(m->job->store, err);
				m->open = status == STATUS_OK;
			}
		}
	}
	str_clear(&stream->bytes);
	stream->records = 0;
	return status;
}

static bool pack_values(struct merge *m, bool known, const struct ledger_person *person);

/* What is sent once the audience has begun, as a record of a change set: `retry` reads it. */
static void pack_waiting(struct merge *m, unsigned audience, struct str *out)
{
	bool realized = m->statuses[audience] == (signed char)MEMBERSHIP_REALIZED;
	struct record_head head = {.key = m->key, .realized = realized, .dedupe = m->item.dedupe, .entries = 1,
		.identity = m->item.identity, .identity_length = m->item.identity_length, .others = m->item.others, .others_length = m->item.others_length};
	struct record_entry entry = {.audience = audience, .op = realized ? OP_ADD : OP_REMOVE};

	str_clear(&m->values);
	m->value_count = 0;
	if (realized && m->recipe->people)
		pack_values(m, false, NULL);
	head.values = m->value_count;
	record_pack_head(out, &head);
	record_pack_entry(out, &entry);
	str_add_bytes(out, str_text(&m->values), m->values.length);
}

static enum status exclude(struct merge *m, unsigned audience, const char *code, struct error *err)
{
	const char *message = field_reason_text(code);
	struct failure_row row = {.audience = (int)audience, .code = code, .message = message, .severity = SEVERITY_EXCLUDED};
	struct str identity = {0}, payload = {0};
	enum status status = STATUS_OK;

	m->run->excluded++;
	m->run->audiences.at[audience].excluded++;
	run_reason_add(m->run, code, message, SEVERITY_EXCLUDED, 1);
	if (m->keep) {
		str_add_bytes(&identity, m->item.identity, m->item.identity_length);
		row.identity = str_text(&identity);
		row.key = m->key;
		row.retryable = strcmp(code, "not_started") == 0;
		if (row.retryable)
			pack_waiting(m, audience, &payload);
		row.payload = row.retryable ? payload.text : m->last.text;
		row.payload_length = row.retryable ? payload.length : m->last.length;
		status = failure_insert(m->job->store, m->run->id, &row, err);
		str_done(&identity);
		str_done(&payload);
	}
	return status;
}

static void count_unchanged(struct merge *m, unsigned audience)
{
	m->run->unchanged++;
	m->run->audiences.at[audience].unchanged++;
}

static const char *schedule_refusal(const struct merge *m, unsigned audience)
{
	return flow_audience_refusal(&m->job->dataflow->audiences.at[audience], m->now);
}

static enum status member_now(struct merge *m, unsigned audience, enum member_state *member, struct error *err)
{
	return ledger_member_get(m->ledger, m->job->dataflow->audiences.at[audience].list_id, m->key, member, err);
}

static bool is_refused(const struct merge *m)
{
	return m->item.exclusion_length == strlen(EXCLUSION_CONSENT) && memcmp(m->item.exclusion, EXCLUSION_CONSENT, m->item.exclusion_length) == 0;
}

/* Somebody who does not agree: a member leaves, who would enter does not. An exit of somebody unknown stays what it is. */
static enum status weigh_refused(struct merge *m, unsigned audience, struct error *err)
{
	bool leaving = m->statuses[audience] == (signed char)MEMBERSHIP_EXITED;
	enum member_state member = MEMBER_NOT;
	enum status status = m->recipe->lists ? member_now(m, audience, &member, err) : STATUS_OK;

	if (status != STATUS_OK)
		return status;
	if (member == MEMBER_NOT && !leaving)
		return exclude(m, audience, EXCLUSION_CONSENT, err);
	if (member == MEMBER_NOT) {
		count_unchanged(m, audience);
		return STATUS_OK;
	}
	vec_push(&m->entries, ((struct record_entry){.audience = audience, .op = OP_REMOVE}));
	if (!leaving)
		run_reason_add(m->run, "consent_withdrawn", field_reason_text("consent_withdrawn"), SEVERITY_WARNING, 1);
	/* A snapshot whose column went wrong would empty the list as well as one that was cut. */
	m->leavers.count++;
	return STATUS_OK;
}

/* What earlier runs have left open of this person is not to be sent over what is said now. */
static enum status take_over(struct merge *m, unsigned audience, struct error *err)
{
	if (!m->failures)
		return STATUS_OK;
	return failures_take_over(m->job->store, m->job->dataflow->id, m->key, m->run->audiences.at[audience].list_id, m->run->id, err);
}

/* The consent was taken back in a message that does not speak of the audience. It is a record of the run when the list has the person; not when a later message has
 * given the consent again. */
static enum status weigh_withdrawn(struct merge *m, unsigned audience, bool *counts, struct error *err)
{
	enum member_state member;
	enum status status;

	*counts = false;
	if (!is_refused(m))
		return STATUS_OK;
	status = member_now(m, audience, &member, err);
	*counts = status == STATUS_OK && member != MEMBER_NOT;
	return status == STATUS_OK && !*counts ? take_over(m, audience, err) : status;
}

/* What one audience's last word asks for. */
static enum status weigh_entry(struct merge *m, unsigned audience, bool *realized, struct error *err)
{
	enum membership_status word = (enum membership_status)m->statuses[audience];
	const char *refusal = schedule_refusal(m, audience);
	enum member_state member = MEMBER_NOT;
	enum status status;
	char code[64];

	m->run->received++;
	m->run->audiences.at[audience].received++;
	status = take_over(m, audience, err);
	if (status != STATUS_OK)
		return status;
	if (is_refused(m))
		return weigh_refused(m, audience, err);
	if (m->item.exclusion_length) {
		memcpy(code, m->item.exclusion, m->item.exclusion_length < sizeof code ? m->item.exclusion_length : sizeof code - 1);
		code[m->item.exclusion_length < sizeof code ? m->item.exclusion_length : sizeof code - 1] = '\0';
		return exclude(m, audience, code, err);
	}
	if (word != MEMBERSHIP_REALIZED && word != MEMBERSHIP_EXITED)
		return exclude(m, audience, "bad_status", err);
	if (refusal)
		return exclude(m, audience, refusal, err);
	if (m->recipe->lists) {
		status = member_now(m, audience, &member, err);
		if (status != STATUS_OK)
			return status;
	}
	if (word == MEMBERSHIP_EXITED) {
		if (member != MEMBER_NOT)
			vec_push(&m->entries, ((struct record_entry){.audience = audience, .op = OP_REMOVE}));
		else
			count_unchanged(m, audience);
		return STATUS_OK;
	}
	*realized = true;
	if (m->recipe->lists && (member != MEMBER_SURE || m->job->again))
		vec_push(&m->entries, ((struct record_entry){.audience = audience, .op = OP_ADD}));
	else
		vec_push(&m->standing, audience);
	return STATUS_OK;
}

/* Without lists a person is one record, counted in the first audience that has it. */
static void one_word(struct merge *m)
{
	size_t count = m->job->dataflow->audiences.count, i, kept = count;

	for (i = 0; i < count; i++)
		if (m->statuses[i] == (signed char)MEMBERSHIP_REALIZED && kept == count && !schedule_refusal(m, (unsigned)i))
			kept = i;
	for (i = 0; i < count && kept == count; i++)
		if (m->statuses[i] != NO_STATUS)
			kept = i;
	for (i = 0; i < count; i++)
		if (i != kept)
			m->statuses[i] = NO_STATUS;
}

/* Packs all values; those that Marketo has by the ledger are marked, they are for the case that the person turns out to be gone. True when an update of a known person would carry any. */
static bool pack_values(struct merge *m, bool known, const struct ledger_person *person)
{
	bool any = false;
	size_t i;

	str_clear(&m->values);
	m->value_count = 0;
	for (i = 0; i < m->item.values.count; i++) {
		const struct item_value *from = &m->item.values.at[i];
		struct record_value value = {.json = from->text, .length = from->length};
		const struct recipe_row *row;

		if (from->row >= m->recipe->rows.count)
			continue;
		row = &m->recipe->rows.at[from->row];
		ledger_pack(value.hash, row->number, store_value_hash(m->job->store, from->text, from->length));
		value.creating = row->creating;
		value.kept = known && (row->creating || (!m->job->again && ledger_fields_have(person->fields, person->fields_length, value.hash)));
		record_pack_value(&m->values, &value);
		m->value_count++;
		any = any || !value.kept;
	}
	return any;
}

static void pack_record(struct merge *m, struct stream *stream, bool realized, int64_t lead)
{
	struct record_head head = {.key = m->key, .realized = realized, .again = m->job->again, .dedupe = m->item.dedupe, .lead = lead, .identity = m->item.identity,
		.identity_length = m->item.identity_length, .others = m->item.others, .others_length = m->item.others_length, .entries = (unsigned)m->entries.count,
		.values = m->value_count};
	struct str *out = &stream->bytes;
	size_t i;

	record_pack_head(out, &head);
	for (i = 0; i < m->entries.count; i++) {
		record_pack_entry(out, &m->entries.at[i]);
		run_pend(m->run, m->entries.at[i].audience, 1);
	}
	str_add_bytes(out, str_text(&m->values), m->values.length);
	stream->records++;
}

static void sum_up(struct merge *m, bool realized, bool known, bool changes)
{
	size_t i;

	for (i = 0; i < m->entries.count; i++) {
		const struct record_entry *entry = &m->entries.at[i];

		if (entry->op == OP_REMOVE) {
			m->sums->exited++;
			m->sums->removes.at[entry->audience]++;
		} else {
			if (known)
				m->sums->changed++;
			else
				m->sums->fresh++;
			m->sums->adds.at[entry->audience] += entry->op == OP_ADD;
		}
	}
	m->sums->records++;
	m->sums->people_new += realized && !known;
	m->sums->people_changed += known && changes;
}

static enum status weigh_person(struct merge *m, bool realized, struct error *err)
{
	struct stream *stream = realized ? &m->others : &m->leaving;
	struct ledger_person person = {0};
	bool known = false, changes = false;
	enum status status;
	size_t i;

	if (m->entries.count == 0 && m->standing.count == 0)
		return STATUS_OK;
	status = ledger_person_get(m->ledger, m->key, &person, &known, err);
	if (status != STATUS_OK)
		return status;
	known = known && person.lead > 0;
	m->value_count = 0;
	str_clear(&m->values);
	if (realized && m->recipe->people) {
		left_out_count(&m->left_out, &m->item);
		changes = pack_values(m, known, &person);
	}
	for (i = 0; i < m->standing.count; i++) {
		/* A member whom the ledger does not know as a person any more is found and added again: harmless, and right. */
		enum record_op op = known || !m->recipe->lists ? OP_NONE : OP_ADD;

		if (known && !changes)
			count_unchanged(m, m->standing.at[i]);
		else
			vec_push(&m->entries, ((struct record_entry){.audience = m->standing.at[i], .op = op}));
	}
	if (m->entries.count == 0)
		return STATUS_OK;
	pack_record(m, stream, realized, known ? person.lead : 0);
	sum_up(m, realized, known, changes);
	return stream->records >= CHUNK_RECORDS || stream->bytes.length >= CHUNK_BYTES ? flush_chunk(m, stream, err) : STATUS_OK;
}

static enum status weigh(struct merge *m, struct error *err)
{
	enum status status = STATUS_OK;
	bool realized = false;
	size_t i, audiences = m->job->dataflow->audiences.count;

	m->entries.count = m->standing.count = 0;
	if (!m->recipe->lists)
		one_word(m);
	for (i = 0; status == STATUS_OK && i < audiences; i++) {
		bool counts = m->statuses[i] != NO_STATUS;

		if (m->statuses[i] == MEMBERSHIP_WITHDRAWN)
			status = weigh_withdrawn(m, (unsigned)i, &counts, err);
		if (status == STATUS_OK && counts)
			status = weigh_entry(m, (unsigned)i, &realized, err);
		m->statuses[i] = NO_STATUS;
	}
	return status == STATUS_OK ? weigh_person(m, realized, err) : status;
}

/* All items of one key have been seen. */
static enum status settle(struct merge *m, struct error *err)
{
	struct fold_item last = {.key = m->key, .bytes = m->last.text, .length = m->last.length};
	enum status status = item_unpack(&last, &m->item, err);

	return status == STATUS_OK ? weigh(m, err) : status;
}

/* Rows could not be read, and nobody knows whose they are: whoever seems to have left may be there. */
static enum status hold_back(struct merge *m, struct error *err)
{
	struct ledger_person person;
	bool known;
	enum status status = ledger_person_get(m->ledger, m->key, &person, &known, err);

	if (status != STATUS_OK)
		return status;
	str_clear(&m->name);
	str_add_format(&m->name, "id %lld", (long long)person.lead);
	m->item.identity = str_text(&m->name);
	m->item.identity_length = m->name.length;
	m->run->received++;
	m->run->audiences.at[0].received++;
	return exclude(m, 0, "unread_rows", err);
}

/* A member whom the snapshot has not: no item speaks of the key, and nothing but the ledger knows who that is. */
static enum status settle_leaver(struct merge *m, struct error *err)
{
	m->item.dedupe = 0;
	m->item.identity_length = m->item.others_length = m->item.exclusion_length = 0;
	m->item.members.count = m->item.left_out.count = m->item.values.count = 0;
	str_clear(&m->last);
	if (m->recipe->unread && !m->job->allow_removals)
		return hold_back(m, err);
	m->statuses[0] = (signed char)MEMBERSHIP_EXITED;
	return weigh(m, err);
}

static bool only_stays(const struct item *item)
{
	return item->exclusion_length == sizeof ITEM_UNREAD - 1 && memcmp(item->exclusion, ITEM_UNREAD, item->exclusion_length) == 0;
}

/* first: of its key. */
static enum status note_item(struct merge *m, const struct fold_item *item, bool first, struct error *err)
{
	enum status status = item_unpack(item, &m->item, err);
	size_t i;

	if (status == STATUS_OK && !first && only_stays(&m->item))
		return STATUS_OK;
	for (i = 0; status == STATUS_OK && i < m->item.members.count; i++) {
		const struct item_member *member = &m->item.members.at[i];

		if (member->audience >= m->job->dataflow->audiences.count)
			continue;
		if (member->status != MEMBERSHIP_WITHDRAWN || m->statuses[member->audience] == NO_STATUS)
			m->statuses[member->audience] = (signed char)member->status;
	}
	str_clear(&m->last);
	str_add_bytes(&m->last, item->bytes, item->length);
	memcpy(m->key, item->key, KEY_HASH);
	return status;
}

static enum status between_people(struct merge *m, struct error *err)
{
	struct engine_progress progress = {.phase = ENGINE_PLANNING, .done = m->people, .total = -1, .seconds_left = -1};

	if (++m->people % PROGRESS_RECORDS)
		return STATUS_OK;
	if (m->job->progress)
		m->job->progress(m->job->self, &progress);
	if (m->job->stop && *m->job->stop)
		return error_set(err, STATUS_STOPPED, "stopped", _("stopped while planning; nothing was sent"));
	return STATUS_OK;
}

static bool is_full(const struct merge *m)
{
	return m->job->limit && m->sums->records >= m->job->limit;
}

/* Those below the snapshot's next key. Past the limit of a run they are only counted: what the whole snapshot would remove is what the guard wants to know. */
static enum status take_leavers(struct merge *m, const unsigned char *before, struct error *err)
{
	enum status status;
	bool found;

	do {
		status = leavers_next(&m->leavers, before, m->key, &found, err);
		if (status == STATUS_OK && found && !is_full(m))
			status = settle_leaver(m, err);
		if (status == STATUS_OK && found)
			status = between_people(m, err);
	} while (status == STATUS_OK && found);
	return status;
}

static enum status merge_all(struct merge *m, struct fold *fold, struct error *err)
{
	enum status status = STATUS_OK;
	bool any = false;

	for (;;) {
		struct fold_item item;
		bool fresh;

		status = fold_next(fold, &item, err);
		fresh = !any || !item.key || memcmp(item.key, m->key, KEY_HASH) != 0;
		if (status == STATUS_OK && any && fresh)
			status = settle(m, err);
		if (status == STATUS_OK && any && fresh)
			status = between_people(m, err);
		if (status == STATUS_OK && fresh)
			status = take_leavers(m, item.key, err);
		if (status != STATUS_OK)
			return status;
		if (!item.key || (is_full(m) && !m->recipe->snapshot))
			break;
		if (fresh)
			leavers_stays(&m->leavers, item.key);
		any = !fresh || !is_full(m);
		if (any)
			status = note_item(m, &item, fresh, err);
		if (status != STATUS_OK)
			return status;
	}
	status = flush_chunk(m, &m->leaving, err);
	return status == STATUS_OK ? flush_chunk(m, &m->others, err) : status;
}

static void merge_done(struct merge *m)
{
	left_out_done(&m->left_out);
	vec_done(&m->entries);
	vec_done(&m->standing);
	item_done(&m->item);
	str_done(&m->last);
	str_done(&m->name);
	str_done(&m->values);
	str_done(&m->leaving.bytes);
	str_done(&m->others.bytes);
	mem_free(m->statuses);
}

/* A snapshot has one audience. Outside of its dates nobody enters or leaves it. */
static enum status begin_leavers(struct merge *m, struct error *err)
{
	bool asked = m->recipe->snapshot && m->recipe->lists && !schedule_refusal(m, 0);

	m->others.number = OTHERS_FROM;
	return leavers_begin(&m->leavers, m->ledger, asked ? m->job->dataflow->audiences.at[0].list_id : 0, err);
}

static void tell(struct merge *m)
{
	left_out_tell(&m->left_out, m->recipe, m->run);
	guard_note(m->run, m->leavers.list, m->leavers.members, m->leavers.count);
}

enum status merge_changes(const struct engine_job *job, const struct recipe *recipe, struct ledger *ledger, struct fold *fold, bool keep, struct run *run, struct merge_sums *sums,
	struct error *err)
{
	struct merge m = {.job = job, .recipe = recipe, .ledger = ledger, .run = run, .sums = sums, .keep = keep, .now = clock_wall_ms()};
	enum status status;
	size_t i;

	memset(sums, 0, sizeof *sums);
	m.statuses = mem_array(job->dataflow->audiences.count, 1);
	memset(m.statuses, NO_STATUS, job->dataflow->audiences.count);
	for (i = 0; i < job->dataflow->audiences.count; i++) {
		vec_push(&sums->adds, 0);
		vec_push(&sums->removes, 0);
	}
	status = begin_leavers(&m, err);
	if (status == STATUS_OK && keep) {
		status = store_begin(job->store, err);
		m.open = status == STATUS_OK;
		if (status == STATUS_OK)
			status = failures_open(job->store, job->dataflow->id, &m.failures, err);
	}
	if (status == STATUS_OK)
		status = merge_all(&m, fold, err);
	ledger_rest(ledger);
	if (status == STATUS_OK)
		tell(&m);
	if (m.open) {
		if (status == STATUS_OK)
			status = store_commit(job->store, err);
		else
			store_rollback(job->store);
	}
	merge_done(&m);
	return status;
}
