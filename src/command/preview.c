#include "command/preview.h"

#include "app/preview.h"
#include "base/i18n.h"
#include "base/text.h"
#include "command/table.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>

const struct option_row preview_rows[] = {
	{ "profiles", "N", N_("how many profiles to show, at most 20 (3)") },
	{ 0 },
};
const struct option_row preview_source_rows[] = {
	{ "source", "SOURCE", N_("what to look at (of a dataflow: its own source)") },
	{ 0 },
};

static const char *text_of(const char *code)
{
	return code ? field_reason_text(code) : NULL;
}

static void tell_person(struct json_out *w, const struct preview_person *person)
{
	json_object(w);
	json_pair_string(w, "identity", person->identity);
	json_pair_string(w, "field", person->field);
	json_pair_string(w, "code", person->code);
	json_pair_string(w, "message", text_of(person->code));
	json_object_end(w);
}

static void tell_value(struct json_out *w, const struct preview_value *value)
{
	json_object(w);
	json_pair_string(w, "source", value->source);
	json_pair_string(w, "target", value->target);
	json_pair_string(w, "state", preview_fate_text(value->fate));
	json_name(w, "value");
	if (value->value)
		json_put_raw(w, value->value, strlen(value->value));
	else
		json_put_null(w);
	json_pair_string(w, "code", value->code);
	json_pair_string(w, "message", text_of(value->code));
	json_object_end(w);
}

static void tell(struct session *session, const struct preview *preview)
{
	struct json_out *w = &session->w;

	answer_begin(session);
	json_name(w, "preview");
	json_object(w);
	json_pair_i64(w, "read", preview->read);
	json_name(w, "profiles");
	json_array(w);
	for (size_t i = 0; i < preview->profiles.count; i++) {
		const struct preview_profile *profile = &preview->profiles.at[i];

		json_object(w);
		json_pair_i64(w, "position", profile->position);
		json_pair_bool(w, "sends", preview_sends(profile));
		json_name(w, "people");
		json_array(w);
		for (size_t k = 0; k < profile->people.count; k++)
			tell_person(w, &profile->people.at[k]);
		json_array_end(w);
		json_name(w, "values");
		json_array(w);
		for (size_t k = 0; k < profile->values.count; k++)
			tell_value(w, &profile->values.at[k]);
		json_array_end(w);
		json_object_end(w);
	}
	json_array_end(w);
	json_object_end(w);
	answer_end(session);
}

static void print_person(struct session *session, const struct preview_person *person)
{
	if (person->code)
		say(session, _("  %s: nothing is sent: %s"), person->identity, text_of(person->code));
	else
		say(session, _("  %s: looked up by %s"), person->identity, person->field);
}

static const char *state_of(const struct preview_value *value)
{
	switch (value->fate) {
	case PREVIEW_SENT:
		return _("sent");
	case PREVIEW_NEW:
		return _("with new people");
	case PREVIEW_MATCHES:
		return _("looked up by");
	case PREVIEW_LEFT_OUT:
		return _("left out");
	case PREVIEW_ABSENT:
		break;
	}
	return _("no value");
}

static void print_profile(struct session *session, const struct preview_profile *profile)
{
	struct table table;

	say(session, _("line %" PRId64), profile->position);
	for (size_t i = 0; i < profile->people.count; i++)
		print_person(session, &profile->people.at[i]);
	if (!profile->values.count)
		return;
	table_init(&table, _("TARGET"), _("STATE"), _("VALUE"), _("WHY"), NULL);
	for (size_t i = 0; i < profile->values.count; i++) {
		const struct preview_value *value = &profile->values.at[i];

		table_text(&table, value->target);
		table_text(&table, state_of(value));
		table_text(&table, value->value);
		table_text(&table, text_of(value->code));
	}
	table_end(&table, &session->out, 2);
}

static enum status answer(struct session *session, enum status status, struct preview *preview)
{
	if (status == STATUS_OK && session->json)
		tell(session, preview);
	else if (status == STATUS_OK && !preview->profiles.count)
		say(session, _("the source holds no profile"));
	for (size_t i = 0; status == STATUS_OK && !session->json && i < preview->profiles.count; i++)
		print_profile(session, &preview->profiles.at[i]);
	preview_done(preview);
	return status;
}

enum status mapping_preview(struct session *session, const struct args *args, struct error *err)
{
	struct preview preview = { 0 };
	long long count = PREVIEW_COUNT;
	enum status status = arg_number(args, "profiles", 1, PREVIEW_MOST, &count, err);

	if (status == STATUS_OK)
		status = app_mapping_preview(session->app, arg_operand(args, 0), arg_text(args, "source"), count, &preview, err);
	return answer(session, status, &preview);
}

enum status draft_preview(struct session *session, const struct args *args, struct error *err)
{
	struct preview preview = { 0 };
	long long count = PREVIEW_COUNT, id = 0;
	enum status status = arg_number(args, "profiles", 1, PREVIEW_MOST, &count, err);

	if (status == STATUS_OK)
		status = arg_id(args, 0, &id, err);
	if (status == STATUS_OK)
		status = app_draft_preview(session->app, id, count, &preview, err);
	return answer(session, status, &preview);
}
