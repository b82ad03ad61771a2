#include "screens/commands.h"

#include "app/ask.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/str.h"
#include "screens/answers.h"
#include "screens/browse.h"
#include "screens/frame.h"
#include "screens/popups.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

enum { WORDS_MOST = 64, BOX_ROWS = 3, BOX_COLUMNS = 64 };

/* One word, added to out as it is meant; NULL: its quote is not closed. */
static const char *take_word(const char *at, struct str *out)
{
	char quote = '\0';

	for (; *at && (quote || !isspace((unsigned char)*at)); at++) {
		if (quote ? *at == quote : *at == '\'' || *at == '"')
			quote = quote ? '\0' : *at;
		else if (*at == '\\' && quote != '\'' && at[1])
			str_add_char(out, *++at);
		else
			str_add_char(out, *at);
	}
	return quote ? NULL : at;
}

bool words_split(const char *line, word_list *out)
{
	for (;;) {
		struct str word = { 0 };

		while (isspace((unsigned char)*line))
			line++;
		if (!*line)
			return true;
		line = take_word(line, &word);
		if (!line || out->count == WORDS_MOST) {
			str_done(&word);
			return false;
		}
		vec_push(out, word.length ? str_take(&word) : mem_strdup(""));
		str_done(&word);
	}
}

/* These do not come to an end. */
bool command_is_offered(enum use_case use)
{
	return use != USE_DAEMON && use != USE_RECEIVE && !deeds_reach(use);
}

/* From the line typed to its answer: a popup that waits. */
struct command_run {
	struct layer layer;
	enum use_case use;
	word_list words; /* all of the command */
	char *title;
	struct ask *ask;
	int64_t since;
};

static void answered(void *self, enum status status, const struct json *answer, const struct error *err)
{
	struct command_run *run = self;
	struct console *console = run->layer.console;

	run->ask = NULL;
	console_pop(console, &run->layer);
	if (status == STATUS_OK)
		console_hush(console);
	else
		console_error(console, err);
	if (status == STATUS_OK || json_count(answer) > 1)
		answer_show(lines_open(console, run->title), NULL, answer);
}

static unsigned run_where(const struct layer *layer)
{
	(void)layer;
	return AT_POPUP;
}

static bool run_press(struct layer *layer, const struct press *press)
{
	(void)layer;
	(void)press;
	return true;
}

static bool run_act(struct layer *layer, enum action action)
{
	if ((action == ACT_ESCAPE || action == ACT_LEAVE) && use_cases[((struct command_run *)layer)->use].changes)
		console_say(layer->console, ROLE_WARNING, _("%s No longer waited for: it may have been done. Ctrl-R shows how things are."), glyph(GLYPH_WARNING));
	return false;
}

static void run_draw(struct layer *layer, struct area area)
{
	const struct command_run *run = (const struct command_run *)layer;
	struct area inside = frame_box(area, BOX_ROWS, BOX_COLUMNS, run->title);

	paint_format(inside, 0, 1, 0, ROLE_BUSY, _("%s asking, %" PRId64 " s. Esc gives up."), glyph(GLYPH_BUSY), (clock_mono_ms() - run->since) / 1000);
}

static bool run_busy(const struct layer *layer)
{
	return ((const struct command_run *)layer)->ask != NULL;
}

/* What changes something is not killed half way. */
static void run_free(struct layer *layer)
{
	struct command_run *run = (struct command_run *)layer;

	if (use_cases[run->use].changes)
		ask_let_go(run->ask);
	else
		ask_give_up(run->ask);
	word_list_done(&run->words);
	mem_free(run->title);
	mem_free(run);
}

static const struct layer_kind run_kind = {
	.popup = true,
	.where = run_where,
	.press = run_press,
	.act = run_act,
	.draw = run_draw,
	.busy = run_busy,
	.free = run_free,
};

/* What is being asked. One at a time, and kept here: a prompt that is left says nothing to whoever opened it. */
static struct question {
	struct console *console;
	enum use_case use;
	word_list words;
} asked;

static void perform(void)
{
	struct command_run *run = mem_alloc(sizeof *run);
	const char *words[WORDS_MOST + 8] = { NULL };
	const struct ask_options options = { .words = words, .answer = answered, .self = run, .outlives = use_cases[asked.use].changes };
	struct error err = { 0 };

	run->layer = (struct layer){ &run_kind, asked.console };
	run->use = asked.use;
	run->words = asked.words;
	run->title = mem_printf("penstock %s", use_cases[asked.use].name);
	run->since = clock_mono_ms();
	asked.words = (word_list){ 0 };
	for (size_t i = 0; i < run->words.count; i++)
		words[i] = run->words.at[i];
	run->ask = app_ask(console_app(asked.console), &options, &err);
	if (run->ask) {
		console_push(asked.console, &run->layer);
	} else {
		console_error(asked.console, &err);
		run_free(&run->layer);
	}
}

static void confirmed(void *self, size_t button)
{
	(void)self;
	if (!button)
		perform();
}

/* What takes something away for good asks for its name: the first operand. */
static const char *typed_for(size_t own)
{
	const char *name = use_cases[asked.use].name;
	size_t length = strlen(name);
	bool away = (length > 7 && strcmp(name + length - 7, " delete") == 0) || (length > 6 && strcmp(name + length - 6, " clear") == 0);

	for (size_t i = own; away && i < asked.words.count; i++)
		if (*asked.words.at[i] != '-')
			return asked.words.at[i];
	return NULL;
}

static void ask_first(size_t own)
{
	const char *const buttons[] = { _("Do it"), _("Cancel"), NULL }, *typed = typed_for(own);
	struct str text = { 0 };

	str_add(&text, "penstock");
	for (size_t i = 0; i < asked.words.count; i++) {
		str_add_char(&text, ' ');
		str_add_shell(&text, asked.words.at[i]);
	}
	str_add_format(&text, "\n%s.", _(use_cases[asked.use].help));
	if (typed) {
		str_add(&text, _(" This cannot be undone."));
		str_add_format(&text, _("\nType %s:"), typed);
	}
	dialog_open(asked.console, &(struct dialog_options){ .title = use_cases[asked.use].name, .text = str_text(&text), .buttons = buttons, .typed = typed,
		.chosen = confirmed });
	str_done(&text);
}

static const char *wrong(void *self, const char *text)
{
	word_list words = { 0 };
	bool good = words_split(use_cases[asked.use].name, &words) && words_split(text, &words); /* both count */

	(void)self;
	word_list_done(&words);
	return good ? NULL : _("a quote is not closed, or there are too many words");
}

static void given(void *self, const char *text)
{
	size_t own;

	(void)self;
	word_list_done(&asked.words);
	asked.words = (word_list){ 0 };
	words_split(use_cases[asked.use].name, &asked.words);
	own = asked.words.count;
	words_split(text, &asked.words);
	if (use_cases[asked.use].changes)
		ask_first(own);
	else
		perform();
}

void command_open(struct console *console, enum use_case use)
{
	const struct use_case_row *row = &use_cases[use];
	char *title = mem_printf("penstock %s", row->name), *label = mem_printf(_("%s; also options, as in a shell"), *row->arguments ? row->arguments : _("nothing"));

	asked.console = console;
	asked.use = use;
	prompt_open(console, &(struct prompt_options){ .title = title, .label = label, .text = "", .enter = row->changes ? NULL : _("run"), .wrong = wrong, .given = given });
	mem_free(title);
	mem_free(label);
}
