/* Use cases: reading a mapping's history, and signing for a revision. name: a dataflow or a destination (a dataflow first). None makes a call. */
#ifndef APP_REVISIONS_H
#define APP_REVISIONS_H

#include "app/app.h"
#include "app/mappings.h"
#include "base/error.h"
#include "store/tables.h"

#include <stdbool.h>
#include <stdint.h>

/* The newest first. */
enum status app_mapping_revisions(struct app *app, const char *name, revision_list *out, struct error *err);
/* In place of a revision: the one that a dataflow's newest run that came to its end had been launched with. */
enum { REVISION_LAUNCHED = -1 };
/* What became of revision *from (0: nothing at all) until revision *to; *to 0: the newest. Both get the number they stood for. Each change has who touched it last, when and in
 * which revision. STATUS_USAGE, code "never_launched": no run of the dataflow has come to its end. */
enum status app_mapping_diff(struct app *app, const char *name, int64_t *from, int64_t *to, mapping_changes *out, struct error *err);
/* Whoever runs this has read the revision and stands for it. note may be NULL. A change later is another revision, which nobody has signed. */
enum status app_mapping_sign(struct app *app, const char *name, int64_t revision, const char *note, struct error *err);

/* Sign-off: where a destination requires it, a dataflow sends nothing with a revision of its mapping that nobody has signed. */
struct sign_off {
	bool required;
	int64_t revision; /* the newest of the dataflow's mapping; 0: none is stored */
	bool is_signed;   /* exactly that one */
};
enum status app_sign_off(struct app *app, const char *dataflow, struct sign_off *out, struct error *err);
/* For other use cases. STATUS_REFUSED, code "not_signed": the destination requires a signature and the dataflow's mapping has none of this revision. */
enum status sign_off_check(struct app *app, const struct destination *destination, const struct dataflow *dataflow, int64_t revision, struct error *err);

#endif
