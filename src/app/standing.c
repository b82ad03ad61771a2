/* What every dataflow violates, before and after a change. */
#include "app/governance.h"

#include "base/i18n.h"
#include "base/mem.h"

#include <string.h>

/* One dataflow with everything that is asked about it. */
struct stand {
	struct dataflow dataflow;
	struct destination destination;
	struct mapping mapping;
	violation_list violations;
};

struct standing {
	VEC(struct stand) stands; /* those that violate something */
};

static void stand_done(struct stand *stand)
{
	dataflow_done(&stand->dataflow);
	destination_done(&stand->destination);
	mapping_done(&stand->mapping);
	violation_list_done(&stand->violations);
}

void standing_free(struct standing *standing)
{
	if (!standing)
		return;
	for (size_t i = 0; i < standing->stands.count; i++)
		stand_done(&standing->stands.at[i]);
	vec_done(&standing->stands);
	mem_free(standing);
}

/* Takes the dataflow over. */
static enum status take_one(struct app *app, const struct governance *governance, struct dataflow *dataflow, struct standing *standing, struct error *err)
{
	struct stand stand = { .dataflow = *dataflow };
	enum status status;

	dataflow_init(dataflow);
	mapping_init(&stand.mapping);
	status = destination_get(app->store, stand.dataflow.destination_id, &stand.destination, err);
	if (status == STATUS_OK)
		status = mapping_load(app->store, MAPPING_OF_DATAFLOW, stand.dataflow.id, &stand.mapping, err);
	if (status == STATUS_OK)
		governance_evaluate(governance, &stand.destination, &stand.mapping, &stand.dataflow, &stand.violations);
	if (stand.violations.count)
		vec_push(&standing->stands, stand);
	else
		stand_done(&stand);
	return status;
}

enum status standing_take(struct app *app, struct standing **out, struct error *err)
{
	struct governance governance = { 0 };
	dataflow_list dataflows = { 0 };
	struct standing *standing = mem_alloc(sizeof *standing);
	enum status status = governance_load(app, &governance, err);

	if (status == STATUS_OK && governance.policies.count)
		status = dataflow_all(app->store, &dataflows, err);
	for (size_t i = 0; status == STATUS_OK && i < dataflows.count; i++)
		status = take_one(app, &governance, &dataflows.at[i], standing, err);
	dataflow_list_done(&dataflows);
	governance_done(&governance);
	*out = status == STATUS_OK ? standing : NULL;
	if (status != STATUS_OK)
		standing_free(standing);
	return status;
}

/* What a disabled dataflow violated does not excuse it once it is enabled. */
static const struct stand *stand_before(const struct standing *before, const struct stand *now)
{
	for (size_t i = 0; before && i < before->stands.count; i++) {
		const struct stand *stand = &before->stands.at[i];

		if (stand->dataflow.id == now->dataflow.id && (stand->dataflow.enabled || !now->dataflow.enabled))
			return stand;
	}
	return NULL;
}

static bool is_worse(const struct stand *now, const struct stand *before)
{
	for (size_t i = 0; i < now->violations.count; i++) {
		const struct violation *violation = &now->violations.at[i];

		if (violation_is_worse(violation, before ? violation_list_find(&before->violations, violation->policy) : NULL))
			return true;
	}
	return false;
}

enum status standing_compare(struct app *app, const struct standing *before, struct error *err)
{
	struct standing *now;
	enum status status = standing_take(app, &now, err);

	for (size_t i = 0; status == STATUS_OK && i < now->stands.count; i++) {
		const struct stand *stand = &now->stands.at[i];
		struct error violated = { 0 };

		if (!is_worse(stand, stand_before(before, stand)))
			continue;
		governance_refuse(&stand->violations, &stand->destination, &stand->mapping, &stand->dataflow, &violated);
		if (!stand->dataflow.enabled) {
			app_note(app, _("%s; it is disabled, and cannot be enabled like this"), violated.message);
			continue;
		}
		status = STATUS_POLICY;
		if (err)
			*err = violated;
	}
	standing_free(now);
	return status;
}
