#include "engine/value.h"

#include "base/text.h"

#include <string.h>

struct value row_value(const struct path *path, const struct json *message, identity_list *identities)
{
	if (!path_is_identity(path))
		return path_value(path, message);
	path_identities(path, message, identities);
	if (identities->count == 0)
		return (struct value){.kind = VALUE_ABSENT};
	return (struct value){.kind = VALUE_STRING, .text = identities->at[0].id, .length = strlen(identities->at[0].id)};
}

static void identity_of_attribute(const struct path *path, const struct json *message, identity_list *identities, struct str *name)
{
	struct value value = path_value(path, message);

	identities->count = 0;
	if ((value.kind != VALUE_STRING && value.kind != VALUE_NUMBER) || !value.length)
		return;
	str_clear(name);
	str_add_bytes(name, value.text, value.length);
	text_trim(name->text);
	if (*name->text)
		vec_push(identities, ((struct identity){.id = name->text}));
}

static void choose(identity_list *identities, enum identity_choice choice)
{
	size_t i;

	if (choice == IDENTITY_ALL || identities->count < 2)
		return;
	for (i = 0; choice == IDENTITY_PRIMARY && i < identities->count; i++)
		if (identities->at[i].primary)
			identities->at[0] = identities->at[i];
	identities->count = 1;
}

void row_identities(const struct path *path, const struct json *message, enum identity_choice choice, identity_list *identities, struct str *name)
{
	if (!path_is_identity(path)) {
		identity_of_attribute(path, message, identities, name);
		return;
	}
	path_identities(path, message, identities);
	choose(identities, choice);
}

void key_identities(const struct path *path, const struct json *message, enum identity_choice choice, identity_list *identities, struct str *name)
{
	path_key_identities(path, message, identities);
	if (identities->count == 0 && !path_is_identity(path))
		identity_of_attribute(path, message, identities, name);
	choose(identities, choice);
}

const char *row_refusal(const struct field *field, const char *text, struct str *rendered)
{
	struct value value = {.kind = VALUE_STRING, .text = text, .length = strlen(text)};
	struct field matched = *field;
	const char *why;

	matched.updateable = true; /* it is matched, not written */
	str_clear(rendered);
	why = field_render(&matched, &value, rendered);
	return why ? why : "";
}
