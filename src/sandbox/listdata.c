/* The tables of lists and members. */
#include "base/clock.h"
#include "base/mem.h"
#include "db/db.h"
#include "sandbox/lists.h"

#include <string.h>

#define LIST_COLUMNS "SELECT id, name, description, folder, folder_type, created, updated FROM lists "

void list_done(struct list *list)
{
	mem_free(list->name);
	mem_free(list->description);
	memset(list, 0, sizeof *list);
}

static enum status list_read(struct query *query, struct list *out, struct error *err)
{
	enum status status;

	memset(out, 0, sizeof *out);
	if (!query_row(query, &status, err))
		return status;
	out->id = column_int(query, 0);
	out->name = column_dup(query, 1);
	out->description = column_dup(query, 2);
	out->folder = folder_get(column_int(query, 3), strcmp(column_text(query, 4), "Program") == 0);
	out->created = column_int(query, 5);
	out->updated = column_int(query, 6);
	query_reset(query);
	return STATUS_OK;
}

enum status list_load(struct sandbox *box, int64_t id, struct list *out, struct error *err)
{
	struct query *query = db_query(box->db, LIST_COLUMNS "WHERE id = ?", err);

	if (!query)
		return STATUS_FAILED;
	query_int(query, 1, id);
	return list_read(query, out, err);
}

enum status list_named(struct sandbox *box, const char *name, struct list *out, struct error *err)
{
	struct query *query = db_query(box->db, LIST_COLUMNS "WHERE name = ?", err);

	if (!query)
		return STATUS_FAILED;
	query_text(query, 1, name);
	return list_read(query, out, err);
}

enum status list_next(struct sandbox *box, int64_t after, struct list *out, struct error *err)
{
	struct query *query = db_query(box->db, LIST_COLUMNS "WHERE id > ? ORDER BY id LIMIT 1", err);

	if (!query)
		return STATUS_FAILED;
	query_int(query, 1, after);
	return list_read(query, out, err);
}

enum status list_insert(struct sandbox *box, struct list *list, struct error *err)
{
	struct query *query = db_query(box->db,
		"INSERT INTO lists (id, name, description, folder, folder_type, created, updated) VALUES (?, ?, ?, ?, ?, ?, ?)", err);

	if (!query)
		return STATUS_FAILED;
	list->id = box->next_list++;
	list->created = list->updated = clock_wall_ms();
	query_int(query, 1, list->id);
	query_text(query, 2, list->name);
	query_text(query, 3, list->description);
	query_int(query, 4, list->folder->id);
	query_text(query, 5, list->folder->program ? "Program" : "Folder");
	query_int(query, 6, list->created);
	query_int(query, 7, list->updated);
	return query_run(query, err);
}

enum status list_update(struct sandbox *box, const struct list *list, struct error *err)
{
	struct query *query = db_query(box->db, "UPDATE lists SET name = ?, description = ?, updated = ? WHERE id = ?", err);

	if (!query)
		return STATUS_FAILED;
	query_text(query, 1, list->name);
	query_text(query, 2, list->description);
	query_int(query, 3, clock_wall_ms());
	query_int(query, 4, list->id);
	return query_run(query, err);
}

static enum status run_with(struct sandbox *box, const char *sql, int64_t first, int64_t second, struct error *err)
{
	struct query *query = db_query(box->db, sql, err);

	if (!query)
		return STATUS_FAILED;
	query_int(query, 1, first);
	if (second)
		query_int(query, 2, second);
	return query_run(query, err);
}

enum status list_delete(struct sandbox *box, int64_t id, struct error *err)
{
	enum status status = run_with(box, "DELETE FROM members WHERE list = ?", id, 0, err);

	return status == STATUS_OK ? run_with(box, "DELETE FROM lists WHERE id = ?", id, 0, err) : status;
}

/* --- members --- */

enum status member_is(struct sandbox *box, int64_t list, int64_t person, bool *member, struct error *err)
{
	struct query *query = db_query(box->db, "SELECT 1 FROM members WHERE list = ? AND person = ?", err);
	enum status status = STATUS_OK;

	if (!query)
		return STATUS_FAILED;
	query_int(query, 1, list);
	query_int(query, 2, person);
	*member = query_row(query, &status, err);
	if (*member)
		query_reset(query);
	return *member ? STATUS_OK : status;
}

enum status member_add(struct sandbox *box, int64_t list, int64_t person, struct error *err)
{
	return run_with(box, "INSERT OR IGNORE INTO members (list, person) VALUES (?, ?)", list, person, err);
}

enum status member_remove(struct sandbox *box, int64_t list, int64_t person, struct error *err)
{
	return run_with(box, "DELETE FROM members WHERE list = ? AND person = ?", list, person, err);
}

enum status members_inherit(struct sandbox *box, int64_t winner, int64_t loser, struct error *err)
{
	return run_with(box, "INSERT OR IGNORE INTO members (list, person) SELECT list, ?1 FROM members WHERE person = ?2", winner, loser, err);
}

enum status member_count(struct sandbox *box, int64_t list, int64_t *count, struct error *err)
{
	struct query *query = db_query(box->db, "SELECT count(*) FROM members WHERE list = ?", err);
	enum status status;

	*count = 0;
	if (!query)
		return STATUS_FAILED;
	query_int(query, 1, list);
	if (!query_row(query, &status, err))
		return status;
	*count = column_int(query, 0);
	query_reset(query);
	return STATUS_OK;
}

enum status member_page(struct sandbox *box, int64_t list, int64_t after, size_t limit, numbers *out, struct error *err)
{
	struct query *query = db_query(box->db, "SELECT person FROM members WHERE list = ? AND person > ? ORDER BY person", err);
	enum status status = STATUS_OK;

	if (!query)
		return STATUS_FAILED;
	query_int(query, 1, list);
	query_int(query, 2, after);
	while (out->count < limit && query_row(query, &status, err))
		vec_push(out, column_int(query, 0));
	query_reset(query);
	return status;
}
