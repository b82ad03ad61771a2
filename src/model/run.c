#include "model/run.h"

#include "base/mem.h"
#include "model/word.h"

#include <string.h>

/* A code whose message differs from record to record (Marketo puts the value into some) must not fill the memory of a long run: from here on its
 * counts go to the code's first row. */
enum { MESSAGES_PER_CODE = 20 };

static const char *const states[] = {
	[RUN_PLANNED] = "planned",
	[RUN_RUNNING] = "running",
	[RUN_SUCCESS] = "success",
	[RUN_PARTIAL] = "partial",
	[RUN_FAILED] = "failed",
	[RUN_STOPPED] = "stopped",
	[RUN_WAITING] = "waiting",
	[RUN_BLOCKED] = "blocked",
	[RUN_PAUSED] = "paused",
};

static const char *const calls[CALL_KINDS] = {
	[CALL_IDENTITY] = "identity",
	[CALL_DESCRIBE] = "describe",
	[CALL_LOOKUP] = "lookup",
	[CALL_CREATE] = "create",
	[CALL_UPDATE] = "update",
	[CALL_LIST_ADD] = "list_add",
	[CALL_LIST_REMOVE] = "list_remove",
	[CALL_LISTS] = "lists",
	[CALL_USAGE] = "usage",
	[CALL_OTHER] = "other",
};

static const char *const severities[] = {
	[SEVERITY_WARNING] = "warning",
	[SEVERITY_EXCLUDED] = "excluded",
	[SEVERITY_FAILED] = "failed",
};

static void reasons_free(struct run_reason *reasons, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		mem_free(reasons[i].code);
		mem_free(reasons[i].message);
	}
}

bool run_state_is_going(enum run_state state)
{
	return state == RUN_RUNNING || state == RUN_PAUSED;
}

void run_init(struct run *run)
{
	*run = (struct run){ .state = RUN_PLANNED };
}

void run_done(struct run *run)
{
	for (size_t i = 0; i < run->audiences.count; i++)
		mem_free(run->audiences.at[i].name);
	vec_done(&run->audiences);
	reasons_free(run->reasons.at, run->reasons.count);
	vec_done(&run->reasons);
	mem_free(run->dataflow);
	run_init(run);
}

const char *run_state_text(enum run_state state)
{
	return word_text(WORDS(states), state);
}

bool run_state_parse(const char *text, enum run_state *out)
{
	size_t index;

	if (!word_parse(WORDS(states), text, &index))
		return false;
	*out = (enum run_state)index;
	return true;
}

const char *run_call_text(enum run_call call)
{
	return word_text(WORDS(calls), call);
}

const char *severity_text(enum severity severity)
{
	return word_text(WORDS(severities), severity);
}

void run_reason_add(struct run *run, const char *code, const char *message, enum severity severity, int64_t count)
{
	struct run_reason *first = NULL;
	size_t same_code = 0;

	message = message ? message : "";
	for (size_t i = 0; i < run->reasons.count; i++) {
		struct run_reason *reason = &run->reasons.at[i];

		if (reason->severity != severity || strcmp(reason->code, code) != 0)
			continue;
		if (strcmp(reason->message, message) == 0) {
			reason->count += count;
			return;
		}
		first = first ? first : reason;
		same_code++;
	}
	if (same_code >= MESSAGES_PER_CODE) {
		first->count += count;
		return;
	}
	vec_push(&run->reasons, ((struct run_reason){ .code = mem_strdup(code), .message = mem_strdup(message), .severity = severity, .count = count }));
}

void run_pend(struct run *run, size_t place, int64_t records)
{
	run->pending += records;
	run->audiences.at[place].pending += records;
}

int64_t run_finished(const struct run *run)
{
	return run->activated + run->excluded + run->failed + run->unchanged;
}

int64_t run_seconds_left(const struct run *run)
{
	/* Slower than a record in two seconds is no pace to go by. */
	return run->records_per_second >= 0.5 ? (int64_t)((double)(run->received - run_finished(run)) / run->records_per_second) : -1;
}

int64_t run_calls(const struct run *run)
{
	int64_t sum = 0;

	for (size_t i = 0; i < CALL_KINDS; i++)
		sum += run->calls[i];
	return sum;
}

void plan_init(struct plan *plan)
{
	*plan = (struct plan){ .sample_people = -1, .sample_found = -1 };
}

void plan_done(struct plan *plan)
{
	reasons_free(plan->reasons.at, plan->reasons.count);
	vec_done(&plan->reasons);
	mem_free(plan->dataflow);
	plan_init(plan);
}

void failure_done(struct failure *failure)
{
	mem_free(failure->audience);
	mem_free(failure->identity);
	mem_free(failure->code);
	mem_free(failure->message);
	*failure = (struct failure){ 0 };
}
