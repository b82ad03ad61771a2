#include "engine/verify.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "engine/fold.h"
#include "engine/lock.h"
#include "engine/persons.h"
#include "engine/roll.h"

#include <string.h>

/*
 * One audience. The fold sorts by lead id (big endian, zeros behind it) and keeps the order of arrival within one: an item without bytes says that the list
 * has this lead, an item with a person key that the ledger does. The list comes first, so at a key it is known whether the list has the lead.
 */
struct compare {
	const struct engine_job *job;
	struct ledger *ledger;
	size_t place;
	struct verify_audience *audience;
	struct fold *fold;
	difference_fn differs;
	void *self;
};

static void lead_key(int64_t lead, unsigned char key[KEY_HASH])
{
	uint64_t rest = (uint64_t)lead;
	int i;

	memset(key, 0, KEY_HASH);
	for (i = 7; i >= 0; i--, rest >>= 8)
		key[i] = (unsigned char)rest;
}

static int64_t key_lead(const unsigned char *key)
{
	uint64_t lead = 0;
	int i;

	for (i = 0; i < 8; i++)
		lead = lead << 8 | key[i];
	return (int64_t)lead;
}

static enum status take_page(void *self, const struct marketo_answer *answer, const int64_t *ids, size_t count, struct error *err)
{
	struct compare *c = self;
	unsigned char key[KEY_HASH];
	enum status status = STATUS_OK;
	size_t i;

	(void)answer;
	for (i = 0; status == STATUS_OK && i < count; i++) {
		lead_key(ids[i], key);
		status = fold_add(c->fold, key, "", 0, err);
	}
	return status;
}

static enum status take_member(void *self, const unsigned char key[KEY_HASH], int64_t lead, struct error *err)
{
	struct compare *c = self;
	unsigned char by_lead[KEY_HASH];

	lead_key(lead, by_lead);
	return fold_add(c->fold, by_lead, key, KEY_HASH, err);
}

/* A sign instead of the key: nobody asks who it is. */
static enum status take_leaving(void *self, const unsigned char key[KEY_HASH], int64_t lead, struct error *err)
{
	struct compare *c = self;
	unsigned char by_lead[KEY_HASH];

	(void)key;
	lead_key(lead, by_lead);
	return fold_add(c->fold, by_lead, "-", 1, err);
}

static enum status tell(const struct compare *c, const unsigned char *key, const unsigned char lead[KEY_HASH], struct error *err)
{
	const struct verify_difference difference = {.audience = c->place, .gone = c->audience->gone, .key = key, .lead = key_lead(lead)};

	return c->differs ? c->differs(c->self, &difference, err) : STATUS_OK;
}

static enum status take_owned(struct compare *c, const struct fold_item *item, bool listed, struct error *err)
{
	c->audience->in_ledger++;
	if (listed)
		return STATUS_OK;
	c->audience->missing++;
	return tell(c, (const unsigned char *)item->bytes, item->key, err);
}

static enum status take_extra(struct compare *c, const unsigned char lead[KEY_HASH], bool leaving, struct error *err)
{
	c->audience->extra++;
	c->audience->leaving += leaving;
	return tell(c, NULL, lead, err);
}

static enum status walk(struct compare *c, struct error *err)
{
	unsigned char lead[KEY_HASH] = {0};
	bool listed = false, owned = false, leaving = false;
	enum status status = fold_sort(c->fold, err);

	while (status == STATUS_OK) {
		struct fold_item item;

		status = fold_next(c->fold, &item, err);
		if (status == STATUS_OK && (!item.key || memcmp(item.key, lead, KEY_HASH) != 0)) {
			if (listed && !owned)
				status = take_extra(c, lead, leaving, err);
			listed = owned = leaving = false;
		}
		if (status != STATUS_OK || !item.key)
			break;
		memcpy(lead, item.key, KEY_HASH);
		if (item.length == 1) {
			leaving = true;
		} else if (item.length) {
			owned = true;
			status = take_owned(c, &item, listed, err);
		} else if (!listed) {
			/* A list that changes while it is read may tell somebody twice. */
			listed = true;
			c->audience->in_list++;
		}
	}
	return status;
}

static enum status compare(struct compare *c, struct error *err)
{
	enum status status;

	c->fold = fold_new(c->job->store, 0);
	status = roll_call(c->job, c->audience->list_id, NULL, take_page, c, &c->audience->gone, err);
	if (status == STATUS_OK)
		status = ledger_members_each(c->ledger, c->audience->list_id, take_member, c, err);
	if (status == STATUS_OK)
		status = ledger_leaving_each(c->ledger, c->audience->list_id, take_leaving, c, err);
	if (status == STATUS_OK)
		status = walk(c, err);
	fold_free(c->fold);
	return status;
}

enum status verify_lists(const struct engine_job *job, struct ledger *ledger, struct verification *out, difference_fn differs, void *self, struct error *err)
{
	enum status status = STATUS_OK;
	size_t i;

	for (i = 0; i < job->dataflow->audiences.count; i++) {
		const struct flow_audience *from = &job->dataflow->audiences.at[i];
		struct verify_audience audience = {.name = mem_strdup(from->audience_name ? from->audience_name : from->audience), .list_id = from->list_id};

		vec_push(&out->audiences, audience);
	}
	out->ok = true;
	for (i = 0; status == STATUS_OK && i < out->audiences.count; i++) {
		struct compare c = {.job = job, .ledger = ledger, .place = i, .audience = &out->audiences.at[i], .differs = differs, .self = self};

		if (!c.audience->list_id)
			continue;
		status = compare(&c, err);
		out->ok = out->ok && !c.audience->missing && !c.audience->gone;
	}
	return status;
}

enum status verify_possible(const struct engine_job *job, struct error *err)
{
	if (destination_touches_lists(job->destination))
		return STATUS_OK;
	error_set(err, STATUS_USAGE, "no_lists", _("the dataflow %s touches no lists: its destination brings people only"), job->dataflow->name);
	error_hint(err, _("`penstock destination update %s --sync-type audience-and-profile` would change that"), job->destination->name);
	return STATUS_USAGE;
}

enum status engine_verify(const struct engine_job *job, const struct verify_wish *wish, struct verification *out, struct error *err)
{
	struct lock *lock = NULL;
	struct ledger *ledger = NULL;
	struct persons *persons = wish ? persons_new(job, wish) : NULL;
	enum status status = verify_possible(job, err);

	/* A run going on would change both sides in between. */
	if (status == STATUS_OK)
		status = lock_take(job->store, job->account->id, 0, &lock, err);
	if (status == STATUS_OK)
		status = ledger_open(job->store, job->account->id, &ledger, err);
	if (status == STATUS_OK)
		status = verify_lists(job, ledger, out, wish ? persons_take : NULL, persons, err);
	if (status == STATUS_OK && wish)
		status = persons_flush(persons, err);
	persons_free(persons);
	ledger_close(ledger);
	lock_drop(lock);
	return status;
}
