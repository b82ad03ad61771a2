#include "engine/estimate.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "engine/pack.h"
#include "engine/wait.h"
#include "marketo/leads.h"
#include "store/change.h"

#include <string.h>

static int64_t batches(int64_t records)
{
	return (records + MARKETO_BATCH - 1) / MARKETO_BATCH;
}

static int64_t list_calls(const struct merge_sums *sums)
{
	int64_t calls = 0;
	size_t i;

	for (i = 0; i < sums->adds.count; i++)
		calls += batches(sums->adds.at[i]) + batches(sums->removes.at[i]);
	return calls;
}

static void add_reason(struct plan *plan, const struct run_reason *from)
{
	struct run_reason reason = {.code = mem_strdup(from->code), .message = mem_strdup(from->message), .count = from->count, .severity = from->severity};

	vec_push(&plan->reasons, reason);
}

void estimate(const struct engine_job *job, const struct recipe *recipe, const struct run *run, const struct merge_sums *sums, struct plan *out)
{
	int64_t lists = list_calls(sums), window = job->account->calls_per_20s > 0 ? job->account->calls_per_20s : 1;
	struct gate_state gate;
	size_t i;

	out->id = run->id;
	mem_replace(&out->dataflow, run->dataflow);
	out->received = run->received;
	out->fresh = sums->fresh;
	out->changed = sums->changed;
	out->exited = sums->exited;
	out->unchanged = run->unchanged;
	out->excluded = run->excluded;
	out->bad_lines = run->bad_lines;
	out->strategy = sums->people_new ? (recipe->creates ? "create-first" : "lookup-first") : sums->people_changed ? "update-only" : lists ? "lists-only" : "nothing";
	out->calls_estimate = batches(sums->people_new) + batches(sums->people_changed) + lists;
	/* The window lets one portion go at once; each further one waits 20 s. */
	out->seconds_estimate = out->calls_estimate ? (out->calls_estimate - 1) / window * 20 + 1 : 0;
	gate_state(marketo_gate(job->marketo), &gate);
	out->quota_used = gate.used_today;
	out->quota_limit = job->account->daily_calls;
	for (i = 0; i < run->reasons.count; i++)
		add_reason(out, &run->reasons.at[i]);
}

/* One look-up of up to 300 people. */
struct look {
	bool done;
	enum status status;
	struct error error;
	unsigned dedupe;
	VEC(struct record_head) heads; /* of those whom the ledger does not know: texts live as long as their chunk */
	VEC(char *) values;
	VEC(int64_t) ids; /* 0: nobody */
};

static void look_clear(struct look *look)
{
	size_t i;

	for (i = 0; i < look->values.count; i++)
		mem_free(look->values.at[i]);
	look->heads.count = look->values.count = 0;
}

static void look_done(struct look *look)
{
	look_clear(look);
	vec_done(&look->heads);
	vec_done(&look->values);
	vec_done(&look->ids);
}

static void take_matches(void *self, const struct marketo_answer *answer, const struct lead_match *matches, size_t count)
{
	struct look *look = self;
	size_t i;

	if (answer->outcome != OUTCOME_OK)
		look->status = wait_refusal(answer, &look->error);
	for (i = 0; answer->outcome == OUTCOME_OK && i < count; i++)
		if (matches[i].value < look->ids.count)
			look->ids.at[matches[i].value] = matches[i].id;
	look->done = true;
}

static enum status ask(const struct engine_job *job, struct look *look, struct error *err)
{
	size_t i;

	look->ids.count = 0;
	for (i = 0; i < look->values.count; i++)
		vec_push(&look->ids, 0);
	look->done = false;
	leads_find(job->marketo, job->destination->dedupe_fields.at[look->dedupe], (const char *const *)look->values.at, look->values.count, take_matches, look);
	wait_until(job, &look->done);
	if (look->status != STATUS_OK)
		*err = look->error;
	return look->status;
}

static enum status look_up(const struct engine_job *job, const struct recipe *recipe, struct look *look, struct plan *out, struct error *err)
{
	size_t i;

	if (look->heads.count == 0)
		return STATUS_OK;
	if (ask(job, look, err) != STATUS_OK)
		return look->status;
	for (i = 0; i < look->heads.count; i++) {
		const struct record_head *head = &look->heads.at[i];

		if (look->ids.at[i]) {
			out->fresh -= head->entries;
			out->changed += head->entries;
		} else if (!recipe->creates) {
			struct run_reason reason = {.code = (char *)"1004", .message = (char *)field_reason_text("1004"), .severity = SEVERITY_EXCLUDED, .count = 0};
			size_t n;

			out->fresh -= head->entries;
			out->excluded += head->entries;
			for (n = 0; n < out->reasons.count && strcmp(out->reasons.at[n].code, "1004") != 0; n++)
				;
			if (n == out->reasons.count)
				add_reason(out, &reason);
			out->reasons.at[n].count += head->entries;
		}
	}
	look_clear(look);
	return STATUS_OK;
}

/* The next record of a chunk, its head only. */
static struct record_head next_head(struct unpack *in)
{
	struct record_head head = record_unpack(in);
	unsigned i;

	for (i = 0; i < head.entries && !in->bad; i++)
		record_unpack_entry(in);
	for (i = 0; i < head.values && !in->bad; i++)
		record_unpack_value(in);
	return head;
}

/* A chunk holds at most as many records as a call takes. */
static enum status look_up_chunk(const struct engine_job *job, const struct recipe *recipe, struct look *look, const struct change_chunk *chunk, struct plan *out,
	struct error *err)
{
	enum status status = STATUS_OK;

	for (look->dedupe = 0; status == STATUS_OK && look->dedupe < recipe->dedupe_count; look->dedupe++) {
		struct unpack in = unpack_of(chunk->bytes.text, chunk->bytes.length);
		int left;

		for (left = chunk->records; left > 0 && !in.bad; left--) {
			struct record_head head = next_head(&in);

			if (in.bad || head.lead || !head.realized || head.dedupe != look->dedupe)
				continue;
			vec_push(&look->heads, head);
			vec_push(&look->values, mem_strndup(head.identity, head.identity_length));
		}
		status = look_up(job, recipe, look, out, err);
	}
	return status;
}

enum status estimate_lookup(const struct engine_job *job, const struct recipe *recipe, int64_t run_id, struct plan *out, struct error *err)
{
	struct look look = {0};
	struct change_chunk chunk = {0};
	enum status status = STATUS_OK;

	do {
		int64_t after = chunk.number;

		status = change_next(job->store, run_id, after, &chunk, err);
		if (status == STATUS_OK && chunk.number)
			status = look_up_chunk(job, recipe, &look, &chunk, out, err);
		str_done(&chunk.bytes);
	} while (status == STATUS_OK && chunk.number);
	look_done(&look);
	return status;
}

/* Who is to be in Marketo and is named by the first dedupe field. A value with a comma would need a call of its own. */
static void take_sample(const struct change_chunk *chunk, size_t most, struct look *look)
{
	struct unpack in = unpack_of(chunk->bytes.text, chunk->bytes.length);
	int left;

	for (left = chunk->records; left > 0 && look->values.count < most; left--) {
		struct record_head head = next_head(&in);

		if (in.bad)
			return;
		if (head.realized && head.dedupe == 0 && head.identity_length && !memchr(head.identity, ',', head.identity_length))
			vec_push(&look->values, mem_strndup(head.identity, head.identity_length));
	}
}

enum status estimate_sample(const struct engine_job *job, int64_t run_id, struct plan *out, struct error *err)
{
	struct look look = {0};
	struct change_chunk chunk = {0};
	enum status status = STATUS_OK;
	size_t i;

	do {
		int64_t after = chunk.number;

		status = change_next(job->store, run_id, after, &chunk, err);
		if (status == STATUS_OK && chunk.number)
			take_sample(&chunk, (size_t)job->sample, &look);
		str_done(&chunk.bytes);
	} while (status == STATUS_OK && chunk.number && look.values.count < (size_t)job->sample);
	if (status == STATUS_OK && look.values.count)
		status = ask(job, &look, err);
	out->sample_people = (int64_t)look.values.count;
	out->sample_found = 0;
	for (i = 0; i < look.ids.count; i++)
		out->sample_found += look.ids.at[i] != 0;
	look_done(&look);
	return status;
}
