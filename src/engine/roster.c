/*
 * Leavers who are not in Marketo under the id that the ledger knows: deleted, or merged into somebody who has inherited their lists. A snapshot does not name who is not in it, so
 * there is no address to look them up by; but the list itself tells who its members are, and whoever would have the leaver's key is whom the leaver has become.
 */
#include "engine/identify.h"
#include "engine/sender.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

struct member {
	int64_t lead, updated_at; /* lead 0: nobody in the list has the key */
};

struct roster {
	struct call *call;
	struct identify identify;
	struct member *members; /* a record each, in the order of keys */
};

static int compare_keys(const void *left, const void *right)
{
	const struct record *const *a = left, *const *b = right;

	return memcmp((*a)->head.key, (*b)->head.key, KEY_HASH);
}

static int compare_key(const void *key, const void *record)
{
	return memcmp(key, (*(const struct record *const *)record)->head.key, KEY_HASH);
}

static void note_member(struct roster *roster, const struct json *lead)
{
	struct member member = {.updated_at = identify_updated_at(lead)}, *old;
	unsigned char key[KEY_HASH];
	struct record **record;

	if (!json_i64(json_get(lead, "id"), &member.lead) || member.lead <= 0 || !identify_key(&roster->identify, lead, key))
		return;
	record = bsearch(key, roster->call->records, roster->call->count, sizeof *record, compare_key);
	if (!record)
		return;
	old = &roster->members[record - roster->call->records];
	if (!old->lead || member.updated_at > old->updated_at || (member.updated_at == old->updated_at && member.lead > old->lead))
		*old = member;
}

static void tell(struct roster *roster)
{
	struct call *call = roster->call;
	size_t i;

	for (i = 0; i < call->count; i++) {
		if (roster->members[i].lead)
			record_found(call->sender, call->records[i], roster->members[i].lead);
		else
			record_vanished(call->sender, call->records[i]);
	}
}

static void end(struct roster *roster)
{
	call_over(roster->call);
	identify_done(&roster->identify);
	mem_free(roster->members);
	mem_free(roster);
}

static void ask(struct roster *roster, const char *page);

static void take_page(void *self, const struct marketo_answer *answer, const int64_t *ids, size_t count, const char *next_page)
{
	struct roster *roster = self;
	const struct json *lead;

	(void)ids;
	(void)count;
	if (answer->outcome != OUTCOME_OK) {
		answer_refusal(roster->call, answer);
		end(roster);
		return;
	}
	for (lead = marketo_result_first(answer); lead; lead = marketo_result_next(answer, lead))
		note_member(roster, lead);
	if (next_page) {
		ask(roster, next_page);
		return;
	}
	tell(roster);
	end(roster);
}

static void ask(struct roster *roster, const char *page)
{
	const struct sender *s = roster->call->sender;

	list_members(s->job->marketo, s->run->audiences.at[roster->call->queue->index].list_id, str_text(&roster->identify.names), page, take_page, roster);
}

void roster_depart(struct call *call)
{
	struct roster *roster = mem_alloc(sizeof *roster);

	roster->call = call;
	roster->members = mem_array(call->count, sizeof *roster->members);
	qsort(call->records, call->count, sizeof *call->records, compare_keys);
	if (identify_init(&roster->identify, call->sender->job, call->sender->recipe)) {
		ask(roster, NULL);
		return;
	}
	tell(roster);
	end(roster);
}
