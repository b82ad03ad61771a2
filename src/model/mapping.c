#include "model/mapping.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "model/profile.h"

#include <string.h>

enum { TARGET_LIMIT = 255 }; /* bytes */

void mapping_init(struct mapping *mapping)
{
	*mapping = (struct mapping){ 0 };
}

void mapping_row_done(struct mapping_row *row)
{
	mem_free(row->source);
	mem_free(row->target);
	*row = (struct mapping_row){ 0 };
}

void mapping_done(struct mapping *mapping)
{
	for (size_t i = 0; i < mapping->rows.count; i++)
		mapping_row_done(&mapping->rows.at[i]);
	vec_done(&mapping->rows);
	mapping_init(mapping);
}

void mapping_copy(struct mapping *to, const struct mapping *from)
{
	mapping_init(to);
	to->revision = from->revision;
	for (size_t i = 0; i < from->rows.count; i++) {
		struct mapping_row row = from->rows.at[i];

		row.source = mem_strdup(row.source);
		row.target = mem_strdup(row.target);
		vec_push(&to->rows, row);
	}
}

static enum status refuse(struct error *err, const char *text, const char *why)
{
	error_set(err, STATUS_USAGE, "usage", _("not a mapping: %s (%s)"), text, why);
	error_hint(err, _("Write SOURCE=TARGET, for example identityMap.Email=email or person.name.firstName=firstName."));
	return STATUS_USAGE;
}

/* Cuts `:clear` and `:create-only` off the target's end and notes them. False: something else stands behind a colon. */
static bool take_options(char *target, struct mapping_row *row)
{
	char *colon = strchr(target, ':');

	if (!colon)
		return true;
	*colon = '\0';
	for (char *word = colon + 1; word; word = colon) {
		colon = strchr(word, ':');
		if (colon)
			*colon++ = '\0';
		if (strcmp(text_trim(word), "clear") == 0)
			row->clear = true;
		else if (strcmp(word, "create-only") == 0)
			row->create_only = true;
		else
			return false;
	}
	return true;
}

static bool target_is_sound(const char *target)
{
	if (!*target || strlen(target) > TARGET_LIMIT || !text_is_utf8(target, strlen(target), NULL))
		return false;
	for (; *target; target++) {
		if ((unsigned char)*target <= ' ' || *target == 0x7f || *target == '"')
			return false;
	}
	return true;
}

static enum status parse_sides(const char *text, char *source, char *target, struct mapping_row *row, struct error *err)
{
	struct path *path;

	if (!take_options(target, row))
		return refuse(err, text, _("behind the target only :clear and :create-only may stand"));
	if (!target_is_sound(text_trim(target)))
		return refuse(err, text, _("the target is not a field name"));
	path = path_parse(source, err);
	if (!path)
		return STATUS_USAGE;
	row->source = mem_strdup(path_text(path));
	row->target = mem_strdup(target);
	path_free(path);
	return STATUS_OK;
}

enum status mapping_row_parse(const char *text, struct mapping_row *row, struct error *err)
{
	char *copy = mem_strdup(text);
	char *equals = strrchr(copy, '=');
	enum status status;

	*row = (struct mapping_row){ 0 };
	if (equals) {
		*equals = '\0';
		status = parse_sides(text, copy, equals + 1, row, err);
	} else {
		status = refuse(err, text, _("the '=' is missing"));
	}
	mem_free(copy);
	return status;
}

void mapping_put(struct mapping *mapping, struct mapping_row *row)
{
	for (size_t i = 0; i < mapping->rows.count; i++) {
		struct mapping_row *old = &mapping->rows.at[i];

		if (strcmp(old->source, row->source) == 0 && strcmp(old->target, row->target) == 0) {
			mapping_row_done(old);
			*old = *row;
			*row = (struct mapping_row){ 0 };
			return;
		}
	}
	vec_push(&mapping->rows, *row);
	*row = (struct mapping_row){ 0 };
}

bool mapping_remove(struct mapping *mapping, const char *target)
{
	size_t kept = 0;

	for (size_t i = 0; i < mapping->rows.count; i++) {
		if (strcmp(mapping->rows.at[i].target, target) == 0)
			mapping_row_done(&mapping->rows.at[i]);
		else
			mapping->rows.at[kept++] = mapping->rows.at[i];
	}
	if (kept == mapping->rows.count)
		return false;
	mapping->rows.count = kept;
	return true;
}

const struct mapping_row *mapping_target(const struct mapping *mapping, const char *target)
{
	for (size_t i = 0; i < mapping->rows.count; i++) {
		if (strcmp(mapping->rows.at[i].target, target) == 0)
			return &mapping->rows.at[i];
	}
	return NULL;
}

bool mapping_row_is_identity(const struct mapping_row *row, char *const *dedupe, size_t dedupe_count)
{
	static const char prefix[] = "identityMap.";

	if (strncmp(row->source, prefix, sizeof prefix - 1) == 0)
		return true;
	for (size_t i = 0; i < dedupe_count; i++) {
		if (strcmp(row->target, dedupe[i]) == 0)
			return true;
	}
	return false;
}

void mapping_problems_done(mapping_problems *problems)
{
	for (size_t i = 0; i < problems->count; i++) {
		mem_free(problems->at[i].target);
		mem_free(problems->at[i].source);
		mem_free(problems->at[i].message);
	}
	vec_done(problems);
}
