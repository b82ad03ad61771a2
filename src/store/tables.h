/* Accounts, destinations, field catalogue, mappings, dataflows, drafts, runs, failures, labels, policies, audit: one .c file a table group. Structs are model's. */
#ifndef STORE_TABLES_H
#define STORE_TABLES_H

#include "base/error.h"
#include "base/vec.h"
#include "model/account.h"
#include "model/destination.h"
#include "model/draft.h"
#include "model/field.h"
#include "model/mapping.h"
#include "model/policy.h"
#include "model/run.h"
#include "store/store.h"

typedef VEC(struct account) account_list;
typedef VEC(struct destination) destination_list;
typedef VEC(struct dataflow) dataflow_list;
typedef VEC(struct draft) draft_list;
typedef VEC(struct run) run_list;
typedef VEC(struct failure) failure_list;
typedef VEC(struct bad_line) bad_line_list;

void account_list_done(account_list *list);
void destination_list_done(destination_list *list);
void dataflow_list_done(dataflow_list *list);
void draft_list_done(draft_list *list);
void run_list_done(run_list *list);

/* Names are unique per table, compared exactly. `find` by name: STATUS_USAGE, code "not_found", with the nearest name in the hint. A name
 * that is taken: STATUS_USAGE, code "exists". Deleting what others use: STATUS_USAGE, code "in_use", naming them.
 * A list that is filled must be empty before, and is empty again after a failure; the caller frees it with its `_list_done`. `out` of the
 * others is initialised here, and valid for its `_done` also after a failure. */

/* Sets id; secret NULL: none yet. */
enum status account_insert(struct store *store, struct account *account, const char *secret, struct error *err);
enum status account_save(struct store *store, const struct account *account, struct error *err);
enum status account_secret_save(struct store *store, int64_t id, const char *secret, struct error *err); /* NULL takes it away */
/* The secret into out (overwrite and free it after use: mem_wipe_free). STATUS_REFUSED, code "no_secret", when there is none. */
enum status account_secret(struct store *store, int64_t id, struct str *out, struct error *err);
enum status account_find(struct store *store, const char *name, struct account *out, struct error *err);
enum status account_get(struct store *store, int64_t id, struct account *out, struct error *err);
/* The account of this Munchkin ID and client id; code "not_found" when there is none. */
enum status account_of(struct store *store, const char *munchkin_id, const char *client_id, struct account *out, struct error *err);
enum status account_all(struct store *store, account_list *out, struct error *err);
enum status account_delete(struct store *store, int64_t id, struct error *err); /* with its catalogue and its part of the ledger */

enum status destination_insert(struct store *store, struct destination *destination, struct error *err);
enum status destination_save(struct store *store, const struct destination *destination, struct error *err);
enum status destination_find(struct store *store, const char *name, struct destination *out, struct error *err);
enum status destination_get(struct store *store, int64_t id, struct destination *out, struct error *err);
enum status destination_all(struct store *store, destination_list *out, struct error *err);
enum status destination_delete(struct store *store, int64_t id, struct error *err);

enum status catalogue_save(struct store *store, int64_t account_id, const struct catalogue *catalogue, struct error *err); /* replaces */
/* fetched_at 0 and no fields when there is none. */
enum status catalogue_load(struct store *store, int64_t account_id, struct catalogue *out, struct error *err);

/* Mappings: of a destination (the default, copied to a dataflow when it is created) or of a dataflow. Every save is a new revision, old
 * ones stay. */
enum mapping_owner { MAPPING_OF_DESTINATION, MAPPING_OF_DATAFLOW };
/* The newest; empty with revision 0. */
enum status mapping_load(struct store *store, enum mapping_owner owner, int64_t id, struct mapping *out, struct error *err);
enum status mapping_load_revision(
	struct store *store, enum mapping_owner owner, int64_t id, int64_t revision, struct mapping *out, struct error *err);
/* Sets revision. */
enum status mapping_save(struct store *store, enum mapping_owner owner, int64_t id, struct mapping *mapping, struct error *err);

/* Who saved a revision when, and who has signed it last (NULL: nobody). who is NULL of revisions from before it was kept. */
struct revision {
	int64_t revision, saved_at, rows, signed_at;
	char *who, *signed_by, *note;
};
typedef VEC(struct revision) revision_list;
void revision_list_done(revision_list *list);
enum status mapping_revisions(struct store *store, enum mapping_owner owner, int64_t id, revision_list *out, struct error *err);
/* Has anybody signed exactly this revision? */
enum status mapping_is_signed(struct store *store, enum mapping_owner owner, int64_t id, int64_t revision, bool *is_signed, struct error *err);
/* As the user of this process. STATUS_USAGE, code "not_found": no such revision. note may be NULL. */
enum status mapping_sign(struct store *store, enum mapping_owner owner, int64_t id, int64_t revision, const char *note, struct error *err);

/* With its audiences, whose ids it sets; copies the destination's mapping. */
enum status dataflow_insert(struct store *store, struct dataflow *dataflow, struct error *err);
/* Audiences are matched by id; new ones (id 0) are added and get one, missing ones deleted. */
enum status dataflow_save(struct store *store, struct dataflow *dataflow, struct error *err);
enum status dataflow_find(struct store *store, const char *name, struct dataflow *out, struct error *err);
enum status dataflow_get(struct store *store, int64_t id, struct dataflow *out, struct error *err);
enum status dataflow_all(struct store *store, dataflow_list *out, struct error *err);
/* With its runs, change sets and failures; the ledger stays. */
enum status dataflow_delete(struct store *store, int64_t id, struct error *err);

/* Drafts. Durable when they return. Both set saved_at, insert also id. */
enum status draft_insert(struct store *store, struct draft *draft, struct error *err);
enum status draft_save(struct store *store, struct draft *draft, struct error *err);
/* Saves what is no edit: what the draft says of the dataflow whose mapping it edits. The mapping is another one only where nothing was edited yet. */
enum status draft_renew(struct store *store, const struct draft *draft, struct error *err);
enum status draft_was_edited(struct store *store, int64_t id, bool *edited, struct error *err); /* also when all of it was taken back */
/* STATUS_USAGE, not_found; STATUS_FAILED, code "draft": its body cannot be read. */
enum status draft_load(struct store *store, int64_t id, struct draft *out, struct error *err);
/* Newest first. Those that cannot be read are left out and counted in *unreadable (may be NULL). */
enum status draft_all(struct store *store, draft_list *out, int64_t *unreadable, struct error *err);
enum status draft_delete(struct store *store, int64_t id, struct error *err); /* also one that cannot be read */
/* Takes the newest edit of the draft back, or (redo) puts the one taken back last in force again; each save that changed what an operator edits is one. The draft is
 * saved. *done: there was one. STATUS_FAILED, code "draft": the store's edits do not fit its draft. */
enum status draft_undo(struct store *store, struct draft *draft, bool redo, bool *done, struct error *err);

/* Runs. run_insert sets id and started_at is the caller's. run_save writes state, counters, calls, audiences, reasons. */
enum status run_insert(struct store *store, struct run *run, struct error *err);
enum status run_save(struct store *store, const struct run *run, struct error *err);
enum status run_get(struct store *store, int64_t id, struct run *out, struct error *err);
/* dataflow_id 0: of all dataflows; newest first; plans are left out. */
enum status run_all(struct store *store, int64_t dataflow_id, run_list *out, struct error *err);
/* The same of one dataflow, without those that began before `since` (wall ms), unless they are going on by their row; the newest is always there. */
enum status run_recent(struct store *store, int64_t dataflow_id, int64_t since, run_list *out, struct error *err);
/* The newest of all dataflows, at most `most`, plans left out. Only their rows: no audiences, no reasons, no calls. */
enum status run_newest(struct store *store, int64_t most, run_list *out, struct error *err);
/* The newest run of the dataflow that is not finished (running, paused, stopped, waiting, failed with a change set left); id 0 when there is
 * none. */
enum status run_unfinished(struct store *store, int64_t dataflow_id, int64_t *id, struct error *err);
/* The wish that a run pause: kept beside its row, since the process that runs it writes that. */
enum status run_pause_save(struct store *store, int64_t id, bool pause, struct error *err);
enum status run_pause_wanted(struct store *store, int64_t id, bool *pause, struct error *err);
/* The mapping revision of the dataflow's newest run that came to its end (success, partial); 0: there is none, or nobody wrote it down. */
enum status run_last_revision(struct store *store, int64_t dataflow_id, int64_t *revision, struct error *err);
/* When the dataflow's newest run began; 0: there is none. Plans do not count. */
enum status run_last_start(struct store *store, int64_t dataflow_id, int64_t *started_at, struct error *err);
/* Replaces the run's bad lines. */
enum status run_bad_lines_save(struct store *store, int64_t run_id, const bad_line_list *lines, struct error *err);
enum status run_bad_lines(struct store *store, int64_t run_id, bad_line_list *out, struct error *err);
void bad_line_list_done(bad_line_list *lines);

/* What ended a run that did not end well; end NULL: nothing, and what was kept goes. Loading it leaves `end` without a message where nothing is kept. */
enum status run_end_save(struct store *store, int64_t run_id, const struct error *end, struct error *err);
enum status run_end_load(struct store *store, int64_t run_id, struct error *end, struct error *err);

/* Failures and exclusions, identity and payload sealed. */
struct failure_row {
	int audience;         /* index in the run's audiences */
	const char *identity; /* plain, sealed here */
	const char *code, *message;
	enum severity severity;
	bool retryable;
	const void *payload;
	size_t payload_length;
	const unsigned char *key; /* the person's, KEY_HASH bytes; NULL: nobody's */
};
enum status failure_insert(struct store *store, int64_t run_id, const struct failure_row *row, struct error *err);
/* code NULL: all. limit 0: no limit. *total: how many there are (with that code). */
enum status failures_load(
	struct store *store, int64_t run_id, const char *code, int64_t limit, failure_list *out, int64_t *total, struct error *err);
void failure_list_done(failure_list *list);
/* Whom the newest row kept about this person is about: NULL where nothing is. Free with mem_free. */
enum status failure_identity(struct store *store, const unsigned char key[KEY_HASH], char **identity, struct error *err);
/* The run's open rows that can be sent again (retryable, or excluded because nobody was found: 1004), with their payload. place: in the run's audiences. Ends at the first
 * status other than STATUS_OK. */
typedef enum status (*failure_fn)(void *self, int64_t id, int place, const void *payload, size_t length, struct error *err);
enum status failures_retryable(struct store *store, int64_t run_id, failure_fn take, void *self, struct error *err);
/* by_run takes one row over; or what is open of a person in the audience of that list from earlier runs of the dataflow. */
enum status failure_take_over(struct store *store, int64_t id, int64_t by_run, struct error *err);
enum status failures_take_over(struct store *store, int64_t dataflow_id, const unsigned char key[KEY_HASH], int64_t list_id, int64_t by_run, struct error *err);
/* Is anything of the dataflow open? */
enum status failures_open(struct store *store, int64_t dataflow_id, bool *any, struct error *err);

/* Labels, on source paths and audiences of every dataflow. Inserting one that is there changes nothing. */
enum status label_insert(struct store *store, const struct label_row *row, struct error *err);
enum status label_delete(struct store *store, const struct label_row *row, bool *was, struct error *err); /* *was: it was there */
enum status label_all(struct store *store, label_list *out, struct error *err); /* fields first, then by name */
/* Policies: the core ones as data/policies has them, then the custom ones by name. */
enum status policy_all(struct store *store, policy_list *out, struct error *err);
enum status policy_any_enabled(struct store *store, bool *any, struct error *err);
enum status policy_insert(struct store *store, const struct policy *policy, struct error *err); /* a custom one, checked */
enum status policy_enable(struct store *store, const char *name, bool enabled, struct error *err);
enum status policy_delete(struct store *store, const char *name, struct error *err); /* a custom one */

/* Audit: who (user name of the system), when, which use case, on what, in words without secrets. */
struct audit_row {
	int64_t at;
	char *who, *action, *object, *detail;
};
typedef VEC(struct audit_row) audit_list;
enum status audit_insert(struct store *store, const char *action, const char *object, const char *detail, struct error *err);
enum status audit_load(struct store *store, int64_t since_ms, audit_list *out, struct error *err);
void audit_list_done(audit_list *list);

#endif
