#include "command/config.h"

#include "base/file.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CONFIG_LIMIT = 64 * 1024 };

enum kind { KIND_PATH, KIND_YES_NO };

/* One row a setting. */
static const struct {
	const char *name;
	enum kind kind;
	size_t place;
} settings[] = {
	{ "db", KIND_PATH, offsetof(struct config, db) },
	{ "ascii", KIND_YES_NO, offsetof(struct config, ascii) },
	{ "color", KIND_YES_NO, offsetof(struct config, color) },
	{ "slow", KIND_YES_NO, offsetof(struct config, slow) },
};
enum { SETTINGS = sizeof settings / sizeof *settings };

/* Where warnings go, with the line they are about. */
struct reading {
	const char *path;
	int line;
	config_warn_fn warn;
	void *self;
};

void config_init(struct config *config)
{
	*config = (struct config){ .color = true };
}

void config_done(struct config *config)
{
	mem_free(config->db);
	for (size_t i = 0; i < config->wishes.count; i++)
		mem_free(config->wishes.at[i]);
	vec_done(&config->wishes);
	config->db = NULL;
}

static const char *environment(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

char *config_path(void)
{
	const char *config = environment("XDG_CONFIG_HOME"), *home = environment("HOME");

	if (config)
		return mem_printf("%s/penstock/config", config);
	return home ? mem_printf("%s/.config/penstock/config", home) : NULL;
}

/* Takes the text over. */
static void complain(const struct reading *reading, char *text)
{
	char *warning = mem_printf("%s:%d: %s", reading->path, reading->line, text);

	reading->warn(reading->self, warning);
	mem_free(warning);
	mem_free(text);
}

static void set_path(char **slot, const char *value)
{
	const char *home = environment("HOME");

	mem_free(*slot);
	*slot = strncmp(value, "~/", 2) == 0 && home ? mem_printf("%s%s", home, value + 1) : mem_strdup(value);
}

static void set_yes_no(const struct reading *reading, const char *name, bool *slot, const char *value)
{
	if (strcmp(value, "yes") == 0 || strcmp(value, "no") == 0)
		*slot = *value == 'y';
	else
		complain(reading, mem_printf(_("%s is yes or no, not \"%s\""), name, value));
}

static void add_wish(const struct reading *reading, struct config *config, const char *name, const char *value)
{
	vec_push(&config->wishes, mem_printf("%s:%d", reading->path, reading->line));
	vec_push(&config->wishes, mem_strdup(name));
	vec_push(&config->wishes, mem_strdup(value));
}

static void set(const struct reading *reading, struct config *config, const char *name, const char *value)
{
	size_t i = 0;

	while (i < SETTINGS && strcmp(settings[i].name, name) != 0)
		i++;
	if (*value && (strncmp(name, "key.", 4) == 0 || strcmp(name, "theme") == 0))
		add_wish(reading, config, name, value);
	else if (i == SETTINGS)
		complain(reading, mem_printf(_("there is no setting \"%s\""), name));
	else if (!*value)
		complain(reading, mem_printf(_("%s has no value"), name));
	else if (settings[i].kind == KIND_PATH)
		set_path((char **)((char *)config + settings[i].place), value);
	else
		set_yes_no(reading, name, (bool *)((char *)config + settings[i].place), value);
}

static void read_line(const struct reading *reading, struct config *config, char *line)
{
	char *equals = strchr(text_trim(line), '=');

	if (!*line || *line == '#')
		return;
	if (!equals) {
		complain(reading, mem_printf(_("a line is written `name = value`, not \"%s\""), line));
		return;
	}
	*equals = '\0';
	set(reading, config, text_trim(line), text_trim(equals + 1));
}

void config_parse(const char *text, const char *path, struct config *config, config_warn_fn warn, void *self)
{
	struct reading reading = { .path = path, .warn = warn, .self = self };
	char *copy = mem_strdup(text), *rest = copy;

	for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n")) {
		reading.line++;
		read_line(&reading, config, line);
	}
	mem_free(copy);
}

void config_read(struct config *config, config_warn_fn warn, void *self)
{
	char *path = config_path();
	struct str text = { 0 };
	struct error err = { 0 };

	if (path && access(path, F_OK) == 0) {
		if (file_read(path, CONFIG_LIMIT, &text, &err) == STATUS_OK)
			config_parse(str_text(&text), path, config, warn, self);
		else
			warn(self, err.message);
	}
	str_done(&text);
	mem_free(path);
}
