/* The audit: who changed what, and when. Rows are only added. */
#include "base/clock.h"
#include "base/mem.h"
#include "base/vec.h"
#include "db/db.h"
#include "store/inside.h"
#include "store/tables.h"

#include <pwd.h>
#include <unistd.h>

static const char *acting;

void store_act_for(const char *name)
{
	acting = name;
}

char *store_user_name(void)
{
	if (acting)
		return mem_strdup(acting);
	const struct passwd *user = getpwuid(getuid());
	return user ? mem_strdup(user->pw_name) : mem_printf("%lu", (unsigned long)getuid());
}

enum status audit_insert(struct store *store, const char *action, const char *object, const char *detail, struct error *err)
{
	enum status status = store_may_write(store, err);
	if (status != STATUS_OK)
		return status;
	struct query *query = store_query(
		store, "INSERT INTO audit (at, who, action, object, detail) VALUES (?1, ?2, ?3, ?4, ?5)", clock_wall_ms(), err);
	if (!query)
		return STATUS_FAILED;
	char *who = store_user_name();
	query_text(query, 2, who);
	query_text(query, 3, action);
	query_text(query, 4, object);
	query_text(query, 5, detail);
	mem_free(who);
	return query_run(query, err);
}

enum status audit_load(struct store *store, int64_t since_ms, audit_list *out, struct error *err)
{
	enum status status;
	struct query *query = store_query(
		store, "SELECT at, who, action, object, detail FROM audit WHERE at >= ?1 ORDER BY at, id", since_ms, err);

	if (!query)
		return STATUS_FAILED;
	while (query_row(query, &status, err)) {
		struct audit_row row = {
			.at = column_int(query, 0),
			.who = column_clean(query, 1),
			.action = column_clean(query, 2),
			.object = column_clean(query, 3),
			.detail = column_clean(query, 4),
		};
		vec_push(out, row);
	}
	if (status != STATUS_OK)
		audit_list_done(out);
	return status;
}

void audit_list_done(audit_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		mem_free(list->at[i].who);
		mem_free(list->at[i].action);
		mem_free(list->at[i].object);
		mem_free(list->at[i].detail);
	}
	vec_done(list);
}
