/* How an alert reaches somebody. */
#ifndef APP_TELL_H
#define APP_TELL_H

#include "app/app.h"
#include "base/error.h"
#include "model/alert.h"

/* json: one object, for a command's standard input or a webhook's body; line: the same in words, for syslog. Waits at most half a minute. STATUS_FAILED, code "alert":
 * the command did not end with 0, the webhook did not answer with 2xx. */
enum status tell_alert(struct app *app, const struct alert *alert, const char *json, const char *line, struct error *err);

#endif
