#include "model/consent.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "model/policy.h"

#include <string.h>

struct consent {
	struct path *path, *inner; /* inner: its `val` */
	word_list values;          /* empty: opt-out */
};

static struct consent *refuse(struct consent *consent, const char *text, const char *why, struct error *err)
{
	error_set(err, STATUS_USAGE, "consent", _("not a consent: %s (%s)"), text, why);
	error_hint(err, _("Write a path such as consents.marketing.email.val, or PATH=y for those alone who say so; a table's column likewise."));
	consent_free(consent);
	return NULL;
}

/* The '=' behind the path: one in double quotes is part of it. */
static char *find_values(char *text)
{
	char *equals = strrchr(text, '=');

	return equals && !strchr(equals, '"') ? equals : NULL;
}

static bool take_values(struct consent *consent, char *list)
{
	for (char *value = strsep(&list, ","); value; value = strsep(&list, ",")) {
		if (!*text_trim(value))
			return false;
		word_list_add(&consent->values, value);
	}
	return true;
}

struct consent *consent_parse(const char *text, struct error *err)
{
	struct consent *consent = mem_alloc(sizeof *consent);
	char *copy = mem_strdup(text), *values = find_values(copy), *inner;
	bool good = true;

	if (values) {
		*values++ = '\0';
		good = take_values(consent, values);
	}
	consent->path = path_parse(copy, err);
	mem_free(copy);
	if (!consent->path) {
		consent_free(consent);
		return NULL;
	}
	if (!good)
		return refuse(consent, text, _("a value is empty"), err);
	if (path_is_identity(consent->path))
		return refuse(consent, text, _("an identity is no answer"), err);
	inner = mem_printf("%s.val", path_text(consent->path));
	consent->inner = path_parse(inner, NULL);
	mem_free(inner);
	return consent->inner ? consent : refuse(consent, text, _("too long"), err);
}

void consent_free(struct consent *consent)
{
	if (!consent)
		return;
	path_free(consent->path);
	path_free(consent->inner);
	word_list_done(&consent->values);
	mem_free(consent);
}

void consent_be_column(struct consent *consent)
{
	path_be_column(consent->path);
}

const struct path *consent_path(const struct consent *consent)
{
	return consent->path;
}

static bool is_among(const char *text, const char *const *words, size_t count)
{
	char *copy = text_trim(mem_strdup(text));
	bool found = false;

	for (size_t i = 0; !found && i < count; i++)
		found = text_case_eq(copy, words[i]);
	mem_free(copy);
	return found;
}

bool consent_refuses(const struct consent *consent, const struct json *message)
{
	static const char *const no[] = { "n", "no", "dn", "false", "out", "0" };
	struct value value = path_value(consent->path, message);
	const char *answer;

	if (value.kind == VALUE_OTHER)
		value = path_value(consent->inner, message);
	else if (value.kind == VALUE_ABSENT || value.kind == VALUE_NULL)
		return consent->values.count > 0;
	if (value.kind == VALUE_TRUE || value.kind == VALUE_FALSE)
		answer = value.kind == VALUE_TRUE ? "true" : "false";
	else
		answer = value.text;
	/* An object without an answer, a list: nobody can tell that this is no `no`. */
	if (!answer)
		return true;
	if (consent->values.count)
		return !is_among(answer, (const char *const *)consent->values.at, consent->values.count);
	return is_among(answer, no, sizeof no / sizeof *no);
}
