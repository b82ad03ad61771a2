/* What an operator is not shown. Without View Profiles: values, identities, and Marketo's own words about a record, which may quote one. Does nothing for whom the store belongs to. */
#ifndef APP_MASKS_H
#define APP_MASKS_H

#include "app/app.h"
#include "model/preview.h"
#include "model/run.h"
#include "model/truth.h"
#include "store/migrations.h"

/* A value of somebody's: *slot (NULL is allowed in it) becomes "***". */
void mask_value(const struct app *app, char **slot);
/* What was said of a record under this code: *slot becomes what the code means. */
void mask_words(const struct app *app, const char *code, char **slot);
/* The same of what ended a run. */
void mask_error(const struct app *app, struct error *err);
void mask_run(const struct app *app, struct run *run);
/* Who differs: a lead id of 0 is one that is not shown. */
void mask_differences(const struct app *app, migration_difference_list *differences);
/* Their identity, and their lead id. */
void mask_person(const struct app *app, struct verify_person *person);
/* Values stay JSON, why they are not sent stays told. */
void mask_preview(const struct app *app, struct preview *preview);
/* The URL of a webhook, or a command: whoever knows the one can tell things there, so only who may change it sees it. */
void mask_target(const struct app *app, char **slot);

#endif
