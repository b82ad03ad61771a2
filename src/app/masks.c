#include "app/masks.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "marketo/codes.h"

#include <stdio.h>
#include <string.h>

void mask_value(const struct app *app, char **slot)
{
	if (*slot && !operator_sees_profiles(app->operator))
		mem_replace(slot, "***");
}

/* Codes of ours are words, and come with words of ours. */
static bool is_masked(const struct app *app, const char *code)
{
	return code && *code && strspn(code, "0123456789") == strlen(code) && !operator_sees_profiles(app->operator);
}

void mask_words(const struct app *app, const char *code, char **slot)
{
	if (*slot && is_masked(app, code))
		mem_replace(slot, _(code_find(code, true)->meaning));
}

void mask_preview(const struct app *app, struct preview *preview)
{
	for (size_t i = 0; i < preview->profiles.count && !operator_sees_profiles(app->operator); i++) {
		struct preview_profile *profile = &preview->profiles.at[i];

		for (size_t k = 0; k < profile->people.count; k++)
			mask_value(app, &profile->people.at[k].identity);
		for (size_t k = 0; k < profile->values.count; k++)
			if (profile->values.at[k].value)
				mem_replace(&profile->values.at[k].value, "\"***\"");
	}
}

void mask_error(const struct app *app, struct error *err)
{
	if (err && is_masked(app, err->code))
		snprintf(err->message, sizeof err->message, "%s", _(code_find(err->code, false)->meaning));
}

void mask_differences(const struct app *app, migration_difference_list *differences)
{
	for (size_t i = 0; i < differences->count && !operator_sees_profiles(app->operator); i++) {
		differences->at[i].lead_id = 0;
		mask_words(app, differences->at[i].code, &differences->at[i].message);
	}
}

void mask_person(const struct app *app, struct verify_person *person)
{
	if (operator_sees_profiles(app->operator))
		return;
	person->masked = true;
	person->lead_id = 0;
	person->identity = NULL;
}

void mask_target(const struct app *app, char **slot)
{
	if (*slot && app->operator && !app->operator->owner && !(app->operator->permissions & PERMISSION_MANAGE_DESTINATIONS))
		mem_replace(slot, "***");
}

void mask_run(const struct app *app, struct run *run)
{
	for (size_t i = 0; i < run->reasons.count; i++)
		mask_words(app, run->reasons.at[i].code, &run->reasons.at[i].message);
}
