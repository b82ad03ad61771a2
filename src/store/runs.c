/* Runs: their numbers per audience, per reason and per kind of call, and the bad lines of the source. */
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/vec.h"
#include "db/db.h"
#include "store/inside.h"
#include "store/tables.h"

#include <string.h>

#define SELECT                                                                                                                             \
	"SELECT r.id, r.dataflow, f.name, r.state, r.received, r.activated, r.excluded, r.failed, r.unchanged, r.bad_lines, r.created,"    \
	" r.updated, r.added, r.removed, r.started_at, r.ended_at, r.mapping_revision, r.told_at, r.rate, r.pending FROM run r JOIN dataflow f ON f.id = r.dataflow "

static bool read_row(struct query *query, struct run *out)
{
	const char *state = column_text(query, 3);

	out->id = column_int(query, 0);
	out->dataflow_id = column_int(query, 1);
	out->dataflow = column_dup(query, 2);
	out->received = column_int(query, 4);
	out->activated = column_int(query, 5);
	out->excluded = column_int(query, 6);
	out->failed = column_int(query, 7);
	out->unchanged = column_int(query, 8);
	out->bad_lines = column_int(query, 9);
	out->created = column_int(query, 10);
	out->updated = column_int(query, 11);
	out->added = column_int(query, 12);
	out->removed = column_int(query, 13);
	out->started_at = column_int(query, 14);
	out->ended_at = column_int(query, 15);
	out->mapping_revision = column_int(query, 16);
	out->told_at = column_int(query, 17);
	out->records_per_second = (double)column_int(query, 18) / 1000.0;
	out->pending = column_int(query, 19);
	return state && run_state_parse(state, &out->state);
}

static enum status read_audiences(struct store *store, struct run *out, struct error *err)
{
	enum status status;
	struct query *query = store_query(store,
		"SELECT name, list_id, received, activated, excluded, failed, unchanged, pending FROM run_audience WHERE run = ?1 ORDER BY place", out->id, err);

	if (!query)
		return STATUS_FAILED;
	while (query_row(query, &status, err)) {
		struct run_audience audience = {
			.name = column_dup(query, 0),
			.list_id = column_int(query, 1),
			.received = column_int(query, 2),
			.activated = column_int(query, 3),
			.excluded = column_int(query, 4),
			.failed = column_int(query, 5),
			.unchanged = column_int(query, 6),
			.pending = column_int(query, 7),
		};
		vec_push(&out->audiences, audience);
	}
	return status;
}

static enum severity severity_of(int64_t number)
{
	return number == SEVERITY_WARNING ? SEVERITY_WARNING : number == SEVERITY_EXCLUDED ? SEVERITY_EXCLUDED : SEVERITY_FAILED;
}

static enum status read_reasons(struct store *store, struct run *out, struct error *err)
{
	enum status status;
	struct query *query = store_query(
		store, "SELECT code, message, count, severity FROM run_reason WHERE run = ?1 ORDER BY place", out->id, err);

	if (!query)
		return STATUS_FAILED;
	while (query_row(query, &status, err)) {
		struct run_reason reason = {
			.code = column_clean(query, 0),
			.message = column_clean(query, 1),
			.count = column_int(query, 2),
			.severity = severity_of(column_int(query, 3)),
		};
		vec_push(&out->reasons, reason);
	}
	return status;
}

static enum status read_calls(struct store *store, struct run *out, struct error *err)
{
	enum status status;
	struct query *query = store_query(store, "SELECT kind, count FROM run_call WHERE run = ?1", out->id, err);

	if (!query)
		return STATUS_FAILED;
	while (query_row(query, &status, err))
		for (int kind = 0; kind < CALL_KINDS; kind++)
			if (strcmp(column_text(query, 0), run_call_text((enum run_call)kind)) == 0)
				out->calls[kind] = column_int(query, 1);
	return status;
}

static enum status read_parts(struct store *store, struct run *out, struct error *err)
{
	enum status status = read_audiences(store, out, err);

	if (status == STATUS_OK)
		status = read_reasons(store, out, err);
	return status == STATUS_OK ? read_calls(store, out, err) : status;
}

static enum status write_audience(struct store *store, int64_t run_id, size_t place, const struct run_audience *audience, struct error *err)
{
	struct query *query = store_query(store,
		"INSERT OR REPLACE INTO run_audience (run, place, name, list_id, received, activated, excluded, failed, unchanged, pending)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
		run_id, err);
	if (!query)
		return STATUS_FAILED;
	query_int(query, 2, (int64_t)place);
	query_text(query, 3, audience->name);
	query_int(query, 4, audience->list_id);
	query_int(query, 5, audience->received);
	query_int(query, 6, audience->activated);
	query_int(query, 7, audience->excluded);
	query_int(query, 8, audience->failed);
	query_int(query, 9, audience->unchanged);
	query_int(query, 10, audience->pending);
	return query_run(query, err);
}

static enum status write_reason(struct store *store, int64_t run_id, size_t place, const struct run_reason *reason, struct error *err)
{
	struct query *query = store_query(store,
		"INSERT OR REPLACE INTO run_reason (run, place, code, message, count, severity) VALUES (?1, ?2, ?3, ?4, ?5, ?6)", run_id, err);
	if (!query)
		return STATUS_FAILED;
	query_int(query, 2, (int64_t)place);
	query_text(query, 3, reason->code);
	query_text(query, 4, reason->message);
	query_int(query, 5, reason->count);
	query_int(query, 6, reason->severity);
	return query_run(query, err);
}

static enum status write_calls(struct store *store, const struct run *run, struct error *err)
{
	enum status status = STATUS_OK;

	for (int kind = 0; kind < CALL_KINDS && status == STATUS_OK; kind++) {
		struct query *query = store_query(store, "INSERT OR REPLACE INTO run_call (run, kind, count) VALUES (?1, ?2, ?3)", run->id, err);
		if (!query)
			return STATUS_FAILED;
		query_text(query, 2, run_call_text((enum run_call)kind));
		query_int(query, 3, run->calls[kind]);
		status = query_run(query, err);
	}
	return status;
}

static enum status cut(struct store *store, const char *sql, int64_t run_id, size_t count, struct error *err)
{
	struct query *query = store_query(store, sql, run_id, err);
	if (!query)
		return STATUS_FAILED;
	query_int(query, 2, (int64_t)count);
	return query_run(query, err);
}

static enum status write_parts(struct store *store, const struct run *run, struct error *err)
{
	enum status status = cut(store, "DELETE FROM run_audience WHERE run = ?1 AND place >= ?2", run->id, run->audiences.count, err);

	for (size_t i = 0; i < run->audiences.count && status == STATUS_OK; i++)
		status = write_audience(store, run->id, i, &run->audiences.at[i], err);
	if (status == STATUS_OK)
		status = cut(store, "DELETE FROM run_reason WHERE run = ?1 AND place >= ?2", run->id, run->reasons.count, err);
	for (size_t i = 0; i < run->reasons.count && status == STATUS_OK; i++)
		status = write_reason(store, run->id, i, &run->reasons.at[i], err);
	return status == STATUS_OK ? write_calls(store, run, err) : status;
}

static void bind_row(struct query *query, const struct run *run)
{
	query_int(query, 2, run->dataflow_id);
	query_text(query, 3, run_state_text(run->state));
	query_int(query, 4, run->received);
	query_int(query, 5, run->activated);
	query_int(query, 6, run->excluded);
	query_int(query, 7, run->failed);
	query_int(query, 8, run->unchanged);
	query_int(query, 9, run->bad_lines);
	query_int(query, 10, run->created);
	query_int(query, 11, run->updated);
	query_int(query, 12, run->added);
	query_int(query, 13, run->removed);
	query_int(query, 14, run->started_at);
	query_int(query, 15, run->ended_at);
	query_int(query, 16, run->mapping_revision);
	query_int(query, 17, clock_wall_ms());
	query_int(query, 18, (int64_t)(run->records_per_second * 1000.0));
	query_int(query, 19, run->pending);
}

static enum status run_lost(int64_t id, struct error *err)
{
	error_set(err, STATUS_USAGE, "not_found", _("there is no run %lld"), (long long)id);
	error_hint(err, "%s", _("penstock runs lists them."));
	return STATUS_USAGE;
}

static enum status insert(struct store *store, struct run *run, struct error *err)
{
	enum status status;
	struct query *query = store_query(store, "SELECT 1 FROM dataflow WHERE id = ?1", run->dataflow_id, err);

	if (!query)
		return STATUS_FAILED;
	if (!query_row(query, &status, err))
		return status == STATUS_OK ? name_lost(&named_dataflow, run->dataflow_id, err) : status;
	query_reset(query);
	query = db_query(store->db,
		"INSERT INTO run (dataflow, state, received, activated, excluded, failed, unchanged, bad_lines, created, updated, added, removed,"
		" started_at, ended_at, mapping_revision, told_at, rate, pending)"
		" VALUES (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)",
		err);
	if (!query)
		return STATUS_FAILED;
	bind_row(query, run);
	status = query_run(query, err);
	if (status != STATUS_OK)
		return status;
	run->id = db_last_id(store->db);
	return write_parts(store, run, err);
}

enum status run_insert(struct store *store, struct run *run, struct error *err)
{
	enum status status = store_begin(store, err);
	if (status != STATUS_OK)
		return status;
	status = store_end(store, insert(store, run, err), err);
	if (status != STATUS_OK)
		run->id = 0;
	return status;
}

static enum status save(struct store *store, const struct run *run, struct error *err)
{
	struct query *query = store_query(store,
		"UPDATE run SET (dataflow, state, received, activated, excluded, failed, unchanged, bad_lines, created, updated, added, removed,"
		" started_at, ended_at, mapping_revision, told_at, rate, pending) ="
		" (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19) WHERE id = ?1",
		run->id, err);
	if (!query)
		return STATUS_FAILED;
	bind_row(query, run);
	enum status status = query_run(query, err);
	if (status == STATUS_OK && db_changes(store->db) == 0)
		return run_lost(run->id, err);
	return status == STATUS_OK ? write_parts(store, run, err) : status;
}

enum status run_save(struct store *store, const struct run *run, struct error *err)
{
	enum status status = store_begin(store, err);
	return status == STATUS_OK ? store_end(store, save(store, run, err), err) : status;
}

enum status run_get(struct store *store, int64_t id, struct run *out, struct error *err)
{
	enum status status;
	struct query *query = store_query(store, SELECT "WHERE r.id = ?1", id, err);

	run_init(out);
	if (!query)
		return STATUS_FAILED;
	if (!query_row(query, &status, err))
		return status == STATUS_OK ? run_lost(id, err) : status;
	bool good = read_row(query, out);
	query_reset(query);
	return good ? read_parts(store, out, err) : store_bad_value(store, err);
}

void run_list_done(run_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		run_done(&list->at[i]);
	vec_done(list);
}

/* Steps a query of SELECT with the rows it gives; parts: with what belongs to each. */
static enum status take_rows(struct store *store, struct query *query, bool parts, run_list *out, struct error *err)
{
	enum status status;

	if (!query)
		return STATUS_FAILED;
	query_text(query, 2, run_state_text(RUN_PLANNED));
	while (query_row(query, &status, err)) {
		struct run run;
		run_init(&run);
		bool good = read_row(query, &run);
		vec_push(out, run);
		if (!good) {
			query_reset(query);
			status = store_bad_value(store, err);
			break;
		}
	}
	for (size_t i = 0; parts && i < out->count && status == STATUS_OK; i++)
		status = read_parts(store, &out->at[i], err);
	if (status != STATUS_OK)
		run_list_done(out);
	return status;
}

enum status run_all(struct store *store, int64_t dataflow_id, run_list *out, struct error *err)
{
	struct query *query = store_query(store, SELECT "WHERE (?1 = 0 OR r.dataflow = ?1) AND r.state <> ?2 ORDER BY r.id DESC", dataflow_id, err);

	return take_rows(store, query, true, out, err);
}

enum status run_recent(struct store *store, int64_t dataflow_id, int64_t since, run_list *out, struct error *err)
{
	struct query *query = store_query(store,
		SELECT "WHERE r.dataflow = ?1 AND r.state <> ?2 AND (r.started_at >= ?3 OR r.state IN (?4, ?5) OR"
		" r.id = (SELECT MAX(id) FROM run WHERE dataflow = ?1 AND state <> ?2)) ORDER BY r.id DESC", dataflow_id, err);

	if (query) {
		query_int(query, 3, since);
		query_text(query, 4, run_state_text(RUN_RUNNING));
		query_text(query, 5, run_state_text(RUN_PAUSED));
	}
	return take_rows(store, query, true, out, err);
}

enum status run_newest(struct store *store, int64_t most, run_list *out, struct error *err)
{
	struct query *query = store_query(store, SELECT "WHERE r.state <> ?2 ORDER BY r.id DESC LIMIT ?1", most, err);

	return take_rows(store, query, false, out, err);
}

enum status run_unfinished(struct store *store, int64_t dataflow_id, int64_t *id, struct error *err)
{
	enum status status;
	struct query *query = store_query(store,
		"SELECT id FROM run WHERE dataflow = ?1 AND (state IN (?2, ?3, ?4, ?6) OR (state = ?5 AND EXISTS (SELECT 1 FROM change WHERE run = run.id)))"
		" ORDER BY id DESC LIMIT 1",
		dataflow_id, err);

	*id = 0;
	if (!query)
		return STATUS_FAILED;
	query_text(query, 2, run_state_text(RUN_RUNNING));
	query_text(query, 3, run_state_text(RUN_STOPPED));
	query_text(query, 4, run_state_text(RUN_WAITING));
	query_text(query, 5, run_state_text(RUN_FAILED));
	query_text(query, 6, run_state_text(RUN_PAUSED));
	while (query_row(query, &status, err))
		*id = column_int(query, 0);
	return status;
}

enum status run_pause_save(struct store *store, int64_t id, bool pause, struct error *err)
{
	enum status status = store_may_write(store, err);
	struct query *query = status == STATUS_OK ? store_query(store, "UPDATE run SET pause = ?2 WHERE id = ?1", id, err) : NULL;

	if (!query)
		return STATUS_FAILED;
	query_int(query, 2, pause);
	status = query_run(query, err);
	return status == STATUS_OK && db_changes(store->db) == 0 ? run_lost(id, err) : status;
}

enum status run_pause_wanted(struct store *store, int64_t id, bool *pause, struct error *err)
{
	enum status status;
	struct query *query = store_query(store, "SELECT pause FROM run WHERE id = ?1", id, err);

	*pause = false;
	if (!query)
		return STATUS_FAILED;
	while (query_row(query, &status, err))
		*pause = column_int(query, 0) != 0;
	return status;
}

enum status run_last_start(struct store *store, int64_t dataflow_id, int64_t *started_at, struct error *err)
{
	enum status status;
	struct query *query = store_query(
		store, "SELECT started_at FROM run WHERE dataflow = ?1 AND state <> ?2 ORDER BY id DESC LIMIT 1", dataflow_id, err);

	*started_at = 0;
	if (!query)
		return STATUS_FAILED;
	query_text(query, 2, run_state_text(RUN_PLANNED));
	while (query_row(query, &status, err))
		*started_at = column_int(query, 0);
	return status;
}

enum status run_last_revision(struct store *store, int64_t dataflow_id, int64_t *revision, struct error *err)
{
	enum status status;
	struct query *query = store_query(store, "SELECT mapping_revision FROM run WHERE dataflow = ?1 AND state IN (?2, ?3) ORDER BY id DESC LIMIT 1", dataflow_id, err);

	*revision = 0;
	if (!query)
		return STATUS_FAILED;
	query_text(query, 2, run_state_text(RUN_SUCCESS));
	query_text(query, 3, run_state_text(RUN_PARTIAL));
	while (query_row(query, &status, err))
		*revision = column_int(query, 0);
	return status;
}

static enum status write_bad_line(struct store *store, int64_t run_id, size_t place, const struct bad_line *line, struct error *err)
{
	struct query *query = store_query(store, "INSERT INTO run_bad_line (run, place, position, reason) VALUES (?1, ?2, ?3, ?4)", run_id, err);
	if (!query)
		return STATUS_FAILED;
	query_int(query, 2, (int64_t)place);
	query_int(query, 3, line->position);
	query_text(query, 4, line->reason);
	return query_run(query, err);
}

enum status run_bad_lines_save(struct store *store, int64_t run_id, const bad_line_list *lines, struct error *err)
{
	enum status status = store_begin(store, err);
	if (status != STATUS_OK)
		return status;
	status = store_run(store, "DELETE FROM run_bad_line WHERE run = ?1", run_id, err);
	for (size_t i = 0; i < lines->count && status == STATUS_OK; i++)
		status = write_bad_line(store, run_id, i, &lines->at[i], err);
	return store_end(store, status, err);
}

enum status run_bad_lines(struct store *store, int64_t run_id, bad_line_list *out, struct error *err)
{
	enum status status;
	struct query *query = store_query(store, "SELECT position, reason FROM run_bad_line WHERE run = ?1 ORDER BY place", run_id, err);

	if (!query)
		return STATUS_FAILED;
	while (query_row(query, &status, err)) {
		struct bad_line line = { .position = column_int(query, 0), .reason = column_clean(query, 1) };
		vec_push(out, line);
	}
	if (status != STATUS_OK)
		bad_line_list_done(out);
	return status;
}

void bad_line_list_done(bad_line_list *lines)
{
	for (size_t i = 0; i < lines->count; i++)
		mem_free(lines->at[i].reason);
	vec_done(lines);
}
