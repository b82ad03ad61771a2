#include "engine/read.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "engine/key.h"
#include "engine/message.h"
#include "engine/pack.h"
#include "source/source.h"

#include <string.h>

enum { BAD_LINES_KEPT = 1000, PROGRESS_MS = 200 };

struct reader {
	struct message_reader message;
	int64_t shown_ms;
};

static void keep_bad_line(struct reader *r, struct reading *out, const char *why)
{
	out->bad_lines++;
	if (out->bad.count < BAD_LINES_KEPT)
		vec_push(&out->bad, ((struct bad_line){.position = source_position(r->message.source), .reason = mem_strdup(why)}));
}

/* Somebody is in the snapshot, though their row cannot be used: an item that speaks of no audience. */
static enum status add_stayer(struct reader *r, const unsigned char key[KEY_HASH], struct error *err)
{
	str_clear(&r->message.item);
	pack_number(&r->message.item, 0, 1);
	pack_text(&r->message.item, "", 0);
	pack_text(&r->message.item, ITEM_UNREAD, sizeof ITEM_UNREAD - 1);
	pack_text(&r->message.item, "", 0);
	pack_number(&r->message.item, 0, 2);
	pack_number(&r->message.item, 0, 2);
	pack_number(&r->message.item, 0, 2);
	return fold_add(r->message.fold, key, r->message.item.text, r->message.item.length, err);
}

/* Is a member of the list told apart by this text? Then they stay. */
static enum status try_cell(struct reader *r, const char *kind, const char *text, bool *any, struct error *err)
{
	unsigned char key[KEY_HASH];
	enum member_state member;
	enum status status;

	person_key(r->message.job->store, kind, text, &r->message.key, key);
	status = ledger_member_get(r->message.recipe->ledger, r->message.job->dataflow->audiences.at[0].list_id, key, &member, err);
	if (status != STATUS_OK || member == MEMBER_NOT)
		return status;
	*any = true;
	return add_stayer(r, key, err);
}

static enum status try_cells(struct reader *r, const struct json *cells, bool *any, struct error *err)
{
	enum status status = STATUS_OK;
	const struct json *cell;
	size_t i;

	for (cell = json_first(cells); status == STATUS_OK && cell; cell = json_next(cell)) {
		char *text = mem_strdup(json_string(cell)), *trimmed = text_trim(text);

		if (r->message.recipe->profile_key)
			status = try_cell(r, r->message.job->dataflow->profile_key, trimmed, any, err);
		for (i = 0; status == STATUS_OK && !r->message.recipe->profile_key && i < r->message.recipe->rows.count; i++)
			if (r->message.recipe->rows.at[i].dedupe >= 0)
				status = try_cell(r, r->message.recipe->rows.at[i].field->name, trimmed, any, err);
		mem_free(text);
	}
	ledger_rest(r->message.recipe->ledger);
	return status;
}

/* Of a snapshot nobody has left because of a row that cannot be read: whom one of its cells names stays, and a row that names nobody may be anybody's. */
static enum status take_bad_row(struct reader *r, const struct json *cells, struct error *err)
{
	bool any = false;
	enum status status = r->message.recipe->snapshot ? try_cells(r, cells, &any, err) : STATUS_OK;

	r->message.recipe->unread += r->message.recipe->snapshot && !any;
	return status;
}

static void show(struct reader *r)
{
	struct engine_progress progress = {.phase = ENGINE_READING, .done = source_bytes(r->message.source), .total = source_size(r->message.source), .seconds_left = -1};
	int64_t now = clock_mono_ms();

	if (!r->message.job->progress || now - r->shown_ms < PROGRESS_MS)
		return;
	r->shown_ms = now;
	r->message.job->progress(r->message.job->self, &progress);
}

/* A snapshot of nobody is a mistake before us, also when bad lines are all it has: else it would empty its list. */
static enum status refuse_empty(const struct reader *r, const struct reading *reading, struct error *err)
{
	const char *source = r->message.job->dataflow->source;

	if (reading->bad.count)
		error_set(err, STATUS_FAILED, "empty_source", _("the source %s holds no profile; line %lld: %s"), source, (long long)reading->bad.at[0].position, reading->bad.at[0].reason);
	else
		error_set(err, STATUS_FAILED, "empty_source", _("the source %s holds no profile"), source);
	error_hint(err, _("check what writes it; `penstock source check` shows what is in a source"));
	return STATUS_FAILED;
}

/* Signals come in while the loop turns. */
static bool is_stopped(void *self)
{
	const struct engine_job *job = ((const struct reader *)self)->message.job;

	loop_turn(job->loop, 0);
	return job->stop && *job->stop;
}

static enum status read_all(struct reader *r, struct reading *out, struct error *err)
{
	int64_t lines = 0;

	for (;;) {
		const struct json *message;
		const char *why;
		enum source_next next = source_next(r->message.source, &message, &why, err);
		enum status status = STATUS_OK;

		if (next == SOURCE_END)
			break;
		if (next == SOURCE_ERROR)
			return err->status ? err->status : STATUS_FAILED;
		if (next == SOURCE_BAD) {
			keep_bad_line(r, out, why);
			status = take_bad_row(r, message, err);
		} else {
			out->messages++;
			status = message_take(&r->message, message, err);
		}
		if (status != STATUS_OK)
			return status;
		if (++lines % 256 == 0) {
			show(r);
			if (is_stopped(r))
				return error_set(err, STATUS_STOPPED, "stopped", _("stopped while reading the source; nothing was sent"));
		}
	}
	/* What is followed may bring nothing but empty lines for once. */
	return !r->message.job->feed && out->messages == 0 && !source_may_be_empty(r->message.source) && (out->bad_lines == 0 || r->message.recipe->snapshot)
		? refuse_empty(r, out, err)
		: STATUS_OK;
}

static enum status begin_snapshot(struct reader *r, struct error *err)
{
	const char *const *names = NULL;
	size_t count = 0;
	enum status status = STATUS_OK;

	if (r->message.job->dataflow->audiences.count != 1)
		status = dataflow_refuse_snapshot(r->message.job->dataflow->source, err);
	if (status == STATUS_OK)
		status = source_columns(r->message.source, &names, &count, err);
	/* Without a header there is nothing at all: reading will say so. */
	return status == STATUS_OK && count ? recipe_fit_columns(r->message.job, r->message.recipe, names, count, err) : status;
}

enum status read_source(const struct engine_job *job, struct recipe *recipe, struct audiences *audiences, struct fold *fold, struct reading *out, struct error *err)
{
	struct reader r = {.message = {.job = job, .recipe = recipe, .audiences = audiences, .fold = fold, .source = job->feed}};
	struct source *own = NULL;
	enum status status = STATUS_OK;

	if (!job->feed) {
		status = source_open(job->dataflow->source, &own, err);
		r.message.source = own;
	}
	if (status == STATUS_OK) {
		source_ask(r.message.source, is_stopped, &r);
		recipe->snapshot = source_is_snapshot(r.message.source);
		if (recipe->snapshot)
			status = begin_snapshot(&r, err);
		if (status == STATUS_OK)
			status = read_all(&r, out, err);
	}
	source_close(own);
	message_reader_done(&r.message);
	return status;
}

static void unpack_members(struct unpack *in, struct item *out)
{
	unsigned count = (unsigned)unpack_number(in, 2);

	for (out->members.count = 0; count > 0 && !in->bad; count--) {
		struct item_member member = {.audience = (unsigned)unpack_number(in, 2)};

		member.status = (int)unpack_number(in, 1);
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
	out->others = unpack_text(&in, &out->others_length);
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
