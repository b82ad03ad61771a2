#include "marketo/records.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "marketo/codes.h"
#include "marketo/judge.h"

#include <stdio.h>
#include <string.h>

/* Why a record was skipped. Most are not, so that only these cost memory; result.code points at the beginning. */
struct skipped {
	char code[32], message[256];
};

static const struct {
	const char *status;
	enum record_outcome outcome;
} statuses[] = {
	{ "created", RECORD_CREATED }, { "updated", RECORD_UPDATED }, { "added", RECORD_ADDED }, { "removed", RECORD_REMOVED },
};

/* Words for somebody who is where they should be already. */
static const struct {
	enum records_kind kind;
	const char *status;
} settled[] = {
	{ RECORDS_ADD, "memberof" }, { RECORDS_REMOVE, "notmemberof" },
};

/* What is skipped because it is so already. "Adding a member again": the documentation does not promise that it says "added". */
static const struct {
	enum records_kind kind;
	const char *code;
} harmless[] = {
	{ RECORDS_REMOVE, "1015" }, { RECORDS_REMOVE, "1004" }, { RECORDS_ADD, "1017" }, { RECORDS_ADD, "" },
};

static bool is_harmless(enum records_kind kind, const char *code)
{
	for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
		if (harmless[i].kind == kind && strcmp(harmless[i].code, code) == 0)
			return true;
	return false;
}

/* `reasons` is an array; older definitions of the reference have a single `reason`. */
static void read_skipped(const struct json *item, enum records_kind kind, struct record_result *out)
{
	struct skipped *text = mem_alloc(sizeof *text);
	const struct json *reasons = json_get(item, "reasons"), *reason = json_kind(reasons) == JSON_ARRAY ? json_first(reasons) : reasons;
	const char *message;

	reason = reason ? reason : json_get(item, "reason");
	message = json_get_string(reason, "message");
	code_text(json_get(reason, "code"), text->code);
	clean_into(text->message, sizeof text->message, message && *message ? message : _(code_find(text->code, true)->meaning));
	out->outcome = is_harmless(kind, text->code) ? RECORD_ALREADY : RECORD_FAILED;
	if (!text->code[0])
		snprintf(text->code, sizeof text->code, "skipped");
	out->code = text->code;
	out->message = text->message;
}

static void forget(struct record_result *result)
{
	if (result->code[0])
		mem_free((char *)result->code);
}

static void read_item(const struct json *item, enum records_kind kind, struct record_result *out)
{
	const char *status = json_get_string(item, "status");

	forget(out); /* a reply that speaks of somebody twice: the last word counts */
	*out = (struct record_result){ .outcome = RECORD_UNKNOWN, .code = "", .message = "" };
	if (!json_i64(json_get(item, "id"), &out->id) || out->id < 0)
		out->id = 0;
	if (!status)
		return;
	if (strcmp(status, "skipped") == 0) {
		read_skipped(item, kind, out);
		return;
	}
	for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
		if (strcmp(statuses[i].status, status) == 0)
			out->outcome = statuses[i].outcome;
	for (size_t i = 0; i < sizeof settled / sizeof *settled; i++)
		if (settled[i].kind == kind && strcmp(settled[i].status, status) == 0)
			out->outcome = RECORD_ALREADY;
}

/* The asked id that an item speaks of: mostly the one at its own place. `count`: none. */
static size_t place_of(int64_t id, const int64_t *ids, size_t count, size_t at)
{
	if (at < count && ids[at] == id)
		return at;
	for (size_t i = 0; i < count; i++)
		if (ids[i] == id)
			return i;
	return count;
}

static bool item_id(const struct json *item, int64_t *id)
{
	return json_i64(json_get(item, "id"), id);
}

static bool all_items_told_ids(const struct marketo_answer *answer)
{
	int64_t id;

	for (const struct json *item = marketo_result_first(answer); item; item = marketo_result_next(answer, item))
		if (!item_id(item, &id))
			return false;
	return true;
}

static void read_by_id(const struct marketo_answer *answer, enum records_kind kind, const int64_t *ids, size_t count, struct record_result *results)
{
	size_t at = 0, place;
	int64_t id;

	for (const struct json *item = marketo_result_first(answer); item; item = marketo_result_next(answer, item), at++) {
		place = item_id(item, &id) ? place_of(id, ids, count, at) : count;
		if (place < count)
			read_item(item, kind, &results[place]);
	}
}

/* By place, which only says something when nothing is missing. */
static void read_in_order(const struct marketo_answer *answer, enum records_kind kind, size_t count, struct record_result *results)
{
	size_t at = 0;

	if (marketo_result_count(answer) != count)
		return;
	for (const struct json *item = marketo_result_first(answer); item && at < count; item = marketo_result_next(answer, item), at++)
		read_item(item, kind, &results[at]);
}

struct record_result *records_read(const struct marketo_answer *answer, enum records_kind kind, const int64_t *ids, size_t count)
{
	struct record_result *results = mem_array(count, sizeof *results);

	for (size_t i = 0; i < count; i++)
		results[i] = (struct record_result){ .outcome = RECORD_UNKNOWN, .code = "", .message = "" };
	if (ids && all_items_told_ids(answer))
		read_by_id(answer, kind, ids, count, results);
	else
		read_in_order(answer, kind, count, results);
	for (size_t i = 0; ids && i < count; i++)
		results[i].id = ids[i];
	return results;
}

void records_free(struct record_result *results, size_t count)
{
	for (size_t i = 0; results && i < count; i++)
		forget(&results[i]);
	mem_free(results);
}
