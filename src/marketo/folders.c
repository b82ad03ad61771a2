/* Folders and programs of the Asset API, where static lists live. */
#include "marketo/lists.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/vec.h"
#include "marketo/query.h"

#include <stdio.h>
#include <string.h>

enum {
	TIMEOUT_MS = 35 * 1000, /* the server gives up after 30 s (marketo-api 3) */
	PAGE = 200,             /* swagger-asset: maxReturn, maximum 200 */
	DEPTH = 20,
};

struct folders_call {
	folders_done done;
	void *self;
};

struct folders_found {
	VEC(struct folder_info) folders;
	VEC(char *) texts;
};

static const char *keep_text(struct folders_found *found, const struct json *object, const char *name)
{
	char *text = text_clean_dup(json_get_string(object, name));

	if (text)
		vec_push(&found->texts, text);
	return text;
}

/* `folderId` {id, type} tells a program's number from a folder's; `id` alone does not. */
static void read_folder(struct folders_found *found, const struct json *item)
{
	const struct json *reference = json_get(item, "folderId");
	const char *type = json_get_string(reference, "type");
	struct folder_info folder = { 0 };

	if (!json_i64(json_get(reference, "id"), &folder.id) && !json_i64(json_get(item, "id"), &folder.id))
		return;
	folder.is_program = type && strcmp(type, "Program") == 0;
	folder.is_system = json_is_true(json_get(item, "isSystem"));
	folder.name = keep_text(found, item, "name");
	folder.name = folder.name ? folder.name : "";
	folder.path = keep_text(found, item, "path");
	folder.workspace = keep_text(found, item, "workspace");
	folder.type = keep_text(found, item, "folderType");
	vec_push(&found->folders, folder);
}

static void on_folders(void *self, const struct marketo_answer *answer)
{
	struct folders_call *call = self;
	struct folders_found found = { 0 };
	struct marketo_answer none;

	if (answer->outcome == OUTCOME_REFUSED && strcmp(answer->error.code, "702") == 0) {
		none = *answer;
		none.outcome = OUTCOME_OK;
		none.result = NULL;
		answer = &none;
	}
	if (answer->outcome == OUTCOME_OK)
		for (const struct json *item = marketo_result_first(answer); item; item = marketo_result_next(answer, item))
			read_folder(&found, item);
	call->done(call->self, answer, found.folders.at, found.folders.count);
	for (size_t i = 0; i < found.texts.count; i++)
		mem_free(found.texts.at[i]);
	vec_done(&found.texts);
	vec_done(&found.folders);
	mem_free(call);
}

static void call_folders(struct marketo *m, const char *path, const char *query, const char *what, folders_done done, void *self)
{
	struct folders_call *call = mem_alloc(sizeof *call);
	struct marketo_request request = {
		.kind = CALL_LISTS,
		.method = "GET",
		.path = path,
		.query = query,
		.timeout_ms = TIMEOUT_MS,
		.permission = N_("Read-Only Assets"),
		.what = what,
	};

	*call = (struct folders_call){ .done = done, .self = self };
	marketo_call(m, &request, on_folders, call);
}

void folders_page(struct marketo *m, const char *workspace, int offset, folders_done done, void *self)
{
	struct str query = { 0 };

	param_number(&query, "maxDepth", DEPTH);
	param_number(&query, "maxReturn", PAGE);
	param_number(&query, "offset", offset);
	param_text(&query, "workSpace", workspace);
	call_folders(m, "/asset/v1/folders.json", str_text(&query), N_("reading the folders"), done, self);
	str_done(&query);
}

void folder_by_name(struct marketo *m, const char *name, bool program, const char *workspace, folders_done done, void *self)
{
	struct str query = { 0 };

	param_text(&query, "name", name);
	param_text(&query, "type", program ? "Program" : "Folder");
	param_text(&query, "workSpace", workspace);
	call_folders(m, "/asset/v1/folder/byName.json", str_text(&query), N_("finding a folder by name"), done, self);
	str_done(&query);
}

void folder_by_id(struct marketo *m, int64_t id, bool program, folders_done done, void *self)
{
	char path[64];

	snprintf(path, sizeof path, "/asset/v1/folder/%lld.json", (long long)id);
	call_folders(m, path, program ? "type=Program" : "type=Folder", N_("finding a folder by id"), done, self);
}
