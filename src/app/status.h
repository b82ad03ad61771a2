/* Use case: everything at a glance. Makes no call. */
#ifndef APP_STATUS_H
#define APP_STATUS_H

#include "app/app.h"
#include "app/events.h"
#include "base/error.h"
#include "base/lockfile.h"
#include "source/receiver.h"
#include "store/tables.h"

#include <stdbool.h>
#include <stdint.h>

/* Who takes what is posted to a dataflow's source. */
struct overview_receiver {
	bool posted; /* its source is one that is posted to */
	struct receiver_view view;
};

struct overview {
	account_list accounts;
	VEC(int64_t) calls_today; /* per account: our calls since the daily quota was last reset: of all processes of this user; where they left no word, of this store's runs */
	VEC(struct gate_state) gates; /* per account: what they have sent lately; used_today -1 and all else 0 where they left no word */
	destination_list destinations;
	dataflow_list dataflows;
	VEC(struct overview_receiver) receivers; /* per dataflow */
	bool daemon;              /* is one of this store there .. */
	struct lockfile_holder daemon_is; /* .. and who */
	run_list last;            /* per dataflow: its newest run; id 0: none yet */
	run_list going_on;        /* runs that are running by their row .. */
	VEC(bool) interrupted;    /* .. and, parallel to it, those whose process is gone */
	event_list events;        /* newest first */
};
void overview_done(struct overview *overview);

/* When Marketo's daily quota was last reset, of wall ms. */
int64_t quota_day_began(int64_t now);

/* Place of the dataflow's account in overview->accounts. */
size_t overview_account(const struct overview *overview, size_t dataflow);
/* Does the row of this run say that it goes on although its process is gone? */
bool overview_is_interrupted(const struct overview *overview, int64_t run_id);

enum status app_status(struct app *app, struct overview *out, struct error *err);

/* Only the gates again, which change as time passes; made to be asked some times a second. True: something is different. */
bool app_status_gates(struct overview *overview);
/* Has another process changed something in the store since *seen, which is kept by the caller and 0 at first? */
bool app_has_news(struct app *app, int64_t *seen);

#endif
