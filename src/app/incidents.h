/* Looking at the rules: what has begun, what is over. */
#ifndef APP_INCIDENTS_H
#define APP_INCIDENTS_H

#include "app/alerts.h"

/* What is told: state is "firing", "recovered" or "test". */
enum status incident_tell(struct app *app, const struct alert *alert, const struct incident *incident, const char *subject, const char *state, struct error *err);

#endif
