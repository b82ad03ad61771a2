#include "screens/answers.h"

#include "base/i18n.h"
#include "base/mem.h"

#include <stddef.h>
#include <string.h>

int64_t answer_number(const struct json *object, const char *key)
{
	int64_t number;

	return json_i64(json_get(object, key), &number) ? number : -1;
}

static char *text(const struct json *object, const char *key)
{
	return mem_strdup(json_get_string(object, key));
}

void answer_places(const struct json *answer, const char *key, place_list *out)
{
	for (const struct json *one = json_first(json_get(answer, key)); one; one = json_next(one)) {
		const char *type = json_get_string(one, "type");
		struct place place = {
			.id = answer_number(one, "id"),
			.is_program = type && strcmp(type, "program") == 0,
			.name = text(one, "name"),
			.path = text(one, "path"),
			.program = text(one, "program"),
			.workspace = text(one, "workspace"),
			.description = text(one, "description"),
			.folder_type = text(one, "folder_type"),
		};

		vec_push(out, place);
	}
}

static void add_audiences(const struct json *source, struct source_report *out)
{
	for (const struct json *one = json_first(json_get(source, "audiences")); one; one = json_next(one)) {
		struct source_audience audience = {
			.id = text(one, "id"),
			.name = text(one, "name"),
			.group = text(one, "group"),
			.realized = answer_number(one, "realized"),
			.existing = answer_number(one, "existing"),
			.exited = answer_number(one, "exited"),
			.unknown = answer_number(one, "unknown"),
		};

		vec_push(&out->audiences, audience);
	}
}

static void add_attributes(const struct json *source, struct source_report *out)
{
	for (const struct json *one = json_first(json_get(source, "attributes")); one; one = json_next(one)) {
		struct source_attribute attribute = { .path = text(one, "path"), .filled = answer_number(one, "filled"), .example = text(one, "example") };

		vec_push(&out->attributes, attribute);
	}
}

/* Those that make a difference to the wizard; "" for all others. */
static const char *format_of(const struct json *source)
{
	static const char *const formats[] = { "http", "csv", "sqlite", "postgresql" };
	const char *format = json_get_string(source, "format");

	for (size_t i = 0; format && i < sizeof formats / sizeof *formats; i++)
		if (strcmp(format, formats[i]) == 0)
			return formats[i];
	return "";
}

void answer_source(const struct json *answer, struct source_report *out)
{
	const struct json *source = json_get(answer, "source");

	*out = (struct source_report){ .format = format_of(source), .profiles = answer_number(source, "profiles") };
	out->bad_count = answer_number(source, "bad_count");
	out->truncated = json_is_true(json_get(source, "truncated"));
	add_audiences(source, out);
	add_attributes(source, out);
}

void answer_survey(const struct json *answer, struct survey *out)
{
	const struct json *survey = json_get(answer, "survey");

	*out = (struct survey){ .profiles = answer_number(survey, "profiles") };
	for (const struct json *one = json_first(json_get(survey, "rows")); one; one = json_next(one)) {
		struct survey_row row = {
			.source = text(one, "source"),
			.target = text(one, "target"),
			.filled = answer_number(one, "filled"),
			.bad = answer_number(one, "bad"),
			.code = text(one, "code"),
			.message = text(one, "message"),
			.example = text(one, "example"),
		};

		vec_push(&out->rows, row);
	}
}

void answer_show(struct lines *lines, const char *name, const struct json *value)
{
	struct str text = { 0 };
	bool deep = json_kind(value) == JSON_OBJECT || json_kind(value) == JSON_ARRAY;

	for (const struct json *one = deep ? json_first(value) : NULL; one; one = json_next(one))
		answer_show(lines, json_key(one) ? json_key(one) : name, one);
	if (deep && json_kind(value) == JSON_OBJECT)
		lines_add(lines, "", ROLE_TEXT, "");
	if (deep || json_kind(value) == JSON_NULL)
		return;
	if (json_kind(value) == JSON_TRUE || json_kind(value) == JSON_FALSE)
		str_add(&text, json_is_true(value) ? _("yes") : _("no"));
	else
		str_add(&text, json_string(value) ? json_string(value) : json_number_text(value));
	lines_add(lines, name ? name : "", ROLE_TEXT, str_text(&text));
	str_done(&text);
}

static void add_people(const struct json *profile, struct preview_profile *out)
{
	for (const struct json *one = json_first(json_get(profile, "people")); one; one = json_next(one))
		vec_push(&out->people, ((struct preview_person){ .field = text(one, "field"), .identity = text(one, "identity"), .code = text(one, "code") }));
}

static void add_values(const struct json *profile, struct preview_profile *out)
{
	for (const struct json *one = json_first(json_get(profile, "values")); one; one = json_next(one)) {
		struct preview_value value = { .source = text(one, "source"), .target = text(one, "target"), .code = text(one, "code"), .fate = PREVIEW_ABSENT };
		const struct json *json = json_get(one, "value");
		struct str shown = { 0 };

		preview_fate_parse(json_get_string(one, "state"), &value.fate);
		if (json && (json_kind(json) != JSON_NULL || value.fate == PREVIEW_SENT || value.fate == PREVIEW_NEW)) {
			json_write(&shown, json);
			value.value = str_take(&shown);
		}
		vec_push(&out->values, value);
	}
}

void answer_preview(const struct json *answer, struct preview *out)
{
	const struct json *preview = json_get(answer, "preview");

	*out = (struct preview){ .read = answer_number(preview, "read") };
	for (const struct json *one = json_first(json_get(preview, "profiles")); one; one = json_next(one)) {
		struct preview_profile profile = { .position = answer_number(one, "position") };

		add_people(one, &profile);
		add_values(one, &profile);
		vec_push(&out->profiles, profile);
	}
}
