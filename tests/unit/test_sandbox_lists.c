/* Lists, members, assets, folders and the hooks of the practice Marketo. */
#include "boxed.h"

static int setup(void **state)
{
	static const struct sandbox_options options = { .seed_people = 10, .no_limits = true };
	struct boxed *boxed = mem_alloc(sizeof *boxed);

	boxed_init(boxed, &options);
	*state = boxed;
	return 0;
}

static int teardown(void **state)
{
	boxed_done(*state);
	mem_free(*state);
	return 0;
}

#define MEMBERS "/rest/v1/lists/1001/leads.json"
#define ASSETS "/rest/asset/v1/staticLists.json"
#define NONE "\"warnings\":[\"No assets found for the given search criteria.\"]}"

/* --- members --- */

static void test_members(void **state)
{
	static const struct row rows[] = {
		{ "GET", MEMBERS, NULL, NULL, "", "\"result\":[],\"success\":true", NULL },
		{ "POST", MEMBERS, JSON_TYPE, "{\"input\":[{\"id\":1001},{\"id\":1002}]}", "",
			"\"result\":[{\"id\":1001,\"status\":\"added\"},{\"id\":1002,\"status\":\"added\"}]", NULL },
		/* recorded: adding a member again is "added" too */
		{ "POST", MEMBERS "?id=1002&id=1003,1004", NULL, NULL, "", "[{\"id\":1002,\"status\":\"added\"},{\"id\":1003,\"status\":\"added\"},{\"id\":1004,\"status\":\"added\"}]", NULL },
		{ "POST", MEMBERS "?id=77", NULL, NULL, "", "[{\"id\":77,\"status\":\"skipped\",\"reasons\":[{\"code\":\"1004\",\"message\":\"Lead not found\"}]}]", "1 of 1 ids" },
		{ "DELETE", MEMBERS "?id=1001&id=1009", NULL, NULL, "",
			"[{\"id\":1001,\"status\":\"removed\"},{\"id\":1009,\"status\":\"skipped\",\"reasons\":[{\"code\":\"1015\",\"message\":\"Lead not in list\"}]}]", NULL },
		{ "DELETE", MEMBERS, JSON_TYPE, "{\"input\":[{\"id\":1002},{\"id\":999999}]}", "", "[{\"id\":1002,\"status\":\"removed\"},{\"id\":999999,\"status\":\"skipped\"", NULL },
		{ "POST", MEMBERS "?_method=DELETE", JSON_TYPE, "{\"input\":[{\"id\":1004}]}", "", "removed", NULL },
		{ "GET", "/rest/v1/lists/1001/leads/ismember.json?id=1003,1004", NULL, NULL, "", "[{\"id\":1003,\"status\":\"memberof\"},{\"id\":1004,\"status\":\"notmemberof\"}]", NULL },
		{ "GET", "/rest/v1/list/1001/leads.json?fields=email", NULL, NULL, "", "[{\"id\":1003,\"email\":\"person0003@example.com\"}]", NULL },
		{ "POST", "/rest/v1/list/1001/leads.json", FORM_TYPE, "listId=1001&_method=GET", "", "\"id\":1003,\"firstName\"", NULL },
		{ "POST", "/rest/v1/list/1001/leads.json", FORM_TYPE, "listId=1002&_method=GET", "1003", NULL, "listId" },
		{ "POST", "/rest/v1/list/1001/leads.json", JSON_TYPE, "{\"input\":[{\"id\":1}]}", "605", NULL, NULL },
	};
	struct boxed *boxed = *state;

	EXPECT_ROWS(boxed, rows);
}

static void test_member_refusals(void **state)
{
	static const struct row rows[] = {
		{ "GET", "/rest/v1/lists/9999/leads.json", NULL, NULL, "1013", "Static list not found", NULL },
		{ "POST", "/rest/v1/lists/9999/leads.json?id=1001", NULL, NULL, "1013", NULL, NULL },
		{ "DELETE", "/rest/v1/lists/9999/leads.json?id=1001", NULL, NULL, "1013", NULL, NULL },
		{ "POST", MEMBERS, NULL, NULL, "1002", "'id'", NULL },
		{ "POST", MEMBERS "?id=", NULL, NULL, "1002", NULL, NULL },
		{ "POST", MEMBERS "?id=abc", NULL, NULL, "1001", "abc", NULL },
		{ "POST", MEMBERS "?id=1001", JSON_TYPE, "{\"input\":[{\"id\":1002}]}", "1003", NULL, "only when the body is empty" },
		{ "POST", MEMBERS, JSON_TYPE, "{\"input\":[1001]}", "1001", NULL, NULL },
		{ "POST", MEMBERS, JSON_TYPE, "{\"input\":[{\"id\":\"1001\"}]}", "1001", NULL, NULL },
		{ "POST", MEMBERS, JSON_TYPE, "{\"input\":[{\"id\":1001,\"email\":\"x\"}]}", "1003", "email", NULL },
		{ "POST", MEMBERS, JSON_TYPE, "{\"input\":[]}", "1002", NULL, NULL },
		{ "POST", MEMBERS, JSON_TYPE, "{\"ids\":[1]}", "1003", "ids", NULL },
		{ "POST", MEMBERS, "text/plain", "{\"input\":[{\"id\":1001}]}", "612", NULL, NULL },
		{ "GET", MEMBERS "?batchSize=0", NULL, NULL, "1003", NULL, NULL },
		{ "GET", MEMBERS "?fields=nope", NULL, NULL, "1006", NULL, NULL },
		{ "GET", MEMBERS "?id=1", NULL, NULL, "1003", NULL, NULL },
	};
	struct boxed *boxed = *state;
	struct str path = { 0 };
	struct row row = { "POST", NULL, NULL, NULL, "1003", NULL, "301 ids" };
	struct json *reply;

	EXPECT_ROWS(boxed, rows);
	str_add(&path, MEMBERS "?id=1001");
	for (int i = 0; i < 300; i++)
		str_add_format(&path, ",%d", 2000 + i);
	row.path = str_text(&path);
	expect_row(boxed, &row);
	str_done(&path);
	reply = boxed_get(boxed, "/_sandbox/members?list=1001");
	assert_int_equal(number_of(reply, "count"), 0);
	json_free(reply);
}

static void test_member_pages(void **state)
{
	struct boxed *boxed = *state;
	const char *token = "";
	struct json *reply = boxed_post(boxed, MEMBERS, "{\"input\":[{\"id\":1001},{\"id\":1002},{\"id\":1003},{\"id\":1004},{\"id\":1005},{\"id\":1006}]}");
	char path[300];
	int64_t expected = 1001, pages = 0;

	while (token) {
		snprintf(path, sizeof path, MEMBERS "?batchSize=2%s%s", *token ? "&nextPageToken=" : "", token);
		json_free(reply);
		reply = boxed_get(boxed, path);
		for (size_t i = 0; i < json_count(json_get(reply, "result")); i++)
			assert_int_equal(reply_id(reply, i), expected++);
		pages++;
		token = json_get_string(reply, "nextPageToken");
		assert_true(json_is_true(json_get(reply, "moreResult")) == (token != NULL));
	}
	json_free(reply);
	assert_int_equal(expected, 1007);
	assert_int_equal(pages, 3);
}

/* --- lists of the lead database --- */

static void test_lists(void **state)
{
	static const struct row rows[] = {
		{ "GET", "/rest/v1/lists.json?id=1001", NULL, NULL, "", "[{\"id\":1001,\"name\":\"Newsletter subscribers\",\"description\":\"Everyone who takes the monthly letter\","
			"\"workspaceName\":\"Default\",\"createdAt\":\"2026-11-23T12:00:00Z\",\"updatedAt\":\"2026-11-23T12:00:00Z\"}]", NULL },
		{ "GET", "/rest/v1/lists.json?id=1001,1004&id=1007", NULL, NULL, "", "\"programName\":\"Spring Launch\"", NULL },
		{ "GET", "/rest/v1/lists.json?name=Newsletter%20subscribers", NULL, NULL, "", "\"id\":1001", NULL },
		/* a comma parts names: such a list is not found by its name here */
		{ "GET", "/rest/v1/lists.json?name=VIP,%20gold%20and%20silver", NULL, NULL, "", "\"result\":[]", NULL },
		{ "GET", "/rest/v1/lists.json?programName=Spring%20Launch", NULL, NULL, "", "\"id\":1007", NULL },
		{ "GET", "/rest/v1/lists.json?workspaceName=Europe", NULL, NULL, "", "\"workspaceName\":\"Europe\"", NULL },
		{ "GET", "/rest/v1/lists.json?workspaceName=Mars", NULL, NULL, "", "\"result\":[]", NULL },
		{ "GET", "/rest/v1/lists.json?id=x", NULL, NULL, "1001", NULL, NULL },
		{ "GET", "/rest/v1/lists/1002.json", NULL, NULL, "", "VIP, gold and silver", NULL },
		{ "GET", "/rest/v1/lists/9999.json", NULL, NULL, "1013", NULL, NULL },
	};
	struct boxed *boxed = *state;
	struct json *reply;
	char path[200];
	size_t seen;

	EXPECT_ROWS(boxed, rows);
	reply = boxed_get(boxed, "/rest/v1/lists.json?batchSize=5");
	seen = json_count(json_get(reply, "result"));
	assert_int_equal(seen, 5);
	assert_null(json_get(reply, "moreResult"));
	snprintf(path, sizeof path, "/rest/v1/lists.json?batchSize=5&nextPageToken=%s", json_get_string(reply, "nextPageToken"));
	json_free(reply);
	reply = boxed_get(boxed, path);
	assert_int_equal(json_count(json_get(reply, "result")), 3);
	assert_int_equal(reply_id(reply, 0), 1006);
	assert_null(json_get(reply, "nextPageToken"));
	json_free(reply);
}

/* --- assets --- */

#define FOLDER_12 "folder=%7B%22id%22%3A12%2C%22type%22%3A%22Folder%22%7D"
#define PROGRAM_24 "folder=%7B%22id%22%3A24%2C%22type%22%3A%22Program%22%7D"

static void test_asset_lists(void **state)
{
	static const struct row rows[] = {
		{ "GET", "/rest/asset/v1/staticList/byName.json?name=%28test%29%20High%20Value", NULL, NULL, "", NONE, NULL },
		{ "POST", ASSETS, FORM_TYPE, "name=%28test%29%20High%20Value&" FOLDER_12, "",
			"\"warnings\":[],\"result\":[{\"id\":1009,\"name\":\"(test) High Value\",\"createdAt\":\"2026-11-23T12:00:00Z+0000\","
			"\"updatedAt\":\"2026-11-23T12:00:00Z+0000\",\"folder\":{\"id\":12,\"type\":\"Folder\"},\"computedUrl\":\"https://app.example.com/#ST1009A1\","
			"\"workspace\":\"Default\"}]", NULL },
		{ "POST", ASSETS, FORM_TYPE, "name=%28test%29%20High%20Value&" FOLDER_12, "709", "Static List with the same name already exists", NULL },
		/* taken also when it lives in another folder */
		{ "POST", ASSETS, FORM_TYPE, "name=%28test%29%20High%20Value&" PROGRAM_24, "709", NULL, NULL },
		{ "POST", ASSETS, FORM_TYPE, "name=In+a+program&description=D&" PROGRAM_24, "", "\"folder\":{\"id\":24,\"type\":\"Program\"}", NULL },
		{ "GET", "/rest/asset/v1/staticList/byName.json?name=VIP%2C%20gold%20and%20silver", NULL, NULL, "", "\"id\":1002", NULL },
		{ "GET", "/rest/asset/v1/staticList/byName.json", NULL, NULL, "701", "name cannot be blank", NULL },
		{ "GET", "/rest/asset/v1/staticList/1009.json", NULL, NULL, "", "High Value", NULL },
		{ "GET", "/rest/asset/v1/staticList/9999.json", NULL, NULL, "", NONE, NULL },
		{ "POST", "/rest/asset/v1/staticList/1009.json", FORM_TYPE, "name=Better&description=Text", "", "\"name\":\"Better\",\"description\":\"Text\"", NULL },
		{ "POST", "/rest/asset/v1/staticList/1009.json", FORM_TYPE, "name=Newsletter+subscribers", "709", NULL, NULL },
		{ "POST", "/rest/asset/v1/staticList/1009.json", FORM_TYPE, "name=", "701", NULL, NULL },
		{ "POST", "/rest/asset/v1/staticList/1009.json", FORM_TYPE, "name=+", "701", NULL, NULL },
		{ "POST", "/rest/asset/v1/staticList/9999.json", FORM_TYPE, "name=x", "702", NULL, NULL },
		{ "POST", "/rest/asset/v1/staticList/1009/delete.json", NULL, NULL, "", "\"result\":[{\"id\":1009}]", NULL },
		{ "POST", "/rest/asset/v1/staticList/1009/delete.json", NULL, NULL, "702", NULL, NULL },
		{ "GET", "/rest/v1/lists/1009.json", NULL, NULL, "1013", NULL, NULL },
		{ "GET", ASSETS "?folder=%7B%22id%22%3A24%2C%22type%22%3A%22Program%22%7D", NULL, NULL, "", "In a program", NULL },
		{ "GET", ASSETS "?folder=%7B%22id%22%3A24%2C%22type%22%3A%22Folder%22%7D", NULL, NULL, "", NONE, NULL },
		{ "GET", ASSETS "?maxReturn=201", NULL, NULL, "1003", NULL, NULL },
		{ "GET", ASSETS "?offset=-1", NULL, NULL, "1003", NULL, NULL },
		{ "GET", ASSETS "?offset=500", NULL, NULL, "", NONE, NULL },
		{ "GET", ASSETS "?earliestUpdatedAt=soon", NULL, NULL, "704", NULL, NULL },
		{ "GET", ASSETS "?earliestUpdatedAt=2026-11-24", NULL, NULL, "", NONE, NULL },
	};
	struct boxed *boxed = *state;

	EXPECT_ROWS(boxed, rows);
}

static void test_asset_create_refusals(void **state)
{
	static const struct row rows[] = {
		{ "POST", ASSETS, FORM_TYPE, FOLDER_12, "701", "name cannot be blank", NULL },
		{ "POST", ASSETS, FORM_TYPE, "name=&" FOLDER_12, "701", NULL, NULL },
		{ "POST", ASSETS, FORM_TYPE, "name=+%09+&" FOLDER_12, "701", "name cannot be blank", NULL },
		{ "POST", ASSETS, FORM_TYPE, "name=x", "701", "folder cannot be blank", NULL },
		{ "POST", ASSETS, FORM_TYPE, "name=x&folder=12", "609", NULL, NULL },
		{ "POST", ASSETS, FORM_TYPE, "name=x&folder=%7B%22id%22%3A12%7D", "701", "type", NULL },
		{ "POST", ASSETS, FORM_TYPE, "name=x&folder=%7B%22id%22%3A%2212%22%2C%22type%22%3A%22Folder%22%7D", "1001", "folder.id", NULL },
		{ "POST", ASSETS, FORM_TYPE, "name=x&folder=%7B%22id%22%3A12.5%2C%22type%22%3A%22Folder%22%7D", "1001", "folder.id", NULL },
		{ "POST", ASSETS, FORM_TYPE, "name=x&folder=%7B%22type%22%3A%22Folder%22%7D", "701", "id", NULL },
		{ "POST", ASSETS, FORM_TYPE, "name=x&folder=%7B%22id%22%3A12%2C%22type%22%3A%22folder%22%7D", "711", NULL, NULL },
		{ "POST", ASSETS, FORM_TYPE, "name=x&folder=%7B%22id%22%3A999%2C%22type%22%3A%22Folder%22%7D", "710", NULL, NULL },
		{ "POST", ASSETS, FORM_TYPE, "name=x&folder=%7B%22id%22%3A12%2C%22type%22%3A%22Program%22%7D", "710", NULL, NULL },
		{ "POST", ASSETS, FORM_TYPE, "name=x&folder=%7B%22id%22%3A30%2C%22type%22%3A%22Folder%22%7D", "711", NULL, NULL },
		{ "POST", ASSETS, FORM_TYPE, "name=x&folder=%7B%22id%22%3A5%2C%22type%22%3A%22Folder%22%7D", "711", NULL, NULL },
		{ "POST", ASSETS, FORM_TYPE, "name=x&color=red&" FOLDER_12, "1003", "color", NULL },
	};
	struct boxed *boxed = *state;
	struct str body = { 0 };
	struct row row = { "POST", ASSETS, FORM_TYPE, NULL, "709", "longer", NULL };

	EXPECT_ROWS(boxed, rows);
	str_add(&body, FOLDER_12 "&name=");
	for (int i = 0; i < 256; i++)
		str_add_char(&body, 'n');
	row.body = str_text(&body);
	expect_row(boxed, &row);
	str_done(&body);
}

/* --- folders --- */

static void test_folders(void **state)
{
	static const struct row rows[] = {
		{ "GET", "/rest/asset/v1/folder/byName.json?name=Group%20Lists&workSpace=Default", NULL, NULL, "",
			"\"result\":[{\"name\":\"Group Lists\",\"description\":null,\"createdAt\":\"2020-08-14T20:43:13Z+0000\",\"updatedAt\":\"2020-08-14T20:43:13Z+0000\","
			"\"url\":null,\"folderId\":{\"id\":12,\"type\":\"Folder\"},\"folderType\":\"List\",\"parent\":{\"id\":5,\"type\":\"Folder\"},"
			"\"path\":\"/Lead Database/Default/Group Lists\",\"isArchive\":false,\"isSystem\":true,\"accessZoneId\":1,\"workspace\":\"Default\",\"id\":12}]", NULL },
		{ "GET", "/rest/asset/v1/folder/byName.json?name=Newsletter&root=7&type=Folder", NULL, NULL, "", "\"id\":27", NULL },
		{ "GET", "/rest/asset/v1/folder/byName.json?name=Nothing", NULL, NULL, "", NONE, NULL },
		{ "GET", "/rest/asset/v1/folder/byName.json?name=Spring%20Launch&type=Program", NULL, NULL, "", NONE, NULL },
		{ "GET", "/rest/asset/v1/folder/byName.json?name=Newsletter&type=Zone", NULL, NULL, "711", NULL, NULL },
		{ "GET", "/rest/asset/v1/folder/byName.json", NULL, NULL, "701", NULL, NULL },
		{ "GET", "/rest/asset/v1/folder/24.json?type=Folder", NULL, NULL, "", "\"name\":\"Events\"", NULL },
		{ "GET", "/rest/asset/v1/folder/24.json?type=Program", NULL, NULL, "", "\"name\":\"Customer Day\"", NULL },
		{ "GET", "/rest/asset/v1/folder/24.json", NULL, NULL, "701", NULL, NULL },
		{ "GET", "/rest/asset/v1/folder/999.json?type=Folder", NULL, NULL, "", NONE, NULL },
		{ "GET", "/rest/asset/v1/folders.json?root=%7B%22id%22%3A12%2C%22type%22%3A%22Folder%22%7D", NULL, NULL, "", "\"path\":\"/Lead Database/Default/Group Lists/Audiences\"", NULL },
		{ "GET", "/rest/asset/v1/folders.json?root=%7B%22id%22%3A999%2C%22type%22%3A%22Folder%22%7D", NULL, NULL, "710", NULL, NULL },
		{ "GET", "/rest/asset/v1/folders.json?root=%7B%22id%22%3A12%2C%22id%22%3A12%2C%22type%22%3A%22Folder%22%7D", NULL, NULL, "609", NULL, "twice" },
		{ "GET", "/rest/asset/v1/folders.json?root=4", NULL, NULL, "609", NULL, NULL },
		{ "GET", "/rest/asset/v1/folders.json?maxDepth=-1", NULL, NULL, "1003", NULL, NULL },
		{ "GET", "/rest/asset/v1/folder/byName.json?name=Newsletter&root=7", NULL, NULL, "701", "type", NULL },
		{ "GET", "/rest/asset/v1/folders.json?root=abc", NULL, NULL, "609", NULL, NULL },
		{ "GET", "/rest/asset/v1/folders.json?workSpace=Mars", NULL, NULL, "", NONE, NULL },
		{ "GET", "/rest/asset/v1/folders.json?maxReturn=201", NULL, NULL, "1003", NULL, NULL },
		{ "GET", "/rest/asset/v1/folders.json?maxDepth=x", NULL, NULL, "1001", NULL, NULL },
	};
	static const struct {
		const char *path;
		size_t count;
	} counts[] = {
		{ "/rest/asset/v1/folders.json?maxDepth=1", 3 },
		{ "/rest/asset/v1/folders.json", 8 }, /* two deep without maxDepth */
		{ "/rest/asset/v1/folders.json?maxDepth=9", 20 }, /* 20 without maxReturn */
		{ "/rest/asset/v1/folders.json?maxDepth=9&maxReturn=200", 22 },
		{ "/rest/asset/v1/folders.json?maxDepth=9&maxReturn=200&offset=20", 2 },
		{ "/rest/asset/v1/folders.json?maxDepth=9&maxReturn=200&workSpace=Europe", 6 },
		{ "/rest/asset/v1/folders.json?root=%7B%22id%22%3A4%2C%22type%22%3A%22Folder%22%7D&maxDepth=0", 1 }, /* the root itself */
		{ "/rest/asset/v1/folders.json?root=%7B%22id%22%3A4%2C%22type%22%3A%22Folder%22%7D&maxDepth=1", 4 },
	};
	struct boxed *boxed = *state;

	EXPECT_ROWS(boxed, rows);
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
		struct json *reply = boxed_get(boxed, counts[i].path);

		if (json_count(json_get(reply, "result")) != counts[i].count)
			fail_msg("%s: %zu folders", counts[i].path, json_count(json_get(reply, "result")));
		json_free(reply);
	}
}

/* What the swagger says must be there (FolderResponse, and StaticListResponse but for what recorded replies leave out). */
static void test_required_members(void **state)
{
	static const struct {
		const char *path;
		const char *names[12];
	} rows[] = {
		{ "/rest/asset/v1/folders.json?maxDepth=9", { "createdAt", "folderId", "folderType", "id", "isArchive", "name", "parent", "path", "updatedAt", "url" } },
		{ ASSETS, { "id", "name", "createdAt", "updatedAt", "folder", "workspace", "computedUrl" } },
		{ "/rest/v1/lists.json", { "id", "name", "createdAt", "updatedAt" } },
		{ "/rest/v1/stats/usage.json", { "date", "total", "users" } },
		{ "/rest/v1/stats/errors.json", { "date", "total", "errors" } },
	};
	struct boxed *boxed = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct json *reply = boxed_get(boxed, rows[i].path);

		assert_true(json_is_true(json_get(reply, "success")));
		assert_non_null(json_get_string(reply, "requestId"));
		assert_true(json_count(json_get(reply, "result")) > 0);
		for (const struct json *item = json_first(json_get(reply, "result")); item; item = json_next(item)) {
			for (size_t j = 0; rows[i].names[j]; j++) {
				if (!json_get(item, rows[i].names[j]))
					fail_msg("%s: no %s", rows[i].path, rows[i].names[j]);
			}
		}
		json_free(reply);
	}
}

/* --- hooks --- */

static void test_hooks(void **state)
{
	struct boxed *boxed = *state;
	int64_t calls = state_number(boxed, "calls"), id;
	struct json *reply;
	char path[100];

	reply = boxed_post(boxed, "/_sandbox/people", "{\"partition\":\"Europe\",\"fields\":{\"email\":\"hook@example.com\",\"ecids\":\"123\"}}");
	id = number_of(reply, "id");
	assert_true(id > 0);
	json_free(reply);
	snprintf(path, sizeof path, "{\"list\":1001,\"id\":%lld}", (long long)id);
	json_free(boxed_post(boxed, "/_sandbox/members", path));
	reply = boxed_get(boxed, "/_sandbox/members?list=1001");
	assert_int_equal(number_of(reply, "count"), 1);
	assert_string_equal(json_get_string(json_first(json_get(reply, "members")), "email"), "hook@example.com");
	json_free(reply);
	snprintf(path, sizeof path, "/_sandbox/members?list=1001&id=%lld", (long long)id);
	json_free(boxed_ask(boxed, "DELETE", path, NULL, NULL));
	reply = boxed_get(boxed, "/_sandbox/members?list=1001");
	assert_int_equal(number_of(reply, "count"), 0);
	json_free(reply);
	reply = boxed_get(boxed, "/_sandbox/people?field=email&value=HOOK@example.com");
	assert_int_equal(json_count(reply), 1);
	assert_string_equal(json_get_string(json_first(reply), "partition"), "Europe");
	json_free(reply);
	snprintf(path, sizeof path, "/_sandbox/people?id=%lld", (long long)id);
	json_free(boxed_ask(boxed, "DELETE", path, NULL, NULL));
	assert_int_equal(state_number(boxed, "people"), 10);
	reply = boxed_get(boxed, "/_sandbox/state");
	assert_int_equal(number_of(json_first(json_get(reply, "lists")), "folder"), 23);
	json_free(reply);
	json_free(boxed_ask(boxed, "DELETE", "/_sandbox/lists?id=1001", NULL, NULL));
	assert_int_equal(state_number(boxed, "calls"), calls);
	reply = boxed_get(boxed, MEMBERS);
	assert_string_equal(reply_code(reply), "1013");
	json_free(reply);
}

static int64_t add_person(struct boxed *boxed, const char *email)
{
	struct json *reply;
	char body[100];
	int64_t id;

	snprintf(body, sizeof body, "{\"fields\":{\"email\":\"%s\",\"firstName\":\"Ada\"}}", email);
	reply = boxed_post(boxed, "/_sandbox/people", body);
	id = number_of(reply, "id");
	json_free(reply);
	return id;
}

static void test_hook_merge(void **state)
{
	struct boxed *boxed = *state;
	int64_t winner = add_person(boxed, "winner@example.com"), loser = add_person(boxed, "loser@example.com");
	struct json *reply;
	char body[100];

	snprintf(body, sizeof body, "{\"list\":1002,\"id\":%lld}", (long long)loser);
	json_free(boxed_post(boxed, "/_sandbox/members", body));
	snprintf(body, sizeof body, "{\"winner\":%lld,\"loser\":%lld}", (long long)winner, (long long)loser);
	json_free(boxed_post(boxed, "/_sandbox/merge", body));
	reply = boxed_get(boxed, "/_sandbox/members?list=1002");
	assert_int_equal(number_of(reply, "count"), 1);
	assert_int_equal(number_of(json_first(json_get(reply, "members")), "id"), winner);
	json_free(reply);
	reply = boxed_get(boxed, "/_sandbox/people?field=email&value=loser@example.com");
	assert_int_equal(json_count(reply), 0);
	json_free(reply);
	/* By hand, and found by the new address alone. */
	snprintf(body, sizeof body, "{\"id\":%lld,\"fields\":{\"email\":\"moved@example.com\",\"firstName\":null}}", (long long)winner);
	json_free(boxed_ask(boxed, "PUT", "/_sandbox/people", JSON_TYPE, body));
	reply = boxed_get(boxed, "/_sandbox/people?field=email&value=winner@example.com");
	assert_int_equal(json_count(reply), 0);
	json_free(reply);
	reply = boxed_get(boxed, "/_sandbox/people?field=email&value=moved@example.com");
	assert_int_equal(json_count(reply), 1);
	assert_null(json_get(json_get(json_first(reply), "fields"), "firstName"));
	json_free(reply);
	snprintf(body, sizeof body, "/_sandbox/people?id=%lld", (long long)winner);
	json_free(boxed_ask(boxed, "DELETE", body, NULL, NULL));
}

static bool names(const struct json *list, const char *member, const char *name)
{
	for (const struct json *one = json_first(list); one; one = json_next(one)) {
		const char *text = json_get_string(one, member);

		if (text && strcmp(text, name) == 0)
			return true;
	}
	return false;
}

/* Fields, folders and lists of any name, for faces that must stand them. */
static void test_hooks_that_add(void **state)
{
	struct boxed *boxed = *state;
	struct json *reply;
	char body[100];
	int64_t folder;

	json_free(boxed_post(boxed, "/_sandbox/fields", "{\"name\":\"odd\",\"label\":\"\\u001b[31mred\",\"type\":\"string\"}"));
	reply = boxed_get(boxed, "/rest/v1/leads/describe.json");
	assert_true(names(json_get(reply, "result"), "displayName", "\033[31mred"));
	json_free(reply);
	reply = boxed_get(boxed, "/rest/v1/leads/describe2.json");
	assert_true(names(json_get(json_first(json_get(reply, "result")), "fields"), "name", "odd"));
	json_free(reply);
	reply = boxed_post(boxed, "/_sandbox/folders", "{\"name\":\"a\\u0007b\"}");
	folder = number_of(reply, "id");
	json_free(reply);
	reply = boxed_get(boxed, "/rest/asset/v1/folders.json?maxDepth=5&maxReturn=200");
	assert_true(names(json_get(reply, "result"), "name", "a\ab"));
	json_free(reply);
	snprintf(body, sizeof body, "{\"name\":\"c\\u202ed\",\"folder\":%lld}", (long long)folder);
	json_free(boxed_post(boxed, "/_sandbox/lists", body));
	reply = boxed_get(boxed, "/rest/v1/lists.json");
	assert_true(names(json_get(reply, "result"), "name", "c\342\200\256d"));
	json_free(reply);
}

static void test_hook_refusals(void **state)
{
	static const struct {
		const char *method, *path, *body;
		long status;
	} rows[] = {
		{ "GET", "/_sandbox/nothing", NULL, 404 },
		{ "DELETE", "/_sandbox/state", NULL, 404 },
		{ "POST", "/_sandbox/settings", "{", 400 },
		{ "POST", "/_sandbox/settings", "{\"deny\":\"fly\"}", 400 },
		{ "POST", "/_sandbox/people", "{\"partition\":\"Mars\",\"fields\":{}}", 400 },
		{ "POST", "/_sandbox/people", "{}", 400 },
		{ "POST", "/_sandbox/fields", "{\"name\":\"email\",\"label\":\"x\",\"type\":\"string\"}", 400 },
		{ "POST", "/_sandbox/fields", "{\"name\":\"x\",\"label\":\"x\",\"type\":\"colour\"}", 400 },
		{ "POST", "/_sandbox/folders", "{}", 400 },
		{ "POST", "/_sandbox/lists", "{\"name\":\"x\",\"folder\":9999}", 400 },
		{ "GET", "/_sandbox/people?field=firstName&value=x", NULL, 400 },
		{ "PUT", "/_sandbox/people", "{\"id\":999999,\"fields\":{}}", 400 },
		{ "POST", "/_sandbox/merge", "{\"winner\":1,\"loser\":1}", 400 },
		{ "POST", "/_sandbox/merge", "{\"winner\":1,\"loser\":999999}", 400 },
	};
	struct boxed *boxed = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct answer answer;

		talk_ask(&boxed->talk, &answer, rows[i].method, rows[i].path, JSON_TYPE, rows[i].body);
		assert_int_equal(answer.status, rows[i].status);
		json_free(answer_json(&answer));
		answer_done(&answer);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_members, setup, teardown),
		cmocka_unit_test_setup_teardown(test_member_refusals, setup, teardown),
		cmocka_unit_test_setup_teardown(test_member_pages, setup, teardown),
		cmocka_unit_test_setup_teardown(test_lists, setup, teardown),
		cmocka_unit_test_setup_teardown(test_asset_lists, setup, teardown),
		cmocka_unit_test_setup_teardown(test_asset_create_refusals, setup, teardown),
		cmocka_unit_test_setup_teardown(test_folders, setup, teardown),
		cmocka_unit_test_setup_teardown(test_required_members, setup, teardown),
		cmocka_unit_test_setup_teardown(test_hook_merge, setup, teardown),
		cmocka_unit_test_setup_teardown(test_hooks, setup, teardown),
		cmocka_unit_test_setup_teardown(test_hooks_that_add, setup, teardown),
		cmocka_unit_test_setup_teardown(test_hook_refusals, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
