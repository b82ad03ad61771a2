/* Single values of the store, by name. */
#include "base/text.h"
#include "db/db.h"
#include "store/inside.h"

#include <stdio.h>
#include <string.h>

enum status meta_number(struct store *store, const char *name, int64_t most, int64_t *out, struct error *err)
{
	enum status status;
	long long number;
	char text[24] = "";
	size_t length;
	struct query *query = db_query(store->db, "SELECT value FROM meta WHERE name = ?1", err);

	if (!query)
		return STATUS_FAILED;
	query_text(query, 1, name);
	if (!query_row(query, &status, err))
		return status;
	const void *value = column_blob(query, 0, &length);
	if (length < sizeof text && length)
		memcpy(text, value, length);
	query_reset(query);
	if (!text_to_i64(text, 0, most, &number))
		return store_bad_value(store, err);
	*out = number;
	return STATUS_OK;
}

enum status meta_number_save(struct store *store, const char *name, int64_t number, struct error *err)
{
	char text[24];
	int length = snprintf(text, sizeof text, "%lld", (long long)number);
	struct query *query = db_query(store->db, "INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2", err);

	if (!query)
		return STATUS_FAILED;
	query_text(query, 1, name);
	query_blob(query, 2, text, (size_t)length);
	return query_run(query, err);
}
