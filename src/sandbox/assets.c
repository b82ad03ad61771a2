/* Static lists, the Asset API's side (swagger-asset: StaticListResponse). */
#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "sandbox/lists.h"

#include <string.h>

enum { NAME_UNITS = 255, DESCRIPTION_UNITS = 2000, RETURN_DEFAULT = 20, RETURN_MAX = 200 };

static const char nothing_found[] = "No assets found for the given search criteria.";

static void put_asset(struct json_out *w, const struct list *list)
{
	char text[64];

	json_object(w);
	json_pair_i64(w, "id", list->id);
	json_pair_string(w, "name", list->name);
	if (list->description)
		json_pair_string(w, "description", list->description);
	json_pair_string(w, "createdAt", asset_time(list->created, text));
	json_pair_string(w, "updatedAt", asset_time(list->updated, text));
	put_folder_reference(w, "folder", list->folder->id, list->folder->program);
	snprintf(text, sizeof text, "https://app.example.com/#ST%lldA1", (long long)list->id);
	json_pair_string(w, "computedUrl", text);
	json_pair_string(w, "workspace", list->folder->workspace);
	json_object_end(w);
}

/* Nothing found: success, no result, a warning (recorded). */
static void answer_one(struct call *call, const struct list *list)
{
	struct json_out w;

	if (call_refused(call))
		return;
	if (list->id == 0) {
		call->no_result = true;
		call->warning = nothing_found;
		return;
	}
	json_out_init(&w, &call->result);
	json_array(&w);
	put_asset(&w, list);
	json_array_end(&w);
}

static void load(struct call *call, struct list *list)
{
	struct error err;

	if (list_load(call->box, call->number, list, &err) != STATUS_OK)
		call_failed(call, &err);
}

void answer_asset_list_by_id(struct call *call)
{
	struct list list;

	load(call, &list);
	answer_one(call, &list);
	list_done(&list);
}

void answer_asset_list_by_name(struct call *call)
{
	const char *name = call_required(call, "name");
	struct list list = { 0 };
	struct error err;

	if (name && list_named(call->box, name, &list, &err) != STATUS_OK)
		call_failed(call, &err);
	answer_one(call, &list);
	list_done(&list);
}

static bool take_date(struct call *call, const char *name, int64_t *ms)
{
	const char *text = call_parameter(call, name);

	if (text && !clock_parse(text, ms, NULL))
		call_refuse(call, "704", NULL, "%s is no date", name);
	return !call_refused(call);
}

void answer_asset_lists(struct call *call)
{
	const char *reference = call_parameter(call, "folder");
	const struct folder *folder = reference ? folder_take(call, "folder", reference, false) : NULL;
	int64_t offset = call_number(call, "offset", 0, INT32_MAX, 0);
	int64_t most = call_number(call, "maxReturn", 1, RETURN_MAX, RETURN_DEFAULT);
	int64_t from = INT64_MIN, to = INT64_MAX, given = 0;
	struct list list = { 0 };
	struct error err;
	struct json_out w;

	if (!take_date(call, "earliestUpdatedAt", &from) || !take_date(call, "latestUpdatedAt", &to))
		return;
	json_out_init(&w, &call->result);
	json_array(&w);
	for (int64_t after = 0; given < most && !call_refused(call);) {
		if (list_next(call->box, after, &list, &err) != STATUS_OK)
			call_failed(call, &err);
		after = list.id;
		if (list.id && (!folder || list.folder == folder) && list.updated >= from && list.updated <= to && offset-- <= 0) {
			put_asset(&w, &list);
			given++;
		}
		list_done(&list);
		if (after == 0)
			break;
	}
	json_array_end(&w);
	if (given == 0) {
		call->no_result = true;
		call->warning = nothing_found;
	}
}

static bool check_texts(struct call *call, const char *name, const char *description)
{
	if (name && name[strspn(name, " \t\r\n")] == '\0')
		call_refuse(call, "701", NULL, "name cannot be blank");
	else if (name && text_utf16_length(name) > NAME_UNITS)
		call_refuse(call, "709", NULL, "name is longer than %d characters", NAME_UNITS);
	else if (description && text_utf16_length(description) > DESCRIPTION_UNITS)
		call_refuse(call, "709", NULL, "description is longer than %d characters", DESCRIPTION_UNITS);
	return !call_refused(call);
}

/* A name belongs to one list, wherever it lives. */
static bool check_free(struct call *call, const char *name, int64_t own)
{
	struct list other = { 0 };
	struct error err;

	if (list_named(call->box, name, &other, &err) != STATUS_OK)
		call_failed(call, &err);
	else if (other.id && other.id != own)
		call_refuse(call, "709", "Static List with the same name already exists", "the name is taken");
	list_done(&other);
	return !call_refused(call);
}

void answer_asset_list_create(struct call *call)
{
	const char *name = call_required(call, "name"), *reference = call_required(call, "folder");
	const char *description = call_parameter(call, "description");
	struct list list = { 0 };
	struct error err;

	if (!name || !reference || !check_texts(call, name, description))
		return;
	list.folder = folder_take(call, "folder", reference, false);
	if (list.folder && !list.folder->holds_lists)
		call_refuse(call, "711", "Folder type is not correct for Static List", "a list cannot live in folder %lld", (long long)list.folder->id);
	if (call_refused(call) || !check_free(call, name, 0))
		return;
	list.name = mem_strdup(name);
	list.description = description && *description ? mem_strdup(description) : NULL;
	if (list_insert(call->box, &list, &err) != STATUS_OK)
		call_failed(call, &err);
	answer_one(call, &list);
	list_done(&list);
}

/* The list of the path to change; refused (702) when there is none. */
static bool load_existing(struct call *call, struct list *list)
{
	load(call, list);
	if (!call_refused(call) && list->id == 0)
		call_refuse(call, "702", "Static List not found", "no list of that id");
	return !call_refused(call);
}

void answer_asset_list_update(struct call *call)
{
	const char *name = call_parameter(call, "name"), *description = call_parameter(call, "description");
	struct list list = { 0 };
	struct error err;

	if (!check_texts(call, name, description) || !load_existing(call, &list))
		return;
	if (!name || check_free(call, name, list.id)) {
		if (name)
			mem_replace(&list.name, name);
		if (description)
			mem_replace(&list.description, *description ? description : NULL);
		list.updated = clock_wall_ms();
		if (list_update(call->box, &list, &err) != STATUS_OK)
			call_failed(call, &err);
		answer_one(call, &list);
	}
	list_done(&list);
}

void answer_asset_list_delete(struct call *call)
{
	struct list list = { 0 };
	struct error err;

	if (!load_existing(call, &list))
		return;
	if (list_delete(call->box, list.id, &err) != STATUS_OK)
		call_failed(call, &err);
	str_add_format(&call->result, "[{\"id\":%lld}]", (long long)list.id);
	list_done(&list);
}
