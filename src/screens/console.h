/*
 * The console: layers upon each other, of which the last one has the keys. A screen fills the terminal, a popup stands on the screen below it. Handlers say what they
 * want and never draw or wait; the loop draws once a turn.
 */
#ifndef SCREENS_CONSOLE_H
#define SCREENS_CONSOLE_H

#include "app/app.h"
#include "base/error.h"
#include "base/str.h"
#include "screens/actions.h"
#include "tui/paint.h"
#include "tui/press.h"

#include <stdbool.h>

struct console;
struct layer;

struct layer_kind {
	bool popup;
	/* Which keys of the table hold now, and whether characters are text. typing may be NULL. */
	unsigned (*where)(const struct layer *layer);
	bool (*typing)(const struct layer *layer);
	/* What does not stand in the key table; false: nothing was done. */
	bool (*press)(struct layer *layer, const struct press *press);
	/* false: not this layer's business. */
	bool (*act)(struct layer *layer, enum action action);
	/* Why the action cannot be done now (translated), NULL: it can. May be NULL. */
	const char *(*why_not)(const struct layer *layer, enum action action);
	/* What Enter does (translated) where the key table's word for it does not fit, NULL: it does. May be NULL. */
	const char *(*enter)(const struct layer *layer);
	void (*draw)(struct layer *layer, struct area area);
	/* Places within it, for the palette: the name of the one with this number (translated, NULL: there are no more), and going there. May be NULL, both. */
	const char *(*place)(const struct layer *layer, size_t number);
	void (*go)(struct layer *layer, size_t number);
	/* What `y` copies (translated where it is words; free with mem_free), NULL: nothing. May be NULL. */
	char *(*copy)(const struct layer *layer);
	/* Left and right words of the head line. NULL for popups. */
	void (*head)(const struct layer *layer, struct str *left, struct str *right);
	/* The layer is on top again. May be NULL. */
	void (*resumed)(struct layer *layer);
	/* An answer is awaited. May be NULL. */
	bool (*busy)(const struct layer *layer);
	/* The console ends: keep what was typed, say what goes on without it. May be NULL. */
	void (*save)(struct layer *layer);
	void (*free)(struct layer *layer);
};

/* Stands first in every layer's own struct. */
struct layer {
	const struct layer_kind *kind;
	struct console *console;
};

enum { CONSOLE_SLOW_MS = 5000 };
struct console_options {
	struct app *app;
	bool ascii, no_color;
	bool slow; /* looks for news every CONSOLE_SLOW_MS only */
	const char *const *wishes; /* of the configuration, three texts each: where it was said, `theme` or `key.ACTION`, the value */
	size_t wish_count;       /* texts */
	const char *source; /* what the wizard proposes as a source, or NULL */
	const char *welcome; /* said at the start, or NULL */
	bool *practice;      /* set when the operator chose the practice Marketo instead; NULL: it is not offered */
};

/* Runs until the operator leaves. STATUS_USAGE without a terminal. */
enum status console_run(const struct console_options *options, struct error *err);

struct app *console_app(const struct console *console);
const struct console_options *console_settings(const struct console *console);
void console_push(struct console *console, struct layer *layer); /* takes it over */
void console_pop(struct console *console, struct layer *layer);  /* it and everything above is freed once its handler has returned */
bool console_is_top(const struct layer *layer);
void console_redraw(struct console *console);
/* What goes on has moved: painted soon, yet never more often than an eye follows, however many tell so. */
void console_moved(struct console *console);
bool console_mouse(const struct console *console); /* clicks are ours */
/* As if its key had been typed there: with the reason where it cannot be done now. */
void console_act(struct layer *layer, enum action action);
/* Why this cannot be done here by who works with the console (translated; it lives on), NULL: it can. */
const char *console_refusal(const struct console *console, enum use_case use);
void console_quit(struct console *console);
void console_practice(struct console *console); /* quits, and has the practice Marketo started */
/* The line above the hints. It stays until something else is said, or Esc had nothing else to end. */
void console_say(struct console *console, enum role role, const char *format, ...) __attribute__((format(printf, 3, 4)));
void console_hush(struct console *console);
void console_solved(struct console *console); /* an error that is said is said no more; anything else stays */
/* Says an error and keeps it for `!`. */
void console_error(struct console *console, const struct error *err);
/* Said on standard output once the terminal is the shell's again. */
void console_farewell(struct console *console, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The first screen, and popups. */
struct layer *home_new(struct console *console);
struct layer *help_new(struct console *console, const struct layer *about);
struct layer *errors_new(struct console *console, const struct error *errors, size_t count);

#endif
