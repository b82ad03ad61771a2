#include "command/command.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "command/config.h"
#include "command/help.h"
#include "command/remote.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The command line while it is taken apart. */
struct line {
	int argc;
	char **argv;
	int whole_count;      /* as it was given; getopt sorts that, too */
	char **whole;
	int at;               /* the next word */
	char *words;          /* the command's: "account create" */
	const struct command *command;
	struct args args;     /* global options and the command's, operands */
	struct args before;   /* global options before the command */
};

static const struct option_row *const global_tables[] = { global_option_rows, NULL };

static const struct command *find(const char *words)
{
	for (const struct command *const *tables = command_tables; *tables; tables++)
		for (const struct command *command = *tables; command_words(command); command++)
			if (strcmp(command_words(command), words) == 0)
				return command;
	return NULL;
}

/* Does some command have this word first of two? */
static bool is_noun(const char *word)
{
	size_t length = strlen(word);

	for (const struct command *const *tables = command_tables; *tables; tables++)
		for (const struct command *command = *tables; command_words(command); command++)
			if (strncmp(command_words(command), word, length) == 0 && command_words(command)[length] == ' ')
				return true;
	return false;
}

static void collect_words(text_list *out)
{
	for (const struct command *const *tables = command_tables; *tables; tables++)
		for (const struct command *command = *tables; command_words(command); command++)
			vec_push(out, command_words(command));
}

/* The nearest command; of a single word that is near a noun, that noun. Free with mem_free. */
static char *nearest_words(const char *words)
{
	text_list all = { 0 };
	const char *nearest;
	char *found;

	collect_words(&all);
	nearest = text_nearest(words, all.at, all.count);
	found = mem_strdup(nearest);
	if (!found && !strchr(words, ' ')) {
		VEC(char *) nouns = { 0 };

		for (size_t i = 0; i < all.count; i++)
			vec_push(&nouns, mem_strndup(all.at[i], strcspn(all.at[i], " ")));
		found = mem_strdup(text_nearest(words, (const char *const *)nouns.at, nouns.count));
		for (size_t i = 0; i < nouns.count; i++)
			mem_free(nouns.at[i]);
		vec_done(&nouns);
	}
	vec_done(&all);
	return found;
}

enum status command_unknown(const char *words, struct error *err)
{
	char *nearest = nearest_words(words);

	error_set(err, STATUS_USAGE, "usage", _("there is no command `%s`"), words);
	if (nearest)
		error_hint(err, _("did you mean `%s`?"), nearest);
	else
		error_hint(err, _("`penstock help` lists the commands"));
	mem_free(nearest);
	return STATUS_USAGE;
}

/* Options up to the next word; *found NULL: there is none. */
static enum status next_word(struct line *line, const char **found, struct error *err)
{
	int next;
	enum status status = args_parse(line->argc - line->at, line->argv + line->at, global_tables, true, &line->before, &next, err);

	line->at += next;
	*found = status == STATUS_OK && line->at < line->argc ? line->argv[line->at] : NULL;
	return status;
}

static enum status lacks_word(const char *noun, struct error *err)
{
	error_set(err, STATUS_USAGE, "usage", _("`%s` needs another word"), noun);
	error_hint(err, _("`penstock %s --help` lists them"), noun);
	return STATUS_USAGE;
}

/* Reads up to the command's last word. line->words stays NULL when there is no word at all. */
static enum status find_words(struct line *line, struct error *err)
{
	const char *noun, *verb;
	enum status status = next_word(line, &noun, err);

	if (status != STATUS_OK || !noun)
		return status;
	line->words = mem_strdup(noun);
	if (!is_noun(noun))
		return STATUS_OK;
	status = next_word(line, &verb, err);
	if (status != STATUS_OK)
		return status;
	if (!verb)
		return line->before.help ? STATUS_OK : lacks_word(noun, err);
	mem_free(line->words);
	line->words = mem_printf("%s %s", noun, verb);
	return STATUS_OK;
}

static enum status check_operands(const struct command *command, const struct args *args, struct error *err)
{
	int count = (int)args->operands.count;

	if (count >= command->least && (command->most < 0 || count <= command->most))
		return STATUS_OK;
	if (count < command->least)
		error_set(err, STATUS_USAGE, "usage", _("`%s` needs more: %s"), command_words(command), command_arguments(command));
	else
		error_set(err, STATUS_USAGE, "usage", _("`%s` does not know what to do with %s"), command_words(command),
			args->operands.at[command->most]);
	error_hint(err, _("`penstock %s --help` shows how it is written"), command_words(command));
	return STATUS_USAGE;
}

static enum status parse_rest(struct line *line, struct error *err)
{
	const struct option_row *tables[sizeof line->command->options / sizeof *line->command->options + 2] = { global_option_rows };
	size_t count = 1;
	int next;

	for (size_t i = 0; i < sizeof line->command->options / sizeof *line->command->options && line->command->options[i]; i++)
		tables[count++] = line->command->options[i];
	return args_parse(line->argc - line->at, line->argv + line->at, tables, false, &line->args, &next, err);
}

static bool flag(const struct line *line, const char *name)
{
	return arg_flag(&line->before, name) || arg_flag(&line->args, name);
}

static const char *text(const struct line *line, const char *name)
{
	const char *after = arg_text(&line->args, name);

	return after ? after : arg_text(&line->before, name);
}

/* Option, environment, configuration; NULL: where it is when nobody says. */
static const char *choose_db(const struct session *session, const struct line *line)
{
	const char *given = text(line, "db"), *environment = getenv("PENSTOCK_DB");

	return given || (environment && *environment) ? given : session->config->db;
}

/* Where the command is to be done: the socket of a daemon; NULL: here. */
static const char *choose_daemon(const struct session *session, const struct line *line)
{
	const char *given = text(line, "daemon"), *variable = getenv("PENSTOCK_DAEMON"), *db = choose_db(session, line), *named = getenv("PENSTOCK_DB");
	bool own;
	char *path;

	if (session->telling || (line->command && (line->command->use == USE_CASES || line->command->use == USE_DAEMON)))
		return NULL;
	if (given || (variable && *variable && !text(line, "db")))
		return given ? given : variable;
	if (db || (named && *named) || access(OPERATORS_SOCKET, W_OK) != 0)
		return NULL;
	path = app_default_db();
	own = path && access(path, F_OK) == 0;
	mem_free(path);
	return own ? NULL : OPERATORS_SOCKET;
}

static struct remote_line remote_line(const struct line *line)
{
	return (struct remote_line){ .argc = line->whole_count, .argv = line->whole, .command = line->command, .before = &line->before, .args = &line->args };
}

/* Done by the daemon: true with *status. */
static bool done_elsewhere(struct session *session, const struct line *line, enum status *status, struct error *err)
{
	const char *socket = choose_daemon(session, line);
	struct remote_line remote = remote_line(line);

	if (!socket)
		return false;
	if (text(line, "db")) {
		*status = error_set(err, STATUS_USAGE, "usage", _("give --db or --daemon, not both"));
		return true;
	}
	*status = remote_ask(socket, &remote, err);
	session->answered = !*err->message;
	return true;
}

static enum status accept_words(const struct session *session, const struct line *line, struct error *err)
{
	struct remote_line remote = remote_line(line);

	return remote_accept(session->telling, &remote, err);
}

static struct app *open_app(const struct session *session, const struct line *line, struct error *err)
{
	const struct telling *telling = session->telling;
	const struct app_options options = { .db = telling && telling->db ? telling->db : choose_db(session, line), .trace = text(line, "trace"),
		.read_only = flag(line, "read-only"), .dry_run = flag(line, "dry-run"), .operator = telling ? &telling->operator : NULL };

	return app_new(&options, err);
}

/* The guard speaks first: a refused command asks for no secret and reads no file. */
static enum status perform(struct session *session, const struct line *line, struct error *err)
{
	enum status status = check_operands(line->command, &line->args, err);

	if (status == STATUS_OK && done_elsewhere(session, line, &status, err))
		return status;
	if (status == STATUS_OK)
		status = accept_words(session, line, err);
	if (status == STATUS_OK)
		status = report_open(&session->report, text(line, "progress-fd"), err);
	if (status != STATUS_OK)
		return status;
	session->app = open_app(session, line, err);
	if (!session->app)
		return err->status;
	session->app->note = session_note;
	session->app->progress = session_progress;
	session->app->checking = session_checking;
	session->app->checked = session_checked;
	session->app->self = session;
	progress_init(&session->progress, session->quiet);
	if (line->command->use != USE_CASES)
		status = app_allow(session->app, line->command->use, err);
	if (status == STATUS_OK)
		status = line->command->run(session, &line->args, err);
	progress_clear(&session->progress);
	app_free(session->app);
	return status;
}

static enum status show_version(struct session *session)
{
	if (session->json) {
		answer_begin(session);
		json_pair_string(&session->w, "version", PACKAGE_VERSION);
		answer_end(session);
	} else {
		str_add_format(&session->out, "penstock %s\n", PACKAGE_VERSION);
	}
	return STATUS_OK;
}

static enum status show_help(struct session *session, const struct line *line)
{
	if (line->command)
		help_command(line->command, &session->out);
	else if (!line->words || !help_words(line->words, &session->out))
		help_all(&session->out);
	help_answer(session);
	return STATUS_OK;
}

static enum status nothing_asked(struct error *err)
{
	error_set(err, STATUS_USAGE, "usage", _("say what to do"));
	error_hint(err, _("`penstock help` lists the commands; `penstock demo` shows what it does; the console needs a terminal"));
	return STATUS_USAGE;
}

static enum status open_console(struct session *session, const struct line *line, struct error *err)
{
	struct console_request request = { .ascii = session->ascii, .no_color = session->no_color, .slow = session->slow, .offer_practice = !session->telling,
		.wishes = (const char *const *)session->config->wishes.at, .wish_count = session->config->wishes.count };
	enum status status;

	if (session->json || !isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return nothing_asked(err);
	if (done_elsewhere(session, line, &status, err))
		return status;
	status = accept_words(session, line, err);
	session->app = status == STATUS_OK ? open_app(session, line, err) : NULL;
	if (!session->app)
		return err->status;
	status = session->console(session->app, &request, err);
	app_free(session->app);
	return status == STATUS_OK && request.practice ? demo_console(session, err) : status;
}

/* What is written bit by bit, or anew again and again, while the answer is still to come. */
static enum status check_files(const struct line *line, struct error *err)
{
	static const char *const options[] = { "--trace", "--log", "--metrics" };
	enum status status = STATUS_OK;

	for (size_t i = 0; status == STATUS_OK && i < sizeof options / sizeof *options; i++)
		status = session_needs_file(options[i], text(line, options[i] + 2), err);
	return status;
}

static enum status serve(struct session *session, struct line *line, struct error *err)
{
	enum status status = find_words(line, err);

	if (status != STATUS_OK)
		return status;
	if (line->words)
		line->command = find(line->words);
	if (line->command)
		status = parse_rest(line, err);
	else if (line->words && !line->before.help)
		status = command_unknown(line->words, err);
	/* Now that it is known what is an option and what is only the value of one. */
	if (status == STATUS_OK)
		session->json = flag(line, "json");
	session->quiet = flag(line, "quiet");
	session->ascii = flag(line, "ascii") || session->config->ascii;
	session->slow = flag(line, "slow") || session->config->slow;
	session->no_color = flag(line, "no-color") || !session->config->color;
	if (status != STATUS_OK)
		return status;
	if (flag(line, "version")) {
		return show_version(session);
	}
	if (line->args.help || line->before.help)
		return show_help(session, line);
	status = check_files(line, err);
	if (status != STATUS_OK)
		return status;
	return line->command ? perform(session, line, err) : open_console(session, line, err);
}

/* Wanted as soon as it is written somewhere, so that also a wrong command line is answered with JSON. */
static bool wants_json(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--json") == 0)
			return true;
	return false;
}

/* What is told in which place, and the exit status. */
static enum status finish(struct session *session, enum status status, struct error *err)
{
	if (status != STATUS_OK && *err->message)
		session_complain(err);
	if (session->json && status != STATUS_OK && !session->out.length && !session->answered) {
		answer_begin(session);
		answer_error(&session->w, err);
		answer_end(session);
	}
	if (session->out.length && session_flush(session, err) != STATUS_OK) {
		session_complain(err);
		return STATUS_FAILED;
	}
	return status;
}

int command_main(int argc, char **argv, console_fn console)
{
	struct config config;
	struct session session = { .console = console, .config = &config };
	struct telling telling = { 0 };
	struct line line = { 0 };
	struct error err = { 0 };
	enum status status = STATUS_OK;

	signal(SIGPIPE, SIG_IGN);
	config_init(&config);
	config_read(&config, session_note, &session);
	if (argc > 2 && strcmp(argv[1], OPERATOR_WORD) == 0) {
		status = telling_read(&telling, argv[2], &err);
		session.telling = &telling;
		argv[2] = argv[0];
		argc -= 2;
		argv += 2;
	}
	session.json = wants_json(argc, argv);
	line = (struct line){ .argc = argc, .argv = argv, .whole_count = argc, .whole = mem_array((size_t)argc + 1, sizeof *argv) };
	memcpy(line.whole, argv, (size_t)argc * sizeof *argv);
	if (status == STATUS_OK)
		status = serve(&session, &line, &err);
	status = finish(&session, status, &err);
	args_done(&line.args);
	args_done(&line.before);
	mem_free(line.words);
	mem_free(line.whole);
	str_done(&session.out);
	config_done(&config);
	telling_done(&telling);
	return (int)status;
}
