#include "screens/gauges.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "screens/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { LABEL = 2, BAR = 14, BAR_COLUMNS = 20, TEXT = 36, SPARK_TEXT = 46, CLOCK_DATE = 11 };

const char *age_text(int64_t ms, char out[16])
{
	int64_t seconds = ms > 0 ? ms / 1000 : 0;

	if (seconds < 100)
		snprintf(out, 16, _("%" PRId64 " s"), seconds);
	else if (seconds < 100 * 60)
		snprintf(out, 16, _("%" PRId64 " min"), seconds / 60);
	else if (seconds < 48 * 3600)
		snprintf(out, 16, _("%" PRId64 " h"), seconds / 3600);
	else
		snprintf(out, 16, _("%" PRId64 " d"), seconds / (24 * 3600) < 99999 ? seconds / (24 * 3600) : 99999);
	return out;
}

static void draw_latency(const struct gate_state *gate, struct area area, int row)
{
	double slots[PULSE_SLOTS];

	for (int i = 0; i < PULSE_SLOTS; i++)
		slots[i] = (double)gate->latency.slots[i];
	paint_text(area, row, LABEL, 0, ROLE_DIM, _("Latency"));
	paint_spark(area, row, BAR, PULSE_SLOTS, slots, PULSE_SLOTS);
	if (gate->latency.calls)
		paint_format(area, row, SPARK_TEXT, 0, ROLE_TEXT, _("p50 %" PRId64 " ms  p95 %" PRId64 " ms"), gate->latency.p50_ms, gate->latency.p95_ms);
	else
		paint_text(area, row, SPARK_TEXT, 0, ROLE_DIM, _("no call in the last minute"));
}

/* What the whole instance has used where that was told, else what we have. */
static int64_t used(const struct overview *overview, size_t account)
{
	int64_t told = overview->gates.at[account].used_today, ours = overview->calls_today.at[account];

	return told > ours ? told : ours;
}

static double part(int64_t some, int64_t all)
{
	return all > 0 ? (double)some / (double)all : 0;
}

char *gauges_quota(const struct overview *overview, size_t account)
{
	char a[32], b[32], c[32], when[CLOCK_TEXT];
	int64_t all = used(overview, account), ours = overview->calls_today.at[account];

	clock_format(clock_next_quota_reset(clock_wall_ms()), when);
	return mem_printf(_("%s of %s today, ours %s; new at %.5sZ"), number_text(all, a), number_text(overview->accounts.at[account].daily_calls, b), number_text(ours, c),
		when + CLOCK_DATE);
}

void gauges_draw(const struct overview *overview, size_t account, struct area area, int row, bool brief)
{
	const struct account *limits;
	const struct gate_state *gate;
	char *quota;

	if (account >= overview->accounts.count)
		return;
	limits = &overview->accounts.at[account];
	gate = &overview->gates.at[account];
	if (!brief)
		draw_latency(gate, area, row++);
	paint_text(area, row, LABEL, 0, ROLE_DIM, _("Last 20 s"));
	paint_gauge(area, row, BAR, BAR_COLUMNS, part(gate->in_window, limits->calls_per_20s));
	paint_format(area, row, TEXT, 0, ROLE_TEXT, _("%d of %d calls, %d of %d under way"), gate->in_window, limits->calls_per_20s, gate->in_flight, limits->concurrent);
	row++;
	quota = gauges_quota(overview, account);
	paint_text(area, row, LABEL, 0, ROLE_DIM, _("Quota"));
	paint_gauge(area, row, BAR, BAR_COLUMNS, part(used(overview, account), limits->daily_calls));
	paint_text(area, row, TEXT, 0, gate->quota_reached ? ROLE_WARNING : ROLE_TEXT, quota);
	mem_free(quota);
}

static void draw_event(const struct event *event, bool named, struct area list, int row)
{
	enum severity how = SEVERITY_WARNING;
	bool trouble = event_is_trouble(event, &how), begins = event->kind == EVENT_RUN_STARTED;
	enum role role = !trouble ? begins ? ROLE_TEXT : ROLE_GOOD : how == SEVERITY_FAILED ? ROLE_BAD : ROLE_WARNING;
	enum glyph sign = !trouble ? begins ? GLYPH_ARROW : GLYPH_GOOD : how == SEVERITY_FAILED ? GLYPH_BAD : GLYPH_WARNING;
	struct str words = { 0 };
	char when[CLOCK_TEXT];

	event_words(event, &words);
	clock_format(event->at, when);
	/* Of another day the day says more than the time. */
	if (clock_wall_ms() - event->at < 24 * INT64_C(3600) * 1000)
		paint_text(list, row, LABEL, 9, ROLE_DIM, when + CLOCK_DATE);
	else
		paint_format(list, row, LABEL, 0, ROLE_DIM, "%.10s", when);
	paint_text(list, row, 13, 2, role, glyph(sign));
	paint_format(list, row, 16, 0, role, "%s%s%s", named && event->subject ? event->subject : "", named ? ": " : "", str_text(&words));
	str_done(&words);
}

static bool is_about(const struct event *event, const char *dataflow, const char *account)
{
	bool of_run = event->kind == EVENT_RUN_STARTED || event->kind == EVENT_RUN_ENDED;
	const char *name = event->subject ? event->subject : "";

	if (!dataflow && !account)
		return true;
	if (event->kind == EVENT_TROUBLE)
		return account && strcmp(name, account) == 0;
	return (dataflow && strcmp(name, dataflow) == 0) || (!of_run && account && strcmp(name, account) == 0);
}

void events_draw(const event_list *events, const char *dataflow, const char *account, struct area list)
{
	int row = 0;

	for (size_t i = 0; i < events->count && row < list.rows; i++)
		if (is_about(&events->at[i], dataflow, account))
			draw_event(&events->at[i], !dataflow && !account, list, row++);
	if (!row)
		paint_text(list, 0, LABEL, 0, ROLE_DIM, _("nothing has happened yet"));
}
