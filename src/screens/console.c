#include "screens/console.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/vec.h"
#include "screens/frame.h"
#include "tui/terminal.h"

#include <stdio.h>
#include <string.h>

enum { ERRORS_KEPT = 200, TICK_MS = 1000 };

struct console {
	struct console_options options;
	struct terminal *terminal;
	VEC(struct layer *) layers;
	VEC(struct layer *) dead; /* freed when no handler is running */
	VEC(struct error) errors;
	struct str message, farewell;
	enum role message_role;
	uint64_t tick;
	bool small; /* the terminal is: nothing is shown, so keys do nothing but end it */
	bool quit;
};

struct app *console_app(const struct console *console)
{
	return console->options.app;
}

const struct console_options *console_settings(const struct console *console)
{
	return &console->options;
}

static struct layer *top(const struct console *console)
{
	return console->layers.count ? console->layers.at[console->layers.count - 1] : NULL;
}

bool console_is_top(const struct layer *layer)
{
	return top(layer->console) == layer;
}

void console_redraw(struct console *console)
{
	if (console->terminal)
		terminal_redraw(console->terminal);
}

void console_push(struct console *console, struct layer *layer)
{
	vec_push(&console->layers, layer);
	console_redraw(console);
}

void console_pop(struct console *console, struct layer *layer)
{
	while (console->layers.count) {
		struct layer *last = top(console);

		console->layers.count--;
		vec_push(&console->dead, last);
		if (last == layer)
			break;
	}
	if (top(console) && top(console)->kind->resumed)
		top(console)->kind->resumed(top(console));
	console_redraw(console);
}

static void bury(struct console *console)
{
	for (size_t i = 0; i < console->dead.count; i++)
		console->dead.at[i]->kind->free(console->dead.at[i]);
	console->dead.count = 0;
}

void console_quit(struct console *console)
{
	console->quit = true;
	loop_stop(console->options.app->loop);
}

void console_practice(struct console *console)
{
	if (console->options.practice)
		*console->options.practice = true;
	console_quit(console);
}

void console_say(struct console *console, enum role role, const char *format, ...)
{
	va_list arguments;

	str_clear(&console->message);
	va_start(arguments, format);
	str_add_vformat(&console->message, format, arguments);
	va_end(arguments);
	console->message_role = role;
	console_redraw(console);
}

void console_hush(struct console *console)
{
	str_clear(&console->message);
	console_redraw(console);
}

void console_error(struct console *console, const struct error *err)
{
	if (console->errors.count == ERRORS_KEPT) {
		memmove(console->errors.at, console->errors.at + 1, (ERRORS_KEPT - 1) * sizeof *console->errors.at);
		console->errors.count--;
	}
	vec_push(&console->errors, *err);
	console_say(console, ROLE_BAD, "%s %s%s%s%s%s", glyph(GLYPH_BAD), err->message, *err->hint ? " " : "", *err->hint ? glyph(GLYPH_ARROW) : "",
		*err->hint ? " " : "", err->hint);
}

void console_farewell(struct console *console, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	str_add_vformat(&console->farewell, format, arguments);
	va_end(arguments);
	str_add_char(&console->farewell, '\n');
}

static bool is_typing(const struct layer *layer)
{
	return layer->kind->typing && layer->kind->typing(layer);
}

/* What every screen does alike, after the layer itself did not want it. */
static void act_anywhere(struct console *console, struct layer *layer, enum action action)
{
	if (action == ACT_HELP)
		console_push(console, help_new(console, layer));
	else if (action == ACT_ERRORS)
		console_push(console, errors_new(console, console->errors.at, console->errors.count));
	else if ((action == ACT_ESCAPE || action == ACT_LEAVE) && layer->kind->popup)
		console_pop(console, layer);
}

/* Everything is kept, as with Ctrl-C. */
static void press_small(struct console *console, const struct press *press)
{
	if (press->kind == PRESS_CHARACTER && press->point == 'q')
		console_quit(console);
}

static void on_press(void *self, const struct press *press)
{
	struct console *console = self;
	struct layer *layer = top(console);
	bool typing = is_typing(layer);
	enum action action = action_of(press, layer->kind->where(layer), typing);
	const char *why;

	if (console->small) {
		press_small(console, press);
		return;
	}
	if (action == ACT_NONE) {
		layer->kind->press(layer, press);
	} else if (layer->kind->why_not && (why = layer->kind->why_not(layer, action))) {
		console_say(console, ROLE_WARNING, "%s %s", glyph(GLYPH_WARNING), why);
	} else if (!layer->kind->act(layer, action)) {
		act_anywhere(console, layer, action);
	}
	bury(console);
	console_redraw(console);
}

static void on_draw(void *self, int rows, int columns)
{
	struct console *console = self;
	size_t screen = console->layers.count;
	struct area area;

	if (!screen)
		return;
	do
		screen--;
	while (screen && console->layers.at[screen]->kind->popup);
	console->small = frame_is_small(rows, columns);
	area = frame_draw(console->layers.at[screen], top(console), str_text(&console->message), console->message_role, rows, columns);
	for (size_t i = screen + 1; area.rows && i < console->layers.count; i++)
		console->layers.at[i]->kind->draw(console->layers.at[i], area);
}

static void on_leave(void *self, int signal_number)
{
	struct console *console = self;

	(void)signal_number;
	console_quit(console);
}

static bool on_busy(void *self)
{
	const struct console *console = self;

	for (size_t i = 0; i < console->layers.count; i++)
		if (console->layers.at[i]->kind->busy && console->layers.at[i]->kind->busy(console->layers.at[i]))
			return true;
	return false;
}

/* Seconds are shown where something is under way; a form at rest sends nothing. */
static void on_tick(void *self)
{
	struct console *console = self;

	console->tick = loop_after(console->options.app->loop, TICK_MS, on_tick, console);
	if (on_busy(console))
		console_redraw(console);
}

static void say_farewell(const struct console *console)
{
	if (console->farewell.length)
		fputs(str_text(&console->farewell), stdout);
}

static void save_all(struct console *console)
{
	for (size_t i = 0; i < console->layers.count; i++)
		if (console->layers.at[i]->kind->save)
			console->layers.at[i]->kind->save(console->layers.at[i]);
}

static void console_done(struct console *console)
{
	while (console->layers.count)
		vec_push(&console->dead, console->layers.at[--console->layers.count]);
	bury(console);
	vec_done(&console->layers);
	vec_done(&console->dead);
	vec_done(&console->errors);
	str_done(&console->message);
	str_done(&console->farewell);
}

enum status console_run(const struct console_options *options, struct error *err)
{
	struct console console = { .options = *options };
	const struct terminal_options terminal = { .loop = options->app->loop, .ascii = options->ascii, .no_color = options->no_color };
	const struct terminal_face face = { .press = on_press, .draw = on_draw, .leave = on_leave, .busy = on_busy, .self = &console };
	enum status status = terminal_open(&terminal, &face, &console.terminal, err);

	if (status != STATUS_OK)
		return status;
	console_push(&console, home_new(&console));
	if (options->welcome)
		console_say(&console, ROLE_GOOD, "%s", options->welcome);
	on_tick(&console);
	loop_run(options->app->loop, &console.quit);
	save_all(&console);
	loop_cancel(options->app->loop, console.tick);
	terminal_close(console.terminal);
	console.terminal = NULL;
	say_farewell(&console);
	console_done(&console);
	return STATUS_OK;
}
