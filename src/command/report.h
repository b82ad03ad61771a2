/* Progress for a program: one JSON object a line on a descriptor that whoever started us gave (--progress-fd). It never holds the command up and never ends it. */
#ifndef COMMAND_REPORT_H
#define COMMAND_REPORT_H

#include "app/app.h"
#include "app/tests.h"
#include "base/error.h"
#include "base/str.h"

struct report {
	int fd; /* -1: nobody listens */
};

/* number: as given, NULL: nobody listens. STATUS_USAGE unless it is an open descriptor of 3 or more. */
enum status report_open(struct report *report, const char *number, struct error *err);
void report_progress(struct report *report, const struct engine_progress *now);
void report_checking(struct report *report, const char *name);
void report_check(struct report *report, const struct check *check);
/* The line of report_progress, without its end. */
void report_line(const struct engine_progress *now, struct str *out);

#endif
