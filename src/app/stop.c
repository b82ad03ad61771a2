/* Whether a run that is said to be running is, and stopping it from another process. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* syscall */
#endif
#include "app/runs.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "engine/lock.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The dataflow's run that its row calls running, 0: none; and the process that is busy with it. alive false: its process is gone. */
struct going {
	int64_t run_id, account_id;
	bool alive;
	struct lockfile_holder holder;
};

static enum status find_account(struct app *app, int64_t dataflow_id, int64_t *id, struct error *err)
{
	struct dataflow dataflow;
	struct destination destination;
	enum status status;

	destination_init(&destination);
	status = dataflow_get(app->store, dataflow_id, &dataflow, err);
	if (status == STATUS_OK)
		status = destination_get(app->store, dataflow.destination_id, &destination, err);
	*id = destination.account_id;
	destination_done(&destination);
	dataflow_done(&dataflow);
	return status;
}

static enum status find_running(struct app *app, int64_t dataflow_id, int64_t *id, struct error *err)
{
	struct run run;
	enum status status = run_unfinished(app->store, dataflow_id, id, err);

	if (status != STATUS_OK || !*id)
		return status;
	status = run_get(app->store, *id, &run, err);
	if (run.state != RUN_RUNNING)
		*id = 0;
	run_done(&run);
	return status;
}

/* Somebody who cannot be seen from here (of another container) may be busy with anything: that is believed. */
static void look_for_holder(struct app *app, struct going *going)
{
	going->alive = going->run_id && lock_is_held(app->store, going->account_id, 0, &going->holder) &&
		(!going->holder.pid || going->holder.about == going->run_id);
}

static enum status look(struct app *app, int64_t dataflow_id, struct going *out, struct error *err)
{
	enum status status = find_running(app, dataflow_id, &out->run_id, err);

	if (status == STATUS_OK && out->run_id)
		status = find_account(app, dataflow_id, &out->account_id, err);
	if (status != STATUS_OK || !out->run_id)
		return status;
	look_for_holder(app, out);
	/* It may have ended between the two looks: then its row says so by now. */
	return out->alive ? STATUS_OK : find_running(app, dataflow_id, &out->run_id, err);
}

enum status app_run_is_alive(struct app *app, int64_t dataflow_id, bool *alive, struct error *err)
{
	struct going going = { 0 };
	enum status status = app_enter(app, USE_STATUS, err);

	if (status == STATUS_OK)
		status = look(app, dataflow_id, &going, err);
	*alive = going.alive;
	return status;
}

static enum status not_running(const char *name, const struct going *going, struct error *err)
{
	if (!going->run_id) {
		error_set(err, STATUS_USAGE, "not_running", _("no run of %s is going on"), name);
		error_hint(err, _("`penstock status` shows what is"));
	} else {
		error_set(err, STATUS_USAGE, "not_running", _("run %lld of %s was interrupted: its process is gone"), (long long)going->run_id, name);
		error_hint(err, _("`penstock run %s` goes on with it"), name);
	}
	return STATUS_USAGE;
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
	look_for_holder(app, going);
	if (going->alive && going->holder.pid == pid) {
		failed = syscall(SYS_pidfd_send_signal, pidfd, SIGTERM, NULL, 0) == 0 ? 0 : errno;
	} else {
		failed = 0; /* it has ended in between, which is what was wanted */
	}
	close(pidfd);
	return failed ? cannot_reach(going, strerror(failed), err) : STATUS_OK;
}

static enum status write_down(struct app *app, const char *name, int64_t run_id, struct error *err)
{
	enum status status = app_begin(app, err);
	char *detail;

	if (status != STATUS_OK)
		return status;
	detail = mem_printf("run %lld", (long long)run_id);
	status = app_end(app, STATUS_OK, USE_STOP, name, detail, err);
	mem_free(detail);
	return status;
}

enum status app_stop(struct app *app, const char *name, int64_t *run_id, struct error *err)
{
	struct going going = { 0 };
	struct dataflow dataflow;
	enum status status = app_enter(app, USE_STOP, err);

	*run_id = 0;
	dataflow_init(&dataflow);
	if (status == STATUS_OK)
		status = dataflow_find(app->store, name, &dataflow, err);
	if (status == STATUS_OK)
		status = look(app, dataflow.id, &going, err);
	dataflow_done(&dataflow);
	if (status == STATUS_OK && !going.alive)
		status = not_running(name, &going, err);
	if (status == STATUS_OK)
		status = tell_to_stop(app, &going, err);
	if (status != STATUS_OK)
		return status;
	*run_id = going.run_id;
	return write_down(app, name, going.run_id, err);
}
