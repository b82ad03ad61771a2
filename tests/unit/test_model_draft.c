/* Drafts: what goes out comes back, and nothing that comes back harms. */
#include "base/mem.h"
#include "model/draft.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct draft full_draft(void)
{
	struct draft draft;
	char text[32];

	draft_init(&draft);
	for (int i = 0; i < DRAFT_TEXTS; i++) {
		snprintf(text, sizeof text, "text \"%d\" \xc3\xa9\\", i);
		draft_set(&draft, (enum draft_text)i, text);
	}
	draft.step = 5;
	vec_push(&draft.marketing_actions, mem_strdup("Email"));
	vec_push(&draft.marketing_actions, mem_strdup("SMS"));
	vec_push(&draft.audiences, ((struct draft_audience){ .id = mem_strdup("a1"), .name = mem_strdup("One"), .list = mem_strdup("1001"),
		.start = mem_strdup("2024-01-01"), .end = mem_strdup("2024-12-31") }));
	vec_push(&draft.audiences, ((struct draft_audience){ .id = mem_strdup("a2") }));
	vec_push(&draft.mapping.rows, ((struct mapping_row){ .source = mem_strdup("identityMap.Email"), .target = mem_strdup("email") }));
	vec_push(&draft.mapping.rows, ((struct mapping_row){ .source = mem_strdup("a.\"b.c\""), .target = mem_strdup("x"), .clear = true, .create_only = true }));
	draft.destination_id = 7;
	draft.dataflow_id = INT64_MAX;
	return draft;
}

static bool read_json(const char *text, struct draft *draft)
{
	struct json *json = json_parse(text, strlen(text), NULL, NULL);
	bool good;

	assert_non_null(json);
	draft_init(draft);
	good = draft_read(json, draft);
	json_free(json);
	return good;
}

static void assert_same(const struct draft *a, const struct draft *b)
{
	struct str left = { 0 }, right = { 0 };

	draft_write(a, &left);
	draft_write(b, &right);
	assert_string_equal(left.text, right.text);
	str_done(&left);
	str_done(&right);
}

static void a_new_draft_has_defaults(void **state)
{
	struct draft draft, back;
	struct str text = { 0 };

	(void)state;
	draft_init(&draft);
	assert_string_equal(draft_get(&draft, DRAFT_PERSON_CREATION), "match-only");
	assert_string_equal(draft_get(&draft, DRAFT_DEDUPE), "email");
	assert_string_equal(draft_get(&draft, DRAFT_SECRET_FROM), "typed");
	assert_string_equal(draft_get(&draft, DRAFT_NAME), "");
	draft_set(&draft, DRAFT_DEDUPE, NULL);
	assert_string_equal(draft_get(&draft, DRAFT_DEDUPE), "");
	draft_write(&draft, &text);
	assert_true(read_json(text.text, &back));
	assert_same(&draft, &back);
	str_done(&text);
	draft_done(&draft);
	draft_done(&back);
}

static void it_comes_back_whole(void **state)
{
	struct draft draft = full_draft(), back, copy;
	struct str text = { 0 };

	(void)state;
	draft_write(&draft, &text);
	assert_true(read_json(text.text, &back));
	assert_same(&draft, &back);
	assert_int_equal(back.audiences.count, 2);
	assert_string_equal(back.audiences.at[0].end, "2024-12-31");
	assert_null(back.audiences.at[1].name);
	assert_true(back.mapping.rows.at[1].create_only);
	draft_copy(&copy, &back);
	draft_done(&back);
	assert_same(&draft, &copy);
	assert_int_equal(copy.dataflow_id, INT64_MAX);
	str_done(&text);
	draft_done(&draft);
	draft_done(&copy);
}

static void every_text_has_its_name(void **state)
{
	(void)state;
	for (int i = 0; i < DRAFT_TEXTS; i++) {
		assert_non_null(draft_text_name((enum draft_text)i));
		for (int k = 0; k < i; k++)
			assert_string_not_equal(draft_text_name((enum draft_text)i), draft_text_name((enum draft_text)k));
	}
}

/* What could be read is kept. */
static void hostile_json_is_refused(void **state)
{
	static const char *const refused[] = {
		"[]", "null", "\"step\"", "{}", "{\"step\":\"1\"}", "{\"step\":-1}", "{\"step\":6}", "{\"step\":1.5}", "{\"step\":99999999999999999999}",
		"{\"step\":null}", "{\"step\":1,\"name\":7}", "{\"step\":1,\"name\":{\"a\":[]}}", "{\"step\":1,\"audiences\":{}}", "{\"step\":1,\"audiences\":[null]}",
		"{\"step\":1,\"audiences\":[{}]}", "{\"step\":1,\"audiences\":[{\"id\":\"\"}]}", "{\"step\":1,\"audiences\":[{\"id\":\"a\",\"start\":5}]}",
		"{\"step\":1,\"audiences\":[[[[[]]]]]}", "{\"step\":1,\"mapping\":[{\"source\":\"a\"}]}", "{\"step\":1,\"mapping\":[1,2]}", "{\"step\":1,\"mapping\":true}",
		"{\"step\":1,\"mapping\":[{\"source\":\"a\",\"target\":\"b\",\"clear\":\"yes\"}]}", "{\"step\":1,\"marketing_actions\":[5]}",
		"{\"step\":1,\"marketing_actions\":\"Email\"}", "{\"step\":1,\"destination_id\":-7}", "{\"step\":1,\"dataflow_id\":\"7\"}",
		"{\"step\":1,\"destination_id\":9223372036854775808}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		struct draft draft;

		if (read_json(refused[i], &draft))
			fail_msg("%s passed", refused[i]);
		assert_true(draft.step >= 0 && draft.step <= 5);
		draft_done(&draft);
	}
}

static void what_could_be_read_is_kept_and_harmless(void **state)
{
	struct draft draft;

	(void)state;
	assert_false(read_json("{\"step\":3,\"name\":\"a\\u001b[2Jb\",\"source\":9,\"audiences\":[{\"id\":\"x\"},{\"name\":\"y\"}],\"secret\":\"s\"}", &draft));
	assert_int_equal(draft.step, 3);
	assert_string_equal(draft_get(&draft, DRAFT_NAME), "a\xef\xbf\xbd[2Jb");
	assert_string_equal(draft_get(&draft, DRAFT_SOURCE), "");
	assert_int_equal(draft.audiences.count, 1);
	draft_done(&draft);
	/* What a later penstock may add is passed over. */
	assert_true(read_json("{\"step\":0,\"colour\":[{\"a\":1}]}", &draft));
	draft_done(&draft);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_draft_has_defaults),
		cmocka_unit_test(it_comes_back_whole),
		cmocka_unit_test(every_text_has_its_name),
		cmocka_unit_test(hostile_json_is_refused),
		cmocka_unit_test(what_could_be_read_is_kept_and_harmless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
