/*
 * What becomes of the lists of a dataflow that is given up. Emptying is a run like any other, of removals only: whom the ledger knows in a list, surely or perhaps, is taken out,
 * and whoever else is in it stays. Killed, it is begun again by whom the ledger still knows. Deleting takes the list itself away, when nobody else is in it.
 */
#include "base/i18n.h"
#include "base/mem.h"
#include "engine/changes.h"
#include "engine/fold.h"
#include "engine/leavers.h"
#include "engine/pack.h"
#include "engine/verify.h"
#include "engine/wait.h"
#include "engine/work.h"
#include "marketo/lists.h"

#include <string.h>

enum { MEMBERS_MEMORY = 8 * 1024 * 1024 };

struct discard {
	struct work w;
	struct fold *fold; /* by person key: the audiences whose lists may have the person */
	unsigned char key[KEY_HASH];
	VEC(struct record_entry) entries;
	struct changes changes;
};

static enum status take_members(struct discard *d, size_t audience, struct error *err)
{
	struct leavers members;
	bool found = true;
	enum status status = leavers_begin(&members, d->w.ledger, d->w.job->dataflow->audiences.at[audience].list_id, err);

	while (status == STATUS_OK && found) {
		unsigned char key[KEY_HASH];
		struct str place = {0};

		status = leavers_next(&members, NULL, key, &found, err);
		if (status == STATUS_OK && found) {
			pack_number(&place, audience, 2);
			status = fold_add(d->fold, key, place.text, place.length, err);
		}
		str_done(&place);
	}
	return status;
}

/* The person at hand leaves the lists found for them. */
static enum status add_record(struct discard *d, struct error *err)
{
	struct record_head head = {.key = d->key, .entries = (unsigned)d->entries.count};
	struct ledger_person person = {0};
	bool known;
	enum status status;
	size_t i;

	if (!d->entries.count)
		return STATUS_OK;
	status = ledger_person_get(d->w.ledger, d->key, &person, &known, err);
	if (status != STATUS_OK)
		return status;
	head.lead = known ? person.lead : 0;
	for (i = 0; i < d->entries.count; i++) {
		d->w.run.received++;
		d->w.run.audiences.at[d->entries.at[i].audience].received++;
	}
	return changes_add(&d->changes, &head, d->entries.at, NULL, err);
}

static enum status add_records(struct discard *d, struct error *err)
{
	for (;;) {
		struct fold_item item;
		struct unpack in;
		enum status status = fold_next(d->fold, &item, err);

		if (status == STATUS_OK && (!item.key || memcmp(item.key, d->key, KEY_HASH) != 0)) {
			status = add_record(d, err);
			d->entries.count = 0;
		}
		if (status != STATUS_OK || !item.key)
			return status;
		memcpy(d->key, item.key, KEY_HASH);
		in = unpack_of(item.bytes, item.length);
		vec_push(&d->entries, ((struct record_entry){.audience = (unsigned)unpack_number(&in, 2), .op = OP_REMOVE}));
	}
}

static enum status plan(struct discard *d, struct error *err)
{
	enum status status = STATUS_OK;
	size_t i;

	for (i = 0; status == STATUS_OK && i < d->w.job->dataflow->audiences.count; i++)
		status = take_members(d, i, err);
	if (status == STATUS_OK)
		status = fold_sort(d->fold, err);
	if (status == STATUS_OK)
		status = work_begin_run(&d->w, true, err);
	if (status == STATUS_OK)
		status = changes_open(&d->changes, d->w.job, &d->w.run, err);
	if (status == STATUS_OK)
		status = changes_close(&d->changes, add_records(d, err), err);
	ledger_rest(d->w.ledger);
	if (status != STATUS_OK)
		work_forget_run(&d->w);
	return status;
}

enum status engine_empty(const struct engine_job *job, struct run *out, struct error *err)
{
	struct discard d = {0};
	enum status status = verify_possible(job, err);

	if (status != STATUS_OK)
		return status;
	d.fold = fold_new(job->store, MEMBERS_MEMORY);
	status = work_init(&d.w, job, err);
	if (status == STATUS_OK)
		status = plan(&d, err);
	if (status == STATUS_OK)
		status = work_send(&d.w, false, err);
	work_give_run(&d.w, out);
	fold_free(d.fold);
	vec_done(&d.entries);
	work_done(&d.w);
	return status;
}

/* Nothing is deleted before all lists have been looked at. */
static enum status check_lists(const struct engine_job *job, struct ledger *ledger, struct error *err)
{
	struct verification found;
	enum status status;
	size_t i;

	verification_init(&found);
	status = verify_lists(job, ledger, &found, NULL, NULL, err);
	for (i = 0; status == STATUS_OK && i < found.audiences.count; i++) {
		const struct verify_audience *audience = &found.audiences.at[i];

		/* Whose removal has had no reply was brought by penstock. */
		if (audience->extra == audience->leaving)
			continue;
		error_set(err, STATUS_USAGE, "not_ours", _("%lld people in list %lld (audience \"%s\") were not brought by penstock: the list stays"), (long long)(audience->extra - audience->leaving),
			(long long)audience->list_id, audience->name);
		error_hint(err, _("--list empty takes out only whom penstock has brought"));
		status = STATUS_USAGE;
	}
	verification_done(&found);
	return status;
}

struct deletion {
	bool done;
	enum status status;
	struct error error;
};

/* One that is not there any more is what was wanted: an earlier call came through, or somebody was quicker. */
static void deleted(void *self, const struct marketo_answer *answer)
{
	struct deletion *deletion = self;

	if (answer->outcome != OUTCOME_OK && !list_is_missing(answer))
		deletion->status = wait_refusal(answer, &deletion->error);
	deletion->done = true;
}

static enum status delete_list(const struct engine_job *job, struct ledger *ledger, int64_t list, struct error *err)
{
	struct deletion deletion = {.status = STATUS_OK};

	list_drop(job->marketo, list, deleted, &deletion);
	wait_until(job, &deletion.done);
	if (deletion.status == STATUS_OK)
		return ledger_list_forget(ledger, list, err);
	*err = deletion.error;
	return deletion.status;
}

enum status engine_delete_lists(const struct engine_job *job, int64_t *deleted, struct error *err)
{
	struct work w;
	enum status status = verify_possible(job, err);
	size_t i;

	*deleted = 0;
	if (status != STATUS_OK)
		return status;
	status = work_init(&w, job, err);
	if (status == STATUS_OK)
		status = check_lists(job, w.ledger, err);
	for (i = 0; status == STATUS_OK && i < job->dataflow->audiences.count; i++) {
		if (!job->dataflow->audiences.at[i].list_id)
			continue;
		status = delete_list(job, w.ledger, job->dataflow->audiences.at[i].list_id, err);
		if (status == STATUS_OK)
			++*deleted;
	}
	work_done(&w);
	return status;
}
