/*
 * Sending a change set. Records wait in queues, one a kind of call; a call takes up to 300 from its queue; its answer moves them on. A record is in one queue or one call at a
 * time, so the same key is never in two calls at once and changes to one person stay in order.
 *
 *	feed -> LOOKUP <-> CREATE -> UPDATE -> REMOVE from lists -> ADD to lists -> finished
 *
 * Those who only leave go first, and nobody is added to a list before they are done: when two keys turn out to be one person (a new address), that person must end in the list.
 * Leavers whom nobody names are sought in the list itself (ROSTER) when their id is no good.
 *
 * What an answer changes (ledger, counters, progress) is committed before the next calls leave.
 */
#ifndef ENGINE_SENDER_H
#define ENGINE_SENDER_H

#include "engine/engine.h"
#include "engine/merge.h"
#include "engine/recipe.h"
#include "marketo/lists.h"
#include "store/change.h"

#include <stdbool.h>

enum stage { STAGE_ROSTER, STAGE_LOOKUP, STAGE_CREATE, STAGE_UPDATE, STAGE_REMOVE, STAGE_ADD, STAGE_COUNT };

enum entry_end { ENTRY_OPEN, ENTRY_ACTIVATED, ENTRY_EXCLUDED, ENTRY_FAILED };
struct entry {
	struct record_entry wanted;
	enum entry_end end;
	char *code, *message; /* excluded or failed: why */
	bool retryable;
	bool leaves;           /* a removal was wanted, also when it is done by now */
	bool queued;           /* it is no longer among its audience's pending */
	bool counted;          /* among the run's added, also when it had to be added again */
};

struct chunk;
struct record {
	struct chunk *chunk;
	struct record *next; /* in its queue */
	int index;           /* in the chunk */
	struct record_head head;
	int64_t lead;
	struct entry *entries;       /* head.entries */
	struct record_value *values; /* head.values */
	unsigned place;              /* the entry that is on its way to its list */
	unsigned turn;       /* 0: looked up by its identity; else by one of the others */
	unsigned char looked_up, repeats;
	bool tried_create;  /* answered 1005 or unknown: it may exist */
	bool forgotten;     /* its lead id of the ledger was no good (1004) */
	bool anew;          /* the ledger knows nothing about who is found or made now: all values are sent */
};

struct chunk {
	int64_t number;
	struct str bytes;
	struct record *records;
	struct entry *entries;
	struct record_value *values;
	size_t entry_count;
	int count, left;
	bool started, dirty;
	unsigned char done[CHANGE_DONE_BYTES];
	struct chunk *next;
};

struct queue {
	enum stage stage;
	unsigned index; /* dedupe field of a look-up or creation, audience of a list */
	struct record *first, *last;
	size_t count;
};

struct call {
	struct sender *sender;
	struct queue *queue;
	struct record **records;
	size_t count;
	struct call *next; /* among those ready to leave */
	struct str body;   /* rendered records, NUL after each */
};

enum halt { HALT_NO, HALT_STOPPED, HALT_QUOTA, HALT_ERROR };

struct sender {
	const struct engine_job *job;
	const struct recipe *recipe;
	struct ledger *ledger;
	struct run *run;
	bool resumed;          /* the ledger may be ahead of the change set */
	struct queue *queues;
	size_t queue_count;
	struct chunk *chunks;  /* loaded */
	size_t loaded, loaded_bytes; /* records and bytes of them */
	int64_t last_chunk;
	bool fed;              /* no chunk is left to load */
	size_t in_flight[STAGE_COUNT], calls;
	int64_t *pending;      /* per audience: entries of loaded records that have not reached their list's queue */
	int64_t leaving;       /* loaded records of people who only leave; nobody is added before they are done */
	int64_t person_pending;/* loaded records still on their way through look-up, creation, update */
	struct call *ready, *free_calls;
	int64_t created_seen, existed_seen;
	bool open;             /* a transaction is */
	enum halt halt;
	bool broken;           /* the store failed: what is in memory is ahead of it */
	struct error error;
	bool done;
	bool paused;           /* somebody wants it: nothing leaves until they want it no more */
	int64_t looked_ms;     /* when it was last asked for */
	int64_t usage_ms;      /* when the instance's usage was */
	int64_t total, finished; /* records */
	int64_t calls_before[CALL_KINDS], calls_base[CALL_KINDS];
	int64_t shown_ms, rate_ms, rate_finished;
	double rate;
};

/* feed.c: chunks and records in memory */
enum status sender_feed(struct sender *s, struct error *err);
bool sender_hungry(const struct sender *s);
void sender_drop(struct sender *s, struct chunk *chunk);

/* steps.c: where a record goes next, and its end */
void record_begin(struct sender *s, struct record *r);
void record_person_done(struct sender *s, struct record *r); /* on to its lists */
void record_go(struct sender *s, struct record *r, enum stage stage, unsigned index);
void record_person_fail(struct sender *s, struct record *r, enum entry_end end, const char *code, const char *message, bool retryable);
void record_next_entry(struct sender *s, struct record *r);
/* By its identity; without one a leaver is sought in the list, and any other (a repair of somebody whom the source does not bring) ends here. */
void record_look_up(struct sender *s, struct record *r);
/* What the record is looked up by in its turn; false: it has no such identity. */
bool record_identity(const struct record *r, unsigned turn, unsigned *dedupe, const char **text, size_t *length);
/* By the next identity; false: by all in vain, the record is as before its first look-up. */
bool record_look_up_next(struct sender *s, struct record *r);
/* Nobody of this key is in Marketo: the ledger does not call them a member any more. */
void record_disown(struct sender *s, struct record *r);
/* What a lost reply leaves open is written down: nothing that Marketo may have or not have is taken for granted later. */
void record_doubt(struct sender *s, struct record *r, enum stage stage);
/* Does an update of whom it found carry this value? */
bool record_sends(const struct record *r, const struct record_value *value);
/* The lead id is no good any more: forgets it, once; the person is then looked up. */
bool record_forget(struct sender *s, struct record *r);
void record_lookup_again(struct sender *s, struct record *r); /* from its list back to the look-up: the lead id was no good */
/* Known by the ledger alone: to be removed by the id it has. Nobody can be looked up by it. */
bool record_is_leaver(const struct record *r);
/* Marketo has nobody any more who would be this person, as far as can be known. */
void note_gone(struct sender *s);
/* Marketo has the person under this lead id. */
void record_found(struct sender *s, struct record *r, int64_t lead);
/* Nobody in the list has the key of this leaver. */
void record_vanished(struct sender *s, struct record *r);
void entry_finish(struct sender *s, struct entry *entry, enum entry_end end, const char *code, const char *message, bool retryable);
/* The values an update of a known person carries. */
bool record_has_update(const struct record *r);
void record_remember(struct sender *s, struct record *r, bool created, bool sent);

/* answers.c: what the replies change */
void answer_lookup(void *self, const struct marketo_answer *answer, const struct lead_match *matches, size_t count);
/* The call as a whole did not succeed: its records go on, wait, or fail. */
void answer_refusal(struct call *call, const struct marketo_answer *answer);
/* Last: the call's answer has been dealt with. */
void call_over(struct call *call);
void answer_records(void *self, const struct marketo_answer *answer, const struct record_result *results, size_t count);

/* feed.c */
/* Drops from the ledger's field hashes those of the values that an update of the person would send. */
enum status record_unlearn(struct sender *s, const struct record *r, struct error *err);

/* calls.c: bodies and departures */
void call_depart(struct call *call);

/* roster.c: reads a list for leavers of unknown id */
void roster_depart(struct call *call);

/* send.c */
bool sender_write(struct sender *s);  /* opens the transaction of this turn; false: halted */
void sender_halt(struct sender *s, enum halt halt, const struct error *err);
void sender_check(struct sender *s, enum status status, const struct error *err); /* halts on a failed store call */
struct queue *sender_queue(struct sender *s, enum stage stage, unsigned index);
void call_again(struct sender *s, struct call *call, size_t from, size_t to); /* a new call with some of the records */

#endif
