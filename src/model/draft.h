/*
 * A draft: everything the wizard was told on the way to a new dataflow, in the operator's own words, complete or not. It holds no secret. Kept as JSON in the store, so
 * that any moment can be the last one before the line drops.
 */
#ifndef MODEL_DRAFT_H
#define MODEL_DRAFT_H

#include "base/error.h"
#include "base/json.h"
#include "base/str.h"
#include "base/vec.h"
#include "model/mapping.h"

#include <stdbool.h>
#include <stdint.h>

enum draft_text {
	DRAFT_NAME,            /* of the destination and of the dataflow */
	DRAFT_ACCOUNT,         /* name of the account it goes to; made on the step Connect where it is new */
	DRAFT_MUNCHKIN_ID,
	DRAFT_ENDPOINT,        /* empty: from the Munchkin ID */
	DRAFT_IDENTITY,
	DRAFT_CLIENT_ID,
	DRAFT_ENVIRONMENT,
	DRAFT_ACCOUNT_MADE,    /* the name of the account that this draft made, and may change; empty: none */
	DRAFT_SECRET_FROM,     /* typed, file or command */
	DRAFT_SECRET_PATH,     /* of the file, or the command */
	DRAFT_DESCRIPTION,
	DRAFT_PERSON_CREATION, /* words of cli.md */
	DRAFT_SYNC_TYPE,       /* empty: what person creation implies */
	DRAFT_DEDUPE,          /* names with commas */
	DRAFT_WORKSPACE,
	DRAFT_PARTITION,
	DRAFT_LIST_FOLDER,     /* id or program:ID */
	DRAFT_LIST_FOLDER_LABEL, /* what Marketo calls it */
	DRAFT_SIGN_OFF,        /* required; none or empty: not */
	DRAFT_SOURCE,
	DRAFT_START,           /* dates of the dataflow, YYYY-MM-DD */
	DRAFT_END,
	DRAFT_FIELD,           /* the field left last */
	DRAFT_MAPPING_OF,      /* the dataflow whose mapping it edits; empty: it is on the way to a new one */
	DRAFT_REVISION,        /* .. and the revision that it began with, in digits */
	DRAFT_EVERY,           /* when the daemon runs it (schedule.h): a duration or always; empty: never */
	DRAFT_AT,              /* HH:MM */
	DRAFT_CONSENT,         /* PATH or PATH=VALUE (consent.h); empty: nobody is asked for any */
	DRAFT_TEXTS,
};

enum { DRAFT_STEP_MAPPING = 4 }; /* of `step` */

struct draft_audience {
	char *id, *name; /* as the source knows it; name may be NULL */
	char *list;      /* an id of Marketo or a name; NULL: the audience's name */
	char *start, *end; /* YYYY-MM-DD; NULL: the dataflow's */
};

struct draft {
	int64_t id;       /* 0: not stored yet */
	int step;         /* 0 .. 5: where the operator was */
	int64_t saved_at; /* wall ms */
	char *texts[DRAFT_TEXTS]; /* never NULL */
	VEC(char *) marketing_actions;
	VEC(struct draft_audience) audiences; /* the chosen ones */
	struct mapping mapping;
	int64_t destination_id, dataflow_id; /* what applying it has made; 0: nothing yet */
};

void draft_init(struct draft *draft); /* person creation match-only, dedupe email, secret typed */
void draft_done(struct draft *draft);
void draft_audience_done(struct draft_audience *audience);
void draft_copy(struct draft *to, const struct draft *from); /* `to` is initialised here */
void draft_set(struct draft *draft, enum draft_text which, const char *text); /* NULL: empty */
const char *draft_get(const struct draft *draft, enum draft_text which);
/* Its name in JSON and in the `code` of an error that blames it: "name", "list_folder". */
const char *draft_text_name(enum draft_text which);

void draft_write(const struct draft *draft, struct str *out);
/* The same without what no operator edits (the step, the field left last, what applying it has made): equal texts, equal edits. */
void draft_write_edits(const struct draft *draft, struct str *out);
/* What an operator edits of `from`, which is empty then and for draft_done; the rest of `to` stays. */
void draft_take_edits(struct draft *to, struct draft *from);
/* Into an initialised draft. False: not a draft (what could be read is kept). */
bool draft_read(const struct json *json, struct draft *draft);

#endif
