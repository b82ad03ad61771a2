#include "app/going.h"

#include "base/i18n.h"
#include "engine/lock.h"
#include "store/tables.h"

enum status going_account(struct app *app, int64_t dataflow_id, int64_t *id, struct error *err)
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
	if (!run_state_is_going(run.state))
		*id = 0;
	run_done(&run);
	return status;
}

/* Somebody who cannot be seen from here (of another container) may be busy with anything: that is believed. */
void going_look_again(struct app *app, struct going *going)
{
	going->alive = going->run_id && lock_is_held(app->store, 0, going->dataflow_id, &going->holder) &&
		(!going->holder.pid || going->holder.about == going->run_id);
}

enum status going_look(struct app *app, int64_t dataflow_id, struct going *out, struct error *err)
{
	enum status status = find_running(app, dataflow_id, &out->run_id, err);

	out->dataflow_id = dataflow_id;
	if (status != STATUS_OK || !out->run_id)
		return status;
	going_look_again(app, out);
	/* It may have ended between the two looks: then its row says so by now. */
	return out->alive ? STATUS_OK : find_running(app, dataflow_id, &out->run_id, err);
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

enum status going_find(struct app *app, const char *name, struct going *out, struct error *err)
{
	struct dataflow dataflow;
	enum status status;

	*out = (struct going){ 0 };
	dataflow_init(&dataflow);
	status = dataflow_find(app->store, name, &dataflow, err);
	if (status == STATUS_OK)
		status = going_look(app, dataflow.id, out, err);
	dataflow_done(&dataflow);
	return status == STATUS_OK && !out->alive ? not_running(name, out, err) : status;
}
