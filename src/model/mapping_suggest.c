#include "model/suggestion.h"

#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "model/namespace.h"
#include "model/synonym.h"

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

/* Objects of the profile itself: what stands in them is about the person. */
static const char *const own[] = { "person", "name", "profile" };

struct names {
	char *name, *label; /* folded */
};

struct suggest {
	const struct mapping *mapping;
	const struct catalogue *catalogue;
	char *const *paths;
	size_t path_count;
	struct names *names; /* of the catalogue's fields */
	suggestion_list *out;
};

static bool has_source(const struct mapping *mapping, const char *source)
{
	for (size_t i = 0; i < mapping->rows.count; i++) {
		if (strcmp(mapping->rows.at[i].source, source) == 0)
			return true;
	}
	return false;
}

static bool is_suggested(const struct suggest *s, const char *source, const char *target)
{
	for (size_t i = 0; i < s->out->count; i++)
		if ((source && strcmp(s->out->at[i].source, source) == 0) || (target && strcmp(s->out->at[i].target, target) == 0))
			return true;
	return false;
}

/* May this field be a target that nobody has yet? */
static bool is_free(const struct suggest *s, const struct field *field)
{
	return field && field->updateable && field->type != FIELD_REFERENCE && field->type != FIELD_FORMULA && strcmp(field->name, "id") != 0 &&
		!mapping_target(s->mapping, field->name) && !is_suggested(s, NULL, field->name);
}

static bool put(const struct suggest *s, const char *source, const struct field *field, enum confidence confidence, enum suggestion_reason reason)
{
	if (has_source(s->mapping, source) || is_suggested(s, source, NULL))
		return false;
	vec_push(s->out, ((struct suggestion){ .source = mem_strdup(source), .target = mem_strdup(field->name), .confidence = confidence, .reason = reason }));
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

/* E-mail first: it matches the most people. ECID only where Marketo can search for it. */
static void suggest_identities(const struct suggest *s)
{
	const char *email = find_namespace(s, namespace_is_email);
	const char *ecid = find_namespace(s, namespace_is_ecid);
	const struct field *field = catalogue_find(s->catalogue, "email");

	if (email && is_free(s, field))
		put(s, email, field, CONFIDENCE_HIGH, SUGGESTED_BY_XDM);
	for (size_t i = 0; ecid && i < s->catalogue->fields.count; i++) {
		const char *name = s->names[i].name;

		field = &s->catalogue->fields.at[i];
		if (field->searchable && (strcmp(name, "ecid") == 0 || strcmp(name, "ecids") == 0) && !mapping_target(s->mapping, field->name)) {
			put(s, ecid, field, CONFIDENCE_HIGH, SUGGESTED_BY_NAME);
			return;
		}
	}
}

/* Of several sources of one target only the first is surely the one that is meant. */
static enum confidence known_confidence(size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (strcmp(known[i].target, known[index].target) == 0)
			return CONFIDENCE_MEDIUM;
	return CONFIDENCE_HIGH;
}

static void suggest_known(const struct suggest *s)
{
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		const char *path = find_path(s, known[i].path);
		const struct field *field = path ? catalogue_find(s->catalogue, known[i].target) : NULL;

		if (is_free(s, field))
			put(s, path, field, known_confidence(i), SUGGESTED_BY_XDM);
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

static bool is_own(const char *part, size_t length)
{
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		if (strlen(own[i]) == length && strncmp(own[i], part, length) == 0)
			return true;
	return false;
}

/* Is what stands at path[last..] about the person? It does not stand in an object, or only in the tenant's and those of the profile itself. */
static bool is_of_person(const char *path, size_t last)
{
	for (size_t end = last; end > 0;) {
		size_t start = last_part(path, end - 1);

		if (!is_own(path + start, end - 1 - start) && !(start == 0 && *path == '_'))
			return false;
		end = start;
	}
	return true;
}

/* A field that goes by this name, in the way of that reason. */
static bool suggest_by(const struct suggest *s, const char *path, const char *folded, enum suggestion_reason reason, enum confidence confidence)
{
	for (size_t i = 0; *folded && i < s->catalogue->fields.count; i++) {
		const struct field *field = &s->catalogue->fields.at[i];
		bool fits = reason == SUGGESTED_BY_NAME ? strcmp(s->names[i].name, folded) == 0 :
			reason == SUGGESTED_BY_LABEL ? strcmp(s->names[i].label, folded) == 0 : synonym_fits(folded, field->name);

		if (fits && is_free(s, field))
			return put(s, path, field, confidence, reason);
	}
	return false;
}

static bool suggest_name(const struct suggest *s, const char *path, const char *name, bool of_person, enum confidence wanted)
{
	static const struct {
		enum suggestion_reason reason;
		enum confidence confidence; /* of what is the person's; else it is low */
	} ways[] = {
		{ SUGGESTED_BY_NAME, CONFIDENCE_HIGH },
		{ SUGGESTED_BY_LABEL, CONFIDENCE_MEDIUM },
		{ SUGGESTED_BY_SYNONYM, CONFIDENCE_MEDIUM },
	};
	char *folded = synonym_fold(name);
	bool done = false;

	for (size_t i = 0; !done && i < sizeof ways / sizeof *ways; i++)
		if ((of_person ? ways[i].confidence : CONFIDENCE_LOW) == wanted)
			done = suggest_by(s, path, folded, ways[i].reason, wanted);
	mem_free(folded);
	return done;
}

/* `_acme.loyalty.tier`: "loyalty.tier" first, which says whose it is, then "tier". */
static void suggest_similar(const struct suggest *s, const char *path, enum confidence wanted)
{
	size_t last = last_part(path, strlen(path));
	size_t pair = last > 0 ? last_part(path, last - 1) : 0;

	if (last > 0 && suggest_name(s, path, path + pair, true, wanted))
		return;
	if (last == 0 || !is_vague(path + last))
		suggest_name(s, path, path + last, is_of_person(path, last), wanted);
}

void mapping_suggest(const struct mapping *mapping, const struct catalogue *catalogue, char *const *paths, size_t path_count, suggestion_list *out)
{
	struct suggest s = { .mapping = mapping, .catalogue = catalogue, .paths = paths, .path_count = path_count, .out = out };
	size_t fields = catalogue->fields.count;

	*out = (suggestion_list){ 0 };
	s.names = mem_array(fields, sizeof *s.names);
	for (size_t i = 0; i < fields; i++) {
		s.names[i].name = synonym_fold(catalogue->fields.at[i].name);
		s.names[i].label = synonym_fold(catalogue->fields.at[i].label ? catalogue->fields.at[i].label : "");
	}
	suggest_identities(&s);
	suggest_known(&s);
	/* What is less sure takes nothing away from what is surer. */
	for (int wanted = CONFIDENCE_HIGH; wanted >= CONFIDENCE_LOW; wanted--)
		for (size_t i = 0; i < path_count; i++)
			if (strncmp(paths[i], "identityMap.", 12) != 0 && !is_known(paths[i]))
				suggest_similar(&s, paths[i], (enum confidence)wanted);
	for (size_t i = 0; i < fields; i++) {
		mem_free(s.names[i].name);
		mem_free(s.names[i].label);
	}
	mem_free(s.names);
}
