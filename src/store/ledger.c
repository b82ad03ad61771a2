#include "store/ledger.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/vec.h"
#include "db/db.h"
#include "store/inside.h"

#include <string.h>

/* A forward cursor over keys: cheap while the asked keys ascend. */
struct cursor {
	struct query *query; /* own statement; NULL before the first use */
	int64_t list;
	unsigned char key[KEY_HASH];   /* where it stands */
	unsigned char asked[KEY_HASH]; /* the last key asked for */
	bool on_row, at_end, used;
};

/* Past so many rows between two asked keys a new search is cheaper than stepping. */
enum { CURSOR_STEPS = 12 };

struct ledger {
	struct store *store;
	struct db *db;
	int64_t account;
	struct cursor person;
	VEC(struct cursor) members;
	VEC(char *) names; /* index = number - 1 */
};

enum status ledger_learn(struct ledger *ledger, struct error *err)
{
	enum status status;
	struct query *query = db_query(ledger->db, "SELECT name FROM ledger_field WHERE account = ? AND number > ? ORDER BY number", err);

	if (!query)
		return STATUS_FAILED;
	query_int(query, 1, ledger->account);
	query_int(query, 2, (int64_t)ledger->names.count);
	while (query_row(query, &status, err))
		vec_push(&ledger->names, column_dup(query, 0));
	return status;
}

enum status ledger_open(struct store *store, int64_t account_id, struct ledger **out, struct error *err)
{
	struct ledger *ledger = mem_alloc(sizeof *ledger);
	enum status status;

	ledger->store = store;
	ledger->db = store_db(store);
	ledger->account = account_id;
	status = ledger_learn(ledger, err);
	if (status != STATUS_OK) {
		ledger_close(ledger);
		ledger = NULL;
	}
	*out = ledger;
	return status;
}

void ledger_close(struct ledger *ledger)
{
	size_t i;

	if (!ledger)
		return;
	query_free(ledger->person.query);
	for (i = 0; i < ledger->members.count; i++)
		query_free(ledger->members.at[i].query);
	vec_done(&ledger->members);
	for (i = 0; i < ledger->names.count; i++)
		mem_free(ledger->names.at[i]);
	vec_done(&ledger->names);
	mem_free(ledger);
}

unsigned ledger_field_number(struct ledger *ledger, const char *name, struct error *err)
{
	struct query *query;
	size_t i;

	for (i = 0; i < ledger->names.count; i++)
		if (strcmp(ledger->names.at[i], name) == 0)
			return (unsigned)i + 1;
	if (ledger->names.count >= 0xffff) {
		error_set(err, STATUS_FAILED, "store", _("the ledger of this account knows too many fields"));
		return 0;
	}
	/* Who only looks needs the number no longer than this. */
	if (!ledger->store->read_only) {
		query = db_query(ledger->db, "INSERT INTO ledger_field (account, name, number) VALUES (?, ?, ?)", err);
		if (!query)
			return 0;
		query_int(query, 1, ledger->account);
		query_text(query, 2, name);
		query_int(query, 3, (int64_t)ledger->names.count + 1);
		if (query_run(query, err) != STATUS_OK)
			return 0;
	}
	vec_push(&ledger->names, mem_strdup(name));
	return (unsigned)ledger->names.count;
}

const char *ledger_field_name(const struct ledger *ledger, unsigned number)
{
	return number > 0 && number <= ledger->names.count ? ledger->names.at[number - 1] : NULL;
}

static void cursor_rest(struct cursor *cursor)
{
	if (cursor->query)
		query_reset(cursor->query);
	cursor->on_row = cursor->at_end = cursor->used = false;
}

void ledger_rest(struct ledger *ledger)
{
	size_t i;

	cursor_rest(&ledger->person);
	for (i = 0; i < ledger->members.count; i++)
		cursor_rest(&ledger->members.at[i]);
}

static enum status cursor_step(struct cursor *cursor, struct error *err)
{
	enum status status = STATUS_OK;
	size_t length;
	const void *bytes;

	cursor->on_row = query_row(cursor->query, &status, err);
	if (!cursor->on_row) {
		cursor->at_end = status == STATUS_OK;
		return status;
	}
	bytes = column_blob(cursor->query, 0, &length);
	if (length != KEY_HASH)
		return error_set(err, STATUS_FAILED, "store", _("the ledger is damaged: a key has the wrong length"));
	memcpy(cursor->key, bytes, KEY_HASH);
	return STATUS_OK;
}

static enum status cursor_search(struct ledger *ledger, struct cursor *cursor, const unsigned char *key, struct error *err)
{
	int index = 1;

	query_reset(cursor->query);
	query_int(cursor->query, index++, ledger->account);
	if (cursor->list)
		query_int(cursor->query, index++, cursor->list);
	query_blob(cursor->query, index, key, KEY_HASH);
	cursor->used = true;
	cursor->at_end = false;
	return cursor_step(cursor, err);
}

/* Brings the cursor to the first row at or after key; *found: it is this key. */
static enum status cursor_find(struct ledger *ledger, struct cursor *cursor, const unsigned char *key, bool *found, struct error *err)
{
	enum status status = STATUS_OK;
	int steps = 0;

	*found = false;
	if (!cursor->used || memcmp(key, cursor->asked, KEY_HASH) < 0)
		status = cursor_search(ledger, cursor, key, err);
	while (status == STATUS_OK && cursor->on_row && memcmp(cursor->key, key, KEY_HASH) < 0)
		status = ++steps > CURSOR_STEPS ? cursor_search(ledger, cursor, key, err) : cursor_step(cursor, err);
	memcpy(cursor->asked, key, KEY_HASH);
	if (status == STATUS_OK)
		*found = cursor->on_row && memcmp(cursor->key, key, KEY_HASH) == 0;
	else
		cursor_rest(cursor);
	return status;
}

enum status ledger_person_get(struct ledger *ledger, const unsigned char key[KEY_HASH], struct ledger_person *out, bool *known, struct error *err)
{
	struct cursor *cursor = &ledger->person;
	enum status status;

	memset(out, 0, sizeof *out);
	if (!cursor->query) {
		cursor->query = db_prepare(ledger->db, "SELECT key, lead, fields FROM person WHERE account = ? AND key >= ? ORDER BY key", err);
		if (!cursor->query)
			return STATUS_FAILED;
	}
	status = cursor_find(ledger, cursor, key, known, err);
	if (status != STATUS_OK || !*known)
		return status;
	out->lead = column_int(cursor->query, 1);
	out->fields = column_blob(cursor->query, 2, &out->fields_length);
	out->fields_length -= out->fields_length % LEDGER_FIELD_BYTES;
	return STATUS_OK;
}

static struct cursor *member_cursor(struct ledger *ledger, int64_t list, struct error *err)
{
	struct cursor fresh = {.list = list};
	size_t i;

	for (i = 0; i < ledger->members.count; i++)
		if (ledger->members.at[i].list == list)
			return &ledger->members.at[i];
	fresh.query = db_prepare(ledger->db, "SELECT key, state FROM member WHERE account = ? AND list = ? AND key >= ? ORDER BY key", err);
	if (!fresh.query)
		return NULL;
	vec_push(&ledger->members, fresh);
	return &ledger->members.at[ledger->members.count - 1];
}

/* As the column `state` has it. */
static const enum member_state states[] = {MEMBER_SURE, MEMBER_DOUBTED, MEMBER_LEAVING};

static int64_t state_number(enum member_state state)
{
	int64_t last = sizeof states / sizeof *states - 1, i = 0;

	while (i < last && states[i] != state)
		i++;
	return i;
}

enum status ledger_member_get(struct ledger *ledger, int64_t list, const unsigned char key[KEY_HASH], enum member_state *state, struct error *err)
{
	struct cursor *cursor;
	enum status status;
	bool found;
	int64_t number;

	*state = MEMBER_NOT;
	if (list <= 0)
		return STATUS_OK;
	cursor = member_cursor(ledger, list, err);
	status = cursor ? cursor_find(ledger, cursor, key, &found, err) : STATUS_FAILED;
	if (status != STATUS_OK || !found)
		return status;
	number = column_int(cursor->query, 1);
	if (number < 0 || number >= (int64_t)(sizeof states / sizeof *states))
		return error_set(err, STATUS_FAILED, "store", _("the ledger is damaged: a membership has an unknown state"));
	*state = states[number];
	return STATUS_OK;
}

enum status ledger_member_from(struct ledger *ledger, int64_t list, const unsigned char from[KEY_HASH], unsigned char key[KEY_HASH], bool *found, struct error *err)
{
	struct cursor *cursor;
	enum status status;
	bool same;

	*found = false;
	if (list <= 0)
		return STATUS_OK;
	cursor = member_cursor(ledger, list, err);
	status = cursor ? cursor_find(ledger, cursor, from, &same, err) : STATUS_FAILED;
	if (status == STATUS_OK && cursor->on_row) {
		memcpy(key, cursor->key, KEY_HASH);
		*found = true;
	}
	return status;
}

static enum status run_on_key(struct ledger *ledger, const char *sql, int64_t list, const unsigned char *key, struct error *err)
{
	struct query *query = db_query(ledger->db, sql, err);
	int index = 1;

	if (!query)
		return STATUS_FAILED;
	query_int(query, index++, ledger->account);
	if (list)
		query_int(query, index++, list);
	query_blob_static(query, index, key, KEY_HASH);
	return query_run(query, err);
}

enum status ledger_person_put(struct ledger *ledger, const unsigned char key[KEY_HASH], int64_t lead, const unsigned char *fields, size_t length, struct error *err)
{
	struct query *query = db_query(ledger->db, "INSERT OR REPLACE INTO person (account, key, lead, fields) VALUES (?, ?, ?, ?)", err);

	if (!query)
		return STATUS_FAILED;
	query_int(query, 1, ledger->account);
	query_blob_static(query, 2, key, KEY_HASH);
	query_int(query, 3, lead);
	query_blob_static(query, 4, length ? (const void *)fields : "", length);
	return query_run(query, err);
}

/* The account's first list after this one that has members; 0: none. */
static enum status next_list(struct ledger *ledger, int64_t after, int64_t *list, struct error *err)
{
	enum status status = STATUS_OK;
	struct query *query = db_query(ledger->db, "SELECT list FROM member WHERE account = ? AND list > ? ORDER BY list LIMIT 1", err);

	*list = 0;
	if (!query)
		return STATUS_FAILED;
	query_int(query, 1, ledger->account);
	query_int(query, 2, after);
	if (query_row(query, &status, err)) {
		*list = column_int(query, 0);
		query_reset(query);
	}
	return status;
}

enum status ledger_person_forget(struct ledger *ledger, const unsigned char key[KEY_HASH], struct error *err)
{
	int64_t list = 0;
	enum status status = run_on_key(ledger, "DELETE FROM person WHERE account = ? AND key = ?", 0, key, err);

	/* Lists are few: a search in each is cheaper than an index by key. */
	while (status == STATUS_OK && (status = next_list(ledger, list, &list, err)) == STATUS_OK && list)
		status = run_on_key(ledger, "UPDATE member SET state = 1 WHERE account = ? AND list = ? AND key = ? AND state = 0", list, key, err);
	return status;
}

enum status ledger_member_put(struct ledger *ledger, int64_t list, const unsigned char key[KEY_HASH], enum member_state state, struct error *err)
{
	struct query *query = db_query(ledger->db, "INSERT INTO member (account, list, key, state) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET state = excluded.state", err);

	if (!query)
		return STATUS_FAILED;
	query_int(query, 1, ledger->account);
	query_int(query, 2, list);
	query_blob_static(query, 3, key, KEY_HASH);
	query_int(query, 4, state_number(state));
	return query_run(query, err);
}

static struct query *on_lead(struct ledger *ledger, const char *sql, int64_t list, int64_t lead, struct error *err)
{
	struct query *query = db_query(ledger->db, sql, err);

	if (query) {
		query_int(query, 1, ledger->account);
		query_int(query, 2, list);
		query_int(query, 3, lead);
	}
	return query;
}

enum status ledger_member_shared(struct ledger *ledger, int64_t list, int64_t lead, const unsigned char key[KEY_HASH], bool *shared, struct error *err)
{
	enum status status = STATUS_OK;
	struct query *query = on_lead(ledger,
		"SELECT 1 FROM person p JOIN member m ON m.account = p.account AND m.list = ?2 AND m.key = p.key WHERE p.account = ?1 AND p.lead = ?3 AND p.key <> ?4 AND m.state = 0"
		" LIMIT 1", list, lead, err);

	*shared = false;
	if (!query)
		return STATUS_FAILED;
	query_blob_static(query, 4, key, KEY_HASH);
	*shared = query_row(query, &status, err);
	if (*shared)
		query_reset(query);
	return status;
}

enum status ledger_lead_left(struct ledger *ledger, int64_t list, int64_t lead, struct error *err)
{
	struct query *query = on_lead(ledger,
		"DELETE FROM member WHERE account = ?1 AND list = ?2 AND key IN (SELECT key FROM person WHERE account = ?1 AND lead = ?3)", list, lead, err);

	return query ? query_run(query, err) : STATUS_FAILED;
}

enum status ledger_list_forget(struct ledger *ledger, int64_t list, struct error *err)
{
	struct query *query;

	ledger_rest(ledger);
	query = db_query(ledger->db, "DELETE FROM member WHERE account = ? AND list = ?", err);
	if (!query)
		return STATUS_FAILED;
	query_int(query, 1, ledger->account);
	query_int(query, 2, list);
	return query_run(query, err);
}

enum status ledger_members_move(struct ledger *ledger, int64_t from, int64_t to, struct error *err)
{
	struct query *query = on_lead(ledger,
		"INSERT OR IGNORE INTO member (account, list, key, state) SELECT account, ?3, key, 1 FROM member WHERE account = ?1 AND list = ?2 AND state < 2", from, to, err);
	enum status status = query ? query_run(query, err) : STATUS_FAILED;

	return status == STATUS_OK ? ledger_list_forget(ledger, from, err) : status;
}

enum status ledger_member_delete(struct ledger *ledger, int64_t list, const unsigned char key[KEY_HASH], struct error *err)
{
	return run_on_key(ledger, "DELETE FROM member WHERE account = ? AND list = ? AND key = ?", list, key, err);
}

enum status ledger_member_count(struct ledger *ledger, int64_t list, int64_t *count, struct error *err)
{
	enum status status = STATUS_OK;
	struct query *query = db_query(ledger->db, "SELECT count(*) FROM member WHERE account = ? AND list = ?", err);

	if (!query)
		return STATUS_FAILED;
	query_int(query, 1, ledger->account);
	query_int(query, 2, list);
	if (query_row(query, &status, err)) {
		*count = column_int(query, 0);
		query_reset(query);
	}
	return status;
}

static enum status each(struct ledger *ledger, int64_t list, bool leaving, ledger_member_fn take, void *self, struct error *err)
{
	enum status status = STATUS_OK, taken = STATUS_OK;
	struct query *query = db_prepare(ledger->db,
		"SELECT m.key, coalesce(p.lead, 0) FROM member m LEFT JOIN person p ON p.account = m.account AND p.key = m.key"
		" WHERE m.account = ? AND m.list = ? AND (m.state = 2) = ? ORDER BY m.key", err);
	size_t length;

	if (!query)
		return STATUS_FAILED;
	query_int(query, 1, ledger->account);
	query_int(query, 2, list);
	query_int(query, 3, leaving);
	while (taken == STATUS_OK && query_row(query, &status, err)) {
		const void *key = column_blob(query, 0, &length);

		taken = length == KEY_HASH ? take(self, key, column_int(query, 1), err) :
			error_set(err, STATUS_FAILED, "store", _("the ledger is damaged: a key has the wrong length"));
	}
	query_free(query);
	return taken == STATUS_OK ? status : taken;
}

enum status ledger_members_each(struct ledger *ledger, int64_t list, ledger_member_fn take, void *self, struct error *err)
{
	return each(ledger, list, false, take, self, err);
}

enum status ledger_leaving_each(struct ledger *ledger, int64_t list, ledger_member_fn take, void *self, struct error *err)
{
	return each(ledger, list, true, take, self, err);
}

void ledger_pack(unsigned char out[LEDGER_FIELD_BYTES], unsigned number, uint64_t hash)
{
	int i;

	out[0] = (unsigned char)(number >> 8);
	out[1] = (unsigned char)number;
	for (i = 2; i < LEDGER_FIELD_BYTES; i++, hash >>= 8)
		out[i] = (unsigned char)hash;
}

bool ledger_fields_have(const unsigned char *fields, size_t length, const unsigned char entry[LEDGER_FIELD_BYTES])
{
	size_t i;

	for (i = 0; i + LEDGER_FIELD_BYTES <= length; i += LEDGER_FIELD_BYTES)
		if (memcmp(fields + i, entry, LEDGER_FIELD_BYTES) == 0)
			return true;
	return false;
}

/* Puts one entry where it belongs, over an older one of the same number. */
static size_t put_entry(unsigned char *out, size_t length, const unsigned char *entry)
{
	size_t i = 0;

	while (i < length && memcmp(out + i, entry, 2) < 0)
		i += LEDGER_FIELD_BYTES;
	if (i == length || memcmp(out + i, entry, 2) != 0) {
		memmove(out + i + LEDGER_FIELD_BYTES, out + i, length - i);
		length += LEDGER_FIELD_BYTES;
	}
	memcpy(out + i, entry, LEDGER_FIELD_BYTES);
	return length;
}

size_t ledger_fields_merge(const unsigned char *old, size_t old_length, const unsigned char *news, size_t news_length, unsigned char *out)
{
	size_t i, length = old_length - old_length % LEDGER_FIELD_BYTES;

	if (length)
		memcpy(out, old, length);
	for (i = 0; i + LEDGER_FIELD_BYTES <= news_length; i += LEDGER_FIELD_BYTES)
		length = put_entry(out, length, news + i);
	return length;
}
