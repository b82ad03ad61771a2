#include "engine/persons.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "engine/wait.h"
#include "marketo/leads.h"
#include "store/tables.h"

#include <stdlib.h>
#include <string.h>

struct person {
	struct verify_person told;
	unsigned char key[KEY_HASH]; /* of who is missing */
	char *identity;
};

struct persons {
	const struct engine_job *job;
	const struct verify_wish *wish;
	struct person people[MARKETO_BATCH];
	struct person *by_lead[MARKETO_BATCH];
	size_t count;
	size_t audience;          /* of the last one .. */
	int64_t missing, extra;   /* .. and how many of it there were */
	bool given_up;            /* Marketo was asked in vain */
	bool done;                /* the call */
	enum status status;
	struct error error;
};

struct persons *persons_new(const struct engine_job *job, const struct verify_wish *wish)
{
	struct persons *persons = mem_alloc(sizeof *persons);

	persons->job = job;
	persons->wish = wish;
	return persons;
}

static void forget(struct persons *persons)
{
	for (size_t i = 0; i < persons->count; i++)
		mem_free(persons->people[i].identity);
	persons->count = 0;
}

void persons_free(struct persons *persons)
{
	if (persons)
		forget(persons);
	mem_free(persons);
}

static int compare_leads(const void *left, const void *right)
{
	int64_t a = (*(struct person *const *)left)->told.lead_id, b = (*(struct person *const *)right)->told.lead_id;

	return (a > b) - (a < b);
}

/* The first field of those that people are matched by that has a value. */
static char *identity_of(const struct persons *persons, const struct json *lead)
{
	for (size_t i = 0; i < persons->job->destination->dedupe_fields.count; i++) {
		const struct json *value = json_get(lead, persons->job->destination->dedupe_fields.at[i]);
		const char *text = json_kind(value) == JSON_NUMBER ? json_number_text(value) : json_string(value);

		if (text && *text)
			return text_clean_dup(text);
	}
	return NULL;
}

/* Somebody may be missing here and extra there. */
static void note_lead(struct persons *persons, const struct json *lead)
{
	int64_t id;

	if (!json_i64(json_get(lead, "id"), &id))
		return;
	for (size_t i = 0; i < persons->count && persons->by_lead[i]->told.lead_id <= id; i++)
		if (persons->by_lead[i]->told.lead_id == id && !persons->by_lead[i]->identity)
			persons->by_lead[i]->identity = identity_of(persons, lead);
}

static void take_leads(void *self, const struct marketo_answer *answer)
{
	struct persons *persons = self;

	if (answer->outcome != OUTCOME_OK)
		persons->status = wait_refusal(answer, &persons->error);
	else
		for (const struct json *lead = marketo_result_first(answer); lead; lead = marketo_result_next(answer, lead))
			note_lead(persons, lead);
	persons->done = true;
}

/* That they have no names is no reason to tell nothing of them. */
static void give_up(struct persons *persons)
{
	char *line = mem_printf(_("who they are cannot be looked up: %s"), persons->error.message);

	persons->given_up = true;
	if (persons->job->note)
		persons->job->note(persons->job->self, line);
	mem_free(line);
}

static enum status look_up(struct persons *persons, struct error *err)
{
	int64_t ids[MARKETO_BATCH];
	size_t count = 0;
	struct str fields = {0};

	for (size_t i = 0; i < persons->count; i++)
		persons->by_lead[i] = &persons->people[i];
	qsort(persons->by_lead, persons->count, sizeof *persons->by_lead, compare_leads);
	for (size_t i = 0; i < persons->count; i++)
		if (persons->by_lead[i]->told.lead_id > 0 && (!count || ids[count - 1] != persons->by_lead[i]->told.lead_id))
			ids[count++] = persons->by_lead[i]->told.lead_id;
	if (!count || persons->given_up)
		return STATUS_OK;
	str_add(&fields, "id");
	for (size_t i = 0; i < persons->job->destination->dedupe_fields.count; i++)
		str_add_format(&fields, ",%s", persons->job->destination->dedupe_fields.at[i]);
	persons->done = false;
	persons->status = STATUS_OK;
	leads_read(persons->job->marketo, ids, count, str_text(&fields), take_leads, persons);
	wait_until(persons->job, &persons->done);
	str_done(&fields);
	if (persons->status != STATUS_OK && persons->job->stop && *persons->job->stop) {
		*err = persons->error;
		return persons->status;
	}
	if (persons->status != STATUS_OK)
		give_up(persons);
	return STATUS_OK;
}

static enum status tell(struct persons *persons, struct person *person, struct error *err)
{
	enum status status = STATUS_OK;

	if (persons->wish->names && !person->identity && !person->told.extra)
		status = failure_identity(persons->job->store, person->key, &person->identity, err);
	person->told.identity = person->identity;
	return status == STATUS_OK ? persons->wish->take(persons->wish->self, &person->told, err) : status;
}

enum status persons_flush(struct persons *persons, struct error *err)
{
	enum status status = persons->count && persons->wish->names ? look_up(persons, err) : STATUS_OK;

	for (size_t i = 0; status == STATUS_OK && i < persons->count; i++)
		status = tell(persons, &persons->people[i], err);
	forget(persons);
	return status;
}

enum status persons_take(void *self, const struct verify_difference *difference, struct error *err)
{
	struct persons *persons = self;
	struct person *person = &persons->people[persons->count];
	int64_t *seen;

	if (persons->audience != difference->audience)
		persons->missing = persons->extra = 0;
	persons->audience = difference->audience;
	seen = difference->key ? &persons->missing : &persons->extra;
	if (persons->wish->most && ++*seen > persons->wish->most)
		return STATUS_OK;
	*person = (struct person){.told = {.audience = difference->audience, .extra = !difference->key, .lead_id = difference->lead}};
	if (difference->key)
		memcpy(person->key, difference->key, KEY_HASH);
	return ++persons->count == MARKETO_BATCH ? persons_flush(persons, err) : STATUS_OK;
}
