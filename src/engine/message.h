/* One message of the source, and the items it becomes. The same for a run, which sorts them, and for whoever only wants to see them (preview.c). Inside engine/ only. */
#ifndef ENGINE_MESSAGE_H
#define ENGINE_MESSAGE_H

#include "base/str.h"
#include "base/vec.h"
#include "engine/audiences.h"
#include "engine/engine.h"
#include "engine/fold.h"
#include "engine/recipe.h"
#include "source/source.h"

#include <stdbool.h>

struct message_reader {
	const struct engine_job *job;
	struct recipe *recipe;
	struct audiences *audiences;
	struct fold *fold;                                          /* NULL: nothing is hashed or kept .. */
	void (*saw)(void *self, const struct fold_item *item); /* .. but shown, without a key */
	void *self;
	struct source *source;
	membership_list memberships;
	identity_list identities;
	struct str tail;   /* members, values left out, values: the same for every key of a message */
	struct str values;
	struct str item;
	struct str key;
	struct str rendered;
	struct str others; /* identities that the item at hand can be looked up by, too */
	int order;         /* of the dedupe field that names the people of this message; -1: none does */
	struct str name; /* of a person without a usable identity */
	bool refused;    /* the message at hand does not say that its person agrees */
	VEC(bool) named; /* per audience: the message speaks of it */
};

/* Adds the message's items to the fold. */
enum status message_take(struct message_reader *r, const struct json *message, struct error *err);

enum row_fate { ROW_SENT, ROW_LEFT_OUT, ROW_MATCHES /* people are looked up by it */, ROW_ABSENT, ROW_NULL /* and a null does not clear */ };
/* What becomes of a row for the message taken last, where people are touched at all: ROW_SENT leaves the JSON in r->rendered, ROW_LEFT_OUT the reason code in *why. */
enum row_fate message_row(struct message_reader *r, const struct recipe_row *row, const struct json *message, const char **why);
void message_reader_done(struct message_reader *r);

#endif
