/* What became of a draft by one edit, in a few words: it may have been on another step, where nobody sees it. */
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "screens/wizard.h"

#include <string.h>

enum { VALUE_MOST = 40 /* bytes */ };

/* As the fields are called. */
static const char *const labels[DRAFT_TEXTS] = {
	[DRAFT_NAME] = N_("Name"),
	[DRAFT_ACCOUNT] = N_("Account"),
	[DRAFT_MUNCHKIN_ID] = N_("Munchkin ID"),
	[DRAFT_ENDPOINT] = N_("REST endpoint"),
	[DRAFT_IDENTITY] = N_("Identity"),
	[DRAFT_CLIENT_ID] = N_("Client ID"),
	[DRAFT_ENVIRONMENT] = N_("Environment"),
	[DRAFT_SECRET_FROM] = N_("Secret from"),
	[DRAFT_SECRET_PATH] = N_("File or command"),
	[DRAFT_DESCRIPTION] = N_("Description"),
	[DRAFT_PERSON_CREATION] = N_("Person creation"),
	[DRAFT_SYNC_TYPE] = N_("Sync type"),
	[DRAFT_DEDUPE] = N_("Dedupe fields"),
	[DRAFT_WORKSPACE] = N_("Workspace"),
	[DRAFT_PARTITION] = N_("Partition"),
	[DRAFT_LIST_FOLDER] = N_("List folder"),
	[DRAFT_SIGN_OFF] = N_("Sign-off"),
	[DRAFT_SOURCE] = N_("Source"),
	[DRAFT_START] = N_("Start date"),
	[DRAFT_END] = N_("End date"),
	[DRAFT_EVERY] = N_("Every"),
	[DRAFT_AT] = N_("At"),
	[DRAFT_CONSENT] = N_("Consent path"),
};

static void begin(struct str *out)
{
	if (out->length)
		str_add(out, ", ");
}

static void add_value(const char *value, struct str *out)
{
	size_t length = strlen(value), cut = text_cut(value, length, VALUE_MOST);

	if (!*value)
		str_add(out, _("(empty)"));
	else
		str_add_format(out, "\"%.*s%s\"", (int)(length > VALUE_MOST ? cut : length), value, length > VALUE_MOST ? ".." : "");
}

static void add_texts(const struct draft *before, const struct draft *now, struct str *out)
{
	for (int i = 0; i < DRAFT_TEXTS; i++) {
		const char *old = draft_get(before, (enum draft_text)i), *new = draft_get(now, (enum draft_text)i);

		if (!labels[i] || strcmp(old, new) == 0)
			continue;
		begin(out);
		str_add_format(out, "%s ", _(labels[i]));
		add_value(old, out);
		str_add_format(out, " %s ", glyph(GLYPH_ARROW));
		add_value(new, out);
	}
}

static bool has_row(const struct mapping *mapping, const struct mapping_row *row)
{
	for (size_t i = 0; i < mapping->rows.count; i++) {
		const struct mapping_row *one = &mapping->rows.at[i];

		if (strcmp(one->source, row->source) == 0 && strcmp(one->target, row->target) == 0 && one->clear == row->clear && one->create_only == row->create_only)
			return true;
	}
	return false;
}

/* Those of one that the other does not have. */
static size_t rows_beyond(const struct mapping *mapping, const struct mapping *other, const struct mapping_row **one)
{
	size_t count = 0;

	for (size_t i = 0; i < mapping->rows.count; i++)
		if (!has_row(other, &mapping->rows.at[i])) {
			*one = &mapping->rows.at[i];
			count++;
		}
	return count;
}

static void add_mapping(const struct draft *before, const struct draft *now, struct str *out)
{
	const struct mapping_row *row = NULL;
	size_t gone = rows_beyond(&before->mapping, &now->mapping, &row), come = rows_beyond(&now->mapping, &before->mapping, &row);

	if (!gone && !come)
		return;
	begin(out);
	if (gone + come == 1)
		str_add_format(out, gone ? _("%s=%s taken out of the mapping") : _("%s=%s put into the mapping"), row->source, row->target);
	else if (gone == 1 && come == 1)
		str_add_format(out, _("%s=%s in the mapping"), row->source, row->target);
	else
		str_add_format(out, _("rows taken out of the mapping: %zu, put in: %zu"), gone, come);
}

static bool same_text(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "") == 0;
}

static const struct draft_audience *audience_of(const struct draft *draft, const char *id)
{
	for (size_t i = 0; i < draft->audiences.count; i++)
		if (strcmp(draft->audiences.at[i].id, id) == 0)
			return &draft->audiences.at[i];
	return NULL;
}

static void add_audience(const char *format, const struct draft_audience *audience, struct str *out)
{
	begin(out);
	str_add_format(out, format, audience->name ? audience->name : audience->id);
}

static void add_audiences(const struct draft *before, const struct draft *now, struct str *out)
{
	for (size_t i = 0; i < before->audiences.count; i++)
		if (!audience_of(now, before->audiences.at[i].id))
			add_audience(_("audience %s taken off"), &before->audiences.at[i], out);
	for (size_t i = 0; i < now->audiences.count; i++) {
		const struct draft_audience *new = &now->audiences.at[i], *old = audience_of(before, new->id);

		if (!old)
			add_audience(_("audience %s chosen"), new, out);
		else if (!same_text(old->list, new->list))
			add_audience(_("list of audience %s"), new, out);
		else if (!same_text(old->start, new->start) || !same_text(old->end, new->end))
			add_audience(_("dates of audience %s"), new, out);
	}
}

static void add_actions(const struct draft *before, const struct draft *now, struct str *out)
{
	bool same = before->marketing_actions.count == now->marketing_actions.count;

	for (size_t i = 0; same && i < now->marketing_actions.count; i++)
		same = strcmp(before->marketing_actions.at[i], now->marketing_actions.at[i]) == 0;
	if (same)
		return;
	begin(out);
	str_add(out, _("marketing actions"));
}

char *edit_words(const struct draft *before, const struct draft *now)
{
	struct str words = { 0 };

	add_texts(before, now, &words);
	add_actions(before, now, &words);
	add_audiences(before, now, &words);
	add_mapping(before, now, &words);
	return words.length ? str_take(&words) : mem_strdup(_("an edit"));
}
