#include "command/report.h"

#include "base/i18n.h"
#include "base/json.h"
#include "base/text.h"
#include "command/check.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <unistd.h>

static const char *const phase_words[] = {
	[ENGINE_READING] = "reading",
	[ENGINE_SORTING] = "sorting",
	[ENGINE_PLANNING] = "planning",
	[ENGINE_SENDING] = "sending",
	[ENGINE_COMPARING] = "comparing",
	[ENGINE_FOLLOWING] = "following",
};

enum status report_open(struct report *report, const char *number, struct error *err)
{
	long long fd;

	report->fd = -1;
	if (!number)
		return STATUS_OK;
	/* What we start ourselves does not inherit it: its end is our end. */
	if (!text_to_i64(number, 3, INT_MAX, &fd) || fcntl((int)fd, F_SETFD, FD_CLOEXEC) != 0) {
		error_set(err, STATUS_USAGE, "invalid", _("--progress-fd %s is no open descriptor"), number);
		error_hint(err, _("give the number, 3 or more, of one that is open for writing"));
		return STATUS_USAGE;
	}
	report->fd = (int)fd;
	return STATUS_OK;
}

/* A pipe that nobody empties takes no line, one that nobody reads none for ever. Short lines are written whole or not at all. */
static void send_line(struct report *report, struct str *line)
{
	struct pollfd room = { .fd = report->fd, .events = POLLOUT };

	str_add_char(line, '\n');
	if (report->fd >= 0 && line->length <= PIPE_BUF && poll(&room, 1, 0) > 0) {
		ssize_t written = (room.revents & POLLOUT) ? write(report->fd, line->text, line->length) : -1;

		if (written < 0 && errno != EINTR && errno != EAGAIN)
			report->fd = -1;
	}
	str_done(line);
}

static void put_run(struct json_out *w, const struct run *run)
{
	json_name(w, "run");
	json_object(w);
	json_pair_i64(w, "id", run->id);
	json_pair_i64(w, "received", run->received);
	json_pair_i64(w, "activated", run->activated);
	json_pair_i64(w, "excluded", run->excluded);
	json_pair_i64(w, "failed", run->failed);
	json_pair_i64(w, "unchanged", run->unchanged);
	json_pair_i64(w, "pending", run->pending);
	json_object_end(w);
}

static void put_known(struct json_out *w, const char *name, int64_t value)
{
	if (value >= 0) {
		json_pair_i64(w, name, value);
	} else {
		json_name(w, name);
		json_put_null(w);
	}
}

void report_line(const struct engine_progress *now, struct str *out)
{
	struct json_out w;

	json_out_init(&w, out);
	json_object(&w);
	json_name(&w, "progress");
	json_object(&w);
	json_pair_string(&w, "phase", phase_words[now->phase]);
	json_pair_i64(&w, "done", now->done);
	put_known(&w, "total", now->total);
	json_pair_i64(&w, "per_second", (int64_t)(now->records_per_second + 0.5));
	put_known(&w, "seconds_left", now->seconds_left);
	json_pair_i64(&w, "calls", now->run ? run_calls(now->run) : 0);
	json_pair_i64(&w, "waiting_ms", now->gate.opens_in_ms);
	if (now->run) {
		json_pair_i64(&w, "calls_in_20s", now->gate.in_window);
		json_pair_i64(&w, "calls_in_flight", now->gate.in_flight);
		put_known(&w, "quota_used", now->gate.used_today);
		put_run(&w, now->run);
	}
	json_object_end(&w);
	json_object_end(&w);
}

void report_progress(struct report *report, const struct engine_progress *now)
{
	struct str line = { 0 };

	if (report->fd < 0)
		return;
	report_line(now, &line);
	send_line(report, &line);
}

void report_checking(struct report *report, const char *name)
{
	struct str line = { 0 };
	struct json_out w;

	json_out_init(&w, &line);
	json_object(&w);
	json_pair_string(&w, "checking", name);
	json_object_end(&w);
	send_line(report, &line);
}

void report_check(struct report *report, const struct check *check)
{
	struct str line = { 0 };
	struct json_out w;

	json_out_init(&w, &line);
	json_object(&w);
	json_name(&w, "check");
	check_put(&w, check);
	json_object_end(&w);
	send_line(report, &line);
}
