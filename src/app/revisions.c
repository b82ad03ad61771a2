#include "app/revisions.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/str.h"

#include <string.h>

enum status app_mapping_revisions(struct app *app, const char *name, revision_list *out, struct error *err)
{
	enum mapping_owner owner = MAPPING_OF_DATAFLOW;
	int64_t id = 0;
	enum status status = mapping_owner_find(app, USE_MAPPING_REVISIONS, name, &owner, &id, err);

	return status == STATUS_OK ? mapping_revisions(app->store, owner, id, out, err) : status;
}

/* Whose mapping is looked at, and the two revisions. */
struct review {
	struct app *app;
	const char *name;
	enum mapping_owner owner;
	int64_t id;
	mapping_changes *out;
};

static enum status never_launched(const struct review *review, struct error *err)
{
	error_set(err, STATUS_USAGE, "never_launched", _("no run of %s has come to its end yet, so nothing was launched"), review->name);
	error_hint(err, _("0 in place of `launched` shows all of the mapping"));
	return STATUS_USAGE;
}

/* The number a word stands for. */
static enum status resolve(const struct review *review, int64_t *revision, struct error *err)
{
	enum status status = STATUS_OK;

	if (*revision != REVISION_LAUNCHED)
		return STATUS_OK;
	if (review->owner == MAPPING_OF_DATAFLOW)
		status = run_last_revision(review->app->store, review->id, revision, err);
	if (status == STATUS_OK && *revision <= 0)
		status = never_launched(review, err);
	return status;
}

/* Revision 0 is the empty mapping before the first. */
static enum status load(const struct review *review, int64_t revision, struct mapping *out, struct error *err)
{
	mapping_init(out);
	return revision ? mapping_load_revision(review->app->store, review->owner, review->id, revision, out, err) : STATUS_OK;
}

/* Those changes of this step that no later step has touched. Returns how many are still without an author. */
static size_t blame(const struct review *review, const mapping_changes *step, const struct revision *by)
{
	size_t left = 0;

	for (size_t i = 0; i < review->out->count; i++) {
		struct mapping_change *change = &review->out->at[i];

		for (size_t k = 0; k < step->count && !change->revision; k++) {
			if (strcmp(step->at[k].target, change->target) != 0)
				continue;
			change->revision = by->revision;
			change->at = by->saved_at;
			change->who = mem_strdup(by->who);
		}
		left += !change->revision;
	}
	return left;
}

/* Goes back from the later of the two, revision by revision, until every change has its author. */
static enum status find_authors(const struct review *review, int64_t first, int64_t last, struct error *err)
{
	revision_list list = { 0 };
	enum status status = mapping_revisions(review->app->store, review->owner, review->id, &list, err);
	struct mapping older, newer;
	size_t left = review->out->count;

	if (status == STATUS_OK)
		status = load(review, last, &newer, err);
	else
		mapping_init(&newer);
	for (size_t i = 0; status == STATUS_OK && left && i < list.count; i++) {
		mapping_changes step = { 0 };

		if (list.at[i].revision > last || list.at[i].revision <= first)
			continue;
		status = load(review, list.at[i].revision - 1, &older, err);
		if (status == STATUS_OK) {
			mapping_compare(&older, &newer, &step);
			left = blame(review, &step, &list.at[i]);
		}
		mapping_changes_done(&step);
		mapping_done(&newer);
		newer = older;
	}
	mapping_done(&newer);
	revision_list_done(&list);
	return status;
}

static enum status compare(const struct review *review, int64_t from, int64_t *to, struct error *err)
{
	struct mapping before, after;
	enum status status = load(review, from, &before, err);

	mapping_init(&after);
	if (status == STATUS_OK && *to)
		status = load(review, *to, &after, err);
	else if (status == STATUS_OK)
		status = mapping_load(review->app->store, review->owner, review->id, &after, err);
	if (status == STATUS_OK) {
		*to = after.revision;
		mapping_compare(&before, &after, review->out);
	}
	mapping_done(&before);
	mapping_done(&after);
	return status;
}

enum status app_mapping_diff(struct app *app, const char *name, int64_t *from, int64_t *to, mapping_changes *out, struct error *err)
{
	struct review review = { .app = app, .name = name, .out = out };
	enum status status = mapping_owner_find(app, USE_MAPPING_DIFF, name, &review.owner, &review.id, err);

	if (status == STATUS_OK)
		status = resolve(&review, from, err);
	if (status == STATUS_OK)
		status = resolve(&review, to, err);
	if (status == STATUS_OK)
		status = compare(&review, *from, to, err);
	if (status == STATUS_OK)
		status = find_authors(&review, *from < *to ? *from : *to, *from < *to ? *to : *from, err);
	return status;
}

enum status app_mapping_sign(struct app *app, const char *name, int64_t revision, const char *note, struct error *err)
{
	enum mapping_owner owner = MAPPING_OF_DATAFLOW;
	int64_t id = 0;
	char *detail;
	enum status status = mapping_owner_find(app, USE_MAPPING_SIGN, name, &owner, &id, err);

	if (status == STATUS_OK)
		status = app_begin(app, err);
	if (status != STATUS_OK)
		return status;
	status = mapping_sign(app->store, owner, id, revision, note, err);
	detail = mem_printf("revision %lld%s%s", (long long)revision, note ? ": " : "", note ? note : "");
	status = app_end(app, status, USE_MAPPING_SIGN, name, detail, err);
	mem_free(detail);
	return status;
}

enum status sign_off_check(struct app *app, const struct destination *destination, const struct dataflow *dataflow, int64_t revision, struct error *err)
{
	bool is_signed = false;
	enum status status;

	if (!destination->sign_off || !revision)
		return STATUS_OK;
	status = mapping_is_signed(app->store, MAPPING_OF_DATAFLOW, dataflow->id, revision, &is_signed, err);
	if (status != STATUS_OK || is_signed)
		return status;
	error_set(err, STATUS_REFUSED, "not_signed", _("nobody has signed revision %lld of the mapping of %s, and the destination %s requires it"), (long long)revision, dataflow->name,
		destination->name);
	error_hint(err, _("`penstock mapping diff %s launched` shows what changed; `penstock mapping sign %s %lld` signs it"), dataflow->name, dataflow->name, (long long)revision);
	return STATUS_REFUSED;
}

enum status app_sign_off(struct app *app, const char *dataflow, struct sign_off *out, struct error *err)
{
	struct destination destination;
	struct dataflow found;
	struct mapping mapping;
	enum status status = app_enter(app, USE_MAPPING_REVISIONS, err);

	*out = (struct sign_off){ 0 };
	destination_init(&destination);
	dataflow_init(&found);
	mapping_init(&mapping);
	if (status == STATUS_OK)
		status = dataflow_find(app->store, dataflow, &found, err);
	if (status == STATUS_OK)
		status = destination_get(app->store, found.destination_id, &destination, err);
	if (status == STATUS_OK)
		status = mapping_load(app->store, MAPPING_OF_DATAFLOW, found.id, &mapping, err);
	out->required = destination.sign_off;
	out->revision = mapping.revision;
	if (status == STATUS_OK)
		status = mapping_is_signed(app->store, MAPPING_OF_DATAFLOW, found.id, mapping.revision, &out->is_signed, err);
	mapping_done(&mapping);
	dataflow_done(&found);
	destination_done(&destination);
	return status;
}
