/* Use cases: mappings, of a dataflow or (the default its dataflows start with) of a destination. */
#ifndef APP_MAPPINGS_H
#define APP_MAPPINGS_H

#include "app/app.h"
#include "base/error.h"
#include "model/field.h"
#include "model/mapping.h"

#include <stdbool.h>
#include <stddef.h>

/* A mapping with what is needed to tell about it. */
struct mapping_view {
	struct mapping mapping;
	struct catalogue catalogue; /* as it is in the store; fetched_at 0: none */
	VEC(char *) dedupe;         /* the destination's dedupe fields */
	bool creates_people;
};
void mapping_view_init(struct mapping_view *view);
void mapping_view_done(struct mapping_view *view);

/* For other use cases. Adds SOURCE=TARGET[:clear][:create-only] to view->mapping by the rules of app_mapping_set; without a catalogue the target is not looked up. */
enum status mapping_accept(struct mapping_view *view, const char *row, struct error *err);

/* name: a dataflow or a destination (a dataflow first). */
enum status app_mapping_show(struct app *app, const char *name, struct mapping_view *out, struct error *err);
/* *ok: no problem is an error. */
enum status app_mapping_check(struct app *app, const char *name, mapping_problems *out, bool *ok, struct error *err);
/* rows: SOURCE=TARGET. Fetches the field catalogue when there is none. STATUS_USAGE: an unknown or read-only target, a target that has another source. */
enum status app_mapping_set(struct app *app, const char *name, const char *const *rows, size_t count, struct mapping_view *out, struct error *err);
enum status app_mapping_unset(struct app *app, const char *name, const char *const *targets, size_t count, struct mapping_view *out, struct error *err);
enum status app_mapping_clear(struct app *app, const char *name, struct mapping_view *out, struct error *err);
/* source NULL: the dataflow's own. accept: the rows are added to the mapping (a change). `suggested` gets the new rows only. */
enum status app_mapping_suggest(struct app *app, const char *name, const char *source, bool accept, struct mapping *suggested,
	struct mapping_view *out, struct error *err);

#endif
