/* Use cases: what an instance has of folders, static lists and partitions. Each asks Marketo. */
#ifndef APP_LISTS_H
#define APP_LISTS_H

#include "app/app.h"
#include "base/error.h"
#include "base/vec.h"

#include <stdbool.h>
#include <stdint.h>

/* A folder, a program, a static list or a partition: texts are NULL where Marketo does not tell. */
struct place {
	int64_t id;
	bool is_program;
	char *name, *path, *program, *workspace, *description;
	char *folder_type; /* what Marketo calls its kind: "Marketing Folder", "Email", "Zone" */
};
typedef VEC(struct place) place_list;
void place_list_done(place_list *list);

/* Does Marketo make a static list there? What it refuses (711, "wrong folder type") is told nowhere: a folder whose kind is that of other assets holds these, and the root
 * of a tree or of a workspace may be refused. */
enum list_home { LIST_HOME, LIST_HOME_UNSURE, LIST_HOME_OF_OTHERS };
enum list_home place_home(const struct place *place);

/* name: a destination or an account. A destination's workspace narrows the folders. */
enum status app_folders(struct app *app, const char *name, place_list *out, struct error *err);
/* search: only names that hold this text (ASCII case ignored); NULL: all. */
enum status app_lists(struct app *app, const char *name, const char *search, place_list *out, struct error *err);
enum status app_partitions(struct app *app, const char *name, place_list *out, struct error *err);

#endif
