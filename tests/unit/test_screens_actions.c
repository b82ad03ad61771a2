/* The table of keys: whole, without a key of two meanings, and without the keys that terminals keep for themselves. */
#include "screens/actions.h"

#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEYS = sizeof action_rows->keys / sizeof *action_rows->keys, SOURCE_MAX = 1 << 20 };

/* ux 1: no action without a row. */
static void every_action_has_a_row(void **state)
{
	(void)state;
	for (int action = ACT_NONE + 1; action < ACTIONS; action++) {
		size_t found = 0;

		for (size_t i = 0; i < action_row_count; i++)
			found += action_rows[i].action == (enum action)action;
		if (!found)
			fail_msg("action %d has no row", action);
	}
}

/* Operators name actions in the configuration file: none is without a name, and no two have the same. */
static void every_action_has_a_name(void **state)
{
	(void)state;
	for (int i = ACT_NONE + 1; i < ACTIONS; i++) {
		assert_non_null(action_name((enum action)i));
		for (int k = ACT_NONE + 1; k < i; k++)
			assert_string_not_equal(action_name((enum action)i), action_name((enum action)k));
	}
}

static void every_row_is_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < action_row_count; i++) {
		const struct action_row *row = &action_rows[i];

		assert_true(row->action > ACT_NONE && row->action < ACTIONS);
		assert_true(row->where);
		assert_true(row->help && *row->help);
		assert_true(!row->hint || (*row->hint && strlen(row->hint) <= 12));
		assert_non_null(row->keys[0]);
		for (int k = 0; k < KEYS && row->keys[k]; k++) {
			struct press press;
			char name[PRESS_NAME];

			assert_true(press_parse(row->keys[k], &press));
			assert_string_equal(press_name(&press, name), row->keys[k]);
		}
	}
}

/* ux 3: flow control, the prefixes of multiplexers, what Backspace, Tab, Enter and Esc really are, the signals. */
static void no_key_is_one_that_terminals_keep(void **state)
{
	static const char letters[] = "sqabhijmzc\\[";

	(void)state;
	for (size_t i = 0; i < action_row_count; i++)
		for (int k = 0; k < KEYS && action_rows[i].keys[k]; k++) {
			const char *key = action_rows[i].keys[k];
			struct press press;

			assert_true(press_parse(key, &press));
			if (press.kind == PRESS_CONTROL && press.point < 0x80 && strchr(letters, (int)(press.point | 0x20)))
				fail_msg("%s cannot be had everywhere", key);
			/* ux 2: what moves is no action on any screen. */
			if (press_twin(&press).kind != press.kind)
				fail_msg("%s moves", key);
			/* ux 2: F1 is one of two ways to the help; nothing needs another function key. */
			assert_true(key[0] != 'F' || !key[1] || strcmp(key, "F1") == 0);
		}
}

static bool has_key(const struct action_row *row, const char *key)
{
	for (int k = 0; k < KEYS && row->keys[k]; k++)
		if (strcmp(row->keys[k], key) == 0)
			return true;
	return false;
}

/* ux 5: the same key means the same on all screens. */
static void one_key_has_one_meaning(void **state)
{
	(void)state;
	for (size_t i = 0; i < action_row_count; i++)
		for (size_t j = i + 1; j < action_row_count; j++)
			for (int k = 0; k < KEYS && action_rows[i].keys[k]; k++) {
				const char *key = action_rows[i].keys[k];

				if (has_key(&action_rows[j], key) && action_rows[i].action != action_rows[j].action)
					fail_msg("%s means %d and %d", key, (int)action_rows[i].action, (int)action_rows[j].action);
			}
}

static void characters_are_text_while_somebody_types(void **state)
{
	(void)state;
	for (size_t i = 0; i < action_row_count; i++)
		for (int k = 0; k < KEYS && action_rows[i].keys[k]; k++) {
			const struct action_row *row = &action_rows[i];
			bool text;
			struct press press;

			assert_true(press_parse(row->keys[k], &press));
			text = press.kind == PRESS_CHARACTER;
			assert_int_equal(action_of(&press, row->where, false), row->action);
			assert_int_equal(action_of(&press, row->where, true), text ? ACT_NONE : row->action);
			assert_int_equal(action_of(&press, 0, false), ACT_NONE);
		}
}

/* What can be done in a field, too, is shown there with the key that works there. */
static void the_key_shown_is_one_that_works(void **state)
{
	(void)state;
	for (size_t i = 0; i < action_row_count; i++) {
		const char *key = action_key(&action_rows[i], true);
		struct press press;

		assert_string_equal(action_key(&action_rows[i], false), action_rows[i].keys[0]);
		if (!key)
			continue;
		assert_true(press_parse(key, &press));
		assert_int_equal(action_of(&press, action_rows[i].where, true), action_rows[i].action);
	}
}

static char *source_of(const char *folder, const char *name)
{
	char path[8192], *text = calloc(1, SOURCE_MAX);
	FILE *file;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	file = fopen(path, "re");
	assert_non_null(file);
	assert_non_null(text);
	assert_true(fread(text, 1, SOURCE_MAX - 1, file) < SOURCE_MAX - 1);
	fclose(file);
	return text;
}

static bool mentions(const char *text, const char *word)
{
	size_t length = strlen(word);

	for (const char *found = strstr(text, word); found; found = strstr(found + 1, word))
		if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ_", found[length]))
			return true;
	return false;
}

/* ux 1: no row without a handler. As far as the source shows it: outside the table each action is named by somebody. */
static void every_action_is_handled(void **state)
{
	static const char *const names[] = { "OPEN", "TOGGLE", "NEW", "RUN", "STOP", "REMOVE", "TEST", "NEXT", "BACK", "FILTER", "EDIT", "ACCEPT", "ACCEPT_ALL",
		"NEXT_PROBLEM", "LAST_PROBLEM", "LIST", "DATES", "MODE", "PREVIEW", "MIGRATE", "IMPORT", "SOURCE", "PEOPLE", "FOLDER", "EMAIL",
		"PLAN", "LAUNCH", "SAVE", "FETCH", "FAILURES", "ERRORS", "COPY", "DUMP", "MOUSE", "UNDO",
		"REDO", "PALETTE", "BROWSE", "WATCH", "UNMASK", "VERIFY", "REPAIR", "RESYNC", "ADOPT", "RETRY", "SWITCH", "CHANGE", "HISTORY", "SIGN", "DIFF", "SORT", "PAUSE",
		"ESCAPE", "LEAVE", "HELP" };
	bool handled[sizeof names / sizeof *names] = { false };
	const char *top = getenv("top_srcdir");
	char path[4096];
	DIR *folder;

	(void)state;
	snprintf(path, sizeof path, "%s/src/screens", top ? top : ".");
	folder = opendir(path);
	assert_non_null(folder);
	for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
		const char *dot = strrchr(entry->d_name, '.');
		char *text;

		if (!dot || strcmp(dot, ".c") != 0 || strcmp(entry->d_name, "actions.c") == 0)
			continue;
		text = source_of(path, entry->d_name);
		for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
			char word[40];

			snprintf(word, sizeof word, "ACT_%s", names[i]);
			handled[i] |= mentions(text, word);
		}
		free(text);
	}
	closedir(folder);
	assert_int_equal(sizeof names / sizeof *names, ACTIONS - 1); /* a new one stands above, too */
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!handled[i])
			fail_msg("nobody handles ACT_%s", names[i]);
}

static void expect_remap_refused(const char *name, const char *keys, const char *word, const char *other)
{
	char *why = action_remap(name, keys);

	assert_non_null(why);
	if (!strstr(why, word) || !strstr(why, other))
		fail_msg("%s = %s: %s", name, keys, why);
	mem_free(why);
}

/* ux 3: nor can an operator have them. */
static void no_own_key_is_one_that_terminals_keep(void **state)
{
	static const char *const kept[] = { "Ctrl-S", "Ctrl-Q", "Ctrl-A", "Ctrl-B", "Ctrl-Z", "Ctrl-C", "Enter", "Esc", "Tab", "Up", "Home", "h", "j", "k", "l", "g", "G" };
	static const char *const none[] = { "Ctrl-H", "Ctrl-I", "Ctrl-J", "Ctrl-M", "Ctrl-[", "Ctrl-\\", "F5", "Alt-x", "Hyper-Q" };

	(void)state;
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
		expect_remap_refused("run", kept[i], kept[i], "kept");
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		expect_remap_refused("run", none[i], none[i], "no key");
}

/* ux 5: a clash is refused with both names, whichever two actions it is about, and everything stays as it was. */
static void a_clash_is_refused_with_both_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < action_row_count; i++)
		for (int k = 0; k < KEYS && action_rows[i].keys[k]; k++) {
			const char *key = action_rows[i].keys[k];
			bool run = action_rows[i].action == ACT_RUN, fixed = action_rows[i].action == ACT_OPEN || action_rows[i].action == ACT_ESCAPE;

			if (!run && !fixed)
				expect_remap_refused("run", key, "run", action_name(action_rows[i].action));
		}
	one_key_has_one_meaning(NULL);
	assert_int_equal(action_of(&(struct press){ .kind = PRESS_CHARACTER, .point = 'r' }, AT_FLOW, false), ACT_RUN);
}

static void a_key_of_ones_own_takes_the_place_of_the_old_one(void **state)
{
	const struct press own = { .kind = PRESS_CHARACTER, .point = 'Z' }, old = { .kind = PRESS_CHARACTER, .point = 'o' };

	(void)state;
	assert_null(action_remap("tables", "Z"));
	assert_int_equal(action_of(&own, AT_HOME, false), ACT_BROWSE);
	assert_int_equal(action_of(&old, AT_HOME, false), ACT_NONE);
	assert_null(action_remap("tables", "o"));
	assert_int_equal(action_of(&old, AT_HOME, false), ACT_BROWSE);
	every_row_is_whole(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_action_has_a_row),
		cmocka_unit_test(every_action_has_a_name),
		cmocka_unit_test(every_row_is_whole),
		cmocka_unit_test(no_key_is_one_that_terminals_keep),
		cmocka_unit_test(one_key_has_one_meaning),
		cmocka_unit_test(characters_are_text_while_somebody_types),
		cmocka_unit_test(the_key_shown_is_one_that_works),
		cmocka_unit_test(every_action_is_handled),
		cmocka_unit_test(no_own_key_is_one_that_terminals_keep),
		cmocka_unit_test(a_clash_is_refused_with_both_names),
		cmocka_unit_test(a_key_of_ones_own_takes_the_place_of_the_old_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
