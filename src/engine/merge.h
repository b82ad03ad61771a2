/*
 * The merge: folded items against the ledger. What Marketo has already is dropped, what cannot be sent is excluded with its reason, the rest becomes the durable change set.
 */
#ifndef ENGINE_MERGE_H
#define ENGINE_MERGE_H

#include "engine/engine.h"
#include "engine/fold.h"
#include "engine/recipe.h"

enum { CHUNK_RECORDS = 300, CHUNK_BYTES = 400 * 1024 };

/* How many records want what: the base of the estimate. */
struct merge_sums {
	int64_t fresh, changed, exited;              /* entries, as the plan tells them */
	int64_t records, people_new, people_changed; /* records in the change set */
	VEC(int64_t) adds, removes;                  /* per audience */
};
void merge_sums_done(struct merge_sums *sums);

/* Writes the change set of run->id (keep false: counts only) and raises received, excluded, unchanged and reasons in run. */
enum status merge_changes(const struct engine_job *job, const struct recipe *recipe, struct ledger *ledger, struct fold *fold, bool keep, struct run *run, struct merge_sums *sums,
	struct error *err);

/* A record of the change set, and its values. The flags of each stand in one byte. */
enum record_flag { RECORD_REALIZED = 1, RECORD_AGAIN = 2, RECORD_OTHERS = 4 };
enum value_flag { VALUE_CREATING = 1, VALUE_KEPT = 2 };
enum record_op { OP_NONE /* already a member: only the person changes */, OP_ADD, OP_REMOVE };
struct record_entry {
	unsigned audience;
	enum record_op op;
};
struct record_value {
	unsigned number;                       /* the field's, in the ledger */
	bool creating;                         /* goes with creating calls only */
	bool kept;                             /* Marketo has it by the ledger: goes along for the case that the person is found or made anew */
	unsigned char hash[LEDGER_FIELD_BYTES];/* what the ledger keeps once it is sent */
	const char *json;
	size_t length;
};
struct record_head {
	const unsigned char *key;
	bool realized; /* wants to be a person in Marketo; else only removals */
	bool again;    /* what the ledger says of it is not believed: it is taken back as sending begins */
	unsigned dedupe;
	int64_t lead;  /* 0: not known */
	const char *identity;
	size_t identity_length;
	const char *others; /* whom the identity does not find is looked up by these (pack.h: identities) */
	size_t others_length;
	unsigned entries, values;
};

struct unpack;
/* Reads one record: the head, then head.entries times an entry, then head.values times a value. */
struct record_head record_unpack(struct unpack *in);
struct record_entry record_unpack_entry(struct unpack *in);
struct record_value record_unpack_value(struct unpack *in);

#endif
