/* V1 dataflows as the Flow Service tells them: what is read, what is recognised, what is left in doubt. */
#include "base/json.h"
#include "base/mem.h"
#include "base/str.h"
#include "model/migration.h"
#include "model/v1.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define EMAIL "{\"value\":{\"mapping\":{\"source\":\"identityMap.Email\",\"destination\":\"Email\",\"identity\":true}}}"
#define FIRST "{\"value\":{\"path\":\"person.name.firstName\",\"mapping\":{\"destination\":\"FirstName\"}}}"
#define FLOW(fields, audiences)                                                                                                            \
	"{\"id\":\"F\",\"name\":\"n\",\"transformations\":[{\"params\":{\"profileSelectors\":{\"selectors\":[" fields "]},"                \
	"\"segmentSelectors\":{\"selectors\":[" audiences "]}}}]}"

static enum status parse(const char *text, const struct v1_options *options, struct v1_flow *out)
{
	static const struct v1_options plain;
	struct json *json = json_parse(text, strlen(text), NULL, NULL);
	struct error err;
	enum status status;

	assert_non_null(json);
	status = v1_flow_read(json, options ? options : &plain, out, &err);
	json_free(json);
	return status;
}

static void fields_are_three_and_identities(void **state)
{
	struct v1_flow flow;

	(void)state;
	assert_int_equal(parse(FLOW(EMAIL "," FIRST ",{\"value\":{\"identity\":{\"namespace\":\"Adobe Experience Cloud ID\"}}},"
		"{\"value\":{\"mapping\":{\"source\":\"b2b.companyName\",\"destinationXdmPath\":\"companyName\"}}},"
		"{\"value\":{\"mapping\":{\"source\":\"second\",\"destination\":\"firstName\"}}},"
		"{\"value\":{\"mapping\":{\"source\":\"a.b\",\"destination\":\"leadScore\"}}},{\"value\":7},null", ""), NULL, &flow), STATUS_OK);
	assert_int_equal(flow.mapping.rows.count, 4);
	assert_string_equal(mapping_target(&flow.mapping, "email")->source, "identityMap.Email");
	assert_string_equal(mapping_target(&flow.mapping, "firstName")->source, "person.name.firstName");
	assert_string_equal(mapping_target(&flow.mapping, "ECID")->source, "identityMap.ECID");
	assert_string_equal(mapping_target(&flow.mapping, "companyName")->source, "b2b.companyName");
	assert_int_equal(flow.ignored.count, 1);
	assert_string_equal(flow.ignored.at[0], "leadScore");
	v1_flow_done(&flow);
}

static void an_identity_may_be_a_primary_field_alone(void **state)
{
	struct v1_flow flow;

	(void)state;
	assert_int_equal(parse("{\"id\":\"F\",\"transformations\":[{\"params\":{\"primaryFields\":[{\"fieldType\":\"IDENTITY\",\"identityNamespace\":\"E-mail\"}]}}]}", NULL, &flow), STATUS_OK);
	assert_string_equal(mapping_target(&flow.mapping, "email")->source, "identityMap.Email");
	assert_string_equal(flow.name, "F");
	v1_flow_done(&flow);
}

/* Where the mapping ID stands is told nowhere. */
static void the_mapping_id_is_found_by_name_or_by_look(void **state)
{
	static const struct {
		const char *selector, *path, *id;
		enum v1_guess guess;
		size_t paths;
	} cases[] = {
		{ "{\"value\":{\"id\":\"A\",\"mappingId\":\"1001\"}}", NULL, "1001", V1_IS, 0 },
		{ "{\"value\":{\"id\":\"A\",\"mapping_id\":1001}}", NULL, "1001", V1_IS, 0 },
		{ "{\"value\":{\"id\":\"A\",\"Mapping ID\":\" ST1001A1 \"}}", NULL, "ST1001A1", V1_IS, 0 },
		{ "{\"value\":{\"id\":\"A\",\"staticListId\":\"1001\",\"other\":\"7\"}}", NULL, "1001", V1_IS, 0 },
		{ "{\"value\":{\"id\":\"A\"},\"deep\":{\"er\":{\"mappingId\":\"5\"}}}", NULL, "5", V1_IS, 0 },
		{ "{\"value\":{\"id\":\"A\",\"mappingId\":\"\"}}", NULL, NULL, V1_IS, 0 },
		{ "{\"value\":{\"id\":\"A\",\"mappingId\":null}}", NULL, NULL, V1_IS, 0 },
		{ "{\"value\":{\"id\":\"A\",\"whatever\":\"1001\"}}", NULL, "1001", V1_IS, 0 },
		{ "{\"value\":{\"id\":\"A\",\"one\":\"1001\",\"two\":\"1002\"}}", NULL, NULL, V1_DOUBT, 2 },
		{ "{\"value\":{\"id\":\"A\",\"one\":\"1001\",\"two\":\"1002\"}}", "value.two", "1002", V1_IS, 0 },
		{ "{\"value\":{\"id\":\"A\",\"createTime\":\"1650000000\"}}", NULL, NULL, V1_DOUBT, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct v1_options options = { .mapping_id_path = cases[i].path };
		char *text = mem_printf("{\"id\":\"F\",\"transformations\":[{\"params\":{\"segmentSelectors\":{\"selectors\":[%s]}}}]}", cases[i].selector);
		struct v1_flow flow;

		assert_int_equal(parse(text, &options, &flow), STATUS_OK);
		assert_int_equal(flow.audiences.count, 1);
		assert_int_equal(flow.guess, cases[i].guess);
		assert_int_equal(flow.paths.count, cases[i].paths);
		if (cases[i].id)
			assert_string_equal(flow.audiences.at[0].mapping_id, cases[i].id);
		else
			assert_null(flow.audiences.at[0].mapping_id);
		v1_flow_done(&flow);
		mem_free(text);
	}
}

static void other_fields_and_other_specs_are_not_v1(void **state)
{
	const char *const specs[] = { "S-1", "S-2" };
	const struct v1_options given = { .specs = specs, .spec_count = 2 };
	struct v1_flow flow;

	(void)state;
	assert_int_equal(parse(FLOW(EMAIL ",{\"value\":{\"mapping\":{\"source\":\"a\",\"destination\":\"leadScore\"}}}", "{\"value\":{\"id\":\"A\"}}"), NULL, &flow), STATUS_OK);
	assert_int_equal(flow.guess, V1_NOT);
	v1_flow_done(&flow);
	assert_int_equal(parse(FLOW(EMAIL, "{\"value\":{\"id\":\"A\",\"mappingId\":\"1\"}}"), &given, &flow), STATUS_OK);
	assert_int_equal(flow.guess, V1_NOT);
	v1_flow_done(&flow);
	assert_int_equal(parse("{\"id\":\"F\",\"flowSpec\":{\"id\":\"S-2\"}}", &given, &flow), STATUS_OK);
	assert_int_equal(flow.guess, V1_IS);
	v1_flow_done(&flow);
	assert_int_equal(parse("{\"id\":\"F\",\"inheritedAttributes\":{\"properties\":{\"isDestinationFlow\":false}}}", NULL, &flow), STATUS_OK);
	assert_int_equal(flow.guess, V1_NOT);
	v1_flow_done(&flow);
}

static void what_is_no_dataflow_is_refused(void **state)
{
	static const char *const texts[] = { "17", "[]", "{}", "{\"id\":\"\"}", "{\"id\":{}}", "\"id\"" };

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct v1_flow flow;

		assert_int_equal(parse(texts[i], NULL, &flow), STATUS_USAGE);
		v1_flow_done(&flow);
	}
}

static void texts_are_cleaned_and_dates_read(void **state)
{
	struct v1_flow flow;

	(void)state;
	assert_int_equal(parse("{\"id\":\"F\\u001b[31m\",\"name\":\"a\\u202eb\",\"new\\u0007key\":1,\"transformations\":[{\"params\":{\"segmentSelectors\":{\"selectors\":["
		"{\"value\":{\"id\":\"A\",\"schedule\":{\"startDate\":\"2026-01-02\"},\"endDate\":\"never\",\"mappingId\":\"1\"}}]}}}]}", NULL, &flow), STATUS_OK);
	assert_null(strchr(flow.id, '\x1b'));
	assert_null(strstr(flow.name, "\xe2\x80\xae"));
	assert_int_equal(flow.unknown.count, 1);
	assert_null(strchr(flow.unknown.at[0], '\x07'));
	assert_true(flow.audiences.at[0].start_ms == INT64_C(1767312000000));
	assert_true(flow.audiences.at[0].end_ms == 0 && flow.bad_date);
	v1_flow_done(&flow);
}

static void count(void *self, const struct json *flow)
{
	(void)flow;
	++*(int *)self;
}

static void replies_come_as_pages(void **state)
{
	static const struct {
		const char *text, *next;
		int flows; /* -1: no reply */
	} cases[] = {
		{ "{\"items\":[1,2],\"_links\":{\"next\":{\"href\":\"/flows?x\"}}}", "/flows?x", 2 },
		{ "{\"items\":[]}", NULL, 0 },
		{ "[{\"items\":[1],\"_links\":{\"next\":{\"href\":\"/a\"}}},{\"items\":[1,2]}]", NULL, 3 },
		{ "[{\"id\":\"F\",\"flowSpec\":{}},{\"id\":\"G\"}]", NULL, 2 },
		{ "{\"id\":\"F\",\"transformations\":[]}", NULL, 1 },
		{ "{\"id\":\"F\"}", NULL, -1 },
		{ "7", NULL, -1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct json *json = json_parse(cases[i].text, strlen(cases[i].text), NULL, NULL);
		char *next = NULL;
		int flows = 0;

		assert_int_equal(v1_each_flow(json, count, &flows, &next), cases[i].flows >= 0);
		assert_int_equal(flows, cases[i].flows > 0 ? cases[i].flows : 0);
		if (cases[i].next)
			assert_string_equal(next, cases[i].next);
		else
			assert_null(next);
		mem_free(next);
		json_free(json);
	}
}

/* Whoever is blocked is told what to do; every code is there once. */
static void verdicts_are_whole(void **state)
{
	(void)state;
	for (const struct verdict_row *row = verdict_rows; row->code; row++) {
		assert_ptr_equal(verdict_find(row->code), row);
		assert_non_null(row->message);
		assert_non_null(verdict_weight_text(row->weight));
		assert_true(row->weight != VERDICT_BLOCKED || row->to_do);
	}
	assert_null(verdict_find("nothing"));
	assert_null(difference_find("nothing"));
	assert_true(difference_find("duplicate")->explained);
	assert_false(difference_find("not_in_source")->explained);
}

static void clean_means_run_and_explained(void **state)
{
	struct migration migration;

	(void)state;
	migration_init(&migration);
	assert_false(migration_is_clean(&migration));
	migration.compared_at = 1;
	assert_false(migration_is_clean(&migration));
	migration.compared_run = 1;
	migration.missing = migration.extra = 3;
	assert_true(migration_is_clean(&migration));
	migration.unexplained = 1;
	assert_false(migration_is_clean(&migration));
	migration_done(&migration);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_are_three_and_identities),
		cmocka_unit_test(an_identity_may_be_a_primary_field_alone),
		cmocka_unit_test(the_mapping_id_is_found_by_name_or_by_look),
		cmocka_unit_test(other_fields_and_other_specs_are_not_v1),
		cmocka_unit_test(what_is_no_dataflow_is_refused),
		cmocka_unit_test(texts_are_cleaned_and_dates_read),
		cmocka_unit_test(replies_come_as_pages),
		cmocka_unit_test(verdicts_are_whole),
		cmocka_unit_test(clean_means_run_and_explained),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
