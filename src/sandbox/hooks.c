/* What tests see and do behind Marketo's back: everything below /_sandbox/, a row each. */
#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "db/db.h"
#include "sandbox/fields.h"
#include "sandbox/lists.h"
#include "sandbox/people.h"

#include <string.h>

static void hook_error(struct call *call, int http, const char *text)
{
	struct json_out w;

	str_clear(&call->raw);
	json_out_init(&w, &call->raw);
	json_object(&w);
	json_pair_string(&w, "error", text);
	json_object_end(&w);
	call->http = http;
}

static bool hook_done(struct call *call, enum status status, const struct error *err)
{
	if (status != STATUS_OK)
		hook_error(call, 500, err->message);
	else if (call->raw.length == 0)
		str_add(&call->raw, "{\"ok\":true}");
	return status == STATUS_OK;
}

static int64_t hook_number(const struct call *call, const char *name)
{
	const char *text = call_parameter(call, name);
	long long value = 0;

	return text && text_to_i64(text, 0, INT64_MAX, &value) ? value : 0;
}

static int64_t body_number(const struct call *call, const char *name)
{
	int64_t value = 0;

	return json_i64(json_get(call->body, name), &value) ? value : 0;
}

static enum status count_people(struct sandbox *box, int64_t *count, struct error *err)
{
	struct query *query = db_query(box->db, "SELECT count(*) FROM people", err);
	enum status status;

	if (!query)
		return STATUS_FAILED;
	if (!query_row(query, &status, err))
		return status;
	*count = column_int(query, 0);
	query_reset(query);
	return STATUS_OK;
}

static enum status put_lists(struct sandbox *box, struct json_out *w, struct error *err)
{
	struct list list;
	enum status status;
	int64_t after = 0, count;

	json_name(w, "lists");
	json_array(w);
	while ((status = list_next(box, after, &list, err)) == STATUS_OK && list.id) {
		after = list.id;
		status = member_count(box, list.id, &count, err);
		json_object(w);
		json_pair_i64(w, "id", list.id);
		json_pair_string(w, "name", list.name);
		json_pair_i64(w, "folder", list.folder->id);
		json_pair_i64(w, "members", count);
		json_object_end(w);
		list_done(&list);
		if (status != STATUS_OK)
			break;
	}
	json_array_end(w);
	return status;
}

static void hook_state(struct call *call)
{
	struct sandbox *box = call->box;
	struct limits *limits = &box->limits;
	char text[CLOCK_TEXT];
	struct json_out w;
	struct error err;
	int64_t people = 0;
	enum status status = count_people(box, &people, &err);

	json_out_init(&w, &call->raw);
	json_object(&w);
	json_pair_i64(&w, "people", people);
	if (status == STATUS_OK)
		status = put_lists(box, &w, &err);
	json_pair_i64(&w, "requests", box->requests);
	json_pair_i64(&w, "calls", limits->counted);
	json_pair_i64(&w, "calls_today", limits_today(limits)->total);
	json_pair_i64(&w, "seen_606", limits->seen_606);
	json_pair_i64(&w, "seen_607", limits->seen_607);
	json_pair_i64(&w, "seen_615", limits->seen_615);
	json_pair_i64(&w, "in_flight", limits->in_flight);
	json_pair_i64(&w, "in_window", limits_in_window(limits));
	json_pair_i64(&w, "most_in_window", limits->most_in_window);
	json_pair_i64(&w, "most_at_once", limits->most_at_once);
	json_pair_string(&w, "time", clock_format(clock_wall_ms(), text));
	json_pair_string(&w, "day_ends", clock_format(limits_today(limits)->ends, text));
	json_pair_bool(&w, "held", box->hold.call);
	json_pair_i64(&w, "latency_ms", box->latency_ms);
	json_pair_bool(&w, "no_limits", limits->off);
	json_pair_i64(&w, "daily_quota", limits->daily_quota);
	json_object_end(&w);
	hook_done(call, status, &err);
}

static void hook_log(struct call *call)
{
	int64_t last = call_parameter(call, "last") ? hook_number(call, "last") : LOG_KEPT;
	struct json_out w;

	json_out_init(&w, &call->raw);
	logbook_last(&call->box->log, (size_t)last, &w);
}

static void hook_members(struct call *call)
{
	int64_t list = hook_number(call, "list");
	numbers ids = { 0 };
	field_list fields = { 0 };
	struct json_out w;
	struct error err;
	enum status status = member_page(call->box, list, 0, (size_t)-1, &ids, &err);

	vec_push(&fields, *field_find("id"));
	vec_push(&fields, *field_find("email"));
	json_out_init(&w, &call->raw);
	json_object(&w);
	json_pair_i64(&w, "list", list);
	json_pair_i64(&w, "count", (int64_t)ids.count);
	json_name(&w, "members");
	json_array(&w);
	for (size_t i = 0; i < ids.count && status == STATUS_OK; i++) {
		struct person person;

		status = person_load(call->box, ids.at[i], &person, &err);
		if (person.id)
			put_person(&w, &person, &fields);
		person_done(&person);
	}
	json_array_end(&w);
	json_object_end(&w);
	vec_done(&ids);
	vec_done(&fields);
	hook_done(call, status, &err);
}

static void hook_people(struct call *call)
{
	const char *name = call_parameter(call, "field"), *value = call_parameter(call, "value");
	const struct field *field = name ? field_find(name) : NULL;
	numbers ids = { 0 };
	struct json_out w;
	struct error err;
	enum status status;

	if (!field || !(field->flags & SEARCH) || !value) {
		hook_error(call, 400, "field (a searchable one) and value are needed");
		return;
	}
	status = people_find(call->box, field, value, (size_t)-1, &ids, &err);
	json_out_init(&w, &call->raw);
	json_array(&w);
	for (size_t i = 0; i < ids.count && status == STATUS_OK; i++) {
		struct person person;

		status = person_load(call->box, ids.at[i], &person, &err);
		if (person.id) {
			json_object(&w);
			json_pair_i64(&w, "id", person.id);
			json_pair_string(&w, "partition", partition_get(person.partition)->name);
			json_name(&w, "fields");
			json_put_raw(&w, person.fields, strlen(person.fields));
			json_object_end(&w);
		}
		person_done(&person);
	}
	json_array_end(&w);
	vec_done(&ids);
	hook_done(call, status, &err);
}

static void hook_people_add(struct call *call)
{
	const char *name = json_get_string(call->body, "partition");
	const struct partition *partition = partition_find(name ? name : "Default");
	struct person person = { 0 };
	struct str fields = { 0 };
	struct error err;

	if (!partition || json_kind(json_get(call->body, "fields")) != JSON_OBJECT) {
		hook_error(call, 400, "fields, and a partition that exists, are needed");
		return;
	}
	json_write(&fields, json_get(call->body, "fields"));
	person.partition = partition->id;
	person.fields = str_take(&fields);
	if (hook_done(call, person_insert(call->box, &person, &err), &err)) {
		str_clear(&call->raw);
		str_add_format(&call->raw, "{\"id\":%lld}", (long long)person.id);
	}
	person_done(&person);
}

static void hook_people_delete(struct call *call)
{
	struct error err;

	hook_done(call, person_delete(call->box, hook_number(call, "id"), &err), &err);
}

/* As by hand: what the fields named had is written over, a null takes it away. */
static void hook_people_change(struct call *call)
{
	const struct json *fields = json_get(call->body, "fields");
	struct person person = { 0 };
	struct str changed = { 0 };
	struct error err;
	enum status status = person_load(call->box, body_number(call, "id"), &person, &err);

	if (status == STATUS_OK && (!person.id || json_kind(fields) != JSON_OBJECT)) {
		hook_error(call, 400, "the id of somebody who is there, and fields, are needed");
	} else {
		if (status == STATUS_OK) {
			person_merge(person.fields, fields, &changed);
			status = person_update(call->box, &person, str_text(&changed), &err);
		}
		hook_done(call, status, &err);
	}
	str_done(&changed);
	person_done(&person);
}

/* Two people become one: the winner keeps id and fields and is in every list that either was in. */
static void hook_merge(struct call *call)
{
	struct sandbox *box = call->box;
	int64_t winner = body_number(call, "winner"), loser = body_number(call, "loser");
	bool both, other = false;
	struct error err;
	enum status status = person_exists(box, winner, &both, &err);

	if (status == STATUS_OK)
		status = person_exists(box, loser, &other, &err);
	if (status == STATUS_OK && (!both || !other || winner == loser)) {
		hook_error(call, 400, "winner and loser, two people who are there, are needed");
		return;
	}
	if (status == STATUS_OK)
		status = members_inherit(box, winner, loser, &err);
	if (status == STATUS_OK)
		status = person_delete(box, loser, &err);
	hook_done(call, status, &err);
}

static void hook_members_add(struct call *call)
{
	struct error err;

	hook_done(call, member_add(call->box, body_number(call, "list"), body_number(call, "id"), &err), &err);
}

static void hook_members_remove(struct call *call)
{
	struct error err;

	hook_done(call, member_remove(call->box, hook_number(call, "list"), hook_number(call, "id"), &err), &err);
}

static void hook_field_add(struct call *call)
{
	const char *name = json_get_string(call->body, "name"), *label = json_get_string(call->body, "label"), *type = json_get_string(call->body, "type");

	if (name && label && type && field_add(name, label, type))
		str_add(&call->raw, "{\"ok\":true}");
	else
		hook_error(call, 400, "name (a new one), label and type are needed");
}

static void hook_folder_add(struct call *call)
{
	const char *name = json_get_string(call->body, "name");
	int64_t id = name ? folder_add(name) : 0;

	if (id)
		str_add_format(&call->raw, "{\"id\":%lld}", (long long)id);
	else
		hook_error(call, 400, "a name is needed, and room");
}

static void hook_list_add(struct call *call)
{
	struct list list = { .name = mem_strdup(json_get_string(call->body, "name")), .folder = folder_get(body_number(call, "folder"), false) };
	struct error err;

	if (!list.name || !list.folder) {
		hook_error(call, 400, "a name, and a folder that exists, are needed");
	} else if (hook_done(call, list_insert(call->box, &list, &err), &err)) {
		str_clear(&call->raw);
		str_add_format(&call->raw, "{\"id\":%lld}", (long long)list.id);
	}
	list_done(&list);
}

static void hook_list_delete(struct call *call)
{
	struct error err;

	hook_done(call, list_delete(call->box, hook_number(call, "id"), &err), &err);
}

static bool set_faults(struct sandbox *box, const struct json *list, struct error *err)
{
	faults_clear(&box->faults);
	for (const struct json *one = json_first(list); one; one = json_next(one))
		if (faults_add(&box->faults, json_string(one) ? json_string(one) : "", err) != STATUS_OK)
			return false;
	return true;
}

static void set_hold(struct sandbox *box, const struct json *hold)
{
	int64_t number = 0;

	if (json_i64(json_get(hold, "call"), &number) && number >= 0)
		hold_next(box, number, json_is_true(json_get(hold, "applied")), json_is_true(json_get(hold, "all")));
}

static void hook_settings(struct call *call)
{
	struct sandbox *box = call->box;
	const char *deny = json_get_string(call->body, "deny"), *tls = json_get_string(call->body, "tls");
	struct error err;
	int64_t number;

	if (deny && permissions_without(deny, &box->permissions, &err) != STATUS_OK) {
		hook_error(call, 400, err.message);
		return;
	}
	if (json_get(call->body, "faults") && !set_faults(box, json_get(call->body, "faults"), &err)) {
		hook_error(call, 400, err.message);
		return;
	}
	if (tls && secure_open(box, tls, &err) != STATUS_OK) {
		hook_error(call, 400, err.message);
		return;
	}
	set_hold(box, json_get(call->body, "hold"));
	if (json_i64(json_get(call->body, "latency_ms"), &number) && number >= 0 && number <= INT32_MAX)
		box->latency_ms = (int)number;
	if (json_get(call->body, "no_limits"))
		box->limits.off = json_is_true(json_get(call->body, "no_limits"));
	if (json_i64(json_get(call->body, "daily_quota"), &number))
		box->limits.daily_quota = number;
	if (json_i64(json_get(call->body, "records_max"), &number) && number > 0 && number <= RECORDS_MAX)
		box->records_max = number;
	if (json_i64(json_get(call->body, "calls_today"), &number))
		limits_today(&box->limits)->total = number;
	if (json_i64(json_get(call->body, "token_seconds"), &number))
		box->tokens.seconds = number;
	if (json_is_true(json_get(call->body, "expire_token")))
		tokens_expire(&box->tokens);
	str_add(&call->raw, "{\"ok\":true}");
}

static void hook_reset(struct call *call)
{
	limits_reset(&call->box->limits);
	str_add(&call->raw, "{\"ok\":true}");
}

static const struct {
	const char *method, *path;
	void (*run)(struct call *call);
} hooks[] = {
	{ "GET", "/_sandbox/state", hook_state },
	{ "GET", "/_sandbox/log", hook_log },
	{ "GET", "/_sandbox/members", hook_members },
	{ "GET", "/_sandbox/people", hook_people },
	{ "POST", "/_sandbox/people", hook_people_add },
	{ "DELETE", "/_sandbox/people", hook_people_delete },
	{ "PUT", "/_sandbox/people", hook_people_change },
	{ "POST", "/_sandbox/merge", hook_merge },
	{ "POST", "/_sandbox/members", hook_members_add },
	{ "DELETE", "/_sandbox/members", hook_members_remove },
	{ "POST", "/_sandbox/fields", hook_field_add },
	{ "POST", "/_sandbox/folders", hook_folder_add },
	{ "POST", "/_sandbox/lists", hook_list_add },
	{ "DELETE", "/_sandbox/lists", hook_list_delete },
	{ "POST", "/_sandbox/settings", hook_settings },
	{ "POST", "/_sandbox/reset", hook_reset },
};

void hook_answer(struct call *call)
{
	size_t length = request_body_kept(call->request);

	if (length > 0) {
		call->body = json_parse(request_body(call->request), length, NULL, NULL);
		if (!call->body) {
			hook_error(call, 400, "the body is no JSON");
			return;
		}
	}
	for (size_t i = 0; i < sizeof hooks / sizeof *hooks; i++) {
		if (strcmp(hooks[i].path, request_path(call->request)) == 0 && strcmp(hooks[i].method, request_method(call->request)) == 0) {
			hooks[i].run(call);
			return;
		}
	}
	hook_error(call, 404, "no such hook: see sandbox.h");
}
