#include "store/change.h"

#include "base/i18n.h"
#include "db/db.h"
#include "store/inside.h"

#include <string.h>

static const char CONTEXT[] = "change set";

static struct query *on_chunk(struct store *store, const char *sql, int64_t run, int64_t number, struct error *err)
{
	struct query *query = db_query(store_db(store), sql, err);

	if (query) {
		query_int(query, 1, run);
		query_int(query, 2, number);
	}
	return query;
}

enum status change_add(struct store *store, int64_t run, int64_t number, int records, const void *bytes, size_t length, struct error *err)
{
	struct str sealed = {0};
	struct query *query = on_chunk(store, "INSERT INTO change (run, chunk, records, sealed) VALUES (?, ?, ?, ?)", run, number, err);
	enum status status = STATUS_FAILED;

	if (query) {
		store_seal(store, CONTEXT, bytes, length, &sealed);
		query_int(query, 3, records);
		query_blob_static(query, 4, sealed.text, sealed.length);
		status = query_run(query, err);
	}
	str_done(&sealed);
	return status;
}

static enum status read_chunk(struct store *store, struct query *query, struct change_chunk *chunk, struct error *err)
{
	size_t length;
	const void *bytes;

	chunk->number = column_int(query, 0);
	chunk->records = (int)column_int(query, 1);
	if (chunk->records < 1 || chunk->records > CHANGE_RECORDS)
		return error_set(err, STATUS_FAILED, "store", _("a change set is damaged: a chunk holds %d records"), chunk->records);
	chunk->begun = !column_is_null(query, 3);
	chunk->started = column_int(query, 3) != 0;
	bytes = column_blob(query, 4, &length);
	if (bytes && length <= sizeof chunk->done)
		memcpy(chunk->done, bytes, length);
	bytes = column_blob(query, 2, &length);
	return store_unseal(store, CONTEXT, bytes, length, &chunk->bytes, err);
}

enum status change_next(struct store *store, int64_t run, int64_t after, struct change_chunk *chunk, struct error *err)
{
	enum status status = STATUS_OK;
	struct query *query = on_chunk(store,
		"SELECT c.chunk, c.records, c.sealed, p.started, p.done FROM change c LEFT JOIN change_progress p ON p.run = c.run AND p.chunk = c.chunk "
		"WHERE c.run = ? AND c.chunk > ? ORDER BY c.chunk LIMIT 1",
		run, after, err);

	memset(chunk, 0, sizeof *chunk);
	if (!query)
		return STATUS_FAILED;
	if (query_row(query, &status, err)) {
		status = read_chunk(store, query, chunk, err);
		query_reset(query);
	}
	return status;
}

enum status change_started(struct store *store, int64_t run, int64_t number, struct error *err)
{
	struct query *query = on_chunk(store,
		"INSERT INTO change_progress (run, chunk, started, done) VALUES (?, ?, 1, x'') ON CONFLICT (run, chunk) DO UPDATE SET started = 1", run, number, err);

	return query ? query_run(query, err) : STATUS_FAILED;
}

enum status change_begun(struct store *store, int64_t run, int64_t number, struct error *err)
{
	struct query *query = on_chunk(store, "INSERT OR IGNORE INTO change_progress (run, chunk, started, done) VALUES (?, ?, 0, x'')", run, number, err);

	return query ? query_run(query, err) : STATUS_FAILED;
}

enum status change_progress(struct store *store, int64_t run, int64_t number, const unsigned char done[CHANGE_DONE_BYTES], struct error *err)
{
	struct query *query = on_chunk(store,
		"INSERT INTO change_progress (run, chunk, started, done) VALUES (?1, ?2, 0, ?3) ON CONFLICT (run, chunk) DO UPDATE SET done = ?3", run, number, err);

	if (!query)
		return STATUS_FAILED;
	query_blob(query, 3, done, CHANGE_DONE_BYTES);
	return query_run(query, err);
}

enum status change_finished(struct store *store, int64_t run, int64_t number, struct error *err)
{
	struct query *query = on_chunk(store, "DELETE FROM change WHERE run = ? AND chunk = ?", run, number, err);
	enum status status = query ? query_run(query, err) : STATUS_FAILED;

	if (status != STATUS_OK)
		return status;
	query = on_chunk(store, "DELETE FROM change_progress WHERE run = ? AND chunk = ?", run, number, err);
	return query ? query_run(query, err) : STATUS_FAILED;
}

static enum status delete_all(struct store *store, const char *sql, int64_t run, struct error *err)
{
	struct query *query = db_query(store_db(store), sql, err);

	if (!query)
		return STATUS_FAILED;
	query_int(query, 1, run);
	return query_run(query, err);
}

enum status change_wipe(struct store *store, int64_t run, struct error *err)
{
	enum status status = delete_all(store, "DELETE FROM change WHERE run = ?", run, err);

	return status == STATUS_OK ? delete_all(store, "DELETE FROM change_progress WHERE run = ?", run, err) : status;
}

enum status change_left(struct store *store, int64_t run, int64_t *chunks, int64_t *records, struct error *err)
{
	enum status status = STATUS_OK;
	struct query *query = db_query(store_db(store), "SELECT count(*), coalesce(sum(records), 0) FROM change WHERE run = ?", err);

	*chunks = *records = 0;
	if (!query)
		return STATUS_FAILED;
	query_int(query, 1, run);
	if (query_row(query, &status, err)) {
		*chunks = column_int(query, 0);
		*records = column_int(query, 1);
		query_reset(query);
	}
	return status;
}

enum status change_forget_plans(struct store *store, int64_t dataflow_id, struct error *err)
{
	enum status status = delete_all(store, "DELETE FROM change WHERE run IN (SELECT id FROM run WHERE dataflow = ? AND state = 'blocked')", dataflow_id, err);

	return status != STATUS_OK ? status : delete_all(store, "DELETE FROM run WHERE dataflow = ? AND state = 'planned'", dataflow_id, err);
}

enum status changes_check(struct store *store, struct sealed_count *count, struct error *err)
{
	enum status status;
	struct query *query = db_query(store_db(store), "SELECT sealed FROM change", err);

	if (!query)
		return STATUS_FAILED;
	while (query_row(query, &status, err))
		sealed_look(store, query, 0, CONTEXT, count);
	return status;
}
