/* GET /rest/v1/leads.json and /rest/v1/lead/{id}.json. */
#include "base/mem.h"
#include "base/text.h"
#include "sandbox/people.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { VALUES_MAX = 300, MATCHES_MAX = 1000 };

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* Ids of all matches, in order and each once. */
static bool find_all(struct call *call, const struct field *field, const strings *values, numbers *found)
{
	size_t kept = 0;
	struct error err;

	for (size_t i = 0; i < values->count; i++) {
		if (people_find(call->box, field, values->at[i], (size_t)-1, found, &err) != STATUS_OK) {
			call_failed(call, &err);
			return false;
		}
	}
	if (found->count > 1)
		qsort(found->at, found->count, sizeof *found->at, compare);
	for (size_t i = 0; i < found->count; i++) {
		if (kept == 0 || found->at[kept - 1] != found->at[i])
			found->at[kept++] = found->at[i];
	}
	found->count = kept;
	if (kept > MATCHES_MAX)
		call_refuse(call, "1003", "Too many results match the filter", "%zu people match, at most %d are allowed", kept, MATCHES_MAX);
	return !call_refused(call);
}

/* What is looked for in an integer is one (1001: the type of a value is wrong). */
static void check_values(struct call *call, const struct field *field, const strings *values)
{
	long long number;

	for (size_t i = 0; i < values->count && field->type == TYPE_INTEGER; i++) {
		if (!text_to_i64(values->at[i], INT64_MIN, INT64_MAX, &number))
			call_refuse(call, "1001", NULL, "Invalid value '%.40s'. Required of type 'Integer' (%s)", values->at[i], field->name);
	}
}

static const struct field *take_filter(struct call *call, strings *values)
{
	const char *type = call_required(call, "filterType");
	const struct field *field;

	if (!type || !call_required(call, "filterValues"))
		return NULL;
	field = field_find(type);
	*values = call_values(call, "filterValues");
	if (!field)
		call_refuse(call, "1006", NULL, "Lookup field '%.60s' not found", type);
	else if (!(field->flags & SEARCH))
		call_refuse(call, "1011", NULL, "Lookup field '%s' is not supported", type);
	else if (values->count > VALUES_MAX)
		call_refuse(call, "1003", NULL, "%zu filter values in a call, at most %d are allowed", values->count, VALUES_MAX);
	else
		check_values(call, field, values);
	return call_refused(call) ? NULL : field;
}

static void put_people(struct call *call, const numbers *ids, size_t from, size_t count, const field_list *fields)
{
	struct json_out w;
	struct error err;

	json_out_init(&w, &call->result);
	json_array(&w);
	for (size_t i = from; i < from + count && !call_refused(call); i++) {
		struct person person;

		if (person_load(call->box, ids->at[i], &person, &err) != STATUS_OK)
			call_failed(call, &err);
		else if (person.id)
			put_person(&w, &person, fields);
		person_done(&person);
	}
	json_array_end(&w);
}

static void log_filter(struct call *call, const struct field *field, const strings *values)
{
	str_add_format(&call->detail, ",\"filterType\":\"%s\",\"records\":%zu,\"keys\":[", field->name, values->count);
	for (size_t i = 0; i < values->count; i++) {
		if (i)
			str_add_char(&call->detail, ',');
		json_quote(&call->detail, values->at[i], strlen(values->at[i]));
	}
	str_add_char(&call->detail, ']');
}

void answer_leads_by_filter(struct call *call)
{
	strings values = { 0 };
	numbers found = { 0 };
	field_list fields = { 0 };
	int64_t size, after;
	const struct field *field = take_filter(call, &values);

	if (field && call_page(call, &size, &after) && people_fields(call, &fields)) {
		log_filter(call, field, &values);
		if (find_all(call, field, &values, &found)) {
			size_t from = 0, count;

			while (from < found.count && found.at[from] <= after)
				from++;
			count = found.count - from > (size_t)size ? (size_t)size : found.count - from;
			put_people(call, &found, from, count, &fields);
			if (from + count < found.count)
				call_more(call, found.at[from + count - 1]);
		}
	}
	strings_done(&values);
	vec_done(&found);
	vec_done(&fields);
}

void answer_lead_by_id(struct call *call)
{
	numbers found = { 0 };
	field_list fields = { 0 };
	bool exists = false;
	struct error err;

	if (!people_fields(call, &fields))
		return;
	if (person_exists(call->box, call->number, &exists, &err) != STATUS_OK)
		call_failed(call, &err);
	else if (!exists)
		call_refuse(call, "1004", "Lead not found", "no person of that id");
	else {
		vec_push(&found, call->number);
		put_people(call, &found, 0, 1, &fields);
	}
	vec_done(&found);
	vec_done(&fields);
}
