/* What can still be done with V1, the retired Marketo card: it is shown and migrated, nothing else. */
#ifndef APP_V1_H
#define APP_V1_H

#include "app/app.h"
#include "base/error.h"
#include "model/destination.h"

/* STATUS_USAGE, code "v1", with what to do instead, for a dataflow of V1. */
enum status v1_refuse_dataflow(const struct dataflow *dataflow, struct error *err);
/* The same for a destination: a new dataflow, or a change. */
enum status v1_refuse_destination(const struct destination *destination, struct error *err);
/* A V1 dataflow whose migration is under way is deleted by its end only: nothing is deleted that was not compared. STATUS_USAGE, code "v1". */
enum status v1_refuse_delete(struct app *app, const struct dataflow *dataflow, struct error *err);

#endif
