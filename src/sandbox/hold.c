/* Holds one call for a test that wants something to happen while it is under way, without racing against it. */
#include "sandbox/box.h"

void hold_next(struct sandbox *box, int64_t calls, bool applied)
{
	struct call *call = box->hold.call;
	bool was_applied = box->hold.applied;

	box->hold = (struct hold){ .left = calls, .applied = applied };
	if (!call)
		return;
	if (!was_applied)
		call_execute(call);
	call_end(call);
}

void hold_count(struct call *call)
{
	struct hold *hold = &call->box->hold;

	call->held = hold->left > 0 && --hold->left == 0;
}

bool hold_keeps(struct call *call)
{
	struct hold *hold = &call->box->hold;

	/* What was asked for since this call came is another hold: this one is let go. */
	if (!call->held || hold->left > 0 || hold->call)
		return false;
	hold->call = call;
	if (hold->applied)
		call_execute(call);
	return true;
}
