/*
 * How one Marketo instance feels: how long its calls of the last minute took, and what went wrong lately. A part of its book (net/book.h), so that whoever looks sees what
 * all who call it have seen. Pure rules over plain memory. Times are wall ms where they say so, else clock_mono_ms.
 */
#ifndef NET_PULSE_H
#define NET_PULSE_H

#include <stdbool.h>
#include <stdint.h>

enum {
	PULSE_MS = 60000,      /* how far back lengths are kept .. */
	PULSE_CALLS = 320,     /* .. and how many: a minute at Marketo's own limit holds 300 (marketo-api 3), with a higher one the newest tell */
	PULSE_SLOTS = 30,      /* stretches of the minute that are told each by itself */
	PULSE_TROUBLES = 24,
	PULSE_CODE = 16,
};

struct pulse_call {
	int64_t at, ms; /* its end; how long it took from its permit on */
};

/* Trouble that a call met with. What comes again within some seconds is counted, not told again. */
struct pulse_trouble {
	int64_t at;    /* of the last one, wall ms */
	int64_t count;
	char code[PULSE_CODE]; /* Marketo's, or a word of the client's: network, dns .. */
};

struct pulse {
	int64_t call_count, trouble_count;
	struct pulse_trouble trouble[PULSE_TROUBLES]; /* oldest first */
	struct pulse_call call[PULSE_CALLS];          /* oldest first */
};

struct pulse_latency {
	int64_t calls;            /* that it was worked out from; 0: nothing below is known */
	int64_t p50_ms, p95_ms;
	int64_t slots[PULSE_SLOTS]; /* the slowest call of each stretch, oldest first; 0: there was none */
};

bool pulse_is_sound(const struct pulse *pulse, int64_t now);
void pulse_pass(struct pulse *pulse, int64_t now);
void pulse_add(struct pulse *pulse, int64_t ms, int64_t now);
/* code: what does not fit PULSE_CODE is cut. */
void pulse_note(struct pulse *pulse, const char *code, int64_t wall_ms);
void pulse_latency(const struct pulse *pulse, int64_t now, struct pulse_latency *out);

#endif
