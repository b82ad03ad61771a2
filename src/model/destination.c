#include "model/destination.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "model/word.h"

#include <string.h>

static const char *const creations[] = {
	[CREATION_MATCH_ONLY] = "match-only",
	[CREATION_MATCH_AND_CREATE] = "match-and-create",
};

static const char *const sign_offs[] = { "none", "required" };

static const char *const sync_types[] = {
	[SYNC_AUDIENCE_ONLY] = "audience-only",
	[SYNC_PROFILE_ONLY] = "profile-only",
	[SYNC_AUDIENCE_AND_PROFILE] = "audience-and-profile",
};

void destination_init(struct destination *destination)
{
	*destination = (struct destination){ .version = 2, .person_creation = CREATION_MATCH_ONLY, .sync_type = SYNC_FOLLOWS_CREATION };
}

void destination_done(struct destination *destination)
{
	for (size_t i = 0; i < destination->dedupe_fields.count; i++)
		mem_free(destination->dedupe_fields.at[i]);
	vec_done(&destination->dedupe_fields);
	for (size_t i = 0; i < destination->marketing_actions.count; i++)
		mem_free(destination->marketing_actions.at[i]);
	vec_done(&destination->marketing_actions);
	mem_free(destination->name);
	mem_free(destination->account_name);
	mem_free(destination->description);
	mem_free(destination->partition);
	mem_free(destination->workspace);
	mem_free(destination->list_folder);
	destination_init(destination);
}

enum sync_type destination_sync_type(const struct destination *destination)
{
	if (destination->sync_type != SYNC_FOLLOWS_CREATION)
		return destination->sync_type;
	return destination->person_creation == CREATION_MATCH_AND_CREATE ? SYNC_AUDIENCE_AND_PROFILE : SYNC_AUDIENCE_ONLY;
}

bool destination_touches_people(const struct destination *destination)
{
	return destination_sync_type(destination) != SYNC_AUDIENCE_ONLY;
}

bool destination_touches_lists(const struct destination *destination)
{
	return destination_sync_type(destination) != SYNC_PROFILE_ONLY;
}

static enum status dedupe_check(struct destination *destination, struct error *err)
{
	if (destination->dedupe_fields.count == 0)
		vec_push(&destination->dedupe_fields, mem_strdup("email"));
	for (size_t i = 0; i < destination->dedupe_fields.count; i++) {
		char *field = text_trim(destination->dedupe_fields.at[i]);

		if (!*field)
			return error_set(err, STATUS_USAGE, "usage", _("the dedupe fields hold an empty name"));
		if (text_case_eq(field, "id")) {
			error_set(err, STATUS_USAGE, "usage", _("the field id cannot be a dedupe field: Marketo gives it, no source knows it"));
			error_hint(err, _("Choose a searchable field, such as email (see `penstock fields NAME --searchable`)."));
			return STATUS_USAGE;
		}
		for (size_t k = 0; k < i; k++) {
			if (strcmp(destination->dedupe_fields.at[k], field) == 0)
				return error_set(err, STATUS_USAGE, "usage", _("the dedupe field %s stands twice"), field);
		}
	}
	return STATUS_OK;
}

static enum status folder_check(const char *folder, struct error *err)
{
	bool is_program;
	int64_t id;

	if (!folder || folder_ref_parse(folder, &is_program, &id))
		return STATUS_OK;
	if (!*folder)
		return error_set(err, STATUS_USAGE, "usage", _("the list folder's name is empty"));
	if (strncmp(folder, "program:", 8) == 0) {
		error_set(err, STATUS_USAGE, "usage", _("not a program: %s"), folder);
		error_hint(err, _("Write program: and the program's id, for example program:1044."));
		return STATUS_USAGE;
	}
	return STATUS_OK;
}

enum status destination_check(struct destination *destination, struct error *err)
{
	if (destination->name)
		text_trim(destination->name);
	if (!destination->name || !*destination->name)
		return error_set(err, STATUS_USAGE, "usage", _("the destination has no name"));
	if (destination->version != 1 && destination->version != 2)
		return error_set(err, STATUS_USAGE, "usage", _("a destination has version 1 or 2, not %d"), destination->version);
	if (destination->sync_type == SYNC_AUDIENCE_ONLY && destination->person_creation == CREATION_MATCH_AND_CREATE) {
		error_set(err, STATUS_USAGE, "usage", _("audience-only and match-and-create contradict each other: the first never touches a person"));
		error_hint(err, _("Use --person-creation match-only, or --sync-type audience-and-profile."));
		return STATUS_USAGE;
	}
	if (folder_check(destination->list_folder, err) != STATUS_OK)
		return STATUS_USAGE;
	return dedupe_check(destination, err);
}

bool sign_off_parse(const char *text, bool *required)
{
	size_t index;

	if (!word_parse(WORDS(sign_offs), text, &index))
		return false;
	*required = index == 1;
	return true;
}

const char *sign_off_text(bool required)
{
	return sign_offs[required];
}

bool person_creation_parse(const char *text, enum person_creation *out)
{
	size_t index;

	if (!word_parse(WORDS(creations), text, &index))
		return false;
	*out = (enum person_creation)index;
	return true;
}

const char *person_creation_text(enum person_creation value)
{
	return word_text(WORDS(creations), value);
}

bool sync_type_parse(const char *text, enum sync_type *out)
{
	size_t index;

	if (!word_parse(WORDS(sync_types), text, &index))
		return false;
	*out = (enum sync_type)index;
	return true;
}

const char *sync_type_text(enum sync_type value)
{
	return word_text(WORDS(sync_types), value);
}

static bool positive_id(const char *text, int64_t *id)
{
	long long value;

	/* The first character keeps "+5" and " 5" out, whatever the number parser thinks of them. */
	if (*text < '0' || *text > '9' || !text_to_i64(text, 1, INT64_MAX, &value))
		return false;
	*id = value;
	return true;
}

bool folder_ref_parse(const char *text, bool *is_program, int64_t *id)
{
	bool program = text && strncmp(text, "program:", 8) == 0;

	if (!text || !positive_id(program ? text + 8 : text, id))
		return false;
	*is_program = program;
	return true;
}
