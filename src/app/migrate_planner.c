/* What every plan of one command shares: what Marketo has, asked for once an account, and who uses which list. */
#include "app/fields.h"
#include "app/lists.h"
#include "app/migrate_plan.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "store/tables.h"

#include <stdlib.h>
#include <string.h>

static int compare_ids(const void *a, const void *b)
{
	const int64_t *one = a, *other = b;

	return *one < *other ? -1 : *one > *other;
}

static enum status read_instance(struct app *app, const struct account *account, struct instance *out, struct error *err)
{
	place_list lists = { 0 };
	enum status status = app_fields(app, account->name, false, &out->catalogue, err);

	if (status == STATUS_OK)
		status = app_lists(app, account->name, NULL, &lists, err);
	for (size_t i = 0; status == STATUS_OK && i < lists.count; i++)
		vec_push(&out->lists, lists.at[i].id);
	if (out->lists.count)
		qsort(out->lists.at, out->lists.count, sizeof *out->lists.at, compare_ids);
	place_list_done(&lists);
	return status;
}

struct instance *planner_instance(struct planner *planner, const struct account *account)
{
	struct instance instance = { .account_id = account->id };
	struct error err = { 0 };

	for (size_t i = 0; i < planner->instances.count; i++)
		if (planner->instances.at[i].account_id == account->id)
			return &planner->instances.at[i];
	catalogue_init(&instance.catalogue);
	instance.reached = read_instance(planner->app, account, &instance, &err) == STATUS_OK;
	if (!instance.reached)
		instance.why = mem_strdup(err.message);
	vec_push(&planner->instances, instance);
	return &planner->instances.at[planner->instances.count - 1];
}

const struct catalogue *planner_catalogue(const struct planner *planner, const struct migrate_plan *plan)
{
	for (size_t i = 0; i < planner->instances.count; i++)
		if (planner->instances.at[i].account_id == plan->view.account.id && planner->instances.at[i].reached)
			return &planner->instances.at[i].catalogue;
	return NULL;
}

static enum status read_uses(struct planner *planner, struct error *err)
{
	dataflow_list all = { 0 };
	enum status status = dataflow_all(planner->app->store, &all, err);

	for (size_t i = 0; i < all.count; i++)
		for (size_t k = 0; k < all.at[i].audiences.count; k++) {
			struct list_use use = { .list_id = all.at[i].audiences.at[k].list_id, .dataflow_id = all.at[i].id };

			if (use.list_id)
				vec_push(&planner->uses, use);
		}
	dataflow_list_done(&all);
	return status;
}

enum status planner_init(struct planner *planner, struct app *app, const struct migrate_options *options, struct error *err)
{
	*planner = (struct planner){ .app = app, .options = options, .keeps = !options->list || strcmp(options->list, "keep") == 0 };
	if (options->list && strcmp(options->list, "keep") != 0 && strcmp(options->list, "new") != 0) {
		error_set(err, STATUS_USAGE, "invalid", _("--list %s is not available"), options->list);
		error_hint(err, _("choose keep (V1's lists are taken over) or new (lists named after the audiences)"));
		return STATUS_USAGE;
	}
	return read_uses(planner, err);
}

void planner_done(struct planner *planner)
{
	for (size_t i = 0; i < planner->instances.count; i++) {
		catalogue_done(&planner->instances.at[i].catalogue);
		vec_done(&planner->instances.at[i].lists);
		mem_free(planner->instances.at[i].why);
	}
	vec_done(&planner->instances);
	vec_done(&planner->uses);
	source_report_done(&planner->report);
}

bool instance_has_list(const struct instance *instance, int64_t id)
{
	return instance->lists.count && bsearch(&id, instance->lists.at, instance->lists.count, sizeof id, compare_ids);
}

bool planner_list_is_shared(const struct planner *planner, const struct migrate_plan *plan, int64_t list_id)
{
	int own = 0;

	for (size_t i = 0; i < planner->uses.count; i++) {
		const struct list_use *use = &planner->uses.at[i];

		if (use->list_id != list_id || use->dataflow_id == plan->migration.v2_id)
			continue;
		if (use->dataflow_id != plan->migration.v1_id || ++own > 1)
			return true;
	}
	return false;
}
