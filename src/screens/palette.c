/* The palette: what can be done here, and all places and things one can go to; found by typing a part of its name. */
#include "app/status.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "screens/browse.h"
#include "screens/commands.h"
#include "screens/popups.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What an item's value begins with; a number follows, and of a thing its name behind a space. */
enum { IS_ACTION = 'a', IS_PLACE = 'p', IS_ELSEWHERE = 'e', IS_TABLE = 't', IS_COMMAND = 'c' };

static void add(picker_items *items, char kind, size_t number, const char *text, const char *note, bool faint)
{
	char value[32];

	snprintf(value, sizeof value, "%c%zu", kind, number);
	picker_add(items, value, text, note);
	items->at[items->count - 1].faint = faint;
}

static void add_action(picker_items *items, char kind, const struct action_row *row, const char *why)
{
	char *text = row->hint ? mem_printf("%s: %s", _(row->hint), _(row->help)) : mem_strdup(_(row->help));
	char *note = mem_printf("%s%s%s%s%s", row->keys[0], row->keys[1] ? " " : "", row->keys[1] ? row->keys[1] : "", why ? "  " : "", why ? why : "");

	add(items, kind, (size_t)row->action, text, note, why != NULL);
	mem_free(text);
	mem_free(note);
}

static bool has_action(const picker_items *items, enum action action)
{
	for (size_t i = 0; i < items->count; i++)
		if (items->at[i].value[0] != IS_PLACE && items->at[i].value[0] != IS_TABLE && items->at[i].value[0] != IS_COMMAND && strtol(items->at[i].value + 1, NULL, 10) == (long)action)
			return true;
	return false;
}

/* All of the key table: those of this screen, then those that belong to others, said so. */
static void add_actions(picker_items *items, const struct layer *about, bool here)
{
	unsigned where = about->kind->where(about);

	for (size_t i = 0; i < action_row_count; i++) {
		const struct action_row *row = &action_rows[i];
		const char *why = NULL;

		if (row->action == ACT_PALETTE || ((row->where & where) != 0) != here || has_action(items, row->action))
			continue;
		if (!here)
			why = _("not on this screen");
		else if (about->kind->why_not)
			why = about->kind->why_not(about, row->action);
		add_action(items, here ? IS_ACTION : IS_ELSEWHERE, row, why);
	}
}

static void add_places(picker_items *items, const struct layer *about)
{
	const char *name;

	for (size_t i = 0; about->kind->place && (name = about->kind->place(about, i)); i++)
		add(items, IS_PLACE, i, name, _("go there"), false);
}

static void add_thing(picker_items *items, enum browse_id which, const char *name, const char *note)
{
	char *value = mem_printf("%c%d %s", IS_TABLE, (int)which, name);

	picker_add(items, value, *name ? name : _(browse_kinds[which].title), note);
	mem_free(value);
}

/* What no key stands for. */
static void add_commands(picker_items *items, const struct app *app)
{
	for (int use = 0; use < USE_CASES; use++) {
		struct error err = { 0 };

		/* Found by its name alone, and behind what has a key or a name of its own. */
		if (!command_is_offered((enum use_case)use))
			continue;
		add(items, IS_COMMAND, (size_t)use, use_cases[use].name, _(use_cases[use].help), app_allow(app, (enum use_case)use, &err) != STATUS_OK);
		items->at[items->count - 1].late = true;
	}
}

/* Everything that has a name, as the store has it. */
static void add_things(picker_items *items, struct console *console)
{
	struct overview now = { 0 };
	struct error err = { 0 };

	for (int i = 0; i < BROWSE_TABS; i++)
		add_thing(items, (enum browse_id)i, "", _("table"));
	if (app_status(console_app(console), &now, &err) != STATUS_OK)
		console_error(console, &err);
	for (size_t i = 0; i < now.dataflows.count; i++)
		add_thing(items, BROWSE_DATAFLOWS, now.dataflows.at[i].name, _("dataflow"));
	for (size_t i = 0; i < now.destinations.count; i++)
		add_thing(items, BROWSE_DESTINATIONS, now.destinations.at[i].name, _("destination"));
	for (size_t i = 0; i < now.accounts.count; i++)
		add_thing(items, BROWSE_ACCOUNTS, now.accounts.at[i].name, _("account"));
	overview_done(&now);
}

static void go_to_table(struct console *console, const char *value)
{
	char *name;
	long which = strtol(value, &name, 10);

	if (which >= 0 && which < BROWSE_TABS)
		console_push(console, browse_new(console, (enum browse_id)which, NULL, *name && name[1] ? name + 1 : NULL));
}

static void chosen(void *self, const struct picker_item *item, size_t count)
{
	struct layer *about = self;
	size_t number = (size_t)strtoul(item->value + 1, NULL, 10);

	(void)count;
	if (item->value[0] == IS_PLACE)
		about->kind->go(about, number);
	else if (item->value[0] == IS_TABLE)
		go_to_table(about->console, item->value + 1);
	else if (item->value[0] == IS_COMMAND)
		command_open(about->console, (enum use_case)number);
	else if (item->value[0] == IS_ELSEWHERE)
		console_say(about->console, ROLE_WARNING, "%s %s", glyph(GLYPH_WARNING), item->note);
	else
		console_act(about, (enum action)number);
}

void palette_open(struct layer *about)
{
	picker_items items = { 0 };
	struct picker *picker = picker_open(about->console, &(struct picker_options){ .title = _("What is to be done?"), .ranked = true, .chosen = chosen, .self = about });

	add_actions(&items, about, true);
	add_places(&items, about);
	add_things(&items, about->console);
	add_actions(&items, about, false);
	add_commands(&items, console_app(about->console));
	picker_fill(picker, &items, NULL);
}
