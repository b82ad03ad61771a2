/* Use cases: whether Marketo has what penstock says it has, and putting it right. */
#ifndef APP_TRUTH_H
#define APP_TRUTH_H

#include "app/app.h"
#include "base/error.h"
#include "model/run.h"
#include "model/truth.h"

/* Members missing from a list: STATUS_FAILED, code "members_missing", and "list_gone" where the list itself is; out holds what was found all the same. STATUS_USAGE, code
 * "no_lists", for a destination that only brings people. wish (NULL: only how many) tells who, as far as the operator may see that; its `names` is decided here. */
enum status app_verify(struct app *app, const char *dataflow, const struct verify_wish *wish, struct verification *out, struct error *err);
/* The same, and adds who is missing again, as a run: out's id is 0 when nobody was. earlier as with app_run. `found` is what was found before. */
enum status app_repair(struct app *app, const char *dataflow, struct verification *found, struct run *earlier, struct run *out, struct error *err);
/* Takes the members of existing lists into the ledger. audience: an id or a name; NULL: of all audiences that have a list. */
enum status app_adopt(struct app *app, const char *dataflow, const char *audience, struct adoption *out, struct error *err);

#endif
