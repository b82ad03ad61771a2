#include "store/retention.h"

#include "base/i18n.h"
#include "db/db.h"
#include "store/inside.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { ROWS = 2000 /* a transaction: others wait for the lock meanwhile */ };
static const int64_t DAY_MS = INT64_C(24) * 60 * 60 * 1000;

/* In `meta`, as decimal text. */
static const struct {
	const char *name;
	size_t place;
	int days;
} settings[] = {
	{ "retention.failures", offsetof(struct retention, failures), 30 },
	{ "retention.runs", offsetof(struct retention, runs), 400 },
	{ "retention.audit", offsetof(struct retention, audit), 400 },
};
enum { SETTINGS = sizeof settings / sizeof *settings };
static const char applied[] = "retention.applied";

enum status retention_load(struct store *store, struct retention *out, struct error *err)
{
	enum status status = STATUS_OK;

	for (int i = 0; i < SETTINGS && status == STATUS_OK; i++) {
		int64_t days = settings[i].days;
		status = meta_number(store, settings[i].name, RETENTION_MOST, &days, err);
		*(int *)((char *)out + settings[i].place) = (int)days;
	}
	return status;
}

enum status retention_save(struct store *store, const struct retention *retention, struct error *err)
{
	enum status status = store_begin(store, err);

	if (status != STATUS_OK)
		return status;
	for (int i = 0; i < SETTINGS && status == STATUS_OK; i++)
		status = meta_number_save(store, settings[i].name, *(const int *)((const char *)retention + settings[i].place), err);
	return store_end(store, status, err);
}

/* A run that has still something to send is never touched. */
#define FINISHED " r.ended_at > 0 AND r.ended_at < ?1 AND r.state NOT IN ('planned', 'running', 'paused', 'stopped', 'waiting') AND NOT (r.state = 'failed' AND EXISTS" \
		 " (SELECT 1 FROM change c WHERE c.run = r.id))"

static const char old_failures[] = "DELETE FROM failure WHERE id IN (SELECT f.id FROM run r JOIN failure f ON f.run = r.id WHERE" FINISHED " LIMIT ?2)";
/* A blocked run keeps its change set for the word it waits for; whoever has not said it for so long will plan anew. */
static const char old_changes[] = "DELETE FROM change WHERE run IN (SELECT id FROM run WHERE state = 'blocked' AND ended_at > 0 AND ended_at < ?1) AND ?2 > 0";
static const char old_plans[] = "DELETE FROM run WHERE id IN (SELECT id FROM run WHERE state = 'planned' AND started_at > 0 AND started_at < ?1 LIMIT ?2)";
static const char old_audit[] = "DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE at < ?1 LIMIT ?2)";

#define OLD_RUNS " FROM run r WHERE" FINISHED " AND r.id < (SELECT max(n.id) FROM run n WHERE n.dataflow = r.dataflow AND n.state <> 'planned') ORDER BY r.id LIMIT ?2"
static const char old_runs[] = "DELETE FROM run WHERE id IN (SELECT r.id" OLD_RUNS ")";
/* Counters never go back: what goes with the rows is added here (run_totals adds both). */
static const char old_totals[] =
	"INSERT INTO run_total (dataflow, name, value)"
	" SELECT dataflow, name, sum(value) FROM ("
	"  SELECT r.dataflow, 'received' AS name, r.received AS value FROM run r WHERE r.id IN (SELECT r.id" OLD_RUNS ")"
	"  UNION ALL SELECT r.dataflow, 'activated', r.activated FROM run r WHERE r.id IN (SELECT r.id" OLD_RUNS ")"
	"  UNION ALL SELECT r.dataflow, 'excluded', r.excluded FROM run r WHERE r.id IN (SELECT r.id" OLD_RUNS ")"
	"  UNION ALL SELECT r.dataflow, 'failed', r.failed FROM run r WHERE r.id IN (SELECT r.id" OLD_RUNS ")"
	"  UNION ALL SELECT r.dataflow, 'unchanged', r.unchanged FROM run r WHERE r.id IN (SELECT r.id" OLD_RUNS ")"
	"  UNION ALL SELECT r.dataflow, 'bad_lines', r.bad_lines FROM run r WHERE r.id IN (SELECT r.id" OLD_RUNS ")"
	"  UNION ALL SELECT r.dataflow, 'runs.' || r.state, 1 FROM run r WHERE r.id IN (SELECT r.id" OLD_RUNS ")"
	"  UNION ALL SELECT r.dataflow, 'calls.' || c.kind, c.count FROM run r JOIN run_call c ON c.run = r.id WHERE r.id IN (SELECT r.id" OLD_RUNS ")"
	" ) WHERE value > 0 GROUP BY dataflow, name"
	" ON CONFLICT (dataflow, name) DO UPDATE SET value = value + excluded.value";

/* Both statements see the same rows: one transaction. */
static enum status prune_some(struct store *store, const char *before, const char *sql, int64_t limit_ms, int64_t *gone, struct error *err)
{
	enum status status = store_begin(store, err);
	struct query *query;

	if (status != STATUS_OK)
		return status;
	for (int i = before ? 0 : 1; i < 2 && status == STATUS_OK; i++) {
		query = store_query(store, i ? sql : before, limit_ms, err);
		if (query)
			query_int(query, 2, ROWS);
		status = query ? query_run(query, err) : STATUS_FAILED;
	}
	*gone = status == STATUS_OK ? db_changes(store->db) : 0;
	return store_end(store, status, err);
}

static enum status prune(struct store *store, const char *before, const char *sql, int days, int64_t now_ms, int64_t *count, struct error *err)
{
	enum status status = STATUS_OK;
	int64_t gone = ROWS;

	while (days && status == STATUS_OK && gone >= ROWS) {
		status = prune_some(store, before, sql, now_ms - days * DAY_MS, &gone, err);
		*count += gone;
	}
	return status;
}

enum status retention_apply(struct store *store, int64_t now_ms, struct pruned *out, struct error *err)
{
	struct pruned counted = { 0 };
	struct retention keep = { 0 };
	int64_t ignored = 0;
	enum status status = retention_load(store, &keep, err);

	if (status == STATUS_OK)
		status = prune(store, NULL, old_failures, keep.failures, now_ms, &counted.failures, err);
	if (status == STATUS_OK)
		status = prune(store, NULL, old_changes, keep.failures, now_ms, &ignored, err);
	if (status == STATUS_OK)
		status = prune(store, NULL, old_plans, keep.failures, now_ms, &counted.plans, err);
	if (status == STATUS_OK)
		status = prune(store, old_totals, old_runs, keep.runs, now_ms, &counted.runs, err);
	if (status == STATUS_OK)
		status = prune(store, NULL, old_audit, keep.audit, now_ms, &counted.audit, err);
	if (status == STATUS_OK)
		status = meta_number_save(store, applied, now_ms, err);
	if (out)
		*out = counted;
	return status;
}

enum status retention_apply_daily(struct store *store, int64_t now_ms, struct error *err)
{
	int64_t last = 0;
	enum status status = meta_number(store, applied, INT64_MAX, &last, err);

	if (status != STATUS_OK || now_ms - last < DAY_MS)
		return status;
	return retention_apply(store, now_ms, NULL, err);
}
