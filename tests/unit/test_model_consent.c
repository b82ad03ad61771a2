/* Consent: which answers say no. */
#include "base/json.h"
#include "model/consent.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static bool refuses(const char *text, const char *message, bool column)
{
	struct consent *consent = consent_parse(text, NULL);
	struct json *json = json_parse(message, strlen(message), NULL, NULL);
	bool refused;

	assert_non_null(consent);
	assert_non_null(json);
	if (column)
		consent_be_column(consent);
	refused = consent_refuses(consent, json);
	json_free(json);
	consent_free(consent);
	return refused;
}

static void test_opt_out(void **state)
{
	static const char *const no[] = {
		"{\"c\":\"n\"}", "{\"c\":\"N\"}", "{\"c\":\" no \"}", "{\"c\":\"dn\"}", "{\"c\":\"False\"}", "{\"c\":\"OUT\"}", "{\"c\":\"0\"}", "{\"c\":0}", "{\"c\":false}",
		"{\"c\":{\"val\":\"n\"}}", "{\"c\":{\"val\":false}}", "{\"c\":{}}", "{\"c\":{\"val\":null}}", "{\"c\":[]}", "{\"c\":[\"y\"]}", "{\"c\":{\"val\":{\"val\":\"y\"}}}",
	};
	static const char *const yes[] = {
		"{}", "{\"c\":null}", "{\"c\":\"\"}", "{\"c\":\"y\"}", "{\"c\":\"p\"}", "{\"c\":\"u\"}", "{\"c\":\"dy\"}", "{\"c\":\"LI\"}", "{\"c\":true}", "{\"c\":1}",
		"{\"c\":\"none\"}", "{\"c\":\"nn\"}", "{\"C\":\"n\"}", "{\"c\":{\"val\":\"y\"}}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof no / sizeof *no; i++)
		if (!refuses("c", no[i], false))
			fail_msg("%s does not say no", no[i]);
	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
		if (refuses("c", yes[i], false))
			fail_msg("%s says no", yes[i]);
}

static void test_opt_in(void **state)
{
	(void)state;
	assert_false(refuses("a.b=y,Vi", "{\"a\":{\"b\":\"Y\"}}", false));
	assert_false(refuses("a.b=y,Vi", "{\"a\":{\"b\":{\"val\":\"VI\"}}}", false));
	assert_true(refuses("a.b=y,Vi", "{\"a\":{\"b\":\"p\"}}", false));
	assert_true(refuses("a.b=y,Vi", "{\"a\":{}}", false));
	assert_true(refuses("a.b=y", "{\"a\":{\"b\":null}}", false));
	assert_true(refuses("a.b=y", "{}", false));
	assert_false(refuses("a.b=true", "{\"a\":{\"b\":true}}", false));
	assert_false(refuses("a.b=1", "{\"a\":{\"b\":1}}", false));
	/* An equals sign in quotes is part of the path. */
	assert_true(refuses("\"a=b\"", "{\"a=b\":\"n\"}", false));
	assert_false(refuses("\"a=b\"=y", "{\"a=b\":\"y\"}", false));
	/* A column, with whatever dots it has. */
	assert_true(refuses("agrees.email", "{\"agrees.email\":\"no\"}", true));
	assert_false(refuses("agrees.email", "{\"agrees.email\":\"yes\"}", true));
}

static void test_refused(void **state)
{
	static const char *const bad[] = { "", "=", "=y", "a..b", "a.b=", "a.b=y,", "a.b= ,y", "identityMap.Email", "identityMap.Email=x", "segmentMembership.ups", "\"a" };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct error err = { 0 };

		if (consent_parse(bad[i], &err))
			fail_msg("%s is taken", bad[i]);
		assert_int_equal(err.status, STATUS_USAGE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_opt_out),
		cmocka_unit_test(test_opt_in),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
