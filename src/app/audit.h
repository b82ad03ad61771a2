/* Use case: who changed what. */
#ifndef APP_AUDIT_H
#define APP_AUDIT_H

#include "app/app.h"
#include "base/error.h"
#include "store/tables.h"

/* since: a date or a time, NULL: everything. */
enum status app_audit(struct app *app, const char *since, audit_list *out, struct error *err);

#endif
