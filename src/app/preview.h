/* Use cases: what a few profiles of a source would send by a mapping as it is now, complete or not. Nothing is sent, kept or asked of Marketo. */
#ifndef APP_PREVIEW_H
#define APP_PREVIEW_H

#include "app/app.h"
#include "base/error.h"
#include "model/preview.h"

#include <stdint.h>

enum { PREVIEW_COUNT = 3, PREVIEW_MOST = ENGINE_PREVIEW_MOST };

/* name: a dataflow or a destination (a dataflow first). source NULL: the dataflow's own; with another one, and of a destination, all of its profiles count as members.
 * STATUS_USAGE, code "no_fields": the store has no field catalogue of the account yet. */
enum status app_mapping_preview(struct app *app, const char *name, const char *source, int64_t count, struct preview *out, struct error *err);
enum status app_draft_preview(struct app *app, int64_t id, int64_t count, struct preview *out, struct error *err);

#endif
