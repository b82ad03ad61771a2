/* Alert rules, their incidents, and how the last run of each dataflow ended, whether or not it got as far as having a number. */
#ifndef STORE_ALERTS_H
#define STORE_ALERTS_H

#include "base/error.h"
#include "base/vec.h"
#include "model/alert.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

typedef VEC(struct alert) alert_list;
void alert_list_done(alert_list *list);

/* Names, lists and `out` as in store/tables.h. */
enum status alert_insert(struct store *store, struct alert *alert, struct error *err);
enum status alert_save(struct store *store, const struct alert *alert, struct error *err);
enum status alert_find(struct store *store, const char *name, struct alert *out, struct error *err);
enum status alert_all(struct store *store, alert_list *out, struct error *err);
enum status alert_delete(struct store *store, int64_t id, struct error *err); /* with its incidents */

struct incident {
	int64_t alert_id;
	int64_t subject;  /* number of the dataflow, or of the account for a quota; for a certificate of the account, or below 0 of the dataflow */
	int64_t since, value;
	bool told;        /* that it has begun */
	int64_t over_at;  /* 0: it goes on; else it has ended, which is still to be told */
};
typedef VEC(struct incident) incident_list; /* vec_done is enough */
/* Of an alert, the oldest first. */
enum status incident_all(struct store *store, int64_t alert_id, incident_list *out, struct error *err);
/* *found false: none. */
enum status incident_get(struct store *store, int64_t alert_id, int64_t subject, struct incident *out, bool *found, struct error *err);
enum status incident_put(struct store *store, const struct incident *incident, struct error *err);
/* All about an account, or a dataflow, that goes. Within a transaction. */
enum status incidents_forget(struct store *store, bool of_account, int64_t id, struct error *err);
enum status incident_delete(struct store *store, int64_t alert_id, int64_t subject, struct error *err);

/* Until when the certificate of the account's Marketo was good when it was seen last (wall ms); 0: it never was. */
enum status certificate_seen_save(struct store *store, int64_t account_id, int64_t end_ms, struct error *err);
enum status certificate_seen(struct store *store, int64_t account_id, int64_t *end_ms, struct error *err);

/* An incident with the names of what it is about. */
struct incident_news {
	char *alert, *subject; /* subject: a dataflow, or an account for a quota */
	enum alert_kind kind;
	int64_t since;
	int64_t over_at;       /* 0: it goes on */
};
typedef VEC(struct incident_news) incident_news_list;
void incident_news_list_done(incident_news_list *list);
/* Those that go on, and those whose end has not been told yet; newest first. */
enum status incident_news_all(struct store *store, incident_news_list *out, struct error *err);

enum status outcome_save(struct store *store, int64_t dataflow_id, int64_t at_ms, enum status status, struct error *err);
/* ended, status, received and skipped. */
enum status alert_facts_load(struct store *store, int64_t dataflow_id, struct alert_facts *out, struct error *err);

#endif
