/* How the account of a run and a plan is told: the same keys and words wherever they appear. */
#ifndef COMMAND_TELL_RUN_H
#define COMMAND_TELL_RUN_H

#include "command/session.h"
#include "model/run.h"

void put_run(struct session *session, const struct run *run);
/* interrupted: its row says running, its process is gone. */
void put_run_state(struct session *session, const struct run *run, bool interrupted);
void put_plan(struct session *session, const struct plan *plan);
void print_run(struct session *session, const struct run *run);
void print_plan(struct session *session, const struct plan *plan);

#endif
