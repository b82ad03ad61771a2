/* What all commands of the driver share: finding them, and how they fail. */
#include "driver.h"

#include "picture.h"
#include "words.h"

#include <stdio.h>
#include <string.h>

bool failed(struct driver *d, const char *why)
{
	str_clear(&d->answer);
	str_add(&d->answer, why);
	return false;
}

void show_screen(struct driver *d)
{
	const struct terminal *t = &d->terminal;

	if (!t->vterm)
		return;
	fprintf(stderr, "--- the screen, %d x %d, frame %llu%s%s:\n", t->rows, t->columns, t->frames.number, t->frames.busy ? ", busy" : "",
		!t->running ? ", the program has ended" : t->stopped ? ", stopped" : "");
	picture_write(t, stderr);
	fprintf(stderr, "---\n");
}

bool failed_screen(struct driver *d, const char *what)
{
	const struct terminal *t = &d->terminal;

	str_clear(&d->answer);
	str_add(&d->answer, what);
	if (t->frames.wrong.length)
		str_add_format(&d->answer, "; the program said of a frame: %s", str_text(&t->frames.wrong));
	else if (!t->running)
		str_add(&d->answer, "; the program has ended");
	else if (t->frames.speaks && t->frames.answer == ANSWER_NONE)
		str_add(&d->answer, "; no frame came after the last input");
	else if (t->frames.speaks && t->frames.busy)
		str_add(&d->answer, "; the program is busy");
	show_screen(d);
	return false;
}

const char *text_of(struct driver *d, const struct args *args, struct str *text)
{
	str_clear(text);
	if (words_decode(args->rest, text) && text->length)
		return text->text;
	failed(d, "the text is missing, or has a wrong backslash");
	return NULL;
}

static const struct command *find(const struct command *table, const char *name)
{
	while (table->name && strcmp(table->name, name) != 0)
		table++;
	return table->name ? table : NULL;
}

bool command_obey(struct driver *d, char *line)
{
	size_t length = strcspn(line, " ");
	char *words[WORDS_MAX + 1];
	struct args args = { .rest = line + length + (line[length] == ' '), .words = words };
	const struct command *command;
	bool good;

	line[length] = '\0';
	command = find(acting, line);
	if (!command)
		command = find(looking, line);
	if (!command)
		return failed(d, "no such command");
	/* A text is taken as it stands, and may well have more words than a command. */
	args.count = words_split(args.rest, words);
	good = command->obey(d, &args);
	words_free(words);
	return good;
}
