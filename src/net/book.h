/*
 * The book of one Marketo instance: what all who call it have sent, from the window of 20 s to the quota of the day. Pure rules over plain memory: nobody waits and nothing
 * is read or written here, so that any number of processes can share one book (net/shelf.h). Times are those of base/clock: `now` is clock_mono_ms.
 *
 * A call may have arrived at the server at any moment between its permit and its end, so it counts as a permit for 20 s (our own limit), and from its permit until 20 s
 * after its end against Marketo's (marketo-api 3).
 */
#ifndef NET_BOOK_H
#define NET_BOOK_H

#include "net/pulse.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	BOOK_WINDOW_MS = 20000, /* Marketo's rate limit is 100 calls in 20 s (marketo-api 3) */
	BOOK_CALLS_MAX = 100000,/* in a window: beyond any instance's limit */
	BOOK_TIMES = 1024,
	BOOK_FLIGHTS = 1024,    /* at once: accounts allow 1,000 */
	BOOK_SLOTS = 64,        /* gates at once */
};

/* Calls in the order of their times; where there are very many a row stands for several, under a time not before any of theirs. */
struct book_row {
	int64_t at, calls;
};
struct book_times {
	int64_t rows, calls; /* rows in use; all their calls */
	struct book_row row[BOOK_TIMES];
};

struct book_flight {
	int64_t since;  /* its permit, mono ms */
	uint64_t owner; /* id of the gate that waits for its end; 0: that process is gone */
	uint64_t number;/* the owner's own */
};

/* A gate that has asked. */
struct book_slot {
	int64_t pid;
	uint64_t start; /* of the process: base/alive.h */
	uint64_t id;    /* never 0 */
	int64_t turn;   /* since when it waits, as a number that only grows; 0: it does not */
	int64_t stopped;/* 1: it does nothing until it is let go on */
};

/* A limit that push-backs have lowered. */
struct book_share {
	int64_t now; /* 0: not lowered */
	int64_t full, step;
};

struct book {
	int64_t serial;             /* of turns */
	int64_t looked_at;          /* when somebody last looked who is alive, mono ms */
	int64_t open_at;            /* since when whoever goes first could, mono ms; 0: nobody has noticed */
	struct book_share calls, concurrent;
	int64_t recover_at;         /* mono ms of the next step up; 0: nothing to recover */
	int64_t held_until;         /* mono ms */
	int64_t others, others_until; /* calls that others send in a window, by usage.json, and until when that is believed (mono ms) */
	int64_t usage_at, usage_own, usage_total; /* the word of usage.json that the next one is held against; usage_at 0: none */
	int64_t longest[2], longest_at; /* the longest calls of this stretch and the one before, ms; since when it is, mono ms */
	int64_t used_today, told_today; /* own calls since the reset or the last word; the last word of usage.json, -1: none */
	int64_t doubt;              /* calls that were under way with the last word and may not be in it */
	int64_t own_today;          /* own calls since the reset */
	int64_t reset_at;           /* of the quota, wall ms */
	int64_t exhausted_until;    /* the server said 607: nothing is tried until then, wall ms; 0: it did not */
	int64_t slot_count, flight_count;
	struct book_slot slot[BOOK_SLOTS];
	struct book_flight flight[BOOK_FLIGHTS];
	struct book_times permits, ended;
	struct pulse pulse;
};

/* The limits of whoever asks. */
struct book_limits {
	int calls, hard_calls, concurrent; /* in a window: ours and Marketo's; at once */
	int64_t daily_calls, daily_cap;    /* of the subscription; own calls of a day, 0: no cap */
	int quota_stop;                    /* percent of daily_calls */
};

void book_begin(struct book *book, int64_t wall_ms);
/* Is what was read a book at all: counts and times within reason? */
bool book_is_sound(const struct book *book, int64_t now);
/* Forgets what belongs to another boot of the machine: all but the quota of the day. */
void book_begin_clock(struct book *book);

/* Lets time go by: call it before anything below. */
void book_pass(struct book *book, int64_t now, int64_t wall_ms);

/* The slot of a gate, made when it is not there; NULL: the book is full of others. */
struct book_slot *book_enter(struct book *book, int64_t pid, uint64_t start, uint64_t id);
/* The gate is no more. What it still waited for is on its way to the server for all anybody knows, and counts until it must have ended. */
void book_leave(struct book *book, uint64_t id);
/* The slot that goes first: of those that wait the one that has waited longest, and none that is stopped. NULL: nobody waits. */
struct book_slot *book_first(struct book *book);
/* It could go now and does not: a process that is busy with something else lets the others by after a while. True: the book has changed. */
bool book_pass_over(struct book *book, struct book_slot *first, int64_t now);

/* 0: a call may leave now; > 0: look again after so many ms; -1: only the end of a call can change it. */
int64_t book_closed_for(const struct book *book, const struct book_limits *limits, int64_t now);
bool book_quota_reached(const struct book *book, const struct book_limits *limits);
int64_t book_used(const struct book *book); /* of the whole instance today, as far as is known */

void book_grant(struct book *book, uint64_t owner, uint64_t number, int64_t now);
bool book_has(const struct book *book, uint64_t owner, uint64_t number);
/* A call of ours that the book has lost. False: there is no room. */
bool book_find_again(struct book *book, uint64_t owner, uint64_t number, int64_t since);
/* counted false: the server does not count it against the quota. */
void book_end(struct book *book, uint64_t owner, uint64_t number, bool counted, int64_t now);
void book_pushed_back(struct book *book, const struct book_limits *limits, bool concurrency, int64_t ms, int64_t now);
/* The server said 607. It is believed for ten minutes and not until the reset: its clock decides when that is, and a quota can be raised in between. */
void book_exhausted(struct book *book, int64_t wall_ms);
/* usage.json, asked for at `asked_at`, told so many calls of today. Which of our calls that were under way since are in it nobody knows: they all count on top. */
void book_usage(struct book *book, const struct book_limits *limits, int64_t total, int64_t asked_at, int64_t now);

#endif
