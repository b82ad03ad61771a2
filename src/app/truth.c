#include "app/truth.h"

#include "app/flow.h"
#include "app/masks.h"
#include "base/i18n.h"
#include "base/str.h"
#include "base/text.h"
#include "engine/resolve.h"

#include <string.h>

static enum status look_for_gone(const struct flow *flow, const struct verification *found, struct error *err)
{
	for (size_t i = 0; i < found->audiences.count; i++) {
		if (found->audiences.at[i].gone)
			return resolve_list_gone(&flow->dataflow, &flow->dataflow.audiences.at[i], err);
	}
	return STATUS_OK;
}

/* What a verification that could be made has found, as a status. The list that is gone is told first: the others can be repaired. */
static enum status judge(const struct flow *flow, const struct verification *found, struct error *err)
{
	enum status status = look_for_gone(flow, found, err);
	int64_t missing = 0;

	for (size_t i = 0; i < found->audiences.count; i++)
		missing += found->audiences.at[i].missing;
	if (status != STATUS_OK || !missing)
		return status;
	error_set(err, STATUS_FAILED, "members_missing", _("%lld members by the ledger are not in their list"), (long long)missing);
	error_hint(err, _("`penstock verify %s --repair` adds them again"), flow->dataflow.name);
	return STATUS_FAILED;
}

struct teller {
	const struct app *app;
	const struct verify_wish *wish;
};

static enum status tell_person(void *self, const struct verify_person *person, struct error *err)
{
	const struct teller *teller = self;
	struct verify_person shown = *person;

	mask_person(teller->app, &shown);
	return teller->wish->take(teller->wish->self, &shown, err);
}

enum status app_verify(struct app *app, const char *dataflow, const struct verify_wish *wish, struct verification *out, struct error *err)
{
	struct teller teller = { app, wish };
	const struct verify_wish ours = { .most = wish ? wish->most : 0, .names = operator_sees_profiles(app->operator), .take = tell_person, .self = &teller };
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
		status = engine_verify(&job, wish ? &ours : NULL, out, err);
	}
	if (status == STATUS_OK)
		status = judge(&flow, out, err);
	else
		verification_done(out);
	flow_done(&flow);
	return status;
}

enum status app_repair(struct app *app, const char *dataflow, struct verification *found, struct run *earlier, struct run *out, struct error *err)
{
	struct engine_job job;
	struct flow flow;
	enum status status;

	verification_init(found);
	run_init(earlier);
	run_init(out);
	flow_init(&flow, app);
	status = app_enter(app, USE_REPAIR, err);
	if (status == STATUS_OK)
		status = flow_prepare(&flow, dataflow, true, err);
	if (status == STATUS_OK) {
		flow_job(&flow, &job);
		status = engine_repair(&job, found, earlier, out, err);
	}
	flow_ended(app, USE_REPAIR, dataflow, earlier);
	if (status != STATUS_OK && !out->id)
		verification_done(found); /* half a look is none */
	flow_block(&flow, status, out);
	flow_keep_end(app, earlier, out, status, err);
	status = flow_ran(app, USE_REPAIR, dataflow, out, status, err);
	flow_show_unfinished(app, dataflow, status, earlier, out);
	if (status == STATUS_OK)
		status = look_for_gone(&flow, found, err);
	mask_error(app, err);
	mask_run(app, earlier);
	mask_run(app, out);
	flow_done(&flow);
	return status;
}

static bool is_called(const struct flow_audience *audience, const char *name)
{
	const char *const names[] = { audience->audience, audience->audience_id, audience->audience_name };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (names[i] && strcmp(names[i], name) == 0)
			return true;
	return false;
}

static enum status find_audience(const struct dataflow *dataflow, const char *name, int *place, struct error *err)
{
	VEC(const char *) names = { 0 };
	const char *nearest;

	for (*place = 0; (size_t)*place < dataflow->audiences.count; ++*place) {
		if (is_called(&dataflow->audiences.at[*place], name)) {
			vec_done(&names);
			return STATUS_OK;
		}
		vec_push(&names, dataflow->audiences.at[*place].audience);
	}
	error_set(err, STATUS_USAGE, "not_found", _("the dataflow %s has no audience \"%s\""), dataflow->name, name);
	nearest = text_nearest(name, names.at, names.count);
	if (nearest)
		error_hint(err, _("did you mean `%s`?"), nearest);
	else
		error_hint(err, _("`penstock dataflow show %s` lists them"), dataflow->name);
	vec_done(&names);
	return STATUS_USAGE;
}

static enum status write_down(struct app *app, const char *dataflow, const struct adoption *adoption, struct error *err)
{
	enum status status = app_begin(app, err);
	struct str detail = { 0 };

	for (size_t i = 0; i < adoption->audiences.count; i++)
		str_add_format(&detail, "%slist %lld: %lld members", i ? ", " : "", (long long)adoption->audiences.at[i].list_id,
			(long long)adoption->audiences.at[i].adopted);
	if (status == STATUS_OK)
		status = app_end(app, STATUS_OK, USE_ADOPT, dataflow, str_text(&detail), err);
	str_done(&detail);
	return status;
}

enum status app_adopt(struct app *app, const char *dataflow, const char *audience, struct adoption *out, struct error *err)
{
	struct engine_job job;
	struct flow flow;
	int place = -1;
	enum status status;

	*out = (struct adoption){ 0 };
	flow_init(&flow, app);
	status = app_enter(app, USE_ADOPT, err);
	if (status == STATUS_OK)
		status = flow_look(&flow, dataflow, err);
	if (status == STATUS_OK && audience)
		status = find_audience(&flow.dataflow, audience, &place, err);
	if (status == STATUS_OK) {
		flow_job(&flow, &job);
		status = engine_adopt(&job, place, out, err);
	}
	if (status == STATUS_OK)
		status = write_down(app, dataflow, out, err);
	if (status != STATUS_OK)
		adoption_done(out);
	flow_done(&flow);
	return status;
}
