/* What has happened lately, of all dataflows and instances, newest first: told from what is written down anyway (runs, incidents, the books of the gates). */
#ifndef APP_EVENTS_H
#define APP_EVENTS_H

#include "base/error.h"
#include "base/str.h"
#include "base/vec.h"
#include "model/account.h"
#include "model/run.h"
#include "net/gate.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum event_kind { EVENT_RUN_STARTED, EVENT_RUN_ENDED, EVENT_TROUBLE, EVENT_ALERT, EVENT_ALERT_OVER };

struct event {
	int64_t at;           /* wall ms */
	enum event_kind kind;
	char *subject;        /* a dataflow; of a trouble, and of an alert about a quota, an account */
	int64_t run_id;       /* of EVENT_RUN_.. */
	enum run_state state; /* EVENT_RUN_ENDED: how */
	int64_t failed;       /* EVENT_RUN_ENDED: records */
	char *code;           /* EVENT_TROUBLE: Marketo's code, or network, dns ..; EVENT_ALERT..: the alert's name */
	int64_t count;        /* EVENT_TROUBLE: how many calls met it */
};
typedef VEC(struct event) event_list;
void event_list_done(event_list *list);

enum { EVENTS_MOST = 60 };
/* At most EVENTS_MOST. gates: parallel to accounts. */
enum status events_collect(struct store *store, const struct account *accounts, const struct gate_state *gates, size_t count, event_list *out, struct error *err);

const char *event_kind_text(enum event_kind kind); /* for scripts: run_started run_ended trouble alert alert_over */
/* In words for people, without time and subject, added to out. */
void event_words(const struct event *event, struct str *out);
/* How bad it is, as with a run's reasons: no warning at all (false), or *out. */
bool event_is_trouble(const struct event *event, enum severity *out);

#endif
