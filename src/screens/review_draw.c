/* Step 6, as it is seen: a line for each step, what launching does, the problems or what a rule leaves out, and the command. */
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "screens/wizard.h"
#include "screens/words.h"

#include <inttypes.h>
#include <string.h>

enum { COMMAND_ROWS = 3 };

static const struct step_kind *const steps[STEP_REVIEW] = { &step_connect, &step_details, &step_governance, &step_audiences, &step_mapping };

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
	struct str far = { 0 };

	if (question_open(&wizard->planning)) {
		reading_text(clock_mono_ms() - wizard->planning.since, wizard->planning.done, wizard->planning.total, &far);
		paint_format(area, row, 2, 0, ROLE_BUSY, _("%s planning: reading the source, asking Marketo; %" PRId64 " s. Nothing is changed. Esc stops it."), glyph(GLYPH_BUSY),
			question_seconds(&wizard->planning));
		if (far.length)
			paint_format(area, row + 1, 2, 0, ROLE_DIM, _("read%s"), str_text(&far));
		str_done(&far);
	} else if (wizard->plan.known)
		draw_numbers(wizard, area, row);
	else if (review_errors(wizard))
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
	int used = 0;

	/* A long one at the end of the room begins it, so that it can be read. */
	if (wizard->cursor.at + 2 > STEP_REVIEW + (size_t)rows)
		first = wizard->cursor.at - STEP_REVIEW;
	for (; used < rows && first < count; first++)
		used += draw_problem(&wizard->problems.at[first], area, row + used, rows - used, wizard->cursor.at == STEP_REVIEW + first);
	for (size_t i = 0; used < rows && i < wizard->plan.reasons.count; i++)
		if (wizard->plan.reasons.at[i].step == STEP_REVIEW)
			paint_text(area, row + used++, 2, 0, ROLE_DIM, wizard->plan.reasons.at[i].text);
}

void review_command(const struct wizard *wizard, struct str *out)
{
	flow_rules_command(&wizard->draft, out);
	str_add(out, wizard->plan.known ? "penstock run " : "penstock plan ");
	str_add_shell(out, draft_get(&wizard->draft, DRAFT_NAME));
	if (wizard->plan.known)
		str_add_format(out, " --plan %" PRId64, wizard->plan.id);
}

/* On the last rows of the area, `most` of them. Returns how many. */
static int draw_command(const struct wizard *wizard, struct area area, int most)
{
	struct area strip = { area.row, area.column + 2, area.rows, area.columns - 3 };
	struct str line = { 0 };
	int rows;

	review_command(wizard, &line);
	rows = text_rows(str_text(&line), strip.columns);
	rows = rows < most ? rows : most;
	paint_wrapped(strip, area.rows - rows, rows, wizard->plan.known ? ROLE_TEXT : ROLE_DIM, str_text(&line));
	str_done(&line);
	return rows;
}

void review_draw(struct wizard *wizard, struct area area)
{
	struct area frame = { area.row - 1, area.column - 1, area.rows + 2, area.columns + 2 }, above = area;
	int row = STEP_REVIEW, rest = area.rows - STEP_REVIEW - 9, command = draw_command(wizard, area, rest > COMMAND_ROWS ? COMMAND_ROWS : 1);
	char *title = wizard->problems.count ? mem_printf(_("Problems: errors %zu, notes %zu"), review_errors(wizard), wizard->problems.count - review_errors(wizard)) :
		mem_strdup(_("No problems; left out or excluded by rule:"));

	rest -= command - 1;
	above.rows -= command + 1;
	cursor_fit(&wizard->cursor, STEP_REVIEW + wizard->problems.count, STEP_REVIEW + wizard->problems.count);
	draw_steps(wizard, area);
	paint_rule(frame, row + 1, _("What launching does"), NULL);
	if (rest > 0 || wizard->cursor.at < STEP_REVIEW)
		draw_plan(wizard, above, row + 1);
	else
		draw_problems(wizard, area, row + 1, area.rows - row - 3); /* a small screen shows one of the two */
	if (rest > 0) {
		paint_rule(frame, row + 7, title, NULL);
		draw_problems(wizard, area, row + 7, rest);
	}
	paint_rule(frame, area.rows - command, _("The same by command"), NULL);
	mem_free(title);
}
