/* Accounts. Their client secrets are sealed and never part of the struct. */
#include "base/i18n.h"
#include "base/mem.h"
#include "db/db.h"
#include "store/alerts.h"
#include "store/inside.h"
#include "store/tables.h"

#include <stdio.h>
#include <string.h>

#define COLUMNS                                                                                                                            \
	"id, name, munchkin_id, endpoint, identity, client_id, ca_file, environment, daily_calls, calls_per_20s, concurrent, quota_stop, daily_cap"

enum { CONTEXT = 48 };

/* A sealed secret belongs to its account: it cannot be moved to another row. */
static const char *context_of(int64_t id, char out[CONTEXT])
{
	snprintf(out, CONTEXT, "account.secret:%lld", (long long)id);
	return out;
}

static void read_row(struct query *query, struct account *out)
{
	out->id = column_int(query, 0);
	out->name = column_dup(query, 1);
	out->munchkin_id = column_dup(query, 2);
	out->endpoint = column_dup(query, 3);
	out->identity = column_dup(query, 4);
	out->client_id = column_dup(query, 5);
	out->ca_file = column_dup(query, 6);
	out->environment = column_dup(query, 7);
	out->daily_calls = (int)column_int(query, 8);
	out->calls_per_20s = (int)column_int(query, 9);
	out->concurrent = (int)column_int(query, 10);
	out->quota_stop = (int)column_int(query, 11);
	out->daily_cap = (int)column_int(query, 12);
}

static void bind_row(struct query *query, const struct account *account)
{
	query_text(query, 2, account->name);
	query_text(query, 3, account->munchkin_id);
	query_text(query, 4, account->endpoint);
	query_text(query, 5, account->identity);
	query_text(query, 6, account->client_id);
	query_text(query, 7, account->ca_file);
	query_text(query, 8, account->environment);
	query_int(query, 9, account->daily_calls);
	query_int(query, 10, account->calls_per_20s);
	query_int(query, 11, account->concurrent);
	query_int(query, 12, account->quota_stop);
	query_int(query, 13, account->daily_cap);
}

static enum status write_secret(struct store *store, int64_t id, const char *secret, struct error *err)
{
	char context[CONTEXT];
	struct query *query = store_query(store, "UPDATE account SET secret = ?2 WHERE id = ?1", id, err);

	if (!query)
		return STATUS_FAILED;
	if (secret) {
		str_clear(&store->work);
		store_seal(store, context_of(id, context), secret, strlen(secret), &store->work);
		query_blob(query, 2, store->work.text, store->work.length);
	}
	enum status status = query_run(query, err);
	if (status == STATUS_OK && db_changes(store->db) == 0)
		return name_lost(&named_account, id, err);
	return status;
}

static enum status insert(struct store *store, struct account *account, const char *secret, struct error *err)
{
	enum status status = name_free(store, &named_account, account->name, 0, err);
	if (status != STATUS_OK)
		return status;
	struct query *query = db_query(
		store->db, "INSERT INTO account (" COLUMNS ") VALUES (NULL, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)", err);
	if (!query)
		return STATUS_FAILED;
	bind_row(query, account);
	status = query_run(query, err);
	if (status != STATUS_OK)
		return status;
	account->id = db_last_id(store->db);
	return secret ? write_secret(store, account->id, secret, err) : STATUS_OK;
}

enum status account_insert(struct store *store, struct account *account, const char *secret, struct error *err)
{
	enum status status = store_begin(store, err);
	if (status != STATUS_OK)
		return status;
	status = store_end(store, insert(store, account, secret, err), err);
	if (status != STATUS_OK)
		account->id = 0;
	return status;
}

static enum status save(struct store *store, const struct account *account, struct error *err)
{
	enum status status = name_free(store, &named_account, account->name, account->id, err);
	if (status != STATUS_OK)
		return status;
	struct query *query = store_query(store,
		"UPDATE account SET (name, munchkin_id, endpoint, identity, client_id, ca_file, environment, daily_calls, calls_per_20s, concurrent,"
		" quota_stop, daily_cap) = (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) WHERE id = ?1",
		account->id, err);
	if (!query)
		return STATUS_FAILED;
	bind_row(query, account);
	status = query_run(query, err);
	if (status == STATUS_OK && db_changes(store->db) == 0)
		return name_lost(&named_account, account->id, err);
	return status;
}

enum status account_save(struct store *store, const struct account *account, struct error *err)
{
	enum status status = store_begin(store, err);
	return status == STATUS_OK ? store_end(store, save(store, account, err), err) : status;
}

enum status account_secret_save(struct store *store, int64_t id, const char *secret, struct error *err)
{
	enum status status = store_may_write(store, err);
	return status == STATUS_OK ? write_secret(store, id, secret, err) : status;
}

enum status account_secret(struct store *store, int64_t id, struct str *out, struct error *err)
{
	char context[CONTEXT];
	enum status status;
	size_t length;
	struct query *query = store_query(store, "SELECT secret, name FROM account WHERE id = ?1", id, err);

	if (!query)
		return STATUS_FAILED;
	if (!query_row(query, &status, err))
		return status == STATUS_OK ? name_lost(&named_account, id, err) : status;
	const void *sealed = column_blob(query, 0, &length);
	if (sealed) {
		status = store_unseal(store, context_of(id, context), sealed, length, out, err);
	} else {
		status = error_set(err, STATUS_REFUSED, "no_secret", _("the account \"%s\" has no client secret"), column_text(query, 1));
		error_hint(err, "%s", _("Give it one with: penstock account update NAME --client-secret-file FILE"));
	}
	query_reset(query);
	return status;
}

/* Reads the row of a bound query; *found false when there is none. */
static enum status read_one(struct query *query, struct account *out, bool *found, struct error *err)
{
	enum status status;

	*found = query_row(query, &status, err);
	if (*found) {
		read_row(query, out);
		query_reset(query);
	}
	return status;
}

enum status account_find(struct store *store, const char *name, struct account *out, struct error *err)
{
	bool found;
	struct query *query = db_query(store->db, "SELECT " COLUMNS " FROM account WHERE name = ?1", err);

	account_init(out);
	if (!query)
		return STATUS_FAILED;
	query_text(query, 1, name);
	enum status status = read_one(query, out, &found, err);
	return status == STATUS_OK && !found ? name_missing(store, &named_account, name, err) : status;
}

enum status account_get(struct store *store, int64_t id, struct account *out, struct error *err)
{
	bool found;
	struct query *query = store_query(store, "SELECT " COLUMNS " FROM account WHERE id = ?1", id, err);

	account_init(out);
	if (!query)
		return STATUS_FAILED;
	enum status status = read_one(query, out, &found, err);
	return status == STATUS_OK && !found ? name_lost(&named_account, id, err) : status;
}

enum status account_of(struct store *store, const char *munchkin_id, const char *client_id, struct account *out, struct error *err)
{
	bool found;
	struct query *query = db_query(
		store->db, "SELECT " COLUMNS " FROM account WHERE munchkin_id = ?1 AND client_id = ?2 ORDER BY id LIMIT 1", err);

	account_init(out);
	if (!query)
		return STATUS_FAILED;
	query_text(query, 1, munchkin_id);
	query_text(query, 2, client_id);
	enum status status = read_one(query, out, &found, err);
	if (status == STATUS_OK && !found)
		return error_set(err, STATUS_USAGE, "not_found", _("there is no account of the Munchkin ID %s with this client id"), munchkin_id);
	return status;
}

void account_list_done(account_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		account_done(&list->at[i]);
	vec_done(list);
}

enum status account_all(struct store *store, account_list *out, struct error *err)
{
	enum status status;
	struct query *query = db_query(store->db, "SELECT " COLUMNS " FROM account ORDER BY name", err);

	if (!query)
		return STATUS_FAILED;
	while (query_row(query, &status, err)) {
		struct account account;
		account_init(&account);
		read_row(query, &account);
		vec_push(out, account);
	}
	if (status != STATUS_OK)
		account_list_done(out);
	return status;
}

/* The ledger speaks of the account's people: without the account it says nothing. */
static enum status delete_all(struct store *store, int64_t id, struct error *err)
{
	static const char *const parts[] = {
		"DELETE FROM person WHERE account = ?1",
		"DELETE FROM member WHERE account = ?1",
		"DELETE FROM ledger_field WHERE account = ?1",
		"DELETE FROM account WHERE id = ?1",
	};
	enum status status = name_unused(store, "SELECT name FROM destination WHERE account = ?1 ORDER BY name", id,
		_("the account is used by the destinations %s"), err);

	if (status == STATUS_OK)
		status = incidents_forget(store, true, id, err);
	for (size_t i = 0; i < sizeof parts / sizeof *parts && status == STATUS_OK; i++)
		status = store_run(store, parts[i], id, err);
	if (status == STATUS_OK && db_changes(store->db) == 0)
		return name_lost(&named_account, id, err);
	return status;
}

enum status account_delete(struct store *store, int64_t id, struct error *err)
{
	enum status status = store_begin(store, err);
	return status == STATUS_OK ? store_end(store, delete_all(store, id, err), err) : status;
}

enum status account_secrets_check(struct store *store, struct sealed_count *count, struct error *err)
{
	char context[CONTEXT];
	enum status status;
	struct query *query = db_query(store->db, "SELECT id, name, secret FROM account WHERE secret IS NOT NULL ORDER BY name", err);

	if (!query)
		return STATUS_FAILED;
	while (query_row(query, &status, err)) {
		int64_t bad = count->bad;

		sealed_look(store, query, 2, context_of(column_int(query, 0), context), count);
		if (count->bad > bad) {
			char *name = column_clean(query, 1);
			str_add_format(&count->who, "%s%s", count->who.length ? ", " : "", name);
			mem_free(name);
		}
	}
	return status;
}
