#include "app/ask.h"

#include "app/operators.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/vec.h"
#include "loop/process.h"

#include <string.h>

struct ask {
	struct process *process;
	ask_answer_fn answer;
	ask_progress_fn progress;
	void *self;
	bool answering; /* inside the last call, after which it is freed anyhow */
};

static void on_line(void *self, const char *line, size_t length)
{
	struct ask *ask = self;
	struct json *document = json_parse(line, length, NULL, NULL);

	/* The call may give the ask up: it is not touched after it. */
	if (document)
		ask->progress(ask->self, document);
	json_free(document);
}

/* The last line of what a program complained of: what came right before its end. */
static void add_last_line(struct str *out, const struct str *errors)
{
	const char *text = str_text(errors);
	size_t end = errors->length, start;

	while (end && text[end - 1] == '\n')
		end--;
	for (start = end; start && text[start - 1] != '\n'; start--)
		;
	if (end > start)
		str_add_format(out, ": %.*s", (int)(end - start > 400 ? 400 : end - start), text + start);
}

/* It ended without an answer. */
static void explain_end(const struct process_end *end, struct error *err)
{
	struct str why = { 0 };

	if (end->output_cut)
		str_add(&why, _("the answer is too long"));
	else if (end->signal_number)
		str_add_format(&why, _("it was ended by signal %d"), end->signal_number);
	else if (end->exit_status == PROCESS_NOT_STARTED)
		str_add(&why, _("it could not be started"));
	else
		str_add_format(&why, _("it ended with status %d"), end->exit_status);
	add_last_line(&why, end->errors);
	error_set(err, STATUS_FAILED, "died", _("penstock asked itself and got no answer: %s"), str_text(&why));
	str_done(&why);
}

static const char *text_of(const struct json *object, const char *key)
{
	const char *text = json_get_string(object, key);

	return text ? text : "";
}

static void take_error(const struct json *error, enum status status, struct error *err)
{
	if (json_kind(error) != JSON_OBJECT)
		return;
	error_set(err, status, text_of(error, "code"), "%s", text_of(error, "message"));
	error_hint(err, "%s", text_of(error, "hint"));
	error_request(err, text_of(error, "request_id"));
}

/* Only the exit statuses of the command line contract mean something. */
static enum status status_of(const struct process_end *end)
{
	if (end->signal_number || end->exit_status < STATUS_OK || end->exit_status > STATUS_CONFIRM)
		return STATUS_FAILED;
	return (enum status)end->exit_status;
}

static void on_end(void *self, const struct process_end *end)
{
	struct ask *ask = self;
	struct error err = { 0 };
	enum status status = status_of(end);
	struct json *document = end->output_cut ? NULL : json_parse(str_text(end->output), end->output->length, NULL, NULL);

	if (json_kind(document) != JSON_OBJECT) {
		json_free(document);
		document = NULL;
		explain_end(end, &err);
		status = STATUS_FAILED;
	}
	take_error(json_get(document, "error"), status, &err);
	ask->answering = true;
	ask->answer(ask->self, status, document, &err);
	json_free(document);
	mem_free(ask);
}

typedef VEC(const char *) word_list;

static void add_words(const struct app *app, const struct ask_options *options, word_list *out)
{
	vec_push(out, "penstock");
	if (app->operator) {
		vec_push(out, OPERATOR_WORD);
		vec_push(out, app->operator->told);
	}
	if (app->db) {
		vec_push(out, "--db");
		vec_push(out, app->db);
	}
	vec_push(out, "--json");
	if (app->read_only)
		vec_push(out, "--read-only");
	/* An operator's file is open here, and nowhere else. */
	if (app->trace_file && !app->operator) {
		vec_push(out, "--trace");
		vec_push(out, app->trace_file);
	}
	if (options->progress) {
		vec_push(out, "--progress-fd");
		vec_push(out, "3");
	}
	for (const char *const *word = options->words; *word; word++)
		vec_push(out, *word);
	vec_push(out, NULL);
}

struct ask *app_ask(struct app *app, const struct ask_options *options, struct error *err)
{
	struct ask *ask = mem_alloc(sizeof *ask);
	word_list words = { 0 };
	struct process_options how = { .file = "/proc/self/exe", .line = options->progress ? on_line : NULL, .end = on_end, .self = ask,
		.outlives = options->outlives };

	*ask = (struct ask){ .answer = options->answer, .progress = options->progress, .self = options->self };
	add_words(app, options, &words);
	how.argv = words.at;
	ask->process = process_start(app->loop, &how, err);
	vec_done(&words);
	if (ask->process)
		return ask;
	mem_free(ask);
	return NULL;
}

void ask_give_up(struct ask *ask)
{
	if (!ask || ask->answering)
		return;
	process_kill(ask->process);
	mem_free(ask);
}

void ask_let_go(struct ask *ask)
{
	if (!ask || ask->answering)
		return;
	process_let_go(ask->process);
	mem_free(ask);
}
