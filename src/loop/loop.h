/*
 * The one event loop of a process: descriptors, timers, signals. No handler may block or call loop_run again.
 * Everything runs on the thread that calls loop_run.
 */
#ifndef LOOP_LOOP_H
#define LOOP_LOOP_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

struct loop;

enum { LOOP_READ = 1, LOOP_WRITE = 2, LOOP_GONE = 4 /* error or hang-up, only reported, together with what was watched for */ };

typedef void (*loop_fd_fn)(void *self, int fd, int events);
typedef void (*loop_timer_fn)(void *self);
typedef void (*loop_signal_fn)(void *self, int signal_number);

struct loop *loop_new(void); /* NULL when the process has no descriptor left for the signal pipe */
void loop_free(struct loop *loop);

/* Watches fd for events (LOOP_READ | LOOP_WRITE); a second call for the same fd replaces the first; events 0 forgets it.
 * Allowed inside handlers. The fd stays its owner's, who forgets it here before closing it. */
void loop_watch(struct loop *loop, int fd, int events, loop_fd_fn fn, void *self);

/* One-shot timer, in ms from now (0: next turn). Returns an id > 0; the timer is forgotten when it has fired. */
uint64_t loop_after(struct loop *loop, int64_t ms, loop_timer_fn fn, void *self);
void loop_cancel(struct loop *loop, uint64_t id); /* 0 and unknown ids are allowed */

/* Called once in a turn before the loop sleeps. One hook; NULL takes it away. */
void loop_before_sleep(struct loop *loop, loop_timer_fn fn, void *self);

/* Handles a signal as a byte through a pipe; fn runs in the loop. NULL fn restores the default action. The handler itself only writes. */
void loop_signal(struct loop *loop, int signal_number, loop_signal_fn fn, void *self);

/* Turns until *done (may be NULL) is true, loop_stop is called, or nothing is left to wait for (signals and the hook do not count). */
void loop_run(struct loop *loop, const bool *done);
void loop_stop(struct loop *loop);
/* At most one turn, waiting at most `ms`. */
void loop_turn(struct loop *loop, int64_t ms);

#endif
