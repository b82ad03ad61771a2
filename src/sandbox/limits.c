/* Limits of an instance (marketo-api.md 3): whoever calls, counted by arrival. What they refuse is counted, too: of the
 * codes that are not (marketo-api.md 2), none is theirs. */
#include "base/clock.h"
#include "sandbox/box.h"

#include <string.h>

void limits_init(struct limits *limits, bool off, int64_t daily_quota)
{
	memset(limits, 0, sizeof *limits);
	limits->off = off;
	limits->daily_quota = daily_quota > 0 ? daily_quota : DAILY_QUOTA;
	limits->days[0].ends = clock_next_quota_reset(clock_wall_ms());
}

void limits_done(struct limits *limits)
{
	vec_done(&limits->window);
}

void limits_reset(struct limits *limits)
{
	limits->window.count = limits->first = 0;
	memset(limits->days, 0, sizeof limits->days);
	limits->days[0].ends = clock_next_quota_reset(clock_wall_ms());
	limits->counted = limits->seen_606 = limits->seen_607 = limits->seen_615 = 0;
	limits->most_in_window = 0;
	limits->most_at_once = limits->in_flight;
}

/* Today's row; days that ended while nobody called are left out, as days without calls. */
struct day *limits_today(struct limits *limits)
{
	int64_t now = clock_wall_ms();

	if (now >= limits->days[0].ends) {
		memmove(limits->days + 1, limits->days, (STATS_DAYS - 1) * sizeof limits->days[0]);
		memset(&limits->days[0], 0, sizeof limits->days[0]);
		limits->days[0].ends = clock_next_quota_reset(now);
	}
	return &limits->days[0];
}

int64_t limits_in_window(struct limits *limits)
{
	int64_t now = clock_mono_ms();

	while (limits->first < limits->window.count && limits->window.at[limits->first] <= now - RATE_WINDOW_MS)
		limits->first++;
	/* Old entries are dropped in one move when they are most of the memory. */
	if (limits->first > 1024 && limits->first * 2 > limits->window.count) {
		limits->window.count -= limits->first;
		memmove(limits->window.at, limits->window.at + limits->first, limits->window.count * sizeof *limits->window.at);
		limits->first = 0;
	}
	return (int64_t)(limits->window.count - limits->first);
}

const char *limits_refuse(struct limits *limits)
{
	if (limits->off)
		return NULL;
	if (limits->in_flight >= CONCURRENT_CALLS) {
		limits->seen_615++;
		return "615";
	}
	if (limits_in_window(limits) >= RATE_CALLS) {
		limits->seen_606++;
		return "606";
	}
	if (limits_today(limits)->total >= limits->daily_quota) {
		limits->seen_607++;
		return "607";
	}
	return NULL;
}

void limits_count(struct limits *limits)
{
	int64_t in_window;

	vec_push(&limits->window, clock_mono_ms());
	in_window = limits_in_window(limits);
	if (in_window > limits->most_in_window)
		limits->most_in_window = in_window;
	limits_today(limits)->total++;
	limits->counted++;
}

void limits_enter(struct limits *limits)
{
	limits->in_flight++;
	if (limits->in_flight > limits->most_at_once)
		limits->most_at_once = limits->in_flight;
}

void limits_leave(struct limits *limits)
{
	limits->in_flight--;
}

void limits_error(struct limits *limits, const char *code)
{
	struct day *today = limits_today(limits);
	size_t i = 0;

	while (i < today->error_count && strcmp(today->errors[i].code, code) != 0)
		i++;
	if (i == STATS_CODES)
		return;
	if (i == today->error_count) {
		snprintf(today->errors[i].code, sizeof today->errors[i].code, "%s", code);
		today->error_count++;
	}
	today->errors[i].count++;
}
