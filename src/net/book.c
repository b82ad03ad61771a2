#include "net/book.h"

#include "base/clock.h"

#include <string.h>

enum {
	CROWDED = BOOK_TIMES / 2,   /* rows from which on calls near each other share one .. */
	NEAR_MS = BOOK_WINDOW_MS / (BOOK_TIMES / 2 - 64), /* .. so that a window always fits */
	RECOVERY_MS = 60 * 1000,    /* after a push-back our share grows one step in this time */
	RECOVERY_STEPS = 10,        /* a step is this part of what is configured */
	PATIENCE_MS = 100,          /* who is called by a timer and sits in a loop is there sooner */
	STRETCH_MS = 5 * 60 * 1000, /* how long the longest call is remembered, twice */
	LOST_LEAST_MS = 5000,       /* a call whose process is gone has ended after twice the longest, but not sooner than this .. */
	LOST_MOST_MS = 100 * 1000,  /* .. nor later: the server gives up after 90 s (marketo-api 3) */
	USAGE_LEAST_MS = 10 * 1000, /* words of usage.json nearer to each other say nothing about a rate .. */
	USAGE_SLACK = 20,           /* .. and the figure is some calls late .. */
	EXHAUSTED_MS = 10 * 60 * 1000, /* how long a 607 is believed */
	OTHERS_MS = 10 * 60 * 1000, /* .. what follows from it holds until the next word, or so long */
	OTHERS_LEAVE = 10,          /* whatever others do, this part of Marketo's limit stays ours */
};

static void expire(struct book_times *times, int64_t now)
{
	int64_t gone = 0;

	/* Times are whole milliseconds cut off, so a time counts until more than 20,000 ms have gone by. */
	for (; gone < times->rows && now - times->row[gone].at > BOOK_WINDOW_MS; gone++)
		times->calls -= times->row[gone].calls;
	times->rows -= gone;
	memmove(times->row, times->row + gone, (size_t)times->rows * sizeof *times->row);
}

static void add_time(struct book_times *times, int64_t at)
{
	struct book_row *last = times->rows ? &times->row[times->rows - 1] : NULL;

	if (times->rows >= CROWDED)
		at = (at / NEAR_MS + 1) * NEAR_MS;
	if (last && at < last->at)
		at = last->at;
	times->calls++;
	if (last && (last->at == at || times->rows == BOOK_TIMES)) {
		last->at = at;
		last->calls++;
		return;
	}
	times->row[times->rows++] = (struct book_row){ at, 1 };
}

/* How long until at most `most` of the calls are left in the window. */
static int64_t wait_for(const struct book_times *times, int64_t most, int64_t now)
{
	int64_t left = times->calls, at = 0;

	for (int64_t i = 0; left > most && i < times->rows; i++) {
		left -= times->row[i].calls;
		at = times->row[i].at;
	}
	return left == times->calls ? 0 : at + BOOK_WINDOW_MS + 1 - now;
}

void book_begin(struct book *book, int64_t wall_ms)
{
	memset(book, 0, sizeof *book);
	book->told_today = -1;
	book->reset_at = clock_next_quota_reset(wall_ms);
}

static bool times_are_sound(const struct book_times *times, int64_t now)
{
	int64_t calls = 0;

	if (times->rows < 0 || times->rows > BOOK_TIMES)
		return false;
	for (int64_t i = 0; i < times->rows; i++) {
		const struct book_row *row = &times->row[i];

		if (row->calls < 1 || row->calls > BOOK_CALLS_MAX || row->at < 0 || row->at > now + BOOK_WINDOW_MS || (i && row->at < row[-1].at))
			return false;
		calls += row->calls;
	}
	return calls == times->calls;
}

static bool share_is_sound(const struct book_share *share)
{
	return share->now >= 0 && share->now <= share->full && share->full <= BOOK_CALLS_MAX && share->step >= 0 && share->step <= share->full && (!share->now || share->step);
}

bool book_is_sound(const struct book *book, int64_t now)
{
	const int64_t day = INT64_C(100000000);

	if (book->slot_count < 0 || book->slot_count > BOOK_SLOTS || book->flight_count < 0 || book->flight_count > BOOK_FLIGHTS)
		return false;
	for (int64_t i = 0; i < book->flight_count; i++)
		if (book->flight[i].since < 0 || book->flight[i].since > now)
			return false;
	return times_are_sound(&book->permits, now) && times_are_sound(&book->ended, now) && share_is_sound(&book->calls) && share_is_sound(&book->concurrent) &&
		book->used_today >= 0 && book->used_today <= day && book->told_today >= -1 && book->told_today <= day && book->own_today >= 0 && book->own_today <= day &&
		book->doubt >= 0 && book->doubt <= day &&
		pulse_is_sound(&book->pulse, now) &&
		book->others >= 0 && book->others <= day && book->serial >= 0 && book->held_until <= now + STRETCH_MS && book->recover_at <= now + STRETCH_MS &&
		book->longest_at <= now && book->looked_at <= now && book->open_at <= now && book->usage_at <= now && book->others_until <= now + OTHERS_MS;
}

void book_begin_clock(struct book *book)
{
	struct book kept = { .pulse = book->pulse, .used_today = book->used_today, .told_today = book->told_today, .own_today = book->own_today,
		.reset_at = book->reset_at, .exhausted_until = book->exhausted_until };

	kept.pulse.call_count = 0;
	*book = kept;
}

/* At midnight US Central the quota is whole again. A reset further off than the next one was told by a clock that has been put right since. */
static void renew_quota(struct book *book, int64_t wall_ms)
{
	int64_t next = clock_next_quota_reset(wall_ms);

	/* A time further off than any 607 is believed was told by another clock too. */
	if (wall_ms >= book->exhausted_until || book->exhausted_until > wall_ms + EXHAUSTED_MS)
		book->exhausted_until = 0;
	if (wall_ms < book->reset_at) {
		book->reset_at = next < book->reset_at ? next : book->reset_at;
		return;
	}
	book->reset_at = next;
	book->used_today = book->own_today = book->exhausted_until = book->doubt = 0;
	book->usage_at = 0;
	book->told_today = book->told_today < 0 ? -1 : 0;
}

static void step_up(struct book_share *share)
{
	if (share->now && (share->now += share->step) >= share->full)
		*share = (struct book_share){ 0 };
}

/* Steps our share up again, one step a minute since the last push-back. */
static void recover(struct book *book, int64_t now)
{
	while (book->recover_at && now >= book->recover_at) {
		step_up(&book->calls);
		step_up(&book->concurrent);
		book->recover_at = book->calls.now || book->concurrent.now ? book->recover_at + RECOVERY_MS : 0;
	}
}

static void note_length(struct book *book, int64_t ms, int64_t now)
{
	if (now - book->longest_at > STRETCH_MS) {
		book->longest[1] = now - book->longest_at > 2 * STRETCH_MS ? 0 : book->longest[0];
		book->longest[0] = 0;
		book->longest_at = now;
	}
	if (ms > book->longest[0])
		book->longest[0] = ms;
}

/* How long after its permit a call that nobody waits for any more has surely ended. Without a call to judge by: the longest that any may take. */
static int64_t lost_after(const struct book *book)
{
	int64_t longest = book->longest[0] > book->longest[1] ? book->longest[0] : book->longest[1];

	if (!longest || 2 * longest > LOST_MOST_MS)
		return LOST_MOST_MS;
	return 2 * longest < LOST_LEAST_MS ? LOST_LEAST_MS : 2 * longest;
}

static struct book_slot *find_slot(struct book *book, uint64_t id)
{
	for (int64_t i = 0; i < book->slot_count; i++)
		if (book->slot[i].id == id)
			return &book->slot[i];
	return NULL;
}

static void land(struct book *book, int64_t i, int64_t at)
{
	add_time(&book->ended, at);
	memmove(book->flight + i, book->flight + i + 1, (size_t)(--book->flight_count - i) * sizeof *book->flight);
}

/* Whose process is gone or stopped has nobody to tell its end. */
static void land_lost(struct book *book, int64_t now)
{
	int64_t after = lost_after(book);

	for (int64_t i = book->flight_count; i-- > 0;) {
		const struct book_flight *flight = &book->flight[i];
		const struct book_slot *slot = flight->owner ? find_slot(book, flight->owner) : NULL;

		if ((!slot || slot->stopped) && now - flight->since >= after)
			land(book, i, now);
	}
}

void book_pass(struct book *book, int64_t now, int64_t wall_ms)
{
	renew_quota(book, wall_ms);
	recover(book, now);
	land_lost(book, now);
	expire(&book->permits, now);
	expire(&book->ended, now);
	pulse_pass(&book->pulse, now);
}

struct book_slot *book_enter(struct book *book, int64_t pid, uint64_t start, uint64_t id)
{
	struct book_slot *slot = find_slot(book, id);

	/* The number was another process's: that one is gone. */
	if (slot && slot->start != start) {
		book_leave(book, id);
		slot = NULL;
	}
	if (slot || book->slot_count == BOOK_SLOTS)
		return slot;
	slot = &book->slot[book->slot_count++];
	*slot = (struct book_slot){ .pid = pid, .start = start, .id = id };
	return slot;
}

void book_leave(struct book *book, uint64_t id)
{
	struct book_slot *slot = find_slot(book, id);

	for (int64_t i = 0; i < book->flight_count; i++)
		if (book->flight[i].owner == id)
			book->flight[i].owner = 0;
	if (slot)
		*slot = book->slot[--book->slot_count];
}

struct book_slot *book_first(struct book *book)
{
	struct book_slot *first = NULL;

	for (int64_t i = 0; i < book->slot_count; i++) {
		struct book_slot *slot = &book->slot[i];

		if (slot->turn && !slot->stopped && (!first || slot->turn < first->turn))
			first = slot;
	}
	return first;
}

bool book_pass_over(struct book *book, struct book_slot *first, int64_t now)
{
	if (book->open_at && now - book->open_at <= PATIENCE_MS)
		return false;
	if (book->open_at)
		first->turn = ++book->serial;
	book->open_at = book->open_at ? 0 : now;
	return true;
}

static int64_t within(int64_t value, int64_t most)
{
	return most && value > most ? most : value;
}

/* What is ours of a window at present. */
static int64_t calls_now(const struct book *book, const struct book_limits *limits, int64_t now)
{
	int64_t calls = within(limits->calls, book->calls.now), least = limits->hard_calls / OTHERS_LEAVE, rest = limits->hard_calls - book->others;

	if (now < book->others_until && rest < calls)
		calls = rest > least ? rest : within(least > 0 ? least : 1, calls);
	return calls;
}

int64_t book_closed_for(const struct book *book, const struct book_limits *limits, int64_t now)
{
	int64_t wait = book->held_until > now ? book->held_until - now : 0, other;

	if (book->flight_count >= within(limits->concurrent, book->concurrent.now) || book->flight_count >= BOOK_FLIGHTS || book->flight_count >= limits->hard_calls)
		return -1;
	other = wait_for(&book->permits, calls_now(book, limits, now) - 1, now);
	wait = other > wait ? other : wait;
	other = wait_for(&book->ended, limits->hard_calls - book->flight_count - 1, now);
	return other > wait ? other : wait;
}

int64_t book_used(const struct book *book)
{
	return book->used_today + (book->told_today > 0 ? book->told_today : 0);
}

bool book_quota_reached(const struct book *book, const struct book_limits *limits)
{
	int64_t stop = limits->daily_calls / 100 * limits->quota_stop + limits->daily_calls % 100 * limits->quota_stop / 100;

	return book->exhausted_until || book_used(book) + book->doubt >= stop || (limits->daily_cap && book->own_today >= limits->daily_cap);
}

void book_grant(struct book *book, uint64_t owner, uint64_t number, int64_t now)
{
	add_time(&book->permits, now);
	book->open_at = 0;
	book_find_again(book, owner, number, now);
	book->used_today++;
	book->own_today++;
}

static int64_t find_flight(const struct book *book, uint64_t owner, uint64_t number)
{
	for (int64_t i = 0; i < book->flight_count; i++)
		if (book->flight[i].owner == owner && book->flight[i].number == number)
			return i;
	return -1;
}

bool book_has(const struct book *book, uint64_t owner, uint64_t number)
{
	return find_flight(book, owner, number) >= 0;
}

bool book_find_again(struct book *book, uint64_t owner, uint64_t number, int64_t since)
{
	if (book->flight_count == BOOK_FLIGHTS)
		return false;
	book->flight[book->flight_count++] = (struct book_flight){ since, owner, number };
	return true;
}

void book_end(struct book *book, uint64_t owner, uint64_t number, bool counted, int64_t now)
{
	int64_t i = find_flight(book, owner, number);

	/* What the server does not count it may still have counted when it came: only the quota is given back. */
	if (!counted) {
		book->used_today -= book->used_today > 0;
		book->own_today -= book->own_today > 0;
	}
	if (i < 0) {
		add_time(&book->ended, now);
		return;
	}
	note_length(book, now - book->flight[i].since, now);
	pulse_add(&book->pulse, now - book->flight[i].since, now);
	land(book, i, now);
}

static void lower(struct book_share *share, int64_t configured, int64_t step, int64_t by)
{
	int64_t now = within(configured, share->now), full = configured > share->full ? configured : share->full;

	*share = (struct book_share){ .now = now - by > 1 ? now - by : 1, .full = full, .step = step > 0 ? step : 1 };
	if (share->now == share->full)
		*share = (struct book_share){ 0 };
}

void book_pushed_back(struct book *book, const struct book_limits *limits, bool concurrency, int64_t ms, int64_t now)
{
	bool holding = book->held_until > now;

	if (ms > 0 && now + ms > book->held_until)
		book->held_until = now + (ms < STRETCH_MS ? ms : STRETCH_MS);
	/* The calls that were in flight together are all refused together: that is one piece of news. */
	if (holding)
		return;
	if (concurrency)
		lower(&book->concurrent, limits->concurrent, 1, 1);
	else
		lower(&book->calls, limits->calls, limits->calls / RECOVERY_STEPS, within(limits->calls, book->calls.now) / 4);
	book->recover_at = now + RECOVERY_MS;
}

/* What has come in since the last word and was not ours is what others send. */
static void judge_others(struct book *book, const struct book_limits *limits, int64_t total, int64_t now)
{
	int64_t span = now - book->usage_at, others = total - book->usage_total - (book->own_today - book->usage_own) - USAGE_SLACK;

	if (book->usage_at && span < USAGE_LEAST_MS)
		return;
	if (book->usage_at && total >= book->usage_total) {
		book->others = others > 0 ? within(others * BOOK_WINDOW_MS / span, limits->hard_calls) : 0;
		book->others_until = now + OTHERS_MS;
	}
	book->usage_at = now;
	book->usage_own = book->own_today;
	book->usage_total = total;
}

static int64_t ended_since(const struct book_times *times, int64_t at)
{
	int64_t calls = 0;

	for (int64_t i = times->rows; i-- > 0 && times->row[i].at >= at;)
		calls += times->row[i].calls;
	return calls;
}

void book_exhausted(struct book *book, int64_t wall_ms)
{
	book->exhausted_until = wall_ms + EXHAUSTED_MS;
}

void book_usage(struct book *book, const struct book_limits *limits, int64_t total, int64_t asked_at, int64_t now)
{
	int64_t known = book_used(book), most;

	if (total < 0)
		return;
	judge_others(book, limits, total, now);
	most = total + book->flight_count + ended_since(&book->ended, asked_at);
	/* The server's figure lags behind a little: what we have counted ourselves is never less. */
	book->told_today = total > known ? total : known;
	book->doubt = most > book->told_today ? most - book->told_today : 0;
	book->used_today = 0;
}
