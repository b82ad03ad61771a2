/* A JSON line a request: what came, what was answered, the rule it broke. Secrets never come here: of parameters only the names, of headers nothing. */
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "sandbox/box.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum status logbook_open(struct logbook *log, const char *path, struct error *err)
{
	int fd;

	memset(log, 0, sizeof *log);
	if (!path)
		return STATUS_OK;
	fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (fd < 0)
		return error_set(err, STATUS_FAILED, "file", _("cannot write the log %s: %s"), path, strerror(errno));
	log->file = fdopen(fd, "a");
	if (!log->file) {
		close(fd);
		return error_set(err, STATUS_FAILED, "file", _("cannot write the log %s: %s"), path, strerror(errno));
	}
	return STATUS_OK;
}

void logbook_close(struct logbook *log)
{
	if (log->file)
		fclose(log->file);
	log->file = NULL;
	for (size_t i = 0; i < LOG_KEPT; i++)
		mem_free(log->kept[i]);
	memset(log->kept, 0, sizeof log->kept);
}

static void put_parameters(struct json_out *w, const struct call *call)
{
	size_t count = request_parameter_count(call->request);
	const struct serve_pair *pairs = request_parameters(call->request);

	json_name(w, "query");
	json_array(w);
	for (size_t i = 0; i < count; i++)
		json_put_string(w, pairs[i].name);
	json_array_end(w);
}

static void put_time(struct json_out *w, int64_t wall_ms)
{
	char text[CLOCK_TEXT], exact[CLOCK_TEXT + 8];

	clock_format(wall_ms, text);
	snprintf(exact, sizeof exact, "%.19s.%03dZ", text, (int)(wall_ms % 1000));
	json_pair_string(w, "time", exact);
}

void logbook_write(struct logbook *log, const struct call *call)
{
	struct str line = { 0 };
	struct json_out w;

	json_out_init(&w, &line);
	json_object(&w);
	put_time(&w, call->arrived_wall);
	json_pair_string(&w, "request_id", call->id);
	json_pair_string(&w, "method", request_method(call->request));
	json_pair_string(&w, "as", call->verb_text);
	json_pair_string(&w, "path", request_path(call->request));
	put_parameters(&w, call);
	json_pair_i64(&w, "uri_bytes", (int64_t)request_target_length(call->request));
	json_pair_i64(&w, "body_bytes", (int64_t)request_body_length(call->request));
	str_add_bytes(&line, str_text(&call->detail), call->detail.length);
	json_pair_i64(&w, "status", call->http);
	json_pair_string(&w, "code", call->code[0] ? call->code : NULL);
	json_pair_string(&w, "rule", call->rule.length ? str_text(&call->rule) : NULL);
	json_pair_string(&w, "fault", call->fault.name[0] ? call->fault.name : NULL);
	json_pair_bool(&w, "counted", call->counted);
	json_pair_i64(&w, "in_flight", call->at_once);
	json_pair_i64(&w, "in_window", call->in_window);
	json_pair_i64(&w, "ms", clock_mono_ms() - call->arrived_mono);
	json_object_end(&w);
	if (log->file) {
		fprintf(log->file, "%s\n", str_text(&line));
		fflush(log->file);
	}
	mem_free(log->kept[log->next]);
	log->kept[log->next] = str_take(&line);
	log->next = (log->next + 1) % LOG_KEPT;
}

void logbook_last(const struct logbook *log, size_t count, struct json_out *w)
{
	json_array(w);
	for (size_t i = LOG_KEPT; i > 0; i--) {
		const char *line = log->kept[(log->next + LOG_KEPT - i) % LOG_KEPT];

		if (line && i <= count)
			json_put_raw(w, line, strlen(line));
	}
	json_array_end(w);
}
