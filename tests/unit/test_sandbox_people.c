/* Writing people in the practice Marketo: records, values, partitions, the upsert race. Shapes are those of the recorded replies and the swagger. */
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

/* --- sync: requests refused as a whole --- */

static void test_sync_refusals(void **state)
{
	static const struct row rows[] = {
		{ "POST", SYNC, JSON_TYPE, "{}", "1002", "'input'", NULL },
		{ "POST", SYNC, JSON_TYPE, "{\"input\":[]}", "1002", NULL, NULL },
		{ "POST", SYNC, JSON_TYPE, "{\"input\":{\"email\":\"a@example.com\"}}", "1002", NULL, NULL },
		{ "POST", SYNC, JSON_TYPE, "{\"inputs\":[],\"input\":[{\"email\":\"a@example.com\"}]}", "1003", "inputs", NULL },
		{ "POST", SYNC, JSON_TYPE, "{\"action\":\"upsert\",\"input\":[{\"email\":\"a@example.com\"}]}", "1003", "upsert", NULL },
		{ "POST", SYNC, JSON_TYPE, "{\"lookupField\":\"userId\",\"input\":[{\"userId\":\"a\"}]}", "1006", "Lookup field 'userId' not found", NULL },
		{ "POST", SYNC, JSON_TYPE, "{\"lookupField\":\"Email\",\"input\":[{\"email\":\"a@example.com\"}]}", "1006", NULL, NULL },
		{ "POST", SYNC, JSON_TYPE, "{\"lookupField\":\"firstName\",\"input\":[{\"firstName\":\"a\"}]}", "1011", "firstName", NULL },
		{ "POST", SYNC, JSON_TYPE, "{\"lookupField\":\"ecids\",\"input\":[{\"ecids\":\"1\"}]}", "1011", NULL, NULL },
		{ "POST", SYNC, JSON_TYPE, "{\"lookupField\":\"id\",\"input\":[{\"id\":1001}]}", "1011", NULL, NULL },
		{ "POST", SYNC, JSON_TYPE, "{\"action\":\"createOnly\",\"lookupField\":\"id\",\"input\":[{\"id\":1001}]}", "1011", NULL, NULL },
		{ "POST", SYNC, JSON_TYPE, "{\"action\":\"updateOnly\",\"partitionName\":\"Default\",\"input\":[{\"email\":\"a@example.com\"}]}", "1003", "partitionName", NULL },
		{ "POST", SYNC, JSON_TYPE, "{\"partitionName\":null,\"input\":[{\"email\":\"a@example.com\"}]}", "1001", NULL, NULL },
		{ "POST", SYNC, JSON_TYPE, "{\"partitionName\":1,\"input\":[{\"email\":\"a@example.com\"}]}", "1001", NULL, NULL },
		{ "POST", SYNC, JSON_TYPE, "{\"asyncProcessing\":true,\"input\":[{\"email\":\"a@example.com\"}]}", "703", NULL, NULL },
		{ "POST", SYNC, JSON_TYPE, "{\"asyncProcessing\":\"no\",\"input\":[{\"email\":\"a@example.com\"}]}", "1001", NULL, NULL },
		{ "POST", SYNC, JSON_TYPE, "{\"action\":\"createOnly\",\"action\":\"createOrUpdate\",\"input\":[{\"email\":\"a@example.com\"}]}", "609", NULL, "twice" },
		{ "POST", SYNC, JSON_TYPE, "{\"input\":[{\"email\":\"a@example.com\",\"email\":\"b@example.com\"}]}", "609", "Invalid JSON", "twice" },
		{ "POST", SYNC, JSON_TYPE, "{\"input\":[{\"email\":\"a@example.com\"},{\"email\":\"b@example.com\",\"title\":\"a\",\"t\\u0069tle\":\"a\"}]}", "609", NULL, "twice" },
		{ "POST", SYNC "?fields=id", JSON_TYPE, "{\"input\":[{\"email\":\"a@example.com\"}]}", "1003", NULL, NULL },
	};
	struct boxed *boxed = *state;

	EXPECT_ROWS(boxed, rows);
	assert_int_equal(state_number(boxed, "people"), 5);
}

static void test_at_most_300(void **state)
{
	struct boxed *boxed = *state;
	struct str body = { 0 };
	struct json *reply;
	struct row row = { "POST", SYNC, JSON_TYPE, NULL, "1003", NULL, "301 records" };

	str_add(&body, "{\"input\":[");
	for (int i = 0; i < 300; i++)
		str_add_format(&body, "{\"email\":\"n%d@example.org\"},", i);
	str_add(&body, "{\"email\":\"last@example.org\"}]}");
	row.body = str_text(&body);
	expect_row(boxed, &row);
	assert_int_equal(state_number(boxed, "people"), 5);
	body.length -= strlen(",{\"email\":\"last@example.org\"}]}");
	str_add(&body, "]}");
	reply = boxed_post(boxed, SYNC, str_text(&body));
	assert_int_equal(json_count(json_get(reply, "result")), 300);
	assert_string_equal(reply_word(reply, 299), "created");
	json_free(reply);
	assert_int_equal(state_number(boxed, "people"), 305);
	str_done(&body);
}

/* --- sync: record by record --- */

static void test_actions(void **state)
{
	static const struct {
		const char *action, *record, *word;
	} rows[] = {
		{ "createOrUpdate", "{\"email\":\"ann@example.com\",\"firstName\":\"Ann\"}", "created" },
		{ "createOrUpdate", "{\"email\":\"ANN@example.com\",\"firstName\":\"Anne\"}", "updated" },
		{ "createOnly", "{\"email\":\"Ann@Example.com\"}", "1005" },
		{ "createOnly", "{\"email\":\"bob@example.com\"}", "created" },
		{ "updateOnly", "{\"email\":\"bob@example.com\",\"lastName\":\"Baker\"}", "updated" },
		{ "updateOnly", "{\"email\":\"nobody@example.com\"}", "1004" },
		{ "createDuplicate", "{\"email\":\"ann@example.com\"}", "created" },
		{ "createOrUpdate", "{\"email\":\"ann@example.com\"}", "1007" },
		{ "updateOnly", "{\"email\":\"ann@example.com\"}", "1007" },
		{ "createOnly", "{\"email\":\"ann@example.com\"}", "1005" },
		{ "createDuplicate", "{\"firstName\":\"Nameless\"}", "created" },
		{ "createOnly", "{\"email\":\"o'hara.x+tag_1/2=a@mail-2.example.co.uk\"}", "created" },
		{ "createOnly", "{\"email\":\"colon@example.com\",\"title\":\"a: \\\"b\\\": \\\\\",\"firstName\":\":\"}", "created" },
	};
	struct boxed *boxed = *state;
	char body[400];

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct json *reply;

		snprintf(body, sizeof body, "{\"action\":\"%s\",\"lookupField\":\"email\",\"input\":[%s]}", rows[i].action, rows[i].record);
		reply = boxed_post(boxed, SYNC, body);
		assert_string_equal(reply_code(reply), "");
		if (strcmp(reply_word(reply, 0), rows[i].word) != 0)
			fail_msg("%s: %s", body, reply_word(reply, 0));
		/* Recorded: a skipped record has no id. */
		assert_true((reply_id(reply, 0) > 0) == (rows[i].word[0] != '1'));
		json_free(reply);
	}
}

static void test_bad_records(void **state)
{
	static const struct {
		const char *record, *word;
	} rows[] = {
		{ "{\"email\":\"person0001@example.com\",\"vipMember\":\"other\"}", "1003" },
		{ "{\"email\":\"person0001@example.com\",\"secondaryEmail\":\"bademail\"}", "1003" },
		{ "{\"email\":\"person0001@example.com\",\"loyaltyPoints\":14.1}", "1003" },
		{ "{\"email\":\"person0001@example.com\",\"loyaltyPoints\":2147483648}", "1003" },
		{ "{\"email\":\"person0001@example.com\",\"churnProbability\":\"14c\"}", "1003" },
		{ "{\"email\":\"person0001@example.com\",\"churnProbability\":\"14.5\"}", "1003" },
		{ "{\"email\":\"person0001@example.com\",\"loyaltyPoints\":\"14\"}", "1003" },
		{ "{\"email\":\"person0001@example.com\",\"vipMember\":\"true\"}", "1003" },
		{ "{\"email\":\"person0001@example.com\",\"vipMember\":1}", "1003" },
		{ "{\"email\":\"person0001@example.com\",\"firstName\":14}", "1003" },
		{ "{\"email\":\"person0001@example.com\",\"firstName\":true}", "1003" },
		{ "{\"email\":\"person0001@example.com\",\"lastVisitAt\":\"yesterday\"}", "1003" },
		{ "{\"email\":\"person0001@example.com\",\"lastVisitAt\":\"2026-01-01\"}", "1003" },
		{ "{\"email\":\"person0001@example.com\",\"lastVisitAt\":\"2026-01-01T00:00:00\"}", "1003" },
		{ "{\"email\":\"person0001@example.com\",\"lastVisitAt\":\"2026-01-01T00:00Z\"}", "1003" },
		{ "{\"email\":\"person0001@example.com\",\"lastVisitAt\":\"2026-01-01T00:00:00+0100\"}", "1003" },
		{ "{\"email\":\"person0001@example.com\",\"lastVisitAt\":\"2026-01-01T00:00:00.Z0\"}", "1003" },
		{ "{\"email\":\"person0001@example.com\",\"lastPurchaseDate\":\"2026-02-30\"}", "1003" },
		{ "{\"email\":\"person0001@example.com\",\"lastPurchaseDate\":\"2026-02-03T00:00:00Z\"}", "1003" },
		{ "{\"email\":\"person0001@example.com\",\"discountRate\":\"100%\"}", "1003" },
		{ "{\"email\":\"person0001@example.com\",\"profileUrl\":\"www.example.com\"}", "1003" },
		{ "{\"email\":\"person0001@example.com\",\"firstName\":[\"a\"]}", "1001" },
		{ "{\"email\":\"person0001@example.com\",\"firstName\":{\"a\":1}}", "1001" },
		{ "{\"email\":\"person0001@example.com\",\"preferredLanguage\":\"123456789012345678901\"}", "1003" },
		{ "{\"email\":\"person0001@example.com\",\"createdAt\":\"2026-01-01T00:00:00Z\"}", "1003" },
		{ "{\"email\":\"person0001@example.com\",\"ageGroup\":\"x\"}", "1003" },
		{ "{\"email\":\"person0001@example.com\",\"ecids\":\"1\"}", "1003" },
		{ "{\"email\":\"person0001@example.com\",\"id\":1001}", "1003" },
		{ "{\"email\":\"person0001@example.com\",\"FirstName\":\"x\"}", "1006" },
		{ "{\"email\":\"person0001@example.com\",\"Legacy Segment Code\":\"x\"}", "1006" },
		{ "{\"email\":\"person0001@example.com\",\"company\":\"Example Ltd\"}", "1021" },
		{ "{\"email\":\"person0001@example.com\",\"leadPartitionId\":2}", "1010" },
		{ "{\"firstName\":\"x\"}", "1002" },
		{ "{\"email\":null}", "1002" },
		{ "{\"email\":\"\"}", "1002" },
		{ "{\"email\":\"j\\u00fcrgen@example.com\"}", "1003" },
		{ "{\"email\":\"a b@example.com\"}", "1003" },
		{ "{\"email\":\"a@b@example.com\"}", "1003" },
		{ "{\"email\":\"<a@example.com>\"}", "1003" },
		{ "{\"email\":\"mailto:a@example.com\"}", "1003" },
		{ "{\"email\":\"a;b@example.com\"}", "1003" },
		{ "{\"email\":\"a@[192.0.2.1]\"}", "1003" },
		{ "{\"email\":\"a@example..com\"}", "1003" },
		{ "{\"email\":\"a@example.com.\"}", "1003" },
		{ "{\"email\":\"a@example\"}", "1003" },
		{ "{\"email\":\"@example.com\"}", "1003" },
		{ "\"person0001@example.com\"", "1001" },
	};
	struct boxed *boxed = *state;
	char body[400];
	struct json *reply;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		snprintf(body, sizeof body, "{\"input\":[%s]}", rows[i].record);
		reply = boxed_post(boxed, SYNC, body);
		assert_string_equal(reply_code(reply), "");
		if (strcmp(reply_word(reply, 0), rows[i].word) != 0)
			fail_msg("%s: %s", body, reply_word(reply, 0));
		json_free(reply);
	}
	assert_int_equal(state_number(boxed, "people"), 5);
	/* Nothing of a refused record is written, not even what was right in it. */
	reply = boxed_get(boxed, FIND "person0001@example.com&fields=title,firstName");
	assert_int_equal(json_kind(json_get(reply_at(reply, 0), "title")), JSON_NULL);
	json_free(reply);
}

static void test_messages(void **state)
{
	static const struct row rows[] = {
		{ "POST", SYNC, JSON_TYPE, "{\"input\":[{\"email\":\"person0001@example.com\",\"vipMember\":\"other\"}]}", "",
			"{\"status\":\"skipped\",\"reasons\":[{\"code\":\"1003\",\"message\":\"Invalid value for field 'vipMember' and value 'other'\"}]}", "1003" },
		{ "POST", SYNC, JSON_TYPE, "{\"action\":\"createOnly\",\"input\":[{\"email\":\"person0001@example.com\"}]}", "", "\"Lead already exists\"", "1005" },
		{ "POST", SYNC, JSON_TYPE, "{\"action\":\"updateOnly\",\"input\":[{\"email\":\"x@example.com\"}]}", "", "\"Lead not found\"", "1004" },
	};
	struct boxed *boxed = *state;

	EXPECT_ROWS(boxed, rows);
}

/* Order of the input is kept; a key that stands twice is done once. */
static void test_mixed_batch(void **state)
{
	struct boxed *boxed = *state;
	struct json *reply = boxed_post(boxed, SYNC,
		"{\"action\":\"createOrUpdate\",\"lookupField\":\"email\",\"input\":[{\"email\":\"new@example.com\"},{\"email\":\"person0002@example.com\"},"
		"{\"email\":\"NEW@example.com\"},{\"email\":\"bad\"},{\"email\":\"other@example.com\",\"company\":\"Example Ltd\"}]}");
	static const char *const words[] = { "created", "updated", "1036", "1003", "created" };

	for (size_t i = 0; i < 5; i++)
		assert_string_equal(reply_word(reply, i), words[i]);
	assert_int_equal(reply_id(reply, 1), 1002);
	json_free(reply);
	assert_int_equal(state_number(boxed, "people"), 7);
}

static void test_values_read_back(void **state)
{
	static const struct row rows[] = {
		{ "POST", SYNC, JSON_TYPE,
			"{\"input\":[{\"email\":\"all@example.com\",\"interests\":\"text is here\",\"vipMember\":true,\"secondaryEmail\":\"field@example.com\","
			"\"loyaltyPoints\":5,\"churnProbability\":5.4,\"lastVisitAt\":\"2020-08-30T05:49:48.000Z\",\"lastPurchaseDate\":\"2020-08-30\","
			"\"engagementScore\":10,\"discountRate\":99,\"lifetimeValue\":34.66,\"phone\":\"555-0100\",\"profileUrl\":\"https://example.com/a?b=c\"}]}",
			"", "created", NULL },
		{ "GET", FIND "all@example.com&fields=interests,vipMember,secondaryEmail,loyaltyPoints,churnProbability,lastVisitAt,lastPurchaseDate,engagementScore,"
			"discountRate,lifetimeValue,phone,profileUrl,ecids", NULL, NULL, "",
			"\"interests\":\"text is here\",\"vipMember\":true,\"secondaryEmail\":\"field@example.com\",\"loyaltyPoints\":5,\"churnProbability\":5.4,"
			"\"lastVisitAt\":\"2020-08-30T05:49:48Z\",\"lastPurchaseDate\":\"2020-08-30\",\"engagementScore\":10,\"discountRate\":99,\"lifetimeValue\":34.66,"
			"\"phone\":\"555-0100\",\"profileUrl\":\"https://example.com/a?b=c\",\"ecids\":null}", NULL },
		{ "POST", SYNC, JSON_TYPE,
			"{\"input\":[{\"email\":\"all@example.com\",\"interests\":null,\"vipMember\":null,\"secondaryEmail\":null,\"loyaltyPoints\":null,\"lastVisitAt\":null,"
			"\"churnProbability\":0.5,\"phone\":\"\"}]}", "", "updated", NULL },
		{ "GET", FIND "all@example.com&fields=interests,vipMember,secondaryEmail,loyaltyPoints,churnProbability,lastVisitAt,lastPurchaseDate,phone", NULL, NULL, "",
			"\"interests\":null,\"vipMember\":false,\"secondaryEmail\":null,\"loyaltyPoints\":null,\"churnProbability\":0.5,\"lastVisitAt\":null,"
			"\"lastPurchaseDate\":\"2020-08-30\",\"phone\":null", NULL },
		/* A zone other than UTC reads back in UTC. */
		{ "POST", SYNC, JSON_TYPE, "{\"input\":[{\"email\":\"all@example.com\",\"lastVisitAt\":\"2026-01-01T01:00:00+02:00\"}]}", "", "updated", NULL },
		{ "GET", FIND "all@example.com&fields=lastVisitAt", NULL, NULL, "", "\"lastVisitAt\":\"2025-12-31T23:00:00Z\"", NULL },
	};
	struct boxed *boxed = *state;

	EXPECT_ROWS(boxed, rows);
}

/* Lengths count as Marketo counts them: UTF-16 units for string, bytes for text. */
static void test_lengths(void **state)
{
	struct boxed *boxed = *state;
	struct str body = { 0 };
	static const struct {
		const char *field, *unit;
		size_t count;
		const char *word;
	} rows[] = {
		{ "firstName", "\xc3\xa9", 255, "updated" },
		{ "firstName", "\xc3\xa9", 256, "1003" },
		{ "firstName", "\xf0\x9f\x98\x80", 127, "updated" },
		{ "firstName", "\xf0\x9f\x98\x80", 128, "1003" },
		{ "interests", "\xc3\xa9", 15000, "updated" },
		{ "interests", "\xc3\xa9", 15001, "1003" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct json *reply;

		str_clear(&body);
		str_add_format(&body, "{\"input\":[{\"email\":\"person0001@example.com\",\"%s\":\"", rows[i].field);
		for (size_t j = 0; j < rows[i].count; j++)
			str_add(&body, rows[i].unit);
		str_add(&body, "\"}]}");
		reply = boxed_post(boxed, SYNC, str_text(&body));
		assert_string_equal(reply_word(reply, 0), rows[i].word);
		json_free(reply);
	}
	str_done(&body);
}

static void test_by_id_and_custom_key(void **state)
{
	static const struct row rows[] = {
		{ "POST", SYNC, JSON_TYPE, "{\"action\":\"updateOnly\",\"lookupField\":\"id\",\"input\":[{\"id\":1001,\"email\":\"moved@example.com\"}]}", "",
			"\"id\":1001,\"status\":\"updated\"", NULL },
		{ "GET", FIND "person0001@example.com", NULL, NULL, "", "\"result\":[]", NULL },
		{ "GET", FIND "moved@example.com", NULL, NULL, "", "\"id\":1001", NULL },
		{ "POST", SYNC, JSON_TYPE, "{\"action\":\"updateOnly\",\"input\":[{\"email\":\"person0002@example.com\",\"id\":1002,\"title\":\"x\"}]}", "", "updated", NULL },
		{ "POST", SYNC, JSON_TYPE, "{\"action\":\"updateOnly\",\"input\":[{\"email\":\"person0002@example.com\",\"id\":1003,\"title\":\"y\"}]}", "", "1003", NULL },
		{ "POST", SYNC, JSON_TYPE, "{\"action\":\"updateOnly\",\"input\":[{\"email\":\"person0002@example.com\",\"id\":\"1002\",\"title\":\"y\"}]}", "", "1003", NULL },
		{ "GET", FIND "person0002@example.com,person0003@example.com&fields=title", NULL, NULL, "", "[{\"id\":1002,\"title\":\"x\"},{\"id\":1003,\"title\":null}]", NULL },
		{ "POST", SYNC, JSON_TYPE, "{\"action\":\"updateOnly\",\"lookupField\":\"id\",\"input\":[{\"id\":77}]}", "", "1004", NULL },
		{ "POST", SYNC, JSON_TYPE, "{\"action\":\"updateOnly\",\"lookupField\":\"id\",\"input\":[{\"id\":\"x\"}]}", "", "1003", NULL },
		{ "POST", SYNC, JSON_TYPE, "{\"lookupField\":\"customerNumber\",\"input\":[{\"customerNumber\":\"C0002\",\"title\":\"Owner\"}]}", "", "\"id\":1002,\"status\":\"updated\"", NULL },
		{ "POST", SYNC, JSON_TYPE, "{\"lookupField\":\"customerNumber\",\"input\":[{\"customerNumber\":\"c0002\"}]}", "", "created", NULL },
		{ "POST", SYNC, JSON_TYPE, "{\"lookupField\":\"membershipNumber\",\"input\":[{\"membershipNumber\":7}]}", "", "created", NULL },
		{ "POST", SYNC, JSON_TYPE, "{\"lookupField\":\"membershipNumber\",\"input\":[{\"membershipNumber\":7}]}", "", "updated", NULL },
		{ "GET", "/rest/v1/leads.json?filterType=customerNumber&filterValues=C0002&fields=title", NULL, NULL, "", "[{\"id\":1002,\"title\":\"Owner\"}]", NULL },
	};
	struct boxed *boxed = *state;

	EXPECT_ROWS(boxed, rows);
}

/* --- partitions --- */

static void add_person(struct boxed *boxed, const char *partition, const char *email)
{
	char body[300];

	snprintf(body, sizeof body, "{\"partition\":\"%s\",\"fields\":{\"email\":\"%s\"}}", partition, email);
	json_free(boxed_post(boxed, "/_sandbox/people", body));
}

static void test_partition_rules(void **state)
{
	static const struct row rows[] = {
		{ "POST", SYNC, JSON_TYPE, "{\"partitionName\":\"Nowhere\",\"input\":[{\"email\":\"a@example.com\"}]}", "", "1008", NULL },
		{ "POST", SYNC, JSON_TYPE, "{\"partitionName\":\"Archive\",\"input\":[{\"email\":\"a@example.com\"}]}", "", "1008", NULL },
		{ "POST", SYNC, JSON_TYPE, "{\"partitionName\":\"Europe\",\"input\":[{\"email\":\"a@example.com\"}]}", "", "created", NULL },
		{ "GET", FIND "a@example.com&fields=leadPartitionId", NULL, NULL, "", "\"leadPartitionId\":2", NULL },
		{ "POST", SYNC, JSON_TYPE, "{\"partitionName\":\"Default\",\"input\":[{\"email\":\"a@example.com\"}]}", "", "1010", NULL },
		{ "POST", SYNC, JSON_TYPE, "{\"partitionName\":\"Default\",\"action\":\"createOnly\",\"input\":[{\"email\":\"a@example.com\"}]}", "", "1005", NULL },
		{ "POST", SYNC, JSON_TYPE, "{\"input\":[{\"email\":\"a@example.com\"}]}", "", "updated", NULL },
		/* in both partitions */
		{ "POST", SYNC, JSON_TYPE, "{\"input\":[{\"email\":\"both@example.com\"}]}", "", "1009", NULL },
		{ "POST", SYNC, JSON_TYPE, "{\"partitionName\":\"Europe\",\"input\":[{\"email\":\"both@example.com\"}]}", "", "updated", NULL },
		/* in a partition the API user cannot see */
		{ "GET", FIND "hidden@example.com", NULL, NULL, "", "\"result\":[]", NULL },
		{ "POST", SYNC, JSON_TYPE, "{\"action\":\"updateOnly\",\"input\":[{\"email\":\"hidden@example.com\"}]}", "", "1004", NULL },
	};
	struct boxed *boxed = *state;

	add_person(boxed, "Default", "both@example.com");
	add_person(boxed, "Europe", "both@example.com");
	add_person(boxed, "Archive", "hidden@example.com");
	EXPECT_ROWS(boxed, rows);
}

/* --- the race --- */

static int64_t race(struct boxed *boxed, const char *action, const char *email)
{
	struct answer first, second;
	char body[300], path[300];
	struct json *found;
	int64_t count;

	snprintf(body, sizeof body, "{\"action\":\"%s\",\"input\":[{\"email\":\"%s\"}]}", action, email);
	talk_send(&boxed->talk, &first, "POST", SYNC, JSON_TYPE, body);
	talk_send(&boxed->talk, &second, "POST", SYNC, JSON_TYPE, body);
	while (state_number(boxed, "in_flight") < 2)
		talk_turn(&boxed->talk);
	talk_move(&boxed->talk, 1000);
	talk_wait(&first);
	talk_wait(&second);
	answer_done(&first);
	answer_done(&second);
	snprintf(path, sizeof path, "/_sandbox/people?field=email&value=%s", email);
	found = boxed_get(boxed, path);
	count = (int64_t)json_count(found);
	json_free(found);
	return count;
}

static void test_upsert_race(void **state)
{
	struct boxed *boxed = *state;

	settings(boxed, "{\"latency_ms\":1000}");
	assert_int_equal(race(boxed, "createOrUpdate", "race@example.com"), 2);
	assert_int_equal(race(boxed, "createOnly", "safe@example.com"), 1);
	assert_int_equal(race(boxed, "updateOnly", "none@example.com"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_sync_refusals, setup, teardown),
		cmocka_unit_test_setup_teardown(test_at_most_300, setup, teardown),
		cmocka_unit_test_setup_teardown(test_actions, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bad_records, setup, teardown),
		cmocka_unit_test_setup_teardown(test_messages, setup, teardown),
		cmocka_unit_test_setup_teardown(test_mixed_batch, setup, teardown),
		cmocka_unit_test_setup_teardown(test_values_read_back, setup, teardown),
		cmocka_unit_test_setup_teardown(test_lengths, setup, teardown),
		cmocka_unit_test_setup_teardown(test_by_id_and_custom_key, setup, teardown),
		cmocka_unit_test_setup_teardown(test_partition_rules, setup, teardown),
		cmocka_unit_test_setup_teardown(test_upsert_race, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
