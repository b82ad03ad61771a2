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
/* An earlier run that was finished first (id 0: none) and the run itself, or the earlier one alone: for people, or as members of an answer that is begun. */
void tell_runs(struct session *session, const struct run *earlier, const struct run *run);
/* Once there is a run, it is the answer, whatever ended it. */
void answer_runs(struct session *session, const struct run *earlier, const struct run *run, enum status status, const struct error *err);

#endif
