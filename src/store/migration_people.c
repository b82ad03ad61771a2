/* The people of two lists, held against each other by the database: memory does not grow with them. */
#include "base/mem.h"
#include "db/db.h"
#include "model/run.h"
#include "store/inside.h"
#include "store/migrations.h"

static enum status run_side(struct store *store, const char *sql, int64_t migration_id, int64_t side, struct error *err)
{
	struct query *query = store_query(store, sql, migration_id, err);

	if (!query)
		return STATUS_FAILED;
	query_int(query, 2, side);
	return query_run(query, err);
}

enum status migration_people_forget(struct store *store, int64_t migration_id, enum migration_side side, struct error *err)
{
	enum status status = store_may_write(store, err);

	return status == STATUS_OK ? run_side(store, "DELETE FROM migration_person WHERE migration = ?1 AND side = ?2", migration_id, side, err) : status;
}

/* A list that changes while it is read may tell somebody twice, and the source somebody of several keys. */
static enum status add_person(struct store *store, int64_t migration_id, int place, enum migration_side side, const struct migration_person *person, struct error *err)
{
	struct query *query = store_query(store, "INSERT OR REPLACE INTO migration_person (migration, place, side, lead, key, member) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
		migration_id, err);

	if (!query)
		return STATUS_FAILED;
	query_int(query, 2, place);
	query_int(query, 3, side);
	query_int(query, 4, person->lead);
	if (person->key)
		query_blob(query, 5, person->key, KEY_HASH);
	else
		query_blob(query, 5, "", 0);
	query_int(query, 6, person->member);
	return query_run(query, err);
}

enum status migration_people_add(struct store *store, int64_t migration_id, int place, enum migration_side side, const struct migration_person *people, size_t count, struct error *err)
{
	enum status status = store_begin(store, err);

	if (status != STATUS_OK)
		return status;
	for (size_t i = 0; status == STATUS_OK && i < count; i++)
		status = add_person(store, migration_id, place, side, &people[i], err);
	return store_end(store, status, err);
}

/* ?1 migration, ?2 place, ?3 V1's side, ?4 V2's side, ?5 account, ?6 V2's list, ?7 V2's dataflow, ?8 heard, ?9 snapshot, ?10 audience, ?11 the severity of what failed, ?12 shared;
 * side 3 is what the source says. */
#define SAID "(SELECT s.member FROM migration_person s WHERE s.migration = ?1 AND s.place = ?2 AND s.side = 3 AND s.key = x.key LIMIT 1)"
#define OWNED "EXISTS (SELECT 1 FROM member o WHERE o.account = ?5 AND o.list = ?6 AND o.key = x.key)"
#define KNOWN "(SELECT p.lead FROM person p WHERE p.account = ?5 AND p.key = x.key)"
#define LEFT_OUT                                                                                                                           \
	"(SELECT max(f.id) FROM failure f JOIN run r ON r.id = f.run JOIN run_audience a ON a.run = f.run AND a.place = f.audience"        \
	" WHERE f.key = x.key AND r.dataflow = ?7 AND a.list_id = ?6"                                                                      \
	" AND (f.retried = 0 OR NOT EXISTS (SELECT 1 FROM run t WHERE t.id = f.retried AND t.state <> 'planned')))"

static const char sql_missing[] =
	"INSERT INTO migration_difference (migration, audience, lead, missing, reason, failure)"
	" SELECT ?1, ?10, x.lead, 1, CASE"
	" WHEN length(x.key) = 0 THEN 'no_identity'"
	" WHEN ?6 = 0 THEN 'no_list'"
	" WHEN " OWNED " AND " KNOWN " <> x.lead THEN 'duplicate'"
	" WHEN " LEFT_OUT " IS NOT NULL THEN (SELECT CASE g.severity WHEN ?11 THEN 'failed' ELSE 'excluded' END FROM failure g WHERE g.id = " LEFT_OUT ")"
	" WHEN " OWNED " THEN 'removed_in_marketo'"
	" WHEN ?8 AND " SAID " = 0 THEN 'left_audience'"
	" WHEN ?8 AND ?9 AND " SAID " IS NULL THEN 'left_audience'"
	" WHEN ?8 AND " SAID " = 1 THEN 'not_sent'"
	" WHEN NOT ?8 AND ?3 = 0 AND " KNOWN " IS NOT NULL THEN 'left_audience'"
	" WHEN ?12 THEN 'shared_list'"
	" ELSE 'not_in_source' END, " LEFT_OUT
	" FROM migration_person x WHERE x.migration = ?1 AND x.place = ?2 AND x.side = ?3 AND NOT EXISTS"
	" (SELECT 1 FROM migration_person y WHERE y.migration = ?1 AND y.place = ?2 AND y.side = ?4 AND y.lead = x.lead)";

static const char sql_extra[] =
	"INSERT INTO migration_difference (migration, audience, lead, missing, reason, failure)"
	" SELECT ?1, ?10, x.lead, 0, CASE"
	" WHEN length(x.key) > 0 AND EXISTS (SELECT 1 FROM migration_person y WHERE y.migration = ?1 AND y.place = ?2 AND y.side = ?3 AND y.key = x.key) THEN 'duplicate'"
	" WHEN ?8 AND " SAID " = 1 THEN 'in_source'"
	" WHEN ?8 AND " OWNED " THEN 'not_removed'"
	" WHEN " OWNED " THEN 'in_source'"
	" ELSE 'not_ours' END, NULL"
	" FROM migration_person x WHERE x.migration = ?1 AND x.place = ?2 AND x.side = ?4 AND ?7 = ?7 AND ?9 = ?9 AND ?11 = ?11 AND ?12 = ?12 AND NOT EXISTS"
	" (SELECT 1 FROM migration_person y WHERE y.migration = ?1 AND y.place = ?2 AND y.side = ?3 AND y.lead = x.lead)";

static enum status write_down(struct store *store, const char *sql, const struct migration_lists *lists, int64_t *count, struct error *err)
{
	struct query *query = store_query(store, sql, lists->migration_id, err);
	enum status status;

	if (!query)
		return STATUS_FAILED;
	query_int(query, 2, lists->place);
	query_int(query, 3, lists->v1);
	query_int(query, 4, SIDE_V2);
	query_int(query, 5, lists->account_id);
	query_int(query, 6, lists->v2_list_id);
	query_int(query, 7, lists->v2_dataflow_id);
	query_int(query, 8, lists->heard);
	query_int(query, 9, lists->snapshot);
	query_text(query, 10, lists->audience);
	query_int(query, 11, SEVERITY_FAILED);
	query_int(query, 12, lists->shared);
	status = query_run(query, err);
	*count = db_changes(store->db);
	return status;
}

static enum status count_side(struct store *store, const struct migration_lists *lists, enum migration_side side, int64_t *out, struct error *err)
{
	enum status status;
	struct query *query = store_query(store, "SELECT count(*) FROM migration_person WHERE migration = ?1 AND place = ?2 AND side = ?3", lists->migration_id, err);

	if (!query)
		return STATUS_FAILED;
	query_int(query, 2, lists->place);
	query_int(query, 3, side);
	while (query_row(query, &status, err))
		*out = column_int(query, 0);
	return status;
}

/* What no rule explains, of one audience. */
static enum status count_unexplained(struct store *store, const struct migration_lists *lists, int64_t *out, struct error *err)
{
	enum status status;
	struct query *query = store_query(store, "SELECT reason, count(*) FROM migration_difference WHERE migration = ?1 AND audience = ?2 GROUP BY reason", lists->migration_id, err);

	if (!query)
		return STATUS_FAILED;
	query_text(query, 2, lists->audience);
	while (query_row(query, &status, err)) {
		const struct difference_row *row = difference_find(column_text(query, 0));

		*out += row && row->explained ? 0 : column_int(query, 1);
	}
	return status;
}

static enum status compare(struct store *store, const struct migration_lists *lists, struct migration_counts *out, struct error *err)
{
	enum status status = count_side(store, lists, lists->v1, &out->v1, err);

	if (status == STATUS_OK)
		status = count_side(store, lists, SIDE_V2, &out->v2, err);
	if (status == STATUS_OK)
		status = write_down(store, sql_missing, lists, &out->missing, err);
	if (status == STATUS_OK)
		status = write_down(store, sql_extra, lists, &out->extra, err);
	if (status == STATUS_OK)
		status = count_unexplained(store, lists, &out->unexplained, err);
	out->both = out->v1 - out->missing;
	return status;
}

enum status migration_compare(struct store *store, const struct migration_lists *lists, struct migration_counts *out, struct error *err)
{
	enum status status = store_begin(store, err);

	*out = (struct migration_counts){ 0 };
	return status == STATUS_OK ? store_end(store, compare(store, lists, out, err), err) : status;
}

static const char sql_taken_out[] =
	"INSERT INTO migration_difference (migration, audience, lead, missing, reason)"
	" SELECT ?1, ?10, x.lead, 1, 'taken_out' FROM migration_person x WHERE x.migration = ?1 AND x.place = ?2 AND x.side = ?3 AND length(x.key) > 0"
	" AND NOT " OWNED " AND " KNOWN " = x.lead";

static const char sql_put_in[] =
	"INSERT INTO migration_difference (migration, audience, lead, missing, reason)"
	" SELECT ?1, ?10, p.lead, 0, 'put_in' FROM member o JOIN person p ON p.account = o.account AND p.key = o.key WHERE o.account = ?5 AND o.list = ?6"
	" AND NOT EXISTS (SELECT 1 FROM migration_person y WHERE y.migration = ?1 AND y.place = ?2 AND y.side = ?3 AND (y.key = o.key OR y.lead = p.lead))";

static enum status leave_behind(struct store *store, const char *sql, const struct migration_lists *lists, int64_t *count, struct error *err)
{
	struct query *query = store_query(store, sql, lists->migration_id, err);
	enum status status;

	if (!query)
		return STATUS_FAILED;
	query_int(query, 2, lists->place);
	query_int(query, 3, lists->v1);
	query_int(query, 5, lists->account_id);
	query_int(query, 6, lists->v2_list_id);
	query_text(query, 10, lists->audience);
	status = query_run(query, err);
	*count += db_changes(store->db);
	return status;
}

enum status migration_left_behind(struct store *store, const struct migration_lists *lists, int64_t *put_in, int64_t *taken_out, struct error *err)
{
	enum status status = store_may_write(store, err);

	if (status == STATUS_OK)
		status = leave_behind(store, sql_put_in, lists, put_in, err);
	return status == STATUS_OK ? leave_behind(store, sql_taken_out, lists, taken_out, err) : status;
}

enum status migration_differences_forget(struct store *store, int64_t migration_id, struct error *err)
{
	enum status status = store_may_write(store, err);

	return status == STATUS_OK ? store_run(store, "DELETE FROM migration_difference WHERE migration = ?1", migration_id, err) : status;
}

void migration_difference_list_done(migration_difference_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		mem_free(list->at[i].audience);
		mem_free(list->at[i].code);
		mem_free(list->at[i].message);
	}
	vec_done(list);
}

enum status migration_differences(struct store *store, int64_t migration_id, int64_t limit, migration_difference_list *out, struct error *err)
{
	enum status status;
	struct query *query = store_query(store,
		"SELECT d.audience, d.lead, d.missing, d.reason, f.code, f.message FROM migration_difference d LEFT JOIN failure f ON f.id = d.failure"
		" WHERE d.migration = ?1 ORDER BY d.id LIMIT ?2",
		migration_id, err);

	if (!query)
		return STATUS_FAILED;
	query_int(query, 2, limit > 0 ? limit : -1);
	while (query_row(query, &status, err)) {
		const struct difference_row *row = difference_find(column_text(query, 3));
		struct migration_difference difference = {
			.audience = column_clean(query, 0),
			.lead_id = column_int(query, 1),
			.missing = column_int(query, 2),
			.reason = row ? row->reason : "",
			.code = column_clean(query, 4),
			.message = column_clean(query, 5),
		};

		vec_push(out, difference);
	}
	if (status != STATUS_OK)
		migration_difference_list_done(out);
	return status;
}
