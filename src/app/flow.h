/* Everything the engine is told about one dataflow: what the use cases of plans, runs and the truth have in common. */
#ifndef APP_FLOW_H
#define APP_FLOW_H

#include "app/app.h"
#include "app/client.h"
#include "app/governance.h"
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
	int64_t also_run;          /* a plan or run whose kept records are about to be sent; 0: none. Set before flow_prepare. */
	struct mapping judged;     /* the mapping, and what of those records came from elsewhere */
	violation_list violations; /* why flow_prepare, or the engine's approval, ended with STATUS_POLICY */
};

void flow_init(struct flow *flow, struct app *app);
void flow_done(struct flow *flow);
/* What the store knows, and a client; neither the mapping nor the catalogue is looked at. */
enum status flow_open(struct flow *flow, const char *name, struct error *err);
/* Ready to be looked at: an error in the mapping is STATUS_USAGE; an old catalogue is fetched anew. */
enum status flow_look(struct flow *flow, const char *name, struct error *err);
/* Ready to plan as well (to_run: and to run, which a disabled dataflow is not): a violated policy is STATUS_POLICY; to run with a mapping that is not signed where the destination
 * requires it STATUS_REFUSED. */
enum status flow_prepare(struct flow *flow, const char *name, bool to_run, struct error *err);
/* A launch has ended with this status. Of one that a policy keeps from running a blocked run is made, unless there is a run. */
void flow_block(struct flow *flow, enum status status, struct run *out);
void flow_job(struct flow *flow, struct engine_job *job);
/* The row of a change that is done: `format` takes the run's id. */
enum status flow_audit(struct app *app, enum use_case use, const char *object, const char *format, int64_t id, struct error *err);
/* The row of whoever finished a run that another process had begun, and perhaps did not live to write down. Id 0: there was none. */
void flow_ended(struct app *app, enum use_case use, const char *object, const struct run *earlier);
/* Who was stopped (the quota is used up, a signal) before the dataflow's unfinished run could be gone on with is shown that run: out, where neither has an id. */
void flow_show_unfinished(struct app *app, const char *dataflow, enum status status, const struct run *earlier, struct run *out);
/* The row of a run, whatever became of it; status is that of the run, and is returned unless writing fails. Without an id there is nothing to write down. */
enum status flow_ran(struct app *app, enum use_case use, const char *object, const struct run *run, enum status status, struct error *err);
/* Before that: keeps what ended the run (id 0: the earlier one, which did not come to its end), or forgets what ended it before. */
void flow_keep_end(struct app *app, const struct run *earlier, const struct run *run, enum status status, const struct error *end);

#endif
