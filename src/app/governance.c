#include "app/governance.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"

#include <string.h>

void governance_done(struct governance *governance)
{
	policy_list_done(&governance->policies);
	label_list_done(&governance->labels);
}

enum status governance_load(struct app *app, struct governance *governance, struct error *err)
{
	bool any;
	enum status status = policy_any_enabled(app->store, &any, err);

	if (status == STATUS_OK && any)
		status = policy_all(app->store, &governance->policies, err);
	if (status == STATUS_OK && any)
		status = label_all(app->store, &governance->labels, err);
	return status;
}

void governance_evaluate(const struct governance *governance, const struct destination *destination, const struct mapping *mapping, const struct dataflow *dataflow,
	violation_list *out)
{
	data_list data = { 0 };

	data_add_mapping(&data, &governance->labels, mapping);
	if (dataflow)
		data_add_audiences(&data, &governance->labels, dataflow);
	policies_evaluate(&governance->policies, destination->marketing_actions.at, destination->marketing_actions.count, &data, out);
	data_list_done(&data);
}

static void write_ways(const struct violation *violation, const struct destination *destination, const struct mapping *mapping, const struct dataflow *dataflow,
	struct str *out)
{
	word_list ways = { 0 };

	violation_resolve(violation, mapping, dataflow ? dataflow->name : NULL, destination, &ways);
	for (size_t i = 0; i < ways.count; i++)
		str_add_format(out, "%s%s", i ? _("; or ") : "", ways.at[i]);
	word_list_done(&ways);
}

enum status governance_refuse(const violation_list *violations, const struct destination *destination, const struct mapping *mapping, const struct dataflow *dataflow,
	struct error *err)
{
	struct str text = { 0 }, ways = { 0 };

	if (!violations->count)
		return STATUS_OK;
	for (size_t i = 0; i < violations->count; i++) {
		if (i)
			str_add(&text, "; ");
		violation_write(&violations->at[i], &text);
	}
	write_ways(&violations->at[0], destination, mapping, dataflow, &ways);
	error_set(err, STATUS_POLICY, "policy", _("%s may not go to %s: %s"), dataflow ? dataflow->name : _("this mapping"), destination->name, str_text(&text));
	error_hint(err, "%s", str_text(&ways));
	str_done(&text);
	str_done(&ways);
	return STATUS_POLICY;
}

enum status governance_check(struct app *app, const struct destination *destination, const struct mapping *mapping, const struct dataflow *dataflow,
	violation_list *violations, struct error *err)
{
	struct governance governance = { 0 };
	violation_list own = { 0 };
	enum status status = governance_load(app, &governance, err);

	if (!violations)
		violations = &own;
	if (status == STATUS_OK) {
		governance_evaluate(&governance, destination, mapping, dataflow, violations);
		status = governance_refuse(violations, destination, mapping, dataflow, err);
	}
	violation_list_done(&own);
	governance_done(&governance);
	return status;
}

static void add_reason(struct run *run, const struct violation *violation, const struct destination *destination, const struct mapping *mapping,
	const struct dataflow *dataflow)
{
	struct str text = { 0 }, ways = { 0 };

	violation_write(violation, &text);
	write_ways(violation, destination, mapping, dataflow, &ways);
	str_add_format(&text, _(". What resolves it: %s"), str_text(&ways));
	run_reason_add(run, "policy", str_text(&text), SEVERITY_FAILED, (int64_t)violation->carriers.count);
	str_done(&text);
	str_done(&ways);
}

enum status governance_block(struct app *app, const violation_list *violations, const struct destination *destination, const struct mapping *mapping,
	const struct dataflow *dataflow, struct run *out, struct error *err)
{
	run_done(out);
	out->dataflow_id = dataflow->id;
	out->dataflow = mem_strdup(dataflow->name);
	out->state = RUN_BLOCKED;
	out->started_at = out->ended_at = clock_wall_ms();
	out->mapping_revision = mapping->revision;
	for (size_t i = 0; i < dataflow->audiences.count; i++) {
		const struct flow_audience *from = &dataflow->audiences.at[i];

		vec_push(&out->audiences,
			((struct run_audience){ .name = mem_strdup(from->audience_name ? from->audience_name : from->audience), .list_id = from->list_id }));
	}
	for (size_t i = 0; i < violations->count; i++)
		add_reason(out, &violations->at[i], destination, mapping, dataflow);
	return run_insert(app->store, out, err);
}
