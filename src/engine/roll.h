/* The roll of a static list: all its members, page after page. */
#ifndef ENGINE_ROLL_H
#define ENGINE_ROLL_H

#include "engine/engine.h"

/* One page: the answer for what was asked beside the ids. A status other than STATUS_OK, with err, ends it. */
typedef enum status (*roll_fn)(void *self, const struct marketo_answer *answer, const int64_t *ids, size_t count, struct error *err);

/* fields: as with list_members. *gone: Marketo has no such list; STATUS_OK. */
enum status roll_call(const struct engine_job *job, int64_t list_id, const char *fields, roll_fn take, void *self, bool *gone, struct error *err);

#endif
