/* The configuration file: what is taken, and what is warned of with its line. */
#include "base/mem.h"
#include "base/str.h"
#include "command/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

static void keep(void *self, const char *warning)
{
	struct str *warnings = self;

	str_add_format(warnings, "%s\n", warning);
}

static void takes_what_is_written(void **state)
{
	struct config config;
	struct str warnings = { 0 };

	(void)state;
	config_init(&config);
	assert_null(config.db);
	assert_false(config.ascii);
	assert_true(config.color);
	config_parse("# mine\n\n  db = /srv/a = b.db  \r\nascii=yes\n\tcolor =no\n", "f", &config, keep, &warnings);
	assert_string_equal(config.db, "/srv/a = b.db");
	assert_true(config.ascii);
	assert_false(config.color);
	setenv("HOME", "/h", 1);
	config_parse("db = /x\ndb = ~/y.db\nascii = no", "f", &config, keep, &warnings);
	assert_string_equal(config.db, "/h/y.db");
	assert_false(config.ascii);
	assert_string_equal(str_text(&warnings), "");
	config_done(&config);
	str_done(&warnings);
}

static void warns_of_the_rest(void **state)
{
	struct config config;
	struct str warnings = { 0 };

	(void)state;
	config_init(&config);
	config_parse("mouse = yes\n\nascii = 1\nnonsense\ndb =\ncolor = Yes\n= x\nascii = yes\n", "/c/config", &config, keep, &warnings);
	assert_string_equal(str_text(&warnings), "/c/config:1: there is no setting \"mouse\"\n/c/config:3: ascii is yes or no, not \"1\"\n"
		"/c/config:4: a line is written `name = value`, not \"nonsense\"\n/c/config:5: db has no value\n/c/config:6: color is yes or no, not \"Yes\"\n"
		"/c/config:7: there is no setting \"\"\n");
	assert_null(config.db);
	assert_true(config.ascii);
	assert_true(config.color);
	config_done(&config);
	str_done(&warnings);
}

static void lies_where_xdg_says(void **state)
{
	char *path;

	(void)state;
	setenv("HOME", "/h", 1);
	setenv("XDG_CONFIG_HOME", "/c", 1);
	path = config_path();
	assert_string_equal(path, "/c/penstock/config");
	mem_free(path);
	setenv("XDG_CONFIG_HOME", "", 1);
	path = config_path();
	assert_string_equal(path, "/h/.config/penstock/config");
	mem_free(path);
	unsetenv("HOME");
	assert_null(config_path());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_what_is_written),
		cmocka_unit_test(warns_of_the_rest),
		cmocka_unit_test(lies_where_xdg_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
