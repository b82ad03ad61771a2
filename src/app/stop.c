/* Whether a run that is said to be running is, and stopping or pausing it from another process. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* syscall */
#endif
#include "app/going.h"
#include "app/runs.h"
#include "base/i18n.h"
#include "base/mem.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum status app_run_is_alive(struct app *app, int64_t dataflow_id, bool *alive, struct error *err)
{
	struct going going = { 0 };
	enum status status = app_enter(app, USE_STATUS, err);

	if (status == STATUS_OK)
		status = going_look(app, dataflow_id, &going, err);
	*alive = going.alive;
	return status;
}

static enum status cannot_reach(const struct going *going, const char *why, struct error *err)
{
	if (!going->holder.pid)
		error_set(err, STATUS_FAILED, "unreachable", _("run %lld goes on in a process that cannot be seen from here"), (long long)going->run_id);
	else
		error_set(err, STATUS_REFUSED, "unreachable", _("process %ld cannot be told to stop: %s"), (long)going->holder.pid, why);
	error_hint(err, _("stop it where it was started, as the user who started it"));
	return err ? err->status : STATUS_FAILED;
}

/* Through a descriptor, and looked at once more: a number alone could be somebody else's by now. */
static enum status tell_to_stop(struct app *app, struct going *going, struct error *err)
{
	int pidfd = going->holder.pid ? (int)syscall(SYS_pidfd_open, going->holder.pid, 0) : -1, failed = errno;
	pid_t pid = going->holder.pid;

	if (pidfd < 0)
		return cannot_reach(going, strerror(failed), err);
	going_look_again(app, going);
	if (going->alive && going->holder.pid == pid) {
		failed = syscall(SYS_pidfd_send_signal, pidfd, SIGTERM, NULL, 0) == 0 ? 0 : errno;
	} else {
		failed = 0; /* it has ended in between, which is what was wanted */
	}
	close(pidfd);
	return failed ? cannot_reach(going, strerror(failed), err) : STATUS_OK;
}

static enum status write_down(struct app *app, enum use_case use, const char *name, int64_t run_id, struct error *err)
{
	enum status status = app_begin(app, err);
	char *detail;

	if (status != STATUS_OK)
		return status;
	detail = mem_printf("run %lld", (long long)run_id);
	status = app_end(app, STATUS_OK, use, name, detail, err);
	mem_free(detail);
	return status;
}

enum status app_stop(struct app *app, const char *name, int64_t *run_id, struct error *err)
{
	struct going going = { 0 };
	enum status status = app_enter(app, USE_STOP, err);

	*run_id = 0;
	if (status == STATUS_OK)
		status = going_find(app, name, &going, err);
	if (status == STATUS_OK)
		status = tell_to_stop(app, &going, err);
	if (status != STATUS_OK)
		return status;
	*run_id = going.run_id;
	return write_down(app, USE_STOP, name, going.run_id, err);
}

/* A row that the run looks at says so: it needs neither that one's attention now nor ours later, and a run that is killed while it pauses is one that was interrupted. */
static enum status wish(struct app *app, enum use_case use, const char *name, bool pause, int64_t *run_id, struct error *err)
{
	struct going going = { 0 };
	enum status status = app_enter(app, use, err);

	*run_id = 0;
	if (status == STATUS_OK)
		status = going_find(app, name, &going, err);
	if (status == STATUS_OK)
		status = run_pause_save(app->store, going.run_id, pause, err);
	if (status != STATUS_OK)
		return status;
	*run_id = going.run_id;
	return write_down(app, use, name, going.run_id, err);
}

enum status app_run_pause(struct app *app, const char *name, int64_t *run_id, struct error *err)
{
	return wish(app, USE_PAUSE, name, true, run_id, err);
}

enum status app_run_resume(struct app *app, const char *name, int64_t *run_id, struct error *err)
{
	return wish(app, USE_RESUME, name, false, run_id, err);
}
