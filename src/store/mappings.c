/* Mappings with all their revisions. A mapping belongs to a destination or to a dataflow: one of the two columns is NULL. */
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/vec.h"
#include "db/db.h"
#include "store/inside.h"
#include "store/tables.h"

static struct query *owned_query(struct store *store, const char *sql, enum mapping_owner owner, int64_t id, struct error *err)
{
	struct query *query = db_query(store->db, sql, err);
	/* The other one stays unbound, which is NULL. */
	if (query)
		query_int(query, owner == MAPPING_OF_DESTINATION ? 1 : 2, id);
	return query;
}

static enum status read_rows(struct store *store, int64_t mapping_id, struct mapping *out, struct error *err)
{
	enum status status;
	struct query *query = store_query(store, "SELECT source, target, clear, create_only FROM mapping_row WHERE mapping = ?1 ORDER BY place",
		mapping_id, err);

	if (!query)
		return STATUS_FAILED;
	while (query_row(query, &status, err)) {
		struct mapping_row row = {
			.source = column_dup(query, 0),
			.target = column_dup(query, 1),
			.clear = column_int(query, 2),
			.create_only = column_int(query, 3),
		};
		vec_push(&out->rows, row);
	}
	return status;
}

static enum status load(struct store *store, struct query *query, struct mapping *out, struct error *err)
{
	enum status status;

	if (!query)
		return STATUS_FAILED;
	if (!query_row(query, &status, err))
		return status;
	int64_t id = column_int(query, 0);
	out->revision = column_int(query, 1);
	query_reset(query);
	return read_rows(store, id, out, err);
}

enum status mapping_load(struct store *store, enum mapping_owner owner, int64_t id, struct mapping *out, struct error *err)
{
	mapping_init(out);
	return load(store, owned_query(store,
		"SELECT id, revision FROM mapping WHERE destination IS ?1 AND dataflow IS ?2 ORDER BY revision DESC LIMIT 1", owner, id, err), out, err);
}

enum status mapping_load_revision(
	struct store *store, enum mapping_owner owner, int64_t id, int64_t revision, struct mapping *out, struct error *err)
{
	struct query *query = owned_query(store, "SELECT id, revision FROM mapping WHERE destination IS ?1 AND dataflow IS ?2 AND revision = ?3",
		owner, id, err);

	mapping_init(out);
	if (query)
		query_int(query, 3, revision);
	enum status status = load(store, query, out, err);
	if (status == STATUS_OK && out->revision == 0)
		return error_set(err, STATUS_USAGE, "not_found", _("the mapping has no revision %lld"), (long long)revision);
	return status;
}

static enum status write_row(struct store *store, int64_t mapping_id, size_t place, const struct mapping_row *row, struct error *err)
{
	struct query *query = store_query(store,
		"INSERT INTO mapping_row (mapping, place, source, target, clear, create_only) VALUES (?1, ?2, ?3, ?4, ?5, ?6)", mapping_id, err);
	if (!query)
		return STATUS_FAILED;
	query_int(query, 2, (int64_t)place);
	query_text(query, 3, row->source);
	query_text(query, 4, row->target);
	query_int(query, 5, row->clear);
	query_int(query, 6, row->create_only);
	return query_run(query, err);
}

static enum status newest(struct store *store, enum mapping_owner owner, int64_t id, int64_t *revision, struct error *err)
{
	enum status status;
	struct query *query = owned_query(store, "SELECT max(revision) FROM mapping WHERE destination IS ?1 AND dataflow IS ?2", owner, id, err);

	if (!query)
		return STATUS_FAILED;
	while (query_row(query, &status, err))
		*revision = column_int(query, 0);
	return status;
}

static enum status owner_exists(struct store *store, enum mapping_owner owner, int64_t id, struct error *err)
{
	enum status status;
	bool destination = owner == MAPPING_OF_DESTINATION;
	struct query *query = store_query(
		store, destination ? "SELECT 1 FROM destination WHERE id = ?1" : "SELECT 1 FROM dataflow WHERE id = ?1", id, err);

	if (!query)
		return STATUS_FAILED;
	if (!query_row(query, &status, err))
		return status == STATUS_OK ? name_lost(destination ? &named_destination : &named_dataflow, id, err) : status;
	query_reset(query);
	return STATUS_OK;
}

static enum status save(struct store *store, enum mapping_owner owner, int64_t id, struct mapping *mapping, struct error *err)
{
	int64_t revision = 0;
	enum status status = owner_exists(store, owner, id, err);

	if (status == STATUS_OK)
		status = newest(store, owner, id, &revision, err);
	if (status != STATUS_OK)
		return status;
	struct query *query = owned_query(
		store, "INSERT INTO mapping (destination, dataflow, revision, saved_at, who) VALUES (?1, ?2, ?3, ?4, ?5)", owner, id, err);
	if (!query)
		return STATUS_FAILED;
	query_int(query, 3, revision + 1);
	char *who = store_user_name();
	query_int(query, 4, clock_wall_ms());
	query_text(query, 5, who);
	mem_free(who);
	status = query_run(query, err);
	int64_t mapping_id = db_last_id(store->db);
	for (size_t i = 0; i < mapping->rows.count && status == STATUS_OK; i++)
		status = write_row(store, mapping_id, i, &mapping->rows.at[i], err);
	if (status == STATUS_OK)
		mapping->revision = revision + 1;
	return status;
}

enum status mapping_save(struct store *store, enum mapping_owner owner, int64_t id, struct mapping *mapping, struct error *err)
{
	int64_t before = mapping->revision;
	enum status status = store_begin(store, err);

	if (status != STATUS_OK)
		return status;
	status = store_end(store, save(store, owner, id, mapping, err), err);
	if (status != STATUS_OK)
		mapping->revision = before;
	return status;
}
