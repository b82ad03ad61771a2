/* Time. All durations are milliseconds. Tests and scaled runs replace the source of time with clock_use. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct clock_source {
	int64_t (*mono_ms)(void *self); /* never goes back */
	int64_t (*wall_ms)(void *self); /* since 1970-01-01 UTC */
	/* How many real ms to sleep until `ms` of this clock have passed. NULL: the same. A scaled clock divides; a clock that only a
	 * test moves may move itself on by ms here and return 0. */
	int64_t (*wait_ms)(void *self, int64_t ms);
	void *self;
	const char *name; /* letters and digits: processes whose clocks have one name share their time. NULL: nobody shares it */
};

void clock_use(const struct clock_source *source); /* NULL: the system's clocks. The struct must outlive its use. */
int64_t clock_mono_ms(void);
int64_t clock_wall_ms(void);
int64_t clock_wait_ms(int64_t ms); /* real ms to sleep for ms of the clock in use: the event loop's business */
const char *clock_name(void); /* of the clock in use: "" for the system's, NULL for one that is this process's alone */

enum { CLOCK_TEXT = 32 };
/* "2026-11-23T08:00:00Z" (RFC 3339, UTC, seconds) into out, which holds CLOCK_TEXT bytes. Returns out. */
char *clock_format(int64_t wall_ms, char out[CLOCK_TEXT]);
/* Reads `YYYY-MM-DD` and ISO 8601 date-times with `Z`, `+0000`, `+00:00`, fractions, and the asset API's `Z+0000`.
 * Seconds may be missing, the zone
 * may not. False when it is none of these or no such date. A date alone is its midnight UTC; *has_time (may be NULL) tells them apart. */
bool clock_parse(const char *text, int64_t *wall_ms, bool *has_time);
/* Midnight US Central (America/Chicago, with its daylight saving days, computed without the system's zone files) that follows wall_ms:
 * when Marketo's daily quota resets (607, marketo-api.md 2). */
int64_t clock_next_quota_reset(int64_t wall_ms);

#endif
