/* Questions to this very program: started again with options, it answers what the test wants to hear. */
#include "place.h"

#include "app/ask.h"
#include "base/mem.h"

#include <signal.h>

/* The other side. Words: what is done with it. */
static int be_asked(int count, char **words)
{
	const char *wish = words[count - 1];

	if (strcmp(wish, "words") == 0) {
		printf("{\"words\":\"");
		for (int i = 1; i < count; i++)
			printf("%s ", words[i]);
		printf("\"}\n");
		return 0;
	}
	if (strcmp(wish, "progress") == 0)
		dprintf(3, "{\"progress\":{\"done\":1}}\nnot json\n{\"check\":{\"ok\":true}}\n");
	if (strcmp(wish, "die") == 0) {
		fprintf(stderr, "first\nlast words\n");
		raise(SIGKILL);
	}
	if (strcmp(wish, "wait") == 0) {
		dprintf(3, "{}\n");
		for (;;)
			pause();
	}
	if (strcmp(wish, "mumble") == 0)
		return printf("{\"half\":") > 0 ? 5 : 1;
	if (strcmp(wish, "refuse") == 0)
		return printf("{\"error\":{\"code\":\"603\",\"message\":\"not allowed\",\"hint\":\"ask\",\"request_id\":\"r#1\"}}\n") > 0 ? 4 : 1;
	if (strcmp(wish, "part") == 0)
		return printf("{\"run\":{\"id\":7}}\n") > 0 ? 3 : 1;
	printf("{}\n");
	return 0;
}

struct heard {
	struct ask *ask;
	int answers, lines;
	enum status status;
	struct error error;
	char *answer;
	bool give_up_at_line, give_up_at_answer, done;
};

static void on_answer(void *self, enum status status, const struct json *answer, const struct error *err)
{
	struct heard *heard = self;
	struct str text = { 0 };

	if (answer)
		json_write(&text, answer);
	mem_replace(&heard->answer, answer ? str_text(&text) : NULL);
	str_done(&text);
	heard->status = status;
	heard->error = *err;
	heard->answers++;
	heard->done = true;
	if (heard->give_up_at_answer)
		ask_give_up(heard->ask);
}

static void on_progress(void *self, const struct json *line)
{
	struct heard *heard = self;

	assert_int_equal(json_kind(line), JSON_OBJECT);
	heard->lines++;
	if (heard->give_up_at_line) {
		ask_give_up(heard->ask);
		heard->done = true;
	}
}

static void ask(struct app *app, struct heard *heard, const char *word, ask_progress_fn progress)
{
	const char *const words[] = { "account", word, NULL };
	struct ask_options options = { .words = words, .answer = on_answer, .progress = progress, .self = heard };

	heard->ask = app_ask(app, &options, NULL);
	assert_non_null(heard->ask);
	loop_run(app->loop, &heard->done);
}

static struct app *app_of(bool read_only, const char *trace)
{
	struct app_options options = { .db = "some where.db", .read_only = read_only, .trace = trace };
	struct error err;
	struct app *app = app_new(&options, &err);

	assert_non_null(app);
	return app;
}

static void options_are_those_of_the_app(void **state)
{
	struct app *app = app_of(true, at("trace"));
	struct heard heard = { 0 };
	char *wanted = mem_printf("{\"words\":\"--db some where.db --json --read-only --trace %s --progress-fd 3 account words \"}", at("trace"));

	(void)state;
	ask(app, &heard, "words", on_progress);
	assert_int_equal(heard.status, STATUS_OK);
	assert_int_equal(heard.error.status, STATUS_OK);
	assert_string_equal(heard.answer, wanted);
	mem_free(wanted);
	mem_free(heard.answer);
	app_free(app);
	app = app_of(false, NULL);
	heard = (struct heard){ .give_up_at_answer = true };
	ask(app, &heard, "words", NULL);
	assert_string_equal(heard.answer, "{\"words\":\"--db some where.db --json account words \"}");
	mem_free(heard.answer);
	app_free(app);
}

static void progress_comes_line_by_line(void **state)
{
	struct app *app = app_of(false, NULL);
	struct heard heard = { 0 };

	(void)state;
	ask(app, &heard, "progress", on_progress);
	assert_int_equal(heard.lines, 2);
	assert_int_equal(heard.answers, 1);
	assert_string_equal(heard.answer, "{}");
	mem_free(heard.answer);
	app_free(app);
}

static void errors_are_told(void **state)
{
	struct app *app = app_of(false, NULL);
	struct heard heard = { 0 };

	(void)state;
	ask(app, &heard, "refuse", on_progress);
	assert_int_equal(heard.status, STATUS_REFUSED);
	assert_int_equal(heard.error.status, STATUS_REFUSED);
	assert_string_equal(heard.error.code, "603");
	assert_string_equal(heard.error.message, "not allowed");
	assert_string_equal(heard.error.hint, "ask");
	assert_string_equal(heard.error.request_id, "r#1");
	assert_non_null(heard.answer);
	heard.done = false;
	ask(app, &heard, "part", on_progress);
	assert_int_equal(heard.status, STATUS_PARTIAL);
	assert_int_equal(heard.error.status, STATUS_OK);
	assert_string_equal(heard.answer, "{\"run\":{\"id\":7}}");
	mem_free(heard.answer);
	app_free(app);
}

static void no_answer_is_an_error(void **state)
{
	struct app *app = app_of(false, NULL);
	struct heard heard = { 0 };

	(void)state;
	ask(app, &heard, "die", on_progress);
	assert_int_equal(heard.status, STATUS_FAILED);
	assert_string_equal(heard.error.code, "died");
	assert_non_null(strstr(heard.error.message, "signal 9: last words"));
	assert_null(heard.answer);
	heard.done = false;
	ask(app, &heard, "mumble", on_progress);
	assert_int_equal(heard.status, STATUS_FAILED);
	assert_non_null(strstr(heard.error.message, "status 5"));
	assert_null(heard.answer);
	app_free(app);
}

static void given_up_it_is_silent(void **state)
{
	struct app *app = app_of(false, NULL);
	struct heard heard = { .give_up_at_line = true };

	(void)state;
	ask(app, &heard, "wait", on_progress);
	assert_int_equal(heard.lines, 1);
	loop_run(app->loop, NULL);
	assert_int_equal(heard.answers, 0);
	ask_give_up(NULL);
	ask_let_go(NULL);
	app_free(app);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_are_those_of_the_app),
		cmocka_unit_test(progress_comes_line_by_line),
		cmocka_unit_test(errors_are_told),
		cmocka_unit_test(no_answer_is_an_error),
		cmocka_unit_test(given_up_it_is_silent),
	};

	if (argc > 1)
		return be_asked(argc, argv);
	return cmocka_run_group_tests(tests, place_setup, place_teardown);
}
