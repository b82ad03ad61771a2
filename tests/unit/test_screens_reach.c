/* Whatever penstock can be asked to do can be asked for in the console: by a key on a row, or as a command in the palette. */
#include "app/use_cases.h"
#include "base/mem.h"
#include "screens/actions.h"
#include "screens/browse.h"
#include "screens/commands.h"
#include "screens/hints.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

static void every_use_case_is_reached(void **state)
{
	(void)state;
	for (int use = 0; use < USE_CASES; use++) {
		bool key = deeds_reach((enum use_case)use), command = command_is_offered((enum use_case)use);

		/* These are no answer to a question: they go on until they are stopped. */
		if (use == USE_DAEMON || use == USE_RECEIVE)
			assert_false(key || command);
		else if (key == command)
			fail_msg("`%s` is to be on a screen or in the palette, one of them", use_cases[use].name);
	}
}

/* What is done with dataflows every day has a key of its own, on its row. */
static void daily_deeds_have_keys(void **state)
{
	static const enum use_case daily[] = { USE_RUN, USE_PLAN, USE_PAUSE, USE_RESUME, USE_STOP, USE_RETRY, USE_VERIFY, USE_REPAIR, USE_RESYNC, USE_ADOPT, USE_DATAFLOW_UPDATE,
		USE_DATAFLOW_ENABLE, USE_DATAFLOW_DISABLE, USE_DATAFLOW_DELETE, USE_ACCOUNT_TEST, USE_ACCOUNT_UPDATE, USE_ACCOUNT_DELETE, USE_DESTINATION_TEST, USE_DESTINATION_UPDATE,
		USE_DESTINATION_DELETE, USE_MAPPING_SIGN };

	(void)state;
	for (size_t i = 0; i < sizeof daily / sizeof *daily; i++)
		if (!deeds_reach(daily[i]))
			fail_msg("`%s` has no key", use_cases[daily[i]].name);
	/* And each deed of a table works where its table says that its rows take it. */
	for (int kind = 0; kind < BROWSES; kind++)
		for (int action = ACT_NONE + 1; action < ACTIONS; action++) {
			bool there = false;

			for (size_t row = 0; row < action_row_count; row++)
				there = there || (action_rows[row].action == (enum action)action && (action_rows[row].where & browse_kinds[kind].where) && action_rows[row].keys[0]);
			if (deeds_has((enum action)action, (enum browse_id)kind) && !there)
				fail_msg("%s cannot be pressed on a row of table %d", action_name((enum action)action), kind);
		}
}

/* These move, show what is there already, find, or are about this screen and this terminal alone. */
static bool is_of_the_screen(enum action action)
{
	static const enum action actions[] = { ACT_OPEN, ACT_ACCEPT_ALL, ACT_SORT, ACT_UNMASK, ACT_COPY, ACT_FILTER, ACT_NEXT_PROBLEM, ACT_LAST_PROBLEM, ACT_NEXT, ACT_BACK,
		ACT_ERRORS, ACT_DUMP, ACT_MOUSE, ACT_PALETTE, ACT_ESCAPE, ACT_LEAVE, ACT_HELP };

	for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
		if (actions[i] == action)
			return true;
	return false;
}

/* Its number; USE_CASES: there is none of that name. */
static int use_named(const char *name)
{
	int use = 0;

	while (use < USE_CASES && strcmp(use_cases[use].name, name) != 0)
		use++;
	return use;
}

/* ux 30: each action has a command that does the same, in the table of commands; what has none is of the screen alone. And what a row of a table can be told is said of
 * the key that tells it. */
static void every_action_has_a_command(void **state)
{
	bool named[USE_CASES + 1] = { false };

	(void)state;
	for (size_t i = 0; i < action_row_count; i++) {
		const struct action_row *row = &action_rows[i];
		char *copy, *rest;

		assert_non_null(row->twin);
		if (!*row->twin && !is_of_the_screen(row->action))
			fail_msg("%s has no command", action_name(row->action));
		copy = rest = mem_strdup(row->twin);
		for (char *name = strsep(&rest, ","); name && *row->twin; name = strsep(&rest, ",")) {
			name += strspn(name, " ");
			if (use_named(name) == USE_CASES)
				fail_msg("%s is to be `%s`, and there is no such command", action_name(row->action), name);
			named[use_named(name)] = true;
		}
		mem_free(copy);
	}
	for (int use = 0; use < USE_CASES; use++)
		if (deeds_reach((enum use_case)use) && !named[use])
			fail_msg("no key names `%s`, which it does", use_cases[use].name);
}

static void words_are_split(void **state)
{
	static const struct {
		const char *line, *words[4];
		bool good;
	} lines[] = {
		{ "", { NULL }, true },
		{ "  a  bc ", { "a", "bc" }, true },
		{ "'a b' \"c 'd\"", { "a b", "c 'd" }, true },
		{ "a\\ b --x='y z'", { "a b", "--x=y z" }, true },
		{ "'' b", { "", "b" }, true },
		{ "'a", { NULL }, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		word_list words = { 0 };
		size_t count = 0;

		assert_int_equal(words_split(lines[i].line, &words), lines[i].good);
		while (lines[i].words[count])
			count++;
		if (lines[i].good)
			assert_int_equal(words.count, count);
		for (size_t w = 0; lines[i].good && w < count; w++)
			assert_string_equal(words.at[w], lines[i].words[w]);
		word_list_done(&words);
	}
}

/* What is said of commands and options is said of keys, too, where there are some. */
static void hints_name_keys(void **state)
{
	static const struct {
		const char *hint;
		unsigned where;
		const char *with; /* "": nothing is added */
	} hints[] = {
		{ "give each a list of its own: --list new", AT_CHOOSING, " (here by the key J)" },
		{ "name one: --list-folder FOLDER", AT_CHOOSING, " (here by the key F)" },
		{ "give one that can: --source FILE", AT_CHOOSING, " (here by the key B)" },
		{ "give one that can: --source FILE", AT_HOME, "" },
		{ "`penstock verify flow --repair` adds them again", AT_HOME, " (here: V on its row in the table Dataflows)" },
		{ "`penstock verify flow` tells", AT_HOME, " (here: v on its row in the table Dataflows)" },
		{ "`penstock account test A` says why", AT_STEP, " (here: t on its row in the table Accounts)" },
		{ "set them with `penstock account update A`", AT_STEP, " (here: step 1, or c on its row in the table Accounts)" },
		{ "set them with `penstock account update A`", AT_HOME, " (here: c on its row in the table Accounts)" },
		{ "`penstock dataflow update flow --audience A`", AT_HOME, " (here: c on its row in the table Dataflows)" },
		{ "`penstock fields A --refresh` lists what there is", AT_HOME, "" },
		{ "`penstock verifying`", AT_HOME, "" },
		{ "a `penstock", AT_HOME, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof hints / sizeof *hints; i++) {
		char *text = hint_with_keys(hints[i].hint, hints[i].where);

		assert_memory_equal(text, hints[i].hint, strlen(hints[i].hint));
		assert_string_equal(text + strlen(hints[i].hint), hints[i].with);
		mem_free(text);
	}
	char *none = hint_with_keys(NULL, AT_HOME);

	assert_string_equal(none, "");
	mem_free(none);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_use_case_is_reached),
		cmocka_unit_test(daily_deeds_have_keys),
		cmocka_unit_test(every_action_has_a_command),
		cmocka_unit_test(words_are_split),
		cmocka_unit_test(hints_name_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
