/* daemon */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* pipe2 */
#endif
#include "app/daemon.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "command/command.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

static const struct option_row rows[] = {
	{ "detach", NULL, N_("go on in the background, once everything is ready") },
	{ "log", "FILE", N_("append log lines to FILE (else standard error); SIGHUP opens it anew") },
	{ "socket", "SOCKET", N_("let operators ask there, with the permissions granted to them") },
	{ "permissions", "FILE", N_("who may do what (/etc/penstock/permissions); root's or yours, written by nobody else") },
	{ "log-json", NULL, N_("a log line is one JSON object") },
	{ "metrics", "FILE", N_("keep FILE up to date with what `metrics` prints") },
	{ 0 },
};

/* The background half of --detach: what it has to say before it is ready goes to the terminal, and a byte to the one who waits. */
struct detached {
	int pipe[2];
	bool json;
};

static void on_ready(void *self, struct journal *journal)
{
	struct detached *detached = self;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	(void)journal;
	if (detached->pipe[1] < 0)
		return;
	for (int fd = STDIN_FILENO; null >= 0 && fd <= STDERR_FILENO; fd++)
		dup2(null, fd);
	if (null > STDERR_FILENO)
		close(null);
	(void)!write(detached->pipe[1], "+", 1);
	close(detached->pipe[1]);
	detached->pipe[1] = -1;
}

/* True in the process that goes on. The other one waits for a word and has its answer in session->out, or *status tells that there was none. */
static bool detach(struct session *session, struct detached *detached, enum status *status, struct error *err)
{
	pid_t child;
	char word = 0;

	if (pipe2(detached->pipe, O_CLOEXEC) != 0 || (child = fork()) < 0) {
		*status = error_set(err, STATUS_FAILED, "system", _("cannot start a program: %s"), strerror(errno));
		return false;
	}
	if (child == 0) {
		close(detached->pipe[0]);
		setsid();
		return true;
	}
	close(detached->pipe[1]);
	while (read(detached->pipe[0], &word, 1) < 0 && errno == EINTR)
		;
	close(detached->pipe[0]);
	*status = word == '+' ? STATUS_OK : STATUS_FAILED;
	if (word == '+' && session->json) {
		answer_begin(session);
		json_name(&session->w, "daemon");
		json_object(&session->w);
		json_pair_i64(&session->w, "pid", child);
		json_object_end(&session->w);
		answer_end(session);
	} else if (word == '+') {
		say(session, _("the daemon is ready: process %ld"), (long)child);
	} else {
		error_set(err, STATUS_FAILED, "daemon", _("the daemon did not start; why stands above"));
	}
	return false;
}

static enum status serve(struct session *session, const struct args *args, struct error *err)
{
	struct detached detached = { { -1, -1 }, session->json };
	char *log = mem_strdup(arg_text(args, "log"));
	struct daemon_options options = { .log_json = arg_flag(args, "log-json"), .metrics = arg_text(args, "metrics"),
		.socket = arg_text(args, "socket"), .keeper = arg_text(args, "permissions"), .ready = on_ready, .self = &detached };
	enum status status = STATUS_OK;

	if (arg_flag(args, "detach")) {
		if (!log && session->app->db)
			log = mem_printf("%s.log", session->app->db);
		if (!detach(session, &detached, &status, err)) {
			mem_free(log);
			return status;
		}
		/* The answer is the other one's. */
		session->json = false;
	}
	options.log = log;
	status = app_daemon(session->app, &options, err);
	mem_free(log);
	return status;
}

const struct command daemon_commands[] = {
	{ .use = USE_DAEMON, .options = { rows }, .run = serve },
	{ 0 },
};
