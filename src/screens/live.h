/*
 * What goes on, looked at as often as there is news: four times a second whether the store or a gate has changed, which costs next to nothing, and everything only then.
 * Once a second the screen is drawn anyway, since ages grow.
 */
#ifndef SCREENS_LIVE_H
#define SCREENS_LIVE_H

#include "app/status.h"
#include "screens/console.h"

#include <stdbool.h>
#include <stdint.h>

struct live {
	struct console *console;
	void (*looked)(void *self, bool news); /* after each look; news: the store has been read again. May be NULL. */
	void *self;
	struct overview overview;
	int64_t seen;               /* of app_has_news */
	int64_t good_ms, drawn_ms;  /* mono: the last look that saw the store, the last time it had something drawn */
	bool failing;               /* the last look saw nothing: that has been said */
	uint64_t timer;
};

/* Looks at once, and from then on. The live stays where it is until live_end. */
void live_begin(struct live *live, struct console *console, void (*looked)(void *self, bool news), void *self);
void live_end(struct live *live);
/* Looks now, at everything, and goes on from there. */
void live_look(struct live *live);
void live_rest(struct live *live); /* no more looks until the next live_look */

int live_every(const struct console *console); /* ms between two looks */
/* "live, every ..", or how stale it is: three looks in vain, and what is shown is no longer how things are. Free with mem_free. */
char *live_age(const struct live *live);

#endif
