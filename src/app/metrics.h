/* Use case: `metrics`: what monitoring asks for, as OpenMetrics text. */
#ifndef APP_METRICS_H
#define APP_METRICS_H

#include "app/app.h"
#include "base/error.h"
#include "base/str.h"

/* Ends with "# EOF". Makes no call. */
enum status app_metrics(struct app *app, struct str *out, struct error *err);

#endif
