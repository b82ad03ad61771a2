/* The monitors, of all dataflows and of one run: they watch, and leaving them stops nothing. */
#ifndef SCREENS_MONITOR_H
#define SCREENS_MONITOR_H

#include "screens/console.h"

#include <stdint.h>

/* Starts the run of a dataflow in a process of its own, and watches it. plan_id 0: plans first. */
struct layer *monitor_launch(struct console *console, const char *dataflow, int64_t plan_id);
/* The same for any command that ends in a run of the dataflow, without its global options: NULL ends the words. */
struct layer *monitor_start(struct console *console, const char *dataflow, const char *const *words);
/* Watches the newest run of the dataflow, whoever started it. */
struct layer *monitor_watch(struct console *console, const char *dataflow);

/* All dataflows, the instances they go to and what happened lately; one of them in depth by Enter. */
struct layer *monitor_all(struct console *console);

#endif
