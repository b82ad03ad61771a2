/* Use cases: labels on source fields and audiences. They hold for every dataflow, as labels of a schema do on the Platform. */
#ifndef APP_LABELS_H
#define APP_LABELS_H

#include "app/app.h"
#include "base/error.h"
#include "model/policy.h"

#include <stddef.h>

/* What is labelled: a source path (a label holds for the paths below it, too), or an audience by the id or name that sources know it by. */
struct label_subject {
	enum label_target target;
	const char *name;
};
/* What stands on one thing. from: where the label was put, a path above it or the name itself. */
typedef struct datum label_view;
void label_view_done(label_view *view);

/* labels: words as label_parse takes them. STATUS_POLICY, see governance.h. out (label_view_done): what the subject carries now. */
enum status app_label_set(struct app *app, const struct label_subject *subject, const char *const *labels, size_t count, label_view *out, struct error *err);
/* No label: all that were put on it. STATUS_USAGE, not_found, for one that was not; one that is inherited is taken off where it was put. */
enum status app_label_unset(struct app *app, const struct label_subject *subject, const char *const *labels, size_t count, label_view *out, struct error *err);
/* With what it inherits. */
enum status app_label_show(struct app *app, const struct label_subject *subject, label_view *out, struct error *err);
enum status app_label_list(struct app *app, label_list *out, struct error *err);

#endif
