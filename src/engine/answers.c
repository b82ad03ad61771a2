#include "engine/sender.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "engine/resolve.h"
#include "engine/wait.h"
#include "engine/work.h"
#include "marketo/codes.h"

#include <string.h>

enum { LOOKUPS_MOST = 3, REPEATS_MOST = 3 };

static bool code_is(const char *code, const char *wanted)
{
	return code && strcmp(code, wanted) == 0;
}

static bool same_stage(const struct call *call, enum stage stage)
{
	return call->queue->stage == stage;
}

/* A record whose call told nothing about it, or nothing for now. */
static void back_to_queue(struct sender *s, struct call *call, struct record *r)
{
	record_go(s, r, call->queue->stage, call->queue->index);
}

static void fail_here(struct sender *s, struct call *call, struct record *r, const char *code, const char *message, bool retryable)
{
	/* Not a verdict on this record: an earlier try may have been applied all the same. */
	if (retryable)
		record_doubt(s, r, call->queue->stage);
	if (same_stage(call, STAGE_REMOVE) || same_stage(call, STAGE_ADD)) {
		entry_finish(s, &r->entries[r->place], ENTRY_FAILED, code, message, retryable);
		record_next_entry(s, r);
	} else {
		record_person_fail(s, r, ENTRY_FAILED, code, message, retryable);
	}
}

static void no_verdict(struct sender *s, struct call *call, struct record *r)
{
	if (same_stage(call, STAGE_CREATE)) {
		r->tried_create = true;
		record_look_up(s, r);
	} else if (++r->repeats <= REPEATS_MOST) {
		back_to_queue(s, call, r);
	} else {
		fail_here(s, call, r, "no_verdict", _("Marketo's replies say nothing about this record"), true);
	}
}

static bool is_about_list(const struct call *call)
{
	return call->queue->stage >= STAGE_REMOVE || same_stage(call, STAGE_ROSTER);
}

/* An audience that the dataflow has no more is still the run's. */
static void list_gone(const struct sender *s, size_t place, struct error *err)
{
	const struct run_audience *audience = &s->run->audiences.at[place];
	const struct flow_audience *known = work_flow_audience(s->job->dataflow, s->run, place);
	struct flow_audience own = {.audience = audience->name, .list_id = audience->list_id};

	resolve_list_gone(s->job->dataflow, known ? known : &own, err);
}

void answer_refusal(struct call *call, const struct marketo_answer *answer)
{
	struct sender *s = call->sender;
	const struct code_row *row = code_find(answer->error.code, false);
	bool records_fault = answer->outcome == OUTCOME_SPLIT || (answer->outcome == OUTCOME_REFUSED && (row->action == CODE_RETRY || row->action == CODE_RETRY_LIMITED));
	struct error err = {0};
	size_t i;

	if (answer->outcome == OUTCOME_SPLIT && call->count > 1) {
		call_again(s, call, 0, call->count / 2);
		call_again(s, call, call->count / 2, call->count);
		return;
	}
	for (i = 0; i < call->count; i++) {
		if (answer->outcome == OUTCOME_UNKNOWN)
			no_verdict(s, call, call->records[i]);
		else if (records_fault)
			fail_here(s, call, call->records[i], answer->error.code, answer->error.message, true);
		else
			back_to_queue(s, call, call->records[i]);
	}
	if (answer->outcome == OUTCOME_UNKNOWN || records_fault)
		return;
	wait_refusal(answer, &err);
	if (is_about_list(call) && answer->outcome == OUTCOME_REFUSED && code_is(answer->error.code, "1013"))
		list_gone(s, (size_t)call->queue->index, &err);
	else if (is_about_list(call) && answer->outcome == OUTCOME_REFUSED)
		error_prefix(&err, _("static list %lld of the audience \"%s\""), (long long)s->run->audiences.at[call->queue->index].list_id,
			s->run->audiences.at[call->queue->index].name);
	sender_halt(s, answer->outcome == OUTCOME_QUOTA ? HALT_QUOTA : answer->outcome == OUTCOME_CANCELLED ? HALT_STOPPED : HALT_ERROR, &err);
}

void call_over(struct call *call)
{
	struct sender *s = call->sender;

	s->calls--;
	s->in_flight[call->queue->stage]--;
	call->next = s->free_calls;
	s->free_calls = call;
}

/* Nobody of this key in Marketo: for removals that is the wanted end. */
static void not_found(struct sender *s, struct record *r)
{
	struct error err = {0};
	unsigned i;

	if (record_look_up_next(s, r))
		return;
	if (r->head.realized && s->recipe->creates && r->looked_up < LOOKUPS_MOST) {
		record_go(s, r, STAGE_CREATE, r->head.dedupe);
		return;
	}
	for (i = 0; i < r->head.entries; i++) {
		struct entry *entry = &r->entries[i];

		if (entry->wanted.op != OP_REMOVE || entry->end != ENTRY_OPEN || !sender_write(s))
			continue;
		sender_check(s, ledger_member_delete(s->ledger, s->run->audiences.at[entry->wanted.audience].list_id, r->head.key, &err), &err);
		if (r->forgotten)
			note_gone(s);
		entry_finish(s, entry, ENTRY_ACTIVATED, NULL, NULL, false);
	}
	/* The id is somebody else's by now, whose key is another. */
	if (!r->head.realized && r->lead && sender_write(s))
		sender_check(s, ledger_person_forget(s->ledger, r->head.key, &err), &err);
	if (s->recipe->creates && r->head.realized) {
		record_person_fail(s, r, ENTRY_FAILED, r->tried_create ? "1005" : "1004",
			_("Marketo says that this person exists, yet finds nobody: perhaps in a partition the API user cannot see"), true);
	} else {
		record_disown(s, r);
		record_person_fail(s, r, ENTRY_EXCLUDED, "1004", field_reason_text("1004"), true);
	}
}

void answer_lookup(void *self, const struct marketo_answer *answer, const struct lead_match *matches, size_t count)
{
	struct call *call = self;
	struct sender *s = call->sender;
	const struct lead_match **best;
	size_t i;

	if (answer->outcome != OUTCOME_OK) {
		answer_refusal(call, answer);
		call_over(call);
		return;
	}
	best = mem_array(call->count, sizeof(void *));
	for (i = 0; i < count; i++) {
		const struct lead_match *match = &matches[i], *old;

		if (match->value >= call->count)
			continue;
		/* Several fit (1007): the one updated last; of equals the youngest, so that every run picks the same. */
		old = best[match->value];
		if (!old || match->updated_at > old->updated_at || (match->updated_at == old->updated_at && match->id > old->id))
			best[match->value] = match;
	}
	for (i = 0; i < call->count; i++) {
		call->records[i]->looked_up += call->records[i]->turn == 0;
		if (best[i])
			record_found(s, call->records[i], best[i]->id);
		else
			not_found(s, call->records[i]);
	}
	mem_free(best);
	call_over(call);
}

static void created(struct sender *s, struct record *r, const struct record_result *result)
{
	r->lead = result->id;
	s->run->created++;
	s->created_seen++;
	record_remember(s, r, true, true);
	record_person_done(s, r);
}

static void answer_create(struct sender *s, struct call *call, struct record *r, const struct record_result *result)
{
	if (result->outcome == RECORD_CREATED && result->id > 0) {
		created(s, r, result);
	} else if (result->outcome == RECORD_FAILED && (code_is(result->code, "1005") || code_is(result->code, "1007"))) {
		s->existed_seen++;
		if (r->looked_up >= LOOKUPS_MOST) {
			fail_here(s, call, r, result->code, result->message, true);
			return;
		}
		r->tried_create = true;
		record_look_up(s, r);
	} else if (result->outcome == RECORD_FAILED) {
		fail_here(s, call, r, result->code, result->message, false);
	} else {
		no_verdict(s, call, r);
	}
}

static void answer_update(struct sender *s, struct call *call, struct record *r, const struct record_result *result)
{
	if (result->outcome == RECORD_UPDATED) {
		s->run->updated++;
		record_remember(s, r, false, true);
		record_person_done(s, r);
	} else if (result->outcome == RECORD_FAILED && code_is(result->code, "1004") && record_forget(s, r)) {
		record_look_up(s, r);
	} else if (result->outcome == RECORD_FAILED) {
		fail_here(s, call, r, result->code, result->message, false);
	} else {
		no_verdict(s, call, r);
	}
}

static void answer_add(struct sender *s, struct call *call, struct record *r, const struct record_result *result)
{
	struct entry *entry = &r->entries[r->place];
	struct error err = {0};

	if (result->outcome == RECORD_ADDED || result->outcome == RECORD_ALREADY) {
		if (sender_write(s))
			sender_check(s, ledger_member_put(s->ledger, s->run->audiences.at[call->queue->index].list_id, r->head.key, MEMBER_SURE, &err), &err);
		s->run->added += result->outcome == RECORD_ADDED && !entry->counted;
		entry->counted |= result->outcome == RECORD_ADDED;
		entry_finish(s, entry, ENTRY_ACTIVATED, NULL, NULL, false);
		record_next_entry(s, r);
	} else if (result->outcome == RECORD_FAILED && code_is(result->code, "1004") && record_forget(s, r)) {
		record_lookup_again(s, r);
	} else if (result->outcome == RECORD_FAILED) {
		fail_here(s, call, r, result->code, result->message, false);
	} else {
		no_verdict(s, call, r);
	}
}

static void answer_remove(struct sender *s, struct call *call, struct record *r, const struct record_result *result)
{
	int64_t list = s->run->audiences.at[call->queue->index].list_id;
	bool gone = code_is(result->code, "1004");
	struct error err = {0};

	if (result->outcome == RECORD_ALREADY && gone && record_forget(s, r)) {
		record_lookup_again(s, r);
	} else if (result->outcome == RECORD_REMOVED || result->outcome == RECORD_ALREADY) {
		if (sender_write(s))
			sender_check(s, ledger_member_delete(s->ledger, list, r->head.key, &err), &err);
		if (sender_write(s))
			sender_check(s, ledger_lead_left(s->ledger, list, r->lead, &err), &err);
		s->run->removed += result->outcome == RECORD_REMOVED;
		if (gone)
			note_gone(s);
		entry_finish(s, &r->entries[r->place], ENTRY_ACTIVATED, NULL, NULL, false);
		record_next_entry(s, r);
	} else if (result->outcome == RECORD_FAILED) {
		fail_here(s, call, r, result->code, result->message, false);
	} else {
		no_verdict(s, call, r);
	}
}

void answer_records(void *self, const struct marketo_answer *answer, const struct record_result *results, size_t count)
{
	static void (*const takes[STAGE_COUNT])(struct sender *, struct call *, struct record *, const struct record_result *) = {
		[STAGE_CREATE] = answer_create,
		[STAGE_UPDATE] = answer_update,
		[STAGE_REMOVE] = answer_remove,
		[STAGE_ADD] = answer_add,
	};
	static const struct record_result silent = {.outcome = RECORD_UNKNOWN, .code = "", .message = ""};
	struct call *call = self;
	struct sender *s = call->sender;
	size_t i;

	if (answer->outcome != OUTCOME_OK)
		answer_refusal(call, answer);
	for (i = 0; answer->outcome == OUTCOME_OK && i < call->count; i++)
		takes[call->queue->stage](s, call, call->records[i], i < count ? &results[i] : &silent);
	call_over(call);
}
