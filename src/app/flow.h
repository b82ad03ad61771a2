/* Everything the engine is told about one dataflow: what the use cases of plans, runs and the truth have in common. */
#ifndef APP_FLOW_H
#define APP_FLOW_H

#include "app/app.h"
#include "app/client.h"
#include "base/error.h"
#include "store/tables.h"

#include <stdbool.h>

struct flow {
	struct app *app;
	struct account account;
	struct destination destination;
	struct dataflow dataflow;
	struct mapping mapping;
	struct catalogue catalogue;
	struct client *client;
};

void flow_init(struct flow *flow, struct app *app);
void flow_done(struct flow *flow);
/* What the store knows, and a client; neither the mapping nor the catalogue is looked at. */
enum status flow_open(struct flow *flow, const char *name, struct error *err);
/* Ready to plan (to_run: and to run, which a disabled dataflow is not): an error in the mapping is STATUS_USAGE; an old catalogue is fetched anew. */
enum status flow_prepare(struct flow *flow, const char *name, bool to_run, struct error *err);
void flow_job(struct flow *flow, struct engine_job *job);
/* The row of a change that is done: `format` takes the run's id. */
enum status flow_audit(struct app *app, enum use_case use, const char *object, const char *format, int64_t id, struct error *err);
/* The row of a run, whatever became of it; status is that of the run, and is returned unless writing fails. Without an id there is nothing to write down. */
enum status flow_ran(struct app *app, enum use_case use, const char *object, const struct run *run, enum status status, struct error *err);

#endif
