/* What an operator's command line may bring to the daemon: nothing that names a file or a program goes by undecided. */
#include "command/help.h"
#include "command/remote.h"

#include "app/guests.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static bool names_a_place(const char *argument)
{
	static const char *const places[] = { "FILE", "COMMAND", "CMD", "SOCKET", "SOURCE" };

	for (size_t i = 0; argument && i < sizeof places / sizeof *places; i++)
		if (strcmp(argument, places[i]) == 0)
			return true;
	return false;
}

/* Sources that are kept, and where an address stands in a source: app/operators.h judges the ones, the others are no files. */
static bool is_kept(const struct command *command, const char *option)
{
	return (strcmp(option, "source") == 0 && command->use != USE_MAPPING_SUGGEST && command->use != USE_MAPPING_PREVIEW) || strcmp(option, "email-from") == 0;
}

static void look_at(const struct command *command, const struct option_row *rows, int *seen)
{
	for (; rows && rows->name; rows++) {
		enum word_use use = remote_use(command->use, rows->name);

		if (!names_a_place(rows->argument) || strcmp(rows->name, "daemon") == 0)
			continue;
		++*seen;
		assert_int_equal(use == WORD_PLAIN, is_kept(command, rows->name));
	}
}

static void every_option_is_decided(void **state)
{
	int seen = 0;

	(void)state;
	for (const struct command *const *tables = command_tables; *tables; tables++) {
		for (const struct command *command = *tables; command_words(command); command++) {
			if (command->use == USE_CASES)
				continue; /* is never the daemon's */
			look_at(command, global_option_rows, &seen);
			for (size_t i = 0; i < sizeof command->options / sizeof *command->options; i++)
				look_at(command, command->options[i], &seen);
		}
	}
	assert_true(seen > 20);
}

static void every_operand_is_decided(void **state)
{
	int seen = 0;

	(void)state;
	for (const struct command *const *tables = command_tables; *tables; tables++) {
		for (const struct command *command = *tables; command_words(command); command++) {
			bool place = strncmp(command_arguments(command), "FILE", 4) == 0 || strcmp(command_arguments(command), "SOURCE") == 0;

			if (command->use == USE_CASES || !place || (use_cases[command->use].needs & PERMISSION_OWNER))
				continue;
			seen++;
			assert_int_not_equal(command->operands, WORD_PLAIN);
		}
	}
	assert_int_equal(seen, 3);
}

static void only_words_about_looks_come_along(void **state)
{
	(void)state;
	assert_true(guest_may_say("TERM", "xterm-256color"));
	assert_true(guest_may_say("TZ", "Europe/Berlin"));
	assert_true(guest_may_say("LANG", "de_DE.UTF-8"));
	assert_false(guest_may_say("TERM", "../../srv/ada/evil"));
	assert_false(guest_may_say("TZ", "/srv/ada/zone"));
	assert_false(guest_may_say("TZ", ":/srv/ada/zone"));
	assert_false(guest_may_say("TZ", "../../srv/ada/zone"));
	assert_false(guest_may_say("LANGUAGE", "/tmp/x"));
	assert_false(guest_may_say("LD_PRELOAD", "x.so"));
	assert_false(guest_may_say("PENSTOCK_DB", "x"));
	assert_false(guest_may_say("HOME", "x"));
	assert_false(guest_may_say("TERM", "\xff"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_option_is_decided),
		cmocka_unit_test(every_operand_is_decided),
		cmocka_unit_test(only_words_about_looks_come_along),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
