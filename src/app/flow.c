#include "app/flow.h"

#include "app/fields.h"
#include "base/i18n.h"
#include "base/mem.h"

void flow_init(struct flow *flow, struct app *app)
{
	*flow = (struct flow){ .app = app };
	account_init(&flow->account);
	destination_init(&flow->destination);
	dataflow_init(&flow->dataflow);
	mapping_init(&flow->mapping);
	catalogue_init(&flow->catalogue);
}

void flow_done(struct flow *flow)
{
	flow->app->patient = false;
	account_done(&flow->account);
	destination_done(&flow->destination);
	dataflow_done(&flow->dataflow);
	mapping_done(&flow->mapping);
	catalogue_done(&flow->catalogue);
}

static enum status load(struct flow *flow, const char *name, struct error *err)
{
	struct store *store = flow->app->store;
	enum status status = dataflow_find(store, name, &flow->dataflow, err);

	if (status == STATUS_OK)
		status = destination_get(store, flow->dataflow.destination_id, &flow->destination, err);
	if (status == STATUS_OK)
		status = account_get(store, flow->destination.account_id, &flow->account, err);
	if (status == STATUS_OK)
		status = mapping_load(store, MAPPING_OF_DATAFLOW, flow->dataflow.id, &flow->mapping, err);
	if (status == STATUS_OK)
		status = catalogue_load(store, flow->account.id, &flow->catalogue, err);
	return status;
}

/* A mapping without an identity needs no call to be refused, so the rules that need no catalogue come first. */
static enum status check_mapping(const struct flow *flow, const struct catalogue *catalogue, struct error *err)
{
	const struct destination *destination = &flow->destination;
	mapping_problems problems = { 0 };
	struct str text = { 0 };
	enum status status = STATUS_OK;
	int errors = 0;

	mapping_check(&flow->mapping, catalogue, destination->dedupe_fields.at, destination->dedupe_fields.count,
		destination->person_creation == CREATION_MATCH_AND_CREATE, &problems);
	for (size_t i = 0; i < problems.count; i++) {
		if (!problems.at[i].error)
			continue;
		str_add_format(&text, "%s%s", errors ? "; " : "", problems.at[i].message);
		errors++;
	}
	if (errors) {
		status = error_set(err, STATUS_USAGE, "mapping", _("the mapping of %s is not complete: %s"), flow->dataflow.name, str_text(&text));
		error_hint(err, _("`penstock mapping check %s` lists everything"), flow->dataflow.name);
	}
	str_done(&text);
	mapping_problems_done(&problems);
	return status;
}

static enum status check_enabled(const struct flow *flow, struct error *err)
{
	if (flow->dataflow.enabled)
		return STATUS_OK;
	error_set(err, STATUS_USAGE, "disabled", _("the dataflow %s is disabled"), flow->dataflow.name);
	error_hint(err, _("`penstock dataflow enable %s` lets it run"), flow->dataflow.name);
	return STATUS_USAGE;
}

static enum status refresh_catalogue(struct flow *flow, struct error *err)
{
	if (catalogue_is_fresh(&flow->catalogue))
		return STATUS_OK;
	catalogue_done(&flow->catalogue);
	catalogue_init(&flow->catalogue);
	return client_fields(flow->client, &flow->catalogue, err);
}

enum status flow_open(struct flow *flow, const char *name, struct error *err)
{
	enum status status = load(flow, name, err);

	return status == STATUS_OK ? client_open(flow->app, &flow->account, ATTEMPTS_RUN, &flow->client, err) : status;
}

enum status flow_prepare(struct flow *flow, const char *name, bool to_run, struct error *err)
{
	enum status status = load(flow, name, err);

	if (status == STATUS_OK && to_run)
		status = check_enabled(flow, err);
	if (status == STATUS_OK)
		status = check_mapping(flow, NULL, err);
	if (status == STATUS_OK)
		status = client_open(flow->app, &flow->account, ATTEMPTS_RUN, &flow->client, err);
	if (status == STATUS_OK)
		status = refresh_catalogue(flow, err);
	if (status == STATUS_OK)
		status = check_mapping(flow, &flow->catalogue, err);
	return status;
}

void flow_job(struct flow *flow, struct engine_job *job)
{
	struct app *app = flow->app;

	*job = (struct engine_job){
		.loop = app->loop,
		.store = app->store,
		.marketo = flow->client->marketo,
		.account = &flow->account,
		.destination = &flow->destination,
		.dataflow = &flow->dataflow,
		.mapping = &flow->mapping,
		.catalogue = &flow->catalogue,
		.stop = &app->stop,
		.progress = app->progress,
		.note = app->note,
		.self = app->self,
	};
	app->patient = true;
}

enum status flow_audit(struct app *app, enum use_case use, const char *object, const char *format, int64_t id, struct error *err)
{
	char *detail = mem_printf(format, (long long)id);
	enum status status = app_begin(app, err);

	if (status == STATUS_OK)
		status = app_end(app, STATUS_OK, use, object, detail, err);
	mem_free(detail);
	return status;
}

enum status flow_ran(struct app *app, enum use_case use, const char *object, const struct run *run, enum status status, struct error *err)
{
	/* Its own end must not be hidden by the writing. */
	if (run->id && flow_audit(app, use, object, "run %lld", run->id, status == STATUS_OK ? err : NULL) != STATUS_OK && status == STATUS_OK)
		return STATUS_FAILED;
	return status;
}
