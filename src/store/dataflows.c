/* Dataflows with their audiences. */
#include "base/i18n.h"
#include "base/vec.h"
#include "db/db.h"
#include "store/alerts.h"
#include "store/inside.h"
#include "store/tables.h"

#define SELECT                                                                                                                     \
	"SELECT f.id, f.destination, f.name, d.name, f.source, f.identity, f.profile_key, f.enabled, f.consent, f.every_ms, f.at_minute, d.version, f.source_by"                  \
	" FROM dataflow f JOIN destination d ON d.id = f.destination "

static bool read_row(struct query *query, struct dataflow *out)
{
	const char *identity = column_text(query, 5);

	out->id = column_int(query, 0);
	out->destination_id = column_int(query, 1);
	out->name = column_dup(query, 2);
	out->destination_name = column_dup(query, 3);
	out->source = column_dup(query, 4);
	out->profile_key = column_dup(query, 6);
	out->enabled = column_int(query, 7);
	out->consent = column_dup(query, 8);
	out->schedule.every_ms = column_int(query, 9);
	out->schedule.at_minute = (int)column_int(query, 10);
	out->version = (int)column_int(query, 11);
	out->source_by = column_dup(query, 12);
	return identity && identity_choice_parse(identity, &out->identity);
}

static enum status read_audiences(struct store *store, struct dataflow *out, struct error *err)
{
	enum status status;
	struct query *query = store_query(store,
		"SELECT id, audience, list, audience_id, audience_name, list_id, list_name, start_ms, end_ms FROM audience"
		" WHERE dataflow = ?1 ORDER BY place",
		out->id, err);

	if (!query)
		return STATUS_FAILED;
	while (query_row(query, &status, err)) {
		struct flow_audience audience = {
			.id = column_int(query, 0),
			.audience = column_dup(query, 1),
			.list = column_dup(query, 2),
			.audience_id = column_dup(query, 3),
			.audience_name = column_dup(query, 4),
			.list_id = column_int(query, 5),
			.list_name = column_dup(query, 6),
			.start_ms = column_int(query, 7),
			.end_ms = column_int(query, 8),
		};
		vec_push(&out->audiences, audience);
	}
	return status;
}

static enum status write_audience(
	struct store *store, int64_t dataflow_id, size_t place, const struct flow_audience *audience, struct error *err)
{
	const char *sql =
		audience->id
			? "UPDATE audience SET (place, audience, list, audience_id, audience_name, list_id, list_name, start_ms, end_ms)"
			  " = (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) WHERE dataflow = ?1 AND id = ?11"
			: "INSERT INTO audience (dataflow, place, audience, list, audience_id, audience_name, list_id, list_name, start_ms,"
			  " end_ms, id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
	struct query *query = store_query(store, sql, dataflow_id, err);

	if (!query)
		return STATUS_FAILED;
	query_int(query, 2, (int64_t)place);
	query_text(query, 3, audience->audience);
	query_text(query, 4, audience->list);
	query_text(query, 5, audience->audience_id);
	query_text(query, 6, audience->audience_name);
	query_int(query, 7, audience->list_id);
	query_text(query, 8, audience->list_name);
	query_int(query, 9, audience->start_ms);
	query_int(query, 10, audience->end_ms);
	if (audience->id)
		query_int(query, 11, audience->id);
	return query_run(query, err);
}

/* Rows lose their place first: one that has none at the end is no longer part of the dataflow. */
static enum status write_audiences(struct store *store, struct dataflow *dataflow, struct error *err)
{
	enum status status = store_run(store, "UPDATE audience SET place = NULL WHERE dataflow = ?1", dataflow->id, err);

	for (size_t i = 0; i < dataflow->audiences.count && status == STATUS_OK; i++) {
		struct flow_audience *audience = &dataflow->audiences.at[i];
		status = write_audience(store, dataflow->id, i, audience, err);
		if (status == STATUS_OK && db_changes(store->db) == 0)
			return error_set(err, STATUS_USAGE, "not_found", _("the dataflow has no audience number %lld"), (long long)audience->id);
		if (status == STATUS_OK && audience->id == 0)
			audience->id = db_last_id(store->db);
	}
	return status == STATUS_OK ? store_run(store, "DELETE FROM audience WHERE dataflow = ?1 AND place IS NULL", dataflow->id, err) : status;
}

static void bind_row(struct query *query, const struct dataflow *dataflow)
{
	query_int(query, 2, dataflow->destination_id);
	query_text(query, 3, dataflow->name);
	query_text(query, 4, dataflow->source);
	query_text(query, 5, identity_choice_text(dataflow->identity));
	query_text(query, 6, dataflow->profile_key);
	query_int(query, 7, dataflow->enabled);
	query_text(query, 8, dataflow->consent);
	query_int(query, 9, dataflow->schedule.every_ms);
	query_int(query, 10, dataflow->schedule.at_minute);
	query_text(query, 11, dataflow->source_by);
}

static enum status check(struct store *store, const struct dataflow *dataflow, struct error *err)
{
	enum status status;
	struct query *query = store_query(store, "SELECT 1 FROM destination WHERE id = ?1", dataflow->destination_id, err);

	if (!query)
		return STATUS_FAILED;
	if (!query_row(query, &status, err))
		return status == STATUS_OK ? name_lost(&named_destination, dataflow->destination_id, err) : status;
	query_reset(query);
	return name_free(store, &named_dataflow, dataflow->name, dataflow->id, err);
}

static enum status copy_mapping(struct store *store, const struct dataflow *dataflow, struct error *err)
{
	struct mapping mapping;
	enum status status = mapping_load(store, MAPPING_OF_DESTINATION, dataflow->destination_id, &mapping, err);

	if (status == STATUS_OK && mapping.rows.count > 0)
		status = mapping_save(store, MAPPING_OF_DATAFLOW, dataflow->id, &mapping, err);
	mapping_done(&mapping);
	return status;
}

static enum status insert(struct store *store, struct dataflow *dataflow, struct error *err)
{
	dataflow->id = 0;
	enum status status = check(store, dataflow, err);
	if (status != STATUS_OK)
		return status;
	struct query *query = db_query(store->db,
		"INSERT INTO dataflow (destination, name, source, identity, profile_key, enabled, consent, every_ms, at_minute, source_by)"
		" VALUES (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)", err);
	if (!query)
		return STATUS_FAILED;
	bind_row(query, dataflow);
	status = query_run(query, err);
	if (status != STATUS_OK)
		return status;
	dataflow->id = db_last_id(store->db);
	status = write_audiences(store, dataflow, err);
	return status == STATUS_OK ? copy_mapping(store, dataflow, err) : status;
}

enum status dataflow_insert(struct store *store, struct dataflow *dataflow, struct error *err)
{
	enum status status = store_begin(store, err);
	if (status != STATUS_OK)
		return status;
	for (size_t i = 0; i < dataflow->audiences.count; i++)
		dataflow->audiences.at[i].id = 0;
	status = store_end(store, insert(store, dataflow, err), err);
	if (status == STATUS_OK)
		return status;
	dataflow->id = 0;
	for (size_t i = 0; i < dataflow->audiences.count; i++)
		dataflow->audiences.at[i].id = 0;
	return status;
}

static enum status save(struct store *store, struct dataflow *dataflow, struct error *err)
{
	enum status status = check(store, dataflow, err);
	if (status != STATUS_OK)
		return status;
	struct query *query = store_query(store,
		"UPDATE dataflow SET (destination, name, source, identity, profile_key, enabled, consent, every_ms, at_minute, source_by)"
		" = (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) WHERE id = ?1",
		dataflow->id, err);
	if (!query)
		return STATUS_FAILED;
	bind_row(query, dataflow);
	status = query_run(query, err);
	if (status == STATUS_OK && db_changes(store->db) == 0)
		return name_lost(&named_dataflow, dataflow->id, err);
	return status == STATUS_OK ? write_audiences(store, dataflow, err) : status;
}

enum status dataflow_save(struct store *store, struct dataflow *dataflow, struct error *err)
{
	enum status status = store_begin(store, err);
	if (status != STATUS_OK)
		return status;
	/* What was undone must not look stored: the new audiences are those without a number now. */
	VEC(size_t) fresh = { 0 };
	for (size_t i = 0; i < dataflow->audiences.count; i++)
		if (dataflow->audiences.at[i].id == 0)
			vec_push(&fresh, i);
	status = store_end(store, save(store, dataflow, err), err);
	for (size_t i = 0; i < fresh.count && status != STATUS_OK; i++)
		dataflow->audiences.at[fresh.at[i]].id = 0;
	vec_done(&fresh);
	return status;
}

static enum status read_one(struct store *store, struct query *query, struct dataflow *out, bool *found, struct error *err)
{
	enum status status;

	*found = query_row(query, &status, err);
	if (!*found)
		return status;
	bool good = read_row(query, out);
	query_reset(query);
	return good ? read_audiences(store, out, err) : store_bad_value(store, err);
}

enum status dataflow_find(struct store *store, const char *name, struct dataflow *out, struct error *err)
{
	bool found;
	struct query *query = db_query(store->db, SELECT "WHERE f.name = ?1", err);

	dataflow_init(out);
	if (!query)
		return STATUS_FAILED;
	query_text(query, 1, name);
	enum status status = read_one(store, query, out, &found, err);
	return status == STATUS_OK && !found ? name_missing(store, &named_dataflow, name, err) : status;
}

enum status dataflow_get(struct store *store, int64_t id, struct dataflow *out, struct error *err)
{
	bool found;
	struct query *query = store_query(store, SELECT "WHERE f.id = ?1", id, err);

	dataflow_init(out);
	if (!query)
		return STATUS_FAILED;
	enum status status = read_one(store, query, out, &found, err);
	return status == STATUS_OK && !found ? name_lost(&named_dataflow, id, err) : status;
}

void dataflow_list_done(dataflow_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		dataflow_done(&list->at[i]);
	vec_done(list);
}

static enum status read_all(struct store *store, dataflow_list *out, struct error *err)
{
	enum status status;
	struct query *query = db_query(store->db, SELECT "ORDER BY f.name", err);

	if (!query)
		return STATUS_FAILED;
	while (query_row(query, &status, err)) {
		struct dataflow dataflow;
		dataflow_init(&dataflow);
		bool good = read_row(query, &dataflow);
		vec_push(out, dataflow);
		if (!good) {
			query_reset(query);
			status = store_bad_value(store, err);
			break;
		}
	}
	for (size_t i = 0; i < out->count && status == STATUS_OK; i++)
		status = read_audiences(store, &out->at[i], err);
	return status;
}

enum status dataflow_all(struct store *store, dataflow_list *out, struct error *err)
{
	enum status status = db_begin_read(store->db, err);

	if (status == STATUS_OK)
		status = store_end(store, read_all(store, out, err), err);
	if (status != STATUS_OK)
		dataflow_list_done(out);
	return status;
}

enum status dataflow_delete(struct store *store, int64_t id, struct error *err)
{
	enum status status = store_begin(store, err);
	if (status != STATUS_OK)
		return status;
	/* Its audiences, mappings and runs, and what hangs on those, go with it; so does an edit of its mapping, which another dataflow of that name would get. */
	status = incidents_forget(store, false, id, err);
	if (status == STATUS_OK)
		status = store_run(store,
			"DELETE FROM draft WHERE json_valid(body) AND json_extract(body, '$.mapping_of') = (SELECT name FROM dataflow WHERE id = ?1)", id, err);
	if (status == STATUS_OK)
		status = store_run(store, "DELETE FROM dataflow WHERE id = ?1", id, err);
	if (status == STATUS_OK && db_changes(store->db) == 0)
		status = name_lost(&named_dataflow, id, err);
	return store_end(store, status, err);
}
