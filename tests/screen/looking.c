/* Commands that ask what is to be seen. */
#include "driver.h"

#include "hostile.h"
#include "picture.h"
#include "words.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Lets things happen until the screen may be judged and fits, or the deadline. */
static bool wait_for(struct driver *d, bool busy_too, bool (*fits)(struct driver *d, const char *text), const char *text)
{
	struct terminal *t = &d->terminal;
	int64_t until = now_us() + d->deadline;

	driver_turn(d, 0);
	for (;;) {
		if (t->frames.wrong.length)
			return false;
		if (terminal_settled(t, busy_too) && fits(d, text))
			return true;
		if (!t->running || now_us() >= until)
			return false;
		driver_turn(d, until);
	}
}

static bool has(struct driver *d, const char *text)
{
	int row, column;

	return picture_find(&d->terminal, text, &row, &column);
}

static bool has_not(struct driver *d, const char *text)
{
	return !has(d, text);
}

static bool always(struct driver *d, const char *text)
{
	(void)d;
	(void)text;
	return true;
}

static bool look(struct driver *d, const struct args *args, bool busy_too, bool wanted)
{
	struct str text = { 0 };
	int row = 0, column = 0;
	bool good = false;

	if (!d->terminal.vterm)
		return failed(d, "nothing was started");
	if (text_of(d, args, &text)) {
		good = wait_for(d, busy_too, wanted ? has : has_not, text.text);
		if (!good)
			failed_screen(d, wanted ? "not seen" : "still seen");
		else if (picture_find(&d->terminal, text.text, &row, &column))
			str_add_format(&d->answer, "%d %d", row, column);
	}
	str_done(&text);
	return good;
}

static bool do_see(struct driver *d, const struct args *args) { return look(d, args, false, true); }
static bool do_gone(struct driver *d, const struct args *args) { return look(d, args, false, false); }
static bool do_see_busy(struct driver *d, const struct args *args) { return look(d, args, true, true); }
static bool do_gone_busy(struct driver *d, const struct args *args) { return look(d, args, true, false); }

static bool do_idle(struct driver *d, const struct args *args)
{
	(void)args;
	if (!d->terminal.vterm)
		return failed(d, "nothing was started");
	if (!wait_for(d, false, always, NULL))
		return failed_screen(d, "not idle");
	str_add_format(&d->answer, "%llu", d->terminal.frames.number);
	return true;
}

static bool do_busy(struct driver *d, const struct args *args)
{
	(void)args;
	if (!d->terminal.vterm)
		return failed(d, "nothing was started");
	if (!wait_for(d, true, always, NULL) || !d->terminal.running || !d->terminal.frames.busy)
		return failed_screen(d, "not busy");
	str_add_format(&d->answer, "%llu", d->terminal.frames.number);
	return true;
}

static bool do_restored(struct driver *d, const struct args *args)
{
	struct str what = { 0 };
	const char *left;

	(void)args;
	driver_turn(d, 0);
	left = terminal_left(&d->terminal, &what);
	str_add(&d->answer, left);
	if (*left)
		show_screen(d);
	str_done(&what);
	return !d->answer.length;
}

static bool row_number(struct driver *d, const char *word, int *row)
{
	int rows = d->terminal.rows;

	if (!d->terminal.vterm || !words_number(word, -rows, rows, row) || !*row)
		return failed(d, "no such row");
	if (*row < 0)
		*row += rows + 1;
	return true;
}

static bool do_row(struct driver *d, const struct args *args)
{
	int row = 0;

	driver_turn(d, 0);
	if (!row_number(d, args->words[0], &row))
		return false;
	picture_row(&d->terminal, row, &d->answer);
	return true;
}

static bool do_cursor(struct driver *d, const struct args *args)
{
	VTermPos at;

	(void)args;
	if (!d->terminal.vterm)
		return failed(d, "nothing was started");
	driver_turn(d, 0);
	vterm_state_get_cursorpos(vterm_obtain_state(d->terminal.vterm), &at);
	str_add_format(&d->answer, "%d %d %s", at.row + 1, at.col + 1, d->terminal.cursor_visible ? "visible" : "hidden");
	return true;
}

static bool do_attributes(struct driver *d, const struct args *args)
{
	int row = 0, column = 0;

	if (args->count != 2 || !words_number(args->words[1], 1, d->terminal.columns, &column))
		return failed(d, "ROW COLUMN");
	driver_turn(d, 0);
	if (!row_number(d, args->words[0], &row))
		return false;
	picture_attributes(&d->terminal, row, column, &d->answer);
	return true;
}

static bool write_screen(struct driver *d, const struct args *args, void (*write)(const struct terminal *t, FILE *file))
{
	FILE *file;

	if (!d->terminal.vterm)
		return failed(d, "nothing was started");
	driver_turn(d, 0);
	if (args->count != 1 || !(file = fopen(args->words[0], "we")))
		return failed(d, args->count == 1 ? strerror(errno) : "FILE");
	write(&d->terminal, file);
	return fclose(file) == 0 || failed(d, strerror(errno));
}

static void write_raw(const struct terminal *t, FILE *file)
{
	fwrite(str_text(&t->raw), 1, t->raw.length, file);
}

static bool do_dump(struct driver *d, const struct args *args) { return write_screen(d, args, picture_write); }
static bool do_attrs(struct driver *d, const struct args *args) { return write_screen(d, args, picture_write_attributes); }
static bool do_raw(struct driver *d, const struct args *args) { return write_screen(d, args, write_raw); }

static bool do_output_bytes(struct driver *d, const struct args *args)
{
	struct terminal *t = &d->terminal;

	(void)args;
	driver_turn(d, 0);
	str_add_format(&d->answer, "%zu", t->raw.length - t->counted);
	t->counted = t->raw.length;
	return true;
}

static bool do_frames(struct driver *d, const struct args *args)
{
	(void)args;
	if (!d->terminal.frames.speaks)
		return failed(d, "it does not tell of its frames");
	driver_turn(d, 0);
	str_add_format(&d->answer, "%llu", d->terminal.frames.number);
	return true;
}

static bool do_elapsed(struct driver *d, const struct args *args)
{
	struct terminal *t = &d->terminal;

	(void)args;
	if (!t->changed_at)
		return failed(d, "nothing has changed since the last input");
	str_add_format(&d->answer, "%lld", (long long)(t->changed_at - t->input_at + 999) / 1000);
	return true;
}

static bool do_hostile(struct driver *d, const struct args *args)
{
	static const char *const names[] = { "bell", "title", "clipboard" };
	unsigned allowed = 0;

	for (int i = 0; i < args->count; i++)
		for (unsigned n = 0; n < sizeof names / sizeof *names; n++)
			if (!strcmp(args->words[i], names[n]))
				allowed |= 1U << n;
	driver_turn(d, 0);
	return hostile_none(str_text(&d->terminal.raw), d->terminal.raw.length, allowed, &d->answer);
}

const struct command looking[] = {
	{ "see", do_see },                 /* TEXT: waits until it stands on an idle screen. Answers ROW COLUMN. */
	{ "gone", do_gone },               /* TEXT: waits until an idle screen is without it */
	{ "see-busy", do_see_busy },       /* the same two, of busy screens too */
	{ "gone-busy", do_gone_busy },
	{ "idle", do_idle },               /* waits for an idle frame after the last input. Answers its number. */
	{ "busy", do_busy },               /* waits for any frame after the last input, which must be busy */
	{ "row", do_row },                 /* N: its text. -1 is the last one. */
	{ "cursor", do_cursor },           /* ROW COLUMN visible|hidden */
	{ "attributes", do_attributes },   /* ROW COLUMN: see picture.h */
	{ "dump", do_dump },               /* FILE: the screen's text */
	{ "attrs", do_attrs },             /* FILE: its attributes */
	{ "raw", do_raw },                 /* FILE: all that the program wrote */
	{ "output-bytes", do_output_bytes }, /* how much it wrote since the last such command */
	{ "frames", do_frames },           /* how many there were: while nothing is typed, how often it painted */
	{ "elapsed", do_elapsed },         /* MS from the last input to the end of the first frame that changed the screen */
	{ "hostile", do_hostile },         /* [bell] [title] [clipboard]: fails when it wrote more than curses does (hostile.h) */
	{ "restored", do_restored },       /* fails unless the terminal is as it was before the program */
	{ NULL, NULL },
};
