/* Inside of this room: reading the results of writes, record by record. */
#ifndef MARKETO_RECORDS_H
#define MARKETO_RECORDS_H

#include "marketo/leads.h"

enum records_kind { RECORDS_SYNC, RECORDS_ADD, RECORDS_REMOVE };

/* Fills results[0..count) from the answer's result. ids: what was asked, in order, or NULL where results go by their place (sync leads).
 * texts holds one entry a record; the results point into it. */
struct record_text {
	char code[32], message[256];
};
void records_read(const struct marketo_answer *answer, enum records_kind kind, const int64_t *ids, size_t count, struct record_result *results,
	struct record_text *texts);

#endif
