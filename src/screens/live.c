#include "screens/live.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"

#include <inttypes.h>

enum { LOOK_MS = 250, DRAW_MS = 1000, STALE_LOOKS = 3 };

int live_every(const struct console *console)
{
	return console_settings(console)->slow ? CONSOLE_SLOW_MS : LOOK_MS;
}

/* What cannot be read leaves the last good numbers where they are. */
static void read_store(struct live *live)
{
	struct overview fresh = { 0 };
	struct error err = { 0 };

	if (app_status(console_app(live->console), &fresh, &err) == STATUS_OK) {
		overview_done(&live->overview);
		live->overview = fresh;
		live->failing = false;
		return;
	}
	overview_done(&fresh);
	if (!live->failing)
		console_error(live->console, &err);
	live->failing = true;
}

static void look(struct live *live, bool all)
{
	int64_t now = clock_mono_ms();
	bool news = app_has_news(console_app(live->console), &live->seen) || all || live->failing;

	if (news)
		read_store(live);
	if (!live->failing)
		live->good_ms = now;
	if (live->looked)
		live->looked(live->self, news);
	news = app_status_gates(&live->overview) || news;
	if (!news && now - live->drawn_ms < DRAW_MS)
		return;
	live->drawn_ms = now;
	console_moved(live->console);
}

static void on_timer(void *self)
{
	struct live *live = self;

	live->timer = loop_after(console_app(live->console)->loop, live_every(live->console), on_timer, live);
	look(live, false);
}

void live_look(struct live *live)
{
	live_rest(live);
	live->timer = loop_after(console_app(live->console)->loop, live_every(live->console), on_timer, live);
	look(live, true);
}

void live_rest(struct live *live)
{
	loop_cancel(console_app(live->console)->loop, live->timer);
	live->timer = 0;
}

void live_begin(struct live *live, struct console *console, void (*looked)(void *self, bool news), void *self)
{
	*live = (struct live){ .console = console, .looked = looked, .self = self, .good_ms = clock_mono_ms() };
	live_look(live);
}

void live_end(struct live *live)
{
	live_rest(live);
	overview_done(&live->overview);
}

char *live_age(const struct live *live)
{
	int every = live_every(live->console);
	int64_t age = clock_mono_ms() - live->good_ms;

	if (age <= (int64_t)STALE_LOOKS * every || age < DRAW_MS)
		return mem_printf(_("live, every %.2g s"), every / 1000.0);
	return mem_printf(_("%s stale %" PRId64 " s, trying again"), glyph(GLYPH_WARNING), age / 1000);
}
