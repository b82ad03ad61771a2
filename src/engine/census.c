#include "engine/census.h"

#include "base/mem.h"
#include "base/text.h"
#include "engine/fold.h"
#include "engine/key.h"
#include "engine/read.h"
#include "engine/roll.h"
#include "engine/work.h"

#include <string.h>

struct census {
	struct work w;
	size_t index;
	census_fn take;
	void *self;
	struct str names, key_text;
	VEC(struct census_person) people;
	VEC(signed char) statuses; /* per audience: the last word, -1: none */
};

/* The fields that people are matched by, in order. */
static const struct recipe_row *dedupe_row(const struct recipe *recipe, int order)
{
	for (size_t i = 0; i < recipe->rows.count; i++)
		if (recipe->rows.at[i].dedupe == order)
			return &recipe->rows.at[i];
	return NULL;
}

static void name_fields(struct census *c)
{
	str_add(&c->names, "id");
	for (size_t order = 0; order < c->w.recipe.dedupe_count; order++) {
		const struct recipe_row *row = dedupe_row(&c->w.recipe, (int)order);

		if (row)
			str_add_format(&c->names, ",%s", row->field->name);
	}
}

static bool key_of(struct census *c, const struct json *lead, unsigned char key[KEY_HASH])
{
	bool any = false;

	for (size_t order = 0; !any && order < c->w.recipe.dedupe_count; order++) {
		const struct recipe_row *row = dedupe_row(&c->w.recipe, (int)order);
		const struct json *value;
		char *text;

		if (!row)
			continue;
		value = json_get(lead, row->field->name);
		text = mem_strdup(json_kind(value) == JSON_NUMBER ? json_number_text(value) : json_string(value));

		any = text && *text_trim(text);
		if (any)
			person_key(c->w.job->store, row->field->name, text, &c->key_text, key);
		mem_free(text);
	}
	return any;
}

static enum status take_page(void *self, const struct marketo_answer *answer, const int64_t *ids, size_t count, struct error *err)
{
	struct census *c = self;

	(void)ids;
	(void)count;
	c->people.count = 0;
	for (const struct json *lead = marketo_result_first(answer); lead; lead = marketo_result_next(answer, lead)) {
		struct census_person person = { 0 };

		if (!json_i64(json_get(lead, "id"), &person.lead) || person.lead <= 0)
			continue;
		person.keyed = key_of(c, lead, person.key);
		vec_push(&c->people, person);
	}
	return c->people.count ? c->take(c->self, c->index, c->people.at, c->people.count, err) : STATUS_OK;
}

static void census_done(struct census *c)
{
	vec_done(&c->people);
	vec_done(&c->statuses);
	str_done(&c->names);
	str_done(&c->key_text);
	work_done(&c->w);
}

enum status engine_census(const struct engine_job *job, struct census_list *lists, size_t count, census_fn take, void *self, struct error *err)
{
	struct census c = { .take = take, .self = self };
	enum status status = work_init(&c.w, job, err);

	if (status == STATUS_OK)
		name_fields(&c);
	for (size_t i = 0; status == STATUS_OK && i < count; i++) {
		c.index = i;
		if (lists[i].list_id)
			status = roll_call(job, lists[i].list_id, str_text(&c.names), take_page, &c, &lists[i].gone, err);
	}
	census_done(&c);
	return status;
}

static enum status flush(struct census *c, struct error *err)
{
	enum status status = c->people.count ? c->take(c->self, 0, c->people.at, c->people.count, err) : STATUS_OK;

	c->people.count = 0;
	return status;
}

/* All that was said about one key: the last word of each audience counts. */
static enum status tell_key(struct census *c, const unsigned char key[KEY_HASH], struct error *err)
{
	for (size_t i = 0; i < c->statuses.count; i++) {
		struct census_person person = { .keyed = true, .audience = (unsigned)i, .member = c->statuses.at[i] == (signed char)MEMBERSHIP_REALIZED };

		if (c->statuses.at[i] < 0)
			continue;
		c->statuses.at[i] = -1;
		memcpy(person.key, key, KEY_HASH);
		vec_push(&c->people, person);
	}
	return c->people.count >= CENSUS_MOST / 2 ? flush(c, err) : STATUS_OK;
}

static void hear(struct census *c, const struct item *item)
{
	for (size_t i = 0; i < item->members.count; i++)
		if (item->members.at[i].audience < c->statuses.count)
			c->statuses.at[item->members.at[i].audience] = (signed char)item->members.at[i].status;
}

static enum status tell_all(struct census *c, struct fold *fold, struct error *err)
{
	unsigned char key[KEY_HASH] = { 0 };
	struct item said = { 0 };
	bool any = false;
	enum status status = fold_sort(fold, err);

	while (status == STATUS_OK) {
		struct fold_item item;

		status = fold_next(fold, &item, err);
		if (status == STATUS_OK && any && (!item.key || memcmp(item.key, key, KEY_HASH) != 0))
			status = tell_key(c, key, err);
		if (status != STATUS_OK || !item.key)
			break;
		memcpy(key, item.key, KEY_HASH);
		any = true;
		status = item_unpack(&item, &said, err);
		if (status == STATUS_OK)
			hear(c, &said);
	}
	item_done(&said);
	return status == STATUS_OK ? flush(c, err) : status;
}

enum status engine_said(const struct engine_job *job, census_fn take, void *self, bool *snapshot, struct error *err)
{
	struct census c = { .take = take, .self = self };
	struct audiences *audiences = audiences_new(job->dataflow);
	struct fold *fold = fold_new(job->store, 0);
	enum status status = work_init(&c.w, job, err);

	for (size_t i = 0; i < job->dataflow->audiences.count; i++)
		vec_push(&c.statuses, -1);
	if (status == STATUS_OK)
		status = read_source(job, &c.w.recipe, audiences, fold, &c.w.reading, err);
	if (status == STATUS_OK)
		status = tell_all(&c, fold, err);
	*snapshot = c.w.recipe.snapshot;
	fold_free(fold);
	audiences_free(audiences);
	census_done(&c);
	return status;
}
