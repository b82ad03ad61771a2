#include "app/app.h"

#include "app/client.h"
#include "app/governance.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "store/tables.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *environment(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

char *app_default_db(void)
{
	const char *data = environment("XDG_DATA_HOME"), *home = environment("HOME");

	if (environment("PENSTOCK_DB"))
		return mem_strdup(environment("PENSTOCK_DB"));
	if (data)
		return mem_printf("%s/penstock/penstock.db", data);
	if (home)
		return mem_printf("%s/.local/share/penstock/penstock.db", home);
	return NULL;
}

static enum status open_trace(struct app *app, const char *path, struct error *err)
{
	int fd;

	if (!path)
		return STATUS_OK;
	fd = file_open_given(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (fd >= 0)
		app->trace = fdopen(fd, "a");
	if (!app->trace)
		return error_set(err, STATUS_USAGE, "file", _("cannot write the trace file %s: %s"), path, strerror(errno));
	setvbuf(app->trace, NULL, _IOLBF, 0);
	app->trace_file = mem_strdup(path);
	return STATUS_OK;
}

struct app *app_new(const struct app_options *options, struct error *err)
{
	struct app *app = mem_alloc(sizeof *app);

	app->read_only = options->read_only;
	app->dry_run = options->dry_run;
	app->operator = options->operator;
	app->db = options->db ? mem_strdup(options->db) : app_default_db();
	app->loop = loop_new();
	if (!app->loop)
		error_set(err, STATUS_FAILED, "system", _("cannot make a pipe: %s"), strerror(errno));
	else if (open_trace(app, options->trace, err) == STATUS_OK)
		return app;
	app_free(app);
	return NULL;
}

void app_free(struct app *app)
{
	if (!app)
		return;
	client_forget(app);
	standing_free(app->standing);
	store_close(app->store);
	if (app->trace)
		fclose(app->trace);
	loop_free(app->loop);
	mem_free(app->trace_file);
	mem_free(app->db);
	mem_free(app);
}

enum status app_no_place(struct error *err)
{
	error_set(err, STATUS_USAGE, "usage", _("there is no place for the database"));
	error_hint(err, _("give its file with --db FILE or in PENSTOCK_DB"));
	return STATUS_USAGE;
}

static enum status open_store(struct app *app, struct error *err)
{
	enum status status = STATUS_OK;

	if (app->store)
		return STATUS_OK;
	if (!app->db || !*app->db)
		return app_no_place(err);
	if (!app->read_only)
		status = file_make_parents(app->db, err);
	if (status == STATUS_OK)
		status = store_open(app->db, app->read_only, &app->store, err);
	return status;
}

enum status app_enter(struct app *app, enum use_case use, struct error *err)
{
	enum status status = app_allow(app, use, err);

	return status == STATUS_OK ? open_store(app, err) : status;
}

enum status app_begin(struct app *app, struct error *err)
{
	enum status status = store_begin(app->store, err);

	if (status != STATUS_OK)
		return status;
	if (app->changes == 0)
		status = standing_take(app, &app->standing, err);
	if (status == STATUS_OK)
		app->changes++;
	else
		store_rollback(app->store);
	return status;
}

enum status app_end(struct app *app, enum status status, enum use_case use, const char *object, const char *detail, struct error *err)
{
	if (--app->changes == 0) {
		if (status == STATUS_OK)
			status = standing_compare(app, app->standing, err);
		standing_free(app->standing);
		app->standing = NULL;
	}
	if (status == STATUS_OK)
		status = audit_insert(app->store, use_cases[use].name, object, detail, err);
	if (status == STATUS_OK)
		status = store_commit(app->store, err);
	if (status != STATUS_OK)
		store_rollback(app->store);
	return status;
}

static void on_signal(void *self, int signal_number)
{
	struct app *app = self;

	(void)signal_number;
	app->stop++;
	if (app->patient && app->stop == 1)
		return;
	if (app->client && marketo_in_flight(app->client->marketo))
		client_cancel(app->client);
	else if (!app->patient)
		loop_stop(app->loop);
}

void app_catch_signals(struct app *app)
{
	loop_signal(app->loop, SIGINT, on_signal, app);
	loop_signal(app->loop, SIGTERM, on_signal, app);
	loop_signal(app->loop, SIGHUP, on_signal, app);
}

void app_wait(struct app *app, const bool *done)
{
	loop_run(app->loop, done);
}

static void on_timer(void *self)
{
	*(bool *)self = true;
}

bool app_pause(struct app *app, int64_t ms)
{
	bool over = false;
	uint64_t timer = loop_after(app->loop, ms, on_timer, &over);

	loop_run(app->loop, &over);
	if (!over)
		loop_cancel(app->loop, timer);
	return over;
}

void app_reading(struct app *app, int64_t *shown_ms, int64_t done, int64_t total)
{
	enum { EVERY_MS = 200 };
	struct engine_progress now = { .phase = ENGINE_READING, .done = done, .total = total, .seconds_left = -1 };
	int64_t now_ms = clock_mono_ms();

	if (!app->progress || (*shown_ms && now_ms - *shown_ms < EVERY_MS))
		return;
	*shown_ms = now_ms;
	app->progress(app->self, &now);
}

void app_note(struct app *app, const char *format, ...)
{
	va_list arguments;
	char *line;

	if (!app->note)
		return;
	va_start(arguments, format);
	line = mem_vprintf(format, arguments);
	va_end(arguments);
	app->note(app->self, line);
	mem_free(line);
}
