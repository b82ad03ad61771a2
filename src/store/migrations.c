#include "store/migrations.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "db/db.h"
#include "store/inside.h"

#include <string.h>

#define SELECT                                                                                                                             \
	"SELECT m.id, coalesce(m.v1, 0), coalesce(m.v2, 0), m.flow_id, m.name, m.v2_name, m.account, m.exported, m.state, m.v1_enabled,"   \
	" m.keeps_lists, m.adopted, m.made_destination, m.made_account, m.compared_at, m.compared_revision, m.compared_run, m.both,"       \
	" m.missing, m.extra, m.unexplained, m.override, m.mapping_id_path FROM migration m "

/* Taken off the list before it was begun: as if it had never been imported. */
#define LISTED "NOT (m.v1 IS NULL AND m.state = 'imported')"

static const struct named named_migration = {
	.all = "SELECT name FROM migration m WHERE " LISTED " ORDER BY name",
	.missing = N_("no V1 dataflow \"%s\" was imported"),
};

void migration_list_done(migration_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		migration_done(&list->at[i]);
	vec_done(list);
}

static bool read_row(struct query *query, struct migration *out)
{
	const char *state = column_text(query, 8);

	*out = (struct migration){
		.id = column_int(query, 0),
		.v1_id = column_int(query, 1),
		.v2_id = column_int(query, 2),
		.flow_id = column_dup(query, 3),
		.name = column_dup(query, 4),
		.v2_name = column_dup(query, 5),
		.account = column_dup(query, 6),
		.exported = column_dup(query, 7),
		.v1_enabled = column_int(query, 9),
		.keeps_lists = column_int(query, 10),
		.adopted = column_int(query, 11),
		.made_destination = column_int(query, 12),
		.made_account = column_int(query, 13),
		.compared_at = column_int(query, 14),
		.compared_revision = column_int(query, 15),
		.compared_run = column_int(query, 16),
		.both = column_int(query, 17),
		.missing = column_int(query, 18),
		.extra = column_int(query, 19),
		.unexplained = column_int(query, 20),
		.override = column_dup(query, 21),
		.mapping_id_path = column_dup(query, 22),
	};
	return state && migration_state_parse(state, &out->state);
}

static void bind_reference(struct query *query, int index, int64_t id)
{
	if (id)
		query_int(query, index, id);
	else
		query_null(query, index);
}

static void bind_row(struct query *query, const struct migration *migration)
{
	bind_reference(query, 2, migration->v1_id);
	bind_reference(query, 3, migration->v2_id);
	query_text(query, 4, migration->flow_id);
	query_text(query, 5, migration->name);
	query_text(query, 6, migration->v2_name);
	query_text(query, 7, migration->account);
	query_text(query, 8, migration->exported);
	query_text(query, 9, migration_state_text(migration->state));
	query_int(query, 10, migration->v1_enabled);
	query_int(query, 11, migration->keeps_lists);
	query_int(query, 12, migration->adopted);
	query_int(query, 13, migration->made_destination);
	query_int(query, 14, migration->made_account);
	query_int(query, 15, migration->compared_at);
	query_int(query, 16, migration->compared_revision);
	query_int(query, 17, migration->compared_run);
	query_int(query, 18, migration->both);
	query_int(query, 19, migration->missing);
	query_int(query, 20, migration->extra);
	query_int(query, 21, migration->unexplained);
	query_text(query, 22, migration->override);
	query_text(query, 23, migration->mapping_id_path);
}

#define COLUMNS                                                                                                                            \
	"v1, v2, flow_id, name, v2_name, account, exported, state, v1_enabled, keeps_lists, adopted, made_destination, made_account,"      \
	" compared_at, compared_revision, compared_run, both, missing, extra, unexplained, override, mapping_id_path"
#define VALUES "?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23"

enum status migration_insert(struct store *store, struct migration *migration, struct error *err)
{
	struct query *query;
	enum status status = store_may_write(store, err);

	if (status != STATUS_OK)
		return status;
	query = db_query(store->db, "INSERT INTO migration (" COLUMNS ") VALUES (" VALUES ")", err);
	if (!query)
		return STATUS_FAILED;
	bind_row(query, migration);
	status = query_run(query, err);
	if (status == STATUS_OK)
		migration->id = db_last_id(store->db);
	return status;
}

enum status migration_save(struct store *store, const struct migration *migration, struct error *err)
{
	struct query *query;
	enum status status = store_may_write(store, err);

	if (status != STATUS_OK)
		return status;
	query = store_query(store, "UPDATE migration SET (" COLUMNS ") = (" VALUES ") WHERE id = ?1", migration->id, err);
	if (!query)
		return STATUS_FAILED;
	bind_row(query, migration);
	return query_run(query, err);
}

/* The first row, if any: out->id tells. */
static enum status read_one(struct store *store, struct query *query, struct migration *out, struct error *err)
{
	enum status status;
	bool good = true;

	migration_init(out);
	if (!query)
		return STATUS_FAILED;
	if (!query_row(query, &status, err))
		return status;
	good = read_row(query, out);
	query_reset(query);
	return good ? STATUS_OK : store_bad_value(store, err);
}

static enum status read_text(struct store *store, const char *sql, const char *text, struct migration *out, struct error *err)
{
	struct query *query = db_query(store->db, sql, err);

	if (query)
		query_text(query, 1, text);
	return read_one(store, query, out, err);
}

enum status migration_find(struct store *store, const char *name, struct migration *out, struct error *err)
{
	enum status status = read_text(store, SELECT "WHERE (m.name = ?1 OR m.flow_id = ?1) AND " LISTED " ORDER BY m.name <> ?1 LIMIT 1", name, out, err);

	return status == STATUS_OK && !out->id ? name_missing(store, &named_migration, name, err) : status;
}

enum status migration_of_flow(struct store *store, const char *flow_id, struct migration *out, struct error *err)
{
	return read_text(store, SELECT "WHERE m.flow_id = ?1", flow_id, out, err);
}

enum status migration_of_dataflow(struct store *store, int64_t dataflow_id, struct migration *out, struct error *err)
{
	return read_one(store, store_query(store, SELECT "WHERE m.v1 = ?1", dataflow_id, err), out, err);
}

enum status migration_all(struct store *store, migration_list *out, struct error *err)
{
	enum status status;
	struct query *query = db_query(store->db, SELECT "WHERE " LISTED " ORDER BY m.name, m.id", err);

	if (!query)
		return STATUS_FAILED;
	while (query_row(query, &status, err)) {
		struct migration migration;
		bool good = read_row(query, &migration);

		vec_push(out, migration);
		if (!good) {
			query_reset(query);
			status = store_bad_value(store, err);
			break;
		}
	}
	if (status != STATUS_OK)
		migration_list_done(out);
	return status;
}

/* --- Steps --- */

enum status migration_step_add(struct store *store, int64_t migration_id, const char *step, const char *detail, struct error *err)
{
	struct query *query;
	char *who;
	enum status status = store_may_write(store, err);

	if (status != STATUS_OK)
		return status;
	query = store_query(store, "INSERT INTO migration_step (migration, at, who, step, detail) VALUES (?1, ?2, ?3, ?4, ?5)", migration_id, err);
	if (!query)
		return STATUS_FAILED;
	who = store_user_name();
	query_int(query, 2, clock_wall_ms());
	query_text(query, 3, who);
	query_text(query, 4, step);
	query_text(query, 5, detail);
	mem_free(who);
	return query_run(query, err);
}

void migration_step_list_done(migration_step_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		mem_free(list->at[i].who);
		mem_free(list->at[i].step);
		mem_free(list->at[i].detail);
	}
	vec_done(list);
}

enum status migration_steps(struct store *store, int64_t migration_id, migration_step_list *out, struct error *err)
{
	enum status status;
	struct query *query = store_query(store, "SELECT at, who, step, detail FROM migration_step WHERE migration = ?1 ORDER BY id", migration_id, err);

	if (!query)
		return STATUS_FAILED;
	while (query_row(query, &status, err)) {
		struct migration_step step = { .at = column_int(query, 0), .who = column_clean(query, 1), .step = column_clean(query, 2), .detail = column_clean(query, 3) };

		vec_push(out, step);
	}
	if (status != STATUS_OK)
		migration_step_list_done(out);
	return status;
}
