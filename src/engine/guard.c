#include "engine/guard.h"

#include "base/i18n.h"
#include "base/mem.h"

#include <string.h>

enum { MEMBERS_LEAST = 100, PART = 5 };

static const char CODE[] = "mass_removal";

bool guard_minds(int64_t members, int64_t leaving)
{
	/* Whole people: more than the whole part of a fifth is more than a fifth. */
	return members >= MEMBERS_LEAST && leaving > members / PART;
}

void guard_note(struct run *run, int64_t list, int64_t members, int64_t leaving)
{
	char *message;

	if (!guard_minds(members, leaving))
		return;
	message = mem_printf(_("the source leaves out %lld of the %lld members that the list %lld has by the ledger, more than a fifth: they would be removed"), (long long)leaving,
		(long long)members, (long long)list);
	run_reason_add(run, CODE, message, SEVERITY_WARNING, leaving);
	mem_free(message);
}

enum status guard_check(const struct run *run, struct error *err)
{
	size_t i;

	for (i = 0; i < run->reasons.count; i++) {
		if (strcmp(run->reasons.at[i].code, CODE) != 0)
			continue;
		error_set(err, STATUS_CONFIRM, CODE, _("nothing was sent: %s"), run->reasons.at[i].message);
		error_hint(err, _("If that is right, `penstock run %s --plan %lld --allow-removals` sends it; if not, look at what writes the source."), run->dataflow, (long long)run->id);
		return STATUS_CONFIRM;
	}
	return STATUS_OK;
}
