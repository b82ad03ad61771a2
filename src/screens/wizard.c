#include "screens/wizard.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "screens/frame.h"

#include <inttypes.h>
#include <string.h>

static const struct step_kind *const steps[STEPS] = { &step_connect, &step_details, &step_governance, &step_audiences, &step_mapping, &step_review };

void problem_add(problem_list *list, enum step step, bool error, int field, const char *text)
{
	struct problem problem = { .step = step, .error = error, .field = field, .text = mem_strdup(text) };

	vec_push(list, problem);
}

void problem_list_done(problem_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		mem_free(list->at[i].text);
	vec_done(list);
}

bool wizard_save(struct wizard *wizard)
{
	struct error err = { 0 };
	bool saved = true;

	wizard->draft.step = (int)wizard->at;
	if (app_draft_save(console_app(wizard->layer.console), &wizard->draft, &err) != STATUS_OK) {
		console_error(wizard->layer.console, &err);
		saved = false;
	} else if (wizard->lock < 0 && draft_lock(console_app(wizard->layer.console), wizard->draft.id, &wizard->lock, &err) != STATUS_OK) {
		console_error(wizard->layer.console, &err);
	}
	return saved;
}

void wizard_left(struct wizard *wizard, const struct form_field *field)
{
	char id[16];

	snprintf(id, sizeof id, "%d", field->id);
	draft_set(&wizard->draft, DRAFT_FIELD, id);
	wizard_save(wizard);
}

enum sync_type wizard_sync_type(const struct wizard *wizard)
{
	struct destination destination = { 0 };

	person_creation_parse(draft_get(&wizard->draft, DRAFT_PERSON_CREATION), &destination.person_creation);
	sync_type_parse(draft_get(&wizard->draft, DRAFT_SYNC_TYPE), &destination.sync_type);
	return destination_sync_type(&destination);
}

void wizard_news(struct wizard *wizard)
{
	if (steps[wizard->at]->act)
		steps[wizard->at]->act(wizard, ACT_NONE);
	console_redraw(wizard->layer.console);
}

static enum glyph judge(struct wizard *wizard, enum step step)
{
	problem_list problems = { 0 };
	enum glyph sign = GLYPH_GOOD;

	if (steps[step]->problems)
		steps[step]->problems(wizard, &problems);
	for (size_t i = 0; i < problems.count && sign != GLYPH_BAD; i++)
		sign = problems.at[i].error ? GLYPH_BAD : GLYPH_WARNING;
	problem_list_done(&problems);
	return sign;
}

/* For the stepper: working it out takes too long for every frame. */
static void judge_steps(struct wizard *wizard)
{
	for (int i = 0; i < STEPS && !wizard_edits(wizard); i++)
		if (i != (int)wizard->at)
			wizard->signs[i] = judge(wizard, (enum step)i);
}

void wizard_look_at_rules(struct wizard *wizard)
{
	struct error err = { 0 };

	draft_rules_done(&wizard->rules);
	wizard->rules = (struct draft_rules){ 0 };
	if (app_draft_rules(console_app(wizard->layer.console), &wizard->draft, &wizard->rules, &err) != STATUS_OK)
		console_error(wizard->layer.console, &err);
}

void wizard_go(struct wizard *wizard, enum step step)
{
	steps[wizard->at]->close(wizard);
	form_done(&wizard->form);
	wizard->cursor = (struct cursor){ 0 };
	editor_set(&wizard->filter, "");
	wizard->filtering = false;
	wizard->in_list = false;
	if (wizard->at != step) {
		draft_set(&wizard->draft, DRAFT_FIELD, "");
		console_hush(wizard->layer.console);
	}
	wizard->at = step;
	wizard_save(wizard);
	judge_steps(wizard);
	steps[step]->open(wizard);
	console_redraw(wizard->layer.console);
}

/* Forward only when nothing is wrong here; the first thing that is gets the focus. */
static void go_on(struct wizard *wizard)
{
	problem_list problems = { 0 };
	const struct problem *first = NULL;

	if (wizard->form.fields.count)
		form_leave(&wizard->form);
	steps[wizard->at]->problems(wizard, &problems);
	for (size_t i = 0; i < problems.count && !first; i++)
		if (problems.at[i].error && !problems.at[i].free)
			first = &problems.at[i];
	if (first) {
		console_say(wizard->layer.console, ROLE_BAD, "%s %s", glyph(GLYPH_BAD), first->text);
		for (size_t i = 0; i < problems.count; i++) {
			struct form_field *field = problems.at[i].error ? form_field(&wizard->form, problems.at[i].field) : NULL;

			if (field)
				form_problem(field, problems.at[i].text);
		}
		if (form_field(&wizard->form, first->field)) {
			wizard->in_list = false;
			form_focus(&wizard->form, first->field);
		}
	} else if (wizard->at + 1 < STEPS) {
		wizard_go(wizard, (enum step)(wizard->at + 1));
	}
	problem_list_done(&problems);
}

static const char *wizard_place(const struct layer *layer, size_t number)
{
	return number < STEPS && !wizard_edits((const struct wizard *)layer) ? _(steps[number]->title) : NULL;
}

/* Back to any step; on only as far as nothing is wrong, which is where the way ends then. */
static void wizard_go_to(struct layer *layer, size_t number)
{
	struct wizard *wizard = (struct wizard *)layer;

	if (number < wizard->at)
		wizard_go(wizard, (enum step)number);
	while (wizard->at < number) {
		enum step before = wizard->at;

		go_on(wizard);
		if (wizard->at == before)
			return;
	}
}

/* Does Enter go on to the next field, instead of opening something? */
static bool is_choice(const struct wizard *wizard)
{
	const struct form *form = &wizard->form;

	return form->at < form->fields.count && !wizard->in_list && form->fields.at[form->at].kind == FORM_CHOICE;
}

static bool leaves_field(const struct wizard *wizard)
{
	return is_choice(wizard) || (!wizard->in_list && form_typing(&wizard->form));
}

static unsigned wizard_where(const struct layer *layer)
{
	const struct wizard *wizard = (const struct wizard *)layer;
	const struct step_kind *step = steps[wizard->at];
	unsigned kind = AT_STEP | (wizard_edits(wizard) ? AT_EDITING : 0);

	return kind | (leaves_field(wizard) ? AT_FIELD : AT_ROW) | (is_choice(wizard) ? AT_OPTION : 0) | step->where | (step->more_where ? step->more_where(wizard) : 0);
}

static bool wizard_typing(const struct layer *layer)
{
	const struct wizard *wizard = (const struct wizard *)layer;

	return wizard->filtering || (steps[wizard->at]->typing ? steps[wizard->at]->typing(wizard) : form_typing(&wizard->form));
}

static bool wizard_press(struct layer *layer, const struct press *press)
{
	struct wizard *wizard = (struct wizard *)layer;

	return steps[wizard->at]->press(wizard, press);
}

/* Whoever only looked leaves no draft behind. */
static bool is_untouched(struct wizard *wizard)
{
	const struct form_field *here = form_here(&wizard->form);

	return !wizard->draft.id && !(here && here->editor.text.length);
}

static void leave(struct wizard *wizard)
{
	struct console *console = wizard->layer.console;

	if (is_untouched(wizard)) {
		console_hush(console);
		console_pop(console, &wizard->layer);
		return;
	}
	steps[wizard->at]->close(wizard);
	if (wizard_edits(wizard) && mapping_edit_forget(wizard))
		console_hush(console);
	else if (wizard_save(wizard))
		console_say(console, wizard_edits(wizard) ? ROLE_WARNING : ROLE_GOOD, wizard_edits(wizard) ? _("%s Kept as a draft, not in force yet; Enter on the draft goes on from here.") :
			_("%s The draft is saved; Enter on it goes on from here."), glyph(wizard_edits(wizard) ? GLYPH_WARNING : GLYPH_GOOD));
	console_pop(console, &wizard->layer);
}

/* A question under way is the uppermost thing to end. */
static bool give_up_questions(struct wizard *wizard)
{
	struct question *const open[] = { &wizard->test.question, &wizard->fields, &wizard->reading, &wizard->planning, &wizard->surveying, &wizard->previewing };
	bool found = false;

	for (size_t i = 0; i < sizeof open / sizeof *open; i++) {
		if (!question_open(open[i]))
			continue;
		question_give_up(open[i]);
		found = true;
		if (open[i] == &wizard->previewing) /* without its answer there is nothing to show */
			mapping_preview_end(wizard);
	}
	if (found) {
		wizard->test.ended = wizard->test.begun;
		console_say(wizard->layer.console, ROLE_WARNING, _("%s Given up before the answer came; nothing was changed in Marketo."), glyph(GLYPH_WARNING));
	}
	return found;
}

/* The step is shown anew, as the draft is now; the focus stays where it was. */
static void show_again(struct wizard *wizard)
{
	size_t row = wizard->cursor.at, field = wizard->form.at;
	bool in_list = wizard->in_list;

	form_done(&wizard->form);
	steps[wizard->at]->open(wizard);
	if (field < wizard->form.fields.count)
		wizard->form.at = field;
	wizard->in_list = in_list;
	cursor_to(&wizard->cursor, row);
	judge_steps(wizard);
	console_redraw(wizard->layer.console);
}

static void undo(struct wizard *wizard, bool redo)
{
	struct console *console = wizard->layer.console;
	struct error err = { 0 };
	struct draft before;
	bool done = false;
	char *words;

	if (!is_untouched(wizard)) {
		steps[wizard->at]->close(wizard);
		wizard_save(wizard);
	}
	draft_copy(&before, &wizard->draft);
	if (wizard->draft.id && app_draft_undo(console_app(console), &wizard->draft, redo, &done, &err) != STATUS_OK)
		console_error(console, &err);
	else if (!done)
		console_say(console, ROLE_TEXT, redo ? _("Nothing was taken back.") : _("There is no edit to take back."));
	words = edit_words(&before, &wizard->draft);
	if (done)
		console_say(console, ROLE_GOOD, redo ? _("%s In force again. Now: %s; u takes it back.") : _("%s Taken back. Now: %s; U puts it in force again."), glyph(GLYPH_GOOD), words);
	mem_free(words);
	draft_done(&before);
	show_again(wizard);
}

static bool wizard_act(struct layer *layer, enum action action)
{
	struct wizard *wizard = (struct wizard *)layer;

	if (action == ACT_ESCAPE && give_up_questions(wizard))
		return true;
	if (action == ACT_TOGGLE && is_choice(wizard))
		return form_press(&wizard->form, &(struct press){ .kind = PRESS_RIGHT });
	if (steps[wizard->at]->act && steps[wizard->at]->act(wizard, action))
		return true;
	switch (action) {
	case ACT_SAVE:
		mapping_edit_ask(wizard);
		return true;
	case ACT_NEXT:
		go_on(wizard);
		return true;
	case ACT_BACK:
		if (wizard->at)
			wizard_go(wizard, (enum step)(wizard->at - 1));
		return true;
	case ACT_LEAVE:
		leave(wizard);
		return true;
	case ACT_UNDO:
	case ACT_REDO:
		undo(wizard, action == ACT_REDO);
		return true;
	case ACT_OPEN:
		return form_enter(&wizard->form);
	case ACT_ESCAPE:
		return form_escape(&wizard->form);
	default:
		return false;
	}
}

static const char *wizard_why_not(const struct layer *layer, enum action action)
{
	const struct wizard *wizard = (const struct wizard *)layer;

	if ((action == ACT_BACK || action == ACT_NEXT) && wizard_edits(wizard))
		return _("only the mapping is edited here: s saves it");
	if (action == ACT_SAVE && wizard_edits(wizard))
		return console_refusal(layer->console, USE_MAPPING_SET);
	if (action == ACT_BACK && wizard->at == 0)
		return _("this is the first step");
	if (action == ACT_NEXT && wizard->at + 1 == STEPS)
		return _("this is the last step: L launches, s saves");
	return steps[wizard->at]->why_not ? steps[wizard->at]->why_not(wizard, action) : NULL;
}

static void draw_stepper(struct wizard *wizard, struct area area)
{
	int at = 1;

	if (wizard_edits(wizard)) {
		paint_format(area, 0, 1, 0, ROLE_TEXT, _("Revision %s is in force until s saves another one."), draft_get(&wizard->draft, DRAFT_REVISION));
		return;
	}
	for (int i = 0; i < STEPS; i++) {
		bool here = i == (int)wizard->at, before = i < wizard->draft.step || i < (int)wizard->at;
		const char *sign = here ? glyph(GLYPH_HERE) : before ? glyph(wizard->signs[i]) : " ";

		at += paint_format(area, 0, at, 0, here ? ROLE_TITLE : ROLE_TEXT, "%s%d %s", sign, i + 1, area.columns < FRAME_FULL_COLUMNS && !here ? "" : _(steps[i]->title)) + 1;
	}
}

/* In the mapping the row; else the command that the review shows. */
static char *wizard_copy(const struct layer *layer)
{
	const struct wizard *wizard = (const struct wizard *)layer;
	const struct mapping_line *line = wizard->at == STEP_MAPPING && wizard->cursor.at < wizard->rows.count ? &wizard->lines.at[wizard->rows.at[wizard->cursor.at]] : NULL;
	struct str command = { 0 };

	if (wizard->at == STEP_MAPPING)
		return line ? mem_printf("%s=%s", line->source, line->target ? line->target : "") : NULL;
	if (wizard->at != STEP_REVIEW || !wizard->plan.known)
		return NULL;
	review_command(wizard, &command);
	return str_take(&command);
}

static void wizard_draw(struct layer *layer, struct area area)
{
	struct wizard *wizard = (struct wizard *)layer;
	struct area box = { area.row + 1, area.column, area.rows - 1, area.columns };
	char *title = wizard_edits(wizard) ? mem_strdup(_(steps[wizard->at]->long_title)) : mem_printf(_("%d of %d  %s"), (int)wizard->at + 1, STEPS, _(steps[wizard->at]->long_title));

	draw_stepper(wizard, area);
	paint_frame(box, title, wizard->at < STEP_GOVERNANCE ? _("* required") : NULL, false);
	mem_free(title);
	steps[wizard->at]->draw(wizard, area_inside(box));
}

static void wizard_head(const struct layer *layer, struct str *left, struct str *right)
{
	const struct wizard *wizard = (const struct wizard *)layer;
	const char *name = draft_get(&wizard->draft, DRAFT_NAME), *account = draft_get(&wizard->draft, DRAFT_ACCOUNT);
	char when[CLOCK_TEXT];

	str_add_format(left, " - %s - %s", wizard_edits(wizard) ? _("Mapping") : _("New dataflow"), *name ? name : _("(no name yet)"));
	if (*account)
		str_add_format(right, "%s - ", account);
	if (wizard->draft.saved_at)
		str_add_format(right, wizard_edits(wizard) ? _("draft of %s") : _("saved %s"), clock_format(wizard->draft.saved_at, when) + 11);
	else
		str_add(right, _("not saved yet"));
}

static bool wizard_busy(const struct layer *layer)
{
	const struct wizard *wizard = (const struct wizard *)layer;

	return question_open(&wizard->test.question) || question_open(&wizard->fields) || question_open(&wizard->reading) || question_open(&wizard->planning) ||
		question_open(&wizard->surveying) || question_open(&wizard->previewing) || question_open(&wizard->places) || (steps[wizard->at]->busy && steps[wizard->at]->busy(wizard));
}

static void wizard_keep(struct layer *layer)
{
	struct wizard *wizard = (struct wizard *)layer;
	const char *name;

	if (is_untouched(wizard))
		return;
	steps[wizard->at]->close(wizard);
	if (wizard_edits(wizard)) {
		mapping_edit_keep(wizard);
		return;
	}
	wizard_save(wizard);
	name = draft_get(&wizard->draft, DRAFT_NAME); /* another text than before the step was closed */
	console_farewell(layer->console, _("penstock: the draft %s is saved at step %d of %d; start penstock again to go on."), *name ? name : _("(no name yet)"),
		(int)wizard->at + 1, STEPS);
}

static void free_lists(struct wizard *wizard)
{
	mapping_lines_clear(wizard);
	vec_done(&wizard->lines);
	suggestion_list_done(&wizard->suggestions);
	mem_free(wizard->mapping_problem);
	vec_done(&wizard->rows);
	problem_list_done(&wizard->problems);
	for (size_t i = 0; i < wizard->plan.reasons.count; i++)
		mem_free(wizard->plan.reasons.at[i].text);
	vec_done(&wizard->plan.reasons);
	for (int i = 0; i < TEST_CHECKS; i++) {
		mem_free(wizard->test.checks[i].detail);
		mem_free(wizard->test.checks[i].hint);
	}
}

static void wizard_free(struct layer *layer)
{
	struct wizard *wizard = (struct wizard *)layer;
	struct question *const open[] = { &wizard->test.question, &wizard->fields, &wizard->reading, &wizard->planning, &wizard->surveying, &wizard->previewing,
		&wizard->places };

	for (size_t i = 0; i < sizeof open / sizeof *open; i++)
		question_give_up(open[i]);
	form_done(&wizard->form);
	editor_done(&wizard->filter);
	free_lists(wizard);
	catalogue_done(&wizard->catalogue);
	source_report_done(&wizard->report);
	survey_done(&wizard->survey);
	preview_done(&wizard->preview);
	draft_rules_done(&wizard->rules);
	mem_free(wizard->catalogue_of);
	mem_free(wizard->report_of);
	draft_unlock(wizard->lock);
	draft_done(&wizard->draft);
	mem_free(wizard);
}

static const struct layer_kind wizard_kind = {
	.where = wizard_where,
	.typing = wizard_typing,
	.press = wizard_press,
	.act = wizard_act,
	.why_not = wizard_why_not,
	.draw = wizard_draw,
	.copy = wizard_copy,
	.place = wizard_place,
	.go = wizard_go_to,
	.head = wizard_head,
	.busy = wizard_busy,
	.save = wizard_keep,
	.free = wizard_free,
};

struct layer *wizard_new(struct console *console, struct draft *draft, int lock)
{
	struct wizard *wizard = mem_alloc(sizeof *wizard);

	wizard->layer = (struct layer){ &wizard_kind, console };
	wizard->draft = *draft;
	wizard->lock = lock;
	/* What cannot be renewed is as it was left; whatever keeps it from that keeps it from being saved, too, which is said then. */
	if (wizard_edits(wizard))
		app_draft_renew(console_app(console), &wizard->draft, NULL);
	wizard->at = wizard_edits(wizard) ? STEP_MAPPING : draft->step >= 0 && draft->step < STEPS ? (enum step)draft->step : STEP_CONNECT;
	catalogue_init(&wizard->catalogue);
	editor_init(&wizard->filter, "", false);
	judge_steps(wizard);
	steps[wizard->at]->open(wizard);
	return &wizard->layer;
}
