/* What the loop of the driver (driver.c) and its commands share. */
#ifndef SCREEN_DRIVER_H
#define SCREEN_DRIVER_H

#include "base/str.h"
#include "terminal.h"

#include <stdbool.h>
#include <stdint.h>

struct driver {
	struct terminal terminal;
	struct str commands; /* read, not yet obeyed */
	struct str answer;   /* what stands behind ok or failed */
	int64_t deadline;    /* microseconds that a command waits at most */
	int64_t end;         /* when all must be over */
};

/* Lets things happen until a time at most. Does not return when the commands have ended or all the time is used up. */
void driver_turn(struct driver *d, int64_t until);
/* Obeys one line. */
bool command_obey(struct driver *d, char *line);

struct args {
	const char *rest; /* all that stands behind the command */
	char **words;     /* the same in words, NULL behind the last */
	int count;        /* -1: it cannot be taken as words */
};
struct command {
	const char *name;
	bool (*obey)(struct driver *d, const struct args *args);
};
/* Both end with a NULL. */
extern const struct command acting[], looking[];

/* Answers with a reason; returns false. */
bool failed(struct driver *d, const char *why);
/* The same, with what is known of the frame, and the screen on standard error. */
bool failed_screen(struct driver *d, const char *what);
void show_screen(struct driver *d);
/* The text behind the command; NULL (and an answer) when it is wrong. */
const char *text_of(struct driver *d, const struct args *args, struct str *text);

#endif
