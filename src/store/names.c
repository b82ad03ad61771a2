/* Names: unique, found exactly, with a suggestion when not; and who uses what. */
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/vec.h"
#include "db/db.h"
#include "store/inside.h"

enum { NAMES_SHOWN = 5 };

const struct named named_account = {
	.all = "SELECT name FROM account ORDER BY name",
	.taken = "SELECT 1 FROM account WHERE name = ?1 AND id <> ?2",
	.missing = N_("there is no account \"%s\""),
	.lost = N_("there is no account number %lld"),
	.exists = N_("there is already an account \"%s\""),
};

const struct named named_destination = {
	.all = "SELECT name FROM destination ORDER BY name",
	.taken = "SELECT 1 FROM destination WHERE name = ?1 AND id <> ?2",
	.missing = N_("there is no destination \"%s\""),
	.lost = N_("there is no destination number %lld"),
	.exists = N_("there is already a destination \"%s\""),
};

const struct named named_dataflow = {
	.all = "SELECT name FROM dataflow ORDER BY name",
	.taken = "SELECT 1 FROM dataflow WHERE name = ?1 AND id <> ?2",
	.missing = N_("there is no dataflow \"%s\""),
	.lost = N_("there is no dataflow number %lld"),
	.exists = N_("there is already a dataflow \"%s\""),
};

typedef VEC(char *) name_list;

static void names_done(name_list *names)
{
	for (size_t i = 0; i < names->count; i++)
		mem_free(names->at[i]);
	vec_done(names);
}

/* Best effort: a suggestion is no reason to fail. */
static void load_names(struct store *store, const char *sql, name_list *names)
{
	enum status status;
	struct query *query = db_query(store->db, sql, NULL);

	while (query && query_row(query, &status, NULL))
		vec_push(names, column_dup(query, 0));
}

enum status name_missing(struct store *store, const struct named *named, const char *name, struct error *err)
{
	name_list names = { 0 };

	error_set(err, STATUS_USAGE, "not_found", _(named->missing), name);
	load_names(store, named->all, &names);
	const char *nearest = text_nearest(name, (const char *const *)names.at, names.count);
	if (nearest)
		error_hint(err, _("Did you mean \"%s\"?"), nearest);
	else if (names.count == 0)
		error_hint(err, "%s", _("There is none yet."));
	names_done(&names);
	return STATUS_USAGE;
}

enum status name_lost(const struct named *named, int64_t id, struct error *err)
{
	return error_set(err, STATUS_USAGE, "not_found", _(named->lost), (long long)id);
}

enum status name_free(struct store *store, const struct named *named, const char *name, int64_t id, struct error *err)
{
	enum status status;
	struct query *query = db_query(store->db, named->taken, err);

	if (!query)
		return STATUS_FAILED;
	query_text(query, 1, name);
	query_int(query, 2, id);
	if (!query_row(query, &status, err))
		return status;
	query_reset(query);
	return error_set(err, STATUS_USAGE, "exists", _(named->exists), name);
}

enum status name_unused(struct store *store, const char *users, int64_t id, const char *format, struct error *err)
{
	enum status status;
	struct str text = { 0 };
	int count = 0;
	struct query *query = store_query(store, users, id, err);

	if (!query)
		return STATUS_FAILED;
	while (query_row(query, &status, err)) {
		if (count < NAMES_SHOWN)
			str_add_format(&text, count ? ", \"%s\"" : "\"%s\"", column_text(query, 0));
		count++;
	}
	if (count > NAMES_SHOWN)
		str_add_format(&text, _(" and %d more"), count - NAMES_SHOWN);
	if (status == STATUS_OK && count > 0)
		status = error_set(err, STATUS_USAGE, "in_use", format, str_text(&text));
	str_done(&text);
	return status;
}
