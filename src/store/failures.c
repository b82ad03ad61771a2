/* What failed or was excluded. Whom it was about and what would have been sent are sealed for their run. */
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "base/vec.h"
#include "db/db.h"
#include "store/inside.h"
#include "store/tables.h"

#include <stdio.h>
#include <string.h>

enum { CONTEXT = 48 };

static const char *context_of(const char *part, int64_t run_id, char out[CONTEXT])
{
	snprintf(out, CONTEXT, "failure.%s:%lld", part, (long long)run_id);
	return out;
}

/* Hundreds of thousands of these may come in one transaction: nothing is allocated once `work` has grown. */
enum status failure_insert(struct store *store, int64_t run_id, const struct failure_row *row, struct error *err)
{
	char context[CONTEXT];
	size_t identity = 0;

	enum status status = store_may_write(store, err);
	if (status != STATUS_OK)
		return status;
	struct query *query = store_query(store,
		"INSERT INTO failure (run, audience, code, message, severity, retryable, identity, payload, key)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
		run_id, err);
	if (!query)
		return STATUS_FAILED;
	query_int(query, 2, row->audience);
	query_text(query, 3, row->code);
	query_text(query, 4, row->message);
	query_int(query, 5, row->severity);
	query_int(query, 6, row->retryable);
	if (row->key)
		query_blob_static(query, 9, row->key, KEY_HASH);
	str_clear(&store->work);
	if (row->identity) {
		store_seal(store, context_of("identity", run_id, context), row->identity, strlen(row->identity), &store->work);
		identity = store->work.length;
	}
	if (row->payload)
		store_seal(store, context_of("payload", run_id, context), row->payload, row->payload_length, &store->work);
	/* Bound last: sealing the second may move the first. */
	if (row->identity)
		query_blob_static(query, 7, store->work.text, identity);
	if (row->payload)
		query_blob_static(query, 8, store->work.text + identity, store->work.length - identity);
	return query_run(query, err);
}

static enum status count(struct store *store, int64_t run_id, const char *code, int64_t *total, struct error *err)
{
	enum status status;
	struct query *query = store_query(store,
		code ? "SELECT count(*) FROM failure WHERE run = ?1 AND code = ?2" : "SELECT count(*) FROM failure WHERE run = ?1", run_id, err);

	if (!query)
		return STATUS_FAILED;
	if (code)
		query_text(query, 2, code);
	while (query_row(query, &status, err))
		*total = column_int(query, 0);
	return status;
}

static enum status read_row(struct store *store, struct query *query, const char *context, struct failure *out, struct error *err)
{
	size_t length;
	struct str identity = { 0 };
	const void *sealed = column_blob(query, 5, &length);

	*out = (struct failure){
		.audience = column_dup(query, 0),
		.code = column_clean(query, 1),
		.message = column_clean(query, 2),
		.severity = (enum severity)column_int(query, 3),
		.retryable = column_int(query, 4),
		.retried = column_int(query, 6),
	};
	if (!sealed)
		return STATUS_OK;
	enum status status = store_unseal(store, context, sealed, length, &identity, err);
	if (status == STATUS_OK)
		out->identity = text_clean_dup(str_text(&identity));
	mem_wipe_free(identity.text, identity.capacity);
	return status;
}

static enum status load(struct store *store, struct query *query, int64_t run_id, failure_list *out, struct error *err)
{
	char context[CONTEXT];
	enum status status;

	context_of("identity", run_id, context);
	while (query_row(query, &status, err)) {
		struct failure failure;
		status = read_row(store, query, context, &failure, err);
		vec_push(out, failure);
		if (status != STATUS_OK) {
			query_reset(query);
			return status;
		}
	}
	return status;
}

#define SELECT                                                                                                                     \
	"SELECT a.name, f.code, f.message, f.severity, f.retryable, f.identity, coalesce(r.id, 0) FROM failure f"                  \
	" LEFT JOIN run_audience a ON a.run = f.run AND a.place = f.audience"                                                      \
	" LEFT JOIN run r ON r.id = f.retried AND r.state <> 'planned' WHERE f.run = ?1"

enum status failures_load(
	struct store *store, int64_t run_id, const char *code, int64_t limit, failure_list *out, int64_t *total, struct error *err)
{
	*total = 0;
	enum status status = count(store, run_id, code, total, err);
	if (status != STATUS_OK)
		return status;
	struct query *query = store_query(
		store, code ? SELECT " AND f.code = ?3 ORDER BY f.id LIMIT ?2" : SELECT " ORDER BY f.id LIMIT ?2", run_id, err);
	if (!query)
		return STATUS_FAILED;
	query_int(query, 2, limit > 0 ? limit : -1);
	if (code)
		query_text(query, 3, code);
	status = load(store, query, run_id, out, err);
	if (status != STATUS_OK)
		failure_list_done(out);
	return status;
}

void failure_list_done(failure_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		failure_done(&list->at[i]);
	vec_done(list);
}

enum status failure_identity(struct store *store, const unsigned char key[KEY_HASH], char **identity, struct error *err)
{
	char context[CONTEXT];
	struct str text = { 0 };
	enum status status, opened = STATUS_OK;
	struct query *query = db_query(store->db, "SELECT run, identity FROM failure WHERE key = ?1 AND identity IS NOT NULL ORDER BY id DESC LIMIT 1", err);

	*identity = NULL;
	if (!query)
		return STATUS_FAILED;
	query_blob_static(query, 1, key, KEY_HASH);
	while (opened == STATUS_OK && query_row(query, &status, err)) {
		size_t length;
		const void *sealed = column_blob(query, 1, &length);

		opened = store_unseal(store, context_of("identity", column_int(query, 0), context), sealed, length, &text, err);
		if (opened == STATUS_OK)
			*identity = text_clean_dup(str_text(&text));
	}
	query_reset(query);
	mem_wipe_free(text.text, text.capacity);
	return opened == STATUS_OK ? status : opened;
}

#define IS_OPEN " (retried = 0 OR NOT EXISTS (SELECT 1 FROM run r WHERE r.id = failure.retried AND r.state <> 'planned'))"

enum status failures_retryable(struct store *store, int64_t run_id, failure_fn take, void *self, struct error *err)
{
	char context[CONTEXT];
	struct str payload = { 0 };
	enum status status, taken = STATUS_OK;
	struct query *query = store_query(store,
		"SELECT id, audience, payload FROM failure WHERE run = ?1 AND payload IS NOT NULL AND (retryable OR code = '1004') AND" IS_OPEN " ORDER BY code",
		run_id, err);

	if (!query)
		return STATUS_FAILED;
	context_of("payload", run_id, context);
	while (taken == STATUS_OK && query_row(query, &status, err)) {
		size_t length;
		const void *sealed = column_blob(query, 2, &length);

		str_clear(&payload);
		taken = store_unseal(store, context, sealed, length, &payload, err);
		if (taken == STATUS_OK)
			taken = take(self, column_int(query, 0), (int)column_int(query, 1), payload.text, payload.length, err);
	}
	query_reset(query);
	mem_wipe_free(payload.text, payload.capacity);
	return taken == STATUS_OK ? status : taken;
}

enum status failure_take_over(struct store *store, int64_t id, int64_t by_run, struct error *err)
{
	struct query *query = store_query(store, "UPDATE failure SET retried = ?2 WHERE id = ?1", id, err);

	if (!query)
		return STATUS_FAILED;
	query_int(query, 2, by_run);
	return query_run(query, err);
}

enum status failures_take_over(
	struct store *store, int64_t dataflow_id, const unsigned char key[KEY_HASH], int64_t list_id, int64_t by_run, struct error *err)
{
	struct query *query = store_query(store,
		"UPDATE failure SET retried = ?4 WHERE key = ?2 AND run <> ?4 AND (SELECT dataflow FROM run o WHERE o.id = failure.run) = ?1 AND EXISTS"
		" (SELECT 1 FROM run_audience a WHERE a.run = failure.run AND a.place = failure.audience AND a.list_id = ?3) AND" IS_OPEN,
		dataflow_id, err);

	if (!query)
		return STATUS_FAILED;
	query_blob_static(query, 2, key, KEY_HASH);
	query_int(query, 3, list_id);
	query_int(query, 4, by_run);
	return query_run(query, err);
}

enum status failures_open(struct store *store, int64_t dataflow_id, bool *any, struct error *err)
{
	enum status status;
	struct query *query = store_query(store,
		"SELECT 1 FROM failure WHERE run IN (SELECT id FROM run WHERE dataflow = ?1) AND key IS NOT NULL AND" IS_OPEN " LIMIT 1", dataflow_id, err);

	if (!query)
		return STATUS_FAILED;
	*any = query_row(query, &status, err);
	if (*any)
		query_reset(query);
	return *any ? STATUS_OK : status;
}

enum status failures_check(struct store *store, struct sealed_count *count, struct error *err)
{
	char context[CONTEXT];
	enum status status;
	struct query *query = db_query(store->db, "SELECT run, identity, payload FROM failure", err);

	if (!query)
		return STATUS_FAILED;
	while (query_row(query, &status, err)) {
		sealed_look(store, query, 1, context_of("identity", column_int(query, 0), context), count);
		sealed_look(store, query, 2, context_of("payload", column_int(query, 0), context), count);
	}
	return status;
}
