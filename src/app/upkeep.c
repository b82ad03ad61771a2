#include "app/upkeep.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "store/tables.h"

#include <sys/stat.h>

void backup_done(struct backup *backup)
{
	mem_free(backup->key_file);
	*backup = (struct backup){ 0 };
}

static bool going_on(void *self, int64_t done, int64_t total)
{
	struct app *app = self;

	(void)done;
	(void)total;
	loop_turn(app->loop, 0);
	return !app->stop;
}

static enum status write_down(struct app *app, enum use_case use, const char *object, const char *detail, struct error *err)
{
	enum status status = app_begin(app, err);

	return status == STATUS_OK ? app_end(app, STATUS_OK, use, object, detail, err) : status;
}

enum status app_backup(struct app *app, const char *file, struct backup *out, struct error *err)
{
	struct stat info;
	enum status status = app_enter(app, USE_BACKUP, err);

	*out = (struct backup){ 0 };
	if (status != STATUS_OK)
		return status;
	app_catch_signals(app);
	/* Written down first: the copy holds its own making. */
	status = write_down(app, USE_BACKUP, file, NULL, err);
	if (status == STATUS_OK)
		status = store_backup(app->store, file, going_on, app, err);
	if (status != STATUS_OK)
		return status;
	out->bytes = stat(file, &info) == 0 ? info.st_size : 0;
	out->key_file = store_key_path(app->db, &out->key_given);
	return STATUS_OK;
}

enum status app_check(struct app *app, struct health *out, struct error *err)
{
	enum status status = app_allow(app, USE_CHECK, err);

	*out = (struct health){ 0 };
	if (status != STATUS_OK)
		return status;
	if (!app->db || !*app->db)
		return app_no_place(err);
	store_check(app->db, out);
	if (out->ok)
		return STATUS_OK;
	return error_set(err, STATUS_FAILED, "check", out->troubles == 1 ? _("one check found trouble") : _("%d checks found trouble"), out->troubles);
}

enum status app_retention_show(struct app *app, struct retention *out, struct error *err)
{
	enum status status = app_enter(app, USE_RETENTION_SHOW, err);

	*out = (struct retention){ 0 };
	return status == STATUS_OK ? retention_load(app->store, out, err) : status;
}

static void take(int *days, int wanted)
{
	if (wanted >= 0)
		*days = wanted;
}

enum status app_retention_set(struct app *app, const struct retention *wanted, struct retention *out, struct error *err)
{
	enum status status = app_enter(app, USE_RETENTION_SET, err);
	char *detail;

	*out = (struct retention){ 0 };
	if (status == STATUS_OK)
		status = app_begin(app, err);
	if (status != STATUS_OK)
		return status;
	status = retention_load(app->store, out, err);
	take(&out->failures, wanted->failures);
	take(&out->runs, wanted->runs);
	take(&out->audit, wanted->audit);
	if (status == STATUS_OK)
		status = retention_save(app->store, out, err);
	detail = mem_printf("failures %d, runs %d, audit %d days", out->failures, out->runs, out->audit);
	status = app_end(app, status, USE_RETENTION_SET, NULL, detail, err);
	mem_free(detail);
	return status;
}

enum status app_retention_apply(struct app *app, struct pruned *out, struct error *err)
{
	enum status status = app_enter(app, USE_RETENTION_APPLY, err);
	char *detail;

	*out = (struct pruned){ 0 };
	if (status == STATUS_OK)
		status = retention_apply(app->store, clock_wall_ms(), out, err);
	if (status != STATUS_OK)
		return status;
	detail = mem_printf("%lld failures, %lld plans, %lld runs, %lld audit rows", (long long)out->failures, (long long)out->plans, (long long)out->runs,
		(long long)out->audit);
	status = write_down(app, USE_RETENTION_APPLY, NULL, detail, err);
	mem_free(detail);
	return status;
}
