#include "sandbox/people.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "db/db.h"

#include <string.h>

static const struct partition partition_table[] = {
	{ 1, "Default", "Initial system lead partition", true },
	{ 2, "Europe", "People of the European workspace", true },
	{ 3, "Archive", NULL, false },
};

enum { PARTITIONS = sizeof partition_table / sizeof *partition_table };

const struct partition *partition_find(const char *name)
{
	for (size_t i = 0; i < PARTITIONS; i++) {
		if (strcmp(partition_table[i].name, name) == 0)
			return &partition_table[i];
	}
	return NULL;
}

const struct partition *partition_get(int64_t id)
{
	for (size_t i = 0; i < PARTITIONS; i++) {
		if (partition_table[i].id == id)
			return &partition_table[i];
	}
	return NULL;
}

static bool is_open(int64_t id)
{
	const struct partition *partition = partition_get(id);

	return partition && partition->open;
}

void answer_partitions(struct call *call)
{
	struct json_out w;

	json_out_init(&w, &call->result);
	json_array(&w);
	for (size_t i = 0; i < PARTITIONS; i++) {
		if (!partition_table[i].open)
			continue;
		json_object(&w);
		json_pair_i64(&w, "id", partition_table[i].id);
		json_pair_string(&w, "name", partition_table[i].name);
		if (partition_table[i].description)
			json_pair_string(&w, "description", partition_table[i].description);
		json_object_end(&w);
	}
	json_array_end(&w);
}

/* --- the tables --- */

enum status person_load(struct sandbox *box, int64_t id, struct person *out, struct error *err)
{
	struct query *query = db_query(box->db, "SELECT partition, created, updated, fields FROM people WHERE id = ?", err);
	enum status status;

	memset(out, 0, sizeof *out);
	if (!query)
		return STATUS_FAILED;
	query_int(query, 1, id);
	if (!query_row(query, &status, err))
		return status;
	*out = (struct person){ .id = id, .partition = column_int(query, 0), .created = column_int(query, 1), .updated = column_int(query, 2),
		.fields = column_dup(query, 3) };
	query_reset(query);
	return STATUS_OK;
}

void person_done(struct person *person)
{
	mem_free(person->fields);
	memset(person, 0, sizeof *person);
}

enum status person_exists(struct sandbox *box, int64_t id, bool *exists, struct error *err)
{
	struct query *query = db_query(box->db, "SELECT partition FROM people WHERE id = ?", err);
	enum status status = STATUS_OK;

	*exists = false;
	if (!query)
		return STATUS_FAILED;
	query_int(query, 1, id);
	if (query_row(query, &status, err)) {
		/* Those of a closed partition are not there for the API user. */
		*exists = is_open(column_int(query, 0));
		query_reset(query);
		status = STATUS_OK;
	}
	return status;
}

/* The text a value is found by; NULL when there is none. */
static char *key_text(const struct field *field, const struct json *value)
{
	const char *text = json_string(value) ? json_string(value) : json_number_text(value);
	char *key = mem_strdup(text);

	if (key && field->type == TYPE_EMAIL)
		text_lower(key);
	return key;
}

static enum status key_row(struct sandbox *box, const char *sql, const struct field *field, const char *key, int64_t person, struct error *err)
{
	struct query *query = db_query(box->db, sql, err);

	if (!query)
		return STATUS_FAILED;
	query_int(query, 1, field->id);
	query_text(query, 2, key);
	query_int(query, 3, person);
	return query_run(query, err);
}

/* Brings the rows of `keys` from what was (NULL: nothing) to what is. */
static enum status keys_move(struct sandbox *box, int64_t id, const struct json *was, const struct json *is, struct error *err)
{
	size_t count;
	const struct field *fields = fields_all(&count);
	enum status status = STATUS_OK;

	for (size_t i = 0; i < count && status == STATUS_OK; i++) {
		char *old, *new;

		if (!(fields[i].flags & SEARCH) || fields[i].id == FIELD_ID)
			continue;
		old = key_text(&fields[i], json_get(was, fields[i].name));
		new = key_text(&fields[i], json_get(is, fields[i].name));
		if (old && (!new || strcmp(old, new) != 0))
			status = key_row(box, "DELETE FROM keys WHERE field = ? AND value = ? AND person = ?", &fields[i], old, id, err);
		if (status == STATUS_OK && new && (!old || strcmp(old, new) != 0))
			status = key_row(box, "INSERT INTO keys (field, value, person) VALUES (?, ?, ?)", &fields[i], new, id, err);
		mem_free(old);
		mem_free(new);
	}
	return status;
}

static enum status keys_change(struct sandbox *box, int64_t id, const char *was, const char *is, struct error *err)
{
	struct json *before = was ? json_parse(was, strlen(was), NULL, NULL) : NULL;
	struct json *after = is ? json_parse(is, strlen(is), NULL, NULL) : NULL;
	enum status status = keys_move(box, id, before, after, err);

	json_free(before);
	json_free(after);
	return status;
}

enum status person_insert(struct sandbox *box, struct person *person, struct error *err)
{
	struct query *query = db_query(box->db, "INSERT INTO people (id, partition, created, updated, fields) VALUES (?, ?, ?, ?, ?)", err);
	enum status status;

	if (!query)
		return STATUS_FAILED;
	person->id = box->next_person++;
	person->created = person->updated = clock_wall_ms();
	query_int(query, 1, person->id);
	query_int(query, 2, person->partition);
	query_int(query, 3, person->created);
	query_int(query, 4, person->updated);
	query_text(query, 5, person->fields);
	status = query_run(query, err);
	return status == STATUS_OK ? keys_change(box, person->id, NULL, person->fields, err) : status;
}

enum status person_update(struct sandbox *box, const struct person *before, const char *fields, struct error *err)
{
	struct query *query = db_query(box->db, "UPDATE people SET updated = ?, fields = ? WHERE id = ?", err);
	enum status status;

	if (!query)
		return STATUS_FAILED;
	query_int(query, 1, clock_wall_ms());
	query_text(query, 2, fields);
	query_int(query, 3, before->id);
	status = query_run(query, err);
	return status == STATUS_OK ? keys_change(box, before->id, before->fields, fields, err) : status;
}

void person_merge(const char *fields, const struct json *news, struct str *out)
{
	struct json *before = fields ? json_parse(fields, strlen(fields), NULL, NULL) : NULL;
	const struct json *const sources[] = { before, news };

	str_add_char(out, '{');
	for (size_t i = 0; i < 2; i++) {
		for (const struct json *member = json_first(sources[i]); member; member = json_next(member)) {
			if (json_kind(member) == JSON_NULL || (i == 0 && json_get(news, json_key(member))))
				continue;
			if (out->length > 1)
				str_add_char(out, ',');
			json_quote(out, json_key(member), strlen(json_key(member)));
			str_add_char(out, ':');
			json_write(out, member);
		}
	}
	str_add_char(out, '}');
	json_free(before);
}

enum status person_delete(struct sandbox *box, int64_t id, struct error *err)
{
	struct person person;
	struct query *query;
	enum status status = person_load(box, id, &person, err);

	if (status == STATUS_OK && person.id)
		status = keys_change(box, id, person.fields, NULL, err);
	person_done(&person);
	if (status != STATUS_OK)
		return status;
	/* Few people are deleted by hand: the lists are searched without an index of their own. */
	query = db_query(box->db, "DELETE FROM members WHERE person = ?", err);
	if (!query)
		return STATUS_FAILED;
	query_int(query, 1, id);
	status = query_run(query, err);
	query = status == STATUS_OK ? db_query(box->db, "DELETE FROM people WHERE id = ?", err) : NULL;
	if (!query)
		return STATUS_FAILED;
	query_int(query, 1, id);
	return query_run(query, err);
}

static enum status find_by_id(struct sandbox *box, const char *value, numbers *out, struct error *err)
{
	long long id;
	bool exists = false;
	enum status status = STATUS_OK;

	if (text_to_i64(value, 1, INT64_MAX, &id))
		status = person_exists(box, id, &exists, err);
	if (exists)
		vec_push(out, id);
	return status;
}

enum status people_find(struct sandbox *box, const struct field *field, const char *value, size_t limit, numbers *out, struct error *err)
{
	struct query *query;
	enum status status = STATUS_OK;
	char *key;

	if (field->id == FIELD_ID)
		return find_by_id(box, value, out, err);
	query = db_query(box->db, "SELECT person, partition FROM keys JOIN people ON people.id = person WHERE field = ? AND value = ?", err);
	if (!query)
		return STATUS_FAILED;
	key = mem_strdup(value);
	if (field->type == TYPE_EMAIL)
		text_lower(key);
	query_int(query, 1, field->id);
	query_text(query, 2, key);
	while (out->count < limit && query_row(query, &status, err)) {
		if (is_open(column_int(query, 1)))
			vec_push(out, column_int(query, 0));
	}
	query_reset(query);
	mem_free(key);
	return status;
}

/* --- what a reply shows --- */

bool people_fields(struct call *call, field_list *out)
{
	static const char *const usual[] = { "id", "firstName", "lastName", "email", "updatedAt", "createdAt" };
	strings names = call_values(call, "fields");

	memset(out, 0, sizeof *out);
	vec_push(out, *field_find("id"));
	for (size_t i = 0; i < names.count && !call_refused(call); i++) {
		const struct field *field = field_find(names.at[i]);

		if (!field)
			call_refuse(call, "1006", NULL, "Field '%.60s' not found", names.at[i]);
		else if (field->id != FIELD_ID)
			vec_push(out, *field);
	}
	for (size_t i = 1; names.count == 0 && i < sizeof usual / sizeof *usual; i++)
		vec_push(out, *field_find(usual[i]));
	strings_done(&names);
	if (!call_refused(call))
		return true;
	vec_done(out);
	return false;
}

static void put_value(struct json_out *w, const struct json *value, struct str *raw)
{
	str_clear(raw);
	json_write(raw, value);
	json_put_raw(w, str_text(raw), raw->length);
}

void put_person(struct json_out *w, const struct person *person, const field_list *fields)
{
	struct json *values = json_parse(person->fields, strlen(person->fields), NULL, NULL);
	struct str raw = { 0 };
	char text[40];

	json_object(w);
	for (size_t i = 0; i < fields->count; i++) {
		const struct field *field = &fields->at[i];
		const struct json *value = json_get(values, field->name);

		json_name(w, field->name);
		if (field->id == FIELD_ID)
			json_put_i64(w, person->id);
		else if (strcmp(field->name, "leadPartitionId") == 0)
			json_put_i64(w, person->partition);
		else if (strcmp(field->name, "createdAt") == 0)
			json_put_string(w, lead_time(person->created, text));
		else if (strcmp(field->name, "updatedAt") == 0)
			json_put_string(w, lead_time(person->updated, text));
		else if (!value && field->type == TYPE_BOOLEAN)
			json_put_bool(w, false); /* recorded: a boolean that was never set reads false */
		else if (!value)
			json_put_null(w);
		else
			put_value(w, value, &raw);
	}
	json_object_end(w);
	str_done(&raw);
	json_free(values);
}
