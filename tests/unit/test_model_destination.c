/* Destinations, dataflows, and the forms in which lists and folders are named. */
#include "base/mem.h"
#include "model/destination.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void make(struct destination *destination)
{
	destination_init(destination);
	destination->name = mem_strdup("Newsletter lists");
}

static void test_defaults(void **state)
{
	struct destination destination;
	struct error err = { 0 };

	(void)state;
	make(&destination);
	assert_int_equal(destination_check(&destination, &err), STATUS_OK);
	assert_int_equal(destination.version, 2);
	assert_int_equal(destination.person_creation, CREATION_MATCH_ONLY);
	assert_int_equal(destination.dedupe_fields.count, 1);
	assert_string_equal(destination.dedupe_fields.at[0], "email");
	assert_int_equal(destination_check(&destination, &err), STATUS_OK);
	assert_int_equal(destination.dedupe_fields.count, 1);
	destination_done(&destination);
}

static void test_sync_type(void **state)
{
	static const struct {
		enum person_creation creation;
		enum sync_type chosen, in_force;
		enum status status;
		bool people, lists;
	} cases[] = {
		{ CREATION_MATCH_ONLY, SYNC_FOLLOWS_CREATION, SYNC_AUDIENCE_ONLY, STATUS_OK, false, true },
		{ CREATION_MATCH_ONLY, SYNC_AUDIENCE_ONLY, SYNC_AUDIENCE_ONLY, STATUS_OK, false, true },
		{ CREATION_MATCH_ONLY, SYNC_PROFILE_ONLY, SYNC_PROFILE_ONLY, STATUS_OK, true, false },
		{ CREATION_MATCH_ONLY, SYNC_AUDIENCE_AND_PROFILE, SYNC_AUDIENCE_AND_PROFILE, STATUS_OK, true, true },
		{ CREATION_MATCH_AND_CREATE, SYNC_FOLLOWS_CREATION, SYNC_AUDIENCE_AND_PROFILE, STATUS_OK, true, true },
		{ CREATION_MATCH_AND_CREATE, SYNC_AUDIENCE_ONLY, SYNC_AUDIENCE_ONLY, STATUS_USAGE, false, true },
		{ CREATION_MATCH_AND_CREATE, SYNC_PROFILE_ONLY, SYNC_PROFILE_ONLY, STATUS_OK, true, false },
		{ CREATION_MATCH_AND_CREATE, SYNC_AUDIENCE_AND_PROFILE, SYNC_AUDIENCE_AND_PROFILE, STATUS_OK, true, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct destination destination;
		struct error err = { 0 };

		make(&destination);
		destination.person_creation = cases[i].creation;
		destination.sync_type = cases[i].chosen;
		assert_int_equal(destination_check(&destination, &err), cases[i].status);
		assert_int_equal(destination_sync_type(&destination), cases[i].in_force);
		assert_int_equal(destination_touches_people(&destination), cases[i].people);
		assert_int_equal(destination_touches_lists(&destination), cases[i].lists);
		assert_int_equal(cases[i].status == STATUS_USAGE, strstr(err.message, "contradict") != NULL);
		destination_done(&destination);
	}
}

static enum status with_dedupe(const char *first, const char *second, struct error *err)
{
	struct destination destination;
	enum status status;

	make(&destination);
	vec_push(&destination.dedupe_fields, mem_strdup(first));
	if (second)
		vec_push(&destination.dedupe_fields, mem_strdup(second));
	status = destination_check(&destination, err);
	destination_done(&destination);
	return status;
}

static void test_dedupe(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_int_equal(with_dedupe("email", "externalKey", &err), STATUS_OK);
	assert_int_equal(with_dedupe(" email ", NULL, &err), STATUS_OK);
	assert_int_equal(with_dedupe("", NULL, &err), STATUS_USAGE);
	assert_int_equal(with_dedupe("email", " ", &err), STATUS_USAGE);
	assert_int_equal(with_dedupe("email", "email ", &err), STATUS_USAGE);
	assert_non_null(strstr(err.message, "twice"));
	assert_int_equal(with_dedupe("id", NULL, &err), STATUS_USAGE);
	assert_int_equal(with_dedupe("email", "ID", &err), STATUS_USAGE);
}

static void test_destination_texts(void **state)
{
	struct destination destination;
	struct error err = { 0 };

	(void)state;
	destination_init(&destination);
	assert_int_equal(destination_check(&destination, &err), STATUS_USAGE);
	destination.name = mem_strdup("  ");
	assert_int_equal(destination_check(&destination, &err), STATUS_USAGE);
	mem_replace(&destination.name, " lists ");
	assert_int_equal(destination_check(&destination, &err), STATUS_OK);
	assert_string_equal(destination.name, "lists");
	destination.list_folder = mem_strdup("program:");
	assert_int_equal(destination_check(&destination, &err), STATUS_USAGE);
	mem_replace(&destination.list_folder, "program:1044");
	assert_int_equal(destination_check(&destination, &err), STATUS_OK);
	mem_replace(&destination.list_folder, "");
	assert_int_equal(destination_check(&destination, &err), STATUS_USAGE);
	mem_replace(&destination.list_folder, "Group Lists");
	assert_int_equal(destination_check(&destination, &err), STATUS_OK);
	destination.version = 3;
	assert_int_equal(destination_check(&destination, &err), STATUS_USAGE);
	destination_done(&destination);
}

static void test_words(void **state)
{
	enum person_creation creation;
	enum sync_type type;
	enum identity_choice choice;

	(void)state;
	for (int i = CREATION_MATCH_ONLY; i <= CREATION_MATCH_AND_CREATE; i++) {
		assert_true(person_creation_parse(person_creation_text((enum person_creation)i), &creation));
		assert_int_equal(creation, i);
	}
	assert_string_equal(person_creation_text(CREATION_MATCH_AND_CREATE), "match-and-create");
	for (int i = SYNC_AUDIENCE_ONLY; i <= SYNC_AUDIENCE_AND_PROFILE; i++) {
		assert_true(sync_type_parse(sync_type_text((enum sync_type)i), &type));
		assert_int_equal(type, i);
	}
	for (int i = 0; i < 2; i++) {
		bool required = !i;

		assert_true(sign_off_parse(sign_off_text(i), &required));
		assert_int_equal(required, i);
	}
	assert_false(sign_off_parse("", &(bool){ false }));
	assert_string_equal(sign_off_text(true), "required");
	assert_string_equal(sync_type_text(SYNC_AUDIENCE_AND_PROFILE), "audience-and-profile");
	assert_null(sync_type_text(SYNC_FOLLOWS_CREATION));
	for (int i = IDENTITY_ALL; i <= IDENTITY_FIRST; i++) {
		assert_true(identity_choice_parse(identity_choice_text((enum identity_choice)i), &choice));
		assert_int_equal(choice, i);
	}
	assert_false(person_creation_parse("match", &creation));
	assert_false(person_creation_parse("Match-Only", &creation));
	assert_false(sync_type_parse("", &type));
	assert_false(sync_type_parse(NULL, &type));
	assert_false(identity_choice_parse("last", &choice));
	assert_null(identity_choice_text((enum identity_choice)7));
}

static void make_flow(struct dataflow *dataflow)
{
	dataflow_init(dataflow);
	dataflow->name = mem_strdup("nightly");
	dataflow->source = mem_strdup("-");
}

static struct flow_audience *add(struct dataflow *dataflow, const char *audience, const char *list)
{
	vec_push(&dataflow->audiences, ((struct flow_audience){ .audience = mem_strdup(audience), .list = mem_strdup(list) }));
	return &dataflow->audiences.at[dataflow->audiences.count - 1];
}

static void test_dataflow(void **state)
{
	struct dataflow dataflow;
	struct error err = { 0 };

	(void)state;
	make_flow(&dataflow);
	assert_true(dataflow.enabled);
	assert_int_equal(dataflow_check(&dataflow, &err), STATUS_USAGE);
	assert_non_null(strstr(err.message, "audience"));
	add(&dataflow, "Buyers", NULL);
	add(&dataflow, "Visitors", "1001");
	assert_int_equal(dataflow_check(&dataflow, &err), STATUS_OK);
	dataflow.audiences.at[0].start_ms = 2000;
	assert_int_equal(dataflow_check(&dataflow, &err), STATUS_OK);
	dataflow.audiences.at[0].end_ms = 2000;
	assert_int_equal(dataflow_check(&dataflow, &err), STATUS_OK);
	dataflow.audiences.at[0].end_ms = 1000;
	assert_int_equal(dataflow_check(&dataflow, &err), STATUS_USAGE);
	dataflow.audiences.at[0].end_ms = 0;
	dataflow.profile_key = mem_strdup(" ");
	assert_int_equal(dataflow_check(&dataflow, &err), STATUS_USAGE);
	mem_replace(&dataflow.profile_key, "identityMap.crmId");
	assert_int_equal(dataflow_check(&dataflow, &err), STATUS_OK);
	mem_replace(&dataflow.source, "");
	assert_int_equal(dataflow_check(&dataflow, &err), STATUS_USAGE);
	mem_replace(&dataflow.source, "feed.ndjson");
	mem_replace(&dataflow.name, NULL);
	assert_int_equal(dataflow_check(&dataflow, &err), STATUS_USAGE);
	dataflow_done(&dataflow);
}

static void test_audience_pairs(void **state)
{
	static const struct {
		const char *audience[2], *list[2];
		enum status status;
	} cases[] = {
		{ { "A", "B" }, { NULL, NULL }, STATUS_OK },
		{ { "A", "B" }, { "One", "Two" }, STATUS_OK },
		{ { "A", "B" }, { "1001", "1002" }, STATUS_OK },
		{ { "A", "A" }, { "One", "Two" }, STATUS_USAGE },
		{ { "A", "B" }, { "One", "One" }, STATUS_USAGE },
		{ { "A", "B" }, { "1001", "ST1001A1" }, STATUS_USAGE },
		{ { "A", "B" }, { "https://app.example.com/#ST1001A1", "1001" }, STATUS_USAGE },
		{ { "A", "B" }, { NULL, "A" }, STATUS_USAGE },
		{ { "A", "" }, { NULL, "B" }, STATUS_USAGE },
		{ { "A", "B" }, { NULL, "" }, STATUS_USAGE },
		{ { "A", "B" }, { "  ", "B" }, STATUS_USAGE },
		{ { "1001", "1002" }, { NULL, NULL }, STATUS_OK },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct dataflow dataflow;
		struct error err = { 0 };

		make_flow(&dataflow);
		for (size_t k = 0; k < 2; k++)
			add(&dataflow, cases[i].audience[k], cases[i].list[k]);
		if (dataflow_check(&dataflow, &err) != cases[i].status)
			fail_msg("case %zu: %s", i, err.message);
		dataflow_done(&dataflow);
	}
}

static void test_list_id(void **state)
{
	static const struct {
		const char *text;
		int64_t id; /* 0: a name */
	} cases[] = {
		{ "1001", 1001 },
		{ "9223372036854775807", INT64_MAX },
		{ "9223372036854775808", 0 },
		{ "99999999999999999999999999", 0 },
		{ "0", 0 },
		{ "-5", 0 },
		{ "+5", 0 },
		{ " 5", 0 },
		{ "ST1001A1", 1001 },
		{ "st1001a1", 1001 },
		{ "ST1001B12", 1001 },
		{ "ST1001", 0 },
		{ "ST1001A", 0 },
		{ "STA1", 0 },
		{ "ST1001A1 list", 0 },
		{ "LAST1001A1", 0 },
		{ "https://app-ab12.example.com/#ST1001A1", 1001 },
		{ "https://app-ab12.example.com/?x=1#/classic/ST1001A1LA1", 1001 },
		{ "https://app-ab12.example.com/LIST77A1/ST5A1", 5 },
		{ "https://app-ab12.example.com/", 0 },
		{ "Spring 2026, buyers", 0 },
		{ "", 0 },
		{ NULL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int64_t id = 0;

		if (list_id_parse(cases[i].text, &id) != (cases[i].id != 0) || id != cases[i].id)
			fail_msg("%s: %lld", cases[i].text ? cases[i].text : "NULL", (long long)id);
	}
}

static void test_list_address(void **state)
{
	(void)state;
	assert_true(list_is_address("https://app.example.com/#ST1A1"));
	assert_true(list_is_address("  HTTP://x"));
	assert_false(list_is_address("Buyers https://x"));
	assert_false(list_is_address("ftp://x"));
	assert_false(list_is_address(""));
}

static void test_list_name(void **state)
{
	char text[1200] = "";
	char *clean;

	(void)state;
	clean = list_name_clean(" Buyers, spring,autumn\t2026 ");
	assert_string_equal(clean, "Buyers  spring autumn 2026");
	mem_free(clean);
	clean = list_name_clean(",");
	assert_string_equal(clean, "");
	mem_free(clean);
	clean = list_name_clean(NULL);
	assert_string_equal(clean, "");
	mem_free(clean);
	memset(text, 'x', 300);
	clean = list_name_clean(text);
	assert_int_equal(strlen(clean), 255);
	mem_free(clean);
	/* A character of two UTF-16 units is kept whole or not at all: 127 of them are 254 units. */
	text[0] = '\0';
	for (int i = 0; i < 200; i++)
		strcat(text, "\xf0\x9f\x8e\x89");
	clean = list_name_clean(text);
	assert_int_equal(strlen(clean), 127 * 4);
	mem_free(clean);
	text[0] = '\0';
	for (int i = 0; i < 300; i++)
		strcat(text, "\xc3\xa9");
	clean = list_name_clean(text);
	assert_int_equal(strlen(clean), 255 * 2);
	mem_free(clean);
}

static void test_folder(void **state)
{
	static const struct {
		const char *text;
		bool number, is_program;
		int64_t id;
	} cases[] = {
		{ "13", true, false, 13 },
		{ "program:13", true, true, 13 },
		{ "program:", false, false, 0 },
		{ "program:x", false, false, 0 },
		{ "program:-1", false, false, 0 },
		{ "0", false, false, 0 },
		{ "13 lists", false, false, 0 },
		{ "Group Lists", false, false, 0 },
		{ "", false, false, 0 },
		{ NULL, false, false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		bool is_program = false;
		int64_t id = 0;

		assert_int_equal(folder_ref_parse(cases[i].text, &is_program, &id), cases[i].number);
		assert_int_equal(is_program, cases[i].is_program);
		assert_int_equal(id, cases[i].id);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_sync_type),
		cmocka_unit_test(test_dedupe),
		cmocka_unit_test(test_destination_texts),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_dataflow),
		cmocka_unit_test(test_audience_pairs),
		cmocka_unit_test(test_list_id),
		cmocka_unit_test(test_list_address),
		cmocka_unit_test(test_list_name),
		cmocka_unit_test(test_folder),
	};

	return cmocka_run_group_tests_name("model/destination", tests, NULL, NULL);
}
