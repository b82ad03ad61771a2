#include "screens/answers.h"

#include "base/mem.h"

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

void answer_source(const struct json *answer, struct source_report *out)
{
	const struct json *source = json_get(answer, "source");

	*out = (struct source_report){ .format = "", .profiles = answer_number(source, "profiles") };
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
