/* The preview of the mapping step: beside each row what a real profile of the source would send by it, asked anew after each change (app/preview.h). */
#include "base/i18n.h"
#include "base/mem.h"
#include "screens/answers.h"
#include "screens/wizard.h"

#include <inttypes.h>
#include <stdio.h>

bool mapping_preview_on(const struct wizard *wizard)
{
	return wizard->previewed > 0;
}

static const struct preview_profile *shown(const struct wizard *wizard)
{
	return wizard->previewed && wizard->previewed <= wizard->preview.profiles.count ? &wizard->preview.profiles.at[wizard->previewed - 1] : NULL;
}

static void answered(void *self, enum status status, const struct json *answer, const struct error *err)
{
	struct wizard *wizard = self;

	question_end(wizard, &wizard->previewing, err);
	preview_done(&wizard->preview);
	if (status == STATUS_OK)
		answer_preview(answer, &wizard->preview);
	else
		console_error(wizard->layer.console, err);
	/* The source may have fewer than it had. */
	if (wizard->previewed > wizard->preview.profiles.count && wizard->previewed > 1)
		wizard->previewed = wizard->preview.profiles.count ? wizard->preview.profiles.count : 1;
}

void mapping_preview_ask(struct wizard *wizard)
{
	char id[24];
	const char *const words[] = { "draft", "preview", id, NULL };

	snprintf(id, sizeof id, "%" PRId64, wizard->draft.id);
	if (mapping_preview_on(wizard) && wizard->draft.id)
		question_ask(wizard, &wizard->previewing, words, answered, NULL);
}

void mapping_preview_end(struct wizard *wizard)
{
	wizard->previewed = 0;
	preview_done(&wizard->preview); /* of a mapping that may change meanwhile */
	question_give_up(&wizard->previewing);
}

void mapping_preview_next(struct wizard *wizard)
{
	wizard->previewed++;
	if (wizard->previewed == 1)
		mapping_preview_ask(wizard);
	else if (wizard->previewed > wizard->preview.profiles.count)
		mapping_preview_end(wizard);
}

void mapping_preview_head(const struct wizard *wizard, struct area area, int column)
{
	if (question_open(&wizard->previewing))
		paint_format(area, 0, column, 0, ROLE_BUSY, _("%s looking, %" PRId64 " s"), glyph(GLYPH_BUSY), question_seconds(&wizard->previewing));
	else if (!wizard->preview.profiles.count)
		paint_text(area, 0, column, 0, ROLE_DIM, _("NO PROFILE TO SHOW"));
	else
		paint_format(area, 0, column, 0, ROLE_DIM, _("PROFILE %zu OF %zu SENDS"), wizard->previewed, wizard->preview.profiles.count);
}

static const struct preview_value *value_of(const struct wizard *wizard, const struct mapping_line *line)
{
	const struct preview_profile *profile = shown(wizard);

	return profile && line && line->target ? preview_find(profile, line->source, line->target) : NULL;
}

void mapping_preview_cell(const struct wizard *wizard, const struct mapping_line *line, struct area list, int row, int column)
{
	const struct preview_value *value = value_of(wizard, line);
	enum role role = value && !preview_sends(shown(wizard)) ? ROLE_DIM : ROLE_TEXT;

	if (!value && line->target)
		paint_text(list, row, column, 0, ROLE_DIM, glyph(GLYPH_WAITING));
	if (!value)
		return;
	switch (value->fate) {
	case PREVIEW_SENT:
		paint_format(list, row, column, 0, role, "%s %s", glyph(GLYPH_GOOD), value->value);
		break;
	case PREVIEW_NEW:
		paint_format(list, row, column, 0, role, _("%s new: %s"), glyph(GLYPH_GOOD), value->value);
		break;
	case PREVIEW_MATCHES:
		paint_format(list, row, column, 0, role, "= %s", value->value ? value->value : "");
		break;
	case PREVIEW_LEFT_OUT:
		paint_format(list, row, column, 0, ROLE_WARNING, "%s %s", glyph(GLYPH_WARNING), field_reason_text(value->code));
		break;
	case PREVIEW_ABSENT:
		paint_format(list, row, column, 0, ROLE_DIM, _("%s no value"), glyph(GLYPH_WAITING));
		break;
	}
}

/* Who it is: of several the first whom something is sent for. */
static void draw_person(const struct preview_profile *profile, struct area area, int row)
{
	const struct preview_person *person = &profile->people.at[0];

	for (size_t i = 0; i < profile->people.count; i++)
		if (!profile->people.at[i].code) {
			person = &profile->people.at[i];
			break;
		}
	if (person->code)
		paint_format(area, row, 0, 0, ROLE_WARNING, _("line %" PRId64 ", %s: nothing is sent: %s"), profile->position, person->identity, field_reason_text(person->code));
	else if (profile->people.count > 1)
		paint_format(area, row, 0, 0, ROLE_TEXT, _("line %" PRId64 ": looked up by %s: %s, and %zu more"), profile->position, person->field, person->identity,
			profile->people.count - 1);
	else
		paint_format(area, row, 0, 0, ROLE_TEXT, _("line %" PRId64 ": looked up by %s: %s"), profile->position, person->field, person->identity);
}

/* The whole of what the cell cuts. */
static void draw_value(const struct preview_value *value, struct area area, int row, int rows)
{
	struct str text = { 0 };

	if (value->fate == PREVIEW_LEFT_OUT)
		str_add_format(&text, _("left out: %s"), field_reason_text(value->code));
	else if (value->fate == PREVIEW_NEW)
		str_add(&text, _("sent when the person is created only"));
	else if (value->fate == PREVIEW_MATCHES)
		str_add(&text, _("people are looked up by it"));
	else if (value->fate == PREVIEW_ABSENT)
		str_add(&text, _("the profile has no value there: nothing is sent"));
	if (value->value)
		str_add_format(&text, "%s%s", text.length ? ": " : "", value->value);
	paint_wrapped(area, row, rows, value->fate == PREVIEW_LEFT_OUT ? ROLE_WARNING : ROLE_TEXT, str_text(&text));
	str_done(&text);
}

void mapping_preview_detail(const struct wizard *wizard, const struct mapping_line *line, struct area area, int row, int rows)
{
	const struct preview_profile *profile = shown(wizard);
	const struct preview_value *value = value_of(wizard, line);

	if (!profile && question_open(&wizard->previewing))
		paint_text(area, row, 0, 0, ROLE_BUSY, _("looking at the first profiles of the source; Esc gives up"));
	else if (!profile)
		paint_text(area, row, 0, 0, ROLE_WARNING, wizard->previewing.error.status ? wizard->previewing.error.message : _("the source holds no profile"));
	else if (profile->people.count)
		draw_person(profile, area, row);
	if (value && rows > 1)
		draw_value(value, area, row + 1, rows - 1);
}
