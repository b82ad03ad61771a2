/* What the first profiles of a source would send, told by the code that reads them for a run. */
#include "engine/engine.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "engine/message.h"
#include "engine/read.h"
#include "engine/value.h"

#include <string.h>

enum { VALUE_SHOWN = 200 /* bytes of what is left out */, BYTES_MOST = 64 * 1024 * 1024 };

struct viewer {
	const struct engine_job *job;
	struct recipe recipe;
	struct message_reader message;
	struct item item; /* reused */
	struct preview_profile profile; /* of the message at hand */
	const char *outside;            /* why nothing of the message is sent, whoever it names; NULL: it is */
	struct preview *out;
	VEC(struct preview_profile) others; /* of no audience of the dataflow */
};

static char *clean(const char *text, size_t length)
{
	struct str out = {0};

	text_clean(&out, text, length);
	return str_take(&out);
}

/* Does the message put its person into one of the audiences, and if not, why is nothing sent? What only leaves a list carries no values. */
static const char *judge_members(const struct viewer *v)
{
	const struct dataflow *dataflow = v->job->dataflow;
	const char *why = "not_member";
	size_t i;

	for (i = 0; i < v->item.members.count && why && dataflow->audiences.count; i++) {
		const struct item_member *member = &v->item.members.at[i];

		if (member->status == MEMBERSHIP_REALIZED)
			why = flow_audience_refusal(&dataflow->audiences.at[member->audience], clock_wall_ms());
		else
			why = member->status == MEMBERSHIP_EXITED ? "leaves" : "bad_status";
	}
	return dataflow->audiences.count ? why : NULL;
}

/* One person of the message at hand. */
static void saw(void *self, const struct fold_item *bytes)
{
	struct viewer *v = self;
	const struct item *item = &v->item;
	struct preview_person person = {0};

	if (item_unpack(bytes, &v->item, NULL) != STATUS_OK)
		return;
	v->outside = judge_members(v);
	person.identity = clean(item->identity, item->identity_length);
	if (v->message.order >= 0)
		person.field = mem_strdup(v->job->destination->dedupe_fields.at[v->message.order]);
	if (item->exclusion_length)
		person.code = mem_strndup(item->exclusion, item->exclusion_length);
	else if (v->outside)
		person.code = mem_strdup(v->outside);
	vec_push(&v->profile.people, person);
}

static char *quote_clean(const char *text, size_t length)
{
	char *cleaned = clean(text, length);
	struct str out = {0};

	json_quote(&out, cleaned, strlen(cleaned));
	mem_free(cleaned);
	return str_take(&out);
}

/* What stands in the source, as JSON that cannot harm a screen: enough of it to be known again. */
static char *show_value(struct viewer *v, const struct recipe_row *row, const struct json *message)
{
	struct value value = row_value(row->path, message, &v->message.identities);

	if (value.kind == VALUE_NUMBER && value.length <= VALUE_SHOWN)
		return mem_strndup(value.text, value.length);
	if (value.kind == VALUE_TRUE || value.kind == VALUE_FALSE)
		return mem_strdup(value.kind == VALUE_TRUE ? "true" : "false");
	return value.text ? quote_clean(value.text, text_cut(value.text, value.length, VALUE_SHOWN)) : NULL;
}

/* JSON as it goes to Marketo, but for what could harm a screen. */
static char *show_rendered(const struct str *rendered)
{
	struct json *json = json_parse(str_text(rendered), rendered->length, NULL, NULL);
	const char *text = json_string(json);
	char *shown = text ? quote_clean(text, strlen(text)) : mem_strndup(str_text(rendered), rendered->length);

	json_free(json);
	return shown;
}

static void leave_out(struct preview_value *to, const char *code)
{
	to->fate = PREVIEW_LEFT_OUT;
	to->code = mem_strdup(code);
}

/* A value that passed: what the destination makes of it (engine.md "What is decided" 1 and 3). */
static void settle_sent(const struct viewer *v, const struct recipe_row *row, struct preview_value *to)
{
	to->value = show_rendered(&v->message.rendered);
	if (!v->recipe.people)
		leave_out(to, "lists_only");
	else if (row->creating && !v->recipe.creates)
		leave_out(to, "creates_nobody");
	else
		to->fate = row->creating ? PREVIEW_NEW : PREVIEW_SENT;
}

static void view_row(struct viewer *v, const struct recipe_row *row, const struct json *message, struct preview_value *to)
{
	const char *why;

	switch (message_row(&v->message, row, message, &why)) {
	case ROW_SENT:
		settle_sent(v, row, to);
		break;
	case ROW_LEFT_OUT:
		leave_out(to, why);
		to->value = show_value(v, row, message);
		break;
	case ROW_MATCHES:
		to->fate = PREVIEW_MATCHES;
		to->value = show_value(v, row, message);
		break;
	case ROW_NULL:
		leave_out(to, "null");
		break;
	case ROW_ABSENT:
		to->fate = PREVIEW_ABSENT;
		break;
	}
}

/* All rows of the mapping, also those that the recipe leaves out. */
static void view_rows(struct viewer *v, const struct json *message)
{
	size_t i, next = 0;

	for (i = 0; i < v->job->mapping->rows.count; i++) {
		const struct mapping_row *row = &v->job->mapping->rows.at[i];
		struct preview_value value = {.source = clean(row->source, strlen(row->source)), .target = clean(row->target, strlen(row->target))};

		if (catalogue_find(v->job->catalogue, row->target))
			view_row(v, &v->recipe.rows.at[next++], message, &value);
		else
			leave_out(&value, "unknown_field");
		vec_push(&v->profile.values, value);
	}
}

/* Members first: whom nothing is sent for is shown where there are not enough of them. */
static enum status view(struct viewer *v, size_t count, const struct json *message, struct error *err)
{
	enum status status = message_take(&v->message, message, err);
	bool member = !v->outside;

	v->out->read++;
	if (status == STATUS_OK && (member || v->others.count < count)) {
		v->profile.position = source_position(v->message.source);
		view_rows(v, message);
		if (member)
			vec_push(&v->out->profiles, v->profile);
		else
			vec_push(&v->others, v->profile);
	} else {
		preview_profile_done(&v->profile);
	}
	v->profile = (struct preview_profile){0};
	return status;
}

static enum status view_source(struct viewer *v, size_t count, struct error *err)
{
	struct source *source = v->message.source;
	enum status status = STATUS_OK;
	const struct json *message;
	enum source_next next;
	const char *why;
	int lines;

	for (lines = 0; status == STATUS_OK && v->out->profiles.count < count && lines < ENGINE_PREVIEW_LINES && source_bytes(source) < BYTES_MOST; lines++) {
		next = source_next(source, &message, &why, err);
		if (next == SOURCE_END)
			break;
		if (next == SOURCE_ERROR)
			status = err->status ? err->status : STATUS_FAILED;
		else if (next == SOURCE_PROFILE)
			status = view(v, count, message, err);
	}
	return status;
}

/* Those of no audience where the others are too few; the rest is let go. */
static void fill_up(struct viewer *v, size_t count)
{
	size_t i;

	for (i = 0; i < v->others.count; i++) {
		if (v->out->profiles.count < count)
			vec_push(&v->out->profiles, v->others.at[i]);
		else
			preview_profile_done(&v->others.at[i]);
	}
	vec_done(&v->others);
}

static enum status open_source(struct viewer *v, struct error *err)
{
	const char *const *names;
	size_t count = 0;
	enum status status = source_open(v->job->dataflow->source, &v->message.source, err);

	if (status == STATUS_OK)
		status = source_columns(v->message.source, &names, &count, err);
	if (status != STATUS_OK)
		return status;
	v->recipe.snapshot = source_is_snapshot(v->message.source);
	if (count)
		recipe_sketch_columns(&v->recipe);
	return STATUS_OK;
}

enum status engine_preview(const struct engine_job *job, size_t count, struct preview *out, struct error *err)
{
	struct viewer v = {.job = job, .out = out};
	enum status status = recipe_sketch(job, &v.recipe, err);

	*out = (struct preview){0};
	count = count < ENGINE_PREVIEW_MOST ? count : ENGINE_PREVIEW_MOST;
	if (status != STATUS_OK)
		return status;
	v.message = (struct message_reader){.job = job, .recipe = &v.recipe, .audiences = audiences_new(job->dataflow), .saw = saw, .self = &v};
	status = open_source(&v, err);
	if (status == STATUS_OK)
		status = view_source(&v, count, err);
	fill_up(&v, count);
	preview_profile_done(&v.profile);
	source_close(v.message.source);
	audiences_free(v.message.audiences);
	message_reader_done(&v.message);
	item_done(&v.item);
	recipe_done(&v.recipe);
	return status;
}
