/* Drafts of the wizard: JSON of our own, read back with the suspicion that every file deserves. The connection's synchronous=FULL makes each save durable. */
#include "base/clock.h"
#include "base/i18n.h"
#include "base/vec.h"
#include "db/db.h"
#include "store/inside.h"
#include "store/tables.h"

#include <string.h>

static enum status lost(int64_t id, struct error *err)
{
	return error_set(err, STATUS_USAGE, "not_found", _("there is no draft number %lld"), (long long)id);
}

static enum status unreadable(int64_t id, struct error *err)
{
	error_set(err, STATUS_FAILED, "draft", _("the draft number %lld cannot be read"), (long long)id);
	error_hint(err, _("`penstock draft delete %lld` takes it away"), (long long)id);
	return STATUS_FAILED;
}

/* id, body, saved_at. False: the body is no draft. */
static bool read_row(struct query *query, struct draft *out)
{
	const char *body = column_text(query, 1);
	struct json *json = body ? json_parse(body, strlen(body), NULL, NULL) : NULL;
	bool good = json && draft_read(json, out);

	json_free(json);
	out->id = column_int(query, 0);
	out->saved_at = column_int(query, 2);
	return good;
}

static enum status write_row(struct store *store, const char *sql, const struct draft *draft, int64_t saved_at, struct error *err)
{
	struct query *query = db_query(store->db, sql, err);
	struct str body = { 0 };

	if (!query)
		return STATUS_FAILED;
	draft_write(draft, &body);
	query_text(query, 1, str_text(&body));
	query_int(query, 2, saved_at);
	if (draft->id)
		query_int(query, 3, draft->id);
	str_done(&body);
	return query_run(query, err);
}

/* The edits of the draft as it is stored; of a new one, and of one that cannot be read, those of an empty draft. */
static enum status edits_before(struct store *store, int64_t id, struct str *out, struct error *err)
{
	struct error unread = { 0 };
	struct draft draft;
	enum status status = id ? draft_load(store, id, &draft, &unread) : STATUS_OK;

	if (!id || strcmp(unread.code, "draft") == 0) {
		if (id)
			draft_done(&draft);
		draft_init(&draft);
		status = STATUS_OK;
	}
	if (status != STATUS_OK && err)
		*err = unread;
	draft_write_edits(&draft, out);
	draft_done(&draft);
	return status;
}

enum status draft_insert(struct store *store, struct draft *draft, struct error *err)
{
	int64_t now = clock_wall_ms(), id = 0;
	enum status status = store_begin(store, err);
	struct str before = { 0 };

	if (status != STATUS_OK)
		return status;
	draft->id = 0;
	status = edits_before(store, 0, &before, err);
	if (status == STATUS_OK)
		status = write_row(store, "INSERT INTO draft (body, saved_at) VALUES (?1, ?2)", draft, now, err);
	if (status == STATUS_OK)
		draft->id = id = db_last_id(store->db);
	/* What a launched dataflow has was no edit: taking that back would leave a draft of nothing. */
	if (status == STATUS_OK && !*draft_get(draft, DRAFT_MAPPING_OF))
		status = edit_note(store, draft, str_text(&before), err);
	str_done(&before);
	draft->id = 0;
	status = store_end(store, status, err);
	if (status == STATUS_OK) {
		draft->id = id;
		draft->saved_at = now;
	}
	return status;
}

enum status draft_save(struct store *store, struct draft *draft, struct error *err)
{
	int64_t now = clock_wall_ms();
	enum status status = store_begin(store, err);
	struct str before = { 0 };

	if (status != STATUS_OK)
		return status;
	status = edits_before(store, draft->id, &before, err);
	if (status == STATUS_OK)
		status = write_row(store, "UPDATE draft SET (body, saved_at) = (?1, ?2) WHERE id = ?3", draft, now, err);
	if (status == STATUS_OK)
		status = edit_note(store, draft, str_text(&before), err);
	str_done(&before);
	status = store_end(store, status, err);
	if (status == STATUS_OK)
		draft->saved_at = now;
	return status;
}

enum status draft_renew(struct store *store, const struct draft *draft, struct error *err)
{
	enum status status = store_begin(store, err);

	if (status != STATUS_OK)
		return status;
	return store_end(store, write_row(store, "UPDATE draft SET (body, saved_at) = (?1, ?2) WHERE id = ?3", draft, draft->saved_at, err), err);
}

enum status draft_load(struct store *store, int64_t id, struct draft *out, struct error *err)
{
	enum status status;
	struct query *query = store_query(store, "SELECT id, body, saved_at FROM draft WHERE id = ?1", id, err);

	draft_init(out);
	if (!query)
		return STATUS_FAILED;
	if (!query_row(query, &status, err))
		return status == STATUS_OK ? lost(id, err) : status;
	bool good = read_row(query, out);
	query_reset(query);
	return good ? STATUS_OK : unreadable(id, err);
}

void draft_list_done(draft_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		draft_done(&list->at[i]);
	vec_done(list);
}

enum status draft_all(struct store *store, draft_list *out, int64_t *skipped, struct error *err)
{
	enum status status;
	int64_t bad = 0;
	struct query *query = db_query(store->db, "SELECT id, body, saved_at FROM draft ORDER BY saved_at DESC, id DESC", err);

	if (!query)
		return STATUS_FAILED;
	while (query_row(query, &status, err)) {
		struct draft draft;

		draft_init(&draft);
		if (read_row(query, &draft)) {
			vec_push(out, draft);
		} else {
			draft_done(&draft);
			bad++;
		}
	}
	if (skipped)
		*skipped = bad;
	if (status != STATUS_OK)
		draft_list_done(out);
	return status;
}

enum status draft_delete(struct store *store, int64_t id, struct error *err)
{
	enum status status = store_begin(store, err);

	if (status != STATUS_OK)
		return status;
	status = store_run(store, "DELETE FROM draft WHERE id = ?1", id, err);
	if (status == STATUS_OK && db_changes(store->db) == 0)
		status = lost(id, err);
	return store_end(store, status, err);
}
