/* What a run's monitor looks like. */
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/str.h"
#include "screens/gauges.h"
#include "screens/monitor_inside.h"
#include "screens/words.h"

#include <inttypes.h>
#include <string.h>

enum { REASON_ROWS = 3 };

static void draw_beginning(const struct monitor *monitor, struct area area)
{
	int64_t since = clock_mono_ms() - monitor->opened_ms;
	struct str far = { 0 };

	if (monitor->nothing) {
		paint_format(area, 0, 2, 0, ROLE_GOOD, _("%s There was nothing to be sent."), glyph(GLYPH_GOOD));
		return;
	}
	if (monitor->ended) {
		paint_format(area, 0, 2, 0, ROLE_BAD, _("%s did not begin: the last line and ! say why"), glyph(GLYPH_BAD));
		return;
	}
	if (strcmp(monitor->phase, "reading") == 0)
		reading_text(since, monitor->done, monitor->total, &far);
	else if (!*monitor->phase && since >= 2000)
		str_add(&far, _(": waiting for Marketo's first answers"));
	paint_format(area, 0, 2, 0, ROLE_BUSY, _("%s %s, %" PRId64 " s%s"), glyph(GLYPH_BUSY), *monitor->phase ? _(monitor->phase) : _("starting"), /* the words of command/progress */
		since / 1000, str_text(&far));
	str_done(&far);
}

static void draw_progress(const struct monitor *monitor, struct area area)
{
	const struct run *run = &monitor->run;
	int64_t done = run_finished(run), left = run_seconds_left(run), silence = monitor_silence(monitor);
	char a[32], b[32], c[32];

	if (!run->id || (monitor->ask && !run_state_is_going(run->state) && !monitor->ended)) {
		draw_beginning(monitor, area);
		return;
	}
	paint_text(area, 0, 2, 0, ROLE_DIM, _("Progress"));
	paint_gauge(area, 0, 14, 36, run->received > 0 ? (double)done / (double)run->received : 1.0);
	paint_format(area, 0, 51, 0, ROLE_TEXT, "%3.0f %%  %s", run->received > 0 ? 100.0 * (double)done / (double)run->received : 100.0, "");
	if (!monitor_is_over(monitor) && run->state == RUN_RUNNING && left >= 0 && !silence)
		paint_format(area, 0, 58, 0, ROLE_TEXT, left >= 120 ? _("about %" PRId64 " min left") : _("about %" PRId64 " s left"), left >= 120 ? left / 60 : left);
	if (run->pending && !run_state_is_going(run->state))
		paint_format(area, 1, 14, 0, ROLE_TEXT, _("%s of %s records, %s pending"), number_text(done, a), number_text(run->received, b), number_text(run->pending, c));
	else
		paint_format(area, 1, 14, 0, ROLE_TEXT, _("%s of %s records"), number_text(done, a), number_text(run->received, b));
	if (silence)
		paint_format(area, 1, 51, 0, ROLE_WARNING, _("%s no answer for %" PRId64 " s"), glyph(GLYPH_WARNING), silence / 1000);
	else if (monitor->ask && monitor->waiting_ms > 1000)
		paint_format(area, 1, 51, 0, ROLE_WARNING, _("%s waiting %" PRId64 " s (limit)"), glyph(GLYPH_WARNING), (monitor->waiting_ms + 999) / 1000);
}

static void draw_counts(const struct monitor *monitor, struct area area)
{
	const struct run *run = &monitor->run;
	char a[32], b[32], c[32], d[32], e[32];

	paint_text(area, 2, 2, 0, ROLE_DIM, _("Records"));
	paint_format(area, 2, 14, 0, run->failed ? ROLE_WARNING : ROLE_TEXT, _("%s activated, %s unchanged, %s excluded, %s failed"), number_text(run->activated, a),
		number_text(run->unchanged, b), number_text(run->excluded, c), number_text(run->failed, d));
	paint_text(area, 3, 2, 0, ROLE_DIM, _("In Marketo"));
	paint_format(area, 3, 14, 0, ROLE_TEXT, _("%s created, %s updated; %s added, %s removed; %s calls"), number_text(run->created < 0 ? 0 : run->created, a),
		number_text(run->updated < 0 ? 0 : run->updated, b), number_text(run->added, c), number_text(run->removed, d), number_text(run_calls(run), e));
	paint_text(area, 4, 2, 0, ROLE_DIM, _("Records/s"));
	paint_spark(area, 4, 14, 40, monitor->rates, MONITOR_SAMPLES);
	if (run->ended_at - run->started_at >= 1000)
		paint_format(area, 4, 56, 0, ROLE_TEXT, _("%.0f on average"), (double)run_finished(run) * 1000.0 / (double)(run->ended_at - run->started_at));
	else if (!run->ended_at)
		paint_format(area, 4, 56, 0, ROLE_TEXT, _("now %.0f"), run->records_per_second);
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

/* What ended the run. Returns the rows used. */
static int draw_why(const struct error *why, struct area list)
{
	struct area inside = { list.row, list.column + 2, list.rows, list.columns - 3 };
	char *text = *why->message ? mem_printf("%s %s%s%s%s%s", glyph(GLYPH_BAD), why->message, *why->hint ? " " : "", *why->hint ? glyph(GLYPH_ARROW) : "", *why->hint ? " " : "", why->hint) : NULL;
	int used = text ? paint_wrapped(inside, 0, list.rows > REASON_ROWS ? REASON_ROWS : 1, ROLE_BAD, text) : 0;

	mem_free(text);
	return used;
}

static void draw_reasons(struct monitor *monitor, struct area list)
{
	const struct run *run = &monitor->run;
	/* Nothing is kept of why a run did not even begin. */
	const struct error *why = *monitor->why.message || !monitor->ended ? &monitor->why : &monitor->error;
	int used = monitor_is_over(monitor) ? draw_why(why, list) : 0;
	size_t seen;

	list.row += used;
	list.rows -= used;
	seen = list.rows >= REASON_ROWS ? (size_t)(list.rows - REASON_ROWS + 1) : 1;
	cursor_fit(&monitor->cursor, run->reasons.count, seen);
	for (size_t i = monitor->cursor.top, row = 0; (int)row < list.rows && i < run->reasons.count; i++)
		row += (size_t)draw_reason(&run->reasons.at[i], list, (int)row, i == monitor->cursor.at);
	if (!run->reasons.count && !used)
		paint_text(list, 0, 2, 0, ROLE_DIM, monitor_is_over(monitor) && run->id ? _("nobody was excluded, nothing failed") : _("nothing so far"));
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
	/* A plan is a run that has not begun. */
	if (!monitor->run.id || (monitor->ended && monitor->run.state == RUN_PLANNED))
		return monitor->ended ? _("did not begin") : _("starting");
	if (run_state_is_going(monitor->run.state) && !monitor->alive && !monitor->ask)
		return _("interrupted: run it again, it goes on from there");
	return run_state_text(monitor->run.state);
}

/* Rows of the parts below the gauges: what is left is the reasons'. Without much room they have it all. */
static void share_rows(const struct monitor *monitor, int rows, int *audiences, int *events)
{
	int count = (int)monitor->run.audiences.count;

	*audiences = *events = 0;
	if (rows < 8)
		return;
	*events = rows / 4 > 1 ? rows / 4 : 2;
	*audiences = count < rows / 4 ? count : rows / 4;
}

static int draw_part(struct area area, int row, const char *title, int rows)
{
	paint_rule(area, row + 1, title, NULL);
	return row + 1 + rows;
}

static void draw_below(struct monitor *monitor, struct area area, int row)
{
	struct area inside = area_inside(area);
	char *why = mem_printf(_("Reasons: %zu"), monitor->run.reasons.count);
	int audiences, events, reasons;

	share_rows(monitor, inside.rows - row, &audiences, &events);
	if (audiences) {
		draw_audiences(monitor, inside, row + 1, audiences);
		row = draw_part(area, row, _("Audiences, and the lists they go to"), audiences);
	}
	reasons = inside.rows - row - 1 - (events ? events + 1 : 0);
	draw_reasons(monitor, (struct area){ inside.row + row + 1, inside.column, reasons, inside.columns });
	row = draw_part(area, row, why, reasons);
	if (events) {
		events_draw(&monitor->live.overview.events, monitor->dataflow, monitor->account, (struct area){ inside.row + row + 1, inside.column, events, inside.columns });
		draw_part(area, row, _("What happened, newest first"), events);
	}
	mem_free(why);
}

void monitor_draw(struct layer *layer, struct area area)
{
	enum { GAUGES = 6, BRIEF = 16 };
	struct monitor *monitor = (struct monitor *)layer;
	struct area inside = area_inside(area);
	bool brief = inside.rows < BRIEF, rests = monitor_is_over(monitor) || !monitor->run.id;
	char *title = mem_printf("%s - %s", monitor->dataflow, state_text(monitor)), *age = rests ? mem_strdup("") : live_age(&monitor->live);

	paint_frame(area, title, age, false);
	draw_progress(monitor, inside);
	draw_counts(monitor, inside);
	paint_rule(area, GAUGES, _("Calls, shared with every other user of this Marketo"), NULL);
	gauges_draw(&monitor->live.overview, monitor_account(monitor), inside, GAUGES, brief);
	draw_below(monitor, area, GAUGES + (brief ? GAUGE_ROWS_SHORT : GAUGE_ROWS));
	mem_free(title);
	mem_free(age);
}
