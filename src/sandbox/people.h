/* People as they are kept. `fields` is a JSON object of what is set; id, partition and times stand beside it. */
#ifndef SANDBOX_PEOPLE_H
#define SANDBOX_PEOPLE_H

#include "sandbox/box.h"
#include "sandbox/fields.h"

struct person {
	int64_t id, partition, created, updated; /* id 0: there is none */
	char *fields;
};

struct partition {
	int64_t id;
	const char *name, *description;
	bool open; /* may the API user see it? */
};

const struct partition *partition_find(const char *name); /* open or not; NULL when unknown */
const struct partition *partition_get(int64_t id);

/* The one with this id, id 0 when there is none. */
enum status person_load(struct sandbox *box, int64_t id, struct person *out, struct error *err);
void person_done(struct person *person);
enum status person_exists(struct sandbox *box, int64_t id, bool *exists, struct error *err);
/* A new one; sets id and times. Indexes its searchable fields. */
enum status person_insert(struct sandbox *box, struct person *person, struct error *err);
/* Fields as they are stored (NULL: none) with those of `news` over them, without those that are null, appended to out. */
void person_merge(const char *fields, const struct json *news, struct str *out);
/* Writes new fields over `before`. */
enum status person_update(struct sandbox *box, const struct person *before, const char *fields, struct error *err);
enum status person_delete(struct sandbox *box, int64_t id, struct error *err);
/* Ids of those whose field has this value (e-mail: whatever the case of its letters), in order, at most `limit`. */
enum status people_find(struct sandbox *box, const struct field *field, const char *value, size_t limit, numbers *out, struct error *err);

/* What a reply shows of a person: the fields asked for, or the default ones. Filled by people_fields, which refuses the call (1006). */
typedef VEC(struct field) field_list;
bool people_fields(struct call *call, field_list *out);
void put_person(struct json_out *w, const struct person *person, const field_list *fields);

#endif
