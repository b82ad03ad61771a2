#include "engine/read.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "engine/key.h"
#include "engine/pack.h"
#include "engine/value.h"
#include "model/namespace.h"
#include "source/source.h"

#include <string.h>

enum { BAD_LINES_KEPT = 1000, PROGRESS_MS = 200 };

struct reader {
	const struct engine_job *job;
	struct recipe *recipe;
	struct audiences *audiences;
	struct fold *fold;
	struct source *source;
	membership_list memberships;
	identity_list identities;
	struct str tail;   /* members, values left out, values: the same for every key of a message */
	struct str values;
	struct str item;
	struct str key;
	struct str rendered;
	struct str name; /* of a person without a usable identity */
	int64_t shown_ms;
};

/* Whoever is in a snapshot is in its audience. */
static void pack_member(struct reader *r)
{
	pack_number(&r->tail, 1, 2);
	pack_number(&r->tail, 0, 2);
	pack_number(&r->tail, MEMBERSHIP_REALIZED, 1);
}

static enum status pack_members(struct reader *r, struct error *err)
{
	size_t i, at = r->tail.length;
	unsigned count = 0;

	pack_number(&r->tail, 0, 2);
	for (i = 0; i < r->memberships.count; i++) {
		int index;
		enum status status = audiences_match(r->audiences, &r->memberships.at[i], &index, err);

		if (status != STATUS_OK)
			return status;
		if (index < 0)
			continue;
		pack_number(&r->tail, (unsigned)index, 2);
		pack_number(&r->tail, (unsigned)r->memberships.at[i].status, 1);
		count++;
	}
	pack_patch(&r->tail, at, count, 2);
	return STATUS_OK;
}

/* Values that pass go to `values`; those that do not are named in the tail. */
static void pack_values(struct reader *r, const struct json *message)
{
	size_t i, at = r->tail.length;
	unsigned left_out = 0, count = 0;

	pack_number(&r->tail, 0, 2);
	str_clear(&r->values);
	for (i = 0; r->recipe->people && i < r->recipe->rows.count; i++) {
		const struct recipe_row *row = &r->recipe->rows.at[i];
		struct value value;
		const char *why;

		/* The dedupe value is the record's identity already, unless another key lets it change. */
		if (row->dedupe >= 0 && !r->recipe->profile_key)
			continue;
		value = row_value(row->path, message, &r->identities);
		if (value.kind == VALUE_ABSENT || (value.kind == VALUE_NULL && !row->clear))
			continue;
		str_clear(&r->rendered);
		why = field_render(row->field, &value, &r->rendered);
		if (why) {
			pack_number(&r->tail, i, 2);
			pack_text(&r->tail, why, strlen(why));
			left_out++;
			continue;
		}
		pack_number(&r->values, i, 2);
		pack_text(&r->values, r->rendered.text, r->rendered.length);
		count++;
	}
	pack_patch(&r->tail, at, left_out, 2);
	pack_number(&r->tail, count, 2);
	str_add_bytes(&r->tail, str_text(&r->values), r->values.length);
}

static enum status add_item(struct reader *r, const char *key_kind, const char *key_text, unsigned dedupe, const char *identity, const char *exclusion, struct error *err)
{
	unsigned char key[KEY_HASH];

	person_key(r->job->store, key_kind, key_text, &r->key, key);
	str_clear(&r->item);
	pack_number(&r->item, dedupe, 1);
	pack_text(&r->item, identity, strlen(identity));
	pack_text(&r->item, exclusion, strlen(exclusion));
	str_add_bytes(&r->item, r->tail.text, r->tail.length);
	return fold_add(r->fold, key, r->item.text, r->item.length, err);
}

/* A profile key tells one person apart: of several identities that person has one. */
static void find_identities(struct reader *r, const struct path *path, const struct json *message)
{
	enum identity_choice choice = r->job->dataflow->identity;

	if (r->recipe->profile_key && choice == IDENTITY_ALL)
		choice = IDENTITY_PRIMARY;
	row_identities(path, message, choice, &r->identities, &r->name);
}

/* A person whom no dedupe field can name is told apart by the smallest identity the message has, so that a repeated message counts once. */
static enum status add_nameless(struct reader *r, const struct json *message, struct error *err)
{
	const struct json *namespace, *entry;
	struct str candidate = {0};
	bool any = false, only_ecid = true;
	enum status status;

	str_clear(&r->name);
	for (namespace = json_first(json_get(message, "identityMap")); namespace; namespace = json_next(namespace)) {
		for (entry = json_first(namespace); entry; entry = json_next(entry)) {
			const char *id = json_kind(entry) == JSON_STRING ? json_string(entry) : json_get_string(entry, "id");

			if (!id || !*id)
				continue;
			only_ecid = only_ecid && namespace_is_ecid(json_key(namespace));
			str_clear(&candidate);
			str_add_format(&candidate, "%s:%s", namespace_canonical(json_key(namespace)), id);
			if (!any || strcmp(candidate.text, r->name.text) < 0) {
				str_clear(&r->name);
				str_add(&r->name, candidate.text);
			}
			any = true;
		}
	}
	if (!any)
		str_add_format(&r->name, _("line %lld"), (long long)source_position(r->source));
	status = add_item(r, "nameless", r->name.text, 0, r->name.text, any && only_ecid ? "ecid_only" : "no_identity", err);
	str_done(&candidate);
	return status;
}

/* One item for each identity of the first dedupe field that has any. */
static enum status add_by_dedupe(struct reader *r, const struct json *message, bool *any, struct error *err)
{
	enum status status = STATUS_OK;
	size_t order, i, n;

	*any = false;
	for (order = 0; !*any && order < r->recipe->dedupe_count; order++) {
		for (i = 0; i < r->recipe->rows.count; i++) {
			const struct recipe_row *row = &r->recipe->rows.at[i];

			if (row->dedupe != (int)order)
				continue;
			find_identities(r, row->path, message);
			for (n = 0; status == STATUS_OK && n < r->identities.count; n++)
				status = add_item(r, row->field->name, r->identities.at[n].id, (unsigned)order, r->identities.at[n].id,
					row_refusal(row->field, r->identities.at[n].id, &r->rendered), err);
			*any = *any || r->identities.count > 0;
		}
	}
	return status;
}

/* With a profile key of its own a message is one person; the dedupe value is what that person is matched by. */
static enum status add_by_profile_key(struct reader *r, const struct json *message, bool *any, struct error *err)
{
	struct str key = {0};
	enum status status = STATUS_OK;
	size_t i;

	*any = false;
	find_identities(r, r->recipe->profile_key, message);
	if (r->identities.count)
		str_add(&key, r->identities.at[0].id);
	for (i = 0; key.length && !*any && i < r->recipe->rows.count; i++) {
		const struct recipe_row *row = &r->recipe->rows.at[i];

		if (row->dedupe < 0)
			continue;
		find_identities(r, row->path, message);
		if (r->identities.count == 0)
			continue;
		*any = true;
		status = add_item(r, r->job->dataflow->profile_key, key.text, (unsigned)row->dedupe, r->identities.at[0].id,
			row_refusal(row->field, r->identities.at[0].id, &r->rendered), err);
	}
	/* Somebody known in a snapshot has not left because nobody can be matched by this row. */
	if (key.length && !*any && r->recipe->snapshot) {
		*any = true;
		status = add_item(r, r->job->dataflow->profile_key, key.text, 0, key.text, "no_identity", err);
	}
	str_done(&key);
	return status;
}

static enum status take_members(struct reader *r, const struct json *message, struct error *err)
{
	str_clear(&r->tail);
	if (r->recipe->snapshot) {
		pack_member(r);
		return STATUS_OK;
	}
	profile_memberships(message, &r->memberships);
	return pack_members(r, err);
}

static enum status take_message(struct reader *r, const struct json *message, struct error *err)
{
	enum status status = take_members(r, message, err);
	bool any;

	if (status != STATUS_OK)
		return status;
	pack_values(r, message);
	status = r->recipe->profile_key ? add_by_profile_key(r, message, &any, err) : add_by_dedupe(r, message, &any, err);
	if (status == STATUS_OK && !any)
		status = add_nameless(r, message, err);
	return status;
}

static void keep_bad_line(struct reader *r, struct reading *out, const char *why)
{
	out->bad_lines++;
	if (out->bad.count < BAD_LINES_KEPT)
		vec_push(&out->bad, ((struct bad_line){.position = source_position(r->source), .reason = mem_strdup(why)}));
}

static void show(struct reader *r)
{
	struct engine_progress progress = {.phase = ENGINE_READING, .done = source_bytes(r->source), .total = source_size(r->source), .seconds_left = -1};
	int64_t now = clock_mono_ms();

	if (!r->job->progress || now - r->shown_ms < PROGRESS_MS)
		return;
	r->shown_ms = now;
	r->job->progress(r->job->self, &progress);
}

/* A snapshot of nobody is a mistake before us, also when bad lines are all it has: else it would empty its list. */
static enum status refuse_empty(const struct reader *r, const struct reading *reading, struct error *err)
{
	const char *source = r->job->dataflow->source;

	if (reading->bad.count)
		error_set(err, STATUS_FAILED, "empty_source", _("the source %s holds no profile; line %lld: %s"), source, (long long)reading->bad.at[0].position, reading->bad.at[0].reason);
	else
		error_set(err, STATUS_FAILED, "empty_source", _("the source %s holds no profile"), source);
	error_hint(err, _("check what writes it; `penstock source check` shows what is in a source"));
	return STATUS_FAILED;
}

static enum status read_all(struct reader *r, struct reading *out, struct error *err)
{
	int64_t lines = 0;

	for (;;) {
		const struct json *message;
		const char *why;
		enum source_next next = source_next(r->source, &message, &why, err);
		enum status status = STATUS_OK;

		if (next == SOURCE_END)
			break;
		if (next == SOURCE_ERROR)
			return err->status ? err->status : STATUS_FAILED;
		if (next == SOURCE_BAD) {
			keep_bad_line(r, out, why);
		} else {
			out->messages++;
			status = take_message(r, message, err);
		}
		if (status != STATUS_OK)
			return status;
		if (++lines % 256 == 0) {
			show(r);
			if (r->job->stop && *r->job->stop)
				return error_set(err, STATUS_STOPPED, "stopped", _("stopped while reading the source; nothing was sent"));
		}
	}
	return out->messages == 0 && (out->bad_lines == 0 || r->recipe->snapshot) ? refuse_empty(r, out, err) : STATUS_OK;
}

static enum status begin_snapshot(struct reader *r, struct error *err)
{
	const char *const *names = NULL;
	size_t count = 0;
	enum status status = STATUS_OK;

	if (r->job->dataflow->audiences.count != 1)
		status = dataflow_refuse_snapshot(r->job->dataflow->source, err);
	if (status == STATUS_OK)
		status = source_columns(r->source, &names, &count, err);
	/* Without a header there is nothing at all: reading will say so. */
	return status == STATUS_OK && count ? recipe_fit_columns(r->job, r->recipe, names, count, err) : status;
}

enum status read_source(const struct engine_job *job, struct recipe *recipe, struct audiences *audiences, struct fold *fold, struct reading *out, struct error *err)
{
	struct reader r = {.job = job, .recipe = recipe, .audiences = audiences, .fold = fold};
	enum status status = source_open(job->dataflow->source, &r.source, err);

	if (status == STATUS_OK) {
		recipe->snapshot = source_is_snapshot(r.source);
		if (recipe->snapshot)
			status = begin_snapshot(&r, err);
		if (status == STATUS_OK)
			status = read_all(&r, out, err);
		source_close(r.source);
	}
	vec_done(&r.memberships);
	vec_done(&r.identities);
	str_done(&r.tail);
	str_done(&r.values);
	str_done(&r.item);
	str_done(&r.key);
	str_done(&r.rendered);
	str_done(&r.name);
	return status;
}

static void unpack_members(struct unpack *in, struct item *out)
{
	unsigned count = (unsigned)unpack_number(in, 2);

	for (out->members.count = 0; count > 0 && !in->bad; count--) {
		struct item_member member = {.audience = (unsigned)unpack_number(in, 2)};

		member.status = (enum membership_status)unpack_number(in, 1);
		vec_push(&out->members, member);
	}
}

static struct item_value unpack_value(struct unpack *in)
{
	struct item_value value = {.row = (unsigned)unpack_number(in, 2)};

	value.text = unpack_text(in, &value.length);
	return value;
}

enum status item_unpack(const struct fold_item *from, struct item *out, struct error *err)
{
	struct unpack in = unpack_of(from->bytes, from->length);
	unsigned count;

	out->key = from->key;
	out->dedupe = (unsigned)unpack_number(&in, 1);
	out->identity = unpack_text(&in, &out->identity_length);
	out->exclusion = unpack_text(&in, &out->exclusion_length);
	unpack_members(&in, out);
	for (out->left_out.count = 0, count = (unsigned)unpack_number(&in, 2); count > 0 && !in.bad; count--)
		vec_push(&out->left_out, unpack_value(&in));
	for (out->values.count = 0, count = (unsigned)unpack_number(&in, 2); count > 0 && !in.bad; count--)
		vec_push(&out->values, unpack_value(&in));
	return in.bad ? error_set(err, STATUS_FAILED, "internal", _("the sorted profiles are damaged")) : STATUS_OK;
}

void item_done(struct item *item)
{
	vec_done(&item->members);
	vec_done(&item->left_out);
	vec_done(&item->values);
}
