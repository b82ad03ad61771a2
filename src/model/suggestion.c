#include "model/suggestion.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "model/word.h"

static const char *const confidences[] = {
	[CONFIDENCE_LOW] = "low",
	[CONFIDENCE_MEDIUM] = "medium",
	[CONFIDENCE_HIGH] = "high",
};

static const char *const confidence_labels[] = {
	[CONFIDENCE_LOW] = N_("not sure"),
	[CONFIDENCE_MEDIUM] = N_("likely"),
	[CONFIDENCE_HIGH] = N_("sure"),
};

static const char *const reasons[] = {
	[SUGGESTED_BY_XDM] = "xdm",
	[SUGGESTED_BY_NAME] = "name",
	[SUGGESTED_BY_LABEL] = "label",
	[SUGGESTED_BY_SYNONYM] = "synonym",
};

static const char *const reason_labels[] = {
	[SUGGESTED_BY_XDM] = N_("what XDM means by it"),
	[SUGGESTED_BY_NAME] = N_("the field's name"),
	[SUGGESTED_BY_LABEL] = N_("the field's label"),
	[SUGGESTED_BY_SYNONYM] = N_("another word for the field"),
};

void suggestion_list_done(suggestion_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		mem_free(list->at[i].source);
		mem_free(list->at[i].target);
	}
	vec_done(list);
}

const char *confidence_text(enum confidence confidence)
{
	return word_text(WORDS(confidences), confidence);
}

bool confidence_parse(const char *text, enum confidence *out)
{
	size_t index;

	if (!word_parse(WORDS(confidences), text, &index))
		return false;
	*out = (enum confidence)index;
	return true;
}

const char *confidence_label(enum confidence confidence)
{
	return _(word_text(WORDS(confidence_labels), confidence));
}

const char *suggestion_reason_text(enum suggestion_reason reason)
{
	return word_text(WORDS(reasons), reason);
}

const char *suggestion_reason_label(enum suggestion_reason reason)
{
	return _(word_text(WORDS(reason_labels), reason));
}

size_t suggestions_take(const suggestion_list *list, enum confidence least, struct mapping *mapping)
{
	size_t taken = 0;

	for (size_t i = 0; i < list->count; i++) {
		const struct suggestion *one = &list->at[i];
		struct mapping_row row = { 0 };

		if (one->confidence < least)
			continue;
		row.source = mem_strdup(one->source);
		row.target = mem_strdup(one->target);
		mapping_put(mapping, &row);
		taken++;
	}
	return taken;
}
