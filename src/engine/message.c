/* One message becomes the items of the fold: whom it names, what is sent for them, which audiences it speaks of. */
#include "engine/message.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "engine/key.h"
#include "engine/pack.h"
#include "engine/read.h"
#include "engine/value.h"
#include "model/namespace.h"

#include <string.h>

/* Whoever is in a snapshot is in its audience. */
static void pack_member(struct message_reader *r)
{
	pack_number(&r->tail, 1, 2);
	pack_number(&r->tail, 0, 2);
	pack_number(&r->tail, MEMBERSHIP_REALIZED, 1);
}

/* Who takes a consent back leaves every list of the dataflow, also those that the message does not speak of. */
static unsigned pack_withdrawn(struct message_reader *r)
{
	unsigned count = 0;
	size_t i;

	for (i = 0; r->refused && r->recipe->lists && i < r->named.count; i++) {
		if (r->named.at[i])
			continue;
		pack_number(&r->tail, i, 2);
		pack_number(&r->tail, MEMBERSHIP_WITHDRAWN, 1);
		count++;
	}
	return count;
}

static enum status pack_members(struct message_reader *r, struct error *err)
{
	size_t i, at = r->tail.length;
	unsigned count = 0;

	r->named.count = 0;
	for (i = 0; i < r->job->dataflow->audiences.count; i++)
		vec_push(&r->named, false);

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
		r->named.at[index] = true;
		count++;
	}
	count += pack_withdrawn(r);
	pack_patch(&r->tail, at, count, 2);
	return STATUS_OK;
}

enum row_fate message_row(struct message_reader *r, const struct recipe_row *row, const struct json *message, const char **why)
{
	struct value value;

	*why = NULL;
	/* The value people are matched by is the record's identity already, unless another key lets it change. */
	if (row->dedupe >= 0 && ((row->dedupe == r->order && !r->recipe->profile_key) || !row->field->updateable))
		return ROW_MATCHES;
	value = row_value(row->path, message, &r->identities);
	if (value.kind == VALUE_ABSENT)
		return ROW_ABSENT;
	if (value.kind == VALUE_NULL && (!row->clear || row->dedupe >= 0))
		return ROW_NULL;
	str_clear(&r->rendered);
	*why = field_render(row->field, &value, &r->rendered);
	return *why ? ROW_LEFT_OUT : ROW_SENT;
}

/* Values that pass go to `values`; those that do not are named in the tail. */
static void pack_values(struct message_reader *r, const struct json *message)
{
	size_t i, at = r->tail.length;
	unsigned left_out = 0, count = 0;

	pack_number(&r->tail, 0, 2);
	str_clear(&r->values);
	for (i = 0; r->recipe->people && i < r->recipe->rows.count; i++) {
		const char *why;
		enum row_fate fate = message_row(r, &r->recipe->rows.at[i], message, &why);

		if (fate == ROW_LEFT_OUT) {
			pack_number(&r->tail, i, 2);
			pack_text(&r->tail, why, strlen(why));
			left_out++;
		} else if (fate == ROW_SENT) {
			pack_number(&r->values, i, 2);
			pack_text(&r->values, r->rendered.text, r->rendered.length);
			count++;
		}
	}
	pack_patch(&r->tail, at, left_out, 2);
	pack_number(&r->tail, count, 2);
	str_add_bytes(&r->tail, str_text(&r->values), r->values.length);
}

static enum status add_item(struct message_reader *r, const char *key_kind, const char *key_text, unsigned dedupe, const char *identity, const char *exclusion, struct error *err)
{
	unsigned char key[KEY_HASH];

	if (r->refused)
		exclusion = EXCLUSION_CONSENT;
	str_clear(&r->item);
	pack_number(&r->item, dedupe, 1);
	pack_text(&r->item, identity, strlen(identity));
	pack_text(&r->item, exclusion, strlen(exclusion));
	pack_text(&r->item, str_text(&r->others), r->others.length);
	str_add_bytes(&r->item, r->tail.text, r->tail.length);
	if (!r->fold) {
		r->saw(r->self, &(struct fold_item){.bytes = r->item.text, .length = r->item.length});
		return STATUS_OK;
	}
	person_key(r->job->store, key_kind, key_text, &r->key, key);
	return fold_add(r->fold, key, r->item.text, r->item.length, err);
}

/* A profile key tells one person apart: of several identities that person has one. */
static enum identity_choice choice_of(const struct message_reader *r)
{
	enum identity_choice choice = r->job->dataflow->identity;

	return r->recipe->profile_key && choice == IDENTITY_ALL ? IDENTITY_PRIMARY : choice;
}

static void find_identities(struct message_reader *r, const struct path *path, const struct json *message)
{
	row_identities(path, message, choice_of(r), &r->identities, &r->name);
}

/* A person whom no dedupe field can name is told apart by the smallest identity the message has, so that a repeated message counts once. */
static enum status add_nameless(struct message_reader *r, const struct json *message, struct error *err)
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

/* The first row of this dedupe field that names anybody, with whom it names; NULL: none does. */
static const struct recipe_row *find_naming(struct message_reader *r, const struct json *message, size_t order)
{
	size_t i;

	for (i = 0; i < r->recipe->rows.count; i++) {
		const struct recipe_row *row = &r->recipe->rows.at[i];

		if (row->dedupe != (int)order)
			continue;
		find_identities(r, row->path, message);
		if (r->identities.count)
			return row;
	}
	return NULL;
}

static void find_order(struct message_reader *r, const struct json *message)
{
	r->order = 0;
	while ((size_t)r->order < r->recipe->dedupe_count && !find_naming(r, message, (size_t)r->order))
		r->order++;
	if ((size_t)r->order == r->recipe->dedupe_count)
		r->order = -1;
}

/* What the message's later dedupe fields say: for whom is not found by the first. */
static void find_others(struct message_reader *r, const struct json *message)
{
	size_t order;

	str_clear(&r->others);
	for (order = (size_t)r->order + 1; order < r->recipe->dedupe_count; order++) {
		const struct recipe_row *row = find_naming(r, message, order);
		const char *id = row ? r->identities.at[0].id : NULL;

		if (row && !*row_refusal(row->field, id, &r->rendered))
			pack_identity(&r->others, (unsigned)order, id, strlen(id));
	}
}

/* One item for each identity of the first dedupe field that has any. Of several only the first can be somebody who is known by another field. */
static enum status add_by_dedupe(struct message_reader *r, const struct json *message, bool *any, struct error *err)
{
	enum status status = STATUS_OK;
	size_t i, n;

	*any = r->order >= 0;
	if (!*any)
		return STATUS_OK;
	find_others(r, message);
	for (i = 0; i < r->recipe->rows.count; i++) {
		const struct recipe_row *row = &r->recipe->rows.at[i];

		if (row->dedupe != r->order)
			continue;
		find_identities(r, row->path, message);
		for (n = 0; status == STATUS_OK && n < r->identities.count; n++) {
			status = add_item(r, row->field->name, r->identities.at[n].id, (unsigned)r->order, r->identities.at[n].id,
				row_refusal(row->field, r->identities.at[n].id, &r->rendered), err);
			str_clear(&r->others);
			/* A mistyped address: nobody knows who that is. */
			r->recipe->unread += r->recipe->snapshot && *row_refusal(row->field, r->identities.at[n].id, &r->rendered);
		}
	}
	return status;
}

/* With a profile key of its own a message is one person; the dedupe values are what that person is matched by. */
static enum status add_by_profile_key(struct message_reader *r, const struct json *message, bool *any, struct error *err)
{
	struct str key = {0};
	enum status status = STATUS_OK;

	*any = false;
	key_identities(r->recipe->profile_key, message, choice_of(r), &r->identities, &r->name);
	if (r->identities.count)
		str_add(&key, r->identities.at[0].id);
	if (key.length && r->order >= 0) {
		const struct recipe_row *row;

		*any = true;
		find_others(r, message);
		row = find_naming(r, message, (size_t)r->order);
		status = add_item(r, r->job->dataflow->profile_key, key.text, (unsigned)r->order, r->identities.at[0].id,
			row_refusal(row->field, r->identities.at[0].id, &r->rendered), err);
		str_clear(&r->others);
	}
	/* Somebody known in a snapshot has not left because nobody can be matched by this row; to take somebody out of a list nobody needs to be matched. */
	if (key.length && !*any && (r->recipe->snapshot || r->refused)) {
		*any = true;
		status = add_item(r, r->job->dataflow->profile_key, key.text, 0, key.text, "no_identity", err);
	}
	str_done(&key);
	return status;
}

static enum status take_members(struct message_reader *r, const struct json *message, struct error *err)
{
	str_clear(&r->tail);
	if (r->recipe->snapshot) {
		pack_member(r);
		return STATUS_OK;
	}
	profile_memberships(message, &r->memberships);
	return pack_members(r, err);
}

enum status message_take(struct message_reader *r, const struct json *message, struct error *err)
{
	enum status status;
	bool any;

	r->refused = r->recipe->consent && consent_refuses(r->recipe->consent, message);
	status = take_members(r, message, err);
	if (status != STATUS_OK)
		return status;
	find_order(r, message);
	pack_values(r, message);
	str_clear(&r->others);
	status = r->recipe->profile_key ? add_by_profile_key(r, message, &any, err) : add_by_dedupe(r, message, &any, err);
	if (status == STATUS_OK && !any)
		status = add_nameless(r, message, err);
	return status;
}

void message_reader_done(struct message_reader *r)
{
	vec_done(&r->memberships);
	vec_done(&r->named);
	vec_done(&r->identities);
	str_done(&r->tail);
	str_done(&r->values);
	str_done(&r->item);
	str_done(&r->key);
	str_done(&r->rendered);
	str_done(&r->others);
	str_done(&r->name);
}
