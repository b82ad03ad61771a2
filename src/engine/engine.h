/*
 * The activation engine: what one run of a dataflow does (engine.md). read -> fold -> merge with the ledger -> change set -> send -> account -> ledger.
 */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include "base/error.h"
#include "loop/loop.h"
#include "marketo/marketo.h"
#include "model/destination.h"
#include "model/mapping.h"
#include "model/preview.h"
#include "model/run.h"
#include "model/truth.h"
#include "store/store.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

enum engine_phase { ENGINE_READING, ENGINE_SORTING, ENGINE_PLANNING, ENGINE_SENDING, ENGINE_COMPARING, ENGINE_FOLLOWING };

struct engine_progress {
	enum engine_phase phase;
	int64_t done, total;        /* reading: bytes (total -1 unknown); sending: records; comparing: members */
	double records_per_second;  /* over the last seconds */
	int64_t seconds_left;       /* -1 unknown */
	const struct run *run;      /* counters so far; NULL while planning */
	struct gate_state gate;
};

struct source;

enum { ENGINE_SAMPLE = 300 }; /* as many as one call takes */

struct engine_job {
	struct loop *loop;
	struct store *store;
	struct marketo *marketo;
	const struct account *account;
	const struct destination *destination;
	struct dataflow *dataflow;         /* what is learnt (audience ids and names, list ids) is written here and to the store */
	const struct mapping *mapping;     /* checked by the caller: no errors left */
	const struct catalogue *catalogue;
	bool lookup;                       /* plan: ask Marketo who exists (reads only) */
	int sample;                        /* plan: look at most so many people of the change set up (reads only); 0: none, at most ENGINE_SAMPLE */
	bool again;                        /* run: everything is sent as if the ledger knew nothing but lead ids; exits are exits of its members all the same */
	int64_t limit;                     /* run: at most so many records are planned and sent, the rest of the source is left for another run; 0: all */
	bool allow_removals;               /* run: the operator knows that more than a fifth of a list would be removed */
	struct source *feed;               /* run: what to read instead of the dataflow's source, some of it at a time; NULL: the source itself */
	int stop_at_failures;              /* run: stop when so many percent of the records ended as failed (looked at from 100 records on); 0: never */
	const volatile sig_atomic_t *stop; /* becomes non-zero when the operator wants to stop; may be NULL */
	/* Asked once the source has told which audiences it has, before a list is made or anything is sent; a status other than STATUS_OK, with err, ends it. May be NULL. */
	enum status (*approve)(void *approver, const struct dataflow *dataflow, struct error *err);
	void *approver;
	void (*progress)(void *self, const struct engine_progress *progress); /* at most some times a second; may be NULL */
	void (*note)(void *self, const char *line); /* warnings in words (translated); may be NULL */
	void *self;
};

/* Reads the source and makes the durable change set; calls nothing in Marketo that changes anything. `keep` false: a dry run, nothing stays.
 * STATUS_USAGE: list folder missing, audience name that fits two, list id unknown ..; STATUS_FAILED: source unreadable, empty. */
enum status engine_plan(const struct engine_job *job, bool keep, struct plan *out, struct error *err);

/* What the first `count` profiles of the source would send by the mapping as it is, complete or not: members of the dataflow's audiences before others. Reads at most ENGINE_PREVIEW_LINES
 * lines and makes no call; of the job only destination, dataflow, mapping and catalogue are needed. What Marketo has already by the ledger is not asked for. */
enum { ENGINE_PREVIEW_LINES = 10000, ENGINE_PREVIEW_MOST = 20 };
enum status engine_preview(const struct engine_job *job, size_t count, struct preview *out, struct error *err);

/* Runs: first what an earlier run left unfinished (its account goes to `earlier`, id 0 when there was none), then the source anew, or the change set of plan_id
 * (0: plan now). A change set that the guard against mass removals minds is not sent unless allowed: state blocked, STATUS_CONFIRM, and it can be run later as if it
 * were a plan, until the next plan or run. The status is the exit status; out->id is 0 when it ended before a run was made. On SIGINT: STATUS_STOPPED. */
enum status engine_run(const struct engine_job *job, int64_t plan_id, struct run *earlier, struct run *out, struct error *err);

/*
 * Follows the source of the dataflow until the operator stops it: what comes is read, folded, merged and sent in small change sets, at the latest max_delay_ms after it
 * was there. First comes what an earlier run left unfinished. Where to go on is kept in the store, in the same transaction that makes a change set durable: whatever
 * happens, nothing is lost and nothing counts twice. Each full hour has a run of its own, which is out: at its end this returns
 * STATUS_OK, and calling it again goes on. STATUS_STOPPED: the operator, the quota. Else something went wrong; calling it again, with a fresh client, goes on.
 * *sent: something was brought to Marketo meanwhile.
 */
enum status engine_follow(const struct engine_job *job, int64_t max_delay_ms, struct run *out, bool *sent, struct error *err);

/* Who is to be told, one by one, audience after audience. Ends at the first status other than STATUS_OK. */
typedef enum status (*verify_person_fn)(void *self, const struct verify_person *person, struct error *err);
struct verify_wish {
	int64_t most; /* of an audience's missing, and as many of its extra ones; 0: all */
	bool names;   /* look their identities up, 300 a call; whom Marketo has not is known by what is kept of failures, or not at all */
	verify_person_fn take;
	void *self;
};
/* Reads the members of every list and holds them against the ledger. The status says whether that could be done; what was found is in out. wish NULL: only how many. */
enum status engine_verify(const struct engine_job *job, const struct verify_wish *wish, struct verification *out, struct error *err);

/* The same, but makes lists that are gone again where it can, and adds the missing members again as a run, whose account goes to out: id 0 when nobody was missing. What an
 * earlier run left unfinished comes first, as with engine_run; `found` is what was found before the repair. */
enum status engine_repair(const struct engine_job *job, struct verification *found, struct run *earlier, struct run *out, struct error *err);

/* Takes the members of the existing lists into the ledger; place: of one audience alone, -1: of all that have a list. Calls nothing that changes anything. STATUS_USAGE: code
 * "no_list", that audience has none; "profile_key", the mapping fills no field with what tells people apart. */
enum status engine_adopt(const struct engine_job *job, int place, struct adoption *out, struct error *err);

/* Sends what of the run `id` failed, or was excluded because nobody was found, once more, as a new run: what earlier runs have not taken over. out->id is 0 when nothing was
 * left to send. What an earlier run left unfinished comes first, as with engine_run. */
enum status engine_retry(const struct engine_job *job, int64_t id, struct run *earlier, struct run *out, struct error *err);

/* Takes everybody whom the ledger knows in the dataflow's lists out of them, as a run of removals; others who are in them stay. What an earlier run left unfinished is not
 * sent. Killed or stopped and called again it goes on with whom the ledger still knows. STATUS_USAGE: as with engine_verify. */
enum status engine_empty(const struct engine_job *job, struct run *out, struct error *err);

/* Deletes the dataflow's lists in Marketo, all or, when somebody is in one whom the ledger does not know (STATUS_USAGE, code "not_ours"), none. One that is gone already is fine,
 * so that it can be called again after a kill. *deleted: how many were, also when it fails. */
enum status engine_delete_lists(const struct engine_job *job, int64_t *deleted, struct error *err);

#endif
