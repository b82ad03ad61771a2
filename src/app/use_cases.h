/*
 * The use cases: everything penstock can be asked to do, in one table. Whatever face asks (a command now, a console later), it goes through
 * the function of that use case, and that function asks app_allow first.
 */
#ifndef APP_USE_CASES_H
#define APP_USE_CASES_H

#include "base/error.h"
#include "model/operator.h"

#include <stdbool.h>

enum use_case {
	USE_ACCOUNT_CREATE,
	USE_ACCOUNT_LIST,
	USE_ACCOUNT_SHOW,
	USE_ACCOUNT_TEST,
	USE_ACCOUNT_UPDATE,
	USE_ACCOUNT_DELETE,
	USE_DESTINATION_CREATE,
	USE_DESTINATION_LIST,
	USE_DESTINATION_SHOW,
	USE_DESTINATION_TEST,
	USE_DESTINATION_UPDATE,
	USE_DESTINATION_DELETE,
	USE_FIELDS,
	USE_FOLDERS,
	USE_LISTS,
	USE_PARTITIONS,
	USE_SOURCE_CHECK,
	USE_MAPPING_SHOW,
	USE_MAPPING_CHECK,
	USE_MAPPING_SUGGEST,
	USE_MAPPING_PREVIEW,
	USE_MAPPING_EXPORT,
	USE_MAPPING_SET,
	USE_MAPPING_UNSET,
	USE_MAPPING_CLEAR,
	USE_MAPPING_REVISIONS,
	USE_MAPPING_DIFF,
	USE_MAPPING_SIGN,
	USE_DATAFLOW_CREATE,
	USE_DATAFLOW_LIST,
	USE_DATAFLOW_SHOW,
	USE_DATAFLOW_UPDATE,
	USE_DATAFLOW_ENABLE,
	USE_DATAFLOW_DISABLE,
	USE_DATAFLOW_DELETE,
	USE_LABEL_SET,
	USE_LABEL_UNSET,
	USE_LABEL_SHOW,
	USE_POLICY_LIST,
	USE_POLICY_SHOW,
	USE_POLICY_CREATE,
	USE_POLICY_ENABLE,
	USE_POLICY_DISABLE,
	USE_POLICY_DELETE,
	USE_POLICY_CHECK,
	USE_DRAFT_LIST,
	USE_DRAFT_SHOW,
	USE_DRAFT_SAVE,
	USE_DRAFT_DELETE,
	USE_DRAFT_APPLY,
	USE_DRAFT_SURVEY,
	USE_DRAFT_PREVIEW,
	USE_DRAFT_UNDO,
	USE_DRAFT_REDO,
	USE_PLAN,
	USE_RUN,
	USE_STOP,
	USE_PAUSE,
	USE_RESUME,
	USE_RUNS,
	USE_RUN_SHOW,
	USE_FAILURES,
	USE_RETRY,
	USE_VERIFY,
	USE_REPAIR,
	USE_RESYNC,
	USE_ADOPT,
	USE_MIGRATE_IMPORT,
	USE_MIGRATE_LIST,
	USE_MIGRATE_PLAN,
	USE_MIGRATE_APPLY,
	USE_MIGRATE_COMPARE,
	USE_MIGRATE_FINISH,
	USE_MIGRATE_UNDO,
	USE_MIGRATE_REPORT,
	USE_STATUS,
	USE_AUDIT,
	USE_METRICS,
	USE_ALERT_CREATE,
	USE_ALERT_LIST,
	USE_ALERT_SHOW,
	USE_ALERT_UPDATE,
	USE_ALERT_DELETE,
	USE_ALERT_TEST,
	USE_ALERT_CHECK,
	USE_WHOAMI,
	USE_DAEMON,
	USE_RECEIVE,
	USE_BACKUP,
	USE_CHECK,
	USE_RETENTION_SHOW,
	USE_RETENTION_SET,
	USE_RETENTION_APPLY,
	USE_CASES,
};

struct use_case_row {
	const char *name;      /* words of the command: "account create" */
	const char *arguments; /* operands as help shows them; options are the face's business */
	unsigned needs;        /* of enum permission, all of them, perhaps PERMISSION_OWNER; 0: whoever may ask at all */
	bool changes;          /* something in the store or in Marketo: refused by --read-only, leaves an audit row */
	const char *help;      /* N_() one line */
};

extern const struct use_case_row use_cases[USE_CASES];

struct app;
/* The guard. STATUS_REFUSED, code "permission" (named in the message) or "owner", for what the operator may not do; code "read_only" for a use case that changes something when
 * nothing may be changed. */
enum status app_allow(const struct app *app, enum use_case use, struct error *err);
/* The same for a way to use it that needs more permissions than its row says. */
enum status app_allow_more(const struct app *app, enum use_case use, unsigned more, struct error *err);

#endif
