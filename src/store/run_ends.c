/* What ended a run that did not end well: its account tells how many, this tells why. */
#include "base/mem.h"
#include "db/db.h"
#include "store/inside.h"
#include "store/tables.h"

#include <stdio.h>

enum status run_end_save(struct store *store, int64_t run_id, const struct error *end, struct error *err)
{
	const char *sql = end ? "INSERT OR REPLACE INTO run_end (run, code, message, hint, request) VALUES (?1, ?2, ?3, ?4, ?5)" : "DELETE FROM run_end WHERE run = ?1";
	enum status status = store_begin(store, err);
	struct query *query;

	if (status != STATUS_OK)
		return status;
	query = store_query(store, sql, run_id, err);
	if (query && end) {
		query_text(query, 2, end->code);
		query_text(query, 3, end->message);
		query_text(query, 4, end->hint);
		query_text(query, 5, end->request_id);
	}
	return store_end(store, query ? query_run(query, err) : STATUS_FAILED, err);
}

static void take(struct query *query, int column, char *out, size_t size)
{
	char *text = column_clean(query, column);

	snprintf(out, size, "%s", text ? text : "");
	mem_free(text);
}

enum status run_end_load(struct store *store, int64_t run_id, struct error *end, struct error *err)
{
	enum status status;
	struct query *query = store_query(store, "SELECT code, message, hint, request FROM run_end WHERE run = ?1", run_id, err);

	error_clear(end);
	if (!query)
		return STATUS_FAILED;
	while (query_row(query, &status, err)) {
		take(query, 0, end->code, sizeof end->code);
		take(query, 1, end->message, sizeof end->message);
		take(query, 2, end->hint, sizeof end->hint);
		take(query, 3, end->request_id, sizeof end->request_id);
	}
	return status;
}
