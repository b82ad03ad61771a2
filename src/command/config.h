/* The operator's own settings: one file, read at every start and never written. Options and the environment win over it. */
#ifndef COMMAND_CONFIG_H
#define COMMAND_CONFIG_H

#include "base/vec.h"

#include <stdbool.h>

struct config {
	char *db; /* NULL: not said */
	bool ascii, color, slow;
	/* What only the console understands, three texts each: FILE:LINE, `theme` or `key.ACTION`, the value. */
	VEC(char *) wishes;
};
void config_init(struct config *config);
void config_done(struct config *config);

/* One warning: "FILE:LINE: what is wrong". */
typedef void (*config_warn_fn)(void *self, const char *warning);

/* $XDG_CONFIG_HOME/penstock/config, else ~/.config/penstock/config. Free with mem_free; NULL when there is no home. */
char *config_path(void);
/* Lines of `name = value`, empty ones and those that begin with #. What is not understood is warned of and passed over: a setting is never worth not to start. */
void config_parse(const char *text, const char *path, struct config *config, config_warn_fn warn, void *self);
/* No file: nothing is said. */
void config_read(struct config *config, config_warn_fn warn, void *self);

#endif
