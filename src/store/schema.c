/*
 * The tables. A migration that was released is never changed again: what comes later is a new one.
 * Numbers given out are never given out again where other tables may still speak of them (AUTOINCREMENT). Times are wall milliseconds.
 */
#include "store/schema.h"

static const char first[] =
	/* Small facts about this file: key_check. */
	"CREATE TABLE meta (name TEXT NOT NULL PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;"

	"CREATE TABLE account (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, munchkin_id TEXT NOT NULL, endpoint TEXT NOT NULL,"
	" identity TEXT NOT NULL, client_id TEXT NOT NULL, ca_file TEXT, environment TEXT, daily_calls INTEGER NOT NULL,"
	" calls_per_20s INTEGER NOT NULL, concurrent INTEGER NOT NULL, quota_stop INTEGER NOT NULL, secret BLOB) STRICT;"
	"CREATE INDEX account_client ON account (munchkin_id, client_id);"

	"CREATE TABLE catalogue (account INTEGER PRIMARY KEY REFERENCES account ON DELETE CASCADE, fetched_at INTEGER NOT NULL) STRICT;"
	"CREATE TABLE field (account INTEGER NOT NULL REFERENCES catalogue ON DELETE CASCADE, name TEXT NOT NULL, label TEXT, type TEXT,"
	" length INTEGER NOT NULL, updateable INTEGER NOT NULL, searchable INTEGER NOT NULL, company INTEGER NOT NULL,"
	" PRIMARY KEY (account, name)) STRICT, WITHOUT ROWID;"

	"CREATE TABLE destination (id INTEGER PRIMARY KEY AUTOINCREMENT, account INTEGER NOT NULL REFERENCES account, name TEXT NOT NULL UNIQUE,"
	" version INTEGER NOT NULL, description TEXT, person_creation TEXT NOT NULL, sync_type TEXT, partition TEXT, workspace TEXT,"
	" list_folder TEXT) STRICT;"
	"CREATE INDEX destination_account ON destination (account);"
	/* kind: dedupe, action */
	"CREATE TABLE destination_item (destination INTEGER NOT NULL REFERENCES destination ON DELETE CASCADE, kind TEXT NOT NULL,"
	" place INTEGER NOT NULL, value TEXT NOT NULL, PRIMARY KEY (destination, kind, place)) STRICT, WITHOUT ROWID;"

	"CREATE TABLE dataflow (id INTEGER PRIMARY KEY AUTOINCREMENT, destination INTEGER NOT NULL REFERENCES destination,"
	" name TEXT NOT NULL UNIQUE, source TEXT, identity TEXT NOT NULL, profile_key TEXT, enabled INTEGER NOT NULL) STRICT;"
	"CREATE INDEX dataflow_destination ON dataflow (destination);"
	/* place is NULL only while the dataflow is being saved. */
	"CREATE TABLE audience (id INTEGER PRIMARY KEY AUTOINCREMENT, dataflow INTEGER NOT NULL REFERENCES dataflow ON DELETE CASCADE,"
	" place INTEGER, audience TEXT NOT NULL, list TEXT, audience_id TEXT, audience_name TEXT, list_id INTEGER NOT NULL, list_name TEXT,"
	" start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL) STRICT;"
	"CREATE INDEX audience_dataflow ON audience (dataflow, place);"

	"CREATE TABLE mapping (id INTEGER PRIMARY KEY AUTOINCREMENT, destination INTEGER REFERENCES destination ON DELETE CASCADE,"
	" dataflow INTEGER REFERENCES dataflow ON DELETE CASCADE, revision INTEGER NOT NULL, saved_at INTEGER NOT NULL,"
	" CHECK ((destination IS NULL) <> (dataflow IS NULL)), UNIQUE (destination, revision), UNIQUE (dataflow, revision)) STRICT;"
	"CREATE TABLE mapping_row (mapping INTEGER NOT NULL REFERENCES mapping ON DELETE CASCADE, place INTEGER NOT NULL, source TEXT NOT NULL,"
	" target TEXT NOT NULL, clear INTEGER NOT NULL, create_only INTEGER NOT NULL, PRIMARY KEY (mapping, place)) STRICT, WITHOUT ROWID;"

	"CREATE TABLE run (id INTEGER PRIMARY KEY AUTOINCREMENT, dataflow INTEGER NOT NULL REFERENCES dataflow ON DELETE CASCADE,"
	" state TEXT NOT NULL, received INTEGER NOT NULL, activated INTEGER NOT NULL, excluded INTEGER NOT NULL, failed INTEGER NOT NULL,"
	" unchanged INTEGER NOT NULL, bad_lines INTEGER NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL,"
	" added INTEGER NOT NULL, removed INTEGER NOT NULL, started_at INTEGER NOT NULL, ended_at INTEGER NOT NULL) STRICT;"
	"CREATE INDEX run_dataflow ON run (dataflow, id);"
	"CREATE TABLE run_audience (run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE, place INTEGER NOT NULL, name TEXT,"
	" list_id INTEGER NOT NULL, received INTEGER NOT NULL, activated INTEGER NOT NULL, excluded INTEGER NOT NULL,"
	" failed INTEGER NOT NULL, unchanged INTEGER NOT NULL, PRIMARY KEY (run, place)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE run_reason (run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE, place INTEGER NOT NULL, code TEXT, message TEXT,"
	" count INTEGER NOT NULL, severity INTEGER NOT NULL, PRIMARY KEY (run, place)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE run_call (run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE, kind TEXT NOT NULL, count INTEGER NOT NULL,"
	" PRIMARY KEY (run, kind)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE run_bad_line (run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE, place INTEGER NOT NULL, position INTEGER NOT NULL,"
	" reason TEXT, PRIMARY KEY (run, place)) STRICT, WITHOUT ROWID;"

	/* audience: the place in run_audience. identity and payload are sealed. */
	"CREATE TABLE failure (id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE, audience INTEGER NOT NULL,"
	" code TEXT NOT NULL, message TEXT, severity INTEGER NOT NULL, retryable INTEGER NOT NULL, identity BLOB, payload BLOB) STRICT;"
	"CREATE INDEX failure_run ON failure (run, code);"

	"CREATE TABLE audit (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL, action TEXT NOT NULL, object TEXT,"
	" detail TEXT) STRICT;"
	"CREATE INDEX audit_at ON audit (at);"

	/* The ledger: whom Marketo has (by keyed hash), which lists they are in, which field has which number. No references here: these
	 * take millions of rows in one go, and account_delete clears them. */
	"CREATE TABLE person (account INTEGER NOT NULL, key BLOB NOT NULL, lead INTEGER NOT NULL, fields BLOB NOT NULL,"
	" PRIMARY KEY (account, key)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE member (account INTEGER NOT NULL, list INTEGER NOT NULL, key BLOB NOT NULL,"
	" PRIMARY KEY (account, list, key)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE ledger_field (account INTEGER NOT NULL, name TEXT NOT NULL, number INTEGER NOT NULL,"
	" PRIMARY KEY (account, name)) STRICT, WITHOUT ROWID;"

	/* Change sets, sealed, and how far sending them has come. */
	"CREATE TABLE change (run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE, chunk INTEGER NOT NULL, records INTEGER NOT NULL,"
	" sealed BLOB NOT NULL, PRIMARY KEY (run, chunk)) STRICT;"
	"CREATE TABLE change_progress (run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE, chunk INTEGER NOT NULL, started INTEGER NOT NULL,"
	" done BLOB NOT NULL, PRIMARY KEY (run, chunk)) STRICT, WITHOUT ROWID;";

/* What the wizard was told so far. A lock file beside the database is named after the number: none is given out twice. */
static const char second[] = "CREATE TABLE draft (id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL, saved_at INTEGER NOT NULL) STRICT;";

/* Who it was about (keyed hash), so that a later word on the same person is found; and the run that took it over, 0: none. A plan, or a run that is not there any more, has
 * taken over nothing. */
static const char third[] = "ALTER TABLE failure ADD COLUMN key BLOB; ALTER TABLE failure ADD COLUMN retried INTEGER NOT NULL DEFAULT 0;"
	"CREATE INDEX failure_key ON failure (key);";

/* What was edited in a draft, so that it can be undone: at `place` of its text, `before` became `after`. edit: the newest one that is in force. */
static const char edits[] = "ALTER TABLE draft ADD COLUMN edit INTEGER NOT NULL DEFAULT 0;"
	"CREATE TABLE draft_edit (draft INTEGER NOT NULL REFERENCES draft ON DELETE CASCADE, number INTEGER NOT NULL, place INTEGER NOT NULL, before TEXT NOT NULL,"
	" after TEXT NOT NULL, PRIMARY KEY (draft, number)) STRICT, WITHOUT ROWID;";

/* Where following a source goes on; position is sealed. run: the hour's, 0: none. */
static const char follow[] = "CREATE TABLE follow (dataflow INTEGER PRIMARY KEY REFERENCES dataflow ON DELETE CASCADE, source TEXT NOT NULL, position BLOB NOT NULL,"
	" run INTEGER NOT NULL) STRICT;";

/* When the daemon runs a dataflow (model/schedule.h); and the sums of runs that are not kept any more. */
static const char schedules[] = "ALTER TABLE dataflow ADD COLUMN every_ms INTEGER NOT NULL DEFAULT 0; ALTER TABLE dataflow ADD COLUMN at_minute INTEGER NOT NULL DEFAULT -1;"
	"CREATE TABLE run_total (dataflow INTEGER NOT NULL REFERENCES dataflow ON DELETE CASCADE, name TEXT NOT NULL, value INTEGER NOT NULL,"
	" PRIMARY KEY (dataflow, name)) STRICT, WITHOUT ROWID;";

/* Data usage governance. target: field, audience. core_policy holds those that are enabled; the policies themselves are data/policies. consent: where a source says
 * whether its people agree. mapping_revision: what a run was planned with; 0: nobody wrote it down. */
static const char governance[] =
	"CREATE TABLE label (target TEXT NOT NULL, name TEXT NOT NULL, label TEXT NOT NULL, PRIMARY KEY (target, name, label)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE core_policy (name TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID;"
	"CREATE TABLE policy (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, description TEXT, deny TEXT NOT NULL,"
	" enabled INTEGER NOT NULL) STRICT;"
	"CREATE TABLE policy_action (policy INTEGER NOT NULL REFERENCES policy ON DELETE CASCADE, place INTEGER NOT NULL, action TEXT NOT NULL,"
	" PRIMARY KEY (policy, place)) STRICT, WITHOUT ROWID;"
	"ALTER TABLE dataflow ADD COLUMN consent TEXT;"
	"ALTER TABLE run ADD COLUMN mapping_revision INTEGER NOT NULL DEFAULT 0;";

/* Who saved a revision of a mapping, and who has read it and stands for it. */
static const char reviews[] = "ALTER TABLE mapping ADD COLUMN who TEXT;"
	"CREATE TABLE mapping_signature (id INTEGER PRIMARY KEY AUTOINCREMENT, mapping INTEGER NOT NULL REFERENCES mapping ON DELETE CASCADE, who TEXT NOT NULL,"
	" at INTEGER NOT NULL, note TEXT) STRICT;"
	"CREATE INDEX mapping_signature_of ON mapping_signature (mapping);";

/* Calls of ours a day; 0: no cap. And the wish that a run pause: its own process looks here, so it is no part of what that one saves. */
static const char cap[] = "ALTER TABLE account ADD COLUMN daily_cap INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE run ADD COLUMN pause INTEGER NOT NULL DEFAULT 0;";

/* state: 0 a member, 1 should be one and perhaps is not, 2 should not be one and perhaps is (ledger.h). Of one lead id the keys are asked for when somebody leaves a list. */
static const char doubts[] = "ALTER TABLE member ADD COLUMN state INTEGER NOT NULL DEFAULT 0; CREATE INDEX person_lead ON person (account, lead);";

/* Alerts (model/alert.h), what they have told, and how each dataflow's last run ended. */
static const char alerts[] = "CREATE TABLE alert (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, over INTEGER NOT NULL,"
	" dataflow INTEGER REFERENCES dataflow ON DELETE CASCADE, way TEXT NOT NULL, target TEXT, enabled INTEGER NOT NULL) STRICT;"
	"CREATE TABLE incident (alert INTEGER NOT NULL REFERENCES alert ON DELETE CASCADE, subject INTEGER NOT NULL, since INTEGER NOT NULL, value INTEGER NOT NULL,"
	" told INTEGER NOT NULL, over_at INTEGER NOT NULL, PRIMARY KEY (alert, subject)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE outcome (dataflow INTEGER PRIMARY KEY REFERENCES dataflow ON DELETE CASCADE, at INTEGER NOT NULL, status INTEGER NOT NULL) STRICT;";

/* The way of V1 dataflows to V2. v1 and v2 may be deleted; names and what was exported stay. person: who is where (SIDE_..), key empty: nothing to match by. */
static const char v1_to_v2[] =
	"CREATE TABLE migration (id INTEGER PRIMARY KEY AUTOINCREMENT, v1 INTEGER REFERENCES dataflow ON DELETE SET NULL,"
	" v2 INTEGER REFERENCES dataflow ON DELETE SET NULL, flow_id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, v2_name TEXT, account TEXT NOT NULL,"
	" exported TEXT NOT NULL, state TEXT NOT NULL, v1_enabled INTEGER NOT NULL, keeps_lists INTEGER NOT NULL, adopted INTEGER NOT NULL,"
	" made_destination INTEGER NOT NULL, made_account INTEGER NOT NULL, compared_at INTEGER NOT NULL, compared_revision INTEGER NOT NULL,"
	" compared_run INTEGER NOT NULL, both INTEGER NOT NULL, missing INTEGER NOT NULL, extra INTEGER NOT NULL, unexplained INTEGER NOT NULL,"
	" override TEXT) STRICT;"
	"CREATE INDEX migration_v1 ON migration (v1);"
	"CREATE INDEX migration_v2 ON migration (v2);"
	"CREATE TABLE migration_step (id INTEGER PRIMARY KEY, migration INTEGER NOT NULL REFERENCES migration ON DELETE CASCADE, at INTEGER NOT NULL,"
	" who TEXT NOT NULL, step TEXT NOT NULL, detail TEXT) STRICT;"
	"CREATE INDEX migration_step_of ON migration_step (migration);"
	"CREATE TABLE migration_person (migration INTEGER NOT NULL REFERENCES migration ON DELETE CASCADE, place INTEGER NOT NULL,"
	" side INTEGER NOT NULL, lead INTEGER NOT NULL, key BLOB NOT NULL, member INTEGER NOT NULL,"
	" PRIMARY KEY (migration, side, place, lead, key)) STRICT, WITHOUT ROWID;"
	"CREATE INDEX migration_person_key ON migration_person (migration, side, place, key);"
	"CREATE TABLE migration_difference (id INTEGER PRIMARY KEY, migration INTEGER NOT NULL REFERENCES migration ON DELETE CASCADE,"
	" audience TEXT NOT NULL, lead INTEGER NOT NULL, missing INTEGER NOT NULL, reason TEXT NOT NULL, failure INTEGER) STRICT;"
	"CREATE INDEX migration_difference_of ON migration_difference (migration, audience);";

/* Where somebody said that the mapping ID stands in an export: it is read by that again. */
static const char mapping_id_path[] = "ALTER TABLE migration ADD COLUMN mapping_id_path TEXT;";

/* What ended a run that did not end well. */
static const char run_ends[] = "CREATE TABLE run_end (run INTEGER PRIMARY KEY REFERENCES run ON DELETE CASCADE, code TEXT NOT NULL, message TEXT NOT NULL,"
	" hint TEXT NOT NULL, request TEXT NOT NULL) STRICT;";

/* When a run's row was written last, and how fast it went then: records in a thousand seconds. */
static const char run_news[] = "ALTER TABLE run ADD COLUMN told_at INTEGER NOT NULL DEFAULT 0; ALTER TABLE run ADD COLUMN rate INTEGER NOT NULL DEFAULT 0;";

/* Does a launch need a signed mapping? */
static const char sign_off[] = "ALTER TABLE destination ADD COLUMN sign_off INTEGER NOT NULL DEFAULT 0;";

/* The operator who named a source: their links are followed no further than before, whatever else they may name later. Of stores that have had a daemon, the only way in for
 * operators, the audit tells who it was. */
static const char source_by[] = "ALTER TABLE dataflow ADD COLUMN source_by TEXT;"
	"UPDATE dataflow SET source_by = (SELECT a.who FROM audit a WHERE (a.object = dataflow.name AND (a.action IN ('dataflow create', 'draft apply')"
	" OR (a.action = 'dataflow update' AND ', ' || a.detail LIKE '%, source %'))) OR (a.action = 'migrate apply' AND a.detail = dataflow.name)"
	" ORDER BY a.id DESC LIMIT 1) WHERE source IS NOT NULL AND EXISTS (SELECT 1 FROM audit WHERE action = 'daemon');"
	"UPDATE dataflow SET source_by = NULL WHERE source_by = 'root' OR source_by IN (SELECT who FROM audit WHERE action = 'daemon');";

/* Records whose end is not out. What earlier versions have left unsent is sealed, so that here, once, it is what the others leave of what was received. */
static const char pending[] = "ALTER TABLE run ADD COLUMN pending INTEGER NOT NULL DEFAULT 0; ALTER TABLE run_audience ADD COLUMN pending INTEGER NOT NULL DEFAULT 0;"
	"UPDATE run SET pending = received - activated - excluded - failed - unchanged WHERE state NOT IN ('success', 'partial');"
	"UPDATE run_audience SET pending = received - activated - excluded - failed - unchanged WHERE run IN (SELECT id FROM run WHERE pending <> 0);";

const struct db_migration store_migrations[] = {
	{ .version = 1, .sql = first },
	{ .version = 2, .sql = second },
	{ .version = 3, .sql = third },
	{ .version = 4, .sql = edits },
	{ .version = 5, .sql = follow },
	{ .version = 6, .sql = schedules },
	{ .version = 7, .sql = governance },
	{ .version = 8, .sql = reviews },
	{ .version = 9, .sql = cap },
	{ .version = 10, .sql = doubts },
	{ .version = 11, .sql = alerts },
	{ .version = 12, .sql = v1_to_v2 },
	{ .version = 13, .sql = mapping_id_path },
	{ .version = 14, .sql = run_ends },
	{ .version = 15, .sql = run_news },
	{ .version = 16, .sql = sign_off },
	{ .version = 17, .sql = source_by },
	{ .version = 18, .sql = pending },
};
const size_t store_migration_count = sizeof store_migrations / sizeof *store_migrations;
