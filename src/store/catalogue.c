/* The field catalogue of an account, replaced as a whole. */
#include "db/db.h"
#include "store/inside.h"
#include "store/tables.h"

static enum status write_field(struct store *store, int64_t account_id, const struct field *field, struct error *err)
{
	struct query *query = store_query(store,
		"INSERT OR REPLACE INTO field (account, name, label, type, length, updateable, searchable, company)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
		account_id, err);
	if (!query)
		return STATUS_FAILED;
	query_text(query, 2, field->name);
	query_text(query, 3, field->label);
	query_text(query, 4, field->type_name);
	query_int(query, 5, field->length);
	query_int(query, 6, field->updateable);
	query_int(query, 7, field->searchable);
	query_int(query, 8, field->company);
	return query_run(query, err);
}

static enum status replace(struct store *store, int64_t account_id, const struct catalogue *catalogue, struct error *err)
{
	enum status status = store_run(store, "DELETE FROM catalogue WHERE account = ?1", account_id, err);
	if (status != STATUS_OK)
		return status;
	struct query *query = store_query(
		store, "INSERT INTO catalogue (account, fetched_at) SELECT id, ?2 FROM account WHERE id = ?1", account_id, err);
	if (!query)
		return STATUS_FAILED;
	query_int(query, 2, catalogue->fetched_at);
	status = query_run(query, err);
	if (status == STATUS_OK && db_changes(store->db) == 0)
		return name_lost(&named_account, account_id, err);
	for (size_t i = 0; i < catalogue->fields.count && status == STATUS_OK; i++)
		status = write_field(store, account_id, &catalogue->fields.at[i], err);
	return status;
}

enum status catalogue_save(struct store *store, int64_t account_id, const struct catalogue *catalogue, struct error *err)
{
	enum status status = store_begin(store, err);
	return status == STATUS_OK ? store_end(store, replace(store, account_id, catalogue, err), err) : status;
}

static struct field read_field(struct query *query)
{
	const char *type = column_text(query, 2);

	return (struct field){
		.name = column_dup(query, 0),
		.label = column_dup(query, 1),
		.type_name = column_dup(query, 2),
		.type = type ? field_type_of(type) : FIELD_OTHER,
		.length = (int)column_int(query, 3),
		.updateable = column_int(query, 4),
		.searchable = column_int(query, 5),
		.company = column_int(query, 6),
	};
}

enum status catalogue_load(struct store *store, int64_t account_id, struct catalogue *out, struct error *err)
{
	enum status status;

	catalogue_init(out);
	struct query *query = store_query(store, "SELECT fetched_at FROM catalogue WHERE account = ?1", account_id, err);
	if (!query)
		return STATUS_FAILED;
	while (query_row(query, &status, err))
		out->fetched_at = column_int(query, 0);
	if (status != STATUS_OK)
		return status;
	query = store_query(store, "SELECT name, label, type, length, updateable, searchable, company FROM field WHERE account = ?1 ORDER BY name",
		account_id, err);
	if (!query)
		return STATUS_FAILED;
	while (query_row(query, &status, err))
		catalogue_add(out, read_field(query));
	catalogue_sort(out);
	return status;
}
