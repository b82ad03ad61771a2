/* The account of a plan or a run: the one place that the numbers an operator sees come from. */
#ifndef MODEL_RUN_H
#define MODEL_RUN_H

#include "base/vec.h"

#include <stdbool.h>
#include <stdint.h>

enum run_state { RUN_PLANNED, RUN_RUNNING, RUN_SUCCESS, RUN_PARTIAL, RUN_FAILED, RUN_STOPPED, RUN_WAITING, RUN_BLOCKED, RUN_PAUSED };
enum severity { SEVERITY_WARNING, SEVERITY_EXCLUDED, SEVERITY_FAILED };

/* Unit: one record (person key) in one of the dataflow's audiences, after the last word was taken. received = activated + excluded + failed + unchanged + pending, at any
 * time: each is counted where it happens, none from the others. */
struct run_audience {
	char *name;
	int64_t list_id;
	int64_t received, activated, excluded, failed, unchanged, pending;
};

struct run_reason {
	char *code, *message;
	int64_t count;
	enum severity severity;
};

enum run_call { CALL_IDENTITY, CALL_DESCRIBE, CALL_LOOKUP, CALL_CREATE, CALL_UPDATE, CALL_LIST_ADD, CALL_LIST_REMOVE, CALL_LISTS, CALL_USAGE, CALL_OTHER, CALL_KINDS };

struct run {
	int64_t id, dataflow_id;
	char *dataflow;
	enum run_state state;
	int64_t received, activated, excluded, failed, unchanged, bad_lines;
	int64_t pending; /* their end is not out: in the change set, and not done */
	int64_t created, updated, added, removed;
	int64_t calls[CALL_KINDS]; /* HTTP requests sent */
	VEC(struct run_audience) audiences;
	VEC(struct run_reason) reasons;
	int64_t started_at, ended_at; /* wall ms, 0: not yet */
	int64_t mapping_revision;     /* what it was planned with; 0: not known */
	int64_t told_at;              /* when its row was written last, wall ms; 0: nobody knows. Set where it is saved. */
	double records_per_second;    /* lately, as its process has told; 0: it has ended, or nobody knows */
};

void run_init(struct run *run);
void run_done(struct run *run);
const char *run_state_text(enum run_state state);
/* Is a process busy with it, as far as its row tells: running or paused? */
bool run_state_is_going(enum run_state state);
bool run_state_parse(const char *text, enum run_state *out);
const char *run_call_text(enum run_call call);
const char *severity_text(enum severity severity);
/* Raises the reason's count (adds the reason when it is new). */
void run_reason_add(struct run *run, const char *code, const char *message, enum severity severity, int64_t count);
/* So many records of the audience at `place` come into the change set, or (negative) have come to their end. */
void run_pend(struct run *run, size_t place, int64_t records);
int64_t run_calls(const struct run *run); /* all kinds together */
int64_t run_finished(const struct run *run); /* records that have come to their end */
int64_t run_seconds_left(const struct run *run); /* as fast as it goes now; -1: nobody knows */

struct plan {
	int64_t id;
	char *dataflow;
	const char *strategy; /* "create-first", "lookup-first", "update-only", "lists-only", "nothing" */
	int64_t received, fresh, changed, unchanged, exited, excluded, bad_lines;
	int64_t calls_estimate, seconds_estimate, quota_used, quota_limit;
	int64_t sample_people, sample_found; /* of the people looked up beforehand; -1: nobody was asked for */
	VEC(struct run_reason) reasons;
};
void plan_init(struct plan *plan);
void plan_done(struct plan *plan);

struct failure {
	char *audience, *identity, *code, *message;
	enum severity severity;
	bool retryable;
	int64_t retried; /* the later run that took it over: a retry, or one whose source brought the person again; 0: it is open */
};
void failure_done(struct failure *failure);

struct bad_line {
	int64_t position; /* line number from 1 */
	char *reason;
};

#endif
