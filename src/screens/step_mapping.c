/* Step 5: source fields to Marketo fields. */
#include "base/i18n.h"
#include "base/mem.h"
#include "screens/answers.h"
#include "screens/wizard.h"
#include "tui/filter.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Identities stay, whatever the filter says. */
static void apply_filter(struct wizard *wizard, const char *keep)
{
	const char *pattern = str_text(&wizard->filter.text);

	wizard->rows.count = 0;
	for (size_t i = 0; i < wizard->lines.count; i++) {
		const struct mapping_line *line = &wizard->lines.at[i];

		if (!(line->identity && line->target) && !filter_fits(pattern, line->source) && !filter_fits(pattern, line->target ? line->target : ""))
			continue;
		if (keep && strcmp(keep, line->source) == 0)
			wizard->cursor.at = wizard->rows.count;
		vec_push(&wizard->rows, i);
	}
	cursor_fit(&wizard->cursor, wizard->rows.count, wizard->cursor.seen);
}

static void build(struct wizard *wizard)
{
	struct mapping_line *line = mapping_focused(wizard);
	char *keep = line ? mem_strdup(line->source) : NULL;

	mapping_lines_build(wizard);
	apply_filter(wizard, keep);
	mem_free(keep);
}

static void surveyed(void *self, enum status status, const struct json *answer, const struct error *err)
{
	struct wizard *wizard = self;

	question_end(wizard, &wizard->surveying, err);
	if (status != STATUS_OK) {
		console_error(wizard->layer.console, err);
		return;
	}
	survey_done(&wizard->survey);
	answer_survey(answer, &wizard->survey);
	build(wizard);
	console_redraw(wizard->layer.console);
}

/* Counts over the whole source: asked anew after each change, and the old question given up. */
static void survey(struct wizard *wizard)
{
	char id[24];
	const char *const words[] = { "draft", "survey", id, NULL };

	snprintf(id, sizeof id, "%" PRId64, wizard->draft.id);
	if (wizard->catalogue_of && wizard->draft.mapping.rows.count && *draft_get(&wizard->draft, DRAFT_SOURCE) && !question_open(&wizard->reading))
		question_ask(wizard, &wizard->surveying, words, surveyed, NULL);
}

static void changed(struct wizard *wizard)
{
	console_hush(wizard->layer.console); /* what was said was said of another mapping */
	wizard_save(wizard);
	build(wizard);
	survey(wizard);
	mapping_preview_ask(wizard);
}

static void begin(struct wizard *wizard)
{
	wizard->cursor = (struct cursor){ 0 };
	mem_replace(&wizard->catalogue_of, NULL); /* the store's, or Marketo's once it is a day old */
	wizard->suggested = false;
	wizard_want_fields(wizard);
	wizard_want_report(wizard);
	build(wizard);
	mapping_preview_ask(wizard);
}

static void end(struct wizard *wizard)
{
	/* What was counted is of another mapping then, or of another source: Review goes by what the plan counts. */
	if (question_open(&wizard->surveying) || question_open(&wizard->reading))
		survey_done(&wizard->survey);
	question_give_up(&wizard->surveying);
	question_give_up(&wizard->previewing);
}

/* Puts a row; says why it cannot. */
static bool map(struct wizard *wizard, const char *source, const char *target)
{
	char *text = mem_printf("%s=%s", source, target);
	const struct mapping_row *there = mapping_target(&wizard->draft.mapping, target);
	struct mapping_row row = { 0 };
	struct error err = { 0 };
	bool good = false;

	if (there && strcmp(there->source, source) != 0)
		console_say(wizard->layer.console, ROLE_BAD, _("%s %s already comes from %s: remove that row first (x)"), glyph(GLYPH_BAD), target, there->source);
	else if (mapping_row_parse(text, &row, &err) != STATUS_OK)
		console_error(wizard->layer.console, &err);
	else
		good = true;
	if (good)
		mapping_put(&wizard->draft.mapping, &row);
	else
		mapping_row_done(&row);
	mem_free(text);
	return good;
}

static void target_chosen(void *self, const struct picker_item *items, size_t count)
{
	struct wizard *wizard = self;
	struct mapping_line *line = mapping_focused(wizard);

	(void)count;
	if (!line || (line->target && strcmp(line->target, items[0].value) == 0))
		return;
	if (!mapping_target(&wizard->draft.mapping, items[0].value) && line->target)
		mapping_remove(&wizard->draft.mapping, line->target);
	if (map(wizard, line->source, items[0].value)) {
		changed(wizard);
		return;
	}
	/* Why not has been said. */
	wizard_save(wizard);
	build(wizard);
}

static void describe_field(const struct field *field, char *out, size_t size)
{
	if (field->length)
		snprintf(out, size, "%s/%d%s%s", field->type_name, field->length, field->searchable ? _(" search") : "", field->company ? _(" new only") : "");
	else
		snprintf(out, size, "%s%s%s", field->type_name, field->searchable ? _(" search") : "", field->company ? _(" new only") : "");
}

static void choose_target(struct wizard *wizard)
{
	struct mapping_line *line = mapping_focused(wizard);
	picker_items items = { 0 };
	char *title;

	if (!line)
		return;
	for (size_t i = 0; i < wizard->catalogue.fields.count; i++) {
		const struct field *field = &wizard->catalogue.fields.at[i];
		char note[96];
		char *text;

		if (!field->updateable && !field->searchable)
			continue;
		text = field->label && strcmp(field->label, field->name) != 0 ? mem_printf("%s - %s", field->name, field->label) : mem_strdup(field->name);
		describe_field(field, note, sizeof note);
		picker_add(&items, field->name, text, note);
		mem_free(text);
	}
	title = mem_printf(_("Marketo field for %s"), line->source);
	picker_fill(picker_open(wizard->layer.console, &(struct picker_options){ .title = title, .chosen = target_chosen, .self = wizard,
		.empty = _("Marketo's fields are not known yet: Ctrl-R on the mapping asks for them") }), &items, line->target ? line->target : line->suggested ? line->suggested->target : NULL);
	mem_free(title);
}

static void accept_one(struct wizard *wizard)
{
	struct mapping_line *line = mapping_focused(wizard);

	if (!line || !line->suggested || !map(wizard, line->source, line->suggested->target))
		return;
	changed(wizard);
	/* On to the next one, so that `a` can be typed again. */
	for (size_t i = 0; i < wizard->rows.count; i++)
		if (mapping_line_at(wizard, i)->suggested) {
			cursor_to(&wizard->cursor, i);
			return;
		}
}

/* Only what is sure enough to be taken unseen. The others are named: they are there to be looked at. */
static void accept_all(struct wizard *wizard)
{
	size_t count = 0, left = 0;
	struct str names = { 0 };

	for (size_t i = 0; i < wizard->lines.count; i++) {
		const struct mapping_line *line = &wizard->lines.at[i];

		if (!line->suggested || mapping_target(&wizard->draft.mapping, line->suggested->target))
			continue;
		if (line->suggested->confidence < CONFIDENCE_ENOUGH)
			str_add_format(&names, "%s%s", left++ ? ", " : "", line->source);
		else
			count += map(wizard, line->source, line->suggested->target);
	}
	changed(wizard);
	if (left)
		console_say(wizard->layer.console, ROLE_WARNING, _("%s suggestions accepted: %zu; not sure enough, so take or leave them: %s"), glyph(GLYPH_WARNING), count,
			str_text(&names));
	else
		console_say(wizard->layer.console, ROLE_GOOD, ngettext("%s %zu suggestion accepted", "%s %zu suggestions accepted", (unsigned long)count), glyph(GLYPH_GOOD), count);
	str_done(&names);
}

static void unmap(struct wizard *wizard)
{
	struct mapping_line *line = mapping_focused(wizard);

	if (!line || !line->target)
		return;
	mapping_remove(&wizard->draft.mapping, line->target);
	changed(wizard);
}

/* always -> with new people only -> cleared by null too -> both -> always */
static void next_mode(struct wizard *wizard)
{
	struct mapping_line *line = mapping_focused(wizard);
	const char *now = NULL;

	for (size_t i = 0; line && line->target && i < wizard->draft.mapping.rows.count; i++) {
		struct mapping_row *row = &wizard->draft.mapping.rows.at[i];

		if (strcmp(row->target, line->target) != 0 || strcmp(row->source, line->source) != 0)
			continue;
		if (row->create_only)
			row->clear = !row->clear;
		row->create_only = !row->create_only;
		now = row->create_only ? (row->clear ? _("sent with new people only, a null too") : _("sent with new people only")) :
			row->clear ? _("always sent, and a null clears the field") : _("always sent, a null is not");
	}
	changed(wizard);
	if (now)
		console_say(wizard->layer.console, ROLE_TEXT, "%s", now);
}

static bool has_problem(const struct mapping_line *line)
{
	return line->problem || line->denied;
}

/* Puts the focus on a line, which the filter may hide: then the filter ends. */
static void show_line(struct wizard *wizard, size_t place)
{
	for (size_t i = 0; i < wizard->rows.count; i++)
		if (wizard->rows.at[i] == place) {
			cursor_to(&wizard->cursor, i);
			return;
		}
	editor_set(&wizard->filter, "");
	wizard->filtering = false;
	apply_filter(wizard, wizard->lines.at[place].source);
	console_say(wizard->layer.console, ROLE_TEXT, _("The filter hid this row; it is off now."));
}

/* All lines count, also those that the filter hides. */
static void to_problem(struct wizard *wizard, bool back)
{
	size_t count = wizard->lines.count;
	size_t here = wizard->cursor.at < wizard->rows.count ? wizard->rows.at[wizard->cursor.at] : 0;

	for (size_t step = 1; step <= count; step++) {
		size_t at = (here + (back ? count - step : step)) % count;

		if (!has_problem(&wizard->lines.at[at]))
			continue;
		show_line(wizard, at);
		return;
	}
	if (wizard->mapping_problem)
		console_say(wizard->layer.console, wizard->mapping_error ? ROLE_BAD : ROLE_WARNING, "%s %s", glyph(wizard->mapping_error ? GLYPH_BAD : GLYPH_WARNING), wizard->mapping_problem);
	else
		console_say(wizard->layer.console, ROLE_GOOD, _("%s no row has a problem"), glyph(GLYPH_GOOD));
}

static bool end_one(struct wizard *wizard, enum action action)
{
	if (action == ACT_ESCAPE && (wizard->filtering || wizard->filter.text.length)) {
		editor_set(&wizard->filter, "");
		wizard->filtering = false;
		apply_filter(wizard, mapping_focused(wizard) ? mapping_focused(wizard)->source : NULL);
		return true;
	}
	if (action == ACT_ESCAPE && mapping_preview_on(wizard)) {
		mapping_preview_end(wizard);
		return true;
	}
	if (wizard->filtering && action == ACT_OPEN) {
		wizard->filtering = false;
		return true;
	}
	return false;
}

static bool act(struct wizard *wizard, enum action action)
{
	if (end_one(wizard, action))
		return true;
	switch (action) {
	case ACT_NONE:
		wizard->suggested = false;
		if (!wizard->cursor.at) /* nobody has moved yet: what comes first now is looked at first */
			wizard->rows.count = 0;
		build(wizard);
		survey(wizard);
		return true;
	case ACT_OPEN:
		choose_target(wizard);
		return true;
	case ACT_ACCEPT:
		accept_one(wizard);
		return true;
	case ACT_ACCEPT_ALL:
		accept_all(wizard);
		return true;
	case ACT_REMOVE:
		unmap(wizard);
		return true;
	case ACT_PREVIEW:
		mapping_preview_next(wizard);
		return true;
	case ACT_MODE:
		next_mode(wizard);
		return true;
	case ACT_NEXT_PROBLEM:
	case ACT_LAST_PROBLEM:
		to_problem(wizard, action == ACT_LAST_PROBLEM);
		return true;
	case ACT_FILTER:
		wizard->filtering = true;
		return true;
	case ACT_FETCH:
		wizard_fetch_fields(wizard);
		return true;
	default:
		return false;
	}
}

static const char *why_not(const struct wizard *wizard, enum action action)
{
	const struct mapping_line *line = mapping_focused(wizard);

	if (action == ACT_ACCEPT && (!line || !line->suggested))
		return _("there is no suggestion for this row");
	if ((action == ACT_REMOVE || action == ACT_MODE) && (!line || !line->target))
		return _("this row is not mapped");
	return NULL;
}

static bool press(struct wizard *wizard, const struct press *press)
{
	if (wizard->filtering && editor_press(&wizard->filter, press) == EDITOR_CHANGED) {
		apply_filter(wizard, mapping_focused(wizard) ? mapping_focused(wizard)->source : NULL);
		return true;
	}
	return cursor_press(&wizard->cursor, press);
}

static bool typing(const struct wizard *wizard)
{
	return wizard->filtering;
}

static void problems(struct wizard *wizard, problem_list *out)
{
	mapping_lines_build(wizard);
	if (wizard->mapping_problem)
		problem_add(out, STEP_MAPPING, wizard->mapping_error, 0, wizard->mapping_problem);
	for (size_t i = 0; i < wizard->lines.count; i++)
		if (wizard->lines.at[i].problem)
			problem_add(out, STEP_MAPPING, wizard->lines.at[i].error, 0, wizard->lines.at[i].problem);
}

static void summary(struct wizard *wizard, struct str *out)
{
	size_t identities = 0;

	for (size_t i = 0; i < wizard->lines.count; i++)
		identities += wizard->lines.at[i].target && wizard->lines.at[i].identity;
	str_add_format(out, _("identities: %zu, fields: %zu"), identities, wizard->draft.mapping.rows.count - identities);
	if (wizard_sync_type(wizard) == SYNC_AUDIENCE_ONLY && wizard->draft.mapping.rows.count > identities)
		str_add(out, _("; audience-only sends no fields"));
	if (strcmp(draft_get(&wizard->draft, DRAFT_SIGN_OFF), "required") == 0)
		str_add(out, wizard->sign_off.is_signed ? _("; signed") : _("; not signed yet"));
}

const struct step_kind step_mapping = {
	.title = N_("Mapping"),
	.long_title = N_("Mapping: source fields to Marketo fields"),
	.where = AT_MAPPING | AT_LIST,
	.open = begin,
	.close = end,
	.draw = mapping_draw,
	.press = press,
	.act = act,
	.why_not = why_not,
	.typing = typing,
	.problems = problems,
	.summary = summary,
};
