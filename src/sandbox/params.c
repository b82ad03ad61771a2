/* Reading parameters, ids and paging tokens of a call. Whatever is not as documented refuses the call. */
#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "sandbox/box.h"

#include <stdlib.h>
#include <string.h>

const char *call_parameter(const struct call *call, const char *name)
{
	for (size_t i = 0; i < call->parameters.count; i++) {
		if (strcmp(call->parameters.at[i].name, name) == 0)
			return call->parameters.at[i].value;
	}
	return NULL;
}

strings call_values(const struct call *call, const char *name)
{
	strings list = { 0 };

	for (size_t i = 0; i < call->parameters.count; i++) {
		const char *at = call->parameters.at[i].value;

		if (strcmp(call->parameters.at[i].name, name) != 0)
			continue;
		while (*at) {
			size_t length = strcspn(at, ",");

			if (length > 0)
				vec_push(&list, mem_strndup(at, length));
			at += length;
			at += *at == ',';
		}
	}
	return list;
}

void strings_done(strings *list)
{
	for (size_t i = 0; i < list->count; i++)
		mem_free(list->at[i]);
	vec_done(list);
}

int64_t call_number(struct call *call, const char *name, int64_t low, int64_t high, int64_t fallback)
{
	const char *text = call_parameter(call, name);
	long long value = fallback;

	if (!text)
		return fallback;
	if (!text_to_i64(text, INT64_MIN, INT64_MAX, &value))
		call_refuse(call, "1001", NULL, "Invalid value '%.40s'. Required of type 'Integer' (%s)", text, name);
	else if (value < low || value > high)
		call_refuse(call, "1003", NULL, "%s must be from %lld to %lld", name, (long long)low, (long long)high);
	return value;
}

const char *call_required(struct call *call, const char *name)
{
	const char *value = call_parameter(call, name);

	if (value && *value)
		return value;
	if (call->route->shape == SHAPE_ASSET)
		call_refuse(call, "701", NULL, "%s cannot be blank", name);
	else
		call_refuse(call, "1002", NULL, "Missing value for required parameter '%s'", name);
	return NULL;
}

bool call_keys(struct call *call, const struct json *object, const char *allowed)
{
	for (const struct json *member = json_first(object); member; member = json_next(member)) {
		if (!in_words(allowed, json_key(member))) {
			call_refuse(call, "1003", NULL, "unknown member '%.60s' in the body", json_key(member));
			return false;
		}
	}
	return true;
}

/* Every colon outside of a string stands behind a member's name. */
static size_t members_written(const char *bytes, size_t length)
{
	size_t count = 0;
	bool quoted = false;

	for (size_t i = 0; i < length; i++) {
		if (quoted && bytes[i] == '\\')
			i++;
		else if (bytes[i] == '"')
			quoted = !quoted;
		else if (!quoted && bytes[i] == ':')
			count++;
	}
	return count;
}

static size_t members_kept(const struct json *value)
{
	size_t count = json_kind(value) == JSON_OBJECT ? json_count(value) : 0;

	for (const struct json *child = json_first(value); child; child = json_next(child))
		count += members_kept(child);
	return count;
}

struct json *call_json(struct call *call, const char *what, const char *bytes, size_t length)
{
	const char *why;
	size_t offset;
	struct json *object = json_parse(bytes, length, &why, &offset);

	if (!object)
		call_refuse(call, "609", NULL, "invalid JSON in %s at byte %zu: %s", what, offset, why);
	else if (json_kind(object) != JSON_OBJECT)
		call_refuse(call, "609", NULL, "%s must be a JSON object", what);
	else if (members_written(bytes, length) != members_kept(object)) /* of a doubled one the last is kept (base/json.h) */
		call_refuse(call, "609", NULL, "a name stands twice in one object of %s", what);
	else
		return object;
	json_free(object);
	return NULL;
}

static bool ids_of_body(struct call *call, numbers *ids)
{
	const struct json *input = json_get(call->body, "input");

	if (!call_keys(call, call->body, " input "))
		return false;
	if (json_kind(input) != JSON_ARRAY) {
		call_refuse(call, "1002", NULL, "Missing value for required parameter 'input'");
		return false;
	}
	for (const struct json *item = json_first(input); item; item = json_next(item)) {
		int64_t id;

		if (json_kind(item) != JSON_OBJECT || json_kind(json_get(item, "id")) != JSON_NUMBER || !json_i64(json_get(item, "id"), &id)) {
			call_refuse(call, "1001", NULL, "Invalid value in input. Required of type '{\"id\": Long}'");
			return false;
		}
		if (!call_keys(call, item, " id "))
			return false;
		vec_push(ids, id);
	}
	return true;
}

static bool ids_of_parameters(struct call *call, numbers *ids)
{
	strings list = call_values(call, "id");
	long long id;

	for (size_t i = 0; i < list.count && !call_refused(call); i++) {
		if (!text_to_i64(list.at[i], INT64_MIN, INT64_MAX, &id))
			call_refuse(call, "1001", NULL, "Invalid value '%.40s'. Required of type 'Long'", list.at[i]);
		else
			vec_push(ids, id);
	}
	strings_done(&list);
	return !call_refused(call);
}

/* The list of keys in the log: at most RECORDS_MAX of them are kept. */
static void log_ids(struct call *call, const numbers *ids)
{
	str_add_format(&call->detail, ",\"records\":%zu,\"keys\":[", ids->count);
	for (size_t i = 0; i < ids->count && i < RECORDS_MAX; i++)
		str_add_format(&call->detail, i ? ",%lld" : "%lld", (long long)ids->at[i]);
	str_add_char(&call->detail, ']');
}

bool call_ids(struct call *call, numbers *ids)
{
	bool done = false;

	if (call->body && call_parameter(call, "id"))
		call_refuse(call, "1003", NULL, "ids in the query only when the body is empty");
	else
		done = call->body ? ids_of_body(call, ids) : ids_of_parameters(call, ids);
	if (done && ids->count == 0)
		call_refuse(call, "1002", NULL, "Missing value for required parameter 'id'");
	if (done && ids->count > (size_t)call->box->records_max)
		call_refuse(call, "1003", NULL, "%zu ids in a call, at most %lld are allowed", ids->count, (long long)call->box->records_max);
	log_ids(call, ids);
	if (!call_refused(call))
		return true;
	vec_done(ids);
	return false;
}

/* --- paging --- */

static uint32_t mix(uint32_t hash, const char *text)
{
	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 16777619u;
	return (hash ^ 0xffu) * 16777619u;
}

/* What a token belongs to: path and parameters, but those of paging itself. */
static uint32_t page_of(const struct call *call)
{
	uint32_t hash = mix(2166136261u, request_path(call->request));

	for (size_t i = 0; i < call->parameters.count; i++) {
		const struct serve_pair *pair = &call->parameters.at[i];

		if (!in_words(" nextPageToken batchSize _method listId fields ", pair->name))
			hash = mix(mix(hash, pair->name), pair->value);
	}
	return hash;
}

enum { TOKEN_PAGE = 8, TOKEN_ALL = 24 }; /* hexadecimal digits: what it belongs to, then the last id */

bool call_page(struct call *call, int64_t *size, int64_t *after)
{
	const char *token = call_parameter(call, "nextPageToken");
	char page[TOKEN_PAGE + 1];

	*after = 0;
	*size = call_number(call, "batchSize", 1, PAGE_MAX, PAGE_MAX);
	if (!token || call_refused(call))
		return !call_refused(call);
	snprintf(page, sizeof page, "%08X", page_of(call));
	if (strlen(token) != TOKEN_ALL || strspn(token, "0123456789ABCDEF") != TOKEN_ALL || token[TOKEN_PAGE] > '7')
		call_refuse(call, "1003", "Invalid paging token", "a nextPageToken that was never given");
	else if (strncmp(page, token, TOKEN_PAGE) != 0)
		call_refuse(call, "1003", "Invalid paging token", "a nextPageToken of another query");
	else
		*after = (int64_t)strtoull(token + TOKEN_PAGE, NULL, 16);
	return !call_refused(call);
}

void call_more(struct call *call, int64_t last)
{
	snprintf(call->token, sizeof call->token, "%08X%016llX", page_of(call), (unsigned long long)last);
}

char *lead_time(int64_t wall_ms, char out[40])
{
	char text[CLOCK_TEXT];

	snprintf(out, 40, "%s", clock_format(wall_ms, text));
	return out;
}

char *asset_time(int64_t wall_ms, char out[40])
{
	char text[CLOCK_TEXT];

	snprintf(out, 40, "%s+0000", clock_format(wall_ms, text));
	return out;
}
