/* Static lists. Their names and numbers come from two families of endpoints: lists.json of the lead database (all lists, without folder) and the Asset API (with folder). */
#include "marketo/lists.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/vec.h"
#include "marketo/client.h"
#include "marketo/query.h"

#include <stdio.h>
#include <string.h>

enum { TIMEOUT_MS = 35 * 1000 }; /* the server gives up after 30 s (marketo-api 3) */

static const char read_only_lead[] = N_("Read-Only Lead"), read_only_assets[] = N_("Read-Only Assets"), read_write_assets[] = N_("Read-Write Assets");

struct lists_call {
	lists_done done;
	void *self;
	char *page; /* the page that was asked for */
};

/* Names are shown and written to logs: made harmless once, here. The texts are kept until the answer has been told. */
struct lists_found {
	VEC(struct list_info) lists;
	VEC(char *) texts;
};

static const char *keep_text(struct lists_found *found, const struct json *object, const char *name)
{
	char *text = text_clean_dup(json_get_string(object, name));

	if (text)
		vec_push(&found->texts, text);
	return text;
}

static void read_list(struct lists_found *found, const struct json *item)
{
	const struct json *folder = json_get(item, "folder");
	const char *type = json_get_string(folder, "type");
	struct list_info list = { 0 };

	if (!json_i64(json_get(item, "id"), &list.id) || list.id <= 0)
		return;
	list.name = keep_text(found, item, "name");
	list.name = list.name ? list.name : "";
	list.program = keep_text(found, item, "programName");
	list.workspace = keep_text(found, item, "workspaceName");
	list.workspace = list.workspace ? list.workspace : keep_text(found, item, "workspace");
	list.description = keep_text(found, item, "description");
	if (!json_i64(json_get(folder, "id"), &list.folder_id))
		list.folder_id = 0;
	list.folder_is_program = type && strcmp(type, "Program") == 0;
	vec_push(&found->lists, list);
}

static void found_done(struct lists_found *found)
{
	for (size_t i = 0; i < found->texts.count; i++)
		mem_free(found->texts.at[i]);
	vec_done(&found->texts);
	vec_done(&found->lists);
}

/* 702 is an old way of the Asset API to say that nothing was found. */
static bool is_nothing(const struct marketo_answer *answer, struct marketo_answer *none)
{
	if (answer->outcome != OUTCOME_REFUSED || strcmp(answer->error.code, "702") != 0)
		return false;
	*none = *answer;
	none->outcome = OUTCOME_OK;
	none->result = NULL;
	return true;
}

static void on_lists(void *self, const struct marketo_answer *answer)
{
	struct lists_call *call = self;
	struct lists_found found = { 0 };
	struct marketo_answer other;

	if (page_is_endless(answer, call->page, &other) || is_nothing(answer, &other))
		answer = &other;
	if (answer->outcome == OUTCOME_OK)
		for (const struct json *item = marketo_result_first(answer); item; item = marketo_result_next(answer, item))
			read_list(&found, item);
	call->done(call->self, answer, found.lists.at, found.lists.count, answer->outcome == OUTCOME_OK ? marketo_next_page(answer) : NULL);
	found_done(&found);
	mem_free(call->page);
	mem_free(call);
}

static struct lists_call *lists_call_new(const char *page, lists_done done, void *self)
{
	struct lists_call *call = mem_alloc(sizeof *call);

	*call = (struct lists_call){ .done = done, .self = self, .page = mem_strdup(page) };
	return call;
}

void lists_page(struct marketo *m, const char *name, int64_t id, const char *page, lists_done done, void *self)
{
	struct str query = { 0 };
	struct marketo_request request = {
		.kind = CALL_LISTS,
		.method = "GET",
		.path = "/v1/lists.json",
		.timeout_ms = TIMEOUT_MS,
		.permission = read_only_lead,
		.what = N_("reading the static lists"),
	};

	if (id > 0)
		param_number(&query, "id", id);
	param_text(&query, "name", name);
	param_number(&query, "batchSize", MARKETO_BATCH);
	param_text(&query, "nextPageToken", page);
	request.query = str_text(&query);
	marketo_call(m, &request, on_lists, lists_call_new(page, done, self));
	str_done(&query);
}

void list_by_name(struct marketo *m, const char *name, lists_done done, void *self)
{
	struct str query = { 0 };
	struct marketo_request request = {
		.kind = CALL_LISTS,
		.method = "GET",
		.path = "/asset/v1/staticList/byName.json",
		.timeout_ms = TIMEOUT_MS,
		.permission = read_only_assets,
		.what = N_("finding a static list by name"),
	};

	param_text(&query, "name", name);
	request.query = str_text(&query);
	marketo_call(m, &request, on_lists, lists_call_new(NULL, done, self));
	str_done(&query);
}

void list_by_id(struct marketo *m, int64_t id, lists_done done, void *self)
{
	char path[64];
	struct marketo_request request = {
		.kind = CALL_LISTS,
		.method = "GET",
		.path = path,
		.timeout_ms = TIMEOUT_MS,
		.permission = read_only_assets,
		.what = N_("finding a static list by id"),
	};

	snprintf(path, sizeof path, "/asset/v1/staticList/%lld.json", (long long)id);
	marketo_call(m, &request, on_lists, lists_call_new(NULL, done, self));
}

static void render_create(struct str *body, const char *name, int64_t folder_id, bool folder_is_program, const char *description)
{
	struct str folder = { 0 };

	str_add_format(&folder, "{\"id\":%lld,\"type\":\"%s\"}", (long long)folder_id, folder_is_program ? "Program" : "Folder");
	param_text(body, "folder", str_text(&folder));
	param_text(body, "name", name);
	param_text(body, "description", description);
	str_done(&folder);
}

void list_create(struct marketo *m, const char *name, int64_t folder_id, bool folder_is_program, const char *description, lists_done done, void *self)
{
	struct str body = { 0 };
	struct lists_call *call = lists_call_new(NULL, done, self);
	struct error err;
	struct marketo_request request = {
		.kind = CALL_LISTS,
		.method = "POST",
		.path = "/asset/v1/staticLists.json",
		.content_type = "application/x-www-form-urlencoded",
		.timeout_ms = TIMEOUT_MS,
		.write = true,
		/* A name can be given once: where the first call came through after all, the second one is answered 709. */
		.repeatable = true,
		.permission = read_write_assets,
		.what = N_("creating a static list"),
	};

	if (!name || !*name) {
		error_set(&err, STATUS_USAGE, "usage", _("a static list needs a name"));
		answer_later(m, OUTCOME_REFUSED, &err, on_lists, call);
		return;
	}
	render_create(&body, name, folder_id, folder_is_program, description);
	request.body = str_text(&body);
	request.body_length = body.length;
	marketo_call(m, &request, on_lists, call);
	str_done(&body);
}

void list_drop(struct marketo *m, int64_t id, marketo_done done, void *self)
{
	char path[64];
	struct marketo_request request = {
		.kind = CALL_LISTS,
		.method = "POST",
		.path = path,
		.timeout_ms = TIMEOUT_MS,
		.write = true,
		.repeatable = true,
		.permission = read_write_assets,
		.what = N_("deleting a static list"),
	};

	snprintf(path, sizeof path, "/asset/v1/staticList/%lld/delete.json", (long long)id);
	marketo_call(m, &request, done, self);
}

bool list_is_missing(const struct marketo_answer *answer)
{
	static const char *const codes[] = { "702", "1013" };

	for (size_t i = 0; answer->outcome == OUTCOME_REFUSED && i < sizeof codes / sizeof *codes; i++)
		if (strcmp(answer->error.code, codes[i]) == 0)
			return true;
	return false;
}
