/*
 * A draft becomes a destination, a mapping and a dataflow. What an operator chose is applied one choice at a time through the functions that the commands use, so
 * that whatever they refuse can be laid at the door of one field: the `code` of the error.
 */
#include "app/dataflows.h"
#include "app/destinations.h"
#include "app/drafts.h"
#include "app/mappings.h"
#include "app/policies.h"
#include "app/sources.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "model/consent.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* The field at fault takes the place of the code; trouble with the store is nobody's fault. */
static enum status blame(enum status status, const char *field, struct error *err)
{
	if (status == STATUS_USAGE && err)
		snprintf(err->code, sizeof err->code, "%s", field);
	return status;
}

static enum status missing(const char *field, const char *message, struct error *err)
{
	return error_set(err, STATUS_USAGE, field, "%s", message);
}

static enum status require(const struct draft *draft, struct error *err)
{
	if (!*draft_get(draft, DRAFT_NAME))
		return missing("name", _("the draft has no name yet"), err);
	if (!*draft_get(draft, DRAFT_ACCOUNT))
		return missing("account", _("the draft has no account yet"), err);
	if (!*draft_get(draft, DRAFT_SOURCE))
		return missing("source", _("the draft has no source yet"), err);
	if (!draft->audiences.count)
		return missing("audiences", _("the draft has no audience yet"), err);
	return STATUS_OK;
}

/* In this order: a rule about two of them blames the later one. */
static const struct {
	enum draft_text text;
	size_t option;
} destination_texts[] = {
	{ DRAFT_DESCRIPTION, offsetof(struct destination_options, description) },
	{ DRAFT_PERSON_CREATION, offsetof(struct destination_options, person_creation) },
	{ DRAFT_SYNC_TYPE, offsetof(struct destination_options, sync_type) },
	{ DRAFT_WORKSPACE, offsetof(struct destination_options, workspace) },
	{ DRAFT_PARTITION, offsetof(struct destination_options, partition) },
	{ DRAFT_LIST_FOLDER, offsetof(struct destination_options, list_folder) },
	{ DRAFT_SIGN_OFF, offsetof(struct destination_options, sign_off) },
};

static enum status set_texts(const struct draft *draft, struct destination *destination, struct error *err)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; status == STATUS_OK && i < sizeof destination_texts / sizeof *destination_texts; i++) {
		struct destination_options options = { 0 };
		enum draft_text text = destination_texts[i].text;

		*(const char **)((char *)&options + destination_texts[i].option) = draft_get(draft, text);
		status = blame(destination_set(destination, &options, err), draft_text_name(text), err);
	}
	return status;
}

/* An empty list means the default in a command, but none at all in a draft. */
static enum status set_lists(const struct draft *draft, struct destination *destination, struct error *err)
{
	static const char *const none[] = { "" };
	const char *dedupe = draft_get(draft, DRAFT_DEDUPE);
	struct destination_options options = { .dedupe_fields = &dedupe, .dedupe_count = 1 };
	enum status status = blame(destination_set(destination, &options, err), draft_text_name(DRAFT_DEDUPE), err);

	if (status != STATUS_OK)
		return status;
	options = (struct destination_options){ .marketing_actions = none, .marketing_count = 1 };
	if (draft->marketing_actions.count) {
		options.marketing_actions = (const char *const *)draft->marketing_actions.at;
		options.marketing_count = draft->marketing_actions.count;
	}
	return blame(destination_set(destination, &options, err), "marketing_actions", err);
}

/* What storing it refuses. */
static enum status blame_stored(enum status status, struct error *err)
{
	const char *field = "account";

	if (status != STATUS_USAGE || !err)
		return status;
	if (strcmp(err->code, "exists") == 0)
		field = draft_text_name(DRAFT_NAME);
	else if (strcmp(err->code, "invalid") == 0)
		field = draft_text_name(DRAFT_DEDUPE);
	return blame(status, field, err);
}

/* What applying has made before may have been deleted by somebody: then it is made anew. */
static enum status known_or_new(enum status status, int64_t *id)
{
	if (status != STATUS_USAGE)
		return status;
	*id = 0;
	return STATUS_OK;
}

static enum status put_destination(struct app *app, struct draft *draft, struct destination_view *view, struct error *err)
{
	struct destination_options options = { .account = draft_get(draft, DRAFT_ACCOUNT) };
	struct destination_view known;
	enum status status = STATUS_OK;

	destination_view_init(&known);
	if (draft->destination_id)
		status = known_or_new(destination_get(app->store, draft->destination_id, &known.destination, err), &draft->destination_id);
	view->destination.id = draft->destination_id;
	destination_view_done(&known);
	mem_replace(&view->destination.name, draft_get(draft, DRAFT_NAME));
	if (status == STATUS_OK)
		status = blame(destination_check(&view->destination, err), draft_text_name(DRAFT_NAME), err);
	if (status == STATUS_OK)
		status = set_texts(draft, &view->destination, err);
	if (status == STATUS_OK)
		status = set_lists(draft, &view->destination, err);
	if (status == STATUS_OK)
		status = blame(actions_check(app, (const char *const *)draft->marketing_actions.at, draft->marketing_actions.count, err), "marketing_actions", err);
	if (status == STATUS_OK)
		status = blame_stored(destination_put(app, &options, view, err), err);
	draft->destination_id = view->destination.id;
	return status;
}

static enum status accept_rows(const struct draft *draft, struct mapping_view *view, struct error *err)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; status == STATUS_OK && i < draft->mapping.rows.count; i++) {
		const struct mapping_row *row = &draft->mapping.rows.at[i];
		char *text = mem_printf("%s=%s%s%s", row->source, row->target, row->clear ? ":clear" : "", row->create_only ? ":create-only" : "");

		status = blame(mapping_accept(view, text, err), "mapping", err);
		mem_free(text);
	}
	return status;
}

/* The draft's rows by the rules of `mapping set`. No call is made: without a catalogue Review and the run look the targets up. */
enum status draft_mapping_read(struct app *app, const struct draft *draft, const struct destination *destination, struct mapping_view *view, struct error *err)
{
	enum status status = catalogue_load(app->store, destination->account_id, &view->catalogue, err);

	for (size_t i = 0; i < destination->dedupe_fields.count; i++)
		vec_push(&view->dedupe, mem_strdup(destination->dedupe_fields.at[i]));
	return status == STATUS_OK ? accept_rows(draft, view, err) : status;
}

bool mapping_same_rows(const struct mapping *a, const struct mapping *b)
{
	if (a->rows.count != b->rows.count)
		return false;
	for (size_t i = 0; i < a->rows.count; i++) {
		const struct mapping_row *left = &a->rows.at[i], *right = &b->rows.at[i];

		if (strcmp(left->source, right->source) != 0 || strcmp(left->target, right->target) != 0 || left->clear != right->clear ||
			left->create_only != right->create_only)
			return false;
	}
	return true;
}

/* Only what changed becomes a revision. */
static enum status put_mapping(struct app *app, enum mapping_owner owner, int64_t id, struct mapping *mapping, struct error *err)
{
	struct mapping stored;
	enum status status = mapping_load(app->store, owner, id, &stored, err);

	if (status == STATUS_OK && !mapping_same_rows(mapping, &stored))
		status = mapping_save(app->store, owner, id, mapping, err);
	mapping_done(&stored);
	return status;
}

typedef VEC(struct audience_option) option_list;

static const char *unless_empty(const char *text)
{
	return text && *text ? text : NULL;
}

/* dated: with the dates of the audience where it has any, which are the dataflow's else; not dated: without any. */
static enum status set_audiences(struct app *app, const struct draft *draft, struct dataflow *dataflow, bool dated, struct error *err)
{
	option_list chosen = { 0 };
	struct dataflow_options options;
	enum status status;

	for (size_t i = 0; i < draft->audiences.count; i++) {
		const struct draft_audience *audience = &draft->audiences.at[i];

		vec_push(&chosen, ((struct audience_option){ .audience = audience->id, .name = audience->name, .list = audience->list,
			.start = dated ? unless_empty(audience->start) : "", .end = dated ? unless_empty(audience->end) : "" }));
	}
	options = (struct dataflow_options){ .chosen = chosen.at, .chosen_count = chosen.count };
	status = blame(dataflow_set(app, dataflow, &options, err), "audiences", err);
	vec_done(&chosen);
	return status;
}

/* The dataflow's dates are those of all audiences that have none of their own. */
static enum status set_dates(struct app *app, const struct draft *draft, struct dataflow *dataflow, struct error *err)
{
	struct dataflow_options start = { .start = draft_get(draft, DRAFT_START) }, end = { .end = draft_get(draft, DRAFT_END) };
	enum status status = blame(dataflow_set(app, dataflow, &start, err), draft_text_name(DRAFT_START), err);

	if (status == STATUS_OK)
		status = blame(dataflow_set(app, dataflow, &end, err), draft_text_name(DRAFT_END), err);
	return status == STATUS_OK ? set_audiences(app, draft, dataflow, true, err) : status;
}

static enum status set_consent(struct app *app, const char *text, struct dataflow *dataflow, struct error *err)
{
	struct dataflow_options options = { .consent = text };
	struct consent *consent = *text ? consent_parse(text, err) : NULL;
	bool good = !*text || consent;

	consent_free(consent);
	return good ? dataflow_set(app, dataflow, &options, err) : STATUS_USAGE;
}

/* When it runs, and who agrees. */
static enum status set_rules(struct app *app, const struct draft *draft, struct dataflow *dataflow, struct error *err)
{
	struct dataflow_options every = { .every = draft_get(draft, DRAFT_EVERY), .at = "" }, at = { .at = draft_get(draft, DRAFT_AT) };
	enum status status = blame(dataflow_set(app, dataflow, &every, err), draft_text_name(DRAFT_EVERY), err);

	if (status == STATUS_OK)
		status = blame(dataflow_set(app, dataflow, &at, err), draft_text_name(DRAFT_AT), err);
	return status == STATUS_OK ? blame(set_consent(app, draft_get(draft, DRAFT_CONSENT), dataflow, err), draft_text_name(DRAFT_CONSENT), err) : status;
}

static enum status set_dataflow(struct app *app, const struct draft *draft, struct dataflow *dataflow, struct error *err)
{
	struct dataflow_options source = { .source = draft_get(draft, DRAFT_SOURCE) };
	enum status status = blame(dataflow_set(app, dataflow, &source, err), draft_text_name(DRAFT_SOURCE), err);

	if (status == STATUS_OK)
		status = set_audiences(app, draft, dataflow, false, err);
	if (status == STATUS_OK)
		status = set_dates(app, draft, dataflow, err);
	if (status == STATUS_OK)
		status = set_rules(app, draft, dataflow, err);
	if (status == STATUS_OK)
		status = blame(dataflow_check(dataflow, err), "audiences", err);
	return status == STATUS_OK ? blame(source_suits(app, dataflow, err), "audiences", err) : status;
}

static enum status put_dataflow(struct app *app, struct draft *draft, const struct destination *destination, struct error *err)
{
	struct dataflow dataflow;
	enum status status = STATUS_OK;

	dataflow_init(&dataflow);
	if (draft->dataflow_id)
		status = known_or_new(dataflow_get(app->store, draft->dataflow_id, &dataflow, err), &draft->dataflow_id);
	mem_replace(&dataflow.name, destination->name);
	dataflow.destination_id = destination->id;
	mem_replace(&dataflow.destination_name, destination->name);
	if (!draft->dataflow_id)
		dataflow.enabled = false;
	if (status == STATUS_OK)
		status = set_dataflow(app, draft, &dataflow, err);
	if (status == STATUS_OK)
		status = blame_stored(dataflow.id ? dataflow_save(app->store, &dataflow, err) : dataflow_insert(app->store, &dataflow, err), err);
	draft->dataflow_id = dataflow.id;
	dataflow_done(&dataflow);
	return status;
}

static enum status apply(struct app *app, struct draft *draft, struct destination_view *view, struct error *err)
{
	struct mapping_view mapping;
	enum status status = put_destination(app, draft, view, err);

	mapping_view_init(&mapping);
	if (status == STATUS_OK)
		status = draft_mapping_read(app, draft, &view->destination, &mapping, err);
	if (status == STATUS_OK)
		status = put_mapping(app, MAPPING_OF_DESTINATION, draft->destination_id, &mapping.mapping, err);
	if (status == STATUS_OK)
		status = put_dataflow(app, draft, &view->destination, err);
	if (status == STATUS_OK)
		status = put_mapping(app, MAPPING_OF_DATAFLOW, draft->dataflow_id, &mapping.mapping, err);
	if (status == STATUS_OK)
		status = draft->id ? draft_save(app->store, draft, err) : draft_insert(app->store, draft, err);
	mapping_view_done(&mapping);
	return status;
}

enum status app_draft_apply(struct app *app, struct draft *draft, struct error *err)
{
	struct draft before = *draft; /* its numbers only: what was undone must not look made */
	struct destination_view view;
	enum status status;

	if (*draft_get(draft, DRAFT_MAPPING_OF))
		return draft_edit_apply(app, draft, err);
	status = app_enter(app, USE_DRAFT_APPLY, err);
	if (status == STATUS_OK)
		status = require(draft, err);
	if (status == STATUS_OK)
		status = app_begin(app, err);
	if (status != STATUS_OK)
		return status;
	destination_view_init(&view);
	status = apply(app, draft, &view, err);
	status = app_end(app, status, USE_DRAFT_APPLY, draft_get(draft, DRAFT_NAME), view.account.name, err);
	destination_view_done(&view);
	if (status != STATUS_OK) {
		draft->id = before.id;
		draft->saved_at = before.saved_at;
		draft->destination_id = before.destination_id;
		draft->dataflow_id = before.dataflow_id;
	}
	return status;
}
