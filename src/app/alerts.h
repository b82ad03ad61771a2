/* Use cases: alerts. */
#ifndef APP_ALERTS_H
#define APP_ALERTS_H

#include "app/app.h"
#include "base/error.h"
#include "base/vec.h"
#include "model/alert.h"
#include "store/alerts.h"

#include <stdbool.h>
#include <stdint.h>

/* What an operator gives. NULL: not given (kept, or the default). */
struct alert_options {
	const char *when;              /* a kind */
	const char *dataflow;          /* "": every one */
	const char *command, *webhook; /* one of these .. */
	bool syslog;                   /* .. or this */
	int64_t over;                  /* -1: not given */
	int enabled;                   /* -1: not given */
};
enum status app_alert_create(struct app *app, const char *name, const struct alert_options *options, struct alert *out, struct error *err);
enum status app_alert_update(struct app *app, const char *name, const struct alert_options *options, struct alert *out, struct error *err);
enum status app_alert_show(struct app *app, const char *name, struct alert *out, struct error *err);
enum status app_alert_list(struct app *app, alert_list *out, struct error *err);
enum status app_alert_delete(struct app *app, const char *name, struct error *err);
/* Tells once, as if there were an incident. STATUS_FAILED, code "alert", when it could not be told. */
enum status app_alert_test(struct app *app, const char *name, struct error *err);

/* One incident that goes on. */
struct alarm {
	char *alert, *subject;
	enum alert_kind kind;
	int64_t since, value;
	bool told;
};
typedef VEC(struct alarm) alarm_list;
void alarm_list_done(alarm_list *list);
/* Looks at every rule now and tells what has begun or ended since the last time; one process at a time does (the others leave it to that one). What could not be told
 * is tried again the next time: STATUS_FAILED, code "alert". out: what goes on. */
enum status app_alert_check(struct app *app, alarm_list *out, struct error *err);

/* What goes on of one alert, as it was found when somebody looked last; nobody looks or is told now. */
enum status app_alert_incidents(struct app *app, const struct alert *alert, alarm_list *out, struct error *err);

/* For other use cases: a run that was asked for has ended so. Writes it down and looks at the rules; troubles are only noted. */
void alerts_ran(struct app *app, const char *dataflow, enum status status, const struct error *err);

#endif
