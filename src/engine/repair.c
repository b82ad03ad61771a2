/*
 * verify --repair: who is missing from a list is added again, as a run like any other; a list that is missing is made again first. The ledger knows a lead id and no address; where
 * Marketo does not have that id any more (deleted, merged: 1004), the person is looked up by what the source still says of them, and made anew with all their attributes where the
 * destination may do that.
 */
#include "base/i18n.h"
#include "base/mem.h"
#include "engine/changes.h"
#include "engine/fold.h"
#include "engine/pack.h"
#include "engine/verify.h"
#include "engine/work.h"
#include "store/tables.h"

#include <string.h>

/* Two of these live at once, beside what reads the source. */
enum { MISSING_MEMORY = 3 * 1024 * 1024, SOURCE_MEMORY = 8 * 1024 * 1024 };

struct repair {
	struct work w;
	struct fold *missing;           /* by person key: audience, lead id */
	struct fold *people;            /* by person key: what the source says; NULL: it cannot be read again */
	struct fold_item next_person;   /* of people; key NULL at the end */
	unsigned char key[KEY_HASH];    /* of the record being made */
	int64_t lead;
	VEC(struct record_entry) entries;
	struct str said;                /* the person's last item */
	struct item item;
	VEC(struct record_value) values;
	struct changes changes;
};

static enum status take_missing(void *self, const struct verify_difference *missing, struct error *err)
{
	struct repair *r = self;
	struct str bytes = {0};
	enum status status;

	if (!missing->key || missing->gone)
		return STATUS_OK;
	pack_number(&bytes, missing->audience, 2);
	pack_number(&bytes, (uint64_t)missing->lead, 8);
	status = fold_add(r->missing, missing->key, bytes.text, bytes.length, err);
	str_done(&bytes);
	return status;
}

static bool is_read_once(const char *source)
{
	size_t length = strlen(source);

	return strcmp(source, "-") == 0 || (length > 2 && strcmp(source + length - 2, ":-") == 0);
}

static void tell_no_source(const struct engine_job *job, const char *why)
{
	char *line = mem_printf(_("the source is not there to tell more about who is missing (%s): whom Marketo has under no lead id any more is left out"), why);

	if (job->note)
		job->note(job->self, line);
	mem_free(line);
}

/* A source that is gone or broken keeps nobody from being added by their lead id. */
static enum status read_people(struct repair *r, struct error *err)
{
	const struct engine_job *job = r->w.job;
	struct audiences *audiences;
	struct error trouble = {0};
	enum status status;

	if (is_read_once(job->dataflow->source)) {
		tell_no_source(job, job->dataflow->source);
		return STATUS_OK;
	}
	audiences = audiences_new(job->dataflow);
	r->people = fold_new(job->store, SOURCE_MEMORY);
	status = read_source(job, &r->w.recipe, audiences, r->people, &r->w.reading, &trouble);
	audiences_free(audiences);
	bad_line_list_done(&r->w.reading.bad);
	r->w.reading.bad_lines = 0;
	if (status == STATUS_OK)
		status = fold_sort(r->people, &trouble);
	if (status == STATUS_OK)
		return fold_next(r->people, &r->next_person, err);
	fold_free(r->people);
	r->people = NULL;
	if (status == STATUS_STOPPED) {
		*err = trouble;
		return status;
	}
	tell_no_source(job, trouble.message);
	return STATUS_OK;
}

/* What the source says last about r->key, into r->item; *found false: nothing that names the person. */
static enum status find_person(struct repair *r, bool *found, struct error *err)
{
	enum status status = STATUS_OK;
	struct fold_item last;

	*found = false;
	while (status == STATUS_OK && r->people && r->next_person.key && memcmp(r->next_person.key, r->key, KEY_HASH) <= 0) {
		if (memcmp(r->next_person.key, r->key, KEY_HASH) == 0) {
			*found = true;
			str_clear(&r->said);
			str_add_bytes(&r->said, r->next_person.bytes, r->next_person.length);
		}
		status = fold_next(r->people, &r->next_person, err);
	}
	if (status != STATUS_OK || !*found)
		return status;
	last = (struct fold_item){.key = r->key, .bytes = r->said.text, .length = r->said.length};
	status = item_unpack(&last, &r->item, err);
	*found = r->item.exclusion_length == 0;
	return status;
}

/* The attributes go along for the case that the person has to be made: whom Marketo has keeps what they have. */
static void take_values(struct repair *r)
{
	size_t i;

	r->values.count = 0;
	for (i = 0; r->w.recipe.people && i < r->item.values.count; i++) {
		const struct item_value *from = &r->item.values.at[i];
		struct record_value value = {.creating = true, .json = from->text, .length = from->length};

		if (from->row >= r->w.recipe.rows.count)
			continue;
		value.number = r->w.recipe.rows.at[from->row].number;
		ledger_pack(value.hash, value.number, store_value_hash(r->w.job->store, from->text, from->length));
		vec_push(&r->values, value);
	}
}

static enum status settle(struct repair *r, struct error *err)
{
	struct record_head head = {.key = r->key, .realized = true, .again = true, .lead = r->lead};
	bool found;
	enum status status;
	size_t i;

	if (!r->entries.count)
		return STATUS_OK;
	status = find_person(r, &found, err);
	if (status != STATUS_OK)
		return status;
	r->values.count = 0;
	if (found) {
		head.dedupe = r->item.dedupe;
		head.identity = r->item.identity;
		head.identity_length = r->item.identity_length;
		head.others = r->item.others;
		head.others_length = r->item.others_length;
		take_values(r);
	}
	for (i = 0; i < r->entries.count; i++) {
		r->w.run.received++;
		r->w.run.audiences.at[r->entries.at[i].audience].received++;
	}
	head.entries = (unsigned)r->entries.count;
	head.values = (unsigned)r->values.count;
	return changes_add(&r->changes, &head, r->entries.at, r->values.at, err);
}

static void note_missing(struct repair *r, const struct fold_item *item)
{
	struct unpack in = unpack_of(item->bytes, item->length);
	struct record_entry entry = {.audience = (unsigned)unpack_number(&in, 2), .op = OP_ADD};

	memcpy(r->key, item->key, KEY_HASH);
	r->lead = (int64_t)unpack_number(&in, 8);
	vec_push(&r->entries, entry);
}

static enum status settle_all(struct repair *r, struct error *err)
{
	enum status status;

	for (;;) {
		struct fold_item item;

		status = fold_next(r->missing, &item, err);
		if (status == STATUS_OK && (!item.key || memcmp(item.key, r->key, KEY_HASH) != 0)) {
			status = settle(r, err);
			r->entries.count = 0;
		}
		if (status != STATUS_OK || !item.key)
			return status;
		note_missing(r, &item);
	}
}

static enum status plan(struct repair *r, struct error *err)
{
	enum status status = read_people(r, err);

	if (status == STATUS_OK)
		status = fold_sort(r->missing, err);
	if (status == STATUS_OK)
		status = work_begin_run(&r->w, true, err);
	if (status == STATUS_OK)
		status = changes_open(&r->changes, r->w.job, &r->w.run, err);
	if (status == STATUS_OK)
		status = changes_close(&r->changes, settle_all(r, err), err);
	if (status != STATUS_OK)
		work_forget_run(&r->w);
	return status;
}

static bool has_missing(const struct verification *found)
{
	size_t i;

	for (i = 0; i < found->audiences.count; i++)
		if (found->audiences.at[i].missing && !found->audiences.at[i].gone)
			return true;
	return false;
}

static void repair_done(struct repair *r)
{
	fold_free(r->missing);
	fold_free(r->people);
	vec_done(&r->entries);
	vec_done(&r->values);
	str_done(&r->said);
	item_done(&r->item);
	work_done(&r->w);
}

enum status engine_repair(const struct engine_job *job, struct verification *found, struct run *earlier, struct run *out, struct error *err)
{
	struct repair r = {0};
	enum status status = verify_possible(job, err);
	bool go_on = false;

	if (status != STATUS_OK)
		return status;
	r.missing = fold_new(job->store, MISSING_MEMORY);
	status = work_init(&r.w, job, err);
	if (status == STATUS_OK)
		status = work_replace_lists(&r.w, err);
	if (status == STATUS_OK)
		status = work_finish_earlier(&r.w, earlier, &go_on, err);
	if (go_on)
		status = verify_lists(job, r.w.ledger, found, take_missing, &r, err);
	if (go_on && status == STATUS_OK && has_missing(found)) {
		status = plan(&r, err);
		if (status == STATUS_OK)
			status = work_send(&r.w, false, err);
	}
	work_give_run(&r.w, out);
	repair_done(&r);
	return status;
}
