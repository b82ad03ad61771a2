#include "model/operator.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"

#include <string.h>

static const char *const names[PERMISSIONS] = { "View Destinations", "Manage Destinations", "Activate Destinations", "View Profiles", "View Segments" };

const char *permission_name(unsigned set)
{
	for (int i = 0; i < PERMISSIONS; i++)
		if (set & 1u << i)
			return names[i];
	return NULL;
}

bool permission_read(const char *name, unsigned *permission)
{
	for (int i = 0; i < PERMISSIONS; i++) {
		if (text_case_eq(name, names[i])) {
			*permission = 1u << i;
			return true;
		}
	}
	return false;
}

void grants_done(struct grants *grants)
{
	for (size_t i = 0; i < grants->all.count; i++)
		mem_free(grants->all.at[i].who);
	for (size_t i = 0; i < grants->sources.count; i++)
		mem_free(grants->sources.at[i]);
	vec_done(&grants->all);
	vec_done(&grants->sources);
}

static enum status refuse(int line, const char *why, const char *word, struct error *err)
{
	const char *near = text_nearest(word, names, PERMISSIONS);

	error_set(err, STATUS_USAGE, "permissions", _("line %d of the permissions: %s %s"), line, why, word);
	if (near)
		error_hint(err, _("did you mean %s?"), near);
	else
		error_hint(err, _("a line is `user NAME: View Destinations, Manage Destinations`, or begins with group, source or #"));
	return STATUS_USAGE;
}

static enum status read_permissions(char *list, int line, struct grant *grant, struct error *err)
{
	while (list) {
		char *comma = strchr(list, ',');
		unsigned one;

		if (comma)
			*comma = '\0';
		if (!permission_read(text_trim(list), &one))
			return refuse(line, _("there is no permission"), list, err);
		grant->permissions |= one;
		list = comma ? comma + 1 : NULL;
	}
	return STATUS_OK;
}

static enum status read_grant(char *rest, bool group, int line, struct grants *out, struct error *err)
{
	char *colon = strchr(rest, ':');
	struct grant grant = { .group = group };
	enum status status;

	if (!colon)
		return refuse(line, _("a colon is missing behind"), rest, err);
	*colon = '\0';
	if (!*text_trim(rest))
		return refuse(line, _("nobody is named before"), text_trim(colon + 1), err);
	status = read_permissions(colon + 1, line, &grant, err);
	if (status == STATUS_OK) {
		grant.who = mem_strdup(text_trim(rest));
		vec_push(&out->all, grant);
	}
	return status;
}

static enum status read_source(const char *rest, int line, struct grants *out, struct error *err)
{
	size_t length = strlen(rest);

	while (length > 1 && rest[length - 1] == '/')
		length--;
	if (*rest != '/' && strncmp(rest, "sqlite:", 7) != 0 && strncmp(rest, "postgresql:", 11) != 0 && strncmp(rest, "postgres:", 9) != 0)
		return refuse(line, _("neither a path from / on nor a database:"), rest, err);
	vec_push(&out->sources, mem_strndup(rest, length));
	return STATUS_OK;
}

static enum status read_line(char *text, int line, struct grants *out, struct error *err)
{
	size_t word;

	text_trim(text);
	if (!*text || *text == '#')
		return STATUS_OK;
	word = strcspn(text, " \t");
	if (word == 4 && strncmp(text, "user", word) == 0)
		return read_grant(text_trim(text + word), false, line, out, err);
	if (word == 5 && strncmp(text, "group", word) == 0)
		return read_grant(text_trim(text + word), true, line, out, err);
	if (word == 6 && strncmp(text, "source", word) == 0)
		return read_source(text_trim(text + word), line, out, err);
	text[word] = '\0';
	return refuse(line, _("nothing begins with"), text, err);
}

enum status grants_read(const char *text, size_t length, struct grants *out, struct error *err)
{
	enum status status = STATUS_OK;

	if (!text_is_utf8(text, length, NULL) || memchr(text, '\0', length))
		return error_set(err, STATUS_USAGE, "permissions", _("the permissions are no UTF-8 text"));
	for (int line = 1; status == STATUS_OK && length; line++) {
		const char *newline = memchr(text, '\n', length);
		size_t part = newline ? (size_t)(newline - text) : length;
		char *copy = mem_strndup(text, part);

		status = read_line(copy, line, out, err);
		mem_free(copy);
		part += newline != NULL;
		text += part;
		length -= part;
	}
	return status;
}

void operator_done(struct operator *operator)
{
	mem_free(operator->name);
	mem_free(operator->keeper);
	mem_free(operator->told);
	for (size_t i = 0; i < operator->sources.count; i++)
		mem_free(operator->sources.at[i]);
	vec_done(&operator->sources);
	*operator = (struct operator){ 0 };
}

bool operator_sees_profiles(const struct operator *operator)
{
	return !operator || operator->owner || (operator->permissions & PERMISSION_VIEW_PROFILES);
}

static bool is_database(const char *source)
{
	return *source != '/';
}

/* A database is meant with all that is written of it; of a path what is below it, too. */
static bool covers(const char *listed, const char *source)
{
	size_t length = strlen(listed);

	if (is_database(listed) != is_database(source) || strncmp(listed, source, length) != 0)
		return false;
	if (is_database(listed))
		return source[length] == '#';
	return length == 1 || source[length] == '\0' || source[length] == '/';
}

bool operator_may_name(const struct operator *operator, const char *source)
{
	if (!operator || operator->owner)
		return true;
	for (size_t i = 0; i < operator->sources.count; i++)
		if (covers(operator->sources.at[i], source))
			return true;
	return false;
}
