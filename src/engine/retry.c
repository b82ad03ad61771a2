/*
 * retry: what failed in a run, or was excluded because nobody was found, is sent once more from what is kept of it. The rows that a retry has taken over belong to its run:
 * they are open no longer, and what fails again is a row of the new run. A row whose person a later run has brought is open no longer either, so nothing old is sent over
 * something new, and nothing twice.
 */
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "engine/changes.h"
#include "engine/fold.h"
#include "engine/pack.h"
#include "engine/work.h"
#include "store/tables.h"

#include <string.h>

enum { ROWS_MEMORY = 8 * 1024 * 1024, ROW_HEAD = 10 /* id, place */ };

/* One failed entry of the person at hand. */
struct failed {
	int64_t id;
	unsigned audience; /* of the dataflow now */
	enum record_op op;
};

struct retry {
	struct work w;
	int64_t from;         /* the run whose records are sent again */
	VEC(int) places;      /* of its audiences in the dataflow now; -1: not there any more */
	struct fold *rows;    /* by person key: id, place, record */
	int64_t taken, lost;  /* rows that can be sent; that cannot */
	struct str last;      /* the last row of the person at hand */
	unsigned char key[KEY_HASH];
	VEC(struct failed) failed;
	/* The record being made. */
	struct record_head head;
	VEC(struct record_entry) entries;
	VEC(struct record_value) values;
	struct changes changes;
	int64_t now;
};

/* Else it is the same audience by its name only. */
static bool has_its_list(const struct retry *r, const struct run *run, size_t place)
{
	int64_t list = run->audiences.at[place].list_id;

	return list && r->w.job->dataflow->audiences.at[r->places.at[place]].list_id == list;
}

/* Two that are one now, since the lists were changed about: the one whose list it is stands for it, and the other one is not there any more. */
static enum status find_places(struct retry *r, struct error *err)
{
	struct run run;
	enum status status = run_get(r->w.job->store, r->from, &run, err);
	size_t i;

	for (i = 0; status == STATUS_OK && i < run.audiences.count; i++) {
		const struct flow_audience *now = work_flow_audience(r->w.job->dataflow, &run, i);

		vec_push(&r->places, now ? (int)(now - r->w.job->dataflow->audiences.at) : -1);
	}
	for (i = 0; i < r->places.count; i++)
		for (size_t other = 0; other < r->places.count; other++)
			if (other != i && r->places.at[i] >= 0 && r->places.at[other] == r->places.at[i] && !has_its_list(r, &run, i) && (other < i || has_its_list(r, &run, other)))
				r->places.at[i] = -1;
	run_done(&run);
	return status;
}

/* Reads the record of a row; *op: what was wanted of the entry at `place`. False: it is not one that could be sent now. */
static bool read_record(const struct retry *r, const void *bytes, size_t length, unsigned place, struct record_head *head, enum record_op *op)
{
	struct unpack in = unpack_of(bytes, length);
	bool found = false;
	unsigned i;

	*head = record_unpack(&in);
	for (i = 0; i < head->entries && !in.bad; i++) {
		struct record_entry entry = record_unpack_entry(&in);

		if (entry.audience != place)
			continue;
		*op = entry.op;
		found = true;
	}
	return found && !in.bad && (head->identity_length || !head->realized) && head->dedupe < r->w.recipe.dedupe_count;
}

static enum status take_row(void *self, int64_t id, int place, const void *payload, size_t length, struct error *err)
{
	struct retry *r = self;
	struct record_head head;
	enum record_op op;
	struct str bytes = {0};
	enum status status;

	if (place < 0 || (size_t)place >= r->places.count || r->places.at[place] < 0 || !read_record(r, payload, length, (unsigned)place, &head, &op)) {
		r->lost++;
		return STATUS_OK;
	}
	r->taken++;
	pack_number(&bytes, (uint64_t)id, 8);
	pack_number(&bytes, (uint64_t)place, 2);
	str_add_bytes(&bytes, payload, length);
	status = fold_add(r->rows, head.key, bytes.text, bytes.length, err);
	mem_wipe_free(bytes.text, bytes.capacity);
	return status;
}

static void note_row(struct retry *r, const struct fold_item *item)
{
	struct unpack in = unpack_of(item->bytes, item->length);
	struct failed failed = {.id = (int64_t)unpack_number(&in, 8)};
	unsigned place = (unsigned)unpack_number(&in, 2);

	memcpy(r->key, item->key, KEY_HASH);
	str_clear(&r->last);
	str_add_bytes(&r->last, item->bytes, item->length);
	if (!read_record(r, r->last.text + ROW_HEAD, r->last.length - ROW_HEAD, place, &r->head, &failed.op))
		return;
	failed.audience = (unsigned)r->places.at[place];
	vec_push(&r->failed, failed);
}

/* Values that the mapping still has; those that Marketo has got since are marked. True when an update of a known person would carry any. */
static bool take_values(struct retry *r, bool known, const struct ledger_person *person)
{
	struct record_head head;
	struct unpack in;
	bool any = false;
	unsigned i;

	r->values.count = 0;
	if (!r->head.realized || !r->w.recipe.people)
		return false;
	in = unpack_of(r->last.text + ROW_HEAD, r->last.length - ROW_HEAD);
	head = record_unpack(&in);
	for (i = 0; i < head.entries; i++)
		record_unpack_entry(&in);
	for (i = 0; i < head.values && !in.bad; i++) {
		struct record_value value = record_unpack_value(&in);

		if (!recipe_has(&r->w.recipe, value.number))
			continue;
		value.kept = known && (value.creating || ledger_fields_have(person->fields, person->fields_length, value.hash));
		vec_push(&r->values, value);
		any = any || !value.kept;
	}
	return any;
}

/* It is too early still, or too late: a row of the new run, that can be sent again in its turn. */
static enum status exclude(struct retry *r, const struct failed *failed, const char *code, struct error *err)
{
	struct str record = {0}, identity = {0};
	struct record_entry entry = {.audience = failed->audience, .op = failed->op};
	struct failure_row row = {.audience = (int)failed->audience, .code = code, .message = field_reason_text(code), .severity = SEVERITY_EXCLUDED, .key = r->key,
		.retryable = strcmp(code, "not_started") == 0};
	struct record_head head = r->head;
	enum status status;
	unsigned i;

	r->w.run.excluded++;
	r->w.run.audiences.at[failed->audience].excluded++;
	run_reason_add(&r->w.run, code, row.message, SEVERITY_EXCLUDED, 1);
	take_values(r, false, NULL);
	head.entries = 1;
	head.values = (unsigned)r->values.count;
	record_pack_head(&record, &head);
	record_pack_entry(&record, &entry);
	for (i = 0; i < head.values; i++)
		record_pack_value(&record, &r->values.at[i]);
	str_add_bytes(&identity, head.identity, head.identity_length);
	row.identity = str_text(&identity);
	row.payload = record.text;
	row.payload_length = record.length;
	status = failure_insert(r->w.job->store, r->w.run.id, &row, err);
	mem_wipe_free(record.text, record.capacity);
	mem_wipe_free(identity.text, identity.capacity);
	return status;
}

/* What is still to be done of one entry, by the ledger of now. *standing: it is done, unless the person changes. */
static enum status weigh(struct retry *r, const struct failed *failed, bool *standing, struct error *err)
{
	const struct flow_audience *audience = &r->w.job->dataflow->audiences.at[failed->audience];
	const char *refusal = flow_audience_refusal(audience, r->now);
	struct run_audience *sums = &r->w.run.audiences.at[failed->audience];
	enum member_state member = MEMBER_NOT;
	enum status status = STATUS_OK;

	*standing = false;
	r->w.run.received++;
	sums->received++;
	if (refusal)
		return exclude(r, failed, refusal, err);
	if (r->w.recipe.lists)
		status = ledger_member_get(r->w.ledger, audience->list_id, r->key, &member, err);
	if (status != STATUS_OK)
		return status;
	if (failed->op == OP_REMOVE ? member != MEMBER_NOT : r->w.recipe.lists && member != MEMBER_SURE) {
		vec_push(&r->entries, ((struct record_entry){.audience = failed->audience, .op = failed->op == OP_REMOVE ? OP_REMOVE : OP_ADD}));
	} else if (failed->op == OP_REMOVE) {
		r->w.run.unchanged++;
		sums->unchanged++;
	} else {
		*standing = true;
	}
	return STATUS_OK;
}

/* Those whose lists have them already are worth a record only when the person is not as the source said. */
static void settle_standing(struct retry *r, const struct failed *failed, bool known, bool changes)
{
	if (known && !changes) {
		r->w.run.unchanged++;
		r->w.run.audiences.at[failed->audience].unchanged++;
		return;
	}
	vec_push(&r->entries, ((struct record_entry){.audience = failed->audience, .op = known || !r->w.recipe.lists ? OP_NONE : OP_ADD}));
}

static enum status settle(struct retry *r, struct error *err)
{
	struct ledger_person person = {0};
	bool known = false, changes, standing;
	enum status status = STATUS_OK;
	VEC(struct failed) left = {0};
	size_t i;

	r->entries.count = 0;
	for (i = 0; status == STATUS_OK && i < r->failed.count; i++) {
		status = weigh(r, &r->failed.at[i], &standing, err);
		if (status == STATUS_OK && standing)
			vec_push(&left, r->failed.at[i]);
		if (status == STATUS_OK)
			status = failure_take_over(r->w.job->store, r->failed.at[i].id, r->w.run.id, err);
	}
	if (status == STATUS_OK)
		status = ledger_person_get(r->w.ledger, r->key, &person, &known, err);
	known = known && person.lead > 0;
	changes = take_values(r, known, &person);
	for (i = 0; status == STATUS_OK && i < left.count; i++)
		settle_standing(r, &left.at[i], known, changes);
	vec_done(&left);
	if (status != STATUS_OK || !r->entries.count)
		return status;
	r->head.key = r->key;
	r->head.again = false;
	r->head.lead = known ? person.lead : 0;
	r->head.entries = (unsigned)r->entries.count;
	r->head.values = (unsigned)r->values.count;
	return changes_add(&r->changes, &r->head, r->entries.at, r->values.at, err);
}

static enum status settle_all(struct retry *r, struct error *err)
{
	enum status status;

	for (;;) {
		struct fold_item item;

		status = fold_next(r->rows, &item, err);
		if (status == STATUS_OK && r->failed.count && (!item.key || memcmp(item.key, r->key, KEY_HASH) != 0)) {
			status = settle(r, err);
			r->failed.count = 0;
		}
		if (status != STATUS_OK || !item.key)
			break;
		note_row(r, &item);
	}
	ledger_rest(r->w.ledger);
	return status;
}

static void tell_lost(const struct retry *r)
{
	char *line;

	if (!r->lost || !r->w.job->note)
		return;
	line = mem_printf(_("%lld records of run %lld cannot be sent again: their audience is not the dataflow's any more, or too little is kept of them"), (long long)r->lost,
		(long long)r->from);
	r->w.job->note(r->w.job->self, line);
	mem_free(line);
}

static enum status plan(struct retry *r, struct error *err)
{
	enum status status = work_begin_run(&r->w, true, err);

	if (status == STATUS_OK)
		status = changes_open(&r->changes, r->w.job, &r->w.run, err);
	if (status == STATUS_OK)
		status = changes_close(&r->changes, settle_all(r, err), err);
	if (status != STATUS_OK)
		work_forget_run(&r->w);
	return status;
}

static enum status retry(struct retry *r, struct error *err)
{
	enum status status = work_lists(&r->w, true, err);

	if (status == STATUS_OK)
		status = find_places(r, err);
	if (status == STATUS_OK)
		status = failures_retryable(r->w.job->store, r->from, take_row, r, err);
	if (status == STATUS_OK)
		status = fold_sort(r->rows, err);
	if (status != STATUS_OK)
		return status;
	tell_lost(r);
	if (!r->taken)
		return STATUS_OK;
	status = plan(r, err);
	return status == STATUS_OK ? work_send(&r->w, false, err) : status;
}

enum status engine_retry(const struct engine_job *job, int64_t id, struct run *earlier, struct run *out, struct error *err)
{
	struct retry r = {.from = id, .now = clock_wall_ms(), .rows = fold_new(job->store, ROWS_MEMORY)};
	enum status status = work_init(&r.w, job, err);
	bool go_on = false;

	if (status == STATUS_OK)
		status = work_finish_earlier(&r.w, earlier, &go_on, err);
	if (go_on)
		status = retry(&r, err);
	work_give_run(&r.w, out);
	fold_free(r.rows);
	vec_done(&r.places);
	vec_done(&r.failed);
	vec_done(&r.entries);
	vec_done(&r.values);
	mem_wipe_free(r.last.text, r.last.capacity);
	work_done(&r.w);
	return status;
}
