/* GET /rest/v1/stats/usage.json and errors.json, each with /last7days.json (swagger-mapi: UsageData, ErrorsData). */
#include "base/clock.h"
#include "sandbox/box.h"

enum { HALF_DAY_MS = 12 * 3600 * 1000, DATE_LENGTH = 10 };

static const int64_t week_ms = (2 * STATS_DAYS - 1) * (int64_t)HALF_DAY_MS; /* half a day less: those of a change of the clock are 23 or 25 hours */

/* The US Central date of a day of the quota: noon before its end has that date also in UTC. */
static void put_date(struct json_out *w, const struct day *day)
{
	char text[CLOCK_TEXT];

	clock_format(day->ends - HALF_DAY_MS, text);
	text[DATE_LENGTH] = '\0';
	json_pair_string(w, "date", text);
}

static void put_usage(struct json_out *w, const struct day *day)
{
	json_object(w);
	put_date(w, day);
	json_pair_i64(w, "total", day->total);
	json_name(w, "users");
	json_array(w);
	if (day->total > 0) {
		json_object(w);
		json_pair_string(w, "userId", "api.user@example.com");
		json_pair_i64(w, "count", day->total);
		json_object_end(w);
	}
	json_array_end(w);
	json_object_end(w);
}

static void put_errors(struct json_out *w, const struct day *day)
{
	int64_t total = 0;

	json_object(w);
	put_date(w, day);
	json_name(w, "errors");
	json_array(w);
	for (size_t i = 0; i < day->error_count; i++) {
		json_object(w);
		json_pair_string(w, "errorCode", day->errors[i].code);
		json_pair_i64(w, "count", day->errors[i].count);
		json_object_end(w);
		total += day->errors[i].count;
	}
	json_array_end(w);
	json_pair_i64(w, "total", total);
	json_object_end(w);
}

static void put_days(struct call *call, size_t count, void (*put)(struct json_out *, const struct day *))
{
	struct limits *limits = &call->box->limits;
	const struct day *today = limits_today(limits);
	struct json_out w;

	json_out_init(&w, &call->result);
	json_array(&w);
	for (size_t i = 0; i < count && limits->days[i].ends > today->ends - week_ms; i++)
		put(&w, &limits->days[i]);
	json_array_end(&w);
}

void answer_stats_usage(struct call *call)
{
	put_days(call, 1, put_usage);
}

void answer_stats_usage_week(struct call *call)
{
	put_days(call, STATS_DAYS, put_usage);
}

void answer_stats_errors(struct call *call)
{
	put_days(call, 1, put_errors);
}

void answer_stats_errors_week(struct call *call)
{
	put_days(call, STATS_DAYS, put_errors);
}
