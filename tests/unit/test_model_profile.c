/* Namespaces, paths, identities and memberships of profile messages. */
#include "base/str.h"
#include "model/namespace.h"
#include "model/profile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void test_namespaces(void **state)
{
	(void)state;
	assert_string_equal(namespace_canonical("email"), "Email");
	assert_string_equal(namespace_canonical("E-MAIL"), "Email");
	assert_string_equal(namespace_canonical("ecid"), "ECID");
	assert_string_equal(namespace_canonical("Adobe Marketing Cloud ID"), "ECID");
	assert_string_equal(namespace_canonical("adobe experience cloud id"), "ECID");
	assert_string_equal(namespace_canonical("Adobe Experience Platform ID"), "ECID");
	assert_string_equal(namespace_canonical("email_lc_sha256"), "Emails");
	assert_string_equal(namespace_canonical("loyaltyCard"), "loyaltyCard");
	assert_string_equal(namespace_canonical(""), "");
	assert_null(namespace_canonical(NULL));
	assert_true(namespace_same("LOYALTYcard", "loyaltyCard"));
	assert_true(namespace_same("Adobe Experience Cloud ID", "ecid"));
	assert_false(namespace_same("Email", "Emails"));
	assert_true(namespace_is_ecid("Experience Cloud ID"));
	assert_false(namespace_is_ecid("ECIDs"));
	assert_true(namespace_is_email("EMAIL"));
	assert_false(namespace_is_email("email_lc_sha256"));
}

static void test_paths(void **state)
{
	static const struct {
		const char *text, *normal, *namespace; /* normal NULL: refused; namespace NULL: an attribute */
	} cases[] = {
		{ "identityMap.Email", "identityMap.Email", "Email" },
		{ "identitymap.EMAIL", "identityMap.Email", "Email" },
		{ " identityMap.Adobe Experience Cloud ID ", "identityMap.ECID", "ECID" },
		{ "identityMap.\"Adobe Marketing Cloud ID\"", "identityMap.ECID", "ECID" },
		{ "identityMap.loyaltyCard", "identityMap.loyaltyCard", "loyaltyCard" },
		{ "identityMap.\"my.space\"", "identityMap.\"my.space\"", "my.space" },
		{ "person.name.firstName", "person.name.firstName", NULL },
		{ "_example.\"web.site\".url", "_example.\"web.site\".url", NULL },
		{ "\"plain\".x", "plain.x", NULL },
		{ "a.\"say \"\"hi\"\"\"", "a.\"say \"\"hi\"\"\"", NULL },
		{ "\"\"", "\"\"", NULL },
		{ "First Name", "First Name", NULL },
		{ "a.\" b\"", "a.\" b\"", NULL },
		{ "\xd7\xa9\xd7\x9c.\xe6\x9d\xb1", "\xd7\xa9\xd7\x9c.\xe6\x9d\xb1", NULL },
		{ "", NULL, NULL },
		{ "  ", NULL, NULL },
		{ ".", NULL, NULL },
		{ "a.", NULL, NULL },
		{ ".a", NULL, NULL },
		{ "a..b", NULL, NULL },
		{ "a.\"b", NULL, NULL },
		{ "a.\"b\"c", NULL, NULL },
		{ "a.b\"c\"", NULL, NULL },
		{ "identityMap", NULL, NULL },
		{ "identityMap.", NULL, NULL },
		{ "identityMap.\" \"", NULL, NULL },
		{ "identityMap.Email.id", NULL, NULL },
		{ "segmentMembership", NULL, NULL },
		{ "segmentMembership.ups.x.status", NULL, NULL },
		{ "a\xff", NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct error err = { 0 };
		struct path *path = path_parse(cases[i].text, &err);

		if ((path != NULL) != (cases[i].normal != NULL))
			fail_msg("%s", cases[i].text);
		if (!path) {
			assert_int_equal(err.status, STATUS_USAGE);
			assert_string_not_equal(err.hint, "");
			continue;
		}
		assert_string_equal(path_text(path), cases[i].normal);
		assert_int_equal(path_is_identity(path), cases[i].namespace != NULL);
		if (cases[i].namespace)
			assert_string_equal(path_namespace(path), cases[i].namespace);
		else
			assert_null(path_namespace(path));
		path_free(path);
	}
	path_free(NULL);
}

static void test_path_bounds(void **state)
{
	struct str text = { 0 };
	struct path *path;

	(void)state;
	for (int i = 0; i < 64; i++)
		str_add(&text, i ? ".a" : "a");
	path = path_parse(str_text(&text), NULL);
	assert_non_null(path);
	assert_string_equal(path_text(path), str_text(&text));
	path_free(path);
	str_add(&text, ".a");
	assert_null(path_parse(str_text(&text), NULL));
	str_clear(&text);
	for (int i = 0; i < 1025; i++)
		str_add_char(&text, 'x');
	assert_null(path_parse(str_text(&text), NULL));
	path = path_parse(str_text(&text) + 1, NULL);
	assert_non_null(path);
	path_free(path);
	str_done(&text);
}

static struct json *parse(const char *text)
{
	const char *why = NULL;
	struct json *message = json_parse(text, strlen(text), &why, NULL);

	if (!message)
		fail_msg("%s: %s", text, why);
	return message;
}

static void check_value(const struct json *message, const char *text, enum value_kind kind, const char *expected)
{
	struct path *path = path_parse(text, NULL);
	struct value value = path_value(path, message);

	assert_int_equal(value.kind, kind);
	if (expected) {
		assert_string_equal(value.text, expected);
		assert_int_equal(value.length, strlen(expected));
	} else {
		assert_null(value.text);
	}
	path_free(path);
}

static void test_values(void **state)
{
	struct json *message = parse("{\"a\":{\"b\":{\"s\":\"text\",\"n\":9007199254740993,\"d\":1.10,\"t\":true,\"f\":false,\"z\":null,\"l\":[1],\"o\":{}},"
		"\"b.c\":\"dotted\",\"q\\\"\":\"quoted\",\"\":\"empty\"},\"First Name\":\"Ann\",\"twice\":1,\"twice\":2}");

	(void)state;
	check_value(message, "a.b.s", VALUE_STRING, "text");
	check_value(message, "a.b.n", VALUE_NUMBER, "9007199254740993");
	check_value(message, "a.b.d", VALUE_NUMBER, "1.10");
	check_value(message, "a.b.t", VALUE_TRUE, NULL);
	check_value(message, "a.b.f", VALUE_FALSE, NULL);
	check_value(message, "a.b.z", VALUE_NULL, NULL);
	check_value(message, "a.b.l", VALUE_OTHER, NULL);
	check_value(message, "a.b.l.0", VALUE_ABSENT, NULL);
	check_value(message, "a.b.o", VALUE_OTHER, NULL);
	check_value(message, "a.b.o.x", VALUE_ABSENT, NULL);
	check_value(message, "a.b.s.x", VALUE_ABSENT, NULL);
	check_value(message, "a.b.z.x", VALUE_ABSENT, NULL);
	check_value(message, "A.b.s", VALUE_ABSENT, NULL);
	check_value(message, "a.\"b.c\"", VALUE_STRING, "dotted");
	check_value(message, "a.b.c", VALUE_ABSENT, NULL);
	check_value(message, "a.\"q\"\"\"", VALUE_STRING, "quoted");
	check_value(message, "a.\"\"", VALUE_STRING, "empty");
	check_value(message, "First Name", VALUE_STRING, "Ann");
	check_value(message, "twice", VALUE_NUMBER, "2");
	json_free(message);
}

/* expected: the ids with a space between them, a primary one with a '*' behind it. */
static void check_identities(const char *text, const char *source, const char *expected)
{
	struct json *message = parse(text);
	struct path *path = path_parse(source, NULL);
	identity_list list = { 0 };
	struct str found = { 0 };

	for (int round = 0; round < 2; round++) { /* the second time over what the first has trimmed */
		path_identities(path, message, &list);
		str_clear(&found);
		for (size_t i = 0; i < list.count; i++)
			str_add_format(&found, "%s%s%s", i ? " " : "", list.at[i].id, list.at[i].primary ? "*" : "");
		assert_string_equal(str_text(&found), expected);
	}
	str_done(&found);
	vec_done(&list);
	path_free(path);
	json_free(message);
}

static void test_identities(void **state)
{
	(void)state;
	check_identities("{\"identityMap\":{\"email\":[{\"id\":\"a@example.com\"}]}}", "identityMap.Email", "a@example.com");
	check_identities("{\"identityMap\":{\"EMAIL\":[{\"id\":\"a\"},{\"id\":\"b\",\"primary\":true}],\"E-mail\":[{\"id\":\"c\"}]}}", "identityMap.Email", "a b* c");
	check_identities("{\"identityMap\":{\"Email\":[{\"id\":\" a@example.com\\t\"},{\"id\":\"A@EXAMPLE.com\",\"primary\":true}]}}", "identityMap.Email",
		"a@example.com*");
	check_identities("{\"identityMap\":{\"Email\":[{\"id\":\"\"},{\"id\":\"  \"},{\"id\":null},{},{\"id\":[]},\"b\",null,7]}}", "identityMap.Email", "b 7");
	check_identities("{\"identityMap\":{\"Email\":{\"id\":\"one\",\"primary\":true}}}", "identityMap.Email", "one*");
	check_identities("{\"identityMap\":{\"Email\":\"one\"}}", "identityMap.Email", "one");
	check_identities("{\"identityMap\":{\"Email\":null,\"ECID\":[]}}", "identityMap.Email", "");
	check_identities("{\"identityMap\":{\"Emails\":[{\"id\":\"hash\"}]}}", "identityMap.Email", "");
	check_identities("{\"identityMap\":{\"Adobe Experience Cloud ID\":[{\"id\":\"1\"}],\"ecid\":[{\"id\":\"2\"}]}}", "identityMap.ECID", "1 2");
	check_identities("{\"identityMap\":{\"crmid\":[{\"id\":12345678901234567890}]}}", "identityMap.CrmId", "12345678901234567890");
	check_identities("{\"identityMap\":{\"Email\":[{\"id\":\"zo\\u00eb\"},{\"id\":\"zo\\u00cb\"}]}}", "identityMap.Email", "zo\xc3\xab zo\xc3\x8b");
	check_identities("{\"identityMap\":[]}", "identityMap.Email", "");
	check_identities("{\"identityMap\":null}", "identityMap.Email", "");
	check_identities("{}", "identityMap.Email", "");
	check_identities("[]", "identityMap.Email", "");
	check_identities("{\"a\":\"x\"}", "a", "");
}

/* So many that comparing each with each would take a minute. */
static void test_many_identities(void **state)
{
	struct path *path = path_parse("identityMap.Email", NULL);
	identity_list list = { 0 };
	struct str text = { 0 };
	struct json *message;

	(void)state;
	str_add(&text, "{\"identityMap\":{\"Email\":[");
	for (int i = 0; i < 60000; i++)
		str_add_format(&text, "%s\"%s%d\"", i ? "," : "", i % 2 ? "N" : "n", i / 2);
	str_add(&text, "]}}");
	message = parse(str_text(&text));
	path_identities(path, message, &list);
	assert_int_equal(list.count, 30000);
	assert_string_equal(list.at[0].id, "n0");
	assert_string_equal(list.at[29999].id, "n29999");
	json_free(message);
	vec_done(&list);
	str_done(&text);
	path_free(path);
}

static void test_memberships(void **state)
{
	struct json *message = parse("{\"segmentMembership\":{\"ups\":{\"a\":{\"status\":\"realized\",\"name\":\"Buyers\"},\"b\":{\"status\":\"existing\"},"
		"\"c\":{\"status\":\"exited\",\"lastQualificationTime\":\"2024-05-02T09:30:00Z\"},\"d\":{\"status\":\"Realized\"},\"e\":{},\"f\":null,\"g\":\"realized\","
		"\"h\":{\"status\":1,\"name\":2}},\"CustomerAudienceUpload\":{\"a\":{\"status\":\"exited\"}},\"AAM\":{},\"nothing\":null}}");
	static const struct {
		const char *group, *audience, *name;
		enum membership_status status;
		bool existing;
	} expected[] = {
		{ "ups", "a", "Buyers", MEMBERSHIP_REALIZED, false },
		{ "ups", "b", NULL, MEMBERSHIP_REALIZED, true },
		{ "ups", "c", NULL, MEMBERSHIP_EXITED, false },
		{ "ups", "d", NULL, MEMBERSHIP_UNKNOWN, false },
		{ "ups", "e", NULL, MEMBERSHIP_UNKNOWN, false },
		{ "ups", "f", NULL, MEMBERSHIP_UNKNOWN, false },
		{ "ups", "g", NULL, MEMBERSHIP_UNKNOWN, false },
		{ "ups", "h", NULL, MEMBERSHIP_UNKNOWN, false },
		{ "CustomerAudienceUpload", "a", NULL, MEMBERSHIP_EXITED, false },
	};
	membership_list list = { 0 };

	(void)state;
	profile_memberships(message, &list);
	assert_int_equal(list.count, sizeof expected / sizeof *expected);
	for (size_t i = 0; i < list.count; i++) {
		assert_string_equal(list.at[i].group, expected[i].group);
		assert_string_equal(list.at[i].audience, expected[i].audience);
		assert_int_equal(list.at[i].name != NULL, expected[i].name != NULL);
		if (expected[i].name)
			assert_string_equal(list.at[i].name, expected[i].name);
		assert_int_equal(list.at[i].status, expected[i].status);
		assert_int_equal(list.at[i].existing, expected[i].existing);
	}
	json_free(message);
	message = parse("{\"segmentMembership\":[]}");
	profile_memberships(message, &list);
	assert_int_equal(list.count, 0);
	json_free(message);
	vec_done(&list);
}

static void test_refusal(void **state)
{
	static const struct {
		const char *text;
		bool is_profile;
	} cases[] = {
		{ "{}", true },
		{ "{\"identityMap\":{}}", true },
		{ "{\"identityMap\":null,\"segmentMembership\":null}", true },
		{ "{\"segmentMembership\":{\"ups\":null,\"x\":{}}}", true },
		{ "[]", false },
		{ "\"text\"", false },
		{ "5", false },
		{ "null", false },
		{ "{\"identityMap\":[]}", false },
		{ "{\"identityMap\":\"x\"}", false },
		{ "{\"segmentMembership\":[]}", false },
		{ "{\"segmentMembership\":true}", false },
		{ "{\"segmentMembership\":{\"ups\":[]}}", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct json *message = parse(cases[i].text);

		if ((profile_refusal(message) == NULL) != cases[i].is_profile)
			fail_msg("%s", cases[i].text);
		json_free(message);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_namespaces),
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_path_bounds),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_identities),
		cmocka_unit_test(test_many_identities),
		cmocka_unit_test(test_memberships),
		cmocka_unit_test(test_refusal),
	};

	return cmocka_run_group_tests_name("model/profile", tests, NULL, NULL);
}
