/*
 * The gate of one Marketo instance: how many calls may leave. At most `calls` in any 20 s, `concurrent` at once, and a daily quota with a reserve.
 * Marketo counts a call when it arrives, so a call counts here from its permit until 20 s after its permit, and, against Marketo's own 100, until 20 s after its end:
 * whatever the latency, the server never sees more than it allows.
 *
 * All gates of one instance on this machine that the user's processes have count together, each under its own limits; they take turns, so that a single question does not
 * wait for another process's queue. A process that ends, however it does, is forgotten when its calls must have ended.
 */
#ifndef NET_GATE_H
#define NET_GATE_H

#include "loop/loop.h"
#include "net/pulse.h"

#include <stdbool.h>
#include <stdint.h>

struct gate;
struct gate_options {
	int calls_per_20s, concurrent; /* ours */
	int hard_calls;                /* Marketo's own limit (100), or calls_per_20s when that is higher */
	int64_t daily_calls;           /* quota of the subscription */
	int quota_stop;                /* percent */
	int64_t daily_cap;             /* calls of ours a day, 0: no cap */
	const char *instance;          /* the Munchkin ID, or what else tells instances apart; NULL: this gate counts alone */
	/* Why it counts alone although it was to share: told once. May be NULL. */
	void (*alone)(void *self, const char *why);
	void *self;
};
struct gate_permit;

enum gate_answer { GATE_GO, GATE_QUOTA /* the reserve or the cap is reached, or the server said so: nothing may leave for the time being */, GATE_CLOSED /* gate_close */ };
typedef void (*gate_fn)(void *self, enum gate_answer answer, struct gate_permit *permit); /* permit with GATE_GO only */

struct gate *gate_new(struct loop *loop, const struct gate_options *options);
void gate_free(struct gate *gate);

/* Asks for a permit; fn is called now or later, in the order of asking. Identity calls do not pass here: no limit counts them.
 * Returns the question's id while it waits, 0 when it has been answered already. */
uint64_t gate_ask(struct gate *gate, gate_fn fn, void *self);
void gate_forget(struct gate *gate, uint64_t ask); /* takes the question back; fn is not called */
/* The call has ended. counted false: the server said so by a code that is not counted (601 602 604 605 608 611 ..), so quota is given back. */
void gate_done(struct gate *gate, struct gate_permit *permit, bool counted);
/* The server said 606 (rate) or 615 (concurrency): others use the instance too. Holds back `ms` and lowers our share for a while, recovering slowly. */
void gate_pushed_back(struct gate *gate, bool concurrency, int64_t ms);
/* The server said 607, or usage.json told today's total. A total that grows faster than what we send lowers our share by what others take of the window. */
void gate_quota_exhausted(struct gate *gate);
void gate_usage(struct gate *gate, int64_t used_today, int64_t asked_at /* mono ms */);
/* A call met with trouble that passes (606, 607, 615, a cut connection ..): kept for whoever watches. */
void gate_trouble(struct gate *gate, const char *code);
void gate_close(struct gate *gate); /* all questions are answered GATE_CLOSED, also later ones */

struct gate_state {
	int64_t used_today, quota;      /* of the whole instance, -1: not told yet; the subscription's daily calls */
	int64_t ours_today;             /* calls of this user's processes since the quota's reset */
	int in_window, in_flight;       /* of all gates that count together */
	int waiting;                    /* questions of this one */
	int64_t opens_in_ms;            /* 0: now */
	bool quota_reached;
	int64_t reset_at;               /* of the quota, wall ms */
	struct pulse_latency latency;   /* of all of them, in the last minute */
	struct pulse_trouble trouble[PULSE_TROUBLES]; /* oldest first */
	int troubles;
};
void gate_state(const struct gate *gate, struct gate_state *out);
/* The same of the gate that these options would make, without making it: false, and nothing in out, when nobody has counted anything on the instance. `waiting` is 0. */
bool gate_look(const struct gate_options *options, struct gate_state *out);

/* Wait before the n-th retry (1..): exponential with full jitter between base and cap; deterministic for a seed (tests). */
int64_t backoff_ms(int attempt, int64_t base, int64_t cap, uint64_t *seed);

#endif
