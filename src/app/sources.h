/* Use case: what is in a source. Needs no store. */
#ifndef APP_SOURCES_H
#define APP_SOURCES_H

#include "app/app.h"
#include "base/error.h"
#include "model/destination.h"
#include "model/draft.h"
#include "source/source.h"

enum status app_source_check(struct app *app, const char *spec, struct source_report *out, struct error *err);

/* For other use cases: a source that is all of one audience goes with one audience, one that is posted to is followed, by one dataflow (STATUS_USAGE). One that cannot be read
 * now may be told later. */
enum status source_suits(struct app *app, const struct dataflow *dataflow, struct error *err);

/* For other use cases: a dataflow of V2 can run only with a source (STATUS_USAGE, code "no_source"). */
enum status source_require(const struct dataflow *dataflow, struct error *err);

/* For other use cases, before a dataflow's own source is opened: what somebody else has named is what it was then, and no link to another place. */
void source_guard(const struct dataflow *dataflow);
/* The same for a draft that edits the mapping of one. */
void source_guard_draft(struct app *app, const struct draft *draft);
/* For other use cases: gives the dataflow this source, which has been settled, and notes who named it. One that it has already stays whose it is. */
void source_give(const struct app *app, struct dataflow *dataflow, const char *settled);

/* For other use cases: the source as it is kept, so that it means the same file wherever penstock is started: a relative path is made whole, `-` stays. A source that is
 * posted to gets a spool folder beside the store when it names none; its files must be there.
 * STATUS_USAGE when it cannot be read now, STATUS_REFUSED when the operator may not name it. Free with mem_free. */
enum status source_settle(struct app *app, const char *spec, char **out, struct error *err);
/* The same for who only looks: makes no folder. One that is not there is as good as empty. */
enum status source_look(struct app *app, const char *spec, char **out, struct error *err);
/* Its files by their whole paths, which hold in any folder. Opens none. NULL: they are not there, or it names none. Free with mem_free. */
char *source_from_root(struct app *app, const char *spec);

#endif
