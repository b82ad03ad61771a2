/* Permissions, and the file that grants them. */
#include "model/operator.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static enum status read(const char *text, struct grants *out, struct error *err)
{
	*out = (struct grants){ 0 };
	*err = (struct error){ 0 };
	return grants_read(text, strlen(text), out, err);
}

static void names_are_adobes(void **state)
{
	static const char *const names[PERMISSIONS] = { "View Destinations", "Manage Destinations", "Activate Destinations", "View Profiles", "View Segments" };
	unsigned all = 0, one;

	(void)state;
	for (int i = 0; i < PERMISSIONS; i++) {
		assert_true(permission_read(names[i], &one));
		assert_string_equal(permission_name(one), names[i]);
		all |= one;
	}
	assert_int_equal(all, PERMISSION_ALL);
	assert_true(permission_read("view profiles", &one));
	assert_false(permission_read("view", &one));
	assert_false(permission_read("", &one));
	assert_null(permission_name(0));
	assert_string_equal(permission_name(PERMISSION_VIEW_SEGMENTS | PERMISSION_MANAGE_DESTINATIONS), "Manage Destinations");
}

static void a_file(void **state)
{
	struct grants grants;
	struct error err;

	(void)state;
	assert_int_equal(read("# ours\n\n  user ada : View Destinations,view segments\r\n"
		"group marketing: Activate Destinations\nuser 65533: Manage Destinations\n"
		"source /srv/audiences/\nsource postgresql:service=crm", &grants, &err), STATUS_OK);
	assert_int_equal(grants.all.count, 3);
	assert_string_equal(grants.all.at[0].who, "ada");
	assert_false(grants.all.at[0].group);
	assert_int_equal(grants.all.at[0].permissions, PERMISSION_VIEW_DESTINATIONS | PERMISSION_VIEW_SEGMENTS);
	assert_true(grants.all.at[1].group);
	assert_string_equal(grants.all.at[1].who, "marketing");
	assert_string_equal(grants.all.at[2].who, "65533");
	assert_int_equal(grants.sources.count, 2);
	assert_string_equal(grants.sources.at[0], "/srv/audiences");
	grants_done(&grants);
	assert_int_equal(read("", &grants, &err), STATUS_OK);
	assert_int_equal(grants.all.count, 0);
	grants_done(&grants);
}

static void what_is_wrong_has_its_line(void **state)
{
	static const struct {
		const char *text, *says, *hints;
	} all[] = {
		{ "user ada: View Destinations\nuser bob: View Destination\n", "line 2", "View Destinations" },
		{ "user ada View Destinations", "line 1", "user NAME" },
		{ "\n\nuser : View Segments", "line 3", "" },
		{ "user ada:", "line 1", "" },
		{ "user ada: View Segments,", "line 1", "" },
		{ "users ada: View Segments", "line 1", "user NAME" },
		{ "source srv", "line 1", "" },
		{ "everybody", "line 1", "" },
		{ "user ada: \xff", "UTF-8", "" },
	};
	struct grants grants;
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		assert_int_equal(read(all[i].text, &grants, &err), STATUS_USAGE);
		assert_string_equal(err.code, "permissions");
		assert_non_null(strstr(err.message, all[i].says));
		assert_non_null(strstr(err.hint, all[i].hints));
		grants_done(&grants);
	}
	assert_int_equal(grants_read("user a\0b: View Segments", 24, &grants, &err), STATUS_USAGE);
	grants_done(&grants);
}

static void sources(void **state)
{
	struct operator who = { 0 };

	(void)state;
	vec_push(&who.sources, (char *)"/srv/a");
	vec_push(&who.sources, (char *)"postgresql:service=crm");
	assert_true(operator_may_name(&who, "/srv/a"));
	assert_true(operator_may_name(&who, "/srv/a/b/c.ndjson"));
	assert_false(operator_may_name(&who, "/srv/ab"));
	assert_false(operator_may_name(&who, "/srv"));
	assert_false(operator_may_name(&who, "srv/a/b"));
	assert_false(operator_may_name(&who, ""));
	assert_true(operator_may_name(&who, "postgresql:service=crm#/srv/a/q.sql"));
	assert_false(operator_may_name(&who, "postgresql:service=crm passfile=/x#/srv/a/q.sql"));
	assert_false(operator_may_name(&who, "postgresql:service=crm"));
	assert_false(operator_may_name(&who, "sqlite:/srv/a/x.db#/srv/a/q.sql"));
	assert_true(operator_may_name(NULL, "/etc/shadow"));
	assert_true(operator_sees_profiles(NULL));
	assert_false(operator_sees_profiles(&who));
	who.permissions = PERMISSION_VIEW_PROFILES;
	assert_true(operator_sees_profiles(&who));
	who.sources.at[0] = (char *)"/";
	assert_true(operator_may_name(&who, "/etc/shadow"));
	vec_done(&who.sources);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_adobes),
		cmocka_unit_test(a_file),
		cmocka_unit_test(what_is_wrong_has_its_line),
		cmocka_unit_test(sources),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
