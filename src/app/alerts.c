#include "app/alerts.h"

#include "app/masks.h"
#include "app/operators.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "store/tables.h"

#include <string.h>

static enum status set_dataflow(struct app *app, struct alert *alert, const char *name, struct error *err)
{
	struct dataflow dataflow;
	enum status status;

	if (!name)
		return STATUS_OK;
	if (!*name) {
		alert->dataflow_id = 0;
		mem_replace(&alert->dataflow, NULL);
		return STATUS_OK;
	}
	status = dataflow_find(app->store, name, &dataflow, err);
	if (status == STATUS_OK) {
		alert->dataflow_id = dataflow.id;
		mem_replace(&alert->dataflow, dataflow.name);
	}
	dataflow_done(&dataflow);
	return status;
}

static enum status set_way(struct alert *alert, const struct alert_options *options, struct error *err)
{
	int given = (options->command != NULL) + (options->webhook != NULL) + options->syslog;

	if (given > 1)
		return error_set(err, STATUS_USAGE, "usage", _("--command, --webhook and --syslog do not go together"));
	if (!given)
		return STATUS_OK;
	alert->way = options->command ? ALERT_COMMAND : options->webhook ? ALERT_WEBHOOK : ALERT_SYSLOG;
	mem_replace(&alert->target, options->command ? options->command : options->webhook);
	return STATUS_OK;
}

static enum status set(struct app *app, struct alert *alert, const struct alert_options *options, struct error *err)
{
	enum status status = set_dataflow(app, alert, options->dataflow, err);

	if (status == STATUS_OK && options->when && !alert_kind_parse(options->when, &alert->kind)) {
		status = error_set(err, STATUS_USAGE, "invalid", _("there is no alert of %s"), options->when);
		error_hint(err, _("choose run-failed, refused, skipped, delay, no-data, quota or certificate"));
	}
	if (options->over >= 0)
		alert->over = options->over;
	if (options->enabled >= 0)
		alert->enabled = options->enabled;
	if (status == STATUS_OK && options->command)
		status = operator_is_owner(app, "command", err);
	if (status == STATUS_OK)
		status = set_way(alert, options, err);
	return status == STATUS_OK ? alert_check(alert, err) : status;
}

static enum status save(struct app *app, enum use_case use, struct alert *alert, struct error *err)
{
	enum status status = app_begin(app, err);

	if (status != STATUS_OK)
		return status;
	status = alert->id ? alert_save(app->store, alert, err) : alert_insert(app->store, alert, err);
	return app_end(app, status, use, alert->name, alert_kind_text(alert->kind), err);
}

enum status app_alert_create(struct app *app, const char *name, const struct alert_options *options, struct alert *out, struct error *err)
{
	enum status status;

	alert_init(out);
	mem_replace(&out->name, name);
	status = app_enter(app, USE_ALERT_CREATE, err);
	if (status == STATUS_OK && !options->when) {
		status = error_set(err, STATUS_USAGE, "usage", _("an alert needs %s"), "--when");
		error_hint(err, _("choose run-failed, refused, skipped, delay, no-data, quota or certificate"));
	}
	if (status == STATUS_OK)
		status = set(app, out, options, err);
	return status == STATUS_OK ? save(app, USE_ALERT_CREATE, out, err) : status;
}

static enum status load(struct app *app, enum use_case use, const char *name, struct alert *out, struct error *err)
{
	enum status status;

	alert_init(out);
	status = app_enter(app, use, err);
	return status == STATUS_OK ? alert_find(app->store, name, out, err) : status;
}

enum status app_alert_update(struct app *app, const char *name, const struct alert_options *options, struct alert *out, struct error *err)
{
	enum status status = load(app, USE_ALERT_UPDATE, name, out, err);

	if (status == STATUS_OK)
		status = set(app, out, options, err);
	return status == STATUS_OK ? save(app, USE_ALERT_UPDATE, out, err) : status;
}

enum status app_alert_show(struct app *app, const char *name, struct alert *out, struct error *err)
{
	enum status status = load(app, USE_ALERT_SHOW, name, out, err);

	mask_target(app, &out->target);
	return status;
}

enum status app_alert_list(struct app *app, alert_list *out, struct error *err)
{
	enum status status = app_enter(app, USE_ALERT_LIST, err);

	if (status == STATUS_OK)
		status = alert_all(app->store, out, err);
	for (size_t i = 0; i < out->count; i++)
		mask_target(app, &out->at[i].target);
	return status;
}

enum status app_alert_delete(struct app *app, const char *name, struct error *err)
{
	struct alert alert;
	enum status status = load(app, USE_ALERT_DELETE, name, &alert, err);

	if (status == STATUS_OK)
		status = app_begin(app, err);
	if (status == STATUS_OK) {
		status = alert_delete(app->store, alert.id, err);
		status = app_end(app, status, USE_ALERT_DELETE, name, NULL, err);
	}
	alert_done(&alert);
	return status;
}
