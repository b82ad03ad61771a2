#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "screens/frame.h"
#include "screens/popups.h"
#include "tui/cursor.h"
#include "tui/editor.h"
#include "tui/filter.h"
#include "tui/fuzzy.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct picker {
	struct layer layer;
	struct picker_options options;
	char *title, *empty;
	picker_items items;
	struct picker_item own; /* what was typed, where it can be chosen: it stands behind the items */
	VEC(size_t) shown; /* places in items that fit the filter */
	VEC(size_t) ticks; /* places in items, in the order of ticking */
	struct cursor cursor;
	struct editor filter;
	char *waiting;     /* what is awaited; NULL: nothing */
	int64_t since;
	char *problem;
};

enum { PICKER_COLUMNS = 70, PICKER_ROWS = 16, LATE = 1 << 24 /* above any score */ };

void picker_add(picker_items *items, const char *value, const char *text, const char *note)
{
	struct picker_item item = { .value = mem_strdup(value), .text = mem_strdup(text ? text : value), .note = mem_strdup(note) };

	vec_push(items, item);
}

void picker_items_done(picker_items *items)
{
	for (size_t i = 0; i < items->count; i++) {
		mem_free(items->at[i].value);
		mem_free(items->at[i].text);
		mem_free(items->at[i].note);
	}
	vec_done(items);
}

/* At a place in items, or behind them. */
static struct picker_item *item_at(struct picker *picker, size_t place)
{
	return place < picker->items.count ? &picker->items.at[place] : &picker->own;
}

static bool is_there(const struct picker *picker, const char *text)
{
	for (size_t i = 0; i < picker->items.count; i++)
		if (strcmp(picker->items.at[i].text, text) == 0)
			return true;
	return false;
}

/* A row of its own: what Enter takes is always the row with the focus. */
static void show_own(struct picker *picker)
{
	const char *typed = str_text(&picker->filter.text);

	if (!picker->options.free_text || !*typed || is_there(picker, typed))
		return;
	mem_replace(&picker->own.value, typed);
	mem_replace(&picker->own.text, typed);
	mem_replace(&picker->own.note, _("new: as typed"));
	vec_push(&picker->shown, picker->items.count);
}

struct ranked {
	int score;
	size_t place;
};

static int compare_ranked(const void *a, const void *b)
{
	const struct ranked *one = a, *other = b;

	if (one->score != other->score)
		return one->score > other->score ? -1 : 1;
	return one->place < other->place ? -1 : one->place > other->place;
}

/* The best first, what cannot be had last; in their own order while nothing is typed. */
static void show_ranked(struct picker *picker, const char *pattern)
{
	VEC(struct ranked) ranks = { 0 };

	for (size_t i = 0; i < picker->items.count; i++) {
		struct ranked one = { fuzzy_score(pattern, picker->items.at[i].text), i };

		if (one.score < 0)
			continue;
		if (picker->items.at[i].faint)
			one.score = INT_MIN;
		else if (picker->items.at[i].late && strncmp(pattern, picker->items.at[i].text, strlen(pattern)) != 0)
			one.score -= LATE;
		vec_push(&ranks, one);
	}
	if (ranks.count)
		qsort(ranks.at, ranks.count, sizeof *ranks.at, compare_ranked);
	for (size_t i = 0; i < ranks.count; i++)
		vec_push(&picker->shown, ranks.at[i].place);
	vec_done(&ranks);
}

static void show_fitting(struct picker *picker, const char *pattern)
{
	for (size_t i = 0; i < picker->items.count; i++)
		if (filter_fits(pattern, picker->items.at[i].text) || filter_fits(pattern, picker->items.at[i].value))
			vec_push(&picker->shown, i);
}

static void apply_filter(struct picker *picker, const char *keep)
{
	const char *pattern = str_text(&picker->filter.text);
	size_t at = 0;

	picker->shown.count = 0;
	if (picker->options.ranked)
		show_ranked(picker, pattern);
	else
		show_fitting(picker, pattern);
	for (size_t i = 0; keep && i < picker->shown.count; i++)
		if (strcmp(keep, picker->items.at[picker->shown.at[i]].value) == 0)
			at = i;
	show_own(picker);
	picker->cursor.count = picker->shown.count;
	cursor_to(&picker->cursor, at);
}

static struct picker_item *focused(struct picker *picker)
{
	return picker->cursor.at < picker->shown.count ? item_at(picker, picker->shown.at[picker->cursor.at]) : NULL;
}

static unsigned picker_where(const struct layer *layer)
{
	const struct picker *picker = (const struct picker *)layer;

	return AT_POPUP | AT_CHOICE | (picker->options.several ? AT_CHECKS : 0);
}

/* Characters are the filter; a space ticks, since it is no use in a name's search. */
static bool picker_typing(const struct layer *layer)
{
	(void)layer;
	return true;
}

static void tick(struct picker *picker)
{
	struct picker_item *item = focused(picker);
	size_t place, kept = 0;

	if (!item)
		return;
	place = picker->shown.at[picker->cursor.at];
	item->ticked = !item->ticked;
	for (size_t i = 0; i < picker->ticks.count; i++)
		if (picker->ticks.at[i] != place)
			picker->ticks.at[kept++] = picker->ticks.at[i];
	picker->ticks.count = kept;
	if (item->ticked)
		vec_push(&picker->ticks, place);
}

static void changed_filter(struct picker *picker)
{
	struct picker_item *item = focused(picker);

	if (picker->options.searched)
		picker->options.searched(picker->options.self, str_text(&picker->filter.text));
	apply_filter(picker, item && !picker->options.ranked ? item->value : NULL);
}

static bool picker_press(struct layer *layer, const struct press *press)
{
	struct picker *picker = (struct picker *)layer;

	if (picker->options.several && press->kind == PRESS_CHARACTER && press->point == ' ')
		tick(picker);
	else if (press->kind != PRESS_HOME && press->kind != PRESS_END && cursor_press(&picker->cursor, press))
		return true;
	else if (editor_press(&picker->filter, press) == EDITOR_CHANGED)
		changed_filter(picker);
	return true;
}

static void finish(struct picker *picker, const struct picker_item *items, size_t count)
{
	void (*closed)(void *) = picker->options.closed;

	console_pop(picker->layer.console, &picker->layer);
	if (items)
		picker->options.chosen(picker->options.self, items, count);
	if (closed)
		closed(picker->options.self);
}

static void choose_ticked(struct picker *picker)
{
	VEC(struct picker_item) chosen = { 0 };

	for (size_t i = 0; i < picker->ticks.count; i++)
		vec_push(&chosen, picker->items.at[picker->ticks.at[i]]);
	if (!chosen.count && focused(picker))
		vec_push(&chosen, *focused(picker));
	if (chosen.count)
		finish(picker, chosen.at, chosen.count);
	vec_done(&chosen);
}

static void choose(struct picker *picker)
{
	struct picker_item *item = focused(picker);

	if (picker->waiting)
		return;
	if (picker->options.several)
		choose_ticked(picker);
	else if (item && (!picker->options.may || picker->options.may(picker->options.self, item)))
		finish(picker, item, 1);
}

static bool picker_act(struct layer *layer, enum action action)
{
	struct picker *picker = (struct picker *)layer;

	if (action == ACT_OPEN)
		choose(picker);
	else if (action == ACT_ESCAPE && picker->filter.text.length && !picker->waiting) {
		editor_set(&picker->filter, "");
		changed_filter(picker);
	} else if (action == ACT_ESCAPE)
		finish(picker, NULL, 0);
	else
		return false;
	return true;
}

/* The last column of the text: a long one takes what its note leaves over. */
static int text_end(const struct picker_item *item, int columns)
{
	int usual = (columns - 4) * 2 / 3, most = item->note ? columns - 4 - text_columns(item->note) : columns - 3;

	return !item->note || (most > usual && text_columns(item->text) > usual) ? most : usual;
}

static void draw_rows(struct picker *picker, struct area list)
{
	cursor_fit(&picker->cursor, picker->shown.count, list.rows > 0 ? (size_t)list.rows : 0);
	for (int row = 0; row < list.rows && picker->cursor.top + (size_t)row < picker->shown.count; row++) {
		size_t place = picker->cursor.top + (size_t)row;
		const struct picker_item *item = item_at(picker, picker->shown.at[place]);
		bool here = place == picker->cursor.at;
		enum role role = here ? ROLE_SELECTED : item->faint ? ROLE_DIM : ROLE_TEXT;
		int at = 2, wide = text_end(item, list.columns);

		if (here)
			paint_fill((struct area){ list.row + row, list.column, 1, list.columns }, role);
		paint_text(list, row, 0, 0, role, here ? glyph(GLYPH_HERE) : " ");
		if (picker->options.several)
			at += paint_text(list, row, at, 0, role, glyph(item->ticked ? GLYPH_CHECK_ON : GLYPH_CHECK_OFF)) + 1;
		paint_text(list, row, at, wide - at + 2, role, item->text);
		if (item->note)
			paint_text(list, row, wide + 3, 0, here ? role : ROLE_DIM, item->note);
	}
}

static void draw_state(struct picker *picker, struct area inside)
{
	int row = picker->waiting ? 2 : 2 + (int)picker->shown.count;

	if (picker->waiting)
		paint_format(inside, row, 1, 0, ROLE_BUSY, _("%s %s, %" PRId64 " s. Esc gives up."), glyph(GLYPH_BUSY), picker->waiting,
			(clock_mono_ms() - picker->since) / 1000);
	else if (picker->problem)
		paint_wrapped((struct area){ inside.row, inside.column + 1, inside.rows, inside.columns - 2 }, row, inside.rows - row, ROLE_BAD, picker->problem);
	else if (!picker->items.count && picker->empty)
		paint_wrapped((struct area){ inside.row, inside.column + 1, inside.rows, inside.columns - 2 }, row, inside.rows - row, ROLE_DIM, picker->empty);
	else if (!picker->shown.count)
		paint_text(inside, row, 1, 0, ROLE_DIM, _("nothing fits the filter"));
}

static void picker_draw(struct layer *layer, struct area area)
{
	struct picker *picker = (struct picker *)layer;
	struct area inside = frame_box(area, PICKER_ROWS, PICKER_COLUMNS, picker->title);
	char count[64];

	snprintf(count, sizeof count, _("%zu of %zu"), picker->shown.count, picker->items.count);
	paint_text(inside, 0, 1, 0, ROLE_TEXT, _("filter:"));
	editor_paint(&picker->filter, inside, 0, 9, inside.columns - 26, true);
	paint_right(inside, 0, inside.columns - 16, 15, ROLE_DIM, count);
	if (picker->shown.count && !picker->waiting)
		draw_rows(picker, (struct area){ inside.row + 1, inside.column, inside.rows - 1, inside.columns });
	if (!picker->shown.count || picker->waiting || picker->problem)
		draw_state(picker, inside);
}

static bool picker_busy(const struct layer *layer)
{
	return ((const struct picker *)layer)->waiting != NULL;
}

static void picker_free(struct layer *layer)
{
	struct picker *picker = (struct picker *)layer;

	picker_items_done(&picker->items);
	mem_free(picker->own.value);
	mem_free(picker->own.text);
	mem_free(picker->own.note);
	vec_done(&picker->shown);
	vec_done(&picker->ticks);
	editor_done(&picker->filter);
	mem_free(picker->title);
	mem_free(picker->empty);
	mem_free(picker->waiting);
	mem_free(picker->problem);
	mem_free(picker);
}

static const struct layer_kind picker_kind = {
	.popup = true,
	.where = picker_where,
	.typing = picker_typing,
	.press = picker_press,
	.act = picker_act,
	.draw = picker_draw,
	.busy = picker_busy,
	.free = picker_free,
};

struct picker *picker_open(struct console *console, const struct picker_options *options)
{
	struct picker *picker = mem_alloc(sizeof *picker);

	picker->layer = (struct layer){ &picker_kind, console };
	picker->options = *options;
	picker->title = mem_strdup(options->title);
	picker->empty = mem_strdup(options->empty);
	editor_init(&picker->filter, "", false);
	console_push(console, &picker->layer);
	return picker;
}

void picker_fill(struct picker *picker, picker_items *items, const char *value)
{
	picker_items_done(&picker->items);
	picker->items.at = items->at;
	picker->items.count = items->count;
	picker->items.capacity = items->capacity;
	*items = (picker_items){ 0 };
	mem_replace(&picker->waiting, NULL);
	mem_replace(&picker->problem, NULL);
	picker->ticks.count = 0;
	for (size_t i = 0; i < picker->items.count; i++)
		if (picker->items.at[i].ticked)
			vec_push(&picker->ticks, i);
	apply_filter(picker, value);
	console_redraw(picker->layer.console);
}

void picker_wait(struct picker *picker, const char *what)
{
	mem_replace(&picker->waiting, what);
	mem_replace(&picker->problem, NULL);
	picker->since = clock_mono_ms();
	console_redraw(picker->layer.console);
}

void picker_fail(struct picker *picker, const struct error *err)
{
	mem_replace(&picker->waiting, NULL);
	mem_free(picker->problem);
	picker->problem = mem_printf("%s %s\n%s %s", glyph(GLYPH_BAD), err->message, *err->hint ? glyph(GLYPH_ARROW) : "", err->hint);
	console_redraw(picker->layer.console);
}
