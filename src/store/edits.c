/* What was edited in a draft, kept as what became of which piece of its text: small, without end, and both ways. */
#include "base/i18n.h"
#include "base/str.h"
#include "db/db.h"
#include "store/inside.h"
#include "store/tables.h"

#include <string.h>

/* The piece that differs; whole characters, since the pieces are texts. */
struct piece {
	size_t place, before, after; /* bytes: where it begins, how long it was and is */
};

static bool is_inside(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

static struct piece compare(const char *before, const char *after)
{
	size_t old = strlen(before), new = strlen(after), place = 0, tail = 0;

	while (place < old && place < new && before[place] == after[place])
		place++;
	while (place && (is_inside(before[place]) || is_inside(after[place])))
		place--;
	while (tail < old - place && tail < new - place && before[old - 1 - tail] == after[new - 1 - tail])
		tail++;
	while (tail && is_inside(before[old - tail]))
		tail--;
	return (struct piece){ place, old - place - tail, new - place - tail };
}

static enum status forget_undone(struct store *store, int64_t id, struct error *err)
{
	return store_run(store, "DELETE FROM draft_edit WHERE draft = ?1 AND number > (SELECT edit FROM draft WHERE id = ?1)", id, err);
}

static enum status insert(struct store *store, int64_t id, const char *before, const char *after, struct error *err)
{
	struct piece piece = compare(before, after);
	struct str old = { 0 }, new = { 0 };
	struct query *query = db_query(store->db,
		"INSERT INTO draft_edit (draft, number, place, before, after) SELECT id, edit + 1, ?2, ?3, ?4 FROM draft WHERE id = ?1", err);

	if (!query)
		return STATUS_FAILED;
	str_add_bytes(&old, before + piece.place, piece.before);
	str_add_bytes(&new, after + piece.place, piece.after);
	query_int(query, 1, id);
	query_int(query, 2, (int64_t)piece.place);
	query_text(query, 3, str_text(&old));
	query_text(query, 4, str_text(&new));
	str_done(&old);
	str_done(&new);
	return query_run(query, err);
}

enum status edit_note(struct store *store, const struct draft *draft, const char *before, struct error *err)
{
	struct str after = { 0 };
	enum status status = STATUS_OK;

	draft_write_edits(draft, &after);
	if (strcmp(before, str_text(&after)) != 0) {
		status = forget_undone(store, draft->id, err);
		if (status == STATUS_OK)
			status = insert(store, draft->id, before, str_text(&after), err);
		if (status == STATUS_OK)
			status = store_run(store, "UPDATE draft SET edit = edit + 1 WHERE id = ?1", draft->id, err);
	}
	str_done(&after);
	return status;
}

enum status draft_was_edited(struct store *store, int64_t id, bool *edited, struct error *err)
{
	enum status status = STATUS_FAILED;
	struct query *query = store_query(store, "SELECT 1 FROM draft_edit WHERE draft = ?1 LIMIT 1", id, err);

	*edited = query && query_row(query, &status, err);
	if (*edited)
		query_reset(query);
	return *edited ? STATUS_OK : status;
}

/* One piece of text becomes another. False: it is not there. */
static bool apply(const struct str *text, int64_t place, const char *from, const char *to, struct str *out)
{
	size_t length = strlen(from);

	if (place < 0 || (size_t)place > text->length || text->length - (size_t)place < length || memcmp(str_text(text) + place, from, length) != 0)
		return false;
	str_add_bytes(out, str_text(text), (size_t)place);
	str_add(out, to);
	str_add(out, str_text(text) + (size_t)place + length);
	return true;
}

static bool read_back(struct draft *draft, const struct str *text)
{
	struct json *json = json_parse(str_text(text), text->length, NULL, NULL);
	struct draft edited;
	bool good;

	draft_init(&edited);
	good = json && draft_read(json, &edited);
	json_free(json);
	if (good)
		draft_take_edits(draft, &edited);
	draft_done(&edited);
	return good;
}

/* The edit in force goes back, or the one after it goes on. */
static enum status change(struct store *store, struct draft *draft, bool redo, bool *done, struct error *err)
{
	struct query *query = store_query(store, redo ? "SELECT place, before, after FROM draft_edit, draft WHERE id = ?1 AND draft = id AND number = edit + 1" :
		"SELECT place, after, before FROM draft_edit, draft WHERE id = ?1 AND draft = id AND number = edit", draft->id, err);
	struct str text = { 0 }, changed = { 0 };
	enum status status;

	*done = query && query_row(query, &status, err);
	if (!query || !*done)
		return query ? status : STATUS_FAILED;
	draft_write_edits(draft, &text);
	status = apply(&text, column_int(query, 0), column_text(query, 1), column_text(query, 2), &changed) && read_back(draft, &changed) ? STATUS_OK :
		error_set(err, STATUS_FAILED, "draft", _("the edits of draft number %lld do not fit it"), (long long)draft->id);
	query_reset(query);
	str_done(&text);
	str_done(&changed);
	return status;
}

/* The text as it is now; that it is an edit taken back, not a new one, shows in `edit`. */
static enum status keep(struct store *store, struct draft *draft, bool redo, struct error *err)
{
	struct query *query = db_query(store->db, "UPDATE draft SET (body, edit) = (?1, edit + ?2) WHERE id = ?3", err);
	struct str body = { 0 };

	if (!query)
		return STATUS_FAILED;
	draft_write(draft, &body);
	query_text(query, 1, str_text(&body));
	query_int(query, 2, redo ? 1 : -1);
	query_int(query, 3, draft->id);
	str_done(&body);
	return query_run(query, err);
}

enum status draft_undo(struct store *store, struct draft *draft, bool redo, bool *done, struct error *err)
{
	enum status status = store_begin(store, err);

	*done = false;
	if (status != STATUS_OK)
		return status;
	status = change(store, draft, redo, done, err);
	if (status == STATUS_OK && *done)
		status = keep(store, draft, redo, err);
	return store_end(store, status, err);
}
