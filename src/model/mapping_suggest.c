/* Suggested mappings: the identities, then what XDM paths mean, then names that are the same but for case and punctuation. */
#include "model/mapping.h"

#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "model/namespace.h"

#include <string.h>

/* Standard XDM paths and what Marketo calls them, the better source first where a target has several. A path does not go by its name as well. */
static const struct {
	const char *path, *target;
} known[] = {
	{ "person.name.firstName", "firstName" },
	{ "person.name.middleName", "middleName" },
	{ "person.name.lastName", "lastName" },
	{ "person.name.courtesyTitle", "salutation" },
	{ "person.name.fullName", "mktoName" },
	{ "person.birthDate", "dateOfBirth" },
	{ "personalEmail.address", "email" },
	{ "workEmail.address", "email" },
	{ "mobilePhone.number", "mobilePhone" },
	{ "homePhone.number", "phone" },
	{ "workPhone.number", "phone" },
	{ "faxPhone.number", "fax" },
	{ "homeAddress.street1", "address" },
	{ "homeAddress.city", "city" },
	{ "homeAddress.stateProvince", "state" },
	{ "homeAddress.state", "state" },
	{ "homeAddress.country", "country" },
	{ "homeAddress.countryCode", "country" },
	{ "homeAddress.postalCode", "postalCode" },
	{ "workAddress.street1", "address" },
	{ "workAddress.city", "city" },
	{ "workAddress.stateProvince", "state" },
	{ "workAddress.state", "state" },
	{ "workAddress.country", "country" },
	{ "workAddress.countryCode", "country" },
	{ "workAddress.postalCode", "postalCode" },
	{ "extendedWorkDetails.jobTitle", "title" },
	{ "b2b.companyName", "company" },
	{ "b2b.companyWebsite", "website" },
	{ "b2b.personStatus", "leadStatus" },
	{ "b2b.personSource", "leadSource" },
	{ "b2b.personScore", "leadScore" },
};

/* Last parts that say nothing without the part before them. */
static const char *const vague[] = { "address", "code", "id", "label", "name", "number", "status", "type", "value" };

struct names {
	char *name, *label; /* folded */
};

struct suggest {
	const struct mapping *mapping;
	const struct catalogue *catalogue;
	char *const *paths;
	size_t path_count;
	struct names *names; /* of the catalogue's fields */
	struct mapping *out;
};

static bool has_source(const struct mapping *mapping, const char *source)
{
	for (size_t i = 0; i < mapping->rows.count; i++) {
		if (strcmp(mapping->rows.at[i].source, source) == 0)
			return true;
	}
	return false;
}

/* May this field be a target that nobody has yet? */
static bool is_free(const struct suggest *s, const struct field *field)
{
	return field && field->updateable && field->type != FIELD_REFERENCE && field->type != FIELD_FORMULA && strcmp(field->name, "id") != 0 &&
		!mapping_target(s->mapping, field->name) && !mapping_target(s->out, field->name);
}

static bool put(const struct suggest *s, const char *source, const struct field *field)
{
	struct mapping_row row = { 0 };

	if (has_source(s->mapping, source) || has_source(s->out, source))
		return false;
	row.source = mem_strdup(source);
	row.target = mem_strdup(field->name);
	mapping_put(s->out, &row);
	return true;
}

static const char *find_path(const struct suggest *s, const char *path)
{
	for (size_t i = 0; i < s->path_count; i++) {
		if (strcmp(s->paths[i], path) == 0)
			return s->paths[i];
	}
	return NULL;
}

static const char *find_namespace(const struct suggest *s, bool (*is)(const char *text))
{
	for (size_t i = 0; i < s->path_count; i++) {
		if (strncmp(s->paths[i], "identityMap.", 12) == 0 && is(s->paths[i] + 12))
			return s->paths[i];
	}
	return NULL;
}

/* Letters and digits in lower case; "jobTitle", "Job Title" and "job_title__c" are one. */
static char *fold(const char *text)
{
	size_t length = strlen(text);
	struct str out = { 0 };

	if (length > 3 && strcmp(text + length - 3, "__c") == 0)
		length -= 3;
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];

		if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c >= 0x80)
			str_add_char(&out, (char)c);
		else if (c >= 'A' && c <= 'Z')
			str_add_char(&out, (char)(c - 'A' + 'a'));
	}
	return str_take(&out);
}

/* E-mail first: it matches the most people. ECID only where Marketo can search for it. */
static void suggest_identities(const struct suggest *s)
{
	const char *email = find_namespace(s, namespace_is_email);
	const char *ecid = find_namespace(s, namespace_is_ecid);
	const struct field *field = catalogue_find(s->catalogue, "email");

	if (email && is_free(s, field))
		put(s, email, field);
	for (size_t i = 0; ecid && i < s->catalogue->fields.count; i++) {
		const char *name = s->names[i].name;

		field = &s->catalogue->fields.at[i];
		if (field->searchable && (strcmp(name, "ecid") == 0 || strcmp(name, "ecids") == 0) && !mapping_target(s->mapping, field->name)) {
			put(s, ecid, field);
			return;
		}
	}
}

static void suggest_known(const struct suggest *s)
{
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		const char *path = find_path(s, known[i].path);
		const struct field *field = path ? catalogue_find(s->catalogue, known[i].target) : NULL;

		if (is_free(s, field))
			put(s, path, field);
	}
}

static bool is_known(const char *path)
{
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (strcmp(known[i].path, path) == 0)
			return true;
	}
	return false;
}

static bool is_vague(const char *part)
{
	for (size_t i = 0; i < sizeof vague / sizeof *vague; i++) {
		if (text_case_eq(vague[i], part))
			return true;
	}
	return false;
}

/* Where the last part of path[0..end) begins; quoted parts hold dots of their own. */
static size_t last_part(const char *path, size_t end)
{
	size_t start = 0;
	bool quoted = false;

	for (size_t i = 0; i < end; i++) {
		if (path[i] == '"')
			quoted = !quoted;
		else if (path[i] == '.' && !quoted)
			start = i + 1;
	}
	return start;
}

static bool suggest_name(const struct suggest *s, const char *path, const char *name)
{
	char *folded = fold(name);
	bool done = false;

	for (size_t i = 0; *folded && !done && i < s->catalogue->fields.count; i++) {
		const struct field *field = &s->catalogue->fields.at[i];

		if ((strcmp(s->names[i].name, folded) == 0 || strcmp(s->names[i].label, folded) == 0) && is_free(s, field))
			done = put(s, path, field);
	}
	mem_free(folded);
	return done;
}

/* `_acme.loyalty.tier`: "loyalty.tier" first, then "tier". */
static void suggest_similar(const struct suggest *s, const char *path)
{
	size_t last = last_part(path, strlen(path));
	size_t pair = last > 0 ? last_part(path, last - 1) : 0;

	if (last > 0 && suggest_name(s, path, path + pair))
		return;
	if (last == 0 || !is_vague(path + last))
		suggest_name(s, path, path + last);
}

void mapping_suggest(const struct mapping *mapping, const struct catalogue *catalogue, char *const *paths, size_t path_count, struct mapping *out)
{
	struct suggest s = { .mapping = mapping, .catalogue = catalogue, .paths = paths, .path_count = path_count, .out = out };
	size_t fields = catalogue->fields.count;

	mapping_init(out);
	s.names = mem_array(fields, sizeof *s.names);
	for (size_t i = 0; i < fields; i++) {
		s.names[i].name = fold(catalogue->fields.at[i].name);
		s.names[i].label = fold(catalogue->fields.at[i].label ? catalogue->fields.at[i].label : "");
	}
	suggest_identities(&s);
	suggest_known(&s);
	for (size_t i = 0; i < path_count; i++) {
		if (strncmp(paths[i], "identityMap.", 12) != 0 && !is_known(paths[i]))
			suggest_similar(&s, paths[i]);
	}
	for (size_t i = 0; i < fields; i++) {
		mem_free(s.names[i].name);
		mem_free(s.names[i].label);
	}
	mem_free(s.names);
}
