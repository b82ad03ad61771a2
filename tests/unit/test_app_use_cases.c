/* The table of use cases and its guard. */
#include "app/app.h"
#include "app/masks.h"
#include "app/operators.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static void every_row_is_whole(void **state)
{
	(void)state;
	for (int i = 0; i < USE_CASES; i++) {
		const struct use_case_row *row = &use_cases[i];

		assert_non_null(row->name);
		assert_non_null(row->arguments);
		assert_true(strlen(row->help) > 5);
		/* Nothing is forgotten: only who asks who he is needs no permission. */
		assert_int_equal(row->needs == 0, i == USE_WHOAMI);
		assert_int_equal(row->needs & ~(unsigned)(PERMISSION_ALL | PERMISSION_OWNER), 0);
		/* Who may only look changes nothing, and whoever may do more does so to change something. */
		assert_int_equal(row->changes, (row->needs & (PERMISSION_MANAGE_DESTINATIONS | PERMISSION_ACTIVATE_DESTINATIONS)) != 0);
		/* Values of people are masked, not refused. */
		assert_int_equal(row->needs & PERMISSION_VIEW_PROFILES, 0);
		for (int k = 0; k < i; k++)
			assert_string_not_equal(row->name, use_cases[k].name);
	}
}

static void read_only_refuses_every_change(void **state)
{
	struct app app = { .read_only = true };
	struct error err;

	(void)state;
	for (int i = 0; i < USE_CASES; i++) {
		enum status status = app_allow(&app, (enum use_case)i, &err);

		assert_int_equal(status, use_cases[i].changes ? STATUS_REFUSED : STATUS_OK);
		if (status != STATUS_OK)
			assert_string_equal(err.code, "read_only");
	}
	app.read_only = false;
	for (int i = 0; i < USE_CASES; i++)
		assert_int_equal(app_allow(&app, (enum use_case)i, &err), STATUS_OK);
}

/* Each permission withheld in turn: exactly what needs it is refused, and the refusal names it. */
static void each_permission_withheld(void **state)
{
	struct operator who = { .name = (char *)"ada", .keeper = (char *)"/etc/penstock/permissions" };
	struct app app = { .operator = &who };

	(void)state;
	for (unsigned withheld = 1; withheld <= PERMISSION_ALL; withheld <<= 1) {
		who.permissions = PERMISSION_ALL & ~withheld;
		for (int i = 0; i < USE_CASES; i++) {
			const struct use_case_row *row = &use_cases[i];
			struct error err = { 0 };
			enum status status = app_allow(&app, (enum use_case)i, &err);

			assert_int_equal(status, (row->needs & PERMISSION_OWNER) || (row->needs & withheld) ? STATUS_REFUSED : STATUS_OK);
			if ((row->needs & PERMISSION_OWNER))
				assert_string_equal(err.code, "owner");
			else if (status != STATUS_OK) {
				assert_string_equal(err.code, "permission");
				assert_non_null(strstr(err.message, permission_name(withheld)));
				assert_non_null(strstr(err.message, row->name));
				assert_non_null(strstr(err.message, "ada"));
			}
		}
	}
}

static void owners_and_nobody(void **state)
{
	struct operator who = { .name = (char *)"ada", .keeper = (char *)"f", .owner = true };
	struct app app = { .operator = &who };

	(void)state;
	for (int i = 0; i < USE_CASES; i++)
		assert_int_equal(app_allow(&app, (enum use_case)i, NULL), STATUS_OK);
	who.owner = false;
	for (int i = 0; i < USE_CASES; i++)
		assert_int_equal(app_allow(&app, (enum use_case)i, NULL), i == USE_WHOAMI ? STATUS_OK : STATUS_REFUSED);
	/* What wipes traces, copies the store or runs it is nobody's but its owner's. */
	assert_true(use_cases[USE_DAEMON].needs & use_cases[USE_BACKUP].needs & use_cases[USE_RETENTION_SET].needs & use_cases[USE_RETENTION_APPLY].needs & PERMISSION_OWNER);
}

/* The rooms that judge values do so by themselves, whatever face let them through. */
static void what_runs_with_the_owners_rights(void **state)
{
	struct operator who = { .name = (char *)"ada", .keeper = (char *)"f", .permissions = PERMISSION_ALL };
	struct app app = { .operator = &who };
	struct error err = { 0 };
	char *value = mem_strdup("ada@example.com"), *words = mem_strdup("Value ada@example.com is wrong"), *target = mem_strdup("https://example.com/token");

	(void)state;
	assert_int_equal(operator_is_owner(&app, "command", &err), STATUS_REFUSED);
	assert_string_equal(err.code, "owner");
	assert_int_equal(operator_may_read(&app, "/srv/x", &err), STATUS_REFUSED);
	assert_string_equal(err.code, "source");
	assert_int_equal(operator_may_read(&app, "csv:-", &err), STATUS_OK);
	mask_value(&app, &value);
	mask_words(&app, "1003", &words);
	mask_target(&app, &target);
	assert_string_equal(value, "ada@example.com");
	assert_non_null(strstr(words, "ada"));
	assert_non_null(strstr(target, "token"));
	who.permissions = PERMISSION_ALL & ~(unsigned)(PERMISSION_VIEW_PROFILES | PERMISSION_MANAGE_DESTINATIONS);
	mask_value(&app, &value);
	mask_words(&app, "no_identity", &words);
	assert_non_null(strstr(words, "ada"));
	mask_words(&app, "1003", &words);
	mask_target(&app, &target);
	error_set(&err, STATUS_FAILED, "1003", "Value %s is wrong", "ada@example.com");
	mask_error(&app, &err);
	assert_null(strstr(err.message, "ada"));
	assert_string_equal(err.code, "1003");
	assert_string_equal(value, "***");
	assert_null(strstr(words, "ada"));
	assert_string_equal(target, "***");
	/* Even where the keeper lists something that looks like it. */
	vec_push(&who.sources, (char *)"http:127.0.0.1:8080/in");
	assert_int_equal(operator_may_read(&app, "http:127.0.0.1:8080/in,token-file=/srv/t#x", &err), STATUS_REFUSED);
	assert_string_equal(err.code, "owner");
	assert_int_equal(operator_may_read(&app, "https:127.0.0.1:8080/in,token-file=/srv/t", &err), STATUS_REFUSED);
	vec_done(&who.sources);
	who.owner = true;
	assert_int_equal(operator_is_owner(&app, "command", &err), STATUS_OK);
	assert_int_equal(operator_may_read(&app, "/srv/x", &err), STATUS_OK);
	assert_int_equal(operator_may_read(&app, "http:127.0.0.1:8080/in,token-file=/srv/t", &err), STATUS_OK);
	app.operator = NULL;
	assert_int_equal(operator_is_owner(&app, "command", &err), STATUS_OK);
	assert_int_equal(operator_may_read(&app, "/srv/x", &err), STATUS_OK);
	mem_free(value);
	mem_free(words);
	mem_free(target);
}

static void previews_show_no_values(void **state)
{
	struct operator who = { .name = (char *)"ada", .keeper = (char *)"f", .permissions = PERMISSION_ALL };
	struct app app = { .operator = &who };
	struct preview preview = { 0 };
	struct preview_profile profile = { .position = 1 };
	const struct preview_profile *shown;

	(void)state;
	vec_push(&profile.people, ((struct preview_person){ .identity = mem_strdup("ada@example.com"), .code = mem_strdup("not_ascii") }));
	vec_push(&profile.values, ((struct preview_value){ .target = mem_strdup("leadScore"), .fate = PREVIEW_LEFT_OUT, .value = mem_strdup("3.7"), .code = mem_strdup("not_integer") }));
	vec_push(&profile.values, ((struct preview_value){ .target = mem_strdup("title"), .fate = PREVIEW_ABSENT }));
	vec_push(&preview.profiles, profile);
	shown = &preview.profiles.at[0];
	mask_preview(&app, &preview);
	assert_string_equal(shown->people.at[0].identity, "ada@example.com");
	assert_string_equal(shown->values.at[0].value, "3.7");
	who.permissions &= ~(unsigned)PERMISSION_VIEW_PROFILES;
	mask_preview(&app, &preview);
	assert_string_equal(shown->people.at[0].identity, "***");
	assert_string_equal(shown->values.at[0].value, "\"***\"");
	assert_string_equal(shown->values.at[0].code, "not_integer");
	assert_null(shown->values.at[1].value);
	preview_done(&preview);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(previews_show_no_values),
		cmocka_unit_test(what_runs_with_the_owners_rights),
		cmocka_unit_test(each_permission_withheld),
		cmocka_unit_test(owners_and_nobody),
		cmocka_unit_test(every_row_is_whole),
		cmocka_unit_test(read_only_refuses_every_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
