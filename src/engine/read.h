/* Reading: the source's messages become items of the fold, one for each person key a message speaks of. */
#ifndef ENGINE_READ_H
#define ENGINE_READ_H

#include "engine/audiences.h"
#include "engine/engine.h"
#include "engine/fold.h"
#include "engine/recipe.h"
#include "store/tables.h"

/* Beside membership_status, in an item: the message takes the person's consent back and says nothing about this audience. It leaves what was said before. */
enum { MEMBERSHIP_WITHDRAWN = 100 };
/* The reason code of an item whose message does not say that the person agrees. Who is a member leaves, nobody else enters. */
#define EXCLUSION_CONSENT "no_consent"

/* What an item says, unpacked; texts live as long as the item. */
struct item_member {
	unsigned audience; /* index in the dataflow */
	int status; /* a membership_status, or MEMBERSHIP_WITHDRAWN */
};
struct item_value {
	unsigned row;    /* of the recipe */
	const char *text; /* rendered JSON, or, in `left_out`, why it was left out */
	size_t length;
};
struct item {
	const unsigned char *key;
	unsigned dedupe;              /* which dedupe field the identity fills */
	const char *identity;         /* not NUL-terminated: identity_length */
	size_t identity_length;
	const char *others;           /* whom that does not find is looked up by these (pack.h: identities) */
	size_t others_length;
	const char *exclusion;        /* a reason code; exclusion_length 0: none */
	size_t exclusion_length;
	VEC(struct item_member) members;
	VEC(struct item_value) left_out, values;
};
/* The exclusion of an item that says only that somebody is in a snapshot, because their row could not be read. It has no members, and no part in any count. */
#define ITEM_UNREAD "unread"
enum status item_unpack(const struct fold_item *from, struct item *out, struct error *err); /* reuses out's arrays */
void item_done(struct item *item);

struct reading {
	int64_t messages, bad_lines;
	bad_line_list bad; /* the first 1,000 */
};
/* Reads it all, and sets recipe->snapshot. Honours job->stop (STATUS_STOPPED). */
enum status read_source(const struct engine_job *job, struct recipe *recipe, struct audiences *audiences, struct fold *fold, struct reading *out, struct error *err);

#endif
