/* Timers of the loop: a heap by due time. Private to loop.c. */
#ifndef LOOP_TIMERS_H
#define LOOP_TIMERS_H

#include "loop/loop.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct timer {
	int64_t due;       /* by clock_mono_ms */
	uint64_t sequence; /* timers due together fire in the order they were set */
	size_t slot;
	loop_timer_fn fn;
	void *self;
};

struct timer_slot {
	size_t place;        /* in the heap while in use, else the next free slot as in free_slot */
	uint32_t generation; /* makes old ids unknown */
	bool used;
};

/* Zeroed is empty; timers_done frees. */
struct timers {
	struct timer *heap;
	struct timer_slot *slots;
	size_t count, heap_capacity;
	size_t slot_count, slot_capacity;
	size_t free_slot; /* index + 1; 0: none */
	uint64_t sequence;
};

void timers_done(struct timers *timers);
uint64_t timers_add(struct timers *timers, int64_t due, loop_timer_fn fn, void *self); /* id > 0; O(log n) */
void timers_cancel(struct timers *timers, uint64_t id);                               /* O(log n) */
const struct timer *timers_first(const struct timers *timers);                        /* the next one due, or NULL */
/* Takes the first timer out when it is due at `now` and was set before `sequence`. */
bool timers_take_due(struct timers *timers, int64_t now, uint64_t sequence, struct timer *out);

#endif
