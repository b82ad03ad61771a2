/* Everything that can be known to be wrong with a mapping before anything is sent. */
#include "model/mapping.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "model/namespace.h"

#include <string.h>

struct check {
	const struct mapping *mapping;
	const struct catalogue *catalogue; /* NULL: not fetched */
	char *const *dedupe;
	size_t dedupe_count;
	bool creates_people;
	mapping_problems *problems;
};

enum { IS_WARNING, IS_ERROR };

/* Takes the message over. */
static void add(const struct check *check, const struct mapping_row *row, const char *target, int level, char *message)
{
	const char *source = row ? row->source : NULL;

	target = row ? row->target : target;
	vec_push(check->problems, ((struct mapping_problem){ .target = mem_strdup(target), .source = mem_strdup(source),
		.error = level == IS_ERROR, .message = text_clean_dup(message) }));
	mem_free(message);
}

static bool is_dedupe(const struct check *check, const char *target)
{
	for (size_t i = 0; i < check->dedupe_count; i++) {
		if (strcmp(check->dedupe[i], target) == 0)
			return true;
	}
	return false;
}

static const char *row_namespace(const struct mapping_row *row)
{
	static const char prefix[] = "identityMap.";

	return strncmp(row->source, prefix, sizeof prefix - 1) == 0 ? row->source + sizeof prefix - 1 : NULL;
}

static bool is_ecid_row(const struct mapping_row *row)
{
	const char *namespace = row_namespace(row);

	return namespace && namespace_is_ecid(namespace);
}

/* Can people be looked up by the target of this row? Without a catalogue the dedupe fields are believed. */
static bool can_look_up(const struct check *check, const struct mapping_row *row)
{
	const struct field *field = check->catalogue ? catalogue_find(check->catalogue, row->target) : NULL;

	return is_dedupe(check, row->target) && (!check->catalogue || (field && field->searchable));
}

static void unknown_target(const struct check *check, const struct mapping_row *row)
{
	const char *nearest = catalogue_nearest(check->catalogue, row->target);

	if (nearest)
		add(check, row, NULL, IS_ERROR, mem_printf(_("the account has no field %s; did you mean %s?"), row->target, nearest));
	else
		add(check, row, NULL, IS_ERROR, mem_printf(_("the account has no field %s; `penstock fields NAME` lists what it has"), row->target));
}

static bool is_settled(const struct field *field)
{
	return !field->updateable || field->type == FIELD_REFERENCE || field->type == FIELD_FORMULA || strcmp(field->name, "id") == 0;
}

static void check_company(const struct check *check, const struct mapping_row *row)
{
	if (check->creates_people)
		add(check, row, NULL, IS_WARNING, mem_printf(_("%s belongs to the company record: it is sent when a person is created, and never updated"), row->target));
	else
		add(check, row, NULL, IS_WARNING, mem_printf(_("%s belongs to the company record: it is never sent, since this destination creates nobody"), row->target));
}

/* The target against the catalogue. An ECID that cannot be looked up may stand in a mapping (Adobe's own engine can use it): check_ecid speaks of it. */
static void check_target(const struct check *check, const struct mapping_row *row)
{
	const struct field *field = check->catalogue ? catalogue_find(check->catalogue, row->target) : NULL;

	if (field_is_company(row->target) && (field || !check->catalogue))
		check_company(check, row);
	if (!check->catalogue || (is_ecid_row(row) && !can_look_up(check, row)))
		return;
	if (!field)
		unknown_target(check, row);
	else if (is_settled(field) && !(can_look_up(check, row) && !check->creates_people))
		add(check, row, NULL, IS_ERROR, mem_printf(_("%s is read-only: Marketo does not let it be changed"), row->target));
	else if (field->type == FIELD_EMAIL && row_namespace(row) && text_case_eq(namespace_canonical(row_namespace(row)), "Emails"))
		add(check, row, NULL, IS_ERROR, mem_printf(_("%s wants an e-mail address, and identityMap.Emails holds hashes of addresses"), row->target));
}

/* One problem a target, at the second row that has it. */
static void check_doubled(const struct check *check, size_t index)
{
	const struct mapping_row *row = &check->mapping->rows.at[index];
	const struct mapping_row *other = NULL;
	size_t before = 0;

	for (size_t i = 0; i < index; i++) {
		if (strcmp(check->mapping->rows.at[i].target, row->target) == 0) {
			other = &check->mapping->rows.at[i];
			before++;
		}
	}
	if (before != 1)
		return;
	if (strcmp(other->source, row->source) == 0)
		add(check, row, NULL, IS_ERROR, mem_printf(_("%s=%s stands twice"), row->source, row->target));
	else
		add(check, row, NULL, IS_ERROR, mem_printf(_("two sources have the target %s: %s and %s; a field takes one"), row->target, other->source, row->source));
}

static void check_dedupe_field(const struct check *check, const char *name)
{
	const struct field *field = check->catalogue ? catalogue_find(check->catalogue, name) : NULL;
	const struct mapping_row *row = mapping_target(check->mapping, name);

	if (check->catalogue && !field)
		add(check, NULL, name, IS_ERROR, mem_printf(_("the dedupe field %s does not exist in the account"), name));
	else if (field && !field->searchable)
		add(check, NULL, name, IS_ERROR, mem_printf(_("%s cannot be a dedupe field: Marketo does not search by it; "
			"`penstock fields NAME --searchable` lists those it does"), name));
	if (!row)
		add(check, NULL, name, IS_ERROR, mem_printf(_("the dedupe field %s has no source; "
			"map one to it, for example identityMap.Email=email"), name));
}

static void check_identities(const struct check *check)
{
	size_t identities = 0, ecids = 0, usable_ecids = 0;

	for (size_t i = 0; i < check->mapping->rows.count; i++) {
		const struct mapping_row *row = &check->mapping->rows.at[i];

		identities += mapping_row_is_identity(row, check->dedupe, check->dedupe_count);
		ecids += is_ecid_row(row);
		usable_ecids += is_ecid_row(row) && can_look_up(check, row);
	}
	if (identities == 0) {
		add(check, NULL, NULL, IS_ERROR, mem_strdup(_("no identity is mapped: nobody could be matched; "
			"map identityMap.Email=email, which matches the most people")));
		return;
	}
	if (ecids == 0 || usable_ecids > 0)
		return;
	for (size_t i = 0; i < check->mapping->rows.count; i++) {
		const struct mapping_row *row = &check->mapping->rows.at[i];

		if (!is_ecid_row(row))
			continue;
		if (identities == ecids)
			add(check, row, NULL, IS_ERROR, mem_strdup(_("ECID is the only identity, and no searchable field of the account holds it: nobody could be matched; "
				"map identityMap.Email=email")));
		else
			add(check, row, NULL, IS_WARNING, mem_strdup(_("people cannot be looked up by ECID here: a profile that has nothing else is excluded")));
	}
}

/* What Adobe's documentation asks for where people are created (platform-api 9.4). */
static void check_names(const struct check *check)
{
	static const char *const names[] = { "firstName", "lastName" };

	for (size_t i = 0; check->creates_people && i < sizeof names / sizeof *names; i++) {
		if (!mapping_target(check->mapping, names[i]))
			add(check, NULL, names[i], IS_WARNING, mem_printf(_("people are created without %s: no source is mapped to it"), names[i]));
	}
}

void mapping_check(const struct mapping *mapping, const struct catalogue *catalogue, char *const *dedupe, size_t dedupe_count, bool creates_people,
	mapping_problems *problems)
{
	const struct check check = {
		.mapping = mapping,
		.catalogue = catalogue,
		.dedupe = dedupe,
		.dedupe_count = dedupe_count,
		.creates_people = creates_people,
		.problems = problems,
	};

	check_identities(&check);
	for (size_t i = 0; i < dedupe_count; i++)
		check_dedupe_field(&check, dedupe[i]);
	for (size_t i = 0; i < mapping->rows.count; i++) {
		check_target(&check, &mapping->rows.at[i]);
		check_doubled(&check, i);
	}
	check_names(&check);
}
