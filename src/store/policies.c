/* Data usage governance: labels, the core policies that are enabled, and the custom policies. */
#include "base/i18n.h"
#include "base/mem.h"
#include "db/db.h"
#include "store/inside.h"
#include "store/tables.h"

#include <string.h>

static const struct named named_policy = {
	.all = "SELECT name FROM policy ORDER BY name",
	.taken = "SELECT 1 FROM policy WHERE name = ?1 AND id <> ?2",
	.missing = N_("there is no policy \"%s\""),
	.exists = N_("there is already a policy \"%s\""),
};

/* A statement about one label: target, name, label. */
static enum status run_label(struct store *store, const char *sql, const struct label_row *row, struct error *err)
{
	struct query *query = db_query(store->db, sql, err);

	if (!query)
		return STATUS_FAILED;
	query_text(query, 1, label_target_text(row->target));
	query_text(query, 2, row->name);
	query_text(query, 3, row->label);
	return query_run(query, err);
}

static enum status change_label(struct store *store, const char *sql, const struct label_row *row, struct error *err)
{
	enum status status = store_begin(store, err);

	return status == STATUS_OK ? store_end(store, run_label(store, sql, row, err), err) : status;
}

enum status label_insert(struct store *store, const struct label_row *row, struct error *err)
{
	return change_label(store, "INSERT OR IGNORE INTO label (target, name, label) VALUES (?1, ?2, ?3)", row, err);
}

enum status label_delete(struct store *store, const struct label_row *row, bool *was, struct error *err)
{
	enum status status = change_label(store, "DELETE FROM label WHERE target = ?1 AND name = ?2 AND label = ?3", row, err);

	*was = status == STATUS_OK && db_changes(store->db) > 0;
	return status;
}

enum status label_all(struct store *store, label_list *out, struct error *err)
{
	enum status status;
	struct query *query = db_query(store->db, "SELECT target, name, label FROM label ORDER BY target DESC, name, label", err);

	if (!query)
		return STATUS_FAILED;
	while (query_row(query, &status, err)) {
		struct label_row row = { .name = column_dup(query, 1), .label = column_dup(query, 2) };
		const char *target = column_text(query, 0);
		bool good = target && label_target_parse(target, &row.target);

		vec_push(out, row);
		if (good)
			continue;
		query_reset(query);
		status = store_bad_value(store, err);
		break;
	}
	if (status != STATUS_OK)
		label_list_done(out);
	return status;
}

static enum status read_core(struct store *store, policy_list *out, struct error *err)
{
	enum status status;
	struct query *query;

	for (size_t i = 0; i < policy_core_count(); i++) {
		struct policy policy;

		policy_core(i, &policy);
		vec_push(out, policy);
	}
	query = db_query(store->db, "SELECT name FROM core_policy", err);
	if (!query)
		return STATUS_FAILED;
	while (query_row(query, &status, err)) {
		const char *name = column_text(query, 0);

		for (size_t i = 0; name && i < out->count; i++)
			if (strcmp(out->at[i].name, name) == 0)
				out->at[i].enabled = true;
	}
	return status;
}

static enum status read_actions(struct store *store, int64_t id, struct policy *policy, struct error *err)
{
	enum status status;
	struct query *query = store_query(store, "SELECT action FROM policy_action WHERE policy = ?1 ORDER BY place", id, err);

	if (!query)
		return STATUS_FAILED;
	while (query_row(query, &status, err))
		vec_push(&policy->actions, column_dup(query, 0));
	return status;
}

static enum status read_custom(struct store *store, policy_list *out, struct error *err)
{
	enum status status;
	size_t first = out->count;
	VEC(int64_t) ids = { 0 };
	struct query *query = db_query(store->db, "SELECT id, name, description, deny, enabled FROM policy ORDER BY name", err);

	if (!query)
		return STATUS_FAILED;
	while (query_row(query, &status, err)) {
		vec_push(&ids, column_int(query, 0));
		vec_push(out, ((struct policy){ .name = column_dup(query, 1), .description = column_dup(query, 2), .deny = column_dup(query, 3),
			.enabled = column_int(query, 4) }));
	}
	for (size_t i = 0; status == STATUS_OK && i < ids.count; i++)
		status = read_actions(store, ids.at[i], &out->at[first + i], err);
	vec_done(&ids);
	return status;
}

enum status policy_all(struct store *store, policy_list *out, struct error *err)
{
	enum status status = read_core(store, out, err);

	if (status == STATUS_OK)
		status = read_custom(store, out, err);
	if (status != STATUS_OK)
		policy_list_done(out);
	return status;
}

/* Whether any policy can deny anything, without reading them. */
enum status policy_any_enabled(struct store *store, bool *any, struct error *err)
{
	enum status status;
	struct query *query = db_query(store->db, "SELECT 1 FROM core_policy UNION ALL SELECT 1 FROM policy WHERE enabled LIMIT 1", err);

	*any = false;
	if (!query)
		return STATUS_FAILED;
	*any = query_row(query, &status, err);
	if (*any)
		query_reset(query);
	return status;
}

static enum status write_action(struct store *store, int64_t id, size_t place, const char *action, struct error *err)
{
	struct query *query = store_query(store, "INSERT INTO policy_action (policy, place, action) VALUES (?1, ?2, ?3)", id, err);

	if (!query)
		return STATUS_FAILED;
	query_int(query, 2, (int64_t)place);
	query_text(query, 3, action);
	return query_run(query, err);
}

static enum status insert(struct store *store, const struct policy *policy, struct error *err)
{
	enum status status = name_free(store, &named_policy, policy->name, 0, err);
	struct query *query;
	int64_t id;

	if (status != STATUS_OK)
		return status;
	query = db_query(store->db, "INSERT INTO policy (name, description, deny, enabled) VALUES (?1, ?2, ?3, ?4)", err);
	if (!query)
		return STATUS_FAILED;
	query_text(query, 1, policy->name);
	query_text(query, 2, policy->description);
	query_text(query, 3, policy->deny);
	query_int(query, 4, policy->enabled);
	status = query_run(query, err);
	id = db_last_id(store->db);
	for (size_t i = 0; status == STATUS_OK && i < policy->actions.count; i++)
		status = write_action(store, id, i, policy->actions.at[i], err);
	return status;
}

enum status policy_insert(struct store *store, const struct policy *policy, struct error *err)
{
	enum status status = store_begin(store, err);

	return status == STATUS_OK ? store_end(store, insert(store, policy, err), err) : status;
}

/* A statement about one policy by its name. Custom ones must be there. */
static enum status run_named(struct store *store, const char *sql, const char *name, bool custom, struct error *err)
{
	struct query *query = db_query(store->db, sql, err);
	enum status status;

	if (!query)
		return STATUS_FAILED;
	query_text(query, 1, name);
	status = query_run(query, err);
	if (status == STATUS_OK && custom && db_changes(store->db) == 0)
		return name_missing(store, &named_policy, name, err);
	return status;
}

static enum status enable(struct store *store, const char *name, bool enabled, struct error *err)
{
	if (policy_is_core(name))
		return run_named(store, enabled ? "INSERT OR IGNORE INTO core_policy (name) VALUES (?1)" : "DELETE FROM core_policy WHERE name = ?1", name, false, err);
	return run_named(store, enabled ? "UPDATE policy SET enabled = 1 WHERE name = ?1" : "UPDATE policy SET enabled = 0 WHERE name = ?1", name, true, err);
}

enum status policy_enable(struct store *store, const char *name, bool enabled, struct error *err)
{
	enum status status = store_begin(store, err);

	return status == STATUS_OK ? store_end(store, enable(store, name, enabled, err), err) : status;
}

enum status policy_delete(struct store *store, const char *name, struct error *err)
{
	enum status status = store_begin(store, err);

	return status == STATUS_OK ? store_end(store, run_named(store, "DELETE FROM policy WHERE name = ?1", name, true, err), err) : status;
}
