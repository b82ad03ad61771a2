/* The mapping of a launched dataflow, edited in the wizard's step of that name, which then stands alone: a draft until it is saved, as a revision. */
#include "app/revisions.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "screens/wizard.h"

#include <inttypes.h>
#include <stdlib.h>

bool wizard_edits(const struct wizard *wizard)
{
	return *draft_get(&wizard->draft, DRAFT_MAPPING_OF) != '\0';
}

void mapping_edit_open(struct console *console, const char *dataflow)
{
	struct app *app = console_app(console);
	struct draft draft;
	struct error err = { 0 };
	int64_t id;
	int lock = -1;

	console_hush(console);
	if (app_draft_edit(app, dataflow, &draft, &err) != STATUS_OK) {
		console_error(console, &err);
		return;
	}
	id = draft.id;
	draft_done(&draft);
	/* As it is once nobody else works on it. */
	if (draft_lock(app, id, &lock, &err) == STATUS_OK && app_draft_load(app, id, &draft, &err) == STATUS_OK) {
		console_push(console, wizard_new(console, &draft, lock));
		return;
	}
	draft_done(&draft);
	draft_unlock(lock);
	console_error(console, &err);
}

/* Whoever only looked leaves no draft behind. */
bool mapping_edit_forget(struct wizard *wizard)
{
	struct app *app = console_app(wizard->layer.console);
	bool edited = true;

	if (app_draft_edited(app, &wizard->draft, &edited, NULL) != STATUS_OK || edited)
		return false;
	return app_draft_delete(app, wizard->draft.id, NULL) == STATUS_OK;
}

void mapping_edit_keep(struct wizard *wizard)
{
	if (!mapping_edit_forget(wizard) && wizard_save(wizard))
		console_farewell(wizard->layer.console, _("penstock: the mapping of %s is kept as a draft, not in force yet; start penstock again to go on."),
			draft_get(&wizard->draft, DRAFT_MAPPING_OF));
}

static void saved(struct wizard *wizard)
{
	struct console *console = wizard->layer.console;
	const char *name = draft_get(&wizard->draft, DRAFT_MAPPING_OF), *revision = draft_get(&wizard->draft, DRAFT_REVISION);
	struct sign_off sign_off = { 0 };

	if (app_sign_off(console_app(console), name, &sign_off, NULL) == STATUS_OK && sign_off.required && !sign_off.is_signed)
		console_say(console, ROLE_WARNING, _("%s The mapping of %s is revision %s. It has to be signed before it runs: in the tables H on its row, then N."), glyph(GLYPH_WARNING),
			name, revision);
	else
		console_say(console, ROLE_GOOD, _("%s The mapping of %s is revision %s; the next run sends by it."), glyph(GLYPH_GOOD), name, revision);
	console_pop(console, &wizard->layer);
}

static void answered(void *self, size_t button)
{
	struct wizard *wizard = self;
	struct error err = { 0 };

	if (button)
		return;
	if (app_draft_apply(console_app(wizard->layer.console), &wizard->draft, &err) == STATUS_OK)
		saved(wizard);
	else
		console_error(wizard->layer.console, &err);
}

void mapping_edit_ask(struct wizard *wizard)
{
	const char *const buttons[] = { _("Save"), _("Cancel"), NULL }, *name = draft_get(&wizard->draft, DRAFT_MAPPING_OF);
	bool edited = true;
	size_t errors = wizard->mapping_problem && wizard->mapping_error;
	struct str text = { 0 };

	if (app_draft_edited(console_app(wizard->layer.console), &wizard->draft, &edited, NULL) == STATUS_OK && !edited) {
		console_say(wizard->layer.console, ROLE_TEXT, _("Nothing is edited: the mapping is as the dataflow has it."));
		return;
	}
	wizard_save(wizard);
	for (size_t i = 0; i < wizard->lines.count; i++)
		errors += wizard->lines.at[i].problem && wizard->lines.at[i].error;
	str_add_format(&text, _("Save it as revision %lld of the mapping of %s? The next run sends by it, and plans made before are void."),
		strtoll(draft_get(&wizard->draft, DRAFT_REVISION), NULL, 10) + 1, name);
	if (*draft_get(&wizard->draft, DRAFT_SIGN_OFF))
		str_add(&text, _(" Nothing runs before somebody has signed it."));
	if (errors)
		str_add_format(&text, _(" Errors are left (%zu): nothing runs before they are mended."), errors);
	str_add_format(&text, _("\nThe same: penstock draft apply %" PRId64), wizard->draft.id);
	dialog_open(wizard->layer.console, &(struct dialog_options){ .title = _("Save"), .text = str_text(&text), .buttons = buttons, .chosen = answered, .self = wizard });
	str_done(&text);
}
