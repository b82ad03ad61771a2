/* Use case: the field catalogue of an instance. Kept in the store for a day (marketo-api 4). */
#ifndef APP_FIELDS_H
#define APP_FIELDS_H

#include "app/app.h"
#include "base/error.h"
#include "model/account.h"
#include "model/field.h"

#include <stdbool.h>

/* name: a destination or an account. refresh: asks Marketo although the catalogue in the store is young enough. */
enum status app_fields(struct app *app, const char *name, bool refresh, struct catalogue *out, struct error *err);

/* The catalogue as it is in the store; never asks Marketo. fetched_at 0: none. */
enum status app_fields_known(struct app *app, const char *name, struct catalogue *out, struct error *err);

/* For other use cases, the store being open. */
bool catalogue_is_fresh(const struct catalogue *catalogue);
/* The catalogue in the store however old; fetched when there is none. */
enum status catalogue_any(struct app *app, const struct account *account, struct catalogue *out, struct error *err);

#endif
