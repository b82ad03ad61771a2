/*
 * POST /rest/v1/leads.json (swagger-mapi: SyncLeadRequest).
 *
 * The documented race is real here: createOrUpdate looks its keys up when the call arrives and writes when its time is over, so two such
 * calls with one key in flight at once both create. createOnly and updateOnly look and write in one step.
 */
#include "base/mem.h"
#include "base/text.h"
#include "db/db.h"
#include "sandbox/people.h"

#include <string.h>

enum action { CREATE_OR_UPDATE, CREATE_ONLY, UPDATE_ONLY, CREATE_DUPLICATE, ACTIONS };

static const char *const action_names[ACTIONS] = { "createOrUpdate", "createOnly", "updateOnly", "createDuplicate" };

/* What becomes of a record. */
struct verdict {
	int64_t person; /* update this one; 0: create */
	char code[8];   /* or skip */
	char message[200];
};

struct plan {
	enum action action;
	const struct field *lookup;
	const struct partition *partition; /* NULL: none named */
	bool no_partition;                 /* one was named that does not exist or is closed */
	size_t count;
	char **keys;             /* NULL: none that can be used, the verdict says why */
	struct verdict *verdicts;
};

static void plan_free(void *self)
{
	struct plan *plan = self;

	if (!plan)
		return;
	for (size_t i = 0; i < plan->count; i++)
		mem_free(plan->keys[i]);
	mem_free(plan->keys);
	mem_free(plan->verdicts);
	mem_free(plan);
}

static void skip(struct verdict *verdict, const char *code, const char *format, ...) __attribute__((format(printf, 3, 4)));

static void skip(struct verdict *verdict, const char *code, const char *format, ...)
{
	va_list arguments;

	snprintf(verdict->code, sizeof verdict->code, "%s", code);
	va_start(arguments, format);
	vsnprintf(verdict->message, sizeof verdict->message, format, arguments);
	va_end(arguments);
	/* A long value may have been cut inside a character. */
	verdict->message[text_cut(verdict->message, strlen(verdict->message), sizeof verdict->message - 4)] = '\0';
}

/* --- looking up --- */

/* One match is updated; several: the one of the named partition, else 1009 when partitions would tell them apart, else 1007. */
static enum status choose(struct call *call, const struct plan *plan, const numbers *found, struct verdict *verdict, struct error *err)
{
	size_t inside = 0;
	int64_t first = 0, only = 0;
	bool spread = false;

	for (size_t i = 0; i < found->count; i++) {
		struct person person;
		enum status status = person_load(call->box, found->at[i], &person, err);

		if (status != STATUS_OK)
			return status;
		first = first ? first : person.partition;
		spread = spread || person.partition != first;
		if (!plan->partition || plan->partition->id == person.partition) {
			inside++;
			only = person.id;
		}
		person_done(&person);
	}
	if (inside == 1)
		verdict->person = only;
	else if (inside == 0)
		skip(verdict, "1010", "Partition update not allowed");
	else if (spread && !plan->partition)
		skip(verdict, "1009", "Partition name required");
	else
		skip(verdict, "1007", "Multiple lead match lookup criteria");
	return STATUS_OK;
}

static enum status decide(struct call *call, const struct plan *plan, size_t index, struct error *err)
{
	struct verdict *verdict = &plan->verdicts[index];
	numbers found = { 0 };
	enum status status = STATUS_OK;

	if (verdict->code[0])
		return STATUS_OK;
	if (plan->no_partition) {
		skip(verdict, "1008", "Partition access denied");
		return STATUS_OK;
	}
	if (plan->action == CREATE_DUPLICATE)
		return STATUS_OK;
	status = people_find(call->box, plan->lookup, plan->keys[index], RECORDS_MAX, &found, err);
	if (status == STATUS_OK && found.count > 0 && plan->action == CREATE_ONLY)
		skip(verdict, "1005", "Lead already exists");
	else if (status == STATUS_OK && found.count > 0)
		status = choose(call, plan, &found, verdict, err);
	else if (status == STATUS_OK && plan->action == UPDATE_ONLY)
		skip(verdict, "1004", "Lead not found");
	vec_done(&found);
	return status;
}

/* --- at arrival --- */

static bool take_action(struct call *call, struct plan *plan)
{
	const struct json *member = json_get(call->body, "action");
	const char *text = member ? json_string(member) : action_names[CREATE_OR_UPDATE];
	size_t i = 0;

	while (i < ACTIONS && (!text || strcmp(text, action_names[i]) != 0))
		i++;
	if (i == ACTIONS)
		call_refuse(call, "1003", NULL, "Invalid value for action '%.40s'", text ? text : "");
	plan->action = (enum action)i;
	return i < ACTIONS;
}

static bool take_lookup(struct call *call, struct plan *plan)
{
	const struct json *member = json_get(call->body, "lookupField");
	const char *text = member ? json_string(member) : "email";

	plan->lookup = text ? field_find(text) : NULL;
	if (!plan->lookup)
		call_refuse(call, "1006", NULL, "Lookup field '%.60s' not found", text ? text : "");
	else if (!(plan->lookup->flags & SEARCH))
		call_refuse(call, "1011", NULL, "Lookup field '%s' is not supported", text);
	else if (plan->lookup->id == FIELD_ID && plan->action != UPDATE_ONLY)
		call_refuse(call, "1011", NULL, "Lookup field 'id' is not supported for action '%s'", action_names[plan->action]);
	return !call_refused(call);
}

static bool take_partition(struct call *call, struct plan *plan)
{
	const struct json *member = json_get(call->body, "partitionName");
	const char *text = json_string(member);

	if (!member)
		return true;
	if (!text)
		call_refuse(call, "1001", NULL, "Invalid value for partitionName. Required of type 'String'");
	else if (plan->action != CREATE_ONLY && plan->action != CREATE_OR_UPDATE)
		call_refuse(call, "1003", NULL, "partitionName is not allowed with action '%s'", action_names[plan->action]);
	if (call_refused(call))
		return false;
	plan->partition = partition_find(text);
	plan->no_partition = !plan->partition || !plan->partition->open;
	return true;
}

static bool take_input(struct call *call, struct plan *plan)
{
	const struct json *input = json_get(call->body, "input");
	const struct json *later = json_get(call->body, "asyncProcessing");

	if (json_is_true(later))
		call_refuse(call, "703", NULL, "Feature not enabled: asyncProcessing");
	else if (later && json_kind(later) != JSON_FALSE)
		call_refuse(call, "1001", NULL, "Invalid value for asyncProcessing. Required of type 'Boolean'");
	else if (json_kind(input) != JSON_ARRAY || json_count(input) == 0)
		call_refuse(call, "1002", NULL, "Missing value for required parameter 'input'");
	else if (json_count(input) > (size_t)call->box->records_max)
		call_refuse(call, "1003", NULL, "%zu records in a call, at most %lld are allowed", json_count(input), (long long)call->box->records_max);
	if (call_refused(call))
		return false;
	plan->count = json_count(input);
	plan->keys = mem_array(plan->count, sizeof *plan->keys);
	plan->verdicts = mem_array(plan->count, sizeof *plan->verdicts);
	return true;
}

/* The key of a record, as it is stored; skips the record when there is none that can be used. */
static void take_key(const struct plan *plan, size_t index, const struct json *record)
{
	struct verdict *verdict = &plan->verdicts[index];
	struct str stored = { 0 };
	const char *code;

	if (json_kind(record) != JSON_OBJECT) {
		skip(verdict, "1001", "Invalid value in input. Required of type 'Object'");
		return;
	}
	code = value_check(plan->lookup, json_get(record, plan->lookup->name), &stored);
	if (code) {
		skip(verdict, code, "%s", str_text(&stored));
	} else if (strcmp(str_text(&stored), "null") == 0) {
		if (plan->action != CREATE_DUPLICATE)
			skip(verdict, "1002", "Missing value for required parameter '%s'", plan->lookup->name);
	} else {
		struct json *value = json_parse(stored.text, stored.length, NULL, NULL);

		plan->keys[index] = mem_strdup(json_string(value) ? json_string(value) : json_number_text(value));
		json_free(value);
		if (plan->lookup->type == TYPE_EMAIL)
			text_lower(plan->keys[index]);
	}
	str_done(&stored);
}

static void take_keys(struct call *call, const struct plan *plan)
{
	size_t index = 0;

	for (const struct json *record = json_first(json_get(call->body, "input")); record; record = json_next(record), index++) {
		take_key(plan, index, record);
		for (size_t i = 0; i < index && plan->keys[index] && plan->action != CREATE_DUPLICATE; i++) {
			if (plan->keys[i] && strcmp(plan->keys[i], plan->keys[index]) == 0 && !plan->verdicts[index].code[0])
				skip(&plan->verdicts[index], "1036", "Duplicate object found in the input");
		}
	}
}

static void log_plan(struct call *call, const struct plan *plan)
{
	str_add_format(&call->detail, ",\"action\":\"%s\",\"lookupField\":\"%s\",\"records\":%zu,\"keys\":[", action_names[plan->action],
		plan->lookup->name, plan->count);
	for (size_t i = 0; i < plan->count; i++) {
		if (i)
			str_add_char(&call->detail, ',');
		if (plan->keys[i])
			json_quote(&call->detail, plan->keys[i], strlen(plan->keys[i]));
		else
			str_add(&call->detail, "null");
	}
	str_add_char(&call->detail, ']');
}

void sync_arrive(struct call *call)
{
	struct plan *plan = mem_alloc(sizeof *plan);
	struct error err;

	call->plan = plan;
	call->plan_free = plan_free;
	if (!call_keys(call, call->body, " action asyncProcessing input lookupField partitionName ") || !take_action(call, plan) ||
		!take_lookup(call, plan) || !take_partition(call, plan) || !take_input(call, plan))
		return;
	take_keys(call, plan);
	log_plan(call, plan);
	for (size_t i = 0; i < plan->count && plan->action == CREATE_OR_UPDATE && !call_refused(call); i++) {
		if (decide(call, plan, i, &err) != STATUS_OK)
			call_failed(call, &err);
	}
}

/* --- when the time is over --- */

/* Is the member allowed in this record? Adds it as it is stored to out; skips the record otherwise. */
static void take_member(const struct plan *plan, struct verdict *verdict, const struct json *member, struct str *out)
{
	const char *name = json_key(member), *code;
	const struct field *field = field_find(name);
	struct str stored = { 0 };
	int64_t id;

	if (!field) {
		skip(verdict, "1006", "Field '%.60s' not found", name);
		return;
	}
	if (field->id == FIELD_ID) {
		if (plan->action != UPDATE_ONLY)
			skip(verdict, "1003", "Field 'id' is only allowed with action 'updateOnly'");
		else if (json_kind(member) != JSON_NUMBER || !json_i64(member, &id) || id != verdict->person)
			skip(verdict, "1003", "Field 'id' is not that of the person found");
		return;
	}
	if (field->flags & READ_ONLY) {
		skip(verdict, "1003", "Field '%s' is read only", name);
		return;
	}
	if (strcmp(name, "leadPartitionId") == 0) {
		skip(verdict, "1010", "Partition update not allowed");
		return;
	}
	if ((field->flags & COMPANY) && verdict->person) {
		skip(verdict, "1021", "Company update not allowed");
		return;
	}
	code = value_check(field, member, &stored);
	if (code) {
		skip(verdict, code, "%s", str_text(&stored));
	} else {
		if (out->length > 1)
			str_add_char(out, ',');
		json_quote(out, name, strlen(name));
		str_add_char(out, ':');
		str_add_bytes(out, stored.text, stored.length);
	}
	str_done(&stored);
}

static enum status apply(struct call *call, const struct plan *plan, struct verdict *verdict, const char *fields, bool *created, struct error *err)
{
	struct person person = { 0 };
	struct str merged = { 0 };
	struct json *news = json_parse(fields, strlen(fields), NULL, NULL);
	enum status status = STATUS_OK;

	*created = verdict->person == 0;
	if (!*created)
		status = person_load(call->box, verdict->person, &person, err);
	if (status == STATUS_OK && !*created && person.id == 0)
		skip(verdict, "1004", "Lead not found"); /* deleted since the look-up */
	if (status == STATUS_OK && !verdict->code[0]) {
		person_merge(person.fields, news, &merged);
		if (*created) {
			person.partition = plan->partition ? plan->partition->id : 1;
			person.fields = str_take(&merged);
			status = person_insert(call->box, &person, err);
			verdict->person = person.id;
		} else {
			status = person_update(call->box, &person, str_text(&merged), err);
		}
	}
	json_free(news);
	person_done(&person);
	str_done(&merged);
	return status;
}

static void put_verdict(struct json_out *w, const struct verdict *verdict, bool created)
{
	json_object(w);
	if (!verdict->code[0]) {
		json_pair_i64(w, "id", verdict->person);
		json_pair_string(w, "status", created ? "created" : "updated");
	} else {
		json_pair_string(w, "status", "skipped");
		json_name(w, "reasons");
		json_array(w);
		json_object(w);
		json_pair_string(w, "code", verdict->code);
		json_pair_string(w, "message", verdict->message);
		json_object_end(w);
		json_array_end(w);
	}
	json_object_end(w);
}

static enum status run_record(struct call *call, const struct plan *plan, size_t index, const struct json *record, struct json_out *w, struct error *err)
{
	struct verdict *verdict = &plan->verdicts[index];
	const char *fault = fault_of_record(call, index);
	struct str fields = { 0 };
	bool created = false;
	enum status status = STATUS_OK;

	if (fault && !verdict->code[0])
		skip(verdict, fault, "A fault that was asked for");
	if (plan->action != CREATE_OR_UPDATE)
		status = decide(call, plan, index, err);
	str_add_char(&fields, '{');
	for (const struct json *member = json_first(record); member && !verdict->code[0]; member = json_next(member))
		take_member(plan, verdict, member, &fields);
	str_add_char(&fields, '}');
	if (status == STATUS_OK && !verdict->code[0])
		status = apply(call, plan, verdict, str_text(&fields), &created, err);
	put_verdict(w, verdict, created);
	str_done(&fields);
	return status;
}

static void note_skipped(struct call *call, const struct plan *plan)
{
	size_t skipped = 0;
	const struct verdict *first = NULL;

	for (size_t i = 0; i < plan->count; i++) {
		if (!plan->verdicts[i].code[0])
			continue;
		first = first ? first : &plan->verdicts[i];
		skipped++;
	}
	if (first)
		call_note(call, "%zu of %zu records skipped, first: %s %s", skipped, plan->count, first->code, first->message);
}

void sync_run(struct call *call)
{
	const struct plan *plan = call->plan;
	enum status status;
	struct json_out w;
	struct error err;
	size_t index = 0;

	json_out_init(&w, &call->result);
	json_array(&w);
	status = db_begin(call->box->db, &err);
	for (const struct json *record = json_first(json_get(call->body, "input")); record && status == STATUS_OK; record = json_next(record), index++)
		status = run_record(call, plan, index, record, &w, &err);
	json_array_end(&w);
	if (status == STATUS_OK)
		status = db_commit(call->box->db, &err);
	if (status != STATUS_OK) {
		db_rollback(call->box->db);
		call_failed(call, &err);
		return;
	}
	note_skipped(call, plan);
}
