/* One run in depth: it watches, and leaving it stops nothing. */
#include "screens/monitor.h"

#include "app/ask.h"
#include "app/dataflows.h"
#include "app/destinations.h"
#include "app/runs.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "screens/answers.h"
#include "screens/browse.h"
#include "screens/monitor_inside.h"
#include "screens/popups.h"
#include "screens/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add_sample(struct monitor *monitor)
{
	int64_t now_ms = clock_mono_ms(), now = run_finished(&monitor->run);
	double rate;

	if (now_ms - monitor->sampled_ms < MONITOR_SAMPLE_MS)
		return;
	rate = (double)(now - monitor->finished_before) * 1000.0 / (double)(now_ms - monitor->sampled_ms);
	memmove(monitor->rates, monitor->rates + 1, (MONITOR_SAMPLES - 1) * sizeof *monitor->rates);
	monitor->rates[MONITOR_SAMPLES - 1] = rate < 0 ? 0 : rate;
	monitor->finished_before = now;
	monitor->sampled_ms = now_ms;
}

size_t monitor_account(const struct monitor *monitor)
{
	const account_list *accounts = &monitor->live.overview.accounts;
	size_t i = 0;

	while (i < accounts->count && !(monitor->account && strcmp(accounts->at[i].name, monitor->account) == 0))
		i++;
	return i;
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
	return strcmp(one->code, other->code) ? strcmp(one->code, other->code) : strcmp(one->message, other->message);
}

/* The focus stays with its reason: others come before it as the run goes on. focused: of the run before, NULL: none. */
static void sort_reasons(struct monitor *monitor, const struct run_reason *focused)
{
	struct run *run = &monitor->run;

	if (run->reasons.count)
		qsort(run->reasons.at, run->reasons.count, sizeof *run->reasons.at, compare_reasons);
	cursor_fit(&monitor->cursor, run->reasons.count, monitor->cursor.seen);
	for (size_t i = 0; focused && i < run->reasons.count; i++) {
		const struct run_reason *reason = &run->reasons.at[i];

		if (reason->severity == focused->severity && strcmp(reason->code, focused->code) == 0 && strcmp(reason->message, focused->message) == 0)
			cursor_to(&monitor->cursor, i);
	}
}

/* The run as the store has it. What cannot be read leaves the last good numbers where they are. */
static void read_run(struct monitor *monitor)
{
	struct app *app = console_app(monitor->layer.console);
	struct run run, before;

	if (!monitor->run_id) {
		int64_t id = newest(monitor);

		monitor->run_id = id != monitor->older ? id : 0;
	}
	if (!monitor->run_id || app_run_show(app, monitor->run_id, &run, NULL) != STATUS_OK)
		return;
	app_run_end(app, monitor->run_id, &monitor->why, NULL);
	/* What one that was going on did before it was watched is no pace. */
	if (!monitor->run.id)
		monitor->finished_before = monitor->ask ? 0 : run_finished(&run);
	before = monitor->run;
	monitor->run = run;
	sort_reasons(monitor, monitor->cursor.at < before.reasons.count ? &before.reasons.at[monitor->cursor.at] : NULL);
	run_done(&before);
}

bool monitor_is_over(const struct monitor *monitor)
{
	if (!monitor->run.id)
		return monitor->ended; /* it did not come to a run */
	return !monitor->ask && (!run_state_is_going(monitor->run.state) || !monitor->alive);
}

int64_t monitor_silence(const struct monitor *monitor)
{
	enum { WORTH_A_WORD_MS = 5000 };
	const struct overview *overview = &monitor->live.overview;
	size_t account = monitor_account(monitor);
	const struct gate_state *gate = account < overview->gates.count ? &overview->gates.at[account] : NULL;
	int64_t silent = clock_wall_ms() - monitor->run.told_at;

	if (monitor->run.state != RUN_RUNNING || !monitor->run.told_at || silent < WORTH_A_WORD_MS || !gate)
		return 0;
	if (gate->in_flight > 0)
		return silent;
	/* Between two tries nothing is under way, nor while a limit holds calls back; a run that follows its source may have nothing to do. */
	return gate->opens_in_ms > 1000 || gate->quota_reached || monitor->waiting_ms > 1000 || run_finished(&monitor->run) >= monitor->run.received ? 0 : silent;
}

static void tell_stopped(struct monitor *monitor)
{
	if (monitor->stopping && monitor->run.state == RUN_STOPPED)
		console_say(monitor->layer.console, ROLE_GOOD, _("%s Stopped. The next run goes on from there."), glyph(GLYPH_GOOD));
	monitor->stopping = false;
}

/* A process that is gone changes nothing in the store. */
static void looked(void *self, bool news)
{
	struct monitor *monitor = self;

	if (news && !monitor->live.failing)
		read_run(monitor);
	if (app_run_is_alive(console_app(monitor->layer.console), monitor->dataflow_id, &monitor->alive, NULL) != STATUS_OK)
		monitor->alive = false;
	add_sample(monitor);
	if (monitor_is_over(monitor)) {
		tell_stopped(monitor);
		live_rest(&monitor->live);
		console_redraw(monitor->layer.console);
	}
}

/* A rule that leaves people out is no failure, but who meant them to go there wants to know. */
static void tell_end(const struct monitor *monitor)
{
	const struct run *run = &monitor->run;
	char excluded[32], received[32];

	if (run->excluded)
		console_say(monitor->layer.console, run->activated || run->unchanged ? ROLE_GOOD : ROLE_WARNING, _("%s The run has ended; left out by rule: %s of %s (f)."),
			glyph(run->activated || run->unchanged ? GLYPH_GOOD : GLYPH_WARNING), number_text(run->excluded, excluded), number_text(run->received, received));
	else
		console_say(monitor->layer.console, ROLE_GOOD, _("%s The run has ended: Marketo has what the source says."), glyph(GLYPH_GOOD));
}

static void answered(void *self, enum status status, const struct json *answer, const struct error *err)
{
	struct monitor *monitor = self;

	monitor->ask = NULL;
	monitor->ended = true;
	monitor->nothing = status == STATUS_OK && json_kind(json_get(answer, "run")) == JSON_NULL;
	monitor->error = *err;
	live_look(&monitor->live);
	if (monitor->nothing)
		console_say(monitor->layer.console, ROLE_GOOD, _("%s There was nothing to be sent."), glyph(GLYPH_GOOD));
	else if (status == STATUS_OK)
		tell_end(monitor);
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
	monitor->waiting_ms = answer_number(now, "waiting_ms");
	console_moved(monitor->layer.console);
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
	live_look(&monitor->live); /* the question may have stood for long */
	if (monitor_is_over(monitor))
		console_say(monitor->layer.console, ROLE_TEXT, _("The run has ended meanwhile."));
	else if (app_stop(console_app(monitor->layer.console), monitor->dataflow, &run_id, &err) != STATUS_OK)
		console_error(monitor->layer.console, &err);
	else {
		monitor->stopping = true;
		console_say(monitor->layer.console, ROLE_BUSY, _("%s Stopping: calls under way end first."), glyph(GLYPH_BUSY));
	}
}

/* Or lets it go on. It obeys within half a second, and its row tells so. */
static void pause_or_resume(struct monitor *monitor)
{
	struct app *app = console_app(monitor->layer.console);
	bool paused = monitor->run.state == RUN_PAUSED;
	struct error err = { 0 };
	int64_t run_id;

	if ((paused ? app_run_resume : app_run_pause)(app, monitor->dataflow, &run_id, &err) != STATUS_OK)
		console_error(monitor->layer.console, &err);
	else if (paused)
		console_say(monitor->layer.console, ROLE_BUSY, _("%s The run goes on."), glyph(GLYPH_BUSY));
	else
		console_say(monitor->layer.console, ROLE_BUSY, _("%s Pausing: calls under way end first; P lets it go on."), glyph(GLYPH_BUSY));
	live_look(&monitor->live);
}

static void show_failures(struct monitor *monitor)
{
	char id[24];

	snprintf(id, sizeof id, "%" PRId64, monitor->run.id);
	console_push(monitor->layer.console, browse_new(monitor->layer.console, BROWSE_FAILURES, id, NULL));
}

static bool monitor_act(struct layer *layer, enum action action)
{
	struct monitor *monitor = (struct monitor *)layer;
	const char *const buttons[] = { _("Stop the run"), _("Let it run"), NULL };

	switch (action) {
	case ACT_LEAVE:
		if (!monitor_is_over(monitor))
			console_say(layer->console, ROLE_TEXT, _("The run of %s goes on; Enter on it shows it again."), monitor->dataflow);
		console_pop(layer->console, layer);
		return true;
	case ACT_STOP:
		dialog_open(layer->console, &(struct dialog_options){ .title = _("Stop"), .text = _("Stop this run? Calls under way end, everything is kept, and the next run goes on from there."),
			.buttons = buttons, .chosen = answered_stop, .self = monitor });
		return true;
	case ACT_PAUSE:
		pause_or_resume(monitor);
		return true;
	case ACT_FAILURES:
		show_failures(monitor);
		return true;
	case ACT_FETCH:
		live_look(&monitor->live);
		return true;
	default:
		return false;
	}
}

static const char *monitor_why_not(const struct layer *layer, enum action action)
{
	const struct monitor *monitor = (const struct monitor *)layer;

	if ((action == ACT_STOP || action == ACT_PAUSE) && monitor_is_over(monitor))
		return _("the run has ended");
	if (action == ACT_FAILURES && !monitor->run.id)
		return _("there is no run yet");
	if (action == ACT_STOP || action == ACT_PAUSE)
		return console_refusal(layer->console, action == ACT_STOP ? USE_STOP : USE_PAUSE);
	return NULL;
}

static bool monitor_press(struct layer *layer, const struct press *press)
{
	return cursor_press(&((struct monitor *)layer)->cursor, press);
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

	if (monitor->ask && (!monitor->run.id || !run_state_is_going(monitor->run.state)))
		console_farewell(layer->console, _("penstock: the run of %s goes on; `penstock runs` shows it, `penstock stop` stops it."), monitor->dataflow);
}

static void monitor_free(struct layer *layer)
{
	struct monitor *monitor = (struct monitor *)layer;

	live_end(&monitor->live);
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
	monitor->total = -1;
	monitor->opened_ms = monitor->sampled_ms = clock_mono_ms();
	run_init(&monitor->run);
	find_flow(monitor);
	return monitor;
}

struct layer *monitor_watch(struct console *console, const char *dataflow)
{
	struct monitor *monitor = monitor_new(console, dataflow);

	live_begin(&monitor->live, console, looked, monitor);
	return &monitor->layer;
}

static struct layer *start(struct console *console, const char *dataflow, const char *const *words, int64_t run_id)
{
	struct monitor *monitor = monitor_new(console, dataflow);
	const struct ask_options options = { .words = words, .answer = answered, .progress = progress, .self = monitor, .outlives = true };
	struct error err = { 0 };

	monitor->run_id = run_id;
	monitor->older = newest(monitor);
	monitor->ask = app_ask(console_app(console), &options, &err);
	monitor->ended = !monitor->ask;
	if (!monitor->ask)
		console_error(console, &err);
	live_begin(&monitor->live, console, looked, monitor);
	return &monitor->layer;
}

struct layer *monitor_start(struct console *console, const char *dataflow, const char *const *words)
{
	return start(console, dataflow, words, 0);
}

struct layer *monitor_launch(struct console *console, const char *dataflow, int64_t plan_id)
{
	char id[24];
	const char *const planned[] = { "run", "--quiet", "--plan", id, "--", dataflow, NULL }, *const fresh[] = { "run", "--quiet", "--", dataflow, NULL };

	snprintf(id, sizeof id, "%" PRId64, plan_id);
	return start(console, dataflow, plan_id > 0 ? planned : fresh, plan_id > 0 ? plan_id : 0); /* a plan that runs is that run */
}
