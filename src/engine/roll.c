#include "engine/roll.h"

#include "base/mem.h"
#include "engine/wait.h"
#include "marketo/lists.h"

#include <string.h>

struct roll {
	roll_fn take;
	void *self;
	bool done, gone;
	enum status status;
	struct error error;
	char *next;
	int64_t seen;
};

static void take_page(void *self, const struct marketo_answer *answer, const int64_t *ids, size_t count, const char *next_page)
{
	struct roll *roll = self;

	mem_replace(&roll->next, next_page);
	roll->done = true;
	roll->gone = answer->outcome == OUTCOME_REFUSED && strcmp(answer->error.code, "1013") == 0;
	if (answer->outcome == OUTCOME_OK)
		roll->status = roll->take(roll->self, answer, ids, count, &roll->error);
	else if (!roll->gone)
		roll->status = wait_refusal(answer, &roll->error);
	roll->seen += (int64_t)count;
}

static void show(const struct engine_job *job, int64_t seen)
{
	struct engine_progress progress = {.phase = ENGINE_COMPARING, .done = seen, .total = -1, .seconds_left = -1};

	gate_state(marketo_gate(job->marketo), &progress.gate);
	if (job->progress)
		job->progress(job->self, &progress);
}

enum status roll_call(const struct engine_job *job, int64_t list_id, const char *fields, roll_fn take, void *self, bool *gone, struct error *err)
{
	struct roll roll = {.take = take, .self = self};

	do {
		char *from = roll.next;

		roll.next = NULL;
		roll.done = false;
		list_members(job->marketo, list_id, fields, from, take_page, &roll);
		mem_free(from);
		wait_until(job, &roll.done);
		show(job, roll.seen);
	} while (roll.status == STATUS_OK && roll.next);
	*gone = roll.gone;
	if (roll.status != STATUS_OK)
		*err = roll.error;
	mem_free(roll.next);
	return roll.status;
}
