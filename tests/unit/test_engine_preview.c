/* The preview: members first, no more than asked for, no store and no network, and not the whole of a large source. */
#include "place.h"

#include "base/mem.h"
#include "base/str.h"
#include "engine/engine.h"

struct stage {
	struct destination destination;
	struct dataflow dataflow;
	struct mapping mapping;
	struct catalogue catalogue;
	struct preview preview;
	struct str feed;
	struct error err;
};

static void open_stage(struct stage *stage)
{
	struct mapping_row row;

	*stage = (struct stage){ .feed = { 0 } };
	destination_init(&stage->destination);
	dataflow_init(&stage->dataflow);
	mapping_init(&stage->mapping);
	catalogue_init(&stage->catalogue);
	stage->destination.person_creation = CREATION_MATCH_AND_CREATE;
	vec_push(&stage->destination.dedupe_fields, mem_strdup("email"));
	vec_push(&stage->dataflow.audiences, ((struct flow_audience){ .audience = mem_strdup("a1") }));
	stage->dataflow.source = mem_strdup(at("feed.ndjson"));
	catalogue_add(&stage->catalogue, (struct field){ .name = mem_strdup("email"), .type = FIELD_EMAIL, .length = 255, .updateable = true, .searchable = true });
	catalogue_add(&stage->catalogue, (struct field){ .name = mem_strdup("firstName"), .type = FIELD_STRING, .length = 3, .updateable = true });
	catalogue_sort(&stage->catalogue);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(mapping_row_parse(i ? "first=firstName" : "identityMap.Email=email", &row, NULL), STATUS_OK);
		mapping_put(&stage->mapping, &row);
	}
}

static void add_line(struct stage *stage, const char *audience, const char *first, int number)
{
	str_add_format(&stage->feed, "{\"first\":\"%s\",\"identityMap\":{\"Email\":[{\"id\":\"p%d@example.com\"}]},\"segmentMembership\":{\"ups\":{\"%s\":{\"status\":\"realized\"}}}}\n",
		first, number, audience);
}

static void look(struct stage *stage, size_t count)
{
	const struct engine_job job = { .destination = &stage->destination, .dataflow = &stage->dataflow, .mapping = &stage->mapping, .catalogue = &stage->catalogue };

	put_file(at("feed.ndjson"), str_text(&stage->feed), stage->feed.length, 0600);
	preview_done(&stage->preview);
	assert_int_equal(engine_preview(&job, count, &stage->preview, &stage->err), STATUS_OK);
}

static void close_stage(struct stage *stage)
{
	preview_done(&stage->preview);
	destination_done(&stage->destination);
	dataflow_done(&stage->dataflow);
	mapping_done(&stage->mapping);
	catalogue_done(&stage->catalogue);
	str_done(&stage->feed);
}

static void members_come_first(void **state)
{
	struct stage stage;

	(void)state;
	open_stage(&stage);
	add_line(&stage, "a9", "Bo", 1);
	add_line(&stage, "a1", "Ada", 2);
	add_line(&stage, "a1", "Clementine", 3);
	look(&stage, 2);
	assert_int_equal(stage.preview.profiles.count, 2);
	assert_int_equal(stage.preview.profiles.at[0].position, 2);
	assert_true(preview_sends(&stage.preview.profiles.at[0]));
	assert_string_equal(preview_find(&stage.preview.profiles.at[0], "first", "firstName")->value, "\"Ada\"");
	assert_null(preview_find(&stage.preview.profiles.at[0], "first", "email"));
	assert_int_equal(preview_find(&stage.preview.profiles.at[1], "first", "firstName")->fate, PREVIEW_LEFT_OUT);
	assert_string_equal(preview_find(&stage.preview.profiles.at[1], "first", "firstName")->code, "too_long");
	look(&stage, 3);
	assert_int_equal(stage.preview.profiles.count, 3);
	assert_int_equal(stage.preview.profiles.at[2].position, 1);
	assert_false(preview_sends(&stage.preview.profiles.at[2]));
	assert_string_equal(stage.preview.profiles.at[2].people.at[0].code, "not_member");
	close_stage(&stage);
}

static void a_large_source_is_not_read_whole(void **state)
{
	struct stage stage;

	(void)state;
	open_stage(&stage);
	for (int i = 0; i < ENGINE_PREVIEW_LINES + 5; i++)
		add_line(&stage, "a9", "Bo", i);
	add_line(&stage, "a1", "Ada", 0);
	look(&stage, 1);
	assert_int_equal(stage.preview.read, ENGINE_PREVIEW_LINES);
	assert_int_equal(stage.preview.profiles.count, 1);
	assert_int_equal(stage.preview.profiles.at[0].position, 1);
	look(&stage, 1000);
	assert_int_equal(stage.preview.profiles.count, ENGINE_PREVIEW_MOST);
	close_stage(&stage);
}

static void an_audience_out_of_season_sends_nothing(void **state)
{
	struct stage stage;

	(void)state;
	open_stage(&stage);
	stage.dataflow.audiences.at[0].end_ms = 1;
	add_line(&stage, "a1", "Ada", 1);
	look(&stage, 1);
	assert_string_equal(stage.preview.profiles.at[0].people.at[0].code, "ended");
	/* Without an audience, whoever is there counts. */
	flow_audience_done(&stage.dataflow.audiences.at[0]);
	stage.dataflow.audiences.count = 0;
	look(&stage, 1);
	assert_true(preview_sends(&stage.preview.profiles.at[0]));
	close_stage(&stage);
}

static void fates_have_words(void **state)
{
	(void)state;
	for (int i = PREVIEW_SENT; i <= PREVIEW_ABSENT; i++) {
		enum preview_fate fate = PREVIEW_SENT;

		assert_true(preview_fate_parse(preview_fate_text((enum preview_fate)i), &fate));
		assert_int_equal(fate, i);
	}
	assert_false(preview_fate_parse("other", &(enum preview_fate){ 0 }));
	assert_false(preview_fate_parse(NULL, &(enum preview_fate){ 0 }));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_come_first),
		cmocka_unit_test(a_large_source_is_not_read_whole),
		cmocka_unit_test(an_audience_out_of_season_sends_nothing),
		cmocka_unit_test(fates_have_words),
	};

	return cmocka_run_group_tests(tests, place_setup, place_teardown);
}
