/* Inside of this room: reading the results of writes, record by record. */
#ifndef MARKETO_RECORDS_H
#define MARKETO_RECORDS_H

#include "marketo/leads.h"

enum records_kind { RECORDS_SYNC, RECORDS_ADD, RECORDS_REMOVE };

/* One result for each of the `count` records that were asked for. ids: what was asked, in order, or NULL where results go by their place (sync leads). */
struct record_result *records_read(const struct marketo_answer *answer, enum records_kind kind, const int64_t *ids, size_t count);
void records_free(struct record_result *results, size_t count); /* NULL is allowed */

#endif
