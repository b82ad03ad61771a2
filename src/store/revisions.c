/* The history of a mapping: who saved which revision when, and who has signed it. */
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "db/db.h"
#include "store/inside.h"
#include "store/tables.h"

void revision_list_done(revision_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		mem_free(list->at[i].who);
		mem_free(list->at[i].signed_by);
		mem_free(list->at[i].note);
	}
	vec_done(list);
}

/* With the newest signature of each. */
enum status mapping_revisions(struct store *store, enum mapping_owner owner, int64_t id, revision_list *out, struct error *err)
{
	static const char sql[] = "SELECT revision, saved_at, mapping.who, (SELECT count(*) FROM mapping_row WHERE mapping = mapping.id), s.who, s.at, s.note"
		" FROM mapping LEFT JOIN mapping_signature AS s ON s.id = (SELECT max(id) FROM mapping_signature WHERE mapping = mapping.id)"
		" WHERE destination IS ?1 AND dataflow IS ?2 ORDER BY revision DESC";
	enum status status;
	struct query *query = db_query(store->db, sql, err);

	if (!query)
		return STATUS_FAILED;
	query_int(query, owner == MAPPING_OF_DESTINATION ? 1 : 2, id);
	while (query_row(query, &status, err)) {
		struct revision revision = {
			.revision = column_int(query, 0),
			.saved_at = column_int(query, 1),
			.who = column_clean(query, 2),
			.rows = column_int(query, 3),
			.signed_by = column_clean(query, 4),
			.signed_at = column_int(query, 5),
			.note = column_clean(query, 6),
		};

		vec_push(out, revision);
	}
	if (status != STATUS_OK)
		revision_list_done(out);
	return status;
}

enum status mapping_is_signed(struct store *store, enum mapping_owner owner, int64_t id, int64_t revision, bool *is_signed, struct error *err)
{
	enum status status;
	struct query *query = db_query(store->db, "SELECT 1 FROM mapping_signature AS s JOIN mapping AS m ON m.id = s.mapping"
		" WHERE m.destination IS ?1 AND m.dataflow IS ?2 AND m.revision = ?3", err);

	*is_signed = false;
	if (!query)
		return STATUS_FAILED;
	query_int(query, owner == MAPPING_OF_DESTINATION ? 1 : 2, id);
	query_int(query, 3, revision);
	while (query_row(query, &status, err))
		*is_signed = true;
	return status;
}

enum status mapping_sign(struct store *store, enum mapping_owner owner, int64_t id, int64_t revision, const char *note, struct error *err)
{
	enum status status = store_begin(store, err);
	struct query *query = status != STATUS_OK ? NULL : db_query(store->db, "INSERT INTO mapping_signature (mapping, who, at, note)"
		" SELECT id, ?3, ?4, ?5 FROM mapping WHERE destination IS ?1 AND dataflow IS ?2 AND revision = ?6", err);
	char *who;

	if (status != STATUS_OK)
		return status;
	if (!query)
		return store_end(store, STATUS_FAILED, err);
	who = store_user_name();
	query_int(query, owner == MAPPING_OF_DESTINATION ? 1 : 2, id);
	query_text(query, 3, who);
	query_int(query, 4, clock_wall_ms());
	query_text(query, 5, note);
	query_int(query, 6, revision);
	mem_free(who);
	status = query_run(query, err);
	if (status == STATUS_OK && db_changes(store->db) == 0)
		status = error_set(err, STATUS_USAGE, "not_found", _("the mapping has no revision %lld"), (long long)revision);
	return store_end(store, status, err);
}
