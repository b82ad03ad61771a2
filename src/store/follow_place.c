#include "store/follow_place.h"

#include "base/mem.h"
#include "db/db.h"
#include "store/inside.h"

#include <string.h>

static const char CONTEXT[] = "follow place";

void follow_place_done(struct follow_place *place)
{
	mem_free(place->source);
	mem_free(place->position);
	*place = (struct follow_place){ 0 };
}

static enum status read_row(struct store *store, struct query *query, struct follow_place *out, struct error *err)
{
	struct str text = { 0 };
	size_t length;
	const void *sealed = column_blob(query, 1, &length);
	enum status status = store_unseal(store, CONTEXT, sealed, length, &text, err);

	out->source = column_dup(query, 0);
	out->run = column_int(query, 2);
	out->position = str_take(&text);
	return status;
}

enum status follow_place_load(struct store *store, int64_t dataflow_id, struct follow_place *out, struct error *err)
{
	struct query *query = store_query(store, "SELECT source, position, run FROM follow WHERE dataflow = ?1", dataflow_id, err);
	enum status status = STATUS_FAILED;

	*out = (struct follow_place){ 0 };
	if (query && query_row(query, &status, err)) {
		status = read_row(store, query, out, err);
		query_reset(query);
	}
	return status;
}

enum status follow_place_save(struct store *store, int64_t dataflow_id, const struct follow_place *place, struct error *err)
{
	struct query *query = store_query(store, "INSERT OR REPLACE INTO follow (dataflow, source, position, run) VALUES (?1, ?2, ?3, ?4)", dataflow_id, err);
	struct str sealed = { 0 };
	enum status status;

	if (!query)
		return STATUS_FAILED;
	store_seal(store, CONTEXT, place->position, strlen(place->position), &sealed);
	query_text(query, 2, place->source);
	query_blob(query, 3, sealed.text, sealed.length);
	query_int(query, 4, place->run);
	status = query_run(query, err);
	str_done(&sealed);
	return status;
}
