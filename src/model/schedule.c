#include "model/schedule.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"

#include <stddef.h>
#include <string.h>
#include <time.h>

static const int64_t DAY_MS = INT64_C(86400000), MOST_MS = INT64_C(366) * 86400000;

static const struct {
	char letter;
	int64_t ms;
} units[] = { { 'w', INT64_C(7) * 86400000 }, { 'd', INT64_C(86400000) }, { 'h', 3600000 }, { 'm', 60000 }, { 's', 1000 } };
enum { UNITS = sizeof units / sizeof *units };

static bool parse_duration(const char *text, int64_t *out)
{
	size_t length = strlen(text);
	char digits[12];
	long long number;

	if (length < 2 || length > sizeof digits)
		return false;
	memcpy(digits, text, length - 1);
	digits[length - 1] = '\0';
	for (int i = 0; i < UNITS; i++)
		if (text[length - 1] == units[i].letter && text_to_i64(digits, 1, MOST_MS / units[i].ms, &number)) {
			*out = number * units[i].ms;
			return true;
		}
	return false;
}

static enum status set_every(struct schedule *schedule, const char *text, struct error *err)
{
	if (!text)
		return STATUS_OK;
	if (strcmp(text, "always") == 0)
		schedule->every_ms = SCHEDULE_ALWAYS;
	else if (strcmp(text, "never") == 0 || !*text)
		schedule->every_ms = SCHEDULE_NEVER;
	else if (!parse_duration(text, &schedule->every_ms)) {
		error_set(err, STATUS_USAGE, "invalid", _("--every %s is no duration"), text);
		error_hint(err, _("write 30s, 15m, 6h, 1d or 2w (at most a year); always keeps it going, never leaves it to you"));
		return STATUS_USAGE;
	}
	return STATUS_OK;
}

static bool two_digits(const char *text, int most, int *out)
{
	if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
		return false;
	*out = (text[0] - '0') * 10 + text[1] - '0';
	return *out <= most;
}

static enum status set_at(struct schedule *schedule, const char *text, struct error *err)
{
	int hour, minute;

	if (!text)
		return STATUS_OK;
	if (!*text) {
		schedule->at_minute = -1;
		return STATUS_OK;
	}
	if (strlen(text) != 5 || text[2] != ':' || !two_digits(text, 23, &hour) || !two_digits(text + 3, 59, &minute)) {
		error_set(err, STATUS_USAGE, "invalid", _("--at %s is no time of the day"), text);
		error_hint(err, _("write it as HH:MM, 03:00 for example"));
		return STATUS_USAGE;
	}
	schedule->at_minute = hour * 60 + minute;
	return STATUS_OK;
}

enum status schedule_set(struct schedule *schedule, const char *every, const char *at, struct error *err)
{
	enum status status = set_every(schedule, every, err);

	/* Another rhythm without days has no use for the hour that was set before. */
	if (status == STATUS_OK && every && !at && (schedule->every_ms <= 0 || schedule->every_ms % DAY_MS))
		schedule->at_minute = -1;
	if (status == STATUS_OK)
		status = set_at(schedule, at, err);
	if (status != STATUS_OK || schedule->at_minute < 0 || (schedule->every_ms > 0 && schedule->every_ms % DAY_MS == 0))
		return status;
	error_set(err, STATUS_USAGE, "invalid", _("--at goes with whole days only"));
	error_hint(err, _("for example --every 1d --at 03:00"));
	return STATUS_USAGE;
}

char *schedule_every_text(const struct schedule *schedule)
{
	if (schedule->every_ms == SCHEDULE_ALWAYS)
		return mem_strdup("always");
	for (int i = 0; i < UNITS && schedule->every_ms > 0; i++)
		if (schedule->every_ms % units[i].ms == 0 && (units[i].letter != 'w' || schedule->every_ms > units[i].ms))
			return mem_printf("%lld%c", (long long)(schedule->every_ms / units[i].ms), units[i].letter);
	return NULL;
}

char *schedule_at_text(const struct schedule *schedule)
{
	return schedule->at_minute < 0 ? NULL : mem_printf("%02d:%02d", schedule->at_minute / 60, schedule->at_minute % 60);
}

/* That time on the day of `ms`, days later; days have no fixed length. An hour that a clock change leaves out is the one after it. */
static int64_t on_day(int64_t ms, int at_minute, int days)
{
	time_t seconds = (time_t)(ms / 1000);
	struct tm day;

	if (!localtime_r(&seconds, &day))
		return INT64_MAX;
	day.tm_mday += days;
	day.tm_hour = at_minute / 60;
	day.tm_min = at_minute % 60;
	day.tm_sec = 0;
	day.tm_isdst = -1;
	return (int64_t)mktime(&day) * 1000;
}

int64_t schedule_next(const struct schedule *schedule, int64_t last_ms, int64_t now_ms)
{
	int days;
	int64_t from = last_ms ? last_ms : now_ms;

	if (schedule->every_ms == SCHEDULE_ALWAYS)
		return now_ms;
	if (schedule->every_ms <= 0)
		return INT64_MAX;
	/* A clock that was set back must not keep it waiting for the time it once had. */
	if (from > now_ms)
		from = now_ms;
	if (schedule->at_minute < 0)
		return last_ms ? from + schedule->every_ms : now_ms;
	days = last_ms ? (int)(schedule->every_ms / DAY_MS) - 1 : 0;
	if (on_day(from, schedule->at_minute, 0) <= from)
		days++;
	return on_day(from, schedule->at_minute, days);
}
