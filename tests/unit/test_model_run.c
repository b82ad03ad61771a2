/* The account of a run: words, reasons, sums. */
#include "base/mem.h"
#include "model/run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void test_words(void **state)
{
	static const char *const states[] = { "planned", "running", "success", "partial", "failed", "stopped", "waiting", "blocked" };
	enum run_state parsed;

	(void)state;
	for (int i = RUN_PLANNED; i <= RUN_BLOCKED; i++) {
		assert_string_equal(run_state_text((enum run_state)i), states[i]);
		assert_true(run_state_parse(states[i], &parsed));
		assert_int_equal(parsed, i);
	}
	assert_false(run_state_parse("Success", &parsed));
	assert_false(run_state_parse("", &parsed));
	assert_false(run_state_parse(NULL, &parsed));
	for (int i = 0; i < CALL_KINDS; i++)
		assert_non_null(run_call_text((enum run_call)i));
	assert_null(run_call_text(CALL_KINDS));
	assert_string_equal(severity_text(SEVERITY_WARNING), "warning");
	assert_string_equal(severity_text(SEVERITY_EXCLUDED), "excluded");
	assert_string_equal(severity_text(SEVERITY_FAILED), "failed");
}

static void test_reasons(void **state)
{
	struct run run;

	(void)state;
	run_init(&run);
	run.dataflow = mem_strdup("nightly");
	run_reason_add(&run, "too_long", "lastName", SEVERITY_WARNING, 1);
	run_reason_add(&run, "too_long", "lastName", SEVERITY_WARNING, 2);
	run_reason_add(&run, "too_long", "firstName", SEVERITY_WARNING, 1);
	run_reason_add(&run, "too_long", "lastName", SEVERITY_EXCLUDED, 5);
	run_reason_add(&run, "1004", NULL, SEVERITY_EXCLUDED, 7);
	run_reason_add(&run, "1004", "", SEVERITY_EXCLUDED, 1);
	assert_int_equal(run.reasons.count, 4);
	assert_int_equal(run.reasons.at[0].count, 3);
	assert_int_equal(run.reasons.at[1].count, 1);
	assert_int_equal(run.reasons.at[2].count, 5);
	assert_int_equal(run.reasons.at[3].count, 8);
	run_done(&run);
	assert_null(run.dataflow);
	assert_int_equal(run.reasons.count, 0);
}

static void test_pending(void **state)
{
	struct run run;

	(void)state;
	run_init(&run);
	for (int i = 0; i < 2; i++)
		vec_push(&run.audiences, (struct run_audience){ 0 });
	run_pend(&run, 0, 2);
	run_pend(&run, 1, 1);
	run_pend(&run, 0, -1);
	assert_int_equal(run.pending, 2);
	assert_int_equal(run.audiences.at[0].pending, 1);
	assert_int_equal(run.audiences.at[1].pending, 1);
	run_done(&run);
}

/* Messages that differ from record to record do not fill the memory, and no count is lost. */
static void test_many_messages(void **state)
{
	struct run run;
	int64_t sum = 0;

	(void)state;
	run_init(&run);
	for (int i = 0; i < 1000; i++) {
		char *message = mem_printf("Invalid value %d", i);

		run_reason_add(&run, "1003", message, SEVERITY_FAILED, 1);
		mem_free(message);
	}
	assert_true(run.reasons.count <= 20);
	for (size_t i = 0; i < run.reasons.count; i++)
		sum += run.reasons.at[i].count;
	assert_int_equal(sum, 1000);
	run_reason_add(&run, "1004", "not found", SEVERITY_FAILED, 1);
	assert_string_equal(run.reasons.at[run.reasons.count - 1].code, "1004");
	run_done(&run);
}

static void test_calls(void **state)
{
	struct run run;

	(void)state;
	run_init(&run);
	assert_int_equal(run_calls(&run), 0);
	for (int i = 0; i < CALL_KINDS; i++)
		run.calls[i] = i + 1;
	assert_int_equal(run_calls(&run), CALL_KINDS * (CALL_KINDS + 1) / 2);
	run_done(&run);
}

static void test_ends(void **state)
{
	struct plan plan;
	struct failure failure = { .audience = mem_strdup("a"), .identity = mem_strdup("i"), .code = mem_strdup("1003"), .message = mem_strdup("m") };
	struct run run;

	(void)state;
	plan_init(&plan);
	plan.dataflow = mem_strdup("nightly");
	vec_push(&plan.reasons, ((struct run_reason){ .code = mem_strdup("c"), .message = mem_strdup("m") }));
	plan_done(&plan);
	assert_int_equal(plan.reasons.count, 0);
	failure_done(&failure);
	assert_null(failure.code);
	run_init(&run);
	vec_push(&run.audiences, ((struct run_audience){ .name = mem_strdup("Buyers") }));
	run_done(&run);
	assert_int_equal(run.audiences.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_pending),
		cmocka_unit_test(test_many_messages),
		cmocka_unit_test(test_calls),
		cmocka_unit_test(test_ends),
	};

	return cmocka_run_group_tests_name("model/run", tests, NULL, NULL);
}
