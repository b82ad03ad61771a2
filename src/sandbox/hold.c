/* Holds calls for a test that wants something to happen while they are under way, without racing against them. */
#include "sandbox/box.h"

static void let_go(struct call *call, bool was_applied)
{
	if (!was_applied)
		call_execute(call);
	call_end(call);
}

static struct call *waiting_call(struct sandbox *box)
{
	struct call *call = box->calls;

	while (call && !call->waits)
		call = call->next;
	return call;
}

void hold_next(struct sandbox *box, int64_t calls, bool applied, bool all)
{
	struct call *call = box->hold.call;
	bool was_applied = box->hold.applied;

	box->hold = (struct hold){ .left = calls, .applied = applied, .all = all };
	if (call)
		let_go(call, was_applied);
	while ((call = waiting_call(box))) {
		call->waits = false;
		let_go(call, false);
	}
}

void hold_count(struct call *call)
{
	struct hold *hold = &call->box->hold;

	call->behind = hold->all && hold->reached;
	call->held = hold->left > 0 && --hold->left == 0;
	if (call->held)
		hold->reached = true;
}

bool hold_keeps(struct call *call)
{
	struct hold *hold = &call->box->hold;

	/* What was asked for since this call came is another hold: this one is let go. */
	if (!hold->reached)
		return false;
	if (call->behind && hold->all)
		call->waits = true;
	if (!call->held || hold->call)
		return call->waits;
	hold->call = call;
	if (hold->applied)
		call_execute(call);
	return true;
}
