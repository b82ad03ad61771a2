/* What the wizard asks: commands in processes of their own, whose answers all steps share. */
#include "app/fields.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "screens/answers.h"
#include "screens/wizard.h"

#include <inttypes.h>
#include <string.h>

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

void question_paint_reading(const struct question *reading, struct area area, int row)
{
	struct str far = { 0 };

	reading_text(clock_mono_ms() - reading->since, reading->done, reading->total, &far);
	paint_format(area, row, 2, 0, ROLE_BUSY, _("%s reading the source, %" PRId64 " s; Esc stops it%s"), glyph(GLYPH_BUSY), question_seconds(reading), str_text(&far));
	str_done(&far);
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
		console_solved(wizard->layer.console);
	} else {
		console_error(wizard->layer.console, &failure);
	}
	wizard_news(wizard);
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
		console_solved(wizard->layer.console);
	} else {
		mem_replace(&wizard->report_of, NULL);
		console_error(wizard->layer.console, err);
	}
	wizard_news(wizard);
}

static void report_progress(void *self, const struct json *line)
{
	struct wizard *wizard = self;
	const struct json *progress = json_get(line, "progress");

	wizard->reading.done = answer_number(progress, "done");
	wizard->reading.total = answer_number(progress, "total");
	console_moved(wizard->layer.console);
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
