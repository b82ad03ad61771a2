/* The sources of mapping rows: read from an operator's text once, walked through every message. */
#include "model/profile.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "model/namespace.h"

#include <string.h>

enum {
	PARTS_MOST = 64,    /* JSON is read no deeper */
	TEXT_MOST = 1024,   /* bytes of a path */
	SEEN_SLOTS = 32,    /* ids of one profile that are told apart without asking for memory; a power of two */
};

struct path {
	char *text;
	char *parts[PARTS_MOST];
	size_t count;
	const char *namespace; /* canonical, of an identity path: the second part or a constant */
};

static enum status refuse(struct error *err, const char *text, const char *why)
{
	error_set(err, STATUS_USAGE, "usage", _("not a source field: %s (%s)"), text, why);
	error_hint(err, _("Write identityMap.Email, or a path such as person.name.firstName; a key that holds a dot stands in double quotes."));
	return STATUS_USAGE;
}

/* Takes a part in double quotes; "" inside is one quote. Returns what follows, or NULL when the closing quote is missing. */
static const char *take_quoted(const char *text, struct str *part)
{
	for (text++; *text; text++) {
		if (*text == '"' && text[1] != '"')
			return text + 1;
		text += *text == '"';
		str_add_char(part, *text);
	}
	return NULL;
}

static const char *take_plain(const char *text, struct str *part)
{
	size_t length = strcspn(text, ".\"");

	str_add_bytes(part, text, length);
	return text[length] == '"' ? NULL : text + length;
}

static const char *take_part(const char *text, struct path *path)
{
	struct str part = { 0 };
	const char *rest = *text == '"' ? take_quoted(text, &part) : take_plain(text, &part);

	path->parts[path->count++] = str_take(&part);
	return rest;
}

static enum status parse_parts(struct path *path, const char *text, struct error *err)
{
	for (const char *at = text;; at++) {
		bool quoted = *at == '"';

		if (path->count == PARTS_MOST)
			return refuse(err, text, _("too many parts"));
		at = take_part(at, path);
		if (!at)
			return refuse(err, text, _("a double quote is missing or out of place"));
		if (!quoted && !*path->parts[path->count - 1])
			return refuse(err, text, _("a part is empty"));
		if (!*at)
			return STATUS_OK;
		if (*at != '.')
			return refuse(err, text, _("a double quote is missing or out of place"));
	}
}

static enum status find_namespace(struct path *path, const char *text, struct error *err)
{
	if (path->count == 1)
		return refuse(err, text, _("the namespace is missing"));
	if (path->count > 2)
		return refuse(err, text, _("a namespace is one part"));
	if (!*text_trim(path->parts[1]))
		return refuse(err, text, _("the namespace is empty"));
	path->namespace = namespace_canonical(path->parts[1]);
	return STATUS_OK;
}

void path_add_part(struct str *out, const char *part)
{
	if (out->length > 0)
		str_add_char(out, '.');
	if (*part && !strpbrk(part, ".\"") && *part != ' ' && part[strlen(part) - 1] != ' ') {
		str_add(out, part);
		return;
	}
	str_add_char(out, '"');
	for (; *part; part++) {
		if (*part == '"')
			str_add_char(out, '"');
		str_add_char(out, *part);
	}
	str_add_char(out, '"');
}

static void write_text(struct path *path)
{
	struct str text = { 0 };

	if (path->namespace) {
		str_add(&text, "identityMap");
		path_add_part(&text, path->namespace);
	}
	for (size_t i = 0; !path->namespace && i < path->count; i++)
		path_add_part(&text, path->parts[i]);
	path->text = str_take(&text);
}

static enum status parse(struct path *path, const char *text, struct error *err)
{
	enum status status;

	if (strlen(text) > TEXT_MOST)
		return refuse(err, text, _("too long"));
	if (!text_is_utf8(text, strlen(text), NULL))
		return refuse(err, text, _("not UTF-8"));
	status = parse_parts(path, text, err);
	if (status == STATUS_OK && text_case_eq(path->parts[0], "segmentMembership"))
		status = refuse(err, text, _("memberships are not an attribute"));
	if (status == STATUS_OK && text_case_eq(path->parts[0], "identityMap"))
		status = find_namespace(path, text, err);
	return status;
}

struct path *path_parse(const char *text, struct error *err)
{
	struct path *path = mem_alloc(sizeof *path);
	char *copy = text_trim(mem_strdup(text));

	if (parse(path, copy, err) == STATUS_OK) {
		write_text(path);
	} else {
		path_free(path);
		path = NULL;
	}
	mem_free(copy);
	return path;
}

void path_free(struct path *path)
{
	if (!path)
		return;
	for (size_t i = 0; i < path->count; i++)
		mem_free(path->parts[i]);
	mem_free(path->text);
	mem_free(path);
}

void path_be_column(struct path *path)
{
	if (path->count == 1)
		return;
	for (size_t i = 0; i < path->count; i++)
		mem_free(path->parts[i]);
	path->parts[0] = mem_strdup(path->text);
	path->count = 1;
	path->namespace = NULL;
}

const char *path_column(const struct path *path)
{
	return path->parts[0];
}

const char *path_text(const struct path *path)
{
	return path->text;
}

bool path_is_identity(const struct path *path)
{
	return path->namespace != NULL;
}

const char *path_namespace(const struct path *path)
{
	return path->namespace;
}

struct value path_value(const struct path *path, const struct json *message)
{
	static const enum value_kind kinds[] = {
		[JSON_NULL] = VALUE_NULL,
		[JSON_FALSE] = VALUE_FALSE,
		[JSON_TRUE] = VALUE_TRUE,
		[JSON_NUMBER] = VALUE_NUMBER,
		[JSON_STRING] = VALUE_STRING,
		[JSON_ARRAY] = VALUE_OTHER,
		[JSON_OBJECT] = VALUE_OTHER,
	};
	struct value value = { .kind = VALUE_ABSENT };

	for (size_t i = 0; i < path->count && message; i++)
		message = json_get(message, path->parts[i]);
	if (!message)
		return value;
	value.kind = kinds[json_kind(message)];
	if (value.kind == VALUE_STRING)
		value.text = json_string(message);
	else if (value.kind == VALUE_NUMBER)
		value.text = json_number_text(message);
	value.length = value.text ? strlen(value.text) : 0;
	return value;
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The id of an entry of the identity map, {"id": ..} or the text itself; a number counts as its digits. Trimmed; NULL when there is none. */
static const char *entry_id(const struct json *entry)
{
	const struct json *value = json_kind(entry) == JSON_OBJECT ? json_get(entry, "id") : entry;
	const char *id = json_kind(value) == JSON_NUMBER ? json_number_text(value) : json_string(value);
	size_t length;

	if (!id)
		return NULL;
	while (is_space(*id))
		id++;
	length = strlen(id);
	if (length > 0 && is_space(id[length - 1])) {
		while (length > 0 && is_space(id[length - 1]))
			length--;
		((char *)id)[length] = '\0'; /* the message is ours, and its memory can be written */
	}
	return *id ? id : NULL;
}

static void collect(const struct json *entries, identity_list *out)
{
	const struct json *entry = json_kind(entries) == JSON_ARRAY ? json_first(entries) : entries;

	for (; entry; entry = json_kind(entries) == JSON_ARRAY ? json_next(entry) : NULL) {
		const char *id = entry_id(entry);

		if (id)
			vec_push(out, ((struct identity){ .id = id, .primary = json_is_true(json_get(entry, "primary")) }));
	}
}

/* FNV-1a over the text in lower case. */
static size_t hash(const char *text)
{
	uint64_t value = 14695981039346656037U;

	for (; *text; text++)
		value = (value ^ (unsigned char)(*text >= 'A' && *text <= 'Z' ? *text - 'A' + 'a' : *text)) * 1099511628211U;
	return (size_t)(value ^ value >> 32);
}

/* Leaves the first of equal ids; it is the primary one if any of them was. A table, since a hostile message may hold 100,000 of them. */
static void drop_doubles(identity_list *list)
{
	size_t few[SEEN_SLOTS] = { 0 }; /* index + 1 of what stays; 0: free */
	size_t *seen = few, slots = SEEN_SLOTS, kept = 0;

	if (list->count < 2)
		return;
	while (slots < list->count * 2)
		slots *= 2;
	if (slots > SEEN_SLOTS)
		seen = mem_array(slots, sizeof *seen);
	for (size_t i = 0; i < list->count; i++) {
		struct identity identity = list->at[i];
		size_t slot = hash(identity.id) & (slots - 1);

		while (seen[slot] && !text_case_eq(list->at[seen[slot] - 1].id, identity.id))
			slot = (slot + 1) & (slots - 1);
		if (seen[slot]) {
			list->at[seen[slot] - 1].primary |= identity.primary;
			continue;
		}
		list->at[kept] = identity;
		seen[slot] = ++kept;
	}
	list->count = kept;
	if (seen != few)
		mem_free(seen);
}

static void find_identities(const char *namespace, const struct json *message, identity_list *out)
{
	const struct json *map = json_get(message, "identityMap");

	out->count = 0;
	if (!namespace || json_kind(map) != JSON_OBJECT)
		return;
	for (const struct json *entries = json_first(map); entries; entries = json_next(entries)) {
		if (namespace_same(json_key(entries), namespace))
			collect(entries, out);
	}
	drop_doubles(out);
}

void path_identities(const struct path *path, const struct json *message, identity_list *out)
{
	find_identities(path->namespace, message, out);
}

/* A path of one part may be meant as a namespace; NULL: it cannot be. */
static const char *key_namespace(const struct path *path)
{
	return path->namespace ? path->namespace : path->count == 1 ? path->parts[0] : NULL;
}

void path_key_identities(const struct path *path, const struct json *message, identity_list *out)
{
	find_identities(key_namespace(path), message, out);
}

bool path_is_key(const struct path *path, const struct path *key)
{
	const char *namespace = key_namespace(key);

	return strcmp(path->text, key->text) == 0 || (path->namespace && namespace && namespace_same(path->namespace, namespace));
}
