#include "loop/timers.h"

#include "base/vec.h"

void timers_done(struct timers *timers)
{
	vec_release(timers->heap);
	vec_release(timers->slots);
	*timers = (struct timers){ 0 };
}

static bool is_before(const struct timer *a, const struct timer *b)
{
	return a->due != b->due ? a->due < b->due : a->sequence < b->sequence;
}

static void place(struct timers *timers, size_t at, struct timer timer)
{
	timers->heap[at] = timer;
	timers->slots[timer.slot].place = at;
}

static void sift_up(struct timers *timers, size_t at, struct timer timer)
{
	while (at && is_before(&timer, &timers->heap[(at - 1) / 2])) {
		place(timers, at, timers->heap[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
	place(timers, at, timer);
}

static void sift_down(struct timers *timers, size_t at, struct timer timer)
{
	size_t child;

	while ((child = at * 2 + 1) < timers->count) {
		if (child + 1 < timers->count && is_before(&timers->heap[child + 1], &timers->heap[child]))
			child++;
		if (!is_before(&timers->heap[child], &timer))
			break;
		place(timers, at, timers->heap[child]);
		at = child;
	}
	place(timers, at, timer);
}

static size_t take_slot(struct timers *timers)
{
	size_t slot = timers->free_slot;

	if (slot) {
		timers->free_slot = timers->slots[slot - 1].place;
		return slot - 1;
	}
	if (timers->slot_count == timers->slot_capacity)
		timers->slots = vec_grow(timers->slots, &timers->slot_capacity, sizeof *timers->slots);
	timers->slots[timers->slot_count] = (struct timer_slot){ 0 };
	return timers->slot_count++;
}

uint64_t timers_add(struct timers *timers, int64_t due, loop_timer_fn fn, void *self)
{
	size_t slot = take_slot(timers);
	struct timer timer = { .due = due, .sequence = timers->sequence++, .slot = slot, .fn = fn, .self = self };

	if (timers->count == timers->heap_capacity)
		timers->heap = vec_grow(timers->heap, &timers->heap_capacity, sizeof *timers->heap);
	timers->slots[slot].used = true;
	sift_up(timers, timers->count++, timer);
	return (uint64_t)timers->slots[slot].generation << 32 | (uint32_t)(slot + 1);
}

static void remove_at(struct timers *timers, size_t at)
{
	size_t slot = timers->heap[at].slot;
	struct timer last = timers->heap[--timers->count];

	if (at < timers->count) {
		if (at && is_before(&last, &timers->heap[(at - 1) / 2]))
			sift_up(timers, at, last);
		else
			sift_down(timers, at, last);
	}
	timers->slots[slot].used = false;
	timers->slots[slot].generation++;
	timers->slots[slot].place = timers->free_slot;
	timers->free_slot = slot + 1;
}

void timers_cancel(struct timers *timers, uint64_t id)
{
	size_t slot = (uint32_t)id;
	const struct timer_slot *found;

	if (!slot || slot > timers->slot_count)
		return;
	found = &timers->slots[slot - 1];
	if (found->used && found->generation == id >> 32)
		remove_at(timers, found->place);
}

const struct timer *timers_first(const struct timers *timers)
{
	return timers->count ? &timers->heap[0] : NULL;
}

bool timers_take_due(struct timers *timers, int64_t now, uint64_t sequence, struct timer *out)
{
	const struct timer *first = timers_first(timers);

	if (!first || first->due > now || first->sequence >= sequence)
		return false;
	*out = *first;
	remove_at(timers, 0);
	return true;
}
