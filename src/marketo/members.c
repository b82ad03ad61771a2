/*
 * Membership of static lists. A call that was executed and whose reply does not speak of everybody (the reference promises no status for each, and replies without any
 * `result` have been seen) is followed by a look at those it left out: who is where they should be by now needs no second call.
 */
#include "marketo/lists.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/vec.h"
#include "marketo/client.h"
#include "marketo/query.h"
#include "marketo/records.h"

#include <stdio.h>
#include <string.h>

enum {
	CHANGE_TIMEOUT_MS = 35 * 1000, /* the server gives up after 30 s (marketo-api 3) */
	READ_TIMEOUT_MS = 65 * 1000,   /* 60 s */
};

struct change {
	struct marketo *m;
	enum records_kind kind;
	int64_t list_id;
	records_done done;
	void *self;
	struct record_result *results; /* while those without a word are looked at */
	struct marketo_answer answer;  /* .. that they came with */
	size_t count;
	int64_t ids[];
};

static void finish_change(struct change *change, const struct marketo_answer *answer)
{
	size_t count = change->results ? change->count : 0;

	change->done(change->self, answer, change->results, count);
	records_free(change->results, count);
	mem_free(change);
}

static void take_word(struct change *change, const struct json *item)
{
	static const char *const words[] = { [RECORDS_ADD] = "memberof", [RECORDS_REMOVE] = "notmemberof" };
	const char *status = json_get_string(item, "status");
	int64_t id;

	if (!status || strcmp(status, words[change->kind]) != 0 || !json_i64(json_get(item, "id"), &id))
		return;
	for (size_t i = 0; i < change->count; i++)
		if (change->ids[i] == id && change->results[i].outcome == RECORD_UNKNOWN)
			change->results[i].outcome = RECORD_ALREADY;
}

/* Whoever it does not speak of stays unknown, and so do all when the look was in vain. */
static void on_looked(void *self, const struct marketo_answer *answer)
{
	struct change *change = self;

	if (answer->outcome == OUTCOME_OK)
		for (const struct json *item = marketo_result_first(answer); item; item = marketo_result_next(answer, item))
			take_word(change, item);
	finish_change(change, &change->answer);
}

static void look(struct change *change)
{
	struct str query = { 0 };
	char path[64];
	struct marketo_request request = {
		.kind = CALL_LISTS,
		.method = "GET",
		.path = path,
		.timeout_ms = CHANGE_TIMEOUT_MS,
		.permission = N_("Read-Only Lead"),
		.what = N_("looking at who is in a static list"),
	};

	snprintf(path, sizeof path, "/v1/lists/%lld/leads/ismember.json", (long long)change->list_id);
	for (size_t i = 0; i < change->count; i++)
		if (change->results[i].outcome == RECORD_UNKNOWN)
			param_number(&query, "id", change->ids[i]);
	request.query = str_text(&query);
	marketo_call(change->m, &request, on_looked, change);
	str_done(&query);
}

static bool says_all(const struct change *change)
{
	for (size_t i = 0; change->results && i < change->count; i++)
		if (change->results[i].outcome == RECORD_UNKNOWN)
			return false;
	return true;
}

static void on_changed(void *self, const struct marketo_answer *answer)
{
	struct change *change = self;

	if (answer->outcome == OUTCOME_OK && change->count)
		change->results = records_read(answer, change->kind, change->ids, change->count);
	if (says_all(change)) {
		finish_change(change, answer);
		return;
	}
	change->answer = *answer;
	change->answer.envelope = change->answer.result = NULL;
	look(change);
}

static void render_ids(struct str *body, const int64_t *ids, size_t count)
{
	struct json_out w;

	json_out_init(&w, body);
	json_object(&w);
	json_name(&w, "input");
	json_array(&w);
	for (size_t i = 0; i < count; i++) {
		json_object(&w);
		json_pair_i64(&w, "id", ids[i]);
		json_object_end(&w);
	}
	json_array_end(&w);
	json_object_end(&w);
}

/* Repeated, as swagger-mapi has it (multi). At most 300 ids of at most 19 digits: below the 8 KB of a URI. */
static void id_parameter(struct str *out, const int64_t *ids, size_t count)
{
	for (size_t i = 0; i < count; i++)
		param_number(out, "id", ids[i]);
}

/* Both ways are harmless to repeat: adding a member says "added" again, removing somebody who left says 1015. */
static void change_members(struct marketo *m, enum records_kind kind, int64_t list_id, const int64_t *ids, size_t count, records_done done, void *self)
{
	size_t kept = count <= MARKETO_BATCH ? count : 0;
	struct change *change = mem_alloc(sizeof *change + kept * sizeof *ids);
	struct str body = { 0 }, query = { 0 };
	struct error err;
	char path[64];
	struct marketo_request request = {
		.kind = kind == RECORDS_ADD ? CALL_LIST_ADD : CALL_LIST_REMOVE,
		.method = kind == RECORDS_ADD ? "POST" : "DELETE",
		.path = path,
		.timeout_ms = CHANGE_TIMEOUT_MS,
		.write = true,
		.records = count,
		.repeatable = true,
		.permission = N_("Read-Write Lead"),
		.what = kind == RECORDS_ADD ? N_("adding people to a static list") : N_("removing people from a static list"),
	};

	*change = (struct change){ .m = m, .kind = kind, .list_id = list_id, .done = done, .self = self, .count = kept };
	if (!kept) {
		error_set(&err, STATUS_FAILED, "usage", _("%s: a call takes 1 to %d records, not %zu"), _(request.what), MARKETO_BATCH, count);
		answer_later(m, OUTCOME_REFUSED, &err, on_changed, change);
		return;
	}
	memcpy(change->ids, ids, kept * sizeof *ids);
	snprintf(path, sizeof path, "/v1/lists/%lld/leads.json", (long long)list_id);
	/* A removal names its ids in the URI, as every recorded one does: the parameter is required (swagger-mapi), and a body of a DELETE may be lost on the way. */
	if (kind == RECORDS_REMOVE) {
		id_parameter(&query, ids, count);
		request.query = str_text(&query);
	} else {
		render_ids(&body, ids, count);
		request.content_type = "application/json";
		request.body = str_text(&body);
		request.body_length = body.length;
	}
	marketo_call(m, &request, on_changed, change);
	str_done(&query);
	str_done(&body);
}

void list_add(struct marketo *m, int64_t list_id, const int64_t *ids, size_t count, records_done done, void *self)
{
	change_members(m, RECORDS_ADD, list_id, ids, count, done, self);
}

void list_remove(struct marketo *m, int64_t list_id, const int64_t *ids, size_t count, records_done done, void *self)
{
	change_members(m, RECORDS_REMOVE, list_id, ids, count, done, self);
}

struct reading {
	members_done done;
	void *self;
	char *page;
};

static void on_members(void *self, const struct marketo_answer *answer)
{
	struct reading *reading = self;
	VEC(int64_t) ids = { 0 };
	struct marketo_answer bad;
	int64_t id;

	if (page_is_endless(answer, reading->page, &bad))
		answer = &bad;
	if (answer->outcome == OUTCOME_OK)
		for (const struct json *item = marketo_result_first(answer); item; item = marketo_result_next(answer, item))
			if (json_i64(json_get(item, "id"), &id) && id > 0)
				vec_push(&ids, id);
	reading->done(reading->self, answer, ids.at, ids.count, answer->outcome == OUTCOME_OK ? marketo_next_page(answer) : NULL);
	vec_done(&ids);
	mem_free(reading->page);
	mem_free(reading);
}

void list_members(struct marketo *m, int64_t list_id, const char *fields, const char *page, members_done done, void *self)
{
	struct reading *reading = mem_alloc(sizeof *reading);
	struct str query = { 0 };
	char path[64];
	struct marketo_request request = {
		.kind = CALL_LISTS,
		.method = "GET",
		.path = path,
		.timeout_ms = READ_TIMEOUT_MS,
		.permission = N_("Read-Only Lead"),
		.what = N_("reading the members of a static list"),
	};

	*reading = (struct reading){ .done = done, .self = self, .page = mem_strdup(page) };
	snprintf(path, sizeof path, "/v1/lists/%lld/leads.json", (long long)list_id);
	param_text(&query, "fields", fields ? fields : "id");
	param_number(&query, "batchSize", MARKETO_BATCH);
	param_text(&query, "nextPageToken", page);
	request.query = str_text(&query);
	marketo_call(m, &request, on_members, reading);
	str_done(&query);
}
