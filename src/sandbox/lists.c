/* Lists and their members, the lead database's side: /rest/v1/lists.. and /rest/v1/list/{id}/leads.json. */
#include "sandbox/lists.h"

#include "base/text.h"
#include "db/db.h"
#include "sandbox/people.h"

#include <string.h>

static void put_list(struct json_out *w, const struct list *list)
{
	char text[40];

	json_object(w);
	json_pair_i64(w, "id", list->id);
	json_pair_string(w, "name", list->name);
	if (list->description)
		json_pair_string(w, "description", list->description);
	if (list->folder->program)
		json_pair_string(w, "programName", list->folder->name);
	json_pair_string(w, "workspaceName", list->folder->workspace);
	json_pair_string(w, "createdAt", lead_time(list->created, text));
	json_pair_string(w, "updatedAt", lead_time(list->updated, text));
	json_object_end(w);
}

static bool among(const strings *list, const char *text)
{
	for (size_t i = 0; i < list->count; i++) {
		if (text && strcmp(list->at[i], text) == 0)
			return true;
	}
	return list->count == 0;
}

struct filter {
	strings ids, names, programs, workspaces;
};

static bool passes(const struct filter *filter, const struct list *list)
{
	char id[24];

	snprintf(id, sizeof id, "%lld", (long long)list->id);
	return among(&filter->ids, id) && among(&filter->names, list->name) && among(&filter->workspaces, list->folder->workspace) &&
		among(&filter->programs, list->folder->program ? list->folder->name : NULL);
}

/* Ids are numbers, written plainly. */
static bool check_ids(struct call *call, const strings *ids)
{
	long long id;

	for (size_t i = 0; i < ids->count; i++) {
		if (!text_to_i64(ids->at[i], 0, INT64_MAX, &id))
			call_refuse(call, "1001", NULL, "Invalid value '%.40s'. Required of type 'Integer' (id)", ids->at[i]);
	}
	return !call_refused(call);
}

static void put_lists(struct call *call, const struct filter *filter, int64_t size, int64_t after)
{
	struct list list;
	struct error err;
	struct json_out w;
	int64_t count = 0, last = after;

	json_out_init(&w, &call->result);
	json_array(&w);
	for (;;) {
		bool pass;

		if (list_next(call->box, last, &list, &err) != STATUS_OK) {
			call_failed(call, &err);
			break;
		}
		if (list.id == 0)
			break;
		pass = passes(filter, &list);
		if (pass && count == size) {
			call_more(call, after);
			list_done(&list);
			break;
		}
		if (pass) {
			put_list(&w, &list);
			count++;
			after = list.id;
		}
		last = list.id;
		list_done(&list);
	}
	json_array_end(&w);
}

void answer_lists_get(struct call *call)
{
	struct filter filter = { call_values(call, "id"), call_values(call, "name"), call_values(call, "programName"), call_values(call, "workspaceName") };
	int64_t size, after;

	if (check_ids(call, &filter.ids) && call_page(call, &size, &after))
		put_lists(call, &filter, size, after);
	strings_done(&filter.ids);
	strings_done(&filter.names);
	strings_done(&filter.programs);
	strings_done(&filter.workspaces);
}

/* The list of the path, or the call is refused. */
static bool list_of(struct call *call, struct list *list)
{
	struct error err;

	if (list_load(call->box, call->number, list, &err) != STATUS_OK)
		call_failed(call, &err);
	else if (list->id == 0)
		call_refuse(call, "1013", "Static list not found", "no list of that id");
	return !call_refused(call);
}

void answer_list_by_id(struct call *call)
{
	struct list list;
	struct json_out w;

	if (!list_of(call, &list))
		return;
	json_out_init(&w, &call->result);
	json_array(&w);
	put_list(&w, &list);
	json_array_end(&w);
	list_done(&list);
}

static void put_members(struct call *call, const numbers *ids, size_t count, const field_list *fields)
{
	struct json_out w;
	struct error err;

	json_out_init(&w, &call->result);
	json_array(&w);
	for (size_t i = 0; i < count && !call_refused(call); i++) {
		struct person person;

		if (person_load(call->box, ids->at[i], &person, &err) != STATUS_OK)
			call_failed(call, &err);
		else if (person.id)
			put_person(&w, &person, fields);
		person_done(&person);
	}
	json_array_end(&w);
}

void answer_members_get(struct call *call)
{
	struct list list;
	field_list fields;
	numbers ids = { 0 };
	int64_t size, after;
	struct error err;

	if (!list_of(call, &list))
		return;
	list_done(&list);
	if (!call_page(call, &size, &after) || !people_fields(call, &fields))
		return;
	if (member_page(call->box, call->number, after, (size_t)size + 1, &ids, &err) != STATUS_OK) {
		call_failed(call, &err);
	} else {
		size_t count = ids.count > (size_t)size ? (size_t)size : ids.count;

		put_members(call, &ids, count, &fields);
		if (ids.count > count)
			call_more(call, ids.at[count - 1]);
	}
	vec_done(&ids);
	vec_done(&fields);
}

/* --- adding, removing, asking: one by one, in the order they came --- */

static const char *const reasons[][2] = {
	{ "1004", "Lead not found" },
	{ "1015", "Lead not in list" },
};

static const char *reason_of(const char *code)
{
	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
		if (strcmp(reasons[i][0], code) == 0)
			return reasons[i][1];
	}
	return "A fault that was asked for";
}

static bool is_code(const char *word)
{
	return word[0] == '1';
}

static void put_outcome(struct json_out *w, int64_t id, const char *word)
{
	json_object(w);
	json_pair_i64(w, "id", id);
	json_pair_string(w, "status", is_code(word) ? "skipped" : word);
	if (is_code(word)) {
		json_name(w, "reasons");
		json_array(w);
		json_object(w);
		json_pair_string(w, "code", word);
		json_pair_string(w, "message", reason_of(word));
		json_object_end(w);
		json_array_end(w);
	}
	json_object_end(w);
}

/* Each gives a status, or the code of a reason to skip. */
typedef enum status (*member_step)(struct sandbox *box, int64_t list, int64_t person, const char **word, struct error *err);

static enum status step_add(struct sandbox *box, int64_t list, int64_t person, const char **word, struct error *err)
{
	*word = "added"; /* recorded: also for who was a member already */
	return member_add(box, list, person, err);
}

static enum status step_remove(struct sandbox *box, int64_t list, int64_t person, const char **word, struct error *err)
{
	bool member = false;
	enum status status = member_is(box, list, person, &member, err);

	*word = member ? "removed" : "1015";
	return status == STATUS_OK && member ? member_remove(box, list, person, err) : status;
}

static enum status step_check(struct sandbox *box, int64_t list, int64_t person, const char **word, struct error *err)
{
	bool member = false;
	enum status status = member_is(box, list, person, &member, err);

	*word = member ? "memberof" : "notmemberof";
	return status;
}

static enum status each_id(struct call *call, const numbers *ids, member_step step, struct error *err)
{
	enum status status = db_begin(call->box->db, err);
	struct json_out w;
	size_t skipped = 0;

	json_out_init(&w, &call->result);
	json_array(&w);
	for (size_t i = 0; i < ids->count && status == STATUS_OK; i++) {
		const char *word = "1004", *fault = fault_of_record(call, i);
		bool exists;

		status = person_exists(call->box, ids->at[i], &exists, err);
		if (fault)
			word = fault;
		else if (status == STATUS_OK && exists)
			status = step(call->box, call->number, ids->at[i], &word, err);
		put_outcome(&w, ids->at[i], word);
		skipped += is_code(word);
	}
	json_array_end(&w);
	if (status == STATUS_OK)
		status = db_commit(call->box->db, err);
	if (status != STATUS_OK)
		db_rollback(call->box->db);
	if (skipped)
		call_note(call, "%zu of %zu ids skipped", skipped, ids->count);
	return status;
}

static void members_run(struct call *call, member_step step)
{
	struct list list;
	numbers ids = { 0 };
	struct error err;

	if (!call_ids(call, &ids))
		return;
	if (list_of(call, &list) && each_id(call, &ids, step, &err) != STATUS_OK)
		call_failed(call, &err);
	list_done(&list);
	vec_done(&ids);
}

void answer_members_add(struct call *call)
{
	members_run(call, step_add);
}

void answer_members_remove(struct call *call)
{
	members_run(call, step_remove);
}

void answer_members_check(struct call *call)
{
	members_run(call, step_check);
}
