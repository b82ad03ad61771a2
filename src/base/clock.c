#include "base/clock.h"

#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <time.h>

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR };

static const struct clock_source *current;

void clock_use(const struct clock_source *source)
{
	current = source;
}

static int64_t system_ms(clockid_t id)
{
	struct timespec now = { 0 };

	clock_gettime(id, &now);
	return (int64_t)now.tv_sec * SECOND + now.tv_nsec / 1000000;
}

int64_t clock_mono_ms(void)
{
	return current && current->mono_ms ? current->mono_ms(current->self) : system_ms(CLOCK_MONOTONIC);
}

int64_t clock_wall_ms(void)
{
	return current && current->wall_ms ? current->wall_ms(current->self) : system_ms(CLOCK_REALTIME);
}

int64_t clock_wait_ms(int64_t ms)
{
	return current && current->wait_ms ? current->wait_ms(current->self, ms) : ms;
}

const char *clock_name(void)
{
	return current ? current->name : "";
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

static bool is_leap(int64_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int month_days(int64_t year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return days[month - 1] + (month == 2 && is_leap(year));
}

/* Days from 1970-01-01 to January 1st of year, in the Gregorian calendar also where it did not exist yet. */
static int64_t year_start(int64_t year)
{
	int64_t before = year - 1;

	return (year - 1970) * 365 + floor_div(before, 4) - floor_div(before, 100) + floor_div(before, 400) - 477;
}

static int64_t day_number(int64_t year, int month, int day)
{
	int64_t days = year_start(year) + day - 1;

	for (int m = 1; m < month; m++)
		days += month_days(year, m);
	return days;
}

struct date {
	int64_t year;
	int month, day;
};

static struct date date_of(int64_t days)
{
	struct date date = { .year = 1970 + floor_div(days, 366), .month = 1 }; /* never too late, then forward */
	int64_t rest;

	if (days < 0)
		date.year = 1970 + floor_div(days, 365) - 1;
	/* 146097 days are exactly 400 years: far from 1970 the estimate is off by many years, so whole periods go first. */
	date.year += floor_div(days - year_start(date.year), 146097) * 400;
	while (days >= year_start(date.year + 1))
		date.year++;
	rest = days - year_start(date.year);
	while (rest >= month_days(date.year, date.month))
		rest -= month_days(date.year, date.month++);
	date.day = (int)rest + 1;
	return date;
}

char *clock_format(int64_t wall_ms, char out[CLOCK_TEXT])
{
	struct date date = date_of(floor_div(wall_ms, DAY));
	int rest = (int)((wall_ms % DAY + DAY) % DAY) / SECOND;

	snprintf(out, CLOCK_TEXT, "%04lld-%02d-%02dT%02d:%02d:%02dZ", (long long)date.year, date.month, date.day, rest / 3600,
	         rest / 60 % 60, rest % 60);
	return out;
}

/* Exactly `digits` digits, at most high. */
static bool take_number(const char **text, int digits, int low, int high, int *out)
{
	int value = 0;

	for (int i = 0; i < digits; i++) {
		if ((*text)[i] < '0' || (*text)[i] > '9')
			return false;
		value = value * 10 + ((*text)[i] - '0');
	}
	*text += digits;
	*out = value;
	return value >= low && value <= high;
}

static bool take_char(const char **text, char c)
{
	if (**text != c)
		return false;
	++*text;
	return true;
}

/* ".5", ".123456789": what is finer than a millisecond is dropped. */
static bool take_fraction(const char **text, int *ms)
{
	int weight = 100;

	*ms = 0;
	if (!take_char(text, '.'))
		return true;
	if (**text < '0' || **text > '9')
		return false;
	for (; **text >= '0' && **text <= '9'; ++*text, weight /= 10)
		*ms += (**text - '0') * weight;
	return true;
}

static bool take_zone(const char **text, int *minutes)
{
	int sign, hours, rest;

	*minutes = 0;
	if (take_char(text, 'Z')) {
		if (!**text)
			return true;
		/* the asset API writes Z+0000 */
		return take_char(text, '+') && take_number(text, 4, 0, 0, &rest);
	}
	sign = **text == '-' ? -1 : 1;
	if (!take_char(text, '+') && !take_char(text, '-'))
		return false;
	if (!take_number(text, 2, 0, 23, &hours))
		return false;
	take_char(text, ':');
	if (!take_number(text, 2, 0, 59, &rest))
		return false;
	*minutes = sign * (hours * 60 + rest);
	return true;
}

static bool take_time(const char **text, int64_t *ms)
{
	int hour, minute, second = 0, fraction, zone;

	if (!take_number(text, 2, 0, 23, &hour) || !take_char(text, ':') || !take_number(text, 2, 0, 59, &minute))
		return false;
	if (take_char(text, ':') && !take_number(text, 2, 0, 59, &second))
		return false;
	if (!take_fraction(text, &fraction) || !take_zone(text, &zone))
		return false;
	*ms = (int64_t)hour * HOUR + ((int64_t)minute - zone) * MINUTE + (int64_t)second * SECOND + fraction;
	return true;
}

bool clock_parse(const char *text, int64_t *wall_ms, bool *has_time)
{
	int year, month, day;
	int64_t in_day = 0;
	bool with_time = false;

	if (!take_number(&text, 4, 0, 9999, &year) || !take_char(&text, '-') || !take_number(&text, 2, 1, 12, &month) ||
	    !take_char(&text, '-') || !take_number(&text, 2, 1, month_days(year, month), &day))
		return false;
	if (take_char(&text, 'T')) {
		with_time = true;
		if (!take_time(&text, &in_day))
			return false;
	}
	if (*text)
		return false;
	*wall_ms = day_number(year, month, day) * DAY + in_day;
	if (has_time)
		*has_time = with_time;
	return true;
}

/* Day number of the nth Sunday of a month. 1970-01-01 was a Thursday, so day 3 was a Sunday. */
static int64_t nth_sunday(int64_t year, int month, int nth)
{
	int64_t first = day_number(year, month, 1);
	int64_t since_sunday = (first - 3) - floor_div(first - 3, 7) * 7;

	return first + (7 - since_sunday) % 7 + (nth - 1) * 7;
}

/* Milliseconds that US Central is behind UTC. The rule since 2007: daylight saving time from 02:00 standard time (08:00 UTC) of the second
 * Sunday of March to 02:00 daylight time (07:00 UTC) of the first Sunday of November. */
static int64_t central_behind(int64_t wall_ms)
{
	int64_t year = date_of(floor_div(wall_ms, DAY)).year;
	int64_t start = nth_sunday(year, 3, 2) * DAY + 8 * HOUR;
	int64_t end = nth_sunday(year, 11, 1) * DAY + 7 * HOUR;

	return wall_ms >= start && wall_ms < end ? 5 * HOUR : 6 * HOUR;
}

int64_t clock_next_quota_reset(int64_t wall_ms)
{
	int64_t tomorrow = floor_div(wall_ms - central_behind(wall_ms), DAY) + 1;
	int64_t midnight = tomorrow * DAY + 6 * HOUR;

	/* Midnight is never the hour that is skipped or doubled, so an hour earlier settles which of the two it is. */
	return midnight - HOUR + (central_behind(midnight - HOUR) - 5 * HOUR);
}
