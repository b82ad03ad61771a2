#include "app/mappings.h"

#include "app/fields.h"
#include "app/operators.h"
#include "app/sources.h"
#include "app/v1.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "source/http.h"
#include "source/source.h"
#include "store/tables.h"

#include <string.h>

/* Whose mapping it is. */
struct owner {
	enum mapping_owner kind;
	int64_t id;
	char *source; /* of a dataflow */
	struct destination destination;
	struct account account;
};

static void owner_init(struct owner *owner)
{
	*owner = (struct owner){ 0 };
	destination_init(&owner->destination);
	account_init(&owner->account);
}

static void owner_done(struct owner *owner)
{
	mem_free(owner->source);
	destination_done(&owner->destination);
	account_done(&owner->account);
}

void mapping_view_init(struct mapping_view *view)
{
	*view = (struct mapping_view){ 0 };
	mapping_init(&view->mapping);
	catalogue_init(&view->catalogue);
}

void mapping_view_done(struct mapping_view *view)
{
	mapping_done(&view->mapping);
	catalogue_done(&view->catalogue);
	for (size_t i = 0; i < view->dedupe.count; i++)
		mem_free(view->dedupe.at[i]);
	vec_done(&view->dedupe);
}

static enum status find_dataflow(struct store *store, const char *name, struct owner *owner, struct error *err)
{
	struct dataflow dataflow;
	enum status status;

	dataflow_init(&dataflow);
	status = dataflow_find(store, name, &dataflow, err);
	if (status == STATUS_OK) {
		owner->kind = MAPPING_OF_DATAFLOW;
		owner->id = dataflow.id;
		owner->source = mem_strdup(dataflow.source);
		source_guard(&dataflow);
		status = destination_get(store, dataflow.destination_id, &owner->destination, err);
	}
	dataflow_done(&dataflow);
	return status;
}

static enum status find_owner(struct store *store, const char *name, struct owner *owner, struct error *err)
{
	struct error sought = { 0 };
	enum status status = find_dataflow(store, name, owner, &sought);

	if (status != STATUS_OK && strcmp(sought.code, "not_found") == 0) {
		status = destination_find(store, name, &owner->destination, &sought);
		owner->kind = MAPPING_OF_DESTINATION;
		owner->id = owner->destination.id;
		if (status != STATUS_OK && strcmp(sought.code, "not_found") == 0) {
			char *hint = mem_strdup(sought.hint);

			error_set(&sought, status, "not_found", _("no dataflow and no destination is called %s"), name);
			error_hint(&sought, "%s", hint);
			mem_free(hint);
		}
	}
	if (status == STATUS_OK)
		status = account_get(store, owner->destination.account_id, &owner->account, &sought);
	if (status != STATUS_OK && err)
		*err = sought;
	return status;
}

enum status mapping_owner_find(struct app *app, enum use_case use, const char *name, enum mapping_owner *owner, int64_t *id, struct error *err)
{
	struct owner found;
	enum status status = app_enter(app, use, err);

	owner_init(&found);
	if (status == STATUS_OK)
		status = find_owner(app->store, name, &found, err);
	*owner = found.kind;
	*id = found.id;
	owner_done(&found);
	return status;
}

static enum status load_view(struct store *store, const struct owner *owner, struct mapping_view *view, struct error *err)
{
	const struct destination *destination = &owner->destination;
	enum status status = mapping_load(store, owner->kind, owner->id, &view->mapping, err);

	if (status == STATUS_OK)
		status = catalogue_load(store, owner->account.id, &view->catalogue, err);
	for (size_t i = 0; i < destination->dedupe_fields.count; i++)
		vec_push(&view->dedupe, mem_strdup(destination->dedupe_fields.at[i]));
	view->creates_people = destination->person_creation == CREATION_MATCH_AND_CREATE;
	return status;
}

/* The start of all use cases here. */
static enum status enter(struct app *app, enum use_case use, const char *name, struct owner *owner, struct mapping_view *view, struct error *err)
{
	enum status status;

	owner_init(owner);
	mapping_view_init(view);
	status = app_enter(app, use, err);
	if (status == STATUS_OK)
		status = find_owner(app->store, name, owner, err);
	if (status == STATUS_OK && use_cases[use].changes)
		status = v1_refuse_destination(&owner->destination, err);
	return status == STATUS_OK ? load_view(app->store, owner, view, err) : status;
}

/* The end of those that change something. */
static enum status save(struct app *app, enum use_case use, const char *name, const struct owner *owner, struct mapping_view *view, struct error *err)
{
	enum status status = app_begin(app, err);
	char detail[64];

	if (status != STATUS_OK)
		return status;
	status = mapping_save(app->store, owner->kind, owner->id, &view->mapping, err);
	snprintf(detail, sizeof detail, "revision %lld, %zu rows", (long long)view->mapping.revision, view->mapping.rows.count);
	return app_end(app, status, use, name, detail, err);
}

static void check_view(const struct mapping_view *view, mapping_problems *out)
{
	mapping_check(&view->mapping, view->catalogue.fetched_at ? &view->catalogue : NULL, view->dedupe.at, view->dedupe.count, view->creates_people,
		out);
}

enum status app_mapping_show(struct app *app, const char *name, struct mapping_view *out, struct error *err)
{
	struct owner owner;
	enum status status = enter(app, USE_MAPPING_SHOW, name, &owner, out, err);

	owner_done(&owner);
	return status;
}

enum status app_mapping_check(struct app *app, const char *name, mapping_problems *out, bool *ok, struct error *err)
{
	struct mapping_view view;
	struct owner owner;
	enum status status = enter(app, USE_MAPPING_CHECK, name, &owner, &view, err);

	*ok = true;
	if (status == STATUS_OK && !view.catalogue.fetched_at)
		status = catalogue_any(app, &owner.account, &view.catalogue, err);
	if (status == STATUS_OK)
		check_view(&view, out);
	for (size_t i = 0; i < out->count; i++)
		if (out->at[i].error)
			*ok = false;
	owner_done(&owner);
	mapping_view_done(&view);
	return status;
}

static bool is_dedupe(const struct mapping_view *view, const char *name)
{
	for (size_t i = 0; i < view->dedupe.count; i++)
		if (strcmp(view->dedupe.at[i], name) == 0)
			return true;
	return false;
}

static enum status check_target(const struct mapping_view *view, const char *name, struct error *err)
{
	const struct field *field = catalogue_find(&view->catalogue, name);
	const char *nearest;

	if (field && (field->updateable || (field->searchable && is_dedupe(view, name))))
		return STATUS_OK;
	if (field) {
		error_set(err, STATUS_USAGE, "read_only_field", _("the field %s is read-only in Marketo"), name);
		error_hint(err, _("choose a field that can be updated"));
		return STATUS_USAGE;
	}
	error_set(err, STATUS_USAGE, "unknown_field", _("Marketo has no field %s"), name);
	nearest = catalogue_nearest(&view->catalogue, name);
	if (nearest)
		error_hint(err, _("did you mean %s?"), nearest);
	else
		error_hint(err, _("`penstock fields` lists them; --refresh after a change in Marketo"));
	return STATUS_USAGE;
}

enum status mapping_accept(struct mapping_view *view, const char *text, struct error *err)
{
	struct mapping_row row = { 0 };
	const struct mapping_row *there;
	enum status status = mapping_row_parse(text, &row, err);

	if (status == STATUS_OK && view->catalogue.fetched_at)
		status = check_target(view, row.target, err);
	if (status != STATUS_OK) {
		mapping_row_done(&row);
		return status;
	}
	there = mapping_target(&view->mapping, row.target);
	if (there && strcmp(there->source, row.source) != 0) {
		status = error_set(err, STATUS_USAGE, "two_sources", _("%s already comes from %s"), row.target, there->source);
		error_hint(err, _("a target has one source: take it out first with `mapping unset NAME %s`"), row.target);
		mapping_row_done(&row);
		return status;
	}
	mapping_put(&view->mapping, &row);
	return STATUS_OK;
}

enum status app_mapping_set(struct app *app, const char *name, const char *const *rows, size_t count, struct mapping_view *out, struct error *err)
{
	struct owner owner;
	enum status status = enter(app, USE_MAPPING_SET, name, &owner, out, err);

	if (status == STATUS_OK && !out->catalogue.fetched_at)
		status = catalogue_any(app, &owner.account, &out->catalogue, err);
	for (size_t i = 0; status == STATUS_OK && i < count; i++)
		status = mapping_accept(out, rows[i], err);
	if (status == STATUS_OK)
		status = save(app, USE_MAPPING_SET, name, &owner, out, err);
	owner_done(&owner);
	return status;
}

static enum status remove_target(struct mapping_view *view, const char *target, struct error *err)
{
	bool removed = false;

	while (mapping_remove(&view->mapping, target))
		removed = true;
	if (removed)
		return STATUS_OK;
	error_set(err, STATUS_USAGE, "not_found", _("the mapping has no row for %s"), target);
	error_hint(err, _("`penstock mapping show` lists the rows"));
	return STATUS_USAGE;
}

enum status app_mapping_unset(struct app *app, const char *name, const char *const *targets, size_t count, struct mapping_view *out, struct error *err)
{
	struct owner owner;
	enum status status = enter(app, USE_MAPPING_UNSET, name, &owner, out, err);

	for (size_t i = 0; status == STATUS_OK && i < count; i++)
		status = remove_target(out, targets[i], err);
	if (status == STATUS_OK)
		status = save(app, USE_MAPPING_UNSET, name, &owner, out, err);
	owner_done(&owner);
	return status;
}

enum status app_mapping_clear(struct app *app, const char *name, struct mapping_view *out, struct error *err)
{
	struct owner owner;
	enum status status = enter(app, USE_MAPPING_CLEAR, name, &owner, out, err);

	if (status == STATUS_OK) {
		int64_t revision = out->mapping.revision;

		mapping_done(&out->mapping);
		mapping_init(&out->mapping);
		out->mapping.revision = revision;
		status = save(app, USE_MAPPING_CLEAR, name, &owner, out, err);
	}
	owner_done(&owner);
	return status;
}

/* given NULL: the dataflow's own, which was settled when it became that. */
static enum status suggest_from(struct app *app, const char *given, const char *own, const struct mapping_view *view, suggestion_list *suggested, struct error *err)
{
	struct source_report report = { 0 };
	VEC(char *) paths = { 0 };
	char *settled = NULL;
	enum status status = given && http_is(given) ? source_look(app, given, &settled, err) : STATUS_OK;

	if (status == STATUS_OK)
		status = source_check(settled ? settled : given ? given : own, 0, NULL, &report, err);
	mem_free(settled);
	if (status == STATUS_OK) {
		for (size_t i = 0; i < report.attributes.count; i++)
			vec_push(&paths, report.attributes.at[i].path);
		mapping_suggest(&view->mapping, &view->catalogue, paths.at, paths.count, suggested);
	}
	vec_done(&paths);
	source_report_done(&report);
	return status;
}

enum status app_mapping_suggest(struct app *app, const char *name, const char *source, struct suggestion_choice choice, suggestion_list *suggested,
	struct mapping_view *out, struct error *err)
{
	struct owner owner;
	enum status status;

	*suggested = (suggestion_list){ 0 };
	status = enter(app, choice.accept ? USE_MAPPING_SET : USE_MAPPING_SUGGEST, name, &owner, out, err);
	if (status == STATUS_OK) /* what is in the source is told either way */
		status = app_allow(app, USE_MAPPING_SUGGEST, err);
	if (status == STATUS_OK && !source && !owner.source) {
		status = error_set(err, STATUS_USAGE, "usage", _("suggestions for a destination need a source"));
		error_hint(err, _("give it with --source"));
	}
	if (status == STATUS_OK && source)
		status = operator_may_read(app, source, err);
	if (status == STATUS_OK && !out->catalogue.fetched_at)
		status = catalogue_any(app, &owner.account, &out->catalogue, err);
	if (status == STATUS_OK)
		status = suggest_from(app, source, owner.source, out, suggested, err);
	if (status == STATUS_OK && choice.accept && suggestions_take(suggested, choice.least, &out->mapping))
		status = save(app, USE_MAPPING_SET, name, &owner, out, err);
	owner_done(&owner);
	return status;
}
