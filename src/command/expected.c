#include "command/expected.h"

#include "base/file.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { FEED_LIMIT = 64 * 1024 * 1024, ADDRESS_MAX = 255 };

/* One mention of an address with an audience. The last one counts. */
struct mention {
	size_t audience, order;
	char *address;
	bool member;
};

struct reading {
	struct expected *out;
	VEC(struct mention) mentions;
};

void expected_done(struct expected *expected)
{
	for (size_t i = 0; i < expected->audiences.count; i++) {
		struct expected_audience *audience = &expected->audiences.at[i];

		for (size_t k = 0; k < audience->members.count; k++)
			mem_free(audience->members.at[k]);
		vec_done(&audience->members);
		mem_free(audience->id);
		mem_free(audience->name);
	}
	vec_done(&expected->audiences);
}

static size_t audience_index(struct expected *expected, const char *id)
{
	struct expected_audience audience = { 0 };
	size_t i;

	for (i = 0; i < expected->audiences.count; i++)
		if (strcmp(expected->audiences.at[i].id, id) == 0)
			return i;
	audience.id = mem_strdup(id);
	vec_push(&expected->audiences, audience);
	return i;
}

static void add_mention(struct reading *reading, size_t audience, const char *address, bool member)
{
	char *copy = mem_strdup(address), *trimmed = text_trim(copy);
	struct mention mention = { .audience = audience, .order = reading->mentions.count, .member = member };

	text_lower(trimmed);
	if (*trimmed && text_is_ascii(trimmed) && strlen(trimmed) <= ADDRESS_MAX) {
		mention.address = mem_strdup(trimmed);
		vec_push(&reading->mentions, mention);
	}
	mem_free(copy);
}

static void add_addresses(struct reading *reading, const struct json *message, size_t audience, bool member)
{
	const struct json *namespaces = json_get(message, "identityMap");

	for (const struct json *namespace = json_first(namespaces); namespace; namespace = json_next(namespace)) {
		if (!text_case_eq(json_key(namespace), "email"))
			continue;
		for (const struct json *identity = json_first(namespace); identity; identity = json_next(identity)) {
			const char *id = json_get_string(identity, "id");

			if (id)
				add_mention(reading, audience, id, member);
		}
	}
}

static void read_message(struct reading *reading, const struct json *message)
{
	const struct json *groups = json_get(message, "segmentMembership");

	reading->out->messages++;
	for (const struct json *group = json_first(groups); group; group = json_next(group)) {
		for (const struct json *word = json_first(group); word; word = json_next(word)) {
			const char *status = json_get_string(word, "status"), *name = json_get_string(word, "name");
			size_t audience = audience_index(reading->out, json_key(word));

			if (name)
				mem_replace(&reading->out->audiences.at[audience].name, name);
			add_addresses(reading, message, audience, status && (!strcmp(status, "realized") || !strcmp(status, "existing")));
		}
	}
}

static void read_line(struct reading *reading, const char *line, size_t length)
{
	struct json *message;

	if (length >= 3 && memcmp(line, "\xef\xbb\xbf", 3) == 0) {
		line += 3;
		length -= 3;
	}
	message = json_parse(line, length, NULL, NULL);
	if (json_kind(message) == JSON_OBJECT)
		read_message(reading, message);
	json_free(message);
}

static int by_audience_address_order(const void *one, const void *other)
{
	const struct mention *a = one, *b = other;
	int names;

	if (a->audience != b->audience)
		return a->audience < b->audience ? -1 : 1;
	names = strcmp(a->address, b->address);
	if (names)
		return names;
	return a->order < b->order ? -1 : 1;
}

/* Mentions in order: of each address in each audience the last one says whether it is a member. */
static void keep_last_words(struct reading *reading)
{
	struct mention *at = reading->mentions.at;
	size_t count = reading->mentions.count;

	if (count)
		qsort(at, count, sizeof *at, by_audience_address_order);
	for (size_t i = 0; i < count; i++) {
		bool last = i + 1 == count || at[i].audience != at[i + 1].audience || strcmp(at[i].address, at[i + 1].address) != 0;

		if (last && at[i].member)
			vec_push(&reading->out->audiences.at[at[i].audience].members, mem_strdup(at[i].address));
	}
	for (size_t i = 0; i < count; i++)
		mem_free(at[i].address);
	vec_done(&reading->mentions);
}

enum status expected_read(const char *path, struct expected *out, struct error *err)
{
	struct reading reading = { .out = out };
	struct str feed = { 0 };
	enum status status = file_read(path, FEED_LIMIT, &feed, err);
	const char *line = str_text(&feed), *end = line + feed.length;

	while (status == STATUS_OK && line < end) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		const char *stop = newline ? newline : end;

		read_line(&reading, line, (size_t)(stop - line));
		line = stop + 1;
	}
	keep_last_words(&reading);
	str_done(&feed);
	if (status == STATUS_OK && !out->audiences.count)
		status = error_set(err, STATUS_FAILED, "file", _("%s names no audience"), path);
	return status;
}

static int by_text(const void *one, const void *other)
{
	return strcmp(*(char *const *)one, *(char *const *)other);
}

void expected_compare(const struct expected_audience *audience, char **found, size_t count, int64_t *missing, int64_t *extra)
{
	size_t i = 0, k = 0;

	*missing = *extra = 0;
	for (size_t n = 0; n < count; n++)
		text_lower(found[n]);
	if (count)
		qsort(found, count, sizeof *found, by_text);
	while (i < audience->members.count || k < count) {
		int order = i == audience->members.count ? 1 : k == count ? -1 : strcmp(audience->members.at[i], found[k]);

		*missing += order < 0;
		*extra += order > 0;
		i += order <= 0;
		k += order >= 0;
	}
}
