/* Use cases: keeping the store in order: a backup, a check, how long what was is kept. */
#ifndef APP_UPKEEP_H
#define APP_UPKEEP_H

#include "app/app.h"
#include "base/error.h"
#include "store/health.h"
#include "store/retention.h"

#include <stdbool.h>
#include <stdint.h>

struct backup {
	int64_t bytes;
	char *key_file;  /* without it the copy cannot be used */
	bool key_given;  /* it is a credential that systemd keeps */
};
void backup_done(struct backup *backup);

/* A whole copy into a file that is not there yet; goes on while others write. Cannot be made over a file: STATUS_USAGE, code "exists". */
enum status app_backup(struct app *app, const char *file, struct backup *out, struct error *err);
/* STATUS_FAILED, code "check", when something is wrong; the report is whole in any case but that of a missing --db. */
enum status app_check(struct app *app, struct health *out, struct error *err);

enum status app_retention_show(struct app *app, struct retention *out, struct error *err);
/* wanted: days, -1: as it is. */
enum status app_retention_set(struct app *app, const struct retention *wanted, struct retention *out, struct error *err);
/* Deletes now what is older, which a run or the daemon does once a day. */
enum status app_retention_apply(struct app *app, struct pruned *out, struct error *err);

#endif
