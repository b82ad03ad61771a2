/*
 * The mapping of a dataflow that is there already, edited as a draft: kept as it is typed, taken back edit by edit, and nothing of it is in force before it is saved, which
 * makes a revision as `mapping set` does.
 */
#include "app/drafts.h"
#include "app/mappings.h"
#include "app/v1.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/str.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The dataflow that is edited, with where it goes. */
struct edited {
	struct dataflow dataflow;
	struct destination destination;
	struct mapping mapping; /* as stored */
};

static void edited_init(struct edited *edited)
{
	dataflow_init(&edited->dataflow);
	destination_init(&edited->destination);
	mapping_init(&edited->mapping);
}

static void edited_done(struct edited *edited)
{
	dataflow_done(&edited->dataflow);
	destination_done(&edited->destination);
	mapping_done(&edited->mapping);
}

static enum status find(struct app *app, const char *name, struct edited *edited, struct error *err)
{
	enum status status = dataflow_find(app->store, name, &edited->dataflow, err);

	if (status == STATUS_OK)
		status = destination_get(app->store, edited->dataflow.destination_id, &edited->destination, err);
	if (status == STATUS_OK)
		status = v1_refuse_destination(&edited->destination, err);
	if (status == STATUS_OK)
		status = mapping_load(app->store, MAPPING_OF_DATAFLOW, edited->dataflow.id, &edited->mapping, err);
	return status;
}

static void set_names(struct draft *draft, enum draft_text which, char *const *names, size_t count)
{
	struct str text = { 0 };

	for (size_t i = 0; i < count; i++)
		str_add_format(&text, "%s%s", i ? "," : "", names[i]);
	draft_set(draft, which, str_text(&text));
	str_done(&text);
}

/* What the mapping is judged by: the fields of the account, the source, how people are found, and what policies look at. */
static void fill(const struct edited *edited, const char *account, struct draft *draft)
{
	const struct destination *to = &edited->destination;
	char revision[24];

	draft_init(draft);
	draft->step = DRAFT_STEP_MAPPING;
	snprintf(revision, sizeof revision, "%" PRId64, edited->mapping.revision);
	draft_set(draft, DRAFT_NAME, edited->dataflow.name);
	draft_set(draft, DRAFT_MAPPING_OF, edited->dataflow.name);
	draft_set(draft, DRAFT_REVISION, revision);
	draft_set(draft, DRAFT_ACCOUNT, account);
	draft_set(draft, DRAFT_SOURCE, edited->dataflow.source);
	draft_set(draft, DRAFT_PERSON_CREATION, person_creation_text(to->person_creation));
	draft_set(draft, DRAFT_SYNC_TYPE, sync_type_text(to->sync_type));
	draft_set(draft, DRAFT_SIGN_OFF, to->sign_off ? sign_off_text(true) : "");
	set_names(draft, DRAFT_DEDUPE, to->dedupe_fields.at, to->dedupe_fields.count);
	for (size_t i = 0; i < to->marketing_actions.count; i++)
		vec_push(&draft->marketing_actions, mem_strdup(to->marketing_actions.at[i]));
	for (size_t i = 0; i < edited->dataflow.audiences.count; i++) {
		const struct flow_audience *audience = &edited->dataflow.audiences.at[i];

		vec_push(&draft->audiences, ((struct draft_audience){ .id = mem_strdup(audience->audience_id ? audience->audience_id : audience->audience),
			.name = mem_strdup(audience->audience_name) }));
	}
	mapping_done(&draft->mapping);
	mapping_copy(&draft->mapping, &edited->mapping);
}

/* One draft for a mapping: whoever comes back goes on with it. A dataflow that is being set up has its draft already. */
static enum status look_for_draft(struct app *app, const struct dataflow *dataflow, struct draft *out, bool *found, struct error *err)
{
	draft_list all = { 0 };
	int64_t unreadable = 0;
	enum status status = draft_all(app->store, &all, &unreadable, err);

	*found = false;
	for (size_t i = 0; status == STATUS_OK && !*found && i < all.count; i++) {
		if (all.at[i].dataflow_id == dataflow->id) {
			status = error_set(err, STATUS_USAGE, "draft", _("%s is still being set up, by draft %" PRId64), dataflow->name, all.at[i].id);
			error_hint(err, _("open the draft, which holds its mapping"));
		} else if (strcmp(draft_get(&all.at[i], DRAFT_MAPPING_OF), dataflow->name) == 0) {
			draft_copy(out, &all.at[i]);
			*found = true;
		}
	}
	draft_list_done(&all);
	return status;
}

enum status app_draft_edit(struct app *app, const char *dataflow, struct draft *out, struct error *err)
{
	struct edited edited;
	struct account account;
	bool found = false;
	enum status status = app_enter(app, USE_MAPPING_SET, err);

	*out = (struct draft){ 0 };
	edited_init(&edited);
	account_init(&account);
	if (status == STATUS_OK)
		status = find(app, dataflow, &edited, err);
	if (status == STATUS_OK)
		status = look_for_draft(app, &edited.dataflow, out, &found, err);
	if (status == STATUS_OK && !found)
		status = account_get(app->store, edited.destination.account_id, &account, err);
	if (status == STATUS_OK && !found) {
		fill(&edited, account.name, out);
		/* At once: the first edit can be taken back, too, and what counts values reads the store. Nobody is told of it before that edit. */
		status = app_enter(app, USE_DRAFT_SAVE, err);
	}
	if (status == STATUS_OK && !found) {
		status = draft_insert(app->store, out, err);
	}
	account_done(&account);
	edited_done(&edited);
	if (status != STATUS_OK)
		draft_done(out);
	return status;
}

/* Says of the dataflow what it is by now; the edits, and the revision that they began with, stay. */
static void renew(const struct edited *edited, const char *account, bool was_edited, struct draft *draft)
{
	struct draft now;

	fill(edited, account, &now);
	now.id = draft->id;
	now.saved_at = draft->saved_at;
	draft_set(&now, DRAFT_FIELD, draft_get(draft, DRAFT_FIELD));
	if (was_edited) {
		draft_set(&now, DRAFT_REVISION, draft_get(draft, DRAFT_REVISION));
		mapping_done(&now.mapping);
		mapping_copy(&now.mapping, &draft->mapping);
	}
	draft_done(draft);
	*draft = now;
}

enum status app_draft_renew(struct app *app, struct draft *draft, struct error *err)
{
	struct edited edited;
	struct account account;
	bool was_edited = true;
	enum status status = app_enter(app, USE_MAPPING_SET, err);

	edited_init(&edited);
	account_init(&account);
	if (status == STATUS_OK)
		status = find(app, draft_get(draft, DRAFT_MAPPING_OF), &edited, err);
	if (status == STATUS_OK)
		status = account_get(app->store, edited.destination.account_id, &account, err);
	if (status == STATUS_OK)
		status = draft_was_edited(app->store, draft->id, &was_edited, err);
	if (status == STATUS_OK) {
		renew(&edited, account.name, was_edited, draft);
		status = draft_renew(app->store, draft, err);
	}
	account_done(&account);
	edited_done(&edited);
	return status;
}

/* Nobody's revision is written over unseen. */
static enum status is_as_begun(const struct draft *draft, const struct edited *edited, struct error *err)
{
	if (strtoll(draft_get(draft, DRAFT_REVISION), NULL, 10) == edited->mapping.revision)
		return STATUS_OK;
	error_set(err, STATUS_USAGE, "changed", _("the mapping of %s has become revision %" PRId64 " meanwhile; this edit began with revision %s"), edited->dataflow.name,
		edited->mapping.revision, draft_get(draft, DRAFT_REVISION));
	error_hint(err, _("`penstock mapping diff %s %s` tells what was changed; remove this draft and edit it anew"), edited->dataflow.name, draft_get(draft, DRAFT_REVISION));
	return STATUS_USAGE;
}

static enum status save(struct app *app, struct draft *draft, struct edited *edited, struct error *err)
{
	struct mapping_view view;
	enum status status = find(app, draft_get(draft, DRAFT_MAPPING_OF), edited, err);

	mapping_view_init(&view);
	if (status == STATUS_OK)
		status = is_as_begun(draft, edited, err);
	if (status == STATUS_OK)
		status = draft_mapping_read(app, draft, &edited->destination, &view, err);
	if (status == STATUS_OK && !mapping_same_rows(&view.mapping, &edited->mapping)) {
		status = mapping_save(app->store, MAPPING_OF_DATAFLOW, edited->dataflow.id, &view.mapping, err);
		edited->mapping.revision = view.mapping.revision;
	}
	if (status == STATUS_OK)
		status = draft_delete(app->store, draft->id, err);
	mapping_view_done(&view);
	return status;
}

enum status draft_edit_apply(struct app *app, struct draft *draft, struct error *err)
{
	struct edited edited;
	char *detail = NULL, revision[24];
	enum status status = app_enter(app, USE_MAPPING_SET, err);

	if (status == STATUS_OK)
		status = app_begin(app, err);
	if (status != STATUS_OK)
		return status;
	edited_init(&edited);
	status = save(app, draft, &edited, err);
	detail = mem_printf("revision %" PRId64 ", %zu rows", edited.mapping.revision, draft->mapping.rows.count);
	status = app_end(app, status, USE_MAPPING_SET, draft_get(draft, DRAFT_MAPPING_OF), detail, err);
	if (status == STATUS_OK) {
		snprintf(revision, sizeof revision, "%" PRId64, edited.mapping.revision);
		draft_set(draft, DRAFT_REVISION, revision);
		draft_remove_lock(app, draft->id);
		draft->id = 0;
	}
	mem_free(detail);
	edited_done(&edited);
	return status;
}

enum status app_draft_edited(struct app *app, const struct draft *draft, bool *edited, struct error *err)
{
	struct mapping_view view;
	enum status status = app_mapping_show(app, draft_get(draft, DRAFT_MAPPING_OF), &view, err);

	*edited = status != STATUS_OK || !mapping_same_rows(&draft->mapping, &view.mapping);
	mapping_view_done(&view);
	return status;
}
