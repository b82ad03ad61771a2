/* How the checks of `account test` and `destination test` are told. */
#ifndef COMMAND_CHECK_H
#define COMMAND_CHECK_H

#include "app/tests.h"
#include "command/session.h"

/* One of them as an object. */
void check_put(struct json_out *w, const struct check *check);
/* Nothing when there is no report. */
void check_print(struct session *session, const struct test_report *report);

#endif
