/* The console's view of governance: what a draft would violate. */
#include "app/governance.h"
#include "app/policies.h"
#include "base/mem.h"
#include "model/draft.h"

void draft_rules_done(struct draft_rules *rules)
{
	policy_list_done(&rules->policies);
	label_list_done(&rules->labels);
	word_list_done(&rules->actions);
	violation_list_done(&rules->violations);
}

/* By the names that the source knows them by, before any run has learnt them. */
static void add_audiences(const struct draft *draft, struct dataflow *dataflow)
{
	for (size_t i = 0; i < draft->audiences.count; i++) {
		const struct draft_audience *from = &draft->audiences.at[i];

		vec_push(&dataflow->audiences, ((struct flow_audience){ .audience = mem_strdup(from->id), .audience_name = mem_strdup(from->name) }));
	}
}

static void evaluate(const struct draft *draft, struct draft_rules *rules)
{
	struct dataflow dataflow;
	data_list data = { 0 };

	dataflow_init(&dataflow);
	add_audiences(draft, &dataflow);
	data_add_mapping(&data, &rules->labels, &draft->mapping);
	data_add_audiences(&data, &rules->labels, &dataflow);
	policies_evaluate(&rules->policies, draft->marketing_actions.at, draft->marketing_actions.count, &data, &rules->violations);
	data_list_done(&data);
	dataflow_done(&dataflow);
}

enum status app_draft_rules(struct app *app, const struct draft *draft, struct draft_rules *out, struct error *err)
{
	enum status status = app_enter(app, USE_POLICY_CHECK, err);

	if (status == STATUS_OK)
		status = policy_all(app->store, &out->policies, err);
	if (status == STATUS_OK)
		status = label_all(app->store, &out->labels, err);
	if (status == STATUS_OK)
		status = actions_known(app, &out->actions, err);
	if (status == STATUS_OK)
		evaluate(draft, out);
	return status;
}
