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

const struct db_migration store_migrations[] = {
	{ .version = 1, .sql = first },
	{ .version = 2, .sql = second },
	{ .version = 3, .sql = third },
};
const size_t store_migration_count = sizeof store_migrations / sizeof *store_migrations;
