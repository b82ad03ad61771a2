/* All dataflows at once, the instances they go to, and what happened lately. Enter shows one in depth; leaving it stops nothing. */
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "screens/browse.h"
#include "screens/flow_state.h"
#include "screens/frame.h"
#include "screens/gauges.h"
#include "screens/live.h"
#include "screens/monitor.h"
#include "screens/words.h"
#include "tui/cursor.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { QUIET_MS = 30 * 1000 /* a run that goes on and has said nothing for so long */ };

struct all {
	struct layer layer;
	struct live live;
	struct cursor cursor;
	char *focused; /* the dataflow: rows move when others come and go */
	struct deeds *deeds;
};

static const char *focused_name(const struct all *all)
{
	const dataflow_list *flows = &all->live.overview.dataflows;

	return all->cursor.at < flows->count ? flows->at[all->cursor.at].name : NULL;
}

static const struct run *focused_run(const struct all *all)
{
	return focused_name(all) && all->live.overview.last.at[all->cursor.at].id ? &all->live.overview.last.at[all->cursor.at] : NULL;
}

/* The focus follows the dataflow, not the row. */
static void looked(void *self, bool news)
{
	struct all *all = self;
	const dataflow_list *flows = &all->live.overview.dataflows;

	if (!news)
		return;
	cursor_fit(&all->cursor, flows->count, all->cursor.seen ? all->cursor.seen : 1);
	for (size_t i = 0; all->focused && i < flows->count; i++)
		if (strcmp(flows->at[i].name, all->focused) == 0)
			cursor_to(&all->cursor, i);
	mem_replace(&all->focused, focused_name(all));
}

static void changed(struct layer *layer)
{
	live_look(&((struct all *)layer)->live);
}

static unsigned all_where(const struct layer *layer)
{
	return AT_MONITOR | (focused_name((const struct all *)layer) ? AT_ROW : 0);
}

static bool all_press(struct layer *layer, const struct press *press)
{
	struct all *all = (struct all *)layer;
	bool moved = cursor_press(&all->cursor, press);

	mem_replace(&all->focused, focused_name(all));
	return moved;
}

static void show_failures(struct all *all)
{
	char id[24];

	snprintf(id, sizeof id, "%" PRId64, focused_run(all)->id);
	console_push(all->layer.console, browse_new(all->layer.console, BROWSE_FAILURES, id, NULL));
}

static bool all_act(struct layer *layer, enum action action)
{
	struct all *all = (struct all *)layer;

	switch (action) {
	case ACT_OPEN:
		console_hush(layer->console);
		console_push(layer->console, monitor_watch(layer->console, focused_name(all)));
		return true;
	case ACT_FAILURES:
		show_failures(all);
		return true;
	case ACT_FETCH:
		live_look(&all->live);
		return true;
	case ACT_LEAVE:
		console_pop(layer->console, layer);
		return true;
	default:
		return focused_name(all) && deeds_do(all->deeds, action, BROWSE_DATAFLOWS, focused_name(all), focused_name(all));
	}
}

static const char *all_why_not(const struct layer *layer, enum action action)
{
	const struct all *all = (const struct all *)layer;
	const struct run *run = focused_run(all);

	if ((action == ACT_OPEN || action == ACT_FAILURES) && !run)
		return _("it has not run yet");
	if ((action == ACT_STOP || action == ACT_PAUSE) && (!run || !run_state_is_going(run->state) || overview_is_interrupted(&all->live.overview, run->id)))
		return _("no run of it is going on");
	return deeds_why_not(layer->console, action);
}

/* Where the columns stand, from the right; a gauge where there is room for one. */
struct columns {
	bool gauge;
	int name, state, done, rate, failed, heard; /* of the last four: 5, and what is up to the next one */
};

static struct columns columns_for(struct area area)
{
	if (area.columns >= FRAME_FULL_COLUMNS - 2)
		return (struct columns){ true, 2, 21, area.columns - 31, area.columns - 26, area.columns - 18, area.columns - 9 };
	return (struct columns){ false, 2, 17, area.columns - 28, area.columns - 23, area.columns - 16, area.columns - 8 };
}

/* How long ago the run's row was written last; a process that should say something and does not is pointed at. */
static void draw_age(const struct all *all, const struct run *run, struct area area, int row, const struct columns *at)
{
	bool quiet = run->state == RUN_RUNNING && clock_wall_ms() - run->told_at > QUIET_MS && !overview_is_interrupted(&all->live.overview, run->id);
	char age[16], *text;

	if (!run->told_at)
		return;
	age_text(clock_wall_ms() - run->told_at, age);
	text = mem_printf("%s%s", quiet ? glyph(GLYPH_WARNING) : "", age);
	paint_right(area, row, at->heard, area.columns - at->heard, quiet ? ROLE_WARNING : ROLE_TEXT, text);
	mem_free(text);
}

static void draw_flow(const struct all *all, struct area area, int row, size_t place)
{
	const struct dataflow *dataflow = &all->live.overview.dataflows.at[place];
	const struct run *run = &all->live.overview.last.at[place];
	struct columns at = columns_for(area);
	bool here = place == all->cursor.at;
	enum glyph sign;
	enum role role;
	const char *state = flow_state(&all->live.overview, place, &sign, &role);
	char number[32];

	if (here) {
		paint_text(area, row, 0, 0, ROLE_TITLE, glyph(GLYPH_HERE));
		paint_cursor(area, row, 0, true);
	}
	paint_text(area, row, at.name, at.state - at.name - 1, here ? ROLE_SELECTED : ROLE_TEXT, dataflow->name);
	paint_format(area, row, at.state, 12, role, "%s %s", glyph(sign), state);
	if (!run->id)
		return;
	if (at.gauge)
		paint_gauge(area, row, at.state + 13, 12, run->received > 0 ? (double)run_finished(run) / (double)run->received : 1.0);
	snprintf(number, sizeof number, "%.0f %%", run->received > 0 ? 100.0 * (double)run_finished(run) / (double)run->received : 100.0);
	paint_right(area, row, at.done, 5, ROLE_TEXT, number);
	if (run->records_per_second > 0)
		paint_right(area, row, at.rate, at.failed - at.rate, ROLE_TEXT, number_text((int64_t)run->records_per_second, number));
	paint_right(area, row, at.failed, at.heard - at.failed, run->failed ? ROLE_BAD : ROLE_TEXT, number_text(run->failed, number));
	draw_age(all, run, area, row, &at);
}

static void draw_flows(struct all *all, struct area area, int rows)
{
	struct columns at = columns_for(area);
	struct area list = { area.row + 1, area.column, rows - 1, area.columns };
	size_t count = all->live.overview.dataflows.count;

	paint_text(area, 0, at.name, at.state - at.name - 1, ROLE_DIM, _("DATAFLOW"));
	paint_text(area, 0, at.state, 12, ROLE_DIM, _("STATE"));
	paint_right(area, 0, at.done - 4, 9, ROLE_DIM, _("DONE"));
	paint_right(area, 0, at.rate, at.failed - at.rate, ROLE_DIM, _("REC/S"));
	paint_right(area, 0, at.failed, at.heard - at.failed, ROLE_DIM, _("FAILED"));
	paint_right(area, 0, at.heard, area.columns - at.heard, ROLE_DIM, _("HEARD"));
	cursor_fit(&all->cursor, count, list.rows > 0 ? (size_t)list.rows : 0);
	for (int row = 0; row < list.rows && all->cursor.top + (size_t)row < count; row++)
		draw_flow(all, list, row, all->cursor.top + (size_t)row);
	if (!count)
		paint_text(list, 0, 2, 0, ROLE_DIM, _("there is no dataflow yet: n on the first screen sets one up"));
}

static void draw_instance(const struct all *all, struct area area, int row, size_t account)
{
	const struct account *is = &all->live.overview.accounts.at[account];
	bool named = is->environment && *is->environment;
	bool own_name = strcmp(is->name, is->munchkin_id) != 0;
	char *title = mem_printf("Marketo %s%s%s%s%s", is->name, own_name ? ", " : "", own_name ? is->munchkin_id : "", named ? ", " : "", named ? is->environment : "");

	paint_rule(area, row, title, NULL);
	gauges_draw(&all->live.overview, account, area_inside(area), row, false);
	mem_free(title);
}

/* As many instances as fit, that of the dataflow with the focus first. Returns the rows used. */
static int draw_instances(const struct all *all, struct area area, int row, int rows)
{
	const struct overview *overview = &all->live.overview;
	size_t first = focused_name(all) ? overview_account(overview, all->cursor.at) : 0, count = overview->accounts.count;
	int used = 0;

	for (size_t i = 0; i < count && used + 1 + GAUGE_ROWS <= rows; i++) {
		size_t account = i == 0 ? first : i <= first ? i - 1 : i;

		if (first >= count)
			account = i;
		draw_instance(all, area, row + used, account);
		used += 1 + GAUGE_ROWS;
	}
	return used;
}

static void all_draw(struct layer *layer, struct area area)
{
	struct all *all = (struct all *)layer;
	struct area inside = area_inside(area);
	int instances = (int)(all->live.overview.accounts.count < 50 ? all->live.overview.accounts.count : 50) * (1 + GAUGE_ROWS), events = inside.rows / 4, flows;
	char *title = mem_printf(_("Dataflows %zu"), all->live.overview.dataflows.count), *age = live_age(&all->live);
	int most = inside.rows - events - 6; /* a few dataflows are always seen */

	instances = instances <= most ? instances : most > 1 + GAUGE_ROWS ? most / (1 + GAUGE_ROWS) * (1 + GAUGE_ROWS) : 1 + GAUGE_ROWS;
	flows = inside.rows - instances - events - 1;
	paint_frame(area, title, age, false);
	draw_flows(all, inside, flows);
	draw_instances(all, area, flows + 1, instances);
	paint_rule(area, flows + instances + 1, _("What happened, newest first"), NULL);
	events_draw(&all->live.overview.events, NULL, NULL, (struct area){ inside.row + flows + instances + 1, inside.column, events, inside.columns });
	mem_free(title);
	mem_free(age);
}

static void all_head(const struct layer *layer, struct str *left, struct str *right)
{
	const struct overview *overview = &((const struct all *)layer)->live.overview;
	char when[CLOCK_TEXT];

	str_add_format(left, " - %s", _("Monitor"));
	if (overview->going_on.count)
		str_add_format(right, _("%zu going on - "), overview->going_on.count);
	str_add(right, clock_format(clock_wall_ms(), when) + 11);
}

static void all_resumed(struct layer *layer)
{
	live_look(&((struct all *)layer)->live);
}

static bool all_busy(const struct layer *layer)
{
	return deeds_busy(((const struct all *)layer)->deeds);
}

static void all_free(struct layer *layer)
{
	struct all *all = (struct all *)layer;

	live_end(&all->live);
	deeds_free(all->deeds);
	mem_free(all->focused);
	mem_free(all);
}

static const struct layer_kind all_kind = {
	.where = all_where,
	.press = all_press,
	.act = all_act,
	.why_not = all_why_not,
	.draw = all_draw,
	.head = all_head,
	.resumed = all_resumed,
	.busy = all_busy,
	.free = all_free,
};

struct layer *monitor_all(struct console *console)
{
	struct all *all = mem_alloc(sizeof *all);

	all->layer = (struct layer){ &all_kind, console };
	all->deeds = deeds_new(&all->layer, changed);
	live_begin(&all->live, console, looked, all);
	return &all->layer;
}
