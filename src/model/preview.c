#include "model/preview.h"

#include "base/mem.h"
#include "model/word.h"

#include <string.h>

static const char *const fates[] = {
	[PREVIEW_SENT] = "sent",
	[PREVIEW_NEW] = "new",
	[PREVIEW_MATCHES] = "matches",
	[PREVIEW_LEFT_OUT] = "left_out",
	[PREVIEW_ABSENT] = "absent",
};

void preview_profile_done(struct preview_profile *profile)
{
	for (size_t i = 0; i < profile->people.count; i++) {
		mem_free(profile->people.at[i].field);
		mem_free(profile->people.at[i].identity);
		mem_free(profile->people.at[i].code);
	}
	for (size_t i = 0; i < profile->values.count; i++) {
		mem_free(profile->values.at[i].source);
		mem_free(profile->values.at[i].target);
		mem_free(profile->values.at[i].value);
		mem_free(profile->values.at[i].code);
	}
	vec_done(&profile->people);
	vec_done(&profile->values);
}

void preview_done(struct preview *preview)
{
	for (size_t i = 0; i < preview->profiles.count; i++)
		preview_profile_done(&preview->profiles.at[i]);
	vec_done(&preview->profiles);
	preview->read = 0;
}

const char *preview_fate_text(enum preview_fate fate)
{
	return word_text(WORDS(fates), fate);
}

bool preview_fate_parse(const char *text, enum preview_fate *out)
{
	size_t index;

	if (!text || !word_parse(WORDS(fates), text, &index))
		return false;
	*out = (enum preview_fate)index;
	return true;
}

const struct preview_value *preview_find(const struct preview_profile *profile, const char *source, const char *target)
{
	for (size_t i = 0; i < profile->values.count; i++)
		if (strcmp(profile->values.at[i].target, target) == 0 && strcmp(profile->values.at[i].source, source) == 0)
			return &profile->values.at[i];
	return NULL;
}

bool preview_sends(const struct preview_profile *profile)
{
	for (size_t i = 0; i < profile->people.count; i++)
		if (!profile->people.at[i].code)
			return true;
	return false;
}
