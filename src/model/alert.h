/* Alerts: a rule, and whom to tell. An incident begins when the rule holds of something, and ends when it does not any more; each is told once. */
#ifndef MODEL_ALERT_H
#define MODEL_ALERT_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

enum alert_kind { ALERT_RUN_FAILED, ALERT_REFUSED, ALERT_SKIPPED, ALERT_DELAY, ALERT_NO_DATA, ALERT_QUOTA, ALERT_CERTIFICATE, ALERT_KINDS };
enum alert_way { ALERT_COMMAND, ALERT_WEBHOOK, ALERT_SYSLOG, ALERT_WAYS };

struct alert {
	int64_t id;
	char *name;
	enum alert_kind kind;
	int64_t over;      /* percent (skipped, quota), minutes (delay), hours (no-data); days (certificate): when fewer are left; 0 for the others */
	int64_t dataflow_id; /* 0: every one; quota looks at accounts, certificate also at them */
	char *dataflow;
	enum alert_way way;
	char *target;      /* the shell's command, the URL; NULL for syslog */
	bool enabled;
};
void alert_init(struct alert *alert);
void alert_done(struct alert *alert);
/* A name, an `over` where the kind has one (percent 1-100, else at least 1) and none elsewhere, a target where the way has one; a webhook is https, or http on this
 * machine. STATUS_USAGE. */
enum status alert_check(const struct alert *alert, struct error *err);

bool alert_kind_parse(const char *text, enum alert_kind *out);
const char *alert_kind_text(enum alert_kind kind);  /* run-failed refused skipped delay no-data quota certificate */
const char *alert_kind_unit(enum alert_kind kind);  /* "%", "min", "h", "d", NULL */
bool alert_way_parse(const char *text, enum alert_way *out);
const char *alert_way_text(enum alert_way way);     /* command webhook syslog */

/* What the rules of a dataflow look at. */
struct alert_facts {
	bool ended;               /* a run was asked for, and has ended with .. */
	enum status status;       /* .. this */
	int64_t received, skipped; /* of the newest run that has ended: skipped is excluded and failed */
	int64_t due_ms;           /* when the next run that goes to its end was, or is, due; INT64_MAX: never */
	int64_t data_ms;          /* when the newest run began that was given any record; 0: never */
};
/* Does the rule hold? *value: what is over `over` (0 where nothing is measured). */
bool alert_holds(const struct alert *alert, const struct alert_facts *facts, int64_t now_ms, int64_t *value);
/* The same of a certificate that is good until then (0: unknown, which holds of nothing). *value: whole days that are left, below 0 afterwards. */
bool alert_certificate_holds(const struct alert *alert, int64_t end_ms, int64_t now_ms, int64_t *value);

#endif
