#include "marketo/leads.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "marketo/client.h"
#include "marketo/records.h"

#include <string.h>

enum {
	SYNC_TIMEOUT_MS = 95 * 1000, /* the server gives up after 90 s (marketo-api 3) */
	IMPOSSIBLE_ID = 2147483647,  /* ids are 32-bit and count up from 1 */
};

static const char read_write_lead[] = N_("Read-Write Lead");

struct sync {
	records_done done;
	void *self;
	size_t count;
};

static void on_synced(void *self, const struct marketo_answer *answer)
{
	struct sync *sync = self;
	size_t count = answer->outcome == OUTCOME_OK ? sync->count : 0;
	struct record_result *results = count ? records_read(answer, RECORDS_SYNC, NULL, count) : NULL;

	sync->done(sync->self, answer, results, count);
	records_free(results, count);
	mem_free(sync);
}

static void render_sync(struct str *body, enum sync_action action, const char *lookup_field, const char *partition, const char *const *records, size_t count)
{
	struct json_out w;
	size_t size = 256;

	for (size_t i = 0; i < count; i++)
		size += strlen(records[i]) + 1;
	str_reserve(body, size);
	json_out_init(&w, body);
	json_object(&w);
	json_pair_string(&w, "action", action == SYNC_CREATE_ONLY ? "createOnly" : "updateOnly");
	json_pair_string(&w, "lookupField", lookup_field ? lookup_field : action == SYNC_CREATE_ONLY ? "email" : "id");
	if (partition && action == SYNC_CREATE_ONLY)
		json_pair_string(&w, "partitionName", partition);
	json_name(&w, "input");
	json_array(&w);
	for (size_t i = 0; i < count; i++)
		json_put_raw(&w, records[i], strlen(records[i]));
	json_array_end(&w);
	json_object_end(&w);
}

/* Nothing to send, or more than a call takes: our own fault, told as such and not as Marketo's. */
static bool refuse_count(struct marketo *m, size_t count, const char *what, marketo_done done, void *self)
{
	struct error err;

	if (count >= 1 && count <= MARKETO_BATCH)
		return false;
	error_set(&err, STATUS_FAILED, "usage", _("%s: a call takes 1 to %d records, not %zu"), _(what), MARKETO_BATCH, count);
	answer_later(m, OUTCOME_REFUSED, &err, done, self);
	return true;
}

void leads_sync(struct marketo *m, enum sync_action action, const char *lookup_field, const char *partition, const char *const *records, size_t count, records_done done,
	void *self)
{
	struct sync *sync = mem_alloc(sizeof *sync);
	struct str body = { 0 };
	struct marketo_request request = {
		.kind = action == SYNC_CREATE_ONLY ? CALL_CREATE : CALL_UPDATE,
		.method = "POST",
		.path = "/v1/leads.json",
		.content_type = "application/json",
		.timeout_ms = SYNC_TIMEOUT_MS,
		.write = true,
		.records = count,
		.repeatable = action == SYNC_UPDATE_ONLY,
		.permission = read_write_lead,
		.what = action == SYNC_CREATE_ONLY ? N_("creating people") : N_("updating people"),
	};

	*sync = (struct sync){ .done = done, .self = self, .count = count };
	if (refuse_count(m, count, request.what, on_synced, sync))
		return;
	render_sync(&body, action, lookup_field, partition, records, count);
	request.body = str_text(&body);
	request.body_length = body.length;
	marketo_call(m, &request, on_synced, sync);
	str_done(&body);
}

void leads_write_probe(struct marketo *m, marketo_done done, void *self)
{
	struct str body = { 0 };
	struct marketo_request request = {
		.kind = CALL_UPDATE,
		.method = "POST",
		.path = "/v1/leads.json",
		.content_type = "application/json",
		.timeout_ms = SYNC_TIMEOUT_MS,
		.write = true,
		.repeatable = true,
		.permission = read_write_lead,
		.what = N_("testing whether people may be written"),
	};

	str_add_format(&body, "{\"action\":\"updateOnly\",\"lookupField\":\"id\",\"input\":[{\"id\":%d}]}", IMPOSSIBLE_ID);
	request.body = str_text(&body);
	request.body_length = body.length;
	marketo_call(m, &request, done, self);
	str_done(&body);
}
