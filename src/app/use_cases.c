#include "app/use_cases.h"

#include "app/app.h"
#include "base/i18n.h"

const struct use_case_row use_cases[USE_CASES] = {
	[USE_ACCOUNT_CREATE] = { "account create", "NAME", PERMISSION_MANAGE, true, N_("add the account of a Marketo instance") },
	[USE_ACCOUNT_LIST] = { "account list", "", PERMISSION_VIEW, false, N_("list the accounts") },
	[USE_ACCOUNT_SHOW] = { "account show", "NAME", PERMISSION_VIEW, false, N_("show one account") },
	[USE_ACCOUNT_TEST] = { "account test", "NAME", PERMISSION_VIEW, false, N_("check connection, credentials and permissions") },
	[USE_ACCOUNT_UPDATE] = { "account update", "NAME", PERMISSION_MANAGE, true, N_("change an account") },
	[USE_ACCOUNT_DELETE] = { "account delete", "NAME", PERMISSION_MANAGE, true, N_("delete an account") },
	[USE_DESTINATION_CREATE] = { "destination create", "NAME", PERMISSION_MANAGE, true,
		N_("say how people are matched and created in an account") },
	[USE_DESTINATION_LIST] = { "destination list", "", PERMISSION_VIEW, false, N_("list the destinations") },
	[USE_DESTINATION_SHOW] = { "destination show", "NAME", PERMISSION_VIEW, false, N_("show one destination") },
	[USE_DESTINATION_TEST] = { "destination test", "NAME", PERMISSION_VIEW, false, N_("check connection, credentials and permissions") },
	[USE_DESTINATION_UPDATE] = { "destination update", "NAME", PERMISSION_MANAGE, true, N_("change a destination") },
	[USE_DESTINATION_DELETE] = { "destination delete", "NAME", PERMISSION_MANAGE, true, N_("delete a destination") },
	[USE_FIELDS] = { "fields", "NAME", PERMISSION_VIEW, false, N_("list the person fields of an account or a destination") },
	[USE_FOLDERS] = { "folders", "NAME", PERMISSION_VIEW, false, N_("list the folders and programs that lists can live in") },
	[USE_LISTS] = { "lists", "NAME", PERMISSION_VIEW, false, N_("list the static lists") },
	[USE_PARTITIONS] = { "partitions", "NAME", PERMISSION_VIEW, false, N_("list the lead partitions") },
	[USE_SOURCE_CHECK] = { "source check", "SOURCE", PERMISSION_VIEW, false, N_("tell what is in a source") },
	[USE_MAPPING_SHOW] = { "mapping show", "NAME", PERMISSION_VIEW, false, N_("show the mapping of a dataflow or a destination") },
	[USE_MAPPING_CHECK] = { "mapping check", "NAME", PERMISSION_VIEW, false, N_("list what is wrong with a mapping") },
	[USE_MAPPING_SUGGEST] = { "mapping suggest", "NAME", PERMISSION_VIEW, false, N_("suggest rows from what is in a source") },
	[USE_MAPPING_SET] = { "mapping set", "NAME SOURCE=TARGET...", PERMISSION_MANAGE, true, N_("map source fields to Marketo fields") },
	[USE_MAPPING_UNSET] = { "mapping unset", "NAME TARGET...", PERMISSION_MANAGE, true, N_("take targets out of a mapping") },
	[USE_MAPPING_CLEAR] = { "mapping clear", "NAME", PERMISSION_MANAGE, true, N_("empty a mapping") },
	[USE_DATAFLOW_CREATE] = { "dataflow create", "NAME", PERMISSION_MANAGE, true, N_("tie audiences of a source to static lists") },
	[USE_DATAFLOW_LIST] = { "dataflow list", "", PERMISSION_VIEW, false, N_("list the dataflows") },
	[USE_DATAFLOW_SHOW] = { "dataflow show", "NAME", PERMISSION_VIEW, false, N_("show one dataflow") },
	[USE_DATAFLOW_UPDATE] = { "dataflow update", "NAME", PERMISSION_MANAGE, true, N_("change a dataflow") },
	[USE_DATAFLOW_ENABLE] = { "dataflow enable", "NAME", PERMISSION_MANAGE, true, N_("let a dataflow run") },
	[USE_DATAFLOW_DISABLE] = { "dataflow disable", "NAME", PERMISSION_MANAGE, true, N_("keep a dataflow from running") },
	[USE_DATAFLOW_DELETE] = { "dataflow delete", "NAME", PERMISSION_MANAGE, true, N_("delete a dataflow with its runs") },
	[USE_DRAFT_LIST] = { "draft list", "", PERMISSION_VIEW, false, N_("list the drafts of the console, newest first") },
	[USE_DRAFT_SHOW] = { "draft show", "ID", PERMISSION_VIEW, false, N_("show one draft") },
	[USE_DRAFT_SAVE] = { "draft save", "FILE", PERMISSION_MANAGE, true, N_("make a draft of a JSON file, or change one") },
	[USE_DRAFT_DELETE] = { "draft delete", "ID", PERMISSION_MANAGE, true, N_("delete a draft with what it has made and was never launched") },
	[USE_DRAFT_APPLY] = { "draft apply", "ID", PERMISSION_MANAGE, true, N_("make the destination, the mapping and the dataflow of a draft") },
	[USE_DRAFT_SURVEY] = { "draft survey", "ID", PERMISSION_VIEW, false, N_("count how many values of its source a draft's mapping would leave out") },
	[USE_PLAN] = { "plan", "DATAFLOW", PERMISSION_ACTIVATE, true, N_("tell what a run would do, and keep it as a plan") },
	[USE_RUN] = { "run", "DATAFLOW", PERMISSION_ACTIVATE, true, N_("bring the audiences of a dataflow to Marketo") },
	[USE_STOP] = { "stop", "DATAFLOW", PERMISSION_ACTIVATE, true, N_("stop a run going on; the next one goes on from there") },
	[USE_RUNS] = { "runs", "[DATAFLOW]", PERMISSION_VIEW, false, N_("list the runs, newest first") },
	[USE_RUN_SHOW] = { "run-show", "ID", PERMISSION_VIEW, false, N_("show the account of one run") },
	[USE_FAILURES] = { "failures", "ID", PERMISSION_VIEW, false, N_("list whom a run excluded or could not bring, and why") },
	[USE_RETRY] = { "retry", "ID", PERMISSION_ACTIVATE, true, N_("send once more what failed in a run, or was not found") },
	[USE_VERIFY] = { "verify", "DATAFLOW", PERMISSION_VIEW, false, N_("hold the lists' members in Marketo against the ledger") },
	[USE_REPAIR] = { "verify --repair", "DATAFLOW", PERMISSION_ACTIVATE, true, N_("add those who are missing from the lists again") },
	[USE_RESYNC] = { "resync", "DATAFLOW", PERMISSION_ACTIVATE, true, N_("send everything of the source again, whatever the ledger says") },
	[USE_ADOPT] = { "adopt", "DATAFLOW", PERMISSION_ACTIVATE, true, N_("take the members of existing lists into the ledger") },
	[USE_STATUS] = { "status", "", PERMISSION_VIEW, false, N_("show everything at a glance") },
	[USE_AUDIT] = { "audit", "", PERMISSION_VIEW, false, N_("show who changed what") },
};

enum status app_allow(const struct app *app, enum use_case use, struct error *err)
{
	if (!app->read_only || !use_cases[use].changes)
		return STATUS_OK;
	error_set(err, STATUS_REFUSED, "read_only", _("`%s` changes something, and --read-only was asked for"), use_cases[use].name);
	error_hint(err, _("leave out --read-only"));
	return STATUS_REFUSED;
}
