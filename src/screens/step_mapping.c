/* Step 5: source fields to Marketo fields. */
#include "base/i18n.h"
#include "base/mem.h"
#include "screens/answers.h"
#include "screens/wizard.h"
#include "tui/filter.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { DETAIL_ROWS = 4, DETAIL_ROWS_FOLDED = 3, FOLDED = 14, NARROW = 76 };

static struct mapping_line *line_at(const struct wizard *wizard, size_t row)
{
	return row < wizard->rows.count ? &wizard->lines.at[wizard->rows.at[row]] : NULL;
}

static struct mapping_line *focused(const struct wizard *wizard)
{
	return line_at(wizard, wizard->cursor.at);
}

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
	struct mapping_line *line = focused(wizard);
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
	wizard_save(wizard);
	build(wizard);
	survey(wizard);
}

static void begin(struct wizard *wizard)
{
	wizard->cursor = (struct cursor){ 0 };
	mem_replace(&wizard->catalogue_of, NULL); /* the store's, or Marketo's once it is a day old */
	wizard->suggested = false;
	wizard_want_fields(wizard);
	wizard_want_report(wizard);
	build(wizard);
}

static void end(struct wizard *wizard)
{
	question_give_up(&wizard->surveying);
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
	struct mapping_line *line = focused(wizard);

	(void)count;
	if (!line || (line->target && strcmp(line->target, items[0].value) == 0))
		return;
	if (!mapping_target(&wizard->draft.mapping, items[0].value) && line->target)
		mapping_remove(&wizard->draft.mapping, line->target);
	if (map(wizard, line->source, items[0].value))
		console_hush(wizard->layer.console);
	changed(wizard);
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
	struct mapping_line *line = focused(wizard);
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
		.empty = _("Marketo's fields are not known yet: Ctrl-R on the mapping asks for them") }), &items, line->target ? line->target : line->suggested);
	mem_free(title);
}

static void accept_one(struct wizard *wizard)
{
	struct mapping_line *line = focused(wizard);

	if (!line || !line->suggested || !map(wizard, line->source, line->suggested))
		return;
	changed(wizard);
	/* On to the next one, so that `a` can be typed again. */
	for (size_t i = 0; i < wizard->rows.count; i++)
		if (line_at(wizard, i)->suggested) {
			cursor_to(&wizard->cursor, i);
			return;
		}
}

static void accept_all(struct wizard *wizard)
{
	size_t count = 0;

	for (size_t i = 0; i < wizard->lines.count; i++)
		if (wizard->lines.at[i].suggested && !mapping_target(&wizard->draft.mapping, wizard->lines.at[i].suggested) &&
			map(wizard, wizard->lines.at[i].source, wizard->lines.at[i].suggested))
			count++;
	changed(wizard);
	console_say(wizard->layer.console, ROLE_GOOD, ngettext("%s %zu suggestion accepted", "%s %zu suggestions accepted", (unsigned long)count), glyph(GLYPH_GOOD), count);
}

static void unmap(struct wizard *wizard)
{
	struct mapping_line *line = focused(wizard);

	if (!line || !line->target)
		return;
	mapping_remove(&wizard->draft.mapping, line->target);
	changed(wizard);
}

/* always -> with new people only -> cleared by null too -> always */
static void next_mode(struct wizard *wizard)
{
	struct mapping_line *line = focused(wizard);

	for (size_t i = 0; line && line->target && i < wizard->draft.mapping.rows.count; i++) {
		struct mapping_row *row = &wizard->draft.mapping.rows.at[i];

		if (strcmp(row->target, line->target) != 0 || strcmp(row->source, line->source) != 0)
			continue;
		if (!row->create_only && !row->clear)
			row->create_only = true;
		else if (row->create_only)
			row->create_only = false, row->clear = true;
		else
			row->clear = false;
	}
	changed(wizard);
}

static void to_problem(struct wizard *wizard, bool back)
{
	size_t count = wizard->rows.count;

	for (size_t step = 1; step <= count; step++) {
		size_t at = (wizard->cursor.at + (back ? count - step : step)) % count;

		if (!line_at(wizard, at)->problem)
			continue;
		cursor_to(&wizard->cursor, at);
		return;
	}
	console_say(wizard->layer.console, ROLE_GOOD, _("%s no row has a problem"), glyph(GLYPH_GOOD));
}

static bool end_filter(struct wizard *wizard, enum action action)
{
	if (action == ACT_ESCAPE && (wizard->filtering || wizard->filter.text.length)) {
		editor_set(&wizard->filter, "");
		wizard->filtering = false;
		apply_filter(wizard, focused(wizard) ? focused(wizard)->source : NULL);
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
	if (end_filter(wizard, action))
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
	const struct mapping_line *line = focused(wizard);

	if (action == ACT_ACCEPT && (!line || !line->suggested))
		return _("there is no suggestion for this row");
	if ((action == ACT_REMOVE || action == ACT_MODE) && (!line || !line->target))
		return _("this row is not mapped");
	return NULL;
}

static bool press(struct wizard *wizard, const struct press *press)
{
	if (wizard->filtering && editor_press(&wizard->filter, press) == EDITOR_CHANGED) {
		apply_filter(wizard, focused(wizard) ? focused(wizard)->source : NULL);
		return true;
	}
	return cursor_press(&wizard->cursor, press, !wizard->filtering);
}

static bool typing(const struct wizard *wizard)
{
	return wizard->filtering;
}

static void draw_status(const struct mapping_line *line, struct area list, int row, int column)
{
	if (line->problem && line->error)
		paint_format(list, row, column, 0, ROLE_BAD, _("%s error"), glyph(GLYPH_BAD));
	else if (line->problem && line->bad > 0)
		paint_format(list, row, column, 0, ROLE_WARNING, _("%s %" PRId64 " fail"), glyph(GLYPH_WARNING), line->bad);
	else if (line->problem)
		paint_format(list, row, column, 0, ROLE_WARNING, _("%s note"), glyph(GLYPH_WARNING));
	else if (line->target)
		paint_format(list, row, column, 0, ROLE_GOOD, line->create_only ? _("%s new") : line->clear ? _("%s clear") : _("%s ok"), glyph(GLYPH_GOOD));
	else
		paint_format(list, row, column, 0, ROLE_DIM, line->suggested ? _("%s a: take") : _("%s none"), glyph(GLYPH_WAITING));
}

static void draw_line(struct wizard *wizard, struct area list, int row, size_t place)
{
	const struct mapping_line *line = line_at(wizard, place);
	const struct field *field = line->target ? catalogue_find(&wizard->catalogue, line->target) : NULL;
	bool here = place == wizard->cursor.at, narrow = list.columns < NARROW;
	enum role role = here ? ROLE_SELECTED : ROLE_TEXT;
	int source = narrow ? 22 : 29, target = narrow ? 18 : 18;
	char type[96] = "";

	paint_text(list, row, 0, 0, ROLE_TITLE, here ? glyph(GLYPH_HERE) : " ");
	if (here)
		paint_cursor(list, row, 0, !wizard->filtering);
	paint_text(list, row, 2, 0, role, line->identity ? "*" : " ");
	paint_text(list, row, 4, source, role, line->source);
	if (line->target)
		paint_text(list, row, 5 + source, target, role, line->target);
	else if (line->suggested)
		paint_format(list, row, 5 + source, target, ROLE_DIM, "(%s?)", line->suggested);
	else
		paint_text(list, row, 5 + source, target, ROLE_DIM, _("(not mapped)"));
	if (field && !narrow) {
		if (field->length)
			snprintf(type, sizeof type, "%s/%d", field->type_name, field->length);
		paint_text(list, row, 6 + source + target, 14, ROLE_DIM, *type ? type : field->type_name);
	}
	draw_status(line, list, row, 7 + source + target + (narrow ? 0 : 14));
}

static int detail_rows(struct area area)
{
	return area.rows < FOLDED ? DETAIL_ROWS_FOLDED : DETAIL_ROWS;
}

static void draw_detail(struct wizard *wizard, struct area area, int row)
{
	struct area text = { area.row, area.column + 2, area.rows, area.columns - 3 };
	int last = area.rows - 1;

	const struct mapping_line *line = focused(wizard);
	size_t mapped = wizard->draft.mapping.rows.count, errors = wizard->mapping_problem ? 1 : 0, notes = 0;

	for (size_t i = 0; i < wizard->lines.count; i++)
		if (wizard->lines.at[i].problem)
			*(wizard->lines.at[i].error ? &errors : &notes) += 1;
	if (line && wizard->report.profiles > 0 && line->filled >= 0)
		paint_format(area, row, 2, 0, ROLE_TEXT, _("filled in %.0f %% of the profiles, for example: %s"), 100.0 * (double)line->filled / (double)wizard->report.profiles,
			line->example ? line->example : "-");
	if (line && line->problem)
		paint_wrapped(text, row + 1, last - row - 1, line->error ? ROLE_BAD : ROLE_WARNING, line->problem);
	else if (wizard->mapping_problem)
		paint_wrapped(text, row + 1, last - row - 1, ROLE_BAD, wizard->mapping_problem);
	paint_format(area, last, 2, 0, errors ? ROLE_BAD : ROLE_TEXT, _("mapped: %zu, errors: %zu, notes: %zu%s"), mapped, errors, notes,
		question_open(&wizard->surveying) ? _("; counting values that would fail") : "");
}

static void draw_top(struct wizard *wizard, struct area area)
{
	bool narrow = area.columns < NARROW;
	int source = narrow ? 22 : 29;

	if (wizard->filtering || wizard->filter.text.length) {
		paint_text(area, 0, 2, 0, ROLE_TEXT, _("filter:"));
		editor_paint(&wizard->filter, area, 0, 10, 34, wizard->filtering);
		paint_format(area, 0, 46, 0, ROLE_DIM, _("%zu of %zu"), wizard->rows.count, wizard->lines.count);
	} else if (question_open(&wizard->fields)) {
		paint_format(area, 0, 2, 0, ROLE_BUSY, _("%s asking Marketo for its fields, %" PRId64 " s"), glyph(GLYPH_BUSY), question_seconds(&wizard->fields));
	} else if (question_open(&wizard->reading)) {
		paint_format(area, 0, 2, 0, ROLE_BUSY, _("%s reading the source, %" PRId64 " s"), glyph(GLYPH_BUSY), question_seconds(&wizard->reading));
	} else {
		paint_text(area, 0, 4, 0, ROLE_DIM, _("SOURCE"));
		paint_text(area, 0, 5 + source, 0, ROLE_DIM, _("MARKETO FIELD"));
		if (!narrow)
			paint_text(area, 0, 24 + source, 0, ROLE_DIM, _("TYPE"));
		paint_text(area, 0, narrow ? 25 + source : 39 + source, 0, ROLE_DIM, _("STATE"));
	}
}

static void draw(struct wizard *wizard, struct area area)
{
	struct area frame = { area.row - 1, area.column - 1, area.rows + 2, area.columns + 2 };
	struct area list = { area.row + 1, area.column, area.rows - detail_rows(area) - 2, area.columns };
	const struct mapping_line *line;
	char title[80];

	draw_top(wizard, area);
	cursor_fit(&wizard->cursor, wizard->rows.count, list.rows > 0 ? (size_t)list.rows : 0);
	for (int row = 0; row < list.rows && wizard->cursor.top + (size_t)row < wizard->rows.count; row++)
		draw_line(wizard, list, row, wizard->cursor.top + (size_t)row);
	snprintf(title, sizeof title, _("%zu-%zu of %zu"), wizard->rows.count ? wizard->cursor.top + 1 : 0,
		wizard->cursor.top + (size_t)list.rows < wizard->rows.count ? wizard->cursor.top + (size_t)list.rows : wizard->rows.count, wizard->rows.count);
	line = focused(wizard);
	paint_rule(frame, area.rows - detail_rows(area), line ? line->source : NULL, title);
	draw_detail(wizard, area, area.rows - detail_rows(area));
}

static void problems(struct wizard *wizard, problem_list *out)
{
	mapping_lines_build(wizard);
	if (wizard->mapping_problem)
		problem_add(out, STEP_MAPPING, true, 0, wizard->mapping_problem);
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
}

const struct step_kind step_mapping = {
	.title = N_("Mapping"),
	.long_title = N_("Mapping: source fields to Marketo fields"),
	.where = AT_MAPPING | AT_LIST,
	.open = begin,
	.close = end,
	.draw = draw,
	.press = press,
	.act = act,
	.why_not = why_not,
	.typing = typing,
	.problems = problems,
	.summary = summary,
};
