/* Looking for damage. */
#include "db/inside.h"

#include "base/text.h"

#include <string.h>

enum { FINDINGS = 20 };

static void add_line(struct str *found, const char *text)
{
	if (found->length)
		str_add(found, "; ");
	text_clean(found, text, strlen(text));
}

enum status db_check_pages(struct db *db, struct str *found, struct error *err)
{
	enum status status;
	struct query *query = db_prepare(db, "PRAGMA integrity_check(20)", err);

	if (!query)
		return STATUS_FAILED;
	while (query_row(query, &status, err)) {
		const char *text = column_text(query, 0);
		if (text && strcmp(text, "ok") != 0)
			add_line(found, text);
	}
	query_free(query);
	return status;
}

enum status db_check_references(struct db *db, struct str *found, struct error *err)
{
	enum status status;
	struct query *query = db_prepare(db, "SELECT \"table\", rowid, parent FROM pragma_foreign_key_check", err);
	struct str line = { 0 };

	if (!query)
		return STATUS_FAILED;
	for (int i = 0; query_row(query, &status, err); i++) {
		if (i >= FINDINGS)
			continue;
		str_clear(&line);
		str_add_format(&line, "%s %lld -> %s", column_text(query, 0), (long long)column_int(query, 1), column_text(query, 2));
		add_line(found, str_text(&line));
	}
	str_done(&line);
	query_free(query);
	return status;
}

enum status db_version(struct db *db, int64_t *version, struct error *err)
{
	enum status status;
	struct query *query = db_prepare(db, "PRAGMA user_version", err);

	*version = 0;
	if (!query)
		return STATUS_FAILED;
	while (query_row(query, &status, err))
		*version = column_int(query, 0);
	query_free(query);
	return status;
}
