/* Sign-off in the wizard's review: the dataflow has been made by then, disabled, and its mapping has a revision that can be signed. */
#include "base/i18n.h"
#include "base/mem.h"
#include "screens/wizard.h"

#include <inttypes.h>

void sign_off_look(struct wizard *wizard)
{
	struct error err = { 0 };

	if (app_sign_off(console_app(wizard->layer.console), draft_get(&wizard->draft, DRAFT_NAME), &wizard->sign_off, &err) != STATUS_OK)
		console_error(wizard->layer.console, &err);
}

bool sign_off_is_missing(const struct wizard *wizard)
{
	return wizard->sign_off.required && wizard->sign_off.revision && !wizard->sign_off.is_signed;
}

static void noted(void *self, const char *note)
{
	struct wizard *wizard = self;
	struct console *console = wizard->layer.console;
	struct error err = { 0 };

	if (app_mapping_sign(console_app(console), draft_get(&wizard->draft, DRAFT_NAME), wizard->sign_off.revision, *note ? note : NULL, &err) != STATUS_OK)
		console_error(console, &err);
	else
		console_say(console, ROLE_GOOD, _("%s Revision %" PRId64 " of the mapping is signed."), glyph(GLYPH_GOOD), wizard->sign_off.revision);
	sign_off_look(wizard);
	wizard_news(wizard);
}

void sign_off_ask(struct wizard *wizard)
{
	char *title = mem_printf(_("Sign revision %" PRId64 " of %s"), wizard->sign_off.revision, draft_get(&wizard->draft, DRAFT_NAME));

	prompt_open(wizard->layer.console, &(struct prompt_options){ .title = title, .label = _("You have read it and stand for it. Note (may stay empty):"), .text = "",
		.enter = _("sign"), .given = noted, .self = wizard });
	mem_free(title);
}

const char *sign_off_why_not(const struct wizard *wizard)
{
	const char *refusal = console_refusal(wizard->layer.console, USE_MAPPING_SIGN);

	if (refusal)
		return refusal;
	if (!wizard->sign_off.revision)
		return _("the dataflow could not be made yet");
	return wizard->sign_off.is_signed ? _("this revision of the mapping is signed already") : NULL;
}
