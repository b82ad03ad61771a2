#include "model/draft.h"

#include "base/mem.h"
#include "base/text.h"

#include <stddef.h>

enum { DRAFT_STEPS = 6 };

static const char *const text_names[DRAFT_TEXTS] = {
	[DRAFT_NAME] = "name",
	[DRAFT_ACCOUNT] = "account",
	[DRAFT_MUNCHKIN_ID] = "munchkin_id",
	[DRAFT_ENDPOINT] = "endpoint",
	[DRAFT_IDENTITY] = "identity",
	[DRAFT_CLIENT_ID] = "client_id",
	[DRAFT_ENVIRONMENT] = "environment",
	[DRAFT_ACCOUNT_MADE] = "account_made",
	[DRAFT_SECRET_FROM] = "secret_from",
	[DRAFT_SECRET_PATH] = "secret_path",
	[DRAFT_DESCRIPTION] = "description",
	[DRAFT_PERSON_CREATION] = "person_creation",
	[DRAFT_SYNC_TYPE] = "sync_type",
	[DRAFT_DEDUPE] = "dedupe",
	[DRAFT_WORKSPACE] = "workspace",
	[DRAFT_PARTITION] = "partition",
	[DRAFT_LIST_FOLDER] = "list_folder",
	[DRAFT_LIST_FOLDER_LABEL] = "list_folder_label",
	[DRAFT_SIGN_OFF] = "sign_off",
	[DRAFT_SOURCE] = "source",
	[DRAFT_START] = "start",
	[DRAFT_END] = "end",
	[DRAFT_FIELD] = "field",
	[DRAFT_MAPPING_OF] = "mapping_of",
	[DRAFT_REVISION] = "revision",
	[DRAFT_EVERY] = "every",
	[DRAFT_AT] = "at",
	[DRAFT_CONSENT] = "consent",
};

const char *draft_text_name(enum draft_text which)
{
	return text_names[which];
}

void draft_set(struct draft *draft, enum draft_text which, const char *text)
{
	mem_replace(&draft->texts[which], text ? text : "");
}

const char *draft_get(const struct draft *draft, enum draft_text which)
{
	return draft->texts[which];
}

void draft_init(struct draft *draft)
{
	*draft = (struct draft){ 0 };
	for (int i = 0; i < DRAFT_TEXTS; i++)
		draft->texts[i] = mem_strdup("");
	draft_set(draft, DRAFT_PERSON_CREATION, "match-only");
	draft_set(draft, DRAFT_DEDUPE, "email");
	draft_set(draft, DRAFT_SECRET_FROM, "typed");
	mapping_init(&draft->mapping);
}

void draft_audience_done(struct draft_audience *audience)
{
	mem_free(audience->id);
	mem_free(audience->name);
	mem_free(audience->list);
	mem_free(audience->start);
	mem_free(audience->end);
	*audience = (struct draft_audience){ 0 };
}

static void actions_done(struct draft *draft)
{
	for (size_t i = 0; i < draft->marketing_actions.count; i++)
		mem_free(draft->marketing_actions.at[i]);
	vec_done(&draft->marketing_actions);
}

static void audiences_done(struct draft *draft)
{
	for (size_t i = 0; i < draft->audiences.count; i++)
		draft_audience_done(&draft->audiences.at[i]);
	vec_done(&draft->audiences);
}

void draft_done(struct draft *draft)
{
	for (int i = 0; i < DRAFT_TEXTS; i++)
		mem_free(draft->texts[i]);
	actions_done(draft);
	audiences_done(draft);
	mapping_done(&draft->mapping);
	*draft = (struct draft){ 0 };
}

void draft_copy(struct draft *to, const struct draft *from)
{
	*to = (struct draft){ .id = from->id, .step = from->step, .saved_at = from->saved_at, .destination_id = from->destination_id,
		.dataflow_id = from->dataflow_id };
	for (int i = 0; i < DRAFT_TEXTS; i++)
		to->texts[i] = mem_strdup(from->texts[i]);
	for (size_t i = 0; i < from->marketing_actions.count; i++)
		vec_push(&to->marketing_actions, mem_strdup(from->marketing_actions.at[i]));
	for (size_t i = 0; i < from->audiences.count; i++) {
		const struct draft_audience *audience = &from->audiences.at[i];

		vec_push(&to->audiences, ((struct draft_audience){ .id = mem_strdup(audience->id), .name = mem_strdup(audience->name),
			.list = mem_strdup(audience->list), .start = mem_strdup(audience->start), .end = mem_strdup(audience->end) }));
	}
	mapping_copy(&to->mapping, &from->mapping);
}

static void write_audiences(const struct draft *draft, struct json_out *w)
{
	json_name(w, "audiences");
	json_array(w);
	for (size_t i = 0; i < draft->audiences.count; i++) {
		const struct draft_audience *audience = &draft->audiences.at[i];

		json_object(w);
		json_pair_string(w, "id", audience->id);
		json_pair_string(w, "name", audience->name);
		json_pair_string(w, "list", audience->list);
		json_pair_string(w, "start", audience->start);
		json_pair_string(w, "end", audience->end);
		json_object_end(w);
	}
	json_array_end(w);
}

static void write_mapping(const struct draft *draft, struct json_out *w)
{
	json_name(w, "mapping");
	json_array(w);
	for (size_t i = 0; i < draft->mapping.rows.count; i++) {
		const struct mapping_row *row = &draft->mapping.rows.at[i];

		json_object(w);
		json_pair_string(w, "source", row->source);
		json_pair_string(w, "target", row->target);
		json_pair_bool(w, "clear", row->clear);
		json_pair_bool(w, "create_only", row->create_only);
		json_object_end(w);
	}
	json_array_end(w);
}

void draft_write(const struct draft *draft, struct str *out)
{
	struct json_out w;

	json_out_init(&w, out);
	json_object(&w);
	json_pair_i64(&w, "step", draft->step);
	/* Those that came later only where they say something: edits that were kept before fit the text as it was. */
	for (int i = 0; i < DRAFT_TEXTS; i++)
		if (i <= DRAFT_FIELD || *draft->texts[i])
			json_pair_string(&w, text_names[i], draft->texts[i]);
	json_name(&w, "marketing_actions");
	json_array(&w);
	for (size_t i = 0; i < draft->marketing_actions.count; i++)
		json_put_string(&w, draft->marketing_actions.at[i]);
	json_array_end(&w);
	write_audiences(draft, &w);
	write_mapping(draft, &w);
	json_pair_i64(&w, "destination_id", draft->destination_id);
	json_pair_i64(&w, "dataflow_id", draft->dataflow_id);
	json_object_end(&w);
}

/* Of a launched dataflow it is the mapping alone: what stands around it is the dataflow's own, and may be another one by the time that an edit is taken back. */
static bool edits_mapping_only(const struct draft *draft)
{
	return *draft_get(draft, DRAFT_MAPPING_OF) != '\0';
}

/* Else all but where the operator is and what penstock itself has noted. */
static bool is_edited(enum draft_text which)
{
	return which != DRAFT_FIELD && which != DRAFT_ACCOUNT_MADE && which != DRAFT_MAPPING_OF && which != DRAFT_REVISION;
}

void draft_write_edits(const struct draft *draft, struct str *out)
{
	struct draft edits;

	draft_copy(&edits, draft);
	edits.step = 0;
	edits.destination_id = edits.dataflow_id = 0;
	for (int i = 0; i < DRAFT_TEXTS; i++)
		if (edits_mapping_only(draft) || !is_edited((enum draft_text)i))
			draft_set(&edits, (enum draft_text)i, "");
	if (edits_mapping_only(draft)) {
		actions_done(&edits);
		audiences_done(&edits);
	}
	draft_write(&edits, out);
	draft_done(&edits);
}

void draft_take_edits(struct draft *to, struct draft *from)
{
	struct draft rest = *to;

	if (edits_mapping_only(to)) {
		to->mapping = from->mapping;
		from->mapping = rest.mapping;
		draft_done(from);
		return;
	}
	*to = *from;
	to->id = rest.id;
	to->step = rest.step;
	to->saved_at = rest.saved_at;
	to->destination_id = rest.destination_id;
	to->dataflow_id = rest.dataflow_id;
	for (int i = 0; i < DRAFT_TEXTS; i++) {
		char *text = to->texts[i];

		if (is_edited((enum draft_text)i))
			continue;
		to->texts[i] = rest.texts[i];
		rest.texts[i] = text;
	}
	draft_done(&rest);
	*from = (struct draft){ 0 };
}

/* The text of a member, made harmless: this is its way back from a file to the screen. NULL in *out where it is absent or null; false: it is something else. */
static bool read_text(const struct json *object, const char *key, char **out)
{
	const struct json *value = json_get(object, key);

	*out = text_clean_dup(json_string(value));
	return *out || json_kind(value) == JSON_NULL;
}

static bool read_texts(const struct json *json, struct draft *draft)
{
	bool good = true;

	for (int i = 0; i < DRAFT_TEXTS; i++) {
		char *text;

		good = read_text(json, text_names[i], &text) && good;
		if (text)
			draft_set(draft, (enum draft_text)i, text);
		mem_free(text);
	}
	return good;
}

/* A whole number of 0 to most; absent leaves *out alone. */
static bool read_number(const struct json *json, const char *key, int64_t most, int64_t *out)
{
	const struct json *value = json_get(json, key);
	int64_t number;

	if (json_kind(value) == JSON_NULL)
		return true;
	if (json_kind(value) != JSON_NUMBER || !json_i64(value, &number) || number < 0 || number > most)
		return false;
	*out = number;
	return true;
}

static bool is_list(const struct json *value)
{
	return json_kind(value) == JSON_ARRAY || json_kind(value) == JSON_NULL;
}

static bool read_actions(const struct json *list, struct draft *draft)
{
	bool good = is_list(list);

	actions_done(draft);
	for (const struct json *child = good ? json_first(list) : NULL; child; child = json_next(child)) {
		if (json_kind(child) == JSON_STRING)
			vec_push(&draft->marketing_actions, text_clean_dup(json_string(child)));
		else
			good = false;
	}
	return good;
}

static bool read_audience(const struct json *json, struct draft_audience *out)
{
	bool good = read_text(json, "id", &out->id);

	good = read_text(json, "name", &out->name) && good;
	good = read_text(json, "list", &out->list) && good;
	good = read_text(json, "start", &out->start) && good;
	return read_text(json, "end", &out->end) && good;
}

static bool read_audiences(const struct json *list, struct draft *draft)
{
	bool good = is_list(list);

	audiences_done(draft);
	for (const struct json *child = good ? json_first(list) : NULL; child; child = json_next(child)) {
		struct draft_audience audience;

		good = read_audience(child, &audience) && good;
		if (audience.id && *audience.id) {
			vec_push(&draft->audiences, audience);
		} else {
			draft_audience_done(&audience);
			good = false;
		}
	}
	return good;
}

static bool read_flag(const struct json *json, const char *key, bool *out)
{
	enum json_kind kind = json_kind(json_get(json, key));

	*out = kind == JSON_TRUE;
	return kind == JSON_TRUE || kind == JSON_FALSE || kind == JSON_NULL;
}

static bool read_row(const struct json *json, struct mapping_row *out)
{
	bool good = read_text(json, "source", &out->source);

	good = read_text(json, "target", &out->target) && good;
	good = read_flag(json, "clear", &out->clear) && good;
	return read_flag(json, "create_only", &out->create_only) && good;
}

static bool read_mapping(const struct json *list, struct draft *draft)
{
	bool good = is_list(list);

	mapping_done(&draft->mapping);
	for (const struct json *child = good ? json_first(list) : NULL; child; child = json_next(child)) {
		struct mapping_row row;

		good = read_row(child, &row) && good;
		if (row.source && row.target) {
			vec_push(&draft->mapping.rows, row);
		} else {
			mapping_row_done(&row);
			good = false;
		}
	}
	return good;
}

bool draft_read(const struct json *json, struct draft *draft)
{
	bool good = json_kind(json) == JSON_OBJECT && json_kind(json_get(json, "step")) == JSON_NUMBER;
	int64_t step = draft->step;

	good = read_number(json, "step", DRAFT_STEPS - 1, &step) && good;
	draft->step = (int)step;
	good = read_texts(json, draft) && good;
	good = read_actions(json_get(json, "marketing_actions"), draft) && good;
	good = read_audiences(json_get(json, "audiences"), draft) && good;
	good = read_mapping(json_get(json, "mapping"), draft) && good;
	good = read_number(json, "destination_id", INT64_MAX, &draft->destination_id) && good;
	return read_number(json, "dataflow_id", INT64_MAX, &draft->dataflow_id) && good;
}
