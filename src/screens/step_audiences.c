/* Step 4: the source, what was found in it, which audiences go to which lists, and when. */
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "screens/answers.h"
#include "screens/complete.h"
#include "screens/wizard.h"
#include "tui/filter.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { A_SOURCE = 1, A_START, AN_END, FORM_WHOLE_ROWS = 14, FORM_FOLDED_ROWS = 3 };

static const struct source_audience *row_at(const struct wizard *wizard, size_t row)
{
	return row < wizard->rows.count ? &wizard->report.audiences.at[wizard->rows.at[row]] : NULL;
}

static struct draft_audience *chosen(const struct wizard *wizard, const char *id)
{
	for (size_t i = 0; i < wizard->draft.audiences.count; i++)
		if (strcmp(wizard->draft.audiences.at[i].id, id) == 0)
			return &wizard->draft.audiences.at[i];
	return NULL;
}

static void apply_filter(struct wizard *wizard)
{
	wizard->rows.count = 0;
	for (size_t i = 0; i < wizard->report.audiences.count; i++) {
		const struct source_audience *audience = &wizard->report.audiences.at[i];

		if (filter_fits(str_text(&wizard->filter.text), audience->name ? audience->name : audience->id) || filter_fits(str_text(&wizard->filter.text), audience->id))
			vec_push(&wizard->rows, i);
	}
	cursor_fit(&wizard->cursor, wizard->rows.count, wizard->cursor.seen);
}

/* The source goes by its whole path: whoever goes on with the draft may be in another folder. What is not there is kept as it was typed, to be mended. */
static void copy(struct wizard *wizard)
{
	char *whole;

	if (!wizard->form.fields.count)
		return;
	whole = source_from_root(console_app(wizard->layer.console), form_text(&wizard->form, A_SOURCE));
	draft_set(&wizard->draft, DRAFT_SOURCE, whole ? whole : form_text(&wizard->form, A_SOURCE));
	mem_free(whole);
	draft_set(&wizard->draft, DRAFT_START, form_text(&wizard->form, A_START));
	draft_set(&wizard->draft, DRAFT_END, form_text(&wizard->form, AN_END));
	flow_rules_copy(wizard);
}

static const char *wrong_date(void *self, const char *text)
{
	int64_t wall;
	bool has_time;

	(void)self;
	return *text && !(clock_parse(text, &wall, &has_time) && !has_time) ? _("write it as YYYY-MM-DD") : NULL;
}

/* NULL: it is not, or is no date. */
static const char *is_over(const char *end)
{
	enum { DAY_MS = 24 * 60 * 60 * 1000 };
	int64_t wall_ms;
	bool has_time;

	return *end && clock_parse(end, &wall_ms, &has_time) && wall_ms + DAY_MS <= clock_wall_ms() ? _("lies in the past") : NULL;
}

static bool ends_before(const char *start, const char *end)
{
	return start && end && *start && *end && strcmp(end, start) < 0;
}

static void left(void *self, struct form_field *field)
{
	struct wizard *wizard = self;
	char *source = mem_strdup(draft_get(&wizard->draft, DRAFT_SOURCE));

	copy(wizard);
	if (strcmp(draft_get(&wizard->draft, DRAFT_SOURCE), source) != 0)
		wizard->source_changed = true;
	mem_free(source);
	if (field->id == A_SOURCE)
		wizard_want_report(wizard);
	else if (!flow_rules_left(wizard, field))
		form_problem(field, wrong_date(NULL, str_text(&field->editor.text)));
	if (field->id == AN_END && !field->problem && ends_before(form_text(&wizard->form, A_START), form_text(&wizard->form, AN_END)))
		form_problem(field, _("lies before the start"));
	if (field->id == AN_END && !field->problem)
		form_problem(field, is_over(form_text(&wizard->form, AN_END)));
	wizard_left(wizard, field);
}

static void changed(void *self, struct form_field *field)
{
	flow_rules_changed(self, field);
}

static void begin(struct wizard *wizard)
{
	const struct draft *draft = &wizard->draft;
	const char *proposed = console_settings(wizard->layer.console)->source;
	struct form *form = &wizard->form;
	struct form_field *field;

	*form = (struct form){ .left = left, .changed = changed, .self = wizard };
	field = form_add(form, A_SOURCE, FORM_TEXT, N_("Source"), *draft_get(draft, DRAFT_SOURCE) ? draft_get(draft, DRAFT_SOURCE) : proposed);
	field->required = true;
	field->help = N_("a file (NDJSON, CSV), spool:FOLDER, http:.. or DATABASE#QUERY-FILE; Tab completes the path");
	field = form_add(form, A_START, FORM_TEXT, N_("Start date"), draft_get(draft, DRAFT_START));
	field->help = N_("YYYY-MM-DD, empty: at once; of all audiences that have none of their own");
	field = form_add(form, AN_END, FORM_TEXT, N_("End date"), draft_get(draft, DRAFT_END));
	field->help = N_("YYYY-MM-DD, empty: never; the day itself is still in");
	flow_rules_add(wizard);
	form_focus(form, (int)strtol(draft_get(draft, DRAFT_FIELD), NULL, 10));
	copy(wizard);
	wizard_want_report(wizard);
	apply_filter(wizard);
	wizard->in_list = draft->audiences.count > 0 && !*draft_get(draft, DRAFT_FIELD);
}

static void end(struct wizard *wizard)
{
	if (!wizard->in_list && wizard->form.fields.count)
		form_leave(&wizard->form);
	copy(wizard);
	question_give_up(&wizard->places);
}

static void take_off(struct draft *draft, size_t at)
{
	draft_audience_done(&draft->audiences.at[at]);
	for (; at + 1 < draft->audiences.count; at++)
		draft->audiences.at[at] = draft->audiences.at[at + 1];
	draft->audiences.count--;
}

static bool is_in_report(const struct wizard *wizard, const char *id)
{
	for (size_t i = 0; i < wizard->report.audiences.count; i++)
		if (strcmp(wizard->report.audiences.at[i].id, id) == 0)
			return true;
	return false;
}

/* What was chosen from another source and is not in this one would be launched unseen. */
static void take_others_off(struct wizard *wizard)
{
	size_t before = wizard->draft.audiences.count;

	/* Of a source with very many audiences not all are told: what is missing may be there. */
	for (size_t i = wizard->report.truncated ? 0 : before; i-- > 0;)
		if (!is_in_report(wizard, wizard->draft.audiences.at[i].id))
			take_off(&wizard->draft, i);
	wizard->source_changed = false;
	if (wizard->draft.audiences.count == before)
		return;
	console_say(wizard->layer.console, ROLE_WARNING, _("%s Chosen before and not in this source: %zu, taken off. u takes that back."), glyph(GLYPH_WARNING),
		before - wizard->draft.audiences.count);
	wizard_save(wizard);
}

static void toggle(struct wizard *wizard)
{
	const struct source_audience *audience = row_at(wizard, wizard->cursor.at);
	struct draft_audience *there = audience ? chosen(wizard, audience->id) : NULL;

	if (!audience)
		return;
	if (there) {
		take_off(&wizard->draft, (size_t)(there - wizard->draft.audiences.at));
	} else {
		struct draft_audience fresh = { .id = mem_strdup(audience->id), .name = mem_strdup(audience->name) };

		vec_push(&wizard->draft.audiences, fresh);
	}
	wizard_save(wizard);
}

/* The audience with the focus, ticked when it was not: whoever chooses its list wants it. */
static struct draft_audience *wanted(struct wizard *wizard)
{
	const struct source_audience *audience = row_at(wizard, wizard->cursor.at);

	if (!audience)
		return NULL;
	if (!chosen(wizard, audience->id))
		toggle(wizard);
	return chosen(wizard, audience->id);
}

static void list_chosen(void *self, const struct picker_item *items, size_t count)
{
	struct wizard *wizard = self;
	struct draft_audience *audience = wanted(wizard);

	(void)count;
	if (!audience)
		return;
	mem_replace(&audience->list, *items[0].value ? items[0].value : NULL);
	wizard_save(wizard);
}

static void closed(void *self)
{
	struct wizard *wizard = self;

	question_give_up(&wizard->places);
	wizard->picker = NULL;
}

static void lists_answered(void *self, enum status status, const struct json *answer, const struct error *err)
{
	struct wizard *wizard = self;
	const struct source_audience *audience = row_at(wizard, wizard->cursor.at);
	picker_items items = { 0 };
	place_list places = { 0 };
	char *own;

	question_end(wizard, &wizard->places, err);
	if (!wizard->picker)
		return;
	if (status != STATUS_OK) {
		picker_fail(wizard->picker, err);
		console_error(wizard->layer.console, err);
		return;
	}
	answer_places(answer, "lists", &places);
	own = mem_printf(_("make or find \"%s\""), audience && audience->name ? audience->name : audience ? audience->id : "");
	picker_add(&items, "", own, _("the audience's own name"));
	mem_free(own);
	for (size_t i = 0; i < places.count; i++) {
		char id[24];

		snprintf(id, sizeof id, "%" PRId64, places.at[i].id);
		picker_add(&items, id, places.at[i].name, id);
	}
	picker_fill(wizard->picker, &items, NULL);
	place_list_done(&places);
}

static void choose_list(struct wizard *wizard)
{
	const char *const words[] = { "lists", "--", draft_get(&wizard->draft, DRAFT_ACCOUNT), NULL };
	const struct picker_options options = { .title = _("Static list: choose one, or type the name of a new one"), .free_text = true, .chosen = list_chosen,
		.closed = closed, .self = wizard };

	if (row_at(wizard, wizard->cursor.at))
		wizard_pick_places(wizard, 0, &options, words, _("asking Marketo for its lists"), lists_answered);
}

static void end_given(void *self, const char *text)
{
	struct wizard *wizard = self;
	struct draft_audience *audience = wanted(wizard);

	if (!audience)
		return;
	mem_replace(&audience->end, *text ? text : NULL);
	wizard_save(wizard);
}

static const char *wrong_end(void *self, const char *text)
{
	struct wizard *wizard = self;
	const struct source_audience *row = row_at(wizard, wizard->cursor.at);
	const struct draft_audience *audience = row ? chosen(wizard, row->id) : NULL;
	const char *why = wrong_date(NULL, text);

	return why ? why : audience && ends_before(audience->start, text) ? _("the end lies before the start") : is_over(text);
}

static void start_given(void *self, const char *text)
{
	struct wizard *wizard = self;
	struct draft_audience *audience = wanted(wizard);

	if (!audience)
		return;
	mem_replace(&audience->start, *text ? text : NULL);
	wizard_save(wizard);
	prompt_open(wizard->layer.console, &(struct prompt_options){ .title = _("End date of this audience"), .label = _("YYYY-MM-DD, empty: the dataflow's"),
		.text = audience->end ? audience->end : "", .wrong = wrong_end, .given = end_given, .self = wizard });
}

static void ask_dates(struct wizard *wizard)
{
	struct draft_audience *audience = wanted(wizard);

	if (audience)
		prompt_open(wizard->layer.console, &(struct prompt_options){ .title = _("Start date of this audience"), .label = _("YYYY-MM-DD, empty: the dataflow's"),
			.text = audience->start ? audience->start : "", .enter = _("next"), .wrong = wrong_date, .given = start_given, .self = wizard });
}

static void choose_all(struct wizard *wizard)
{
	if (wizard->report_of && wizard->source_changed)
		take_others_off(wizard);
	/* The answer has come: a source with one audience needs no choice. */
	if (wizard->report_of && wizard->report.audiences.count == 1 && !wizard->draft.audiences.count) {
		apply_filter(wizard);
		toggle(wizard);
	}
	apply_filter(wizard);
	flow_rules_show(wizard);
}

/* Behind the last field. Whoever comes back comes back to the list. */
static void to_list(struct wizard *wizard)
{
	form_leave(&wizard->form);
	wizard->in_list = wizard->rows.count > 0;
	if (!wizard->in_list)
		return;
	draft_set(&wizard->draft, DRAFT_FIELD, "");
	wizard_save(wizard);
}

static bool act_list(struct wizard *wizard, enum action action)
{
	switch (action) {
	case ACT_TOGGLE:
		toggle(wizard);
		return true;
	case ACT_OPEN:
	case ACT_LIST:
		choose_list(wizard);
		return true;
	case ACT_DATES:
		ask_dates(wizard);
		return true;
	case ACT_FILTER:
		wizard->filtering = true;
		return true;
	default:
		return false;
	}
}

static bool act(struct wizard *wizard, enum action action)
{
	if (action == ACT_NONE) {
		choose_all(wizard);
		return true;
	}
	if (action == ACT_FETCH) {
		mem_replace(&wizard->report_of, NULL);
		wizard_want_report(wizard);
		return true;
	}
	if (wizard->filtering && (action == ACT_ESCAPE || action == ACT_OPEN)) {
		if (action == ACT_ESCAPE)
			editor_set(&wizard->filter, "");
		wizard->filtering = false;
		apply_filter(wizard);
		return true;
	}
	if (wizard->in_list && action == ACT_ESCAPE && wizard->filter.text.length) {
		editor_set(&wizard->filter, "");
		apply_filter(wizard);
		return true;
	}
	/* Enter on the last field goes on to the audiences. */
	if (!wizard->in_list && action == ACT_OPEN && wizard->form.at + 1 == wizard->form.fields.count) {
		to_list(wizard);
		return true;
	}
	return wizard->in_list && act_list(wizard, action);
}

static bool complete(struct wizard *wizard)
{
	struct form_field *field = form_here(&wizard->form);
	char *longer;

	if (!field || field->id != A_SOURCE || !wizard->form.editing)
		return false;
	/* An operator would be shown what only the daemon may see. */
	longer = console_app(wizard->layer.console)->operator ? NULL : complete_path(str_text(&field->editor.text));
	if (!longer)
		return false;
	editor_set(&field->editor, longer);
	mem_free(longer);
	return true;
}

static bool press(struct wizard *wizard, const struct press *press)
{
	if (wizard->filtering) {
		if (editor_press(&wizard->filter, press) == EDITOR_CHANGED)
			apply_filter(wizard);
		else
			cursor_press(&wizard->cursor, press);
		return true;
	}
	if (wizard->in_list) {
		bool up = press->kind == PRESS_BACKTAB || (press->kind == PRESS_UP && wizard->cursor.at == 0);

		if (!up && press->kind != PRESS_TAB)
			return cursor_press(&wizard->cursor, press);
		wizard->in_list = !up;
		return true;
	}
	if (press->kind == PRESS_TAB && complete(wizard))
		return true;
	if ((press->kind == PRESS_TAB || press->kind == PRESS_DOWN) && wizard->form.at + 1 == wizard->form.fields.count) {
		to_list(wizard);
		return true;
	}
	return form_press(&wizard->form, press);
}

static bool typing(const struct wizard *wizard)
{
	return !wizard->in_list && form_typing(&wizard->form);
}

static unsigned more_where(const struct wizard *wizard)
{
	return wizard->in_list ? AT_AUDIENCES | AT_CHECKS | AT_LIST : 0;
}

static void draw_row(struct wizard *wizard, struct area list, int row, size_t place)
{
	const struct source_audience *audience = row_at(wizard, place);
	const struct draft_audience *mine = chosen(wizard, audience->id);
	bool here = wizard->in_list && place == wizard->cursor.at;
	enum role role = here ? ROLE_SELECTED : ROLE_TEXT;
	int name = list.columns < 76 ? 18 : 26;
	char in[32], out[32];

	if (here)
		paint_cursor(list, row, 0, true);
	paint_text(list, row, 0, 0, ROLE_TITLE, here ? glyph(GLYPH_HERE) : " ");
	paint_text(list, row, 2, 0, role, glyph(mine ? GLYPH_CHECK_ON : GLYPH_CHECK_OFF));
	paint_text(list, row, 6, name, role, audience->name ? audience->name : audience->id);
	paint_right(list, row, 7 + name, 10, role, number_text(audience->realized + audience->existing, in));
	paint_right(list, row, 18 + name, 9, role, number_text(audience->exited, out));
	if (!mine)
		return;
	if (mine->list)
		paint_format(list, row, 29 + name, 0, role, "%s %s%s", glyph(GLYPH_ARROW), mine->list, mine->start || mine->end ? _(" (dates)") : "");
	else
		paint_format(list, row, 29 + name, 0, role, "%s %s%s", glyph(GLYPH_ARROW), _("own name"), mine->start || mine->end ? _(" (dates)") : "");
}

/* A source that is posted to, and nothing has come. */
static bool is_waited_for(const struct wizard *wizard)
{
	return wizard->report_of && wizard->report.profiles == 0 && strcmp(wizard->report.format, "http") == 0;
}

static void draw_found(struct wizard *wizard, struct area area, int row)
{
	char profiles[32], bad[32];

	if (question_open(&wizard->reading)) {
		question_paint_reading(&wizard->reading, area, row);
	} else if (is_waited_for(wizard)) {
		paint_format(area, row, 2, 0, ROLE_WARNING, _("%s nothing was posted yet: `penstock receive SOURCE`, then Ctrl-R"), glyph(GLYPH_WARNING));
	} else if (wizard->report_of) {
		paint_format(area, row, 2, 0, ROLE_TEXT, _("%s profiles, %zu audiences, %s bad lines"), number_text(wizard->report.profiles, profiles),
			wizard->report.audiences.count, number_text(wizard->report.bad_count, bad));
	} else if (wizard->reading.error.status != STATUS_OK) {
		paint_format(area, row, 2, 0, ROLE_BAD, "%s %s", glyph(GLYPH_BAD), wizard->reading.error.message);
	} else {
		paint_text(area, row, 2, 0, ROLE_DIM, _("nothing was read yet"));
	}
}

/* Of the field with the focus: what is wrong with it, whole, or how to fill it in. */
static void draw_help(const struct form_field *field, struct area area, int row, int rows)
{
	const char *help = field->kind == FORM_CHOICE ? field->choices[field->chosen].help : field->help;
	struct area strip = { area.row, area.column + 2, area.rows, area.columns - 3 };

	paint_wrapped(strip, row, rows, field->problem ? ROLE_BAD : ROLE_DIM, field->problem ? field->problem : _(help));
}

static void draw_detail(struct wizard *wizard, struct area area, int rows)
{
	const struct source_audience *audience = row_at(wizard, wizard->cursor.at);
	const struct draft_audience *mine = audience ? chosen(wizard, audience->id) : NULL;
	struct form_field *here = form_here(&wizard->form);
	int row = area.rows - rows;

	if (!wizard->in_list && here)
		draw_help(here, area, row, rows);
	else if (audience)
		paint_format(area, row, 2, 0, ROLE_DIM, _("id %s  start %s  end %s"), audience->id, mine && mine->start ? mine->start : "-", mine && mine->end ? mine->end : "-");
}

/* All of the form where there is room; else the fields about the one with the focus. */
static int draw_form(struct wizard *wizard, struct area area)
{
	struct area top = { area.row, area.column, area.rows < FORM_WHOLE_ROWS ? FORM_FOLDED_ROWS : area.rows, area.columns };
	size_t at = wizard->form.at;
	int used;

	if (wizard->in_list)
		wizard->form.at = wizard->form.fields.count; /* no field has the focus */
	used = form_draw(&wizard->form, top);
	wizard->form.at = at;
	return used;
}

static void draw_heads(struct wizard *wizard, struct area area, int row)
{
	int name = area.columns < 76 ? 18 : 26;

	if (wizard->filtering || wizard->filter.text.length) {
		paint_text(area, row, 2, 0, ROLE_TEXT, _("filter:"));
		editor_paint(&wizard->filter, area, row, 10, 40, wizard->filtering);
		return;
	}
	paint_text(area, row, 6, 0, ROLE_DIM, _("AUDIENCE"));
	paint_right(area, row, 7 + name, 10, ROLE_DIM, _("MEMBERS"));
	paint_right(area, row, 18 + name, 9, ROLE_DIM, _("LEFT"));
	paint_text(area, row, 29 + name, 0, ROLE_DIM, _("LIST"));
}

static void draw(struct wizard *wizard, struct area area)
{
	struct area frame = { area.row - 1, area.column - 1, area.rows + 2, area.columns + 2 }, list = area;
	int row = draw_form(wizard, area), detail = wizard->in_list ? 1 : 2;
	char title[96];

	draw_found(wizard, area, row);
	snprintf(title, sizeof title, _("Audiences: %zu chosen, %zu of %zu shown"), wizard->draft.audiences.count, wizard->rows.count, wizard->report.audiences.count);
	paint_rule(frame, row + 2, title, NULL);
	draw_heads(wizard, area, row + 2);
	list.row += row + 3;
	list.rows -= row + 3 + detail;
	cursor_fit(&wizard->cursor, wizard->rows.count, list.rows > 0 ? (size_t)list.rows : 0);
	for (int i = 0; i < list.rows && wizard->cursor.top + (size_t)i < wizard->rows.count; i++)
		draw_row(wizard, list, i, wizard->cursor.top + (size_t)i);
	draw_detail(wizard, area, detail);
}

static void problems(struct wizard *wizard, problem_list *out)
{
	const struct draft *draft = &wizard->draft;

	if (!*draft_get(draft, DRAFT_SOURCE))
		problem_add(out, STEP_AUDIENCES, true, A_SOURCE, _("the source is missing: a file of profile messages"));
	else if (wizard->reading.error.status != STATUS_OK && !question_open(&wizard->reading))
		problem_add(out, STEP_AUDIENCES, true, A_SOURCE, wizard->reading.error.message);
	if (!draft->audiences.count && is_waited_for(wizard))
		problem_add(out, STEP_AUDIENCES, true, A_SOURCE, _("nothing was posted yet: `penstock receive SOURCE` takes a first message, Ctrl-R shows it here"));
	else if (!draft->audiences.count)
		problem_add(out, STEP_AUDIENCES, true, 0, _("no audience is chosen: Space ticks one"));
	if (wrong_date(NULL, draft_get(draft, DRAFT_START)))
		problem_add(out, STEP_AUDIENCES, true, A_START, _("the start date is no date: write it as YYYY-MM-DD"));
	if (wrong_date(NULL, draft_get(draft, DRAFT_END)))
		problem_add(out, STEP_AUDIENCES, true, AN_END, _("the end date is no date: write it as YYYY-MM-DD"));
	else if (ends_before(draft_get(draft, DRAFT_START), draft_get(draft, DRAFT_END)))
		problem_add(out, STEP_AUDIENCES, true, AN_END, _("the end date lies before the start date"));
	flow_rules_problems(wizard, out);
	for (size_t i = 0; i < draft->audiences.count; i++)
		if (!draft->audiences.at[i].list && !*draft_get(draft, DRAFT_LIST_FOLDER)) {
			problem_add(out, STEP_AUDIENCES, false, 0, _("a list that is not there yet needs a list folder (step 2), or choose a list with J"));
			break;
		}
}

static void summary(struct wizard *wizard, struct str *out)
{
	const char *source = draft_get(&wizard->draft, DRAFT_SOURCE), *slash = strrchr(source, '/');

	str_add_format(out, ngettext("%zu audience of %s", "%zu audiences of %s", (unsigned long)wizard->draft.audiences.count), wizard->draft.audiences.count,
		slash ? slash + 1 : source);
	if (wizard->report_of) {
		char profiles[32];

		str_add_format(out, _(", %s profiles"), number_text(wizard->report.profiles, profiles));
	}
	flow_rules_summary(&wizard->draft, out);
}

const struct step_kind step_audiences = {
	.title = N_("Audiences"),
	.long_title = N_("Audiences: what is in the source, and where it goes"),
	.open = begin,
	.close = end,
	.draw = draw,
	.press = press,
	.act = act,
	.more_where = more_where,
	.typing = typing,
	.problems = problems,
	.summary = summary,
};
