#include "command/session.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"

#include <errno.h>
#include <langinfo.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { OUTPUT_HELD = 64 * 1024 };

static bool is_dash(const char *path)
{
	return path && strcmp(path, "-") == 0;
}

bool session_is_answer(const char *path)
{
	return is_dash(path) || (path && file_is_stdout(path));
}

enum status session_one_answer(const struct session *session, const char *csv, const char *markdown, struct error *err)
{
	if (session->json + session_is_answer(csv) + session_is_answer(markdown) > 1)
		return error_set(err, STATUS_USAGE, "usage", _("standard output cannot hold two answers at once"));
	return STATUS_OK;
}

enum status output_begin(struct output *output, struct session *session, const char *path, struct error *err)
{
	*output = (struct output){ .session = session, .answer = is_dash(path) };
	return output->answer ? STATUS_OK : file_writer_begin(&output->writer, path, 0600, err);
}

static enum status flush(struct output *output, struct error *err)
{
	enum status status;

	if (output->answer)
		return session_flush(output->session, err);
	status = file_writer_add(&output->writer, str_text(&output->waiting), output->waiting.length, err);
	str_clear(&output->waiting);
	return status;
}

enum status output_add(struct output *output, const struct str *text, struct error *err)
{
	struct str *to = output->answer ? &output->session->out : &output->waiting;

	str_add_bytes(to, str_text(text), text->length);
	return to->length < OUTPUT_HELD ? STATUS_OK : flush(output, err);
}

enum status output_end(struct output *output, bool keep, struct error *err)
{
	enum status status = keep && !output->answer ? flush(output, err) : STATUS_OK, ended = STATUS_OK;

	if (!output->answer)
		ended = file_writer_end(&output->writer, keep && status == STATUS_OK, status == STATUS_OK ? err : NULL);
	str_done(&output->waiting);
	return status == STATUS_OK ? ended : status;
}

enum status session_write(struct session *session, const char *path, const struct str *text, struct error *err)
{
	struct output output;
	enum status status = output_begin(&output, session, path, err), ended;

	if (status != STATUS_OK)
		return status;
	status = output_add(&output, text, err);
	ended = output_end(&output, status == STATUS_OK, status == STATUS_OK ? err : NULL);
	return status == STATUS_OK ? ended : status;
}

enum status session_needs_file(const char *what, const char *path, struct error *err)
{
	if (!is_dash(path))
		return STATUS_OK;
	error_set(err, STATUS_USAGE, "usage", _("%s cannot go to standard output, which is for the answer"), what);
	error_hint(err, _("give the name of a file; one that is called - is ./-"));
	return STATUS_USAGE;
}

void answer_begin(struct session *session)
{
	str_clear(&session->out);
	json_out_init(&session->w, &session->out);
	json_object(&session->w);
}

void answer_end(struct session *session)
{
	json_object_end(&session->w);
	str_add_char(&session->out, '\n');
}

void answer_time(struct session *session, const char *name, int64_t wall_ms)
{
	char text[CLOCK_TEXT];

	json_pair_string(&session->w, name, wall_ms ? clock_format(wall_ms, text) : NULL);
}

void answer_known(struct session *session, const char *name, int64_t value)
{
	if (value >= 0) {
		json_pair_i64(&session->w, name, value);
	} else {
		json_name(&session->w, name);
		json_put_null(&session->w);
	}
}

void answer_error(struct json_out *w, const struct error *err)
{
	json_name(w, "error");
	json_object(w);
	json_pair_string(w, "code", err->code);
	json_pair_string(w, "message", err->message);
	json_pair_string(w, "hint", err->hint);
	json_pair_string(w, "request_id", err->request_id);
	json_object_end(w);
}

void say(struct session *session, const char *format, ...)
{
	struct str line = { 0 };
	va_list arguments;

	if (session->json || session->quiet)
		return;
	va_start(arguments, format);
	str_add_told(&line, format, arguments);
	va_end(arguments);
	text_clean(&session->out, str_text(&line), line.length);
	str_add_char(&session->out, '\n');
	str_done(&line);
}

void answer_deleted(struct session *session, const char *name)
{
	if (session->json) {
		answer_begin(session);
		json_pair_string(&session->w, "deleted", name);
		answer_end(session);
	} else {
		say(session, _("%s deleted"), name);
	}
}

enum status session_flush(struct session *session, struct error *err)
{
	size_t length = session->out.length;
	bool good = fwrite(str_text(&session->out), 1, length, stdout) == length;

	if (fflush(stdout) != 0)
		good = false;
	str_clear(&session->out);
	return good ? STATUS_OK : error_set(err, STATUS_FAILED, "output", _("cannot write the answer: %s"), strerror(errno));
}

void session_complain(const struct error *err)
{
	bool utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;

	fprintf(stderr, "penstock: %s\n", err->message);
	if (*err->hint)
		fprintf(stderr, "  %s %s\n", utf8 ? "\xe2\x86\x92" : "->", err->hint);
	if (*err->request_id)
		fprintf(stderr, "  (%s %s)\n", _("request id"), err->request_id);
}

void session_note(void *self, const char *line)
{
	struct session *session = self;
	struct str clean = { 0 };

	if (session->quiet)
		return;
	progress_clear(&session->progress);
	text_clean(&clean, line, strlen(line));
	fprintf(stderr, "penstock: %s\n", str_text(&clean));
	str_done(&clean);
}

void session_progress(void *self, const struct engine_progress *now)
{
	struct session *session = self;

	progress_show(&session->progress, now);
	report_progress(&session->report, now);
}

void session_checking(void *self, const char *name)
{
	struct session *session = self;

	report_checking(&session->report, name);
}

void session_checked(void *self, const struct check *check)
{
	struct session *session = self;

	report_check(&session->report, check);
}
