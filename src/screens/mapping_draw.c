/* The mapping step's drawing: the rows with their state, and below what there is to say about the one with the focus. */
#include "base/i18n.h"
#include "screens/wizard.h"

#include <inttypes.h>
#include <stdio.h>

enum { DETAIL_ROWS = 4, DETAIL_ROWS_FOLDED = 3, FOLDED = 14, NARROW = 76 };

static const char *mode_of(const struct mapping_line *line)
{
	if (line->create_only)
		return line->clear ? _("%s new+clear") : _("%s new");
	return line->clear ? _("%s clear") : _("%s ok");
}

static void draw_status(const struct mapping_line *line, struct area list, int row, int column)
{
	if (line->problem && line->error)
		paint_format(list, row, column, 0, ROLE_BAD, _("%s error"), glyph(GLYPH_BAD));
	else if (line->denied)
		paint_format(list, row, column, 0, ROLE_BAD, _("%s policy"), glyph(GLYPH_BAD));
	else if (line->problem && line->bad > 0)
		paint_format(list, row, column, 0, ROLE_WARNING, _("%s %" PRId64 " fail"), glyph(GLYPH_WARNING), line->bad);
	else if (line->problem)
		paint_format(list, row, column, 0, ROLE_WARNING, _("%s note"), glyph(GLYPH_WARNING));
	else if (line->labels)
		paint_format(list, row, column, 0, ROLE_WARNING, "%s %s", glyph(GLYPH_WARNING), line->labels);
	else if (line->target)
		paint_format(list, row, column, 0, ROLE_GOOD, mode_of(line), glyph(GLYPH_GOOD));
	else
		paint_format(list, row, column, 0, ROLE_DIM, !line->suggested ? _("%s none") : line->suggested->confidence < CONFIDENCE_ENOUGH ? _("%s a: sure?") : _("%s a: take"),
			glyph(GLYPH_WAITING));
}

static int path_columns(const struct wizard *wizard, struct area area)
{
	bool narrow = area.columns < NARROW;

	if (mapping_preview_on(wizard))
		return narrow ? 15 : 23;
	return narrow ? 22 : 29;
}

static void draw_line(struct wizard *wizard, struct area list, int row, size_t place)
{
	const struct mapping_line *line = mapping_line_at(wizard, place);
	const struct field *field = line->target ? catalogue_find(&wizard->catalogue, line->target) : NULL;
	bool here = place == wizard->cursor.at, narrow = list.columns < NARROW;
	enum role role = here ? ROLE_SELECTED : ROLE_TEXT;
	bool previewed = mapping_preview_on(wizard);
	int source = path_columns(wizard, list), target = previewed && narrow ? 14 : 18;
	char type[96] = "";

	paint_text(list, row, 0, 0, ROLE_TITLE, here ? glyph(GLYPH_HERE) : " ");
	if (here)
		paint_cursor(list, row, 0, !wizard->filtering);
	paint_text(list, row, 2, 0, role, line->identity ? "*" : " ");
	paint_text(list, row, 4, source, role, line->source);
	if (line->target)
		paint_text(list, row, 5 + source, target, role, line->target);
	else if (line->suggested)
		paint_format(list, row, 5 + source, target, ROLE_DIM, "(%s?)", line->suggested->target);
	else
		paint_text(list, row, 5 + source, target, ROLE_DIM, _("(not mapped)"));
	if (previewed) {
		mapping_preview_cell(wizard, line, list, row, 6 + source + target);
		return;
	}
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

/* What keeps the field, or could: the labels, and the policies that mind them. */
static void draw_labels(const struct wizard *wizard, const struct mapping_line *line, struct area text, int row, int rows)
{
	struct str words = { 0 };

	str_add_format(&words, _("carries %s"), line->labels);
	for (size_t i = 0; line->denied && i < wizard->rules.violations.count; i++) {
		const struct violation *violation = &wizard->rules.violations.at[i];
		struct str actions = { 0 };

		word_list_write(&violation->actions, &actions);
		str_add_format(&words, _("; the policy %s keeps that from %s: x takes the field out"), violation->policy, str_text(&actions));
		str_done(&actions);
	}
	paint_wrapped(text, row, rows, line->denied ? ROLE_BAD : ROLE_WARNING, str_text(&words));
	str_done(&words);
}

static void draw_detail(struct wizard *wizard, struct area area, int row)
{
	struct area text = { area.row, area.column + 2, area.rows, area.columns - 3 };
	int last = area.rows - 1;

	const struct mapping_line *line = mapping_focused(wizard);
	size_t mapped = wizard->draft.mapping.rows.count, errors = 0, notes = 0;

	if (wizard->mapping_problem)
		*(wizard->mapping_error ? &errors : &notes) += 1;
	for (size_t i = 0; i < wizard->lines.count; i++)
		if (wizard->lines.at[i].denied || wizard->lines.at[i].problem)
			*(wizard->lines.at[i].denied || wizard->lines.at[i].error ? &errors : &notes) += 1;
	if (mapping_preview_on(wizard))
		mapping_preview_detail(wizard, line, text, row, last - row);
	else if (line && wizard->report.profiles > 0 && line->filled >= 0)
		paint_format(area, row, 2, 0, ROLE_TEXT, _("filled in %.0f %% of the profiles, for example: %s"), 100.0 * (double)line->filled / (double)wizard->report.profiles,
			line->example ? line->example : "-");
	if (mapping_preview_on(wizard))
		;
	else if (line && line->labels && !line->error)
		draw_labels(wizard, line, text, row + 1, last - row - 1);
	else if (line && line->problem)
		paint_wrapped(text, row + 1, last - row - 1, line->error ? ROLE_BAD : ROLE_WARNING, line->problem);
	else if (line && line->suggested)
		paint_format(text, row + 1, 0, 0, ROLE_TEXT, _("suggested: %s; %s, by %s"), line->suggested->target, confidence_label(line->suggested->confidence),
			suggestion_reason_label(line->suggested->reason));
	else if (wizard->mapping_problem)
		paint_wrapped(text, row + 1, last - row - 1, wizard->mapping_error ? ROLE_BAD : ROLE_WARNING, wizard->mapping_problem);
	paint_format(area, last, 2, 0, errors ? ROLE_BAD : ROLE_TEXT, _("mapped: %zu, errors: %zu, notes: %zu%s"), mapped, errors, notes,
		question_open(&wizard->surveying) ? _("; counting values that would fail") :
		wizard_sync_type(wizard) == SYNC_AUDIENCE_ONLY ? _("; audience-only sends no fields") : "");
}

/* How many rows fit, and how many with a problem do not. */
static void draw_filtered(const struct wizard *wizard, struct area area, int column)
{
	size_t hidden = 0;

	for (size_t i = 0; i < wizard->lines.count; i++)
		hidden += wizard->lines.at[i].problem || wizard->lines.at[i].denied;
	for (size_t i = 0; i < wizard->rows.count; i++)
		hidden -= mapping_line_at(wizard, i)->problem || mapping_line_at(wizard, i)->denied;
	if (hidden)
		paint_format(area, 0, column, 0, ROLE_WARNING, _("%zu of %zu, problems hidden: %zu"), wizard->rows.count, wizard->lines.count, hidden);
	else
		paint_format(area, 0, column, 0, ROLE_DIM, _("%zu of %zu"), wizard->rows.count, wizard->lines.count);
}

static void draw_top(struct wizard *wizard, struct area area)
{
	bool narrow = area.columns < NARROW;
	int source = path_columns(wizard, area);

	if (wizard->filtering || wizard->filter.text.length) {
		paint_text(area, 0, 2, 0, ROLE_TEXT, _("filter:"));
		editor_paint(&wizard->filter, area, 0, 10, 34, wizard->filtering);
		draw_filtered(wizard, area, 46);
	} else if (question_open(&wizard->fields)) {
		paint_format(area, 0, 2, 0, ROLE_BUSY, _("%s asking Marketo for its fields, %" PRId64 " s. Esc stops it."), glyph(GLYPH_BUSY), question_seconds(&wizard->fields));
	} else if (question_open(&wizard->reading)) {
		question_paint_reading(&wizard->reading, area, 0);
	} else {
		paint_text(area, 0, 4, 0, ROLE_DIM, _("SOURCE"));
		paint_text(area, 0, 5 + source, 0, ROLE_DIM, _("MARKETO FIELD"));
		if (mapping_preview_on(wizard)) {
			mapping_preview_head(wizard, area, (narrow ? 20 : 24) + source);
			return;
		}
		if (!narrow)
			paint_text(area, 0, 24 + source, 0, ROLE_DIM, _("TYPE"));
		paint_text(area, 0, narrow ? 25 + source : 39 + source, 0, ROLE_DIM, _("STATE"));
	}
}

void mapping_draw(struct wizard *wizard, struct area area)
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
	line = mapping_focused(wizard);
	paint_rule(frame, area.rows - detail_rows(area), line ? line->source : NULL, title);
	draw_detail(wizard, area, area.rows - detail_rows(area));
}
