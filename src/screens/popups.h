/* Popups: a question with buttons, and a list to choose from. */
#ifndef SCREENS_POPUPS_H
#define SCREENS_POPUPS_H

#include "base/error.h"
#include "base/vec.h"
#include "screens/console.h"
#include "tui/paint.h"

#include <stdbool.h>
#include <stddef.h>

/* A question. The focus begins on the last button, which is the harmless one; Esc and q are that button too. */
struct dialog_options {
	const char *title;            /* translated */
	const char *text;             /* translated; broken into lines; copied */
	const char *const *buttons;   /* verbs, translated, NULL ends them */
	const char *typed;            /* this has to be typed before any button but the last works; NULL: nothing */
	void (*chosen)(void *self, size_t button); /* after the dialog is gone */
	void *self;
};
void dialog_open(struct console *console, const struct dialog_options *options);

/* A line of text to be given. */
struct prompt_options {
	const char *title, *label; /* translated */
	const char *text;          /* to begin with */
	const char *enter;         /* translated: what Enter does; lives on; NULL: "ok" */
	const char *(*wrong)(void *self, const char *text); /* why it cannot be taken (translated); NULL: it can. May be NULL. */
	void (*given)(void *self, const char *text);
	void *self;
};
void prompt_open(struct console *console, const struct prompt_options *options);

/* A list to choose from, with a filter that is typed at once. */
struct picker_item {
	char *value; /* what is chosen */
	char *text;  /* what is shown and filtered */
	char *note;  /* beside it; may be NULL */
	bool ticked;
	bool faint;  /* cannot be had now, as its note says */
	bool doubtful; /* may turn out not to be had, as its note says */
	bool late;   /* where what fits best comes first: behind all that are not, unless its text begins with what was typed */
};
typedef VEC(struct picker_item) picker_items;
void picker_add(picker_items *items, const char *value, const char *text, const char *note);
void picker_items_done(picker_items *items);

struct picker;
struct picker_options {
	const char *title;     /* translated */
	const char *empty;     /* translated: said when there is nothing; may be NULL */
	bool several;          /* ticks; the order of ticking counts */
	bool ranked;           /* what is typed are beginnings and pieces of words, and what fits best comes first (tui/fuzzy); else it is a filter (tui/filter) */
	bool free_text;        /* what was typed can be chosen although it is not in the list: it is the last row; not with `several` */
	/* Before one is taken: false, and it was said why, leaves the list as it is. Not with `several`; may be NULL. */
	bool (*may)(void *self, const struct picker_item *item);
	/* Enter: what was chosen, in order (one where not `several`); only with an item. The picker is gone already. */
	void (*chosen)(void *self, const struct picker_item *items, size_t count);
	/* The text of the filter after a change, for lists that are searched elsewhere. May be NULL. */
	void (*searched)(void *self, const char *text);
	void (*closed)(void *self); /* in any case, last. May be NULL. */
	void *self;
};
struct picker *picker_open(struct console *console, const struct picker_options *options);
/* Takes the items over; the focus goes to the one with this value (NULL: the first). */
void picker_fill(struct picker *picker, picker_items *items, const char *value);
/* Nothing to choose from yet: says what is awaited, with its seconds. */
void picker_wait(struct picker *picker, const char *what);
void picker_fail(struct picker *picker, const struct error *err);

/* Lines to be read, each with a word or two before it. */
struct lines;
struct lines *lines_open(struct console *console, const char *title); /* translated */
void lines_add(struct lines *lines, const char *key, enum role role, const char *text); /* copied */

/* Everything that can be done or gone to from this screen, found by typing. */
void palette_open(struct layer *about);

#endif
