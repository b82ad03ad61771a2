#include "net/pulse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ONE_TROUBLE_MS = 5000, SLOT_MS = PULSE_MS / PULSE_SLOTS };

/* Written by another process, and shown: only what a code is made of. */
static bool code_is_sound(const char code[PULSE_CODE])
{
	size_t length = strnlen(code, PULSE_CODE);

	if (!length || length == PULSE_CODE)
		return false;
	for (size_t i = 0; i < length; i++)
		if (!((code[i] >= '0' && code[i] <= '9') || (code[i] >= 'a' && code[i] <= 'z') || (code[i] >= 'A' && code[i] <= 'Z') || code[i] == '_'))
			return false;
	return true;
}

bool pulse_is_sound(const struct pulse *pulse, int64_t now)
{
	if (pulse->call_count < 0 || pulse->call_count > PULSE_CALLS || pulse->trouble_count < 0 || pulse->trouble_count > PULSE_TROUBLES)
		return false;
	for (int64_t i = 0; i < pulse->call_count; i++) {
		const struct pulse_call *call = &pulse->call[i];

		if (call->ms < 0 || call->at < 0 || call->at > now || call->ms > call->at || (i && call->at < call[-1].at))
			return false;
	}
	for (int64_t i = 0; i < pulse->trouble_count; i++)
		if (pulse->trouble[i].count < 1 || pulse->trouble[i].at < 0 || !code_is_sound(pulse->trouble[i].code))
			return false;
	return true;
}

static void forget_calls(struct pulse *pulse, int64_t gone)
{
	pulse->call_count -= gone;
	memmove(pulse->call, pulse->call + gone, (size_t)pulse->call_count * sizeof *pulse->call);
}

void pulse_pass(struct pulse *pulse, int64_t now)
{
	int64_t gone = 0;

	while (gone < pulse->call_count && now - pulse->call[gone].at >= PULSE_MS)
		gone++;
	if (gone)
		forget_calls(pulse, gone);
}

void pulse_add(struct pulse *pulse, int64_t ms, int64_t now)
{
	if (pulse->call_count == PULSE_CALLS)
		forget_calls(pulse, 1);
	pulse->call[pulse->call_count++] = (struct pulse_call){ now, ms > 0 ? ms : 0 };
}

void pulse_note(struct pulse *pulse, const char *code, int64_t wall_ms)
{
	struct pulse_trouble *last = NULL, fresh = { .at = wall_ms, .count = 1 };

	snprintf(fresh.code, sizeof fresh.code, "%s", code);
	if (!code_is_sound(fresh.code))
		snprintf(fresh.code, sizeof fresh.code, "unknown");
	for (int64_t i = pulse->trouble_count; !last && i-- > 0;)
		if (strcmp(pulse->trouble[i].code, fresh.code) == 0)
			last = &pulse->trouble[i];
	if (last && wall_ms >= last->at && wall_ms - last->at < ONE_TROUBLE_MS) {
		fresh.count = last->count + 1;
		pulse->trouble_count--;
		memmove(last, last + 1, (size_t)(pulse->trouble + pulse->trouble_count - last) * sizeof *last);
	} else if (pulse->trouble_count == PULSE_TROUBLES) {
		pulse->trouble_count--;
		memmove(pulse->trouble, pulse->trouble + 1, (size_t)pulse->trouble_count * sizeof *pulse->trouble);
	}
	pulse->trouble[pulse->trouble_count++] = fresh;
}

static int compare(const void *a, const void *b)
{
	const int64_t *one = a, *other = b;

	return (*one > *other) - (*one < *other);
}

void pulse_latency(const struct pulse *pulse, int64_t now, struct pulse_latency *out)
{
	int64_t lengths[PULSE_CALLS], count = 0;

	*out = (struct pulse_latency){ 0 };
	for (int64_t i = 0; i < pulse->call_count; i++) {
		const struct pulse_call *call = &pulse->call[i];
		int64_t age = now - call->at, slot = PULSE_SLOTS - 1 - age / SLOT_MS;

		if (age < 0 || age >= PULSE_MS)
			continue;
		lengths[count++] = call->ms;
		if (call->ms > out->slots[slot])
			out->slots[slot] = call->ms;
	}
	out->calls = count;
	if (!count)
		return;
	qsort(lengths, (size_t)count, sizeof *lengths, compare);
	/* The nearest rank: a length that was measured, none in between. */
	out->p50_ms = lengths[(count * 50 + 99) / 100 - 1];
	out->p95_ms = lengths[(count * 95 + 99) / 100 - 1];
}
