/* Use cases: drafts of the wizard. */
#ifndef APP_DRAFTS_H
#define APP_DRAFTS_H

#include "app/app.h"
#include "base/error.h"
#include "base/vec.h"
#include "model/draft.h"
#include "store/tables.h"

#include <stdbool.h>
#include <stdint.h>

/* Newest first. One that cannot be read is left out, with a note. */
enum status app_draft_list(struct app *app, draft_list *out, struct error *err);
enum status app_draft_load(struct app *app, int64_t id, struct draft *out, struct error *err);
/* id 0: a new one, which gets its id here. Durable when it returns. */
enum status app_draft_save(struct app *app, struct draft *draft, struct error *err);
/* Takes the newest edit back, or puts the one taken back last in force again: without limit, also after days. *done: there was one. Durable when it returns. What the
 * draft has that is not saved must be saved before. */
enum status app_draft_undo(struct app *app, struct draft *draft, bool redo, bool *done, struct error *err);
/* With what applying it has made and was never launched. */
enum status app_draft_delete(struct app *app, int64_t id, struct error *err);

/* The mapping of a dataflow that is there already, as a draft (DRAFT_MAPPING_OF): the one that somebody has begun, or a new one. Needs what `mapping set` needs. Applying it makes
 * a revision, where a row has changed, and the draft is gone: its id is 0, DRAFT_REVISION the newest. STATUS_USAGE, code "changed": somebody has made another one meanwhile.
 * `out` is for draft_done only where it is STATUS_OK. */
enum status app_draft_edit(struct app *app, const char *dataflow, struct draft *out, struct error *err);
/* Whoever comes back to it, and is alone with it (draft_lock), sees what the dataflow reads and how it treats people by now; where nothing was edited, also its mapping. */
enum status app_draft_renew(struct app *app, struct draft *draft, struct error *err);
enum status app_draft_edited(struct app *app, const struct draft *draft, bool *edited, struct error *err); /* is it another mapping than the dataflow's? */

/* All or nothing: the destination, its mapping and the dataflow, disabled; made, or brought to what the draft says now. Saves the draft. Makes no call. */
enum status app_draft_apply(struct app *app, struct draft *draft, struct error *err);
/* The dataflow is enabled and the draft is gone. */
enum status app_draft_finish(struct app *app, struct draft *draft, struct error *err);

/* How many real values of the draft's source each row of its mapping would leave out. */
struct survey_row {
	char *source, *target;
	int64_t filled, bad;
	char *code, *message; /* of the most frequent reason; NULL: none */
	char *example;        /* the first value that was refused, cleaned, at most 60 bytes */
};
struct survey {
	int64_t profiles;
	VEC(struct survey_row) rows;
};
void survey_done(struct survey *survey);
enum status app_draft_survey(struct app *app, int64_t id, struct survey *out, struct error *err);

/* Only one console works on a draft: a lock beside the store, dropped when the process ends. STATUS_USAGE, code "in_use", tells who holds it and since when. */
enum status draft_lock(struct app *app, int64_t id, int *fd, struct error *err);
void draft_unlock(int fd);

/* For the other files of drafts. */
enum status draft_edit_apply(struct app *app, struct draft *draft, struct error *err);
void draft_remove_lock(const struct app *app, int64_t id); /* the number comes never again, so nobody will miss its lock */

#endif
