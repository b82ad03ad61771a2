/* Use case: everything at a glance. Makes no call. */
#ifndef APP_STATUS_H
#define APP_STATUS_H

#include "app/app.h"
#include "base/error.h"
#include "store/tables.h"

#include <stdbool.h>
#include <stdint.h>

struct overview {
	account_list accounts;
	VEC(int64_t) calls_today; /* per account: calls of penstock's runs since the daily quota was last reset */
	destination_list destinations;
	dataflow_list dataflows;
	run_list last;            /* per dataflow: its newest run; id 0: none yet */
	run_list going_on;        /* runs that are running by their row .. */
	VEC(bool) interrupted;    /* .. and, parallel to it, those whose process is gone */
};
void overview_done(struct overview *overview);

enum status app_status(struct app *app, struct overview *out, struct error *err);

#endif
