/* The monitor of a run: it watches, and leaving it stops nothing. */
#ifndef SCREENS_MONITOR_H
#define SCREENS_MONITOR_H

#include "screens/console.h"

#include <stdint.h>

/* Starts the run of a dataflow in a process of its own, and watches it. plan_id 0: plans first. */
struct layer *monitor_launch(struct console *console, const char *dataflow, int64_t plan_id);
/* Watches the newest run of the dataflow, whoever started it. */
struct layer *monitor_watch(struct console *console, const char *dataflow);

#endif
