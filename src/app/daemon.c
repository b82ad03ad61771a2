#include "app/daemon.h"

#include "app/flow.h"
#include "app/guests.h"
#include "app/journal.h"
#include "app/metrics.h"
#include "app/notify.h"
#include "app/operators.h"
#include "app/supervise.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "store/retention.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum {
	TICK_MS = 1000,
	REFRESH_MS = 3000,     /* a change in the store is noticed within this, a SIGHUP at once */
	UPKEEP_MS = 60000,
	METRICS_MS = 15000,
	ALERTS_MS = 60000,
	GRACE_MS = 4500,       /* of the five seconds that stopping may take */
	COMPLAIN_MS = 60000,   /* the same trouble is told once in so long */
	FILES_MOST = 16384,    /* descriptors that it takes, as far as it may: three a run or receiver */
};

struct daemon {
	struct app *app;
	struct journal journal;
	struct crew crew;
	struct guests *guests; /* NULL: nobody may ask */
	char *telling;         /* what runs are told of the file of permissions, as it was last good */
	const char *metrics, *keeper;
	uint64_t measured; /* how many runs had ended by then */
	bool stopping, done, reload;
	uint64_t tick, grace;
	struct process *alerting; /* `alert check`, NULL: not now */
	char shown[80];           /* what the manager was told last */
	int64_t reloaded_at, refresh_at, upkeep_at, metrics_at, alerts_at, complain_at, watchdog_at, watchdog_ms; /* of the steady clock */
};

/* Free with mem_free. */
static char *lock_path(const char *db)
{
	return mem_printf("%s.daemon.lock", db);
}

bool daemon_is_there(const char *db, struct lockfile_holder *holder)
{
	char *path = lock_path(db);
	bool held = lockfile_is_held(path, holder);

	mem_free(path);
	return held;
}

static enum status take_lock(struct app *app, int *fd, struct error *err)
{
	char *path = lock_path(app->db), *user = store_user_name();
	struct lockfile_holder holder = { 0 };
	enum status status = STATUS_OK;

	switch (lockfile_take(path, user, fd, &holder)) {
	case LOCKFILE_OURS:
		break;
	case LOCKFILE_HELD:
		status = error_set(err, STATUS_FAILED, "busy", _("a daemon of this store is there already"));
		if (holder.pid)
			error_hint(err, _("it is process %ld of %s; `kill %ld` stops it"), (long)holder.pid, holder.user, (long)holder.pid);
		break;
	case LOCKFILE_FAILED:
		status = error_set(err, STATUS_FAILED, "store", _("cannot open the lock file %s: %s"), path, strerror(errno));
		break;
	}
	mem_free(path);
	mem_free(user);
	return status;
}

static void tell(struct daemon *daemon, const char *level, const char *event, const char *code)
{
	journal_begin(&daemon->journal, level, event);
	journal_text(&daemon->journal, "code", code);
	journal_end(&daemon->journal);
}

/* With what is wrong: a file of ours, nobody's data. */
static void tell_wrong(struct daemon *daemon, const char *event, const struct error *err)
{
	journal_begin(&daemon->journal, "error", event);
	journal_text(&daemon->journal, "code", err->code);
	journal_text(&daemon->journal, "message", err->message);
	journal_end(&daemon->journal);
}

/* The store may be locked or its disk full for a while: what runs goes on, and the next look comes. */
static void complain(struct daemon *daemon, const struct error *err, int64_t mono_ms)
{
	if (mono_ms < daemon->complain_at)
		return;
	daemon->complain_at = mono_ms + COMPLAIN_MS;
	tell(daemon, "error", "store", err->code);
}

static void refresh(struct daemon *daemon, int64_t mono_ms)
{
	struct error err = { 0 };

	if (mono_ms < daemon->refresh_at)
		return;
	daemon->refresh_at = mono_ms + REFRESH_MS;
	if (crew_refresh(&daemon->crew, &err) != STATUS_OK)
		complain(daemon, &err, mono_ms);
}

static void keep_up(struct daemon *daemon, int64_t mono_ms)
{
	struct error err = { 0 };

	if (mono_ms < daemon->upkeep_at)
		return;
	daemon->upkeep_at = mono_ms + UPKEEP_MS;
	if (retention_apply_daily(daemon->app->store, clock_wall_ms(), &err) != STATUS_OK)
		complain(daemon, &err, mono_ms);
}

static void measure(struct daemon *daemon, int64_t mono_ms)
{
	struct str text = { 0 };
	struct error err = { 0 };

	if (!daemon->metrics || (mono_ms < daemon->metrics_at && daemon->measured == daemon->crew.ended))
		return;
	daemon->metrics_at = mono_ms + METRICS_MS;
	daemon->measured = daemon->crew.ended;
	if (app_metrics(daemon->app, &text, &err) != STATUS_OK || file_replace(daemon->metrics, str_text(&text), text.length, 0644, &err) != STATUS_OK)
		complain(daemon, &err, mono_ms);
	str_done(&text);
}

static void on_alerted(void *self, const struct process_end *end)
{
	struct daemon *daemon = self;

	daemon->alerting = NULL;
	if (end->exit_status != STATUS_OK)
		tell(daemon, "warning", "alerts", "alert");
}

/* A process of its own: a command or a webhook may take its time. */
static void look_at_alerts(struct daemon *daemon, int64_t mono_ms)
{
	const char *words[] = { "penstock", "--db", daemon->app->db, "--json", "--quiet", "alert", "check", NULL };
	const struct process_options how = { .file = "/proc/self/exe", .argv = words, .end = on_alerted, .self = daemon };
	struct error err = { 0 };

	if (mono_ms < daemon->alerts_at || daemon->alerting)
		return;
	daemon->alerts_at = mono_ms + ALERTS_MS;
	daemon->alerting = process_start(daemon->app->loop, &how, &err);
	if (!daemon->alerting)
		complain(daemon, &err, mono_ms);
}

static void feed_watchdog(struct daemon *daemon, int64_t mono_ms)
{
	if (!daemon->watchdog_ms || mono_ms < daemon->watchdog_at)
		return;
	daemon->watchdog_at = mono_ms + daemon->watchdog_ms;
	notify("WATCHDOG=1");
}

static void tell_manager(struct daemon *daemon)
{
	char text[sizeof daemon->shown];

	snprintf(text, sizeof text, "STATUS=%zu dataflows, %zu running", daemon->crew.members.count, daemon->crew.running);
	if (strcmp(text, daemon->shown) == 0)
		return;
	memcpy(daemon->shown, text, sizeof text);
	notify(text);
}

/* What stands in the file of permissions. Commands read it anew each time; runs that nobody asked for go on with what was good last. */
static enum status read_permissions(struct daemon *daemon, struct error *err)
{
	struct grants grants = { 0 };
	enum status status = operators_load(daemon->keeper, &grants, err);

	if (status == STATUS_OK) {
		mem_free(daemon->telling);
		daemon->telling = operator_tell_owner(&grants, daemon->keeper);
		daemon->crew.telling = daemon->telling;
	}
	grants_done(&grants);
	return status;
}

/* Without the file nobody is granted anything yet; what stands wrongly in it has to be put right first. */
static enum status first_permissions(struct daemon *daemon, struct error *err)
{
	enum status status = read_permissions(daemon, err);

	if (status == STATUS_OK || access(daemon->keeper, F_OK) == 0 || errno != ENOENT)
		return status;
	tell(daemon, "warning", "permissions", "not_found");
	error_clear(err);
	return STATUS_OK;
}

static void reload(struct daemon *daemon)
{
	struct error err = { 0 };
	struct timespec now;
	char text[80];

	daemon->reload = false;
	daemon->reloaded_at = clock_mono_ms();
	clock_gettime(CLOCK_MONOTONIC, &now);
	snprintf(text, sizeof text, "RELOADING=1\nMONOTONIC_USEC=%lld", (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000);
	notify(text);
	if (journal_reopen(&daemon->journal, &err) != STATUS_OK)
		tell_wrong(daemon, "log", &err);
	if (daemon->guests && read_permissions(daemon, &err) != STATUS_OK)
		tell_wrong(daemon, "permissions", &err);
	tell(daemon, "info", "reloaded", NULL);
	crew_forgive(&daemon->crew);
	daemon->refresh_at = 0;
	notify("READY=1");
}

static size_t at_work(const struct daemon *daemon)
{
	return daemon->crew.running + guests_at_work(daemon->guests);
}

static void on_tick(void *self)
{
	struct daemon *daemon = self;
	int64_t mono_ms = clock_mono_ms();

	daemon->tick = loop_after(daemon->app->loop, TICK_MS, on_tick, daemon);
	feed_watchdog(daemon, mono_ms);
	if (daemon->stopping) {
		daemon->done = at_work(daemon) == 0;
		return;
	}
	if (daemon->reload)
		reload(daemon);
	refresh(daemon, mono_ms);
	keep_up(daemon, mono_ms);
	crew_start_due(&daemon->crew, clock_wall_ms());
	measure(daemon, mono_ms);
	look_at_alerts(daemon, mono_ms);
	tell_manager(daemon);
}

static void tick_now(struct daemon *daemon)
{
	loop_cancel(daemon->app->loop, daemon->tick);
	daemon->tick = loop_after(daemon->app->loop, 0, on_tick, daemon);
}

static void on_reload(void *self, int signal_number)
{
	struct daemon *daemon = self;

	(void)signal_number;
	daemon->reload = true;
	/* However many ask: at once, and then with the next tick. */
	if (!daemon->reloaded_at || clock_mono_ms() - daemon->reloaded_at >= TICK_MS)
		tick_now(daemon);
}

/* Where hundreds of dataflows follow, the usual number of descriptors is too small. */
static void take_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= FILES_MOST)
		return;
	limit.rlim_cur = limit.rlim_max < FILES_MOST ? limit.rlim_max : FILES_MOST;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static void on_grace_over(void *self)
{
	struct daemon *daemon = self;

	daemon->grace = 0;
	daemon->done = true;
}

/* Once: everybody is asked to stop. Twice: now. */
static void on_stop(void *self, int signal_number)
{
	struct daemon *daemon = self;

	(void)signal_number;
	if (daemon->stopping) {
		daemon->done = true;
		return;
	}
	daemon->stopping = true;
	notify("STOPPING=1");
	tell(daemon, "info", "stop", NULL);
	crew_stop(&daemon->crew);
	guests_stop(daemon->guests);
	daemon->grace = loop_after(daemon->app->loop, GRACE_MS, on_grace_over, daemon);
	tick_now(daemon);
}

/* Looks often enough at the end, so that stopping takes no second longer than the last child does. */
static void before_sleep(void *self)
{
	struct daemon *daemon = self;

	if (daemon->stopping && at_work(daemon) == 0)
		daemon->done = true;
}

static void run(struct daemon *daemon, const struct daemon_options *options)
{
	struct loop *loop = daemon->app->loop;

	loop_signal(loop, SIGTERM, on_stop, daemon);
	loop_signal(loop, SIGINT, on_stop, daemon);
	loop_signal(loop, SIGHUP, on_reload, daemon);
	loop_before_sleep(loop, before_sleep, daemon);
	tell(daemon, "info", "ready", NULL);
	if (options->ready)
		options->ready(options->self, &daemon->journal);
	notify("READY=1");
	on_tick(daemon);
	loop_run(loop, &daemon->done);
	loop_before_sleep(loop, NULL, NULL);
	loop_cancel(loop, daemon->tick);
	loop_cancel(loop, daemon->grace);
	loop_signal(loop, SIGTERM, NULL, NULL);
	loop_signal(loop, SIGINT, NULL, NULL);
	loop_signal(loop, SIGHUP, NULL, NULL);
}

enum status app_daemon(struct app *app, const struct daemon_options *options, struct error *err)
{
	struct daemon daemon = { .app = app, .watchdog_ms = notify_watchdog_ms(), .metrics = options->metrics, .keeper = options->keeper ? options->keeper : OPERATORS_FILE };
	int lock = -1;
	enum status status = app_enter(app, USE_DAEMON, err);

	if (status == STATUS_OK)
		status = take_lock(app, &lock, err);
	if (status == STATUS_OK)
		status = journal_open(&daemon.journal, options->log, options->log_json, err);
	if (status == STATUS_OK) {
		take_descriptors();
		daemon.crew = (struct crew){ .app = app, .journal = &daemon.journal };
		status = crew_refresh(&daemon.crew, err);
		if (status == STATUS_OK && options->socket)
			status = first_permissions(&daemon, err);
		if (status == STATUS_OK && options->socket)
			status = guests_open(app, &daemon.journal, options->socket, daemon.keeper, &daemon.guests, err);
		if (status == STATUS_OK)
			status = flow_audit(app, USE_DAEMON, NULL, "started as process %lld", getpid(), err);
		if (status == STATUS_OK)
			run(&daemon, options);
		process_kill(daemon.alerting);
		guests_close(daemon.guests);
		crew_done(&daemon.crew);
		if (status == STATUS_OK)
			tell(&daemon, "info", "stopped", NULL);
		journal_close(&daemon.journal);
		mem_free(daemon.telling);
	}
	lockfile_drop(lock);
	return status;
}
