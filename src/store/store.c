/* Opening the store, its transactions, and small things its files share. */
#include "store/store.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "db/db.h"
#include "store/inside.h"
#include "store/schema.h"

#include <sodium.h>

#include <string.h>

struct query *store_query(struct store *store, const char *sql, int64_t first, struct error *err)
{
	struct query *query = db_query(store->db, sql, err);
	if (query)
		query_int(query, 1, first);
	return query;
}

enum status store_run(struct store *store, const char *sql, int64_t first, struct error *err)
{
	struct query *query = store_query(store, sql, first, err);
	return query ? query_run(query, err) : STATUS_FAILED;
}

char *column_clean(struct query *query, int index)
{
	return text_clean_dup(column_text(query, index));
}

enum status store_bad_value(struct store *store, struct error *err)
{
	error_set(err, STATUS_FAILED, "store", _("%s holds a value that penstock never writes"), store->path);
	error_hint(err, "%s", _("Restore a backup of it, or move it away and start with an empty one."));
	return STATUS_FAILED;
}

static enum status read_check(struct store *store, unsigned char check[KEY_CHECK], bool *found, struct error *err)
{
	enum status status;
	size_t length;
	struct query *query = db_query(store->db, "SELECT value FROM meta WHERE name = 'key_check'", err);

	*found = false;
	if (!query)
		return STATUS_FAILED;
	if (!query_row(query, &status, err))
		return status;
	const void *value = column_blob(query, 0, &length);
	*found = length == KEY_CHECK;
	if (*found)
		memcpy(check, value, KEY_CHECK);
	query_reset(query);
	return *found ? STATUS_OK : store_bad_value(store, err);
}

static enum status verify(struct store *store, const unsigned char check[KEY_CHECK], struct error *err)
{
	if (sodium_memcmp(check, store->keys->check, KEY_CHECK) == 0)
		return STATUS_OK;
	error_set(err, STATUS_REFUSED, "key", _("the key file is not the one that %s was sealed with"), store->path);
	error_hint(err, "%s",
		_("Put the right key file back from a backup. Without it what is sealed is lost: move the database away and start anew."));
	return STATUS_REFUSED;
}

/* Only a database without a check is new. The write lock keeps two processes from making a key at once. */
static enum status first_key(struct store *store, struct error *err)
{
	unsigned char check[KEY_CHECK];
	bool found;

	enum status status = db_begin(store->db, err);
	if (status != STATUS_OK)
		return status;
	status = read_check(store, check, &found, err);
	if (status == STATUS_OK)
		status = keys_load(store->path, !found, &store->keys, err);
	if (status == STATUS_OK && found)
		status = verify(store, check, err);
	if (status == STATUS_OK && !found) {
		struct query *query = db_query(store->db, "INSERT INTO meta (name, value) VALUES ('key_check', ?1)", err);
		if (query)
			query_blob(query, 1, store->keys->check, KEY_CHECK);
		status = query ? query_run(query, err) : STATUS_FAILED;
	}
	return store_end(store, status, err);
}

enum status keys_open(struct store *store, struct error *err)
{
	unsigned char check[KEY_CHECK];
	bool found;

	enum status status = read_check(store, check, &found, err);
	if (status != STATUS_OK)
		return status;
	if (!found && !store->read_only)
		return first_key(store, err);
	status = keys_load(store->path, false, &store->keys, err);
	return status == STATUS_OK && found ? verify(store, check, err) : status;
}

enum status store_open(const char *path, bool read_only, struct store **out, struct error *err)
{
	*out = NULL;
	enum status status = keys_start(err);
	if (status != STATUS_OK)
		return status;
	struct store *store = mem_alloc(sizeof *store);
	store->path = mem_strdup(path);
	store->read_only = read_only;
	status = db_open(path, read_only ? DB_READ_ONLY : 0, store_migrations, store_migration_count, &store->db, err);
	if (status == STATUS_OK)
		status = keys_open(store, err);
	if (status != STATUS_OK) {
		store_close(store);
		return status;
	}
	*out = store;
	return STATUS_OK;
}

void store_close(struct store *store)
{
	if (!store)
		return;
	db_close(store->db);
	keys_free(store->keys);
	str_done(&store->work);
	mem_free(store->path);
	mem_free(store);
}

int64_t store_news(struct store *store)
{
	struct query *query = db_query(store->db, "PRAGMA data_version", NULL);
	enum status status = STATUS_FAILED;
	int64_t version = 0;

	while (query && query_row(query, &status, NULL))
		version = column_int(query, 0);
	return status == STATUS_OK ? version : 0;
}

struct db *store_db(struct store *store)
{
	return store->db;
}

const char *store_path(const struct store *store)
{
	return store->path;
}

enum status store_backup(struct store *store, const char *path, store_going_on_fn going_on, void *self, struct error *err)
{
	return db_backup(store->db, path, going_on, self, err);
}

enum status store_may_write(struct store *store, struct error *err)
{
	if (!store->read_only)
		return STATUS_OK;
	error_set(err, STATUS_REFUSED, "read_only", _("nothing may be changed with --read-only"));
	error_hint(err, "%s", _("Leave --read-only out to change something."));
	return STATUS_REFUSED;
}

enum status store_begin(struct store *store, struct error *err)
{
	enum status status = store_may_write(store, err);
	return status == STATUS_OK ? db_begin(store->db, err) : status;
}

enum status store_commit(struct store *store, struct error *err)
{
	return db_commit(store->db, err);
}

void store_rollback(struct store *store)
{
	db_rollback(store->db);
}

enum status store_end(struct store *store, enum status status, struct error *err)
{
	if (status == STATUS_OK)
		return db_commit(store->db, err);
	db_rollback(store->db);
	return status;
}
