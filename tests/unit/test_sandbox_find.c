/* Fields, partitions and look-ups of people in the practice Marketo. Shapes are those of the recorded replies and the swagger. */
#include "boxed.h"

static int setup(void **state)
{
	static const struct sandbox_options options = { .seed_people = 5, .no_limits = true };
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

#define SYNC "/rest/v1/leads.json"
#define FIND "/rest/v1/leads.json?filterType=email&filterValues="

/* --- describing --- */

static const struct json *find_named(const struct json *array, const char *part, const char *name)
{
	for (const struct json *item = json_first(array); item; item = json_next(item)) {
		const char *text = json_get_string(part ? json_get(item, part) : item, "name");

		if (text && strcmp(text, name) == 0)
			return item;
	}
	return NULL;
}

static void test_describe(void **state)
{
	struct boxed *boxed = *state;
	struct json *reply = boxed_get(boxed, "/rest/v1/leads/describe.json");
	const struct json *fields = json_get(reply, "result"), *email = find_named(fields, "rest", "email");
	size_t without_rest = 0;

	assert_in_range(json_count(fields), 60, 110);
	for (const struct json *field = json_first(fields); field; field = json_next(field)) {
		const struct json *rest = json_get(field, "rest");

		assert_true(number_of(field, "id") > 0);
		assert_non_null(json_get_string(field, "displayName"));
		assert_non_null(json_get_string(field, "dataType"));
		if (!rest)
			without_rest++;
		else
			assert_true(json_kind(json_get(rest, "readOnly")) == JSON_TRUE || json_kind(json_get(rest, "readOnly")) == JSON_FALSE);
	}
	assert_true(without_rest > 0);
	assert_string_equal(json_get_string(email, "dataType"), "email");
	assert_int_equal(number_of(email, "length"), 255);
	assert_true(json_is_true(json_get(json_get(find_named(fields, "rest", "ecids"), "rest"), "readOnly")));
	json_free(reply);
}

static bool searchable(const struct json *api, const char *name)
{
	for (const struct json *set = json_first(json_get(api, "searchableFields")); set; set = json_next(set)) {
		if (json_count(set) == 1 && strcmp(json_string(json_first(set)), name) == 0)
			return true;
	}
	return false;
}

static void test_describe2(void **state)
{
	struct boxed *boxed = *state;
	struct json *reply = boxed_get(boxed, "/rest/v1/leads/describe2.json");
	const struct json *api = reply_at(reply, 0), *fields = json_get(api, "fields");

	assert_int_equal(json_count(json_get(reply, "result")), 1);
	assert_string_equal(json_get_string(api, "name"), "API Lead");
	assert_true(searchable(api, "email") && searchable(api, "id") && searchable(api, "ecidCustom") && searchable(api, "customerNumber"));
	assert_false(searchable(api, "ecids") || searchable(api, "firstName"));
	for (const struct json *field = json_first(fields); field; field = json_next(field)) {
		assert_non_null(json_get_string(field, "name"));
		assert_non_null(json_get_string(field, "displayName"));
		assert_non_null(json_get_string(field, "dataType"));
		assert_non_null(json_get(field, "updateable"));
		assert_non_null(json_get(field, "crmManaged"));
	}
	assert_false(json_is_true(json_get(find_named(fields, NULL, "createdAt"), "updateable")));
	assert_true(json_is_true(json_get(find_named(fields, NULL, "firstName"), "updateable")));
	json_free(reply);
}

static void test_partitions(void **state)
{
	struct boxed *boxed = *state;
	struct json *reply = boxed_get(boxed, "/rest/v1/leads/partitions.json");

	assert_int_equal(json_count(json_get(reply, "result")), 2);
	assert_string_equal(json_get_string(reply_at(reply, 0), "name"), "Default");
	assert_int_equal(reply_id(reply, 0), 1);
	assert_string_equal(json_get_string(reply_at(reply, 1), "name"), "Europe");
	json_free(reply);
}

static void add_person(struct boxed *boxed, const char *partition, const char *email)
{
	char body[300];

	snprintf(body, sizeof body, "{\"partition\":\"%s\",\"fields\":{\"email\":\"%s\"}}", partition, email);
	json_free(boxed_post(boxed, "/_sandbox/people", body));
}

/* --- finding --- */

static void test_find(void **state)
{
	static const struct row rows[] = {
		{ "GET", FIND "nobody@example.com", NULL, NULL, "", "\"result\":[],\"success\":true", NULL },
		{ "GET", FIND "PERSON0002@example.com,nobody@example.com,person0001@example.com", NULL, NULL, "", "\"id\":1001", NULL },
		{ "GET", FIND "person0001@example.com&filterValues=person0002@example.com", NULL, NULL, "", "\"id\":1002", NULL },
		{ "GET", "/rest/v1/leads.json?filterType=id&filterValues=1003,9", NULL, NULL, "", "\"id\":1003", NULL },
		{ "GET", "/rest/v1/leads.json?filterType=id&filterValues=1003,x", NULL, NULL, "1001", "'x'", NULL },
		{ "GET", "/rest/v1/leads.json?filterType=membershipNumber&filterValues=1.5", NULL, NULL, "1001", NULL, NULL },
		{ "GET", "/rest/v1/leads.json?filterValues=a", NULL, NULL, "1002", "filterType", NULL },
		{ "GET", "/rest/v1/leads.json?filterType=email", NULL, NULL, "1002", "filterValues", NULL },
		{ "GET", "/rest/v1/leads.json?filterType=userId&filterValues=a", NULL, NULL, "1006", "Lookup field 'userId' not found", NULL },
		{ "GET", "/rest/v1/leads.json?filterType=firstName&filterValues=a", NULL, NULL, "1011", NULL, NULL },
		{ "GET", "/rest/v1/leads.json?filterType=ecids&filterValues=1", NULL, NULL, "1011", NULL, NULL },
		{ "GET", FIND "a@example.com&fields=email,nope", NULL, NULL, "1006", "nope", NULL },
		{ "GET", FIND "a@example.com&batchSize=301", NULL, NULL, "1003", "batchSize", NULL },
		{ "GET", FIND "a@example.com&batchSize=x", NULL, NULL, "1001", NULL, NULL },
		{ "GET", FIND "a@example.com&nextPageToken=x", NULL, NULL, "1003", "Invalid paging token", NULL },
		{ "POST", SYNC "?_method=GET", FORM_TYPE, "filterType=email&filterValues=person0001%40example.com&fields=id", "", "[{\"id\":1001}]", NULL },
		{ "POST", SYNC, FORM_TYPE, "_method=GET&filterType=email&filterValues=person0001%40example.com", "", "\"id\":1001", NULL },
		{ "POST", SYNC "?_method=GET", FORM_TYPE, "filterType=email&filterValues=a&x=1", "1003", "'x'", NULL },
		{ "POST", SYNC "?_method=GET", JSON_TYPE, "{\"filterType\":\"email\"}", "1003", NULL, "body" },
		{ "GET", "/rest/v1/lead/1001.json", NULL, NULL, "", "\"email\":\"person0001@example.com\"", NULL },
		{ "GET", "/rest/v1/lead/1001.json?fields=email", NULL, NULL, "", "[{\"id\":1001,\"email\":\"person0001@example.com\"}]", NULL },
		{ "GET", "/rest/v1/lead/1001.json?fields=nope", NULL, NULL, "1006", NULL, NULL },
		{ "GET", "/rest/v1/lead/9999.json", NULL, NULL, "1004", "Lead not found", NULL },
	};
	struct boxed *boxed = *state;

	EXPECT_ROWS(boxed, rows);
}

/* Recorded: the fields of a reply that asks for none. */
static void test_default_fields(void **state)
{
	static const char *const names[] = { "id", "firstName", "lastName", "email", "updatedAt", "createdAt" };
	struct boxed *boxed = *state;
	struct json *reply = boxed_get(boxed, FIND "person0001@example.com");
	const struct json *member = json_first(reply_at(reply, 0));

	for (size_t i = 0; i < 6; i++, member = json_next(member))
		assert_string_equal(json_key(member), names[i]);
	assert_null(member);
	assert_string_equal(json_get_string(reply_at(reply, 0), "createdAt"), "2026-11-23T12:00:00Z");
	json_free(reply);
}

static void test_find_limits(void **state)
{
	struct boxed *boxed = *state;
	struct str path = { 0 };
	struct row row = { "GET", NULL, NULL, NULL, "1003", NULL, NULL };

	str_add(&path, "/rest/v1/leads.json?filterType=id&filterValues=1001");
	for (int i = 2; i <= 300; i++)
		str_add_format(&path, ",%d", 1000 + i);
	row.path = str_text(&path);
	row.code = "";
	expect_row(boxed, &row);
	str_add(&path, ",1");
	row.path = str_text(&path);
	row.code = "1003";
	row.rule = "301 filter values";
	expect_row(boxed, &row);
	str_done(&path);
	for (int i = 0; i < 1001; i++)
		add_person(boxed, "Default", "many@example.com");
	row.path = FIND "many@example.com";
	row.has = "Too many results match the filter";
	row.rule = "1001 people";
	expect_row(boxed, &row);
}

static void test_find_pages(void **state)
{
	struct boxed *boxed = *state;
	const char *token = "";
	struct json *reply = NULL;
	char path[400];
	int64_t last = 0, seen = 0, pages = 0;

	for (int i = 0; i < 10; i++)
		add_person(boxed, "Default", "ten@example.com");
	while (token) {
		snprintf(path, sizeof path, FIND "ten@example.com&fields=email&batchSize=4%s%s", *token ? "&nextPageToken=" : "", token);
		json_free(reply);
		reply = boxed_get(boxed, path);
		assert_string_equal(reply_code(reply), "");
		for (size_t i = 0; i < json_count(json_get(reply, "result")); i++, seen++) {
			assert_true(reply_id(reply, i) > last);
			last = reply_id(reply, i);
		}
		pages++;
		token = json_get_string(reply, "nextPageToken");
		assert_true(json_is_true(json_get(reply, "moreResult")) == (token != NULL));
	}
	json_free(reply);
	assert_int_equal(seen, 10);
	assert_int_equal(pages, 3);
	/* A token of another query is no token here. */
	reply = boxed_get(boxed, FIND "ten@example.com&batchSize=4");
	snprintf(path, sizeof path, FIND "person0001@example.com&nextPageToken=%s", json_get_string(reply, "nextPageToken"));
	json_free(reply);
	reply = boxed_get(boxed, path);
	assert_string_equal(reply_code(reply), "1003");
	json_free(reply);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_describe, setup, teardown),
		cmocka_unit_test_setup_teardown(test_describe2, setup, teardown),
		cmocka_unit_test_setup_teardown(test_partitions, setup, teardown),
		cmocka_unit_test_setup_teardown(test_find, setup, teardown),
		cmocka_unit_test_setup_teardown(test_default_fields, setup, teardown),
		cmocka_unit_test_setup_teardown(test_find_limits, setup, teardown),
		cmocka_unit_test_setup_teardown(test_find_pages, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
