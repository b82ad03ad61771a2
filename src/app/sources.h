/* Use case: what is in a source. Needs no store. */
#ifndef APP_SOURCES_H
#define APP_SOURCES_H

#include "app/app.h"
#include "base/error.h"
#include "model/destination.h"
#include "source/source.h"

enum status app_source_check(struct app *app, const char *spec, struct source_report *out, struct error *err);

/* For other use cases: a source that is all of one audience goes with one audience (STATUS_USAGE). One that cannot be read now may be told later. */
enum status source_suits(const struct dataflow *dataflow, struct error *err);

/* For other use cases: the source as it is kept, so that it means the same file wherever penstock is started: a relative path is made whole, `-` stays.
 * STATUS_USAGE when it cannot be read now. Free with mem_free. */
enum status source_settle(const char *spec, char **out, struct error *err);

#endif
