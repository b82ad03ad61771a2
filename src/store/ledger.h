/*
 * The ledger of one account: what Marketo already has. Person key (keyed hash) -> lead id and a hash per field sent; per list who is a member.
 * Look-ups in ascending key order ride on open cursors (a million in about a second); any other order works and costs a search each.
 */
#ifndef STORE_LEDGER_H
#define STORE_LEDGER_H

#include "base/error.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ledger;

struct ledger_person {
	int64_t lead;                /* Marketo's id; 0: not known any more */
	const unsigned char *fields; /* packed field hashes, see below; lives until the next ledger_ call */
	size_t fields_length;
};

enum status ledger_open(struct store *store, int64_t account_id, struct ledger **out, struct error *err);
void ledger_close(struct ledger *ledger);

/* What other processes have added since to the names of fields: due before anything is asked for after the account was let go. */
enum status ledger_learn(struct ledger *ledger, struct error *err);

/* The number that stands for a field in packed hashes; made on first use. 0 with err on failure. */
unsigned ledger_field_number(struct ledger *ledger, const char *name, struct error *err);
const char *ledger_field_name(const struct ledger *ledger, unsigned number); /* NULL: unknown */

enum status ledger_person_get(struct ledger *ledger, const unsigned char key[KEY_HASH], struct ledger_person *out, bool *known, struct error *err);
enum status ledger_person_put(struct ledger *ledger, const unsigned char key[KEY_HASH], int64_t lead, const unsigned char *fields, size_t length, struct error *err);
/* The lead id is no longer good (merged or deleted in Marketo): forgets the person. Whether the lists still have whoever it is now, nobody knows: memberships stay, doubted. */
enum status ledger_person_forget(struct ledger *ledger, const unsigned char key[KEY_HASH], struct error *err);

/* What the ledger says of somebody in a list. Only MEMBER_SURE spares an addition, only MEMBER_NOT a removal. */
enum member_state {
	MEMBER_NOT,
	MEMBER_SURE,
	MEMBER_DOUBTED, /* should be in it; perhaps is not: the reply to the addition was lost, or the lead id was no good any more */
	MEMBER_LEAVING  /* should not be in it; perhaps still is: the reply to the removal was lost */
};
enum status ledger_member_get(struct ledger *ledger, int64_t list, const unsigned char key[KEY_HASH], enum member_state *state, struct error *err);
/* state: any but MEMBER_NOT. */
enum status ledger_member_put(struct ledger *ledger, int64_t list, const unsigned char key[KEY_HASH], enum member_state state, struct error *err);
enum status ledger_member_delete(struct ledger *ledger, int64_t list, const unsigned char key[KEY_HASH], struct error *err);
/* Several keys may have become one person (an address changed in Marketo, a merge). Is another key than this one with the same lead id surely a member of the list? */
enum status ledger_member_shared(struct ledger *ledger, int64_t list, int64_t lead, const unsigned char key[KEY_HASH], bool *shared, struct error *err);
/* The person of this lead id is out of the list, under whatever key. */
enum status ledger_lead_left(struct ledger *ledger, int64_t list, int64_t lead, struct error *err);
/* Members and doubts of one list become doubted members of another, that is made in its place: whoever should be in it is to be added. */
enum status ledger_members_move(struct ledger *ledger, int64_t from, int64_t to, struct error *err);
/* The list is no more, and with it who was in it. */
enum status ledger_list_forget(struct ledger *ledger, int64_t list, struct error *err);
/* The first member of the list at or after `from`, for walking them in order; rides on the cursor that ledger_member_get rides on. */
enum status ledger_member_from(struct ledger *ledger, int64_t list, const unsigned char from[KEY_HASH], unsigned char key[KEY_HASH], bool *found, struct error *err);
enum status ledger_member_count(struct ledger *ledger, int64_t list, int64_t *count, struct error *err);

/* All who should be in a list by the ledger, in the order of their keys; lead 0: not known any more. Ends at the first status other than STATUS_OK. */
typedef enum status (*ledger_member_fn)(void *self, const unsigned char key[KEY_HASH], int64_t lead, struct error *err);
enum status ledger_members_each(struct ledger *ledger, int64_t list, ledger_member_fn take, void *self, struct error *err);

/* The same of those who are MEMBER_LEAVING. */
enum status ledger_leaving_each(struct ledger *ledger, int64_t list, ledger_member_fn take, void *self, struct error *err);

/* Reading cursors must be let go before the tables change under them. */
void ledger_rest(struct ledger *ledger);

/* Packed field hashes: 8 bytes a field, sorted by number: 2 bytes number, 6 bytes of the value's keyed hash. */
enum { LEDGER_FIELD_BYTES = 8 };
void ledger_pack(unsigned char out[LEDGER_FIELD_BYTES], unsigned number, uint64_t hash);
/* Is this very value (by hash) what the packed fields say Marketo has? */
bool ledger_fields_have(const unsigned char *fields, size_t length, const unsigned char entry[LEDGER_FIELD_BYTES]);
/* Merges news (sorted or not) over old into out (sorted). out holds old + news bytes at most. Returns its length. */
size_t ledger_fields_merge(const unsigned char *old, size_t old_length, const unsigned char *news, size_t news_length, unsigned char *out);

#endif
