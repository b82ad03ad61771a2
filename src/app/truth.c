#include "app/truth.h"

#include "app/flow.h"
#include "base/i18n.h"

/* What a verification that could be made has found, as a status. The list that is gone is told first: the others can be repaired. */
static enum status judge(const struct flow *flow, const struct verification *found, struct error *err)
{
	int64_t missing = 0;

	for (size_t i = 0; i < found->audiences.count; i++) {
		const struct verify_audience *audience = &found->audiences.at[i];

		missing += audience->missing;
		if (!audience->gone)
			continue;
		error_set(err, STATUS_FAILED, "list_gone", _("this Marketo has no static list %lld any more (audience \"%s\")"), (long long)audience->list_id,
			audience->name);
		error_hint(err, _("tie the audience to another one: `penstock dataflow update %s --audience \"%s=LIST\"`"), flow->dataflow.name,
			flow->dataflow.audiences.at[i].audience);
		return STATUS_FAILED;
	}
	if (!missing)
		return STATUS_OK;
	error_set(err, STATUS_FAILED, "members_missing", _("%lld members by the ledger are not in their list"), (long long)missing);
	error_hint(err, _("`penstock verify %s --repair` adds them again"), flow->dataflow.name);
	return STATUS_FAILED;
}

enum status app_verify(struct app *app, const char *dataflow, struct verification *out, struct error *err)
{
	struct engine_job job;
	struct flow flow;
	enum status status;

	verification_init(out);
	flow_init(&flow, app);
	status = app_enter(app, USE_VERIFY, err);
	if (status == STATUS_OK)
		status = flow_open(&flow, dataflow, err);
	if (status == STATUS_OK) {
		flow_job(&flow, &job);
		status = engine_verify(&job, out, err);
	}
	if (status == STATUS_OK)
		status = judge(&flow, out, err);
	else
		verification_done(out);
	flow_done(&flow);
	return status;
}
