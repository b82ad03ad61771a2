#include "engine/sender.h"

#include "base/json.h"
#include "base/mem.h"

#include <string.h>

static const char *dedupe_name(const struct call *call, const struct record *r)
{
	return call->sender->job->destination->dedupe_fields.at[r->head.dedupe];
}

static bool has_value(const struct record *r, unsigned number)
{
	unsigned i;

	for (i = 0; i < r->head.values; i++)
		if (r->values[i].number == number)
			return true;
	return false;
}

static void put_identity(struct call *call, struct json_out *w, const struct record *r)
{
	const struct sender *s = call->sender;
	const char *name = dedupe_name(call, r);
	const struct field *field = catalogue_find(s->job->catalogue, name);
	struct value value = {.kind = VALUE_STRING, .text = r->head.identity, .length = r->head.identity_length};
	struct str rendered = {0};
	struct field plain;

	if (!field || has_value(r, ledger_field_number(s->ledger, name, NULL)))
		return;
	plain = *field;
	plain.updateable = true;
	json_name(w, name);
	if (!field_render(&plain, &value, &rendered))
		json_put_raw(w, rendered.text, rendered.length);
	else
		json_put_null(w);
	str_done(&rendered);
}

static void put_values(struct call *call, struct json_out *w, const struct record *r, bool creating)
{
	unsigned i;

	for (i = 0; i < r->head.values; i++) {
		const char *name = ledger_field_name(call->sender->ledger, r->values[i].number);

		if (!name || (!creating && !record_sends(r, &r->values[i])))
			continue;
		json_name(w, name);
		json_put_raw(w, r->values[i].json, r->values[i].length);
	}
}

/* Somebody who was found by another identity gets this one. */
static bool brings_identity(const struct call *call, const struct record *r)
{
	const struct field *field = catalogue_find(call->sender->job->catalogue, dedupe_name(call, r));

	return r->turn > 0 && field && field->updateable;
}

static void render(struct call *call, const struct record *r)
{
	struct json_out w;

	json_out_init(&w, &call->body);
	json_object(&w);
	if (call->queue->stage == STAGE_CREATE)
		put_identity(call, &w, r);
	else
		json_pair_i64(&w, "id", r->lead);
	if (call->queue->stage == STAGE_UPDATE && brings_identity(call, r))
		put_identity(call, &w, r);
	put_values(call, &w, r, call->queue->stage == STAGE_CREATE);
	json_object_end(&w);
}

static void depart_sync(struct call *call)
{
	struct sender *s = call->sender;
	const char **records = mem_array(call->count, sizeof *records);
	size_t *offsets = mem_array(call->count, sizeof *offsets);
	size_t i;

	str_clear(&call->body);
	for (i = 0; i < call->count; i++) {
		offsets[i] = call->body.length;
		render(call, call->records[i]);
		str_add_char(&call->body, '\0');
	}
	for (i = 0; i < call->count; i++)
		records[i] = call->body.text + offsets[i];
	if (call->queue->stage == STAGE_CREATE)
		leads_sync(s->job->marketo, SYNC_CREATE_ONLY, dedupe_name(call, call->records[0]), s->job->destination->partition, records, call->count, answer_records, call);
	else
		leads_sync(s->job->marketo, SYNC_UPDATE_ONLY, "id", NULL, records, call->count, answer_records, call);
	mem_free(offsets);
	mem_free(records);
}

static void depart_lookup(struct call *call)
{
	const char **values = mem_array(call->count, sizeof *values);
	size_t *offsets = mem_array(call->count, sizeof *offsets);
	size_t i;

	str_clear(&call->body);
	for (i = 0; i < call->count; i++) {
		const char *text = "";
		size_t length = 0;
		unsigned dedupe;

		record_identity(call->records[i], call->records[i]->turn, &dedupe, &text, &length);
		offsets[i] = call->body.length;
		str_add_bytes(&call->body, text, length);
		str_add_char(&call->body, '\0');
	}
	for (i = 0; i < call->count; i++)
		values[i] = call->body.text + offsets[i];
	leads_find(call->sender->job->marketo, call->sender->job->destination->dedupe_fields.at[call->queue->index], values, call->count, answer_lookup, call);
	mem_free(offsets);
	mem_free(values);
}

static void depart_list(struct call *call)
{
	struct sender *s = call->sender;
	int64_t list = s->run->audiences.at[call->queue->index].list_id;
	int64_t *ids = mem_array(call->count, sizeof *ids);
	size_t i;

	for (i = 0; i < call->count; i++)
		ids[i] = call->records[i]->lead;
	if (call->queue->stage == STAGE_ADD)
		list_add(s->job->marketo, list, ids, call->count, answer_records, call);
	else
		list_remove(s->job->marketo, list, ids, call->count, answer_records, call);
	mem_free(ids);
}

void call_depart(struct call *call)
{
	static void (*const departs[STAGE_COUNT])(struct call *) = {
		[STAGE_ROSTER] = roster_depart,
		[STAGE_LOOKUP] = depart_lookup,
		[STAGE_CREATE] = depart_sync,
		[STAGE_UPDATE] = depart_sync,
		[STAGE_REMOVE] = depart_list,
		[STAGE_ADD] = depart_list,
	};

	departs[call->queue->stage](call);
}
