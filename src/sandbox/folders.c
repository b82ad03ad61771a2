/* Folders and programs: a fixed tree. Ids of folders and programs overlap (24 is both), as they do in Marketo. */
#include "base/mem.h"
#include "base/text.h"
#include "sandbox/lists.h"

#include <string.h>

static const struct folder table[] = {
	{ .id = 1, .name = "Marketing Activities", .kind = "Zone", .workspace = "Default", .system = true },
	{ .id = 2, .name = "Design Studio", .kind = "Zone", .workspace = "Default", .system = true },
	{ .id = 3, .name = "Lead Database", .kind = "Zone", .workspace = "Default", .system = true },
	{ .id = 4, .parent = 1, .name = "Default", .kind = "Zone", .workspace = "Default", .system = true },
	{ .id = 5, .parent = 3, .name = "Default", .kind = "Zone", .workspace = "Default", .system = true },
	{ .id = 6, .parent = 2, .name = "Default", .kind = "Zone", .workspace = "Default", .system = true },
	{ .id = 7, .parent = 1, .name = "Europe", .kind = "Zone", .workspace = "Europe", .system = true },
	{ .id = 8, .parent = 3, .name = "Europe", .kind = "Zone", .workspace = "Europe", .system = true },
	{ .id = 12, .parent = 5, .name = "Group Lists", .kind = "List", .workspace = "Default", .system = true, .holds_lists = true },
	{ .id = 13, .parent = 8, .name = "Group Lists", .kind = "List", .workspace = "Europe", .system = true, .holds_lists = true },
	{ .id = 21, .parent = 12, .name = "Audiences", .kind = "List", .workspace = "Default", .holds_lists = true },
	{ .id = 22, .parent = 4, .name = "Campaigns 2026", .kind = "Marketing Folder", .workspace = "Default", .holds_lists = true },
	{ .id = 23, .parent = 22, .name = "Newsletter", .kind = "Marketing Folder", .workspace = "Default", .holds_lists = true },
	{ .id = 24, .parent = 4, .name = "Events", .kind = "Marketing Folder", .workspace = "Default", .holds_lists = true },
	{ .id = 25, .parent = 4, .name = "Old, \"do not use\"", .kind = "Marketing Folder", .workspace = "Default", .archive = true, .holds_lists = true },
	{ .id = 26, .parent = 7, .name = "\xc3\x89v\xc3\xa9nements", .kind = "Marketing Folder", .workspace = "Europe", .holds_lists = true },
	{ .id = 27, .parent = 7, .name = "Newsletter", .kind = "Marketing Folder", .workspace = "Europe", .holds_lists = true },
	{ .id = 30, .parent = 6, .name = "Templates", .kind = "Landing Page Template", .workspace = "Default" },
	{ .id = 31, .parent = 6, .name = "Emails", .kind = "Email", .workspace = "Default" },
	{ .id = 24, .program = true, .parent = 22, .name = "Customer Day", .kind = "Marketing Event", .workspace = "Default", .holds_lists = true },
	{ .id = 1001, .program = true, .parent = 22, .name = "Spring Launch", .kind = "Marketing Program", .workspace = "Default", .holds_lists = true },
	{ .id = 1002, .program = true, .parent = 26, .name = "Welcome Nurture", .kind = "Nurture Program", .workspace = "Europe", .holds_lists = true },
};

enum { FOLDERS = sizeof table / sizeof *table, ADDED_MAX = 100, ADDED_ID = 5000, CAMPAIGNS = 22, RETURN_DEFAULT = 20, RETURN_MAX = 200, DEPTH_DEFAULT = 2, DEPTH_MAX = 100 };

static const int64_t made_at = 1597437793000; /* of all of them: 2020-08-14 */
static const char nothing_found[] = "No assets found for the given search criteria.";

static struct folder added[ADDED_MAX];
static size_t added_count;

static const struct folder *folder_at(size_t i)
{
	return i < FOLDERS ? &table[i] : &added[i - FOLDERS];
}

const struct folder *folder_get(int64_t id, bool program)
{
	for (size_t i = 0; i < FOLDERS + added_count; i++) {
		if (folder_at(i)->id == id && folder_at(i)->program == program)
			return folder_at(i);
	}
	return NULL;
}

int64_t folder_add(const char *name)
{
	if (added_count == ADDED_MAX)
		return 0;
	added[added_count] = (struct folder){ .id = ADDED_ID + (int64_t)added_count, .parent = CAMPAIGNS, .name = mem_strdup(name), .kind = "Marketing Folder",
		.workspace = "Default", .holds_lists = true };
	return added[added_count++].id;
}

void folders_forget(void)
{
	for (size_t i = 0; i < added_count; i++)
		mem_free((void *)added[i].name);
	added_count = 0;
}

void put_folder_reference(struct json_out *w, const char *name, int64_t id, bool program)
{
	json_name(w, name);
	json_object(w);
	json_pair_i64(w, "id", id);
	json_pair_string(w, "type", program ? "Program" : "Folder");
	json_object_end(w);
}

static const struct folder *take_object(struct call *call, const char *name, const struct json *object)
{
	const char *type = json_get_string(object, "type");
	const struct json *number = json_get(object, "id");
	const struct folder *folder = NULL;
	int64_t id = 0;

	if (json_kind(number) == JSON_NULL)
		call_refuse(call, "701", NULL, "%s.id cannot be blank", name);
	else if (json_kind(number) != JSON_NUMBER || !json_i64(number, &id))
		call_refuse(call, "1001", NULL, "Invalid value for %s.id. Required of type 'Integer'", name);
	else if (!type)
		call_refuse(call, "701", NULL, "%s.type cannot be blank", name);
	else if (strcmp(type, "Folder") != 0 && strcmp(type, "Program") != 0)
		call_refuse(call, "711", "Folder type is not correct", "%s.type must be Folder or Program", name);
	else if (!call_keys(call, object, " id type "))
		return NULL;
	else {
		folder = folder_get(id, strcmp(type, "Program") == 0);
		if (!folder)
			call_refuse(call, "710", "Parent folder not found", "there is no %s %lld", type, (long long)id);
	}
	return folder;
}

const struct folder *folder_take(struct call *call, const char *name, const char *text, bool bare)
{
	const struct folder *folder;
	struct json *object;
	long long id;

	if (bare && text_to_i64(text, 0, INT64_MAX, &id)) {
		folder = folder_get(id, false);
		if (!folder)
			call_refuse(call, "710", "Parent folder not found", "there is no Folder %lld", id);
		return folder;
	}
	object = call_json(call, name, text, strlen(text));
	folder = object ? take_object(call, name, object) : NULL;
	json_free(object);
	return folder;
}

static void add_path(struct str *path, const struct folder *folder)
{
	const struct folder *parent = folder->parent ? folder_get(folder->parent, false) : NULL;

	if (parent)
		add_path(path, parent);
	str_add_char(path, '/');
	str_add(path, folder->name);
}

static void put_folder(struct json_out *w, const struct folder *folder)
{
	struct str path = { 0 };
	char text[40];

	add_path(&path, folder);
	json_object(w);
	json_pair_string(w, "name", folder->name);
	json_pair_string(w, "description", NULL);
	json_pair_string(w, "createdAt", asset_time(made_at, text));
	json_pair_string(w, "updatedAt", asset_time(made_at, text));
	json_pair_string(w, "url", NULL);
	put_folder_reference(w, "folderId", folder->id, folder->program);
	json_pair_string(w, "folderType", folder->kind);
	if (folder->parent)
		put_folder_reference(w, "parent", folder->parent, false);
	else
		json_pair_string(w, "parent", NULL);
	json_pair_string(w, "path", str_text(&path));
	json_pair_bool(w, "isArchive", folder->archive);
	json_pair_bool(w, "isSystem", folder->system);
	json_pair_i64(w, "accessZoneId", strcmp(folder->workspace, "Default") == 0 ? 1 : 2);
	json_pair_string(w, "workspace", folder->workspace);
	json_pair_i64(w, "id", folder->id);
	json_object_end(w);
	str_done(&path);
}

/* How many steps folder lies below root (NULL: the top, whose folders are one step below), 0 for root itself; -1 when it does not. */
static int64_t depth_below(const struct folder *folder, const struct folder *root)
{
	int64_t depth = 0;

	for (const struct folder *at = folder; at; at = folder_get(at->parent, false), depth++) {
		if (at == root)
			return depth;
		if (at->parent == 0)
			return root ? -1 : depth + 1;
	}
	return -1;
}

struct wanted {
	const struct folder *root;
	const char *workspace, *name;
	int64_t from, depth; /* at least, at most */
	bool folders_only;
};

static bool is_wanted(const struct folder *folder, const struct wanted *wanted)
{
	int64_t depth = depth_below(folder, wanted->root);

	return depth >= wanted->from && depth <= wanted->depth && (!wanted->workspace || strcmp(wanted->workspace, folder->workspace) == 0) &&
		(!wanted->name || strcmp(wanted->name, folder->name) == 0) && !(wanted->folders_only && folder->program);
}

static void answer(struct call *call, const struct wanted *wanted, int64_t offset, int64_t most)
{
	struct json_out w;
	int64_t given = 0;

	json_out_init(&w, &call->result);
	json_array(&w);
	for (size_t i = 0; i < FOLDERS + added_count && given < most; i++) {
		if (!is_wanted(folder_at(i), wanted) || offset-- > 0)
			continue;
		put_folder(&w, folder_at(i));
		given++;
	}
	json_array_end(&w);
	call->no_result = given == 0;
	if (given == 0)
		call->warning = nothing_found;
}

/* The root is the first of those it is asked for, and the only one of a maxDepth of 0 (the documentation's own example). */
void answer_folders_get(struct call *call)
{
	const char *root = call_parameter(call, "root");
	struct wanted wanted = { .root = root ? folder_take(call, "root", root, false) : NULL, .workspace = call_parameter(call, "workSpace") };
	int64_t offset = call_number(call, "offset", 0, INT32_MAX, 0);
	int64_t most = call_number(call, "maxReturn", 1, RETURN_MAX, RETURN_DEFAULT);

	wanted.depth = call_number(call, "maxDepth", 0, DEPTH_MAX, DEPTH_DEFAULT);
	if (!call_refused(call))
		answer(call, &wanted, offset, most);
}

/* Folder or Program, or the call is refused. */
static bool take_type(struct call *call, const char *text, bool *program)
{
	*program = strcmp(text, "Program") == 0;
	if (!*program && strcmp(text, "Folder") != 0)
		call_refuse(call, "711", "Folder type is not correct", "type must be Folder or Program");
	return !call_refused(call);
}

/* "Name of the folder. Not applicable for Programs": a program is never found by its name here. */
void answer_folder_by_name(struct call *call)
{
	const char *root = call_parameter(call, "root"), *type = call_parameter(call, "type");
	struct wanted wanted = { .name = call_required(call, "name"), .workspace = call_parameter(call, "workSpace"), .from = 1, .depth = DEPTH_MAX, .folders_only = true };
	bool program = false;

	/* Documented: who sets root must set type, too. Here root may be the id alone. */
	if (root && call_required(call, "type"))
		wanted.root = folder_take(call, "root", root, true);
	if (call_refused(call) || (type && !take_type(call, type, &program)))
		return;
	answer(call, &wanted, 0, program ? 0 : RETURN_MAX);
}

void answer_folder_by_id(struct call *call)
{
	const char *type = call_required(call, "type");
	const struct folder *folder;
	struct json_out w;
	bool program;

	if (!type || !take_type(call, type, &program))
		return;
	folder = folder_get(call->number, program);
	if (!folder) {
		call->no_result = true;
		call->warning = nothing_found;
		return;
	}
	json_out_init(&w, &call->result);
	json_array(&w);
	put_folder(&w, folder);
	json_array_end(&w);
}
