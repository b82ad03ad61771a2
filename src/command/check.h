/* How the checks of `account test` and `destination test` are told. */
#ifndef COMMAND_CHECK_H
#define COMMAND_CHECK_H

#include "app/tests.h"
#include "command/session.h"

/* Nothing when there is no report. */
void check_print(struct session *session, const struct test_report *report);

#endif
