#include "screens/wizard.h"

#include "app/fields.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "screens/answers.h"
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

void wizard_save(struct wizard *wizard)
{
	struct error err = { 0 };

	wizard->draft.step = (int)wizard->at;
	if (app_draft_save(console_app(wizard->layer.console), &wizard->draft, &err) != STATUS_OK)
		console_error(wizard->layer.console, &err);
	else if (wizard->lock < 0 && draft_lock(console_app(wizard->layer.console), wizard->draft.id, &wizard->lock, &err) != STATUS_OK)
		console_error(wizard->layer.console, &err);
}

void wizard_left(struct wizard *wizard, const struct form_field *field)
{
	char id[16];

	snprintf(id, sizeof id, "%d", field->id);
	draft_set(&wizard->draft, DRAFT_FIELD, id);
	wizard_save(wizard);
}

void question_give_up(struct question *question)
{
	ask_give_up(question->ask);
	question->ask = NULL;
}

bool question_open(const struct question *question)
{
	return question->ask != NULL;
}

int64_t question_seconds(const struct question *question)
{
	return (clock_mono_ms() - question->since) / 1000;
}

void question_end(struct wizard *wizard, struct question *question, const struct error *err)
{
	question->ask = NULL;
	question->error = *err;
	console_redraw(wizard->layer.console);
}

bool question_ask(struct wizard *wizard, struct question *question, const char *const *words, ask_answer_fn answer, ask_progress_fn progress)
{
	const struct ask_options options = { .words = words, .answer = answer, .progress = progress, .self = wizard };
	struct error err = { 0 };

	question_give_up(question);
	*question = (struct question){ .since = clock_mono_ms() };
	question->ask = app_ask(console_app(wizard->layer.console), &options, &err);
	if (question->ask)
		return true;
	question->error = err;
	console_error(wizard->layer.console, &err);
	return false;
}

static void fields_answered(void *self, enum status status, const struct json *answer, const struct error *err)
{
	struct wizard *wizard = self;
	struct error failure = *err;

	(void)answer;
	question_end(wizard, &wizard->fields, err);
	if (status == STATUS_OK) {
		catalogue_done(&wizard->catalogue);
		status = app_fields_known(console_app(wizard->layer.console), draft_get(&wizard->draft, DRAFT_ACCOUNT), &wizard->catalogue, &failure);
	}
	if (status == STATUS_OK) {
		mem_replace(&wizard->catalogue_of, draft_get(&wizard->draft, DRAFT_ACCOUNT));
		console_hush(wizard->layer.console);
	} else {
		console_error(wizard->layer.console, &failure);
	}
	if (steps[wizard->at]->act)
		steps[wizard->at]->act(wizard, ACT_NONE);
	console_redraw(wizard->layer.console);
}

void wizard_fetch_fields(struct wizard *wizard)
{
	const char *account = draft_get(&wizard->draft, DRAFT_ACCOUNT);
	const char *const words[] = { "fields", "--refresh", "--", account, NULL };

	if (*account)
		question_ask(wizard, &wizard->fields, words, fields_answered, NULL);
}

void wizard_want_fields(struct wizard *wizard)
{
	const char *account = draft_get(&wizard->draft, DRAFT_ACCOUNT);
	const char *const words[] = { "fields", "--", account, NULL };

	if (!*account || question_open(&wizard->fields) || (wizard->catalogue_of && strcmp(wizard->catalogue_of, account) == 0))
		return;
	question_ask(wizard, &wizard->fields, words, fields_answered, NULL);
}

static void report_answered(void *self, enum status status, const struct json *answer, const struct error *err)
{
	struct wizard *wizard = self;

	question_end(wizard, &wizard->reading, err);
	source_report_done(&wizard->report);
	wizard->report = (struct source_report){ 0 };
	if (status == STATUS_OK) {
		answer_source(answer, &wizard->report);
		mem_replace(&wizard->report_of, draft_get(&wizard->draft, DRAFT_SOURCE));
	} else {
		mem_replace(&wizard->report_of, NULL);
		console_error(wizard->layer.console, err);
	}
	if (steps[wizard->at]->act)
		steps[wizard->at]->act(wizard, ACT_NONE);
	console_redraw(wizard->layer.console);
}

static void report_progress(void *self, const struct json *line)
{
	struct wizard *wizard = self;
	const struct json *progress = json_get(line, "progress");

	wizard->reading.done = answer_number(progress, "done");
	wizard->reading.total = answer_number(progress, "total");
	console_redraw(wizard->layer.console);
}

void wizard_want_report(struct wizard *wizard)
{
	const char *source = draft_get(&wizard->draft, DRAFT_SOURCE);
	const char *const words[] = { "source", "check", "--", source, NULL };

	if (!*source || (wizard->report_of && strcmp(wizard->report_of, source) == 0))
		return;
	mem_replace(&wizard->report_of, NULL);
	question_ask(wizard, &wizard->reading, words, report_answered, report_progress);
}

void wizard_pick_places(struct wizard *wizard, int field, const struct picker_options *options, const char *const *words, const char *what, ask_answer_fn answer)
{
	wizard->picking = field;
	wizard->picker = picker_open(wizard->layer.console, options);
	picker_wait(wizard->picker, what);
	if (!question_ask(wizard, &wizard->places, words, answer, NULL))
		picker_fail(wizard->picker, &wizard->places.error);
}

/* For the stepper: working it out takes too long for every frame. */
static void judge_steps(struct wizard *wizard)
{
	for (int i = 0; i < STEPS; i++)
		if (i != (int)wizard->at)
			wizard->wrong[i] = wizard_has_errors(wizard, (enum step)i);
}

bool wizard_has_errors(struct wizard *wizard, enum step step)
{
	problem_list problems = { 0 };
	bool found = false;

	if (steps[step]->problems)
		steps[step]->problems(wizard, &problems);
	for (size_t i = 0; i < problems.count; i++)
		if (problems.at[i].error)
			found = true;
	problem_list_done(&problems);
	return found;
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
		if (problems.at[i].error)
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

/* Does Enter go on to the next field, instead of opening something? */
static bool leaves_field(const struct wizard *wizard)
{
	const struct form *form = &wizard->form;
	const struct form_field *here = form->at < form->fields.count && !wizard->in_list ? &form->fields.at[form->at] : NULL;

	return here && (here->kind == FORM_CHOICE || form_typing(form));
}

static unsigned wizard_where(const struct layer *layer)
{
	const struct wizard *wizard = (const struct wizard *)layer;
	const struct step_kind *step = steps[wizard->at];

	return AT_STEP | (leaves_field(wizard) ? AT_FIELD : AT_ROW) | step->where | (step->more_where ? step->more_where(wizard) : 0);
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
	wizard_save(wizard);
	console_say(console, ROLE_GOOD, _("%s The draft is saved; Enter on it goes on from here."), glyph(GLYPH_GOOD));
	console_pop(console, &wizard->layer);
}

/* A question under way is the uppermost thing to end. */
static bool give_up_questions(struct wizard *wizard)
{
	struct question *const open[] = { &wizard->test.question, &wizard->fields, &wizard->reading, &wizard->planning, &wizard->surveying };
	bool found = false;

	for (size_t i = 0; i < sizeof open / sizeof *open; i++) {
		if (!question_open(open[i]))
			continue;
		question_give_up(open[i]);
		found = true;
	}
	if (found) {
		wizard->test.ended = wizard->test.begun;
		console_say(wizard->layer.console, ROLE_WARNING, _("%s Given up before the answer came; nothing was changed in Marketo."), glyph(GLYPH_WARNING));
	}
	return found;
}

static bool wizard_act(struct layer *layer, enum action action)
{
	struct wizard *wizard = (struct wizard *)layer;

	if (action == ACT_ESCAPE && give_up_questions(wizard))
		return true;
	if (steps[wizard->at]->act && steps[wizard->at]->act(wizard, action))
		return true;
	switch (action) {
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

	if (action == ACT_BACK && wizard->at == 0)
		return _("this is the first step");
	if (action == ACT_NEXT && wizard->at + 1 == STEPS)
		return _("this is the last step: L launches, s saves");
	return steps[wizard->at]->why_not ? steps[wizard->at]->why_not(wizard, action) : NULL;
}

static void draw_stepper(struct wizard *wizard, struct area area)
{
	int at = 1;

	for (int i = 0; i < STEPS; i++) {
		bool here = i == (int)wizard->at, before = i < wizard->draft.step || i < (int)wizard->at;
		const char *sign = here ? glyph(GLYPH_HERE) : !before ? " " : wizard->wrong[i] ? glyph(GLYPH_BAD) : glyph(GLYPH_GOOD);

		at += paint_format(area, 0, at, 0, here ? ROLE_TITLE : ROLE_TEXT, "%s%d %s", sign, i + 1, area.columns < FRAME_FULL_COLUMNS && !here ? "" : _(steps[i]->title)) + 1;
	}
}

static void wizard_draw(struct layer *layer, struct area area)
{
	struct wizard *wizard = (struct wizard *)layer;
	struct area box = { area.row + 1, area.column, area.rows - 1, area.columns };
	char *title = mem_printf(_("%d of %d  %s"), (int)wizard->at + 1, STEPS, _(steps[wizard->at]->long_title));

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

	str_add_format(left, " - %s - %s", _("New dataflow"), *name ? name : _("(no name yet)"));
	if (*account)
		str_add_format(right, "%s - ", account);
	if (wizard->draft.saved_at)
		str_add_format(right, _("saved %s"), clock_format(wizard->draft.saved_at, when) + 11);
	else
		str_add(right, _("not saved yet"));
}

static bool wizard_busy(const struct layer *layer)
{
	const struct wizard *wizard = (const struct wizard *)layer;

	return question_open(&wizard->test.question) || question_open(&wizard->fields) || question_open(&wizard->reading) || question_open(&wizard->planning) ||
		question_open(&wizard->surveying) || question_open(&wizard->places) || (steps[wizard->at]->busy && steps[wizard->at]->busy(wizard));
}

static void wizard_keep(struct layer *layer)
{
	struct wizard *wizard = (struct wizard *)layer;
	const char *name;

	if (is_untouched(wizard))
		return;
	steps[wizard->at]->close(wizard);
	wizard_save(wizard);
	name = draft_get(&wizard->draft, DRAFT_NAME); /* another text than before the step was closed */
	console_farewell(layer->console, _("penstock: the draft %s is saved at step %d of %d; start penstock again to go on."), *name ? name : _("(no name yet)"),
		(int)wizard->at + 1, STEPS);
}

static void free_lists(struct wizard *wizard)
{
	mapping_lines_clear(wizard);
	vec_done(&wizard->lines);
	mapping_done(&wizard->suggestions);
	mem_free(wizard->mapping_problem);
	vec_done(&wizard->rows);
	problem_list_done(&wizard->problems);
	for (size_t i = 0; i < wizard->plan.reasons.count; i++)
		mem_free(wizard->plan.reasons.at[i].text);
	vec_done(&wizard->plan.reasons);
	for (int i = 0; i < TEST_CHECKS; i++)
		mem_free(wizard->test.checks[i].detail);
}

static void wizard_free(struct layer *layer)
{
	struct wizard *wizard = (struct wizard *)layer;
	struct question *const open[] = { &wizard->test.question, &wizard->fields, &wizard->reading, &wizard->planning, &wizard->surveying, &wizard->places };

	for (size_t i = 0; i < sizeof open / sizeof *open; i++)
		question_give_up(open[i]);
	form_done(&wizard->form);
	editor_done(&wizard->filter);
	free_lists(wizard);
	catalogue_done(&wizard->catalogue);
	source_report_done(&wizard->report);
	survey_done(&wizard->survey);
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
	wizard->at = draft->step >= 0 && draft->step < STEPS ? (enum step)draft->step : STEP_CONNECT;
	catalogue_init(&wizard->catalogue);
	editor_init(&wizard->filter, "", false);
	judge_steps(wizard);
	steps[wizard->at]->open(wizard);
	return &wizard->layer;
}
