/* The commands as tables: a new command is one function and one row. */
#ifndef COMMAND_COMMAND_H
#define COMMAND_COMMAND_H

#include "app/use_cases.h"
#include "base/error.h"
#include "command/args.h"
#include "command/session.h"

/* What becomes of a word when an operator gives it to the daemon that owns the store (command/remote.h). */
enum word_use {
	WORD_PLAIN,
	WORD_READ,   /* a file, which the operator opens and hands over */
	WORD_WRITE,
	WORD_SOURCE, /* a source that is only looked at: handed over where it is a file */
	WORD_OWNERS, /* refused: it would be done with the rights of whom the store belongs to */
};

struct command {
	/* Words, operands and help of a use case come from its table; a command that is none brings its own and has use USE_CASES. */
	enum use_case use;
	const char *words, *arguments, *help;
	const struct option_row *options[3]; /* tables of its own, NULL where there is none */
	int least, most;                     /* operands; most -1: any number */
	enum word_use operands;
	/* STATUS_OK or what went wrong in err. What it left in session->out is the answer, else err is. */
	enum status (*run)(struct session *session, const struct args *args, struct error *err);
};

const char *command_words(const struct command *command); /* NULL for the row that ends a table */
const char *command_arguments(const struct command *command);
const char *command_help(const struct command *command);

/* STATUS_USAGE with the nearest command in the hint. */
enum status command_unknown(const char *words, struct error *err);

/* Each ends with a row without words. */
extern const struct command
	account_commands[],
	destination_commands[],
	instance_commands[],
	source_commands[],
	mapping_commands[],
	revision_commands[],
	dataflow_commands[],
	label_commands[],
	policy_commands[],
	draft_commands[],
	run_commands[],
	truth_commands[],
	migrate_commands[],
	watch_commands[],
	daemon_commands[],
	receive_commands[],
	alert_commands[],
	upkeep_commands[],
	sandbox_commands[],
	demo_commands[],
	help_commands[];

extern const struct option_row account_option_rows[];
/* What account_option_rows gave. */
struct account_options;
enum status account_options_read(const struct args *args, struct account_options *out, struct error *err);

/* The other face of the program, which command/ does not know: main/ brings it along. */
struct console_request {
	bool ascii, no_color, slow;
	const char *source, *welcome; /* may be NULL */
	const char *const *wishes;    /* of the configuration, three texts each: where it was said, its name, its value */
	size_t wish_count;            /* texts */
	bool offer_practice;
	bool practice;                /* answer: the practice Marketo is wanted instead */
};
typedef enum status (*console_fn)(struct app *app, struct console_request *request, struct error *err);

/* The program: reads the command line, does what it says, returns the exit status. Without a command the console is opened. */
int command_main(int argc, char **argv, console_fn console);

/* The demonstration with the console: a store of its own, the practice Marketo, everything set up but nothing launched. */
enum status demo_console(struct session *session, struct error *err);

#endif
