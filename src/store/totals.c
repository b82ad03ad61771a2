#include "store/totals.h"

#include "base/mem.h"
#include "db/db.h"
#include "store/inside.h"

enum status run_totals(struct store *store, total_fn take, void *self, struct error *err)
{
	enum status status;
	struct query *query = db_query(store->db,
		"WITH counted AS (SELECT * FROM run WHERE state <> 'planned'),"
		" part (dataflow, name, value) AS (SELECT dataflow, name, value FROM run_total"
		" UNION ALL SELECT dataflow, 'received', received FROM counted UNION ALL SELECT dataflow, 'activated', activated FROM counted"
		" UNION ALL SELECT dataflow, 'excluded', excluded FROM counted UNION ALL SELECT dataflow, 'failed', failed FROM counted"
		" UNION ALL SELECT dataflow, 'unchanged', unchanged FROM counted UNION ALL SELECT dataflow, 'bad_lines', bad_lines FROM counted"
		" UNION ALL SELECT dataflow, 'runs.' || state, 1 FROM counted WHERE state IN ('success', 'partial', 'blocked', 'failed')"
		" AND NOT (state = 'failed' AND EXISTS (SELECT 1 FROM change c WHERE c.run = counted.id))"
		" UNION ALL SELECT r.dataflow, 'calls.' || c.kind, c.count FROM counted r JOIN run_call c ON c.run = r.id)"
		" SELECT f.name, p.name, sum(p.value) AS total FROM part p JOIN dataflow f ON f.id = p.dataflow GROUP BY f.id, p.name HAVING total > 0"
		" ORDER BY f.name, p.name",
		err);

	if (!query)
		return STATUS_FAILED;
	while (query_row(query, &status, err)) {
		char *dataflow = column_clean(query, 0), *name = column_clean(query, 1);

		take(self, dataflow, name, column_int(query, 2));
		mem_free(dataflow);
		mem_free(name);
	}
	return status;
}

enum status run_times_load(struct store *store, int64_t dataflow_id, struct run_times *out, struct error *err)
{
	enum status status;
	struct query *query = store_query(store,
		"SELECT started_at, ended_at, coalesce((SELECT ended_at FROM run WHERE dataflow = ?1 AND state IN ('success', 'partial') ORDER BY id DESC LIMIT 1), 0),"
		" coalesce((SELECT started_at FROM run WHERE dataflow = ?1 AND state <> 'planned' AND received > 0 ORDER BY id DESC LIMIT 1), 0)"
		" FROM run WHERE dataflow = ?1 AND state <> 'planned' ORDER BY id DESC LIMIT 1",
		dataflow_id, err);

	*out = (struct run_times){ 0 };
	if (!query)
		return STATUS_FAILED;
	while (query_row(query, &status, err))
		*out = (struct run_times){ column_int(query, 0), column_int(query, 1), column_int(query, 2), column_int(query, 3) };
	return status;
}

enum status account_calls_since(struct store *store, int64_t account_id, int64_t since_ms, int64_t *calls, struct error *err)
{
	enum status status;
	struct query *query = store_query(store,
		"SELECT coalesce(sum(c.count), 0) FROM destination d JOIN dataflow f ON f.destination = d.id JOIN run r ON r.dataflow = f.id"
		" JOIN run_call c ON c.run = r.id WHERE d.account = ?1 AND r.started_at >= ?2",
		account_id, err);

	*calls = 0;
	if (!query)
		return STATUS_FAILED;
	query_int(query, 2, since_ms);
	while (query_row(query, &status, err))
		*calls = column_int(query, 0);
	return status;
}
