/* The run of a dataflow that its row calls running or paused, and the process that is busy with it. */
#ifndef APP_GOING_H
#define APP_GOING_H

#include "app/app.h"
#include "base/error.h"
#include "base/lockfile.h"

#include <stdbool.h>
#include <stdint.h>

struct going {
	int64_t run_id, dataflow_id; /* run_id 0: none */
	bool alive;                 /* false: its process is gone */
	struct lockfile_holder holder;
};

enum status going_look(struct app *app, int64_t dataflow_id, struct going *out, struct error *err);
/* The same by the dataflow's name; none, or one whose process is gone: STATUS_USAGE, code "not_running". */
enum status going_find(struct app *app, const char *dataflow, struct going *out, struct error *err);
/* Asks only for the process once more. */
void going_look_again(struct app *app, struct going *going);
/* The account a dataflow's runs call. */
enum status going_account(struct app *app, int64_t dataflow_id, int64_t *id, struct error *err);

#endif
