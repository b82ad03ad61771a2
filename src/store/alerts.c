#include "store/alerts.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "db/db.h"
#include "store/inside.h"
#include "store/tables.h"

#include <stdio.h>

enum { CERTIFICATE_NAME = 48 /* bytes of its name in `meta` */ };

static const struct named named_alert = {
	.all = "SELECT name FROM alert ORDER BY name",
	.taken = "SELECT 1 FROM alert WHERE name = ?1 AND id <> ?2",
	.missing = N_("there is no alert \"%s\""),
	.lost = N_("there is no alert number %lld"),
	.exists = N_("there is already an alert \"%s\""),
};

#define SELECT "SELECT a.id, a.name, a.kind, a.over, coalesce(a.dataflow, 0), f.name, a.way, a.target, a.enabled FROM alert a LEFT JOIN dataflow f ON f.id = a.dataflow "

static bool read_row(struct query *query, struct alert *out)
{
	const char *kind = column_text(query, 2), *way = column_text(query, 6);

	out->id = column_int(query, 0);
	out->name = column_dup(query, 1);
	out->over = column_int(query, 3);
	out->dataflow_id = column_int(query, 4);
	out->dataflow = column_dup(query, 5);
	out->target = column_dup(query, 7);
	out->enabled = column_int(query, 8);
	return kind && alert_kind_parse(kind, &out->kind) && way && alert_way_parse(way, &out->way);
}

static enum status write_row(struct store *store, const char *sql, const struct alert *alert, struct error *err)
{
	enum status status = name_free(store, &named_alert, alert->name, alert->id, err);
	struct query *query = status == STATUS_OK ? db_query(store->db, sql, err) : NULL;

	if (!query)
		return status == STATUS_OK ? STATUS_FAILED : status;
	if (alert->id)
		query_int(query, 1, alert->id);
	query_text(query, 2, alert->name);
	query_text(query, 3, alert_kind_text(alert->kind));
	query_int(query, 4, alert->over);
	if (alert->dataflow_id)
		query_int(query, 5, alert->dataflow_id);
	query_text(query, 6, alert_way_text(alert->way));
	query_text(query, 7, alert->target);
	query_int(query, 8, alert->enabled);
	return query_run(query, err);
}

enum status alert_insert(struct store *store, struct alert *alert, struct error *err)
{
	enum status status = store_begin(store, err);

	if (status != STATUS_OK)
		return status;
	alert->id = 0;
	status = write_row(store, "INSERT INTO alert (id, name, kind, over, dataflow, way, target, enabled) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)", alert, err);
	if (status == STATUS_OK)
		alert->id = db_last_id(store->db);
	status = store_end(store, status, err);
	if (status != STATUS_OK)
		alert->id = 0;
	return status;
}

enum status alert_save(struct store *store, const struct alert *alert, struct error *err)
{
	enum status status = store_begin(store, err);

	if (status != STATUS_OK)
		return status;
	status = write_row(store, "UPDATE alert SET (name, kind, over, dataflow, way, target, enabled) = (?2, ?3, ?4, ?5, ?6, ?7, ?8) WHERE id = ?1", alert, err);
	if (status == STATUS_OK && db_changes(store->db) == 0)
		status = name_lost(&named_alert, alert->id, err);
	/* Another rule: what the old one had begun is none of its. */
	if (status == STATUS_OK)
		status = store_run(store, "DELETE FROM incident WHERE alert = ?1", alert->id, err);
	return store_end(store, status, err);
}

enum status alert_find(struct store *store, const char *name, struct alert *out, struct error *err)
{
	enum status status;
	struct query *query = db_query(store->db, SELECT "WHERE a.name = ?1", err);

	alert_init(out);
	if (!query)
		return STATUS_FAILED;
	query_text(query, 1, name);
	if (!query_row(query, &status, err))
		return status == STATUS_OK ? name_missing(store, &named_alert, name, err) : status;
	bool good = read_row(query, out);
	query_reset(query);
	return good ? STATUS_OK : store_bad_value(store, err);
}

void alert_list_done(alert_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		alert_done(&list->at[i]);
	vec_done(list);
}

enum status alert_all(struct store *store, alert_list *out, struct error *err)
{
	enum status status;
	struct query *query = db_query(store->db, SELECT "ORDER BY a.name", err);

	if (!query)
		return STATUS_FAILED;
	while (query_row(query, &status, err)) {
		struct alert alert;

		alert_init(&alert);
		bool good = read_row(query, &alert);
		vec_push(out, alert);
		if (!good) {
			query_reset(query);
			status = store_bad_value(store, err);
			break;
		}
	}
	if (status != STATUS_OK)
		alert_list_done(out);
	return status;
}

enum status alert_delete(struct store *store, int64_t id, struct error *err)
{
	enum status status = store_may_write(store, err);

	if (status == STATUS_OK)
		status = store_run(store, "DELETE FROM alert WHERE id = ?1", id, err);
	return status == STATUS_OK && db_changes(store->db) == 0 ? name_lost(&named_alert, id, err) : status;
}

enum status incident_get(struct store *store, int64_t alert_id, int64_t subject, struct incident *out, bool *found, struct error *err)
{
	enum status status;
	struct query *query = store_query(store, "SELECT since, value, told, over_at FROM incident WHERE alert = ?1 AND subject = ?2", alert_id, err);

	*found = false;
	*out = (struct incident){ .alert_id = alert_id, .subject = subject };
	if (!query)
		return STATUS_FAILED;
	query_int(query, 2, subject);
	while (query_row(query, &status, err)) {
		*found = true;
		out->since = column_int(query, 0);
		out->value = column_int(query, 1);
		out->told = column_int(query, 2);
		out->over_at = column_int(query, 3);
	}
	return status;
}

enum status incident_all(struct store *store, int64_t alert_id, incident_list *out, struct error *err)
{
	struct query *query = store_query(store, "SELECT subject, since, value, told, over_at FROM incident WHERE alert = ?1 ORDER BY since, subject", alert_id, err);
	enum status status = STATUS_FAILED;

	while (query && query_row(query, &status, err))
		vec_push(out, ((struct incident){ .alert_id = alert_id, .subject = column_int(query, 0), .since = column_int(query, 1), .value = column_int(query, 2),
			.told = column_int(query, 3), .over_at = column_int(query, 4) }));
	return status;
}

enum status incident_put(struct store *store, const struct incident *incident, struct error *err)
{
	enum status status = store_may_write(store, err);
	struct query *query = status != STATUS_OK ? NULL : store_query(store,
		"INSERT INTO incident (alert, subject, since, value, told, over_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
		" ON CONFLICT (alert, subject) DO UPDATE SET (since, value, told, over_at) = (?3, ?4, ?5, ?6)",
		incident->alert_id, err);

	if (!query)
		return status == STATUS_OK ? STATUS_FAILED : status;
	query_int(query, 2, incident->subject);
	query_int(query, 3, incident->since);
	query_int(query, 4, incident->value);
	query_int(query, 5, incident->told);
	query_int(query, 6, incident->over_at);
	return query_run(query, err);
}

enum status incident_delete(struct store *store, int64_t alert_id, int64_t subject, struct error *err)
{
	struct query *query = store_query(store, "DELETE FROM incident WHERE alert = ?1 AND subject = ?2", alert_id, err);

	if (!query)
		return STATUS_FAILED;
	query_int(query, 2, subject);
	return query_run(query, err);
}

enum status incidents_forget(struct store *store, bool of_account, int64_t id, struct error *err)
{
	/* What a subject is, its kind decides: see struct incident. */
	static const char accounts[] = "DELETE FROM incident WHERE subject = ?1 AND alert IN (SELECT id FROM alert WHERE kind IN (?2, ?3))";
	static const char dataflows[] = "DELETE FROM incident WHERE (subject = ?1 AND alert IN (SELECT id FROM alert WHERE kind NOT IN (?2, ?3)))"
		" OR (subject = -?1 AND alert IN (SELECT id FROM alert WHERE kind = ?3))";
	struct query *query = store_query(store, of_account ? accounts : dataflows, id, err);

	if (!query)
		return STATUS_FAILED;
	query_text(query, 2, alert_kind_text(ALERT_QUOTA));
	query_text(query, 3, alert_kind_text(ALERT_CERTIFICATE));
	return query_run(query, err);
}

void incident_news_list_done(incident_news_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		mem_free(list->at[i].alert);
		mem_free(list->at[i].subject);
	}
	vec_done(list);
}

enum status incident_news_all(struct store *store, incident_news_list *out, struct error *err)
{
	enum status status;
	struct query *query = store_query(store,
		"SELECT a.name, a.kind, coalesce(c.name, f.name), i.since, i.over_at FROM incident i JOIN alert a ON a.id = i.alert"
		" LEFT JOIN account c ON a.kind IN (?2, ?3) AND c.id = i.subject LEFT JOIN dataflow f ON f.id = CASE a.kind WHEN ?2 THEN 0 WHEN ?3 THEN -i.subject ELSE i.subject END"
		" WHERE i.since > ?1 ORDER BY i.since DESC", 0, err);

	if (!query)
		return STATUS_FAILED;
	query_text(query, 2, alert_kind_text(ALERT_QUOTA));
	query_text(query, 3, alert_kind_text(ALERT_CERTIFICATE));
	while (query_row(query, &status, err)) {
		struct incident_news news = { .alert = column_dup(query, 0), .subject = column_dup(query, 2), .since = column_int(query, 3), .over_at = column_int(query, 4) };
		const char *kind = column_text(query, 1);

		/* A kind of a newer version is told by the name alone. */
		if (kind)
			alert_kind_parse(kind, &news.kind);
		vec_push(out, news);
	}
	if (status != STATUS_OK)
		incident_news_list_done(out);
	return status;
}

enum status outcome_save(struct store *store, int64_t dataflow_id, int64_t at_ms, enum status outcome, struct error *err)
{
	enum status status = store_may_write(store, err);
	struct query *query = status != STATUS_OK ? NULL : store_query(store,
		"INSERT INTO outcome (dataflow, at, status) VALUES (?1, ?2, ?3) ON CONFLICT (dataflow) DO UPDATE SET (at, status) = (?2, ?3)", dataflow_id, err);

	if (!query)
		return status == STATUS_OK ? STATUS_FAILED : status;
	query_int(query, 2, at_ms);
	query_int(query, 3, outcome);
	return query_run(query, err);
}

enum status alert_facts_load(struct store *store, int64_t dataflow_id, struct alert_facts *out, struct error *err)
{
	enum status status;
	struct query *query = store_query(store, "SELECT status FROM outcome WHERE dataflow = ?1", dataflow_id, err);

	*out = (struct alert_facts){ 0 };
	if (!query)
		return STATUS_FAILED;
	while (query_row(query, &status, err)) {
		out->ended = true;
		out->status = (enum status)column_int(query, 0);
	}
	if (status != STATUS_OK)
		return status;
	query = store_query(store,
		"SELECT received, excluded + failed FROM run WHERE dataflow = ?1 AND ended_at > 0 AND state IN ('success', 'partial', 'failed') ORDER BY id DESC LIMIT 1",
		dataflow_id, err);
	if (!query)
		return STATUS_FAILED;
	while (query_row(query, &status, err)) {
		out->received = column_int(query, 0);
		out->skipped = column_int(query, 1);
	}
	return status;
}

static void certificate_name(int64_t account_id, char out[CERTIFICATE_NAME])
{
	snprintf(out, CERTIFICATE_NAME, "certificate.%lld", (long long)account_id);
}

enum status certificate_seen_save(struct store *store, int64_t account_id, int64_t end_ms, struct error *err)
{
	char name[CERTIFICATE_NAME];

	certificate_name(account_id, name);
	return meta_number_save(store, name, end_ms, err);
}

enum status certificate_seen(struct store *store, int64_t account_id, int64_t *end_ms, struct error *err)
{
	char name[CERTIFICATE_NAME];

	certificate_name(account_id, name);
	*end_ms = 0;
	return meta_number(store, name, INT64_MAX, end_ms, err);
}
