/* Destinations, with their dedupe fields and marketing actions as numbered items. */
#include "base/i18n.h"
#include "base/vec.h"
#include "db/db.h"
#include "store/inside.h"
#include "store/tables.h"

#include <string.h>

#define SELECT                                                                                                                             \
	"SELECT d.id, d.account, d.version, d.name, a.name, d.description, d.person_creation, d.sync_type, d.partition, d.workspace,"      \
	" d.list_folder, d.sign_off"                                                                                                       \
	" FROM destination d JOIN account a ON a.id = d.account "

static const char kind_dedupe[] = "dedupe", kind_action[] = "action";

static bool read_words(struct query *query, struct destination *out)
{
	const char *creation = column_text(query, 6), *sync = column_text(query, 7);
	out->sync_type = SYNC_FOLLOWS_CREATION;
	return creation && person_creation_parse(creation, &out->person_creation) && (!sync || sync_type_parse(sync, &out->sync_type));
}

static bool read_row(struct query *query, struct destination *out)
{
	out->id = column_int(query, 0);
	out->account_id = column_int(query, 1);
	out->version = (int)column_int(query, 2);
	out->name = column_dup(query, 3);
	out->account_name = column_dup(query, 4);
	out->description = column_dup(query, 5);
	out->partition = column_dup(query, 8);
	out->workspace = column_dup(query, 9);
	out->list_folder = column_dup(query, 10);
	out->sign_off = column_int(query, 11);
	return read_words(query, out);
}

static enum status read_items(struct store *store, struct destination *out, struct error *err)
{
	enum status status;
	struct query *query = store_query(
		store, "SELECT kind, value FROM destination_item WHERE destination = ?1 ORDER BY kind, place", out->id, err);

	if (!query)
		return STATUS_FAILED;
	while (query_row(query, &status, err)) {
		const char *kind = column_text(query, 0);
		if (strcmp(kind, kind_dedupe) == 0)
			vec_push(&out->dedupe_fields, column_dup(query, 1));
		else if (strcmp(kind, kind_action) == 0)
			vec_push(&out->marketing_actions, column_dup(query, 1));
	}
	return status;
}

static enum status write_item(struct store *store, int64_t id, const char *kind, size_t place, const char *value, struct error *err)
{
	struct query *query = store_query(
		store, "INSERT INTO destination_item (destination, kind, place, value) VALUES (?1, ?2, ?3, ?4)", id, err);
	if (!query)
		return STATUS_FAILED;
	query_text(query, 2, kind);
	query_int(query, 3, (int64_t)place);
	query_text(query, 4, value);
	return query_run(query, err);
}

static enum status write_items(struct store *store, const struct destination *destination, struct error *err)
{
	enum status status = store_run(store, "DELETE FROM destination_item WHERE destination = ?1", destination->id, err);

	for (size_t i = 0; i < destination->dedupe_fields.count && status == STATUS_OK; i++)
		status = write_item(store, destination->id, kind_dedupe, i, destination->dedupe_fields.at[i], err);
	for (size_t i = 0; i < destination->marketing_actions.count && status == STATUS_OK; i++)
		status = write_item(store, destination->id, kind_action, i, destination->marketing_actions.at[i], err);
	return status;
}

static void bind_row(struct query *query, const struct destination *destination)
{
	query_int(query, 2, destination->account_id);
	query_text(query, 3, destination->name);
	query_int(query, 4, destination->version);
	query_text(query, 5, destination->description);
	query_text(query, 6, person_creation_text(destination->person_creation));
	query_text(query, 7, sync_type_text(destination->sync_type));
	query_text(query, 8, destination->partition);
	query_text(query, 9, destination->workspace);
	query_text(query, 10, destination->list_folder);
	query_int(query, 11, destination->sign_off);
}

static enum status check(struct store *store, const struct destination *destination, struct error *err)
{
	enum status status;
	struct query *query = store_query(store, "SELECT 1 FROM account WHERE id = ?1", destination->account_id, err);

	if (!query)
		return STATUS_FAILED;
	if (!query_row(query, &status, err))
		return status == STATUS_OK ? name_lost(&named_account, destination->account_id, err) : status;
	query_reset(query);
	return name_free(store, &named_destination, destination->name, destination->id, err);
}

static enum status insert(struct store *store, struct destination *destination, struct error *err)
{
	destination->id = 0;
	enum status status = check(store, destination, err);
	if (status != STATUS_OK)
		return status;
	struct query *query = db_query(store->db,
		"INSERT INTO destination (account, name, version, description, person_creation, sync_type, partition, workspace, list_folder, sign_off)"
		" VALUES (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
		err);
	if (!query)
		return STATUS_FAILED;
	bind_row(query, destination);
	status = query_run(query, err);
	if (status != STATUS_OK)
		return status;
	destination->id = db_last_id(store->db);
	return write_items(store, destination, err);
}

enum status destination_insert(struct store *store, struct destination *destination, struct error *err)
{
	enum status status = store_begin(store, err);
	if (status != STATUS_OK)
		return status;
	status = store_end(store, insert(store, destination, err), err);
	if (status != STATUS_OK)
		destination->id = 0;
	return status;
}

static enum status save(struct store *store, const struct destination *destination, struct error *err)
{
	enum status status = check(store, destination, err);
	if (status != STATUS_OK)
		return status;
	struct query *query = store_query(store,
		"UPDATE destination SET (account, name, version, description, person_creation, sync_type, partition, workspace, list_folder, sign_off)"
		" = (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) WHERE id = ?1",
		destination->id, err);
	if (!query)
		return STATUS_FAILED;
	bind_row(query, destination);
	status = query_run(query, err);
	if (status == STATUS_OK && db_changes(store->db) == 0)
		return name_lost(&named_destination, destination->id, err);
	return status == STATUS_OK ? write_items(store, destination, err) : status;
}

enum status destination_save(struct store *store, const struct destination *destination, struct error *err)
{
	enum status status = store_begin(store, err);
	return status == STATUS_OK ? store_end(store, save(store, destination, err), err) : status;
}

static enum status read_one(struct store *store, struct query *query, struct destination *out, bool *found, struct error *err)
{
	enum status status;

	*found = query_row(query, &status, err);
	if (!*found)
		return status;
	bool good = read_row(query, out);
	query_reset(query);
	return good ? read_items(store, out, err) : store_bad_value(store, err);
}

enum status destination_find(struct store *store, const char *name, struct destination *out, struct error *err)
{
	bool found;
	struct query *query = db_query(store->db, SELECT "WHERE d.name = ?1", err);

	destination_init(out);
	if (!query)
		return STATUS_FAILED;
	query_text(query, 1, name);
	enum status status = read_one(store, query, out, &found, err);
	return status == STATUS_OK && !found ? name_missing(store, &named_destination, name, err) : status;
}

enum status destination_get(struct store *store, int64_t id, struct destination *out, struct error *err)
{
	bool found;
	struct query *query = store_query(store, SELECT "WHERE d.id = ?1", id, err);

	destination_init(out);
	if (!query)
		return STATUS_FAILED;
	enum status status = read_one(store, query, out, &found, err);
	return status == STATUS_OK && !found ? name_lost(&named_destination, id, err) : status;
}

void destination_list_done(destination_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		destination_done(&list->at[i]);
	vec_done(list);
}

static enum status read_all(struct store *store, destination_list *out, struct error *err)
{
	enum status status;
	struct query *query = db_query(store->db, SELECT "ORDER BY d.name", err);

	if (!query)
		return STATUS_FAILED;
	while (query_row(query, &status, err)) {
		struct destination destination;
		destination_init(&destination);
		bool good = read_row(query, &destination);
		vec_push(out, destination);
		if (!good) {
			query_reset(query);
			status = store_bad_value(store, err);
			break;
		}
	}
	for (size_t i = 0; i < out->count && status == STATUS_OK; i++)
		status = read_items(store, &out->at[i], err);
	return status;
}

enum status destination_all(struct store *store, destination_list *out, struct error *err)
{
	enum status status = db_begin_read(store->db, err);

	if (status == STATUS_OK)
		status = store_end(store, read_all(store, out, err), err);
	if (status != STATUS_OK)
		destination_list_done(out);
	return status;
}

static enum status delete_unused(struct store *store, int64_t id, struct error *err)
{
	enum status status = name_unused(store, "SELECT name FROM dataflow WHERE destination = ?1 ORDER BY name", id,
		_("the destination is used by the dataflows %s"), err);

	if (status == STATUS_OK)
		status = store_run(store, "DELETE FROM destination WHERE id = ?1", id, err);
	if (status == STATUS_OK && db_changes(store->db) == 0)
		return name_lost(&named_destination, id, err);
	return status;
}

enum status destination_delete(struct store *store, int64_t id, struct error *err)
{
	enum status status = store_begin(store, err);
	return status == STATUS_OK ? store_end(store, delete_unused(store, id, err), err) : status;
}
