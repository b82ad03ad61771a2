/*
 * adopt: who is in a list already becomes a member by the ledger, so that a snapshot or an exit can remove them. Known by the value of the first dedupe field that has any,
 * as a message of the source would be.
 */
#include "base/i18n.h"
#include "base/mem.h"
#include "engine/fold.h"
#include "engine/identify.h"
#include "engine/roll.h"
#include "engine/verify.h"
#include "engine/work.h"
#include "store/tables.h"

#include <string.h>

enum { COMMIT_KEYS = 4096 };

struct candidate {
	int64_t updated_at, lead;
};

struct adopt {
	struct work w;
	struct identify identify;
	struct adopt_audience *audience;
	struct fold *fold;
	unsigned char key[KEY_HASH]; /* of the people at hand */
	VEC(struct candidate) people;
	int64_t settled;
};

static enum status no_profile_key(const struct engine_job *job, struct error *err)
{
	error_set(err, STATUS_USAGE, "profile_key", _("%s tells the people of %s apart, and no row of the mapping brings it to Marketo: who is in a list cannot be known by it"),
		job->dataflow->profile_key, job->dataflow->name);
	error_hint(err, _("map it to a field that holds it: `penstock mapping set %s %s=FIELD`"), job->dataflow->name, job->dataflow->profile_key);
	return STATUS_USAGE;
}

static enum status take_page(void *self, const struct marketo_answer *answer, const int64_t *ids, size_t count, struct error *err)
{
	struct adopt *a = self;
	const struct json *lead;
	enum status status = STATUS_OK;

	(void)ids;
	(void)count;
	for (lead = marketo_result_first(answer); status == STATUS_OK && lead; lead = marketo_result_next(answer, lead)) {
		struct candidate person = {.updated_at = identify_updated_at(lead)};
		unsigned char key[KEY_HASH];

		if (!json_i64(json_get(lead, "id"), &person.lead) || person.lead <= 0)
			continue;
		a->audience->in_list++;
		if (identify_key(&a->identify, lead, key))
			status = fold_add(a->fold, key, &person, sizeof person, err);
		else
			a->audience->unidentified++;
	}
	return status;
}

/* Several people of one key: whom the ledger knows already, else the one updated last, of equals the youngest (as a look-up picks, answers.c). */
static const struct candidate *pick(const struct adopt *a, int64_t known)
{
	const struct candidate *best = &a->people.at[0];
	size_t i;

	for (i = 0; i < a->people.count; i++) {
		const struct candidate *one = &a->people.at[i];

		if (one->lead == known)
			return one;
		if (one->updated_at > best->updated_at || (one->updated_at == best->updated_at && one->lead > best->lead))
			best = one;
	}
	return best;
}

static enum status settle(struct adopt *a, struct error *err)
{
	struct ledger *ledger = a->w.ledger;
	struct ledger_person person;
	const struct candidate *best;
	enum member_state member = MEMBER_NOT;
	bool known;
	enum status status = ledger_person_get(ledger, a->key, &person, &known, err);

	if (status != STATUS_OK)
		return status;
	best = pick(a, person.lead);
	/* What was sent to somebody else of this key says nothing about this one. */
	if (person.lead != best->lead) {
		ledger_rest(ledger);
		status = ledger_person_put(ledger, a->key, best->lead, NULL, 0, err);
	}
	if (status == STATUS_OK)
		status = ledger_member_get(ledger, a->audience->list_id, a->key, &member, err);
	ledger_rest(ledger);
	if (status == STATUS_OK && member != MEMBER_SURE)
		status = ledger_member_put(ledger, a->audience->list_id, a->key, MEMBER_SURE, err);
	a->audience->known += member == MEMBER_SURE;
	a->audience->adopted += member != MEMBER_SURE;
	a->audience->doubled += (int64_t)a->people.count - 1;
	a->people.count = 0;
	return status;
}

/* Short transactions: others may want to write too. */
static enum status between_people(struct adopt *a, struct error *err)
{
	struct store *store = a->w.job->store;
	enum status status;

	if (++a->settled % COMMIT_KEYS)
		return STATUS_OK;
	status = store_commit(store, err);
	return status == STATUS_OK ? store_begin(store, err) : status;
}

/* By the order of keys, which is what keeps the ledger fast. */
static enum status settle_all(struct adopt *a, struct error *err)
{
	enum status status = fold_sort(a->fold, err);

	while (status == STATUS_OK) {
		struct fold_item item;
		struct candidate person;

		status = fold_next(a->fold, &item, err);
		if (status == STATUS_OK && a->people.count && (!item.key || memcmp(item.key, a->key, KEY_HASH) != 0)) {
			status = settle(a, err);
			if (status == STATUS_OK)
				status = between_people(a, err);
		}
		if (status != STATUS_OK || !item.key)
			break;
		memcpy(a->key, item.key, KEY_HASH);
		memcpy(&person, item.bytes, sizeof person);
		vec_push(&a->people, person);
	}
	return status;
}

static enum status adopt_list(struct adopt *a, struct error *err)
{
	const struct engine_job *job = a->w.job;
	bool gone = false;
	enum status status;

	a->fold = fold_new(job->store, 0);
	status = roll_call(job, a->audience->list_id, str_text(&a->identify.names), take_page, a, &gone, err);
	if (status == STATUS_OK && gone)
		status = error_set(err, STATUS_FAILED, "list_gone", _("this Marketo has no static list %lld any more (audience \"%s\")"), (long long)a->audience->list_id,
			a->audience->name);
	if (status == STATUS_OK)
		status = store_begin(job->store, err);
	if (status == STATUS_OK) {
		status = settle_all(a, err);
		if (status == STATUS_OK)
			status = store_commit(job->store, err);
		else
			store_rollback(job->store);
	}
	fold_free(a->fold);
	a->people.count = 0;
	return status;
}

static enum status adopt_audience(struct adopt *a, size_t place, bool must, struct adoption *out, struct error *err)
{
	const struct flow_audience *from = &a->w.job->dataflow->audiences.at[place];
	struct adopt_audience audience = {.name = mem_strdup(from->audience_name ? from->audience_name : from->audience), .list_id = from->list_id};

	vec_push(&out->audiences, audience);
	a->audience = &out->audiences.at[out->audiences.count - 1];
	if (audience.list_id)
		return adopt_list(a, err);
	return must ? error_set(err, STATUS_USAGE, "no_list", _("the audience \"%s\" has no list in this Marketo yet"), from->audience) : STATUS_OK;
}

static enum status adopt_all(struct adopt *a, int place, struct adoption *out, struct error *err)
{
	enum status status = identify_init(&a->identify, a->w.job, &a->w.recipe) ? STATUS_OK : no_profile_key(a->w.job, err);
	size_t i;

	if (status == STATUS_OK)
		status = work_lists(&a->w, false, err);
	if (status == STATUS_OK)
		status = dataflow_save(a->w.job->store, a->w.job->dataflow, err);
	for (i = 0; status == STATUS_OK && i < a->w.job->dataflow->audiences.count; i++)
		if (place < 0 || (size_t)place == i)
			status = adopt_audience(a, i, place >= 0, out, err);
	return status;
}

enum status engine_adopt(const struct engine_job *job, int place, struct adoption *out, struct error *err)
{
	struct adopt a = {0};
	enum status status = verify_possible(job, err);

	if (status != STATUS_OK)
		return status;
	status = work_init(&a.w, job, err);
	if (status == STATUS_OK)
		status = adopt_all(&a, place, out, err);
	identify_done(&a.identify);
	vec_done(&a.people);
	work_done(&a.w);
	return status;
}
