/* Use cases: dataflows. */
#ifndef APP_DATAFLOWS_H
#define APP_DATAFLOWS_H

#include "app/app.h"
#include "base/error.h"
#include "model/destination.h"
#include "model/run.h"
#include "store/tables.h"

#include <stdbool.h>
#include <stddef.h>

/* One audience with what belongs to it. NULL: not given (kept, or the default). */
struct audience_option {
	const char *audience, *name; /* name: as the source knows it, to be shown until the first run learns it */
	const char *list, *start, *end;
};

/* What an operator gives of a dataflow. NULL: not given (kept, or the default). */
struct dataflow_options {
	const char *destination, *source, *identity, *profile_key, *consent;
	const char *every, *at;        /* model/schedule.h */
	const char *start, *end;       /* dates; an empty text takes the bound away; for all audiences */
	const char *const *audiences;  /* A[=LIST], the last '=' separates, and `A=` has no list; given, they replace all there are */
	size_t audience_count;
	const struct audience_option *chosen; /* the same, taken apart: instead of `audiences` */
	size_t chosen_count;
};

/* For other use cases. What the options say; dataflow_check is the caller's. The store is only read. */
enum status dataflow_set(struct app *app, struct dataflow *dataflow, const struct dataflow_options *options, struct error *err);

/* Make no call. The source must be readable now. */
enum status app_dataflow_create(struct app *app, const char *name, const struct dataflow_options *options, struct dataflow *out, struct error *err);
enum status app_dataflow_update(struct app *app, const char *name, const struct dataflow_options *options, struct dataflow *out, struct error *err);
enum status app_dataflow_show(struct app *app, const char *name, struct dataflow *out, struct error *err);
enum status app_dataflow_list(struct app *app, dataflow_list *out, struct error *err);
enum status app_dataflow_enable(struct app *app, const char *name, bool enabled, struct dataflow *out, struct error *err);
/* The lists in Marketo stay as they are. */
enum status app_dataflow_delete(struct app *app, const char *name, struct error *err);

/* What becomes of its lists in Marketo. */
enum list_fate {
	LIST_KEEP,  /* they stay as they are */
	LIST_EMPTY, /* everybody whom penstock has brought is taken out */
	LIST_DELETE /* they are deleted there: only those that penstock has made, and nobody else is in */
};
bool list_fate_parse(const char *text, enum list_fate *out);
/* Does that, and deletes the dataflow once all of it is done; else the dataflow stays, and the same can be asked for again. out: the run that emptied the lists, id 0: there
 * was none. STATUS_USAGE: codes "in_use" (another dataflow has one of the lists), "not_ours"; STATUS_PARTIAL: some are still in a list. */
enum status app_dataflow_discard(struct app *app, const char *name, enum list_fate fate, struct run *out, struct error *err);

#endif
