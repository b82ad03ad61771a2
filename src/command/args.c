#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* getopt_long that starts anew with optind 0 */
#endif
#include "command/args.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"

#include <getopt.h>
#include <limits.h>
#include <string.h>

typedef VEC(struct option) getopt_rows;
typedef VEC(const struct option_row *) known_rows;

void args_done(struct args *args)
{
	vec_done(&args->operands);
	vec_done(&args->options);
}

/* getopt gives back an index (from 1000 on) into `known`. */
enum { FIRST_KEY = 1000 };

static void collect(const struct option_row *const *tables, getopt_rows *rows, known_rows *known)
{
	for (; *tables; tables++) {
		for (const struct option_row *row = *tables; row->name; row++) {
			struct option option = {
				.name = row->name,
				.has_arg = row->argument ? required_argument : no_argument,
				.val = FIRST_KEY + (int)known->count,
			};

			vec_push(rows, option);
			vec_push(known, row);
		}
	}
	vec_push(rows, ((struct option){ .name = "help", .has_arg = no_argument, .val = 'h' }));
	vec_push(rows, ((struct option){ 0 }));
}

/* The one name that begins with the word, else the one that is spelt most like it; NULL. */
static const char *suggest(const char *word, const text_list *names)
{
	const char *found = NULL;
	int count = 0;

	for (size_t i = 0; *word && i < names->count; i++) {
		if (strncmp(names->at[i], word, strlen(word)) == 0) {
			found = names->at[i];
			count++;
		}
	}
	return count == 1 ? found : text_nearest(word, names->at, names->count);
}

static enum status unknown(const char *token, const known_rows *known, struct error *err)
{
	text_list names = { 0 };
	char *name = mem_strndup(token, strcspn(token, "="));
	const char *bare = name + strspn(name, "-"), *nearest;

	for (size_t i = 0; i < known->count; i++)
		vec_push(&names, known->at[i]->name);
	vec_push(&names, "help");
	nearest = suggest(bare, &names);
	error_set(err, STATUS_USAGE, "usage", _("there is no option %s here"), name);
	if (nearest)
		error_hint(err, _("did you mean --%s?"), nearest);
	else
		error_hint(err, _("--help lists the options"));
	vec_done(&names);
	mem_free(name);
	return STATUS_USAGE;
}

/* getopt takes shortened names, which would break scripts on the day a similar option comes: only whole names count. */
static bool is_whole(const char *token, const char *name)
{
	size_t length = strlen(name);

	return strncmp(token, "--", 2) == 0 && strncmp(token + 2, name, length) == 0 && (token[2 + length] == '\0' || token[2 + length] == '=');
}

static enum status refuse(int key, int count, char **argv, const known_rows *known, struct error *err)
{
	int at = optind > 1 && optind <= count ? optind - 1 : count - 1;
	const char *token = argv[at];
	const struct option_row *row = optopt >= FIRST_KEY && optopt < FIRST_KEY + (int)known->count ? known->at[optopt - FIRST_KEY] : NULL;
	char letter[3] = "-?";

	if (row && !is_whole(token, row->name))
		return unknown(token, known, err);
	if (row && key == ':') {
		error_set(err, STATUS_USAGE, "usage", _("--%s needs a value"), row->name);
		error_hint(err, "--%s %s", row->name, row->argument);
		return STATUS_USAGE;
	}
	if (row || strncmp(token, "--help=", 7) == 0)
		return error_set(err, STATUS_USAGE, "usage", _("--%s takes no value"), row ? row->name : "help");
	if (optopt && optopt < 256) {
		letter[1] = (char)optopt;
		return unknown(letter, known, err);
	}
	return unknown(token, known, err);
}

static enum status take(int key, char **argv, const known_rows *known, struct args *args, struct error *err)
{
	const struct option_row *row = known->at ? known->at[key - FIRST_KEY] : NULL;
	const char *token = argv[optarg && optarg == argv[optind - 1] ? optind - 2 : optind - 1];

	if (!row || !is_whole(token, row->name))
		return unknown(token, known, err);
	vec_push(&args->options, ((struct option_given){ .name = row->name, .value = optarg }));
	return STATUS_OK;
}

static enum status parse(int count, char **argv, const char *letters, const getopt_rows *rows, const known_rows *known, struct args *args,
	struct error *err)
{
	enum status status = STATUS_OK;
	int key;

	optind = 0;
	opterr = 0;
	while (status == STATUS_OK && (key = getopt_long(count, argv, letters, rows->at, NULL)) != -1) {
		if (key == 'h')
			args->help = true;
		else if (key >= FIRST_KEY)
			status = take(key, argv, known, args, err);
		else
			status = refuse(key, count, argv, known, err);
	}
	return status;
}

enum status args_parse(int count, char **argv, const struct option_row *const *tables, bool until_word, struct args *args, int *next, struct error *err)
{
	getopt_rows rows = { 0 };
	known_rows known = { 0 };
	enum status status;

	collect(tables, &rows, &known);
	status = parse(count, argv, until_word ? "+:h" : ":h", &rows, &known, args, err);
	*next = optind;
	for (int i = optind; status == STATUS_OK && !until_word && i < count; i++)
		vec_push(&args->operands, argv[i]);
	vec_done(&rows);
	vec_done(&known);
	return status;
}

const char *arg_operand(const struct args *args, size_t index)
{
	return index < args->operands.count ? args->operands.at[index] : NULL;
}

static const struct option_given *find(const struct args *args, const char *name)
{
	for (size_t i = args->options.count; i > 0; i--)
		if (strcmp(args->options.at[i - 1].name, name) == 0)
			return &args->options.at[i - 1];
	return NULL;
}

bool arg_flag(const struct args *args, const char *name)
{
	return find(args, name) != NULL;
}

const char *arg_text(const struct args *args, const char *name)
{
	const struct option_given *given = find(args, name);

	return given ? given->value : NULL;
}

void arg_all(const struct args *args, const char *name, text_list *out)
{
	for (size_t i = 0; i < args->options.count; i++)
		if (strcmp(args->options.at[i].name, name) == 0)
			vec_push(out, args->options.at[i].value);
}

enum status arg_number(const struct args *args, const char *name, long long low, long long high, long long *out, struct error *err)
{
	const char *text = arg_text(args, name);

	if (!text || text_to_i64(text, low, high, out))
		return STATUS_OK;
	error_set(err, STATUS_USAGE, "invalid", _("--%s %s is not a number that fits"), name, text);
	if (high == LLONG_MAX)
		error_hint(err, _("give a whole number, %lld or more"), low);
	else
		error_hint(err, _("give a whole number from %lld to %lld"), low, high);
	return STATUS_USAGE;
}

enum status arg_id(const struct args *args, size_t index, long long *out, struct error *err)
{
	const char *text = arg_operand(args, index);

	if (text_to_i64(text ? text : "", 1, LLONG_MAX, out))
		return STATUS_OK;
	error_set(err, STATUS_USAGE, "invalid", _("%s is no number of a run"), text ? text : "");
	error_hint(err, _("`penstock runs` lists them"));
	return STATUS_USAGE;
}
