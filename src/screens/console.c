#include "screens/console.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/vec.h"
#include "screens/frame.h"
#include "screens/hints.h"
#include "screens/popups.h"
#include "tui/terminal.h"

#include <stdio.h>
#include <string.h>

enum { ERRORS_KEPT = 200, TICK_MS = 1000, MOVE_MS = 250 };

struct console {
	struct console_options options;
	struct terminal *terminal;
	VEC(struct layer *) layers;
	VEC(struct layer *) dead; /* freed when no handler is running */
	VEC(struct error) errors;
	struct str message, hint, farewell;
	enum role message_role;
	bool message_kept; /* among the errors */
	uint64_t tick, moving; /* moving: a timer, while something that has moved waits for its paint */
	int64_t drawn_ms;      /* mono: the last paint */
	bool mouse; /* clicks are ours */
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

static void on_moved(void *self)
{
	struct console *console = self;

	console->moving = 0;
	console_redraw(console);
}

void console_moved(struct console *console)
{
	int64_t due = console->drawn_ms + (console->options.slow ? CONSOLE_SLOW_MS : MOVE_MS) - clock_mono_ms();

	if (due <= 0)
		console_redraw(console);
	else if (!console->moving)
		console->moving = loop_after(console->options.app->loop, (int)due, on_moved, console);
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
	console->message_kept = false;
	str_clear(&console->hint);
	console_redraw(console);
}

void console_hush(struct console *console)
{
	str_clear(&console->message);
	str_clear(&console->hint);
	console_redraw(console);
}

void console_solved(struct console *console)
{
	if (console->message_role == ROLE_BAD)
		console_hush(console);
}

/* Of the screen below all popups. */
static unsigned where_of(const struct console *console)
{
	for (size_t i = console->layers.count; i-- > 0;)
		if (!console->layers.at[i]->kind->popup)
			return console->layers.at[i]->kind->where(console->layers.at[i]);
	return 0;
}

void console_error(struct console *console, const struct error *err)
{
	char *hint;

	if (console->errors.count == ERRORS_KEPT) {
		memmove(console->errors.at, console->errors.at + 1, (ERRORS_KEPT - 1) * sizeof *console->errors.at);
		console->errors.count--;
	}
	vec_push(&console->errors, *err);
	hint = hint_with_keys(err->hint, where_of(console));
	console_say(console, ROLE_BAD, "%s %s", glyph(GLYPH_BAD), err->message);
	if (*hint)
		str_add_format(&console->hint, "%s %s", glyph(GLYPH_ARROW), hint);
	console->message_kept = true;
	mem_free(hint);
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

bool console_mouse(const struct console *console)
{
	return console->mouse;
}

/* Beside the store, for its owner only: a screen may show people. */
static void write_screen(struct console *console)
{
	const char *db = console->options.app->db, *slash = strrchr(db, '/');
	char when[CLOCK_TEXT], *path;
	struct str text = { 0 };
	struct error err = { 0 };

	if (console->options.app->operator) {
		console_say(console, ROLE_BAD, _("%s The screen would be written by the daemon, where you could not read it."), glyph(GLYPH_BAD));
		return;
	}
	clock_format(clock_wall_ms(), when);
	path = mem_printf("%.*sscreen-%s.txt", slash ? (int)(slash - db) + 1 : 0, db, when);
	terminal_text(console->terminal, &text);
	if (file_replace(path, str_text(&text), text.length, 0600, &err) == STATUS_OK)
		console_say(console, ROLE_GOOD, _("%s The screen is in %s"), glyph(GLYPH_GOOD), path);
	else
		console_error(console, &err);
	str_done(&text);
	mem_free(path);
}

static void copy(struct console *console, const struct layer *layer)
{
	char *text = layer->kind->copy ? layer->kind->copy(layer) : NULL;

	if (!text)
		console_say(console, ROLE_TEXT, _("There is nothing to copy here."));
	else if (terminal_copy(console->terminal, text))
		console_say(console, ROLE_GOOD, _("%s sent to the terminal's clipboard: %s"), glyph(GLYPH_GOOD), text);
	else
		console_say(console, ROLE_WARNING, _("%s too long for the terminal's clipboard"), glyph(GLYPH_WARNING));
	mem_free(text);
}

static void switch_mouse(struct console *console)
{
	console->mouse = !console->mouse;
	terminal_mouse(console->terminal, console->mouse);
	console_say(console, ROLE_TEXT, console->mouse ? _("Clicks move and open; the terminal selects text with Shift. M ends it.") : _("The mouse is the terminal's again."));
}

/* What every screen does alike, after the layer itself did not want it. */
static void act_anywhere(struct console *console, struct layer *layer, enum action action)
{
	if (action == ACT_HELP)
		console_push(console, help_new(console, layer));
	else if (action == ACT_MOUSE)
		switch_mouse(console);
	else if (action == ACT_COPY)
		copy(console, layer);
	else if (action == ACT_DUMP)
		write_screen(console);
	else if (action == ACT_PALETTE)
		palette_open(layer);
	else if (action == ACT_ERRORS)
		console_push(console, errors_new(console, console->errors.at, console->errors.count));
	else if ((action == ACT_ESCAPE || action == ACT_LEAVE) && layer->kind->popup)
		console_pop(console, layer);
	else if (action == ACT_ESCAPE)
		console_hush(console);
}

const char *console_refusal(const struct console *console, enum use_case use)
{
	static char told[PERMISSIONS][160];
	const struct app *app = console_app(console);
	unsigned lacking = app->operator && !app->operator->owner ? use_cases[use].needs & ~app->operator->permissions : 0;

	if (use_cases[use].changes && app->read_only)
		return _("this console is read-only");
	for (int i = 0; i < PERMISSIONS; i++) {
		if (lacking & 1u << i) {
			snprintf(told[i], sizeof told[i], _("%s is not granted to you"), permission_name(1u << i));
			return told[i];
		}
	}
	return NULL;
}

void console_act(struct layer *layer, enum action action)
{
	const char *why = layer->kind->why_not ? layer->kind->why_not(layer, action) : NULL;

	if (why)
		console_say(layer->console, ROLE_WARNING, "%s %s", glyph(GLYPH_WARNING), why);
	else if (!layer->kind->act(layer, action))
		act_anywhere(layer->console, layer, action);
}

/* Everything is kept, as with Ctrl-C. */
static void press_small(struct console *console, const struct press *press)
{
	if (press->kind == PRESS_CHARACTER && press->point == 'q')
		console_quit(console);
}

static void type(struct console *console, const struct press *press)
{
	struct layer *layer = top(console);
	bool typing = is_typing(layer);
	enum action action = action_of(press, layer->kind->where(layer), typing);
	const struct press twin = press_twin(press);

	if (console->small) {
		press_small(console, press);
		return;
	}
	if (action == ACT_NONE)
		layer->kind->press(layer, typing ? press : &twin);
	else
		console_act(layer, action);
	bury(console);
	console_redraw(console);
}

/* To where was clicked, as the arrows go, and opens what has the focus already: the focus is where the hardware cursor rests. */
static void click(struct console *console, const struct press *press)
{
	enum { STEPS_MOST = 200 };
	int row, before, column;

	terminal_cursor(console->terminal, &row, &column);
	if (row == press->row) {
		type(console, &(struct press){ .kind = PRESS_ENTER });
		return;
	}
	for (int i = 0; i < STEPS_MOST; i++) {
		bool down = row < press->row;

		before = row;
		type(console, &(struct press){ .kind = down ? PRESS_DOWN : PRESS_UP });
		terminal_paint(console->terminal);
		terminal_cursor(console->terminal, &row, &column);
		if (row == before || row == press->row || (row < press->row) != down)
			return;
	}
}

static void on_press(void *self, const struct press *press)
{
	struct console *console = self;

	if (press->kind == PRESS_CLICK)
		click(console, press);
	else
		type(console, press);
}

static void on_draw(void *self, int rows, int columns)
{
	struct console *console = self;
	size_t screen = console->layers.count;
	struct frame_said said;
	struct area area;

	loop_cancel(console->options.app->loop, console->moving);
	console->moving = 0;
	console->drawn_ms = clock_mono_ms();
	if (!screen)
		return;
	do
		screen--;
	while (screen && console->layers.at[screen]->kind->popup);
	console->small = frame_is_small(rows, columns);
	said = (struct frame_said){ .text = str_text(&console->message), .hint = str_text(&console->hint), .role = console->message_role, .kept = console->message_kept };
	area = frame_draw(console->layers.at[screen], top(console), &said, rows, columns);
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

	console->tick = loop_after(console->options.app->loop, console->options.slow ? CONSOLE_SLOW_MS : TICK_MS, on_tick, console);
	if (on_busy(console))
		console_moved(console);
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
	str_done(&console->hint);
	str_done(&console->farewell);
}

/* One line of the configuration; what is wrong with it is a line of complaints. */
static void take_wish(const char *const wish[3], enum terminal_theme *theme, struct str *complaints)
{
	char *why = NULL;

	if (strncmp(wish[1], "key.", 4) == 0)
		why = action_remap(wish[1] + 4, wish[2]);
	else if (!terminal_theme_parse(wish[2], theme))
		why = mem_printf(_("theme is terminal, light, high-contrast or colour-blind, not \"%s\""), wish[2]);
	if (why)
		str_add_format(complaints, "%s%s: %s", complaints->length ? "\n" : "", wish[0], why);
	mem_free(why);
}

enum status console_run(const struct console_options *options, struct error *err)
{
	struct console console = { .options = *options };
	struct str complaints = { 0 };
	struct terminal_options terminal = { .loop = options->app->loop, .ascii = options->ascii, .no_color = options->no_color };
	const struct terminal_face face = { .press = on_press, .draw = on_draw, .leave = on_leave, .busy = on_busy, .self = &console };
	enum status status;

	for (size_t i = 0; i + 2 < options->wish_count; i += 3)
		take_wish(&options->wishes[i], &terminal.theme, &complaints);
	status = terminal_open(&terminal, &face, &console.terminal, err);

	if (status != STATUS_OK)
		return status;
	console_push(&console, home_new(&console));
	if (complaints.length)
		console_say(&console, ROLE_WARNING, "%s %s", glyph(GLYPH_WARNING), str_text(&complaints));
	else if (options->welcome)
		console_say(&console, ROLE_GOOD, "%s", options->welcome);
	on_tick(&console);
	loop_run(options->app->loop, &console.quit);
	save_all(&console);
	loop_cancel(options->app->loop, console.tick);
	loop_cancel(options->app->loop, console.moving);
	terminal_close(console.terminal);
	console.terminal = NULL;
	say_farewell(&console);
	str_done(&complaints);
	console_done(&console);
	return STATUS_OK;
}
