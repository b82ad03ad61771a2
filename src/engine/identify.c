#include "engine/identify.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "engine/key.h"

#include <string.h>

static void add_field(struct identify *identify, const char *field, const char *kind)
{
	vec_push(&identify->fields, ((struct key_field){.field = field, .kind = kind}));
	str_add_format(&identify->names, ",%s", field);
}

/* In the order in which a message of the source is asked for them (read.c). */
bool identify_init(struct identify *identify, const struct engine_job *job, const struct recipe *recipe)
{
	const char *profile_key = job->dataflow->profile_key;
	size_t i, order;

	*identify = (struct identify){.store = job->store};
	str_add(&identify->names, "id,updatedAt");
	for (i = 0; recipe->profile_key && i < recipe->rows.count; i++)
		if (path_is_key(recipe->rows.at[i].path, recipe->profile_key))
			add_field(identify, recipe->rows.at[i].field->name, profile_key);
	for (order = 0; !recipe->profile_key && order < recipe->dedupe_count; order++)
		for (i = 0; i < recipe->rows.count; i++)
			if (recipe->rows.at[i].dedupe == (int)order)
				add_field(identify, recipe->rows.at[i].field->name, recipe->rows.at[i].field->name);
	return identify->fields.count > 0;
}

bool identify_key(struct identify *identify, const struct json *lead, unsigned char key[KEY_HASH])
{
	size_t i;

	for (i = 0; i < identify->fields.count; i++) {
		const struct json *value = json_get(lead, identify->fields.at[i].field);
		const char *text = json_kind(value) == JSON_NUMBER ? json_number_text(value) : json_string(value);
		char *trimmed = text ? mem_strdup(text) : NULL;
		bool any = trimmed && *text_trim(trimmed);

		if (any)
			person_key(identify->store, identify->fields.at[i].kind, trimmed, &identify->work, key);
		mem_free(trimmed);
		if (any)
			return true;
	}
	return false;
}

int64_t identify_updated_at(const struct json *lead)
{
	const char *updated = json_get_string(lead, "updatedAt");
	int64_t at = 0;

	return updated && clock_parse(updated, &at, NULL) ? at : 0;
}

void identify_done(struct identify *identify)
{
	vec_done(&identify->fields);
	str_done(&identify->names);
	str_done(&identify->work);
}
