#include "app/use_cases.h"

#include "app/app.h"
#include "base/i18n.h"

/* What tasks need by Adobe's documentation: to set up, View and Manage Destinations; to activate, View and Activate Destinations, and View Segments for whose audiences they are. Activation
 * shows no profiles here, so it does not need to see them. */
enum {
	VIEW = PERMISSION_VIEW_DESTINATIONS,
	MANAGE = PERMISSION_VIEW_DESTINATIONS | PERMISSION_MANAGE_DESTINATIONS,
	ACTIVATE = PERMISSION_VIEW_DESTINATIONS | PERMISSION_ACTIVATE_DESTINATIONS,
	SEGMENTS = PERMISSION_VIEW_SEGMENTS,
	OWNERS = PERMISSION_OWNER,
};

const struct use_case_row use_cases[USE_CASES] = {
	[USE_ACCOUNT_CREATE] = { "account create", "NAME", MANAGE, true, N_("add the account of a Marketo instance") },
	[USE_ACCOUNT_LIST] = { "account list", "", VIEW, false, N_("list the accounts") },
	[USE_ACCOUNT_SHOW] = { "account show", "NAME", VIEW, false, N_("show one account") },
	[USE_ACCOUNT_TEST] = { "account test", "NAME", VIEW, false, N_("check connection, credentials and permissions") },
	[USE_ACCOUNT_UPDATE] = { "account update", "NAME", MANAGE, true, N_("change an account") },
	[USE_ACCOUNT_DELETE] = { "account delete", "NAME", MANAGE, true, N_("delete an account") },
	[USE_DESTINATION_CREATE] = { "destination create", "NAME", MANAGE, true,
		N_("say how people are matched and created in an account") },
	[USE_DESTINATION_LIST] = { "destination list", "", VIEW, false, N_("list the destinations") },
	[USE_DESTINATION_SHOW] = { "destination show", "NAME", VIEW, false, N_("show one destination") },
	[USE_DESTINATION_TEST] = { "destination test", "NAME", VIEW, false, N_("check connection, credentials and permissions") },
	[USE_DESTINATION_UPDATE] = { "destination update", "NAME", MANAGE, true, N_("change a destination") },
	[USE_DESTINATION_DELETE] = { "destination delete", "NAME", MANAGE, true, N_("delete a destination") },
	[USE_FIELDS] = { "fields", "NAME", VIEW, false, N_("list the person fields of an account or a destination") },
	[USE_FOLDERS] = { "folders", "NAME", VIEW, false, N_("list the folders and programs that lists can live in") },
	[USE_LISTS] = { "lists", "NAME", VIEW, false, N_("list the static lists") },
	[USE_PARTITIONS] = { "partitions", "NAME", VIEW, false, N_("list the lead partitions") },
	[USE_SOURCE_CHECK] = { "source check", "SOURCE", SEGMENTS, false, N_("tell what is in a source") },
	[USE_MAPPING_SHOW] = { "mapping show", "NAME", VIEW, false, N_("show the mapping of a dataflow or a destination") },
	[USE_MAPPING_CHECK] = { "mapping check", "NAME", VIEW, false, N_("list what is wrong with a mapping") },
	[USE_MAPPING_SUGGEST] = { "mapping suggest", "NAME", VIEW | SEGMENTS, false, N_("suggest rows from what is in a source") },
	[USE_MAPPING_PREVIEW] = { "mapping preview", "NAME", VIEW | SEGMENTS, false, N_("show what a few profiles of a source would send") },
	[USE_MAPPING_EXPORT] = { "mapping export", "NAME", VIEW, false, N_("write a mapping for a review, with who changed which row when") },
	[USE_MAPPING_SET] = { "mapping set", "NAME SOURCE=TARGET[:clear][:create-only]...", MANAGE, true, N_("map source fields to Marketo fields") },
	[USE_MAPPING_UNSET] = { "mapping unset", "NAME TARGET...", MANAGE, true, N_("take targets out of a mapping") },
	[USE_MAPPING_CLEAR] = { "mapping clear", "NAME", MANAGE, true, N_("empty a mapping") },
	[USE_MAPPING_REVISIONS] = { "mapping revisions", "NAME", VIEW, false, N_("list who saved and who signed which revision of a mapping") },
	[USE_MAPPING_DIFF] = { "mapping diff", "NAME REVISION|launched [REVISION]", VIEW, false,
		N_("tell what became of a revision, or of what was launched last, until another or until now") },
	[USE_MAPPING_SIGN] = { "mapping sign", "NAME REVISION", MANAGE, true, N_("stand for a revision of a mapping that you have read") },
	[USE_DATAFLOW_CREATE] = { "dataflow create", "NAME", MANAGE | SEGMENTS, true, N_("tie audiences of a source to static lists") },
	[USE_DATAFLOW_LIST] = { "dataflow list", "", VIEW, false, N_("list the dataflows") },
	[USE_DATAFLOW_SHOW] = { "dataflow show", "NAME", VIEW, false, N_("show one dataflow") },
	[USE_DATAFLOW_UPDATE] = { "dataflow update", "NAME", MANAGE, true, N_("change a dataflow") },
	[USE_DATAFLOW_ENABLE] = { "dataflow enable", "NAME", MANAGE, true, N_("let a dataflow run") },
	[USE_DATAFLOW_DISABLE] = { "dataflow disable", "NAME", MANAGE, true, N_("keep a dataflow from running") },
	[USE_DATAFLOW_DELETE] = { "dataflow delete", "NAME", MANAGE, true, N_("delete a dataflow with its runs") },
	[USE_LABEL_SET] = { "label set", "[PATH] LABEL...", MANAGE, true, N_("say what the data of a source path or an audience may not be used for") },
	[USE_LABEL_UNSET] = { "label unset", "[PATH] [LABEL...]", MANAGE, true, N_("take labels off a source path or an audience") },
	[USE_LABEL_SHOW] = { "label show", "[PATH]", VIEW, false, N_("show all labels, or what one path or audience carries") },
	[USE_POLICY_LIST] = { "policy list", "", VIEW, false, N_("list the data usage policies, core ones first") },
	[USE_POLICY_SHOW] = { "policy show", "NAME", VIEW, false, N_("show one data usage policy") },
	[USE_POLICY_CREATE] = { "policy create", "NAME", MANAGE, true, N_("add a data usage policy of your own") },
	[USE_POLICY_ENABLE] = { "policy enable", "NAME", MANAGE, true, N_("let a data usage policy block what it denies") },
	[USE_POLICY_DISABLE] = { "policy disable", "NAME", MANAGE, true, N_("let a data usage policy deny nothing") },
	[USE_POLICY_DELETE] = { "policy delete", "NAME", MANAGE, true, N_("delete a data usage policy of your own") },
	[USE_POLICY_CHECK] = { "policy check", "[DATAFLOW]", VIEW, false, N_("list what the dataflows violate, and what would resolve it") },
	[USE_DRAFT_LIST] = { "draft list", "", VIEW, false, N_("list the drafts of the console, newest first") },
	[USE_DRAFT_SHOW] = { "draft show", "ID", VIEW, false, N_("show one draft") },
	[USE_DRAFT_SAVE] = { "draft save", "FILE", MANAGE, true, N_("make a draft of a JSON file, or change one") },
	[USE_DRAFT_DELETE] = { "draft delete", "ID", MANAGE, true, N_("delete a draft with what it has made and was never launched") },
	[USE_DRAFT_APPLY] = { "draft apply", "ID", MANAGE | SEGMENTS, true, N_("make the destination, the mapping and the dataflow of a draft") },
	[USE_DRAFT_SURVEY] = { "draft survey", "ID", VIEW | SEGMENTS, false, N_("count how many values of its source a draft's mapping would leave out") },
	[USE_DRAFT_PREVIEW] = { "draft preview", "ID", VIEW | SEGMENTS, false, N_("show what a few profiles of its source would send by a draft's mapping") },
	[USE_DRAFT_UNDO] = { "draft undo", "ID", MANAGE, true, N_("take the newest edit of a draft back") },
	[USE_DRAFT_REDO] = { "draft redo", "ID", MANAGE, true, N_("put the edit of a draft that was taken back last in force again") },
	[USE_PLAN] = { "plan", "DATAFLOW", ACTIVATE | SEGMENTS, true, N_("tell what a run would do, and keep it as a plan") },
	[USE_RUN] = { "run", "DATAFLOW", ACTIVATE | SEGMENTS, true, N_("bring the audiences of a dataflow to Marketo") },
	[USE_STOP] = { "stop", "DATAFLOW", ACTIVATE, true, N_("stop a run going on; the next one goes on from there") },
	[USE_PAUSE] = { "pause", "DATAFLOW", ACTIVATE, true, N_("let a run going on send nothing for the time being") },
	[USE_RESUME] = { "resume", "DATAFLOW", ACTIVATE, true, N_("let a run that pauses go on") },
	[USE_RUNS] = { "runs", "[DATAFLOW]", VIEW, false, N_("list the runs, newest first") },
	[USE_RUN_SHOW] = { "run-show", "ID", VIEW, false, N_("show the account of one run") },
	[USE_FAILURES] = { "failures", "ID", VIEW, false, N_("list whom a run excluded or could not bring, and why") },
	[USE_RETRY] = { "retry", "ID", ACTIVATE | SEGMENTS, true, N_("send once more what failed in a run, or was not found") },
	[USE_VERIFY] = { "verify", "DATAFLOW", VIEW | SEGMENTS, false, N_("hold the lists' members in Marketo against the ledger") },
	[USE_REPAIR] = { "verify --repair", "DATAFLOW", ACTIVATE | SEGMENTS, true, N_("add those who are missing from the lists again") },
	[USE_RESYNC] = { "resync", "DATAFLOW", ACTIVATE | SEGMENTS, true, N_("send everything of the source again, whatever the ledger says") },
	[USE_ADOPT] = { "adopt", "DATAFLOW", ACTIVATE | SEGMENTS, true, N_("take the members of existing lists into the ledger") },
	[USE_MIGRATE_IMPORT] = { "migrate import", "FILE...", MANAGE, true, N_("take V1 dataflows from exported replies of the Flow Service (GET /flows)") },
	[USE_MIGRATE_LIST] = { "migrate list", "", VIEW, false, N_("list the V1 dataflows and how far each has come") },
	[USE_MIGRATE_PLAN] = { "migrate plan", "[FLOW...]", VIEW | SEGMENTS, false, N_("tell what V1 dataflows would be on V2, and what is in the way") },
	[USE_MIGRATE_APPLY] = { "migrate apply", "[FLOW...]", MANAGE | SEGMENTS, true, N_("make the V2 dataflows; V1 stays as it is") },
	[USE_MIGRATE_COMPARE] = { "migrate compare", "[FLOW...]", ACTIVATE | SEGMENTS, true, N_("hold the members of V1's lists against those of V2's, with the reason of each difference") },
	[USE_MIGRATE_FINISH] = { "migrate finish", "[FLOW...]", MANAGE, true, N_("disable V1, then delete it, after a clean comparison") },
	[USE_MIGRATE_UNDO] = { "migrate undo", "FLOW...", MANAGE, true, N_("take a migration back: V1 as it was, V2 gone") },
	[USE_MIGRATE_REPORT] = { "migrate report", "[FLOW...]", VIEW, false, N_("write what was, what is, and why they differ") },
	[USE_STATUS] = { "status", "", VIEW, false, N_("show everything at a glance") },
	[USE_AUDIT] = { "audit", "", VIEW, false, N_("show who changed what") },
	[USE_METRICS] = { "metrics", "", VIEW, false, N_("print numbers for monitoring, as OpenMetrics text") },
	[USE_ALERT_CREATE] = { "alert create", "NAME", MANAGE, true, N_("tell somebody when something goes wrong, and when it is over") },
	[USE_ALERT_LIST] = { "alert list", "", VIEW, false, N_("list the alerts") },
	[USE_ALERT_SHOW] = { "alert show", "NAME", VIEW, false, N_("show one alert") },
	[USE_ALERT_UPDATE] = { "alert update", "NAME", MANAGE, true, N_("change an alert") },
	[USE_ALERT_DELETE] = { "alert delete", "NAME", MANAGE, true, N_("delete an alert") },
	[USE_ALERT_TEST] = { "alert test", "NAME", MANAGE, true, N_("tell as if there were an incident") },
	[USE_ALERT_CHECK] = { "alert check", "", MANAGE, true, N_("look at the rules now, as the daemon does every minute and each run at its end") },
	[USE_WHOAMI] = { "whoami", "", 0, false, N_("tell who you are here, and what you may do") },
	[USE_DAEMON] = { "daemon", "", ACTIVATE | OWNERS, true, N_("run every enabled dataflow by its schedule, until stopped") },
	[USE_RECEIVE] = { "receive", "DATAFLOW|SOURCE", ACTIVATE | SEGMENTS, true,
		N_("take what is posted to a source, until stopped; `run --follow` and the daemon see to it by themselves") },
	[USE_BACKUP] = { "backup", "FILE", MANAGE | OWNERS, true, N_("copy the database to a new file, while others work") },
	[USE_CHECK] = { "check", "", VIEW, false, N_("look for damage, and say what to do about it") },
	[USE_RETENTION_SHOW] = { "retention show", "", VIEW, false, N_("show how long failures, runs and audit rows are kept") },
	[USE_RETENTION_SET] = { "retention set", "", MANAGE | OWNERS, true, N_("say how long failures, runs and audit rows are kept") },
	[USE_RETENTION_APPLY] = { "retention apply", "", MANAGE | OWNERS, true, N_("delete now what is older; a run does so once a day") },
};

static enum status refuse_owners(const struct operator *who, enum use_case use, struct error *err)
{
	error_set(err, STATUS_REFUSED, "owner", _("`%s` is for whom the store belongs to, not for %s"), use_cases[use].name, who->name);
	error_hint(err, _("no permission gives this: sudo -u penstock penstock --db FILE .."));
	return STATUS_REFUSED;
}

static enum status refuse_operator(const struct operator *who, enum use_case use, unsigned lacking, struct error *err)
{
	if (lacking & PERMISSION_OWNER)
		return refuse_owners(who, use, err);
	error_set(err, STATUS_REFUSED, "permission", _("`%s` needs the permission %s, which %s has not"), use_cases[use].name, permission_name(lacking), who->name);
	error_hint(err, _("`penstock whoami` tells what you may do; who keeps %s grants more"), who->keeper);
	return STATUS_REFUSED;
}

enum status app_allow(const struct app *app, enum use_case use, struct error *err)
{
	return app_allow_more(app, use, 0, err);
}

enum status app_allow_more(const struct app *app, enum use_case use, unsigned more, struct error *err)
{
	const struct operator *who = app->operator;
	unsigned lacking = who && !who->owner ? (use_cases[use].needs | more) & ~who->permissions : 0;

	if (lacking)
		return refuse_operator(who, use, lacking, err);
	if (!app->read_only || app->dry_run || !use_cases[use].changes)
		return STATUS_OK;
	error_set(err, STATUS_REFUSED, "read_only", _("`%s` changes something, and --read-only was asked for"), use_cases[use].name);
	error_hint(err, _("leave out --read-only"));
	return STATUS_REFUSED;
}
