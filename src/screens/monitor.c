#include "screens/monitor.h"

#include "app/ask.h"
#include "app/dataflows.h"
#include "app/destinations.h"
#include "app/runs.h"
#include "app/status.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "screens/answers.h"
#include "screens/popups.h"
#include "screens/words.h"
#include "tui/cursor.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { AVERAGED = 4, LOOK_MS = 500, SAMPLES = 120, WINDOW = 40 /* looks in 20 s */, REASON_ROWS = 3 };

struct monitor {
	struct layer layer;
	char *dataflow, *account;
	int64_t dataflow_id, run_id; /* run_id 0: not known yet */
	int64_t older;               /* the newest run before this one; 0: none */
	struct ask *ask;        /* the run this console started; NULL: somebody else's, or it has ended */
	struct error error;     /* how it ended */
	bool ended;
	char phase[16];         /* of its progress */
	int64_t done, total, left, waiting_ms;
	struct run run;
	bool alive;             /* a process works on it */
	int64_t opened_ms, looked_ms;
	uint64_t timer;
	double rates[SAMPLES];  /* records a second, the newest last */
	int64_t calls[WINDOW];  /* of the run at each look */
	size_t looks;
	int64_t finished_before, calls_today, daily_calls;
	int window_calls, window_limit;
	struct cursor cursor;   /* reasons */
};

static int64_t finished(const struct run *run)
{
	return run->activated + run->excluded + run->failed + run->unchanged;
}

static void add_sample(struct monitor *monitor, double seconds)
{
	int64_t now = finished(&monitor->run), calls = run_calls(&monitor->run);
	double rate = seconds > 0 ? (double)(now - monitor->finished_before) / seconds : 0;

	memmove(monitor->rates, monitor->rates + 1, (SAMPLES - 1) * sizeof *monitor->rates);
	monitor->rates[SAMPLES - 1] = rate < 0 ? 0 : rate;
	monitor->window_calls = (int)(calls - monitor->calls[monitor->looks % WINDOW]);
	monitor->calls[monitor->looks++ % WINDOW] = calls;
	monitor->finished_before = now;
}

/* Another run than before: what it did in the last 20 s counts, what it did earlier is long past. */
static void begin_samples(struct monitor *monitor, const struct run *run)
{
	bool young = clock_wall_ms() - run->started_at < WINDOW * LOOK_MS;

	monitor->looks = 0;
	monitor->finished_before = young ? 0 : finished(run);
	for (int i = 0; i < WINDOW; i++)
		monitor->calls[i] = young ? 0 : run_calls(run);
}

static void look_at_quota(struct monitor *monitor)
{
	struct overview overview = { 0 };

	if (app_status(console_app(monitor->layer.console), &overview, NULL) == STATUS_OK)
		for (size_t i = 0; i < overview.accounts.count; i++)
			if (monitor->account && strcmp(overview.accounts.at[i].name, monitor->account) == 0) {
				monitor->calls_today = overview.calls_today.at[i];
				monitor->daily_calls = overview.accounts.at[i].daily_calls;
				monitor->window_limit = overview.accounts.at[i].calls_per_20s;
			}
	overview_done(&overview);
}

/* The newest run of the dataflow, or 0. */
static int64_t newest(struct monitor *monitor)
{
	run_list runs = { 0 };
	struct error err = { 0 };
	int64_t id = 0;

	if (app_runs(console_app(monitor->layer.console), monitor->dataflow, &runs, &err) != STATUS_OK)
		console_error(monitor->layer.console, &err);
	if (runs.count)
		id = runs.at[0].id;
	run_list_done(&runs);
	return id;
}

/* What failed first, then the most frequent: the engine keeps them in the order they came. */
static int compare_reasons(const void *a, const void *b)
{
	const struct run_reason *one = a, *other = b;

	if (one->severity != other->severity)
		return one->severity > other->severity ? -1 : 1;
	if (one->count != other->count)
		return one->count > other->count ? -1 : 1;
	return strcmp(one->code, other->code);
}

/* The run as the store has it. */
static void look(struct monitor *monitor)
{
	struct app *app = console_app(monitor->layer.console);
	int64_t now = clock_mono_ms();
	struct error err = { 0 };
	struct run run;

	if (!monitor->run_id) {
		int64_t id = newest(monitor);

		monitor->run_id = id != monitor->older ? id : 0;
	}
	if (monitor->run_id && app_run_show(app, monitor->run_id, &run, &err) == STATUS_OK) {
		if (!monitor->run.id)
			begin_samples(monitor, &run);
		run_done(&monitor->run);
		monitor->run = run;
		if (run.reasons.count)
			qsort(monitor->run.reasons.at, monitor->run.reasons.count, sizeof *monitor->run.reasons.at, compare_reasons);
		add_sample(monitor, (double)(now - monitor->looked_ms) / 1000.0);
	} else if (monitor->run_id) {
		console_error(monitor->layer.console, &err);
	}
	if (app_run_is_alive(app, monitor->dataflow_id, &monitor->alive, NULL) != STATUS_OK)
		monitor->alive = false;
	look_at_quota(monitor);
	monitor->looked_ms = now;
}

static bool is_over(const struct monitor *monitor)
{
	if (!monitor->run.id)
		return monitor->ended; /* it did not come to a run */
	return !monitor->ask && (monitor->run.state != RUN_RUNNING || !monitor->alive);
}

static void on_timer(void *self)
{
	struct monitor *monitor = self;

	look(monitor);
	monitor->timer = is_over(monitor) ? 0 : loop_after(console_app(monitor->layer.console)->loop, LOOK_MS, on_timer, monitor);
	console_redraw(monitor->layer.console);
}

static void watch(struct monitor *monitor)
{
	loop_cancel(console_app(monitor->layer.console)->loop, monitor->timer);
	on_timer(monitor);
}

static void answered(void *self, enum status status, const struct json *answer, const struct error *err)
{
	struct monitor *monitor = self;

	(void)answer;
	monitor->ask = NULL;
	monitor->ended = true;
	monitor->error = *err;
	watch(monitor);
	if (status == STATUS_OK)
		console_say(monitor->layer.console, ROLE_GOOD, _("%s The run has ended: Marketo has what the source says."), glyph(GLYPH_GOOD));
	else if (status == STATUS_PARTIAL)
		console_say(monitor->layer.console, ROLE_WARNING, _("%s The run has ended; some records failed: f lists them."), glyph(GLYPH_WARNING));
	else
		console_error(monitor->layer.console, err);
}

static void progress(void *self, const struct json *line)
{
	struct monitor *monitor = self;
	const struct json *now = json_get(line, "progress");
	const char *phase = json_get_string(now, "phase");

	snprintf(monitor->phase, sizeof monitor->phase, "%s", phase ? phase : "");
	monitor->done = answer_number(now, "done");
	monitor->total = answer_number(now, "total");
	monitor->left = answer_number(now, "seconds_left");
	monitor->waiting_ms = answer_number(now, "waiting_ms");
	console_redraw(monitor->layer.console);
}

static unsigned monitor_where(const struct layer *layer)
{
	(void)layer;
	return AT_MONITOR;
}

static void answered_stop(void *self, size_t button)
{
	struct monitor *monitor = self;
	struct error err = { 0 };
	int64_t run_id;

	if (button)
		return;
	look(monitor); /* the question may have stood for long */
	if (is_over(monitor))
		console_say(monitor->layer.console, ROLE_TEXT, _("The run has ended meanwhile."));
	else if (app_stop(console_app(monitor->layer.console), monitor->dataflow, &run_id, &err) != STATUS_OK)
		console_error(monitor->layer.console, &err);
	else
		console_say(monitor->layer.console, ROLE_BUSY, _("%s Stopping: calls under way end first."), glyph(GLYPH_BUSY));
}

static void add_failure(picker_items *items, const struct failure *failure)
{
	char *text = mem_printf("%s  %s", failure->identity ? failure->identity : "-", failure->audience ? failure->audience : "");

	picker_add(items, failure->code, text, failure->message);
	mem_free(text);
}

static void no_choice(void *self, const struct picker_item *items, size_t count)
{
	struct monitor *monitor = self;

	(void)count;
	console_say(monitor->layer.console, ROLE_TEXT, "%s: %s", items[0].text, items[0].note ? items[0].note : items[0].value);
}

static void show_failures(struct monitor *monitor)
{
	enum { SHOWN = 1000 };
	failure_list list = { 0 };
	picker_items items = { 0 };
	struct error err = { 0 };
	int64_t total = 0;
	char *title;

	if (app_failures(console_app(monitor->layer.console), monitor->run.id, NULL, SHOWN, &list, &total, &err) != STATUS_OK) {
		console_error(monitor->layer.console, &err);
		return;
	}
	for (size_t i = 0; i < list.count; i++)
		add_failure(&items, &list.at[i]);
	title = total > SHOWN ? mem_printf(_("The first %d of %" PRId64 ": `penstock failures %" PRId64 "` lists all"), SHOWN, total, monitor->run.id) :
		mem_printf(_("Excluded and failed: `penstock failures %" PRId64 "`"), monitor->run.id);
	picker_fill(picker_open(monitor->layer.console, &(struct picker_options){ .title = title, .empty = _("nobody was excluded and nothing failed"), .chosen = no_choice,
		.self = monitor }), &items, NULL);
	mem_free(title);
	failure_list_done(&list);
}

static bool monitor_act(struct layer *layer, enum action action)
{
	struct monitor *monitor = (struct monitor *)layer;
	const char *const buttons[] = { _("Stop the run"), _("Let it run"), NULL };

	switch (action) {
	case ACT_LEAVE:
		if (!is_over(monitor))
			console_say(layer->console, ROLE_TEXT, _("The run of %s goes on; Enter on it shows it again."), monitor->dataflow);
		console_pop(layer->console, layer);
		return true;
	case ACT_STOP:
		dialog_open(layer->console, &(struct dialog_options){ .title = _("Stop"), .text = _("Stop this run? Calls under way end, everything is kept, and the next run goes on from there."),
			.buttons = buttons, .chosen = answered_stop, .self = monitor });
		return true;
	case ACT_FAILURES:
		show_failures(monitor);
		return true;
	case ACT_FETCH:
		watch(monitor);
		return true;
	default:
		return false;
	}
}

static const char *monitor_why_not(const struct layer *layer, enum action action)
{
	const struct monitor *monitor = (const struct monitor *)layer;

	if (action == ACT_STOP && is_over(monitor))
		return _("the run has ended");
	if (action == ACT_FAILURES && !monitor->run.id)
		return _("there is no run yet");
	return NULL;
}

static bool monitor_press(struct layer *layer, const struct press *press)
{
	return cursor_press(&((struct monitor *)layer)->cursor, press, true);
}

static void draw_progress(const struct monitor *monitor, struct area area)
{
	const struct run *run = &monitor->run;
	int64_t done = finished(run);
	char a[32], b[32];

	if (!run->id || (monitor->ask && run->state != RUN_RUNNING && !monitor->ended)) {
		if (monitor->ended)
			paint_format(area, 0, 2, 0, ROLE_BAD, _("%s did not begin: the last line and ! say why"), glyph(GLYPH_BAD));
		else
			paint_format(area, 0, 2, 0, ROLE_BUSY, _("%s %s, %" PRId64 " s"), glyph(GLYPH_BUSY), *monitor->phase ? _(monitor->phase) : _("starting"), /* the words of command/progress */
				(clock_mono_ms() - monitor->opened_ms) / 1000);
		if (monitor->total > 0 && !monitor->ended)
			paint_gauge(area, 0, 22, 36, (double)monitor->done / (double)monitor->total);
		return;
	}
	paint_text(area, 0, 2, 0, ROLE_DIM, _("Progress"));
	paint_gauge(area, 0, 14, 36, run->received > 0 ? (double)done / (double)run->received : 1.0);
	paint_format(area, 0, 51, 0, ROLE_TEXT, "%3.0f %%  %s", run->received > 0 ? 100.0 * (double)done / (double)run->received : 100.0, "");
	if (monitor->ask && monitor->left >= 0)
		paint_format(area, 0, 58, 0, ROLE_TEXT, monitor->left >= 120 ? _("about %" PRId64 " min left") : _("about %" PRId64 " s left"),
			monitor->left >= 120 ? monitor->left / 60 : monitor->left);
	paint_format(area, 1, 14, 0, ROLE_TEXT, _("%s of %s records"), number_text(done, a), number_text(run->received, b));
	if (monitor->ask && monitor->waiting_ms > 1000)
		paint_format(area, 1, 51, 0, ROLE_WARNING, _("%s waiting %" PRId64 " s (limit)"), glyph(GLYPH_WARNING), (monitor->waiting_ms + 999) / 1000);
}

static void draw_counts(const struct monitor *monitor, struct area area)
{
	const struct run *run = &monitor->run;
	char a[32], b[32], c[32], d[32];
	double now = 0;

	paint_text(area, 2, 2, 0, ROLE_DIM, _("Records"));
	paint_format(area, 2, 14, 0, run->failed ? ROLE_WARNING : ROLE_TEXT, _("%s activated, %s unchanged, %s excluded, %s failed"), number_text(run->activated, a),
		number_text(run->unchanged, b), number_text(run->excluded, c), number_text(run->failed, d));
	paint_text(area, 3, 2, 0, ROLE_DIM, _("In Marketo"));
	paint_format(area, 3, 14, 0, ROLE_TEXT, _("%s created, %s updated; %s added, %s removed"), number_text(run->created < 0 ? 0 : run->created, a),
		number_text(run->updated < 0 ? 0 : run->updated, b), number_text(run->added, c), number_text(run->removed, d));
	paint_text(area, 4, 2, 0, ROLE_DIM, _("Records/s"));
	paint_spark(area, 4, 14, 40, monitor->rates, SAMPLES);
	for (int i = SAMPLES - AVERAGED; i < SAMPLES; i++)
		now += monitor->rates[i] / AVERAGED;
	if (run->ended_at - run->started_at >= 1000)
		paint_format(area, 4, 56, 0, ROLE_TEXT, _("%.0f on average"), (double)finished(run) * 1000.0 / (double)(run->ended_at - run->started_at));
	else if (!run->ended_at)
		paint_format(area, 4, 56, 0, ROLE_TEXT, _("now %.0f"), now);
}

static void draw_budget(const struct monitor *monitor, struct area area, int row)
{
	char a[32], b[32];

	paint_text(area, row, 2, 0, ROLE_DIM, _("Today"));
	paint_gauge(area, row, 14, 30, monitor->daily_calls > 0 ? (double)monitor->calls_today / (double)monitor->daily_calls : 0);
	paint_format(area, row, 45, 0, ROLE_TEXT, _("%s of %s calls, ours"), number_text(monitor->calls_today, a), number_text(monitor->daily_calls, b));
	paint_text(area, row + 1, 2, 0, ROLE_DIM, _("Last 20 s"));
	paint_gauge(area, row + 1, 14, 30, monitor->window_limit > 0 ? (double)monitor->window_calls / (double)monitor->window_limit : 0);
	paint_format(area, row + 1, 45, 0, ROLE_TEXT, _("%d of %d calls; %" PRId64 " in this run"), monitor->window_calls, monitor->window_limit, run_calls(&monitor->run));
}

/* The one with the focus is shown whole. Returns the rows used. */
static int draw_reason(const struct run_reason *reason, struct area list, int row, bool here)
{
	struct area message = { list.row, list.column + 38, list.rows, list.columns - 39 };
	char count[32];
	int used;

	paint_text(list, row, 0, 0, ROLE_TITLE, here ? glyph(GLYPH_HERE) : " ");
	if (here)
		paint_cursor(list, row, 0, true);
	paint_text(list, row, 2, 9, reason->severity == SEVERITY_FAILED ? ROLE_BAD : ROLE_TEXT, severity_text(reason->severity));
	paint_right(list, row, 12, 9, ROLE_TEXT, number_text(reason->count, count));
	paint_text(list, row, 23, 14, ROLE_TEXT, reason->code);
	used = paint_wrapped(message, row, here ? REASON_ROWS : 1, ROLE_TEXT, reason->message);
	return used > 0 ? used : 1;
}

static void draw_reasons(struct monitor *monitor, struct area list)
{
	const struct run *run = &monitor->run;
	size_t seen = list.rows >= REASON_ROWS ? (size_t)(list.rows - REASON_ROWS + 1) : 1;

	cursor_fit(&monitor->cursor, run->reasons.count, seen);
	for (size_t i = monitor->cursor.top, row = 0; (int)row < list.rows && i < run->reasons.count; i++)
		row += (size_t)draw_reason(&run->reasons.at[i], list, (int)row, i == monitor->cursor.at);
	if (!run->reasons.count)
		paint_text(list, 0, 2, 0, ROLE_DIM, is_over(monitor) && run->id ? _("nobody was excluded, nothing failed") : _("nothing so far"));
}

static void draw_audiences(const struct monitor *monitor, struct area area, int row, int rows)
{
	for (int i = 0; i < rows && (size_t)i < monitor->run.audiences.count; i++) {
		const struct run_audience *audience = &monitor->run.audiences.at[i];
		char a[32], b[32], c[32];

		paint_text(area, row + i, 2, 28, ROLE_TEXT, audience->name);
		paint_format(area, row + i, 31, 0, ROLE_TEXT, _("%s %" PRId64 "  %s of %s activated, %s unchanged"), glyph(GLYPH_ARROW), audience->list_id,
			number_text(audience->activated, a), number_text(audience->received, b), number_text(audience->unchanged, c));
	}
}

static const char *state_text(const struct monitor *monitor)
{
	if (!monitor->run.id)
		return monitor->ended ? _("did not begin") : _("starting");
	if (monitor->run.state == RUN_RUNNING && !monitor->alive && !monitor->ask)
		return _("interrupted: run it again, it goes on from there");
	return run_state_text(monitor->run.state);
}

static void monitor_draw(struct layer *layer, struct area area)
{
	struct monitor *monitor = (struct monitor *)layer;
	struct area inside = area_inside(area);
	int audiences = (int)(monitor->run.audiences.count < 4 ? monitor->run.audiences.count : 4), at = 9 + audiences;
	char *title = mem_printf("%s - %s", monitor->dataflow, state_text(monitor)), *why = mem_printf(_("Reasons: %zu"), monitor->run.reasons.count);

	paint_frame(area, title, NULL, false);
	draw_progress(monitor, inside);
	if (inside.rows < 16)
		audiences = 0, at = 8;
	draw_counts(monitor, inside);
	paint_rule(area, 6, _("Calls, shared with every other user of this Marketo"), NULL);
	draw_budget(monitor, inside, 6);
	if (audiences) {
		paint_rule(area, 9, _("Audiences, and the lists they go to"), NULL);
		draw_audiences(monitor, inside, 9, audiences);
	}
	paint_rule(area, at + 1, why, NULL);
	draw_reasons(monitor, (struct area){ inside.row + at + 1, inside.column, inside.rows - at - 1, inside.columns });
	mem_free(title);
	mem_free(why);
}

static void monitor_head(const struct layer *layer, struct str *left, struct str *right)
{
	const struct monitor *monitor = (const struct monitor *)layer;
	char when[CLOCK_TEXT];

	str_add_format(left, " - %s - %s", _("Run"), monitor->dataflow);
	if (monitor->account)
		str_add_format(right, "%s - ", monitor->account);
	str_add(right, clock_format(clock_wall_ms(), when) + 11);
}

/* A run that is in the store is told of by home. */
static void monitor_save(struct layer *layer)
{
	const struct monitor *monitor = (const struct monitor *)layer;

	if (monitor->ask && (!monitor->run.id || monitor->run.state != RUN_RUNNING))
		console_farewell(layer->console, _("penstock: the run of %s goes on; `penstock runs` shows it, `penstock stop` stops it."), monitor->dataflow);
}

static void monitor_free(struct layer *layer)
{
	struct monitor *monitor = (struct monitor *)layer;

	loop_cancel(console_app(layer->console)->loop, monitor->timer);
	ask_let_go(monitor->ask);
	run_done(&monitor->run);
	mem_free(monitor->dataflow);
	mem_free(monitor->account);
	mem_free(monitor);
}

static const struct layer_kind monitor_kind = {
	.where = monitor_where,
	.press = monitor_press,
	.act = monitor_act,
	.why_not = monitor_why_not,
	.draw = monitor_draw,
	.head = monitor_head,
	.save = monitor_save,
	.free = monitor_free,
};

static void find_flow(struct monitor *monitor)
{
	struct app *app = console_app(monitor->layer.console);
	struct destination_view view;
	struct dataflow dataflow;

	if (app_dataflow_show(app, monitor->dataflow, &dataflow, NULL) == STATUS_OK) {
		monitor->dataflow_id = dataflow.id;
		if (app_destination_show(app, dataflow.destination_name, &view, NULL) == STATUS_OK)
			monitor->account = mem_strdup(view.account.name);
		destination_view_done(&view);
	}
	dataflow_done(&dataflow);
}

static struct monitor *monitor_new(struct console *console, const char *dataflow)
{
	struct monitor *monitor = mem_alloc(sizeof *monitor);

	monitor->layer = (struct layer){ &monitor_kind, console };
	monitor->dataflow = mem_strdup(dataflow);
	monitor->total = monitor->left = -1;
	monitor->opened_ms = monitor->looked_ms = clock_mono_ms();
	run_init(&monitor->run);
	find_flow(monitor);
	return monitor;
}

struct layer *monitor_watch(struct console *console, const char *dataflow)
{
	struct monitor *monitor = monitor_new(console, dataflow);

	on_timer(monitor);
	return &monitor->layer;
}

struct layer *monitor_launch(struct console *console, const char *dataflow, int64_t plan_id)
{
	struct monitor *monitor = monitor_new(console, dataflow);
	char id[24];
	const char *const planned[] = { "run", "--quiet", "--plan", id, "--", dataflow, NULL }, *const fresh[] = { "run", "--quiet", "--", dataflow, NULL };
	const struct ask_options options = { .words = plan_id > 0 ? planned : fresh, .answer = answered, .progress = progress, .self = monitor, .outlives = true };
	struct error err = { 0 };

	snprintf(id, sizeof id, "%" PRId64, plan_id);
	monitor->run_id = plan_id > 0 ? plan_id : 0; /* a plan that runs is that run */
	monitor->older = newest(monitor);
	monitor->ask = app_ask(console_app(console), &options, &err);
	monitor->ended = !monitor->ask;
	if (!monitor->ask)
		console_error(console, &err);
	on_timer(monitor);
	return &monitor->layer;
}
