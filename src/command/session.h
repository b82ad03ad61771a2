/* One invocation: what was asked for beside the command itself, and the answer on its way to standard output. */
#ifndef COMMAND_SESSION_H
#define COMMAND_SESSION_H

#include "app/app.h"
#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/str.h"
#include "command/progress.h"
#include "command/report.h"

#include <stdbool.h>
#include <stdint.h>

struct config;
struct telling;
struct console_request;

struct session {
	struct app *app;
	/* Opens the console; main/ knows how. */
	enum status (*console)(struct app *app, struct console_request *request, struct error *err);
	bool ascii, no_color, slow; /* for it */
	const struct config *config;
	const struct telling *telling; /* of whom we work for; NULL: of ourselves */
	bool json, quiet;
	bool answered;        /* somebody else has said it all */
	struct str out;       /* the answer, written when the command has ended; an error is told beside it on standard error */
	struct json_out w;    /* writes to out, with --json */
	struct progress progress;
	struct report report;
};

/* `{` and `}` of the one object. */
void answer_begin(struct session *session);
void answer_end(struct session *session);
/* "2026-11-23T08:00:00Z" or null for 0. */
void answer_time(struct session *session, const char *name, int64_t wall_ms);
/* A number, or null below 0. */
void answer_known(struct session *session, const char *name, int64_t value);
/* The `error` member: {"code","message","hint","request_id"}. */
void answer_error(struct json_out *w, const struct error *err);
/* {"deleted":NAME}, or words. */
void answer_deleted(struct session *session, const char *name);
/* A line for people, in the words of str_add_told: goes out with the answer; nothing with --json or --quiet. */
void say(struct session *session, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* FILE of an option, as it was given (NULL: not). `-` is standard output, as /dev/stdout is: is it where the answer goes? */
bool session_is_answer(const char *path);
/* Standard output holds one thing: the answer with --json, or one of the two files (NULL: not wanted). STATUS_USAGE when that is too much. */
enum status session_one_answer(const struct session *session, const char *csv, const char *markdown, struct error *err);
/* Replaces FILE, or (`-`) adds the text to the answer. */
enum status session_write(struct session *session, const char *path, const struct str *text, struct error *err);
/* The same bit by bit, of what need not fit into memory: file_writer's words. Of what goes to the answer nothing can be taken back. */
struct output {
	struct session *session;
	bool answer;
	struct file_writer writer;
	struct str waiting;
};
enum status output_begin(struct output *output, struct session *session, const char *path, struct error *err);
enum status output_add(struct output *output, const struct str *text, struct error *err);
enum status output_end(struct output *output, bool keep, struct error *err);
/* What only a file can take: STATUS_USAGE for `-`. what: the option, or the operand, as it is written. */
enum status session_needs_file(const char *what, const char *path, struct error *err);
/* Writes what there is to standard output now. STATUS_FAILED when it cannot be written (disk full, closed pipe). */
enum status session_flush(struct session *session, struct error *err);
/* "penstock: message" and what to do, on standard error. */
void session_complain(const struct error *err);
/* A warning or something learnt on the way, on standard error. */
void session_note(void *session, const char *line);
/* The progress line, and --progress-fd. */
void session_progress(void *session, const struct engine_progress *now);
void session_checking(void *session, const char *name);
void session_checked(void *session, const struct check *check);

#endif
