#include "command/help.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "command/table.h"

#include <string.h>

const struct option_row global_option_rows[] = {
	{ "db", "FILE", N_("the database (else PENSTOCK_DB, else $XDG_DATA_HOME/penstock/penstock.db)") },
	{ "daemon", "SOCKET", N_("ask the daemon that listens there instead (else PENSTOCK_DAEMON; that of the machine where you have no store of your own)") },
	{ "json", NULL, N_("answer with one JSON object") },
	{ "quiet", NULL, N_("no progress, no notes") },
	{ "read-only", NULL, N_("refuse everything that changes something") },
	{ "no-color", NULL, N_("no colours") },
	{ "ascii", NULL, N_("the console draws with ASCII characters only") },
	{ "slow", NULL, N_("the console looks for news every five seconds only: for slow lines") },
	{ "trace", "FILE", N_("append every HTTP exchange to FILE, secrets and personal data blacked out") },
	{ "progress-fd", "N", N_("write progress to the open descriptor N (3 or more), one JSON object a line") },
	{ "version", NULL, N_("tell the version") },
	{ 0 },
};

const struct command *const command_tables[] = {
	account_commands,
	destination_commands,
	instance_commands,
	source_commands,
	mapping_commands,
	revision_commands,
	dataflow_commands,
	label_commands,
	policy_commands,
	draft_commands,
	run_commands,
	truth_commands,
	migrate_commands,
	watch_commands,
	daemon_commands,
	receive_commands,
	alert_commands,
	upkeep_commands,
	sandbox_commands,
	demo_commands,
	help_commands,
	NULL,
};

const char *command_words(const struct command *command)
{
	if (!command->run)
		return NULL;
	return command->words ? command->words : use_cases[command->use].name;
}

const char *command_arguments(const struct command *command)
{
	return command->words ? command->arguments : use_cases[command->use].arguments;
}

const char *command_help(const struct command *command)
{
	return command->words ? command->help : use_cases[command->use].help;
}

static void add_options(const struct option_row *rows, struct table *table)
{
	for (; rows && rows->name; rows++) {
		table_format(table, "--%s%s%s", rows->name, rows->argument ? " " : "", rows->argument ? rows->argument : "");
		table_text(table, _(rows->help));
	}
}

static void add_command(const struct command *command, struct table *table)
{
	const char *arguments = command_arguments(command);

	table_format(table, "%s%s%s", command_words(command), *arguments ? " " : "", arguments);
	table_text(table, _(command_help(command)));
}

static void add_globals(struct str *out)
{
	struct table table;

	str_add_format(out, "\n%s\n", _("Everywhere:"));
	table_init_pairs(&table);
	add_options(global_option_rows, &table);
	table_text(&table, "-h, --help");
	table_text(&table, _("this help, of a command too"));
	table_end(&table, out, 2);
}

void help_all(struct str *out)
{
	struct table table;

	str_add_format(out, "%s\n\n", _("Usage: penstock [OPTIONS] COMMAND ..."));
	str_add_format(out, "%s\n", _("Brings the members of audiences into Marketo Engage static lists."));
	for (const struct command *const *tables = command_tables; *tables; tables++) {
		str_add_char(out, '\n');
		table_init_pairs(&table);
		for (const struct command *command = *tables; command_words(command); command++)
			add_command(command, &table);
		table_end(&table, out, 2);
	}
	add_globals(out);
	str_add_format(out, "\n%s\n", _("Exit status: 0 done, 1 failed, 2 wrong usage or value, 3 some records failed, 4 refused,\n"
		"5 blocked by a policy, 6 stopped or waiting, 7 needs confirmation."));
}

void help_command(const struct command *command, struct str *out)
{
	const char *arguments = command_arguments(command);
	struct table table;

	str_add_format(out, _("Usage: penstock %s%s%s%s\n"), command_words(command), command->options[0] ? _(" [OPTIONS]") : "",
		*arguments ? " " : "", arguments);
	str_add_format(out, "\n%s\n", _(command_help(command)));
	if (command->options[0])
		str_add_char(out, '\n');
	table_init_pairs(&table);
	for (size_t i = 0; i < sizeof command->options / sizeof *command->options && command->options[i]; i++)
		add_options(command->options[i], &table);
	table_end(&table, out, 2);
	add_globals(out);
}

/* "account" is the beginning of "account create", but "run" is not that of "runs". */
static bool begins(const char *words, const char *beginning)
{
	size_t length = strlen(beginning);

	return strncmp(words, beginning, length) == 0 && (words[length] == '\0' || words[length] == ' ');
}

bool help_words(const char *words, struct str *out)
{
	const struct command *only = NULL;
	struct table table;
	int count = 0;

	table_init_pairs(&table);
	for (const struct command *const *tables = command_tables; *tables; tables++) {
		for (const struct command *command = *tables; command_words(command); command++) {
			if (!begins(command_words(command), words))
				continue;
			add_command(command, &table);
			only = command;
			count++;
		}
	}
	if (count == 1) {
		struct str unused = { 0 };

		table_end(&table, &unused, 0);
		str_done(&unused);
		help_command(only, out);
		return true;
	}
	if (count)
		str_add_format(out, "%s\n\n", _("Usage: penstock [OPTIONS] COMMAND ..."));
	table_end(&table, out, 2);
	return count > 0;
}

void help_answer(struct session *session)
{
	char *text = session->json ? str_take(&session->out) : NULL;

	if (!text)
		return;
	answer_begin(session);
	json_pair_string(&session->w, "help", text);
	answer_end(session);
	mem_free(text);
}

static enum status help(struct session *session, const struct args *args, struct error *err)
{
	struct str words = { 0 };
	enum status status = STATUS_OK;

	for (size_t i = 0; i < args->operands.count; i++)
		str_add_format(&words, "%s%s", i ? " " : "", args->operands.at[i]);
	if (!words.length)
		help_all(&session->out);
	else if (!help_words(str_text(&words), &session->out))
		status = command_unknown(str_text(&words), err);
	if (status == STATUS_OK)
		help_answer(session);
	str_done(&words);
	return status;
}

const struct command help_commands[] = {
	{ .use = USE_CASES, .words = "help", .arguments = "[COMMAND]", .help = N_("show this, or how a command is written"), .most = -1, .run = help },
	{ 0 },
};
