#include "app/preview.h"

#include "app/mappings.h"
#include "app/masks.h"
#include "app/operators.h"
#include "app/sources.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "model/draft.h"
#include "store/tables.h"

#include <string.h>

/* What the engine is told. */
struct view {
	struct destination destination;
	struct dataflow dataflow;
	struct mapping mapping;
	struct account account;
	struct catalogue catalogue;
};

static void view_init(struct view *view)
{
	destination_init(&view->destination);
	dataflow_init(&view->dataflow);
	mapping_init(&view->mapping);
	account_init(&view->account);
	catalogue_init(&view->catalogue);
}

static void view_done(struct view *view)
{
	destination_done(&view->destination);
	dataflow_done(&view->dataflow);
	mapping_done(&view->mapping);
	account_done(&view->account);
	catalogue_done(&view->catalogue);
}

/* However old: a preview never waits for Marketo. */
static enum status load_fields(struct app *app, struct view *view, struct error *err)
{
	enum status status = catalogue_load(app->store, view->account.id, &view->catalogue, err);

	if (status != STATUS_OK || view->catalogue.fetched_at)
		return status;
	error_set(err, STATUS_USAGE, "no_fields", _("the fields of the account %s are not known yet"), view->account.name);
	error_hint(err, _("`penstock fields %s` asks Marketo for them"), view->account.name);
	return STATUS_USAGE;
}

static enum status show(const struct app *app, struct view *view, int64_t count, struct preview *out, struct error *err)
{
	const struct engine_job job = { .destination = &view->destination, .dataflow = &view->dataflow, .mapping = &view->mapping, .catalogue = &view->catalogue };
	enum status status = engine_preview(&job, (size_t)count, out, err);

	mask_preview(app, out);
	return status;
}

static enum status load_owner(struct app *app, enum mapping_owner owner, int64_t id, struct view *view, struct error *err)
{
	enum status status = STATUS_OK;

	if (owner == MAPPING_OF_DATAFLOW)
		status = dataflow_get(app->store, id, &view->dataflow, err);
	source_guard(&view->dataflow);
	if (status == STATUS_OK)
		status = destination_get(app->store, owner == MAPPING_OF_DATAFLOW ? view->dataflow.destination_id : id, &view->destination, err);
	if (status == STATUS_OK)
		status = account_get(app->store, view->destination.account_id, &view->account, err);
	return status == STATUS_OK ? mapping_load(app->store, owner, id, &view->mapping, err) : status;
}

/* Another source knows other audiences. */
static enum status take_source(struct view *view, const char *source, struct error *err)
{
	if (source) {
		mem_replace(&view->dataflow.source, source);
		for (size_t i = 0; i < view->dataflow.audiences.count; i++)
			flow_audience_done(&view->dataflow.audiences.at[i]);
		view->dataflow.audiences.count = 0;
	}
	if (view->dataflow.source)
		return STATUS_OK;
	error_set(err, STATUS_USAGE, "usage", _("a preview needs a source"));
	error_hint(err, _("give it with --source"));
	return STATUS_USAGE;
}

enum status app_mapping_preview(struct app *app, const char *name, const char *source, int64_t count, struct preview *out, struct error *err)
{
	enum mapping_owner owner = MAPPING_OF_DATAFLOW;
	struct view view;
	int64_t id = 0;
	enum status status;

	*out = (struct preview){ 0 };
	view_init(&view);
	status = mapping_owner_find(app, USE_MAPPING_PREVIEW, name, &owner, &id, err);
	if (status == STATUS_OK)
		status = load_owner(app, owner, id, &view, err);
	if (status == STATUS_OK && source)
		status = operator_may_read(app, source, err);
	if (status == STATUS_OK)
		status = take_source(&view, source, err);
	if (status == STATUS_OK)
		status = load_fields(app, &view, err);
	if (status == STATUS_OK)
		status = show(app, &view, count, out, err);
	view_done(&view);
	return status;
}

/* The draft's words as far as they can be understood: whatever is not right yet is for other steps to say. */
static void take_draft(struct draft *draft, struct view *view)
{
	char *dedupe = mem_strdup(draft_get(draft, DRAFT_DEDUPE)), *rest = dedupe;

	person_creation_parse(draft_get(draft, DRAFT_PERSON_CREATION), &view->destination.person_creation);
	sync_type_parse(draft_get(draft, DRAFT_SYNC_TYPE), &view->destination.sync_type);
	for (char *one = strsep(&rest, ","); one; one = strsep(&rest, ","))
		if (*text_trim(one))
			vec_push(&view->destination.dedupe_fields, mem_strdup(text_trim(one)));
	for (size_t i = 0; i < draft->audiences.count; i++)
		vec_push(&view->dataflow.audiences, ((struct flow_audience){ .audience = mem_strdup(draft->audiences.at[i].id) }));
	mem_replace(&view->dataflow.source, draft_get(draft, DRAFT_SOURCE));
	mapping_done(&view->mapping);
	mapping_copy(&view->mapping, &draft->mapping);
	mem_free(dedupe);
}

enum status app_draft_preview(struct app *app, int64_t id, int64_t count, struct preview *out, struct error *err)
{
	struct draft draft = { 0 };
	struct view view;
	enum status status = app_enter(app, USE_DRAFT_PREVIEW, err);

	*out = (struct preview){ 0 };
	view_init(&view);
	if (status == STATUS_OK)
		status = draft_load(app->store, id, &draft, err);
	if (status == STATUS_OK)
		status = account_find(app->store, draft_get(&draft, DRAFT_ACCOUNT), &view.account, err);
	if (status == STATUS_OK)
		take_draft(&draft, &view);
	if (status == STATUS_OK)
		source_guard_draft(app, &draft);
	if (status == STATUS_OK)
		status = operator_may_read(app, view.dataflow.source, err);
	if (status == STATUS_OK)
		status = load_fields(app, &view, err);
	if (status == STATUS_OK)
		status = show(app, &view, count, out, err);
	view_done(&view);
	draft_done(&draft);
	return status;
}
