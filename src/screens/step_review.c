/* Step 6: all choices, problems with a jump to each, and the plan: what was reviewed is what runs. */
#include "app/accounts.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "screens/answers.h"
#include "screens/monitor.h"
#include "screens/wizard.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct step_kind *const steps[STEP_REVIEW] = { &step_connect, &step_details, &step_governance, &step_audiences, &step_mapping };

enum { TYPED_FROM = 1000, SAMPLE_TEXT = 8 };

static void collect(struct wizard *wizard)
{
	problem_list_done(&wizard->problems);
	for (int i = 0; i < STEP_REVIEW; i++)
		steps[i]->problems(wizard, &wizard->problems);
}

static size_t errors(const struct wizard *wizard)
{
	size_t count = 0;

	for (size_t i = 0; i < wizard->problems.count; i++)
		count += wizard->problems.at[i].error;
	return count;
}

static void forget_plan(struct wizard *wizard)
{
	for (size_t i = 0; i < wizard->plan.reasons.count; i++)
		mem_free(wizard->plan.reasons.at[i].text);
	vec_done(&wizard->plan.reasons);
	wizard->plan = (struct plan_view){ 0 };
}

static void read_plan(struct wizard *wizard, const struct json *plan)
{
	const struct json *sample = json_get(plan, "sample");

	forget_plan(wizard);
	wizard->plan = (struct plan_view){
		.known = true,
		.id = answer_number(plan, "id"),
		.received = answer_number(plan, "received"),
		.fresh = answer_number(plan, "new"),
		.changed = answer_number(plan, "changed"),
		.unchanged = answer_number(plan, "unchanged"),
		.exited = answer_number(plan, "exited"),
		.excluded = answer_number(plan, "excluded"),
		.bad_lines = answer_number(plan, "bad_lines"),
		.calls = answer_number(plan, "calls_estimate"),
		.seconds = answer_number(plan, "seconds_estimate"),
		.quota_used = answer_number(plan, "quota_used"),
		.quota_limit = answer_number(plan, "quota_limit"),
		.sample = answer_number(sample, "people"),
		.found = answer_number(sample, "found"),
	};
	for (const struct json *one = json_first(json_get(plan, "reasons")); one; one = json_next(one)) {
		const char *message = json_get_string(one, "message");
		char count[32];
		struct problem reason = { .text = mem_printf("%s: %s", number_text(answer_number(one, "count"), count), message ? message : "") };

		vec_push(&wizard->plan.reasons, reason);
	}
}

/* What only applying and planning find out, and the step that mends it: a problem like those of the steps, with a jump. */
static const struct {
	const char *code;
	enum step step;
	const char *what_to_do; /* N_() in the words of the console; NULL: the message says it */
} findings[] = {
	{ "list_name_taken", STEP_AUDIENCES, N_("with l on the audience choose that list, or type another name") },
	{ "list_not_found", STEP_AUDIENCES, N_("with l on the audience choose another list") },
	{ "list_name", STEP_AUDIENCES, N_("with l on the audience choose a list, or type a name") },
	{ "shared_list", STEP_AUDIENCES, N_("with l give each audience a list of its own") },
	{ "ambiguous_audience", STEP_AUDIENCES, NULL },
	{ "late_audience_name", STEP_AUDIENCES, NULL },
	{ "empty_source", STEP_AUDIENCES, N_("name another source") },
	{ "list_folder", STEP_DETAILS, N_("choose a list folder that is there, or only lists that exist") },
	{ "mapping", STEP_MAPPING, NULL },
	/* Making a destination and a dataflow of the draft blames a field of the draft. */
	{ "account", STEP_CONNECT, NULL },
	{ "name", STEP_DETAILS, NULL },
	{ "description", STEP_DETAILS, NULL },
	{ "person_creation", STEP_DETAILS, NULL },
	{ "sync_type", STEP_DETAILS, NULL },
	{ "dedupe", STEP_DETAILS, NULL },
	{ "workspace", STEP_DETAILS, NULL },
	{ "partition", STEP_DETAILS, NULL },
	{ "marketing_actions", STEP_GOVERNANCE, NULL },
	{ "source", STEP_AUDIENCES, NULL },
	{ "start", STEP_AUDIENCES, NULL },
	{ "end", STEP_AUDIENCES, NULL },
	{ "audiences", STEP_AUDIENCES, NULL },
};

static void add_finding(struct wizard *wizard)
{
	const struct error *err = &wizard->planning.error;

	for (size_t i = 0; i < sizeof findings / sizeof *findings; i++) {
		char *text;

		if (strcmp(findings[i].code, err->code) != 0)
			continue;
		text = findings[i].what_to_do ? mem_printf("%s: %s", err->message, _(findings[i].what_to_do)) : mem_strdup(err->message);
		problem_add(&wizard->problems, findings[i].step, true, 0, text);
		mem_free(text);
		wizard->cursor.at = STEP_REVIEW + wizard->problems.count - 1;
		/* The error's own hint speaks of commands. */
		console_say(wizard->layer.console, ROLE_BAD, _("%s There is no plan: Enter opens the step where this is mended, ! shows the error whole."), glyph(GLYPH_BAD));
	}
}

static void planned(void *self, enum status status, const struct json *answer, const struct error *err)
{
	struct wizard *wizard = self;

	question_end(wizard, &wizard->planning, err);
	if (status == STATUS_OK) {
		read_plan(wizard, json_get(answer, "plan"));
	} else {
		console_error(wizard->layer.console, err);
		add_finding(wizard);
	}
	console_redraw(wizard->layer.console);
}

/* The draft becomes a destination and a dataflow (disabled), of which a plan is made that can run later. */
static void plan(struct wizard *wizard)
{
	const char *const words[] = { "plan", "--sample", "300", "--", draft_get(&wizard->draft, DRAFT_NAME), NULL };
	struct error err = { 0 };

	forget_plan(wizard);
	error_clear(&wizard->planning.error);
	collect(wizard);
	if (errors(wizard))
		return;
	if (app_draft_apply(console_app(wizard->layer.console), &wizard->draft, &err) != STATUS_OK) {
		wizard->planning.error = err;
		console_error(wizard->layer.console, &err);
		add_finding(wizard);
		return;
	}
	question_ask(wizard, &wizard->planning, words, planned, NULL);
}

static void begin(struct wizard *wizard)
{
	wizard->cursor = (struct cursor){ 0 };
	wizard_want_report(wizard);
	plan(wizard);
}

static void end(struct wizard *wizard)
{
	question_give_up(&wizard->planning);
}

static size_t row_count(const struct wizard *wizard)
{
	return STEP_REVIEW + wizard->problems.count;
}

static void jump(struct wizard *wizard)
{
	size_t at = wizard->cursor.at;
	int field = 0;
	enum step step = at < STEP_REVIEW ? (enum step)at : STEP_REVIEW;

	if (at >= STEP_REVIEW && at - STEP_REVIEW < wizard->problems.count) {
		step = wizard->problems.at[at - STEP_REVIEW].step;
		field = wizard->problems.at[at - STEP_REVIEW].field;
	}
	if (step == STEP_REVIEW)
		return;
	wizard_go(wizard, step);
	if (field)
		form_focus(&wizard->form, field);
}

static void launched(struct wizard *wizard, bool run)
{
	struct console *console = wizard->layer.console;
	char *name = mem_strdup(draft_get(&wizard->draft, DRAFT_NAME));
	int64_t plan_id = wizard->plan.id;
	struct error err = { 0 };

	if (app_draft_finish(console_app(console), &wizard->draft, &err) != STATUS_OK) {
		console_error(console, &err);
	} else {
		console_pop(console, &wizard->layer);
		if (run)
			console_push(console, monitor_launch(console, name, plan_id));
		else
			console_say(console, ROLE_GOOD, _("%s The dataflow %s is saved; r on it runs it."), glyph(GLYPH_GOOD), name);
	}
	mem_free(name);
}

static void answered_launch(void *self, size_t button)
{
	if (button == 0)
		launched(self, true);
}

static void answered_save(void *self, size_t button)
{
	if (button == 0)
		launched(self, false);
}

/* Its name, with the environment where one is told. Free with mem_free. */
static char *account_words(const struct wizard *wizard)
{
	const char *name = draft_get(&wizard->draft, DRAFT_ACCOUNT);
	struct account account;
	char *words = NULL;

	if (app_account_show(console_app(wizard->layer.console), name, &account, NULL) == STATUS_OK && account.environment && *account.environment)
		words = mem_printf("%s (%s)", name, account.environment);
	account_done(&account);
	return words ? words : mem_strdup(name);
}

static void ask_launch(struct wizard *wizard)
{
	const struct plan_view *plan = &wizard->plan;
	const char *const buttons[] = { _("Launch"), _("Cancel"), NULL };
	const char *name = draft_get(&wizard->draft, DRAFT_NAME);
	int64_t changes = plan->fresh + plan->changed + plan->exited;
	bool creates = strcmp(draft_get(&wizard->draft, DRAFT_PERSON_CREATION), "match-and-create") == 0;
	char new[32], changed[32], exited[32], *text, *account = account_words(wizard);

	text = mem_printf(_("Launch %s into the account %s: %s records new to the lists, %s changed, %s leaving; about %" PRId64 " calls. %s %s"), name,
		account, number_text(plan->fresh, new), number_text(plan->changed, changed), number_text(plan->exited, exited), plan->calls,
		creates ? _("People who are missing are created: that cannot be undone here.") : _("Nobody is created; members can be removed again."),
		changes > TYPED_FROM ? _("Type the name to launch:") : "");
	dialog_open(wizard->layer.console, &(struct dialog_options){ .title = _("Launch"), .text = text, .buttons = buttons, .typed = changes > TYPED_FROM ? name : NULL,
		.chosen = answered_launch, .self = wizard });
	mem_free(account);
	mem_free(text);
}

static void ask_save(struct wizard *wizard)
{
	const char *const buttons[] = { _("Save"), _("Cancel"), NULL };

	dialog_open(wizard->layer.console, &(struct dialog_options){ .title = _("Save"), .text = _("Save the destination and the dataflow, without running it now? It is enabled, and can be "
		"run, changed and removed later."), .buttons = buttons, .chosen = answered_save, .self = wizard });
}

static void to_problem(struct wizard *wizard, bool back)
{
	size_t count = wizard->problems.count, at = wizard->cursor.at;

	if (!count)
		return;
	if (back)
		at = at > STEP_REVIEW ? at - 1 : STEP_REVIEW + count - 1;
	else
		at = at < STEP_REVIEW || at + 1 >= STEP_REVIEW + count ? STEP_REVIEW : at + 1;
	cursor_to(&wizard->cursor, at);
}

static bool act(struct wizard *wizard, enum action action)
{
	switch (action) {
	case ACT_OPEN:
		jump(wizard);
		return true;
	case ACT_PLAN:
	case ACT_FETCH:
		plan(wizard);
		return true;
	case ACT_LAUNCH:
		ask_launch(wizard);
		return true;
	case ACT_SAVE:
		ask_save(wizard);
		return true;
	case ACT_NEXT_PROBLEM:
	case ACT_LAST_PROBLEM:
		to_problem(wizard, action == ACT_LAST_PROBLEM);
		return true;
	case ACT_NONE: /* the source or the fields have come, or have not */
		collect(wizard);
		add_finding(wizard);
		return true;
	default:
		return false;
	}
}

static const char *why_not(const struct wizard *wizard, enum action action)
{
	bool read_only = console_app(wizard->layer.console)->read_only;

	if (action != ACT_LAUNCH && action != ACT_SAVE)
		return NULL;
	if (read_only)
		return _("this console is read-only");
	if (errors(wizard))
		return _("errors are left: e goes to the next, Enter opens its step");
	if (action == ACT_SAVE)
		return wizard->draft.dataflow_id ? NULL : _("the dataflow could not be made yet");
	return wizard->plan.known && wizard->plan.id > 0 ? NULL : question_open(&wizard->planning) ? _("the plan is not ready yet") : _("there is no plan: p makes one");
}

static bool press(struct wizard *wizard, const struct press *press)
{
	return cursor_press(&wizard->cursor, press, true);
}

static bool typing(const struct wizard *wizard)
{
	(void)wizard;
	return false;
}

static void draw_steps(struct wizard *wizard, struct area area)
{
	for (int i = 0; i < STEP_REVIEW; i++) {
		bool here = wizard->cursor.at == (size_t)i, wrong = false, noted = false;
		struct str text = { 0 };

		for (size_t n = 0; n < wizard->problems.count; n++)
			if (wizard->problems.at[n].step == (enum step)i)
				*(wizard->problems.at[n].error ? &wrong : &noted) = true;
		steps[i]->summary(wizard, &text);
		paint_text(area, i, 0, 0, ROLE_TITLE, here ? glyph(GLYPH_HERE) : " ");
		if (here)
			paint_cursor(area, i, 0, true);
		paint_format(area, i, 2, 16, wrong ? ROLE_BAD : noted ? ROLE_WARNING : ROLE_GOOD, "%s %d %s", glyph(wrong ? GLYPH_BAD : noted ? GLYPH_WARNING : GLYPH_GOOD), i + 1,
			_(steps[i]->title));
		paint_text(area, i, 18, 0, here ? ROLE_SELECTED : ROLE_TEXT, str_text(&text));
		str_done(&text);
	}
}

static void line(struct area area, int row, const char *label, const char *format, ...) __attribute__((format(printf, 4, 5)));
static void line(struct area area, int row, const char *label, const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = mem_vprintf(format, arguments);
	va_end(arguments);
	paint_text(area, row, 2, 12, ROLE_DIM, label);
	paint_text(area, row, 15, 0, ROLE_TEXT, text);
	mem_free(text);
}

static void draw_numbers(const struct wizard *wizard, struct area area, int row)
{
	const struct plan_view *plan = &wizard->plan;
	bool creates = strcmp(draft_get(&wizard->draft, DRAFT_PERSON_CREATION), "match-and-create") == 0;
	char a[32], b[32], c[32], d[32];

	line(area, row, _("records"), _("%s received: %s new, %s changed, %s leave"), number_text(plan->received, a), number_text(plan->fresh, b),
		number_text(plan->changed, c), number_text(plan->exited, d));
	line(area, row + 1, "", _("%s unchanged, %s excluded by rule, %s bad lines"), number_text(plan->unchanged, a), number_text(plan->excluded, b), number_text(plan->bad_lines, c));
	line(area, row + 2, _("calls"), _("about %s = %.1f %% of %s a day; %s used today"), number_text(plan->calls, a),
		plan->quota_limit > 0 ? 100.0 * (double)plan->calls / (double)plan->quota_limit : 0.0, number_text(plan->quota_limit, b), number_text(plan->quota_used < 0 ? 0 : plan->quota_used, c));
	line(area, row + 3, _("time"), plan->seconds >= 120 ? _("about %" PRId64 " min") : _("about %" PRId64 " s"), plan->seconds >= 120 ? plan->seconds / 60 : plan->seconds);
	if (plan->sample > 0)
		line(area, row + 4, _("match rate"), creates ? _("%.0f %%: %" PRId64 " of %" PRId64 " looked up are in Marketo; others are created") :
			_("%.0f %%: %" PRId64 " of %" PRId64 " looked up are in Marketo; others are excluded"), 100.0 * (double)plan->found / (double)plan->sample, plan->found, plan->sample);
	else
		line(area, row + 4, _("match rate"), "%s", _("nobody to look up"));
}

static void draw_failure(const struct error *err, struct area area, int row)
{
	struct area text = { area.row, area.column + 2, area.rows, area.columns - 3 };
	int used = paint_wrapped(text, row, 3, ROLE_BAD, err->message);

	if (*err->hint)
		used += paint_wrapped(text, row + used, 2, ROLE_TEXT, err->hint);
	if (*err->request_id)
		paint_format(text, row + used, 0, 0, ROLE_DIM, "%s %s", _("request id"), err->request_id);
}

static void draw_plan(struct wizard *wizard, struct area area, int row)
{
	if (question_open(&wizard->planning))
		paint_format(area, row, 2, 0, ROLE_BUSY, _("%s planning: reading the source, asking Marketo; %" PRId64 " s. Nothing is changed. Esc stops it."), glyph(GLYPH_BUSY),
			question_seconds(&wizard->planning));
	else if (wizard->plan.known)
		draw_numbers(wizard, area, row);
	else if (errors(wizard))
		paint_text(area, row, 2, 0, ROLE_DIM, _("no plan while there are errors; Enter on one opens its step"));
	else if (*wizard->planning.error.message)
		draw_failure(&wizard->planning.error, area, row);
	else
		paint_text(area, row, 2, 0, ROLE_DIM, _("no plan yet: p makes one"));
}

/* The one with the focus is shown whole, as far as there is room. Returns the rows used. */
static int draw_problem(const struct problem *problem, struct area area, int row, int rows, bool here)
{
	struct area text = { area.row, area.column + 2, area.rows, area.columns - 2 };
	char *line = mem_printf("%s %d %s: %s", glyph(problem->error ? GLYPH_BAD : GLYPH_WARNING), (int)problem->step + 1, _(steps[problem->step]->title), problem->text);
	int used;

	paint_text(area, row, 0, 0, ROLE_TITLE, here ? glyph(GLYPH_HERE) : " ");
	if (here)
		paint_cursor(area, row, 0, true);
	used = paint_wrapped(text, row, here ? rows : 1, problem->error ? ROLE_BAD : ROLE_WARNING, line);
	mem_free(line);
	return used > 0 ? used : 1;
}

static void draw_problems(struct wizard *wizard, struct area area, int row, int rows)
{
	size_t count = wizard->problems.count, first = 0;

	/* A long one at the end of the room begins it, so that it can be read. */
	if (wizard->cursor.at + 2 > STEP_REVIEW + (size_t)rows)
		first = wizard->cursor.at - STEP_REVIEW;
	for (int used = 0; used < rows && first < count; first++)
		used += draw_problem(&wizard->problems.at[first], area, row + used, rows - used, wizard->cursor.at == STEP_REVIEW + first);
	if (!count && wizard->plan.known)
		for (int i = 0; i < rows && (size_t)i < wizard->plan.reasons.count; i++)
			paint_text(area, row + i, 2, 0, ROLE_DIM, wizard->plan.reasons.at[i].text);
}

static void draw_command(const struct wizard *wizard, struct area area)
{
	struct str line = { 0 };

	str_add(&line, wizard->plan.known ? "penstock run " : "penstock plan ");
	str_add_shell(&line, draft_get(&wizard->draft, DRAFT_NAME));
	if (wizard->plan.known)
		str_add_format(&line, " --plan %" PRId64, wizard->plan.id);
	paint_text(area, area.rows - 1, 2, 0, wizard->plan.known ? ROLE_TEXT : ROLE_DIM, str_text(&line));
	str_done(&line);
}

static void draw(struct wizard *wizard, struct area area)
{
	struct area frame = { area.row - 1, area.column - 1, area.rows + 2, area.columns + 2 };
	int row = STEP_REVIEW, rest = area.rows - STEP_REVIEW - 9;
	char *title = wizard->problems.count ? mem_printf(_("Problems: errors %zu, notes %zu"), errors(wizard), wizard->problems.count - errors(wizard)) :
		mem_strdup(_("No problems; left out or excluded by rule:"));

	cursor_fit(&wizard->cursor, row_count(wizard), row_count(wizard));
	draw_steps(wizard, area);
	paint_rule(frame, row + 1, _("What launching does"), NULL);
	if (rest > 0 || wizard->cursor.at < STEP_REVIEW)
		draw_plan(wizard, area, row + 1);
	else
		draw_problems(wizard, area, row + 1, area.rows - row - 3); /* a small screen shows one of the two */
	if (rest > 0) {
		paint_rule(frame, row + 7, title, NULL);
		draw_problems(wizard, area, row + 7, rest);
	}
	paint_rule(frame, area.rows - 1, _("The same by command"), NULL);
	draw_command(wizard, area);
	mem_free(title);
}

static void problems(struct wizard *wizard, problem_list *out)
{
	(void)wizard;
	(void)out;
}

const struct step_kind step_review = {
	.title = N_("Review & launch"),
	.long_title = N_("Review & launch: Enter opens the step behind a row"),
	.where = AT_REVIEW,
	.open = begin,
	.close = end,
	.draw = draw,
	.press = press,
	.act = act,
	.why_not = why_not,
	.typing = typing,
	.problems = problems,
};
