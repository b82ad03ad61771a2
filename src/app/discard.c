/* Giving a dataflow up together with its lists. The lists come first: what was done to them is known before anything is forgotten. */
#include "app/alerts.h"
#include "app/dataflows.h"
#include "app/flow.h"
#include "app/masks.h"
#include "app/v1.h"
#include "base/i18n.h"
#include "base/mem.h"

#include <inttypes.h>
#include <string.h>

bool list_fate_parse(const char *text, enum list_fate *out)
{
	static const char *const texts[] = { [LIST_KEEP] = "keep", [LIST_EMPTY] = "empty", [LIST_DELETE] = "delete" };

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (strcmp(text, texts[i]) == 0) {
			*out = (enum list_fate)i;
			return true;
		}
	return false;
}

static bool has_list(const struct dataflow *dataflow, int64_t list)
{
	for (size_t i = 0; i < dataflow->audiences.count; i++)
		if (dataflow->audiences.at[i].list_id == list)
			return true;
	return false;
}

/* Two accounts may be of one instance. */
static enum status is_same_instance(struct app *app, const struct flow *flow, const struct dataflow *other, bool *same, struct error *err)
{
	struct destination destination;
	struct account account;
	enum status status = destination_get(app->store, other->destination_id, &destination, err);

	account_init(&account);
	if (status == STATUS_OK)
		status = account_get(app->store, destination.account_id, &account, err);
	*same = status == STATUS_OK && account.id && strcmp(account.munchkin_id, flow->account.munchkin_id) == 0 && strcmp(account.endpoint, flow->account.endpoint) == 0;
	destination_done(&destination);
	account_done(&account);
	return status;
}

static enum status check_other(struct app *app, const struct flow *flow, const struct dataflow *other, struct error *err)
{
	bool same = false;

	for (size_t i = 0; i < flow->dataflow.audiences.count; i++) {
		int64_t list = flow->dataflow.audiences.at[i].list_id;
		enum status status = STATUS_OK;

		if (!list || other->id == flow->dataflow.id || !has_list(other, list))
			continue;
		if (!same)
			status = is_same_instance(app, flow, other, &same, err);
		if (status != STATUS_OK || !same)
			return status;
		error_set(err, STATUS_USAGE, "in_use", _("list %lld belongs to the dataflow %s, too"), (long long)list, other->name);
		error_hint(err, _("--list keep leaves the lists as they are"));
		return STATUS_USAGE;
	}
	return STATUS_OK;
}

static enum status check_others(struct app *app, const struct flow *flow, struct error *err)
{
	dataflow_list all = { 0 };
	enum status status = dataflow_all(app->store, &all, err);

	for (size_t i = 0; status == STATUS_OK && i < all.count; i++)
		status = check_other(app, flow, &all.at[i], err);
	dataflow_list_done(&all);
	return status;
}

/* A list that somebody chose by its number was there before. */
static enum status check_made(const struct flow *flow, struct error *err)
{
	for (size_t i = 0; i < flow->dataflow.audiences.count; i++) {
		const struct flow_audience *audience = &flow->dataflow.audiences.at[i];

		if (!audience->list_id || flow_audience_has_named_list(audience))
			continue;
		error_set(err, STATUS_USAGE, "not_ours", _("list %lld (audience \"%s\") was chosen by its number: penstock did not make it, and does not delete it"),
			(long long)audience->list_id, audience->audience);
		error_hint(err, _("--list empty takes out only whom penstock has brought"));
		return STATUS_USAGE;
	}
	return STATUS_OK;
}

static enum status empty_lists(struct flow *flow, struct run *out, struct error *err)
{
	struct engine_job job;
	enum status status;

	flow_job(flow, &job);
	status = engine_empty(&job, out, err);
	if (status == STATUS_PARTIAL) {
		error_set(err, STATUS_PARTIAL, "members_left", _("%lld people could not be taken out of their list: the dataflow %s stays"), (long long)out->failed, flow->dataflow.name);
		error_hint(err, _("`penstock failures %lld` tells why; the same command again takes out who is left"), (long long)out->id);
	}
	return status;
}

static enum status delete_lists(struct flow *flow, int64_t *deleted, struct error *err)
{
	struct engine_job job;
	enum status status = check_made(flow, err);

	if (status != STATUS_OK)
		return status;
	flow_job(flow, &job);
	return engine_delete_lists(&job, deleted, err);
}

static void describe(const struct flow *flow, enum list_fate fate, const struct run *run, struct str *out)
{
	for (size_t i = 0; i < flow->dataflow.audiences.count; i++) {
		int64_t list = flow->dataflow.audiences.at[i].list_id;

		if (!list)
			continue;
		str_add_format(out, "%slist %" PRId64, out->length ? ", " : "", list);
		if (fate == LIST_DELETE)
			str_add(out, " deleted");
		else if (i < run->audiences.count)
			str_add_format(out, ": %" PRId64 " taken out", run->audiences.at[i].activated);
	}
}

static enum status forget(struct app *app, const struct flow *flow, const char *detail, struct error *err)
{
	enum status status = app_begin(app, err);

	if (status != STATUS_OK)
		return status;
	status = dataflow_delete(app->store, flow->dataflow.id, err);
	return app_end(app, status, USE_DATAFLOW_DELETE, flow->dataflow.name, detail, err);
}

/* What was done to lists is written down even when the dataflow stays. */
static enum status discard(struct app *app, struct flow *flow, enum list_fate fate, struct run *out, struct error *err)
{
	struct str detail = { 0 };
	int64_t deleted = 0;
	enum status status = fate == LIST_EMPTY ? empty_lists(flow, out, err) : delete_lists(flow, &deleted, err);

	if (status == STATUS_OK) {
		describe(flow, fate, out, &detail);
		status = forget(app, flow, str_text(&detail), err);
	}
	if (status != STATUS_OK && out->id) {
		flow_keep_end(app, out, out, status, err);
		/* A run like any other: who waits for one that failed is told. The dataflow of one that did not is gone, and nobody asks for it. */
		alerts_ran(app, flow->dataflow.name, status, err);
		flow_audit(app, USE_DATAFLOW_DELETE, flow->dataflow.name, "run %lld took people out of its lists; the dataflow stays", out->id, NULL);
	} else if (status != STATUS_OK && deleted) {
		flow_audit(app, USE_DATAFLOW_DELETE, flow->dataflow.name, "%lld of its lists deleted; the dataflow stays", deleted, NULL);
	}
	str_done(&detail);
	return status;
}

enum status app_dataflow_discard(struct app *app, const char *name, enum list_fate fate, struct run *out, struct error *err)
{
	struct flow flow;
	enum status status;

	run_init(out);
	if (fate == LIST_KEEP)
		return app_dataflow_delete(app, name, err);
	flow_init(&flow, app);
	status = app_enter(app, USE_DATAFLOW_DELETE, err);
	/* Who is in a list is what activation is about. */
	if (status == STATUS_OK)
		status = app_allow_more(app, USE_DATAFLOW_DELETE, PERMISSION_ACTIVATE_DESTINATIONS, err);
	if (status == STATUS_OK)
		status = flow_open(&flow, name, err);
	if (status == STATUS_OK)
		status = v1_refuse_delete(app, &flow.dataflow, err);
	if (status == STATUS_OK)
		status = check_others(app, &flow, err);
	if (status == STATUS_OK)
		status = discard(app, &flow, fate, out, err);
	mask_error(app, err);
	mask_run(app, out);
	flow_done(&flow);
	return status;
}
