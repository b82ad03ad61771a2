/* Use cases: mappings, of a dataflow or (the default its dataflows start with) of a destination. */
#ifndef APP_MAPPINGS_H
#define APP_MAPPINGS_H

#include "app/app.h"
#include "base/error.h"
#include "model/field.h"
#include "model/mapping.h"
#include "model/suggestion.h"
#include "store/tables.h"

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

/* For other use cases. A draft's rows by the same rules; no call is made: without a catalogue Review and the run look the targets up. */
struct draft;
enum status draft_mapping_read(struct app *app, const struct draft *draft, const struct destination *destination, struct mapping_view *view, struct error *err);
bool mapping_same_rows(const struct mapping *a, const struct mapping *b); /* in the same order, too */

/* For other use cases, of which this is the beginning (app_enter): whose mapping is meant by name. */
enum status mapping_owner_find(struct app *app, enum use_case use, const char *name, enum mapping_owner *owner, int64_t *id, struct error *err);

/* name: a dataflow or a destination (a dataflow first). */
enum status app_mapping_show(struct app *app, const char *name, struct mapping_view *out, struct error *err);
/* *ok: no problem is an error. */
enum status app_mapping_check(struct app *app, const char *name, mapping_problems *out, bool *ok, struct error *err);
/* rows: SOURCE=TARGET. Fetches the field catalogue when there is none. STATUS_USAGE: an unknown or read-only target, a target that has another source. */
enum status app_mapping_set(struct app *app, const char *name, const char *const *rows, size_t count, struct mapping_view *out, struct error *err);
enum status app_mapping_unset(struct app *app, const char *name, const char *const *targets, size_t count, struct mapping_view *out, struct error *err);
enum status app_mapping_clear(struct app *app, const char *name, struct mapping_view *out, struct error *err);
/* What of the suggestions goes into the mapping (a change). */
struct suggestion_choice {
	bool accept;           /* false: none */
	enum confidence least; /* those that are at least so sure */
};
/* source NULL: the dataflow's own. `suggested` gets what is not in the mapping yet, the surest first. */
enum status app_mapping_suggest(struct app *app, const char *name, const char *source, struct suggestion_choice choice, suggestion_list *suggested,
	struct mapping_view *out, struct error *err);

#endif
