/* How a Marketo instance is, and what happened lately, drawn the same in every monitor. */
#ifndef SCREENS_GAUGES_H
#define SCREENS_GAUGES_H

#include "app/status.h"
#include "tui/paint.h"

#include <stddef.h>
#include <stdint.h>

enum { GAUGE_ROWS = 3, GAUGE_ROWS_SHORT = 2 };

/* Latency, calls of the window and under way, the day's quota: GAUGE_ROWS from `row` on. brief: GAUGE_ROWS_SHORT, without the latency. account: its place. */
void gauges_draw(const struct overview *overview, size_t account, struct area area, int row, bool brief);
/* The day's quota in words: how much of how much, and until when. Free with mem_free. */
char *gauges_quota(const struct overview *overview, size_t account);

/* The newest events that fit, one a row. dataflow, account: only those about one of these; both NULL: all, each with its subject. */
void events_draw(const event_list *events, const char *dataflow, const char *account, struct area list);

/* How long ago, short: 12 s, 3 min, 5 h, 2 d. Returns out. */
const char *age_text(int64_t ms, char out[16]);

#endif
